"""Somebody at work for a group, with its key open, and cases that people share with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask

from portal.accounts import groups, people, visits
from portal.accounts.groups import Group
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.cases import filing, following, group_sharing
from portal.cases.case_key import CaseKey, new_case_key
from portal.cases.drafts import Draft
from portal.cases.filing import Wish
from portal.cases.following import Case
from portal.cases.group_sharing import Scope, wanted
from portal.cases.models import CaseRow
from portal.cases.status import Decided, Kind
from portal.database import reading, transaction
from portal.vault import Key, unseal
from portal.web import happening
from portal.web.filing import to_file
from portal.web.letter import written_from
from portal.web.shown import as_shown
from tests.building import DETAILS
from tests.groups import a_group
from tests.web.browsing import Browser, Clock
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk

TOLD = {name: DETAILS[name] for name in ("full_name", "address", "email", "photo_links")}


@dataclass(frozen=True)
class Work:
    """Somebody signed in for a group."""

    app: Flask
    browser: Browser
    group: Group
    private: Key
    account_id: str

    @property
    def engine(self) -> object:
        return self.app.extensions["rightface"].engine


def at_work(app: Flask, name: str = "Faces Free", opened: bool = True, mandated: bool = True) -> Work:
    """Somebody works for a new group, in a browser of their own."""
    parts = app.extensions["rightface"]
    who = Who("https://id.example", name, f"Mia of {name}", "mia@example.org")
    with transaction(parts.engine) as session:
        made = a_group(session, name, parts.today(), mandated)
        account = people.add(session, parts.config.staff_secret, who, [Role.GROUP_MEMBER])
        session.flush()
        groups.join(session, account.id, made.group.id)
        token = visits.begin(session, account.id, parts.clock(), strong=True)
        session.flush()
        visit = visits.find(session, token, parts.clock())
        assert visit
        if opened:
            groups.open_for(session, visit, token, made.private)
    browser = Browser(app)
    browser.client.set_cookie(parts.config.staff_cookie, token, secure=parts.config.secure)
    return Work(app, browser, made.group, made.private, account.id)


def again(work: Work) -> Browser:
    """The same person, signed in anew in another browser."""
    parts = work.app.extensions["rightface"]
    with transaction(parts.engine) as session:
        token = visits.begin(session, work.account_id, parts.clock(), strong=True)
        session.flush()
        visit = visits.find(session, token, parts.clock())
        assert visit
        groups.open_for(session, visit, token, work.private)
    browser = Browser(work.app)
    browser.client.set_cookie(parts.config.staff_cookie, token, secure=parts.config.secure)
    return browser


@dataclass(frozen=True)
class Filed:
    """A case, and the key of its person."""

    id: str
    key: CaseKey


def a_case(
    app: Flask,
    organisation: str = "clearview-ai",
    right: str = "access",
    place: str = "it",
    law: str = "eu-gdpr",
    name: str = "Ana Example",
    **details: str,
) -> Filed:
    """A case that somebody filed, shared with nobody."""
    draft = Draft(place, organisation, right, law, details={**TOLD, "full_name": name, **details})
    parts, key = app.extensions["rightface"], new_case_key()
    with app.test_request_context():
        letter = to_file(written_from("", draft, organisation))
        made = filing.prepared(key, parts.config.lookup_key, [letter], parts.today(), parts.catalogue.version, Wish())
    with transaction(parts.engine) as session:
        filing.keep(session, made)
    [row] = [row for row in made.rows if isinstance(row, CaseRow)]
    return Filed(row.id, key)


def held(app: Flask, filed: Filed) -> Case:
    """A case as its person has it."""
    with reading(app.extensions["rightface"].engine) as session:
        row = session.get_one(CaseRow, filed.id)
        wrap = lambda one: Key(unseal(filing.wrapping(filed.key), one.wrapped, f"wraps.{one.holder}:{one.case_id}"))  # noqa: E731
        [found] = following.read(session, [row], filing.FILER, wrap)
    return found


def share(
    work: Work, filed: Filed, scope: Scope = Scope.ACT, joint: bool = False, campaign_id: str | None = None
) -> Filed:
    """Let the group see so much of it."""
    case = held(work.app, filed)
    parts = work.app.extensions["rightface"]
    with transaction(parts.engine) as session:
        group_sharing.share(session, case, wanted(work.group, scope, joint, campaign_id), parts.today())
    return filed


def happen(app: Flask, filed: Filed, kind: Kind, day: date, way: str = "", outcome: Decided | None = None) -> Filed:
    """Let something have happened in it, as its person says."""
    parts = app.extensions["rightface"]
    with app.test_request_context():
        shown = as_shown(held(app, filed))
        said = happening.said_of(shown, happening.Told(kind, day, way=way, outcome=outcome))
    with transaction(parts.engine) as session:
        following.record(session, shown.case, said, parts.today(), parts.catalogue.version)
    return filed


@pytest.fixture(scope="module")
def module_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def lasting(a_lasting_desk: ADesk, module_clock: Clock) -> Flask:
    """One application for the tests of a module."""
    return a_lasting_desk(module_clock, private=STAFF.private)


@pytest.fixture
def clock(lasting: Flask, module_clock: Clock) -> Iterator[Clock]:
    """The clock of it, set back afterwards."""
    now = module_clock.now
    yield module_clock
    module_clock.now = now


@pytest.fixture(scope="module")
def app(lasting: Flask) -> Flask:
    """Each test makes a group of its own in it."""
    return lasting
