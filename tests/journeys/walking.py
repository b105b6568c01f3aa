"""Walking through the portal as a person does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from subprocess import run

import pikepdf
from playwright.sync_api import Page, expect

from tests.building import DETAILS

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Journey:
    """One person's way from the first page to a letter, and what must stand in it."""

    who: str
    search: str
    organisation: str
    right: str
    country: str
    region: str = ""
    unknown: Answers = field(default_factory=dict)
    """Of an organisation that is not on the list: its kind and seat, as the page words them."""
    details: Answers = field(default_factory=dict)
    addressee: str = ""
    law: str = ""
    language: str = "en"


JOURNEYS = [
    Journey(
        "Vienna", "clearvew", "Clearview AI", "Show me what you hold about me", "Austria",
        addressee="Clearview AI, Inc.", law="Article 15",
    ),
    Journey(
        "Montréal", "clearview", "Clearview AI", "Delete me", "Canada", "Québec",
        addressee="Clearview AI, Inc.", law="P-39.1",
    ),
    Journey(
        "Athens", "Clearview", "Clearview AI", "Complain to the authority", "Greece",
        addressee="Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα", law="άρθρο 77", language="el",
    ),
    Journey(
        "Toronto", "RCMP", "Royal Canadian Mounted Police (RCMP)", "Show me what you hold about me", "Canada",
        addressee="Leikin Drive", law="subsection 12(1) of the Privacy Act",
    ),
    Journey(
        "Chicago", "CBP", "Customs and Border Protection (CBP)", "Show me what you hold about me", "United States",
        addressee="U.S. Customs and Border Protection", law="552a(d)(1)",
    ),
    Journey(
        "Houston", "Clearview", "Clearview AI", "Delete me", "United States", "Texas",
        addressee="Clearview AI, Inc.", law="541.051",
    ),
    Journey(
        "Paris", "Visages Trouvés", "Visages Trouvés", "Show me what you hold about me", "France",
        unknown={"kind": "A company, a shop or another private organisation", "seat": "France"},
        details={"organisation_address": "1 rue du Visage\n75001 Paris"},
        addressee="1 rue du Visage", law="article 15", language="fr",
    ),
]  # fmt: skip


def heading(page: Page) -> str:
    return page.locator("h1").inner_text().replace("\n", " ")


def at(page: Page, words: str | re.Pattern[str]) -> None:
    """Wait until the page has this heading."""
    expect(page.locator("h1")).to_have_text(words)


def stays(page: Page) -> None:
    """Reload, and Back and Forward again, show the same step; a form that was kept is not sent twice."""
    before, address = heading(page), page.url
    page.reload()
    assert heading(page) == before
    page.go_back()
    page.go_forward()
    assert (heading(page), page.url) == (before, address)


def ask(page: Page, journey: Journey) -> None:
    """From the first page to the way that the letter goes."""
    page.goto("/")
    page.get_by_role("searchbox").fill(journey.search)
    page.get_by_role("button", name="Find them").click()
    expect(page.locator("#found")).to_contain_text(journey.search)
    stays(page)
    if journey.unknown:
        page.get_by_role("link", name="Write to someone who is not on our list").click()
        expect(page.get_by_label("What is it called?")).to_have_value(journey.search)
        stays(page)
        page.get_by_label(journey.unknown["kind"]).check()
        page.get_by_label("Where does it sit").select_option(label=journey.unknown["seat"])
        page.get_by_role("button", name="Go on").click()
    else:
        page.get_by_role("link", name=journey.organisation, exact=True).click()
    at(page, f"What do you want from {journey.organisation}?")
    stays(page)
    page.get_by_label(journey.right, exact=True).check()
    page.get_by_role("button", name="Go on").click()
    at(page, "Where do you live?")
    stays(page)
    page.get_by_label("Where do you live?").select_option(label=journey.country)
    page.get_by_role("button", name="Show me how it will go").click()
    if journey.region:
        at(page, re.compile(r"In which .+ do you live\?"))
        stays(page)
        page.get_by_label(journey.region).check()
        page.get_by_role("button", name="Show me how it will go").click()
    at(page, "This is how it will go")
    stays(page)


def tell(page: Page, journey: Journey, script: bool) -> None:
    """The details that the letter asks for, then its preview."""
    page.get_by_role("link", name="Write this letter").or_(
        page.get_by_role("button", name="Write this letter")
    ).first.click()
    at(page, "Your details")
    stays(page)
    page.get_by_role("button", name="Write my letter").click()
    expect(page).to_have_title(re.compile("^Error:"))  # nothing was given yet
    fill(page, {**DETAILS, **journey.details})
    page.get_by_role("button", name="Write my letter").click()
    at(page, "Read your letter")
    if script:  # else Back leads to the answer to a form with errors, and the browser asks whether to send it again
        stays(page)


def fill(page: Page, answers: Answers) -> None:
    """What a page asks for, of what is known, once it is there: a click waits for no page that follows."""
    if answers:
        page.locator(", ".join(f"main [name='{name}']" for name in answers)).first.wait_for(state="attached")
    for name, value in answers.items():
        boxes = page.locator(f"main [name='{name}']")
        match boxes.count(), boxes.first.get_attribute("type") if boxes.count() else "":
            case 0, _:
                continue
            case _, "radio":
                page.locator(f"main [name='{name}'][value='{value}']").check()
            case 3, _:
                for box, part in zip(boxes.all(), reversed(value.split("-")), strict=True):
                    box.fill(part)
            case _:
                boxes.fill(value)


def take(page: Page, folder: Path) -> Path:
    """The letter as a file."""
    page.get_by_role("button", name="Just give me the letter").or_(
        page.get_by_role("link", name="Just give me the letter")
    ).first.click()
    at(page, "Your letter is ready")
    stays(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="The letter (PDF)").click()
    assert download.value.suggested_filename == "letter.pdf"
    path = folder / "letter.pdf"
    download.value.save_as(path)
    return path


def file_it(page: Page, readers: str = "Only me", urgent: bool = False) -> str:
    """From the preview to what is filed, for these readers; the key that is shown."""
    page.get_by_role("button", name="File it and follow it").click()
    at(page, "File it and follow it")
    shown = key_shown(page)
    page.get_by_label(readers, exact=True).check()
    page.get_by_label("This is urgent for me").set_checked(urgent)
    page.get_by_role("button", name="I have the key: file it").click()
    at(page, "It is filed")
    assert key_shown(page) == shown
    return shown


def key_shown(page: Page) -> str:
    return page.locator(".rf-key").inner_text().partition(":")[2].replace("\n", "").strip()


def close(page: Page) -> None:
    """Close the case that is open, and be on the first page."""
    page.get_by_role("button", name="Close my case in this browser").click()
    at(page, "Who holds your face?")


def come_back(page: Page, key: str) -> None:
    """With a key, from the first page."""
    page.goto("/")
    page.get_by_role("link", name="Open your case").click()
    at(page, "Open your case")
    page.get_by_label("What is your case key?").fill(key)
    page.get_by_role("button", name="Open my case").click()


def say(page: Page, action: str, day: str, note: str = "", **more: str) -> None:
    """Say in a case what has happened, and what else is asked of it, by the names of the fields."""
    page.get_by_role("button", name=action).or_(page.get_by_role("link", name=action)).first.click()
    at(page, action)
    fill(page, {"day": day, "note": note, **more})
    page.get_by_role("button", name="Put it into my case").click()
    expect(page.locator("#next")).to_be_visible()


def check(path: Path, journey: Journey) -> None:
    """The PDF names the addressee, the law's article and the person, and is marked for those who listen to it."""
    pdf = pikepdf.open(BytesIO(path.read_bytes()))
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang).startswith(journey.language)
    text = run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    folded = " ".join(text.replace("\u2060", "").split())
    for said in (journey.addressee, journey.law, "Ana Example"):
        assert said in folded, f"{said} is not in {folded[:3_000]}"
