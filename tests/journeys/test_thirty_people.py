"""A campaign from the day on which its group writes it to what can be reported of it, in a real browser."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.permissions import Role
from portal.config import read
from portal.database import transaction
from portal.record import campaigns
from portal.worker import publish
from tests.building import DETAILS
from tests.conftest import made_empty
from tests.journeys.conftest import Open, answering
from tests.journeys.test_every_page import today
from tests.journeys.test_group_work import member_of_a_group, saved
from tests.journeys.test_identity import at_work
from tests.journeys.test_staff_sign_in import Desk, keyed, press
from tests.journeys.walking import at, fill, say
from tests.web.running import OPERATOR, STAFF

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Place:
    """A portal of the test's own, and the staff's application beside it."""

    home: str
    desk: Desk


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    environ = {"RIGHTFACE_INSTANCE": str(tmp_path), "RIGHTFACE_STAFF_PUBLIC_KEY": STAFF.written, **OPERATOR}
    made_empty(read(environ).database_url)
    with answering(environ, "tests.journeys.crowded:app") as home, keyed(tmp_path) as desk:
        yield Place(home, desk)


def call(member: Page, manager: Page) -> str:
    """Write a campaign, and have it shown; its address."""
    member.goto("/group/campaigns")
    member.get_by_role("button", name="Write a campaign").click()
    member.get_by_label("What is it called?").fill("What do they hold?")
    member.get_by_label("What do you tell people?").fill("Ask **Clearview** what it holds about you.")
    member.get_by_label("Clearview AI", exact=True).check()
    member.get_by_label("Show me what you hold about me").check()
    press(member, "Keep it, and look at it")
    press(member, "Ask the staff to show it")
    expect(member.get_by_text("The staff read it")).to_be_visible()
    manager.goto("/queue")
    press(manager, "Take the next one")
    manager.get_by_label("Show it", exact=True).check()
    press(manager, "Decide, and stop")
    return "/campaigns/what-do-they-hold"


def join(page: Page, campaign: str, name: str, sees: str) -> None:
    """Write by a campaign, file it with what its group may see, and send it."""
    page.goto(campaign)
    page.get_by_role("button", name="Begin: ask Clearview AI").click()
    page.get_by_label("Where do you live?").select_option(label="Austria")
    press(page, "Show me how it will go")
    press(page, "Write this letter")
    fill(page, {**DETAILS, "full_name": name})
    press(page, "Write my letter")
    press(page, "File it and follow it")
    page.get_by_label("Only me", exact=True).check()
    page.get_by_label(sees, exact=True).check()
    press(page, "I have the key: file it")
    at(page, "It is filed")
    press(page, "I have kept it: open my case")
    say(page, "I sent it", today())


@pytest.mark.parametrize(("people", "sharing"), [(2, 2), pytest.param(30, 5, marks=pytest.mark.proof)])
def test_from_the_campaign_to_its_report(place: Place, opened: Open, people: int, sharing: int) -> None:
    """Its group sees exactly what it is let see; the public is told of nobody who could be picked out."""
    member = opened(base_url=place.desk.home)
    member_of_a_group(place.desk, member)
    campaign = call(member, at_work(place.desk, opened, "Gil Groups", Role.GROUP_MANAGER))

    pages = [opened(base_url=place.home) for _ in range(people)]
    for n, page in enumerate(pages):
        sees = "Nothing" if n >= sharing else "How far it has come" if n == 1 else "My letters too"
        join(page, campaign, f"Person {n:02}", sees)
        if n >= sharing:
            page.context.close()
    member.goto("/group/cases")
    expect(member.get_by_role("link", name=f"All {sharing}")).to_be_visible()
    expect(member.get_by_text("Person 00")).to_be_visible()
    expect(member.get_by_text("Person 01")).to_have_count(0)  # how far it has come, and no name

    first = pages[0]
    first.get_by_role("link", name="Change what groups see, or take it back").click()
    first.get_by_role("button", name="Take it all back now").click()
    expect(first.get_by_text("No group sees anything of this case.")).to_be_visible()
    member.reload()
    expect(member.get_by_role("link", name=f"All {sharing - 1}")).to_be_visible()
    expect(member.get_by_text("Person 00")).to_have_count(0)
    rows = [*csv.reader(StringIO(saved(member, "For a spreadsheet (CSV)").decode("utf-8-sig"), newline=""))]
    assert len(rows) == 1 + sharing - 1

    house = place.desk.app.extensions["rightface"]
    with transaction(house.engine) as session:
        campaigns.renew(session, house.today())
    [edition] = publish(house.engine, house.catalogue.version, house.clock() + timedelta(days=140))
    assert edition.organisations == (1 if people >= 10 else 0)
    first.goto(campaign)
    expect(first.get_by_text("let Faces Free follow their case")).to_have_count(0)
    first.get_by_role("link", name="What Clearview AI does when people write to it").click()
    many = f"People reported at least {people} letters to Clearview AI."
    told = many if people >= 10 else "There is no number to show."
    expect(first.get_by_text(told).first).to_be_visible()
    press(member, "Sign out")
