"""How far a case has come, what comes next, and by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from portal.cases.complaints import ANSWERED, Complaint, Stage, complaints, stage, way_of
from portal.cases.status import DEMANDS, Decided, Happened, Kind, Status, status
from portal.law.catalogue import Catalogue
from portal.law.deadlines import Due
from portal.law.records import Confidence, DueKind, Event, Law, Right, Silence
from portal.law.routing import TO_AUTHORITY, Option, Outcome, Situation, chosen, due_by, route
from portal.law.situation import Stopped
from portal.law.stops import stops_of

#: How long after its last window a case is kept that nobody uses, and one that is closed.
KEPT_AFTER = timedelta(days=90)
#: Where the law ends no window, people come back for so long after an answer was due.
OPEN_WINDOW = timedelta(days=365)
#: For so long people wait once they have written back: a courtesy that the reply itself gives, no law.
COURTESY = timedelta(days=14)
#: A decision says by when it must be carried out; where it does not, people look after so long: no law's either.
DONE_AFTER = relativedelta(months=1)
_A_DAY = timedelta(days=1)


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
    """The authority has decided, and nobody has said how: it is enough, or there is a court."""
    SEE_DONE = "see_done"
    """The authority agreed, in whole or in part: see that it is done."""
    GO_ON = "go_on"
    """The authority refused, or did not look into it: there may be a court."""
    END = "end"
    """It ended without a decision."""
    WAIT_FOR_COURT = "wait_for_court"
    COMPLAIN = "complain"
    """The time to answer is over."""
    JUDGE = "judge"
    """They answered: it is enough, or it is not."""
    FOUND_AGAIN = "found_again"
    """They answered that it is gone, and the face is there again."""
    WAIT_FOR_REPLY = "wait_for_reply"
    """The person wrote back a short while ago."""
    REST = "rest"


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
    complaints: tuple[Complaint, ...] = ()
    """Those that were made, each with its decision and what is open against that."""
    awaited: Complaint | None = None
    """The one whose answer is awaited: `due` is then of whom it went to."""
    see_by: date | None = None
    """When to look whether what was decided is done, where the decision itself names no day."""


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
    last = max((day for kind in (Kind.ANSWERED, Kind.FOUND_AGAIN) if (day := day_of(happened, kind))), default=None)
    waits = bool(replied and replied >= (last or replied) and today <= replied + COURTESY)
    law = catalogue.laws.get(found.law or "")
    windows = tuple(_windows(catalogue, situation, due, happened, today))
    if stands is not Status.CLOSED:
        options = [window.option for window in windows]
        made = complaints(catalogue, situation, options, happened, today)
        if made:
            return _complained(Clock(stands, Next.REST, found, windows=windows, complaints=made), today)
    return Clock(
        stands,
        _next(stands, stopped, late, waits, _is_there_again(happened)),
        found,
        due,
        _sure(found, due, received),
        demand=demand,
        put_off=put_off if found.due_kind else None,
        acknowledge_by=_acknowledge_by(catalogue, told, found, happened),
        silence=_silence(law, option.right) if waiting and late else None,
        windows=windows,
    )


def _complained(now: Clock, today: date) -> Clock:
    """The clock once the person has complained: of whom they complained to, and after a decision what is open."""
    waiting = [one for one in now.complaints if one.waits]
    if not waiting:
        return _ended(now, max(now.complaints, key=lambda one: one.over_since))
    awaited = min(waiting, key=lambda one: (one.to_organisation, one.due.latest if one.due else date.max))
    late = awaited.due is not None and today > awaited.due.latest
    next_ = _LATE if late else _IN_TIME
    return replace(
        now,
        next=next_[awaited.to_organisation],
        due=awaited.due,
        sure=Sure.ESTIMATED if awaited.due else None,
        awaited=awaited,
    )


#: What to do while a complaint is not answered: of an authority, and of the organisation itself.
_IN_TIME: Mapping[bool, Next] = {False: Next.WAIT_FOR_AUTHORITY, True: Next.WAIT}
_LATE: Mapping[bool, Next] = {False: Next.AUTHORITY_LATE, True: Next.COMPLAIN}

_DECIDED: Mapping[Decided | None, Next] = {
    None: Next.DECIDED,
    Decided.UPHELD: Next.SEE_DONE,
    Decided.PARTLY: Next.SEE_DONE,
    Decided.REJECTED: Next.GO_ON,
    Decided.DISMISSED: Next.GO_ON,
    Decided.SETTLED: Next.END,
    Decided.DISCONTINUED: Next.END,
}


def _ended(now: Clock, last: Complaint) -> Clock:
    """The clock when nobody is waited for: what came of the last complaint says what is next."""
    if last.sued:
        return replace(now, next=Next.WAIT_FOR_COURT)
    if last.decided is None:
        return replace(now, next=Next.JUDGE)
    next_ = _DECIDED[last.decided.outcome]
    return replace(now, next=next_, see_by=last.decided.day + DONE_AFTER if next_ is Next.SEE_DONE else None)


def _silence(law: Law | None, right: Right) -> Silence | None:
    return law.silence if law and law.silence and right in law.silence.rights else None


def _next(stands: Status, stopped: bool, late: bool, waits: bool, again: bool) -> Next:
    """What the person does next, towards the organisation."""
    if stands in (Status.SENT, Status.RECEIVED):
        return Next.GIVE if stopped else Next.COMPLAIN if late else _NEXT[stands]
    if stands is not Status.ANSWERED:
        return _NEXT[stands]
    return Next.WAIT_FOR_REPLY if waits else Next.FOUND_AGAIN if again else Next.JUDGE


def _is_there_again(happened: Sequence[Happened]) -> bool:
    """Whether the face was found again after their last answer."""
    told = [one.kind for one in happened if one.kind in (Kind.ANSWERED, Kind.FOUND_AGAIN)]
    return told[-1:] == [Kind.FOUND_AGAIN]


def _of_authority(
    catalogue: Catalogue, situation: Situation, option: Option, happened: Sequence[Happened], today: date
) -> Clock:
    """The clock of a complaint or an appeal: until when it can be sent, and when the authority must say something."""
    stands, received = status(one.kind for one in happened), day_of(happened, Kind.RECEIVED)
    begun = received or day_of(happened, Kind.SENT)
    waiting = stands in (Status.SENT, Status.RECEIVED)
    if option.to_organisation_first:
        return _of_organisation(catalogue, situation, option, happened, today)
    send_by = option.due if option.due_kind is not DueKind.RESPONSE else None
    now = Clock(stands, _NEXT[stands], option, send_by=send_by)
    if begun is None or stands is Status.CLOSED:
        return now
    own = Complaint(way_of(option), option, begun)
    made = complaints(catalogue, situation, [option], happened, today, own)
    over = [one for one in made if not one.waits]
    if over:
        return _ended(replace(now, complaints=made), max(over, key=lambda one: one.over_since))
    mine = made[0]
    late = mine.due is not None and today > mine.due.latest
    next_ = (Next.AUTHORITY_LATE if late else Next.WAIT_FOR_AUTHORITY) if waiting else _NEXT[stands]
    sure = _sure(option, mine.due, received)
    return replace(now, next=next_, due=mine.due, sure=sure, complaints=made, awaited=mine)


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
                yield Window(option, begin, option.due, stage(begin, option.due, today))


def _told(
    situation: Situation, happened: Sequence[Happened], due: Due | None, opens: date | None
) -> Mapping[Event, date]:
    """The dates of the details, and those that the case has told since; the earlier one counts, to act by."""
    received = day_of(happened, Kind.RECEIVED) or day_of(happened, Kind.SENT)
    answered = day_of(happened, Kind.ANSWERED)
    events = dict(situation.events)
    for event in (Event.RECEIVED_ON, *ANSWERED):
        events.pop(event, None)  # of an earlier letter
    if received:
        events[Event.RECEIVED_ON] = received
    if answered:
        events |= dict.fromkeys(ANSWERED, answered)
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
    remedies = [one.remedy_by for one in now.complaints]
    own = [due.latest for due in (now.due, now.send_by, *remedies) if due]
    yield from own
    yield from (window.closes.latest for window in now.windows if window.closes)
    yield max([happened[0].day, *own]) + OPEN_WINDOW
