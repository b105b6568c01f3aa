"""The same to three organisations, taken or filed, in a real browser."""

from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open
from tests.journeys.test_following import at_the_preview
from tests.journeys.walking import at, close, come_back, file_it, say, stays

pytestmark = pytest.mark.browser


def the_same_to(page: Page, *others: str) -> None:
    page.get_by_role("link", name="Send the same to others").click()
    at(page, "The same to others")
    for name in others:
        page.get_by_label(name).check()
    page.get_by_role("button", name="Write these letters").click()
    at(page, "Read your letter")


def downloaded(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_person_writes_to_three_changes_one_letter_and_takes_all(
    opened: Open, tmp_path: Path, script: bool
) -> None:
    page = opened(java_script_enabled=script)
    at_the_preview(page)
    the_same_to(page, "PimEyes", "FaceCheck.ID")
    stays(page)
    letters = page.get_by_role("navigation", name="Your letters")
    expect(letters.get_by_role("link")).to_have_text(["Clearview AI", "FaceCheck.ID", "PimEyes"])
    letters.get_by_role("link", name="PimEyes").click()
    page.locator("summary", has_text="Change the words").click()
    box = page.get_by_label("The text of your letter")
    box.fill(f"{box.input_value()}\n\nYou showed me my own face.")
    page.get_by_role("button", name="Show me the letter again").first.click()
    expect(page.locator(".rf-letter")).to_contain_text("You showed me my own face.")
    stays(page)
    letters.get_by_role("link", name="Clearview AI").click()
    expect(page.locator(".rf-letter")).not_to_contain_text("You showed me my own face.")
    page.get_by_role("button", name="Just give me the letter").click()
    at(page, "Your letters are ready")
    pdf = pikepdf.open(downloaded(page, "All letters (PDF)", tmp_path))
    assert len(pdf.pages) >= 3
    names = ZipFile(downloaded(page, "All letters in all shapes (zip)", tmp_path)).namelist()
    assert {name.partition("/")[0] for name in names} == {"contents.txt", "01", "02", "03"}
    letters.get_by_role("link", name="FaceCheck.ID").click()
    expect(page.locator("h2").first).to_contain_text("FaceCheck.ID")
    page.get_by_role("button", name="I have all my letters: forget my details").click()
    at(page, "Your details are forgotten")
    page.go_back()
    at(page, "This page has been open for too long")


def test_one_key_opens_the_three_cases_that_were_filed_together(opened: Open) -> None:
    page = opened()
    at_the_preview(page)
    the_same_to(page, "PimEyes", "FaceCheck.ID")
    key = file_it(page)
    page.get_by_role("button", name="I have kept it: open my case").click()
    at(page, "Your cases")
    close(page)
    come_back(page, key)
    at(page, "Your cases")
    page.get_by_role("link", name="PimEyes").click()
    at(page, "PimEyes")
    say(page, "Write a note", "", "They rang me up.")
    page.go_back()
    come_back(page, key)
    page.get_by_role("link", name="FaceCheck.ID").click()
    expect(page.locator(".rf-timeline")).not_to_contain_text("They rang me up.")
