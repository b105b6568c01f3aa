"""Copies of identity documents: asking to see one, and seeing it, once a second person has agreed."""

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.accounts.permissions import Permission
from portal.cases import sharing, sights, tasks
from portal.cases.attaching import content
from portal.cases.queue import Waiting
from portal.cases.sights import Identity, NoPaper, Sight
from portal.cases.tasks import MAY
from portal.database import reading, transaction
from portal.dossier.viewer import NoneFree, NoPage, NotShown
from portal.trail import Action, Reason
from portal.web.forms.queue import AskForm
from portal.web.house import house
from portal.web.staff.desk import asking, desk
from portal.web.staff.noting import note_identity, note_identity_refused
from portal.web.staff.queue import of_mine
from portal.web.staff.trail_words import SHORT

blueprint = Blueprint("identity", __name__)

#: A longer name is cut where it stands across a page.
_LONGEST_NAME = 60


# Asking


def shown(found: Waiting) -> Mapping[str, object]:
    """What the page of a task includes to ask for what its case holds: see staff/identity/ask.html.

    Of each paper that it is there, since when, and how asking for it stands; neither its name nor anything in it.
    """
    return {"identity": [(one, AskForm(one.id)) for one in _papers(found)]}


def _papers(found: Waiting) -> tuple[Identity, ...]:
    if not found.task.case_id or found.task.matter not in MAY[Permission.HELP]:
        return ()
    with reading(house().engine) as session:
        return sights.papers(session, found.task.case_id, asking().account.id, house().clock())


@blueprint.post("/identity/<task_id>/<paper_id>/ask")
def ask(task_id: str, paper_id: str) -> ResponseReturnValue:
    """Ask to see one, with a reason; who helps in the case can."""
    found, who = of_mine(task_id), asking()
    case_id = found.task.case_id
    paper = next((one for one in _papers(found) if one.id == paper_id), None)
    if paper is None or case_id is None:
        raise NotFound
    form = AskForm(paper_id)
    if not tasks.is_mine(found.task, who.account.id, house().clock()):
        note_identity_refused(who, Action.IDENTITY_ASKED, case_id, Reason.NOT_THEIRS)
        return _asked(found, paper, form, _("You do not have the task in hand any more: take it again."))
    if paper.sight:
        return redirect(url_for("identity.sight", id_=paper.sight.id))
    if not form.validate_on_submit():
        return _asked(found, paper, form)
    if not _ask(case_id, paper_id, Reason(form.reason.data)):
        note_identity_refused(who, Action.IDENTITY_ASKED, case_id, Reason.TAKEN)
    return redirect(url_for("tasks.task", id_=task_id))


def _ask(case_id: str, paper_id: str, reason: Reason) -> bool:
    """Whether it was asked; it was not where somebody has asked already."""
    who = asking()
    try:
        with transaction(house().engine) as session:
            new = sights.ask(session, case_id, paper_id, who.account.id, reason, house().today())
            if new:
                note_identity(session, who, Action.IDENTITY_ASKED, case_id, reason)
    except NoPaper:
        raise NotFound from None
    return new


def _asked(found: Waiting, paper: Identity, form: AskForm, refused: str = "") -> ResponseReturnValue:
    page = render_template(
        "staff/identity/asking.html", task=found.task, identity=[(paper, form)], form=form, refused=refused
    )
    return page, 409 if refused else 422


# Seeing


class Closed(Exception):
    """It cannot be seen; the sentence says why, and tells nobody else that it is there."""

    def __init__(self, code: int, says: str) -> None:
        super().__init__(says)
        self.code = code
        self.says = says


@blueprint.errorhandler(Closed)
def closed(no: Closed) -> ResponseReturnValue:
    """Say why, and that nothing was shown."""
    return render_template("staff/identity/closed.html", says=no.says), no.code


@blueprint.get("/identity/<id_>")
def sight(id_: str) -> ResponseReturnValue:
    """The pages of one, for who asked and in the time; that they looked is noted."""
    found, file = _opened(id_)
    try:
        pages = desk().viewer.pages(file)
    except NotShown as no:
        raise _not_drawn(no) from no
    with transaction(house().engine) as session:
        sights.open_(session, id_)
        note_identity(session, asking(), Action.IDENTITY_SEEN, found.case_id)
    left = max(1, round((found.until - house().clock()).total_seconds()))
    page = render_template("staff/identity/sight.html", sight=found, pages=pages)
    # It does not stay on a screen for longer either, with script or without.
    return page, {"Refresh": f"{left}; url={url_for('identity.over')}"}


@blueprint.get("/identity/<id_>/<int:n>.png")
def picture(id_: str, n: int) -> ResponseReturnValue:
    """Page `n`, from 1 on, with the viewer's name and the minute across it; only beside its page, which is noted."""
    found, file = _opened(id_)
    if not found.seen:
        raise _gone()
    try:
        drawn = desk().viewer.page(file, n, _mark())
    except NoPage:
        raise _gone() from None
    except NotShown as no:
        raise _not_drawn(no) from no
    return Response(drawn, mimetype="image/png")


@blueprint.get("/identity/over")
def over() -> ResponseReturnValue:
    """Where a page goes by itself when its time is over."""
    return render_template("staff/identity/closed.html", says=_over().says)


def _opened(id_: str) -> tuple[Sight, bytes]:
    """What may be seen, as it was attached. Raises Closed."""
    who, private = asking(), desk().private
    with reading(house().engine) as session:
        found = sights.find(session, id_)
        theirs = found is not None and found.who == who.account.id and found.until > house().clock()
        opened = sharing.open_identity(session, found.paper_id, private) if found and theirs and private else None
    if found is None:
        raise _gone()
    if not theirs:
        own = found.who == who.account.id
        note_identity_refused(who, Action.IDENTITY_SEEN, found.case_id, Reason.OVER if own else Reason.NOT_THEIRS)
        raise _over() if own else _gone()
    if private is None:
        raise Closed(409, _("The key is not here: ask whoever starts this application to start it with the key."))
    if opened is None:
        raise _gone()
    try:
        return found, content(house().files, opened[1], opened[0]).content
    except FileNotFoundError:
        raise _gone() from None


def _gone() -> Closed:
    return Closed(404, _("It is not there, it is not for you, or the person took it back."))


def _over() -> Closed:
    return Closed(410, _("The time in which you could see it is over. You can ask again."))


def _not_drawn(no: NotShown) -> Closed:
    if isinstance(no, NoneFree):
        return Closed(429, _("It cannot be drawn at the moment. Please try again in a minute."))
    return Closed(404, _("It cannot be drawn: the file is broken, too large, or asks for a password."))


def _mark() -> str:
    """Who looks, and when: by name, by how their account's id begins, as in the trail, and by the minute."""
    account = asking().account
    name = (account.name or account.email)[:_LONGEST_NAME]
    return f"{name} · {account.id[:SHORT]} · {house().clock():%Y-%m-%d %H:%M} UTC"
