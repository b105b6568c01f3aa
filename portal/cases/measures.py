"""What the public record counts: what one case shows of an organisation's conduct."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.cases.attaching import Shows
from portal.cases.status import DEMANDS, OPENS_AGAIN, REFUSALS, Answer, Decided, Kind
from portal.law.arguments import Reply
from portal.law.records import Right


class Family(StrEnum):
    """By what the record counts; there are these three tables of an organisation, and no other filter."""

    QUARTER = "quarter"
    """In which the person said that the letter was sent: `2026-Q4`."""
    COUNTRY = "country"
    """Where who asked lives, `fr`, `us`; all time."""
    RIGHT = "right"
    """What was asked; all time."""


class Basis(StrEnum):
    """On whose word something is counted."""

    REPORTED = "reported"
    """All that people said."""
    PROVEN = "proven"
    """Of that, what a file shows that they attached."""


class Measure(StrEnum):
    """What is counted of an organisation."""

    FILED = "filed"
    """Letters that were sent; each of the following but the complaints is a part of them."""
    ANSWERED = "answered"
    """What is shown of it is the sum of the answers in time, late and untimed, as they are shown."""
    IN_TIME = "in_time"
    """Of the answers, those that came when they were due or before."""
    OVERDUE = "overdue"
    """Letters whose time was over and that no answer had come to; one that came later does not undo it."""
    LATE = "late"
    """Of the answers, those to letters whose time was over."""
    UNTIMED = "untimed"
    """Of the answers, those for which the law sets no time."""
    COMPLIED = "complied"
    """Of the answers, those that did all that was asked; of erasure, that confirmed it."""
    PARTLY = "partly"
    NOTHING_HELD = "nothing_held"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    REFUSED_LAW_DOES_NOT_APPLY = "refused.refused_law_does_not_apply"
    """Of the refusals, those for this reason; so do all that begin with `refused.`."""
    REFUSED_PUBLICLY_AVAILABLE = "refused.refused_publicly_available"
    REFUSED_EXCESSIVE_OR_UNFOUNDED = "refused.refused_excessive_or_unfounded"
    REFUSED_THIRD_PARTY = "refused.refused_third_party"
    REFUSED_TRADE_SECRET = "refused.refused_trade_secret"  # noqa: S105 - a reply, not a password
    REFUSED_LAW_ENFORCEMENT = "refused.refused_law_enforcement"
    REFUSED_NATIONAL_SECURITY = "refused.refused_national_security"
    REFUSED_GLOMAR = "refused.glomar"
    REFUSED_EXEMPTION_CITED = "refused.exemption_cited"
    REFUSED_NO_ERASURE_RIGHT = "refused.no_erasure_right"
    REFUSED_CANNOT_IDENTIFY_YOU = "refused.cannot_identify_you"
    REFUSED_PROCESSOR_POINTS_TO_CONTROLLER = "refused.processor_points_to_controller"
    FOUND_AGAIN = "found_again"
    """Of the answers, those after which the face was there again."""
    IDENTITY_DEMANDED = "identity_demanded"
    COMPLAINED = "complained"
    """To an authority: out of a case, or as a case of its own."""
    DECIDED = "decided"
    """Of the complaints, those that were decided."""
    DECIDED_UPHELD = "decided.upheld"
    """Of the decisions, those that came out so; so do all that begin with `decided.`."""
    DECIDED_PARTLY = "decided.partly"
    DECIDED_REJECTED = "decided.rejected"
    DECIDED_DISMISSED = "decided.dismissed"
    DECIDED_SETTLED = "decided.settled"
    DECIDED_DISCONTINUED = "decided.discontinued"


#: How the answers of a case are counted.
OF_ANSWER: Mapping[Answer, Measure] = {one: Measure(one.value) for one in Answer}
OF_GROUND: Mapping[Reply, Measure] = {one: Measure(f"refused.{one.value}") for one in REFUSALS}
OF_OUTCOME: Mapping[Decided, Measure] = {one: Measure(f"decided.{one.value}") for one in Decided}


#: Within what each measure is counted, in groups of which a case is in one at most.
WITHIN: Mapping[Measure, tuple[tuple[Measure, ...], ...]] = {
    Measure.FILED: (
        (Measure.ANSWERED,),
        (Measure.IN_TIME, Measure.OVERDUE, Measure.UNTIMED),
        (Measure.IDENTITY_DEMANDED,),
    ),
    Measure.OVERDUE: ((Measure.LATE,),),
    Measure.ANSWERED: (
        (Measure.IN_TIME, Measure.LATE, Measure.UNTIMED),
        tuple(OF_ANSWER.values()),
        (Measure.FOUND_AGAIN,),
    ),
    Measure.REFUSED: (tuple(OF_GROUND.values()),),
    Measure.COMPLAINED: ((Measure.DECIDED,),),
    Measure.DECIDED: (tuple(OF_OUTCOME.values()),),
}


class Days(StrEnum):
    """How many days an answer took, from the day of sending: in bands, so that no day is told."""

    MONTH = "30"
    TWO = "60"
    THREE = "90"
    HALF_YEAR = "180"
    MORE = "more"


def band(days: int) -> Days:
    """The band of so many days."""
    return next((one for one in Days if one is not Days.MORE and days <= int(one.value)), Days.MORE)


#: What is counted: a measure on a basis or, for the median alone, a band of days.
Counted = tuple[str, str]
#: The basis under which the bands of days are counted; they are never shown as numbers.
IN_DAYS = "days"


@dataclass(frozen=True, slots=True)
class Fact:
    """One event, as far as it stands in the clear."""

    kind: Kind
    day: date
    recorded_on: date
    told: date | None = None
    outcome: Decided | None = None
    answer: Answer | None = None
    ground: Reply | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The clear facts of a case that was filed with an organisation of the catalogue."""

    right: str
    place: str
    events: tuple[Fact, ...]
    """In the order in which they were said."""
    papers: frozenset[Shows] = frozenset()


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a case adds: under one key of each family, the same."""

    keys: Mapping[Family, str]
    counted: frozenset[Counted]


def quarter_of(day: date) -> str:
    """The quarter of a day: `2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def contribution(facts: Facts, end: date) -> Contribution | None:
    """What a case adds to the record, as it stood at the end of a day; None where it was not sent by then.

    It is of the quarter in which the person said that the letter was sent, so that nobody joins a quarter that is
    over.
    """
    events = [one for one in facts.events if one.recorded_on <= end]
    said = [one.recorded_on for one in events if one.kind is Kind.SENT]
    if not said:
        return None
    keys = {
        Family.QUARTER: quarter_of(said[0]),
        Family.COUNTRY: facts.place.partition("-")[0],
        Family.RIGHT: facts.right,
    }
    of_authority = facts.right in (Right.COMPLAINT, Right.APPEAL)
    measures = _of_complaint(events, facts.papers) if of_authority else _of_request(events, facts.papers, end)
    return Contribution(keys, frozenset(measures))


def _of_complaint(events: Sequence[Fact], papers: Collection[Shows]) -> Iterator[Counted]:
    """Of a case that is a complaint itself."""
    yield from _on(Measure.COMPLAINED, proven=bool(_OF_SENDING & {*papers}))
    yield from _decided(events, proven=Shows.ANSWER in papers)


def _decided(events: Sequence[Fact], proven: bool) -> Iterator[Counted]:
    decided = [one for one in events if one.kind is Kind.DECIDED]
    if decided:
        yield from _on(Measure.DECIDED, proven)
        if decided[-1].outcome:
            yield from _on(OF_OUTCOME[decided[-1].outcome], proven)


def _of_request(events: Sequence[Fact], papers: Collection[Shows], end: date) -> Iterator[Counted]:
    sent, answer = bool(_OF_SENDING & {*papers}), Shows.ANSWER in papers
    kinds = {one.kind for one in events}
    yield from _on(Measure.FILED, sent)
    if Kind.ASKED_IDENTITY in kinds:
        yield from _on(Measure.IDENTITY_DEMANDED, answer)
    if Kind.ANSWERED in kinds:
        yield from _answered(events, answer, sent)
    elif _is_late(events, end):
        yield from _on(Measure.OVERDUE, sent)
    if Kind.COMPLAINED in kinds:
        yield from _on(Measure.COMPLAINED, proven=False)
        yield from _decided(events, proven=False)


def _answered(events: Sequence[Fact], proven: bool, sent_proven: bool) -> Iterator[Counted]:
    last = next(one for one in reversed(events) if one.kind is Kind.ANSWERED)
    yield from _on(Measure.ANSWERED, proven)
    due = _due(events, last.day)
    if due and last.day > due:
        yield from _on(Measure.OVERDUE, sent_proven)
    when = Measure.UNTIMED if due is None else Measure.IN_TIME if last.day <= due else Measure.LATE
    yield from _on(when, proven)
    told = next((one for one in reversed(events) if one.answer), last)
    if told.answer:
        yield from _on(OF_ANSWER[told.answer], proven)
    if told.answer is Answer.REFUSED and told.ground and told.ground in OF_GROUND:
        yield from _on(OF_GROUND[told.ground], proven)
    if Kind.FOUND_AGAIN in {one.kind for one in events}:
        yield from _on(Measure.FOUND_AGAIN, proven)
    sent = next(one.day for one in reversed(events) if one.kind is Kind.SENT)
    yield IN_DAYS, band((last.day - sent).days).value


def _on(measure: Measure, proven: bool) -> Iterator[Counted]:
    """A measure as it is reported and, where a file shows it, with proof."""
    yield Basis.REPORTED.value, measure.value
    if proven:
        yield Basis.PROVEN.value, measure.value


#: What shows that the letter was sent; so does an answer to it.
_OF_SENDING = frozenset({Shows.SENT, Shows.RECEIVED, Shows.ANSWER})
#: What moves the day on which the organisation's own answer is due.
_MOVES = frozenset({Kind.SENT, Kind.RECEIVED, Kind.EXTENDED, Kind.EXTENDED_BARE, Kind.GAVE})


def _due(events: Sequence[Fact], until: date) -> date | None:
    """When the answer was due, as the person was told last; of what had happened by a day."""
    told = [one.told for one in events if one.kind in _MOVES and one.day <= until]
    return told[-1] if told else None


def _is_late(events: Sequence[Fact], end: date) -> bool:
    """Whether their time was over when the quarter was, or when the person was done with it.

    Not where they wait for the person: what they asked for in time, and have not got.
    """
    over = [one for one in events if one.kind is Kind.CLOSED or one.kind in OPENS_AGAIN]
    until = min(end, over[-1].day) if over and over[-1].kind is Kind.CLOSED else end
    gave = max((one.day for one in events if one.kind is Kind.GAVE), default=date.min)
    due = _due(events, until)
    return (
        due is not None and due < until and not any(one.kind in DEMANDS and gave < one.day <= due for one in events)
    )
