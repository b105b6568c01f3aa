"""Bad tokens, bad answers and bad flows: each ends in a page that says what to do, and lets nobody in."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.accounts import people
from portal.accounts.people import Who
from portal.accounts.provider import Reason
from portal.database import transaction
from portal.web.staff import oidc
from portal.web.staff.words import REFUSALS
from tests.web.staff.oidc import fake
from tests.web.staff.oidc.conftest import Bend, Desk
from tests.web.staff.oidc.fake import ANOTHER, Answer, Claims, Fake, by_public_key, said, signed, unsigned
from tests.web.staff.oidc.surfing import Seen

DeskAndFake = tuple[Desk, Fake]
LONG = b'{"pad": "' + b"x" * 300_000 + b'"}'


def but(**changed: Any) -> Bend:
    """Other claims; None leaves one out."""

    def claims(whole: Claims) -> Claims:
        return {name: value for name, value in {**whole, **changed}.items() if value is not None}

    return lambda made: made.bend(claims=claims)


def later(**seconds: int) -> Bend:
    """Claims that are times, from now."""
    return lambda made: but(**{name: int(made.now()) + more for name, more in seconds.items()})(made)


def by(sign: Callable[[Claims], Any]) -> Bend:
    return lambda made: made.bend(sign=sign)


def answering(**ways: Answer) -> Bend:
    """One answer for all that is asked at an address."""
    fixed = {name: lambda _usual, answer=answer: answer for name, answer in ways.items()}
    return lambda made: made.bend(**fixed)


def described(**changed: Any) -> Bend:
    return lambda made: made.bend(metadata=lambda usual: said({**usual, **changed}))


def promising_no_issuer(made: Fake) -> None:
    described(authorization_response_iss_parameter_supported=None)(made)


def coming_back(**changed: Any) -> Bend:
    """Another answer in the browser's address; None leaves a part out."""

    def comes_back(usual: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in {**usual, **changed}.items() if value is not None}

    return lambda made: made.bend(comes_back=comes_back)


def twice(name: str) -> Bend:
    return lambda made: made.bend(comes_back=lambda usual: {**usual, name: [usual[name], usual[name]]})


def person(**claims: Any) -> Bend:
    return lambda made: made.person.update(claims)


BAD: dict[str, tuple[Bend, Reason]] = {
    # The ID token
    "alg is none": (by(unsigned), Reason.BAD_TOKEN),
    "HS256 with the public key as secret": (by(by_public_key), Reason.BAD_TOKEN),
    "an algorithm that was not agreed": (by(lambda claims: signed(claims, alg="RS512")), Reason.BAD_TOKEN),
    "a signature of another key": (by(lambda claims: signed(claims, ANOTHER, kid="one")), Reason.BAD_TOKEN),
    "a key that the token brings": (
        by(lambda claims: signed(claims, ANOTHER, kid="one", jwk=ANOTHER.as_dict(private=False))),
        Reason.BAD_TOKEN,
    ),
    "an unknown kid": (by(lambda claims: signed(claims, ANOTHER)), Reason.BAD_TOKEN),
    "an unknown critical header": (by(lambda claims: signed(claims, crit=["x"], x=1)), Reason.BAD_TOKEN),
    "a changed body": (by(lambda claims: signed(claims)[:-300] + "AAAA" + signed(claims)[-296:]), Reason.BAD_TOKEN),
    "no token": (by(lambda _claims: None), Reason.BAD_TOKEN),
    "a token that is no word": (by(lambda claims: claims), Reason.BAD_TOKEN),
    "a token that is no token": (by(lambda _claims: "a.b.c"), Reason.BAD_TOKEN),
    "claims nested without end": (by(lambda claims: signed(nested(claims))), Reason.BAD_TOKEN),
    "another issuer": (but(iss="https://id.example"), Reason.BAD_TOKEN),
    "no issuer": (but(iss=None), Reason.BAD_TOKEN),
    "another audience": (but(aud="somebody-else"), Reason.BAD_TOKEN),
    "no audience": (but(aud=None), Reason.BAD_TOKEN),
    "two audiences, and no azp": (but(aud=[fake.CLIENT, "somebody-else"]), Reason.BAD_TOKEN),
    "two audiences, another azp": (but(aud=[fake.CLIENT, "other"], azp="other"), Reason.BAD_TOKEN),
    "another azp": (but(azp="somebody-else"), Reason.BAD_TOKEN),
    "another nonce": (but(nonce="of another sign-in"), Reason.BAD_TOKEN),
    "no nonce": (but(nonce=None), Reason.BAD_TOKEN),
    "expired": (later(exp=-61), Reason.BAD_TOKEN),
    "no end": (but(exp=None), Reason.BAD_TOKEN),
    "an end that is no time": (but(exp="never"), Reason.BAD_TOKEN),
    "issued in the future": (later(iat=61, exp=600), Reason.BAD_TOKEN),
    "not issued": (but(iat=None), Reason.BAD_TOKEN),
    "not good yet": (later(nbf=61), Reason.BAD_TOKEN),
    "no subject": (but(sub=None), Reason.BAD_TOKEN),
    "an empty subject": (but(sub=""), Reason.BAD_TOKEN),
    "a subject that is no word": (but(sub=7), Reason.BAD_TOKEN),
    "a subject without end": (but(sub="x" * 256), Reason.BAD_TOKEN),
    "the hash of another access token": (but(at_hash="of-another"), Reason.BAD_TOKEN),
    "groups in one word": (but(groups="rf-triage"), Reason.BAD_TOKEN),
    "groups as a table": (but(groups={"rf-triage": True}), Reason.BAD_TOKEN),
    "groups that are no words": (but(groups=[["rf-triage"]]), Reason.BAD_TOKEN),
    "proofs in one word": (but(amr="mfa"), Reason.BAD_TOKEN),
    "a level that is no word": (but(acr=["mfa"]), Reason.BAD_TOKEN),
    # Whom it names
    "no group that has a role": (person(groups=["strangers"]), Reason.NO_ROLE),
    "no groups at all": (but(groups=None), Reason.NO_ROLE),
    "an admin with one proof": (person(groups=["rf-admins"]), Reason.ONE_PROOF),
    "a custodian with one proof": (person(groups=["rf-custodians"], amr=["pwd"]), Reason.ONE_PROOF),
    # The way back
    "they say no": (coming_back(code=None, error="access_denied"), Reason.CANCELLED),
    "the provider broke": (coming_back(code=None, error="server_error"), Reason.NO_ANSWER),
    "no state": (coming_back(state=None), Reason.NOT_BEGUN_HERE),
    "another state": (coming_back(state="of-another-browser"), Reason.NOT_BEGUN_HERE),
    "a state beyond ASCII": (coming_back(state="é"), Reason.NOT_BEGUN_HERE),
    "two states": (twice("state"), Reason.NOT_BEGUN_HERE),
    "two codes": (twice("code"), Reason.NOT_BEGUN_HERE),
    "an answer of another issuer": (coming_back(iss="https://id.example"), Reason.ANOTHER_ISSUER),
    "an error of another issuer": (
        coming_back(iss="https://id.example", error="access_denied"),
        Reason.ANOTHER_ISSUER,
    ),
    "no issuer where it is promised": (coming_back(iss=None), Reason.ANOTHER_ISSUER),
    "an answer of another issuer, where none is promised": (
        lambda made: [promising_no_issuer(made), coming_back(iss="https://id.example")(made)],
        Reason.ANOTHER_ISSUER,
    ),
    "two issuers": (twice("iss"), Reason.NOT_BEGUN_HERE),
    # The token endpoint
    "a code that was used": (answering(token=said({"error": "invalid_grant"}, 400)), Reason.BAD_CODE),
    "the provider knows no such portal": (answering(token=said({"error": "invalid_client"}, 401)), Reason.NO_ANSWER),
    "tokens: broken": (answering(token=Answer(b"{}", 500)), Reason.NO_ANSWER),
    "tokens: too many asked": (answering(token=said({"message": "slowly"}, 429)), Reason.NO_ANSWER),
    "tokens: too long": (answering(token=Answer(LONG)), Reason.NO_ANSWER),
    "tokens: never": (answering(token=Answer(slow=True)), Reason.NO_ANSWER),
    "tokens: byte by byte": (answering(token=Answer(drips=True)), Reason.NO_ANSWER),
    "tokens: a list": (answering(token=said([])), Reason.NO_ANSWER),
    "tokens: nested without end": (answering(token=Answer(b"[" * 200_000)), Reason.NO_ANSWER),
    "tokens: at an address that it leads on to": (
        lambda made: made.bend(out_of_order=Answer(status=307, headers={"Location": "/moved/token"})),
        Reason.NO_ANSWER,
    ),
    "no refresh token": (
        lambda made: made.bend(token=lambda usual: said({**usual, "refresh_token": None})),
        Reason.CANNOT_BE_ASKED_AGAIN,
    ),
    # The keys
    "keys: too long": (answering(keys=Answer(LONG)), Reason.NO_ANSWER),
    "keys: never": (answering(keys=Answer(slow=True)), Reason.NO_ANSWER),
    "keys: byte by byte": (answering(keys=Answer(drips=True)), Reason.NO_ANSWER),
    "keys: no JSON": (answering(keys=Answer(b"<html>")), Reason.NO_ANSWER),
    "keys: none": (answering(keys=said({"keys": []})), Reason.NO_ANSWER),
    "keys: of no kind": (answering(keys=said({"keys": "one"})), Reason.NO_ANSWER),
    "keys: missing": (answering(keys=Answer(status=404)), Reason.NO_ANSWER),
    "keys: packed": (answering(keys=Answer(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})), Reason.NO_ANSWER),
    "keys: at an address that it leads on to": (
        answering(keys=Answer(status=302, headers={"Location": "/moved/keys"})),
        Reason.NO_ANSWER,
    ),
    "keys: in the clear": (described(jwks_uri="http://id.example/keys"), Reason.NO_ANSWER),
    # What it says of itself
    "metadata: of another issuer": (described(issuer="https://id.example"), Reason.NO_ANSWER),
    "metadata: too long": (answering(metadata=Answer(LONG)), Reason.NO_ANSWER),
    "metadata: never": (answering(metadata=Answer(slow=True)), Reason.NO_ANSWER),
    "metadata: no JSON": (answering(metadata=Answer(b"no")), Reason.NO_ANSWER),
    "metadata: a list": (answering(metadata=said([])), Reason.NO_ANSWER),
    "metadata: without an address for tokens": (described(token_endpoint=None), Reason.NO_ANSWER),
    "metadata: an address that is none": (described(token_endpoint="http://[x"), Reason.NO_ANSWER),
    "metadata: an address of a file": (described(authorization_endpoint="file:///etc/passwd"), Reason.NO_ANSWER),
}


def nested(claims: Claims) -> Claims:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    return {**claims, "groups": deep}


def heading(reason: Reason) -> str:
    return str(REFUSALS[reason][0])


def try_to_sign_in(desk: Desk) -> Seen:
    return desk.surfer().get("/oidc/sign-in")


def test_the_provider_that_is_bent_lets_people_in_as_long_as_it_is_not(desk_and_fake: DeskAndFake) -> None:
    desk, _ = desk_and_fake
    assert try_to_sign_in(desk).heading == "Your desk"
    assert len(desk.visits()) == 1


def test_an_answer_need_not_say_whose_it_is_where_that_is_not_promised(desk_and_fake: DeskAndFake) -> None:
    desk, made = desk_and_fake
    promising_no_issuer(made)
    coming_back(iss=None)(made)
    assert try_to_sign_in(desk).heading == "Your desk"


@pytest.mark.parametrize("how", BAD)
def test_a_bad_sign_in_is_a_clear_page_and_no_visit(
    desk_and_fake: DeskAndFake, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    desk, made = desk_and_fake
    bend, reason = BAD[how]
    bend(made)
    before = len(desk.trail())
    with caplog.at_level(logging.DEBUG), desk.app.test_request_context():
        page, expected = try_to_sign_in(desk), heading(reason)
    assert (page.heading, page.status) == (expected, oidc._STATUS.get(reason, 403))
    assert page.link("Sign in again").startswith("/oidc/sign-in")
    assert desk.visits() == []
    [row] = desk.trail()[before:]
    assert (row.actor, row.action, row.outcome, row.reason) == ("visitor", "sign_in_refused", "refused", reason)
    check_nothing_is_logged(caplog)


def check_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """By the portal: the tests' own browser and server, `werkzeug`, log addresses; what serves a portal does not."""
    ours = [one for one in caplog.records if one.name != "werkzeug" and one.threadName != "MainThread"]
    assert ours
    lines = " ".join(record.getMessage() for record in ours)
    for secret in ("eyJ", "refresh-", "code-", "secret", "Byron", "rf-triage"):
        assert secret not in lines


def test_a_good_sign_in_is_noted_and_logs_nothing(
    desk_and_fake: DeskAndFake, caplog: pytest.LogCaptureFixture
) -> None:
    desk, _ = desk_and_fake
    with caplog.at_level(logging.DEBUG):
        page = try_to_sign_in(desk)
    [account] = desk.accounts()
    last = desk.trail()[-1]
    assert (last.action, last.actor, last.outcome) == ("sign_in", account.id, "done")
    assert page.url == f"{desk.home}/"  # nothing of the answer stays in the address
    check_nothing_is_logged(caplog)


def test_an_account_that_was_closed_gets_the_page_of_who_has_no_role(desk_and_fake: DeskAndFake) -> None:
    desk, made = desk_and_fake
    parts = desk.app.extensions["rightface"]
    with transaction(parts.engine) as session:
        who = people.add(session, parts.config.staff_secret, Who(made.issuer, "ada"), [])
        people.close(session, who.id, parts.today())
    closed = try_to_sign_in(desk)
    made.person["sub"], made.person["groups"] = "eve", []
    assert closed.text == try_to_sign_in(desk).text
    assert (closed.status, desk.visits()) == (403, [])


def test_the_same_subject_of_another_issuer_is_somebody_else(desk_and_fake: DeskAndFake) -> None:
    desk, _ = desk_and_fake
    parts = desk.app.extensions["rightface"]
    with transaction(parts.engine) as session:
        other = people.add(session, parts.config.staff_secret, Who("https://id.example", "ada"), [])
    try_to_sign_in(desk)
    assert other.id not in {visit.account_id for visit in desk.visits()}


def test_somebody_new_who_signs_in_twice_at_once_is_one_account(desk_and_fake: DeskAndFake) -> None:
    desk, _ = desk_and_fake
    with ThreadPoolExecutor(6) as windows:
        pages = list(windows.map(lambda _number: try_to_sign_in(desk), range(6)))
    assert {page.heading for page in pages} == {"Your desk"}
    assert (len(desk.accounts()), len(desk.visits())) == (1, 6)


def test_a_sign_in_that_takes_too_long_is_over(desk_and_fake: DeskAndFake) -> None:
    desk, _ = desk_and_fake
    surfer = desk.surfer()
    there = surfer.get("/oidc/sign-in", allow_redirects=False).answer.headers["Location"]
    back = surfer.get(there, allow_redirects=False).answer.headers["Location"]
    desk.clock.forward(minutes=10, seconds=1)
    assert surfer.get(back).status == 400
    assert desk.visits() == []


def test_a_new_key_is_asked_for_when_it_signs(
    desk_and_fake: DeskAndFake,
) -> None:
    desk, made = desk_and_fake
    try_to_sign_in(desk)
    by(lambda claims: signed(claims, ANOTHER))(made)
    answering(keys=said({"keys": [fake.KEY.as_dict(private=False), ANOTHER.as_dict(private=False)]}))(made)
    assert try_to_sign_in(desk).status == 403  # it was asked just now, and is not asked again for each token
    desk.clock.forward(minutes=1)
    assert try_to_sign_in(desk).heading == "Your desk"


def test_a_second_proof_is_asked_for_where_that_is_agreed(desk_and_fake: DeskAndFake) -> None:
    desk, _ = desk_and_fake
    there = desk.surfer().get("/oidc/sign-in", allow_redirects=False).answer.headers["Location"]
    assert parse_qs(urlsplit(there).query)["acr_values"] == ["two"]


@pytest.mark.parametrize("claim", [{"amr": ["pwd", "otp"]}, {"amr": ["hwk"]}, {"acr": "mfa"}], ids=str)
def test_a_second_proof_is_known_by_amr_or_acr(desk_and_fake: DeskAndFake, claim: Claims) -> None:
    desk, made = desk_and_fake
    made.person.update(groups=["rf-admins"], **claim)
    surfer = desk.surfer()
    surfer.get("/oidc/sign-in")
    assert surfer.get("/people").status == 200


@pytest.mark.parametrize(
    "after",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example/",
        " //evil.example/",
        "javascript:alert(1)",
        "///evil.example",
        "evil.example",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(desk_and_fake: DeskAndFake, after: str) -> None:
    desk, _ = desk_and_fake
    surfer = desk.surfer()
    page = surfer.get("/oidc/sign-in", params={"after": after})
    assert page.url == f"{desk.home}/"
    assert surfer.get("/sign-in", params={"after": after}).url == f"{desk.home}/"


def test_a_form_may_lead_on_to_the_provider_and_nowhere_else(desk_and_fake: DeskAndFake) -> None:
    desk, made = desk_and_fake
    policy = desk.surfer().get("/sign-in").answer.headers["Content-Security-Policy"].split("; ")
    assert f"form-action 'self' {made.issuer}" in policy


def test_every_reason_that_a_page_tells_has_been_tried() -> None:
    told = {reason for _, reason in BAD.values()}
    assert {*REFUSALS} - told == {Reason.CLOSED, Reason.WITHDRAWN, Reason.SOMEBODY_ELSE}  # tried elsewhere
