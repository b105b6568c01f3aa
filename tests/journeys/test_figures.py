"""The figures in a real browser: the pictures are drawn, fit a small phone, and axe finds nothing."""

from datetime import timedelta
from random import Random

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.permissions import Role
from portal.cases import tasks
from portal.cases.tasks import Choice, Matter
from portal.database import transaction
from tests.journeys.conftest import WIDTHS, Open
from tests.journeys.test_queue import clerk, desk
from tests.journeys.test_staff_sign_in import Desk, looked_at

__all__ = ["desk"]

pytestmark = pytest.mark.browser


def fill(desk: Desk) -> None:
    """Two months of tasks, most of them decided."""
    random, house = Random(5), desk.app.extensions["rightface"]
    with transaction(house.engine) as session:
        for n in range(400):
            came = random.randrange(60)
            row = tasks.new(random.choice([*Matter]), f"record-{n}", house.today() - timedelta(came))
            if random.random() < 0.8:
                took = timedelta(min(came, int(random.expovariate(0.2))))
                row.choice, row.decided_on = Choice.DONE.value, row.opened_on + took
            session.add(row)


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_with_figures_and_without(desk: Desk, opened: Open, width: int) -> None:
    page = opened(base_url=desk.home, bypass_csp=True)
    clerk(desk, page, Role.AUDITOR)
    page.goto("/figures")
    expect(page.get_by_role("img")).to_have_count(0)
    assert looked_at(page, width) == []
    fill(desk)
    for query in ("", "?weeks=26&matter=", "?weeks=4&matter=stale", "?weeks=5"):
        page.goto(f"/figures{query}")
        expect(page.get_by_role("img")).to_have_count(3)
        assert looked_at(page, width) == [], query


def test_the_policy_of_the_page_takes_nothing_from_the_pictures(desk: Desk, opened: Open) -> None:
    fill(desk)
    page = opened(base_url=desk.home)
    clerk(desk, page, Role.TRIAGE)
    page.goto("/")
    page.get_by_role("link", name="Figures").click()
    page.get_by_label("For how many weeks, up to today?").select_option("26")
    page.get_by_role("button", name="Show these figures").click()
    page.wait_for_url("**/figures?*")
    assert colour(page, ".series.columns rect", "fill") == colour(page, "main a", "color")
    assert colour(page, ".tick text", "font-family") == colour(page, "main", "font-family")
    assert page.locator(".rf-chart svg").first.bounding_box()["width"] > 300  # type: ignore[index]


def colour(page: Page, what: str, of: str) -> str:
    """How the browser draws something."""
    found = page.locator(what).first.evaluate("(one, of) => getComputedStyle(one).getPropertyValue(of)", of)
    return str(found)
