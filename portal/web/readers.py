"""The page on which a person says who may read their case."""

from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.cases import forgetting, sharing
from portal.cases.following import Case
from portal.cases.forgetting import Erased
from portal.cases.sharing import Readers
from portal.vault import PublicHalf
from portal.web.cases import own_case
from portal.web.forms.readers import ReadersForm
from portal.web.house import house
from portal.web.shown import as_shown

blueprint = Blueprint("readers", __name__)


@blueprint.route("/cases/<id_>/readers", methods=["GET", "POST"])
def readers(id_: str) -> ResponseReturnValue:
    """Let the portal's staff read the case, or take that back; say whether it is urgent."""
    case, staff = own_case(id_), house().config.staff_public_key
    if staff is None and not case.shared:
        raise NotFound
    now = Readers.STAFF if case.shared else Readers.FILER
    form = ReadersForm(data={"readers": now.value, "urgent": case.urgent})
    if form.validate_on_submit():
        change = partial(_change, case=case, wanted=Readers(form.readers.data), urgent=form.urgent.data, staff=staff)
        house().eraser.carry_out(change)
        return redirect(url_for("cases.case", id_=id_) + "#readers")
    return render_template("cases/readers.html", form=form, shown=as_shown(case), case=case), (
        422 if form.errors else 200
    )


def _change(session: Session, case: Case, wanted: Readers, urgent: bool, staff: PublicHalf | None) -> Erased:
    sharing.say_urgent(session, case.id, urgent)
    if wanted is Readers.FILER:
        return forgetting.withdraw(session, case.id)
    if staff:
        sharing.share(session, case, staff)
    return Erased()
