"""The same to several organisations, a letter each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from portal.cases.drafts import Also, Draft
from portal.law.routing import Situation
from portal.letters.alike import Alike, alike
from portal.web import browser, limits
from portal.web.contacts import contact_of
from portal.web.filing import is_filed
from portal.web.forms.others import OthersForm
from portal.web.house import house
from portal.web.journey import named, organisation_of, place_words, polices, right_of
from portal.web.letter import Written, all_of, behind, draft_of, keep, made_of
from portal.web.shapes import TOGETHER, files, together
from portal.web.zips import Member, as_zip

blueprint = Blueprint("others", __name__)


@blueprint.route("/letter/<id_>/others", methods=["GET", "POST"])
def others(id_: str) -> ResponseReturnValue:
    """Whom else the same can be asked of, with the details that are there."""
    draft = draft_of(id_)
    if is_filed(draft):
        return redirect(url_for("filing.filed", id_=id_))
    found = _alike(draft)
    form = OthersForm(data={"others": [one for one in draft.also if one in found]})
    form.others.choices = [_choice(one) for one in found.values()]
    if request.method == "POST":
        limits.attempt("details")
    if form.validate_on_submit():
        key = browser.key()
        assert key
        keep(_to_these(draft, [one for other, one in found.items() if other in (form.others.data or ())]), key, id_)
        return browser.remember(redirect(url_for("letter.preview", id_=id_)), key)
    return render_template(
        "letter/others.html",
        form=form,
        id_=id_,
        found=found,
        polices=any(polices(one.organisation) for one in found.values()),
        journey=behind(draft),
    ), (422 if form.errors else 200)


def _alike(draft: Draft) -> Mapping[str, Alike]:
    body = organisation_of(draft.organisation, draft.known_as)
    situation = Situation(draft.place, body, right_of(draft.right))
    found = alike(house().catalogue, house().templates, situation, draft.details)
    return {one.organisation.id: one for one in found}


def _choice(one: Alike) -> SelectChoice:
    """An organisation, with where it sits and the law that its letter leans on."""
    law = house().catalogue.laws.get(one.option.law or "")
    basis = named(law.short) if law else _("no law obliges them to answer")
    seat = one.organisation.jurisdiction
    hint = f"{place_words(seat)} · {basis}" if seat else basis
    return SelectChoice(one.organisation.id, named(one.organisation.name), render_kw={"hint": hint})


def _to_these(draft: Draft, chosen: list[Alike]) -> Draft:
    """What was written to one that stays is kept."""
    also = {one.organisation.id: draft.also.get(one.organisation.id, Also(one.option.way)) for one in chosen}
    return replace(draft, also=also)


@blueprint.get(f"/letter/<id_>/{TOGETHER}")
def all_letters(id_: str) -> ResponseReturnValue:
    """All letters as one PDF, to be printed at once."""
    limits.attempt("render")
    return together([made_of(one) for one in all_of(id_, draft_of(id_))])


@blueprint.get("/letter/<id_>/letters.zip")
def zipped(id_: str) -> ResponseReturnValue:
    """Every letter in all its shapes."""
    limits.attempt("render")
    return as_zip("letters.zip", _members(all_of(id_, draft_of(id_))))


def _members(letters: Sequence[Written]) -> Iterator[Member]:
    """Folders have numbers: a name would be read by whoever sees the zip. A list inside says whose is which."""
    listed = "".join(f"{n:02}  {named(one.body.name)}\n" for n, one in enumerate(letters, start=1))
    yield "contents.txt", listed.encode()
    for n, one in enumerate(letters, start=1):
        contact = contact_of(one.option, one.body)
        for name, content in files(made_of(one), contact, one.draft.details.get("email", "")):
            yield f"{n:02}/{name}", content
