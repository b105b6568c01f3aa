"""A group asks to be let in: sealed for the staff at once, and asked once for one name."""

import json

import pytest
from flask import Flask
from sqlmodel import select

from portal.cases import applications
from portal.cases.models import TaskRow
from portal.cases.tasks import Matter
from portal.database import reading
from portal.limits import LIMITS
from portal.vault import Unopened, new_pair
from tests.web.browsing import Browser, Clock, Page
from tests.web.conftest import WIDE, AnApp
from tests.web.running import STAFF

SAID = {
    "name": "Gesichter & Rechte",
    "page": "https://example.org/about",
    "email": "group@example.org",
    "place": "at",
    "purpose": "We help people in Vienna.\n\nAgainst Clearview.",
    "mandated": "y",
    "person": "Pia Sample",
    "person_email": "pia@example.org",
}


@pytest.fixture
def app(an_app: AnApp) -> Flask:
    return an_app(Clock())


def applied(app: Flask, **changed: str) -> Page:
    browser = Browser(app)
    return browser.send(browser.get("/groups/apply"), {**SAID, **changed})


def asked(app: Flask) -> list[TaskRow]:
    with reading(app.extensions["rightface"].engine) as session:
        return [*session.exec(select(TaskRow))]


def test_it_is_sealed_for_the_staff_and_the_page_says_what_comes_next(app: Flask) -> None:
    page = applied(app)
    assert (page.status, page.path) == (200, "/groups/apply/received")
    assert "within 14 days" in page.text
    [task] = asked(app)
    assert (task.matter, task.case_id) == (Matter.GROUP, None)
    in_the_clear = json.dumps(task.model_dump(exclude={"sealed"}), default=str)
    assert not [told for told in ("Gesichter", "Pia", "example.org", "Vienna") if told in in_the_clear]
    assert b"Pia" not in (task.sealed or b"")
    said = applications.read(task, STAFF.private)
    assert said
    assert (said.about.name, said.about.page, said.about.email) == (SAID["name"], SAID["page"], SAID["email"])
    assert (said.about.place, said.about.mandated) == ("at", True)
    assert (said.name, said.email) == (SAID["person"], SAID["person_email"])
    assert said.purpose.splitlines() == SAID["purpose"].splitlines()
    with pytest.raises(Unopened):
        applications.read(task, new_pair()[1])


def test_one_name_is_asked_for_once_however_it_is_written(app: Flask) -> None:
    for name in ("Gesichter & Rechte", "GESICHTER  rechte", "Another"):
        assert applied(app, name=name).path == "/groups/apply/received"
    assert len(asked(app)) == 2
    first = min(asked(app), key=lambda task: task.id)
    assert applications.read(first, STAFF.private)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"name": " "}, "Enter the name of the group"),
        ({"name": "x" * 121}, "Use at most 120 characters"),
        ({"name": "a\0b"}, "Take out line breaks and characters that cannot be seen"),
        ({"name": "\u202eevil"}, "Take out line breaks and characters that cannot be seen"),
        ({"page": "http://example.org"}, "Enter the address of a page, for example https://www.example.org"),
        ({"page": "javascript:alert(1)"}, "Enter the address of a page, for example https://www.example.org"),
        ({"page": "https://me@example.org"}, "Enter the address of a page, for example https://www.example.org"),
        ({"email": "nobody"}, "Enter an e-mail address, for example name@example.org"),
        ({"place": ""}, "Choose a country"),
        ({"purpose": "\n"}, "Say in a few sentences what you want to do here"),
        ({"person": ""}, "Enter your name"),
        ({"person_email": "a@b"}, "Enter an e-mail address, for example name@example.org"),
    ],
)
def test_what_is_missing_or_wrong_is_said(app: Flask, changed: dict[str, str], error: str) -> None:
    page = applied(app, **changed)
    assert (page.status, page.errors) == (422, [error])
    assert asked(app) == []


@pytest.mark.parametrize("page", ["https://example.org/?page_id=2", "https://example.org/about#us"])
def test_an_address_may_be_one_of_many_kinds(app: Flask, page: str) -> None:
    assert applied(app, page=page).path == "/groups/apply/received"
    [task] = asked(app)
    said = applications.read(task, STAFF.private)
    assert said
    assert said.about.page == page.partition("#")[0]


def test_a_program_that_fills_in_everything_is_thanked_and_leaves_nothing(app: Flask) -> None:
    assert applied(app, website="https://spam.example").path == "/groups/apply/received"
    assert asked(app) == []


def test_where_nobody_could_let_them_in_nothing_is_taken(an_app: AnApp) -> None:
    app = an_app(Clock(), RIGHTFACE_STAFF_PUBLIC_KEY="")
    page = Browser(app).get("/groups/apply")
    assert page.status == 200
    assert "nobody could let them in" in page.text
    assert page.names() == set()


def test_one_network_cannot_ask_for_ever(an_app: AnApp) -> None:
    app = an_app(Clock(), limits={**WIDE, "message": LIMITS["message"]})
    browser = Browser(app)
    page = browser.get("/groups/apply")
    found = [browser.send(page, {**SAID, "name": f"{n}"}).status for n in range(LIMITS["message"].times + 1)]
    assert (found[:-1].count(200), found[-1]) == (LIMITS["message"].times, 429)
