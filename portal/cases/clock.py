"""How far a case has come, what comes next, and by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from portal.cases.status import Kind, Status, status
from portal.law.catalogue import Catalogue
from portal.law.deadlines import Due
from portal.law.records import Confidence, DueKind, Event, Right
from portal.law.routing import TO_AUTHORITY, Option, Situation, chosen, route

#: How long after its last window a case is kept that nobody uses, and one that is closed.
KEPT_AFTER = timedelta(days=90)
#: Where the law ends no window, people come back for so long after an answer was due.
OPEN_WINDOW = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, and the day of it."""

    kind: Kind
    day: date


class Sure(StrEnum):
    """What may be said of a due date."""

    MUST = "must"
    """The rule is certain, and so is the day of receipt: they must answer by then."""
    EXPECTED = "expected"
    """The rule, or that it applies, is only `check`."""
    ESTIMATED = "estimated"
    """When they received it is not known: counted from the day of sending."""


class Next(StrEnum):
    """What the person does next."""

    SEND = "send"
    SAY_RECEIVED = "say_received"
    WAIT = "wait"
    WAIT_FOR_AUTHORITY = "wait_for_authority"
    COMPLAIN = "complain"
    """The time to answer is over."""
    JUDGE = "judge"
    """They answered: it is enough, or it is not."""
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a case stands today. `option` is None where the law data no longer give the way that was chosen."""

    status: Status
    next: Next
    option: Option | None
    due: Due | None = None
    """When their answer is due."""
    sure: Sure | None = None
    send_by: Due | None = None
    """The last day to send a complaint or an appeal."""


def clock(catalogue: Catalogue, situation: Situation, way: str, happened: Sequence[Happened], today: date) -> Clock:
    """Where a case stands, worked out from what happened; nothing of it is stored.

    `situation` carries the dates of the person's details, which open and close the window of a complaint or an
    appeal. The time to answer runs from what happened in the case: from receipt or, until that is known, from the
    day of sending. Where the law can be read in two ways, the later date decides whether the time is over.
    """
    stands = status(one.kind for one in happened)
    option = chosen(catalogue, situation, way)
    if option is None or option.due_kind not in (DueKind.RESPONSE, None):
        send_by = option.due if option else None
        return Clock(stands, _next(stands, situation.right, None, today), option, send_by=send_by)
    received, notice = _day(happened, Kind.RECEIVED), _day(happened, Kind.EXTENDED)
    counted = _counted_from(situation, received or _day(happened, Kind.SENT), notice)
    option = chosen(catalogue, counted, way) or option
    due = option.due
    return Clock(stands, _next(stands, situation.right, due, today), option, due, _sure(option, received))


def _day(happened: Sequence[Happened], kind: Kind) -> date | None:
    """The day of something, as it was said last."""
    return next((one.day for one in reversed(happened) if one.kind is kind), None)


def _counted_from(situation: Situation, received: date | None, notice: date | None) -> Situation:
    events = dict(situation.events)
    events.pop(Event.RECEIVED_ON, None)  # of an earlier letter
    if received:
        events[Event.RECEIVED_ON] = received
    return replace(situation, events=events, extension_notice_on=notice)


def _sure(option: Option, received: date | None) -> Sure | None:
    if option.due is None:
        return None
    if received is None:
        return Sure.ESTIMATED
    return Sure.MUST if option.confidence is Confidence.CERTAIN else Sure.EXPECTED


_NEXT: Mapping[Status, Next] = {
    Status.FILED: Next.SEND,
    Status.SENT: Next.SAY_RECEIVED,
    Status.RECEIVED: Next.WAIT,
    Status.ANSWERED: Next.JUDGE,
    Status.CLOSED: Next.REST,
}


def _next(stands: Status, right: Right, due: Due | None, today: date) -> Next:
    waiting = stands in (Status.SENT, Status.RECEIVED)
    if waiting and right in TO_AUTHORITY:
        return Next.WAIT_FOR_AUTHORITY
    if waiting and due and today > max((due.day, *due.days)):
        return Next.COMPLAIN
    return _NEXT[stands]


# Forgetting


def forget_on(
    catalogue: Catalogue, situation: Situation, now: Clock, happened: Sequence[Happened], today: date
) -> date:
    """The day on which nobody can need the case any more: 90 days after it was closed, or after its last window.

    Where the law ends no window, a year after the answer was due. A case that is used is kept 90 days from then.
    """
    if now.status is Status.CLOSED:
        return (_day(happened, Kind.CLOSED) or today) + KEPT_AFTER
    return max((*_windows(catalogue, situation, now, happened), today)) + KEPT_AFTER


def _windows(catalogue: Catalogue, situation: Situation, now: Clock, happened: Sequence[Happened]) -> Iterator[date]:
    """The last days of all that can still be done; at least one."""
    filed = happened[0].day
    own = [due for due in (now.due, now.send_by) if due]
    ends = [day for due in own for day in (due.day, *due.days)]
    yield from ends
    complaint = replace(situation, right=Right.COMPLAINT, events=_told(situation, happened), extension_notice_on=None)
    yield from (option.due.day for option in route(catalogue, complaint).options if option.due)
    yield max([filed, *ends]) + OPEN_WINDOW


#: What a window to complain counts from, as a case tells it.
_TELLS = ((Kind.SENT, Event.RECEIVED_ON), (Kind.RECEIVED, Event.RECEIVED_ON), (Kind.ANSWERED, Event.REFUSED_ON))


def _told(situation: Situation, happened: Sequence[Happened]) -> Mapping[Event, date]:
    """The dates of the details, and those that the case has told since."""
    days = {event: day for kind, event in _TELLS if (day := _day(happened, kind))}
    return {**situation.events, **days}
