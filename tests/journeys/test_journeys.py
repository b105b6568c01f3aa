"""From “who holds my face” to a letter that can be posted, in a real browser."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.web.pages import NEUTRAL
from tests.journeys.conftest import Open, Watch
from tests.journeys.walking import JOURNEYS, Journey, ask, at, check, fill, stays, take, tell
from tests.web.browsing import rows

pytestmark = pytest.mark.browser

VIENNA = JOURNEYS[0]


@pytest.mark.parametrize(
    ("journey", "script"),
    # Without script the pages are the same, and have been walked so by HTTP: a request and a complaint are enough.
    [*((one, True) for one in JOURNEYS), *((one, False) for one in JOURNEYS if one.who in ("Houston", "Athens"))],
    ids=lambda one: one.who if isinstance(one, Journey) else "with script" if one else "without script",
)
def test_a_person_comes_from_the_search_to_the_letter(
    opened: Open, portal: Flask, tmp_path: Path, journey: Journey, script: bool
) -> None:
    page = opened(java_script_enabled=script)
    before = len(rows(portal))
    ask(page, journey)
    tell(page, journey, script)
    check(take(page, tmp_path), journey)
    address = page.url
    page.get_by_role("button", name="I have my letter: forget my details").click()
    at(page, "Your details are forgotten")
    assert len(rows(portal)) == before
    page.go_back()
    at(page, "This page has been open for too long")
    answer = page.goto(address)
    assert answer
    assert answer.status == 404


# Leaving quickly


def at_the_preview(page: Page) -> None:
    page.goto("/to/clearview-ai/access/at/eu-gdpr")
    fill(page, {"full_name": "Ana Example", "email": "ana@example.org"})
    page.get_by_role("button", name="Write my letter").click()
    at(page, "Read your letter")
    assert "Ana Example" in page.content()


def escape(page: Page, times: int) -> None:
    """Press the key, once the page has said that it may be pressed."""
    expect(page.get_by_text("or press the Esc key three times")).to_be_visible()
    for _ in range(times):
        page.keyboard.press("Escape")


def gone(page: Page, portal: Flask, before: int) -> None:
    """Nothing is left: not on the page, not in the database, not behind the Back key."""
    page.wait_for_url(NEUTRAL)
    at(page, "Encyclopedia")
    for _ in range(50):
        if len(rows(portal)) == before:
            break
        page.wait_for_timeout(100)
    assert len(rows(portal)) == before
    page.go_back()
    assert "Ana Example" not in page.content()
    assert not {cookie.get("name") for cookie in page.context.cookies()} & {"draft"}


def test_escape_pressed_three_times_leaves(opened: Open, portal: Flask, watch: Watch) -> None:
    page, before = opened(leaves=True), len(rows(portal))
    at_the_preview(page)
    escape(page, 2)
    at(page, "Read your letter")  # twice is nothing
    escape(page, 3)
    gone(page, portal, before)
    assert NEUTRAL in watch.abroad


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_button_leaves(opened: Open, portal: Flask, script: bool) -> None:
    page, before = opened(leaves=True, java_script_enabled=script), len(rows(portal))
    at_the_preview(page)
    page.get_by_role("button", name="Leave quickly").click()
    gone(page, portal, before)


def test_escape_leaves_out_of_a_box_full_of_words(opened: Open, portal: Flask) -> None:
    page, before = opened(leaves=True), len(rows(portal))
    page.goto("/to/clearview-ai/access/at/eu-gdpr")
    page.get_by_label("What is your full name?").fill("Ana Example")
    escape(page, 3)
    gone(page, portal, before)


def test_who_presses_on_in_fright_leaves_too(opened: Open, portal: Flask) -> None:
    page, before = opened(leaves=True), len(rows(portal))
    at_the_preview(page)
    escape(page, 8)
    gone(page, portal, before)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_leaving_from_a_page_of_the_law_takes_the_key_as_well(opened: Open, script: bool) -> None:
    page = opened(leaves=True, java_script_enabled=script)
    at_the_preview(page)
    page.goto("/laws/eu-gdpr")
    page.get_by_role("button", name="Leave quickly").click()
    page.wait_for_url(NEUTRAL)
    at(page, "Encyclopedia")
    page.wait_for_timeout(500)
    assert not {cookie.get("name") for cookie in page.context.cookies()} & {"draft", "session"}


def test_escape_leaves_where_the_other_scripts_do_not_load(opened: Open, portal: Flask, watch: Watch) -> None:
    page, before = opened(leaves=True), len(rows(portal))
    page.route("**/govuk-frontend.min.js", lambda route: route.abort())
    at_the_preview(page)
    escape(page, 3)
    gone(page, portal, before)
    watch.complaints.clear()  # that it did not load was complained about


# By keyboard alone


def tab_to(page: Page, css: str) -> None:
    """Press Tab until something has the focus, which must be seen."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("css => document.activeElement.matches(css)", css):
            return
    raise AssertionError(f"no Tab leads to {css} on {page.url}")


def test_a_journey_needs_no_mouse(opened: Open, tmp_path: Path) -> None:
    page = opened()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    tab_to(page, "[name=q]")
    page.keyboard.type("clearview")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=clearview")
    tab_to(page, "a[href='/to/clearview-ai']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/to/clearview-ai")
    tab_to(page, "[name=right]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/access")
    tab_to(page, "[name=place]")
    page.keyboard.type("Austria")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/access/at")
    tab_to(page, "main a.govuk-button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/eu-gdpr")
    tab_to(page, "main button")
    page.keyboard.press("Enter")  # nothing was given: the errors take the focus
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "full_name"
    page.keyboard.type("Ana Example")
    tab_to(page, "[name=email]")
    page.keyboard.type("ana@example.org")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/letter/*")
    stays(page)
    check(take(page, tmp_path), VIENNA)


@pytest.mark.parametrize("address", ["/", "/to/clearview-ai", "/to/clearview-ai/access/at/eu-gdpr"])
def test_whatever_has_the_focus_shows_it(opened: Open, address: str) -> None:
    page = opened()
    page.goto(address)
    for _ in range(15):
        page.keyboard.press("Tab")
        assert page.evaluate(
            """() => { const one = document.activeElement
                 const seen = [one, one.closest('div'), one.nextElementSibling].filter(Boolean)
                 const drawn = (part, pseudo) => { const style = getComputedStyle(part, pseudo)
                   return style.outlineStyle !== 'none' || style.boxShadow !== 'none' }
                 return one === document.body || seen.some(part => drawn(part) || drawn(part, '::before')) }"""
        ), page.evaluate("document.activeElement.outerHTML")
