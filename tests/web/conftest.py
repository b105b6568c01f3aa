"""The portal, with a database, an instance folder and a clock of its own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal import application
from portal.application import create_app
from portal.bounded.children import Bounds, Children
from portal.config import read
from portal.database import migrate
from portal.letters.printer import CHILD, Printer
from portal.limits import LIMITS, Limit
from portal.web.staff import desk
from tests import postgres
from tests.conftest import AUrl
from tests.web.browsing import START, Browser, Clock
from tests.web.running import OPERATOR, STAFF
from tests.web.samples import addresses

#: Tests click faster than people, and all from one network.
WIDE = {what: replace(limit, times=1_000_000) for what, limit in LIMITS.items()}
AnApp = Callable[..., Flask]
Everywhere = tuple[Browser, dict[str, str]]


class Lasting(Children):
    """Children that outlive a portal: to start one that sets letters takes a second."""

    def close(self) -> None:
        pass

    def end(self) -> None:
        super().close()


@pytest.fixture(scope="session", autouse=True)
def setting() -> Iterator[None]:
    """The letters of all portals of a process are set by the same children."""
    made: dict[Bounds, Lasting] = {}

    def printer(**arguments: int) -> Printer:
        new = Printer(**arguments)
        bounds = new.children.bounds
        new.children = made.setdefault(bounds, Lasting(CHILD, 2, bounds))
        return new

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "Printer", printer)
        patch.setattr(desk, "Printer", printer)
        yield
    for each in made.values():
        each.end()


def close(portals: Iterable[Flask]) -> None:
    """Let their children and their connections go."""
    for app in portals:
        app.extensions["rightface"].printer.close()
        app.extensions["rightface"].binder.close()
        app.extensions["rightface"].engine.dispose()
        if "rightface-staff" in app.extensions:
            app.extensions["rightface-staff"].press.close()
            app.extensions["rightface-staff"].binder.close()


@contextmanager
def portals(
    tmp_path_factory: pytest.TempPathFactory, a_database_url: AUrl, tables: Callable[[Path], None]
) -> Iterator[AnApp]:
    """Makes portals, until they are all closed: the clock, whether by HTTPS, limits and settings are arguments."""
    made: list[Flask] = []

    def make(
        clock: Clock | None = None,
        secure: bool = False,
        instance: Path | None = None,
        limits: Mapping[str, Limit] = WIDE,
        **settings: str,
    ) -> Flask:
        instance = instance or tmp_path_factory.mktemp("instance")
        environ = {
            "RIGHTFACE_INSTANCE": str(instance),
            "RIGHTFACE_SECURE": "1" if secure else "0",
            "RIGHTFACE_SECRET_KEY": "a secret of at least thirty-two characters",
            "RIGHTFACE_LOOKUP_KEY": "another secret of at least thirty-two characters",
            "RIGHTFACE_RENDERERS": "1",
            **OPERATOR,
            "RIGHTFACE_STAFF_PUBLIC_KEY": STAFF.written,
            **settings,
        }
        if postgres.WANTED:
            environ["RIGHTFACE_DATABASE_URL"] = a_database_url(Path("unused"))
        tables(instance / "rightface.sqlite")
        app = create_app(read(environ), clock or Clock(), limits=limits)
        migrate(app.extensions["rightface"].engine)
        made.append(app)
        return app

    try:
        yield make
    finally:
        close(made)


@pytest.fixture
def an_app(
    tmp_path_factory: pytest.TempPathFactory, a_database_url: AUrl, tables: Callable[[Path], None]
) -> Iterator[AnApp]:
    """Makes a portal of a test's own; with the test its children and its connections go."""
    with portals(tmp_path_factory, a_database_url, tables) as make:
        yield make


@pytest.fixture(scope="session")
def a_lasting_app(
    tmp_path_factory: pytest.TempPathFactory, a_database_url: AUrl, tables: Callable[[Path], None]
) -> Iterator[AnApp]:
    """Makes a portal for many tests."""
    with portals(tmp_path_factory, a_database_url, tables) as make:
        yield make


@pytest.fixture(scope="session")
def the_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def app(a_lasting_app: AnApp, the_clock: Clock) -> Flask:
    """One portal for all tests that leave its database alone."""
    return a_lasting_app(the_clock)


@pytest.fixture
def clock(the_clock: Clock) -> Iterator[Clock]:
    """The clock of `app`, set back afterwards."""
    yield the_clock
    the_clock.now = START


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture(scope="session")
def everywhere(a_lasting_app: AnApp) -> Everywhere:
    """A browser with an address for each rule; nothing that a test does here may forget its drafts."""
    browser = Browser(a_lasting_app())
    return browser, addresses(browser)
