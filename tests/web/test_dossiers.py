"""A complaint with all that belongs to it, from the pages of a case."""

from io import BytesIO
from subprocess import run
from zipfile import ZipFile

import pikepdf
import pytest
from flask import Flask

from tests.building import flat
from tests.papers.documents import a_pdf
from tests.papers.pictures import saved
from tests.web.browsing import Browser, Page, parts
from tests.web.conftest import AnApp
from tests.web.test_complaining import SENT, complaint
from tests.web.test_replying import a_case, write

DAY = "2026-11-23"


@pytest.fixture
def app(an_app: AnApp) -> Flask:
    return an_app()


def with_papers(browser: Browser) -> tuple[str, Page, dict[str, bytes]]:
    """A case that was answered, written back to and complained of, with three files; the complaint, the files."""
    case = a_case(browser, *SENT, ("answered", DAY))
    write(browser, case)
    files = {
        "receipt.jpg": saved(),
        "answer.pdf": a_pdf(),
        "passport.jpg": saved(),
    }
    for (name, content), shows in zip(files.items(), ("sent", "answer", "identity"), strict=True):
        browser.attach(case, shows, (name, content))
    return case, complaint(browser, case, answer="refused"), files


def text_of(pdf: bytes) -> str:
    said = run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return flat(said.replace("\u2060", ""))


def test_the_dossier_holds_complaint_chronology_list_and_exhibits_in_the_authority_s_language(app: Flask) -> None:
    browser = Browser(app)
    _, letter, _ = with_papers(browser)
    pdf = browser.get(letter.links("With everything that shows it")[0]).answer.data
    text = text_of(pdf)
    for said in (
        "Österreichische Datenschutzbehörde", "Zeitlicher Ablauf", "Ich habe meinen Antrag abgeschickt.",
        "23. November 2026", "Beilagenverzeichnis", "Beilage 1", "Beilage 4", "Nachweis der Absendung",
        "Antwort der Stelle", "Request for access under Article 15 GDPR",
    ):  # fmt: skip
        assert said in text, said
    assert "Beilage 5" not in text  # the copy of the passport
    document = pikepdf.open(BytesIO(pdf))
    assert bool(document.Root.MarkInfo.Marked)
    with document.open_outline() as outline:
        titles = [str(one.title) for one in outline.root]
    assert [title for title in titles if title.startswith("Beilage 4")]


DECIDED_IN_GERMAN = {
    "upheld": "hat meiner Beschwerde stattgegeben.",
    "partly": "hat meiner Beschwerde teilweise stattgegeben.",
    "rejected": "hat meine Beschwerde abgewiesen.",
    "dismissed": "hat meine Beschwerde nicht in der Sache behandelt.",
    "settled": "endete mit einer Einigung.",
    "discontinued": "hat das Verfahren ohne Entscheidung in der Sache eingestellt.",
}


@pytest.mark.parametrize(("outcome", "words"), DECIDED_IN_GERMAN.items())
def test_the_chronology_tells_of_an_earlier_complaint_its_number_and_its_end(
    app: Flask, outcome: str, words: str
) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, ("complained", DAY))
    for kind, said in (("registered", {"number": "D130.7/26"}), ("decided", {"outcome": outcome}), ("sued", {})):
        browser.send(browser.get(f"/cases/{case}/happened/{kind}"), {"day": parts(DAY), **said})
    text = text_of(browser.get(f"{complaint(browser, case).path}/dossier.pdf").answer.data)
    authority = "(Österreichische Datenschutzbehörde)"
    assert f"Ich habe Beschwerde erhoben {authority}." in text
    assert f"Die Behörde {authority} führt die Sache unter dem Zeichen D130.7/26." in text
    assert f"{authority} {words}" in text
    assert "Ich habe das Gericht angerufen." in text
    assert "Ihr Zeichen" in text
    assert text.count("D130.7/26") == 2  # at the head of the letter, and in the chronology


def test_what_was_sent_to_the_company_first_is_no_complaint_to_an_authority(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT, way="/to/clearview-ai/access/gb/uk-gdpr")
    said = {"day": parts(DAY), "way": "complaint/first-uk-gdpr"}
    browser.send(browser.get(f"/cases/{case}/happened/complained"), said)
    text = text_of(browser.get(f"{complaint(browser, case, 'uk-gdpr').path}/dossier.pdf").answer.data)
    assert "I wrote to the organisation again." in text
    assert "I brought the matter" not in text


def test_nobody_knows_whom_a_complaint_elsewhere_went_to(app: Flask) -> None:
    browser = Browser(app)
    case = a_case(browser, *SENT)
    browser.send(browser.get(f"/cases/{case}/happened/complained"), {"day": parts(DAY), "way": "elsewhere"})
    text = text_of(browser.get(f"{complaint(browser, case).path}/dossier.pdf").answer.data)
    assert "Ich habe Beschwerde erhoben." in text


def test_the_originals_lie_beside_it_unchanged_and_without_the_passport(app: Flask) -> None:
    browser = Browser(app)
    case, letter, files = with_papers(browser)
    archive = ZipFile(BytesIO(browser.get(letter.links("The files themselves")[0]).answer.data))
    assert archive.namelist() == ["03-receipt.jpg", "04-answer.pdf"]
    assert archive.read("04-answer.pdf") == files["answer.pdf"]
    assert archive.read("03-receipt.jpg").startswith(b"\xff\xd8")
    assert browser.get(f"/cases/{case}").status == 200


def test_a_case_without_files_has_a_dossier_too(app: Flask) -> None:
    browser = Browser(app)
    letter = complaint(browser, a_case(browser, *SENT))
    assert letter.links("The files themselves") == []
    assert "Beilage 1" in text_of(browser.get(f"{letter.path}/dossier.pdf").answer.data)


def test_a_reply_is_no_complaint(app: Flask) -> None:
    browser = Browser(app)
    reply = write(browser, a_case(browser, *SENT, ("answered", DAY)))
    assert browser.get(f"{reply.path}/dossier.pdf").status == 404
    assert browser.get(f"{reply.path}/originals.zip").status == 404


def test_nobody_has_the_dossier_of_somebody_else(app: Flask) -> None:
    browser, other = Browser(app), Browser(app)
    letter = complaint(browser, a_case(browser, *SENT))
    a_case(other, *SENT)
    assert other.get(f"{letter.path}/dossier.pdf").status == 404
