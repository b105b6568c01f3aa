"""What somebody says in the name of an organisation, as the staff read and decide it."""

import pytest
from flask import Flask
from sqlmodel import select

from portal.accounts.permissions import Role
from portal.cases import statements
from portal.cases.models import StatementRow
from portal.cases.statements import Statement, Written
from portal.cases.tasks import Choice, Matter
from portal.database import reading, transaction
from portal.vault import PublicHalf, new_pair
from tests.building import TODAY, the_catalogue
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk, signed_in
from tests.web.staff.test_queue import decided, kept, open_tasks, press, taken

WRITTEN = Written("pimeyes", "We <b>answer</b>.", "en", "Petra Vorlage", "Counsel", "counsel@example.com")


@pytest.fixture
def app(a_desk: ADesk) -> Flask:
    return a_desk(private=STAFF.private)


def offered(app: Flask, half: PublicHalf = STAFF.public) -> str:
    """Write something for an organisation; the id of the task."""
    with transaction(app.extensions["rightface"].engine) as session:
        statements.offer(session, half, WRITTEN, TODAY)
    [row] = open_tasks(app, Matter.ORGANISATION_ANSWER)
    return row.id


def shown(app: Flask) -> tuple[Statement, ...]:
    with reading(app.extensions["rightface"].engine) as session:
        return statements.of(session, "pimeyes")


@pytest.mark.parametrize("role", [Role.TRIAGE, Role.LAW_EDITOR])
def test_it_is_compared_with_what_the_organisation_publishes_and_shown(app: Flask, role: Role) -> None:
    browser, id_ = signed_in(app, role), offered(app)
    assert "Answer of an organisation" in browser.get("/queue").text
    page = taken(browser, id_)
    contact = the_catalogue().organisations["pimeyes"].contact
    for told in ("PimEyes", "We <b>answer</b>.", "Petra Vorlage, Counsel", "counsel@example.com", contact.email):
        assert told in page.text
    decided(browser, id_, "accepted")
    assert shown(app) == (Statement("We <b>answer</b>.", "en", TODAY),)
    assert (kept(app, id_).choice, kept(app, id_).sealed) == (Choice.ACCEPTED, None)
    page = browser.get(f"/tasks/{id_}")
    assert "Petra" not in page.text
    assert "Decided: It does: show it beside the figures" in page.text


def test_of_what_is_refused_nothing_stays(app: Flask) -> None:
    browser, id_ = signed_in(app, Role.TRIAGE), offered(app)
    taken(browser, id_)
    decided(browser, id_, "refused")
    assert shown(app) == ()
    assert kept(app, id_).sealed is None


@pytest.mark.parametrize("lost", [True, False])
def test_what_nobody_can_read_is_not_decided(a_desk: ADesk, lost: bool) -> None:
    app = a_desk(private=STAFF.private if lost else None)
    id_ = offered(app, new_pair()[0] if lost else STAFF.public)
    browser = signed_in(app, Role.TRIAGE)
    page = taken(browser, id_)
    assert ("It was sealed to another key" if lost else "The key is not here") in page.text
    press(browser, page, f"/tasks/{id_}/decide", choice="accepted")
    assert kept(app, id_).decided_on is None


def test_nothing_of_it_is_in_the_clear_before(app: Flask) -> None:
    offered(app)
    with reading(app.extensions["rightface"].engine) as session:
        assert session.exec(select(StatementRow)).all() == []
