"""Groups as the portal's staff see them: let in on what they wrote, managed, ended."""

import pytest
from flask import Flask
from sqlmodel import select

from portal.accounts import groups, people
from portal.accounts.groups import About
from portal.accounts.models import AccountRow, InvitationRow
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.cases import applications, group_sharing
from portal.cases.applications import Application
from portal.cases.campaigns import State
from portal.cases.group_sharing import Scope, wanted
from portal.cases.models import ShareRow, WrapRow
from portal.cases.tasks import Choice, Matter
from portal.columns import new_id
from portal.database import reading, transaction
from portal.trail import Action, Outcome
from portal.vault import PublicHalf, new_pair
from tests.cases.filed import filed
from tests.web.browsing import Browser, Clock, Page
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk, signed_in
from tests.web.staff.device import Device
from tests.web.staff.group.making import a_campaign, a_group, a_member, as_it_is, campaign, pressed
from tests.web.staff.test_own_sign_in import opened, options
from tests.web.staff.test_queue import decided, kept, noted, open_tasks, taken

ABOUT = About("Gesichter & Rechte", "https://example.org/about", "group@example.org", "at", True)
SAID = {"name": "Sample", "page": "https://example.org", "email": "a@example.org", "place": "at"}


@pytest.fixture
def manager(app: Flask) -> Browser:
    return signed_in(app, Role.GROUP_MANAGER)


def applied(app: Flask, half: PublicHalf = STAFF.public, email: str = "pia@example.org") -> str:
    """A group asks to be let in; the id of the task."""
    parts = app.extensions["rightface"]
    said = Application(ABOUT, "We help people in Vienna.", "Pia Sample", email)
    with transaction(parts.engine) as session:
        applications.leave(session, half, parts.config.lookup_key, said, parts.today())
    [task] = open_tasks(app, Matter.GROUP)
    return task.id


def all_groups(app: Flask) -> list[groups.Group]:
    with reading(app.extensions["rightface"].engine) as session:
        return [*groups.every(session)]


def link_on(page: Page) -> str:
    [shown] = page.main.xpath(".//p[@class='rf-secret']/text()")
    return str(shown)


# Deciding


def test_what_was_written_stands_on_the_page_of_the_task_alone(app: Flask, manager: Browser) -> None:
    id_ = applied(app)
    queue = manager.get("/queue")
    assert "Group that wants to be let in" in queue.text
    assert "Gesichter" not in queue.answer.text
    page = taken(manager, id_)
    assert page.heading == "May this group work here?"
    for told in (ABOUT.name, ABOUT.page, ABOUT.email, "Austria", "It says so", "Pia Sample", "We help people"):
        assert told in page.text
    assert any(link.startswith("mailto:pia%40example.org?subject=") for link in page.links())
    for told in ("Let it in", "Do not let it in", "Nobody tells them: write to them by e-mail first"):
        assert told in page.text


def test_who_wrote_is_invited_and_works_for_the_group(app: Flask, manager: Browser) -> None:
    id_ = applied(app)
    page = decided(manager, id_, Choice.ACCEPTED.value)
    assert page.heading == "The group is let in"
    assert "Pia Sample" in page.text
    assert page.answer.headers["Cache-Control"] == "no-store"
    [group] = all_groups(app)
    assert (group.name, group.page, group.place, group.mandated) == (ABOUT.name, ABOUT.page, "at", True)
    assert not group.is_active
    assert kept(app, id_).sealed is None
    assert noted(app, Action.GROUP_ADDED) == [(group.id, Outcome.DONE, "")]
    assert noted(app, Action.TASK_DECIDED) == [(id_, Outcome.DONE, "accepted")]
    assert "Invited, and not here yet: Pia Sample" in manager.get(f"/groups/{group.id}").text

    pia, device = Browser(app), Device()
    made = opened(pia, link_on(page))
    assert "Member of a group" in made.text
    desk = pia.send(made, {"credential": device.make(options(made))})
    assert desk.links() == ["/group"]
    assert pia.get("/group").heading == ABOUT.name
    assert "pia@example.org" in manager.get(f"/groups/{group.id}").text


def test_who_is_refused_leaves_nothing(app: Flask, manager: Browser) -> None:
    id_ = applied(app)
    assert decided(manager, id_, Choice.REFUSED.value).path == "/queue"
    assert (all_groups(app), kept(app, id_).sealed, kept(app, id_).choice) == ([], None, "refused")
    assert "Decided: Do not let it in" in manager.get(f"/tasks/{id_}").text
    assert "We help people" not in manager.get(f"/tasks/{id_}").text


def test_who_has_an_account_already_gets_no_link(app: Flask, manager: Browser) -> None:
    """Whoever works for the portal works for no group."""
    parts = app.extensions["rightface"]
    with transaction(parts.engine) as session:
        people.add(session, parts.config.staff_secret, Who("", "pia@example.org", "Pia"), {Role.TRIAGE})
    page = decided(manager, applied(app), Choice.ACCEPTED.value)
    assert "No link was made" in page.text
    assert len(all_groups(app)) == 1
    with reading(parts.engine) as session:
        assert session.exec(select(InvitationRow)).all() == []


def test_with_an_identity_provider_they_are_put_into_the_group_when_they_have_signed_in(
    a_desk: ADesk, clock: Clock
) -> None:
    app = a_desk(clock, private=STAFF.private, RIGHTFACE_STAFF_LOCAL="0")
    manager = signed_in(app, Role.GROUP_MANAGER)
    page = decided(manager, applied(app), Choice.ACCEPTED.value)
    assert "signs in with the sign-in service" in page.text
    [group] = all_groups(app)
    address = f"/groups/{group.id}"
    assert manager.get(f"{address}/invite").status == 404
    assert "account" not in manager.get(address).names()
    browser, account = a_member(app, None, "Ola Oidc")
    page = manager.get(address)
    page = manager.send(page, {"account": account.id})
    assert "Ola Oidc" in page.text
    assert noted(app, Action.GROUP_JOINED) == [(account.id, Outcome.DONE, "")]
    assert browser.get("/group").heading == ABOUT.name
    manager.post(page, f"{address}/leave/{account.id}")
    assert browser.get("/group").path == "/sign-in"
    assert noted(app, Action.GROUP_LEFT) == [(account.id, Outcome.DONE, "")]


@pytest.mark.parametrize("private", [None, new_pair()[1]], ids=["none", "another"])
def test_without_the_key_nothing_is_read_and_nothing_decided(a_desk: ADesk, clock: Clock, private: object) -> None:
    app = a_desk(clock, private=private)
    manager = signed_in(app, Role.GROUP_MANAGER)
    id_ = applied(app)
    page = taken(manager, id_)
    assert "Gesichter" not in page.answer.text
    assert "choice" not in page.names()
    decided(manager, id_, Choice.ACCEPTED.value)
    assert (kept(app, id_).decided_on, all_groups(app)) == (None, [])


# Managing


def test_one_that_did_not_apply_is_let_in_and_changed(app: Flask, manager: Browser) -> None:
    assert "There is no group yet" in manager.get("/groups").text
    page = manager.send(manager.get("/groups/new"), SAID)
    [group] = all_groups(app)
    assert (page.path, page.heading) == (f"/groups/{group.id}", "Sample")
    assert "It does not say so" in page.text
    page = manager.send(manager.get(f"/groups/{group.id}/change"), {"name": "Other", "mandated": "y"})
    assert (page.heading, as_it_is(app, group.id).slug) == ("Other", "sample")
    assert "It says so" in page.text
    assert manager.get("/groups").links("Other") == [f"/groups/{group.id}"]
    for action in (Action.GROUP_ADDED, Action.GROUP_CHANGED):
        assert noted(app, action) == [(group.id, Outcome.DONE, "")]


@pytest.mark.parametrize("address", ["/groups/new", "change", "invite"])
def test_what_is_missing_is_said(app: Flask, manager: Browser, address: str) -> None:
    at = address if address.startswith("/") else f"/groups/{a_group(app).id}/{address}"
    name = "person" if address == "invite" else "name"
    page = manager.send(manager.get(at), {name: " "})
    assert page.status == 422
    assert page.errors[0] in ("Enter the name of the group", "Enter their name")


def test_another_is_invited_by_a_link_that_is_shown_once(app: Flask, manager: Browser) -> None:
    group = a_group(app)
    asked = manager.get(f"/groups/{group.id}/invite")
    said = {"person": "Lou New", "person_email": "lou@example.org"}
    first, second = (link_on(manager.send(asked, said)) for _ in range(2))
    assert noted(app, Action.INVITED) == [(group.id, Outcome.DONE, "")] * 2
    assert opened(Browser(app), first).heading == "This link does not work"
    lou, device = Browser(app), Device()
    page = opened(lou, second)
    lou.send(page, {"credential": device.make(options(page))})
    assert lou.get("/group").status == 200
    assert second.rpartition("#")[2] not in manager.get(f"/groups/{group.id}").answer.text
    page = manager.send(asked, said)
    assert page.errors == [
        "Somebody signs in with this address already. Ask an admin, or take another address of theirs"
    ]


def test_nobody_is_put_into_a_group_who_works_for_the_portal_or_another_group(app: Flask, manager: Browser) -> None:
    group, other = a_group(app), a_group(app)
    signed_in(app, Role.TRIAGE)
    a_member(app, other)
    a_member(app, None, "Ola")
    page = manager.get(f"/groups/{group.id}")
    offered = page.field("account").xpath("./option/@value")
    assert len(offered) == 2  # “Choose somebody”, and who has no group
    with reading(app.extensions["rightface"].engine) as session:
        ids = {row.id for row in session.exec(select(AccountRow))}
    for id_ in ids - {*offered}:
        manager.send(page, {"account": id_})
        manager.post(page, f"/groups/{group.id}/leave/{id_}")
    with reading(app.extensions["rightface"].engine) as session:
        assert groups.members(session, group.id) == []
        assert len(groups.members(session, other.id)) == 1


# Ending


def test_it_is_ended_with_all_that_it_was_let_see(app: Flask, manager: Browser) -> None:
    parts = app.extensions["rightface"]
    group = a_group(app)
    browser, _ = a_member(app, group)
    running = a_campaign(app, group, "submit", "show")
    with transaction(parts.engine) as session:
        _, [case] = filed(session)
        group_sharing.share(session, case, wanted(group, Scope.LETTERS), parts.today())
        before = group_sharing.withdraw(session, case.id, group.id)
        group_sharing.share(session, case, wanted(group, Scope.LETTERS), parts.today())
    asked = manager.get(f"/groups/{group.id}/end")
    assert "This cannot be undone" in asked.text
    page = pressed(manager, asked)
    assert "Ended on" in page.text
    assert "Nobody any more." in page.text
    with reading(parts.engine) as session:
        assert session.exec(select(ShareRow)).all() == []
        assert [row.holder for row in session.exec(select(WrapRow))] == ["filer"]
    assert parts.eraser.ledger.holds("groups", group.id)
    assert not any(parts.eraser.ledger.holds("wraps", mark) for mark in before)
    assert len(parts.eraser.ledger.entries()) == 3  # the group, what it saw, and the wrap for it
    assert browser.get("/group").path == "/sign-in"
    assert campaign(app, running.id).state is State.ENDED
    assert noted(app, Action.GROUP_ENDED) == [(group.id, Outcome.DONE, "")]
    for what in ("change", "invite", "end"):
        assert manager.get(f"/groups/{group.id}/{what}").status == 404
    assert "Ended on" in manager.get("/groups").text


def test_staff_end_a_campaign_that_breaks_the_terms(app: Flask, manager: Browser) -> None:
    group, other = a_group(app), a_group(app)
    running = a_campaign(app, group, "submit", "show")
    assert manager.get(f"/groups/{other.id}/campaigns/{running.id}").status == 404
    page = manager.get(f"/groups/{group.id}").links(running.said.title)
    asked = manager.get(page[0])
    assert "Because it is yours." in asked.text
    pressed(manager, asked)
    assert campaign(app, running.id).state is State.ENDED
    assert noted(app, Action.CAMPAIGN_ENDED) == [(running.id, Outcome.DONE, "")]
    assert asked.path in manager.get(f"/groups/{group.id}").links()
    assert "csrf_token" not in manager.get(asked.path).names()


def test_what_is_no_group_has_no_page(manager: Browser) -> None:
    for what in ("", "/change", "/invite", "/end"):
        assert manager.get(f"/groups/{new_id()}{what}").status == 404


# Where people are managed


@pytest.fixture
def admin(app: Flask) -> Browser:
    return signed_in(app, Role.ADMIN)


def person_page(admin: Browser, name: str) -> Page:
    [person] = admin.get("/people").links(name)
    return admin.get(person)


def test_a_groups_member_has_no_other_role(app: Flask, admin: Browser) -> None:
    signed_in(app, Role.TRIAGE, name="Tara Triage")
    page = admin.send(person_page(admin, "Tara Triage"), {"roles": ("triage", "group_member")})
    assert (page.status, page.errors) == (
        422,
        ["Who works for a group has no other role: choose “Member of a group” alone, or leave it out"],
    )
    assert "Triage" in admin.get("/people").text


def test_who_gets_a_role_of_the_portal_leaves_their_group(app: Flask, admin: Browser) -> None:
    browser, account = a_member(app, a_group(app))
    admin.send(person_page(admin, "Mia Member"), {"roles": ("triage",)})
    assert browser.get("/group").path == "/sign-in"
    with reading(app.extensions["rightface"].engine) as session:
        assert groups.of_account(session, account.id) is None


def test_who_worked_for_the_portal_sees_no_group_until_they_are_put_into_one(app: Flask, admin: Browser) -> None:
    browser = signed_in(app, Role.TRIAGE, name="Tara Triage")
    admin.send(person_page(admin, "Tara Triage"), {"roles": ("group_member",)})
    assert browser.get("/queue").status == 403
    assert browser.get("/group").heading == "You are in no group yet"
