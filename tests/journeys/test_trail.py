"""An auditor reads the trail, in a real browser: by keyboard, on a small phone, in every state."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal import alarm, trail
from portal.accounts import people
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.database import transaction
from portal.trail import Action, Entry, Outcome, Reason, Subject, SubjectKind, Unnamed, of_case
from tests.journeys.conftest import Open
from tests.journeys.test_every_page import sideways, violations
from tests.journeys.test_staff_sign_in import Desk, device, enrol, press, served
from tests.journeys.walking import at

pytestmark = pytest.mark.browser

SIZES = [{"width": 1280, "height": 900}, {"width": 320, "height": 640}]
CASES = [of_case(letter * 32, b"a lookup key") for letter in "cde"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("desk")) as found:
        write(found)
        yield found


def write(desk: Desk) -> None:
    """A trail of two pages, with an alarm of today."""
    house = desk.app.extensions["rightface"]
    now = datetime.now(UTC) - timedelta(minutes=30)
    who = Who("https://id.example", "1", "Cleo Clerk with a name that is long")
    task = Subject(SubjectKind.TASK, "b" * 32)
    with transaction(house.engine) as session:
        cleo = people.add(session, house.config.staff_secret, who, [Role.CASEWORKER]).id
        for entry in (
            Entry(Unnamed.VISITOR, Action.SIGN_IN_REFUSED, outcome=Outcome.REFUSED, reason=Reason.TOO_OFTEN),
            *[Entry(cleo, Action.TASK_CLAIMED, task, "caseworker") for _ in range(30)],
            *[Entry(cleo, Action.UNMASKED, CASES[n % 3], "caseworker", reason=Reason.HELP_WANTED) for n in range(21)],
            Entry("f" * 32, Action.TASK_DECIDED, task, "triage", Outcome.REFUSED, Reason.TAKEN),
        ):
            trail.append(session, entry, now)
        alarm.raise_if_due(session, cleo, "caseworker", now)


def in_order(page: Page) -> None:
    """Axe finds nothing, and a small phone need not scroll sideways."""
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert (violations(page), sideways(page)) == ([], 0), size


def tab_to(page: Page, name: str) -> None:
    """Go on by the Tab key until a button has the focus."""
    wanted = page.get_by_role("button", name=name, exact=True)
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not lead to {name}")


def test_the_trail_is_read_chosen_from_and_checked_in_every_state(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home, bypass_csp=True)
    device(page)
    enrol(page, desk.invite("audra@example.org", "auditor"))
    page.get_by_role("link", name="The trail").click()
    at(page, "The trail")
    expect(page.get_by_role("region", name="Alarm")).to_contain_text("Cleo Clerk")
    expect(page.get_by_role("row")).to_have_count(51)
    in_order(page)
    page.get_by_role("link", name="Older rows").click()
    expect(page.get_by_role("link", name="Back to the newest")).to_be_visible()
    in_order(page)
    page.goto("/trail")
    page.get_by_role("link", name=f"Case {CASES[0].id[:8]}").first.click()
    expect(page.get_by_role("row")).to_have_count(8)
    in_order(page)
    page.get_by_label("About which case?").fill("Ana")
    page.get_by_role("group", name=re.compile("^From which day")).get_by_label("Day").fill("32")
    press(page, "Show these rows")
    expect(page).to_have_title(re.compile("^Error:"))
    in_order(page)
    for link in page.locator(".govuk-error-summary a").all():
        link.click()
        assert page.evaluate("document.activeElement.id") == (link.get_attribute("href") or "")[1:]
    page.goto("/trail?actor=worker")
    expect(page.get_by_role("main")).to_contain_text("No row is like this.")
    in_order(page)
    page.get_by_role("link", name="Where its heads are kept").click()
    at(page, "Is all as it was written?")
    in_order(page)
    press(page, "Check the chain now")
    at(page, "The chain is whole")
    in_order(page)


def test_an_auditor_needs_no_mouse_and_no_script(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    device(page)
    enrol(page, desk.invite("kim@example.org", "auditor"))
    plain = opened(base_url=desk.home, java_script_enabled=False)
    plain.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain.goto("/trail")
    plain.get_by_text("Choose which rows").click()
    expect(plain.get_by_label("What was done?")).to_be_visible()
    page.goto("/trail")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Unmasked")
    tab_to(page, "Show these rows")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(22)
    tab_to(page, "Download the rows")
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    assert Path(coming.value.path()).read_text(encoding="utf-8-sig").count("\n") == 22
    tab_to(page, "Check the chain now")
    page.keyboard.press("Enter")
    at(page, "The chain is whole")
