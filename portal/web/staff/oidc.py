"""Signing in and out by OpenID Connect, and asking again whether somebody still may."""

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, g, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from portal.accounts import people, visits
from portal.accounts.people import Account, Who
from portal.accounts.provider import Reason, Refused, Told, told, why_not
from portal.accounts.visits import Given, Token
from portal.database import transaction
from portal.web import limits
from portal.web.house import house
from portal.web.staff.audience import AUDIENCE, Open
from portal.web.staff.desk import Clerk, clerk, give, take, token
from portal.web.staff.front import safe
from portal.web.staff.leaving import address_of, came_back
from portal.web.staff.noting import note_ended, note_not_heard, note_sign_in, note_sign_in_refused
from portal.web.staff.provider import OLDEST_MESSAGE, SKEW, Begun, IdentityProvider, provider
from portal.web.staff.words import REFUSALS

blueprint = Blueprint("oidc", __name__)

#: How long somebody may take at the provider.
_PATIENCE = timedelta(minutes=10)
#: What the session holds while a sign-in is under way.
_BEGUN = "oidc"
#: How a refusal is answered; else with 403.
_STATUS: Mapping[Reason, int] = {
    Reason.NOT_BEGUN_HERE: 400,
    Reason.ANOTHER_ISSUER: 400,
    Reason.BAD_CODE: 400,
    Reason.NO_ANSWER: 503,
}


def register(app: Flask) -> None:
    """Ask again before every view, turn refusals into pages, and hear the provider, who knows no form's token."""
    app.before_request_funcs.setdefault(None, []).insert(0, _ask_again)  # before the gate, which asks what they may
    app.register_error_handler(Refused, _refused)
    app.extensions["csrf"].exempt(back_channel)


# In


@blueprint.get("/oidc/sign-in")
def begin() -> ResponseReturnValue:
    """On to the provider."""
    begun = _known().begin(house().clock(), _back(), anew="again" in request.args)
    kept = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier}
    session[_BEGUN] = {**kept, "after": safe(request.args.get("after", "")), "at": house().clock().timestamp()}
    return redirect(begun.address)


@blueprint.get("/oidc/callback")
def callback() -> ResponseReturnValue:
    """Back from the provider. Always a new visit; the one that this browser had ends."""
    limits.attempt("sign_in")
    begun, after = _begun()
    now, asked = house().clock(), _known()
    asked.check_issuer(now, _only("iss"))
    if "error" in request.args:
        raise Refused(Reason.CANCELLED if request.args["error"] == "access_denied" else Reason.NO_ANSWER)
    given, claims = asked.redeem(now, begun, _only("code") or "", _back())
    said = told(asked.agreed, claims)
    account = _account(said)
    fresh = _visit(now, account, said, given)
    session.clear()
    return give(redirect(after), fresh)


def _begun() -> tuple[Begun, str]:
    """The sign-in that this browser began, which is over with that, and where it goes on. Raises Refused."""
    kept: dict[str, Any] = session.pop(_BEGUN, {})
    late = house().clock().timestamp() > kept.get("at", 0) + _PATIENCE.total_seconds()
    state = _only("state") or ""
    if not kept or late or not hmac.compare_digest(kept["state"].encode(), state.encode()):
        raise Refused(Reason.NOT_BEGUN_HERE)
    return Begun("", kept["state"], kept["nonce"], kept["verifier"]), safe(kept["after"])


def _only(name: str) -> str | None:
    """A part of the answer; None where it is not there. Raises Refused where it is there twice."""
    found = request.args.getlist(name)
    if len(found) > 1:
        raise Refused(Reason.NOT_BEGUN_HERE)
    return found[0] if found else None


def _account(said: Told) -> Account:
    """Their account as the provider has it now, made where there is none. Raises Refused."""
    try:
        account = _kept(said)
    except IntegrityError:  # another tab has just made it
        account = _kept(said)
    if account is None or not account.active:
        raise Refused(Reason.CLOSED if account else Reason.NO_ROLE, account.id if account else "")
    if refusal := why_not(said):
        raise Refused(refusal, account.id)
    return account


def _kept(said: Told) -> Account | None:
    """None where they have neither an account nor a role."""
    secret = house().config.staff_secret
    with transaction(house().engine) as opened:
        account = people.find(opened, secret, said.who)
        if account is None:
            return people.add(opened, secret, said.who, said.roles) if said.roles else None
        if account.roles != said.roles:
            people.set_roles(opened, account.id, said.roles)
        if (account.name, account.email) != (said.who.name, said.who.email):
            people.update(opened, secret, account.id, said.who)
        return people.get(opened, secret, account.id)


def _visit(now: datetime, account: Account, said: Told, given: Given) -> Token:
    there = visits.provider_session(house().config.staff_secret, said.who.issuer, said.session)
    before = token()
    with transaction(house().engine) as opened:
        if before:
            visits.end(opened, before)
        fresh = visits.begin(opened, account.id, now, strong=said.strong, given=given, provider=there)
        note_sign_in(opened, account.id)
    return fresh


# Still in


def _ask_again() -> ResponseReturnValue | None:
    """Before a page for those who are signed in, once a minute: whether they still may."""
    if request.endpoint is None or AUDIENCE[request.endpoint] is Open.EVERYBODY:
        return None
    who, now, asked = clerk(), house().clock(), provider()
    if asked is None or who is None or not who.visit.is_unchecked(now) or not _is_ours(who, now):
        return None
    try:
        _check(asked, who, now)
    except Refused as refused:
        if refused.reason is Reason.NO_ANSWER and not who.visit.is_unanswered(now):
            return None
        return _ended(who, refused.reason)
    g.pop("clerk")  # what they may do may be another thing now
    return None


def _is_ours(who: Clerk, now: datetime) -> bool:
    with transaction(house().engine) as opened:
        return visits.claim_check(opened, who.visit, now)


def _check(asked: IdentityProvider, who: Clerk, now: datetime) -> None:
    """Take over what the provider says now. Raises Refused."""
    given, claims = asked.refresh(now, who.visit.given)
    said = told(asked.agreed, claims)
    _account(said)
    with transaction(house().engine) as opened:
        visits.checked(opened, who.token, who.visit, given, strong=said.strong)


def _ended(who: Clerk, reason: Reason) -> ResponseReturnValue:
    """The visit is over, and the page says why."""
    with transaction(house().engine) as opened:
        visits.end(opened, who.token)
    g.pop("clerk")
    note_ended(reason, who.account.id)
    return take(make_response(_told(reason, ended=True)))


# Out


@blueprint.get("/oidc/signed-out")
def signed_out() -> ResponseReturnValue:
    """They are signed out here; at the provider too, where it sends them back with what we gave it."""
    return render_template("staff/signed_out.html", name=_known().agreed.name, there=came_back(_only("state")))


@blueprint.post("/oidc/back-channel")
def back_channel() -> ResponseReturnValue:
    """The provider itself says that somebody signed out there (Back-Channel Logout 1.0, sections 2.5 and 2.8)."""
    limits.attempt("sign_in")
    try:
        ended = _heard(_known())
    except Refused as refused:
        note_not_heard(refused.reason)
        return {"error": "invalid_request"}, 400
    for account_id in ended:
        note_ended(Reason.SIGNED_OUT_THERE, account_id)
    return "", 200


def _heard(asked: IdentityProvider) -> Collection[str]:
    """Whose visits it ended. Raises Refused."""
    now, secret, issuer = house().clock(), house().config.staff_secret, asked.agreed.issuer
    message = asked.logout(now, request.form.get("logout_token", ""))
    ends_at = message.issued_at + OLDEST_MESSAGE.seconds + SKEW
    with transaction(house().engine) as opened:
        if not visits.hear(opened, secret, issuer, message.id, ends_at):
            raise Refused(Reason.HEARD_BEFORE)
        if message.session:
            return visits.end_by_provider(opened, visits.provider_session(secret, issuer, message.session))
        account = people.find(opened, secret, Who(issuer, message.subject))
        return [account.id] if account and visits.end_all_of(opened, account.id) else []


# What is told


def _refused(refused: Refused) -> ResponseReturnValue:
    note_sign_in_refused(refused.reason, refused.account_id)
    return _told(refused.reason)


def _told(reason: Reason, *, ended: bool = False) -> tuple[str, int]:
    """The page about a refusal."""
    page = render_template(
        "staff/refused.html",
        words=REFUSALS[reason],
        ended=ended,
        name=_known().agreed.name,
        operator=house().config.operator,
    )
    return page, _STATUS.get(reason, 403)


def _known() -> IdentityProvider:
    """The provider, on pages that need one. Raises NotFound where there is none."""
    found = provider()
    if found is None:
        raise NotFound
    return found


def _back() -> str:
    return address_of("oidc.callback")
