"""The trail, for whoever audits the portal; they read no case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from wtforms.fields import SelectChoice

from portal import alarm, heads, trail
from portal.accounts import people
from portal.database import reading, transaction
from portal.heads import Checked
from portal.trail import Action, Head, Wanted, newest
from portal.web.forms.staff import PressForm, TrailForm
from portal.web.house import house
from portal.web.staff.desk import asking
from portal.web.staff.noting import note_exported, note_verified
from portal.web.staff.sheet import sheet
from portal.web.staff.trail_words import WRONG, line, named, names
from portal.web.streaming import streamed
from portal.web.words import Words

blueprint = Blueprint("trail", __name__)

#: Rows on a page, and alarms that are told at once.
_MANY, _ALARMS = 50, 20


@blueprint.get("/trail")
def rows() -> ResponseReturnValue:
    """The rows that are asked for, the newest first."""
    with reading(house().engine) as session:
        known = _known(session)
        form = _form(known)
        found = newest(session, form.wanted(), _MANY + 1, form.row_before) if form.validate() else []
        alarms = newest(session, _raised(), _ALARMS)
    shown = {"lines": [line(row, known) for row in found[:_MANY]], "alarms": [line(row, known) for row in alarms]}
    page = {"asked": form.asked(), "older": found[_MANY - 1].n if len(found) > _MANY else None, "most": alarm.MOST}
    return render_template("staff/trail.html", form=form, **shown, **page), (422 if form.errors else 200)


def _known(session: Session) -> Mapping[str, Words]:
    return names(people.all_accounts(session, house().config.staff_secret))


def _form(known: Mapping[str, Words]) -> TrailForm:
    """What the address asks for; an account that the portal has forgotten can still be asked for."""
    asked = request.args.get("actor", "")
    everybody = {**known, **({asked: named(asked, known)} if trail.is_id(asked) else {})}
    return TrailForm([SelectChoice(id_, words) for id_, words in everybody.items()], request.args)


def _raised() -> Wanted:
    """The alarms that are told first of all."""
    return Wanted(action=Action.ALARM.value, since=house().clock() - alarm.TOLD)


@blueprint.post("/trail/rows.csv")
def download() -> ResponseReturnValue:
    """All rows that are asked for, as a file; that somebody took them is noted before they are sent."""
    with reading(house().engine) as session:
        known = _known(session)
    form = _form(known)
    if not form.validate():
        asked: dict[str, Any] = {field.name: request.args.getlist(field.name) for field in form}
        return redirect(url_for("trail.rows", **asked))
    with transaction(house().engine) as session:
        note_exported(session, asking())
    return streamed("trail.csv", "text/csv; charset=utf-8", sheet(form.wanted(), known))


@dataclass(frozen=True, slots=True)
class Kept:
    """The heads that this application finds where they are kept."""

    heads: list[Head]
    unread: int
    """How many lines are no heads."""
    reached: bool
    """Whether the file could be read."""


@blueprint.route("/trail/check", methods=["GET", "POST"])
def check() -> ResponseReturnValue:
    """How far the trail has come and where its heads are kept; and whether it is as it was written."""
    form, kept = PressForm(), _kept()
    found = _checked(kept) if form.validate_on_submit() else None
    with reading(house().engine) as session:
        last = found.last if found else trail.head(session)
    words: dict[str, Any] = {"kept": kept, "found": found, "last": last, "WRONG": WRONG}
    return render_template("staff/trail_check.html", form=form, config=house().config, **words)


def _kept() -> Kept:
    try:
        return Kept(*heads.known(house().config.trail_heads), reached=True)
    except OSError:
        return Kept([], 0, reached=False)


def _checked(kept: Kept) -> Checked:
    """Look at all of it, and note that somebody did."""
    found = heads.check(house().engine, kept.heads)
    with transaction(house().engine) as session:
        note_verified(session, asking(), whole=found.fault is None)
    return found
