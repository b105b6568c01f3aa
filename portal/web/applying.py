"""Where a group asks to be let in; the staff decide."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases import applications, tasks
from portal.cases.tasks import Matter
from portal.columns import Until
from portal.database import transaction
from portal.law.places import countries
from portal.web import limits
from portal.web.forms.applying import ApplyForm
from portal.web.house import house
from portal.web.language import current
from portal.web.words import UNTIL

blueprint = Blueprint("applying", __name__)


@blueprint.route("/groups/apply", methods=["GET", "POST"])
def apply() -> ResponseReturnValue:
    """Say who the group is; sealed for staff, or not taken where nobody would read it."""
    staff = house().config.staff_public_key
    form = ApplyForm()
    form.offer(countries(current()))
    if staff is None or not form.validate_on_submit():
        words = {"operator": house().config.operator, "staff": staff, "until": UNTIL[Until.TASK]}
        return render_template("groups/apply.html", form=form, **words), 422 if form.errors else 200
    if not form.is_trapped:
        limits.attempt("message")
        with transaction(house().engine) as session:
            applications.leave(session, staff, house().config.lookup_key, form.application(), house().today())
    return redirect(url_for("applying.received"))


@blueprint.get("/groups/apply/received")
def received() -> ResponseReturnValue:
    """What happens next, and when."""
    return render_template("groups/received.html", days=tasks.DAYS[Matter.GROUP])
