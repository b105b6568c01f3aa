"""A network that does too much is asked to wait."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.application import create_app
from portal.config import Config, read
from portal.database import migrate
from portal.limits import Limit
from tests.web.browsing import ALONE, CLEARVIEW, Browser, Clock, key_of
from tests.web.conftest import AnApp

TWO = {name: Limit(2, timedelta(minutes=10), "for a test") for name in ("details", "render")}


def a_portal(config: Config, clock: Clock) -> Flask:
    app = create_app(config, clock, TWO)
    migrate(app.extensions["rightface"].engine)
    return app


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Please wait a little"), ("fr", "Un peu de patience, s’il vous plaît")]
)
def test_the_third_of_two_is_told_to_wait_and_then_goes_on(tmp_path: Path, language: str, heading: str) -> None:
    clock = Clock()
    browser = Browser(a_portal(read({"RIGHTFACE_INSTANCE": str(tmp_path)}), clock), language)
    pages = [browser.write(CLEARVIEW) for _ in range(3)]
    assert [page.status for page in pages] == [200, 200, 429]
    assert pages[2].heading == heading
    assert pages[2].answer.headers["Retry-After"] == "600"
    assert "10 minutes" in pages[2].text
    clock.forward(minutes=10)
    assert browser.write(CLEARVIEW).status == 200


@pytest.mark.parametrize(("proxies", "last"), [("0", 429), ("1", 200)])
def test_a_forwarded_address_is_believed_only_from_our_proxy(tmp_path: Path, proxies: str, last: int) -> None:
    app = a_portal(read({"RIGHTFACE_INSTANCE": str(tmp_path), "RIGHTFACE_PROXIES": proxies}), Clock())
    client = app.test_client()
    address = f"/letter/{'0' * 32}/letter.pdf"
    for _ in range(2):
        client.get(address, headers={"X-Forwarded-For": "192.0.2.1"})
    answer = client.get(address, headers={"X-Forwarded-For": "198.51.100.1"})
    assert (answer.status_code == 429) is (last == 429)


# What fills in everything


@pytest.fixture
def of_its_own(an_app: AnApp) -> Browser:
    return Browser(an_app())


def test_what_fills_in_the_field_that_nobody_sees_files_nothing(of_its_own: Browser) -> None:
    address = f"{of_its_own.write(CLEARVIEW).path}/file"
    page = of_its_own.get(address)
    assert of_its_own.send(page, {"website": "https://example.org", **ALONE}).path == "/taken"
    assert of_its_own.get(address).path == address  # a person may still file it


def test_what_fills_it_in_opens_nothing_even_with_the_key(of_its_own: Browser) -> None:
    key = key_of(of_its_own.file(of_its_own.write(CLEARVIEW)))
    page = of_its_own.get("/case-key")
    assert of_its_own.send(page, {"key": key, "website": "x"}).status == 422
    assert of_its_own.send(page, {"key": key}).path.startswith("/cases/")
