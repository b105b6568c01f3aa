"""From a case to the authority: the complaint or the appeal, with what the case tells already filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from portal.cases.clock import Window, day_of
from portal.cases.status import Kind
from portal.law.records import Confidence, Right
from portal.law.routing import Option, Situation, chosen, mandate_for
from portal.letters import compose
from portal.letters.compose import NoLetter, Request, Role, Sender
from portal.letters.details import DETAILS
from portal.letters.kept import Made
from portal.letters.letter import Layout
from portal.web import limits
from portal.web.cases import own_case
from portal.web.forms.letter import DetailsForm, details_form
from portal.web.happening import Note, unnoted
from portal.web.house import house
from portal.web.journey import drafted_among, language_name, named, said
from portal.web.language import current
from portal.web.letter import bodies_of
from portal.web.replying import keep
from portal.web.shown import Shown, addressee_of, as_shown, law_of, numbers, stage_of

blueprint = Blueprint("complaining", __name__)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the authority or to the court of appeal that a case has."""

    right: str
    way: str
    to: Markup
    law: Markup
    stage: str
    says: Markup
    first: bool
    """Whether it goes to the organisation itself, which the authority expects to see."""


@blueprint.get("/cases/<id_>/complain")
def ways(id_: str) -> ResponseReturnValue:
    """To whom, under which law, and until when."""
    shown = as_shown(own_case(id_))
    return render_template("cases/complain.html", shown=shown, ways=[*ways_of(shown)])


def ways_of(shown: Shown) -> Iterator[Way]:
    """The ways that this case has, each with what is said of it."""
    for window in shown.clock.windows:
        option = window.option
        if languages_of(option):
            yield Way(
                option.right.value,
                option.way,
                addressee_of(option),
                law_of(option),
                stage_of(window),
                said(option.before) if option.to_organisation_first else _says(option),
                option.to_organisation_first,
            )


def _says(option: Option) -> Markup:
    law = house().catalogue.laws.get(option.law or "")
    return said(law.rights[option.right].says) if law and law.rights[option.right].says else Markup()


def languages_of(option: Option) -> tuple[str, ...]:
    """Those that its letter is written in; none where it is not written."""
    try:
        return compose.written_in(house().catalogue, house().templates, option)
    except NoLetter:
        return ()


@blueprint.route("/cases/<id_>/complain/<right>/<way>", methods=["GET", "POST"])
def details(id_: str, right: str, way: str) -> ResponseReturnValue:
    """What the letter needs; the case tells most of it."""
    shown = as_shown(own_case(id_))
    option = option_of(shown, right, way)
    asked = compose.asks(house().catalogue, option)
    mandate = mandate_for(house().catalogue, option)
    form = form_of(shown, option, {})
    if form.validate_on_submit():
        letter = written(shown, option, form)
        return redirect(url_for("replying.letter", id_=id_, letter=letter))
    return render_template(
        "cases/complaint.html",
        form=form,
        shown=shown,
        asked=asked,
        to=addressee_of(option),
        mandate=mandate,
        named=named,
        CERTAIN=Confidence.CERTAIN,
    ), (422 if form.errors else 200)


def form_of(shown: Shown, option: Option, known: Mapping[str, object]) -> DetailsForm:
    """What asks for what the letter needs; the case tells most of it, and `known` goes before that."""
    asked, mandate = compose.asks(house().catalogue, option), mandate_for(house().catalogue, option)
    told = {**known_of(shown, option), **known}
    return details_form(asked, told, False, shown.today, _tongues(option), bodies_of(mandate))


def written(shown: Shown, option: Option, form: DetailsForm, note: Note = unnoted) -> str:
    """Write the letter, and keep it in the case; its id. `note` is done last in the same transaction."""
    limits.attempt("render")
    return keep(shown.case, _made(shown, option, form), note)


def _tongues(option: Option) -> Mapping[str, str]:
    """What there is to choose where the authority's language is only drafted; nothing where it is not."""
    languages = languages_of(option)
    draft = drafted_among(languages)
    if not draft:
        return {}
    name = language_name(draft)
    return {
        languages[0]: str(_("English, with a short cover in %(language)s", language=name)),
        draft: str(_("%(language)s, as a draft: no lawyer who writes it has read its words yet", language=name)),
    }


def option_of(shown: Shown, right: str, way: str) -> Option:
    """The way that an address names, of those that this case has; no page where it is none."""
    windows: tuple[Window, ...] = shown.clock.windows
    found = (one.option for one in windows if (one.option.right.value, one.option.way) == (right, way))
    option = next(found, None)
    if option is None or not languages_of(option):
        raise NotFound
    return option


def known_of(shown: Shown, option: Option) -> Mapping[str, object]:
    """What was told for the first letter, and what has happened since."""
    draft = shown.case.draft
    told: dict[str, object] = {"role": draft.role, "writer_name": draft.writer_name}
    told |= {"writer_address": draft.writer_address, "declared": draft.role == Role.GROUP.value}
    if draft.role == Role.GROUP.value and not mandate_for(house().catalogue, option):
        told["role"] = Role.AGENT.value
    for name, value in draft.details.items():
        told[name] = date.fromisoformat(value) if DETAILS[name].kind == "day" and value else value
    answered = day_of(shown.case.happened, Kind.ANSWERED)
    opens = next((one.opens for one in shown.clock.windows if one.option == option), None)
    if opens and opens <= shown.today:
        told.setdefault("known_on", opens)
    return told | {
        "request_sent_on": day_of(shown.case.happened, Kind.SENT),
        "received_on": day_of(shown.case.happened, Kind.RECEIVED),
        "answered_on": answered,
        "determined_on": answered,
        "answer": None if answered else "none",
    }


def _made(shown: Shown, option: Option, form: DetailsForm) -> Made:
    """The letter, its cover and its meaning."""
    catalogue, templates, draft = house().catalogue, house().templates, shown.case.draft
    values = form.values()
    situation = Situation(shown.case.place, shown.body, Right(option.right), compose.events(values))
    asked = Request(
        situation,
        chosen(catalogue, situation, option.way) or option,
        Sender(Role(form["role"].data), values, form.writer(), draft.organisation_address, form.group_address()),
        shown.today,
        form["language"].data if "language" in form else languages_of(option)[0],
        Layout(draft.layout) if draft.layout else None,
        their_reference=numbers(shown).get(option.addressee or "", ""),
    )
    letter = compose.compose(catalogue, templates, asked)
    cover, gloss = compose.cover(catalogue, templates, asked), compose.gloss(catalogue, templates, asked, current())
    return Made(letter, cover, gloss)
