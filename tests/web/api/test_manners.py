"""How the API behaves towards whoever asks: limits, other sites, cookies, and what somebody found of an address."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select

from portal.database import transaction
from portal.law.looks import Verdict
from portal.limits import Limit, LimitRow
from tests.looking import DAY, a_clock, look
from tests.web.api.asked import answered, ask
from tests.web.browsing import CLEARVIEW, Browser, Clock
from tests.web.conftest import WIDE, AnApp
from tests.web.samples import FOR_PROGRAMS, SAMPLES

TWO = {**WIDE, "api": Limit(2, timedelta(minutes=10), "for a test")}


# Limits


def test_the_third_of_two_is_told_when_and_then_goes_on(app: Flask, an_app: AnApp) -> None:
    clock = Clock()
    limited = an_app(clock, limits=TWO)
    answers = [ask(limited, "/laws/eu-gdpr") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["RateLimit"] for one in answers] == [f'"api";r={left};t=600' for left in (1, 0, 0)]
    assert {one.headers["RateLimit-Policy"] for one in answers} == {'"api";q=2;w=600'}
    said = answered(app, "/laws/{id}", answers[2])
    assert (said["type"], answers[2].headers["Retry-After"]) == ("/api/v1/docs#too-many-requests", "600")
    assert "600 seconds" in said["detail"]
    assert answers[2].headers["Access-Control-Allow-Origin"] == "*"
    clock.forward(minutes=10)
    assert ask(limited, "/laws/eu-gdpr").status_code == 200


def test_what_is_refused_or_not_changed_is_counted_and_what_a_browser_asks_before_is_not(an_app: AnApp) -> None:
    app = an_app(limits={**WIDE, "api": Limit(4, timedelta(minutes=10), "for a test")})
    etag = ask(app, "/laws/eu-gdpr").headers["ETag"]
    left = [
        ask(app, address, **headers).headers["RateLimit"].split(";")[1]
        for address, headers in (("/laws?x=1", {}), ("/laws/none", {}), ("/laws/eu-gdpr", {"If_None_Match": etag}))
    ]
    assert left == ["r=2", "r=1", "r=0"]
    assert ask(app, "/laws", "OPTIONS").status_code == 200
    assert Browser(app).get("/api/v1/docs").status == 200  # a page for people
    assert ask(app, "/laws").status_code == 429


def test_no_network_is_kept(an_app: AnApp) -> None:
    app = an_app()
    app.test_client().get("/api/v1/laws", environ_overrides={"REMOTE_ADDR": "192.0.2.77"})
    with transaction(app.extensions["rightface"].engine) as session:
        [row] = session.exec(select(LimitRow)).all()
    assert re.fullmatch("[0-9a-f]{64}", row.id)
    assert row.count == 1


# Other sites

ORIGIN = {"Origin": "https://elsewhere.example"}


@pytest.mark.parametrize("rule", sorted(FOR_PROGRAMS))
def test_a_page_of_another_site_may_ask_without_cookies(app: Flask, rule: str) -> None:
    before = {**ORIGIN, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    asked = ask(app, SAMPLES[rule][7:], "OPTIONS", **before)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]
    assert asked.headers["Access-Control-Max-Age"] == "86400"
    answer = ask(app, SAMPLES[rule][7:], **ORIGIN)
    for one in (asked, answer):
        assert one.headers["Access-Control-Allow-Origin"] == "*"
        assert one.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in one.headers
        assert {"ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"} <= {
            *one.headers["Access-Control-Expose-Headers"].split(", ")
        }


FOR_PEOPLE = ["/", "/laws/eu-gdpr", "/laws/eu-gdpr.json", "/api/v1/docs", "/nowhere", CLEARVIEW]


@pytest.mark.parametrize("address", FOR_PEOPLE)
def test_a_page_for_people_is_for_this_site_alone(app: Flask, address: str) -> None:
    answer = app.test_client().get(address, headers=ORIGIN)
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("rule", sorted(FOR_PROGRAMS))
def test_no_cookie_is_set_or_makes_a_difference(app: Flask, rule: str) -> None:
    browser = Browser(app, "fr")
    browser.write(CLEARVIEW)
    browser.get("/language/fr")
    mine, anybodys = browser.client.get(SAMPLES[rule]), ask(app, SAMPLES[rule][7:])
    assert mine.data == anybodys.data
    for one in (mine, anybodys):
        assert "Set-Cookie" not in one.headers
        assert "Vary" not in one.headers


# What somebody found of an address


def test_what_was_found_of_an_address_stands_beside_it(an_app: AnApp) -> None:
    clock = a_clock()
    app = an_app(clock)
    before = ask(app, "/organisations/clearview-ai")
    assert answered(app, "/organisations/{id}", before)["look"] is None
    look(app, "clearview-ai", Verdict.WRONG)
    found = {"verdict": "wrong", "on": DAY.isoformat(), "host": "www.example.org"}
    after = ask(app, "/organisations/clearview-ai", If_None_Match=before.headers["ETag"])
    assert (after.status_code, answered(app, "/organisations/{id}", after)["look"]) == (200, found)
    listed = answered(app, "/organisations", ask(app, "/organisations?limit=100"))["records"]
    assert {one["record"]["id"]: one["look"] for one in listed if one["look"]} == {"clearview-ai": found}
    clock.forward(days=366)
    assert ask(app, "/organisations/clearview-ai").get_json()["look"] is None


def test_a_body_with_an_office_is_reached_there(an_app: AnApp) -> None:
    app = an_app(a_clock())
    look(app, "ca-rcmp-atip", Verdict.RIGHT)
    for address in ("/organisations/ca-rcmp", "/offices/ca-rcmp-atip"):
        assert ask(app, address).get_json()["look"]["verdict"] == "right"
