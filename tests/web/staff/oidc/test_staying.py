"""Whether somebody still may is asked again; the provider may also say so itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from portal.accounts import visits
from portal.accounts.permissions import Role
from portal.accounts.provider import Reason
from portal.accounts.visits import Token
from portal.database import reading, transaction
from portal.web.staff import oidc
from portal.web.staff.bounded import Bounds
from tests.web.staff.oidc import fake
from tests.web.staff.oidc.conftest import Bend, Desk
from tests.web.staff.oidc.fake import ANOTHER, Answer, Claims, Fake, by_public_key, said, signed, unsigned
from tests.web.staff.oidc.surfing import Surfer
from tests.web.staff.oidc.test_bad_flows import answering, but, by

DeskAndFake = tuple[Desk, Fake]
BROKEN = Answer(b"", 500)
#: When a visit is over that was not yet, once the provider says this.
ENDS: dict[str, tuple[Bend, Reason]] = {
    "the refresh token is no longer good": (lambda made: made.refresh_tokens.clear(), Reason.WITHDRAWN),
    "their groups are gone": (lambda made: made.person.update(groups=[]), Reason.NO_ROLE),
    "all roles left need a second proof": (lambda made: made.person.update(groups=["rf-admins"]), Reason.ONE_PROOF),
    "it names somebody else": (lambda made: made.person.update(sub="eve"), Reason.SOMEBODY_ELSE),
    "it answers another sign-in": (but(nonce="of another"), Reason.SOMEBODY_ELSE),
    "its token is expired": (but(exp=1), Reason.BAD_TOKEN),
    "its token is unsigned": (by(unsigned), Reason.BAD_TOKEN),
    "it gives no token": (by(lambda _claims: None), Reason.BAD_TOKEN),
}


@pytest.fixture
def surfer(desk_and_fake: DeskAndFake) -> Surfer:
    """Somebody who is signed in."""
    surfer = desk_and_fake[0].surfer()
    surfer.get("/oidc/sign-in")
    return surfer


def refreshed(made: Fake) -> int:
    return sum(form["grant_type"] == "refresh_token" for form in made.asked)


def test_the_provider_is_asked_once_a_minute_with_a_token_that_is_new_each_time(
    desk_and_fake: DeskAndFake, surfer: Surfer
) -> None:
    desk, made = desk_and_fake
    for _ in range(3):
        desk.clock.forward(seconds=59)
        assert surfer.is_in()
        desk.clock.forward(seconds=1)
        assert surfer.is_in()
        assert surfer.is_in()
    assert refreshed(made) == 3
    assert len({form.get("refresh_token") for form in made.asked}) == 4


def test_a_token_that_does_not_change_is_kept(desk_and_fake: DeskAndFake, surfer: Surfer) -> None:
    desk, made = desk_and_fake

    def kept(usual: Claims) -> Answer:
        made.refresh_tokens.add(made.asked[-1]["refresh_token"])
        return said({name: value for name, value in usual.items() if name != "refresh_token"})

    made.bend(token=kept)
    for _ in range(2):
        desk.clock.forward(seconds=60)
        assert surfer.is_in()


def test_what_needs_no_visit_asks_nobody(desk_and_fake: DeskAndFake, surfer: Surfer) -> None:
    desk, made = desk_and_fake
    desk.clock.forward(seconds=60)
    surfer.get("/static/rightface.css")
    assert refreshed(made) == 0


@pytest.mark.parametrize("how", ENDS)
def test_a_visit_ends_when(desk_and_fake: DeskAndFake, surfer: Surfer, how: str) -> None:
    desk, made = desk_and_fake
    bend, reason = ENDS[how]
    [account] = desk.accounts()
    bend(made)
    desk.clock.forward(seconds=60)
    page = surfer.get("/")
    assert (page.status, page.heading) == (403, str(oidc.REFUSALS[reason][0]))
    assert "What you sent last was not kept" in page.text
    last = desk.trail()[-1]
    assert (last.action, last.subject, last.outcome, last.reason) == ("session_ended", account.id, "done", reason)
    assert (desk.visits(), surfer.cookies.get("staff")) == ([], None)
    assert "/sign-in" in surfer.get("/").url


def test_what_is_sent_in_a_visit_that_ends_is_not_done(desk_and_fake: DeskAndFake) -> None:
    desk, made = desk_and_fake
    made.person.update(groups=["rf-admins", "rf-triage"], amr=["mfa"])
    surfer = desk.surfer()
    surfer.get("/oidc/sign-in")
    [account] = desk.accounts()
    form = surfer.get(f"/people/{account.id}")
    made.refresh_tokens.clear()
    desk.clock.forward(seconds=60)
    page = surfer.send(form, {"roles": "auditor"}, "//main//form")
    assert page.status == 403
    assert desk.accounts()[0].roles == f"{Role.ADMIN} {Role.TRIAGE}"


def test_a_second_proof_that_is_gone_counts_no_longer(desk_and_fake: DeskAndFake) -> None:
    desk, made = desk_and_fake
    made.person.update(groups=["rf-admins", "rf-triage"], amr=["mfa"])
    surfer = desk.surfer()
    surfer.get("/oidc/sign-in")
    assert surfer.get("/people").status == 200
    made.person["amr"] = ["pwd"]
    desk.clock.forward(seconds=60)
    assert surfer.get("/people").status == 403
    assert surfer.is_in()


@pytest.mark.parametrize(
    "silence",
    [
        BROKEN,
        said({"error": "temporarily_unavailable"}, 503),
        said({"error": "invalid_client"}, 401),
        Answer(b"<html>", 404),
    ],
    ids=["broken", "it says so", "it knows no such portal", "not there"],
)
def test_a_provider_that_is_silent_leaves_the_visit_for_ten_minutes(
    desk_and_fake: DeskAndFake, surfer: Surfer, silence: Answer
) -> None:
    desk, made = desk_and_fake
    made.bend(out_of_order=silence)
    for minute in range(1, 10):
        desk.clock.forward(minutes=1)
        assert surfer.is_in(), minute
        assert surfer.is_in()
        assert refreshed(made) == minute  # asked once a minute, not at every step
    desk.clock.forward(minutes=1)
    page = surfer.get("/")
    assert (page.status, page.heading) == (503, "The sign-in service does not answer")
    assert desk.visits() == []


def test_a_provider_that_comes_back_is_believed_again(desk_and_fake: DeskAndFake, surfer: Surfer) -> None:
    desk, made = desk_and_fake
    made.bend(out_of_order=BROKEN)
    desk.clock.forward(minutes=9)
    assert surfer.is_in()
    made.bend(out_of_order=None)
    desk.clock.forward(minutes=1)
    assert surfer.is_in()
    made.bend(out_of_order=BROKEN)
    desk.clock.forward(minutes=9)
    assert surfer.is_in()


def test_two_tabs_at_once_use_one_refresh_token_once(desk_and_fake: DeskAndFake, surfer: Surfer) -> None:
    desk, made = desk_and_fake
    arrived, answered = Event(), Event()

    def held_up(usual: Claims) -> Answer:
        arrived.set()
        answered.wait(10)
        return said(usual)

    desk.forget_provider(Bounds())  # so that it may wait
    made.bend(token=held_up)
    desk.clock.forward(seconds=60)
    other = desk.surfer()
    other.session.cookies.update(surfer.session.cookies)
    with ThreadPoolExecutor() as tabs:
        first = tabs.submit(surfer.is_in)
        assert arrived.wait(10)
        assert other.is_in()  # while the first one still waits
        answered.set()
        assert first.result()
    assert refreshed(made) == 1
    made.bend(token=said)
    desk.clock.forward(seconds=60)
    assert other.is_in()


def test_of_many_who_read_the_same_one_asks(desk_and_fake: DeskAndFake, surfer: Surfer) -> None:
    desk, _ = desk_and_fake
    desk.clock.forward(seconds=60)
    engine = desk.app.extensions["rightface"].engine
    with reading(engine) as session:
        read = visits.find(session, Token(surfer.cookies["staff"]), desk.clock())
    assert read
    assert read.is_unchecked(desk.clock())

    def claim(_number: int) -> bool:
        with transaction(engine) as session:
            return visits.claim_check(session, read, desk.clock())

    with ThreadPoolExecutor(8) as tabs:
        assert sum(tabs.map(claim, range(8))) == 1


# The provider says so itself


def tell(desk: Desk, token: str | None) -> Any:
    form = {} if token is None else {"logout_token": token}
    return desk.surfer().session.post(f"{desk.home}/oidc/back-channel", data=form)


Message = Callable[[Fake], str | None]


def message(**changed: Any) -> Message:
    """A logout token with other claims; None leaves one out."""

    def signed_by(made: Fake) -> str:
        return signed({name: value for name, value in made.logout_token(**changed).items() if value is not None})

    return signed_by


def at(**seconds: int) -> Message:
    """A logout token whose times are so many seconds from now."""
    return lambda made: message(**{name: int(made.now()) + more for name, more in seconds.items()})(made)


BAD: dict[str, Message] = {
    "nothing": lambda _made: None,
    "no token": lambda _made: "no token",
    "alg is none": lambda made: unsigned(made.logout_token()),
    "HS256 with the public key as secret": lambda made: by_public_key(made.logout_token()),
    "an algorithm that was not agreed": lambda made: signed(made.logout_token(), alg="RS512"),
    "a signature of another key": lambda made: signed(made.logout_token(), ANOTHER, kid="one"),
    "an unknown kid": lambda made: signed(made.logout_token(), ANOTHER),
    "a token of another kind": lambda made: signed(made.logout_token(), typ="at+jwt"),
    "an ID token": lambda made: signed(made.id_token()),
    "another issuer": message(iss="https://id.example"),
    "no issuer": message(iss=None),
    "another audience": message(aud="somebody-else"),
    "no audience": message(aud=None),
    "no events": message(events=None),
    "another event": message(events={"https://example.org/other": {}}),
    "events as a list": message(events=["http://schemas.openid.net/event/backchannel-logout"]),
    "an event that is no table": message(events={"http://schemas.openid.net/event/backchannel-logout": True}),
    "with a nonce": message(nonce="n"),
    "nobody named": message(sid=None, sub=None),
    "a session that is no word": message(sid=["s1"]),
    "no name of its own": message(jti=None),
    "a name that is no word": message(jti=7),
    "not issued": message(iat=None),
    "no end": message(exp=None),
    "expired": at(exp=-61),
    "issued in the future": at(iat=61, exp=600),
    "too old": at(iat=-601),
    "an end beyond all numbers": at(iat=10**30, exp=10**31),
}


@pytest.mark.parametrize("how", BAD)
def test_a_bad_message_ends_no_visit(desk_and_fake: DeskAndFake, surfer: Surfer, how: str) -> None:
    desk, made = desk_and_fake
    answer = tell(desk, BAD[how](made))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
    assert answer.json() == {"error": "invalid_request"}
    assert surfer.is_in()


@pytest.mark.parametrize(
    "named",
    [{}, {"sub": "ada"}, {"sid": None, "sub": "ada"}, {"aud": [fake.CLIENT]}],
    ids=["the session", "both", "the subject", "in a list"],
)
def test_a_good_message_ends_the_visit(desk_and_fake: DeskAndFake, surfer: Surfer, named: Claims) -> None:
    desk, made = desk_and_fake
    answer = tell(desk, message(**named)(made))
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, b"", "no-store")
    assert desk.visits() == []
    assert not surfer.is_in()


def test_a_message_about_another_session_leaves_this_one(desk_and_fake: DeskAndFake, surfer: Surfer) -> None:
    desk, made = desk_and_fake
    assert tell(desk, signed(made.logout_token(sid="s2", sub="ada"))).status_code == 200
    assert tell(desk, signed(made.logout_token(sid=None, sub="eve"))).status_code == 200
    assert surfer.is_in()


def test_a_message_is_heard_once(desk_and_fake: DeskAndFake, surfer: Surfer) -> None:
    desk, made = desk_and_fake
    token = signed(made.logout_token())
    assert tell(desk, token).status_code == 200
    surfer.get("/oidc/sign-in")
    assert tell(desk, token).status_code == 400
    assert surfer.is_in()


def test_a_message_is_remembered_while_it_would_be_good_and_then_forgotten(desk_and_fake: DeskAndFake) -> None:
    desk, made = desk_and_fake
    token = signed(made.logout_token(exp=int(made.now()) + 10_000))
    tell(desk, token)
    for minutes, remembered in ((10, True), (2, False)):
        desk.clock.forward(minutes=minutes)
        assert tell(desk, token).status_code == 400
        assert desk.remembers_messages() == remembered


def test_signing_out_here_is_enough_where_one_cannot_sign_out_there(
    desk_and_fake: DeskAndFake, surfer: Surfer
) -> None:
    desk, _ = desk_and_fake
    page = surfer.sign_out()
    assert (page.heading, desk.visits()) == ("You are signed out", [])
    assert "You may still be signed in at Example ID" in page.text


@pytest.mark.parametrize("broken", [answering(metadata=BROKEN), answering(metadata=Answer(slow=True))])
def test_one_can_sign_out_while_the_provider_is_silent(
    desk_and_fake: DeskAndFake, surfer: Surfer, broken: Bend
) -> None:
    desk, made = desk_and_fake
    broken(made)
    desk.forget_provider()
    assert surfer.sign_out().heading == "You are signed out"
    assert desk.visits() == []


def test_one_signs_out_at_an_address_of_the_issuer_alone(desk_and_fake: DeskAndFake, surfer: Surfer) -> None:
    desk, made = desk_and_fake
    made.bend(metadata=lambda usual: said({**usual, "end_session_endpoint": "https://evil.example/out"}))
    desk.forget_provider()
    assert surfer.sign_out().url == f"{desk.home}/oidc/signed-out"


def test_who_comes_back_with_another_state_is_told_the_truth(desk_and_fake: DeskAndFake) -> None:
    desk, _ = desk_and_fake
    assert "You may still be signed in" in desk.surfer().get("/oidc/signed-out?state=x").text
