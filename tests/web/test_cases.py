"""The pages of a case."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.application import create_app
from portal.cases.case_key import new_case_key, written
from portal.web.house import House
from tests.web.browsing import CLEARVIEW, Browser, Page, id_of, key_of, parts
from tests.web.conftest import WIDE, AnApp


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


# What changes in the law data while a case is open

Changed = Callable[..., Browser]


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[Changed]:
    """Takes a browser to the same portal after its law data were changed: a file, and what in it is replaced."""
    made: list[House] = []

    def change(browser: Browser, file: str, old: str, new: str) -> Browser:
        house = browser.app.extensions["rightface"]
        data = tmp_path / "data"
        shutil.copytree(house.config.data, data)
        text = (data / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (data / file).write_text(text.replace(old, new), encoding="utf-8")
        app = create_app(replace(house.config, data=data), house.clock, limits=WIDE)
        made.append(app.extensions["rightface"])
        twin = browser.twin()
        twin.app, twin.client = app, app.test_client()
        twin.client._cookies = dict(browser.client._cookies or {})
        return twin

    yield change
    for house in made:
        house.printer.close()
        house.binder.close()
        house.engine.dispose()


def sent(browser: Browser, right: str = CLEARVIEW) -> Page:
    """A case whose letter they have."""
    case = id_of(browser.follow(browser.write(right)))
    for kind in ("sent", "received"):
        browser.send(browser.get(f"/cases/{case}/happened/{kind}"), {"day": parts("2026-11-23")})
    return browser.get(f"/cases/{case}")


def test_a_rule_that_is_corrected_moves_an_open_case_and_the_timeline_says_so(app: Flask, changed: Changed) -> None:
    before = sent(Browser(app))
    assert "They must answer by 23 December 2026." in before.text
    assert "corrected" not in before.text
    browser = Browser(app)
    page = sent(browser)
    after = changed(browser, "deadlines/eu-1m.toml", 'unit = "months"\nn = 1\n', 'unit = "months"\nn = 2\n')
    now = after.get(page.path)
    assert "They must answer by 25 January 2027." in now.text
    assert "We had told you 23 December 2026; their answer is due by 25 January 2027." in now.text


def test_other_law_data_that_move_no_date_are_not_spoken_of(app: Flask, changed: Changed) -> None:
    browser = Browser(app)
    page = sent(browser)
    after = changed(browser, "deadlines/uk-1m.toml", 'unit = "months"\nn = 1\n', 'unit = "months"\nn = 2\n')
    assert after.app.extensions["rightface"].catalogue.version != app.extensions["rightface"].catalogue.version
    assert "corrected" not in after.get(page.path).text


def test_the_case_of_an_organisation_that_has_ended_still_opens(app: Flask, changed: Changed) -> None:
    browser = Browser(app)
    page = sent(browser)
    added = 'id = "clearview-ai"\nended = 2026-12-01\nreplaced_by = "pimeyes"\n'
    after = changed(browser, "organisations/clearview-ai.toml", 'id = "clearview-ai"\n', added)
    assert after.get(page.path).heading == "Clearview AI"
    assert "Clearview" in after.get(f"{page.path}/letter.txt").answer.text
    offered = after.get(f"/letter/{id_of(after.write('/to/pimeyes/access/at/eu-gdpr'))}/others")
    assert "clearview-ai" not in offered.main.xpath(".//input[@name='others']/@value")


# Looking again


def test_after_a_promise_to_delete_the_person_is_told_when_to_look_again(app: Flask) -> None:
    browser = Browser(app)
    case = id_of(browser.follow(browser.write("/to/clearview-ai/erasure/at/eu-gdpr")))
    for kind in ("sent", "received", "answered"):
        assert browser.get(f"/cases/{case}/look-again.ics").status == 404
        browser.send(browser.get(f"/cases/{case}/happened/{kind}"), {"day": parts("2026-11-23")})
    page = browser.get(f"/cases/{case}")
    assert "23 February 2027, 23 May 2027, 23 November 2027" in page.text
    ics = browser.get(f"/cases/{case}/look-again.ics").answer.text
    assert [line for line in ics.splitlines() if line.startswith("DTSTART")] == [
        f"DTSTART;VALUE=DATE:{day}" for day in ("20270223", "20270523", "20271123")
    ]
    assert ics.count("SUMMARY:Look again") == 3
    assert "clearview" not in ics.casefold()
    assert len({line for line in ics.splitlines() if line.startswith("UID")}) == 3


def test_after_access_there_is_nothing_to_look_for_again(app: Flask) -> None:
    browser = Browser(app)
    page = sent(browser)
    browser.send(browser.get(f"{page.path}/happened/answered"), {"day": parts("2026-11-23")})
    assert "Look again" not in browser.get(page.path).text
