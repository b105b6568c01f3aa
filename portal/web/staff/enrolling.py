"""Enrolling: whoever holds a link makes what they sign in with from now on."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask import session as kept
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.accounts import codes, credentials, enrolling, invitations, passkeys
from portal.accounts.credentials import Kind
from portal.accounts.invitations import Invitation, NotInvited, Secret
from portal.accounts.proof import Unproven
from portal.database import reading, transaction
from portal.web import qr
from portal.web.forms.staff import LinkForm, NewCodeForm, PasskeyForm
from portal.web.house import house
from portal.web.limits import attempt
from portal.web.staff import own
from portal.web.staff.desk import give
from portal.web.staff.noting import note_enrolled
from portal.web.staff.words import NOT_INVITED, ROLES

blueprint = Blueprint("enrolling", __name__)

#: Where the browser's signed session holds which invitation it has opened: a hash, as in the table.
_INVITATION = "invitation"


@blueprint.before_request
def _where_open() -> None:
    if not own.is_open():
        raise NotFound


@blueprint.errorhandler(NotInvited)
def _not_invited(refused: NotInvited) -> ResponseReturnValue:
    return render_template("staff/not_invited.html", words=NOT_INVITED[refused.state]), 410


@blueprint.route("/enrol", methods=["GET", "POST"])
def link() -> ResponseReturnValue:
    """What a link holds stands behind its “#”, which no browser sends: in no log, and in no Referer."""
    form = LinkForm()
    if not form.validate_on_submit():
        return render_template("staff/enrol.html", form=form), (422 if form.errors else 200)
    attempt("sign_in")
    id_ = invitations.id_of(Secret(form.link.data.rpartition("#")[2].strip()))
    _invitation(id_)
    kept[_INVITATION] = id_
    return redirect(url_for("enrolling.passkey"))


def _invitation(id_: str) -> Invitation:
    """Raises NotInvited."""
    with reading(house().engine) as session:
        return invitations.find(session, house().config.staff_secret, id_, house().clock())


@blueprint.route("/enrol/passkey", methods=["GET", "POST"])
def passkey() -> ResponseReturnValue:
    """Make a passkey."""
    invited, config = _invitation(kept.get(_INVITATION, "")), house().config
    handle = credentials.handle(config.staff_secret, invited.lookup)
    form = PasskeyForm()
    if form.validate_on_submit():
        try:
            made = passkeys.made(config.staff_url, own.answered(), handle, form.credential.data)
            return _enrolled(
                invited,
                Kind.PASSKEY,
                lambda session, id_: credentials.add_passkey(session, config.staff_secret, id_, made),
            )
        except Unproven:
            form.credential.errors = [_("That did not work. Please do it once more.")]
            form.credential.data = None
    options = passkeys.options_to_make(config.staff_url, own.ask(), handle, invited.who)
    words = {"offer": own.Offer(form, options, config.staff_url), "invited": invited, "ROLES": ROLES}
    return render_template("staff/enrol_passkey.html", form=form, **words), (422 if form.errors else 200)


@blueprint.route("/enrol/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Let an app make codes; not where a role needs more than one proof."""
    invited, secret = _invitation(kept.get(_INVITATION, "")), house().config.staff_secret
    if invited.needs_passkey:
        return redirect(url_for("enrolling.passkey"))
    made, form = codes.secret_of(secret, invited.id), NewCodeForm()
    if form.validate_on_submit():
        step = codes.step_of(made, form.code.data, house().clock())
        if step is not None:
            return _enrolled(
                invited, Kind.TOTP, lambda session, id_: credentials.add_codes(session, secret, id_, made, step)
            )
        form.code.errors = [_("This code does not fit. Wait for the next one, and see that the clock is right.")]
    address = codes.address(made, invited.who.email)
    words = {"address": address, "picture": qr.inline(address), "secret": made}
    return render_template("staff/enrol_code.html", form=form, **words), (422 if form.errors else 200)


def _enrolled(invited: Invitation, kind: Kind, add: Callable[[Session, str], None]) -> ResponseReturnValue:
    """Use the invitation, keep what was made, and let them in. Raises NotInvited or Unproven."""
    with transaction(house().engine) as session:
        account = enrolling.accept(session, house().config.staff_secret, invited.id, house().clock())
        add(session, account.id)
        note_enrolled(session, account.id)
        token = own.let_in(session, account.id, kind)
    kept.clear()
    return give(redirect(url_for("front.home")), token)
