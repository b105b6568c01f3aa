"""Whatever is typed into a box of the staff's application, it answers with a page, and lets nobody in."""

from collections.abc import Iterator
from inspect import getmembers, isclass

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from sqlmodel import select
from wtforms import StringField
from wtforms.fields.core import UnboundField

from portal.accounts.models import StaffSessionRow
from portal.accounts.permissions import Role
from portal.database import reading
from portal.web.forms import staff
from portal.web.forms.journey import Asked
from tests.looking import a_clock
from tests.web.browsing import Browser, filled
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk, signed_in
from tests.web.test_naughty import strings

#: Where each box stands, and what else its form wants.
BOXES = [
    ("/enrol", "/enrol", "link", {}),
    ("/sign-in/code", "/sign-in/code", "email", {"code": "123456"}),
    ("/sign-in/code", "/sign-in/code", "code", {"email": "ada@example.org"}),
    ("/sign-in/code", "/sign-in/code", "after", {"email": "ada@example.org", "code": "123456"}),
    ("/sign-in", "/sign-in/passkey", "credential", {}),
    ("/sign-in", "/sign-in/passkey", "after", {"credential": "{}"}),
]
ADDRESS = "/addresses/clearview-ai"
LOOKED = {"page": "https://www.example.org/contact", "seen": ""}
#: The boxes of those who are signed in: on which page, and what else its form wants.
INSIDE = [
    (ADDRESS, "page", {}),
    (ADDRESS, "seen", LOOKED),
    (f"{ADDRESS}/wrong", "address", LOOKED),
    (f"{ADDRESS}/wrong", "email", LOOKED),
    (f"{ADDRESS}/wrong", "their_form", LOOKED),
    (f"{ADDRESS}/wrong", "remark", LOOKED),
]
#: A page for each is enough; the public pages take them all.
EVERY = 9


def typed() -> Iterator[str]:
    """The boxes of the staff's forms that are sent by POST, by name; test_trail_page asks in the address."""
    for _, form in getmembers(staff, lambda one: isclass(one) and issubclass(one, FlaskForm)):
        if issubclass(form, Asked):
            continue
        fields = ((name, made) for name, made in vars(form).items() if isinstance(made, UnboundField))
        yield from (name for name, made in fields if issubclass(made.field_class, StringField))


def test_every_box_is_typed_into() -> None:
    assert {*typed()} == {name for _, _, name, _ in BOXES} | {name for _, name, _ in INSIDE}


@pytest.mark.parametrize(("page", "address", "name", "more"), BOXES, ids=[f"{one[1]} {one[2]}" for one in BOXES])
def test_no_string_breaks_a_box_or_lets_anybody_in(
    desk: Flask, page: str, address: str, name: str, more: dict[str, str]
) -> None:
    browser = Browser(desk)
    token = browser.get(page).tree.xpath("//input[@name='csrf_token']/@value")[0]
    before = visits(desk)
    for what in strings()[::EVERY]:
        with browser.client.post(address, data={**more, name: what, "csrf_token": token}) as answer:
            assert answer.status_code in (302, 410, 422, 429), what
            if answer.status_code == 302:
                assert answer.location in ("/", "/enrol/passkey"), what
    assert visits(desk) == before


@pytest.fixture(scope="module")
def keyed(a_lasting_desk: ADesk) -> Flask:
    """With a key to seal what is typed to."""
    return a_lasting_desk(a_clock(), private=STAFF.private)


@pytest.mark.parametrize(("address", "name", "more"), INSIDE, ids=[f"{one[0]} {one[1]}" for one in INSIDE])
def test_no_string_breaks_a_box_inside(keyed: Flask, address: str, name: str, more: dict[str, str]) -> None:
    """What is taken can be shown again; what is not stands in its box as it was typed."""
    browser = signed_in(keyed, Role.LAW_EDITOR)
    for what in strings()[::EVERY]:
        page = browser.get(address)
        values = {**dict(filled(page.form("page"))), **{one: text for one, text in more.items() if text}, name: what}
        with browser.client.post(address, data=values) as answer:
            assert answer.status_code in (302, 422), what
            if answer.status_code == 302:
                assert answer.location in ("/addresses", ADDRESS), what
                assert browser.get(answer.location).status == 200, what


def test_the_page_that_it_is_held_to_is_one_that_lets_people_in(desk: Flask) -> None:
    before = visits(desk)
    assert signed_in(desk, Role.TRIAGE).get("/").status == 200
    assert visits(desk) > before


def visits(desk: Flask) -> int:
    with reading(desk.extensions["rightface"].engine) as session:
        return len(session.exec(select(StaffSessionRow)).all())
