"""Every box that the public can type into, found on the pages themselves."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import Flask
from lxml.html import HtmlElement
from sqlmodel import col, delete
from werkzeug.test import TestResponse

from portal.cases.models import CaseRow, EventRow, LetterRow, MessageRow
from portal.cases.status import Kind, Status
from portal.database import transaction
from tests.building import DETAILS
from tests.web.browsing import CLEARVIEW, UNKNOWN, Browser, Page, filled, id_of, parts, token
from tests.web.samples import CAMPAIGN, GREEK, MISSING, addresses, rules

#: Where a letter's details are asked for.
LETTER = "/to/<organisation>/<right>/<place>/<way>"
#: Letters that together ask for every detail.
LETTERS = (
    CLEARVIEW,
    UNKNOWN,
    "/to/clearview-ai/complaint/at/eu-gdpr",
    "/to/us-ice/records/us-il/us-foia",
    "/to/us-ice/appeal/us-il/us-foia",
    "/to/us-ice/rectification/us-il/us-privacy-act",
    "/to/se-polisen/erasure/se/eu-led",
    "/to/world/erasure/ca-on/ca-pipeda",
    "/to/gb-scotland/complaint/gb/uk-foisa",
    "/to/world/complaint/gb/uk-gdpr",
)
#: By which campaign somebody comes.
CAME = f"?campaign={CAMPAIGN.rpartition('/')[2]}"
#: What else has boxes that no sample of a rule shows.
MORE = (
    "/to/other?name=Face+Finder&kind=company&seat=us",
    UNKNOWN.replace("/fr/eu-gdpr", ""),
    f"/to/clearview-ai/access{CAME}",
    f"{CLEARVIEW}{CAME}",
)
#: What a form is given where nothing stands in it, beside Ana Example's details.
ANSWERS = {
    "q": "Clearview",
    "name": "Face Finder",
    "writer_name": "Petra Vorlage",
    "writer_address": "2 Sample Square",
    "organisation_address": "1 Sample Street",
    "organisation_email": "privacy@example.com",
    "note": "They rang.",
    "number": "D130.001",
    "text": "There is a mistake.",
    "key": "0",
    "function": "Counsel",
}
#: A letter in a person's own words; what they type stands in it as text.
OWN_WORDS = "=== subject\nWhat I want\n\nThis: {}\n\nThat is all.\n"
#: Who writes for somebody else is asked for one name more; a group, where it may write, for its address too.
AGENT, GROUP = {"role": "agent"}, {"role": "group"}
#: The kinds of box that show what is typed.
TYPED = ("text", "search", "email", "tel", "url", "textarea")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page, filled in, with the button that is pressed."""

    rule: str
    method: str
    address: str
    pairs: Pairs
    kinds: Mapping[str, str] = field(hash=False)
    """What stands for each name: the type of an input, else the name of its element."""


@dataclass(frozen=True)
class Box:
    """One of a form's boxes, all three of a date, or a part of an address; `around` stands around what is typed."""

    form: Form
    name: str
    where: str = "form"
    around: str = "{}"

    @property
    def kind(self) -> str:
        return self.form.kinds.get(self.name, "") if self.where == "form" else self.where

    @property
    def is_day(self) -> bool:
        return self._times == 3

    @property
    def _times(self) -> int:
        return [name for name, _ in self.form.pairs].count(self.name)

    @property
    def id(self) -> tuple[str, ...]:
        """A box that stands on many pages is one: each letter asks for a name."""
        own = () if self.form.rule == LETTER else (self.form.address, str(self.form.pairs[-1:]))
        return self.form.rule, self.where, self.name, self.around, *own

    def part(self, what: str) -> int:
        """Which of the boxes of its name this is typed into; the three of a date take turns."""
        return len(what) % self._times

    @property
    def is_typed(self) -> bool:
        """Whether a person types here, and sees what they typed."""
        return self.kind in TYPED

    def sent(self, browser: Browser, what: str) -> TestResponse:
        """Type it into this box, leave the others as they are, and send the form; not where it leads."""
        address, pairs = self.form.address, list(self.form.pairs)
        if self.where == "form":
            at = [n for n, (name, _) in enumerate(pairs) if name == self.name][self.part(what)]
            pairs[at] = (self.name, self.around.format(what))
        elif self.where == "query":
            path, _, query = address.partition("?")
            asked = {**dict(parse_qsl(query)), self.name: what}
            address = f"{path}?{urlencode(asked)}"
        else:
            address = self.form.address.format(**{self.name: quote(what, safe="")})
        return sent(browser, self.form.method, address, pairs)


def sent(browser: Browser, method: str, address: str, pairs: Iterable[tuple[str, str]] = ()) -> TestResponse:
    """A request as it is, without what follows."""
    many: dict[str, list[str]] = {}
    for name, value in pairs:
        many.setdefault(name, []).append(value)
    if method == "GET" and many:
        return browser.client.get(urlsplit(address).path, query_string=many)
    return browser.client.open(address, method=method, data=many or None)


# Finding


@dataclass
class Found:
    """The boxes, the browser that they are open in, and the rules that the forms on its pages lead to."""

    browser: Browser
    case: str
    boxes: list[Box] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)

    @property
    def app(self) -> Flask:
        return self.browser.app

    def rewind(self) -> None:
        """Let nothing have happened but that the letter was sent, one more written, and a complaint made."""
        with transaction(self.app.extensions["rightface"].engine) as session:
            later = col(EventRow.case_id) == self.case, col(EventRow.n) > 2
            session.exec(delete(EventRow).where(*later))
            session.exec(delete(LetterRow).where(col(LetterRow.case_id) == self.case, col(LetterRow.n) > 1))
            session.exec(delete(MessageRow).where(col(MessageRow.case_id) == self.case))
            session.get_one(CaseRow, self.case).status = Status.SENT.value


def find(app: Flask) -> Found:
    """Walk all pages, with drafts and a case open, and take up each form's boxes."""
    browser = Browser(app)
    samples = addresses(browser)
    # What is typed into one form must not change what another form's letter says.
    samples["/letter/<id_>/details"] = f"/letter/{id_of(browser.write(GREEK))}/details"
    case = samples["/cases/<id_>"].rpartition("/")[2]
    until_sent = samples["/cases/<id_>/another-law/<task>"]
    offered = Page(browser.client.get(until_sent))
    for kind in ("sent", "complained"):
        browser.send(browser.get(f"/cases/{case}/happened/{kind}"), {"day": parts("2026-11-23")})
    found = Found(browser, case, reached={one.rule for one in _forms(app, offered)})
    happened = [f"/cases/{case}/happened/{kind.value}" for kind in Kind]
    boxes: dict[tuple[str, ...], Box] = {}
    absent = {until_sent, *(samples[rule] for rule in MISSING)}
    for address in (*samples.values(), *LETTERS, *MORE, *happened):
        answer = browser.client.get(address)
        # Some only take what is sent to them, some lead elsewhere; nothing else may hide a form.
        assert answer.status_code in (200, 302, 405) or address in absent, address
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for one in _forms(app, Page(answer)):
                found.reached.add(one.rule)
                for box in _boxes(one):
                    boxes.setdefault(box.id, box)
        answer.close()
    for box in _parts_of_addresses(app, samples, token(browser.get("/"))):
        boxes.setdefault(box.id, box)
    found.boxes = list(boxes.values())
    return found


def _forms(app: Flask, page: Page) -> Iterator[Form]:
    for form in page.tree.xpath("//form"):
        method, address = (form.get("method") or "get").upper(), form.get("action") or page.address
        rule = _rule(app, urlsplit(address).path, method)
        kinds = {
            one.get("name"): one.get("type", one.tag) for one in form.xpath(".//*[@name]") if one.tag != "button"
        }
        whole = tuple(_answered(form))
        buttons = form.xpath(".//button[@name='do']/@value") or [None]
        for do in buttons:
            pairs = whole if do is None else (*whole, ("do", do))
            yield Form(rule, method, address, pairs, kinds)


def _rule(app: Flask, path: str, method: str) -> str:
    rule, _ = app.url_map.bind("localhost").match(path, method, return_rule=True)
    return str(rule.rule)


def _answered(form: HtmlElement) -> Iterator[tuple[str, str]]:
    """What a person who fills in everything sends."""
    known = {**DETAILS, **ANSWERS}
    days: dict[str, list[str]] = {}
    chosen = GROUP if form.xpath(".//input[@name='declared']") else AGENT
    names = [name for name, _ in filled(form)]
    for name, value in filled(form):
        if names.count(name) == 3:
            left = days.setdefault(name, list(parts(DETAILS.get(name, "2026-11-23"))))
            yield name, left.pop(0)
        else:
            yield name, chosen.get(name) or value or known.get(name, "")
    if chosen is GROUP and "declared" not in names:
        yield "declared", "y"
    groups = {one.get("name") for one in form.xpath(".//input[@type='radio']")} - set(names)
    yield from ((name, form.xpath(f".//input[@name='{name}']/@value")[0]) for name in sorted(groups))


def _boxes(form: Form) -> Iterator[Box]:
    for name in dict.fromkeys(name for name, _ in form.pairs):
        if name != "csrf_token":
            yield Box(form, name)
    if ("do", "text") in form.pairs:
        yield Box(form, "text", around=OWN_WORDS)
    yield from (Box(form, name, where="query") for name, _ in parse_qsl(urlsplit(form.address).query))


def _parts_of_addresses(app: Flask, samples: Mapping[str, str], csrf: str) -> Iterator[Box]:
    """What stands in the address of a page: anybody can write there what they like."""
    for rule in rules(app):
        names = [*rule.arguments - {*(rule.defaults or {})}]
        pattern = re.sub(r"<(?:\w+:)?(\w+)>", r"(?P<\1>[^/]+)", rule.rule.replace(".", r"\."))
        match = re.fullmatch(pattern, urlsplit(samples[rule.rule]).path)
        assert match, rule
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        for name in names:
            others = {**match.groupdict(), name: f"{{{name}}}"}
            address = re.sub(r"<(?:\w+:)?(\w+)>", lambda one, others=others: others[one[1]], rule.rule)
            pairs = (("csrf_token", csrf),) if method == "POST" else ()
            yield Box(Form(rule.rule, method, address, pairs, {}), name, where="path")


# Reading an answer as it is, letter by letter: a parser would leave out what HTML does not allow


def values(html: str, name: str) -> list[str]:
    """What stands in the boxes of a name."""
    inputs = (one for one in re.findall(r"<input\b[^>]*>", html) if f' name="{name}"' in one)
    areas = re.findall(rf'<textarea\b[^>]*? name="{name}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    found = [(re.findall(r' value="([^"]*)"', one) or [""])[0] for one in inputs if "radio" not in one]
    return [unescape(one) for one in (*found, *areas)]


def text_of(html: str, element: str) -> str:
    """The words of an element that a page has one of; "" where it has none."""
    found = re.search(rf"<{element}\b[^>]*>(.*)</{element}>", html, re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", found[1])) if found else ""
