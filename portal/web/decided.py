"""What the person of a case can say to what the portal's staff decided: contest it, or go by the law they offer."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.cases import clock, following, tasks
from portal.cases.following import Case, NotPossible
from portal.cases.models import TaskRow
from portal.cases.status import Happened, Kind, Status
from portal.database import reading, transaction
from portal.letters.blocks import BadLetter
from portal.letters.compose import NoLetter
from portal.web import limits
from portal.web.cases import own_case
from portal.web.decision_words import GROUNDS, SAID
from portal.web.forms.case import FileForm
from portal.web.house import house
from portal.web.letter import Written, made_of, written_from
from portal.web.shown import as_shown, law_of

blueprint = Blueprint("decided", __name__)


def _decided(case: Case, id_: str) -> tuple[TaskRow, Sequence[TaskRow]]:
    """A decision of this case that counts, among all of it; no page where it is none."""
    with reading(house().engine) as session:
        rows = tasks.of_case(session, case.id)
    found = next((row for row in rows if row.id == id_ and tasks.counts(row)), None)
    if found is None:
        raise NotFound
    return found, rows


@blueprint.route("/cases/<id_>/contest/<task>", methods=["GET", "POST"])
def contest(id_: str, task: str) -> ResponseReturnValue:
    """Ask that somebody else looks at it."""
    case = own_case(id_)
    decided, rows = _decided(case, task)
    form = FileForm()
    if form.validate_on_submit():
        if tasks.can_be_contested(decided, rows):
            with transaction(house().engine) as session:
                tasks.contest(session, decided, house().today())
        return redirect(url_for("cases.case", id_=id_) + "#staff")
    if not tasks.can_be_contested(decided, rows):
        raise NotFound
    words = {"SAID": SAID, "GROUNDS": GROUNDS}
    page = render_template("cases/contest.html", form=form, shown=as_shown(case), decided=decided, **words)
    return page, (422 if form.errors else 200)


@blueprint.route("/cases/<id_>/another-law/<task>", methods=["GET", "POST"])
def another_law(id_: str, task: str) -> ResponseReturnValue:
    """Write the letter again under the law that the staff offer; the old one stays."""
    case = own_case(id_)
    decided, _rows = _decided(case, task)
    if decided.way is None or case.status is not Status.FILED:
        raise NotFound
    form, letter = FileForm(), _anew(case, decided.way)
    if letter and form.validate_on_submit():
        limits.attempt("render")
        with suppress(NotPossible):  # it was sent from another tab: the case says what is next
            _write(case, letter, decided)
        return redirect(url_for("cases.case", id_=id_))
    shown = as_shown(case)
    page = render_template(
        "cases/another_law.html",
        form=form,
        shown=shown,
        letter=letter,
        new=law_of(letter.option) if letter else "",
        old=law_of(shown.clock.option) if shown.clock.option else "",
        way=decided.way,
    )
    return page, (422 if form.errors else 200)


def _anew(case: Case, way: str) -> Written | None:
    """The letter under another law; None where that asks for details that nobody gave, or gives it no more."""
    draft = replace(case.draft, law=way, text=None, language="", also={})
    try:
        return written_from("", draft, draft.organisation)
    except (NotFound, NoLetter, BadLetter):
        return None


def _write(case: Case, letter: Written, decided: TaskRow) -> None:
    """Put it in the place of the first; the offer is taken."""
    today, happened = house().today(case.place), [Happened(Kind.FILED, case.filed_on)]
    now = clock.clock(house().catalogue, letter.situation, letter.draft.law, happened, today)
    until = clock.forget_on(now, happened, today)
    made = made_of(letter)
    with transaction(house().engine) as session:
        following.reroute(session, case, made, letter.draft, until, today)
        tasks.lift(session, decided.id, today)
