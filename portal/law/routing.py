"""Who must answer, under which law, by when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from portal.law.catalogue import Catalogue
from portal.law.deadlines import Due, Notice, due
from portal.law.reasons import (
    ASKED_ALL_THE_SAME,
    NO_LAW_REACHES,
    NOBODY,
    NOT_ELIGIBLE,
    Reason,
    ask_region,
    named,
    reasons,
    region_decides,
)
from portal.law.records import (
    Authority,
    Calendar,
    Channel,
    Confidence,
    DeadlineRule,
    DueKind,
    Event,
    FirstLetter,
    Law,
    LegalRight,
    Mandate,
    Organisation,
    OrganisationKind,
    Reach,
    Remedy,
    Right,
    Side,
    Standing,
    Words,
)
from portal.law.situation import Situation as Situation
from portal.law.stops import as_the_law_has_it, pauses, restarted

NO_RULE = "none"
#: What a way is called that rests on no law, and how one begins that goes to the organisation first.
NO_LAW = "voluntary"
_FIRST = "first-"
#: Rights whose letter goes to somebody who watches over the organisation.
TO_AUTHORITY = frozenset({Right.COMPLAINT})
#: What a company can be asked where no law says so.
_WITHOUT_LAW = frozenset({Right.ACCESS, Right.ERASURE, Right.OBJECTION, Right.OPT_OUT, Right.COMPLAINT})
PRIVATE = frozenset({OrganisationKind.COMPANY, OrganisationKind.FEDERAL_UNDERTAKING})


class Outcome(StrEnum):
    STATUTORY = "statutory"
    VOLUNTARY = "voluntary"
    """No law gives a right; the organisation is asked all the same."""
    NOT_ELIGIBLE = "not_eligible"


@dataclass(frozen=True, slots=True)
class Option:
    """One way to go. Ids are those of the catalogue; None where there is none."""

    outcome: Outcome
    right: Right
    law: str | None = None
    other_laws: tuple[str, ...] = ()
    addressee: str | None = None
    regulator: str | None = None
    language_letter: str | None = None
    language_complaint: str | None = None
    deadline_rule: str = NO_RULE
    due: Due | None = None
    due_kind: DueKind | None = None
    confidence: Confidence = Confidence.CERTAIN
    channels: tuple[Channel, ...] = ()
    next: tuple[Right, ...] = ()
    reasons: tuple[Reason, ...] = ()
    before: Words = field(default_factory=dict)
    letter: str = ""
    """The template's name where it is not the right's own."""
    to_organisation_first: bool = False
    """A complaint to the organisation itself, which the authority expects to see before its own."""

    @property
    def way(self) -> str:
        """How the option is named in an address or in a case: its law, and whether the organisation comes first."""
        return (_FIRST if self.to_organisation_first else "") + (self.law or NO_LAW)


def law_in(way: str) -> tuple[str, bool]:
    """The law of a way as an address or a case names it, and whether the organisation comes first."""
    return way.removeprefix(_FIRST), way.startswith(_FIRST)


@dataclass(frozen=True, slots=True)
class Route:
    """The options, best first, and the question that would open another one."""

    options: tuple[Option, ...]
    asked: Reach | None = None

    @property
    def question(self) -> str:
        """The id of the question; empty where none would open anything."""
        return self.asked.needs if self.asked else ""

    @property
    def best(self) -> Option:
        return self.options[0]


def route(catalogue: Catalogue, situation: Situation) -> Route:
    """The ways that the law gives, the most direct first.

    A law is an answer where one of its reaches holds and it gives the right, or a duty that a letter can hold the
    organisation to. Where none is, a company can still be asked (voluntary); a public body cannot (not eligible).
    Laws whose clock counts from a date that the person gave come first, then those of the person's own place, then
    by the rank in the data. Each option carries its reasons with their sources; nothing is left out silently.
    """
    reached = tuple(_reached(catalogue, situation))
    given = [
        (law, reach, right)
        for law, reach, right in reached
        if right.standing is not Standing.NONE and _answered(reach, situation)
    ]
    given.sort(key=partial(_order, situation))
    options = tuple(option for one in given for option in _options(catalogue, situation, *one))
    asked = next((reach for _, reach, _ in reached if reach.needs and reach.needs not in situation.answers), None)
    return Route(options or (_without_law(catalogue, situation, reached),), None if options else asked)


def chosen(catalogue: Catalogue, situation: Situation, way: str) -> Option | None:
    """The option that a person has chosen, whatever question it hangs on; None where the law gives it no more."""
    found = route(catalogue, situation)
    if found.question:
        found = route(catalogue, replace(situation, answers={found.question: True}))
    return next((one for one in found.options if one.way == way and one.outcome is not Outcome.NOT_ELIGIBLE), None)


def due_by(
    catalogue: Catalogue, situation: Situation, option: Option, rule: str, events: Mapping[Event, date]
) -> Due | None:
    """A date by another rule of the same way, as when they must confirm receipt, or the authority must answer.

    None where the rule, or a date that it counts from, is not there.
    """
    reach = next((reach for law, reach, _ in _reached(catalogue, situation) if law.id == option.law), None)
    if not rule or reach is None:
        return None
    blank = replace(situation, stopped=(), extension_notice_on=None)
    return _due(catalogue.deadlines[rule], events, _calendars(catalogue, situation, reach), blank)


def remedy_of(catalogue: Catalogue, option: Option, asked: Right) -> Remedy | None:
    """What is open against the decision on a complaint or an appeal, where a request for `asked` began it.

    A law of the place that stands beside goes before the law itself. None where the data know of nothing, or the
    remedy is open of other requests alone.
    """
    laws = (*option.other_laws, option.law or "")
    given = (catalogue.laws[law].rights.get(option.right) for law in laws if law)
    remedy = next((right.remedy for right in given if right and right.remedy), None)
    if remedy is None or not remedy.rights or asked in (*remedy.rights, option.right):
        return remedy
    return None


def whose_day(situation: Situation) -> str:
    """The place whose date counts: a public body's own; a company's the person's, so that none is accused early."""
    return situation.place if situation.organisation.kind in PRIVATE else situation.organisation.jurisdiction


_Reached = tuple[Law, Reach, LegalRight]


def _order(situation: Situation, one: _Reached) -> tuple[bool, bool, bool, int, bool]:
    """Clocks that the person's dates start, the law of their own place, the rank in the data, what is certain."""
    law, reach, right = one
    abroad = reach.regulator_of is Side.ORGANISATION
    unsure = Confidence.CHECK in (reach.confidence, right.confidence)
    return not _preferred(right, situation), bool(right.prefers), abroad, law.rank, unsure


def _reached(catalogue: Catalogue, situation: Situation) -> Iterator[_Reached]:
    """Each law that reaches the situation and says something of the right, by the first reach that holds."""
    person = frozenset(catalogue.chain(situation.place))
    body = frozenset(catalogue.chain(situation.organisation.jurisdiction))
    for law in catalogue.laws.values():
        right = law.rights.get(situation.right)
        if right is None:
            continue
        holding = [reach for reach in law.reach if _holds(reach, person, body, situation.organisation)]
        holding.sort(key=lambda reach: not _answered(reach, situation))
        if holding:
            yield law, _by_seat(holding[0], situation.organisation), right


def _by_seat(reach: Reach, organisation: Organisation) -> Reach:
    """The reach as it stands; over an organisation whose seat nobody knows for another reason, and unconfirmed."""
    if organisation.jurisdiction or not reach.unknown_seat:
        return reach
    return replace(reach, reason=reach.unknown_seat, confidence=Confidence.CHECK)


def _holds(reach: Reach, person: frozenset[str], body: frozenset[str], organisation: Organisation) -> bool:
    return (
        (not reach.person_in or not person.isdisjoint(reach.person_in))
        and person.isdisjoint(reach.person_not_in)
        and (not reach.organisation_in or not body.isdisjoint(reach.organisation_in))
        and body.isdisjoint(reach.organisation_not_in)
        and (not reach.organisation_of or organisation.jurisdiction in reach.organisation_of)
        and (not reach.organisation_kinds or organisation.kind in reach.organisation_kinds)
        and (not reach.organisations or organisation.id in reach.organisations)
    )


def _answered(reach: Reach, situation: Situation) -> bool:
    return not reach.needs or situation.answers.get(reach.needs, False)


def _preferred(right: LegalRight, situation: Situation) -> bool:
    return any(event in situation.events for event in right.prefers)


# A way that a law gives


def _options(
    catalogue: Catalogue, situation: Situation, law: Law, reach: Reach, right: LegalRight
) -> Iterator[Option]:
    """What the law gives and, where it wants that first, the complaint to the organisation itself."""
    option = _statutory(catalogue, situation, law, reach, right)
    yield option
    if right.first:
        yield _to_organisation_first(catalogue, situation, option, right.first)


def _to_organisation_first(catalogue: Catalogue, situation: Situation, option: Option, first: FirstLetter) -> Option:
    """The complaint to the organisation itself; its clock starts when it is received, which no date tells yet."""
    body = situation.organisation.office or situation.organisation
    rule = catalogue.deadlines[first.deadline]
    return replace(
        option,
        addressee=body.id,
        letter=first.letter,
        to_organisation_first=True,
        language_letter=common_language(catalogue.spoken(situation.place), body.languages),
        channels=body.contact.accepts,
        deadline_rule=rule.id,
        due=None,
        due_kind=rule.kind,
        confidence=_least(option.confidence, rule.confidence),
    )


def basis(catalogue: Catalogue, option: Option) -> LegalRight | FirstLetter | None:
    """What of the law an option's letter rests on; None where no law gives a right."""
    if option.law is None:
        return None
    right = catalogue.laws[option.law].rights[option.right]
    return right.first if option.to_organisation_first else right


def mandate_for(catalogue: Catalogue, option: Option) -> Mandate | None:
    """On what a group may write an option's letter for the person; None where the law has nothing on it."""
    if option.law is None or option.to_organisation_first:
        return None
    given = catalogue.laws[option.law].mandate
    return given if given and option.right in given.rights else None


def _statutory(catalogue: Catalogue, situation: Situation, law: Law, reach: Reach, right: LegalRight) -> Option:
    supplements = tuple(_supplements(catalogue, situation, law.id))
    rule_id = _rule_of(situation, law, supplements)
    rule = catalogue.deadlines[rule_id]
    calendars = _calendars(catalogue, situation, reach)
    rule = as_the_law_has_it(rule, law)
    events, assumed = _events(catalogue, situation, law, rule, calendars)
    regulator = _regulator(catalogue, situation, law, reach)
    addressee = _addressee(situation, regulator)
    when = _due(rule, events, calendars, situation)
    follows_person = reach.regulator_of is Side.PERSON
    undecided = (
        Confidence.CHECK if regulator is None or (follows_person and region_decides(catalogue, situation)) else None
    )
    confidence = _least(reach.confidence, right.confidence, rule.confidence, right.deadline_confidence, undecided)
    return Option(
        outcome=Outcome.STATUTORY,
        right=situation.right,
        law=law.id,
        other_laws=tuple(other.id for other in supplements),
        addressee=addressee,
        regulator=regulator,
        language_letter=_language_of_letter(catalogue, situation, law, addressee),
        language_complaint=_language(catalogue, situation.place, regulator),
        deadline_rule=rule_id,
        due=when,
        due_kind=rule.kind if rule.unit else None,
        confidence=confidence,
        channels=_channels(catalogue, situation, addressee),
        next=right.next,
        reasons=tuple(reasons(catalogue, situation, law, reach, right, supplements, regulator, assumed)),
        before=right.before,
        letter=right.letter,
    )


def _supplements(catalogue: Catalogue, situation: Situation, law: str) -> Iterator[Law]:
    """The laws that stand beside this one for the right, at this place."""
    person = {*catalogue.chain(situation.place)}
    for other in catalogue.laws.values():
        for supplement in other.supplements:
            if (
                supplement.law == law
                and situation.right in supplement.rights
                and (not supplement.person_in or person & {*supplement.person_in})
                and (
                    not supplement.organisation_of
                    or situation.organisation.jurisdiction in supplement.organisation_of
                )
            ):
                yield other


def rule_of(law: Law, right: Right) -> str:
    """The rule by which a law counts for a right; a complaint or an appeal never takes the time to answer."""
    return law.rights[right].deadline or (NO_RULE if right in (Right.COMPLAINT, Right.APPEAL) else law.deadline)


def _rule_of(situation: Situation, law: Law, supplements: tuple[Law, ...]) -> str:
    """The rule that counts: of an appeal the body's own, else a supplement's, the right's, the law's."""
    if situation.right is Right.APPEAL and situation.organisation.appeals_rule:
        return situation.organisation.appeals_rule
    beside = (other.rights[situation.right].deadline for other in supplements if situation.right in other.rights)
    special = next((rule for rule in beside if rule and rule != NO_RULE), "")
    return special or rule_of(law, situation.right)


def _events(
    catalogue: Catalogue,
    situation: Situation,
    law: Law,
    rule: DeadlineRule,
    calendars: Mapping[Side, Calendar],
) -> tuple[Mapping[Event, date], bool]:
    """The dates to count from, and whether the day of receipt is only assumed from the sending.

    A public body's day is its own calendar date, a company's the person's: the later is the safer for a complaint.
    """
    events = dict(situation.events)
    assumed = Event.RECEIVED_ON not in events and situation.sent_at is not None
    if assumed and situation.sent_at:
        zone = ZoneInfo(catalogue.time_zone(whose_day(situation)))
        events[Event.RECEIVED_ON] = situation.sent_at.astimezone(zone).date()
    told = Event.REFUSED_ON in events or Event.REPLY_DUE in events
    if Event.REPLY_DUE in rule.counts_from and Event.RECEIVED_ON in events and not told:
        reply = _due(as_the_law_has_it(catalogue.deadlines[law.deadline], law), events, calendars, situation)
        if reply:
            events[Event.REPLY_DUE] = reply.day
    return events, assumed


def _due(
    rule: DeadlineRule, events: Mapping[Event, date], calendars: Mapping[Side, Calendar], situation: Situation
) -> Due | None:
    """The due date; None where the person has not given the date that the clock counts from."""
    if not any(event in events for event in rule.counts_from):
        return None
    told = situation.extension_notice_on
    notice = Notice(told, situation.extension_reasoned) if told else None
    stood = pauses(rule, situation.right, situation.stopped)
    first = due(rule, events, calendars, notice, stood)
    in_time = [one for one in situation.stopped if first and one.on <= first.day]
    started = restarted(rule, situation.right, events, in_time)
    return first if started == events else due(rule, started, calendars, notice, stood)


def _calendars(catalogue: Catalogue, situation: Situation, reach: Reach) -> Mapping[Side, Calendar]:
    """The person's holidays, unless the law follows the organisation."""
    followed = situation.place if reach.regulator_of is Side.PERSON else situation.organisation.jurisdiction
    found = {Side.PERSON: catalogue.calendar(followed), Side.ORGANISATION: catalogue.calendar(followed)}
    return {side: calendar for side, calendar in found.items() if calendar}


def _least(*confidences: Confidence | None) -> Confidence:
    return Confidence.CHECK if Confidence.CHECK in confidences else Confidence.CERTAIN


# Who polices it, who is written to, in which language


def _regulator(catalogue: Catalogue, situation: Situation, law: Law, reach: Reach) -> str | None:
    """The authority for this law over this kind of organisation, nearest first on the side that the law follows.

    A body that decides appeals stands in its place, except for a complaint: that asks an outsider.
    """
    follows_organisation = reach.regulator_of is Side.ORGANISATION
    if situation.organisation.appeals and follows_organisation and situation.right not in TO_AUTHORITY:
        return situation.organisation.appeals
    if follows_organisation and situation.organisation.supervisory_authority:
        return situation.organisation.supervisory_authority
    side = situation.organisation.jurisdiction if follows_organisation else situation.place
    laws = {law.id, *(other.id for other in _supplements(catalogue, situation, law.id))}
    found = (
        authority.id
        for authority in _authorities(catalogue, side)
        if any(
            laws & {*supervision.laws} and situation.organisation.kind in supervision.of
            for supervision in authority.supervises
        )
    )
    return next(found, None)


def _authorities(catalogue: Catalogue, place: str) -> Iterator[Authority]:
    for record in catalogue.nearest(place):
        yield from record.authorities


def _addressee(situation: Situation, regulator: str | None) -> str | None:
    if situation.right in TO_AUTHORITY:
        return regulator
    body = situation.organisation
    if situation.right is Right.APPEAL and body.appeals:
        return body.appeals
    return body.office.id if body.office else body.id


def _channels(catalogue: Catalogue, situation: Situation, addressee: str | None) -> tuple[Channel, ...]:
    """How the addressee takes letters; of an organisation that the catalogue does not know, as the person says."""
    if addressee == situation.organisation.id:
        return situation.organisation.contact.accepts
    return catalogue.addressees[addressee].contact.accepts if addressee else ()


def _language_of_letter(catalogue: Catalogue, situation: Situation, law: Law, addressee: str | None) -> str | None:
    """None where the letter is the complaint itself, unless the complaint is what the law gives."""
    if situation.right in TO_AUTHORITY and not law.complaint_is_the_request:
        return None
    if addressee == situation.organisation.id:
        return common_language(catalogue.spoken(situation.place), situation.organisation.languages)
    return _language(catalogue, situation.place, addressee)


def _language(catalogue: Catalogue, place: str, addressee: str | None) -> str | None:
    if addressee is None:
        return None
    return common_language(catalogue.spoken(place), catalogue.addressees[addressee].languages)


def common_language(spoken: tuple[str, ...], read: tuple[str, ...]) -> str:
    """The first language of the person's place that the addressee reads, else the addressee's first."""
    return next((language for language in spoken if language in read), read[0] if read else "en")


# Where no law gives the right


def _without_law(catalogue: Catalogue, situation: Situation, reached: tuple[_Reached, ...]) -> Option:
    """A voluntary letter to a company; of a public body, that it cannot be asked, and what can be done instead."""
    because = tuple(
        Reason(named(catalogue, situation, right.says), right.ref) for _, _, right in reached if right.says
    )
    following = tuple(dict.fromkeys(right for _, _, given in reached for right in given.next))
    consumer = next((one.id for one in _authorities(catalogue, situation.place) if one.consumer), None)
    company = situation.organisation.kind in PRIVATE and situation.right in _WITHOUT_LAW
    if not company or (situation.right in TO_AUTHORITY and consumer is None):
        told = because or (Reason(NOBODY if situation.right in TO_AUTHORITY else NOT_ELIGIBLE, NO_LAW_REACHES),)
        return Option(Outcome.NOT_ELIGIBLE, situation.right, next=following, reasons=told)
    addressee = _addressee(situation, consumer)
    complaint = situation.right in TO_AUTHORITY
    undecided = region_decides(catalogue, situation)
    region = (ask_region(catalogue, situation, NO_LAW_REACHES),) if undecided else ()
    seatless = not situation.organisation.jurisdiction  # the law of the seat might give the right
    unsure = undecided or seatless or any(right.confidence is Confidence.CHECK for _, _, right in reached)
    return Option(
        outcome=Outcome.VOLUNTARY,
        right=situation.right,
        addressee=addressee,
        regulator=consumer,
        language_letter=None if complaint else _language_of_body(catalogue, situation),
        language_complaint=_language(catalogue, situation.place, consumer),
        channels=_channels(catalogue, situation, addressee),
        next=following,
        confidence=Confidence.CHECK if unsure else Confidence.CERTAIN,
        reasons=(*because, Reason(named(catalogue, situation, ASKED_ALL_THE_SAME), NO_LAW_REACHES), *region),
    )


def _language_of_body(catalogue: Catalogue, situation: Situation) -> str:
    return common_language(catalogue.spoken(situation.place), situation.organisation.languages)
