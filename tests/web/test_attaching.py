"""Files attached to a case, in a browser without script."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask

from portal.cases import attaching
from tests.papers.documents import a_pdf, javascript, of_root
from tests.papers.pictures import an_exif, saved
from tests.web.browsing import CLEARVIEW, Browser, Clock, Page, id_of, papers_of, parts, token
from tests.web.conftest import AnApp


@pytest.fixture
def a_clock() -> Clock:
    return Clock()


@pytest.fixture
def of_its_own(an_app: AnApp, a_clock: Clock, tmp_path: Path) -> Flask:
    return an_app(a_clock, instance=tmp_path)


@pytest.fixture
def browser(of_its_own: Flask) -> Browser:
    return Browser(of_its_own)


@pytest.fixture
def case(browser: Browser) -> str:
    """A case that this browser has open."""
    return id_of(browser.follow(browser.write(CLEARVIEW)))


def files_in(app: Flask) -> set[str]:
    found: set[str] = app.extensions["rightface"].files.ids()
    return found


def got(browser: Browser, address: str) -> tuple[str, bytes]:
    """A file, with the header that says how a browser may treat it."""
    answer = browser.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.headers["Content-Disposition"], answer.data


def test_a_pdf_comes_back_as_it_was_and_lies_sealed(browser: Browser, case: str, tmp_path: Path) -> None:
    pdf = a_pdf()
    page = browser.attach(case, "answer", ("Antwort vom 3.12.pdf", pdf))
    assert "Antwort vom 3.12.pdf" in page.text
    assert "Their answer" in page.text
    [address] = papers_of(page)
    disposition, content = got(browser, address)
    assert content == pdf
    assert disposition.startswith("attachment")
    [file] = (tmp_path / "files").iterdir()
    assert pdf[:64] not in file.read_bytes()
    assert len(file.read_bytes()) % 4_096 < 100  # padded


def test_a_photo_comes_back_without_what_it_says_of_place_and_time(browser: Browser, case: str) -> None:
    page = browser.attach(case, "sent", ("receipt.jpg", saved(exif=an_exif())))
    _, content = got(browser, papers_of(page)[0])
    assert content.startswith(b"\xff\xd8")
    assert b"Exif" not in content


def test_several_files_are_attached_at_once_or_none(browser: Browser, case: str, of_its_own: Flask) -> None:
    page = browser.attach(
        case, "answer", ("one.pdf", a_pdf()), ("two.pdf", a_pdf(of_root("/OpenAction", javascript)))
    )
    assert page.status == 422
    assert page.errors
    assert files_in(of_its_own) == set()
    page = browser.attach(case, "answer", ("one.pdf", a_pdf()), ("two.jpg", saved()))
    assert len(papers_of(page)) == len(files_in(of_its_own)) == 2


@pytest.mark.parametrize(
    ("shows", "files", "error"),
    [
        ("", [("one.pdf", a_pdf())], "Choose what the files show"),
        ("nothing", [("one.pdf", a_pdf())], "Not a valid choice"),
        ("answer", [], "Choose a file"),
        ("answer", [("one.pdf", b"")], "one.pdf: This file is empty."),
        ("answer", [("page.html", b"<html>")], "page.html: We take photos"),
    ],
)
def test_what_is_not_taken_is_told(
    browser: Browser, case: str, of_its_own: Flask, shows: str, files: list[tuple[str, bytes]], error: str
) -> None:
    page = browser.attach(case, shows, *files)
    assert page.status == 422
    assert [one for one in page.errors if one.startswith(error)]
    assert files_in(of_its_own) == set()


def test_a_case_has_only_so_many_files(
    browser: Browser, case: str, of_its_own: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_PAPERS", 2)
    page = browser.attach(case, "answer", *((f"{n}.pdf", a_pdf()) for n in range(3)))
    assert page.errors == ["This case has as many files as it may have: erase some that you no longer need"]
    assert files_in(of_its_own) == set()


def test_a_file_is_erased(browser: Browser, case: str, of_its_own: Flask) -> None:
    page = browser.attach(case, "answer", ("one.pdf", a_pdf()), ("two.pdf", a_pdf()))
    first, second = papers_of(page)
    page = browser.post(page, f"{first}/erase")
    assert papers_of(page) == [second]
    assert browser.get(first).status == 404
    assert len(files_in(of_its_own)) == 1


def test_the_files_go_with_the_case(browser: Browser, case: str, of_its_own: Flask) -> None:
    browser.attach(case, "answer", ("one.pdf", a_pdf()))
    page = browser.get(f"/cases/{case}/erase")
    browser.send(page, {"csrf_token": token(page)})
    assert files_in(of_its_own) == set()


def test_a_file_of_somebody_else_is_not_there(browser: Browser, case: str, of_its_own: Flask) -> None:
    [address] = papers_of(browser.attach(case, "answer", ("one.pdf", a_pdf())))
    stranger = Browser(of_its_own)
    theirs = id_of(stranger.follow(stranger.write(CLEARVIEW)))
    assert stranger.get(address).status == 404
    assert stranger.get(address.replace(case, theirs)).status == 404


# A copy of an identity document


def an_identity(browser: Browser, case: str) -> Page:
    return browser.attach(case, "identity", ("passport.pdf", a_pdf()))


def test_a_copy_of_a_document_says_when_it_goes(browser: Browser, case: str) -> None:
    assert "We delete it on 23 December 2026" in an_identity(browser, case).text


def test_it_goes_when_the_letter_is_sent(browser: Browser, case: str, of_its_own: Flask) -> None:
    browser.attach(case, "answer", ("kept.pdf", a_pdf()))
    an_identity(browser, case)
    page = browser.send(browser.get(f"/cases/{case}/happened/sent"), {"day": parts("2026-11-23")})
    assert "passport" not in page.text
    assert "kept.pdf" in page.text
    assert len(files_in(of_its_own)) == 1


def test_it_goes_after_thirty_days(browser: Browser, case: str, of_its_own: Flask, a_clock: Clock) -> None:
    an_identity(browser, case)
    a_clock.forward(days=29)
    Browser(of_its_own).get("/")
    assert len(files_in(of_its_own)) == 1
    a_clock.forward(days=1)
    Browser(of_its_own).get("/")
    assert files_in(of_its_own) == set()


# Everything


def test_the_export_holds_the_files(browser: Browser, case: str) -> None:
    pdf = a_pdf()
    browser.attach(case, "answer", ("one.pdf", pdf))
    archive = ZipFile(BytesIO(browser.client.get("/cases/export.zip").data))
    assert archive.testzip() is None
    assert archive.read("01/papers/01-one.pdf") == pdf
