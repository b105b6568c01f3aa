"""A case as its pages show it: what is told of its clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from portal.cases import clock
from portal.cases.clock import Clock, Next, Stage, Window, day_of
from portal.cases.following import Case, Copy
from portal.cases.status import MAY_HAPPEN, MOVES_CLOCK, Kind, Status
from portal.law.arguments import Argument, Reply
from portal.law.catalogue import Addressee
from portal.law.deadlines import Due, sentence
from portal.law.records import Contact, Organisation, Remedy, Right
from portal.law.routing import TO_AUTHORITY, Option, Situation, whose_day
from portal.law.stops import as_the_law_has_it
from portal.letters import compose
from portal.web.case_words import HAPPENED, NEXT, STAGES, SURE, SURE_OF_AUTHORITY
from portal.web.contacts import To, contact_of, looked_at, recipients
from portal.web.house import house
from portal.web.journey import named, organisation_of, page_date, said
from portal.web.language import current


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


def as_shown(case: Case) -> Shown:
    draft = case.draft
    body = organisation_of(draft.organisation, draft.known_as)
    situation = Situation(case.place, body, Right(case.right), compose.events(draft.details))
    today = house().today(whose_day(situation))
    now = clock.clock(house().catalogue, situation, case.way, case.happened, today)
    contact = contact_of(now.option, body) if now.option else None
    return Shown(case, body, situation, now, contact, today)


def due_words(shown: Shown) -> str:
    """The date that their answer is due, and how sure it is."""
    now = shown.clock
    if now.due is None or now.sure is None or now.next in (Next.JUDGE, Next.WAIT_FOR_REPLY, Next.REST):
        return ""
    words = SURE_OF_AUTHORITY if now.complaint or _is_of_authority(shown) else SURE
    return str(words[now.sure]) % {"day": page_date(now.due.day)}


def _is_of_authority(shown: Shown) -> bool:
    """Whether it is an authority that has to say something."""
    option = shown.clock.option
    return shown.situation.right in TO_AUTHORITY and option is not None and not option.to_organisation_first


def remarks(shown: Shown) -> Iterator[str]:
    """What else must be known of the clock, a sentence each."""
    now = shown.clock
    if now.remedy:
        yield from _of_remedy(now.remedy, now.remedy_by)
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


def _of_remedy(remedy: Remedy, by: Due | None) -> Iterator[str]:
    """What is open against a decision, and until when."""
    yield _("If the decision is not enough: %(court)s.", court=named(remedy.to))
    if by:
        yield _(
            "The last day for it is %(day)s. Courts cost money and follow their own rules: ask a lawyer.",
            day=page_date(by.earliest),
        )
    else:
        yield _("We do not know of a time limit for it: ask a lawyer at once.")


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
    said = _(
        "We have corrected what we know of the law since. We had told you %(told)s; their answer is due by %(due)s.",
        told=page_date(told.told),
        due=page_date(due.day),
    )
    return str(said)


def may_be_said(shown: Shown) -> list[Kind]:
    """What else the person can say has happened: nothing that makes no difference under this law."""
    option = shown.clock.option
    rule = house().catalogue.deadlines[option.deadline_rule] if option else None
    law = house().catalogue.laws.get(option.law or "") if option else None
    extends = as_the_law_has_it(rule, law).extends if rule and law else None
    useless = {NEXT[shown.clock.next][1]}
    useless |= set() if extends and extends.reasoned else {Kind.EXTENDED_BARE}
    useless |= set() if shown.clock.demand else {Kind.GAVE}
    useless |= set() if day_of(shown.case.happened, Kind.COMPLAINED) else {Kind.DECIDED}
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
    found = next((one for one in case.letters[1:] if one.id == id_), None)
    if found is None:
        raise NotFound
    return found
