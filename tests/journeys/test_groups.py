"""A group in a real browser: from asking to be let in to its first campaign."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.permissions import Role
from tests.journeys.conftest import WIDTHS, Open
from tests.journeys.test_every_page import sideways, violations
from tests.journeys.test_identity import at_work
from tests.journeys.test_staff_sign_in import Desk, device, enrol, keyed, looked_at, press
from tests.web.staff.group.making import PASSPHRASE

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(portal: Flask, environ: dict[str, str]) -> Iterator[Desk]:
    """The staff's application beside the portal, over the same database."""
    assert portal
    with keyed(Path(environ["RIGHTFACE_INSTANCE"])) as found:
        yield found


def headed(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("width", WIDTHS)
def test_from_asking_to_be_let_in_to_the_first_campaign(desk: Desk, opened: Open, width: int) -> None:
    name = f"Faces & Rights {width}"
    size = {"width": width, "height": 900}

    asking = opened(bypass_csp=True, viewport=size)
    asking.goto("/groups/apply")
    assert violations(asking) == []
    assert not sideways(asking)
    for label, typed in {
        "What is your group called?": name,
        "What is the address of its own page?": "https://example.org/about",
        "At which e-mail address can people reach it?": "group@example.org",
        "What do you want to do here?": "We help people in Vienna.",
        "Who are you?": "Pia Sample",
        "At which e-mail address do we answer you?": f"pia{width}@example.org",
    }.items():
        asking.get_by_label(label).fill(typed)
    asking.get_by_label("In which country does it have its seat?").select_option("at")
    press(asking, "Ask to be let in")
    headed(asking, "Thank you")
    assert violations(asking) == []

    manager = at_work(desk, opened, f"Gil Groups {width}", Role.GROUP_MANAGER)
    manager.set_viewport_size(size)
    manager.goto("/")
    manager.get_by_role("link", name="What is to be decided").click()
    press(manager, "Take the next one")
    headed(manager, "May this group work here?")
    assert looked_at(manager, width) == []
    manager.get_by_label("Let it in", exact=True).check()
    press(manager, "Decide, and stop")
    headed(manager, "The group is let in")
    assert looked_at(manager, width) == []
    link = manager.locator(".rf-secret").inner_text()
    manager.get_by_role("button", name="Go to the group").click()
    headed(manager, name)
    assert looked_at(manager, width) == []

    pia = opened(base_url=desk.home, bypass_csp=True, viewport=size)
    device(pia)
    enrol(pia, link)
    pia.get_by_role("link", name="Your group").click()
    headed(pia, name)
    assert looked_at(pia, width) == []
    pia.get_by_role("button", name="Read the terms").click()
    headed(pia, "The terms for groups")
    press(pia, "Accept, and make the key")
    expect(pia.get_by_role("alert")).to_be_visible()
    assert looked_at(pia, width) == []
    pia.get_by_label("Which passphrase does your group take?").fill(PASSPHRASE)
    pia.get_by_label("The same passphrase once more").fill(PASSPHRASE)
    pia.get_by_label("I may bind our group, and we accept these terms").check()
    press(pia, "Accept, and make the key")
    assert looked_at(pia, width) == []
    press(pia, "Lock it")
    pia.get_by_role("button", name="Open with the passphrase").click()
    pia.get_by_label("What is your group’s passphrase?").fill("not this one at all")
    press(pia, "Open")
    expect(pia.get_by_role("alert")).to_contain_text("This is not the passphrase of your group.")
    assert looked_at(pia, width) == []
    pia.get_by_label("What is your group’s passphrase?").fill(PASSPHRASE)
    press(pia, "Open")
    expect(pia.get_by_role("button", name="Lock it")).to_be_visible()

    pia.get_by_role("link", name="Change the passphrase").click()
    press(pia, "Change it")
    expect(pia.get_by_role("alert")).to_be_visible()
    assert looked_at(pia, width) == []
    pia.goto("/group")

    pia.get_by_role("link", name="Campaigns").click()
    assert looked_at(pia, width) == []
    pia.get_by_role("button", name="Write a campaign").click()
    press(pia, "Keep it, and look at it")
    expect(pia.get_by_role("alert")).to_be_visible()
    assert looked_at(pia, width) == []
    pia.get_by_label("What is it called?").fill("Take your face back")
    pia.get_by_label("What do you tell people?").fill("# Why\n\nIt is **yours**, see [us](https://example.org).")
    pia.get_by_label("Clearview AI", exact=True).check()
    pia.get_by_label("Delete me").check()
    press(pia, "Keep it, and look at it")
    headed(pia, "Take your face back")
    expect(pia.locator(".rf-words h2")).to_have_text("Why")
    assert looked_at(pia, width) == []
    press(pia, "Ask the staff to show it")
    expect(pia.get_by_text("The staff read it")).to_be_visible()

    manager.goto("/queue")
    press(manager, "Take the next one")
    headed(manager, "May this campaign be shown?")
    assert looked_at(manager, width) == []
    manager.get_by_label("Show it", exact=True).check()
    press(manager, "Decide, and stop")
    pia.reload()
    expect(pia.get_by_text("Everybody can see its page and join it.")).to_be_visible()
    assert looked_at(pia, width) == []

    manager.goto("/groups")
    manager.get_by_role("link", name=name).click()
    address = manager.url
    for page in ("", "/invite", "/change", "/end"):
        manager.goto(address + page)
        assert looked_at(manager, width) == []
    press(manager, "End it")
    expect(manager.get_by_text("Nobody any more.")).to_be_visible()
    pia.reload()
    headed(pia, "Sign in")
