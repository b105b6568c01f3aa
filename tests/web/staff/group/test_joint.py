"""A complaint of many: who is in it and who is not, what it holds, and that it was sent."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from portal.cases import group_sharing
from portal.cases.group_sharing import Scope
from portal.cases.status import Kind
from portal.database import transaction
from portal.trail import Action
from tests.building import TODAY
from tests.web.browsing import Clock, Page, parts
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk
from tests.web.staff.group.conftest import Filed, Work, a_case, at_work, happen, held, share
from tests.web.staff.group.test_cases import noted
from tests.web.test_dossiers import text_of

GARANTE = "/group/joint/clearview-ai/eu-gdpr/it-garante"
SAID = {"address": "2 Sample Square\n1020 Sampletown", "answer": "refused"}


@pytest.fixture(scope="module")
def module_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def lasting(a_lasting_desk: ADesk, module_clock: Clock) -> Flask:
    return a_lasting_desk(module_clock, private=STAFF.private)


@pytest.fixture(scope="module")
def cases(lasting: Flask, module_clock: Clock) -> dict[str, Filed]:
    """Letters that were sent two months ago; one was answered, one is not late, one goes to another authority."""
    italians = ("Ada", "Bea", "Cleo", "Eva", "Fay", "Gaia")
    made = {f"{name} Italiana": a_case(lasting, name=f"{name} Italiana") for name in italians}
    made["Dora Austriaca"] = a_case(lasting, name="Dora Austriaca", place="at")
    made["Hedi Svizzera"] = a_case(lasting, name="Hedi Svizzera", place="ch", law="ch-fadp")
    for filed in made.values():
        happen(lasting, filed, Kind.SENT, TODAY)
        happen(lasting, filed, Kind.RECEIVED, TODAY)
    module_clock.forward(days=60)
    happen(lasting, made["Bea Italiana"], Kind.ANSWERED, TODAY + timedelta(days=10))
    happen(lasting, made["Gaia Italiana"], Kind.CLOSED, TODAY + timedelta(days=10))
    made["Lia Italiana"] = a_case(lasting, name="Lia Italiana")
    return made


@pytest.fixture(scope="module")
def work(lasting: Flask, cases: dict[str, Filed]) -> Work:
    mine = at_work(lasting)
    for name, filed in cases.items():
        scope = Scope.STATUS if name.startswith("Eva") else Scope.LETTERS
        share(mine, filed, scope, joint=not name.startswith("Fay"))
    return mine


def test_it_says_who_can_be_in_it_and_why_others_cannot(work: Work, cases: dict[str, Filed]) -> None:
    page = work.browser.get("/group/joint?organisation=clearview-ai")
    assert "3 people can be in it." in page.text
    assert GARANTE in page.links("Look at it")
    for name, why in (
        ("Fay Italiana", "has not agreed to be in a complaint of many"),
        ("Gaia Italiana", "The case is closed"),
        ("Lia Italiana", "Their time to answer is not over"),
        ("Hedi Svizzera", "This law knows no complaint on a mandate"),
        ("Eva Italiana", "You see only how far it is, not the letters"),
    ):
        [said] = [one for one in page.main.xpath(".//li") if cases[name].id in one.xpath("string(a/@href)")]
        assert why in said.text_content(), name
    assert "Eva Italiana" not in page.text
    assert "Fay Italiana" not in page.text
    at_garante, elsewhere = work.browser.get(GARANTE), cases["Dora Austriaca"].id
    [said] = [one for one in at_garante.main.xpath(".//li") if elsewhere in one.xpath("string(a/@href)")]
    assert "It goes to" in said.text_content()
    ready = {cases[name].id for name in ("Ada Italiana", "Bea Italiana", "Cleo Italiana")}
    assert {*at_garante.main.xpath(".//input[@name='cases' and @checked]/@value")} == ready


def made(work: Work, **said: str) -> Page:
    return work.browser.send(work.browser.get(GARANTE), {**SAID, **said}, do="pdf")


def test_the_complaint_is_in_the_authority_s_language_with_each_one_s_part(work: Work) -> None:
    pdf = made(work).answer.data
    assert pdf.startswith(b"%PDF")
    text = text_of(pdf)
    for said in (
        "Garante per la protezione dei dati personali", "Reclamo congiunto",
        "art. 80, par. 1, del Regolamento (UE) 2016/679",
        "ciascuna delle 3 persone", "Elenco dei reclamanti", "Ada Italiana", "Bea Italiana", "Cleo Italiana",
        "Cronologia dei fatti", "Allegato 1.1", "Allegato 3.1", "La parte reclamata ha opposto un rifiuto.",
        "Non ho ricevuto né risposta", "su mandato scritto di Ada Italiana", "Faces Free", "2 Sample Square",
    ):  # fmt: skip
        assert said in text, said
    assert "Dora Austriaca" not in text
    assert "Fay Italiana" not in text
    document = pikepdf.open(BytesIO(pdf))
    assert bool(document.Root.MarkInfo.Marked)
    assert str(document.Root.Lang) == "it-IT"
    with document.open_outline() as outline:
        titles = [str(one.title) for one in outline.root]
    assert [title for title in titles if title[1:2] == "."] == [
        f"{n}. {name}" for n, name in enumerate([title[3:] for title in titles if title[1:2] == "."], 1)
    ]


def test_what_is_missing_is_told(work: Work) -> None:
    page = work.browser.send(work.browser.get(GARANTE), {"address": "", "cases": ()}, do="pdf")
    assert page.status == 422
    assert "Choose at least one case" in page.errors
    assert "Enter your group’s postal address, for the answer" in page.errors
    page = work.browser.send(work.browser.get(GARANTE), SAID, do="sent")
    assert page.errors == ["Enter the day on which it was sent"]
    assert work.browser.get("/group/joint/clearview-ai/eu-gdpr/nobody").status == 404
    assert work.browser.get("/group/joint/nobody/eu-gdpr/it-garante").status == 404


def test_who_takes_the_consent_back_in_between_is_out(work: Work, cases: dict[str, Filed]) -> None:
    page = work.browser.get(GARANTE)
    with transaction(work.app.extensions["rightface"].engine) as session:
        group_sharing.withdraw(session, cases["Cleo Italiana"].id, work.group.id)
    text = text_of(work.browser.send(page, SAID, do="pdf").answer.data)
    assert "ciascuna delle 2 persone" in text
    assert "Cleo Italiana" not in text


def test_once_it_is_sent_it_stands_in_each_case_with_its_way(work: Work, cases: dict[str, Filed]) -> None:
    day = TODAY + timedelta(days=60)
    done = work.browser.send(work.browser.get(GARANTE), {"day": parts(day.isoformat())}, do="sent")
    assert "It stands in 2 cases now" in done.text
    last = held(work.app, cases["Ada Italiana"]).events[-1]
    assert (last.kind, last.day, last.way) == (Kind.COMPLAINED, day, "complaint/eu-gdpr")
    assert last.by_group == work.group.id
    assert last.told
    assert held(work.app, cases["Cleo Italiana"]).events[-1].kind is Kind.RECEIVED
    assert noted(work.app, Action.JOINT_SENT) == 2
    assert (
        "A complaint went to the authority already" in work.browser.get("/group/joint?organisation=clearview-ai").text
    )


def test_a_group_of_no_such_kind_makes_none(lasting: Flask, cases: dict[str, Filed]) -> None:
    other = at_work(lasting, "Not such a group", mandated=False)
    share(other, cases["Dora Austriaca"], Scope.LETTERS, joint=True)
    link = other.browser.get("/group/joint?organisation=clearview-ai").links("Look at it")[0]
    page = other.browser.get(link)
    assert "May your group do this?" in page.text
    assert page.names() == set()
