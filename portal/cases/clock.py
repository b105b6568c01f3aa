"""How far a case has come, what comes next, and by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from portal.cases.status import DEMANDS, Kind, Status, status
from portal.law.catalogue import Catalogue
from portal.law.deadlines import Due
from portal.law.records import Confidence, DueKind, Event, Law, Remedy, Right, Silence
from portal.law.routing import TO_AUTHORITY, Option, Outcome, Situation, chosen, due_by, route
from portal.law.situation import Stopped
from portal.law.stops import stops_of

#: How long after its last window a case is kept that nobody uses, and one that is closed.
KEPT_AFTER = timedelta(days=90)
#: Where the law ends no window, people come back for so long after an answer was due.
OPEN_WINDOW = timedelta(days=365)
#: For so long people wait once they have written back: a courtesy that the reply itself gives, no law.
COURTESY = timedelta(days=14)
_A_DAY = timedelta(days=1)


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
    GIVE = "give"
    """The clock stands still until they have what they want."""
    WAIT_FOR_AUTHORITY = "wait_for_authority"
    AUTHORITY_LATE = "authority_late"
    """The authority's own time is over."""
    DECIDED = "decided"
    """The authority has decided: it is enough, or there is a court."""
    COMPLAIN = "complain"
    """The time to answer is over."""
    JUDGE = "judge"
    """They answered: it is enough, or it is not."""
    WAIT_FOR_REPLY = "wait_for_reply"
    """The person wrote back a short while ago."""
    REST = "rest"


class Stage(StrEnum):
    """Whether a window is open."""

    NOT_YET = "not_yet"
    OPEN = "open"
    DOUBTFUL = "doubtful"
    """By one reading of the law it is closed, by another it is open."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a complaint or an appeal can be made. `opens` is None where nothing tells it yet."""

    option: Option
    opens: date | None
    closes: Due | None
    """None where the law sets no last day."""
    stage: Stage


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a case stands today. `option` is None where the law data no longer give the way that was chosen."""

    status: Status
    next: Next
    option: Option | None
    due: Due | None = None
    """When their answer is due; of a complaint or an appeal, the authority's."""
    sure: Sure | None = None
    send_by: Due | None = None
    """The last day to send a complaint or an appeal."""
    demand: Happened | None = None
    """What they wait for, and since when; the clock stands still where the law lets it."""
    put_off: date | None = None
    """Since when the answer is put off for as long as is reasonable: then no date is due."""
    acknowledge_by: Due | None = None
    """When they had to confirm that they have the letter; None where they did, or need not."""
    silence: Silence | None = None
    """That the law takes their silence for a refusal, once it does."""
    windows: tuple[Window, ...] = ()
    """What is open against no answer or a bad one, the most direct first."""
    complaint: Option | None = None
    """Where the person has complained: to whom, and under which law; `due` is then the authority's."""
    remedy: Remedy | None = None
    """What is open against the decision of the authority."""
    remedy_by: Due | None = None


def clock(catalogue: Catalogue, situation: Situation, way: str, happened: Sequence[Happened], today: date) -> Clock:
    """Where a case stands, worked out from what happened; nothing of it is stored.

    `situation` carries the dates of the person's details, which open and close the window of a complaint or an
    appeal. The time to answer runs from what happened in the case: from receipt or, until that is known, from the
    day of sending. Where the law can be read in two ways, the later date decides whether the time is over, and the
    earlier by when to complain.
    """
    stands = status(one.kind for one in happened)
    option = chosen(catalogue, situation, way)
    if option is None:
        return Clock(stands, _NEXT[stands], None)
    if situation.right in TO_AUTHORITY or situation.right is Right.APPEAL:
        return _of_authority(catalogue, situation, option, happened, today)
    return _of_organisation(catalogue, situation, option, happened, today)


def _of_organisation(
    catalogue: Catalogue, situation: Situation, option: Option, happened: Sequence[Happened], today: date
) -> Clock:
    """The clock of a request: what they must answer, and what is open once they have not, or not well."""
    stands, received = status(one.kind for one in happened), day_of(happened, Kind.RECEIVED)
    told = _told_of_letter(situation, happened)
    found = chosen(catalogue, told, option.way) or option
    demand = _open_demand(catalogue, found, happened)
    stopped = _stops(catalogue, found, demand, happened)
    due = None if stopped else found.due
    late = due is not None and today > due.latest
    put_off = told.extension_notice_on if found.due is None and Event.RECEIVED_ON in told.events else None
    waiting = stands in (Status.SENT, Status.RECEIVED)
    replied = day_of(happened, Kind.REPLIED)
    again = bool(replied and replied >= (day_of(happened, Kind.ANSWERED) or replied) and today <= replied + COURTESY)
    law = catalogue.laws.get(found.law or "")
    windows = tuple(_windows(catalogue, situation, due, happened, today))
    complained = day_of(happened, Kind.COMPLAINED)
    if complained and stands is not Status.CLOSED:
        now = Clock(stands, Next.REST, found, windows=windows)
        return _complained(catalogue, situation, now, complained, happened, today)
    return Clock(
        stands,
        _next(stands, stopped, late, again),
        found,
        due,
        _sure(found, due, received),
        demand=demand,
        put_off=put_off if found.due_kind else None,
        acknowledge_by=_acknowledge_by(catalogue, told, found, happened),
        silence=_silence(law, option.right) if waiting and late else None,
        windows=windows,
    )


def _complained(
    catalogue: Catalogue,
    situation: Situation,
    now: Clock,
    complained: date,
    happened: Sequence[Happened],
    today: date,
) -> Clock:
    """The clock once the person has complained: the authority's, and after its decision that of the court."""
    to_authority = (one.option for one in now.windows if not one.option.to_organisation_first)
    option = next((one for one in to_authority if one.right is Right.COMPLAINT), None)
    if option is None or option.law is None:
        return replace(now, next=Next.WAIT_FOR_AUTHORITY)
    right = catalogue.laws[option.law].rights[Right.COMPLAINT]
    asked = replace(situation, right=Right.COMPLAINT)
    decided = day_of(happened, Kind.DECIDED)
    if decided and decided >= complained:
        rule = right.remedy.deadline if right.remedy else ""
        by = due_by(catalogue, asked, option, rule, dict.fromkeys(_ANSWERED, decided))
        return replace(now, next=Next.DECIDED, complaint=option, remedy=right.remedy, remedy_by=by)
    due = due_by(catalogue, asked, option, right.authority_answers, {Event.RECEIVED_ON: complained})
    next_ = Next.AUTHORITY_LATE if due and today > due.latest else Next.WAIT_FOR_AUTHORITY
    return replace(now, next=next_, complaint=option, due=due, sure=Sure.ESTIMATED if due else None)


def _silence(law: Law | None, right: Right) -> Silence | None:
    return law.silence if law and law.silence and right in law.silence.rights else None


def _next(stands: Status, stopped: bool, late: bool, replied: bool) -> Next:
    """What the person does next, towards the organisation."""
    if stands in (Status.SENT, Status.RECEIVED):
        return Next.GIVE if stopped else Next.COMPLAIN if late else _NEXT[stands]
    return Next.WAIT_FOR_REPLY if stands is Status.ANSWERED and replied else _NEXT[stands]


def _of_authority(
    catalogue: Catalogue, situation: Situation, option: Option, happened: Sequence[Happened], today: date
) -> Clock:
    """The clock of a complaint or an appeal: until when it can be sent, and when the authority must say something."""
    stands, received = status(one.kind for one in happened), day_of(happened, Kind.RECEIVED)
    begun = received or day_of(happened, Kind.SENT)
    waiting = stands in (Status.SENT, Status.RECEIVED)
    if option.to_organisation_first:
        return _of_organisation(catalogue, situation, option, happened, today)
    right = catalogue.laws[option.law].rights[option.right] if option.law else None
    rule = right.authority_answers if right else ""
    due = due_by(catalogue, situation, option, rule, {Event.RECEIVED_ON: begun}) if begun else None
    late = due is not None and today > due.latest
    next_ = (Next.AUTHORITY_LATE if late else Next.WAIT_FOR_AUTHORITY) if waiting else _NEXT[stands]
    send_by = option.due if option.due_kind is not DueKind.RESPONSE else None
    return Clock(stands, next_, option, due, _sure(option, due, received), send_by)


# What happened, as the law asks for it


def day_of(happened: Sequence[Happened], kind: Kind) -> date | None:
    """The day of something, as it was said last."""
    return next((one.day for one in reversed(happened) if one.kind is kind), None)


_NOTICES = (Kind.EXTENDED, Kind.EXTENDED_BARE)


def _told_of_letter(situation: Situation, happened: Sequence[Happened]) -> Situation:
    """The situation with what the case tells of this letter: receipt, a notice that it takes longer, demands."""
    events = dict(situation.events)
    events.pop(Event.RECEIVED_ON, None)  # of an earlier letter
    received = day_of(happened, Kind.RECEIVED) or day_of(happened, Kind.SENT)
    if received:
        events[Event.RECEIVED_ON] = received
    notice = next((one for one in reversed(happened) if one.kind in _NOTICES), None)
    return replace(
        situation,
        events=events,
        extension_notice_on=notice.day if notice else None,
        extension_reasoned=notice is None or notice.kind is Kind.EXTENDED,
        stopped=tuple(_met(happened)),
    )


def _met(happened: Sequence[Happened]) -> Iterator[Stopped]:
    """The demands that were met, each with the day on which it was."""
    gave = sorted(one.day for one in happened if one.kind is Kind.GAVE)
    for one in _demands(happened):
        until = next((day for day in gave if day >= one.day), None)
        if until:
            yield Stopped(DEMANDS[one.kind], one.day, until)


def _demands(happened: Sequence[Happened]) -> list[Happened]:
    return sorted((one for one in happened if one.kind in DEMANDS), key=lambda one: one.day)


def _open_demand(catalogue: Catalogue, option: Option, happened: Sequence[Happened]) -> Happened | None:
    """What they still wait for: of several what stops the clock, else the first."""
    gave = max((one.day for one in happened if one.kind is Kind.GAVE), default=date.min)
    unmet = [one for one in _demands(happened) if one.day > gave]
    return next((one for one in unmet if _stops(catalogue, option, one, happened)), unmet[0] if unmet else None)


def _stops(catalogue: Catalogue, option: Option, demand: Happened | None, happened: Sequence[Happened]) -> bool:
    """Whether the clock stands still while they wait for it, and nobody reads the law otherwise."""
    if demand is None or (option.due and demand.day > option.due.latest):
        return False
    stop = stops_of(catalogue.deadlines[option.deadline_rule], option.right, DEMANDS[demand.kind])
    if stop is None or stop.disputed:
        return False
    return not stop.once or demand.day == min(one.day for one in happened if one.kind is demand.kind)


def _acknowledge_by(
    catalogue: Catalogue, situation: Situation, option: Option, happened: Sequence[Happened]
) -> Due | None:
    """When they had to confirm receipt, where they have neither done so nor answered."""
    if option.law is None or {Kind.ACKNOWLEDGED, Kind.ANSWERED} & {one.kind for one in happened}:
        return None
    rule = catalogue.laws[option.law].rights[option.right].acknowledge
    return due_by(catalogue, situation, option, rule, situation.events)


def _sure(option: Option, due: Due | None, received: date | None) -> Sure | None:
    if due is None:
        return None
    if received is None:
        return Sure.ESTIMATED
    certain = option.confidence is Confidence.CERTAIN and due.confidence is Confidence.CERTAIN
    return Sure.MUST if certain else Sure.EXPECTED


_NEXT: Mapping[Status, Next] = {
    Status.FILED: Next.SEND,
    Status.SENT: Next.SAY_RECEIVED,
    Status.RECEIVED: Next.WAIT,
    Status.ANSWERED: Next.JUDGE,
    Status.CLOSED: Next.REST,
}


# What is open against them


def _windows(
    catalogue: Catalogue, situation: Situation, due: Due | None, happened: Sequence[Happened], today: date
) -> Iterator[Window]:
    """When a complaint and an appeal open and close: counted from their answer, or from the end of their time."""
    answered = day_of(happened, Kind.ANSWERED)
    opens = answered or (due.latest + _A_DAY if due else None)
    events = _told(situation, happened, due, opens)
    for right in (Right.COMPLAINT, Right.APPEAL):
        asked = replace(situation, right=right, events=events, extension_notice_on=None, stopped=())
        options = sorted(route(catalogue, asked).options, key=lambda one: not one.to_organisation_first)
        for option in options:
            if option.outcome is Outcome.STATUTORY and option.addressee:
                begin = min(opens, option.due.earliest) if opens and option.due else opens
                yield Window(option, begin, option.due, _stage(begin, option.due, today))


def _stage(opens: date | None, closes: Due | None, today: date) -> Stage:
    if opens is None or today < opens:
        return Stage.NOT_YET
    if closes and today > closes.latest:
        return Stage.CLOSED
    return Stage.DOUBTFUL if closes and today > closes.earliest else Stage.OPEN


#: What a window counts from, as their answer tells it.
_ANSWERED = (Event.REFUSED_ON, Event.REFUSAL_RECEIVED_ON, Event.DETERMINED_ON)


def _told(
    situation: Situation, happened: Sequence[Happened], due: Due | None, opens: date | None
) -> Mapping[Event, date]:
    """The dates of the details, and those that the case has told since; the earlier one counts, to act by."""
    received = day_of(happened, Kind.RECEIVED) or day_of(happened, Kind.SENT)
    answered = day_of(happened, Kind.ANSWERED)
    events = dict(situation.events)
    for event in (Event.RECEIVED_ON, *_ANSWERED):
        events.pop(event, None)  # of an earlier letter
    if received:
        events[Event.RECEIVED_ON] = received
    if answered:
        events |= dict.fromkeys(_ANSWERED, answered)
    elif due:
        events[Event.REPLY_DUE] = due.earliest
    if opens:
        events.setdefault(Event.KNOWN_ON, opens)
    return events


# Looking again

#: What ends collecting: whoever was promised it looks whether it was kept.
_ENDS = frozenset({Right.ERASURE, Right.OBJECTION, Right.OPT_OUT})
#: How many months after their answer: a habit of ours, no law's.
_AGAIN = (3, 6, 12)


def look_again(right: Right, happened: Sequence[Happened], today: date) -> tuple[date, ...]:
    """The days to come on which to look whether the face is there again; none where they have not answered."""
    answered = day_of(happened, Kind.ANSWERED)
    if right not in _ENDS or answered is None:
        return ()
    return tuple(day for months in _AGAIN if (day := answered + relativedelta(months=months)) > today)


# Forgetting


def forget_on(now: Clock, happened: Sequence[Happened], today: date) -> date:
    """The day on which nobody can need the case any more: 90 days after it was closed, or after its last window.

    Where the law ends no window, a year after the answer was due. A case that is used is kept 90 days from then.
    """
    if now.status is Status.CLOSED:
        return (day_of(happened, Kind.CLOSED) or today) + KEPT_AFTER
    return max((*_ends(now, happened), today)) + KEPT_AFTER


def _ends(now: Clock, happened: Sequence[Happened]) -> Iterator[date]:
    """The last days of all that can still be done; at least one."""
    own = [due.latest for due in (now.due, now.send_by, now.remedy_by) if due]
    yield from own
    yield from (window.closes.latest for window in now.windows if window.closes)
    yield max([happened[0].day, *own]) + OPEN_WINDOW
