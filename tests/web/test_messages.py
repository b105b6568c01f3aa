"""The thread of a case with the portal's staff, in a browser without script."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlmodel import col, select

from portal.cases import saved, thread
from portal.cases.models import CaseRow, MessageRow
from portal.cases.saved import BlankKind
from portal.cases.thread import LONGEST, Content, Message
from portal.database import reading, transaction
from portal.limits import LIMITS
from portal.vault import PublicHalf, new_pair
from tests.building import DATA, flat, the_catalogue
from tests.cases.test_saved import FITS
from tests.web.browsing import CLEARVIEW, Browser, Clock, Page, id_of, key_of, words
from tests.web.conftest import WIDE, AnApp
from tests.web.running import STAFF

MESSAGES = saved.load(DATA)
TODAY = date(2026, 11, 24)
#: What a filled blank reads as.
READS = {
    BlankKind.TEXT: {"en": "Verein Beispiel", "fr": "Verein Beispiel"},
    BlankKind.DAY: {"en": "31 January 2027", "fr": "31 janvier 2027"},
    BlankKind.ORGANISATION: {"en": "PimEyes", "fr": "PimEyes"},
    BlankKind.AUTHORITY: {
        language: the_catalogue().authorities["at-dsb"].name.get(language)
        or the_catalogue().authorities["at-dsb"].name["en"]
        for language in ("en", "fr")
    },
}


@pytest.fixture
def of_its_own(an_app: AnApp) -> Flask:
    return an_app(Clock())


@pytest.fixture
def browser(of_its_own: Flask) -> Browser:
    return Browser(of_its_own)


@pytest.fixture
def case(browser: Browser) -> str:
    """A case that this browser has open, and nobody else may read."""
    return browser.follow(browser.write(CLEARVIEW)).path


def answer(app: Flask, case: str, content: Content, staff: PublicHalf = STAFF.public) -> None:
    """What staff write: they need no key for it."""
    id_ = case.rpartition("/")[2]
    with transaction(app.extensions["rightface"].engine) as session:
        half = PublicHalf(session.get_one(CaseRow, id_).public_key)
        thread.write(session, id_, half, staff, content, from_staff=True, today=TODAY)


def for_staff(app: Flask, case: str) -> tuple[Message, ...]:
    with reading(app.extensions["rightface"].engine) as session:
        return thread.read_as_staff(session, case.rpartition("/")[2], STAFF.private)


def write(browser: Browser, case: str, text: str) -> Page:
    return browser.send(browser.get(f"{case}/messages"), {"text": text})


def said(page: Page) -> list[str]:
    """Each message with what stands above it."""
    messages = page.main.xpath(".//ol[contains(@class, 'rf-thread')]/li")
    return [" ".join(words(part) for part in one.xpath("./p")) for one in messages]


def test_what_a_person_writes_stands_there_and_staff_read_it_without_the_case(
    browser: Browser, of_its_own: Flask, case: str
) -> None:
    page = write(browser, case, "  Is this the right office?\nThey sent me away.  ")
    assert page.path == f"{case}/messages"
    assert said(page) == [
        "You, 23 November 2026, they have not seen it yet Is this the right office? They sent me away."
    ]
    [message] = for_staff(of_its_own, case)
    assert message.content == Content(text="Is this the right office?\nThey sent me away.")
    assert (message.from_staff, message.seen) == (False, False)


def test_what_staff_answer_is_told_until_it_was_read(browser: Browser, of_its_own: Flask, case: str) -> None:
    write(browser, case, "Is this the right office?")
    answer(of_its_own, case, Content(text="It is."))
    page = browser.get(case)
    assert "The portal's staff wrote to you" in page.text
    [address] = page.links("Read 1 new message")
    page = browser.get(address)
    assert said(page)[1] == "The portal's staff, 24 November 2026 New It is."
    assert "New" not in said(browser.get(address))[1]
    assert "wrote to you" not in browser.get(case).text
    assert [one.seen for one in for_staff(of_its_own, case)] == [False, True]


def test_that_staff_have_seen_it_is_told(browser: Browser, of_its_own: Flask, case: str) -> None:
    write(browser, case, "Is this the right office?")
    with transaction(of_its_own.extensions["rightface"].engine) as session:
        thread.mark_seen(session, id_of_case(case), by_staff=True)
    assert "they have seen it" in said(browser.get(f"{case}/messages"))[0]


def id_of_case(case: str) -> str:
    return case.rpartition("/")[2]


def test_of_several_cases_it_is_told_which_one_was_written_in(browser: Browser, of_its_own: Flask) -> None:
    browser.follow(browser.also(browser.write(CLEARVIEW), "pimeyes"))
    one, other = [link for link in browser.get("/cases").links() if link.count("/") == 2 and len(link) > 30]
    answer(of_its_own, one, Content(text="It is."))
    answer(of_its_own, one, Content(text="It really is."))
    page = browser.get("/cases")
    assert page.text.count("A new message of the portal's staff.") == 1
    assert browser.get(one).links("Read 2 new messages")
    assert "wrote to you" not in browser.get(other).text


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("id_", MESSAGES)
def test_a_saved_message_is_read_in_the_language_of_the_pages(
    browser: Browser, of_its_own: Flask, case: str, id_: str, language: str
) -> None:
    message = MESSAGES[id_]
    values = {name: FITS[blank.kind] for name, blank in message.blanks.items()}
    answer(of_its_own, case, Content(saved=id_, blanks=saved.filled(message, values, the_catalogue())))
    browser.language = language
    page = browser.get(f"{case}/messages")
    reads = {name: READS[blank.kind][language] for name, blank in message.blanks.items()}
    [shown] = said(page)
    assert flat(message.title[language]) in shown
    assert flat(message.text[language].format(**reads)) in shown
    for blank in message.blanks.values():
        if blank.kind in (BlankKind.ORGANISATION, BlankKind.AUTHORITY):
            [link] = page.links(READS[blank.kind][language])
            assert browser.get(link).heading == READS[blank.kind][language]


def test_a_day_in_a_message_is_read_as_the_pages_write_days(
    browser: Browser, of_its_own: Flask, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    blank = saved.Blank(kind=BlankKind.DAY, label={"en": "When?", "fr": "Quand ?"})
    words_of_it = {"title": {"en": "A day", "fr": "Un jour"}, "text": {"en": "By {day}.", "fr": "Le {day}."}}
    by_day = saved.SavedMessage(id="by-day", **words_of_it, blanks={"day": blank})
    monkeypatch.setitem(of_its_own.extensions["rightface"].saved, "by-day", by_day)
    answer(of_its_own, case, Content(saved="by-day", blanks={"day": FITS[BlankKind.DAY]}))
    assert "By 31 January 2027." in said(browser.get(f"{case}/messages"))[0]
    browser.language = "fr"
    assert "Le 31 janvier 2027." in said(browser.get(f"{case}/messages"))[0]


def test_a_message_that_cannot_be_read_breaks_no_page(browser: Browser, of_its_own: Flask, case: str) -> None:
    answer(of_its_own, case, Content(saved="nobody-knows-it"))
    write(browser, case, "What?")
    with transaction(of_its_own.extensions["rightface"].engine) as session:
        for row in session.exec(select(MessageRow).where(col(MessageRow.from_staff).is_(False))):
            row.sealed = row.for_staff
    shown = said(browser.get(f"{case}/messages"))
    assert "no longer known" in shown[0]
    assert "sealed to another key" in shown[1]


# What is not taken


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Write your message"),
        (" \n ", "Write your message"),
        ("x" * (LONGEST + 1), f"Use at most {LONGEST} characters"),
    ],
)
def test_a_message_that_cannot_be_taken_says_why_and_stays_in_its_box(
    browser: Browser, of_its_own: Flask, case: str, text: str, error: str
) -> None:
    page = write(browser, case, text)
    assert page.status == 422
    assert page.errors == [error]
    assert str(page.value("text")).strip() == text.strip()
    assert for_staff(of_its_own, case) == ()


def test_who_has_written_too_many_is_told_and_keeps_the_words(
    browser: Browser, of_its_own: Flask, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread, "MOST_MESSAGES", 1)
    write(browser, case, "One.")
    page = write(browser, case, "Two.")
    assert page.status == 422
    assert page.errors == ["You have written as many messages in this case as one may"]
    assert page.value("text") == "Two."
    assert len(for_staff(of_its_own, case)) == 1


def test_a_network_that_writes_too_often_waits(an_app: AnApp) -> None:
    app = an_app(Clock(), limits={**WIDE, "message": LIMITS["message"]})
    browser = Browser(app)
    case = browser.follow(browser.write(CLEARVIEW)).path
    page = browser.get(f"{case}/messages")
    token = page.value("csrf_token")
    statuses = [
        browser.client.post(f"{case}/messages", data={"csrf_token": token, "text": "Again."}).status_code
        for _ in range(LIMITS["message"].times + 1)
    ]
    assert statuses[-1] == 429
    assert 429 not in statuses[:-1]


def test_nobody_reads_or_writes_in_another_s_case(browser: Browser, of_its_own: Flask, case: str) -> None:
    stranger = Browser(of_its_own)
    assert stranger.get(f"{case}/messages").path == "/case-key"
    stranger.follow(stranger.write(CLEARVIEW))
    page = stranger.get("/cases")
    assert stranger.get(f"{case}/messages").status == 404
    sent = {"csrf_token": page.tree.xpath("//input[@name='csrf_token']/@value")[0], "text": "Hello."}
    assert stranger.client.post(f"{case}/messages", data=sent).status_code == 404
    assert for_staff(of_its_own, case) == ()


# With the case


def test_the_export_has_the_thread_as_it_is_read(browser: Browser, of_its_own: Flask, case: str) -> None:
    write(browser, case, "Is this the right office?")
    answer(of_its_own, case, Content(saved="other-organisation", blanks={"organisation": "pimeyes"}))
    archive = ZipFile(BytesIO(browser.get("/cases/export.zip").answer.data))
    mine, theirs = json.loads(archive.read("01/case.json"))["messages"]
    assert mine == {"by": "you", "written_on": "2026-11-23", "text": "Is this the right office?"}
    assert (theirs["by"], theirs["written_on"]) == ("staff", "2026-11-24")
    assert theirs["text"].startswith("Another organisation seems to be meant\n\nWe believe that PimEyes holds")


def test_it_is_erased_with_the_case(browser: Browser, of_its_own: Flask, case: str) -> None:
    write(browser, case, "Is this the right office?")
    browser.send(browser.get(f"{case}/erase"), {"csrf_token": browser.get(f"{case}/erase").value("csrf_token")})
    with reading(of_its_own.extensions["rightface"].engine) as session:
        assert session.exec(select(MessageRow)).all() == []


def test_it_is_backed_up_sealed_and_comes_back(
    browser: Browser, of_its_own: Flask, case: str, tmp_path: Path
) -> None:
    write(browser, case, "They want my passport.")
    run = of_its_own.test_cli_runner().invoke
    with of_its_own.app_context():
        assert run(args=["backup", str(tmp_path / "backup.zip")]).exit_code == 0
    with ZipFile(tmp_path / "backup.zip") as archive:
        assert len(archive.read("rows/messages.jsonl").splitlines()) == 1
        assert b"passport" not in b"".join(map(archive.read, archive.namelist()))
    with of_its_own.app_context():
        assert run(args=["restore", str(tmp_path / "backup.zip"), "--replace"]).exit_code == 0
    [message] = for_staff(of_its_own, case)
    assert message.content == Content(text="They want my passport.")


def test_what_was_written_is_read_when_there_is_no_staff_any_more(an_app: AnApp, tmp_path: Path) -> None:
    with_staff = an_app(instance=tmp_path)
    before = Browser(with_staff)
    key = key_of(before.file(page := before.write(CLEARVIEW)))
    case = before.post(before.get(f"/letter/{id_of(page)}/filed"), f"/letter/{id_of(page)}/kept").path
    answer(with_staff, case, Content(text="It is."), new_pair()[0])
    browser = Browser(an_app(instance=tmp_path, RIGHTFACE_STAFF_PUBLIC_KEY=""))
    page = browser.send(browser.get("/case-key"), {"key": key})
    page = browser.get(page.links("Read 1 new message")[0])
    assert "It is." in said(page)[0]
    assert "text" not in page.names()
