"""Routes and dates for whoever gives the facts."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.law import deadlines
from portal.law.catalogue import Catalogue
from portal.law.deadlines import Notice, Uncountable, sentence
from portal.law.records import Confidence, DeadlineRule, Law, LegalRight, Organisation, Reach, Right, Side, Standing
from portal.law.routing import Option, Situation, rule_of
from portal.law.routing import route as ways
from portal.law.stops import as_the_law_has_it
from portal.web.api.answers import (
    Dated,
    DueAnswer,
    DueDate,
    Mistake,
    NoDay,
    OpenQuestion,
    OtherDay,
    Purpose,
    Ref,
    RouteAnswer,
    Way,
)
from portal.web.api.listing import about, ref
from portal.web.api.questions import BadQuestion, Due, Route
from portal.web.house import house


def unfit(**errors: str) -> BadQuestion:
    """Parameters that are right each by itself, but do not go together."""
    return BadQuestion((Mistake(parameter=name, detail=detail) for name, detail in errors.items()), fits=True)


def dated(due: deadlines.Due) -> Dated:
    """A due date as it is answered."""
    return Dated(
        day=due.day,
        start=due.start,
        earliest=due.earliest,
        latest=due.latest,
        counted={language: sentence(due, language) for language in ("en", "fr")},
        steps=due.steps,
        alternatives=tuple(OtherDay(day=day, why=why) for day, why in due.alternatives),
        confidence=due.confidence,
    )


# Routes


def route(asked: Route) -> RouteAnswer:
    """All ways that the law gives in a situation, the most direct first, as `portal.law.routing` has them."""
    catalogue = house().catalogue
    organisation = catalogue.organisations[asked.organisation]
    try:
        found = ways(catalogue, _situation(asked, organisation))
    except Uncountable as error:
        raise unfit(place="No date can be counted here: leave the dates out.") from error
    return RouteAnswer(
        **about(),
        place=asked.place,
        organisation=ref("organisations", organisation.id),
        right=asked.right,
        options=tuple(_way(catalogue, option) for option in found.options),
        question=_question(found.asked) if found.asked else None,
    )


def _situation(asked: Route, organisation: Organisation) -> Situation:
    return Situation(
        asked.place,
        organisation,
        asked.right,
        asked.events,
        extension_notice_on=asked.extension_notice_on,
        extension_reasoned=asked.extension_reasoned is not False,
        answers=asked.answers,
    )


def _question(reach: Reach) -> OpenQuestion:
    return OpenQuestion(
        parameter=reach.needs,
        text=reach.question,
        if_not=reach.if_not,
        source=reach.source,
        confidence=reach.confidence,
    )


def _way(catalogue: Catalogue, option: Option) -> Way:
    return Way(
        way=option.way,
        outcome=option.outcome,
        right=option.right,
        law=ref("laws", option.law) if option.law else None,
        other_laws=tuple(ref("laws", law) for law in option.other_laws),
        to_organisation_first=option.to_organisation_first,
        addressee=_addressee(catalogue, option.addressee),
        authority=_addressee(catalogue, option.regulator),
        channels=option.channels,
        language_letter=option.language_letter,
        language_complaint=option.language_complaint,
        deadline=ref("deadlines", option.deadline_rule),
        due_kind=option.due_kind,
        due=dated(option.due) if option.due else None,
        confidence=option.confidence,
        before=option.before,
        next=option.next,
        reasons=option.reasons,
    )


def _addressee(catalogue: Catalogue, id_: str | None) -> Ref | None:
    """Whoever a letter can go to, where they are found."""
    kinds = (("authorities", catalogue.authorities), ("offices", catalogue.offices))
    found = next((kind for kind, records in kinds if id_ in records), "organisations")
    return ref(found, id_) if id_ else None


# Dates


@dataclass(frozen=True, slots=True)
class _Clock:
    """A rule, what it is for, and how sure it is that it covers what was asked."""

    purpose: Purpose
    rule: DeadlineRule
    covers: Confidence = Confidence.CERTAIN


def due(asked: Due) -> DueAnswer:
    """The last days by a rule, or by what a law says of a right, as `portal.law.deadlines` counts them.

    Raises BadQuestion where what is given does not go together, or is not enough to count.
    """
    catalogue = house().catalogue
    law = catalogue.laws[asked.law] if asked.law else None
    first, *more = _clocks(catalogue, asked, law)
    if first.rule.unit and not {*first.rule.counts_from} & {*asked.events}:
        raise unfit(**{event.value: _START for event in first.rule.counts_from})
    return DueAnswer(
        **about(),
        law=ref("laws", law.id) if law else None,
        right=asked.right,
        dates=tuple(_due_date(catalogue, asked, clock) for clock in (first, *more)),
    )


_START = "Time is counted from this day: give it, or another one that is named here."


def _clocks(catalogue: Catalogue, asked: Due, law: Law | None) -> Iterator[_Clock]:
    if asked.rule and not law and not asked.right:
        yield _Clock(Purpose.ITSELF, catalogue.deadlines[asked.rule])
        return
    if asked.rule or law is None or asked.right is None:
        raise unfit(**dict.fromkeys(("rule", "law", "right"), "Give a rule, or a law and a right, and not both."))
    right = law.rights.get(asked.right)
    if right is None or right.standing is Standing.NONE:
        given = ", ".join(one for one, what in law.rights.items() if what.standing is not Standing.NONE)
        raise unfit(right=f"This law does not give it. It gives {given or 'no right by itself'}.")
    yield from _clocks_of(catalogue, law, asked.right, right)


def _clocks_of(catalogue: Catalogue, law: Law, name: Right, right: LegalRight) -> Iterator[_Clock]:
    """The rules that count for a right, that for the answer first."""
    rule = as_the_law_has_it(catalogue.deadlines[rule_of(law, name)], law)
    yield _Clock(Purpose.ITSELF, rule, right.deadline_confidence or Confidence.CERTAIN)
    if right.acknowledge:
        yield _Clock(Purpose.ACKNOWLEDGEMENT, catalogue.deadlines[right.acknowledge])
    if right.authority_answers:
        yield _Clock(Purpose.AUTHORITY_ANSWER, catalogue.deadlines[right.authority_answers])


def _due_date(catalogue: Catalogue, asked: Due, clock: _Clock) -> DueDate:
    rule, found = clock.rule, _counted(catalogue, asked, clock)
    no_day = None if isinstance(found, deadlines.Due) else found
    return DueDate(
        purpose=clock.purpose,
        rule=ref("deadlines", rule.id),
        kind=rule.kind,
        due=dated(found) if isinstance(found, deadlines.Due) else None,
        no_day=no_day,
        confidence=Confidence.CHECK if Confidence.CHECK in (rule.confidence, clock.covers) else Confidence.CERTAIN,
        basis_in_law=rule.basis_in_law,
        sources=rule.sources,
    )


def _counted(catalogue: Catalogue, asked: Due, clock: _Clock) -> deadlines.Due | NoDay:
    rule = clock.rule
    if rule.unit is None:
        return NoDay.NO_TIME
    if not {*rule.counts_from} & {*asked.events}:
        return NoDay.NO_START
    calendar = catalogue.calendar(asked.place) if asked.place else None
    calendars = dict.fromkeys(Side, calendar) if calendar else {}
    told = asked.extension_notice_on
    put_off = told and clock.purpose is Purpose.ITSELF
    notice = Notice(told, asked.extension_reasoned is not False) if told and put_off else None
    try:
        return deadlines.due(rule, asked.events, calendars, notice) or NoDay.OPEN_END
    except Uncountable as error:
        raise unfit(place=_cure(asked.place)) from error


def _cure(place: str | None) -> str:
    if place:
        return "The public holidays of this place are not known: choose another place."
    return "This rule follows the public holidays of a place: give it."
