"""A case as its pages show it: what is told of its clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from portal.cases import clock
from portal.cases.clock import Clock, Next, Window, day_of
from portal.cases.complaints import ELSEWHERE, Complaint, Stage, way_of
from portal.cases.following import Case, Copy, Event
from portal.cases.status import MAY_HAPPEN, MOVES_CLOCK, OF_COMPLAINT, REFUSALS, Decided, Kind, Status
from portal.law.arguments import Argument, Reply
from portal.law.catalogue import Addressee
from portal.law.deadlines import Due, sentence
from portal.law.records import Contact, Organisation, Right
from portal.law.routing import NO_RULE, TO_AUTHORITY, Option, Situation, whose_day
from portal.law.stops import as_the_law_has_it
from portal.letters import compose
from portal.web.case_words import (
    ANSWERS,
    CORRECTED,
    DECIDED,
    HAPPENED,
    NEXT,
    REMEDY,
    STAGES,
    SURE,
    SURE_OF_AUTHORITY,
    TOLD_THEN,
)
from portal.web.contacts import To, contact_of, looked_at, recipients
from portal.web.house import house
from portal.web.journey import named, organisation_of, page_date, said
from portal.web.language import current
from portal.web.words import REPLIES


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as its page shows it."""

    case: Case
    body: Organisation
    situation: Situation
    clock: Clock
    contact: Contact | None
    today: date

    @property
    def name(self) -> str:
        return named(self.body.name)


def name_of(case: Case) -> str:
    """The name of whom a case is about."""
    return named(organisation_of(case.draft.organisation, case.draft.known_as).name)


def as_shown(case: Case) -> Shown:
    draft = case.draft
    body = organisation_of(draft.organisation, draft.known_as)
    situation = Situation(case.place, body, Right(case.right), compose.events(draft.details))
    today = house().today(whose_day(situation))
    now = clock.clock(house().catalogue, situation, case.way, case.happened, today)
    contact = contact_of(now.option, body) if now.option else None
    return Shown(case, body, situation, now, contact, today)


#: When the date on which an answer was due is of no use any more.
_PAST = frozenset({Next.JUDGE, Next.FOUND_AGAIN, Next.WAIT_FOR_REPLY, Next.REST})


def due_words(shown: Shown) -> str:
    """The date that their answer is due, and how sure it is."""
    now = shown.clock
    if now.due is None or now.sure is None or now.next in _PAST:
        return ""
    authority = due_of(shown)
    words = SURE_OF_AUTHORITY if authority else SURE
    return str(words[now.sure]) % {"day": page_date(now.due.day), "authority": authority}


def due_of(shown: Shown) -> str:
    """The name of the authority whose answer is due; "" where it is the organisation's."""
    awaited = shown.clock.awaited
    return whom(awaited.option) if awaited and awaited.option and _watches(awaited.option, shown) else ""


def _watches(option: Option, shown: Shown) -> bool:
    """Whether a complaint or an appeal goes to somebody who watches over the organisation, not to itself."""
    office = shown.body.office.id if shown.body.office else ""
    return option.right in (*TO_AUTHORITY, Right.APPEAL) and option.addressee not in (None, shown.body.id, office)


def whom(option: Option) -> str:
    """The name of whom it goes to."""
    known = house().catalogue.addressees.get(option.addressee or "")
    return named(known.name) if known else ""


def _is_of_authority(shown: Shown) -> bool:
    """Whether it is an authority that has to say something."""
    option = shown.clock.option
    return shown.situation.right in TO_AUTHORITY and option is not None and not option.to_organisation_first


def remarks(shown: Shown) -> Iterator[str]:
    """What else must be known of the clock, a sentence each."""
    now = shown.clock
    yield from _of_decisions(now)
    if now.silence:
        yield _("The law takes their silence for a refusal (%(ref)s).", ref=now.silence.ref)
    if now.put_off:
        yield _(
            "On %(day)s they put the answer off. This law lets them do so for as long as is reasonable.",
            day=page_date(now.put_off),
        )
    if now.demand:
        asked = f"{HAPPENED[now.demand.kind].said}, {page_date(now.demand.day)}."
        yield asked if now.next is Next.GIVE else asked + " " + _("That does not stop their time.")
    if now.acknowledge_by:
        by = page_date(now.acknowledge_by.day)
        late = shown.today > now.acknowledge_by.latest
        yield (
            _("They had to confirm receipt by %(day)s.", day=by)
            if late
            else _("They must confirm receipt by %(day)s.", day=by)
        )


def _of_decisions(now: Clock) -> Iterator[str]:
    """What follows from each decision, and until when; also of an earlier one, while there is still time."""
    decided = [one for one in now.complaints if one.decided and not one.sued]
    for one in decided:
        last = one is decided[-1]
        if len(now.complaints) > 1 and one.option:
            yield _("%(authority)s, decision of %(day)s:", day=_decided_on(one), authority=whom(one.option))
        if last and now.see_by:
            day = page_date(now.see_by)
            yield _("The decision may say by when it must be done. If it names no day, look on %(day)s.", day=day)
            yield _("If it is not done by then, write to the authority and name its number.")
        if one.remedy and (last or one.stage is not Stage.CLOSED):
            yield from _of_remedy(one)
        elif last and now.next is Next.GO_ON:
            yield _("We know of no next step that this law gives. There may be one, with little time: ask a lawyer.")
        elif last and one.decided and one.decided.outcome is Decided.SETTLED:
            yield _("If they do not keep to it, write to the authority and name its number.")


def _decided_on(complaint: Complaint) -> str:
    return page_date(complaint.decided.day) if complaint.decided else ""


def _of_remedy(complaint: Complaint) -> Iterator[str]:
    """What is open against a decision, and until when."""
    remedy, by = complaint.remedy, complaint.remedy_by
    assert remedy
    assert complaint.decided
    yield str(REMEDY[complaint.decided.outcome]) % {"court": named(remedy.to)}
    if by and complaint.stage in (Stage.CLOSED, Stage.DOUBTFUL):
        yield str(STAGES[complaint.stage]) % {"closes": page_date(by.earliest)}
    elif by:
        yield _(
            "The last day for it is %(day)s. Courts cost money and follow their own rules: ask a lawyer.",
            day=page_date(by.earliest),
        )
        yield _("We counted from the day on which it reached you. Some laws count from an earlier one: do not wait.")
    elif remedy.deadline == NO_RULE:
        yield _("The law sets no last day for it. Do not wait all the same: ask a lawyer.")
    else:
        yield _("We do not know of a time limit for it: ask a lawyer at once.")


# Complaints


def complaint_ways(shown: Shown) -> dict[str, str]:
    """Where a complaint of this case can have gone, each way with its words."""
    found = {way_of(window.option): _way_words(window.option) for window in shown.clock.windows}
    return {**found, ELSEWHERE: str(_("Somewhere else"))} if found else {}


def made_ways(shown: Shown) -> dict[str, str]:
    """The complaints that an authority can have answered, each with its words, in their order."""
    made = [one for one in shown.clock.complaints if not one.to_organisation]
    return {one.way: _way_words(one.option) if one.option else str(_("Somewhere else")) for one in made}


def _way_words(option: Option) -> str:
    law = house().catalogue.laws.get(option.law or "")
    to = whom(option)
    if option.to_organisation_first:
        to = str(_("First to %(organisation)s itself", organisation=to))
    return f"{to} ({named(law.short)})" if law else to


def likely_way(shown: Shown) -> str:
    """The way of the letter to an authority that was written last, or the only way; "" where neither is there."""
    ways = [way_of(window.option) for window in shown.clock.windows]
    written = (way_taken(shown, one) for one in reversed(shown.case.letters[1:]))
    return next((way for way in written if way), ways[0] if len(ways) == 1 else "")


def way_taken(shown: Shown, copy: Copy) -> str:
    """The way that a letter of a case takes to an authority; "" where it goes to none, or by none of today."""
    told = [copy.made.letter.facts.get(name) for name in ("right", "law", "addressee")]
    options = (window.option for window in shown.clock.windows)
    taken = (one for one in options if told == [one.right.value, one.law, one.addressee])
    return next(map(way_of, taken), "")


def numbers(shown: Shown) -> dict[str, str]:
    """The number that each addressee has given the case, by its id; of several the last."""
    options = {one.way: one.option for one in shown.clock.complaints if one.option}
    told = ((options.get(event.way), event.number) for event in shown.case.events if event.number)
    return {option.addressee: number for option, number in told if option and option.addressee}


def line_of(shown: Shown, event: Event) -> str:
    """An event as the timeline tells it: what happened, with whom it went to, its number, how it was decided."""
    said_ = str(HAPPENED[event.kind].said)
    if event.number:
        return f"{said_}: {event.number}"
    if event.outcome:
        return f"{said_}: {DECIDED[event.outcome][2]}"
    if event.answer:
        why = f" {REPLIES[event.ground]}." if event.ground else ""
        return f"{said_}: {ANSWERS[event.answer][2]}{why}"
    option = _option_of(shown, event.way) if event.kind is Kind.COMPLAINED else None
    return f"{said_}: {whom(option)}" if option else said_


def _option_of(shown: Shown, way: str) -> Option | None:
    options = (window.option for window in shown.clock.windows)
    return next((one for one in options if way_of(one) == way), None)


def told_then(shown: Shown, event: Event) -> str:
    """The due date that the person was told when they said so, and whose it was; "" where none was."""
    if event.told is None:
        return ""
    before = shown.case.events[: shown.case.events.index(event) + 1]
    way = next((one.way for one in reversed(before) if one.kind is Kind.COMPLAINED), None)
    option = shown.clock.option if way is None else _option_of(shown, way)
    of_authority = _watches(option, shown) if option else way is not None
    return str(TOLD_THEN[of_authority]) % {"day": page_date(event.told)}


@dataclass(frozen=True, slots=True)
class Open:
    """To whom a complaint or an appeal goes, under which law, and until when."""

    to: Markup
    law: Markup
    stage: str


def still_open(shown: Shown) -> Iterator[Open]:
    """What is open against no answer or a bad one."""
    for window in shown.clock.windows:
        yield Open(addressee_of(window.option), law_of(window.option), stage_of(window))


def stage_of(window: Window) -> str:
    """How it stands with a window, and its last day."""
    closes = page_date(window.closes.earliest) if window.closes else ""
    begins = page_date(window.opens) if window.opens else _("the end of their time")
    told = str(STAGES[window.stage]) % {"opens": begins, "closes": closes}
    if window.stage not in (Stage.NOT_YET, Stage.OPEN):
        return told
    last = _("The last day is %(day)s.", day=closes) if closes else _("The law sets no last day.")
    return f"{told} {last}"


def addressee_of(option: Option) -> Markup:
    return said(house().catalogue.addressees[option.addressee].name) if option.addressee else Markup()


def law_of(option: Option) -> Markup:
    return said(house().catalogue.laws[option.law].short) if option.law else Markup()


def how_counted(due: Due | None) -> str:
    return sentence(due, current(), page_date) if due else ""


def corrected(shown: Shown) -> str:
    """That the law data were corrected since the person was told a date, where that moved it; "" where not."""
    told = next((one for one in reversed(shown.case.events) if one.told and one.kind in MOVES_CLOCK), None)
    due = shown.clock.due
    if told is None or told.told is None or due is None or told.catalogue == house().catalogue.version:
        return ""
    if told.told == due.day:
        return ""
    words = CORRECTED[bool(due_of(shown))]
    return str(words) % {"told": page_date(told.told), "due": page_date(due.day)}


def button_of(now: Clock) -> Kind | None:
    """What the person may say next; that they went to court only where we know of one that is open."""
    said_ = NEXT[now.next][1]
    open_ = [one for one in now.complaints if one.remedy and not one.sued and one.stage is not Stage.CLOSED]
    return Kind.CLOSED if said_ is Kind.SUED and not open_ else said_


#: After which a face should not be there again.
_TAKES_AWAY = frozenset({Right.ERASURE, Right.OBJECTION, Right.OPT_OUT})


def may_be_there_again(shown: Shown) -> bool:
    """Whether they have answered a request after which the face should be gone."""
    return shown.situation.right in _TAKES_AWAY and day_of(shown.case.happened, Kind.ANSWERED) is not None


def may_be_said(shown: Shown) -> list[Kind]:
    """What else the person can say has happened: nothing that makes no difference under this law."""
    option = shown.clock.option
    rule = house().catalogue.deadlines[option.deadline_rule] if option else None
    law = house().catalogue.laws.get(option.law or "") if option else None
    extends = as_the_law_has_it(rule, law).extends if rule and law else None
    useless = {button_of(shown.clock)}
    useless |= set() if extends and extends.reasoned else {Kind.EXTENDED_BARE}
    useless |= set() if shown.clock.demand else {Kind.GAVE}
    useless |= set() if made_ways(shown) else OF_COMPLAINT
    useless |= set() if may_be_there_again(shown) else {Kind.FOUND_AGAIN}
    useless |= {Kind.COMPLAINED, Kind.REPLIED} if shown.situation.right in TO_AUTHORITY else set()
    return [kind for kind in MAY_HAPPEN[shown.case.status] if kind not in useless]


def answers_to(shown: Shown) -> dict[Reply, tuple[Argument, ...]]:
    """What can be said to each reply under the law of a case; what was worked out for this organisation first."""
    option = shown.clock.option
    found: dict[Reply, dict[str, Argument]] = {}
    for law in (option.law, *option.other_laws) if option else ():
        for reply, arguments in house().catalogue.replies(law or "").items():
            said_to_them = {one.id: one for one in arguments if not one.of_authority}
            found.setdefault(reply, {}).update(said_to_them)
    mine = {shown.body.id, option.addressee if option else None}
    return {
        reply: tuple(sorted(found[reply].values(), key=lambda one: not mine & {*one.against}))
        for reply in Reply
        if found.get(reply)
    }


def grounds(shown: Shown) -> list[Reply] | None:
    """Why an organisation may have refused, of what the law of a case knows; None where an authority answers."""
    if _is_of_authority(shown):
        return None
    known = answers_to(shown)
    return [one for one in REFUSALS if one in known]


def answerable(shown: Shown) -> bool:
    """Whether they have answered, or should have, and something is known to say to that."""
    asked = shown.case.status in (Status.SENT, Status.RECEIVED, Status.ANSWERED)
    return asked and not _is_of_authority(shown) and bool(answers_to(shown))


def first_to(shown: Shown) -> list[To]:
    """To whom the letter of a case has still to be sent; nobody where it was, or where no law has an answer."""
    option = shown.clock.option
    return recipients([(option, shown.body)]) if option and shown.case.status is Status.FILED else []


def goes_to(copy: Copy) -> Addressee | None:
    """Whom a letter of a case goes to; None where the catalogue does not know them."""
    return house().catalogue.addressees.get(copy.made.letter.facts.get("addressee", ""))


def _whose(copy: Copy, shown: Shown) -> Addressee:
    """Whom a letter of a case goes to: its own addressee, or the organisation that the person has named."""
    known = goes_to(copy)
    return known if known and known.id != shown.body.id else shown.body


def contact_to(copy: Copy, shown: Shown) -> Contact:
    """Where a letter of a case goes."""
    return _whose(copy, shown).contact


def later_to(copy: Copy, shown: Shown) -> To:
    """The same with what was found of it."""
    whose = _whose(copy, shown)
    return To(whose.name, looked_at({whose.id: whose.contact})[whose.id])


def is_to_authority(copy: Copy) -> bool:
    """Whether it is a complaint or an appeal."""
    return copy.made.letter.facts.get("right") in (Right.COMPLAINT.value, Right.APPEAL.value)


def copy_of(case: Case, id_: str) -> Copy:
    """One of the letters after the first; no page where it is none."""
    found = next((one for one in (*case.letters[1:], *case.replaced) if one.id == id_), None)
    if found is None:
        raise NotFound
    return found
