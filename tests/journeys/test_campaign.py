"""A campaign from its link to a case that its group sees, and sees no more, in a real browser on a phone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.cases import group_sharing
from portal.cases.campaigns import Campaign, State
from portal.cases.following import Case
from portal.database import reading, transaction
from tests.building import DETAILS
from tests.groups import WithKey, a_campaign, a_group, a_new_group, words
from tests.journeys.conftest import Open, Watch
from tests.journeys.test_every_page import open_all, sideways, violations
from tests.journeys.walking import at, fill
from tests.web.browsing import CLEARVIEW

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}


@dataclass(frozen=True)
class Called:
    """A group and what it calls people to."""

    group: WithKey
    campaign: Campaign
    ended: Campaign
    too_early: Campaign


@pytest.fixture(scope="module")
def called(portal: Flask) -> Called:
    with transaction(portal.extensions["rightface"].engine) as session:
        group, new = a_group(session, "Gesichter frei"), a_new_group(session, "Noch nicht")
        text = "# Warum\n\nSie haben **unsere** Gesichter.\n\n- Fragt sie!\n\n[Mehr](https://example.org/)"
        said = words("Wem gehört dein Gesicht?", ("clearview-ai", "pimeyes"), text=text, language="de")
        return Called(
            group,
            a_campaign(session, group.group.id, said),
            a_campaign(session, group.group.id, words("Vorbei"), State.ENDED),
            a_campaign(session, new.id, words("Zu früh")),
        )


@pytest.fixture
def page(opened: Open) -> Page:
    return opened(viewport=PHONE, bypass_csp=True)


def fits(page: Page) -> None:
    """Everybody can use the page, and nothing sticks out."""
    open_all(page)
    assert violations(page) == []
    assert sideways(page) == 0


def read_by(portal: Flask, group: WithKey, case_id: str) -> tuple[Case, ...]:
    with reading(portal.extensions["rightface"].engine) as session:
        return group_sharing.open_for_group(session, [case_id], group.group.id, group.private)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def test_from_the_link_to_a_case_that_is_shared_and_taken_back(page: Page, portal: Flask, called: Called) -> None:
    came = re.compile("You came by the campaign “Wem gehört dein Gesicht\\?” of Gesichter frei.")
    page.goto(f"/campaigns/{called.campaign.slug}")
    at(page, "Wem gehört dein Gesicht?")
    fits(page)
    press(page, "Begin: ask Clearview AI")
    at(page, "Where do you live?")
    expect(page.get_by_text(came)).to_be_visible()
    fits(page)
    page.get_by_label("Where do you live?").select_option(label="Austria")
    press(page, "Show me how it will go")
    at(page, "This is how it will go")
    expect(page.get_by_text(came)).to_be_visible()
    press(page, "Write this letter")
    fill(page, DETAILS)
    press(page, "Write my letter")
    at(page, "Read your letter")
    expect(page.get_by_text(came)).to_be_visible()
    fits(page)
    press(page, "File it and follow it")
    at(page, "File it and follow it")
    fits(page)
    page.get_by_label("Only me", exact=True).check()
    press(page, "I have the key: file it")
    expect(page).to_have_title(re.compile("^Error:"))
    page.get_by_role("link", name="Choose what the group may see").click()
    expect(page.get_by_label("Nothing", exact=True)).to_be_focused()
    fits(page)
    page.get_by_label("My letters too", exact=True).check()
    press(page, "I have the key: file it")
    at(page, "It is filed")
    press(page, "I have kept it: open my case")
    at(page, "Clearview AI")
    fits(page)
    case = page.url.rpartition("/")[2]
    expect(page.get_by_text("Gesichter frei sees your letters too.")).to_be_visible()
    [seen] = read_by(portal, called.group, case)
    assert seen.draft.details["full_name"] == DETAILS["full_name"]
    page.get_by_role("link", name="Change what groups see, or take it back").click()
    at(page, "What groups see of this case")
    fits(page)
    page.get_by_role("button", name="Take it all back now").click()
    expect(page.get_by_text("No group sees anything of this case.")).to_be_visible()
    fits(page)
    assert read_by(portal, called.group, case) == ()


def test_a_case_is_shown_to_a_group_later(page: Page, portal: Flask, called: Called) -> None:
    page.goto(CLEARVIEW)
    fill(page, DETAILS)
    press(page, "Write my letter")
    press(page, "File it and follow it")
    page.get_by_label("Only me", exact=True).check()
    press(page, "I have the key: file it")
    press(page, "I have kept it: open my case")
    case = page.url.rpartition("/")[2]
    page.get_by_role("link", name="Let a group see it").click()
    page.get_by_role("link", name="Gesichter frei").click()
    at(page, "What Gesichter frei may see")
    fits(page)
    page.get_by_label("How far it has come").check()
    page.get_by_label("They may put my case into a complaint of many").check()
    press(page, "Keep my choice")
    expect(page).to_have_title(re.compile("^Error:"))
    page.get_by_role("link", name="They need your letters").click()
    expect(page.get_by_label("They may put my case into a complaint of many")).to_be_focused()
    fits(page)
    page.get_by_label("My letters too, and they act for me").check()
    press(page, "Keep my choice")
    expect(page.get_by_text("They may put your case into a complaint of many.")).to_be_visible()
    fits(page)
    assert len(read_by(portal, called.group, case)) == 1


@pytest.mark.parametrize("which", ["ended", "too_early"])
@pytest.mark.parametrize("path", ["", "/frame"])
def test_one_that_cannot_be_joined_can_be_read_by_everybody(
    page: Page, called: Called, which: str, path: str
) -> None:
    page.goto(f"/campaigns/{getattr(called, which).slug}{path}")
    fits(page)


# On another website


@pytest.fixture
def elsewhere(home: str, called: Called) -> Iterator[str]:
    """A page of somebody else's, with the frame in it."""
    body = (
        f'<!doctype html><title>News</title><h1>News</h1><iframe src="{home}/campaigns/{called.campaign.slug}/frame"'
    )
    body += ' title="Campaign" width="100%" height="300" referrerpolicy="no-referrer"></iframe>'

    class News(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), News) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_another_website_shows_it_without_a_cookie_and_it_opens_in_a_window_of_its_own(
    opened: Open, watch: Watch, elsewhere: str, called: Called
) -> None:
    page = opened(viewport=PHONE)
    page.goto("/")
    assert page.context.cookies()
    with page.expect_response(re.compile("/frame$")) as answered:
        page.goto(elsewhere)
    assert "cookie" not in answered.value.request.all_headers()
    assert "referer" not in answered.value.request.all_headers()
    assert "set-cookie" not in answered.value.all_headers()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading")).to_have_text("Wem gehört dein Gesicht?")
    assert page.frames[1].evaluate("document.scripts.length") == 0
    assert page.frames[1].evaluate("getComputedStyle(document.querySelector('.button')).backgroundColor") != ""
    assert page.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_popup() as window:
        frame.get_by_role("link", name="Join in").click()
    at(window.value, "Wem gehört dein Gesicht?")
    assert window.value.evaluate("opener") is None
    watch.requests[:] = [one for one in watch.requests if one != elsewhere and "favicon" not in one]
    page.goto("/")


def test_no_other_page_is_shown_by_another_website(opened: Open, home: str, called: Called) -> None:
    page = opened()
    for path in ("/", f"/campaigns/{called.campaign.slug}", "/campaigns"):
        answer = page.request.get(home + path)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
