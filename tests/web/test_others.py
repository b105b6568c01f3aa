"""The same to several organisations, a letter each."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import event

from portal.web.forms.others import MOST_OTHERS
from tests.web.browsing import CLEARVIEW, COMPLAINT, UNKNOWN, Browser, Page, id_of, key_of
from tests.web.conftest import AnApp
from tests.web.test_forgetting import left
from tests.web.test_privacy import MOST_QUERIES

ERASURE = "/to/clearview-ai/erasure/at/eu-gdpr"


@pytest.fixture
def own(an_app: AnApp) -> Browser:
    return Browser(an_app())


def several(browser: Browser, way: str = CLEARVIEW, **changed: str) -> Page:
    return browser.also(browser.write(way, **changed), "pimeyes", "facecheck-id")


def listed(page: Page) -> list[str]:
    """The letters that a page leads to."""
    return [link.text_content() for link in page.main.xpath(".//nav//li/a")]


def letter(browser: Browser, draft: str, to: str = "") -> str:
    return browser.get(f"/letter/{draft}/letter.txt{f'?to={to}' if to else ''}").answer.text


# Choosing


def test_each_gets_a_letter_of_its_own(browser: Browser) -> None:
    page = several(browser)
    assert page.heading == "Read your letter"
    assert listed(page) == ["Clearview AI", "FaceCheck.ID", "PimEyes"]
    texts = {to: letter(browser, id_of(page), to) for to in ("", "pimeyes", "facecheck-id")}
    assert "99 Wall Street" in texts[""] or "Clearview" in texts[""]
    assert "PimEyes" in texts["pimeyes"]
    assert all("Ana Example" in text for text in texts.values())
    for to, text in texts.items():
        others = {"": "Clearview", "pimeyes": "PimEyes", "facecheck-id": "FaceCheck"}
        assert not any(name in text for other, name in others.items() if other != to)


def test_what_is_chosen_can_be_changed(browser: Browser) -> None:
    page = several(browser)
    again = browser.get(f"/letter/{id_of(page)}/others")
    assert {*again.main.xpath(".//input[@name='others' and @checked]/@value")} == {"pimeyes", "facecheck-id"}
    assert listed(browser.also(page, "pimeyes")) == ["Clearview AI", "PimEyes"]
    assert listed(browser.also(page)) == []


def test_nobody_is_offered_who_cannot_be_written_to(browser: Browser) -> None:
    page = browser.get(f"/letter/{id_of(browser.write(CLEARVIEW))}/others")
    offered = {*page.main.xpath(".//input[@name='others']/@value")}
    assert "pimeyes" in offered
    assert not offered & {"clearview-ai", "findclone", "world", "ca-rcmp"}


def test_a_letter_to_nobody_that_was_offered_is_refused(browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    refused = browser.also(page, "ca-rcmp")
    assert refused.status == 422
    assert refused.errors
    assert listed(browser.get(page.path)) == []


def test_at_most_so_many(browser: Browser) -> None:
    page = browser.get(f"/letter/{id_of(browser.write(CLEARVIEW))}/others")
    many = page.main.xpath(".//input[@name='others']/@value") * (MOST_OTHERS + 1)
    refused = browser.send(page, {"others": tuple(many[: MOST_OTHERS + 1])})
    assert refused.status == 422
    assert refused.errors == [f"Choose at most {MOST_OTHERS}; write to the others after these"]


def test_a_complaint_is_not_offered_to_others(browser: Browser) -> None:
    page = browser.write(COMPLAINT)
    assert page.links("Send the same to others") == []
    told = browser.get(f"/letter/{id_of(page)}/others")
    assert "Nobody else can be asked" in told.text


def test_an_organisation_that_we_do_not_know_can_be_the_first(browser: Browser) -> None:
    page = browser.also(browser.write(UNKNOWN, organisation_address="1 rue du Visage\n75001 Paris"), "pimeyes")
    assert listed(page) == ["Face Finder", "PimEyes"]
    assert "rue du Visage" in letter(browser, id_of(page))
    assert "rue du Visage" not in letter(browser, id_of(page), "pimeyes")


def test_the_police_are_named_as_such_before_they_are_chosen(browser: Browser) -> None:
    page = browser.write("/to/us-ice/records/us-il/us-foia")
    told = browser.get(f"/letter/{id_of(page)}/others")
    assert "What they will learn" in told.text


# Writing


def test_the_words_of_one_letter_are_changed_and_the_others_stay(browser: Browser) -> None:
    draft = id_of(several(browser))
    page = browser.get(f"/letter/{draft}?to=pimeyes")
    changed = browser.send(page, {"text": str(page.value("text")) + "\n\nOnly PimEyes reads this."}, do="text")
    assert changed.address == f"/letter/{draft}?to=pimeyes"
    assert "Only PimEyes reads this." in letter(browser, draft, "pimeyes")
    assert "Only PimEyes" not in letter(browser, draft) + letter(browser, draft, "facecheck-id")
    kept = browser.also(changed, "pimeyes")
    assert "Only PimEyes reads this." in letter(browser, id_of(kept), "pimeyes")


def test_the_language_is_a_letter_s_own(browser: Browser) -> None:
    draft = id_of(several(browser))
    browser.send(browser.get(f"/letter/{draft}?to=pimeyes"), {"language": "de"}, do="look")
    assert "Sehr geehrte" in letter(browser, draft, "pimeyes")
    assert "Sehr geehrte" not in letter(browser, draft)


def test_details_that_are_changed_are_changed_in_every_letter(browser: Browser) -> None:
    draft = id_of(several(browser, ERASURE))
    page = browser.get(f"/letter/{draft}/details")
    browser.send(page, {"full_name": "Ana Muster", "other_names": ""})
    for to in ("", "pimeyes", "facecheck-id"):
        assert "Ana Muster" in letter(browser, draft, to)
        assert "Ana Example" not in letter(browser, draft, to)


def test_a_letter_that_is_not_there_has_no_page(browser: Browser) -> None:
    draft = id_of(several(browser))
    for path in ("", "/take", "/letter.txt"):
        assert browser.get(f"/letter/{draft}{path}?to=us-ice").status == 404


# Taking


def test_all_letters_are_one_pdf_to_print(browser: Browser) -> None:
    draft = id_of(several(browser))
    page = browser.get(f"/letter/{draft}/take?to=pimeyes")
    assert page.heading == "Your letters are ready"
    answer = browser.get(f"/letter/{draft}/letters.pdf").answer
    assert "letters.pdf" in answer.headers["Content-Disposition"]
    together = pikepdf.open(BytesIO(answer.data))
    alone = [
        len(pikepdf.open(BytesIO(browser.get(f"/letter/{draft}/letter.pdf?to={to}").answer.data)).pages)
        for to in ("clearview-ai", "pimeyes", "facecheck-id")
    ]
    assert len(together.pages) == sum(alone)
    assert bool(together.Root.MarkInfo.Marked)


def test_the_zip_holds_every_shape_in_folders_that_name_nobody(browser: Browser) -> None:
    draft = id_of(several(browser))
    archive = ZipFile(BytesIO(browser.get(f"/letter/{draft}/letters.zip").answer.data))
    names = archive.namelist()
    assert {re.sub(r"^\d\d/", "", name) for name in names} >= {"letter.pdf", "letter.txt", "contents.txt"}
    assert {name.partition("/")[0] for name in names if "/" in name} == {"01", "02", "03"}
    assert not any(word in "".join(names).casefold() for word in ("clearview", "pimeyes", "facecheck"))
    assert archive.read("contents.txt").decode().splitlines() == [
        "01  Clearview AI",
        "02  FaceCheck.ID",
        "03  PimEyes",
    ]
    assert archive.read("03/letter.txt").decode() == letter(browser, draft, "pimeyes")


def test_taking_forgets_every_letter(own: Browser) -> None:
    page = several(own)
    assert own.get(f"/letter/{id_of(page)}/letters.zip").answer.data
    assert own.app.extensions["rightface"].printer._memory._kept
    own.post(own.get(f"/letter/{id_of(page)}/take"), f"/letter/{id_of(page)}/done")
    assert left(own.app) == {}
    assert not own.app.extensions["rightface"].printer._memory._kept


# Filing


def test_one_filing_holds_a_case_each_and_one_key_opens_all(own: Browser) -> None:
    page = several(own)
    before = own.get(f"/letter/{id_of(page)}/file")
    assert "opens all 3 cases" in before.text
    shown = own.file(page)
    key = key_of(shown)
    cases = own.post(shown, f"/letter/{id_of(page)}/kept")
    assert cases.heading == "Your cases"
    assert left(own.app)["filings"] == 1
    assert left(own.app)["cases"] == left(own.app)["wraps"] == left(own.app)["letters"] == 3
    for name in ("Clearview AI", "PimEyes", "FaceCheck.ID"):
        [case] = cases.links(name)
        assert own.get(case).heading == name
        assert name.split(".")[0].split()[0] in own.get(f"{case}/letter.txt").answer.text
    assert len(pikepdf.open(BytesIO(own.get("/cases/letters.pdf").answer.data)).pages) >= 3
    again = Browser(own.app)
    assert again.send(again.get("/case-key"), {"key": key}).heading == "Your cases"


def test_a_case_keeps_nothing_of_the_others(own: Browser) -> None:
    page = several(own, ERASURE)
    own.post(own.file(page), f"/letter/{id_of(page)}/kept")
    archive = ZipFile(BytesIO(own.get("/cases/export.zip").answer.data))
    told = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith("case.json")]
    assert [one["organisation"] for one in told] == ["clearview-ai", "facecheck-id", "pimeyes"]
    for one in told:
        others = {"clearview-ai", "facecheck-id", "pimeyes"} - {one["organisation"]}
        assert not any(other in json.dumps(one) for other in others)


def test_what_is_filed_is_not_sent_to_others_any_more(own: Browser) -> None:
    page = own.write(CLEARVIEW)
    own.file(page)
    assert own.get(f"/letter/{id_of(page)}/others").heading == "It is filed"


@pytest.mark.parametrize("path", ["/cases", "/cases/letters.pdf", "/letter/{}/letters.zip", "/letter/{}/file"])
def test_several_letters_cost_no_more_queries_than_one(own: Browser, path: str) -> None:
    page = several(own)
    twin = id_of(page)
    own.follow(several(own))
    asked: list[str] = []
    engine = own.app.extensions["rightface"].engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert own.get(path.format(twin)).status == 200
    assert 0 < len(asked) <= MOST_QUERIES


def test_another_s_letters_are_not_there(app: Flask, browser: Browser) -> None:
    draft = id_of(several(browser))
    stranger = Browser(app)
    for path in ("others", "letters.pdf", "letters.zip"):
        assert stranger.get(f"/letter/{draft}/{path}").status == 404
