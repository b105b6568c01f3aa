"""Each rule of the staff's application × each role."""

import tomllib
from collections.abc import Mapping

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from portal.accounts.permissions import STRONG, Role
from tests.building import ROOT
from tests.web.browsing import Browser
from tests.web.staff.conftest import ADesk, signed_in

ACCESS: Mapping[str, list[str]] = tomllib.loads((ROOT / "tests" / "data" / "access.toml").read_text(encoding="utf-8"))
ROLES = [*Role]


@pytest.fixture(scope="module")
def app(a_lasting_desk: ADesk) -> Flask:
    return a_lasting_desk()


@pytest.fixture(scope="module")
def browsers(app: Flask) -> Mapping[str, Browser]:
    """One for each role, one for each that needs a second proof and gave none, and one that is not signed in."""
    weak = {f"weak {role}": signed_in(app, role, strong=False) for role in STRONG}
    return {**{role.value: signed_in(app, role) for role in Role}, **weak, "nobody": Browser(app)}


def rules(app: Flask, endpoint: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint]


def outcome(app: Flask, browser: Browser, rule: Rule, method: str) -> str:
    """What becomes of a request: `in` (to the view, whatever it says then), `sign in`, or `refused`."""
    with app.test_request_context():
        address = url_for(rule.endpoint, **filler(rule))
    with browser.twin().client.open(address, method=method) as answer:  # a form without token: 400 beyond the gate
        if answer.status_code == 302 and "/sign-in" in (answer.location or ""):
            return "sign in"
        return "refused" if answer.status_code == 403 else "in"


def filler(rule: Rule) -> dict[str, object]:
    """For each part of an address something that fits, and that nobody has."""
    fits = {"IntegerConverter": 1, "PathConverter": "rightface.css"}
    return {name: fits.get(type(converter).__name__, "0" * 32) for name, converter in rule._converters.items()}


def test_every_rule_stands_in_the_table(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == {*ACCESS}


@pytest.mark.parametrize("endpoint", ACCESS)
def test_each_role_opens_what_the_table_says_and_nothing_else(
    app: Flask, browsers: Mapping[str, Browser], endpoint: str
) -> None:
    may = ACCESS[endpoint]
    assert set(may) <= {*ROLES, "everybody", "signed_in"}
    for rule in rules(app, endpoint):
        for method in {"GET", "POST"} & (rule.methods or set()):
            for name, browser in browsers.items():
                opens = "everybody" in may or name in may or ("signed_in" in may and name != "nobody")
                expected = "in" if opens else "sign in" if name == "nobody" else "refused"
                assert outcome(app, browser, rule, method) == expected, (method, name)
