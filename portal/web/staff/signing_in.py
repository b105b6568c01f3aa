"""Signing in without an identity provider: by a passkey, or by a code of an app."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request
from flask import session as kept
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal import limits
from portal.accounts import codes, credentials, invitations, passkeys, people
from portal.accounts.credentials import Kind
from portal.accounts.proof import Unproven, Why
from portal.accounts.visits import Token
from portal.database import reading, transaction
from portal.limits import Limit, TooMany
from portal.web.forms.staff import CodeForm, PasskeyForm
from portal.web.house import house
from portal.web.limits import attempt
from portal.web.staff import own
from portal.web.staff.desk import give
from portal.web.staff.front import safe
from portal.web.staff.noting import note_sign_in_refused
from portal.web.staff.words import REFUSED

blueprint = Blueprint("signing_in", __name__)

#: By account, whether there is one or not.
_TRIES = Limit(codes.TRIES, codes.WITHIN, "of a million codes three are good at a time")
#: What the codes of somebody unknown are compared with, so that it takes as long; no app has it.
_NOBODYS = "A" * 32


@blueprint.before_request
def _where_open() -> None:
    if not own.is_open():
        raise NotFound


@blueprint.post("/sign-in/passkey")
def passkey() -> ResponseReturnValue:
    """What the passkey answered."""
    attempt("sign_in")
    form = PasskeyForm()
    if not form.validate_on_submit():
        return _again(form)
    try:
        token = _by_passkey(form.credential.data)
    except Unproven as refused:
        note_sign_in_refused(refused.why, refused.account_id)
        form.credential.errors = [REFUSED[refused.why]]
        return _again(form)
    return _in(token, form.after.data)


def _again(form: PasskeyForm) -> ResponseReturnValue:
    """The page once more, with a new challenge."""
    after, form.credential.data = safe(form.after.data or ""), None
    return render_template("staff/sign_in.html", after=after, passkey=own.offer(after, form), form=form), 422


def _by_passkey(answer: str) -> Token:
    """Raises Unproven."""
    challenge, config = own.answered(), house().config
    id_ = passkeys.id_in(answer)
    with reading(house().engine) as session:
        found = credentials.passkey(session, config.staff_secret, id_)
    if found is None:
        raise Unproven(Why.UNKNOWN)
    try:
        count = passkeys.used(config.staff_url, challenge, answer, found.passkey(id_))
    except Unproven as refused:
        raise Unproven(refused.why, found.account_id) from refused
    with transaction(house().engine) as session:
        if not credentials.move_on(session, found, count):
            raise Unproven(Why.COUNT, found.account_id)
        return own.let_in(session, found.account_id, Kind.PASSKEY)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """E-mail address and six digits; the answer is the same whether anybody has that address or not."""
    form = CodeForm(after=safe(request.args.get("after", "")))
    if form.validate_on_submit():
        attempt("sign_in")
        try:
            return _in(_by_code(form.email.data, form.code.data, house().clock()), form.after.data)
        except Unproven as refused:
            note_sign_in_refused(refused.why, refused.account_id)
            form.code.errors = [
                _("This address and this code do not fit together. A code works once: wait for the next one.")
            ]
    return render_template("staff/sign_in_code.html", form=form), (422 if form.errors else 200)


def _by_code(email: str, typed: str, now: datetime) -> Token:
    """Raises Unproven, or TooMany after five codes within a quarter of an hour, of which none was good."""
    secret, who = house().config.staff_secret, invitations.own(email)
    whom = people.lookup(secret, who)
    try:
        limits.attempt_by(house().engine, "code", whom, now, _TRIES)
    except TooMany:
        note_sign_in_refused(Why.TOO_OFTEN, "")
        raise
    with reading(house().engine) as session:
        account = people.find(session, secret, who)
        found = credentials.codes(session, secret, account.id if account else "")
    step = codes.step_of(found.codes if found else _NOBODYS, typed, now)
    if found is None:
        raise Unproven(Why.UNKNOWN)
    if step is None:
        raise Unproven(Why.WRONG, found.account_id)
    with transaction(house().engine) as session:
        if not credentials.move_on(session, found, step):
            raise Unproven(Why.REPEATED, found.account_id)
        limits.let_off(session, "code", whom, now, _TRIES)
        return own.let_in(session, found.account_id, Kind.TOTP)


def _in(token: Token, after: str | None) -> ResponseReturnValue:
    kept.clear()
    return give(redirect(safe(after or "")), token)
