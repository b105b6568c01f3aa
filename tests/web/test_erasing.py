"""A person erases what they filed, and takes all of it along."""

import json
import logging
import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlmodel import select

from portal.cases import filing
from portal.cases.case_key import new_case_key, written
from portal.cases.clock import KEPT_AFTER
from portal.cases.drafts import Draft
from portal.cases.filing import ToFile
from portal.cases.models import LetterRow, WrapRow
from portal.database import transaction
from portal.letters.kept import Made
from portal.letters.printer import NotRendered
from portal.web import cases, shapes, zips
from portal.web.streaming import BrokenOff
from tests.building import DETAILS, TODAY, a_letter, a_situation
from tests.web.browsing import CLEARVIEW, START, Browser, Clock, Page
from tests.web.browsing import parts as parts_of
from tests.web.conftest import AnApp
from tests.web.samples import POLISH
from tests.web.test_forgetting import a_case, left, parts

#: All that is left of two cases without papers when one is gone.
ONE_OF_TWO = {"filings": 1, "cases": 1, "wraps": 1, "letters": 1, "events": 1, "case_sessions": 1}


def two_cases(app: Flask) -> str:
    """What is filed to two organisations with one key; the key as it is written."""
    key = new_case_key()
    letters = [
        ToFile(
            Draft("at", one, "access", "eu-gdpr", details=DETAILS, case_key=key),
            Made(a_letter(a_situation("at", one))),
            TODAY + KEPT_AFTER,
        )
        for one in ("clearview-ai", "pimeyes")
    ]
    with transaction(parts(app).engine) as session:
        filing.keep(session, filing.prepared(key, parts(app).config.lookup_key, letters, TODAY, "v1"))
    return written(key)


def enter(browser: Browser, key: str) -> Page:
    return browser.send(browser.get("/case-key"), {"key": key})


@pytest.fixture
def own(an_app: AnApp) -> Browser:
    """A browser, and a portal that nobody else uses."""
    return Browser(an_app())


# Erasing


def test_a_person_erases_their_only_case_and_nothing_is_left(own: Browser) -> None:
    case = a_case(own)
    page = own.get(own.get(f"/cases/{case}").links("Erase this case")[0])
    assert page.heading == "Erase this case?"
    assert "Nobody can bring it back" in page.text
    gone = own.send(page, {})
    assert (gone.path, gone.heading, gone.links("other cases")) == ("/erased", "It is gone", [])
    assert left(own.app) == {}
    assert parts(own.app).config.case_cookie not in own.cookies()
    assert own.get(f"/cases/{case}").heading == "Open your case"


def test_of_two_cases_one_is_erased_and_the_other_stays_open(own: Browser) -> None:
    key = two_cases(own.app)
    first, second = enter(own, key).links("Clearview")[0], own.get("/cases").links("PimEyes")[0]
    page = own.get(f"{first}/erase")
    assert "Clearview AI" in page.main.text_content()
    assert "Your key opens nothing any more" not in page.text
    gone = own.send(page, {})
    assert left(own.app) == ONE_OF_TWO
    assert own.get(gone.links("other cases")[0]).path == second
    assert own.get(first).status == 404


def test_everything_goes_at_once(own: Browser) -> None:
    enter(own, two_cases(own.app))
    page = own.get(own.get("/cases").links("Erase everything")[0])
    assert page.heading == "Erase everything?"
    for said in ("Clearview AI", "PimEyes", "Your key opens nothing any more"):
        assert said in page.text
    assert own.send(page, {}).heading == "It is gone"
    assert left(own.app) == {}


def test_pressed_twice_it_is_erased_once(own: Browser) -> None:
    first = enter(own, two_cases(own.app)).links("Clearview")[0]
    page = own.get(f"{first}/erase")
    assert [own.send(page, {}).heading for _ in range(2)] == ["It is gone"] * 2
    assert left(own.app) == ONE_OF_TWO


@pytest.mark.sqlite
def test_what_is_erased_is_in_none_of_the_database_s_files(own: Browser) -> None:
    case = a_case(own)
    house = parts(own.app)
    with transaction(house.engine) as session:
        sealed = [session.exec(select(column)).all()[0][:64] for column in (WrapRow.wrapped, LetterRow.sealed)]
    folder = Path(house.engine.url.database or "").parent

    def kept() -> list[bytes]:
        files = b"".join(path.read_bytes() for path in folder.glob("rightface.sqlite*"))
        return [one for one in sealed if one in files]

    assert kept() == sealed
    own.send(own.get(f"/cases/{case}/erase"), {})
    assert kept() == []


def test_a_case_that_another_tab_erases_in_the_same_moment_is_gone(
    own: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(own)
    page, erase = own.get(f"/cases/{case}/happened/sent"), own.get(f"/cases/{case}/erase")
    twin = own.twin()
    monkeypatch.setattr(cases.following, "check", lambda *_: twin.send(erase, {}))
    late = own.send(page, {"day": parts_of("2026-11-23")})
    assert (late.status, late.heading) == (404, "This page has been open for too long")
    assert left(own.app) == {}


def test_nobody_erases_what_is_somebody_elses(own: Browser) -> None:
    case = a_case(own)
    before = left(own.app)
    other = Browser(own.app)
    mine = other.follow(other.write(CLEARVIEW)).path
    page = other.get(f"{mine}/erase")
    assert other.get(f"/cases/{case}/erase").status == 404
    other.client.post(f"/cases/{case}/erase", data={"csrf_token": page.value("csrf_token")})
    assert own.get(f"/cases/{case}").status == 200
    assert left(own.app) == {name: n * 2 if name not in ("papers", "files") else n for name, n in before.items()}


@pytest.mark.parametrize("address", ["{case}/erase", "/cases/erase"])
def test_nothing_is_erased_by_looking_or_without_a_case_open(own: Browser, address: str) -> None:
    case = f"/cases/{a_case(own)}"
    before = left(own.app)
    own.get(address.format(case=case))
    stranger = Browser(own.app)
    assert stranger.get(address.format(case=case)).heading == "Open your case"
    own.client.post(address.format(case=case))
    assert left(own.app) == before


def test_a_key_that_is_wrong_expired_or_erased_gets_the_same_answer(an_app: AnApp) -> None:
    clock = Clock()
    app = an_app(clock)
    expired, erased = two_cases(app), two_cases(app)
    browser = Browser(app)
    enter(browser, erased)
    browser.send(browser.get("/cases/erase"), {})
    clock.now = datetime.combine(TODAY + KEPT_AFTER, START.timetz())
    asked = Browser(app)
    answers = [enter(asked, key).answer for key in (written(new_case_key()), expired, erased)]
    told = {(answer.status_code, without_chance(answer.text), str(sorted(answer.headers))) for answer in answers}
    assert len(told) == 1
    assert "This key opens nothing" in answers[0].text


def without_chance(text: str) -> str:
    """A page but for what is drawn anew for each answer."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", text)


# Taking it along


def exported(browser: Browser) -> dict[str, bytes]:
    page = browser.get("/cases/export.zip")
    assert page.answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in page.answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(BytesIO(page.answer.data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_export_holds_each_case_as_data_and_each_letter_in_all_its_shapes(own: Browser) -> None:
    enter(own, two_cases(own.app))
    files = exported(own)
    shapes = ["letter.pdf", "letter.txt", "message.eml"]
    assert [*files] == [f"{n}/{name}" for n in ("01", "02") for name in ("case.json", *shapes)]
    case = json.loads(files["02/case.json"])
    assert (case["organisation"], case["right"], case["law"]) == ("pimeyes", "access", "eu-gdpr")
    assert case["written_with"]["details"]["full_name"] == "Ana Example"
    assert case["letter"]["signatory"] == "Ana Example"
    assert case["letter"]["body"].startswith("=== subject\nRequest")
    assert str(pikepdf.open(BytesIO(files["02/letter.pdf"])).Root.Lang) == "en"


def test_the_export_tells_what_happened_and_how_the_date_was_counted(own: Browser) -> None:
    page = own.follow(own.write(CLEARVIEW))
    own.send(own.get(f"{page.path}/happened/sent"), {"day": ("23", "11", "2026")})
    own.send(own.get(f"{page.path}/happened/noted"), {"note": "They rang me up."})
    case = json.loads(exported(own)["01/case.json"])
    assert [event["kind"] for event in case["events"]] == ["filed", "sent", "noted"]
    assert case["events"][1]["due_date_told_then"] == case["answer_due"]["day"] == "2026-12-23"
    assert "2026" in case["answer_due"]["counted"]
    assert case["events"][2]["note"] == "They rang me up."


def test_the_cover_and_the_copy_to_read_are_in_it(own: Browser) -> None:
    own.in_french(lambda: own.follow(own.write(POLISH)))
    assert {"01/cover.pdf", "01/reading-copy.pdf"} <= {*exported(own)}


def test_no_key_is_in_it_and_no_name_in_a_name(own: Browser) -> None:
    key = two_cases(own.app)
    enter(own, key)
    files = exported(own)
    whole = b"".join(files.values())
    assert key.encode() not in whole
    assert key.replace("-", "")[:-1].encode() not in whole
    assert not any("clearview" in name.casefold() for name in files)


def test_a_letter_that_cannot_be_set_now_is_told_and_the_rest_is_there(
    own: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(own, two_cases(own.app))

    def busy(*_: object) -> bytes:
        raise NotRendered("Many letters are being set at the moment. Please try again in a minute.")

    monkeypatch.setattr(parts(own.app).printer.__class__, "pdf", busy)
    files = exported(own)
    assert files["01/letter.pdf.missing.txt"].startswith(b"Many letters are being set")
    assert "02/letter.txt" in files


def test_what_breaks_in_the_middle_says_nothing_of_the_person(
    own: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    enter(own, two_cases(own.app))
    caplog.set_level(logging.DEBUG)

    def breaks(*_: object) -> str:
        raise ValueError("cannot write Ana Example")

    monkeypatch.setattr(shapes, "shaped", breaks)
    with pytest.raises(BrokenOff) as broken:
        _ = own.get("/cases/export.zip").answer.data
    assert broken.value.__suppress_context__
    assert "ValueError at" in caplog.text
    assert "Ana" not in caplog.text


def test_a_zip_comes_piece_by_piece() -> None:
    begun: list[int] = []

    def members() -> object:
        for n in range(3):
            begun.append(n)
            yield f"{n}", b"x" * 1_000

    pieces = zips.zipped(members(), datetime.now(UTC))  # type: ignore[arg-type]
    first = next(pieces)
    assert begun == [0]
    archive = zipfile.ZipFile(BytesIO(first + b"".join(pieces)))
    assert archive.namelist() == ["0", "1", "2"]
    assert archive.testzip() is None
