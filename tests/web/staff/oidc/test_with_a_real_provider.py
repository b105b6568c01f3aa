"""Signing in and out with an identity provider that we did not write."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from portal.accounts.permissions import Role
from tests.web.staff.oidc.conftest import Desk
from tests.web.staff.oidc.surfing import Surfer


def issuer(desk: Desk) -> str:
    return str(desk.app.extensions["rightface"].config.provider.issuer)


def change(desk: Desk, login: str, **what: str) -> None:
    """Let the provider know something else of somebody."""
    requests.post(f"{issuer(desk)}/test/{login}", params=what).raise_for_status()


@pytest.fixture
def surfer(real_desk: Desk) -> Surfer:
    return real_desk.surfer()


def test_who_has_a_role_is_let_in_and_led_on(real_desk: Desk, surfer: Surfer) -> None:
    page = surfer.sign_in("ada rf-triage,rf-law")
    assert (page.status, page.heading, page.url) == (200, "Your desk", f"{real_desk.home}/")
    assert "Example ada" in page.text
    [account] = real_desk.accounts()
    assert account.roles == f"{Role.LAW_EDITOR} {Role.TRIAGE}"
    assert b"Example ada" not in account.sealed
    assert len(bytes.fromhex(account.lookup)) == 32


def test_the_provider_is_asked_with_code_pkce_state_and_nonce(surfer: Surfer) -> None:
    answer = surfer.get("/oidc/sign-in", allow_redirects=False).answer
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_the_page_that_was_asked_for_comes_after_signing_in(surfer: Surfer) -> None:
    assert "/sign-in?after=" in surfer.get("/people").url
    page = surfer.sign_in("ada rf-admins mfa", after="/people")
    assert (page.heading, urlsplit(page.url).path) == ("People", "/people")


@pytest.mark.parametrize(("proofs", "heading"), [("mfa", "People"), ("pwd,otp", "People"), ("", None), ("pwd", None)])
def test_an_admin_needs_a_second_proof(real_desk: Desk, surfer: Surfer, proofs: str, heading: str | None) -> None:
    page = surfer.sign_in(f"ada rf-admins {proofs}", after="/people")
    assert page.heading == (heading or "A second proof is needed")
    assert len(real_desk.visits()) == bool(heading)


def test_who_has_another_role_as_well_is_let_in_for_that(surfer: Surfer) -> None:
    surfer.sign_in("ada rf-admins,rf-triage pwd")
    assert surfer.is_in()
    assert surfer.get("/people").status == 403


def test_who_has_no_group_is_told_whom_to_ask(real_desk: Desk, surfer: Surfer) -> None:
    page = surfer.sign_in("eve strangers")
    assert (page.status, page.heading) == (403, "You may not work here yet")
    assert "Verein Beispiel" in page.text
    assert page.link("@") == "mailto:portal@example.org"
    assert (real_desk.visits(), real_desk.accounts()) == ([], [])


def test_who_was_not_let_in_can_sign_in_as_somebody_else(surfer: Surfer) -> None:
    refused = surfer.sign_in("eve strangers")
    page = surfer.get(refused.link("Sign in again"))
    assert surfer.at_provider(page, "ada rf-triage").heading == "Your desk"


def test_who_says_no_at_the_provider_can_begin_again(real_desk: Desk, surfer: Surfer) -> None:
    page = surfer.get("/oidc/sign-in")
    page = surfer.get(requests.compat.urljoin(page.url, page.link("Cancel")))
    assert (page.heading, real_desk.visits()) == ("You did not sign in", [])


def test_each_sign_in_is_a_new_visit_and_ends_the_one_before(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-triage")
    before, kept = surfer.cookies["staff"], real_desk.visits()
    page = surfer.get("/oidc/sign-in")
    assert page.heading == "Your desk"
    assert surfer.cookies["staff"] != before
    assert [one.id for one in real_desk.visits()] != [one.id for one in kept]
    assert (len(kept), len(real_desk.visits())) == (1, 1)


def test_a_code_is_good_once(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-triage")
    used = surfer.get("/oidc/sign-in").answer.history[-1].url
    code = parse_qs(urlsplit(used).query)["code"][0]
    assert surfer.get(used).heading == "This sign-in cannot go on"  # its state is gone
    other = real_desk.surfer()
    begun = other.get("/oidc/sign-in", allow_redirects=False).answer.headers["Location"]
    asked = {"code": code, "state": parse_qs(urlsplit(begun).query)["state"][0], "iss": issuer(real_desk)}
    page = other.get("/oidc/callback", params=asked)  # its state is right
    assert (page.status, page.heading) == (400, "This sign-in cannot go on")
    assert "staff" not in other.cookies


def test_another_browsers_answer_lets_nobody_in(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-triage")
    answered = surfer.get("/oidc/sign-in", allow_redirects=False)
    callback = surfer.get(answered.answer.headers["Location"], allow_redirects=False).answer.headers["Location"]
    other = real_desk.surfer()
    other.get("/oidc/sign-in", allow_redirects=False)
    assert other.get(callback).heading == "This sign-in cannot go on"
    assert not other.is_in()


def test_groups_are_looked_at_again_within_a_minute(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-admins,rf-triage mfa")
    change(real_desk, "ada", groups="rf-triage")
    real_desk.clock.forward(seconds=59)
    assert surfer.get("/people").status == 200
    real_desk.clock.forward(seconds=1)
    assert surfer.get("/people").status == 403
    assert surfer.is_in()


def test_a_visit_goes_on_as_long_as_the_provider_says_so(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-admins mfa")
    for _ in range(5):
        real_desk.clock.forward(seconds=61)
        assert surfer.get("/people").status == 200


def test_who_loses_the_last_group_is_out(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-triage")
    change(real_desk, "ada", groups="")
    real_desk.clock.forward(seconds=60)
    page = surfer.get("/")
    assert (page.status, page.heading) == (403, "You may not work here yet")
    assert "staff" not in surfer.cookies
    assert "/sign-in" in surfer.get("/").url


def test_who_is_gone_at_the_provider_is_out_within_a_minute(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-triage")
    change(real_desk, "ada", gone="1")
    real_desk.clock.forward(seconds=60)
    page = surfer.get("/")
    assert (page.status, page.heading) == (403, "You are signed out")
    assert real_desk.visits() == []


def test_signing_out_signs_out_at_the_provider_too(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-triage")
    page = surfer.sign_out()
    assert page.url.startswith(issuer(real_desk))
    assert real_desk.visits() == []
    page = surfer.send(page, {"logout": "yes"})
    assert (page.heading, page.url.startswith(real_desk.home)) == ("You are signed out", True)
    assert "Here, and at Example ID" in page.text
    assert "Sign-in" in surfer.get("/oidc/sign-in").text  # it asks who they are


def test_signing_out_at_the_provider_ends_the_visit(real_desk: Desk, surfer: Surfer) -> None:
    surfer.sign_in("ada rf-triage")
    other = real_desk.surfer()
    other.sign_in("bo rf-triage")
    page = surfer.get(f"{issuer(real_desk)}/session/end")
    surfer.send(page, {"logout": "yes"})  # it tells the portal before it answers
    assert len(real_desk.visits()) == 1
    assert not surfer.is_in()
    assert other.is_in()


def test_the_browser_keeps_nothing_of_the_sign_in(real_desk: Desk, surfer: Surfer) -> None:
    surfer.get("/oidc/sign-in", allow_redirects=False)
    read = real_desk.app.session_interface.get_signing_serializer(real_desk.app).loads  # type: ignore[attr-defined]
    assert {*read(surfer.cookies["desk"])["oidc"]} == {"state", "nonce", "verifier", "after", "at"}
    surfer.sign_in("ada rf-triage")
    assert "oidc" not in read(surfer.cookies["desk"])
    before = read(surfer.cookies["desk"])["csrf_token"]
    surfer.get("/oidc/sign-in")
    assert read(surfer.cookies["desk"])["csrf_token"] != before  # a form of the visit before is no good in this one
