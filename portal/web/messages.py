"""The page on which the person of a case and the portal's staff write to each other."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.cases import tasks, thread
from portal.cases.following import Case
from portal.cases.tasks import Matter
from portal.cases.thread import Content, Message, TooManyMessages
from portal.database import reading, transaction
from portal.vault import PublicHalf
from portal.web import limits
from portal.web.cases import own_case
from portal.web.forms.messages import MessageForm
from portal.web.house import house
from portal.web.journey import page_date
from portal.web.shown import as_shown
from portal.web.thread_words import as_shown as as_said

blueprint = Blueprint("messages", __name__)


@blueprint.route("/cases/<id_>/messages", methods=["GET", "POST"])
def messages(id_: str) -> ResponseReturnValue:
    """What was written, in its order, and a box to write."""
    case, staff, form = own_case(id_), house().config.staff_public_key, MessageForm()
    if staff and form.validate_on_submit():
        limits.attempt("message")
        if _written(case, staff, form):
            return redirect(url_for("messages.messages", id_=id_) + "#newest")
    found = _looked_at(case)
    if staff is None and not found:
        raise NotFound
    return render_template(
        "cases/messages.html",
        form=form if staff else None,
        shown=as_shown(case),
        case=case,
        messages=[as_said(one) for one in found],
        page_date=page_date,
    ), (422 if form.errors else 200)


def _written(case: Case, staff: PublicHalf, form: MessageForm) -> bool:
    """Whether it could be added; else the form says why not, and keeps what was typed."""
    content, today = Content(text=form.text.data.strip()), house().today(case.place)
    try:
        with transaction(house().engine) as session:
            thread.write(session, case.id, case.public, staff, content, from_staff=False, today=today)
            tasks.put(session, tasks.new(Matter.MESSAGE, case.id, today, of_case=True, urgent=case.urgent))
    except TooManyMessages:
        form.text.errors = [_("You have written as many messages in this case as one may")]
        return False
    return True


def _looked_at(case: Case) -> tuple[Message, ...]:
    """The thread as it was before it was looked at, so that what is new can be marked."""
    with reading(house().engine) as session:
        found = thread.read_as_holder(session, case.id, case.private)
    if any(one.from_staff and not one.seen for one in found):
        with transaction(house().engine) as session:
            thread.mark_seen(session, case.id, by_staff=False)
    return found
