"""Signing in without an identity provider, from the invitation on."""

import copy
import json
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import event
from sqlmodel import Session, col, select

from portal.accounts import credentials, people, visits
from portal.accounts.models import (
    AccountRow,
    ChallengeRow,
    CredentialRow,
    InvitationRow,
    StaffSessionRow,
)
from portal.accounts.permissions import Role
from portal.accounts.proof import Why
from portal.config import BadConfig, read_staff
from portal.database import reading, transaction
from portal.limits import LIMITS
from portal.web.forgetting import all_that_is_over
from portal.web.staff import signing_in
from tests.web.browsing import Browser, Clock, Page
from tests.web.staff.conftest import ADesk
from tests.web.staff.device import HERE, PRESENT, VERIFIED, Device

EMAIL = "cleo@example.org"


@pytest.fixture
def app(a_desk: ADesk, clock: Clock) -> Flask:
    return a_desk(clock)


def run(app: Flask, *command: str) -> tuple[int, str, str]:
    """How a command ends, what it answers, and what it says beside that."""
    result = app.test_cli_runner().invoke(args=["staff", *command])
    return result.exit_code, result.stdout.strip(), result.stderr.strip()


def invited(app: Flask, *roles: Role, email: str = EMAIL) -> str:
    code, link, said = run(app, "invite", email, "--name", "Cleo Clerk", *(f"--role={role}" for role in roles))
    assert code == 0, said
    return link


def again(app: Flask) -> str:
    code, link, said = run(app, "invite", "--again", account_id(app))
    assert code == 0, said
    return link


def account_id(app: Flask, email: str = EMAIL) -> str:
    [id_] = [
        line.split()[0] for line in run(app, "list")[1].splitlines() if f"<{email}>" in line and line[:7] != "invited"
    ]
    return id_


def opened(browser: Browser, link: str) -> Page:
    return browser.send(browser.get("/enrol"), {"link": link})


def options(page: Page) -> str:
    [found] = page.main.xpath(".//form[@data-passkey]/@data-options")
    return str(found)


def enrolled(app: Flask, device: Device, *roles: Role, link: str = "", email: str = EMAIL) -> Browser:
    """A browser in which somebody made a passkey, and is signed in."""
    browser = Browser(app)
    page = opened(browser, link or invited(app, *(roles or (Role.TRIAGE,)), email=email))
    desk = browser.send(page, {"credential": device.make(options(page))})
    assert (desk.status, desk.path) == (200, "/")
    return browser


def sign_in(app: Flask, device: Device) -> tuple[Browser, Page]:
    browser = Browser(app)
    page = browser.get("/sign-in")
    return browser, browser.send(page, {"credential": device.use(options(page))})


def secret_on(page: Page) -> str:
    [shown] = page.main.xpath(".//code[@class='rf-secret']")
    return "".join(shown.text_content().split())


def with_codes(app: Flask, clock: Clock, email: str = EMAIL) -> TOTP:
    """Somebody whose app makes codes; a minute later, so that the code they enrolled with is over."""
    browser = Browser(app)
    opened(browser, invited(app, Role.TRIAGE, email=email))
    page = browser.get("/enrol/code")
    made = TOTP(secret_on(page))
    assert browser.send(page, {"code": made.at(clock())}).path == "/"
    clock.forward(minutes=1)
    return made


def sign_in_by_code(app: Flask, code: str, email: str = EMAIL) -> Page:
    browser = Browser(app)
    return browser.send(browser.get("/sign-in/code"), {"email": email, "code": code})


def count(app: Flask, row: type) -> int:
    with reading(app.extensions["rightface"].engine) as session:
        return len(session.exec(select(row)).all())


def is_in(page: Page) -> bool:
    return page.status == 200 and page.heading == "Your desk"


# Inviting


def test_a_link_holds_its_secret_behind_the_hash_alone(app: Flask) -> None:
    link = invited(app, Role.TRIAGE)
    assert link.startswith(f"{HERE}/enrol#")
    assert len(link.partition("#")[2]) == 43


def test_neither_the_secret_nor_who_is_invited_is_in_the_database(app: Flask) -> None:
    secret = invited(app, Role.TRIAGE).partition("#")[2]
    with transaction(app.extensions["rightface"].engine) as session:
        [row] = session.connection().exec_driver_sql("SELECT * FROM invitations").all()
    held = repr(tuple(row))
    assert "triage" in held
    assert not [told for told in (secret, EMAIL, "Cleo") if told in held]


@pytest.mark.parametrize("role", Role)
def test_who_needs_a_passkey_is_told_so(app: Flask, role: Role) -> None:
    _, _, said = run(app, "invite", EMAIL, "--role", role.value)
    assert ("needs a passkey" in said) is (role in (Role.ADMIN, Role.CUSTODIAN))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["invite"], "write an e-mail address"),
        (["invite", "nobody"], "write an e-mail address"),
        (["invite", EMAIL], "say what they may do"),
        (["invite", EMAIL, "--role", "king"], "'king' is not one of"),
        (["invite", EMAIL, "--role", "group_member", "--role", "triage"], "works for a group has no other role"),
        (["invite", "--again", "0" * 32], "there is no account of this id"),
        (["invite", EMAIL, "--again", "0" * 32], "--again is for an account as it is"),
        (["close", "0" * 32], "there is no account of this id"),
        (["reopen", "0" * 32], "there is no account of this id"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(app: Flask, command: list[str], said: str) -> None:
    code, answer, told = run(app, *command)
    assert code != 0
    assert answer == ""
    assert said in told
    assert count(app, InvitationRow) == 0


def test_who_has_an_account_is_not_invited_anew(app: Flask) -> None:
    enrolled(app, Device())
    code, _, said = run(app, "invite", EMAIL.upper(), "--role", "admin")
    assert code == 1
    assert f"staff invite --again {account_id(app)}" in said


def test_an_account_of_an_identity_provider_gets_no_link(app: Flask) -> None:
    house = app.extensions["rightface"]
    with transaction(house.engine) as session:
        who = people.Who("https://id.example", "1", "Cleo Clerk", EMAIL)
        id_ = people.add(session, house.config.staff_secret, who, [Role.TRIAGE]).id
    assert "is of the identity provider" in run(app, "invite", "--again", id_)[2]


def test_the_list_says_who_works_here_how_they_sign_in_and_who_is_invited(app: Flask, clock: Clock) -> None:
    assert run(app, "list") == (0, "", "")
    enrolled(app, Device(), Role.TRIAGE, Role.ADMIN)
    with_codes(app, clock, "cody@example.org")
    invited(app, Role.AUDITOR, email="ida@example.org")
    run(app, "close", account_id(app, "cody@example.org"))
    cleo, cody, ida = run(app, "list")[1].splitlines()
    assert cleo.endswith("  admin, triage  (passkey)  Cleo Clerk <cleo@example.org>")
    assert cody.endswith("  triage  (totp)  Cleo Clerk <cody@example.org>  CLOSED")
    assert ida == "invited until 10:16 UTC  auditor  Cleo Clerk <ida@example.org>"


# Enrolling a passkey


def test_whoever_makes_a_passkey_is_signed_in_and_signs_in_with_it(app: Flask) -> None:
    device = Device()
    browser = enrolled(app, device, Role.ADMIN)
    assert browser.get("/people").status == 200  # strong: else an admin's role does not count
    assert browser.post(browser.get("/"), "/sign-out").heading == "Sign in"
    assert browser.get("/people").heading == "Sign in"
    other, page = sign_in(app, device)
    assert is_in(page)
    assert other.get("/people").status == 200


@pytest.mark.parametrize("change", [lambda link: link, lambda link: link.partition("#")[2], lambda link: f" {link} "])
def test_a_link_can_be_typed_whole_or_in_part(app: Flask, change: Callable[[str], str]) -> None:
    assert opened(Browser(app), change(invited(app, Role.TRIAGE))).heading == "Make a passkey"


def test_a_link_that_was_used_says_so_and_does_nothing(app: Flask) -> None:
    link = invited(app, Role.TRIAGE)
    late, device = Browser(app), Device()
    page = opened(late, link)
    enrolled(app, device, link=link)
    assert opened(Browser(app), link).heading == "This link was used already"
    answer = late.send(page, {"credential": Device().make(options(page))})  # opened before, used by another meanwhile
    assert (answer.status, answer.heading) == (410, "This link was used already")
    assert count(app, CredentialRow) == 1


def test_a_link_ends_after_a_quarter_of_an_hour(app: Flask, clock: Clock) -> None:
    link, browser = invited(app, Role.TRIAGE), Browser(app)
    clock.forward(minutes=14, seconds=59)
    page = opened(browser, link)
    assert page.heading == "Make a passkey"
    clock.forward(seconds=1)
    answer = browser.send(page, {"credential": Device().make(options(page))})
    assert (answer.status, answer.heading) == (410, "This link is too old")
    assert opened(Browser(app), link).heading == "This link is too old"
    assert count(app, AccountRow) == 0


@pytest.mark.parametrize("link", ["x", f"{HERE}/enrol#{'x' * 43}", "\0", "é" * 43])
def test_a_link_that_nobody_made_says_so(app: Flask, link: str) -> None:
    answer = opened(Browser(app), link)
    assert (answer.status, answer.heading) == (410, "This link does not work")


def test_a_newer_link_takes_the_place_of_the_older(app: Flask) -> None:
    older, newer = invited(app, Role.TRIAGE), invited(app, Role.AUDITOR)
    assert opened(Browser(app), older).heading == "This link does not work"
    assert opened(Browser(app), newer).heading == "Make a passkey"


@pytest.mark.parametrize("address", ["/enrol/passkey", "/enrol/code"])
def test_without_a_link_nothing_can_be_made(app: Flask, address: str) -> None:
    assert Browser(app).get(address).heading == "This link does not work"


WRONGLY_MADE: dict[str, Callable[[str], str]] = {
    "another website": lambda asked: Device(origin="https://evil.example").make(asked),
    "another port": lambda asked: Device(origin="http://localhost:8002").make(asked),
    "another host": lambda asked: Device(host="evil.example").make(asked),
    "nobody verified": lambda asked: Device(flags=PRESENT).make(asked),
    "nobody there": lambda asked: Device(flags=VERIFIED).make(asked),
    "for signing in": lambda asked: Device().make(asked, kind="webauthn.get"),
    "another challenge": lambda asked: Device().make(json.dumps({**json.loads(asked), "challenge": "eHg"})),
    "no key": lambda asked: Device().make(asked).replace("attestationObject", "object"),
    "no JSON": lambda _: "{",
    "a list": lambda _: "[]",
    "a number": lambda _: "1",
    "deep": lambda _: "[" * 100_000,
}


@pytest.mark.parametrize("wrong", WRONGLY_MADE)
def test_what_is_no_passkey_is_not_taken_and_the_link_can_still_be_used(app: Flask, wrong: str) -> None:
    browser = Browser(app)
    page = opened(browser, invited(app, Role.TRIAGE))
    answer = browser.send(page, {"credential": WRONGLY_MADE[wrong](options(page))})
    assert (answer.status, answer.errors) == (422, ["That did not work. Please do it once more."])
    assert count(app, CredentialRow) == count(app, AccountRow) == 0
    assert is_in(browser.send(answer, {"credential": Device().make(options(answer))}))


def test_a_passkey_of_another_account_is_not_taken_as_ones_own(app: Flask) -> None:
    device, browser = Device(), Browser(app)
    enrolled(app, device)
    page = opened(browser, invited(app, Role.ADMIN, email="mallory@example.org"))
    stolen = Device(id=device.id)
    assert browser.send(page, {"credential": stolen.make(options(page))}).status == 422
    assert is_in(sign_in(app, device)[1])


# Losing a device, and leaving


def test_a_new_passkey_ends_the_old_one_and_every_visit_and_a_link_alone_ends_nothing(app: Flask) -> None:
    lost, new = Device(), Device()
    browser = enrolled(app, lost, Role.TRIAGE)
    link = again(app)
    assert is_in(browser.get("/"))
    assert is_in(sign_in(app, lost)[1])
    enrolled(app, new, link=link)
    assert browser.get("/").heading == "Sign in"
    assert sign_in(app, lost)[1].errors == ["This passkey opens nothing here. If you lost yours, ask for a new link."]
    assert is_in(sign_in(app, new)[1])
    assert (count(app, AccountRow), count(app, CredentialRow)) == (1, 1)


def test_a_new_passkey_takes_the_place_of_codes(app: Flask, clock: Clock) -> None:
    made = with_codes(app, clock)
    enrolled(app, Device(), link=again(app))
    assert sign_in_by_code(app, made.at(clock())).status == 422


def test_a_closed_account_is_out_at_once_and_cannot_sign_in(app: Flask, clock: Clock) -> None:
    device = Device()
    browser = enrolled(app, device)
    id_, other = account_id(app), Browser(app)
    page = opened(other, again(app))
    assert run(app, "close", id_)[0] == 0
    assert browser.get("/").heading == "Sign in"
    assert sign_in(app, device)[1].errors == ["Your account is closed. Ask an admin."]
    assert other.send(page, {"credential": Device().make(options(page))}).heading == "This link does not work"
    assert count(app, StaffSessionRow) == 0
    run(app, "reopen", id_)
    assert is_in(sign_in(app, device)[1])


def test_a_stolen_device_opens_nothing_from_the_closing_to_the_new_passkey_and_after(app: Flask) -> None:
    stolen, new = Device(), Device()
    enrolled(app, stolen)
    run(app, "close", account_id(app))
    link = again(app)
    assert not is_in(sign_in(app, stolen)[1])
    enrolled(app, new, link=link)
    assert not is_in(sign_in(app, stolen)[1])
    assert is_in(sign_in(app, new)[1])


def test_a_closed_account_cannot_sign_in_by_code(app: Flask, clock: Clock) -> None:
    made = with_codes(app, clock)
    run(app, "close", account_id(app))
    assert sign_in_by_code(app, made.at(clock())).status == 422
    assert count(app, StaffSessionRow) == 0


# Signing in by a passkey

Refused = list[tuple[Why, str]]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Refused:
    """What is noted of those who were refused."""
    noted: Refused = []
    monkeypatch.setattr(signing_in, "note_sign_in_refused", lambda why, account: noted.append((why, account)))
    return noted


def other_key(device: Device) -> Device:
    return replace(device, key=Device().key)


WRONGLY_USED: dict[str, tuple[Callable[[Device, str], str], Why]] = {
    "another website": (lambda own, asked: replace(own, origin="https://evil.example").use(asked), Why.WRONG),
    "another port": (lambda own, asked: replace(own, origin="http://localhost:8002").use(asked), Why.WRONG),
    "another host": (lambda own, asked: replace(own, host="evil.example").use(asked), Why.WRONG),
    "nobody verified": (lambda own, asked: replace(own, flags=PRESENT).use(asked), Why.WRONG),
    "nobody there": (lambda own, asked: replace(own, flags=VERIFIED).use(asked), Why.WRONG),
    "for making one": (lambda own, asked: own.use(asked, kind="webauthn.create"), Why.WRONG),
    "another challenge": (
        lambda own, asked: own.use(json.dumps({**json.loads(asked), "challenge": "eHg"})),
        Why.STALE,
    ),
    "another key": (lambda own, asked: other_key(own).use(asked), Why.WRONG),
    "another account": (lambda own, asked: replace(own, handle=bytes(32)).use(asked), Why.WRONG),
    "no account": (lambda own, asked: own.use(asked).replace("userHandle", "handle"), Why.WRONG),
    "a count that goes back": (lambda own, asked: replace(own, count=2).use(asked), Why.COUNT),
    "a count that stands still": (lambda own, asked: replace(own, count=3).use(asked), Why.COUNT),
    "a count that is gone": (lambda own, asked: replace(own, count=0, counts=False).use(asked), Why.COUNT),
    "a count of another key": (lambda own, asked: other_key(replace(own, count=1)).use(asked), Why.WRONG),
    "unknown": (lambda _, asked: Device().use(asked), Why.UNKNOWN),
    "no JSON": (lambda *_: "{", Why.WRONG),
    "a list": (lambda *_: "[]", Why.WRONG),
    "deep": (lambda *_: "[" * 100_000, Why.WRONG),
}


@pytest.mark.parametrize("wrong", WRONGLY_USED)
def test_a_wrong_answer_lets_nobody_in_and_the_right_one_still_does(app: Flask, refused: Refused, wrong: str) -> None:
    device = Device(count=4)
    enrolled(app, device)  # with a count of 4
    device.count = 4
    answer, why = WRONGLY_USED[wrong]
    browser = Browser(app)
    page = browser.get("/sign-in")
    told = browser.send(page, {"credential": answer(copy.copy(device), options(page))})
    assert (told.status, len(told.errors), told.value("credential")) == (422, 1, "")
    assert browser.twin().get("/").heading == "Sign in"
    assert [one for one, _ in refused] == [why]
    device.count = 10
    assert is_in(browser.send(told, {"credential": device.use(options(told))}))


def test_a_count_that_goes_back_is_told_and_noted_of_its_account(app: Flask, refused: Refused) -> None:
    device = Device(count=4)
    enrolled(app, device)
    device.count = 2
    assert "there may be a copy of it" in sign_in(app, device)[1].errors[0]
    assert refused == [(Why.COUNT, account_id(app))]


def test_a_passkey_that_does_not_count_signs_in_again_and_again(app: Flask) -> None:
    device = Device(counts=False)
    enrolled(app, device)
    for _ in range(3):
        assert is_in(sign_in(app, device)[1])


def test_an_answer_is_good_once_also_with_the_cookie_that_it_was_given_with(app: Flask, refused: Refused) -> None:
    device, browser = Device(counts=False), Browser(app)
    enrolled(app, device)
    page = browser.get("/sign-in")
    thief, answer = browser.twin(), device.use(options(page))
    assert is_in(browser.send(page, {"credential": answer}))
    replayed = thief.send(page, {"credential": answer})
    assert replayed.errors == ["This page is out of date. Please do it once more."]
    assert refused == [(Why.STALE, "")]
    assert thief.get("/").heading == "Sign in"


def test_an_answer_that_was_refused_cannot_be_sent_again_either(app: Flask, refused: Refused) -> None:
    device, browser = Device(), Browser(app)
    enrolled(app, device)
    run(app, "close", account_id(app))
    page = browser.get("/sign-in")
    thief, answer = browser.twin(), device.use(options(page))
    browser.send(page, {"credential": answer})
    run(app, "reopen", account_id(app))
    thief.send(page, {"credential": answer})
    assert [why for why, _ in refused] == [Why.CLOSED, Why.STALE]


def test_an_answer_to_another_browsers_challenge_is_not_taken(app: Flask, refused: Refused) -> None:
    device, browser, thief = Device(), Browser(app), Browser(app)
    enrolled(app, device)
    answer = device.use(options(browser.get("/sign-in")))
    assert thief.send(thief.get("/sign-in"), {"credential": answer}).status == 422
    assert [why for why, _ in refused] == [Why.STALE]


def test_a_page_that_another_tab_made_old_says_so(app: Flask) -> None:
    device, browser = Device(), Browser(app)
    enrolled(app, device)
    older, newer = browser.get("/sign-in"), browser.get("/sign-in")
    told = browser.send(older, {"credential": device.use(options(older))})
    assert told.errors == ["This page is out of date. Please do it once more."]
    assert browser.send(newer, {"credential": device.use(options(newer))}).status == 422  # it had its answer
    assert is_in(sign_in(app, device)[1])


def test_a_challenge_stands_for_five_minutes(app: Flask, clock: Clock, refused: Refused) -> None:
    device, browser = Device(), Browser(app)
    enrolled(app, device)
    page = browser.get("/sign-in")
    clock.forward(minutes=5)
    late = browser.send(page, {"credential": device.use(options(page))})
    assert [why for why, _ in refused] == [Why.STALE]
    clock.forward(minutes=4, seconds=59)
    assert is_in(browser.send(late, {"credential": device.use(options(late))}))


def test_an_empty_answer_is_asked_for_again(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get("/sign-in")
    assert browser.send(page, {"credential": ""}).errors == ["Your browser gave no passkey. Please try once more."]


def test_a_credential_row_moved_to_another_account_opens_nothing(app: Flask) -> None:
    """Who can write into the database does not become somebody else by that."""
    mallory = Device()
    enrolled(app, Device(), Role.ADMIN)
    enrolled(app, mallory, email="mallory@example.org")
    victim, thief = account_id(app), account_id(app, "mallory@example.org")
    with transaction(app.extensions["rightface"].engine) as session:
        row = session.exec(select(CredentialRow).where(col(CredentialRow.account_id) == thief)).one()
        row.account_id = victim
    assert not is_in(sign_in(app, mallory)[1])


def test_signing_in_goes_on_to_where_one_was_going(app: Flask) -> None:
    device, browser = Device(), Browser(app)
    enrolled(app, device, Role.ADMIN)
    page = browser.get("/people")
    assert browser.send(page, {"credential": device.use(options(page))}).path == "/people"


@pytest.mark.parametrize("after", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_signing_in_leads_to_no_other_website(app: Flask, after: str) -> None:
    device, browser = Device(), Browser(app)
    enrolled(app, device)
    page = browser.get("/sign-in")
    assert is_in(browser.send(page, {"credential": device.use(options(page)), "after": after}))


def test_signing_in_ends_the_visit_that_the_browser_had(app: Flask) -> None:
    device = Device()
    browser = enrolled(app, device)
    before = browser.twin()
    page = Browser(app).get("/sign-in")
    other = browser.twin()
    other.client.delete_cookie("staff")
    page = other.get("/sign-in")
    other.client.set_cookie("staff", browser.cookies()["staff"])
    assert is_in(other.send(page, {"credential": device.use(options(page))}))
    assert other.cookies()["staff"] != before.cookies()["staff"]
    assert before.get("/").heading == "Sign in"


# Codes of an app


def test_whoever_has_codes_signs_in_with_them_and_is_not_strong(app: Flask, clock: Clock) -> None:
    made = with_codes(app, clock)
    code = made.at(clock())
    assert is_in(sign_in_by_code(app, f"{code[:3]} {code[3:]}", EMAIL.upper()))
    with reading(app.extensions["rightface"].engine) as session:
        assert {row.strong for row in session.exec(select(StaffSessionRow))} == {False}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CUSTODIAN])
def test_who_needs_a_passkey_is_offered_no_codes(app: Flask, role: Role) -> None:
    browser = Browser(app)
    page = opened(browser, invited(app, Role.TRIAGE, role))
    assert "/enrol/code" not in page.links()
    assert browser.get("/enrol/code").path == "/enrol/passkey"


def test_the_secret_is_the_same_when_the_page_is_loaded_again(app: Flask) -> None:
    browser = Browser(app)
    assert "/enrol/code" in opened(browser, invited(app, Role.TRIAGE)).links()
    assert secret_on(browser.get("/enrol/code")) == secret_on(browser.get("/enrol/code"))


def test_the_secret_is_not_in_the_database_in_the_clear(app: Flask, clock: Clock) -> None:
    made = with_codes(app, clock)
    with transaction(app.extensions["rightface"].engine) as session:
        [row] = session.connection().exec_driver_sql("SELECT * FROM credentials").all()
    assert made.secret not in repr(tuple(row))
    assert made.byte_secret() not in bytes(row.sealed)


def test_a_wrong_code_enrols_nothing_and_the_next_one_does(app: Flask, clock: Clock) -> None:
    browser = Browser(app)
    opened(browser, invited(app, Role.TRIAGE))
    page = browser.get("/enrol/code")
    made = TOTP(secret_on(page))
    wrong = browser.send(page, {"code": other_than(made, clock)})
    assert (wrong.status, len(wrong.errors)) == (422, 1)
    assert count(app, CredentialRow) == 0
    assert is_in(browser.send(wrong, {"code": made.at(clock())}))


def other_than(made: TOTP, clock: Clock) -> str:
    """Six digits that are good neither now nor just about now."""
    good = {made.at(clock(), counter_offset=around) for around in (-1, 0, 1)}
    return next(code for n in range(4) if (code := f"{n:06}") not in good)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_half_a_minute_sooner_or_later(app: Flask, clock: Clock, steps: int, good: bool) -> None:
    made = with_codes(app, clock)
    clock.forward(minutes=1)
    assert is_in(sign_in_by_code(app, made.at(clock(), counter_offset=steps))) is good


def test_a_code_is_good_once(app: Flask, clock: Clock, refused: Refused) -> None:
    made = with_codes(app, clock)
    code = made.at(clock())
    assert is_in(sign_in_by_code(app, code))
    assert sign_in_by_code(app, code).status == 422
    assert (
        sign_in_by_code(app, made.at(clock(), counter_offset=-1)).status == 422
    )  # of before: whoever looked on has that one too
    assert refused == [(Why.REPEATED, account_id(app))] * 2
    assert is_in(sign_in_by_code(app, made.at(clock(), counter_offset=1)))


def test_the_code_that_enrolled_does_not_sign_in(app: Flask, clock: Clock) -> None:
    made = with_codes(app, clock)
    clock.forward(minutes=-1)
    assert sign_in_by_code(app, made.at(clock())).status == 422


def test_the_sixth_code_in_a_quarter_of_an_hour_is_not_looked_at(app: Flask, clock: Clock, refused: Refused) -> None:
    made = with_codes(app, clock)
    for _ in range(5):
        assert sign_in_by_code(app, other_than(made, clock)).status == 422
    answer = sign_in_by_code(app, made.at(clock()))
    assert (answer.status, answer.heading) == (429, "Please wait a little")
    assert [why for why, _ in refused] == [Why.WRONG] * 5 + [Why.TOO_OFTEN]
    clock.forward(minutes=15)
    assert is_in(sign_in_by_code(app, made.at(clock())))


def test_a_good_code_lets_off_the_wrong_ones(app: Flask, clock: Clock) -> None:
    made = with_codes(app, clock)
    for _ in range(3):
        for _ in range(4):
            assert sign_in_by_code(app, other_than(made, clock)).status == 422
        assert is_in(sign_in_by_code(app, made.at(clock())))
        clock.forward(minutes=1)


def queries(app: Flask, do: Callable[[], Page]) -> tuple[list[str], Page]:
    """The statements that something sends to the database."""
    sent: list[str] = []
    engine = app.extensions["rightface"].engine

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        return sent, do()
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_nothing_tells_whether_an_address_has_an_account(app: Flask, clock: Clock) -> None:
    """The same page, the same statements, and the same end after five."""
    made = with_codes(app, clock)
    enrolled(app, Device(), email="key@example.org")  # has an account and no codes
    for n in range(6):
        answers = {
            email: queries(app, lambda email=email: sign_in_by_code(app, other_than(made, clock), email))
            for email in (EMAIL, "key@example.org", "nobody@example.org")
        }
        known, *others = answers.values()
        assert known[1].status == (422 if n < 5 else 429)
        for sent, page in others:
            assert (page.status, page.text) == (known[1].status, known[1].text)
            assert sent == known[0]


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "123456\n1"])
def test_what_is_no_code_is_asked_for_again_and_not_counted(app: Flask, clock: Clock, code: str) -> None:
    made = with_codes(app, clock)
    for _ in range(6):
        assert sign_in_by_code(app, code).errors == ["Enter the six digits"]
    assert is_in(sign_in_by_code(app, made.at(clock())))


def test_one_network_cannot_try_for_ever(a_desk: ADesk) -> None:
    app = a_desk(limits=LIMITS)
    browser = Browser(app)
    page = browser.get("/sign-in/code")
    times = LIMITS["sign_in"].times
    found = [browser.send(page, {"email": f"{n}@example.org", "code": "123456"}).status for n in range(times + 1)]
    assert found == [422] * times + [429]
    assert opened(Browser(app), "x").status == 429
    page = browser.get("/sign-in")
    assert browser.send(page, {"credential": Device().use(options(page))}).status == 429


# Where there is an identity provider


PROVIDER = {
    "RIGHTFACE_OIDC_ISSUER": "https://id.example",
    "RIGHTFACE_OIDC_CLIENT_ID": "rightface",
    "RIGHTFACE_OIDC_CLIENT_SECRET": "secret",
    "RIGHTFACE_OIDC_ROLES": "triage=rf-triage",
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, True),
        ({"RIGHTFACE_STAFF_LOCAL": "0"}, False),
        (PROVIDER, False),
        ({**PROVIDER, "RIGHTFACE_STAFF_LOCAL": "1"}, True),
    ],
)
def test_the_own_sign_in_is_open_without_a_provider_or_where_it_is_wanted(
    settings: dict[str, str], expected: bool
) -> None:
    secrets = dict.fromkeys(("RIGHTFACE_SECRET_KEY", "RIGHTFACE_LOOKUP_KEY", "RIGHTFACE_STAFF_SECRET"), "x" * 32)
    assert read_staff({**secrets, **settings}).staff_local is expected


def test_where_it_is_closed_nothing_of_it_answers(a_desk: ADesk) -> None:
    app = a_desk(RIGHTFACE_STAFF_LOCAL="0")
    browser = Browser(app)
    for address in ("/sign-in/code", "/enrol", "/enrol/passkey", "/enrol/code"):
        assert browser.get(address).status == 404, address
    page = browser.get("/sign-in")
    assert (page.heading, page.names(), page.links()) == ("Sign in", set(), [])
    code, link, said = run(app, "invite", EMAIL, "--role", "triage")
    assert (code, link) == (1, "")
    assert "RIGHTFACE_STAFF_LOCAL=1" in said


@pytest.mark.parametrize(
    ("address", "secure", "good"),
    [
        ("https://staff.example.org", True, True),
        ("https://staff.example.org:8443/", True, True),
        ("http://localhost:8001", False, True),
        ("http://staff.example.org", True, False),  # HTTPS is asked for
        ("https://staff.example.org/desk", True, False),  # a path
        ("https://me@staff.example.org", True, False),
        ("staff.example.org", True, False),
        ("", True, False),
    ],
)
def test_the_address_must_be_one_at_which_passkeys_work(address: str, secure: bool, good: bool) -> None:
    names = ("RIGHTFACE_SECRET_KEY", "RIGHTFACE_LOOKUP_KEY", "RIGHTFACE_STAFF_SECRET")
    operator = {"NAME": "x", "ADDRESS": "x", "EMAIL": "x@example.org", "COUNTRY": "AT"}
    environ = {**dict.fromkeys(names, "x" * 32), **{f"RIGHTFACE_OPERATOR_{one}": it for one, it in operator.items()}}
    environ |= {"RIGHTFACE_SECURE": str(int(secure)), "RIGHTFACE_STAFF_URL": address}
    if good:
        assert read_staff(environ).staff_url == address.rstrip("/")
    else:
        with pytest.raises(BadConfig, match="RIGHTFACE_STAFF_URL"):
            read_staff(environ)


# What is kept, and what is said


def test_the_log_tells_of_nobody_and_holds_no_secret(
    app: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link = invited(app, Role.TRIAGE)
    device = Device()
    enrolled(app, device, link=link)
    sign_in(app, device)
    opened(Browser(app), link)
    sign_in_by_code(app, "123456")
    assert "POST /sign-in/passkey 302" in caplog.text
    assert not [told for told in (link.partition("#")[2], EMAIL, "Cleo") if told in caplog.text]


def test_no_page_of_it_may_be_stored(app: Flask) -> None:
    browser = Browser(app)
    for page in (browser.get("/sign-in"), opened(browser, invited(app, Role.TRIAGE)), browser.get("/enrol/code")):
        assert page.answer.headers["Cache-Control"] == "no-store"


def purged(app: Flask, clock: Clock) -> None:
    with transaction(app.extensions["rightface"].engine) as session:
        all_that_is_over(session, clock())


def test_an_invitation_is_forgotten_after_a_day(app: Flask, clock: Clock) -> None:
    invited(app, Role.TRIAGE)
    clock.forward(hours=23, minutes=59)
    purged(app, clock)
    assert count(app, InvitationRow) == 1
    clock.forward(minutes=1)
    purged(app, clock)
    assert count(app, InvitationRow) == 0


def test_a_challenge_is_forgotten_when_it_can_be_answered_no_more(app: Flask, clock: Clock) -> None:
    device = Device()
    enrolled(app, device)
    purged(app, clock)
    assert count(app, ChallengeRow) == 1
    clock.forward(minutes=5)
    purged(app, clock)
    assert count(app, ChallengeRow) == 0


def test_what_one_signs_in_with_goes_with_the_account(app: Flask, clock: Clock) -> None:
    enrolled(app, Device())
    again(app)
    run(app, "close", account_id(app))
    clock.forward(days=365)
    purged(app, clock)
    assert count(app, AccountRow) == count(app, CredentialRow) == count(app, InvitationRow) == 0


def test_a_code_sent_twice_at_the_same_time_is_taken_once(app: Flask, clock: Clock) -> None:
    """Both have read the credential before either keeps its count."""
    with_codes(app, clock)
    engine, secret = app.extensions["rightface"].engine, app.extensions["rightface"].config.staff_secret

    def found(session: Session) -> credentials.Credential:
        kept = credentials.codes(session, secret, account_id(app))
        assert kept
        return kept

    with reading(engine) as session:
        first, second = found(session), found(session)
    with transaction(engine) as session:
        assert credentials.move_on(session, first, first.count + 2)
    with transaction(engine) as session:
        assert not credentials.move_on(session, second, second.count + 2)


def test_the_visits_of_others_stay(app: Flask) -> None:
    other = enrolled(app, Device(), email="other@example.org")
    enrolled(app, Device())
    enrolled(app, Device(), link=again(app))
    assert is_in(other.get("/"))
    with transaction(app.extensions["rightface"].engine) as session:
        assert visits.end_all_of(session, account_id(app, "other@example.org")) == 1
