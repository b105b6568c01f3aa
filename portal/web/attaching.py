"""The pages on which a person attaches files to their case, and has them back."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.cases import attaching, forgetting
from portal.cases.attaching import Attached, Shows, TooMany
from portal.cases.following import Case
from portal.database import transaction
from portal.papers.paper import Paper
from portal.web import limits
from portal.web.cases import own_case
from portal.web.forms.case import FileForm, PapersForm
from portal.web.house import house
from portal.web.shown import as_shown
from portal.web.uploads import attachment, takes_files

blueprint = Blueprint("attaching", __name__)


@blueprint.route("/cases/<id_>/papers", methods=["GET", "POST"])
@takes_files
def papers(id_: str) -> ResponseReturnValue:
    """Attach files: proof of sending, an answer, a copy of a document."""
    if request.method == "POST":
        limits.attempt("upload")
    case, form = own_case(id_), PapersForm()
    if form.validate_on_submit() and _kept(case, form):
        return redirect(url_for("cases.case", id_=id_) + "#papers")
    shown = as_shown(case)
    return render_template("cases/papers.html", form=form, shown=shown, case=case), (422 if form.errors else 200)


def _kept(case: Case, form: PapersForm) -> bool:
    """Keep the files, then their rows; a row without its file would be a promise that nobody can keep."""
    shows, today = Shows(form.shows.data), house().today(case.place)
    ready = tuple(attaching.prepared(case.id, case.public, shows, one, today) for one in form.papers.papers)
    for one in ready:
        house().files.keep(one.row.id, one.sealed)
    try:
        with transaction(house().engine) as session:
            attaching.keep(session, case.id, ready)
    except TooMany:
        for one in ready:
            house().files.drop(one.row.id)
        form.papers.errors = [_("This case has as many files as it may have: erase some that you no longer need")]
        return False
    return True


@blueprint.get("/cases/<id_>/papers/<paper>")
def paper(id_: str, paper: str) -> ResponseReturnValue:
    """A file, as it was kept."""
    case = own_case(id_)
    try:
        return attachment(paper_of(case, _one(case, paper)))
    except FileNotFoundError:
        raise NotFound from None


def paper_of(case: Case, one: Attached) -> Paper:
    """Raises FileNotFoundError where it is gone."""
    return attaching.content(house().files, case.private, one)


@blueprint.post("/cases/<id_>/papers/<paper>/erase")
def erase(id_: str, paper: str) -> ResponseReturnValue:
    """Erase one file."""
    case = own_case(id_)
    if FileForm().validate_on_submit():
        house().eraser.carry_out(partial(forgetting.erase_paper, id_=_one(case, paper).id))
    return redirect(url_for("cases.case", id_=id_) + "#papers")


def _one(case: Case, id_: str) -> Attached:
    """A file of the case; no page where it is another's, or gone."""
    found = next((one for one in case.papers if one.id == id_), None)
    if found is None:
        raise NotFound
    return found
