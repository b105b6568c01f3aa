"""What somebody says in the name of an organisation, as the staff read and decide it."""

from dataclasses import asdict

import pytest
from flask import Flask
from sqlmodel import select

from portal.accounts.permissions import Role
from portal.cases import statements
from portal.cases.models import StatementRow
from portal.cases.statements import Fault, Statement, Written
from portal.cases.tasks import Choice, Matter
from portal.database import reading, transaction
from portal.trail import Action
from portal.vault import PublicHalf, new_pair
from tests.building import TODAY, the_catalogue
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk, signed_in
from tests.web.staff.test_queue import decided, kept, noted, open_tasks, press, taken

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
    assert shown(app) == (Statement(1, "We <b>answer</b>.", "en", TODAY),)
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


def accepted(app: Flask, *texts: str) -> None:
    with transaction(app.extensions["rightface"].engine) as session:
        for text in texts:
            statements.accept(session, {**asdict(WRITTEN), "text": text}, TODAY)


@pytest.mark.parametrize("role", [Role.TRIAGE, Role.LAW_EDITOR])
def test_an_answer_is_taken_down_and_its_words_are_forgotten(app: Flask, role: Role) -> None:
    accepted(app, "We answer.", "Petra wrote us lies.")
    browser = signed_in(app, role)
    assert "/answers" in browser.get("/").links()
    assert "/answers/pimeyes/2" in browser.get("/answers").links()
    page = browser.get("/answers/pimeyes/2")
    assert "Petra wrote us lies." in page.text
    again = browser.send(page, {"fault": "boring"})
    assert (again.status, shown(app)[0].text) == (422, "Petra wrote us lies.")
    page = browser.send(page, {"fault": "names_somebody"})
    today = app.extensions["rightface"].today()
    assert shown(app) == (
        Statement(2, "", "en", TODAY, today, Fault.NAMES_SOMEBODY),
        Statement(1, "We answer.", "en", TODAY),
    )
    assert page.path == "/answers"
    assert "Petra" not in page.text
    assert "It named or described a person." in page.text


def test_it_is_taken_down_once_and_stands_in_the_trail_once(app: Flask) -> None:
    accepted(app, "We answer.")
    browser = signed_in(app, Role.TRIAGE)
    page = browser.get("/answers/pimeyes/1")
    for fault in ("impostor", "harm"):
        assert browser.send(page, {"fault": fault}).path == "/answers"
    assert [one.fault for one in shown(app)] == [Fault.IMPOSTOR]
    assert noted(app, Action.ANSWER_TAKEN_DOWN) == [("pimeyes", "done", "impostor")]
    assert browser.get("/answers/pimeyes/1").status == 404


@pytest.mark.parametrize("address", ["/answers/pimeyes/1", "/answers/nobody/1", "/answers/pimeyes/99999999999"])
def test_what_nobody_said_has_no_page(app: Flask, address: str) -> None:
    browser = signed_in(app, Role.TRIAGE)
    assert "None." in browser.get("/answers").text
    assert browser.get(address).status == 404


def test_nothing_of_it_is_in_the_clear_before(app: Flask) -> None:
    offered(app)
    with reading(app.extensions["rightface"].engine) as session:
        assert session.exec(select(StatementRow)).all() == []
