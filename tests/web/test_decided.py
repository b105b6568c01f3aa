"""What the staff decided, as the person of the case sees it, and what they can say to it."""

from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from portal.cases import tasks
from portal.cases.models import CaseRow, LetterRow, TaskRow
from portal.cases.tasks import Choice, Decision, Matter
from portal.database import reading, transaction
from portal.web import decided
from portal.web.decision_words import GROUNDS, SAID
from tests.web.browsing import Browser, Page, id_of
from tests.web.conftest import AnApp
from tests.web.samples import decisions

#: Where there are two ways to complain: first to the company, or at once to the authority.
MANCHESTER = "/to/clearview-ai/complaint/gb/uk-gdpr"


@pytest.fixture
def own(an_app: AnApp) -> Browser:
    return Browser(an_app())


@pytest.fixture
def case(own: Browser) -> str:
    return id_of(own.follow(own.write(MANCHESTER)))


OTHER = "first-uk-gdpr"


def rows(app: Flask, matter: Matter) -> list[TaskRow]:
    with reading(app.extensions["rightface"].engine) as session:
        return [*session.exec(select(TaskRow).where(TaskRow.matter == matter.value))]


def look_again(app: Flask, choice: Choice) -> None:
    """A second person decides what is contested."""
    house, who = app.extensions["rightface"], "b" * 32
    [row] = [one for one in rows(app, Matter.CONTESTED) if one.decided_on is None]
    with transaction(house.engine) as session:
        tasks.claim(session, row.id, who, house.clock())
        tasks.decide(session, row.id, Decision(choice), who, house.clock(), house.today())
        if choice is Choice.LIFTED:
            tasks.lift(session, str(row.contests), house.today())


def confirmed(own: Browser, address: str) -> Page:
    return own.send(own.get(address), {"csrf_token": own.get(address).value("csrf_token")})


def test_every_decision_that_concerns_a_person_has_words_for_them() -> None:
    of_staff_alone = {Choice.DONE, Choice.ACCEPTED, Choice.REFUSED, Choice.APPROVED, Choice.DENIED}
    assert {*SAID} == {*Choice} - of_staff_alone
    assert {*GROUNDS} == {*tasks.Ground}


def test_before_anything_is_decided_nothing_is_said_of_it(own: Browser, case: str) -> None:
    assert "What the portal's staff decided" not in own.get(f"/cases/{case}").text


def test_a_decision_stands_on_the_page_with_its_reason_and_can_be_contested_once(own: Browser, case: str) -> None:
    held = decisions(own.app, case, "eu-gdpr")["held"]
    page = own.get(f"/cases/{case}")
    assert str(SAID[Choice.HOLD]) in page.text
    assert "Their reason: Nothing is asked of anybody in it." in page.text
    [way] = page.links("let somebody else look")
    done = confirmed(own, way)
    assert "They have not decided yet." in done.text
    assert done.links("let somebody else look") == []
    [row] = rows(own.app, Matter.CONTESTED)
    assert (row.contests, row.not_by) == (held, "a" * 32)
    assert own.get(way).status == 404
    look_again(own.app, Choice.STANDS)
    page = own.get(f"/cases/{case}")
    assert str(SAID[Choice.STANDS]) in page.text
    assert page.links("let somebody else look") == []


def test_what_is_lifted_is_said_no_more(own: Browser, case: str) -> None:
    decisions(own.app, case, "eu-gdpr")
    confirmed(own, own.get(f"/cases/{case}").links("let somebody else look")[0])
    look_again(own.app, Choice.LIFTED)
    page = own.get(f"/cases/{case}")
    assert str(SAID[Choice.HOLD]) not in page.text
    assert str(SAID[Choice.LIFTED]) in page.text


def test_the_letter_is_written_again_under_the_law_that_they_offer_and_the_old_one_stays(
    own: Browser, case: str
) -> None:
    decisions(own.app, case, OTHER)
    before = own.get(f"/cases/{case}/letter.txt").answer.text
    page = own.get(own.get(f"/cases/{case}").links("Look at what they offer")[0])
    assert page.heading == "Write your letter under another law?"
    done = own.send(page, {"csrf_token": page.value("csrf_token")})
    assert done.path == f"/cases/{case}"
    assert "Letters that another took the place of" in done.text
    assert done.links("Look at what they offer") == []
    after = own.get(f"/cases/{case}/letter.txt").answer.text
    assert after != before
    assert "Ana Example" in after
    [old] = [link for link in done.links() if f"/cases/{case}/letters/" in link]
    assert "Another letter took its place" in own.get(old).text
    assert own.get(f"{old}/letter.txt").answer.text == before
    with reading(own.app.extensions["rightface"].engine) as session:
        letters = session.exec(select(LetterRow).where(LetterRow.case_id == case).order_by(LetterRow.n)).all()  # type: ignore[arg-type]
        assert [one.replaced_on is None for one in letters] == [True, False]


def test_what_another_took_the_place_of_is_read_and_neither_changed_nor_sent(own: Browser, case: str) -> None:
    decisions(own.app, case, OTHER)
    page = own.get(own.get(f"/cases/{case}").links("Look at what they offer")[0])
    done = own.send(page, {"csrf_token": page.value("csrf_token")})
    [old] = [link for link in done.links() if f"/cases/{case}/letters/" in link]
    page = own.get(old)
    assert page.names() == set()
    assert not {f"{old}/message.eml", f"{old}/dossier.pdf", f"/cases/{case}/happened/complained"} & {
        link.partition("?")[0] for link in page.links()
    }
    assert own.get(f"{old}/dossier.pdf").status == 404
    assert own.get(f"{old}/originals.zip").status == 404
    before = own.get(f"{old}/letter.txt").answer.text
    token = own.get(f"/cases/{case}/messages").value("csrf_token")
    with own.client.post(old, data={"csrf_token": token, "text": "Other words."}) as answer:
        assert answer.status_code == 404
    assert own.get(f"{old}/letter.txt").answer.text == before


def test_what_is_sent_from_another_tab_meanwhile_stays_as_it_is(
    own: Browser, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = decisions(own.app, case, OTHER)["offered"]
    page = own.get(f"/cases/{case}/another-law/{offered}")
    before = own.get(f"/cases/{case}/letter.txt").answer.text
    anew = decided._anew

    def sent_meanwhile(*told: Any) -> Any:
        with transaction(own.app.extensions["rightface"].engine) as session:
            session.get_one(CaseRow, case).status = "sent"
        return anew(*told)

    monkeypatch.setattr(decided, "_anew", sent_meanwhile)
    assert own.send(page, {"csrf_token": page.value("csrf_token")}).path == f"/cases/{case}"
    assert own.get(f"/cases/{case}/letter.txt").answer.text == before


def test_what_was_sent_is_not_written_again(own: Browser, case: str) -> None:
    offered = decisions(own.app, case, OTHER)["offered"]
    own.send(own.get(f"/cases/{case}/happened/sent"), {"day": ("23", "11", "2026")})
    assert own.get(f"/cases/{case}").links("Look at what they offer") == []
    assert own.get(f"/cases/{case}/another-law/{offered}").status == 404


def test_a_law_that_asks_for_more_says_so_and_changes_nothing(own: Browser, case: str) -> None:
    offered = decisions(own.app, case, "no-law-of-ours")["offered"]
    page = own.get(f"/cases/{case}/another-law/{offered}")
    assert "This law asks for details that your letter does not have." in page.text
    assert page.names() == set()


@pytest.mark.parametrize("name", ["contest", "another-law"])
def test_what_is_decided_of_another_case_or_not_at_all_has_no_page(an_app: AnApp, own: Browser, name: str) -> None:
    mine = id_of(own.follow(own.write(MANCHESTER)))
    other = Browser(own.app)
    theirs = decisions(own.app, id_of(other.follow(other.write(MANCHESTER))), "eu-gdpr")
    for task in (*theirs.values(), "0" * 32):
        assert own.get(f"/cases/{mine}/{name}/{task}").status == 404
