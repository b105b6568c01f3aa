"""Answering what an organisation has answered."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask

from portal.law.arguments import Reply, Strength
from portal.web.words import REPLIES, STRENGTHS
from tests.building import the_catalogue
from tests.web.browsing import CLEARVIEW, Browser, Page, id_of, parts
from tests.web.conftest import AnApp

CATALOGUE = the_catalogue()
PUBLIC = "refused_publicly_available"


@pytest.fixture
def app(an_app: AnApp) -> Flask:
    return an_app()


def a_case(browser: Browser, *happened: tuple[str, str], way: str = CLEARVIEW) -> str:
    """A case in which this has happened."""
    case = id_of(browser.follow(browser.write(way)))
    for kind, day in happened:
        browser.send(browser.get(f"/cases/{case}/happened/{kind}"), {"day": parts(day)})
    return case


def answered(browser: Browser) -> str:
    return a_case(browser, ("sent", "2026-11-23"), ("received", "2026-11-23"), ("answered", "2026-11-23"))


def write(browser: Browser, case: str, reply: str = PUBLIC, argument: str = "gdpr-public") -> Page:
    page = browser.get(f"/cases/{case}/reply/{reply}")
    return browser.post(page, f"/cases/{case}/reply/{reply}/{argument}")


def test_from_what_they_did_to_a_letter_that_is_kept_changed_taken_and_sent(app: Flask) -> None:
    browser = Browser(app)
    case = answered(browser)
    page = browser.get(browser.get(f"/cases/{case}").links("Answer them")[0])
    assert page.heading == "Answer them"
    told = browser.send(page, {"reply": PUBLIC})
    assert told.heading == str(REPLIES[Reply.REFUSED_PUBLICLY_AVAILABLE])
    assert CATALOGUE.arguments["gdpr-public"].text["en"] in told.text
    letter = browser.post(told, f"/cases/{case}/reply/{PUBLIC}/gdpr-public")
    assert letter.heading == "Read your letter"
    assert "That message reached me on 23 November 2026." in letter.text
    changed = browser.send(letter, {"text": str(letter.value("text")) + "\n\nThe picture is from my school."})
    assert "The picture is from my school." in changed.text
    assert "The picture is from my school." in browser.get(f"{letter.path}/letter.txt").answer.text
    assert browser.get(f"{letter.path}/letter.pdf").answer.data.startswith(b"%PDF")
    assert "eml" in browser.get(f"{letter.path}/message.eml").answer.headers["Content-Disposition"]
    sent = browser.send(browser.get(f"/cases/{case}/happened/replied"), {"day": parts("2026-11-23")})
    assert "You wrote back and gave them two weeks." in sent.text
    assert letter.path in sent.links("My request of")


def test_the_first_letter_stays_the_first(app: Flask) -> None:
    browser = Browser(app)
    case = answered(browser)
    first = browser.get(f"/cases/{case}/letter.txt").answer.text
    for _ in range(2):
        write(browser, case)
    assert browser.get(f"/cases/{case}/letter.txt").answer.text == first
    assert len(browser.get(f"/cases/{case}").links("My request of")) == 2


def test_what_was_written_back_is_exported_and_erased_with_the_case(app: Flask) -> None:
    browser = Browser(app)
    case = answered(browser)
    letter = write(browser, case)
    archive = ZipFile(BytesIO(browser.get("/cases/export.zip").answer.data))
    assert b"your reply" in archive.read("01/letters/02/letter.txt")
    assert "01/letters/02/letter.pdf" in archive.namelist()
    assert json.loads(archive.read("01/case.json"))["status"] == "answered"
    browser.send(browser.get(f"/cases/{case}/erase"), {})
    assert browser.get(letter.path).heading == "Open your case"


def test_a_text_that_cannot_be_read_is_told_and_lost_nothing(app: Flask) -> None:
    browser = Browser(app)
    letter = write(browser, answered(browser))
    refused = browser.send(letter, {"text": "no subject, but my words"})
    assert refused.status == 422
    assert refused.errors[0].startswith("This text cannot be read")
    assert refused.value("text") == "no subject, but my words"


def test_nothing_said_is_asked_again(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get(f"/cases/{answered(browser)}/reply?sent=1")
    assert page.errors == ["Choose what they did"]


@pytest.mark.parametrize("reply", Reply)
def test_each_reply_that_the_law_answers_has_a_page_that_says_how_far_it_carries(
    everywhere_answered: tuple[Browser, str], reply: Reply
) -> None:
    browser, case = everywhere_answered
    page = browser.get(f"/cases/{case}/reply/{reply.value}")
    arguments = [one for one in CATALOGUE.replies("eu-gdpr").get(reply, ()) if not one.of_authority]
    assert page.status == (200 if arguments else 404)
    for one in arguments:
        assert str(STRENGTHS[one.strength]) in page.text
        for warning in one.warnings:
            assert warning["en"].split(".")[0] in page.text
        buttons = page.main.xpath(f".//section[@id='{one.id}']//form")
        assert bool(buttons) == (one.strength is not Strength.NONE)


@pytest.fixture(scope="module")
def everywhere_answered(a_lasting_app: AnApp) -> tuple[Browser, str]:
    browser = Browser(a_lasting_app())
    return browser, answered(browser)


@pytest.mark.parametrize(
    ("reply", "argument"),
    [("nonsense", "gdpr-public"), (PUBLIC, "nonsense"), (PUBLIC, "gdpr-no-answer"), ("no_answer", "foia-no-answer")],
)
def test_what_is_not_there_cannot_be_written(
    everywhere_answered: tuple[Browser, str], reply: str, argument: str
) -> None:
    browser, case = everywhere_answered
    page = browser.get(f"/cases/{case}/reply/{PUBLIC}")
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = browser.client.post(f"/cases/{case}/reply/{reply}/{argument}", data={"csrf_token": token})
    assert answer.status_code == 404


def test_a_letter_of_somebody_else_is_not_there(app: Flask) -> None:
    browser, other = Browser(app), Browser(app)
    letter = write(browser, answered(browser))
    mine = answered(other)
    assert other.get(letter.path).status == 404
    assert other.get(f"/cases/{mine}/letters/{letter.path.rpartition('/')[2]}").status == 404


def test_before_it_is_sent_there_is_nothing_to_answer(app: Flask) -> None:
    browser = Browser(app)
    assert browser.get(f"/cases/{a_case(browser)}").links("Answer them") == []


def test_in_french_what_is_english_is_marked(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, ("sent", "2026-11-23"), ("received", "2026-11-23"), way="/to/us-ice/records/us-il/us-foia")
    page = browser.in_french(lambda: browser.get(f"/cases/{case}/reply/no_answer"))
    assert page.main.xpath(".//p[@class='rf-argument__words']/span[@lang='en']")
    letter = browser.in_french(lambda: write(browser, case, "no_answer", "foia-no-answer"))
    assert letter.main.xpath(".//section[@class='rf-letter'][starts-with(@lang, 'en')]")
    assert "La lettre est en anglais" in letter.text


def test_in_french_an_english_letter_says_what_it_means(app: Flask) -> None:
    browser = Browser(app)
    case = answered(browser)
    letter = browser.in_french(lambda: write(browser, case))
    assert CATALOGUE.arguments["gdpr-public"].text["en"] in letter.text
    assert CATALOGUE.arguments["gdpr-public"].text["fr"].split(".")[0] in letter.text


def test_a_case_takes_no_more_letters_than_any_needs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.cases.following.MOST_LETTERS", 2)
    browser = Browser(app)
    case = answered(browser)
    assert write(browser, case).heading == "Read your letter"
    assert write(browser, case).status == 409
