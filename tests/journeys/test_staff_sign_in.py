"""Staff sign in without an identity provider, in a real browser with a passkey device of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect
from pyotp import TOTP

from portal.accounts.keys import locked
from portal.config import read_staff
from portal.database import migrate
from portal.staff_application import create_staff_app
from tests.journeys.conftest import Open, serving
from tests.journeys.test_every_page import sideways, violations
from tests.web.running import STAFF

PASSPHRASE = "correct horse battery staple violin"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Desk:
    """The staff's application where it answers, and as its commands see it."""

    home: str
    app: Flask

    def run(self, *command: str) -> str:
        result = self.app.test_cli_runner().invoke(args=["staff", *command])
        assert result.exit_code == 0, result.output
        return result.stdout.strip()

    def invite(self, email: str, role: str = "triage") -> str:
        return self.run("invite", email, "--name", "Cleo Clerk", "--role", role)

    def close(self, email: str) -> None:
        [id_] = [line.split()[0] for line in self.run("list").splitlines() if f"<{email}>" in line]
        self.run("close", id_)


@contextmanager
def served(instance: Path, **settings: str) -> Iterator[Desk]:
    """As `make staff` serves it, on a port of its own."""
    with socket(AF_INET, SOCK_STREAM) as door:
        door.bind(("localhost", 0))
        door.listen(128)
        home = f"http://localhost:{door.getsockname()[1]}"
        environ = {"RIGHTFACE_INSTANCE": str(instance), "RIGHTFACE_STAFF_URL": home, **settings}
        app = create_staff_app(read_staff(environ))
        migrate(app.extensions["rightface"].engine)
        with serving(door, environ, "wsgi:staff_app", "--preload"):
            with urlopen(f"{home}/sign-in", timeout=120):  # a busy machine is slow to start it, and fast from then on
                pass
            yield Desk(home, app)
        app.extensions["rightface"].engine.dispose()


@cache
def the_key_file() -> bytes:
    """The staff's key under its passphrase: stretching that takes long."""
    return locked(STAFF.private, PASSPHRASE)


@contextmanager
def keyed(instance: Path) -> Iterator[Desk]:
    """The same, with the staff's key."""
    (instance / "staff-key").write_bytes(the_key_file())
    (instance / "passphrase").write_text(PASSPHRASE)
    with served(instance, RIGHTFACE_STAFF_PASSPHRASE_FILE=str(instance / "passphrase")) as found:
        yield found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with keyed(tmp_path_factory.mktemp("desk")) as found:
        yield found


def device(page: Page, **changed: bool) -> tuple[CDPSession, str]:
    """A passkey device in this window, and what it is called."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, plugged(session, **changed)


def plugged(session: CDPSession, **changed: bool) -> str:
    found = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **changed}})
    return str(found["authenticatorId"])


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def at_desk(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Your desk")


def enrol(page: Page, link: str) -> None:
    """Follow a link as far as the passkey is made."""
    page.goto(link)
    press(page, "Go on")
    press(page, "Make a passkey")
    at_desk(page)


def test_from_the_link_to_the_desk_and_back_by_passkey(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    device(page)
    link = desk.invite("pat@example.org", "admin")
    page.goto(link)
    expect(page.get_by_label("What is your link?")).to_have_value(link.partition("#")[2])
    assert page.url == f"{desk.home}/enrol"
    press(page, "Go on")
    press(page, "Make a passkey")
    at_desk(page)
    expect(page.get_by_role("link", name="People")).to_be_visible()
    press(page, "Sign out")
    page.goto("/people")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    desk.close("pat@example.org")
    page.goto("/people")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("alert")).to_contain_text("Your account is closed.")
    page.goto(link)
    press(page, "Go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link was used already")


def test_the_secret_of_a_link_is_in_no_request(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    device(page)
    link = desk.invite("lin@example.org")
    secret, seen = link.partition("#")[2], []
    page.on("request", lambda one: seen.append((one.url, one.headers.get("referer", ""))))
    enrol(page, link)
    assert len(seen) > 5
    assert not [one for one in seen if secret in "".join(one).partition("#")[0]]
    assert secret not in page.evaluate("JSON.stringify(performance.getEntries())")


def test_a_copy_of_a_passkey_is_refused(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    session, name = device(page)
    enrol(page, desk.invite("sam@example.org"))
    copied = session.send("WebAuthn.getCredentials", {"authenticatorId": name})["credentials"]
    press(page, "Sign out")
    press(page, "Sign in with a passkey")
    at_desk(page)
    press(page, "Sign out")
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": name})
    other = plugged(session)
    [credential] = copied
    assert credential["signCount"] == 1  # one less than has been seen by now
    session.send("WebAuthn.addCredential", {"authenticatorId": other, "credential": {**credential, "signCount": 0}})
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("alert")).to_contain_text("there may be a copy of it")


def test_a_device_that_verifies_nobody_makes_nothing_and_the_page_says_so(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    session, name = device(page, isUserVerified=False)
    page.goto(desk.invite("una@example.org"))
    press(page, "Go on")
    press(page, "Make a passkey")
    expect(page.get_by_role("status")).to_have_text("That did not work, or was stopped. You can try once more.")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": True})
    press(page, "Make a passkey")
    at_desk(page)


def test_at_another_address_the_page_says_where_passkeys_work(the_browser: Browser, desk: Desk) -> None:
    page = the_browser.new_page()
    page.goto(desk.home.replace("localhost", "127.0.0.1") + "/sign-in")
    expect(page.get_by_role("status")).to_have_text(f"Passkeys work at this address alone: {desk.home}")
    page.context.close()


def by_codes(page: Page, desk: Desk, email: str) -> None:
    """Enrol an app, sign out, and sign in with the code after that."""
    page.get_by_role("link", name="Use codes of an app in its place").click()
    made = TOTP("".join((page.locator(".rf-secret").text_content() or "").split()))
    page.get_by_label("Which code does the app show now?").fill(made.now())
    press(page, "Sign in")
    at_desk(page)
    press(page, "Sign out")
    page.get_by_role("link", name="Sign in with a code of an app").click()
    page.get_by_label("What is your e-mail address?").fill(email)
    code = page.get_by_label("Which code does your app show now?")
    code.fill("000000")
    press(page, "Sign in")
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
    page.get_by_label("Which code does your app show now?").fill(
        made.generate_otp(made.timecode(page.evaluate("Date.now() / 1000")) + 1)  # the last one was used
    )
    press(page, "Sign in")
    at_desk(page)


def test_from_the_link_to_the_desk_and_back_by_codes(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    page.goto(desk.invite("tom@example.org"))
    press(page, "Go on")
    expect(page.get_by_role("button", name="Make a passkey")).to_be_visible()
    by_codes(page, desk, "tom@example.org")


def test_without_script_it_says_that_a_passkey_needs_it_and_codes_do_not(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home, java_script_enabled=False)
    page.goto("/sign-in")
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    link = desk.invite("nia@example.org")
    page.goto(link)
    page.get_by_label("What is your link?").fill(link)
    press(page, "Go on")
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
    page.get_by_role("link", name="Use codes of an app in its place").click()
    made = TOTP("".join((page.locator(".rf-secret").text_content() or "").split()))
    page.get_by_label("Which code does the app show now?").fill(made.now())
    press(page, "Sign in")
    at_desk(page)


def test_a_passkey_is_used_by_keyboard_alone(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    device(page)
    enrol(page, desk.invite("kim@example.org"))
    press(page, "Sign out")
    button = page.get_by_role("button", name="Sign in with a passkey")
    for _ in range(5):
        if button.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    at_desk(page)


# For everyone


def looked_at(page: Page, width: int = 320) -> list[Any]:
    """What axe finds, and by how many pixels a window, or a small phone, would have to scroll sideways."""
    page.set_viewport_size({"width": width, "height": 640})
    wide = sideways(page)
    return [*violations(page), *([wide] if wide else [])]


def test_axe_finds_nothing_on_any_page_in_any_state(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home, bypass_csp=True)
    device(page)
    link = desk.invite("ann@example.org", "triage")

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert looked_at(page) == [], heading

    page.goto("/sign-in")
    look("Sign in")
    press(page, "Sign in with a passkey")  # there is none yet
    expect(page.get_by_role("status")).not_to_be_empty()
    look("Sign in")
    page.goto("/sign-in/code")
    look("Sign in with a code")
    press(page, "Sign in")
    expect(page).to_have_title(re.compile("^Error:"))
    look("Sign in with a code")
    page.goto(link)
    look("You are invited")
    press(page, "Go on")
    look("Make a passkey")
    page.get_by_role("link", name="Use codes of an app in its place").click()
    look("Let an app make codes")
    press(page, "Sign in")
    expect(page).to_have_title(re.compile("^Error:"))
    look("Let an app make codes")
    page.get_by_role("link", name="Make a passkey in its place").click()
    press(page, "Make a passkey")
    look("Your desk")
    page.goto(link)
    press(page, "Go on")
    look("This link was used already")
