"""The staff's application on a port of its own, with an identity provider."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from socket import socket
from threading import Thread

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.serving import make_server

from portal import trail
from portal.accounts import visits
from portal.accounts.models import AccountRow, LogoutMessageRow, StaffSessionRow
from portal.accounts.provider import Provider
from portal.database import reading, transaction
from portal.web.staff import provider
from portal.web.staff.bounded import Bounds
from tests.web.browsing import START, Clock
from tests.web.staff.conftest import ADesk
from tests.web.staff.oidc import fake, real
from tests.web.staff.oidc.fake import Fake
from tests.web.staff.oidc.surfing import Surfer

ROLES = "triage=rf-triage triage=rf-more law_editor=rf-law admin=rf-admins custodian=rf-custodians"
#: For answers that never end.
SHORT = Bounds(seconds=2)


@dataclass
class Desk:
    """A portal that answers at `home`."""

    home: str
    app: Flask
    clock: Clock

    def surfer(self) -> Surfer:
        return Surfer(self.home)

    def visits(self) -> list[StaffSessionRow]:
        with reading(self.app.extensions["rightface"].engine) as session:
            return list(session.exec(select(StaffSessionRow)))

    def accounts(self) -> list[AccountRow]:
        with reading(self.app.extensions["rightface"].engine) as session:
            return list(session.exec(select(AccountRow)))

    def trail(self) -> list[trail.Row]:
        with reading(self.app.extensions["rightface"].engine) as session:
            return list(trail.rows(session))

    def forget(self) -> None:
        """Nobody works here, and nothing is known of the provider."""
        with transaction(self.app.extensions["rightface"].engine) as session:
            for account in session.exec(select(AccountRow)):
                session.delete(account)
        self.forget_provider()

    def forget_provider(self, bounds: Bounds = SHORT) -> None:
        agreed: Provider = self.app.extensions["rightface"].config.provider
        provider.register(self.app, agreed, bounds)

    def remembers_messages(self) -> bool:
        """After what is over has been forgotten."""
        with transaction(self.app.extensions["rightface"].engine) as session:
            visits.purge(session, self.clock())
            return bool(session.exec(select(LogoutMessageRow)).all())


@contextmanager
def served(listening: socket, app: Flask) -> Iterator[None]:
    server = make_server("localhost", 0, app, threaded=True, fd=listening.fileno())
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()


def agreed(issuer: str, client: str, secret: str, **more: str) -> dict[str, str]:
    settings = {"ISSUER": issuer, "CLIENT_ID": client, "CLIENT_SECRET": secret, "ROLES": ROLES, "NAME": "Example ID"}
    return {f"RIGHTFACE_OIDC_{name}": value for name, value in {**settings, **more}.items()}


@contextmanager
def listening() -> Iterator[tuple[socket, str]]:
    with socket() as made:
        made.bind(("localhost", 0))
        made.listen(16)
        yield made, f"http://localhost:{made.getsockname()[1]}"


@pytest.fixture(scope="module")
def a_real_desk(a_lasting_desk: ADesk) -> Iterator[Desk]:
    """With panva's provider, and a clock that begins now, as that provider's does."""
    clock = Clock()
    with listening() as (port, home), real.provider(home) as issuer:
        app = a_lasting_desk(clock, **agreed(issuer, home.rpartition(":")[2], real.SECRET))
        with served(port, app):
            yield Desk(home, app, clock)


@pytest.fixture
def real_desk(a_real_desk: Desk) -> Desk:
    a_real_desk.clock.now = datetime.now(UTC)
    a_real_desk.forget()
    return a_real_desk


@pytest.fixture(scope="module")
def a_fake_desk(a_lasting_desk: ADesk) -> Iterator[tuple[Desk, Fake]]:
    """With a provider that can be told to misbehave, and that lives by the same clock."""
    clock = Clock()
    with listening() as (port, home), fake.running(lambda: clock().timestamp()) as made:
        app = a_lasting_desk(clock, **agreed(made.issuer, fake.CLIENT, fake.SECRET, ACR="two"))
        with served(port, app):
            yield Desk(home, app, clock), made


@pytest.fixture
def desk_and_fake(a_fake_desk: tuple[Desk, Fake]) -> tuple[Desk, Fake]:
    desk, made = a_fake_desk
    desk.clock.now = START
    desk.forget()
    made.reset()
    return desk, made


Bend = Callable[[Fake], object]
