"""From a case to the authority, with what the case tells already filled in."""

import json
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from flask import Flask
from sqlmodel import col, update

from portal.cases.models import EventRow
from portal.cases.status import Decided
from portal.database import transaction
from portal.web.case_words import DECIDED
from tests.web.browsing import Browser, Clock, Page, Value, filled, parts
from tests.web.conftest import AnApp
from tests.web.test_replying import a_case, write

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


def say(browser: Browser, case: str, kind: str, **said: Value) -> Page:
    """Say in a case what has happened on the day; the page that follows."""
    return browser.send(browser.get(f"/cases/{case}/happened/{kind}"), {"day": parts(DAY), **said})


def test_the_authority_s_own_time_runs_and_then_there_is_a_court(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT)
    complaint(browser, case)
    page = say(browser, case, "complained")
    assert "The authority works on it." in page.text
    due = "the authority’s answer is due by about 23 February 2027, at least on how it stands"
    assert f"Estimated: {due}: Austrian Data Protection Authority (DSB)." in page.text
    assert "You complained to the authority: Austrian Data Protection Authority (DSB)." in page.text
    assert "We told you then: the authority’s answer is due by 23 February 2027." in page.text
    page = say(browser, case, "decided", outcome="rejected", note="In March they rang.")
    assert "The authority decided: It did not agree with you." in page.text
    assert "The next step: the court that reviews the authority" in page.text
    assert "We do not know of a time limit for it" in page.text
    assert "In March they rang." in page.text
    assert page.links("I went to court") == [f"/cases/{case}/happened/sued"]


def test_in_canada_the_federal_court_has_a_last_day(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, ("complained", DAY), way="/to/clearview-ai/access/ca-on/ca-pipeda")
    page = say(browser, case, "decided", outcome="upheld")
    assert "See that it is done; when it is, close the case." in page.text
    assert "If it names no day, look on 23 December 2026." in page.text
    assert "If they do not do what it says, or if it is not enough: the Federal Court (s. 14 PIPEDA)." in page.text
    assert "The last day for it is 23 November 2027." in page.text


def test_a_second_complaint_hides_no_last_day_of_the_first(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, ("complained", DAY), way="/to/clearview-ai/access/ca-on/ca-pipeda")
    say(browser, case, "decided", outcome="dismissed")
    page = say(browser, case, "complained")
    assert "The authority works on it." in page.text
    assert "Office of the Privacy Commissioner of Canada, decision of 23 November 2026:" in page.text
    assert "The last day for it is 23 November 2027." in page.text
    page = say(browser, case, "sued")
    assert "The last day for it is 23 November 2027." not in page.text
    assert "The authority works on it." in page.text


@pytest.mark.parametrize(("outcome", "words"), DECIDED.items())
def test_each_way_to_decide_is_said_and_leads_on(
    app: Flask, outcome: Decided, words: tuple[object, object, object]
) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, ("complained", DAY))
    assert str(words[0]) in browser.get(f"/cases/{case}/happened/decided").text
    page = say(browser, case, "decided", outcome=outcome)
    assert f"The authority decided: {words[2]}" in page.text
    assert "the court that reviews the authority" in page.text
    event = json.loads(ZipFile(BytesIO(browser.get("/cases/export.zip").answer.data)).read("01/case.json"))
    assert [event["events"][-1][name] for name in ("way", "outcome")] == ["complaint/eu-gdpr", outcome]


def test_the_number_stands_in_the_timeline_and_in_every_later_letter_to_that_authority(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT)
    first = complaint(browser, case)
    say(browser, case, "complained")
    page = say(browser, case, "registered", number="  D130.7/26 ", note="By post.")
    assert "The authority gave it a number: D130.7/26" in page.text
    assert "By post." in page.text
    assert "The authority works on it." in page.text
    later = complaint(browser, case)
    printed = browser.get(f"{later.path}/letter.txt").answer.text
    assert "Ihr Zeichen: D130.7/26" in printed
    assert "D130.7/26" in later.text
    assert "D130.7/26" not in browser.get(f"{first.path}/letter.txt").answer.text
    [reply] = {write(browser, case).path}
    assert "D130.7/26" not in browser.get(f"{reply}/letter.txt").answer.text
    kept = json.loads(ZipFile(BytesIO(browser.get("/cases/export.zip").answer.data)).read("01/case.json"))
    assert [one["number"] for one in kept["events"] if one["kind"] == "registered"] == ["D130.7/26"]
    say(browser, case, "registered", number="D130.8/26")
    assert "Ihr Zeichen: D130.8/26" in browser.get(f"{complaint(browser, case).path}/letter.txt").answer.text


RCMP = "/to/ca-rcmp/access/ca-on/ca-privacy-act"


def test_where_there_are_several_ways_the_person_says_which(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, way=RCMP)
    note = {"note": "By registered post."}
    page = say(browser, case, "complained", **note)
    assert (page.status, page.errors) == (422, ["Choose where it went"])
    assert (page.value("note"), page.value("day")) == (note["note"], parts(DAY))
    page = browser.send(page, {"way": "complaint/ca-atia"})
    assert "You complained to the authority: Office of the Information Commissioner of Canada" in page.text
    page = say(browser, case, "complained", way="complaint/ca-privacy-act")
    page = say(browser, case, "decided", outcome="rejected")
    assert page.errors == ["Choose the complaint"]
    assert page.value("outcome") == "rejected"
    page = browser.send(page, {"way": "complaint/ca-privacy-act"})
    assert "The authority works on it." in page.text  # the other one
    assert "The next step: the Federal Court (s. 41 Privacy Act)." in page.text
    assert "The last day for it is 7 January 2027." in page.text


def test_the_letter_that_was_written_last_says_where_the_complaint_went(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, way=RCMP)
    letter = complaint(browser, case, "ca-privacy-act", answer="none")
    assert browser.get(f"/cases/{case}/happened/complained").value("way") == "complaint/ca-privacy-act"
    [link] = letter.links("I complained to the authority")
    assert browser.get(link).value("way") == "complaint/ca-privacy-act"
    assert "way" not in dict(filled(browser.get(f"/cases/{case}/happened/complained?way=nowhere").form("day")))


def test_a_complaint_to_the_company_itself_counts_its_own_time(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, way="/to/clearview-ai/access/gb/uk-gdpr")
    page = say(browser, case, "complained", way="complaint/first-uk-gdpr")
    assert "Estimated: their answer is due by about 23 December 2026." in page.text
    assert "We told you then: their answer is due by 23 December 2026." in page.text
    assert page.links("The authority has decided") == []


def test_a_complaint_elsewhere_is_followed_without_a_date(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT)
    page = say(browser, case, "complained", way="elsewhere")
    assert "The authority works on it." in page.text
    assert "is due by about" not in page.text
    page = say(browser, case, "decided", outcome="rejected")
    assert "We know of no next step that this law gives." in page.text
    assert page.links("I went to court") == [f"/cases/{case}/happened/sued"]
    assert page.links("I am done with it")


def test_a_complaint_that_is_the_case_has_a_number_and_a_decision_too(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, way="/to/clearview-ai/complaint/at/eu-gdpr")
    page = browser.get(f"/cases/{case}")
    assert "The authority’s answer is due by 23 February 2027, at least on how it stands" in page.text
    assert "We told you then: the authority’s answer is due by 23 February 2027." in page.text
    say(browser, case, "registered", number="D130.7/26")
    page = say(browser, case, "decided", outcome="settled")
    assert "It ended without a decision." in page.text
    assert "D130.7/26" in page.text


@pytest.mark.parametrize("kind", ["registered", "decided", "sued"])
def test_what_belongs_to_a_complaint_cannot_be_said_before_there_is_one(app: Flask, kind: str) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT)
    assert browser.get(f"/cases/{case}/happened/{kind}").path == f"/cases/{case}"
    assert f"/cases/{case}/happened/{kind}" not in browser.get(f"/cases/{case}").links()


@pytest.mark.parametrize(
    ("kind", "said", "error"),
    [
        ("registered", {"number": ""}, "Enter the number that the authority gave it"),
        ("registered", {"number": "1" * 101}, "Use at most 100 characters"),
        ("registered", {"number": "D1", "day": ("", "", "")}, "Enter the day on which you learned the number"),
        (
            "registered",
            {"number": "D1", "day": parts("2026-11-22")},
            "That is before you sent the letter: check the day",
        ),
        ("decided", {}, "Choose how it decided"),
        ("decided", {"outcome": "upheld", "day": ("24", "11", "2026")}, "Enter a day that is not in the future"),
        ("sued", {"day": ("31", "2", "2026")}, "Enter the day on which the court got it"),
    ],
)
def test_what_is_wrong_of_a_complaint_is_told_and_loses_nothing(
    app: Flask, kind: str, said: dict[str, Value], error: str
) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, ("complained", DAY))
    page = say(browser, case, kind, **{"note": "A long story.", **said})
    assert (page.status, page.errors) == (422, [error])
    assert page.value("note") == "A long story."
    for name, value in said.items():
        assert page.value(name) == value


def test_a_day_before_the_complaint_is_told(app: Flask, clock: Clock) -> None:
    clock.forward(hours=12, minutes=50)  # ten to midnight in Vienna
    browser = Browser(app)
    case = a_case(browser, *SENT)
    clock.forward(minutes=20)
    say(browser, case, "complained", day=parts("2026-11-24"))
    page = say(browser, case, "decided", outcome="upheld")
    assert page.errors == ["That is before you complained: check the day"]


def test_a_way_that_the_law_does_not_give_is_refused(app: Flask) -> None:
    browser = Browser(app)
    page = say(browser, a_case(browser, *SENT), "complained", way="complaint/us-foia")
    assert page.status == 422


def test_an_event_from_before_ways_were_kept_is_read_as_it_was(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, ("complained", DAY))
    say(browser, case, "decided", outcome="rejected")
    with transaction(app.extensions["rightface"].engine) as session:
        session.exec(update(EventRow).where(col(EventRow.case_id) == case).values(way=None, outcome=None))
    page = browser.get(f"/cases/{case}")
    assert "The authority has decided." in page.text
    assert "If the decision is not enough: the court that reviews the authority" in page.text


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
