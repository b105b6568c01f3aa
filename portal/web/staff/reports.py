"""What was reported as wrong, for those who put it right."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.cases import reports
from portal.cases.models import ReportRow
from portal.cases.reports import Report
from portal.database import erasing, reading
from portal.vault import Key, Unopened
from portal.web.forms.staff import DoneForm
from portal.web.house import house
from portal.web.staff.desk import asking, desk
from portal.web.staff.noting import note_report_done

blueprint = Blueprint("reports", __name__)


@blueprint.get("/reports")
def first() -> ResponseReturnValue:
    """The one that is forgotten first."""
    if desk().private is None:
        return render_template("staff/no_key.html")
    with reading(house().engine) as session:
        row = reports.oldest(session)
    if row is None:
        return render_template("staff/no_reports.html")
    return redirect(url_for("reports.report", id_=row.id))


@blueprint.route("/reports/<id_>", methods=["GET", "POST"])
def report(id_: str) -> ResponseReturnValue:
    """One of them: read it, or say that it was put right, which deletes it."""
    private = desk().private
    if private is None:
        return render_template("staff/no_key.html")
    form = DoneForm()
    if form.validate_on_submit():
        with erasing(house().engine) as session:
            reports.done(session, id_, asking().account.id, house().today())
            note_report_done(session, asking(), id_)
        return redirect(url_for("reports.first"))
    with reading(house().engine) as session:
        row, count = session.get(ReportRow, id_), reports.how_many(session)
        after = reports.oldest(session, id_)
    if row is None:
        raise NotFound
    words = {"row": row, "report": _read(row, private), "count": count, "after": after}
    return render_template("staff/report.html", form=form, **words)


def _read(row: ReportRow, private: Key) -> Report | None:
    """What it says; None where it was sealed to another key."""
    try:
        return reports.read(row, private)
    except Unopened:
        return None
