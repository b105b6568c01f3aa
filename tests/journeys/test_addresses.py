"""Somebody of the staff looks at addresses by keyboard, and people read what was found, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.law.looks import Verdict
from tests.journeys.conftest import Open
from tests.journeys.test_every_page import MADE, open_all, sideways, violations
from tests.journeys.test_staff_sign_in import Desk, at_desk, device, enrol, keyed, press, served
from tests.journeys.walking import at
from tests.looking import PAGE, look

pytestmark = pytest.mark.browser

SIZES = [{"width": 1280, "height": 900}, {"width": 320, "height": 640}]
BODY, OTHER = "clearview-ai", "pimeyes"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with keyed(tmp_path_factory.mktemp("desk")) as found:
        yield found


def is_in_order(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the window, wide or narrow, in either language."""
    here = page.url
    open_all(page)
    for size in reversed(SIZES):
        page.set_viewport_size(size)
        assert violations(page) == [], here
        assert sideways(page) == 0, (here, size)


def test_a_clerk_looks_at_addresses_by_keyboard_alone(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home, bypass_csp=True)
    device(page)
    enrol(page, desk.invite("kim@example.org", "triage"))
    at_desk(page)
    page.get_by_role("link", name="Addresses to look at").focus()
    page.keyboard.press("Enter")
    at(page, "Addresses to look at")
    is_in_order(page)
    page.get_by_role("link", name="Clearview AI", exact=True).focus()
    page.keyboard.press("Enter")
    at(page, "Clearview AI")
    is_in_order(page)

    page.get_by_label("Where did you look?").focus()
    page.keyboard.type("www.clearview.ai")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Enter the address of a page")
    is_in_order(page)
    page.get_by_label("Where did you look?").fill("https://www.clearview.ai/privacy-policy")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="It is right")).to_be_focused()
    page.keyboard.press("Enter")
    at(page, "Addresses to look at")
    expect(page.get_by_role("heading", name="Looked at (1)")).to_be_visible()
    is_in_order(page)

    page.goto(f"/addresses/{OTHER}")
    page.get_by_role("button", name="Something in it is wrong").focus()
    page.keyboard.press("Enter")
    at(page, "Something in it is wrong")
    is_in_order(page)
    page.get_by_label("Where did you look?").fill(PAGE)
    press(page, "It is wrong: warn people")
    expect(page.get_by_role("alert")).to_contain_text("Change what is wrong")
    is_in_order(page)
    page.get_by_label("The address, as it goes on the envelope").fill("PimEyes\n1 Sample Street\nSampletown")
    page.get_by_label("What else should a law editor know?").fill("They moved in autumn.")
    press(page, "It is wrong: warn people")
    expect(page.locator("#patch")).to_have_value(re.compile("1 Sample Street"))
    is_in_order(page)
    page.goto("/addresses")
    expect(page.get_by_role("heading", name="Found wrong (1)")).to_be_visible()
    is_in_order(page)


def test_what_needs_nothing_and_what_has_no_key_are_in_order_too(
    opened: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with served(tmp_path_factory.mktemp("keyless")) as desk:
        page = opened(base_url=desk.home, bypass_csp=True)
        device(page)
        enrol(page, desk.invite("joe@example.org"))
        for address in (f"/addresses/{BODY}/wrong", "/addresses/findclone"):
            page.goto(address)
            is_in_order(page)


@pytest.fixture
def told(portal: Flask) -> Iterator[None]:
    """Clearview's address was found wrong, PimEyes' right; afterwards both are as they were."""
    today = portal.extensions["rightface"].today()
    look(portal, BODY, Verdict.WRONG, on=today)
    look(portal, OTHER, on=today)
    yield
    with portal.extensions["rightface"].engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM confirmations")


#: What people read, in each language, of an address that was found wrong, and of one that was found right.
WORDS = {"en": ("Found wrong on", "ooked at on"), "fr": ("Constaté faux le", "érifié le")}
#: Where they read it, and of which of the two.
READ = {
    "/to/clearview-ai/access/at": 0,
    "/to/pimeyes/access/at": 1,
    "/letter/{several}": 0,
    "/letter/{several}/take": 0,
    "/letter/{several}/take?to=pimeyes": 1,
    "/organisations/clearview-ai": 0,
    "/organisations/pimeyes": 1,
}


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_was_found_is_in_order_on_every_page(opened: Open, language: str) -> None:
    page = opened(bypass_csp=True)
    several = MADE["several"](page)
    page.goto(f"/language/{language}")
    for address, which in READ.items():
        page.goto(address.format(several=several))
        expect(page.get_by_role("main")).to_contain_text(WORDS[language][which])
        is_in_order(page)
