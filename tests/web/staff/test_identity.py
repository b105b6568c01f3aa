"""Copies of identity documents: a second person agrees, a quarter of an hour, a mark across, and nothing to take."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from PIL import Image, ImageChops
from sqlmodel import select

from portal.accounts.permissions import Role
from portal.cases import attaching, forgetting, sights, tasks
from portal.cases.attaching import Shows
from portal.cases.models import CaseRow, SightRow, TaskRow
from portal.cases.sights import LIFE
from portal.cases.tasks import Matter
from portal.database import reading, transaction
from portal.papers.kinds import Kind, kind_of
from portal.papers.paper import Paper
from portal.trail import Action, Outcome, of_case
from portal.vault import PublicHalf, new_pair
from portal.web.staff.trail_words import REASONS
from tests.building import ROOT
from tests.papers.documents import a_pdf
from tests.papers.pictures import PLANTED, a_picture, an_exif, saved
from tests.web.browsing import Browser, Clock, Page
from tests.web.staff.conftest import ADesk, signed_in
from tests.web.staff.test_queue import decided, filed, kept, listed, noted, open_tasks, press, taken

NAME = "passport of Ana Example.pdf"
PDF = a_pdf(pages=2)
PHOTO = saved(a_picture(size=(800, 500)), exif=an_exif())


@pytest.fixture
def caseworker(app: Flask) -> Browser:
    return signed_in(app, Role.CASEWORKER)


@pytest.fixture
def custodian(app: Flask) -> Browser:
    return signed_in(app, Role.CUSTODIAN, name="Kim Keeper")


def helped(
    app: Flask, *contents: bytes, shared: bool = True, shows: Shows = Shows.IDENTITY
) -> tuple[str, str, list[str]]:
    """A case that wants help, with what is attached to it: the task, the case, the papers."""
    house = app.extensions["rightface"]
    case_id = kept(app, filed(app, shared=shared)[0]).case_id
    assert case_id
    row = tasks.new(Matter.HELP, case_id, house.today(), of_case=True)
    id_ = row.id
    with transaction(house.engine) as session:
        tasks.put(session, row)
        half = PublicHalf(session.get_one(CaseRow, case_id).public_key)
        papers = [
            attaching.prepared(case_id, half, shows, Paper(kind_of(one) or Kind.PDF, one, NAME), house.today())
            for one in contents
        ]
        ids = [one.row.id for one in papers]
        for one in papers:
            house.files.keep(one.row.id, one.sealed)
        attaching.keep(session, case_id, tuple(papers))
    return id_, case_id, ids


def asked(browser: Browser, task: str, paper: str, reason: str = "help_wanted") -> Page:
    """Take the task in hand, and ask."""
    page = taken(browser, task)
    return press(browser, page, f"/identity/{task}/{paper}/ask", **({"reason": reason} if reason else {}))


def may_see(app: Flask, caseworker: Browser, custodian: Browser, *contents: bytes) -> tuple[str, str, str]:
    """All that it needs until somebody may see it: the sight, the case, the paper."""
    task, case, [paper] = helped(app, *contents or (PDF,))
    asked(caseworker, task, paper)
    [wanted_] = open_tasks(app, Matter.IDENTITY)
    decided(custodian, wanted_.id, "approved")
    [sight] = all_sights(app)
    return sight.id, case, paper


def all_sights(app: Flask) -> list[SightRow]:
    with reading(app.extensions["rightface"].engine) as session:
        return [*session.exec(select(SightRow))]


def said_of(app: Flask, case: str, action: Action) -> list[tuple[str, str]]:
    """What stands in the trail of an action on this case, and nothing of any other."""
    subject = of_case(case, app.extensions["rightface"].config.lookup_key).id
    found = noted(app, action)
    assert {one for one, _, _ in found} <= {subject}
    return [(outcome, reason) for _, outcome, reason in found]


def picture(browser: Browser, sight: str, n: int = 1) -> Image.Image:
    with browser.client.get(f"/identity/{sight}/{n}.png") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert "Content-Disposition" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        return Image.open(BytesIO(answer.data))


def status(browser: Browser, address: str) -> int:
    with browser.client.get(address) as answer:
        return answer.status_code


# The whole way


@pytest.mark.parametrize(("content", "pages"), [(PDF, 2), (PHOTO, 1)], ids=["pdf", "jpeg"])
def test_it_is_asked_for_allowed_by_another_and_seen(
    app: Flask, caseworker: Browser, custodian: Browser, content: bytes, pages: int
) -> None:
    task, case, [paper] = helped(app, content)
    offered = taken(caseworker, task)
    assert "Attached on Nov 23, 2026" in offered.text
    waits = press(caseworker, offered, f"/identity/{task}/{paper}/ask", reason="to_answer")
    assert (waits.path, said_of(app, case, Action.IDENTITY_ASKED)) == (f"/tasks/{task}", [("done", "to_answer")])
    assert "It is asked for: a second person decides." in waits.text

    [row] = open_tasks(app, Matter.IDENTITY)
    assert (row.subject, row.case_id, row.reason) == (paper, case, "to_answer")
    assert listed(custodian.get("/queue")) == [row.id]
    page = taken(custodian, row.id)
    assert page.heading == "May a colleague see this identity paper?"
    for told in ("Cleo Clerk", "To answer the person", "Clearview AI", "Austria", "Nov 23, 2026", "15 minutes"):
        assert told in page.text
    for kept_back in ("Ana", "Example", "passport", paper):
        assert kept_back not in page.answer.text
    press(custodian, page, f"/tasks/{row.id}/decide", choice="approved", then="stop")
    assert said_of(app, case, Action.IDENTITY_APPROVED) == [("done", "")]

    [link] = caseworker.get(f"/tasks/{task}").links("See it")
    seen = caseworker.get(link)
    assert seen.heading == "Identity paper"
    assert "until 10:15" in seen.text
    assert said_of(app, case, Action.IDENTITY_SEEN) == [("done", "")]
    shown = seen.main.xpath(".//img/@src")
    assert shown == [f"{link}/{n}.png" for n in range(1, pages + 1)]
    for n in range(1, pages + 1):
        assert min(picture(caseworker, link.rpartition("/")[2], n).size) >= 640
    assert status(caseworker, f"{link}/{pages + 1}.png") == status(caseworker, f"{link}/0.png") == 404
    caseworker.get(link)
    assert len(said_of(app, case, Action.IDENTITY_SEEN)) == 2
    assert "Example" not in seen.answer.text


def test_what_leaves_the_server_is_a_picture_of_a_page_and_nothing_of_the_file(
    app: Flask, caseworker: Browser, custodian: Browser
) -> None:
    sight, _, _ = may_see(app, caseworker, custodian, PHOTO)
    caseworker.get(f"/identity/{sight}")
    with caseworker.client.get(f"/identity/{sight}/1.png") as answer:
        assert PLANTED.encode() not in answer.data
        assert Image.open(BytesIO(answer.data)).info.keys() <= {"dpi"}


def test_the_viewers_name_and_the_minute_are_in_the_pixels(
    app: Flask, caseworker: Browser, custodian: Browser, clock: Clock
) -> None:
    """Of an empty page all that is not paper is the mark: the same minute gives the same, another one another."""
    sight, _, _ = may_see(app, caseworker, custodian)
    caseworker.get(f"/identity/{sight}")
    first, again = picture(caseworker, sight), picture(caseworker, sight)
    clock.forward(minutes=1)
    later = picture(caseworker, sight)
    assert ImageChops.difference(first, again).getbbox() is None
    assert ImageChops.difference(first, later).getbbox() is not None
    width, height = first.size
    dark = first.convert("L").point(lambda grey: 255 * (grey < 230))
    for left, top in ((0, 0), (width // 2, 0), (0, height // 2), (width // 2, height // 2)):
        part = dark.crop((left, top, left + width // 2, top + height // 2))
        assert part.histogram()[255] > part.width * part.height / 50
    account = all_sights(app)[0].account_id
    drawn = app.extensions["rightface-staff"].viewer.page(
        PDF, 1, f"Cleo Clerk · {account[:8]} · 2026-11-23 10:00 UTC"
    )
    assert ImageChops.difference(first, Image.open(BytesIO(drawn))).getbbox() is None


def test_a_picture_is_shown_only_beside_the_page_that_is_noted(
    app: Flask, caseworker: Browser, custodian: Browser
) -> None:
    sight, case, _ = may_see(app, caseworker, custodian)
    assert status(caseworker, f"/identity/{sight}/1.png") == 404
    assert said_of(app, case, Action.IDENTITY_SEEN) == []
    caseworker.get(f"/identity/{sight}")
    assert status(caseworker, f"/identity/{sight}/1.png") == 200


# Asking


@pytest.mark.parametrize("reason", ["", "nothing", "no_proof", "second_person"])
def test_without_a_reason_of_the_list_nothing_is_asked(app: Flask, caseworker: Browser, reason: str) -> None:
    task, case, [paper] = helped(app, PDF)
    page = asked(caseworker, task, paper, reason)
    assert page.status == 422
    assert page.errors
    assert open_tasks(app, Matter.IDENTITY) == []
    assert said_of(app, case, Action.IDENTITY_ASKED) == []


@pytest.mark.parametrize("reason", sights.REASONS)
def test_the_custodian_reads_why(app: Flask, caseworker: Browser, custodian: Browser, reason: str) -> None:
    task, _, [paper] = helped(app, PDF)
    asked(caseworker, task, paper, reason)
    [row] = open_tasks(app, Matter.IDENTITY)
    assert str(REASONS[sights.Reason(reason)]) in custodian.get(f"/tasks/{row.id}").text


def test_who_has_not_the_task_in_hand_cannot_ask(app: Flask, caseworker: Browser) -> None:
    task, case, [paper] = helped(app, PDF)
    page = press(caseworker, caseworker.get(f"/tasks/{task}"), f"/identity/{task}/{paper}/ask", reason="help_wanted")
    assert page.status == 409
    assert "You do not have the task in hand any more" in page.text
    assert said_of(app, case, Action.IDENTITY_ASKED) == [("refused", "not_theirs")]
    assert open_tasks(app, Matter.IDENTITY) == []


@pytest.mark.parametrize("wrong", ["another case's", "an answer", "not shared", "nothing", "another matter"])
def test_what_is_no_identity_paper_of_this_case_cannot_be_asked_for(
    app: Flask, caseworker: Browser, wrong: str
) -> None:
    shows = Shows.ANSWER if wrong == "an answer" else Shows.IDENTITY
    task, case, [paper] = helped(app, PDF, shared=wrong != "not shared", shows=shows)
    if wrong == "another case's":
        paper = helped(app, PDF)[2][0]
    if wrong == "nothing":
        paper = "0" * 32
    if wrong == "another matter":
        task = next(row.id for row in open_tasks(app, Matter.FILED) if row.case_id == case)
    assert asked(caseworker, task, paper).status == 404
    assert open_tasks(app, Matter.IDENTITY) == []


def test_it_is_asked_once_at_a_time(app: Flask, caseworker: Browser) -> None:
    task, case, [paper] = helped(app, PDF)
    asked(caseworker, task, paper)
    assert asked(caseworker, task, paper).path == f"/tasks/{task}"
    assert len(open_tasks(app, Matter.IDENTITY)) == 1
    assert said_of(app, case, Action.IDENTITY_ASKED) == [("done", "help_wanted"), ("refused", "taken")]


# The second person


def test_who_asks_cannot_agree_to_it_in_any_way(app: Flask, custodian: Browser, clock: Clock) -> None:
    both = signed_in(app, Role.CASEWORKER, Role.CUSTODIAN)
    task, _, [paper] = helped(app, PDF)
    asked(both, task, paper)
    [row] = open_tasks(app, Matter.IDENTITY)
    me = row.not_by
    page = both.get(f"/tasks/{row.id}")
    assert "You asked to see it yourself: a second person decides." in page.text
    assert press(both, page, f"/tasks/{row.id}/claim").status == 409
    assert (row.id, Outcome.REFUSED, "second_person") in noted(app, Action.TASK_CLAIMED)
    assert press(both, page, f"/tasks/{row.id}/decide", choice="approved").status == 409
    press(both, both.get("/queue"), "/queue/decided", tasks=[row.id])
    assert press(both, both.get("/queue"), "/queue/next?matter=identity").path == "/queue"
    theirs = taken(custodian, row.id)
    assert me not in {option.get("value") for option in theirs.field("to")}
    press(custodian, theirs, f"/tasks/{row.id}/hand-on", to=str(me))
    assert press(both, page, f"/tasks/{row.id}/decide", choice="approved").status == 409
    house = app.extensions["rightface"]
    with transaction(house.engine) as session:  # as if a mistake had put it into their hands
        row = session.get_one(TaskRow, row.id)
        row.claimed_by, row.claim_until = me, int((clock() + timedelta(hours=1)).timestamp())
    assert press(both, page, f"/tasks/{row.id}/decide", choice="approved").status == 409
    assert all_sights(app) == []


def test_a_custodian_without_a_second_proof_decides_nothing(app: Flask, caseworker: Browser) -> None:
    task, _, [paper] = helped(app, PDF)
    asked(caseworker, task, paper)
    [row] = open_tasks(app, Matter.IDENTITY)
    weak = signed_in(app, Role.CUSTODIAN, strong=False, name="Kim Keeper")
    assert weak.get(f"/tasks/{row.id}").status == 403
    mixed = signed_in(app, Role.CUSTODIAN, Role.TRIAGE, strong=False, name="Mo Mixed")
    assert mixed.get(f"/tasks/{row.id}").status == 404


def test_a_no_lets_nobody_see_it_and_who_asked_reads_it(app: Flask, caseworker: Browser, custodian: Browser) -> None:
    task, case, [paper] = helped(app, PDF)
    asked(caseworker, task, paper)
    [row] = open_tasks(app, Matter.IDENTITY)
    decided(custodian, row.id, "denied")
    assert all_sights(app) == []
    assert said_of(app, case, Action.IDENTITY_APPROVED) == [("refused", "second_person")]
    page = caseworker.get(f"/tasks/{task}")
    assert "A second person said no." in page.text
    assert "reason" in page.names()


# The time


def test_it_is_seen_for_fifteen_minutes_and_no_second_longer(
    app: Flask, caseworker: Browser, custodian: Browser, clock: Clock
) -> None:
    sight, case, _ = may_see(app, caseworker, custodian)
    clock.forward(seconds=LIFE.total_seconds() - 1)
    with caseworker.client.get(f"/identity/{sight}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Refresh"] == "1; url=/identity/over"
    assert status(caseworker, f"/identity/{sight}/1.png") == 200
    clock.forward(seconds=1)
    page = caseworker.get(f"/identity/{sight}")
    assert page.status == 410
    assert "The time in which you could see it is over." in page.text
    assert status(caseworker, f"/identity/{sight}/1.png") == 410
    assert said_of(app, case, Action.IDENTITY_SEEN) == [("done", ""), ("refused", "over"), ("refused", "over")]
    assert timedelta(minutes=15) == LIFE
    house = app.extensions["rightface"]
    assert house.eraser.carry_out(partial(forgetting.purge, now=clock())).sights == 1
    assert caseworker.get(f"/identity/{sight}").status == 404


def test_where_the_page_goes_when_its_time_is_over(caseworker: Browser) -> None:
    assert "The time in which you could see it is over." in caseworker.get("/identity/over").text


def test_who_may_see_it_is_not_asked_again(app: Flask, caseworker: Browser, custodian: Browser) -> None:
    task, _, [paper] = helped(app, PDF)
    asked(caseworker, task, paper)
    [row] = open_tasks(app, Matter.IDENTITY)
    decided(custodian, row.id, "approved")
    assert asked(caseworker, task, paper).heading == "Identity paper"
    assert open_tasks(app, Matter.IDENTITY) == []


# Nobody else, and nothing that was taken back


def test_a_colleague_sees_nothing(app: Flask, caseworker: Browser, custodian: Browser) -> None:
    sight, case, _ = may_see(app, caseworker, custodian)
    caseworker.get(f"/identity/{sight}")
    dan = signed_in(app, Role.CASEWORKER, name="Dan Desk")
    unknown = dan.get(f"/identity/{'0' * 32}")
    for address in (f"/identity/{sight}", f"/identity/{sight}/1.png"):
        page = dan.get(address)
        assert (page.status, page.text) == (404, unknown.text)
    assert said_of(app, case, Action.IDENTITY_SEEN) == [("done", ""), *[("refused", "not_theirs")] * 2]
    assert custodian.get(f"/identity/{sight}").status == 403


def taken_back(app: Flask, case: str, _: str) -> None:
    app.extensions["rightface"].eraser.carry_out(partial(forgetting.withdraw, case_id=case))


def erased(app: Flask, _: str, paper: str) -> None:
    app.extensions["rightface"].eraser.carry_out(partial(forgetting.erase_paper, id_=paper))


def sent(app: Flask, case: str, _: str) -> None:
    app.extensions["rightface"].eraser.carry_out(partial(forgetting.erase_identity, case_id=case))


def lost(app: Flask, _: str, paper: str) -> None:
    app.extensions["rightface"].files.drop(paper)


@pytest.mark.parametrize("ends", [taken_back, erased, sent, lost])
def test_what_is_taken_back_or_gone_meanwhile_is_not_seen(
    app: Flask, caseworker: Browser, custodian: Browser, ends: Callable[[Flask, str, str], None]
) -> None:
    sight, case, paper = may_see(app, caseworker, custodian)
    assert caseworker.get(f"/identity/{sight}").status == 200
    ends(app, case, paper)
    page = caseworker.get(f"/identity/{sight}")
    assert page.status == 404
    assert "the person took it back" in page.text
    assert status(caseworker, f"/identity/{sight}/1.png") == 404
    assert len(all_sights(app)) == (ends is lost)


@pytest.mark.parametrize("ends", [taken_back, erased, sent])
def test_what_is_taken_back_or_gone_is_not_decided(
    app: Flask, caseworker: Browser, custodian: Browser, ends: Callable[[Flask, str, str], None]
) -> None:
    task, case, [paper, _other] = helped(app, PDF, PHOTO)
    asked(caseworker, task, paper)
    [row] = open_tasks(app, Matter.IDENTITY)
    page = taken(custodian, row.id)
    ends(app, case, paper)
    assert press(custodian, page, f"/tasks/{row.id}/decide", choice="approved").status == 404
    assert (all_sights(app), open_tasks(app, Matter.IDENTITY)) == ([], [])


def test_without_the_key_nothing_is_seen_and_that_is_said(
    a_desk: ADesk, app: Flask, caseworker: Browser, custodian: Browser, clock: Clock
) -> None:
    sight, case, _ = may_see(app, caseworker, custodian)
    url = app.extensions["rightface"].config.database_url
    for private, code, says in ((None, 409, "The key is not here"), (new_pair()[1], 404, "It is not there")):
        other = a_desk(clock, private=private, RIGHTFACE_DATABASE_URL=url)
        page = signed_in(other, Role.CASEWORKER).get(f"/identity/{sight}")
        assert (page.status, says in page.text) == (code, True)
    assert said_of(app, case, Action.IDENTITY_SEEN) == []


def locked() -> bytes:
    return a_pdf(encryption=pikepdf.Encryption(owner="a", user="b"))


def test_what_cannot_be_drawn_is_said_and_not_noted_as_seen(
    app: Flask, caseworker: Browser, custodian: Browser
) -> None:
    sight, case, _ = may_see(app, caseworker, custodian, locked())
    page = caseworker.get(f"/identity/{sight}")
    assert (page.status, "It cannot be drawn" in page.text) == (404, True)
    assert said_of(app, case, Action.IDENTITY_SEEN) == []


def test_on_paper_it_is_not() -> None:
    style = (ROOT / "static" / "rightface.css").read_text(encoding="utf-8")
    assert ".rf-sight { display: none !important; }" in style.rpartition("@media print")[2]
