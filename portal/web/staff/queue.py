"""The queue: what is to be decided, taken and decided one by one or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.cases import queue, tasks
from portal.cases.queue import MOST_COUNTED, Key, Waiting, Which
from portal.cases.tasks import Choice, Decision, Matter, NotByThem, NotInHand
from portal.database import reading, transaction
from portal.law.places import countries
from portal.law.routing import law_in
from portal.trail import Action, Reason, is_id
from portal.web.forms.queue import QueueForm, TogetherForm
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.journey import by_name, named, place_words
from portal.web.language import current
from portal.web.staff.desk import asking
from portal.web.staff.noting import note_task, note_task_refused
from portal.web.staff.task_words import MATTERS
from portal.web.words import RIGHTS

blueprint = Blueprint("queue", __name__)

#: So many filings are decided at once, and shown before.
MOST_TOGETHER = 100
#: What an address carries of what is wanted, so that the next task is of the same kind.
_CARRIED = ("matter", "which", "organisation", "place", "urgent")


@blueprint.get("/queue")
def first() -> ResponseReturnValue:
    """What is open, what is needed first standing first."""
    theirs, form = mine(), asked()
    wanted, who, now = form.wanted(theirs), asking().account.id, house().clock()
    with reading(house().engine) as session:
        page = queue.page(session, wanted, who, now, _after(request.args.get("after", "")))
        counts = queue.counts(session, theirs)
    return render_template(
        "staff/queue/queue.html",
        form=form,
        wanted=wanted,
        page=page,
        after=_written(page.after) if page.after else "",
        counts=counts,
        press=PressForm(),
        together=TogetherForm(),
        told=_told(request.args),
        **words(),
    ), (422 if form.errors else 200)


def mine() -> tuple[Matter, ...]:
    """What who is asking decides."""
    return tasks.matters(asking().may)


def asked() -> QueueForm:
    """What they want to see, as the address carries it."""
    form = QueueForm(MultiDict(request.args) if carried() else None)
    form.offer(mine(), by_name(house().catalogue.organisations.values()), _places())
    return form


def carried() -> Mapping[str, Any]:
    """What of it goes on to the next page."""
    return {name: request.args[name] for name in _CARRIED if request.args.get(name)}


def _places() -> Mapping[str, str]:
    """The states whose law we know."""
    states = house().catalogue.jurisdictions.keys() & countries(current()).keys()
    return dict(sorted(((id_, place_words(id_)) for id_ in states), key=lambda pair: pair[1].casefold()))


def _after(written: str) -> Key | None:
    """Where a page begins; the first one, where nothing or nothing sensible is said."""
    day, _dot, id_ = written.partition(".")
    try:
        return Key(date.fromisoformat(day), id_) if id_ and "\0" not in id_ else None
    except ValueError:
        return None


def _written(key: Key) -> str:
    return f"{key.decide_by.isoformat()}.{key.id}"


def _told(args: Mapping[str, str]) -> tuple[int, int] | None:
    """How many were decided at once, and how many were not to be had."""
    done, left = args.get("done", ""), args.get("left", "")
    return (int(done), int(left)) if done.isdecimal() and left.isdecimal() and len(done + left) < 9 else None


def words() -> Mapping[str, Any]:
    """What the pages of the queue call things by."""
    return {
        "MATTERS": MATTERS,
        "MOST_COUNTED": MOST_COUNTED,
        "organisation_words": organisation_words,
        "place_words": place_words,
        "right_words": lambda right: RIGHTS[right][0] if right in RIGHTS else right,
        "law_words": law_words,
        "me": asking().account.id,
        "now": house().clock(),
        "today": house().today(),
        "is_mine": tasks.is_mine,
        "is_taken": tasks.is_taken,
        "carried": carried(),
        "MARGIN": tasks.MARGIN,
        "CLAIM": tasks.CLAIM,
    }


def organisation_words(id_: str) -> str:
    """An organisation or another record of the catalogue by its name; one that nobody knows is not named here."""
    catalogue = house().catalogue
    found = catalogue.organisations.get(id_) or catalogue.addressees.get(id_)
    return named(found.name) if found else id_


def law_words(way: str) -> str:
    """The law of a way, in short."""
    id_, first = law_in(way)
    law = house().catalogue.laws.get(id_)
    name = named(law.short) if law else id_
    return str(_("%(law)s, first to the organisation itself", law=name)) if first else name


# Taking


@blueprint.post("/queue/next")
def take_next() -> ResponseReturnValue:
    """Take what is needed first and is in nobody's hands."""
    if not PressForm().validate_on_submit():
        return redirect(url_for("queue.first", **carried()))
    return onward()


def onward() -> ResponseReturnValue:
    """Take the next of what is wanted, and show it; the queue, where there is none."""
    who, now = asking().account.id, house().clock()
    wanted = replace(asked().wanted(mine()), which=Which.FREE)
    with transaction(house().engine) as session:
        held = queue.first(session, replace(wanted, which=Which.MINE), who, now, size=1)
        taken = held[0] if held else tasks.claim_first(session, queue.first(session, wanted, who, now), who, now)
        if taken and not held:
            note_task(session, asking(), Action.TASK_CLAIMED, taken)
    if taken is None:
        return redirect(url_for("queue.first", **carried()))
    return redirect(url_for("tasks.task", id_=taken, **carried()))


# Many at once


@blueprint.post("/queue/together")
def preview() -> ResponseReturnValue:
    """Show the filings that were chosen, before all of them are decided."""
    form = TogetherForm()
    chosen = _chosen(form) if form.validate_on_submit() else ()
    if not chosen:
        return redirect(url_for("queue.first", **carried()))
    return render_template("staff/queue/together.html", chosen=chosen, form=form, **words())


@blueprint.post("/queue/decided")
def decide_together() -> ResponseReturnValue:
    """All of them are right as they are; those that a colleague has are left to them."""
    form = TogetherForm()
    chosen = _chosen(form) if form.validate_on_submit() else ()
    done = sum(_decided(one.task.id) for one in chosen)
    return redirect(url_for("queue.first", done=done, left=len(form.tasks.data or ()) - done, **carried()))


def _chosen(form: TogetherForm) -> Sequence[Waiting]:
    """Those that were chosen and are filings; nothing else is decided many at once."""
    with reading(house().engine) as session:
        found = queue.shown(session, [*dict.fromkeys(filter(is_id, form.tasks.data or ()))][:MOST_TOGETHER])
    return [one for one in found if one.task.matter == Matter.FILED and Matter.FILED in mine()]


def _decided(id_: str) -> bool:
    """Whether a filing could be taken and is decided."""
    who, now = asking(), house().clock()
    try:
        with transaction(house().engine) as session:
            if not tasks.claim(session, id_, who.account.id, now):
                return False
            tasks.decide(session, id_, Decision(Choice.RIGHT), who.account.id, now, house().today())
            note_task(session, who, Action.TASK_DECIDED, id_, Choice.RIGHT)
    except NotByThem:
        note_task_refused(who, Action.TASK_CLAIMED, id_, Reason.SECOND_PERSON)
        return False
    except NotInHand:
        return False
    return True


def of_mine(id_: str) -> Waiting:
    """A task that who is asking decides; no page where it is another's to decide, or none."""
    with reading(house().engine) as session:
        found = next(iter(queue.shown(session, [id_])), None)
    if found is None:
        raise NotFound
    if found.task.matter not in mine():
        note_task_refused(asking(), Action.ACCESS_REFUSED, id_, Reason.NOT_THEIRS)
        raise NotFound
    return found
