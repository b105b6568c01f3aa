"""What goes wrong is told to programs in one form, with what to do."""

import logging

import pytest
from flask import Flask

from portal.web.api.problems import PROBLEMS, REFUSED
from tests.web.api.asked import PROBLEM, Json, answered, ask
from tests.web.browsing import Browser
from tests.web.conftest import AnApp
from tests.web.samples import FOR_PROGRAMS, RECORDS, SAMPLES

WRITING = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "PURGE"]


def errors(said: Json) -> dict[str, str]:
    return {one["parameter"]: one["detail"] for one in said["errors"]}


NOWHERE = [
    "/nothing",
    "/laws/none",
    "/laws/",
    "/laws/eu-gdpr/",
    "/laws/EU-GDPR",
    "/laws/%00",
    "/laws.json",
    "/%F0%9F",
]


@pytest.mark.parametrize("address", [*NOWHERE, f"/laws/{'x' * 3_000}"])
def test_what_is_not_there_is_told_as_a_problem(app: Flask, address: str) -> None:
    answer = ask(app, address)
    said = answered(app, "/laws/{id}", answer)
    assert (answer.status_code, said["type"]) == (404, "/api/v1/docs#not-found")
    assert "/api/v1" in said["detail"]  # leads on
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/v2", "/api/v2/laws"])
def test_beside_v1_there_is_nothing_and_that_is_told_as_a_problem(app: Flask, address: str) -> None:
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


def test_people_get_pages_all_the_same(app: Flask) -> None:
    for address in ("/apis", "/nowhere", "/laws/none"):
        assert Browser(app).get(address).heading
    page = app.test_client().get("/api/v1/docs/x")
    assert page.mimetype == PROBLEM


@pytest.mark.parametrize("method", WRITING)
@pytest.mark.parametrize("rule", sorted(FOR_PROGRAMS))
def test_nothing_can_be_written(app: Flask, rule: str, method: str) -> None:
    answer = app.test_client().open(SAMPLES[rule], method=method)
    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert {*answer.headers["Allow"].split(", ")} == {"GET", "HEAD", "OPTIONS"}
    assert answer.get_json()["type"] == "/api/v1/docs#wrong-method"


@pytest.mark.parametrize("rule", sorted(FOR_PROGRAMS))
def test_a_parameter_that_is_not_known_is_refused(app: Flask, rule: str) -> None:
    address = SAMPLES[rule][7:]
    answer = ask(app, f"{address}{'&' if '?' in address else '?'}utm_source=x")
    said = answer.get_json()
    assert (answer.status_code, answer.mimetype, said["type"]) == (400, PROBLEM, "/api/v1/docs#bad-parameter")
    assert "leave it out" in errors(said)["utm_source"]
    assert "utm_source" in said["detail"]


ROUTE = {"place": "at", "organisation": "clearview-ai", "right": "access"}
WRONG = [
    ("/laws?limit=0", "limit", "Write a number from 1 to 100."),
    ("/laws?limit=101", "limit", "Write a number from 1 to 100."),
    ("/laws?limit=ten", "limit", "Write a number from 1 to 100."),
    ("/laws?limit=1.0", "limit", "Write a number from 1 to 100."),
    ("/laws?limit=%D9%A3", "limit", "Write a number from 1 to 100."),  # a three, in Arabic
    ("/laws?limit=", "limit", "Write a number from 1 to 100."),
    ("/laws?limit=2&limit=2", "limit", "Give it once."),
    ("/laws?after=EU", "after", "Write it in small letters, digits and hyphens, as in eu-gdpr."),
    ("/laws?after=eu-gdpr%0A", "after", "Write it in small letters, digits and hyphens, as in eu-gdpr."),
    ("/route?organisation=clearview-ai&right=access", "place", "It is missing: give it."),
    ("/route?place=AT&organisation=clearview-ai&right=access", "place", "such as ac."),
    ("/route?place=at&organisation=clearview-ai&right=wish", "right", "Choose one of access, erasure"),
    ("/due?rule=eu-1m&received_on=31.1.2027", "received_on", "Write a day from 1970 to 2099 as 2027-01-31."),
    ("/due?rule=eu-1m&received_on=2027-02-30", "received_on", "There is no such day."),
    ("/due?rule=eu-1m&received_on=1900-01-01", "received_on", "from 1970"),
    ("/due?rule=eu-1m&received_on=1800000000", "received_on", "Write a day"),  # a moment in seconds
    ("/due?rule=eu-1m&received_on=2027-01-31T00:00", "received_on", "Write a day"),
    ("/due?rule=eu-1m&extension_reasoned=yes", "extension_reasoned", "Write true or false."),
]  # fmt: skip


@pytest.mark.parametrize(("address", "parameter", "detail"), WRONG)
def test_what_cannot_be_read_is_told_with_what_to_do(app: Flask, address: str, parameter: str, detail: str) -> None:
    answer = ask(app, address)
    said = answered(app, address.partition("?")[0], answer)
    assert answer.status_code == 400
    assert [*errors(said)] == [parameter]
    assert detail in errors(said)[parameter]


def test_all_that_is_wrong_is_told_at_once(app: Flask) -> None:
    said = ask(app, "/route?place=nowhere&right=x&day=1").get_json()
    assert {*errors(said)} == {"place", "organisation", "right", "day"}


def test_what_breaks_is_told_without_a_word_of_it(an_app: AnApp, caplog: pytest.LogCaptureFixture) -> None:
    app = an_app()

    def breaks(name: str, id_: str = "") -> None:
        raise RuntimeError("Ana Example")

    app.view_functions["api.laws_one"] = breaks
    with caplog.at_level(logging.INFO):
        answer = ask(app, "/laws/eu-gdpr")
    said = answered(app, "/laws/{id}", answer)
    assert (answer.status_code, said["type"]) == (500, "/api/v1/docs#broken")
    assert "Ana" not in answer.text + caplog.text
    assert "RuntimeError" not in answer.text
    assert "eu-gdpr" not in caplog.text


def test_the_log_has_the_rule_alone(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask(app, SAMPLES["/api/v1/route"][7:])
        ask(app, f"/organisations/{RECORDS['organisations']}")
    assert "GET /api/v1/route 200" in caplog.text
    assert "GET /api/v1/organisations/<id_> 200" in caplog.text
    for told in ("clearview", "access", "place"):
        assert told not in caplog.text


def test_each_type_leads_to_where_it_is_explained(app: Flask) -> None:
    page = Browser(app).get("/api/v1/docs")
    for kind in (*PROBLEMS.values(), REFUSED):
        address, _, at = kind.type.partition("#")
        assert address == "/api/v1/docs"
        assert page.main.xpath(f".//*[@id='{at}']")
