"""Who may read a case: chosen before it is filed, changed on its page, in a browser without script."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlmodel import select

from portal.cases import sharing
from portal.cases.filing import STAFF as HOLDER
from portal.cases.following import Case
from portal.cases.models import CaseRow, TaskRow, WrapRow
from portal.cases.tasks import Matter
from portal.database import reading
from tests.papers.documents import a_pdf
from tests.web.browsing import ALONE, CLEARVIEW, UNKNOWN, Browser, Clock, Page, id_of, key_of, parts
from tests.web.conftest import AnApp
from tests.web.running import STAFF

SHARED = {"readers": "staff"}
#: In which order who files is offered what.
ORDERS = {"filer": ["filer", "staff"], "staff": ["staff", "filer"]}


@pytest.fixture
def of_its_own(an_app: AnApp, tmp_path: Path) -> Flask:
    return an_app(Clock(), instance=tmp_path)


@pytest.fixture
def browser(of_its_own: Flask) -> Browser:
    return Browser(of_its_own)


def for_staff(app: Flask) -> list[Case | None]:
    """What the staff's key makes of each case."""
    with reading(app.extensions["rightface"].engine) as session:
        ids = session.exec(select(CaseRow.id).order_by(CaseRow.organisation)).all()
        return [sharing.open_for_staff(session, id_, STAFF.private) for id_ in ids]


def rows(app: Flask) -> list[CaseRow]:
    with reading(app.extensions["rightface"].engine) as session:
        return [*session.exec(select(CaseRow))]


def offered(page: Page) -> list[str]:
    return [one.get("value") for one in page.main.xpath(".//input[@name='readers']")]


def to_file(browser: Browser) -> Page:
    return browser.get(f"/letter/{id_of(browser.write(CLEARVIEW))}/file")


# Before it is filed


@pytest.mark.parametrize("first", ORDERS)
def test_what_the_portal_offers_first_comes_first_and_nothing_is_chosen(an_app: AnApp, first: str) -> None:
    page = to_file(Browser(an_app(RIGHTFACE_READERS_FIRST=first)))
    assert offered(page) == ORDERS[first]
    assert not page.main.xpath(".//input[@checked]")


def test_only_the_filer_is_offered_first_unless_it_is_said_otherwise(browser: Browser) -> None:
    assert offered(to_file(browser)) == ORDERS["filer"]


def test_who_chooses_nothing_is_asked_again_and_what_was_said_stays(browser: Browser, of_its_own: Flask) -> None:
    asked = to_file(browser)
    page = browser.send(asked, {"urgent": "y"})
    assert page.status == 422
    assert page.errors == ["Choose who may read your case"]
    assert page.value("urgent") == "y"
    assert key_of(page) == key_of(asked)
    assert rows(of_its_own) == []
    assert browser.send(page, {**SHARED}).heading == "It is filed"
    assert [row.urgent for row in rows(of_its_own)] == [True]


@pytest.mark.parametrize("value", ["everybody", "", "STAFF"])
def test_what_is_no_choice_files_nothing(browser: Browser, of_its_own: Flask, value: str) -> None:
    assert browser.send(to_file(browser), {"readers": value}).status == 422
    assert rows(of_its_own) == []


def test_for_its_filer_alone_staff_open_nothing(browser: Browser, of_its_own: Flask) -> None:
    case = browser.follow(browser.write(CLEARVIEW), **ALONE)
    assert for_staff(of_its_own) == [None]
    assert "Only you." in case.text
    assert "urgent for you" not in case.text


def test_what_is_shared_staff_read_with_their_key(browser: Browser, of_its_own: Flask) -> None:
    case = browser.follow(browser.write(CLEARVIEW), **SHARED, urgent="y")
    [found] = for_staff(of_its_own)
    assert found
    assert found.draft.details["full_name"] == "Ana Example"
    assert found.draft.case_key == ""
    assert found.made.letter.signatory == "Ana Example"
    assert "You, and the portal's staff" in case.text
    assert "You said that it is urgent for you." in case.text


def test_all_that_is_filed_together_is_shared_together(browser: Browser, of_its_own: Flask) -> None:
    browser.follow(browser.also(browser.write(CLEARVIEW), "pimeyes", "facecheck-id"), **SHARED)
    assert [case.organisation for case in for_staff(of_its_own) if case] == [
        "clearview-ai",
        "facecheck-id",
        "pimeyes",
    ]


def test_staff_read_what_comes_later_but_no_copy_of_an_identity_document(browser: Browser, of_its_own: Flask) -> None:
    case = id_of(browser.follow(browser.write(CLEARVIEW), **SHARED))
    browser.attach(case, "identity", ("passport.pdf", a_pdf()))
    browser.attach(case, "answer", ("answer.pdf", a_pdf()))
    browser.send(browser.get(f"/cases/{case}/happened/sent"), {"day": parts("2026-11-23")})
    browser.send(browser.get(f"/cases/{case}/happened/noted"), {"note": "They rang."})
    [found] = for_staff(of_its_own)
    assert found
    assert [one.name for one in found.papers] == ["answer.pdf"]
    assert "They rang." in [event.note for event in found.events]


# Afterwards


def test_it_can_be_changed_both_ways_on_the_page_of_the_case(browser: Browser, of_its_own: Flask) -> None:
    case = browser.follow(browser.write(CLEARVIEW))
    [address] = case.links("Change who may read this")
    page = browser.get(address)
    assert page.value("readers") == "filer"
    page = browser.send(page, {**SHARED, "urgent": "y"})
    assert page.path == case.path
    assert "You, and the portal's staff" in page.text
    assert for_staff(of_its_own) != [None]
    page = browser.get(address)
    assert (page.value("readers"), page.value("urgent")) == ("staff", "y")
    assert "What was read by then was read." in page.text
    page = browser.send(page, {**ALONE, "urgent": ()})
    assert "Only you." in page.text
    assert "urgent for you" not in page.text
    assert for_staff(of_its_own) == [None]
    with reading(of_its_own.extensions["rightface"].engine) as session:
        assert session.exec(select(WrapRow).where(WrapRow.holder == HOLDER)).all() == []


def test_who_has_another_case_open_changes_nothing(browser: Browser, of_its_own: Flask) -> None:
    case = browser.follow(browser.write(CLEARVIEW))
    stranger = Browser(of_its_own)
    assert stranger.get(f"{case.path}/readers").path == "/case-key"
    stranger.follow(stranger.write(CLEARVIEW))
    assert stranger.get(f"{case.path}/readers").status == 404


def test_what_was_taken_back_no_backup_brings_back(browser: Browser, of_its_own: Flask, tmp_path: Path) -> None:
    case = browser.follow(browser.write(CLEARVIEW), **SHARED)
    run = of_its_own.test_cli_runner().invoke
    with of_its_own.app_context():
        assert run(args=["backup", str(tmp_path / "backup.zip")]).exit_code == 0
    browser.send(browser.get(f"{case.path}/readers"), ALONE)
    with of_its_own.app_context():
        assert run(args=["restore", str(tmp_path / "backup.zip"), "--replace"]).exit_code == 0
    assert len(rows(of_its_own)) == 1
    assert for_staff(of_its_own) == [None]


@pytest.mark.parametrize("chosen", [ALONE, SHARED], ids=["alone", "shared"])
def test_the_export_says_who_may_read_it(browser: Browser, chosen: dict[str, str]) -> None:
    browser.follow(browser.write(CLEARVIEW), **chosen)
    archive = ZipFile(BytesIO(browser.get("/cases/export.zip").answer.data))
    told = json.loads(archive.read("01/case.json"))
    assert (told["staff_may_read"], told["urgent"]) == (chosen == SHARED, False)


# Where there is no staff


def test_without_staff_nothing_is_asked_and_nothing_offered(an_app: AnApp) -> None:
    app = an_app(RIGHTFACE_STAFF_PUBLIC_KEY="")
    browser = Browser(app)
    page = browser.write(CLEARVIEW)
    assert "staff" not in browser.get(f"/letter/{id_of(page)}/file").text.lower()
    case = browser.follow(page)
    assert "staff" not in case.text.lower()
    for part in ("readers", "messages"):
        assert browser.get(f"{case.path}/{part}").status == 404
    assert [row.urgent for row in rows(app)] == [False]


def test_what_was_shared_can_be_taken_back_when_there_is_no_staff_any_more(an_app: AnApp, tmp_path: Path) -> None:
    before = Browser(an_app(instance=tmp_path))
    key = key_of(before.file(before.write(CLEARVIEW), **SHARED))
    after = an_app(instance=tmp_path, RIGHTFACE_STAFF_PUBLIC_KEY="")
    browser = Browser(after)
    case = browser.send(browser.get("/case-key"), {"key": key})
    page = browser.send(browser.get(f"{case.path}/readers"), ALONE)
    assert page.path == case.path
    assert for_staff(after) == [None]
    assert browser.get(f"{case.path}/readers").status == 404


# An organisation that nobody knows


def proposed(app: Flask) -> int:
    with reading(app.extensions["rightface"].engine) as session:
        return len(session.exec(select(TaskRow).where(TaskRow.matter == Matter.PROPOSED.value)).all())


def test_an_organisation_is_proposed_for_the_list_where_the_person_wants_it(browser: Browser) -> None:
    known = browser.write(CLEARVIEW)
    assert "propose" not in browser.get(f"/letter/{id_of(known)}/file").names()
    browser.file(browser.write(UNKNOWN))
    assert proposed(browser.app) == 0
    browser.file(browser.write(UNKNOWN), propose="y")
    assert proposed(browser.app) == 1
