"""The staff's application, on a database of its own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from flask import Flask

from portal.accounts import people, visits
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.config import read_staff
from portal.database import migrate, transaction
from portal.limits import Limit
from portal.staff_application import create_staff_app
from portal.vault import Key
from portal.web.house import House
from tests.conftest import AUrl
from tests.web.browsing import Browser, Clock
from tests.web.conftest import WIDE, close
from tests.web.running import OPERATOR, STAFF

ADesk = Callable[..., Flask]


@contextmanager
def desks(tmp_path_factory: pytest.TempPathFactory, a_database_url: AUrl) -> Iterator[ADesk]:
    """Makes staff's applications, until all are closed: the clock, HTTPS, limits, the key, settings are arguments."""
    made: list[Flask] = []

    def make(
        clock: Clock | None = None,
        secure: bool = False,
        limits: Mapping[str, Limit] = WIDE,
        private: Key | None = None,
        **settings: str,
    ) -> Flask:
        instance = tmp_path_factory.mktemp("desk")
        environ = {
            "RIGHTFACE_INSTANCE": str(instance),
            "RIGHTFACE_DATABASE_URL": a_database_url(instance / "rightface.sqlite"),
            "RIGHTFACE_SECURE": "1" if secure else "0",
            "RIGHTFACE_SECRET_KEY": "a secret of at least thirty-two characters",
            "RIGHTFACE_LOOKUP_KEY": "another secret of at least thirty-two characters",
            "RIGHTFACE_STAFF_SECRET": "a third secret of at least thirty-two characters",
            "RIGHTFACE_RENDERERS": "1",
            "RIGHTFACE_STAFF_URL": "https://localhost:8001" if secure else "http://localhost:8001",
            **OPERATOR,
            **settings,
        }
        app = create_staff_app(read_staff(environ), clock or Clock(), limits, private)
        migrate(app.extensions["rightface"].engine)
        made.append(app)
        return app

    try:
        yield make
    finally:
        close(made)


@pytest.fixture
def a_desk(tmp_path_factory: pytest.TempPathFactory, a_database_url: AUrl) -> Iterator[ADesk]:
    """Makes a staff's application of a test's own."""
    with desks(tmp_path_factory, a_database_url) as make:
        yield make


@pytest.fixture(scope="session")
def a_lasting_desk(tmp_path_factory: pytest.TempPathFactory, a_database_url: AUrl) -> Iterator[ADesk]:
    """Makes a staff's application for many tests."""
    with desks(tmp_path_factory, a_database_url) as make:
        yield make


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(a_desk: ADesk, clock: Clock) -> Flask:
    """One of a test's own, with the staff's key."""
    return a_desk(clock, private=STAFF.private)


@pytest.fixture(scope="session")
def desk(a_lasting_desk: ADesk) -> Flask:
    """One for all tests that leave what it keeps alone."""
    return a_lasting_desk()


def signed_in(app: Flask, *roles: Role, strong: bool = True, name: str = "Cleo Clerk") -> Browser:
    """A browser in which somebody with these roles is signed in."""
    parts: House = app.extensions["rightface"]
    secret = parts.config.staff_secret
    who = Who("https://id.example", f"{name} {' '.join(roles)}", name, "cleo@example.org")
    with transaction(parts.engine) as session:
        account = people.find(session, secret, who) or people.add(session, secret, who, roles)
        token = visits.begin(session, account.id, parts.clock(), strong=strong)
    browser = Browser(app)
    browser.client.set_cookie(parts.config.staff_cookie, token, secure=parts.config.secure)
    return browser
