"""The copy of an identity document in a real browser: asked for, allowed, looked at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from portal.accounts import people, visits
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.cases.tasks import Matter
from portal.database import transaction
from tests.journeys.conftest import WIDTHS, Open
from tests.journeys.test_staff_sign_in import Desk, keyed, looked_at, press
from tests.papers.pictures import a_picture, saved
from tests.web.staff.test_identity import PDF, helped
from tests.web.staff.test_queue import open_tasks

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with keyed(tmp_path_factory.mktemp("desk")) as found:
        yield found


def at_work(desk: Desk, opened: Open, name: str, role: Role) -> Page:
    """A window in which somebody is signed in."""
    page = opened(base_url=desk.home, bypass_csp=True)
    house = desk.app.extensions["rightface"]
    with transaction(house.engine) as session:
        account = people.add(session, house.config.staff_secret, Who("", name, name, "a@example.org"), [role])
        token = visits.begin(session, account.id, house.clock(), strong=True)
    page.context.add_cookies([{"name": house.config.staff_cookie, "value": token, "url": desk.home}])
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_a_paper_is_asked_for_allowed_and_seen_and_axe_finds_nothing(desk: Desk, opened: Open, width: int) -> None:
    cleo = at_work(desk, opened, "Cleo Clerk", Role.CASEWORKER)
    kim = at_work(desk, opened, "Kim Keeper", Role.CUSTODIAN)
    for page in (cleo, kim):
        page.set_viewport_size({"width": width, "height": 900})
    task, _, _ = helped(desk.app, PDF, saved(a_picture(size=(1_600, 1_000))))

    cleo.goto(f"/tasks/{task}")
    press(cleo, "Take it")
    ask = cleo.get_by_role("button", name="Ask a second person")
    assert ask.count() == 2
    assert looked_at(cleo, width) == []
    ask.last.click()
    expect(cleo.get_by_role("alert")).to_be_visible()
    assert looked_at(cleo, width) == []
    cleo.get_by_label("To answer the person").check()
    ask.click()
    expect(cleo.get_by_text("It is asked for: a second person decides.")).to_be_visible()
    assert looked_at(cleo, width) == []

    kim.goto("/")
    kim.get_by_role("link", name="What is to be decided").click()
    press(kim, "Take the next one")
    expect(kim.get_by_role("heading", level=1)).to_have_text("May a colleague see this identity paper?")
    assert looked_at(kim, width) == []
    kim.get_by_label("They may see it").check()
    press(kim, "Decide, and stop")
    assert open_tasks(desk.app, Matter.IDENTITY) == []

    cleo.reload()
    cleo.get_by_role("link", name="See it").click()
    expect(cleo.get_by_role("heading", level=1)).to_have_text("Identity paper")
    for picture in cleo.locator(".rf-sight img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("one => one.naturalWidth") >= 640
    assert looked_at(cleo, width) == []
    cleo.emulate_media(media="print")
    expect(cleo.locator(".rf-sight")).to_be_hidden()
    expect(cleo.get_by_text("An identity paper cannot be printed.")).to_be_visible()
    address = cleo.url
    kim.goto(address)
    expect(kim.locator("img.rf-sight__page")).to_have_count(0)
    cleo.emulate_media(media="screen")
    cleo.goto("/identity/over")
    assert looked_at(cleo, width) == []
