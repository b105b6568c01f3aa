"""What can happen in a case, and where it then stands."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Status(StrEnum):
    FILED = "filed"
    """The letter is made, and not sent yet."""
    SENT = "sent"
    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"


class Kind(StrEnum):
    """One thing that happens."""

    FILED = "filed"
    SENT = "sent"
    RECEIVED = "received"
    EXTENDED = "extended"
    """They said in time that they need longer."""
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    NOTED = "noted"
    REKEYED = "rekeyed"
    """The person made a new case key."""


#: Where a case stands once it has happened; what is not here changes nothing.
LEADS_TO: Mapping[Kind, Status] = {
    Kind.FILED: Status.FILED,
    Kind.SENT: Status.SENT,
    Kind.RECEIVED: Status.RECEIVED,
    Kind.ANSWERED: Status.ANSWERED,
    Kind.CLOSED: Status.CLOSED,
}

#: What a person can say has happened, wherever the case stands; a date said again corrects the one before.
_UNDER_WAY = (Kind.SENT, Kind.RECEIVED, Kind.ANSWERED, Kind.EXTENDED, Kind.NOTED, Kind.CLOSED)
MAY_HAPPEN: Mapping[Status, tuple[Kind, ...]] = {
    Status.FILED: (Kind.SENT, Kind.NOTED, Kind.CLOSED),
    Status.SENT: _UNDER_WAY,
    Status.RECEIVED: _UNDER_WAY,
    Status.ANSWERED: _UNDER_WAY,
    Status.CLOSED: (Kind.REOPENED, Kind.NOTED),
}

#: What moves the day on which an answer is due; the person is told the new one.
MOVES_CLOCK = frozenset({Kind.SENT, Kind.RECEIVED, Kind.EXTENDED})

#: The furthest that a case has come does not go back when an earlier date is corrected.
_ORDER = (Status.FILED, Status.SENT, Status.RECEIVED, Status.ANSWERED)


def status(happened: Iterable[Kind]) -> Status:
    """Where a case stands after all that has happened, in the order in which it was said."""
    furthest, closed = Status.FILED, False
    for kind in happened:
        closed = kind is Kind.CLOSED or (closed and kind is not Kind.REOPENED)
        led = LEADS_TO.get(kind, furthest)
        if led in _ORDER:
            furthest = max(furthest, led, key=_ORDER.index)
    return Status.CLOSED if closed else furthest
