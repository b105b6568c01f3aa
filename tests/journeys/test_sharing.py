"""Who may read a case, and what is written to the portal's staff, in a real browser, wide and narrow."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.cases import sharing, thread
from portal.cases.following import Case
from portal.cases.models import CaseRow
from portal.cases.thread import LONGEST, Content
from portal.database import reading, transaction
from portal.vault import PublicHalf
from tests.building import DETAILS, TODAY
from tests.journeys.conftest import Open
from tests.journeys.test_every_page import sideways, violations
from tests.journeys.walking import at, close, come_back, file_it, fill, key_shown
from tests.web.browsing import CLEARVIEW
from tests.web.running import STAFF

pytestmark = pytest.mark.browser

WIDTHS = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 320, "height": 640}}


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, opened: Open) -> Page:
    return opened(viewport=WIDTHS[request.param], bypass_csp=True)


def at_the_preview(page: Page) -> None:
    page.goto(CLEARVIEW)
    fill(page, DETAILS)
    page.get_by_role("button", name="Write my letter").click()
    at(page, "Read your letter")


def fits(page: Page) -> None:
    """Everybody can use the page, and nothing sticks out."""
    assert violations(page) == []
    assert sideways(page) == 0


def for_staff(portal: Flask, case_id: str) -> Case | None:
    with reading(portal.extensions["rightface"].engine) as session:
        return sharing.open_for_staff(session, case_id, STAFF.private)


def test_who_files_chooses_and_changes_who_may_read_it(page: Page, portal: Flask) -> None:
    at_the_preview(page)
    page.get_by_role("button", name="File it and follow it").click()
    at(page, "File it and follow it")
    key = key_shown(page)
    fits(page)
    page.get_by_role("button", name="I have the key: file it").click()
    expect(page).to_have_title(re.compile("^Error:"))
    page.get_by_role("link", name="Choose who may read your case").click()
    expect(page.get_by_label("Only me", exact=True)).to_be_focused()
    fits(page)
    assert key_shown(page) == key
    page.get_by_label("Me and the portal's staff", exact=True).check()
    page.get_by_label("This is urgent for me").check()
    page.get_by_role("button", name="I have the key: file it").click()
    at(page, "It is filed")
    page.get_by_role("button", name="I have kept it: open my case").click()
    at(page, "Clearview AI")
    fits(page)
    case_id = page.url.rpartition("/")[2]
    assert for_staff(portal, case_id)
    page.get_by_role("link", name="Change who may read this").click()
    at(page, "Who may read this")
    expect(page.get_by_label("Me and the portal's staff", exact=True)).to_be_checked()
    expect(page.get_by_label("This is urgent for me")).to_be_checked()
    fits(page)
    page.get_by_label("Only me", exact=True).check()
    page.get_by_role("button", name="Keep my choice").click()
    expect(page.locator("#readers + p")).to_contain_text("Only you.")
    assert for_staff(portal, case_id) is None


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_person_asks_leaves_and_reads_the_answer(opened: Open, portal: Flask, script: bool) -> None:
    page = opened(java_script_enabled=script)
    at_the_preview(page)
    key = file_it(page)
    page.get_by_role("button", name="I have kept it: open my case").click()
    at(page, "Clearview AI")
    case_id = page.url.rpartition("/")[2]
    page.get_by_role("link", name="Read and write messages").click()
    page.get_by_label("What do you want to write to them?").fill("Is this the right company?")
    page.get_by_role("button", name="Send it to the staff").click()
    expect(page.locator(".rf-thread li")).to_contain_text("Is this the right company?")
    page.reload()
    expect(page.locator(".rf-thread li")).to_have_count(1)  # it is not sent twice
    page.goto("/cases")
    close(page)
    answered(portal, case_id, Content(saved="other-organisation", blanks={"organisation": "pimeyes"}))
    come_back(page, key)
    page.get_by_role("link", name="Read 1 new message").click()
    newest = page.locator(".rf-thread li").last
    expect(newest).to_contain_text("New")
    expect(newest).to_contain_text("We believe that PimEyes holds what you ask about")
    newest.get_by_role("link", name="PimEyes").click()
    at(page, "PimEyes")


def test_the_thread_can_be_used_by_everybody(page: Page, portal: Flask) -> None:
    at_the_preview(page)
    file_it(page)
    page.get_by_role("button", name="I have kept it: open my case").click()
    at(page, "Clearview AI")
    case = page.url
    page.goto(f"{case}/messages")
    fits(page)
    box = page.get_by_label("What do you want to write to them?")
    box.fill("x" * (LONGEST + 1))
    page.get_by_role("button", name="Send it to the staff").click()
    expect(page).to_have_title(re.compile("^Error:"))
    fits(page)
    expect(box).to_have_value("x" * (LONGEST + 1))
    box.fill("x" * LONGEST)  # one word, wider than any page
    page.get_by_role("button", name="Send it to the staff").click()
    expect(page.locator(".rf-thread li")).to_have_count(1)
    answered(portal, case.rpartition("/")[2], Content(saved="when-sent"))
    page.goto(case)
    expect(page.get_by_role("link", name="Read 1 new message")).to_be_visible()
    fits(page)
    page.goto(f"{case}/messages")
    expect(page.locator(".rf-thread li")).to_have_count(2)
    fits(page)


def answered(portal: Flask, case_id: str, content: Content) -> None:
    """What staff write."""
    with transaction(portal.extensions["rightface"].engine) as session:
        half = PublicHalf(session.get_one(CaseRow, case_id).public_key)
        thread.write(session, case_id, half, STAFF.public, content, from_staff=True, today=TODAY)
