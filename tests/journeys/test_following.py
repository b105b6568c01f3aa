"""File a letter, leave, come back with the key, say what happened, in a real browser."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.building import DETAILS
from tests.journeys.conftest import Open
from tests.journeys.walking import at, close, come_back, file_it, fill, heading, key_shown, say
from tests.papers.documents import a_pdf
from tests.papers.pictures import saved
from tests.web.browsing import CLEARVIEW

pytestmark = pytest.mark.browser


def vienna() -> date:
    return datetime.now(ZoneInfo("Europe/Vienna")).date()


def at_the_preview(page: Page, way: str = CLEARVIEW) -> None:
    page.goto(way)
    fill(page, DETAILS)
    page.get_by_role("button", name="Write my letter").click()
    at(page, "Read your letter")


def filed(page: Page, way: str = CLEARVIEW) -> str:
    """File a letter and open its case; the key."""
    at_the_preview(page, way)
    key = file_it(page)
    page.get_by_role("button", name="I have kept it: open my case").click()
    at(page, "Clearview AI")
    return key


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_person_files_leaves_comes_back_and_follows(opened: Open, script: bool) -> None:
    page = opened(java_script_enabled=script)
    key = filed(page)
    page.reload()
    at(page, "Clearview AI")
    say(page, "I sent it", vienna().isoformat())
    expect(page.locator("#next")).to_contain_text("Estimated: their answer is due by about")
    close(page)
    page.go_back()
    at(page, "Open your case")  # nothing of the case is left in this browser
    come_back(page, key.lower().replace("-", " "))
    at(page, "Clearview AI")
    say(page, "They got it", vienna().isoformat())
    expect(page.locator("#next")).to_contain_text("They must answer by")
    with page.expect_download() as download:
        page.get_by_role("link", name="Put the date into my calendar").click()
    assert download.value.suggested_filename == "reply-due.ics"
    say(page, "They answered", vienna().isoformat(), "They want my passport.")
    expect(page.locator(".rf-timeline")).to_contain_text("They want my passport.")
    expect(page.get_by_role("button", name="Complain to the authority")).to_be_visible()
    say(page, "I am done with it", "")
    expect(page.locator("#next")).to_contain_text("There is nothing more to do here.")


def test_back_and_reload_show_the_same_filing_at_every_step(opened: Open) -> None:
    page = opened()
    at_the_preview(page)
    key = file_it(page)
    page.go_back()
    at(page, "It is filed")  # it is not filed twice
    assert key_shown(page) == key
    page.reload()
    assert key_shown(page) == key
    page.get_by_role("button", name="I have kept it: open my case").click()
    at(page, "Clearview AI")
    page.go_back()
    assert heading(page) in ("This page has been open for too long", "We cannot find that page")
    assert key not in page.content()


def test_two_tabs_write_two_letters_and_file_them_apart(opened: Open) -> None:
    one = opened()
    other = one.context.new_page()
    at_the_preview(one)
    at_the_preview(other, "/to/pimeyes/access/at/eu-gdpr")
    first, second = file_it(one), file_it(other)
    assert first != second
    for key, name in ((first, "Clearview AI"), (second, "PimEyes")):
        come_back(one, key)
        at(one, name)


def test_two_tabs_of_one_case_show_what_either_said(opened: Open) -> None:
    one = opened()
    filed(one)
    other = one.context.new_page()
    other.goto(one.url)
    say(other, "I sent it", vienna().isoformat())
    one.reload()
    expect(one.locator(".rf-timeline")).to_contain_text("You sent the letter")


def test_a_new_key_takes_the_place_of_the_old_one(opened: Open) -> None:
    page = opened()
    old = filed(page)
    page.get_by_role("link", name="Make a new key").click()
    page.get_by_role("button", name="Make a new key").click()
    new = key_shown(page)
    page.reload()
    assert key_shown(page) == new != old
    page.get_by_role("button", name="I have kept it: change the key").click()
    at(page, "Clearview AI")
    come_back(page, old)
    expect(page.locator(".govuk-error-summary")).to_contain_text("This key opens nothing")
    assert old not in page.content()
    come_back(page, new)
    at(page, "Clearview AI")
    expect(page.locator(".rf-timeline")).to_contain_text("You made a new case key")


def test_leaving_quickly_closes_the_case(opened: Open) -> None:
    page = opened(leaves=True)
    filed(page)
    address = page.url
    page.get_by_role("button", name="Leave quickly").click()
    at(page, "Encyclopedia")
    page.goto(address)
    at(page, "Open your case")


def test_a_wrong_day_is_told_and_loses_nothing(opened: Open) -> None:
    page = opened()
    filed(page)
    say(page, "I sent it", vienna().isoformat())
    page.get_by_role("link", name="They answered").click()
    fill(page, {"day": (vienna() - timedelta(days=1)).isoformat(), "note": "They said no."})
    page.get_by_role("button", name="Put it into my case").click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.locator(".govuk-error-summary")).to_contain_text("before you sent the letter")
    expect(page.get_by_label("Do you want to note anything about it?")).to_have_value("They said no.")


def test_a_person_takes_everything_along_and_erases_it(opened: Open, tmp_path: Path) -> None:
    page = opened()
    key = filed(page)
    address = page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Export everything").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("01/case.json"))["letter"]["signatory"] == "Ana Example"
        assert archive.read("01/letter.pdf").startswith(b"%PDF")
    page.get_by_role("link", name="Erase this case").click()
    at(page, "Erase this case?")
    page.get_by_role("button", name="Erase it for good").click()
    at(page, "It is gone")
    page.go_back()
    at(page, "Open your case")
    page.goto(address)
    at(page, "Open your case")
    come_back(page, key)
    expect(page.locator(".govuk-error-summary")).to_contain_text("This key opens nothing")


def test_files_are_attached_seen_again_and_erased(opened: Open) -> None:
    page = opened()
    filed(page)
    page.get_by_role("link", name="Attach files").click()
    at(page, "Attach files")
    page.get_by_label("What they answered").check()
    files = [("answer.pdf", "application/pdf", a_pdf()), ("face.jpg", "image/jpeg", saved())]
    page.get_by_label("Which files do you want to attach?").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in files]
    )
    page.get_by_role("button", name="Attach them").click()
    expect(page.locator(".rf-papers")).to_contain_text("Their answer")
    with page.expect_download() as download:
        page.get_by_role("link", name="answer.pdf").click()
    assert download.value.path().read_bytes() == files[0][2]
    page.get_by_role("button", name="Erase answer.pdf").click()
    expect(page.get_by_role("link", name="answer.pdf")).to_have_count(0)
    expect(page.get_by_role("link", name="face.jpg")).to_have_count(1)
    page.reload()
    at(page, "Clearview AI")
