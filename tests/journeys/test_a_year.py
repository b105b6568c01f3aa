"""A year in a case's life, from the letter to what comes after the decision, in a real browser."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from subprocess import run
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.config import read
from tests.building import DETAILS
from tests.conftest import made_empty
from tests.journeys.conftest import PATIENCE, answering
from tests.journeys.walking import at, come_back, file_it, fill, say
from tests.web.running import OPERATOR, STAFF

pytestmark = pytest.mark.browser


@dataclass
class Life:
    """A case in a browser, and the portal's clock."""

    page: Page
    days: Path
    zone: str
    key: str = ""

    @property
    def today(self) -> date:
        return datetime.now(ZoneInfo(self.zone)).date() + timedelta(days=int(self.days.read_text(encoding="ascii")))

    def later(self, days: int) -> None:
        """Time passes; the person comes back with the key."""
        self.days.write_text(str(int(self.days.read_text(encoding="ascii")) + days), encoding="ascii")
        come_back(self.page, self.key)

    def file(self, way: str) -> None:
        self.page.goto(way)
        fill(self.page, DETAILS)
        self.page.get_by_role("button", name="Write my letter").click()
        self.key = file_it(self.page)
        self.page.get_by_role("button", name="I have kept it: open my case").click()

    def say(self, *actions: str) -> None:
        for action in actions:
            say(self.page, action, self.today.isoformat())

    def decided(self, outcome: str) -> None:
        say(self.page, "The authority has decided", self.today.isoformat(), outcome=outcome)

    def registered(self, number: str) -> None:
        """The authority gave it a number, which the timeline shows."""
        say(self.page, "The authority gave it a number", self.today.isoformat(), number=number)
        expect(self.page.locator(".rf-timeline")).to_contain_text(f"The authority gave it a number: {number}")

    def next(self, words: str) -> None:
        expect(self.page.locator("#next")).to_contain_text(words)

    def answer(self, what: str) -> None:
        """Write back to what they did, and say that it was sent."""
        self.page.get_by_role("button", name="Answer them").click()
        self.page.get_by_label(what).check()
        self.page.get_by_role("button", name="Show me what the law says").click()
        at(self.page, what)
        self.page.get_by_role("button", name="Write this reply").first.click()
        at(self.page, "Read your letter")
        self.page.get_by_role("button", name="I wrote back").click()
        at(self.page, "I wrote back")
        fill(self.page, {"day": self.today.isoformat()})
        self.page.get_by_role("button", name="Put it into my case").click()
        expect(self.page.locator("#replies")).to_be_visible()

    def complain(self, to: str, folder: Path, **details: str) -> str:
        """Write to whoever watches over them, and say that it was sent; the letter as it is printed."""
        self.page.get_by_role("button", name="Complain to the authority").click()
        card = self.page.locator(".rf-route", has_text=to).first
        card.get_by_role("button", name="Write this letter").click()
        at(self.page, "Your details")
        fill(self.page, details)
        self.page.get_by_role("button", name="Write my letter").click()
        at(self.page, "Read your letter")
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="The letter (PDF)").click()
        download.value.save_as(folder / "letter.pdf")
        self.page.get_by_role("button", name="I complained to the authority").click()
        fill(self.page, {"day": self.today.isoformat()})
        self.page.get_by_role("button", name="Put it into my case").click()
        expect(self.page.locator("#next")).to_be_visible()
        printed = run(
            ["pdftotext", "-layout", folder / "letter.pdf", "-"], capture_output=True, text=True, check=True
        )
        return " ".join(printed.stdout.replace("\u2060", "").split())


Live = Callable[[str], Life]


@dataclass(frozen=True)
class Clocked:
    """A portal whose clock is so many days ahead as stand in a file."""

    home: str
    days: Path


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clocked]:
    instance = tmp_path_factory.mktemp("clocked")
    days = instance / "days"
    environ = {
        "RIGHTFACE_INSTANCE": str(instance),
        "RIGHTFACE_TEST_DAYS": str(days),
        "RIGHTFACE_STAFF_PUBLIC_KEY": STAFF.written,
        **OPERATOR,
    }
    made_empty(read(environ).database_url)
    days.write_text("0", encoding="ascii")
    with answering(environ, "tests.journeys.clocked:app") as home:
        yield Clocked(home, days)


@pytest.fixture
def live(the_browser: Browser, clocked: Clocked) -> Iterator[Live]:
    """A browser on a portal whose clock goes as the test says, from today on."""
    clocked.days.write_text("0", encoding="ascii")
    desk = {"width": 1280, "height": 900}
    with the_browser.new_context(base_url=clocked.home, locale="en-GB", viewport=desk) as context:
        context.set_default_timeout(PATIENCE)
        yield lambda zone: Life(context.new_page(), clocked.days, zone)


def test_vienna_ignored_reminded_refused_complained_decided_and_found_again(live: Live, tmp_path: Path) -> None:
    life = live("Europe/Vienna")
    life.file("/to/clearview-ai/access/at/eu-gdpr")
    life.say("I sent it", "They got it")
    life.next("They must answer by")
    life.later(40)
    life.next("Their time is over. You can complain to the authority now.")
    life.answer("They do not answer")
    life.later(10)
    life.say("They answered")
    life.answer("They say that your photos are public")
    life.next("You wrote back and gave them two weeks.")
    life.later(15)
    life.next("Read what they say.")
    letter = life.complain("Austrian Data Protection Authority", tmp_path, answer="refused")
    assert "Österreichische Datenschutzbehörde" in letter
    assert "DSGVO" in letter
    life.next("The authority works on it.")
    life.next("the authority’s answer is due by about")
    life.next("Austrian Data Protection Authority")
    life.later(10)
    life.registered("D130.7/26")
    life.later(90)
    life.next("The authority should have told you by now how it stands.")
    life.decided("partly")
    life.next("See that it is done; when it is, close the case.")
    life.next("the court that reviews the authority")
    life.answer("Your face is there again")
    life.page.goto(f"/cases/{life.page.url.rpartition('/')[2]}")
    letter = life.complain("Austrian Data Protection Authority", tmp_path, answer="refused")
    assert "D130.7/26" in letter
    life.next("The authority works on it.")
    life.next("For what you did not get: the court that reviews the authority")


def test_montreal_canadian_law_does_not_apply(live: Live, tmp_path: Path) -> None:
    life = live("America/Toronto")
    life.file("/to/clearview-ai/access/ca-qc/ca-qc-p391")
    life.say("I sent it", "They got it")
    life.later(5)
    life.say("They answered")
    life.answer("They say that this law does not bind them, or does not protect you")
    letter = life.complain("Commission d’accès à l’information", tmp_path, answer="refused")
    assert "Commission" in letter
    expect(life.page.locator("#open")).to_be_visible()
    assert re.search(r"The last day is \d+ \w+ \d{4}\.", life.page.locator("main").inner_text())
    life.registered("1023158-S")
    life.later(60)
    life.decided("rejected")
    life.next("You can go on; mind the last day for it.")
    life.next("The next step: the Court of Québec")
    life.say("I went to court")
    life.next("You went to court.")


def test_toronto_the_rcmp_is_silent(live: Live, tmp_path: Path) -> None:
    life = live("America/Toronto")
    life.file("/to/ca-rcmp/access/ca-on/ca-privacy-act")
    life.say("I sent it", "They got it")
    life.later(35)
    life.next("The law takes their silence for a refusal (s. 16(3)).")
    letter = life.complain("Office of the Privacy Commissioner of Canada", tmp_path)
    assert "Privacy Commissioner" in letter
    life.registered("PA-064123")
    life.later(200)
    life.next("The authority works on it.")
    life.decided("dismissed")
    life.next("The next step: the Federal Court (s. 41 Privacy Act)")
    life.next("The last day for it is")
    life.later(60)
    life.next("Ask a lawyer before you send it late.")


def test_chicago_ice_puts_off_answers_in_part_and_an_appeal_follows(live: Live, tmp_path: Path) -> None:
    life = live("America/New_York")
    life.file("/to/us-ice/records/us-il/us-foia")
    life.say("I sent it", "They got it")
    before = life.page.locator("#next").inner_text()
    life.later(2)
    life.say("They need longer")
    assert life.page.locator("#next").inner_text() != before
    life.later(30)
    life.say("They answered")
    life.answer("They answer only in part")
    life.page.get_by_role("button", name="Complain to the authority").click()
    appeal = life.page.locator(".rf-route", has_text="The last day is").first
    expect(appeal).to_be_visible()
    appeal.get_by_role("button", name="Write this letter").click()
    at(life.page, "Your details")
    fill(life.page, DETAILS | {"determined_on": life.today.isoformat()})
    life.page.get_by_role("button", name="Write my letter").click()
    at(life.page, "Read your letter")
    expect(life.page.locator(".rf-letter")).to_contain_text("appeal")
    life.page.get_by_role("button", name="I complained to the authority").click()
    fill(life.page, {"day": life.today.isoformat()})
    life.page.get_by_role("button", name="Put it into my case").click()
    life.later(45)
    life.next("The authority should have told you by now how it stands.")
    life.decided("rejected")
    life.next("The next step: a federal district court")


def test_manchester_the_clock_is_stopped_then_company_and_ico(live: Live, tmp_path: Path) -> None:
    life = live("Europe/London")
    life.file("/to/clearview-ai/access/gb/uk-gdpr")
    life.say("I sent it", "They got it")
    life.later(5)
    life.say("They want to know more first")
    life.next("Their time stands still until they have what they asked for.")
    life.later(10)
    life.say("They have what they asked for")
    life.next("They must answer by")
    life.later(45)
    life.next("Their time is over.")
    life.page.get_by_role("button", name="Complain to the authority").click()
    first = life.page.locator(".rf-route").first
    expect(first).to_contain_text("First to Clearview AI itself")
    first.get_by_role("button", name="Write this letter").click()
    at(life.page, "Your details")
    fill(life.page, {"address": DETAILS["address"]})
    life.page.get_by_role("button", name="Write my letter").click()
    at(life.page, "Read your letter")
    expect(life.page.locator(".rf-letter")).to_contain_text("164A")
    life.page.get_by_role("link", name="Back to the case").click()
    letter = life.complain("Information Commissioner", tmp_path)
    assert "Information Commissioner" in letter
    life.next("The authority works on it.")
    life.registered("IC-123456-X1Y2")
    life.later(30)
    life.decided("discontinued")
    life.next("It ended without a decision.")
    life.next("What can still be done: a court")
