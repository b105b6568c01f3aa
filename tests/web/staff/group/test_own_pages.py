"""What a group sees before and after it has accepted the terms, and what its passphrase opens."""

import pytest
from flask import Flask
from sqlmodel import col, select

from portal.accounts import groups, people
from portal.accounts.models import GroupOpeningRow, StaffSessionRow
from portal.accounts.people import Account
from portal.accounts.permissions import Role
from portal.database import reading, transaction
from portal.trail import Action, Outcome, Reason
from portal.web.forgetting import all_that_is_over
from tests.web.browsing import Browser, Clock, Page
from tests.web.staff.conftest import signed_in
from tests.web.staff.group.making import PASSPHRASE, a_campaign, a_group, a_member, as_it_is, at_work, noted_of

WELL = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "agreed": "y"}


def openings(app: Flask, account: Account) -> int:
    """How many visits of somebody have opened their group."""
    theirs = col(StaffSessionRow.account_id) == account.id, col(GroupOpeningRow.id) == col(StaffSessionRow.id)
    with reading(app.extensions["rightface"].engine) as session:
        return len(session.exec(select(GroupOpeningRow.id).where(*theirs)).all())


def opened(browser: Browser, passphrase: str = PASSPHRASE, at: str = "/group/open") -> Page:
    return browser.send(browser.get(at), {"passphrase": passphrase})


# Who has no group


@pytest.mark.parametrize("address", ["/group", "/group/terms", "/group/open", "/group/campaigns"])
def test_who_is_in_no_group_reads_whom_to_ask(app: Flask, address: str) -> None:
    browser, _ = a_member(app, None)
    page = browser.get(address)
    assert (page.status, page.heading) == (409, "You are in no group yet")
    assert "portal@example.org" in page.text


def test_who_works_for_a_group_sees_nothing_else(app: Flask) -> None:
    browser, _ = a_member(app, a_group(app))
    assert browser.get("/").links() == ["/group"]
    for address in ("/queue", "/groups", "/people", "/trail", "/figures", "/addresses"):
        assert browser.get(address).status == 403, address


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GROUP_MEMBER])
def test_nobody_of_the_portal_opens_a_group(app: Flask, role: Role) -> None:
    """Also where an account was put into one by mistake."""
    browser = signed_in(app, role)
    group = a_group(app)
    with transaction(app.extensions["rightface"].engine) as session:
        for account in people.all_accounts(session, app.extensions["rightface"].config.staff_secret):
            if account.roles == {role}:
                groups.join(session, account.id, group.id)
    assert browser.get("/group").status == 403


# The terms


def test_first_of_all_come_the_terms(app: Flask) -> None:
    browser, _ = a_member(app, a_group(app, with_key=False))
    page = browser.get("/group")
    assert "First: the terms and your key" in page.text
    for address in ("/group/open", "/group/campaigns", "/group/campaigns/new"):
        assert browser.get(address).path == "/group/terms"
    page = browser.get("/group/terms")
    for told in ("article 26", "article 28", "Verein Beispiel", "Nobody can give you the passphrase back", "2026-11"):
        assert told in page.text


def test_they_are_accepted_with_a_passphrase_that_makes_the_key_and_opens_it(app: Flask) -> None:
    group = a_group(app, with_key=False)
    browser, _ = a_member(app, group)
    page = browser.send(browser.get("/group/terms"), WELL)
    assert (page.path, page.heading) == ("/group", "Faces & Rights")
    assert "Lock it" in page.text
    found = as_it_is(app, group.id)
    assert found.is_active
    assert found.terms_on == app.extensions["rightface"].today()
    assert noted_of(app, Action.GROUP_SET_UP, group.id) == [(Outcome.DONE, "")]
    page = browser.get("/group/terms")
    assert "passphrase" not in page.names()
    assert "Your group accepted them" in page.text

    colleague, _ = a_member(app, group, "Cy Colleague")
    assert opened(colleague).path == "/group"
    assert "Lock it" in colleague.get("/group").text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"agreed": ()}, "Tick this if your group accepts the terms; else nothing is opened to it"),
        ({"again": "another"}, "The two are not the same: type both once more"),
        (
            {"passphrase": "short", "again": "short"},
            "This is too easy to guess: take five words at random, or at least 20 characters",
        ),
        ({"passphrase": "", "again": ""}, "Enter a passphrase"),
    ],
)
def test_without_tick_and_passphrase_nothing_is_accepted(app: Flask, changed: dict[str, str], error: str) -> None:
    group = a_group(app, with_key=False)
    browser, _ = a_member(app, group)
    page = browser.send(browser.get("/group/terms"), {**WELL, **changed})
    assert (page.status, page.errors) == (422, [error])
    assert PASSPHRASE not in page.answer.text
    assert not as_it_is(app, group.id).is_active


def test_where_a_colleague_was_faster_their_passphrase_stands(app: Flask) -> None:
    group = a_group(app, with_key=False)
    late, _ = a_member(app, group, "Lee Late")
    page = late.get("/group/terms")
    first, _ = a_member(app, group)
    first.send(first.get("/group/terms"), WELL)
    half = as_it_is(app, group.id).half
    other = "another five words are here"
    assert late.send(page, {**WELL, "passphrase": other, "again": other}).status == 200
    assert as_it_is(app, group.id).half == half
    assert opened(late, other).status == 422


# The passphrase


def test_it_is_opened_for_one_visit_and_locked_again(app: Flask) -> None:
    group = a_group(app)
    browser, account = a_member(app, group)
    other = at_work(app, account)
    assert "Locked" in browser.get("/group").text
    assert opened(browser, at="/group/open?after=/group/campaigns").path == "/group/campaigns"
    assert browser.get("/group/open").path == "/group"
    assert "Locked" in other.get("/group").text
    assert noted_of(app, Action.GROUP_OPENED, group.id) == [(Outcome.DONE, "")]
    page = browser.post(browser.get("/group"), "/group/lock")
    assert "Locked" in page.text
    assert openings(app, account) == 0


def test_it_leads_to_pages_of_ours_alone(app: Flask) -> None:
    browser, _ = a_member(app, a_group(app))
    assert opened(browser, at="/group/open?after=https://evil.example").path == "/"


def test_a_wrong_passphrase_opens_nothing_and_is_noted(app: Flask) -> None:
    group = a_group(app)
    browser, account = a_member(app, group)
    page = opened(browser, "not the right one at all")
    assert page.status == 422
    assert page.errors == [
        "This is not the passphrase of your group. Look at how it is written, and type it once more."
    ]
    assert "not the right one" not in page.answer.text
    assert noted_of(app, Action.GROUP_OPENED, group.id) == [(Outcome.REFUSED, Reason.NO_PROOF)]
    assert openings(app, account) == 0


def test_after_ten_wrong_ones_nobody_is_asked_for_a_while(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.staff.group.opening._unlocked", lambda _group, _passphrase: None)
    group = a_group(app)
    browser, _ = a_member(app, group)
    page = browser.get("/group/open")
    statuses = [browser.send(page, {"passphrase": "x"}).status for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert noted_of(app, Action.GROUP_OPENED, group.id)[-1] == (Outcome.REFUSED, Reason.TOO_OFTEN)
    colleague, _ = a_member(app, group, "Cy Colleague")
    assert colleague.send(colleague.get("/group/open"), {"passphrase": "x"}).status == 422
    monkeypatch.undo()
    clock.forward(minutes=15)
    assert opened(browser).path == "/group"


def test_the_passphrase_is_changed_and_the_old_one_opens_nothing(app: Flask) -> None:
    group = a_group(app)
    browser, _ = a_member(app, group)
    other = "another five words are here"
    said = {"before": "not the right one at all", "passphrase": other, "again": other}
    page = browser.send(browser.get("/group/passphrase"), said)
    assert (page.status, len(page.errors)) == (422, 1)
    assert browser.send(page, {**said, "before": PASSPHRASE}).path == "/group"
    assert opened(browser).status == 422
    assert opened(browser, other).path == "/group"
    assert noted_of(app, Action.GROUP_RELOCKED, group.id) == [
        (Outcome.REFUSED, Reason.NO_PROOF),
        (Outcome.DONE, ""),
    ]


@pytest.mark.parametrize("how", ["sign out", "idle", "another group", "ended"])
def test_it_is_locked_when_the_visit_or_the_group_ends(app: Flask, clock: Clock, how: str) -> None:
    group = a_group(app)
    browser, account = a_member(app, group)
    opened(browser)
    assert openings(app, account) == 1
    parts = app.extensions["rightface"]
    if how == "sign out":
        browser.post(browser.get("/group"), "/sign-out")
    elif how == "idle":
        clock.forward(minutes=30)
        with transaction(parts.engine) as session:
            all_that_is_over(session, clock())
    else:
        with transaction(parts.engine) as session:
            if how == "ended":
                groups.end(session, group.id, parts.today())
            else:
                groups.join(session, account.id, groups.add(session, group_about(), parts.today()).id)
    assert openings(app, account) == 0
    assert browser.get("/group").path == "/sign-in"


def group_about() -> groups.About:
    return groups.About("Other", "https://example.org", "o@example.org", "at", False)


def test_the_first_page_says_who_else_works_for_it_and_what_waits(app: Flask) -> None:
    group = a_group(app)
    browser, _ = a_member(app, group)
    a_member(app, group, "Cy Colleague")
    a_member(app, a_group(app), "Otto Other")
    a_campaign(app, group, "submit", "refuse")
    page = browser.get("/group")
    assert "Cy Colleague" in page.text
    assert "Otto Other" not in page.text
    assert "Take your face back: The staff ask for other words" in page.text
