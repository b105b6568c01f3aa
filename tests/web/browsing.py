"""A browser without script, as the tests of the pages need it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from lxml.html import HtmlElement, document_fromstring
from werkzeug.test import TestResponse

from portal.database import transaction
from tests.building import DETAILS, flat

#: Monday, 23 November 2026, ten in the morning.
START = datetime(2026, 11, 23, 10, tzinfo=UTC)

Value = str | tuple[str, ...]
#: What is chosen where the portal asks who may read a case.
ALONE = {"readers": "filer"}
#: Where the letter of a table's row is asked for: organisation, right, place, way.
CLEARVIEW = "/to/clearview-ai/access/at/eu-gdpr"
COMPLAINT = "/to/clearview-ai/complaint/at/eu-gdpr"
UNKNOWN = "/to/other/access/fr/eu-gdpr?name=Face+Finder&kind=company&seat=us"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


@dataclass(frozen=True)
class Page:
    """An answer as a person sees it."""

    answer: TestResponse

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def path(self) -> str:
        return self.answer.request.path

    @property
    def address(self) -> str:
        """Path and query."""
        query = self.answer.request.query_string.decode()
        return f"{self.path}?{query}" if query else self.path

    @cached_property
    def tree(self) -> HtmlElement:
        return document_fromstring(self.answer.text)

    @cached_property
    def main(self) -> HtmlElement:
        return self._one("//main")

    def _one(self, xpath: str) -> HtmlElement:
        found = self.tree.xpath(xpath)
        assert len(found) == 1, f"{len(found)} of {xpath}"
        return found[0]

    @cached_property
    def text(self) -> str:
        """The words of the page's main part, white space folded."""
        return words(self.main)

    @property
    def heading(self) -> str:
        return words(self._one("//h1"))

    @property
    def title(self) -> str:
        return words(self._one("//title"))

    @property
    def errors(self) -> list[str]:
        """What the summary at the top says, in order."""
        return [words(item) for item in self.tree.xpath("//ul[contains(@class, 'govuk-error-summary__list')]/li")]

    def links(self, containing: str = "") -> list[str]:
        """Where the links of the main part lead whose words contain something."""
        return [link.get("href") for link in self.main.xpath(".//a[@href]") if containing in words(link)]

    def field(self, name: str) -> HtmlElement:
        return self._one(f"//main//*[@name='{name}' and (self::input or self::textarea or self::select)]")

    def value(self, name: str) -> Value:
        """What stands in a field: the chosen one of several, all parts of a date."""
        found = tuple(value for key, value in filled(self.form(name)) if key == name)
        return found[0] if len(found) == 1 else found

    def names(self) -> set[str]:
        """The fields of the main part's forms."""
        return {field.get("name") for field in self.main.xpath(".//*[@name]") if field.tag != "button"}

    def form(self, *having: str) -> HtmlElement:
        """The form of the main part with these fields or buttons."""
        for form in self.main.xpath(".//form"):
            if {*having} <= {field.get("name") for field in form.xpath(".//*[@name]")}:
                return form
        raise AssertionError(f"no form has {having}: {self.heading} ({self.status})")


def words(element: HtmlElement) -> str:
    return flat(element.text_content())


def filled(form: HtmlElement) -> Iterator[tuple[str, str]]:
    """The fields of a form as a browser would send them."""
    for field in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        name, kind = field.get("name"), field.get("type", "text")
        if field.tag == "textarea":
            yield name, field.text or ""
        elif field.tag == "select":
            chosen = field.xpath(".//option[@selected]") or field.xpath(".//option[1]")
            yield name, chosen[0].get("value", "")
        elif kind not in ("radio", "checkbox") or field.get("checked") is not None:
            yield name, field.get("value", "")


class Browser:
    """Keeps cookies, reads the token from the page, sends forms as they stand there."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app = app
        self.client = app.test_client()
        self.language = language

    def get(self, address: str) -> Page:
        return Page(self._open(address))

    def send(self, page: Page, values: Mapping[str, Value], do: str = "") -> Page:
        """Change some fields of a form, press a button, follow to the next page."""
        having = [*values, "do"] if do else [*values]
        form = page.form(*having)
        kept = [(name, value) for name, value in filled(form) if name not in values]
        for name, value in values.items():
            kept += [(name, part) for part in ([value] if isinstance(value, str) else value)]
        kept += [("do", do)] if do else []
        address = form.get("action") or page.address
        if form.get("method") == "get":
            return Page(self._open(urlsplit(address).path, query_string=_many(kept)))
        return Page(self._open(address, method="POST", data=_many(kept)))

    def post(self, page: Page, address: str) -> Page:
        """Press a button that stands in a form of its own on the page."""
        token = page.tree.xpath(f"//form[@action='{address}']//input[@name='csrf_token']/@value")
        return Page(self._open(address, method="POST", data={"csrf_token": token}))

    def write(self, address: str, /, **changed: Value) -> Page:
        """Give Ana Example's details to a letter; the page that comes then."""
        page = self.get(address)
        return self.send(page, {**details(page), **changed})

    def also(self, page: Page, *others: str) -> Page:
        """Send the same as the letter of a page to other organisations, and to no others; the page of the letter."""
        return self.send(self.get(f"/letter/{id_of(page)}/others"), {"others": others})

    def file(self, page: Page, **chosen: Value) -> Page:
        """File the letter of a page, for its filer alone unless something else is chosen; the page with the key."""
        asked = self.get(f"/letter/{id_of(page)}/file")
        needed = ALONE if "readers" in asked.names() else {}
        return self.send(asked, {"csrf_token": token(page), **needed, **chosen})

    def follow(self, page: Page, **chosen: Value) -> Page:
        """File the letter of a page, and open its case."""
        return self.post(self.file(page, **chosen), f"/letter/{id_of(page)}/kept")

    def attach(self, case: str, shows: str, *files: tuple[str, bytes]) -> Page:
        """Attach files to a case, each by its name and content."""
        address = f"/cases/{case}/papers"
        sent = {"csrf_token": token(self.get(address)), "shows": shows}
        papers = [(BytesIO(content), name) for name, content in files]
        return Page(self._open(address, method="POST", data={**sent, "papers": papers}))

    def in_french(self, do: Callable[[], Page]) -> Page:
        """Do something with pages in French."""
        self.language, language = "fr", self.language
        try:
            return do()
        finally:
            self.language = language

    def twin(self) -> "Browser":
        """Another browser with the cookies that this one has now; what it loses this one keeps."""
        twin = Browser(self.app, self.language)
        twin.client._cookies = dict(self.client._cookies or {})
        return twin

    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self.client._cookies.values()}

    def _open(self, address: str, **more: Any) -> TestResponse:
        headers = {"Accept-Language": self.language}
        return self.client.open(address, follow_redirects=True, headers=headers, **more)


def _many(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def token(page: Page) -> str:
    """What makes a form of this page ours."""
    return str(page.tree.xpath("//input[@name='csrf_token']/@value")[0])


def papers_of(page: Page) -> list[str]:
    """Where the files of a case lie, as its page links to them."""
    return [link for link in page.links() if "/papers/" in link]


def key_of(page: Page) -> str:
    """The case key that a page shows."""
    [shown] = page.tree.xpath("//p[@class='rf-key']")
    return words(shown).partition(":")[2].strip()


def details(page: Page) -> dict[str, Value]:
    """Ana Example's answers to the questions of a page."""
    known = {name: value for name, value in DETAILS.items() if name in page.names()}
    return {name: parts(value) if _is_day(page, name) else value for name, value in known.items()}


def parts(day: str) -> tuple[str, str, str]:
    """`2026-11-23` as it is typed into three boxes."""
    year, month, day_of_month = day.split("-")
    return str(int(day_of_month)), str(int(month)), year


def _is_day(page: Page, name: str) -> bool:
    return len(page.main.xpath(f".//input[@name='{name}' and @type='text']")) == 3


def id_of(page: Page) -> str:
    """The draft that a page of a letter belongs to."""
    return page.path.split("/")[2]


def rows(app: Flask) -> list[tuple[Any, ...]]:
    """Every row of the drafts, as it lies in the database."""
    with transaction(app.extensions["rightface"].engine) as session:
        return [tuple(row) for row in session.connection().exec_driver_sql("SELECT * FROM drafts")]
