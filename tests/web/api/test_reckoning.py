"""Routes and dates for programs are those of the law, with their reasons and sources."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.law.deadlines import Due, Notice, Uncountable, due, sentence
from portal.law.records import Confidence, Event, Right, Side, Standing
from portal.law.routing import Situation, route, rule_of
from portal.law.stops import as_the_law_has_it
from portal.web.api.questions import Dates, for_catalogue
from tests.building import the_catalogue
from tests.web.api.asked import Json, answered, ask
from tests.web.test_reference import as_plain

CATALOGUE = the_catalogue()
ROUTE, DUE = for_catalogue(CATALOGUE)
PLACES = sorted(ROUTE.model_json_schema()["$defs"]["Place"]["enum"])
DAYS = st.dates(date(2015, 1, 1), date(2060, 12, 31))
GIVEN = [event for event in Event if event is not Event.REPLY_DUE]


def asked(app: Flask, path: str, facts: dict[str, Any]) -> tuple[int, Json]:
    answer = ask(app, f"{path}?{urlencode(facts)}")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answered(app, path, answer)


def as_dated(found: Due | None) -> Json | None:
    """A due date as the API tells it; written apart from the portal's own way."""
    return found and {
        "day": found.day.isoformat(),
        "start": found.start.isoformat(),
        "earliest": found.earliest.isoformat(),
        "latest": found.latest.isoformat(),
        "counted": {language: sentence(found, language) for language in ("en", "fr")},
        "steps": [as_plain(step) for step in found.steps],
        "alternatives": [{"day": day.isoformat(), "why": why} for day, why in found.alternatives],
        "confidence": found.confidence.value,
    }


def at(kind: str, id_: str | None) -> Json | None:
    return {"id": id_, "url": f"/api/v1/{kind}/{id_}"} if id_ else None


def kind_of(id_: str | None) -> str:
    kinds = ("organisations", "authorities", "offices")
    return next((kind for kind in kinds if id_ in getattr(CATALOGUE, kind)), "")


# Routes


def as_routed(found: Any) -> list[Json]:
    return [
        {
            "way": one.way,
            "outcome": one.outcome.value,
            "right": one.right.value,
            "law": at("laws", one.law),
            "other_laws": [at("laws", law) for law in one.other_laws],
            "to_organisation_first": one.to_organisation_first,
            "addressee": at(kind_of(one.addressee), one.addressee),
            "authority": at(kind_of(one.regulator), one.regulator),
            "channels": as_plain(one.channels),
            "language_letter": one.language_letter,
            "language_complaint": one.language_complaint,
            "deadline": at("deadlines", one.deadline_rule),
            "due_kind": one.due_kind.value if one.due_kind else None,
            "due": as_dated(one.due),
            "confidence": one.confidence.value,
            "before": one.before,
            "next": as_plain(one.next),
            "reasons": [{"text": reason.text, "source": reason.source} for reason in one.reasons],
        }
        for one in found.options
    ]


@st.composite
def situations(draw: st.DrawFn) -> dict[str, Any]:
    """Facts as they are asked with; places with law of their own more often than they are."""
    facts = {
        "place": draw(st.sampled_from(PLACES) | st.sampled_from(sorted({*CATALOGUE.jurisdictions} & {*PLACES}))),
        "organisation": draw(st.sampled_from(sorted(CATALOGUE.organisations))),
        "right": draw(st.sampled_from(Right)).value,
    }
    known = draw(st.dictionaries(st.sampled_from(GIVEN), DAYS, max_size=3))
    facts |= {event.value: day.isoformat() for event, day in known.items()}
    if draw(st.booleans()):
        facts |= {"extension_notice_on": draw(DAYS).isoformat()}
    for flag in ("extension_reasoned", "ca_citizen_or_resident"):
        if draw(st.booleans()):
            facts[flag] = draw(st.sampled_from(["true", "false"]))
    return facts


def situation(facts: dict[str, Any]) -> Situation:
    told = facts.get("extension_notice_on")
    question = facts.get("ca_citizen_or_resident")
    return Situation(
        facts["place"],
        CATALOGUE.organisations[facts["organisation"]],
        Right(facts["right"]),
        {event: date.fromisoformat(facts[event.value]) for event in GIVEN if event.value in facts},
        extension_notice_on=date.fromisoformat(told) if told else None,
        extension_reasoned=facts.get("extension_reasoned") != "false",
        answers={"ca_citizen_or_resident": question == "true"} if question else {},
    )


@given(facts=situations())
def test_a_route_is_that_of_the_law(app: Flask, facts: dict[str, Any]) -> None:
    status, said = asked(app, "/route", facts)
    try:
        found = route(CATALOGUE, situation(facts))
    except Uncountable:
        assert (status, said["errors"][0]["parameter"]) == (422, "place")
        return
    assert status == 200
    assert said["options"] == as_routed(found)
    assert (said["question"] or {}).get("parameter", "") == found.question


@pytest.mark.parametrize("right", Right)
def test_each_way_has_a_reason_with_its_source_and_how_sure_it_is(app: Flask, right: Right) -> None:
    for organisation in CATALOGUE.organisations:
        _, said = asked(app, "/route", {"place": "at", "organisation": organisation, "right": right.value})
        for way in said["options"]:
            assert way["reasons"]
            for reason in way["reasons"]:
                assert reason["source"]
                assert {"en", "fr"} <= {*reason["text"]}
            assert way["confidence"] in ("certain", "check")


def test_a_question_of_a_law_is_a_parameter(app: Flask) -> None:
    facts = {"place": "fr", "organisation": "ca-rcmp", "right": "records"}
    _, said = asked(app, "/route", facts)
    assert said["options"][0]["outcome"] == "not_eligible"
    question = said["question"]
    assert question["text"]["en"].endswith("?")
    assert question["source"]
    _, said = asked(app, "/route", {**facts, question["parameter"]: "true"})
    assert said["options"][0]["outcome"] == "statutory"


def test_every_question_of_the_data_can_be_answered() -> None:
    needs = {reach.needs for law in CATALOGUE.laws.values() for reach in law.reach if reach.needs}
    assert needs <= {*ROUTE.model_fields}


def test_every_date_that_a_clock_counts_from_can_be_given() -> None:
    assert {event.value for event in Event} <= {*DUE.model_fields}
    assert {event.value for event in GIVEN} <= {*Dates.model_fields}


# Dates


def counted(rule: Any, facts: dict[str, Any], events: dict[Event, date], notice: Notice | None) -> Any:
    calendar = CATALOGUE.calendar(facts["place"]) if "place" in facts else None
    return due(rule, events, dict.fromkeys(Side, calendar) if calendar else {}, notice)


@given(data=st.data())
def test_a_day_by_a_rule_is_that_of_the_law(app: Flask, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from([*CATALOGUE.deadlines.values()]))
    known = data.draw(st.dictionaries(st.sampled_from(Event), DAYS, max_size=3))
    known[rule.counts_from[0]] = data.draw(DAYS)
    facts = {"rule": rule.id, **{event.value: day.isoformat() for event, day in known.items()}}
    if data.draw(st.booleans()):
        facts["place"] = data.draw(st.sampled_from(PLACES))
    told = data.draw(st.none() | DAYS)
    if told:
        facts["extension_notice_on"] = told.isoformat()
    status, said = asked(app, "/due", facts)
    try:
        found = counted(rule, facts, known, Notice(told) if told else None)
    except Uncountable:
        assert (status, said["errors"][0]["parameter"]) == (422, "place")
        return
    [one] = said["dates"]
    assert (status, one["due"], one["rule"]["id"]) == (200, as_dated(found), rule.id)
    assert (one["sources"], one["basis_in_law"]) == ([*rule.sources], rule.basis_in_law)
    assert one["no_day"] == (None if found else "open_end" if rule.unit else "no_time")


@given(data=st.data())
def test_days_by_a_law_and_a_right_are_those_of_the_law(app: Flask, data: st.DataObject) -> None:
    law = data.draw(st.sampled_from([law for law in CATALOGUE.laws.values() if law.rights]))
    right = data.draw(st.sampled_from([*law.rights]))
    given_ = law.rights[right]
    rule = as_the_law_has_it(CATALOGUE.deadlines[rule_of(law, right)], law)
    events = {event: data.draw(DAYS) for event in {*rule.counts_from, Event.RECEIVED_ON}}
    facts = {"law": law.id, "right": right.value, "place": data.draw(st.sampled_from(["at", "ca-qc", "us", "ch"]))}
    facts |= {event.value: day.isoformat() for event, day in events.items()}
    status, said = asked(app, "/due", facts)
    if given_.standing is Standing.NONE:
        assert (status, said["errors"][0]["parameter"]) == (422, "right")
        return
    rules = {"itself": rule}
    for purpose, id_ in (("acknowledgement", given_.acknowledge), ("authority_answer", given_.authority_answers)):
        rules |= {purpose: CATALOGUE.deadlines[id_]} if id_ else {}
    told = [(one["purpose"], one["rule"]["id"]) for one in said["dates"]]
    assert told == [(what, one.id) for what, one in rules.items()]
    for one in said["dates"]:
        counts = rules[one["purpose"]]
        blind = counts.unit is not None and not {*counts.counts_from} & {*events}
        assert (one["no_day"] == "no_start") is blind
        found = None if blind else counted(counts, facts, events, None)
        assert one["due"] == as_dated(found)
    unsure = Confidence.CHECK in (rule.confidence, given_.deadline_confidence)
    assert said["dates"][0]["confidence"] == ("check" if unsure else "certain")


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"received_on": "2027-01-31"}, ["law", "right", "rule"]),  # neither
        ({"rule": "eu-1m", "law": "eu-gdpr", "right": "access"}, ["law", "right", "rule"]),  # both
        ({"law": "eu-gdpr"}, ["law", "right", "rule"]),  # half
        ({"rule": "eu-1m", "place": "at"}, ["received_on"]),  # no day
        ({"rule": "eu-1m", "received_on": "2027-01-31"}, ["place"]),  # whose holidays?
        ({"rule": "eu-1m", "received_on": "2027-01-31", "place": "aq"}, ["place"]),  # nobody knows them
        ({"law": "us-il-bipa", "right": "records", "received_on": "2027-01-31"}, ["right"]),  # not given
    ],
)
def test_what_does_not_go_together_is_told_by_its_names(app: Flask, facts: dict[str, str], wrong: list[str]) -> None:
    status, said = asked(app, "/due", facts)
    assert status == 422
    assert said["type"] == "/api/v1/docs#does-not-fit"
    assert sorted(one["parameter"] for one in said["errors"]) == wrong
    assert all(one["detail"].endswith(".") for one in said["errors"])
