"""What the staff decided, on the pages of the case, in a real browser."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.journeys.conftest import WIDTHS, Open
from tests.journeys.test_every_page import a_filing, send, sideways, violations
from tests.web.browsing import CLEARVIEW
from tests.web.samples import decisions

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", WIDTHS)
def test_a_decision_is_contested_and_another_law_is_taken(opened: Open, portal: Flask, width: int) -> None:
    page = opened(bypass_csp=True)
    page.set_viewport_size({"width": width, "height": 800})
    a_filing(page, CLEARVIEW)
    send(page, "I have kept it: open my case")
    expect(page.locator("#next")).to_be_visible()
    case = page.url.rpartition("/")[2]

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert violations(page) == []
        assert not sideways(page)

    decisions(portal, case, "eu-gdpr")
    page.goto(f"/cases/{case}")
    look("Clearview AI")
    page.get_by_role("link", name="I do not agree: let somebody else look").click()
    look("Shall somebody else look at it?")
    page.get_by_role("button", name="Yes, let a second person look").click()
    expect(page.get_by_text("They have not decided yet.")).to_be_visible()
    page.get_by_role("link", name="Look at what they offer").click()
    look("Write your letter under another law?")
    page.get_by_role("button", name="Write it again").click()
    look("Clearview AI")
    page.locator("#replaced + ul a").click()
    expect(page.get_by_text("Another letter took its place")).to_be_visible()
    look("Read your letter")
