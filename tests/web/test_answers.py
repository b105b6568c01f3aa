"""What a person says about an answer, and about a face that is there again: asked, never in the way, and kept."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlmodel import col, select

from portal.cases.models import EventRow
from portal.cases.status import REFUSALS, Answer, Kind
from portal.database import reading
from portal.law.arguments import Reply
from portal.web.case_words import ANSWERS
from tests.web.browsing import CLEARVIEW, Browser, Page, id_of, parts, words
from tests.web.conftest import AnApp

ERASURE = "/to/clearview-ai/erasure/at/eu-gdpr"
COMPLAINT = "/to/clearview-ai/complaint/at/eu-gdpr"
DAY = parts("2026-11-23")


@pytest.fixture(scope="module")
def app(a_lasting_app: AnApp) -> Flask:
    return a_lasting_app()


@pytest.fixture(scope="module")
def browser(app: Flask) -> Browser:
    return Browser(app)


def a_case(browser: Browser, *kinds: str, way: str = CLEARVIEW) -> str:
    """The address of a case in which this has happened."""
    address = f"/cases/{id_of(browser.follow(browser.write(way)))}"
    for kind in kinds:
        page = browser.get(f"{address}/happened/{kind}")
        assert browser.send(page, {"day": DAY} if "day" in page.names() else {}).path == address
    return address


@pytest.fixture(scope="module")
def case(browser: Browser) -> str:
    """A request that was sent; each test says anew what came of it, as the last word counts."""
    return a_case(browser, "sent")


def said(app: Flask, case: str) -> tuple[str | None, str | None]:
    """How they answered and why they refused, as it was said last."""
    with reading(app.extensions["rightface"].engine) as session:
        mine = col(EventRow.case_id) == case.rpartition("/")[2], col(EventRow.kind) == Kind.ANSWERED.value
        row = session.exec(select(EventRow).where(*mine).order_by(col(EventRow.n).desc())).first()
        assert row
        return row.answer, row.ground


def answer(browser: Browser, case: str, **told: str) -> Page:
    return browser.send(browser.get(f"{case}/happened/answered"), {"day": DAY, "answer": "", "ground": "", **told})


def timeline(page: Page) -> list[str]:
    return [words(one) for one in page.main.xpath(".//ol[@class='rf-timeline']/li/p[2]")]


def test_how_they_answered_need_not_be_said(app: Flask, browser: Browser, case: str) -> None:
    page = browser.get(f"{case}/happened/answered")
    assert "counts of what organisations do, which name nobody" in page.text
    assert "/record/method" in page.links()
    assert page.value("answer") == ""
    page = answer(browser, case)
    assert said(app, case) == (None, None)
    assert timeline(page)[-1] == "They answered"


@pytest.mark.parametrize("how", Answer)
def test_how_they_answered_stands_in_the_timeline_and_is_counted(
    app: Flask, browser: Browser, case: str, how: Answer
) -> None:
    page = answer(browser, case, answer=how.value, ground=Reply.GLOMAR.value)
    assert said(app, case) == (how.value, Reply.GLOMAR.value if how is Answer.REFUSED else None)
    assert str(ANSWERS[how][2]) in timeline(page)[-1]


def test_a_reason_stands_beside_the_refusal(browser: Browser, case: str) -> None:
    page = answer(browser, case, answer="refused", ground="refused_publicly_available")
    assert timeline(page)[-1] == "They answered: They refused. They say that your photos are public."


def test_only_reasons_are_offered_that_fit_the_law(browser: Browser, case: str) -> None:
    page = browser.get(f"{case}/happened/answered")
    offered = page.main.xpath(".//input[@name='ground']/@value")
    assert offered[-1] == ""  # another reason
    assert offered[:-1] == [one.value for one in REFUSALS if one.value in offered]
    assert "no_erasure_right" in offered
    assert answer(browser, case, answer="refused", ground="no_answer").status == 422


def test_what_was_said_before_stands_in_the_form_and_can_be_put_right(
    app: Flask, browser: Browser, case: str
) -> None:
    answer(browser, case, answer="partly")
    page = browser.get(f"{case}/happened/answered")
    assert (page.value("answer"), page.value("day")) == ("partly", ("23", "11", "2026"))
    browser.send(page, {"answer": "unclear"})
    assert said(app, case) == ("unclear", None)


@pytest.mark.parametrize(
    ("reply", "how", "ground"),
    [
        ("refused_publicly_available", "refused", "refused_publicly_available"),
        ("says_no_data", "nothing_held", ""),
        ("partial_answer", "partly", ""),
    ],
)
def test_the_page_of_a_reply_leads_to_saying_so(
    app: Flask, browser: Browser, case: str, reply: str, how: str, ground: str
) -> None:
    [link] = browser.get(f"{case}/reply/{reply}").links("Say that they answered so")
    page = browser.get(link)
    assert (page.value("answer"), page.value("ground")) == (how, ground)
    browser.send(page, {"day": DAY})
    assert said(app, case) == (how, ground or None)
    assert browser.get(f"{case}/reply/{reply}").links("Say that") == []


def test_what_is_no_answer_leads_nowhere(browser: Browser, case: str) -> None:
    answer(browser, case)
    assert browser.get(f"{case}/reply/no_answer").links("Say that") == []
    assert browser.get(f"{case}/happened/answered?answer=x&ground=y").value("answer") == ""


def test_it_is_not_asked_how_an_authority_answered(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get(f"{a_case(browser, 'sent', way=COMPLAINT)}/happened/answered")
    assert "answer" not in page.names()


# Found again


@pytest.fixture
def own(app: Flask) -> Browser:
    return Browser(app)


def test_a_face_that_is_there_again_is_said_where_one_looks_again(own: Browser) -> None:
    case = a_case(own, "sent", "answered", way=ERASURE)
    [link, *_] = own.get(case).links("My face is there again")
    told = own.get(f"{case}/reply/found_again")
    assert told.links("Say that it is there again") == [link]
    page = own.get(link)
    assert "Keep a picture of the page" in page.text
    page = own.send(page, {"day": DAY, "note": "On the second page."})
    assert timeline(page)[-1] == "Your face was there again"
    assert "Your face is there again, after they answered." in page.text
    assert page.links("Write to them again") == [f"{case}/reply/found_again"]
    assert f"{case}/complain" in page.links("Complain to the authority")
    again = own.get(f"{case}/reply/found_again")
    assert again.links("Say that") == []
    assert own.post(again, f"{case}/reply/found_again/gdpr-found-again").heading == "Read your letter"
    assert _exported(own)[-2:] == [("answered", None, None), ("found_again", None, None)]


def _exported(browser: Browser) -> list[tuple[str, str | None, str | None]]:
    with ZipFile(BytesIO(browser.client.get("/cases/export.zip").data)) as file:
        events = json.loads(file.read("01/case.json"))["events"]
    return [(one["kind"], one["answer"], one["ground"]) for one in events]


def test_a_closed_case_opens_again_with_it(own: Browser) -> None:
    case = a_case(own, "sent", "answered", "closed", way=ERASURE)
    assert f"{case}/happened/found_again" in own.get(case).links("My face is there again")
    page = own.send(own.get(f"{case}/happened/found_again"), {"day": DAY})
    assert page.links("Write to them again")


@pytest.mark.parametrize(("kinds", "way"), [(("sent", "closed"), ERASURE), (("sent", "answered"), CLEARVIEW)])
def test_it_is_offered_only_where_the_face_should_be_gone(own: Browser, kinds: tuple[str, ...], way: str) -> None:
    case = a_case(own, *kinds, way=way)
    assert own.get(case).links("My face is there again") == []
    assert own.get(f"{case}/happened/found_again").path == case
