"""A complaint of many to one authority, from the cases of those who agree to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.accounts.groups import Group
from portal.cases import group_queue, group_sharing
from portal.cases.complaints import Stage, way_of
from portal.cases.following import NotPossible, Said
from portal.cases.group_queue import Seen, Wanted
from portal.cases.group_sharing import READS
from portal.cases.status import Kind, Status
from portal.database import reading
from portal.dossier.dossier import Dossier, Joint, words_of
from portal.law.records import Right
from portal.law.routing import Option, Situation, mandate_for
from portal.law.routing import chosen as chosen_way
from portal.letters import compose
from portal.letters.compose import Request, Role, Sender
from portal.letters.details import lines_of
from portal.letters.joint import joint, language_of
from portal.letters.kept import Made
from portal.trail import Action
from portal.vault import Key
from portal.web import complaining, dossiers, happening, limits
from portal.web.case_words import STAGES, WHY_NOT
from portal.web.forms.group import JointForm
from portal.web.house import house
from portal.web.journey import language_name, page_date
from portal.web.shown import Shown, addressee_of, as_shown, law_of, whom
from portal.web.staff.desk import desk
from portal.web.staff.group import acting, cases
from portal.web.staff.group.case import detail_words
from portal.web.staff.group.membership import opened_group
from portal.web.staff.queue import organisation_words

blueprint = Blueprint("group_joint", __name__)

#: With some nine pages each they are as many as one dossier holds; a second complaint takes the others.
MOST_TOGETHER = 20


@dataclass(frozen=True, slots=True)
class Ready:
    """A case that can be in a complaint of many, and by which way."""

    shown: Shown
    option: Option

    @property
    def name(self) -> str:
        return str(self.shown.case.draft.details.get("full_name", ""))

    @property
    def at(self) -> tuple[str, str]:
        """The law and the authority: only those of one are together."""
        return self.option.way, self.option.addressee or ""


@dataclass(frozen=True, slots=True)
class Left:
    """A case that cannot, and why."""

    case_id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """The cases about one organisation, with who can complain together and who cannot."""

    ready: tuple[Ready, ...]
    left: tuple[Left, ...]

    def by_authority(self) -> Mapping[tuple[str, str], list[Ready]]:
        found: dict[tuple[str, str], list[Ready]] = {}
        for one in self.ready:
            found.setdefault(one.at, []).append(one)
        return found


@blueprint.get("/group/joint")
def choose() -> ResponseReturnValue:
    """About whom, and to which authority."""
    group, key = opened_group()
    with reading(house().engine) as session:
        about = group_queue.organisations(session, group.id)
    named = sorted(((id_, organisation_words(id_)) for id_ in about), key=lambda pair: pair[1].casefold())
    organisation = request.args.get("organisation", "")
    found = _found(group, key, organisation) if organisation in about else None
    return render_template(
        "staff/group/cases/joint.html",
        organisations=named,
        organisation=organisation if found else "",
        found=found,
        addressee_of=addressee_of,
        law_of=law_of,
        **cases.words(),
    )


@blueprint.route("/group/joint/<organisation>/<way>/<authority>", methods=["GET", "POST"])
def together(organisation: str, way: str, authority: str) -> ResponseReturnValue:
    """Who is in it, who is not and why; then the complaint as one PDF; then that it was sent."""
    group, key = opened_group()
    found = _found(group, key, organisation)
    ready = found.by_authority().get((way, authority))
    if not ready:
        raise NotFound
    form = JointForm()
    if group.mandated and form.validate_on_submit():
        chosen = [one for one in ready if one.shown.case.id in (form.cases.data or ())]
        answer = _sent(group, form, chosen) if request.form.get("do") == "sent" else _made(group, form, chosen)
        if answer:
            return answer
    option = ready[0].option
    return render_template(
        "staff/group/cases/joint_complaint.html",
        form=form,
        group=group,
        ready=ready,
        picked=[*form.cases.data] if form.is_submitted() else [one.shown.case.id for one in ready][:MOST_TOGETHER],
        left=[*found.left, *_elsewhere(found, (way, authority))],
        to=addressee_of(option),
        law=law_of(option),
        language=language_name(language_of(house().catalogue, house().templates, option)),
        answered=any(_is_answered(one.shown) for one in ready),
        organisation=organisation,
        most=MOST_TOGETHER,
        **cases.words(),
    ), (422 if form.errors else 200)


# Who


def _found(group: Group, key: Key, organisation: str) -> Found:
    """All cases about an organisation, each with what it can be in, or why in nothing."""
    ready: list[Ready] = []
    left: list[Left] = []
    for seen, shown in _read(group, key, organisation):
        found = _ready(seen, shown)
        if isinstance(found, Ready):
            ready.append(found)
        else:
            name = shown.case.draft.details.get("full_name", "") if shown else ""
            left.append(Left(seen.case.id, name, found))
    return Found(tuple(ready), tuple(left))


def _read(group: Group, key: Key, organisation: str) -> Iterator[tuple[Seen, Shown | None]]:
    """Each of them, opened where its person agrees to a complaint of many."""
    after = None
    while True:
        with reading(house().engine) as session:
            page = group_queue.page(session, Wanted(group.id, organisation=organisation), after, group_queue.MANY)
            ids = [one.case.id for one in page.cases if one.share.scope in READS and one.share.joint]
            read = group_sharing.open_for_group(session, ids, group.id, key)
        by_id = {one.id: as_shown(one) for one in read}
        yield from ((one, by_id.get(one.case.id)) for one in page.cases)
        if page.after is None:
            return
        after = page.after


def _ready(seen: Seen, shown: Shown | None) -> Ready | str:
    """By which way it goes, or why it does not."""
    if seen.share.scope not in READS:
        return str(_("You see only how far it is, not the letters"))
    if not seen.share.joint or shown is None:
        return str(_("The person has not agreed to be in a complaint of many"))
    if seen.case.status == Status.CLOSED:
        return str(_("The case is closed"))
    windows = [one for one in shown.clock.windows if _is_joint(one.option)]
    if not windows:
        return str(_("This law knows no complaint on a mandate"))
    window = windows[0]
    if any(one.way == way_of(window.option) and one.waits for one in shown.clock.complaints):
        return str(_("A complaint went to the authority already"))
    if window.stage is Stage.NOT_YET:
        return str(_("Their time to answer is not over"))
    if window.stage is Stage.CLOSED:
        closes = page_date(window.closes.earliest) if window.closes else ""
        return str(STAGES[Stage.CLOSED]) % {"closes": closes}
    asks = compose.asks(house().catalogue, window.option)
    missing = [str(detail_words(one.name)) for one in asks if _lacks(shown, one)]
    if missing:
        return str(_("The complaint needs: %(what)s", what=", ".join(missing)))
    return Ready(shown, window.option)


def _is_joint(option: Option) -> bool:
    """Whether it is a complaint to an authority that a group makes on a mandate."""
    known = option.right is Right.COMPLAINT and not option.to_organisation_first and option.addressee is not None
    return known and mandate_for(house().catalogue, option) is not None


def _lacks(shown: Shown, one: Any) -> bool:
    """Whether the complaint needs a detail that neither the person nor the case tells."""
    return not (one.optional or one.detail.of_one or shown.case.draft.details.get(one.name))


def _elsewhere(found: Found, at: tuple[str, str]) -> Iterator[Left]:
    """Those for whom another authority is competent, or another law holds."""
    for one in found.ready:
        if one.at != at:
            yield Left(one.shown.case.id, one.name, _("It goes to %(authority)s", authority=whom(one.option)))


def _is_answered(shown: Shown) -> bool:
    return any(event.kind is Kind.ANSWERED for event in shown.case.events)


# The complaint


def _made(group: Group, form: JointForm, chosen: Sequence[Ready]) -> Response | None:
    """The complaint as one PDF; None where something is missing, and the form says what."""
    _check(form, chosen)
    if not (form.address.data or "").strip():
        form.address.errors = [_("Enter your group’s postal address, for the answer")]
    if any(_is_answered(one.shown) for one in chosen) and not form.answer.data:
        form.answer.errors = [_("Choose what they got")]
    if form.errors:
        return None
    limits.attempt("render")
    answer = Response(desk().binder.joint(_complaint(group, form, chosen)), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename="complaint.pdf")
    return answer


def _check(form: JointForm, chosen: Sequence[Ready]) -> None:
    if not chosen:
        form.cases.errors = [_("Choose at least one case")]
    elif len(chosen) > MOST_TOGETHER:
        form.cases.errors = [
            _("Choose at most %(most)s cases: a second complaint takes the others", most=MOST_TOGETHER)
        ]


def _complaint(group: Group, form: JointForm, chosen: Sequence[Ready]) -> Joint:
    catalogue, option = house().catalogue, chosen[0].option
    language = language_of(catalogue, house().templates, option)
    address = "\n".join(lines_of(form.address.data or ""))
    people = tuple((one.name, _person(group, address, form.answer.data or "", language, one)) for one in chosen)
    asked = Request(
        Situation(chosen[0].shown.case.place, chosen[0].shown.body, Right.COMPLAINT),
        option,
        Sender(Role.GROUP, {}, group.name, (), address),
        house().today(),
        language,
    )
    letter = joint(catalogue, house().templates, asked, len(people))
    return Joint(letter, words_of(catalogue.languages[language], chosen[0].shown.case.place), people)


def _person(group: Group, address: str, answer: str, language: str, one: Ready) -> Dossier:
    """The complaint of one of them, written by the group on their mandate, with all that belongs to it."""
    catalogue, case = house().catalogue, one.shown.case
    values = _values(one, answer)
    situation = Situation(case.place, one.shown.body, Right.COMPLAINT, compose.events(values))
    asked = Request(
        situation,
        chosen_way(catalogue, situation, one.option.way) or one.option,
        Sender(Role.GROUP, values, group.name, (), address),
        house().today(),
        language,
    )
    letter = compose.compose(catalogue, house().templates, asked)
    return dossiers.bound_with(case, Made(letter), dossiers.to_organisation(case.letters))


def _values(one: Ready, answer: str) -> Mapping[str, str]:
    """What the complaint needs, as the person and the case tell it."""
    told = {**complaining.known_of(one.shown, one.option)}
    told["answer"] = answer if _is_answered(one.shown) else "none"
    names = [asked.name for asked in compose.asks(house().catalogue, one.option)]
    return {name: _text(told[name]) for name in names if told.get(name)}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


# Sent


def _sent(group: Group, form: JointForm, chosen: Sequence[Ready]) -> ResponseReturnValue | None:
    """That it was sent, in each of the cases; None where that cannot be, and the form says why."""
    _check(form, chosen)
    if not form.day.data:
        form.day.errors = [_("Enter the day on which it was sent")]
    if form.errors:
        return None
    said: dict[str, tuple[Shown, Said]] = {}
    try:
        for one in chosen:
            told = happening.Told(Kind.COMPLAINED, form.day.data, way=way_of(one.option), by_group=group.id)
            said[one.shown.case.id] = one.shown, happening.said_of(one.shown, told)
    except NotPossible as error:
        form.day.errors = [WHY_NOT[error.why]]
        return None
    acting.record(said, Action.JOINT_SENT)
    return redirect(url_for("group_cases.cases", done=len(said)))
