"""A real browser, and the portal on a port of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from signal import SIGKILL
from socket import AF_INET, SOCK_STREAM, socket
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from portal.application import create_app
from portal.config import read
from portal.database import migrate
from portal.web.pages import NEUTRAL
from tests.building import ROOT
from tests.web.running import OPERATOR, STAFF
from tests.web.samples import a_called

#: As Debian and others call it; the first that runs is taken.
NAMES = ("chromium", "chromium-browser", "google-chrome")
#: What the browser is to do without: as Playwright would have it, whose list this takes the place of, and two pages
#: behind the address bar that no test opens, each of which takes as long as all of a journey's pages.
WITHOUT = [
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "PaintHolding"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    *("PreconnectToSearch", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    f"--disable-features={','.join(WITHOUT)}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
#: As the Makefile serves it.
SERVED = ["--threads", "8", "--no-control-socket", "--log-level", "error"]
#: How long a page may take, in milliseconds.
PATIENCE = 20_000


@cache
def chromium() -> str:
    """The first browser that runs; "" where there is none."""
    wanted = [os.environ.get("CHROMIUM", ""), *NAMES]
    return next((path for name in wanted if name and (path := shutil.which(name)) and _runs(path)), "")


def _runs(path: str) -> bool:
    """Ubuntu's /usr/bin/chromium may be a stub that only says how to install it."""
    return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0


@pytest.fixture(scope="session")
def playing() -> Iterator[Playwright]:
    if not chromium():
        said = "no Chromium was found: install it, or name it in $CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def the_browser(playing: Playwright) -> Iterator[Browser]:
    browser = playing.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    instance = str(tmp_path_factory.mktemp("instance"))
    return {"RIGHTFACE_INSTANCE": instance, "RIGHTFACE_STAFF_PUBLIC_KEY": STAFF.written, **OPERATOR}


#: How wide windows are that are looked at for what axe finds: a small phone, and in the proof a desk's screen too.
WIDTHS = [320, pytest.param(1280, marks=pytest.mark.proof)]


@pytest.fixture(scope="session")
def portal(environ: dict[str, str]) -> Iterator[Flask]:
    """The portal that answers, as the tests look at it: its rules, its database, with a campaign in it."""
    app = create_app(read(environ))
    house = app.extensions["rightface"]
    migrate(house.engine)
    a_called(app)
    yield app
    house.engine.dispose()


@contextmanager
def answering(environ: Mapping[str, str], entrance: str = "wsgi:app") -> Iterator[str]:
    """Where a portal answers, served as `make run` serves it."""
    with socket(AF_INET, SOCK_STREAM) as door:
        door.bind(("localhost", 0))
        door.listen(128)
        with serving(door, environ, entrance):
            yield f"http://localhost:{door.getsockname()[1]}"


@contextmanager
def serving(door: socket, environ: Mapping[str, str], entrance: str, *more: str) -> Iterator[None]:
    """A server behind a door that is open already, with more of its arguments.

    At the end it is killed with its children: nobody asks for anything any more, and to go by itself it takes long.
    """
    number = door.fileno()
    command = [sys.executable, "-m", "gunicorn", entrance, "--bind", f"fd://{number}", *more, *SERVED]
    environ = {**os.environ, **environ}
    with subprocess.Popen(command, cwd=ROOT, env=environ, pass_fds=[number], start_new_session=True) as server:
        try:
            yield
        finally:
            os.killpg(server.pid, SIGKILL)


@pytest.fixture(scope="session")
def home(portal: Flask, environ: dict[str, str]) -> Iterator[str]:
    """Where the portal of most journeys answers."""
    assert portal
    with answering(environ) as found:
        yield found


@dataclass
class Watch:
    """What a browser asked for and complained about while it was open."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def on(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # That a form was answered with 422, or a page with 404, is what such a test is about.
        if message.type in ("error", "warning") and "responded with a status of 4" not in message.text:
            self.complaints.append(message.text)

    @property
    def abroad(self) -> list[str]:
        """The requests that left this machine."""
        return [url for url in self.requests if urlsplit(url).hostname != "localhost"]


Open = Callable[..., Page]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def opened(the_browser: Browser, home: str, watch: Watch) -> Iterator[Open]:
    """Opens a window on the portal; at the end nothing may have left this machine, nothing been complained about.

    Where somebody `leaves` the neutral page is answered here. Who answers for one page takes every request of the
    window into their hands, and turns off what the browser keeps: that takes twice as long.
    """
    contexts: list[BrowserContext] = []

    def open_(leaves: bool = False, **more: object) -> Page:
        settings = {"base_url": home, "locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **more}
        context = the_browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        watch.on(context)
        if leaves:
            context.route(f"{NEUTRAL}**", _encyclopedia)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        for page in context.pages:
            page.wait_for_load_state()  # or what it still asks for breaks off, and it complains
        context.close()
    assert [url for url in watch.abroad if url != NEUTRAL] == []
    assert watch.complaints == []


def _encyclopedia(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<!doctype html><title>Encyclopedia</title><h1>Encyclopedia</h1>")
