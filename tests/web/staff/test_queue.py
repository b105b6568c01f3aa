"""The queue and its tasks, as those see them who decide."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from portal.accounts.permissions import Role
from portal.cases import filing, reports, tasks, thread
from portal.cases.case_key import new_case_key
from portal.cases.drafts import Draft
from portal.cases.filing import ToFile, Wish
from portal.cases.models import CaseRow, ReportRow, TaskRow
from portal.cases.reports import Report
from portal.cases.tasks import CHOICES, CLAIM, GROUNDS, Choice, Decision, Matter
from portal.cases.thread import Content
from portal.database import reading, transaction
from portal.letters.kept import Made
from portal.trail import Action, Outcome, TrailRow
from portal.vault import PublicHalf, new_pair
from portal.web.decision_words import GROUNDS as GROUND_WORDS
from portal.web.staff.task_words import DECISIONS, MATTERS, WHICH
from tests.building import DETAILS, TODAY, a_letter, a_situation
from tests.web.browsing import Browser, Clock, Page
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk, signed_in

#: Where two laws reach Clearview.
QUEBEC = {"place": "ca-qc", "law": "ca-pipeda"}
LATER = TODAY.replace(year=TODAY.year + 1)


@pytest.fixture
def clerk(app: Flask) -> Browser:
    return signed_in(app, Role.TRIAGE)


def filed(app: Flask, *organisations: str, name: str = "Ana Example", **more: Any) -> list[str]:
    """File letters as the public portal does; the ids of their tasks."""
    house = app.extensions["rightface"]
    details, place, law = {**DETAILS, "full_name": name}, more.get("place", "at"), more.get("law", "eu-gdpr")
    letters = [
        ToFile(
            Draft(
                place,
                one,
                "access",
                law,
                more.get("role", "self"),
                details=details,
                known_as=more.get("known_as", {}),
            ),
            Made(a_letter(a_situation(place, one))),
            LATER,
            more.get("closes_on"),
            more.get("unconfirmed", ""),
            bool(more.get("known_as")),
        )
        for one in organisations or ("clearview-ai",)
    ]
    key, lookup_key = new_case_key(), house.config.lookup_key
    wish = Wish(STAFF.public if more.get("shared") else None, bool(more.get("urgent")), STAFF.public)
    made = filing.prepared(key, lookup_key, letters, house.today(), "v1", wish)
    with transaction(house.engine) as session:
        filing.keep(session, made)
    return [row.id for row in made.rows if isinstance(row, TaskRow)]


def reported(app: Flask, text: str, half: PublicHalf = STAFF.public, **more: str) -> str:
    """Report something; the id of the report."""
    house = app.extensions["rightface"]
    with transaction(house.engine) as session:
        return reports.leave(session, half, Report(text, **more), house.today())


def put(app: Flask, matter: Matter, subject: str) -> str:
    house = app.extensions["rightface"]
    row = tasks.new(matter, subject, house.today())
    with transaction(house.engine) as session:
        tasks.put(session, row)
    return row.id


def kept(app: Flask, id_: str) -> TaskRow:
    with reading(app.extensions["rightface"].engine) as session:
        return session.get_one(TaskRow, id_)


def open_tasks(app: Flask, matter: Matter) -> list[TaskRow]:
    with reading(app.extensions["rightface"].engine) as session:
        wanted = select(TaskRow).where(TaskRow.matter == matter.value, TaskRow.decided_on == None)  # noqa: E711
        return [*session.exec(wanted)]


def noted(app: Flask, action: Action) -> list[tuple[str, str, str]]:
    """What stands in the trail of an action: the subject, how it ended, why."""
    with reading(app.extensions["rightface"].engine) as session:
        rows = session.exec(select(TrailRow).where(TrailRow.action == action.value).order_by(TrailRow.n))  # type: ignore[arg-type]
        return [(row.subject, row.outcome, row.reason) for row in rows]


def listed(page: Page) -> list[str]:
    """The ids of the tasks that a page lists."""
    return [link.rpartition("/")[2].partition("?")[0] for link in page.links() if link.startswith("/tasks/")]


def press(browser: Browser, page: Page, address: str, **more: Any) -> Page:
    """Press a button whose form goes to an address."""
    data: Mapping[str, Any] = {"csrf_token": page.tree.xpath("//input[@name='csrf_token']/@value")[0], **more}
    return Page(browser._open(address, method="POST", data=data))


def taken(browser: Browser, id_: str) -> Page:
    return press(browser, browser.get(f"/tasks/{id_}"), f"/tasks/{id_}/claim")


def decided(browser: Browser, id_: str, choice: str, then: str = "stop", **more: str) -> Page:
    return press(browser, taken(browser, id_), f"/tasks/{id_}/decide", choice=choice, then=then, **more)


# The words


@pytest.mark.parametrize(
    ("words", "every"), [(MATTERS, Matter), (DECISIONS, Choice), (GROUND_WORDS, tasks.Ground), (WHICH, None)]
)
def test_everything_has_its_words(words: Mapping[Any, Any], every: Any) -> None:
    assert {*words} == {*(every or type(next(iter(words))))}


# The list


def test_what_is_filed_is_in_the_queue_with_clear_facts_alone(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app)
    page = clerk.get("/queue")
    assert page.heading == "What is to be decided"
    assert listed(page) == [id_]
    for told in ("Filed: Clearview AI", "Austria", "GDPR", "by 30 Nov", "clear facts only"):
        assert told in page.text
    assert "Ana" not in page.answer.text


def test_the_desk_leads_there_whoever_decides_something(app: Flask) -> None:
    for role in Role:
        leads = "/queue" in signed_in(app, role).get("/").links()
        assert leads is (role in (Role.TRIAGE, Role.CASEWORKER, Role.CUSTODIAN, Role.LAW_EDITOR, Role.GROUP_MANAGER))


#: What is about organisations, and no case.
LISTED = (Matter.PROPOSED, Matter.REPORTED, Matter.ADDRESS, Matter.ORGANISATION_ANSWER)


@pytest.mark.parametrize(
    ("role", "matters"),
    [
        (Role.TRIAGE, {Matter.FILED, Matter.CONTESTED, *LISTED}),
        (Role.CASEWORKER, {*Matter} - {Matter.STALE, Matter.IDENTITY, Matter.GROUP, Matter.CAMPAIGN}),
        (Role.CUSTODIAN, {Matter.IDENTITY}),
        (Role.GROUP_MANAGER, {Matter.GROUP, Matter.CAMPAIGN}),
        (Role.LAW_EDITOR, {Matter.STALE, *LISTED}),
    ],
)
def test_each_sees_what_they_decide_and_nothing_else(app: Flask, role: Role, matters: set[Matter]) -> None:
    [id_] = filed(app)
    stale = put(app, Matter.STALE, "laws/eu-gdpr.toml")
    browser = signed_in(app, role)
    page = browser.get("/queue")
    assert {option.get("value") for option in page.field("matter")} == {"", *matters}
    for one, matter in ((id_, Matter.FILED), (stale, Matter.STALE)):
        assert (one in listed(page)) is (matter in matters)
        assert browser.get(f"/tasks/{one}").status == (200 if matter in matters else 404)


def test_who_asks_for_a_task_that_is_not_theirs_to_decide_is_noted(app: Flask) -> None:
    [id_] = filed(app)
    assert signed_in(app, Role.LAW_EDITOR).get(f"/tasks/{id_}").status == 404
    assert noted(app, Action.ACCESS_REFUSED) == [(id_, Outcome.REFUSED, "not_theirs")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("matter=filed", "ab"),
        ("matter=reported", "c"),
        ("organisation=pimeyes", "b"),
        ("place=at", "ab"),
        ("place=gb", ""),
        ("which=mine", "a"),
        ("which=free", "bc"),
        ("which=waiting", ""),
        ("urgent=y", ""),
        ("after=2026-11-30.~", "c"),
        ("after=nonsense", "abc"),
        ("after=2026-13-40.x", "abc"),
        ("after=2026-11-30.%00", "abc"),  # PostgreSQL would break
    ],
)
def test_the_list_is_narrowed(app: Flask, clerk: Browser, query: str, found: str) -> None:
    a, b = filed(app, "clearview-ai", "pimeyes")
    reported(app, "A word is wrong.")
    [c] = [row.id for row in open_tasks(app, Matter.REPORTED)]
    taken(clerk, a)
    assert {*listed(clerk.get(f"/queue?{query}"))} == {{"a": a, "b": b, "c": c}[one] for one in found}


def test_a_choice_that_is_not_offered_is_said_and_everything_shown(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app)
    page = clerk.get("/queue?organisation=nobody-of-this-name")
    assert (page.status, listed(page)) == (422, [id_])
    assert page.errors


def test_an_empty_queue_says_what_would_fill_it(clerk: Browser) -> None:
    assert "What people file, propose, report or ask comes here by itself." in clerk.get("/queue").text


def test_pages_of_the_list_follow_on_each_other(app: Flask, clerk: Browser) -> None:
    ids = {id_ for _ in range(3) for id_ in filed(app, *["clearview-ai"] * 10)}
    first = clerk.get("/queue")
    second = clerk.get(first.links("The next ones")[0])
    assert len(listed(first)) == 25
    assert {*listed(first), *listed(second)} == ids
    assert second.links("The next ones") == []


# Taking


def test_what_is_needed_first_is_taken_and_is_mine(app: Flask, clerk: Browser) -> None:
    later, [sooner] = filed(app)[0], filed(app, closes_on=TODAY)
    page = press(clerk, clerk.get("/queue"), "/queue/next")
    assert page.path == f"/tasks/{sooner}"
    assert page.heading == "Does this go the right way?"
    assert kept(app, sooner).claimed_by
    assert kept(app, later).claimed_by is None
    assert noted(app, Action.TASK_CLAIMED) == [(sooner, Outcome.DONE, "")]


def test_who_has_one_in_hand_goes_on_with_that(app: Flask, clerk: Browser) -> None:
    a, b = filed(app, "clearview-ai", "pimeyes")
    taken(clerk, b)
    assert press(clerk, clerk.get("/queue"), "/queue/next").path == f"/tasks/{b}"
    assert kept(app, a).claimed_by is None


def test_the_next_one_is_of_what_is_shown(app: Flask, clerk: Browser) -> None:
    filed(app)
    reported(app, "A word is wrong.")
    [row] = open_tasks(app, Matter.REPORTED)
    assert press(clerk, clerk.get("/queue"), "/queue/next?matter=reported").path == f"/tasks/{row.id}"
    assert "Nothing here is to be decided" in press(clerk, clerk.get("/queue"), "/queue/next?matter=contested").text


def test_what_a_colleague_has_can_be_seen_and_not_decided(app: Flask, clerk: Browser, clock: Clock) -> None:
    [id_] = filed(app)
    other = signed_in(app, Role.TRIAGE, name="Dan Desk")
    before = other.get(f"/tasks/{id_}")
    taken(clerk, id_)
    page = other.get(f"/tasks/{id_}")
    assert "A colleague has it in hand" in page.text
    assert "choice" not in page.names()
    late = press(other, before, f"/tasks/{id_}/claim")
    assert late.status == 409
    assert "A colleague was faster." in late.text
    refused = press(other, before, f"/tasks/{id_}/decide", choice="right")
    assert refused.status == 409
    assert kept(app, id_).decided_on is None
    assert (id_, Outcome.REFUSED, "taken") in noted(app, Action.TASK_CLAIMED)
    assert noted(app, Action.TASK_DECIDED) == [(id_, Outcome.REFUSED, "not_theirs")]
    clock.forward(seconds=CLAIM.total_seconds())
    other = signed_in(app, Role.TRIAGE, name="Dan Desk")
    assert decided(other, id_, "right").path == "/queue"
    assert kept(app, id_).choice == Choice.RIGHT


def test_it_is_put_back_or_handed_to_a_colleague_who_may(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app)
    other = signed_in(app, Role.CASEWORKER, name="Dan Desk")
    signed_in(app, Role.LAW_EDITOR, name="Lou Law")
    page = taken(clerk, id_)
    offered = {option.text: option.get("value") for option in page.field("to")}
    assert [name for name in offered if name and "Desk" in name] == ["Dan Desk"]
    assert not any("Law" in (name or "") or "Cleo" in (name or "") for name in offered)
    press(clerk, page, f"/tasks/{id_}/hand-on", to=offered["Dan Desk"])
    assert kept(app, id_).claimed_by == offered["Dan Desk"]
    theirs = other.get(f"/tasks/{id_}")
    press(other, theirs, f"/tasks/{id_}/hand-on", to="")
    assert kept(app, id_).claimed_by is None
    assert press(other, theirs, f"/tasks/{id_}/hand-on", to="").status == 409


def test_who_signs_out_keeps_nothing_in_hand(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app)
    page = taken(clerk, id_)
    press(clerk, page, "/sign-out")
    assert kept(app, id_).claimed_by is None


# Deciding

EVERY = [(matter, choice) for matter in (Matter.FILED, Matter.CONTESTED) for choice in CHOICES[matter]]


@pytest.mark.parametrize(("matter", "choice"), EVERY)
def test_each_decision_is_said_before_and_kept_after(
    app: Flask, clerk: Browser, matter: Matter, choice: Choice
) -> None:
    [id_] = filed(app, **QUEBEC)
    if matter is Matter.CONTESTED:
        id_ = contested(app, id_)
    page = taken(clerk, id_)
    assert str(DECISIONS[choice].follows) in page.text
    more = {"ground": GROUNDS[choice][0].value} if choice in GROUNDS else {}
    if choice is Choice.REROUTE:
        more = {"way": next(value for value in page.field("way").xpath("./option/@value") if value)}
    if choice is Choice.ASK:
        more = {"saved": "when-sent"}
    done = decided(clerk, id_, choice.value, **more)
    assert done.status == 200
    row = kept(app, id_)
    assert (row.choice, row.ground or "", row.way or "") == (choice, more.get("ground", ""), more.get("way", ""))
    assert noted(app, Action.TASK_DECIDED)[-1] == (id_, Outcome.DONE, choice)
    assert "Decided:" in clerk.get(f"/tasks/{id_}").text


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "Choose what you decide"),
        ({"choice": "burn"}, "Not a valid choice"),
        ({"choice": "reroute"}, "Choose the law by which it should go"),
        ({"choice": "reroute", "way": "no-law"}, "Choose the law by which it should go"),
        ({"choice": "reroute", "way": "ca-pipeda"}, "Choose the law by which it should go"),
        ({"choice": "hold"}, "Choose a reason that fits what you decided"),
        ({"choice": "hold", "ground": "needs_lawyer"}, "Choose a reason that fits what you decided"),
        ({"choice": "decline", "ground": "no_hands"}, "Not a valid choice"),  # that is of another matter
    ],
)
def test_what_is_not_whole_is_said_and_decides_nothing(
    app: Flask, clerk: Browser, data: dict[str, str], error: str
) -> None:
    [id_] = filed(app, **QUEBEC)
    page = press(clerk, taken(clerk, id_), f"/tasks/{id_}/decide", **data)
    assert page.status == 422
    assert any(error in one for one in page.errors)
    assert kept(app, id_).decided_on is None


def test_the_next_one_comes_when_one_is_decided(app: Flask, clerk: Browser) -> None:
    a, b = filed(app, "clearview-ai", "pimeyes")
    first = press(clerk, clerk.get("/queue"), "/queue/next").path.rpartition("/")[2]
    page = press(clerk, clerk.get(f"/tasks/{first}"), f"/tasks/{first}/decide", choice="right")
    assert page.path == f"/tasks/{({a, b} - {first}).pop()}"


def test_help_goes_to_a_caseworker(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app, closes_on=TODAY)
    decided(clerk, id_, "help")
    [wanted] = open_tasks(app, Matter.HELP)
    assert (wanted.case_id, wanted.closes_on) == (kept(app, id_).case_id, TODAY)
    assert clerk.get(f"/tasks/{wanted.id}").status == 404
    assert signed_in(app, Role.CASEWORKER).get(f"/tasks/{wanted.id}").status == 200


def contested(app: Flask, id_: str, choice: Choice = Choice.HOLD) -> str:
    """That a colleague decided a task, and that the person contests it; the new task."""
    house = app.extensions["rightface"]
    dan = signed_in(app, Role.CASEWORKER, name="Dan Desk")
    decided(dan, id_, choice.value, ground=GROUNDS[choice][0].value)
    with transaction(house.engine) as session:
        tasks.contest(session, session.get_one(TaskRow, id_), house.today())
    [row] = open_tasks(app, Matter.CONTESTED)
    return row.id


def test_a_contested_decision_is_anothers_to_look_at(app: Flask, clerk: Browser) -> None:
    [held] = filed(app)
    id_ = contested(app, held)
    dan = signed_in(app, Role.CASEWORKER, name="Dan Desk")
    page = dan.get(f"/tasks/{id_}")
    assert "You made the decision that it is about." in page.text
    assert press(dan, page, f"/tasks/{id_}/claim").status == 409
    assert noted(app, Action.TASK_CLAIMED)[-1] == (id_, Outcome.REFUSED, "second_person")
    assert str(GROUND_WORDS[GROUNDS[Choice.HOLD][0]]) in clerk.get(f"/tasks/{id_}").text
    decided(clerk, id_, "lifted")
    assert kept(app, held).lifted_on is not None


def test_help_that_was_declined_wrongly_goes_to_another_caseworker(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app)
    decided(clerk, id_, "help")
    [wanted] = open_tasks(app, Matter.HELP)
    again = contested(app, wanted.id, Choice.DECLINE)
    decided(clerk, again, "lifted")
    [anew] = open_tasks(app, Matter.HELP)
    dan = signed_in(app, Role.CASEWORKER, name="Dan Desk")
    assert press(dan, dan.get("/queue"), f"/tasks/{anew.id}/claim").status == 409
    assert taken(signed_in(app, Role.CASEWORKER, name="Eve Else"), anew.id).status == 200


# What must be known


def test_a_filing_alike_and_one_for_somebody_else_are_said(app: Flask, clerk: Browser) -> None:
    [one] = filed(app, name="Ána  Example", role="agent")
    [other] = filed(app, name="ana example")
    filed(app, name="Bea Example")
    filed(app, "pimeyes", name="Ana Example")
    page = clerk.get(f"/tasks/{one}")
    assert "Written for somebody else" in page.text
    assert listed(page) == [other]
    assert "Written for somebody else" not in clerk.get(f"/tasks/{other}").text
    assert not {word for word in ("Ana", "ana", "Ána") if f"{word} " in page.text}


def test_without_the_staffs_key_a_filing_is_decided_all_the_same(a_desk: ADesk) -> None:
    app = a_desk()
    [id_] = filed(app, role="agent")
    browser = signed_in(app, Role.TRIAGE)
    assert "Written for somebody else" not in browser.get(f"/tasks/{id_}").text
    decided(browser, id_, "right")
    assert kept(app, id_).choice == Choice.RIGHT


def test_it_waits_for_the_address_and_goes_on_with_it(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app, unconfirmed="clearview-ai")
    filed(app, unconfirmed="clearview-ai")
    [address] = open_tasks(app, Matter.ADDRESS)
    assert {*listed(clerk.get("/queue"))} == {address.id}
    assert "2 filings" in clerk.get(f"/tasks/{address.id}").text
    assert "It waits" in clerk.get(f"/tasks/{id_}").text
    page = taken(clerk, address.id)
    assert page.path == "/addresses/clearview-ai"
    assert clerk.send(page, {"page": "https://www.clearview.ai/privacy"}).heading == "Does this go the right way?"
    assert kept(app, address.id).choice == Choice.DONE
    assert len(listed(clerk.get("/queue"))) == 2


def test_another_law_is_offered_while_the_letter_is_not_sent(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app, **QUEBEC)
    assert "way" in taken(clerk, id_).names()
    house = app.extensions["rightface"]
    with transaction(house.engine) as session:
        session.exec(select(CaseRow)).one().status = "sent"
    page = clerk.get(f"/tasks/{id_}")
    assert "way" not in page.names()
    assert "Another law fits better" not in page.text


def test_an_organisation_is_proposed_once_and_what_waited_for_it_goes_on(app: Flask, clerk: Browser) -> None:
    known = {"name": "Face Finder", "kind": "company", "seat": "us", "address": "1 Sample Street\nExampletown"}
    [one] = filed(app, known_as=known)
    filed(app, known_as={**known, "name": "FACE  finder", "address": "elsewhere"})
    [proposed] = open_tasks(app, Matter.PROPOSED)
    assert listed(clerk.get("/queue")) == [proposed.id]
    page = taken(clerk, proposed.id)
    for told in ("Face Finder", "1 Sample Street, Exampletown", "United States", "A company", "2 filings"):
        assert told in page.text
    assert not any(word.encode() in (proposed.sealed or b"") for word in known.values() if len(word) > 3)
    assert "It waits" in clerk.get(f"/tasks/{one}").text
    decided(clerk, proposed.id, "refused")
    assert len(listed(clerk.get("/queue"))) == 2
    assert "forgotten when it is decided" in clerk.get(f"/tasks/{proposed.id}").text


def test_a_proposal_that_nobody_can_read_is_not_decided(a_desk: ADesk) -> None:
    app = a_desk()
    filed(app, known_as={"name": "Face Finder"})
    [proposed] = open_tasks(app, Matter.PROPOSED)
    browser = signed_in(app, Role.LAW_EDITOR)
    page = taken(browser, proposed.id)
    assert "The key is not here" in page.text
    press(browser, page, f"/tasks/{proposed.id}/decide", choice="refused")
    assert kept(app, proposed.id).decided_on is None


# What was reported


def kept_reports(app: Flask) -> set[str]:
    with reading(app.extensions["rightface"].engine) as session:
        return {*session.exec(select(ReportRow.id))}


@pytest.mark.parametrize("role", [Role.TRIAGE, Role.CASEWORKER, Role.LAW_EDITOR])
def test_a_report_is_read_and_deleted_when_it_is_dealt_with(app: Flask, role: Role) -> None:
    id_ = reported(app, "The address is old.\n<b>Really</b>", page="/laws/<id_>", email="ana+x@example.org")
    other = reported(app, "A word is wrong.")
    [task] = [row.id for row in open_tasks(app, Matter.REPORTED) if row.subject == id_]
    browser = signed_in(app, role)
    page = taken(browser, task)
    for told in ("The address is old. <b>Really</b>", "/laws/<id_>", "deleted"):
        assert told in page.text
    assert "mailto:ana%2Bx%40example.org" in page.links()
    press(browser, page, f"/tasks/{task}/decide", choice="done", then="stop")
    assert kept_reports(app) == {other}
    assert kept(app, task).choice == Choice.DONE
    assert noted(app, Action.REPORT_DONE) == [(id_, Outcome.DONE, "")]


@pytest.mark.parametrize("lost", [True, False])
def test_a_report_that_nobody_can_read_is_not_deleted(a_desk: ADesk, lost: bool) -> None:
    app = a_desk(private=STAFF.private if lost else None)
    id_ = reported(app, "A word is wrong.", new_pair()[0] if lost else STAFF.public)
    [task] = [row.id for row in open_tasks(app, Matter.REPORTED)]
    browser = signed_in(app, Role.TRIAGE)
    page = taken(browser, task)
    assert ("It was sealed to another key" if lost else "The key is not here") in page.text
    assert "choice" not in page.names()
    press(browser, page, f"/tasks/{task}/decide", choice="done")
    assert kept_reports(app) == {id_}
    assert kept(app, task).decided_on is None


# Many at once


def together(clerk: Browser, ids: list[str]) -> Page:
    return press(clerk, clerk.get("/queue"), "/queue/together", tasks=ids)


def test_several_filings_are_shown_and_then_decided_at_once(app: Flask, clerk: Browser) -> None:
    ids = filed(app, "clearview-ai", "pimeyes", "clearview-ai")
    page = together(clerk, ids)
    assert page.heading == "Are these 3 filings right as they are?"
    assert {kept(app, id_).decided_on for id_ in ids} == {None}
    signed_in(app, Role.TRIAGE, name="Dan Desk")
    taken(signed_in(app, Role.TRIAGE, name="Dan Desk"), ids[1])
    done = press(clerk, page, "/queue/decided", tasks=ids)
    assert "2 filings are decided" in done.text
    assert "1 is left" in done.text
    assert [kept(app, id_).choice for id_ in ids] == ["right", None, "right"]
    assert len(noted(app, Action.TASK_DECIDED)) == 2


def test_nothing_but_filings_is_decided_many_at_once(app: Flask, clerk: Browser) -> None:
    address = put(app, Matter.ADDRESS, "clearview-ai")
    assert together(clerk, [address, "0" * 32, "no id\0"]).path == "/queue"
    press(clerk, clerk.get("/queue"), "/queue/decided", tasks=[address])
    assert kept(app, address).decided_on is None


def test_nothing_ticked_is_the_queue_again(clerk: Browser, app: Flask) -> None:
    filed(app)
    assert together(clerk, []).path == "/queue"


def test_what_is_decided_twice_is_decided_once(app: Flask, clerk: Browser) -> None:
    [id_] = filed(app)
    page = taken(clerk, id_)
    for _ in range(2):
        press(clerk, page, f"/tasks/{id_}/decide", choice="right", then="stop")
    assert [one[1] for one in noted(app, Action.TASK_DECIDED)] == [Outcome.DONE, Outcome.REFUSED]


def test_a_decision_that_breaks_half_way_decides_nothing(
    app: Flask, clerk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    [id_] = filed(app)
    page = taken(clerk, id_)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("portal.cases.deciding.carry_out", broken)
        assert press(clerk, page, f"/tasks/{id_}/decide", choice="right").status == 500
    assert kept(app, id_).decided_on is None
    assert noted(app, Action.TASK_DECIDED) == []


def test_a_decision_is_of_plain_values() -> None:
    assert replace(Decision(Choice.HOLD), ground=tasks.Ground.HARM).ground is tasks.Ground.HARM


# Writing to the person, and reading what they share


@pytest.fixture
def helper(app: Flask) -> Browser:
    return signed_in(app, Role.CASEWORKER, name="Dan Desk")


def wants_help(app: Flask, **more: Any) -> str:
    """That a filing wants help; the task of it."""
    [id_] = filed(app, name="Ana Maria Example", **more)
    decided(signed_in(app, Role.TRIAGE), id_, "help")
    return next(row.id for row in open_tasks(app, Matter.HELP) if row.case_id == kept(app, id_).case_id)


def written(app: Flask, case_id: str) -> list[Any]:
    """What the staff read of the thread of a case."""
    with reading(app.extensions["rightface"].engine) as session:
        return [one.content for one in thread.read_as_staff(session, case_id, STAFF.private)]


@pytest.mark.parametrize(
    ("data", "content"),
    [
        ({"text": "Which day was it?"}, Content(text="Which day was it?")),
        ({"saved": "when-sent"}, Content(saved="when-sent")),
        (
            {"saved": "other-organisation", "blank_organisation": "pimeyes", "text": "left out"},
            Content(saved="other-organisation", blanks={"organisation": "pimeyes"}),
        ),
        (
            {"saved": "consent-to-group", "blank_group": "noyb"},
            Content(saved="consent-to-group", blanks={"group": "noyb"}),
        ),
    ],
)
def test_who_is_asked_finds_it_in_their_case(
    app: Flask, clerk: Browser, data: dict[str, str], content: Content
) -> None:
    [id_] = filed(app)
    done = decided(clerk, id_, "ask", **data)
    assert done.path == "/queue"
    assert written(app, str(kept(app, id_).case_id)) == [content]
    assert kept(app, id_).choice == Choice.ASK


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "Choose a message, or write one"),
        ({"saved": "nothing-of-this-name"}, "Choose a message, or write one"),
        ({"saved": "other-organisation"}, "This message needs it"),
        ({"saved": "other-organisation", "blank_organisation": "nobody"}, "This message needs it"),
        ({"text": "x" * 4_001}, "Use at most 4000 characters"),
    ],
)
def test_a_message_that_is_not_whole_is_said_and_nothing_is_decided(
    app: Flask, clerk: Browser, data: dict[str, str], error: str
) -> None:
    [id_] = filed(app)
    page = press(clerk, taken(clerk, id_), f"/tasks/{id_}/decide", choice="ask", **data)
    assert page.status == 422
    assert any(error in one for one in page.errors), page.errors
    assert page.value("text") == data.get("text", "")
    assert written(app, str(kept(app, id_).case_id)) == []
    assert kept(app, id_).decided_on is None


def test_nothing_is_asked_where_the_key_to_read_it_again_is_not_known(a_desk: ADesk) -> None:
    app = a_desk()
    [id_] = filed(app)
    browser = signed_in(app, Role.TRIAGE)
    page = decided(browser, id_, "ask", text="Which day was it?")
    assert (page.status, page.value("text")) == (409, "Which day was it?")
    assert "the staff’s key is not known here" in page.text
    assert kept(app, id_).decided_on is None


def test_what_is_shared_is_masked_until_somebody_says_why_and_then_while_they_have_it(
    app: Flask, helper: Browser
) -> None:
    id_ = wants_help(app, shared=True)
    page = taken(helper, id_)
    assert "A••• M••• E•••" in page.text
    assert "Ana" not in page.answer.text
    assert "Example" not in page.main.text_content()
    press(helper, page, f"/tasks/{id_}/unmask")
    assert noted(app, Action.UNMASKED) == []
    shown = press(helper, page, f"/tasks/{id_}/unmask", reason="help_wanted")
    assert "Ana Maria Example" in shown.text
    assert DETAILS["address"].splitlines()[0] in shown.text
    [(subject, outcome, reason)] = noted(app, Action.UNMASKED)
    assert (len(subject), outcome, reason) == (64, Outcome.DONE, "help_wanted")
    other = signed_in(app, Role.CASEWORKER, name="Eve Else")
    assert "Ana" not in other.get(f"/tasks/{id_}").answer.text
    press(helper, shown, f"/tasks/{id_}/hand-on", to="")
    assert "Ana" not in taken(other, id_).answer.text
    assert "Ana" not in helper.get(f"/tasks/{id_}").answer.text


def test_who_takes_it_anew_sees_nothing_that_was_unmasked_before(app: Flask, clock: Clock, helper: Browser) -> None:
    id_ = wants_help(app, shared=True)
    press(helper, taken(helper, id_), f"/tasks/{id_}/unmask", reason="help_wanted")
    clock.forward(seconds=CLAIM.total_seconds())
    again = signed_in(app, Role.CASEWORKER, name="Dan Desk")
    assert "Ana" not in taken(again, id_).answer.text


def test_what_the_person_writes_while_somebody_decides_is_read_as_well(app: Flask, helper: Browser) -> None:
    id_ = wants_help(app)
    page = taken(helper, id_)
    house, case_id = app.extensions["rightface"], str(kept(app, id_).case_id)
    with transaction(house.engine) as session:
        half = PublicHalf(session.get_one(CaseRow, case_id).public_key)
        said = Content(text="One thing more.")
        thread.write(session, case_id, half, STAFF.public, said, from_staff=False, today=house.today())
    press(helper, page, f"/tasks/{id_}/decide", choice="done", then="stop")
    [unread] = open_tasks(app, Matter.MESSAGE)
    assert "One thing more." in taken(helper, unread.id).text
    decided(helper, unread.id, "done")
    assert open_tasks(app, Matter.MESSAGE) == []


def test_what_is_not_shared_shows_no_letter_of_a_name(app: Flask, helper: Browser) -> None:
    id_ = wants_help(app)
    page = taken(helper, id_)
    assert "They alone: we see these facts" in page.text
    assert "Who it is" not in page.text
    press(helper, page, f"/tasks/{id_}/unmask", reason="help_wanted")
    assert "Ana" not in helper.get(f"/tasks/{id_}").answer.text
    assert noted(app, Action.UNMASKED) == []


def test_who_does_not_have_it_in_hand_unmasks_nothing(app: Flask, helper: Browser) -> None:
    id_ = wants_help(app, shared=True)
    page = helper.get(f"/tasks/{id_}")
    press(helper, page, f"/tasks/{id_}/unmask", reason="help_wanted")
    assert "Ana" not in helper.get(f"/tasks/{id_}").answer.text
    assert noted(app, Action.UNMASKED) == [(id_, Outcome.REFUSED, "not_theirs")]


def test_a_triager_tries_every_way_to_a_name_and_gets_none(app: Flask, clerk: Browser, helper: Browser) -> None:
    id_ = wants_help(app, shared=True)
    press(helper, taken(helper, id_), f"/tasks/{id_}/unmask", reason="help_wanted")
    case = str(kept(app, id_).case_id)
    [filing] = [row.id for row in rows_of(app) if row.matter == Matter.FILED]
    token = clerk.get("/queue").tree.xpath("//input[@name='csrf_token']/@value")[0]
    ways = [
        *(f"/tasks/{one}" for one in (id_, filing, case)),
        *(f"/tasks/{id_}/{what}" for what in ("claim", "decide", "hand-on", "unmask", f"papers/{'0' * 32}")),
        *(f"/cases/{case}{what}" for what in ("", "/letter.pdf", "/messages")),
        *("/people", "/trail", f"/queue?organisation={case}", f"/queue?after=2026-11-30.{id_}"),
    ]
    for way in ways:
        for method in ("GET", "POST"):
            data = {"csrf_token": token, "reason": "help_wanted", "choice": "done"} if method == "POST" else None
            with clerk.client.open(way, method=method, data=data, follow_redirects=True) as answer:
                assert not {b"Ana", b"Maria"} & {*answer.data.replace(b">", b" ").split()}, (method, way)
    assert kept(app, id_).decided_on is None


def rows_of(app: Flask) -> list[TaskRow]:
    with reading(app.extensions["rightface"].engine) as session:
        return [*session.exec(select(TaskRow))]


def test_more_than_twenty_in_an_hour_raise_the_alarm(app: Flask, helper: Browser) -> None:
    for _ in range(21):
        id_ = wants_help(app, shared=True)
        press(helper, taken(helper, id_), f"/tasks/{id_}/unmask", reason="help_wanted")
        decided(helper, id_, "done")
    assert len(noted(app, Action.UNMASKED)) == 21
    assert [one[2] for one in noted(app, Action.ALARM)] == ["too_many"]
