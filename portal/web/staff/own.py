"""The portal's own sign-in: whether it is open, what a browser has to answer, and letting somebody in."""

from base64 import b64decode, b64encode
from dataclasses import dataclass

from flask import session as kept
from sqlmodel import Session

from portal.accounts import challenges, passkeys, people, visits
from portal.accounts.credentials import Kind
from portal.accounts.proof import Unproven, Why
from portal.accounts.visits import Token
from portal.database import transaction
from portal.web.forms.staff import PasskeyForm
from portal.web.house import house
from portal.web.staff.desk import token
from portal.web.staff.noting import note_sign_in

_ASKED = "challenge"


@dataclass(frozen=True, slots=True)
class Offer:
    """A form that a passkey answers: `options` is what the browser is told, as JSON; it is good at `origin` alone."""

    form: PasskeyForm
    options: str
    origin: str


def is_open() -> bool:
    """Whether staff sign in by what the portal itself gave them; beside a provider only where that is set."""
    return house().config.staff_local


def offer(after: str, form: PasskeyForm | None = None) -> Offer | None:
    """To sign in by passkey, and to go on to a page of ours; None where that is not open."""
    if not is_open():
        return None
    origin = house().config.staff_url
    return Offer(form or PasskeyForm(after=after), passkeys.options_to_use(origin, ask()), origin)


def ask() -> bytes:
    """A new challenge for this browser, in the place of the one before."""
    challenge, until = challenges.new(), house().clock() + challenges.LIFE
    kept[_ASKED] = [b64encode(challenge).decode(), int(until.timestamp())]
    return challenge


def answered() -> bytes:
    """The challenge that this browser has to answer, for the first and last time. Raises Unproven."""
    now = house().clock()
    asked, until = kept.pop(_ASKED, ("", 0))
    if until <= now.timestamp():
        raise Unproven(Why.STALE)
    challenge = b64decode(asked)
    with transaction(house().engine) as session:
        first = challenges.spend(session, challenge, now)  # the cookie that holds it can be sent again
    if not first:
        raise Unproven(Why.STALE)
    return challenge


def let_in(session: Session, account_id: str, kind: Kind) -> Token:
    """Begin a visit; the one that this browser had ends. Raises Unproven where the account is closed."""
    account = people.get(session, house().config.staff_secret, account_id)
    if account is None or not account.active:
        raise Unproven(Why.CLOSED, account_id)
    before = token()
    if before:
        visits.end(session, before)
    begun = visits.begin(session, account_id, house().clock(), strong=kind.is_strong)
    note_sign_in(session, account_id)
    return begun
