"""Opening what people let a group see, by its passphrase, for one visit; and locking it again."""

from datetime import timedelta
from threading import Lock

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import limits
from portal.accounts import groups, keys
from portal.accounts.groups import Group
from portal.accounts.keys import BadKeyFile, BadPassphrase
from portal.database import reading, transaction
from portal.limits import Limit, TooMany
from portal.trail import Action, Reason
from portal.vault import Key
from portal.web.forms.groups import ChangeForm, OpenForm
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.limits import attempt
from portal.web.staff.desk import asking
from portal.web.staff.front import safe
from portal.web.staff.group.membership import active_group, open_key
from portal.web.staff.noting import note_group, note_group_refused

blueprint = Blueprint("group_opening", __name__)

#: By account, so that nobody locks their colleagues out.
_TRIES = Limit(10, timedelta(minutes=15), "a passphrase is mistyped a few times; each try takes 256 MB and a second")
#: One after the other: each takes 256 MB.
_STRETCHING = Lock()


@blueprint.route("/group/open", methods=["GET", "POST"])
def open_() -> ResponseReturnValue:
    """Ask for the passphrase; who has opened it goes on."""
    group = active_group()
    form = OpenForm(after=request.args.get("after", ""))
    if open_key():
        return _onward(form)
    if form.validate_on_submit() and _opened(group, form.passphrase.data):
        return _onward(form)
    if form.is_submitted() and not form.errors:
        form.passphrase.errors = [_not_it()]
    return render_template("staff/group/open.html", form=form, group=group), (422 if form.errors else 200)


def _not_it() -> str:
    return str(_("This is not the passphrase of your group. Look at how it is written, and type it once more."))


def _onward(form: OpenForm) -> ResponseReturnValue:
    return redirect(safe(form.after.data or url_for("group_front.home")))


def _opened(group: Group, passphrase: str) -> bool:
    """Whether it was the passphrase; the visit has the key then. Raises TooMany."""
    who, private = asking(), _tried(group, passphrase, Action.GROUP_OPENED)
    if private is None:
        return False
    with transaction(house().engine) as session:
        groups.open_for(session, who.visit, who.token, private)
        limits.let_off(session, "group", who.account.id, house().clock(), _TRIES)
        note_group(session, who, Action.GROUP_OPENED, group.id)
    return True


def _tried(group: Group, passphrase: str, action: Action) -> Key | None:
    """The key, where it was the passphrase; else that is noted. Raises TooMany after ten tries."""
    attempt("sign_in")
    who = asking()
    try:
        limits.attempt_by(house().engine, "group", who.account.id, house().clock(), _TRIES)
    except TooMany:
        note_group_refused(who, action, group.id, Reason.TOO_OFTEN)
        raise
    private = _unlocked(group, passphrase)
    if private is None:
        note_group_refused(who, action, group.id, Reason.NO_PROOF)
    return private


def _unlocked(group: Group, passphrase: str) -> Key | None:
    with reading(house().engine) as session:
        content = groups.locked(session, group.id)
    try:
        with _STRETCHING:
            return keys.unlocked(content, passphrase) if content else None
    except (BadPassphrase, BadKeyFile):
        return None


def locked(private: Key, passphrase: str) -> bytes:
    """A key under a passphrase that was found long enough."""
    with _STRETCHING:
        return keys.locked(private, passphrase)


@blueprint.route("/group/passphrase", methods=["GET", "POST"])
def passphrase() -> ResponseReturnValue:
    """Put the key under another passphrase, as when somebody left who knows this one."""
    group, form = active_group(), ChangeForm()
    if form.validate_on_submit():
        private = _tried(group, form.before.data, Action.GROUP_RELOCKED)
        if private:
            _relock(group, locked(private, form.passphrase.data))
            return redirect(url_for("group_front.home"))
        form.before.errors = [_not_it()]
    return render_template("staff/group/passphrase.html", form=form, group=group), (422 if form.errors else 200)


def _relock(group: Group, content: bytes) -> None:
    who = asking()
    with transaction(house().engine) as session:
        groups.relock(session, group.id, content)
        limits.let_off(session, "group", who.account.id, house().clock(), _TRIES)
        note_group(session, who, Action.GROUP_RELOCKED, group.id)


@blueprint.post("/group/lock")
def lock() -> ResponseReturnValue:
    """Lock it again, in this visit."""
    if PressForm().validate_on_submit():
        with transaction(house().engine) as session:
            groups.close_for(session, asking().visit)
    return redirect(url_for("group_front.home"))
