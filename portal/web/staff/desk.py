"""What a view of the staff's application takes from it, and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from flask import current_app, g, request
from werkzeug.wrappers import Response

from portal.accounts import people, visits
from portal.accounts.people import Account
from portal.accounts.permissions import STRONG, Permission, permissions
from portal.accounts.visits import LONGEST, Token, Visit
from portal.database import reading, transaction
from portal.dossier.binder import Binder
from portal.dossier.viewer import Viewer
from portal.letters.printer import Printer
from portal.vault import Key, PublicHalf, Unopened, public_half
from portal.web import browser
from portal.web.house import house

_T = TypeVar("_T")

#: Seconds that a hundred letters, or two hundred bound pages, may take, also on a busy machine.
LONGEST_PRINT = 180
#: Megabytes that a child may take that binds a complaint of many.
LARGEST_BINDING = 1_024


@dataclass(frozen=True, slots=True)
class Desk:
    """What the staff's application has that the public one has not.

    `private` opens what is sealed to the staff; None where the application was started without it.
    """

    private: Key | None = field(repr=False)
    viewer: Viewer = field(default_factory=Viewer, repr=False)
    """Draws what may be looked at and not be had."""
    press: Printer = field(default_factory=lambda: Printer(workers=1, seconds=LONGEST_PRINT), repr=False)
    """Sets many letters at once, which takes longer than one may."""
    binder: Binder = field(
        default_factory=lambda: Binder(seconds=LONGEST_PRINT, megabytes=LARGEST_BINDING), repr=False
    )
    """Binds complaints of many."""


def desk() -> Desk:
    """That of the application that answers."""
    return cast(Desk, current_app.extensions["rightface-staff"])


def with_key(read: Callable[[Key], _T]) -> _T | None:
    """What the staff's key opens; None where it is not here, or something was sealed to another."""
    private = desk().private
    try:
        return read(private) if private else None
    except Unopened:
        return None


def half() -> PublicHalf | None:
    """To seal what the staff alone may read: that of the key that is here, else the portal's."""
    private = desk().private
    return public_half(private) if private else house().config.staff_public_key


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who is signed in, and how."""

    account: Account
    visit: Visit
    token: Token = field(repr=False)

    @property
    def may(self) -> frozenset[Permission]:
        """What they may do; roles that ask for more than one proof count only where it was given."""
        roles = self.account.roles if self.visit.strong else self.account.roles - STRONG
        return permissions(roles) if self.account.active else frozenset()


def token() -> Token | None:
    """What the browser's cookie holds."""
    kept = request.cookies.get(house().config.staff_cookie, "")
    return Token(kept) if kept else None


def clerk() -> Clerk | None:
    """Who is asking; None where nobody is signed in. Looked up once a request."""
    if "clerk" not in g:
        g.clerk = _found()
    found: Clerk | None = g.clerk
    return found


def _found() -> Clerk | None:
    kept = token()
    if kept is None:
        return None
    now = house().clock()
    with reading(house().engine) as session:
        visit = visits.find(session, kept, now)
        account = people.get(session, house().config.staff_secret, visit.account_id) if visit else None
    if visit is None or account is None or not account.active:
        return None
    if visit.is_stale(now):
        with transaction(house().engine) as session:
            visits.go_on(session, visit, now)
    return Clerk(account, visit, kept)


def asking() -> Clerk:
    """Who is asking, on a page that only those who are signed in can open."""
    found = clerk()
    assert found
    return found


def give(answer: Response, token: Token) -> Response:
    """Let the browser hold the visit. Lax, as the identity provider sends the browser back from its own pages."""
    return browser.give(answer, house().config.staff_cookie, token, LONGEST)


def take(answer: Response) -> Response:
    return browser.take(answer, house().config.staff_cookie)
