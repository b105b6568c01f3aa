"""Every page for everyone: axe, narrow, enlarged, and with an error on it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect

from tests.building import DETAILS, ROOT
from tests.journeys.conftest import PATIENCE, Watch
from tests.journeys.walking import at, file_it, fill, say
from tests.web.browsing import CLEARVIEW
from tests.web.samples import CAMPAIGN, FOR_PROGRAMS, GREEK, POLISH, RECORDS, SAMPLES, gettable

pytestmark = pytest.mark.browser

AXE = ROOT / "tests" / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What is no page: files, and what only leads elsewhere.
NO_PAGE = {
    # Where the staff decided something: test_decided.py looks at these.
    "/cases/<id_>/contest/<task>",
    "/cases/<id_>/another-law/<task>",
    # Where a group is let see a case: test_campaign.py looks at it.
    "/cases/<id_>/groups/<group>",
    "/language/<code>",
    "/letter/<id_>/letter.pdf",
    "/letter/<id_>/reading-copy.pdf",
    "/letter/<id_>/cover.pdf",
    "/letter/<id_>/letter.txt",
    "/letter/<id_>/message.eml",
    "/letter/<id_>/letters.pdf",
    "/letter/<id_>/letters.zip",
    "/letter/<id_>/case-key.txt",
    "/cases/new-key.txt",
    "/cases/<id_>/papers/<paper>",
    "/cases/<id_>/letter.pdf",
    "/cases/<id_>/reading-copy.pdf",
    "/cases/<id_>/cover.pdf",
    "/cases/<id_>/letter.txt",
    "/cases/<id_>/message.eml",
    "/cases/<id_>/reply-due.ics",
    "/cases/<id_>/look-again.ics",
    "/group-calendar/<secret>.ics",
    "/cases/<id_>/letters/<letter>/letter.pdf",
    "/cases/<id_>/letters/<letter>/dossier.pdf",
    "/cases/<id_>/letters/<letter>/originals.zip",
    "/cases/<id_>/letters/<letter>/cover.pdf",
    "/cases/<id_>/letters/<letter>/reading-copy.pdf",
    "/cases/<id_>/letters/<letter>/letter.txt",
    "/cases/<id_>/letters/<letter>/message.eml",
    "/cases/export.zip",
    "/cases/letters.pdf",
    "/campaigns/<slug>/qr.<kind>",
    "/static/<path:filename>",
    "/sitemap.xml",
    "/robots.txt",
    "/record/feed.atom",
    "/record/<id_>.csv",
    "/record/<id_>.json",
    "/record/<id_>/feed.atom",
    *(f"/{kind}.json" for kind in RECORDS),
    *(f"/{kind}/<id_>.json" for kind in RECORDS),
    "/.well-known/security.txt",
    *FOR_PROGRAMS,
}
#: Only a form is sent there.
POSTED = {
    "/leave",
    "/letter/<id_>/done",
    "/letter/<id_>/kept",
    "/close-case",
    "/cases/<id_>/papers/<paper>/erase",
    "/cases/<id_>/groups/<group>/take-back",
    "/cases/<id_>/reply/<reply>/<argument>",
}
PAGES = sorted({*SAMPLES} - NO_PAGE - POSTED)
#: Other things that the same pages show.
STATES = {
    "a search that finds": "/?q=clearvew",
    "a search that finds nothing": "/?q=Qwfpgjzz",
    "a region": "/to/clearview-ai/erasure?place=ca",
    "a question": "/to/ca-rcmp/records/fr",
    "no right": "/to/ca-rcmp/erasure/ca",
    "two ways": "/to/clearview-ai/complaint/gb",
    "three ways": "/to/ca-rcmp/complaint/ca",
    "a processor": "/to/briefcam/access/de-by",
    "nobody knows where to write": "/to/findclone/access/at",
    "a voluntary letter": "/to/clearview-ai/access/us",
    "a mandate that is not confirmed": "/to/se-polisen/complaint/se/eu-led",
    "a police force": "/to/ca-rcmp/access/ca/ca-privacy-act",
    "many questions": "/to/us-ice/records/us-il/us-foia",
    "an unknown organisation": "/to/other/access/fr/eu-gdpr?name=Face+Finder&kind=company&seat=us",
    "not found": "/nowhere",
    "a campaign that is not there": "/campaigns/nothing",
    "a step of a campaign": "/to/clearview-ai/access?campaign=ask-clearview-together",
    "forgotten": "/letter/0123456789abcdef0123456789abcdef",
    "not this way": "/leave",
    "what is looked up and found": "/reference?q=cnil",
    "what is looked up and not found": "/reference?q=Qwfpgjzz",
    "a counted month": "/deadlines?sent=1&rule=eu-1m&day=25&day=11&day=2026&place=at",
    "counted working days": "/deadlines?sent=1&rule=us-foia-20wd&day=10&day=11&day=2026&place=",
    "an open law": "/deadlines?sent=1&rule=ca-fed-30d&day=7&day=1&day=2027&place=",
    "a public body": "/organisations/ca-rcmp",
    "a kind of organisation": "/organisations/ca-bank",
    "a directive": "/laws/eu-led",
    "a law that gives little": "/laws/us-il-bipa",
    "no fixed time": "/deadlines/none",
    "a decision without a date": "/decisions/hmbbfdi-pimeyes",
    "the Union": "/jurisdictions/eu",
    "several letters": "/letter/{several}?to=pimeyes",
    "several letters to take": "/letter/{several}/take?to=facecheck-id",
    "several letters to file": "/letter/{several}/file",
    "nobody else": "/letter/{polish}/others",
    "a case that was decided": "/cases/{decided}",
    "where a complaint went": "/cases/{decided}/happened/complained",
    "how it was decided": "/cases/{decided}/happened/decided",
}
#: Where somebody speaks for an organisation.
SPEAKS = "/record/clearview-ai/answer"
#: A form sent empty, or as it must not be.
MISTAKES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "looked up too long": ("/reference?q=" + "x" * 101, lambda page: None),
    "no day to count from": ("/deadlines", lambda page: send(page, "Count it")),
    "a search too long": ("/?q=" + "x" * 101, lambda page: None),
    "nobody named": ("/somebody-else", lambda page: send(page, "Go on")),
    "no right": ("/to/clearview-ai", lambda page: send(page, "Go on")),
    "no place": ("/to/clearview-ai/access", lambda page: send(page, "Show me how it will go")),
    "no region": ("/to/clearview-ai/erasure?place=ca", lambda page: send(page, "Show me how it will go")),
    "a group that says nothing of itself": ("/groups/apply", lambda page: send(page, "Ask to be let in")),
    "an organisation that says nothing": (
        "/record/clearview-ai/answer",
        lambda page: send(page, "Send it to the staff"),
    ),
    "nothing said": ("/wrong", lambda page: send(page, "Send it to the staff")),
    "no details": (GREEK, lambda page: send(page, "Write my letter")),
    "a group that says nothing": ("/to/clearview-ai/complaint/at/eu-gdpr", lambda page: say_group(page)),
    "no birthday": ("/to/us-cbp/access/us-il/us-privacy-act", lambda page: send(page, "Write my letter")),
    "no reasons": ("/to/us-ice/records/us-il/us-foia", lambda page: send(page, "Write my letter")),
    "no address of theirs": (STATES["an unknown organisation"], lambda page: send(page, "Write my letter")),
    "an unreadable text": ("/letter/{greek}", lambda page: spoil(page)),
    "no key": ("/case-key", lambda page: send(page, "Open my case")),
    "no day": ("/cases/{case}/happened/sent", lambda page: send(page, "Put it into my case")),
    "no file": ("/cases/{case}/papers", lambda page: send(page, "Attach them")),
    "no number": ("/cases/{decided}/happened/registered", lambda page: send(page, "Put it into my case")),
    "no outcome": ("/cases/{decided}/happened/decided", lambda page: send(page, "Put it into my case")),
    "no note": ("/cases/{case}/happened/noted", lambda page: send(page, "Put it into my case")),
    "no message": ("/cases/{case}/messages", lambda page: send(page, "Send it to the staff")),
    "no readers": ("/letter/{greek}/file", lambda page: send(page, "I have the key: file it")),
}


def say_group(page: Page) -> None:
    page.get_by_label("A group that somebody has mandated to write for them").check()
    send(page, "Write my letter")


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def spoil(page: Page) -> None:
    page.locator("summary", has_text="Change the words").click()
    page.get_by_label("The text of your letter").fill("no subject")
    page.get_by_role("button", name="Show me the letter again").first.click()


def a_draft(page: Page, way: str) -> str:
    page.goto(way)
    fill(page, DETAILS)
    send(page, "Write my letter")
    at(page, "Read your letter")
    return page.url.rpartition("/")[2]


def several(page: Page) -> str:
    """Three letters of one draft."""
    draft = a_draft(page, CLEARVIEW)
    page.get_by_role("link", name="Send the same to others").click()
    page.get_by_label("PimEyes").check()
    page.get_by_label("FaceCheck.ID").check()
    send(page, "Write these letters")
    at(page, "Read your letter")
    return draft


def a_reply(page: Page) -> str:
    """A later letter of a case."""
    case = a_case(page, CLEARVIEW)
    page.goto(f"/cases/{case}/reply/no_answer")
    page.get_by_role("button", name="Write this reply").first.click()
    at(page, "Read your letter")
    return urlsplit(page.url).path


def a_filing(page: Page, way: str) -> str:
    """A letter that is filed, by its draft."""
    draft = a_draft(page, way)
    file_it(page)
    return draft


def a_case(page: Page, way: str) -> str:
    """A case with something in each of its parts."""
    a_filing(page, way)
    send(page, "I have kept it: open my case")
    expect(page.locator("#next")).to_be_visible()
    id_ = page.url.rpartition("/")[2]
    say(page, "Write a note", "", "They rang me up.")
    say(page, "I sent it", today())
    return id_


def a_decision(page: Page) -> str:
    """A case that was complained of, with a number and a decision."""
    case = a_case(page, CLEARVIEW)
    say(page, "I complained to the authority", today())
    say(page, "The authority gave it a number", today(), number="D130.7/26")
    say(page, "The authority has decided", today(), outcome="partly")
    return case


def today() -> str:
    """Where the person of the case lives: in Vienna."""
    return datetime.now(ZoneInfo("Europe/Vienna")).date().isoformat()


#: What stands for something in an address, and how it is made.
MADE: dict[str, Callable[[Page], str]] = {
    "greek": lambda page: a_draft(page, GREEK),
    "polish": lambda page: a_draft(page, POLISH),
    "again": lambda page: a_filing(page, GREEK),
    "case": lambda page: a_case(page, CLEARVIEW),
    "several": lambda page: several(page),
    "decided": lambda page: a_decision(page),
    "later": lambda page: a_reply(page),
}


@dataclass(frozen=True, slots=True)
class Ready:
    """Something that pages need: its name in addresses, and the cookies of the browser that made it."""

    id: str
    cookies: StorageState


MakeReady = Callable[[str], Ready]
Window = tuple[Page, Watch]
Visit = Callable[..., Page]
ENGLISH, FRENCH = "en-GB", "fr-FR"


@pytest.fixture(scope="session")
def ready(the_browser: Browser, home: str) -> MakeReady:
    """Makes each of `MADE` once, each in a browser of its own: looking at a page changes none of them."""

    @cache
    def make(name: str) -> Ready:
        with the_browser.new_context(base_url=home, locale="en-GB") as context:
            context.set_default_timeout(PATIENCE)
            return Ready(MADE[name](context.new_page()), context.storage_state())

    return make


def needed(address: str) -> str | None:
    """What an address needs, of `MADE`."""
    found = [name for name in MADE if f"{{{name}}}" in address]
    return found[0] if found else "case" if address.startswith("/cases") else None


@pytest.fixture(scope="session")
def windows(the_browser: Browser, home: str, ready: MakeReady) -> Iterator[Callable[[str | None, str], Window]]:
    """A window for what addresses need, in each language: to open one takes longer than to look at a page."""
    kept: dict[tuple[str | None, str], Window] = {}

    def window(name: str | None, locale: str) -> Window:
        if (name, locale) not in kept:
            cookies = ready(name).cookies if name else None
            context = the_browser.new_context(
                base_url=home, locale=locale, storage_state=cookies, bypass_csp=locale == ENGLISH
            )
            context.set_default_timeout(PATIENCE)
            watch = Watch()
            watch.on(context)
            kept[name, locale] = context.new_page(), watch
        return kept[name, locale]

    yield window
    for page, _ in kept.values():
        page.context.close()


@pytest.fixture
def visit(windows: Callable[[str | None, str], Window], ready: MakeReady) -> Iterator[Visit]:
    """Goes to an address, with the draft or the case that it needs, in a language.

    At the end nothing may have left this machine, nothing been complained about.
    """
    used: list[Watch] = []

    def go(address: str, locale: str = ENGLISH, size: ViewportSize = DESK) -> Page:
        name = needed(address)
        page, watch = windows(name, locale)
        watch.requests.clear()
        watch.complaints.clear()
        used.append(watch)
        page.set_viewport_size(size)
        answer = page.goto(address.format(**{name: ready(name).id} if name else {}))
        assert answer
        assert answer.ok or address in STATES.values() or address in ERRORS, (address, answer.status)
        return page

    yield go
    for watch in used:
        assert (watch.abroad, watch.complaints) == ([], [])


def open_all(page: Page) -> None:
    """Everything that a page folds away."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def violations(page: Page) -> list[str]:
    page.wait_for_load_state()  # a click waits for the page that follows, and not for its style
    page.add_script_tag(path=AXE)
    # Of each element that is in order axe tells, too: to hand that over takes longer than to look at it.
    found: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run({runOnly: tags, resultTypes: ['violations'], selectors: false}).then(all => all.violations)",
        TAGS,
    )
    return [f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes']]}" for one in found]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


#: A small phone; and 1280 by 900 at 200 %, as the browser then lays it out.
DESK: ViewportSize = {"width": 1280, "height": 900}
SIZES: list[ViewportSize] = [{"width": 320, "height": 640}, {"width": 640, "height": 450}]
#: In the language of its campaign, whoever looks at it.
FRAME = f"{CAMPAIGN}/frame"
#: Those on which something is wrong already, as it stands in the address.
ERRORS = {address for address, _ in MISTAKES.values()}
ADDRESSES = [*(SAMPLES[rule] for rule in PAGES), *STATES.values()]


def test_every_page_is_looked_at(portal: Flask) -> None:
    """A new rule needs an address in tests/web/samples.py; where it is no page, say so in NO_PAGE."""
    assert {rule.rule for rule in gettable(portal)} == {*PAGES} | NO_PAGE


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(visit: Visit, address: str) -> None:
    page = visit(address)
    open_all(page)
    assert violations(page) == []
    for size in SIZES:
        page.set_viewport_size(size)
        assert sideways(page) == 0, size


@pytest.mark.parametrize("mistake", MISTAKES)
def test_axe_finds_nothing_on_a_page_with_errors(visit: Visit, mistake: str) -> None:
    address, make = MISTAKES[mistake]
    page = visit(address)
    make(page)
    expect(page).to_have_title(re.compile("^Error:"))
    assert violations(page) == []
    for link in page.locator(".govuk-error-summary a").all():
        link.click()
        href = link.get_attribute("href") or ""
        assert page.evaluate("id => document.activeElement.id === id", href.removeprefix("#")), href


@pytest.mark.parametrize("address", [*ADDRESSES, "/somebody-else?sent=1", "/to/ca-rcmp?sent=1"])
def test_no_page_scrolls_sideways_in_french(visit: Visit, address: str) -> None:
    """French is longer."""
    page = visit(address, FRENCH, SIZES[0])
    assert page.locator("html").get_attribute("lang") == ("en" if address == FRAME else "fr")
    open_all(page)
    for size in SIZES:
        page.set_viewport_size(size)
        assert sideways(page) == 0, size


def test_axe_is_there() -> None:
    assert Path(AXE).stat().st_size > 100_000
