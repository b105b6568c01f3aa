"""A browser without script that goes from the portal to an identity provider and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests
from lxml.html import HtmlElement, document_fromstring

from tests.building import flat


@dataclass(frozen=True)
class Seen:
    """A page, wherever it is from."""

    answer: requests.Response

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def url(self) -> str:
        return self.answer.url

    @cached_property
    def tree(self) -> HtmlElement:
        return document_fromstring(self.answer.text)

    @property
    def heading(self) -> str:
        return flat(self.tree.xpath("//h1")[0].text_content())

    @property
    def text(self) -> str:
        return flat(self.tree.text_content())

    def link(self, words: str) -> str:
        [found] = [one.get("href") for one in self.tree.xpath("//a[@href]") if words in one.text_content()]
        return str(found)


class Surfer:
    """Keeps cookies, follows where it is led, sends forms as they stand there."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "en"

    def get(self, address: str, **more: Any) -> Seen:
        return Seen(self.session.get(self._whole(address), **more))

    def send(self, page: Seen, values: Mapping[str, str], form: str = "//form") -> Seen:
        """Fill in the first form, and send it."""
        [element, *_] = page.tree.xpath(form)
        kept = {one.get("name"): one.get("value", "") for one in element.xpath(".//input[@name]")}
        action = requests.compat.urljoin(page.url, element.get("action") or page.url)
        return Seen(self.session.post(action, {**kept, **values}))

    def sign_in(self, login: str, after: str = "/") -> Seen:
        """From the portal's own page, through those of the real provider, to where that leads."""
        page = self.get(self.get(f"/sign-in?after={after}").link("Sign in with"))
        return self.at_provider(page, login)

    def at_provider(self, page: Seen, login: str) -> Seen:
        """Through its pages: who they are, whether they agree, and what a script would send on."""
        page = self.send(page, {"login": login, "password": "any"})
        while not page.url.startswith(self.home):
            page = self.send(page, {})
        return page

    def sign_out(self) -> Seen:
        """On the portal; where that leads."""
        return self.send(self.get("/"), {}, "//form[contains(@action, 'sign-out')]")

    @property
    def cookies(self) -> dict[str, str]:
        return {one.name: one.value or "" for one in self.session.cookies}

    def is_in(self) -> bool:
        return self.get("/").heading == "Your desk"

    def _whole(self, address: str) -> str:
        return address if address.startswith("http") else f"{self.home}{address}"
