"""The pages of a case."""

import pytest
from flask import Flask

from portal.cases.case_key import new_case_key, written
from tests.web.browsing import CLEARVIEW, Browser, id_of, key_of
from tests.web.conftest import AnApp


@pytest.fixture
def app(an_app: AnApp) -> Flask:
    return an_app()


TWICE = f"{written(new_case_key())} " * 4
ALTERED = written(new_case_key())[:-1] + "U"


@pytest.mark.parametrize(
    "typed", [TWICE, ALTERED, "ABC", written(new_case_key())], ids=["long", "altered", "short", "no"]
)
def test_a_key_that_opens_nothing_stands_in_no_page(app: Flask, typed: str) -> None:
    browser = Browser(app)
    page = browser.send(browser.get("/case-key"), {"key": typed})
    assert page.status == 422
    assert page.errors
    assert page.value("key") == ""
    assert typed not in page.answer.text


def test_two_tabs_that_ask_for_a_new_key_are_shown_the_same(app: Flask) -> None:
    browser = Browser(app)
    browser.follow(browser.write(CLEARVIEW))
    one, other = browser.get("/cases/new-key"), browser.get("/cases/new-key")
    first = key_of(browser.send(one, {}, do="make"))
    assert key_of(browser.send(other, {}, do="make")) == first


def test_no_copy_of_a_letter_stays_in_memory_once_its_key_is_kept(app: Flask) -> None:
    browser = Browser(app)
    page = browser.write(CLEARVIEW)
    assert browser.client.get(f"{page.path}/letter.pdf").status_code == 200
    kept = app.extensions["rightface"].printer._memory._kept
    assert len(kept) == 1
    browser.post(browser.file(page), f"/letter/{id_of(page)}/kept")
    assert not kept
