"""The contract of the API, tried by schemathesis with what fits it and what does not."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from tests.web.api.asked import ask

#: Right each by itself, parameters may still not go together (422); a record may not be there; nothing may be new.
ACCEPTED = ["2xx", "304", "404", "422"]
#: The kinds of trial: the examples of the description, each boundary of each parameter, what chance finds, and what
#: comes back asked again.
PHASES = ("examples", "coverage", "fuzzing", "stateful")


def tried(app: Flask, examples: int, phases: tuple[str, ...] = PHASES, only: str = "") -> Counter[str]:
    """Try every operation with about so many examples, with all checks; how often each status came, and `asked`.

    Fails with all that breaks the contract. `only`: a pattern for the addresses.
    """
    config = SchemathesisConfig.from_dict(
        {
            "seed": 20261127,
            "generation": {"max-examples": examples, "database": "none"},
            "phases": {phase: {"enabled": phase in phases} for phase in PHASES},
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        }
    )
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    schema = schema.include(path_regex=only) if only else schema
    found: Counter[str] = Counter()
    broken: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            broken.append(str(event))
        elif isinstance(event, events.ScenarioFinished):
            found.update(_statuses(event))
            broken += _broken(event)
    assert broken == []
    found["asked"] = sum(found.values())
    return found


def _statuses(event: events.ScenarioFinished) -> list[str]:
    answers = [one.response for one in event.recorder.interactions.values()]
    return [str(one.status_code) for one in answers if one]


def _broken(event: events.ScenarioFinished) -> list[str]:
    return [
        f"{event.phase} {check.name}: {_asked(event, id_)}: {_told(check)}"
        for id_, checks in event.recorder.checks.items()
        for check in checks
        if check.status is not Status.SUCCESS
    ]


def _told(check: Any) -> str:
    return str(check.failure_info.failure.message) if check.failure_info else ""


def _asked(event: events.ScenarioFinished, id_: str) -> str:
    case: Any = event.recorder.cases[id_].value
    return f"{case.method} {case.formatted_path} {case.query} {case.headers}"


def test_nothing_breaks_the_contract(app: Flask) -> None:
    """A few of chance; each boundary of one kind of record, as all are asked in the same way. The rest is proof."""
    found = tried(app, 10, ("examples", "fuzzing")) + tried(app, 1, ("coverage",), "/v1(/laws.*|/openapi.json)?$")
    assert {"200", "304", "400", "404", "405", "422"} <= {*found}


@pytest.mark.proof
def test_ten_thousand_trials_break_nothing(app: Flask) -> None:
    found = tried(app, 400)
    print(dict(found))
    assert found["asked"] >= 10_000
    assert not [status for status in found if status.startswith("5")]


def test_what_breaks_the_contract_would_be_found(an_app: Any) -> None:
    app = an_app()
    real = app.view_functions["api.laws_one"]

    def wrong(**parts: str) -> Any:
        answer = real(**parts)
        answer.data = answer.data.replace(b'"licence":"CC0-1.0"', b'"licence":"none"')
        return answer

    app.view_functions["api.laws_one"] = wrong
    assert ask(app, "/laws/eu-gdpr").get_json()["licence"] == "none"
    with pytest.raises(AssertionError, match="response_schema_conformance: GET /api/v1/laws/"):
        tried(app, 1, ("examples",))
