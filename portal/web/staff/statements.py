"""What organisations say beside their figures, for those who take it down."""

from contextlib import suppress
from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.cases import forgetting, statements
from portal.cases.forgetting import Erased
from portal.cases.statements import Fault, NotShown, Statement
from portal.database import reading
from portal.web.forms.staff import TakeDownForm
from portal.web.house import house
from portal.web.record_words import FAULTS
from portal.web.staff.desk import asking
from portal.web.staff.noting import note_taken_down
from portal.web.staff.queue import organisation_words

blueprint = Blueprint("statements", __name__)


@blueprint.get("/answers")
def every() -> ResponseReturnValue:
    """All of them, by organisation."""
    with reading(house().engine) as session:
        found = statements.every(session)
    return render_template("staff/statements.html", found=found)


@blueprint.route("/answers/<id_>/<int(max=9999):n>", methods=["GET", "POST"])
def one(id_: str, n: int) -> ResponseReturnValue:
    """One of them, and taking it down; whoever comes second finds among all of them that it is."""
    form = TakeDownForm()
    if form.validate_on_submit():
        with suppress(NotShown):
            house().eraser.carry_out(partial(_take_down, id_=id_, n=n, fault=Fault(form.fault.data)))
        return redirect(url_for("statements.every"))
    page = render_template("staff/statement.html", form=form, id_=id_, said=_shown(id_, n))
    return page, (422 if form.errors else 200)


def _take_down(session: Session, id_: str, n: int, fault: Fault) -> Erased:
    erased = forgetting.take_down(session, id_, n, fault, house().today())
    note_taken_down(session, asking(), id_, fault)
    return erased


def _shown(id_: str, n: int) -> Statement:
    with reading(house().engine) as session:
        found = next((one for one in statements.of(session, id_) if one.n == n and not one.fault), None)
    if found is None:
        raise NotFound
    return found


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {"FAULTS": FAULTS, "organisation_words": organisation_words}
