"""Somebody who works for the portal signs in with an identity provider, and out again, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from portal.config import read_staff
from tests.conftest import made_empty
from tests.journeys.conftest import PATIENCE, Watch, serving
from tests.journeys.test_every_page import AXE, TAGS
from tests.journeys.walking import at
from tests.web.running import OPERATOR
from tests.web.staff.oidc import real
from tests.web.staff.oidc.conftest import agreed, listening

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Staff:
    """Where the staff's application and its identity provider answer."""

    home: str
    issuer: str


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    instance = str(tmp_path_factory.mktemp("desk"))
    with listening() as (port, home), real.provider(home) as issuer:
        asks = agreed(issuer, home.rpartition(":")[2], real.SECRET)
        environ = {"RIGHTFACE_INSTANCE": instance, "RIGHTFACE_RENDERERS": "1", **OPERATOR, **asks}
        made_empty(read_staff(environ).database_url)
        with serving(port, environ, "wsgi:staff_app"):
            yield Staff(home, issuer)


@pytest.fixture(params=[{"width": 1280, "height": 900}, {"width": 320, "height": 640}], ids=["wide", "narrow"])
def page(the_browser: Browser, staff: Staff, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window that stays on this machine: the provider's own pages would load a font from elsewhere."""
    context = the_browser.new_context(base_url=staff.home, locale="en-GB", viewport=request.param)
    context.set_default_timeout(PATIENCE)
    context.route("https://**", lambda route: _nothing(route))
    watch = Watch()
    page = context.new_page()
    page.on("console", lambda message: watch._heard(message) if message.page.url.startswith(staff.home) else None)
    yield page
    context.close()
    assert watch.complaints == []


def _nothing(route: Route) -> None:
    route.fulfill(content_type="text/css", body="")


def is_in_order(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the window."""
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    assert page.evaluate("tags => axe.run({runOnly: tags}).then(all => all.violations)", TAGS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def at_provider(page: Page, login: str) -> None:
    """Through the pages of the provider."""
    page.get_by_placeholder("Enter any login").fill(login)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_from_a_page_that_needs_it_through_the_provider_and_out_again(page: Page, staff: Staff) -> None:
    page.goto("/people")
    at(page, "Sign in")
    is_in_order(page)
    page.get_by_role("button", name="Sign in with Example ID").focus()
    page.keyboard.press("Enter")
    at_provider(page, "ada rf-admins")
    at(page, "A second proof is needed")
    is_in_order(page)
    page.get_by_role("button", name="Sign in again with Example ID").click()
    page.get_by_placeholder("Enter any login").wait_for()
    page.goto("/people")
    page.get_by_role("button", name="Sign in with Example ID").click()
    at(page, "A second proof is needed")  # the provider still knows them as they were
    page.get_by_role("button", name="Sign in again with Example ID").click()
    at_provider(page, "bo rf-admins mfa")
    at(page, "Your desk")
    expect(page).to_have_url(f"{staff.home}/")
    is_in_order(page)
    page.get_by_role("link", name="People", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Example bo")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    at(page, "You are signed out")
    expect(page.get_by_role("main")).to_contain_text("Here, and at Example ID.")
    is_in_order(page)
    page.goto("/people")
    at(page, "Sign in")


def test_who_may_not_work_here_is_told_whom_to_ask(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign in with Example ID").click()
    at_provider(page, "eve strangers")
    at(page, "You may not work here yet")
    expect(page.get_by_role("link", name="portal@example.org")).to_be_visible()
    is_in_order(page)
