"""What a view of the staff's application takes from it, and who is asking."""

from dataclasses import dataclass, field
from typing import cast

from flask import current_app, g, request
from werkzeug.wrappers import Response

from portal.accounts import people, visits
from portal.accounts.people import Account
from portal.accounts.permissions import STRONG, Permission, permissions
from portal.accounts.visits import LONGEST, Token, Visit
from portal.database import reading, transaction
from portal.dossier.viewer import Viewer
from portal.vault import Key
from portal.web import browser
from portal.web.house import house


@dataclass(frozen=True, slots=True)
class Desk:
    """What the staff's application has that the public one has not.

    `private` opens what is sealed to the staff; None where the application was started without it.
    """

    private: Key | None = field(repr=False)
    viewer: Viewer = field(default_factory=Viewer, repr=False)
    """Draws what may be looked at and not be had."""


def desk() -> Desk:
    """That of the application that answers."""
    return cast(Desk, current_app.extensions["rightface-staff"])


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
