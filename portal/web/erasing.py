"""The pages on which a person erases what they filed."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.cases import following, forgetting
from portal.cases.following import Case
from portal.cases.opening import Opened
from portal.database import reading
from portal.web import browser, shapes
from portal.web.cases import NotOpen, opened
from portal.web.forms.case import FileForm
from portal.web.house import house
from portal.web.journey import named, organisation_of

blueprint = Blueprint("erasing", __name__)


@blueprint.route("/cases/<id_>/erase", methods=["GET", "POST"])
def erase_case(id_: str) -> ResponseReturnValue:
    """Erase one case; pressed twice it is erased once."""
    mine, form = opened(), FileForm()
    found = _cases(mine)
    chosen = [case for case in found if case.id == id_]
    if form.validate_on_submit():
        if chosen:
            house().eraser.carry_out(partial(forgetting.erase_case, id_=id_, today=house().clock().date()))
        return _gone(chosen, others=len(found) > len(chosen))
    if not chosen:
        raise NotFound
    return _asked(form, chosen, whole=len(found) == 1), (422 if form.errors else 200)


@blueprint.route("/cases/erase", methods=["GET", "POST"])
def erase_all() -> ResponseReturnValue:
    """Erase all that was filed together."""
    mine, form = opened(), FileForm()
    found = _cases(mine)
    if form.validate_on_submit():
        house().eraser.carry_out(partial(forgetting.erase_filing, id_=mine.filing_id, today=house().clock().date()))
        return _gone(found, others=False)
    return _asked(form, found, whole=True), (422 if form.errors else 200)


@blueprint.get("/erased")
def erased() -> ResponseReturnValue:
    """It is gone."""
    try:
        opened()
    except NotOpen:
        return render_template("cases/erased.html", others=False)
    return render_template("cases/erased.html", others=True)


def _cases(mine: Opened) -> tuple[Case, ...]:
    with reading(house().engine) as session:
        return following.cases(session, mine)


def _asked(form: FileForm, cases: Sequence[Case], whole: bool) -> str:
    """What goes, before it goes; `whole` where the key opens nothing afterwards."""
    names = [named(organisation_of(case.organisation, case.draft.known_as).name) for case in cases]
    return render_template("cases/erase.html", form=form, names=names, whole=whole)


def _gone(cases: Sequence[Case], others: bool) -> ResponseReturnValue:
    """No copy in memory either, and where nothing is left, nothing that this browser has open."""
    for case in cases:
        shapes.forget(case.made)
    answer = redirect(url_for("erasing.erased"))
    return answer if others else browser.forget_case(answer)
