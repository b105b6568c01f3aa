"""The letter itself: details, preview, taking it."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.cases import drafts
from portal.cases.case_key import new_case_key
from portal.cases.drafts import Draft
from portal.database import reading, transaction
from portal.law.records import Confidence, Form, Mandate, Organisation, Right
from portal.law.routing import TO_AUTHORITY, Option, Situation, chosen, mandate_for
from portal.letters import blocks, compose, shapes
from portal.letters.alike import may_be_shared
from portal.letters.blocks import BadLetter
from portal.letters.channels import email, form, portal
from portal.letters.compose import NoLetter, Request, Role, Sender
from portal.letters.details import DETAILS, together
from portal.letters.fonts import unsupported
from portal.letters.html import article
from portal.letters.kept import Made
from portal.letters.letter import Gloss, Layout, Letter
from portal.vault import Key
from portal.web import browser, followed, journey, limits
from portal.web.contacts import To, contact_of, recipients
from portal.web.forms.letter import DetailsForm, TextForm, details_form
from portal.web.house import house
from portal.web.journey import (
    Behind,
    came_by,
    drafted_among,
    due_words,
    known_as,
    language_name,
    named,
    option_of,
    organisation_of,
    page_date,
    place_words,
    polices,
    right_of,
)
from portal.web.language import current, refused
from portal.web.shapes import NAMES, as_file, forget
from portal.web.words import LAYOUTS, RIGHTS

blueprint = Blueprint("letter", __name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter of a draft, with all that it needs."""

    id: str
    whole: Draft
    draft: Draft
    """Of this letter alone."""
    body: Organisation
    situation: Situation
    option: Option
    request: Request
    letter: Letter

    @property
    def to(self) -> str | None:
        """How an address names this letter; it needs no name where it is the first."""
        return self.draft.organisation if self.draft.organisation != self.whole.organisation else None


# Your details


@blueprint.route("/to/<organisation>/<right>/<place>/<way>", methods=["GET", "POST"])
def details(organisation: str, right: str, place: str, way: str) -> ResponseReturnValue:
    """Only what this letter needs."""
    body, wanted = organisation_of(organisation, known_as()), right_of(right)
    option = option_of(body, wanted, place, way)
    came = came_by().get(followed.NAME, "")
    empty = Draft(place=place, organisation=organisation, right=right, law=way, known_as=known_as(), campaign=came)
    return _details(replace(empty, case_key=new_case_key()), body, option, None)


@blueprint.route("/letter/<id_>/details", methods=["GET", "POST"])
def change(id_: str) -> ResponseReturnValue:
    """The details again, as they were."""
    draft = draft_of(id_)
    body = organisation_of(draft.organisation, draft.known_as)
    return _details(draft, body, option_of(body, right_of(draft.right), draft.place, draft.law), id_)


def _details(draft: Draft, body: Organisation, option: Option, id_: str | None) -> ResponseReturnValue:
    ask_organisation = compose.asks_contact(house().catalogue, option.addressee, body)
    others = [_routed(draft.alone(organisation)) for organisation in draft.also]
    needed = [one for _, other in others for one in compose.asks(house().catalogue, other)]
    asked = together(compose.asks(house().catalogue, option), needed)
    mandate = mandate_for(house().catalogue, option)
    form = details_form(
        asked, _as_data(draft), ask_organisation, house().today(draft.place), bodies=bodies_of(mandate)
    )
    if request.method == "POST":
        limits.attempt("details")
    if form.validate_on_submit():
        return _kept(_with_details(draft, form), id_)
    return render_template(
        "letter/details.html",
        form=form,
        body=body,
        polices=any(polices(one) for one in (body, *(other for other, _ in others))),
        named=named,
        option=option,
        right_words=RIGHTS[option.right][0] if option.right in RIGHTS else option.right.value,
        place_words=place_words(draft.place),
        complaint=option.right in TO_AUTHORITY,
        journey=behind(draft),
        asked=asked,
        mandate=mandate,
        CERTAIN=Confidence.CERTAIN,
    ), (422 if form.errors else 200)


def _as_data(draft: Draft) -> dict[str, object]:
    """A draft as the form takes it: dates as dates."""
    values: dict[str, object] = {"role": draft.role, "writer_name": draft.writer_name}
    values |= {"writer_address": draft.writer_address, "declared": draft.role == Role.GROUP.value}
    values["organisation_address"] = draft.known_as.get("address", "")
    values["organisation_email"] = draft.known_as.get("email", "")
    for name, value in draft.details.items():
        day = DETAILS[name].kind == "day"
        values[name] = date.fromisoformat(value) if day and value else value
    return values


def _with_details(draft: Draft, form: DetailsForm) -> Draft:
    """The draft with what was typed."""
    known = {**draft.known_as, **form.organisation()}
    return replace(
        draft,
        role=form["role"].data,
        writer_name=form.writer(),
        writer_address=form.group_address(),
        details=form.values(),
        known_as=known,
    )


def _kept(draft: Draft, id_: str | None) -> ResponseReturnValue:
    """Seal the draft and go on to its letter."""
    key = browser.key_or_new()
    kept = keep(draft, key, id_)
    return browser.remember(redirect(url_for("letter.preview", id_=kept)), key)


def keep(draft: Draft, key: Key, id_: str | None) -> str:
    """Seal a draft under the browser's key; its id."""
    now = house().clock()
    with transaction(house().engine) as session:
        return drafts.keep(session, key, draft, now, id_)


def draft_of(id_: str) -> Draft:
    """The draft of this browser; no page where it is another's, taken, or forgotten."""
    key = browser.key()
    if key is None:
        raise NotFound
    with reading(house().engine) as session:
        found = drafts.find(session, key, id_, house().clock())
    if found is None:
        raise NotFound
    return found


def written_of(id_: str) -> Written:
    """The letter of a draft that the address is about."""
    whole = draft_of(id_)
    return written_from(id_, whole, _to(whole))


def all_of(id_: str, whole: Draft) -> tuple[Written, ...]:
    """All letters of a draft, one an organisation."""
    return tuple(written_from(id_, whole, organisation) for organisation in whole.organisations)


def _to(whole: Draft) -> str:
    """To whom the letter of the address goes: the first, unless it names another; no page where that is none."""
    to = request.args.get("to", whole.organisation)
    if to not in whole.organisations:
        raise NotFound
    return to


def _routed(draft: Draft) -> tuple[Organisation, Option]:
    body = organisation_of(draft.organisation, draft.known_as)
    return body, option_of(body, right_of(draft.right), draft.place, draft.law)


def written_from(id_: str, whole: Draft, to: str) -> Written:
    """One of the letters of a draft. Raises NotFound where the law gives it no more, NoLetter and BadLetter."""
    draft = whole.alone(to)
    body, option = _routed(draft)
    situation = Situation(
        draft.place, body, option.right, compose.events(draft.details), on_behalf_of=_other(draft.role)
    )
    languages = compose.written_in(house().catalogue, house().templates, option)
    sender = sender_of(draft)
    asked = Request(
        situation,
        option,
        sender,
        house().today(draft.place),
        draft.language if draft.language in languages else languages[0],
        Layout(draft.layout) if draft.layout else None,
        draft.text,
    )
    letter = compose.compose(house().catalogue, house().templates, asked)
    return Written(id_, whole, draft, body, situation, option, asked, letter)


def sender_of(draft: Draft) -> Sender:
    """Who writes the letter of a draft."""
    return Sender(
        Role(draft.role), draft.details, draft.writer_name, draft.organisation_address, draft.writer_address
    )


def bodies_of(mandate: Mandate | None) -> str:
    """The kinds of group that may write on a mandate, in the language of the page; empty where there is none."""
    return named(mandate.bodies) if mandate else ""


def _other(role: str) -> str:
    return "" if role == Role.SELF.value else role


# Read your letter


@blueprint.route("/letter/<id_>", methods=["GET", "POST"])
def preview(id_: str) -> ResponseReturnValue:
    """The letter, with what it means, to be changed."""
    if request.method == "POST":
        return _changed(id_)
    written = written_of(id_)
    form = TextForm(text=blocks.text(written.letter.body))
    return _preview(written, form)


def _changed(id_: str) -> ResponseReturnValue:
    """Keep another text, language or envelope; or put our own words back."""
    draft, do = draft_of(id_), request.form.get("do", "")
    to, key = _to(draft), browser.key()
    assert key
    form = TextForm()
    if do == "text":
        if not form.validate_on_submit():
            return _preview(written_of(id_), form), 422
        try:
            blocks.fill(blocks.parse(form.text.data), {})
        except BadLetter as error:
            form.text.errors = [_("This text cannot be read: %(why)s.", why=refused(error))]
            return _preview(written_of(id_), form), 422
        draft = draft.rewritten(to, text=form.text.data)
    elif do == "ours":
        draft = draft.rewritten(to, text=None)
    elif do == "look":
        language, layout = request.form.get("language", ""), request.form.get("layout", "")
        draft = draft.rewritten(
            to,
            language=language if language in house().catalogue.languages else "",
            layout=layout if layout in LAYOUTS else "",
            text=draft.alone(to).text if language == written_of(id_).request.language else None,
        )
    keep(draft, key, id_)
    return browser.remember(redirect(url_for("letter.preview", id_=id_, to=request.args.get("to"))), key)


def _preview(written: Written, form: TextForm) -> str:
    catalogue, templates = house().catalogue, house().templates
    wanted = compose.wanted_language(written.option)
    languages = compose.written_in(catalogue, templates, written.option)
    meaning = _gloss(written)
    return render_template(
        "letter/preview.html",
        written=written,
        form=form,
        html=article(written.letter, meaning),
        meaning=meaning,
        body=written.body,
        named=named,
        language_name=language_name,
        wanted=wanted,
        tongues=languages,
        draft=drafted_among(languages),
        layouts=LAYOUTS,
        covered=_cover(written) is not None,
        changed=compose.changed(catalogue, templates, written.request),
        left_out=_left_out(written),
        window=_window(written),
        letters=letters(written.whole),
        to=_recipients(written.whole).values(),
        may_be_shared=may_be_shared(written.option.right),
        journey=behind(written.whole),
    )


def _gloss(written: Written) -> Gloss | None:
    return compose.gloss(house().catalogue, house().templates, written.request, current())


def letters(draft: Draft) -> list[tuple[str | None, str]]:
    """The letters of a draft, for a list that leads to them: how an address names each, and to whom it goes."""
    first = named(organisation_of(draft.organisation, draft.known_as).name)
    return [(None, first), *((one, named(house().catalogue.organisations[one].name)) for one in draft.also)]


def _recipients(draft: Draft) -> dict[str, To]:
    """To whom each letter of a draft goes, by the organisation that it is about."""
    routed = {organisation: _routed(draft.alone(organisation)) for organisation in draft.organisations}
    return dict(zip(routed, recipients((option, body) for body, option in routed.values()), strict=True))


def behind(draft: Draft) -> Behind:
    """The way to a letter; a campaign that is over by now is on it no more."""
    came = followed.followed(draft.campaign)
    return journey.behind(draft.organisation, draft.right, draft.place, draft.known_as, came)


def _left_out(written: Written) -> tuple[str, ...]:
    """The characters that the letter's fonts cannot set."""
    return unsupported(shapes.printed(written.letter))


def _window(written: Written) -> str:
    """That the time to complain or to appeal is over, or when it ends; "" where the law sets none."""
    if written.option.right not in (Right.COMPLAINT, Right.APPEAL):
        return ""
    found = chosen(house().catalogue, written.situation, written.draft.law)
    due = found.due if found else None
    if due is None:
        return ""
    if due.day < house().today(written.draft.place):
        ended = _(
            "By the dates you gave, the time to do this ended on %(day)s. Late complaints are often rejected: "
            "check the dates, or speak to a lawyer before you send it.",
            day=page_date(due.day),
        )
        return str(ended)
    return str(_("By the dates you gave, the last day for this is %(day)s.", day=page_date(due.day)))


# Take it


@blueprint.get("/letter/<id_>/take")
def take(id_: str) -> ResponseReturnValue:
    """The letter in its shapes, and how to send it."""
    written = written_of(id_)
    to = _recipients(written.whole)
    contact = to[written.draft.organisation].contact
    catalogue = house().catalogue
    known = catalogue.addressees.get(written.option.addressee or "")
    given = written.draft.details.get("email", "")
    name = named(written.body.name)
    forms: list[tuple[Form, list[form.Pasted]]] = [
        (one, list(form.pasted(one, written.letter, name, given))) for one in (known.forms if known else ())
    ]
    return render_template(
        "letter/take.html",
        written=written,
        body=written.body,
        named=named,
        contact=contact,
        lines=written.letter.addressee,
        portal_only=bool(contact and portal.only(contact)),
        mailto=email.link(contact, written.letter) if contact and email.can(contact) else "",
        text=shapes.text(written.letter),
        short=shapes.short(written.letter),
        subject=shapes.subject(written.letter),
        forms=forms,
        cover=_cover(written),
        meaning=_gloss(written),
        draft=drafted_among((written.request.language,)),
        due=due_words(written.option),
        letters=letters(written.whole),
        to=to.values(),
        journey=behind(written.whole),
        language_name=language_name,
    )


def made_of(written: Written) -> Made:
    """The letter with its meaning, and with its cover where it is not in the authority's language."""
    return Made(written.letter, _cover(written), _gloss(written))


def _cover(written: Written) -> Letter | None:
    """The cover in the authority's language, where the complaint itself is not written in it."""
    return compose.cover(house().catalogue, house().templates, written.request)


def shaped(id_: str, shape: str) -> ResponseReturnValue:
    """The letter, its cover or its meaning as a file."""
    limits.attempt("render")
    written = written_of(id_)
    contact = contact_of(written.option, written.body)
    return as_file(shape, made_of(written), contact, written.draft.details.get("email", ""))


for _name in NAMES:
    blueprint.add_url_rule(f"/letter/<id_>/{_name}", view_func=shaped, defaults={"shape": _name})


@blueprint.post("/letter/<id_>/done")
def done(id_: str) -> ResponseReturnValue:
    """The letter is taken: forget it, also where it was forgotten before or can no longer be made."""
    key = browser.key()
    if key:
        with suppress(NotFound, NoLetter, BadLetter):
            for written in all_of(id_, draft_of(id_)):
                forget(made_of(written))
        with transaction(house().engine) as session:
            drafts.forget(session, key, id_, house().clock())
    return redirect(url_for("letter.gone"))


@blueprint.get("/taken")
def gone() -> ResponseReturnValue:
    """Nothing is left here; what to do next."""
    return render_template("letter/gone.html")
