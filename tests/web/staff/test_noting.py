"""What those who work for the portal do goes into the trail."""

import pytest
from flask import Flask

from portal import trail
from portal.accounts import proof, provider
from portal.accounts.permissions import Role
from portal.database import reading, transaction
from portal.web.staff.desk import asking
from portal.web.staff.noting import note_unmasked
from tests.web.browsing import Browser, Clock
from tests.web.staff.conftest import ADesk, signed_in


@pytest.fixture
def app(a_desk: ADesk) -> Flask:
    return a_desk()


def rows(app: Flask) -> list[trail.Row]:
    with reading(app.extensions["rightface"].engine) as session:
        found = list(trail.rows(session))
    assert trail.verify(found) is None
    return found


@pytest.mark.parametrize("why", [*proof.Why, *provider.Reason])
def test_every_reason_of_a_refusal_is_one_of_the_trail(why: proof.Why | provider.Reason) -> None:
    assert trail.Entry(trail.Unnamed.VISITOR, trail.Action.SIGN_IN_REFUSED, outcome=trail.Outcome.REFUSED, reason=why)
    assert len(why.value) <= trail.TrailRow.__table__.columns["reason"].type.length


def test_who_is_kept_from_a_page_is_noted(app: Flask) -> None:
    assert signed_in(app, Role.TRIAGE).get("/people").status == 403
    [row] = rows(app)
    assert (row.role, row.action, row.outcome, row.reason) == ("triage", "access_refused", "refused", "role")


def test_what_somebody_may_do_is_changed_and_noted(app: Flask) -> None:
    admin = signed_in(app, Role.ADMIN)
    signed_in(app, Role.TRIAGE, name="Tara Triage")
    [person] = admin.get("/people").links("Tara Triage")
    admin.send(admin.get(person), {"roles": ["auditor"]})
    [row] = rows(app)
    assert (row.role, row.action, row.subject_kind, row.outcome) == ("admin", "account_changed", "account", "done")
    assert person == f"/people/{row.subject}"
    assert row.actor != row.subject


def test_the_last_admin_stays_one_and_who_tried_is_noted(app: Flask) -> None:
    admin = signed_in(app, Role.ADMIN, name="Ada Admin")
    [person] = admin.get("/people").links("Ada Admin")
    page = admin.send(admin.get(person), {"roles": ["triage"]})
    assert page.status == 422
    assert "Somebody must be able to manage people: make another admin first" in page.text
    [row] = rows(app)
    assert (row.action, row.outcome, row.reason) == ("account_changed", "refused", "last_admin")
    assert admin.get("/people").status == 200


def test_signing_out_is_noted(app: Flask) -> None:
    browser = signed_in(app, Role.TRIAGE)
    browser.post(browser.get("/"), "/sign-out")
    [row] = rows(app)
    assert (row.action, row.outcome) == ("sign_out", "done")
    assert browser.get("/").heading == "Sign in"


# Unmasking


def unmask(app: Flask, browser: Browser, case: str, times: int) -> None:
    """As the view does it that shows a name; in transactions of their own."""
    parts = app.extensions["rightface"]
    cookie = f"{parts.config.staff_cookie}={browser.cookies()[parts.config.staff_cookie]}"
    for _ in range(times):
        with app.test_request_context("/", headers={"Cookie": cookie}), transaction(parts.engine) as session:
            note_unmasked(session, asking(), case, trail.Reason.HELP_WANTED)


def test_who_was_shown_a_name_and_why_is_noted_and_not_whose_it_was(app: Flask) -> None:
    case = "c" * 32
    unmask(app, signed_in(app, Role.CASEWORKER), case, 1)
    [row] = rows(app)
    assert (row.role, row.action, row.outcome, row.reason) == ("caseworker", "unmasked", "done", "help_wanted")
    key = app.extensions["rightface"].config.lookup_key
    assert (row.subject_kind, row.subject) == ("case", trail.of_case(case, key).id)


def test_the_twenty_first_name_within_an_hour_raises_the_alarm_in_the_same_breath(a_desk: ADesk) -> None:
    clock = Clock()
    app = a_desk(clock)
    browser = signed_in(app, Role.CASEWORKER)
    unmask(app, browser, "c" * 32, 20)
    assert {row.action for row in rows(app)} == {"unmasked"}
    clock.forward(minutes=20)
    unmask(app, browser, "d" * 32, 1)
    *_, last, alarm = rows(app)
    assert (last.action, alarm.action, alarm.actor, alarm.subject) == ("unmasked", "alarm", last.actor, last.actor)
    assert (alarm.role, alarm.reason, alarm.at) == ("caseworker", "too_many", int(clock.now.timestamp()))
