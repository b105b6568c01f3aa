"""A case that somebody wants help with: masked, unmasked with a reason, and what was written to and fro."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.accounts.permissions import Permission
from portal.cases import sharing, tasks, thread
from portal.cases.following import Case
from portal.cases.queue import Waiting
from portal.cases.tasks import MAY, NotInHand
from portal.database import reading, transaction
from portal.letters.details import DETAILS
from portal.letters.html import article
from portal.trail import Action, Reason
from portal.web import words
from portal.web.attaching import paper_of
from portal.web.case_words import HAPPENED
from portal.web.forms.queue import UnmaskForm
from portal.web.house import house
from portal.web.staff.desk import asking, desk
from portal.web.staff.noting import note_task_refused, note_unmasked
from portal.web.staff.queue import carried, of_mine
from portal.web.thread_words import as_shown as as_said
from portal.web.uploads import attachment

blueprint = Blueprint("opening", __name__)

_MASK = "•••"


def of_case(found: Waiting) -> Mapping[str, Any]:
    """What the page of such a task shows: the thread, and the case as far as it is shared and unmasked."""
    mine = tasks.is_mine(found.task, asking().account.id, house().clock())
    case = _opened(found)
    unmasked = case if case and mine and found.task.unmasked_for == asking().account.id else None
    return {
        "no_key": desk().private is None,
        "thread": _thread(found, mine),
        "masked": masked(case.draft.details.get("full_name", "")) if case else "",
        "unmasked": unmasked,
        "told": [*_told(unmasked)] if unmasked else [],
        "html": article(unmasked.made.letter, unmasked.made.gloss) if unmasked else "",
        "unmask": UnmaskForm(),
        "HAPPENED": HAPPENED,
    }


def masked(name: str) -> str:
    """The first letters alone, so that two of one's tasks are told apart; not how long the words are."""
    return " ".join(f"{word[0]}{_MASK}" for word in name.split()[:3])


def _opened(found: Waiting) -> Case | None:
    """The case, where its person shares it and the key is here."""
    private = desk().private
    if private is None or found.case is None:
        return None
    with reading(house().engine) as session:
        return sharing.open_for_staff(session, found.case.id, private)


def _thread(found: Waiting, mine: bool) -> list[Any]:
    """What was written, as it was before it was looked at; who has it in hand has seen it then."""
    private = desk().private
    if private is None or found.case is None:
        return []
    with reading(house().engine) as session:
        messages = thread.read_as_staff(session, found.case.id, private)
    if mine and any(not one.from_staff and not one.seen for one in messages):
        with transaction(house().engine) as session:
            thread.mark_seen(session, found.case.id, by_staff=True)
    return [as_said(one) for one in messages]


def _told(case: Case) -> list[tuple[Any, str]]:
    """The details that the person gave, in the order in which they are asked for."""
    given = case.draft.details
    return [(words.DETAILS[name][0], given[name]) for name in DETAILS if given.get(name) and name in words.DETAILS]


@blueprint.post("/tasks/<id_>/unmask")
def unmask(id_: str) -> ResponseReturnValue:
    """See who it is, and why; for as long as the task is in hand."""
    found, who, form = of_mine(id_), asking(), UnmaskForm()
    if found.case is None or found.task.matter not in MAY[Permission.HELP]:
        raise NotFound
    if form.validate_on_submit() and _opened(found):
        try:
            with transaction(house().engine) as session:
                tasks.unmask(session, id_, who.account.id, house().clock())
                note_unmasked(session, who, found.case.id, Reason(form.reason.data))
        except NotInHand:
            note_task_refused(who, Action.UNMASKED, id_, Reason.NOT_THEIRS)
    return redirect(url_for("tasks.task", id_=id_, **carried()))


@blueprint.get("/tasks/<id_>/papers/<paper>")
def paper(id_: str, paper: str) -> ResponseReturnValue:
    """A file that the person shares; no copy of an identity document."""
    found = of_mine(id_)
    case = of_case(found)["unmasked"] if found.task.matter in MAY[Permission.HELP] else None
    one = next((one for one in case.papers if one.id == paper), None) if case else None
    if case is None or one is None:
        raise NotFound
    try:
        return attachment(paper_of(case, one))
    except FileNotFoundError:
        raise NotFound from None
