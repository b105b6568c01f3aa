"""The public record with figures, in a real browser: axe finds nothing, a phone shows it, pictures are drawn."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.cases import statements
from portal.cases.statements import Fault
from portal.database import transaction
from tests.building import TODAY, the_catalogue
from tests.journeys.conftest import Open
from tests.journeys.test_every_page import open_all, sideways, violations
from tests.web.recorded import FULL, PARTLY, publish

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def edition(portal: Flask) -> None:
    """An edition of more than a page of organisations; one has answered, and another answer was taken down."""
    publish(portal, {**dict.fromkeys(the_catalogue().organisations, PARTLY), "clearview-ai": FULL})
    told = {"organisation": "clearview-ai", "language": "en", "text": "We answer every request."}
    with transaction(portal.extensions["rightface"].engine) as session:
        for _ in range(2):
            statements.accept(session, told, TODAY)
        statements.take_down(session, "clearview-ai", 2, Fault.IMPOSTOR, TODAY)


ADDRESSES = ["/record", "/record/clearview-ai", "/record/method", "/record/corrections", "/record?q=" + "x" * 101]


def test_axe_finds_nothing_where_there_are_figures(opened: Open) -> None:
    page = opened(bypass_csp=True, viewport={"width": 320, "height": 640})
    for address in ADDRESSES:
        page.goto(address)
        open_all(page)
        assert (violations(page), sideways(page)) == ([], 0), address


def test_from_the_first_page_to_what_an_organisation_does(opened: Open) -> None:
    page = opened()
    page.goto("/")
    page.get_by_role("link", name="What organisations do: the public record").click()
    page.get_by_label("Look up an organisation").fill("clearvew")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("link", name="Clearview AI").click()
    expect(page.get_by_text("People reported at least 1,255 letters to Clearview AI.")).to_be_visible()
    expect(page.locator("main svg[role=img]")).to_have_count(3)
    assert _drawn(page, ".series.columns rect") > 100
    page.get_by_role("link", name="I speak for this organisation, and want to answer").click()
    expect(page.get_by_role("heading", name="You speak for Clearview AI")).to_be_visible()


def _drawn(page: Page, what: str) -> float:
    """How high the highest of the rectangles is, in the window."""
    return float(
        page.locator(what).evaluate_all("all => Math.max(...all.map(one => one.getBoundingClientRect().height))")
    )


def test_why_they_refused_is_asked_only_of_a_refusal(opened: Open) -> None:
    page = opened()
    page.goto("/record/method")
    page.set_content(
        '<link rel="stylesheet" href="/static/rightface.css"><form><input type="radio" name="answer" value="partly">'
        '<input type="radio" name="answer" value="refused"><div class="rf-if-refused">Why</div></form>'
    )
    expect(page.get_by_text("Why")).to_be_hidden()
    page.locator("[value=refused]").check()
    expect(page.get_by_text("Why")).to_be_visible()
