"""From a case to the authority, with what the case tells already filled in."""

from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from tests.web.browsing import Browser, Clock, Page, parts
from tests.web.conftest import AnApp
from tests.web.test_replying import a_case

DAY = "2026-11-23"
SENT = (("sent", DAY), ("received", DAY))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(an_app: AnApp, clock: Clock) -> Flask:
    return an_app(clock)


def complaint(browser: Browser, case: str, way: str = "eu-gdpr", **changed: str) -> Page:
    """The letter to the authority, from what the case tells."""
    page = browser.get(f"/cases/{case}/complain/complaint/{way}")
    learned = {"known_on": parts(DAY)} if "known_on" in page.names() else {}
    return browser.send(page, {"address": "1 Sample Street\n1010 Sampletown", **learned, **changed})


def test_what_the_case_tells_is_filled_in(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT)
    page = browser.get(f"/cases/{case}/complain")
    assert "Austrian Data Protection Authority" in page.text
    assert "Not yet: from 24 December 2026 on, if they have not answered." in page.text
    form = browser.get(page.links("Write this letter")[0])
    assert form.value("full_name") == "Ana Example"
    assert form.value("answer") == "none"
    assert form.value("request_sent_on") == form.value("received_on") == parts(DAY)


def test_a_complaint_is_written_in_the_authority_s_language_and_kept_in_the_case(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT)
    letter = complaint(browser, case)
    assert letter.heading == "Read your letter"
    text = browser.get(f"{letter.path}/letter.txt").answer.text
    assert "Datenschutzbehörde" in text
    assert "DSGVO" in text
    assert "23. November 2026" in text
    assert pikepdf.open(BytesIO(browser.get(f"{letter.path}/letter.pdf").answer.data)).Root.Lang == "de-AT"
    assert pikepdf.open(BytesIO(browser.get(f"{letter.path}/reading-copy.pdf").answer.data))
    assert browser.get(f"{letter.path}/cover.pdf").status == 404
    assert "barichgasse" in letter.text.casefold()
    assert browser.get(f"/cases/{case}").links("Beschwerde")


def test_the_day_on_which_the_person_learned_of_it_is_that_of_their_answer(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, ("answered", DAY))
    assert browser.get(f"/cases/{case}/complain/complaint/eu-gdpr").value("known_on") == parts(DAY)


@pytest.mark.parametrize(
    ("place", "language", "tag", "word"), [("pl", "pl", "pl", "Skarga"), ("no", "no", "nb", "Klage")]
)
def test_a_draft_in_the_authority_s_language_is_there_for_who_chooses_it(
    app: Flask, place: str, language: str, tag: str, word: str
) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, way=f"/to/clearview-ai/access/{place}/eu-gdpr")
    form = browser.get(f"/cases/{case}/complain/complaint/eu-gdpr")
    assert form.value("language") == "en"
    assert "as a draft: no lawyer who writes it has read its words yet" in form.text
    letter = complaint(browser, case, language=language)
    assert "This is a draft in" in letter.text
    assert browser.get(f"{letter.path}/letter.txt").answer.text.find(word) >= 0
    assert str(pikepdf.open(BytesIO(browser.get(f"{letter.path}/letter.pdf").answer.data)).Root.Lang) == tag
    dossier = pikepdf.open(BytesIO(browser.get(f"{letter.path}/dossier.pdf").answer.data))
    assert str(dossier.Root.Lang) == tag


def test_an_authority_whose_language_is_not_settled_yet_gets_a_cover(app: Flask) -> None:
    browser = Browser(app)
    letter = complaint(browser, a_case(browser, *SENT, way="/to/clearview-ai/access/pl/eu-gdpr"))
    assert "This is a draft" not in letter.text
    assert browser.get(f"{letter.path}/cover.pdf").answer.data.startswith(b"%PDF")
    assert "Warszawa" in browser.get(f"{letter.path}/letter.txt").answer.text


def test_what_they_answered_is_asked_where_they_did(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, ("answered", DAY))
    page = browser.get(f"/cases/{case}/complain/complaint/eu-gdpr")
    refused = browser.send(page, {"address": "1 Sample Street"})
    assert refused.status == 422
    letter = complaint(browser, case, answer="refused")
    assert letter.heading == "Read your letter"


def test_the_authority_s_own_time_runs_and_then_there_is_a_court(app: Flask, clock: Clock) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT)
    complaint(browser, case)
    page = browser.send(browser.get(f"/cases/{case}/happened/complained"), {"day": parts(DAY)})
    assert "The authority works on it." in page.text
    assert "it must tell you by about 23 February 2027 how it stands" in page.text
    page = browser.send(browser.get(f"/cases/{case}/happened/decided"), {"day": parts(DAY), "note": "DSB-D1/26"})
    assert "The authority has decided." in page.text
    assert "the court that reviews the authority" in page.text
    assert "We do not know of a time limit for it" in page.text
    assert "DSB-D1/26" in page.text


def test_in_canada_the_federal_court_has_a_last_day(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, way="/to/clearview-ai/access/ca-on/ca-pipeda")
    for kind in ("complained", "decided"):
        browser.send(browser.get(f"/cases/{case}/happened/{kind}"), {"day": parts(DAY)})
    page = browser.get(f"/cases/{case}")
    assert "the Federal Court (s. 14 PIPEDA)" in page.text
    assert "The last day for it is 23 November 2027." in page.text


@pytest.mark.parametrize("address", ["complaint/us-foia", "erasure/eu-gdpr", "complaint/voluntary"])
def test_a_way_that_the_case_does_not_have_has_no_page(app: Flask, address: str) -> None:
    browser = Browser(app)
    assert browser.get(f"/cases/{a_case(browser, *SENT)}/complain/{address}").status == 404


def test_another_s_case_has_no_complaint(app: Flask) -> None:
    browser, other = Browser(app), Browser(app)
    case = a_case(browser, *SENT)
    a_case(other, *SENT)
    assert other.get(f"/cases/{case}/complain").status == 404
    assert other.get(f"/cases/{case}/complain/complaint/eu-gdpr").status == 404


def test_bad_input_gets_a_sentence_and_loses_nothing(app: Flask) -> None:
    browser = Browser(app)
    page = complaint(browser, a_case(browser, *SENT), full_name="", facts="My own words.")
    assert page.status == 422
    assert page.errors == ["Enter your full name"]
    assert page.value("facts") == "My own words."
