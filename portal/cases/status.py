"""What can happen in a case, and where it then stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.law.arguments import Reply
from portal.law.records import Demand


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
    ACKNOWLEDGED = "acknowledged"
    """They confirmed that they have it, and no more."""
    EXTENDED = "extended"
    """They said that they need longer, and why."""
    EXTENDED_BARE = "extended_bare"
    """They said that they need longer, and not why."""
    ASKED_INFORMATION = "asked_information"
    """They want to know more, to find what was asked for."""
    ASKED_IDENTITY = "asked_identity"
    ASKED_FEE = "asked_fee"
    GAVE = "gave"
    """They have what they wanted."""
    REPLIED = "replied"
    """The person has answered what they wrote, or reminded them."""
    ANSWERED = "answered"
    COMPLAINED = "complained"
    """The complaint went to the authority."""
    REGISTERED = "registered"
    """The authority gave it a number."""
    DECIDED = "decided"
    """The authority has decided, or stopped."""
    SUED = "sued"
    """The person went to court, against the decision or because none came."""
    FOUND_AGAIN = "found_again"
    """The face is there again, after they said that it was gone."""
    CLOSED = "closed"
    REOPENED = "reopened"
    NOTED = "noted"
    REKEYED = "rekeyed"
    """The person made a new case key."""


class Decided(StrEnum):
    """How an authority has decided."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    DISMISSED = "dismissed"
    """Not dealt with on its merits: too late, not competent, not pursued."""
    SETTLED = "settled"
    DISCONTINUED = "discontinued"
    """It stopped without deciding."""


class Answer(StrEnum):
    """How the organisation has answered."""

    COMPLIED = "complied"
    """It did all that was asked; of erasure, it confirmed that all is erased."""
    PARTLY = "partly"
    NOTHING_HELD = "nothing_held"
    """It says that it has nothing."""
    REFUSED = "refused"
    UNCLEAR = "unclear"
    """What it wrote says neither."""


#: Why an organisation refuses, of what it may answer; each has its arguments in the law data.
REFUSALS: tuple[Reply, ...] = (
    Reply.REFUSED_LAW_DOES_NOT_APPLY,
    Reply.REFUSED_PUBLICLY_AVAILABLE,
    Reply.REFUSED_EXCESSIVE_OR_UNFOUNDED,
    Reply.REFUSED_THIRD_PARTY,
    Reply.REFUSED_TRADE_SECRET,
    Reply.REFUSED_LAW_ENFORCEMENT,
    Reply.REFUSED_NATIONAL_SECURITY,
    Reply.GLOMAR,
    Reply.EXEMPTION_CITED,
    Reply.NO_ERASURE_RIGHT,
    Reply.CANNOT_IDENTIFY_YOU,
    Reply.PROCESSOR_POINTS_TO_CONTROLLER,
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, and the day of it.

    `way` says which complaint it was or belongs to, as `complaints.way_of` names it; "" where nobody was asked.
    """

    kind: Kind
    day: date
    way: str = ""
    outcome: Decided | None = None
    answer: Answer | None = None
    ground: Reply | None = None
    """Why they refused, one of `REFUSALS`; None where they did not, or nobody has said."""


#: Where a case stands once it has happened; what is not here changes nothing.
LEADS_TO: Mapping[Kind, Status] = {
    Kind.FILED: Status.FILED,
    Kind.SENT: Status.SENT,
    Kind.RECEIVED: Status.RECEIVED,
    Kind.ANSWERED: Status.ANSWERED,
    Kind.CLOSED: Status.CLOSED,
}

#: What a person can say has happened, wherever the case stands; a date said again corrects the one before.
_UNDER_WAY = (
    Kind.SENT,
    Kind.RECEIVED,
    Kind.ACKNOWLEDGED,
    Kind.EXTENDED,
    Kind.EXTENDED_BARE,
    Kind.ASKED_INFORMATION,
    Kind.ASKED_IDENTITY,
    Kind.ASKED_FEE,
    Kind.GAVE,
    Kind.ANSWERED,
    Kind.REPLIED,
    Kind.COMPLAINED,
    Kind.REGISTERED,
    Kind.DECIDED,
    Kind.SUED,
    Kind.NOTED,
    Kind.CLOSED,
)
#: What can be said once they have answered.
_ANSWERED = (*_UNDER_WAY, Kind.FOUND_AGAIN)
MAY_HAPPEN: Mapping[Status, tuple[Kind, ...]] = {
    Status.FILED: (Kind.SENT, Kind.NOTED, Kind.CLOSED),
    Status.SENT: _UNDER_WAY,
    Status.RECEIVED: _UNDER_WAY,
    Status.ANSWERED: _ANSWERED,
    Status.CLOSED: (Kind.REOPENED, Kind.NOTED, Kind.FOUND_AGAIN),
}

#: What moves the day on which an answer is due; the person is told the new one.
MOVES_CLOCK = frozenset(
    {Kind.SENT, Kind.RECEIVED, Kind.EXTENDED, Kind.EXTENDED_BARE, Kind.GAVE, Kind.COMPLAINED, Kind.DECIDED, Kind.SUED}
)

#: What they want before they answer.
DEMANDS: Mapping[Kind, Demand] = {
    Kind.ASKED_INFORMATION: Demand.INFORMATION,
    Kind.ASKED_IDENTITY: Demand.IDENTITY,
    Kind.ASKED_FEE: Demand.FEE,
}
#: What they wrote, and what comes of it: it cannot come before they had the letter.
OF_THEIRS = frozenset(
    {
        *(Kind.ACKNOWLEDGED, Kind.EXTENDED, Kind.EXTENDED_BARE, *DEMANDS, Kind.GAVE, Kind.ANSWERED),
        *(Kind.REPLIED, Kind.COMPLAINED, Kind.REGISTERED, Kind.DECIDED, Kind.SUED, Kind.FOUND_AGAIN),
    }
)
#: What belongs to a complaint: it cannot come before that was made.
OF_COMPLAINT = frozenset({Kind.REGISTERED, Kind.DECIDED, Kind.SUED})

#: What opens a closed case: the person says so, or there is something to do again.
OPENS_AGAIN = frozenset({Kind.REOPENED, Kind.FOUND_AGAIN})

#: The furthest that a case has come does not go back when an earlier date is corrected.
_ORDER = (Status.FILED, Status.SENT, Status.RECEIVED, Status.ANSWERED)


def status(happened: Iterable[Kind]) -> Status:
    """Where a case stands after all that has happened, in the order in which it was said."""
    furthest, closed = Status.FILED, False
    for kind in happened:
        closed = kind is Kind.CLOSED or (closed and kind not in OPENS_AGAIN)
        led = LEADS_TO.get(kind, furthest)
        if led in _ORDER:
            furthest = max(furthest, led, key=_ORDER.index)
    return Status.CLOSED if closed else furthest
