"""The description is whole, strict, and keeps what v1 has promised."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from tests.building import ROOT
from tests.web.api.asked import Json, ask, described
from tests.web.browsing import Browser, words
from tests.web.conftest import AnApp
from tests.web.samples import FOR_PROGRAMS

#: What there is in the data: its ids are kept by `portal/data/released.txt`.
DATA = {"Place", "OrganisationId", "LawId", "DeadlineRuleId"}
PROMISED = ROOT / "tests" / "web" / "api" / "promised.txt"


def inner(value: Any) -> Iterator[Json]:
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inner(one)


def test_every_address_is_described(app: Flask) -> None:
    rules = {rule.replace("<id_>", "{id}").replace("<family>", "{family}") for rule in FOR_PROGRAMS}
    assert {*described(app)["paths"]} == rules


def test_every_operation_is_whole(app: Flask) -> None:
    for path, told in described(app)["paths"].items():
        operation = told["get"]
        may_be_missing = "{id}" in path or path.endswith("/record/organisations")
        wanted = {"200", "304", "400", "405", "429", "500"} | ({"404"} if may_be_missing else set())
        assert {*operation["responses"]} - {"422"} == wanted
        assert operation["summary"]
        assert operation["description"].endswith(".")
        for one in operation["parameters"]:
            assert one["description"].endswith(".")
            assert one["schema"]
        names = [one["name"] for one in operation["parameters"]]
        assert len({*names}) == len(names)


def test_no_object_takes_what_is_not_described(app: Flask) -> None:
    """Each has its fields alone, all of which are always there, or keys of a form, or says what every value is."""
    for name, schema in described(app)["components"]["schemas"].items():
        for one in inner(schema):
            if one.get("type") == "object":
                open_ = isinstance(one.get("additionalProperties"), dict)
                assert one.get("additionalProperties") is False or open_, name
                assert {*one.get("properties", {})} == {*one.get("required", [])}, name


def test_every_reference_leads_somewhere_and_every_schema_is_one(app: Flask) -> None:
    whole = described(app)
    led = {one["$ref"] for one in inner(whole) if isinstance(one.get("$ref"), str)}
    there = {f"#/components/{kind}/{name}" for kind, all_ in whole["components"].items() for name in all_}
    assert led <= there
    assert {ref for ref in there if "/schemas/" in ref} <= led
    for schema in whole["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_every_example_is_as_its_schema_has_it(app: Flask) -> None:
    whole = described(app)
    for holder in inner(whole):
        if "example" in holder and "schema" in holder and isinstance(holder["schema"], dict):
            schema = {**holder["schema"], "components": {"schemas": whole["components"]["schemas"]}}
            assert jsonschema_rs.Draft202012Validator(schema).is_valid(holder["example"]), holder


def test_the_description_is_in_english_whoever_asks_first(an_app: AnApp, app: Flask) -> None:
    french = ask(an_app(), "/openapi.json", Accept_Language="fr")
    assert french.get_json() == described(app)


# What v1 has promised


def promises(whole: Json) -> Iterator[str]:
    """A line for each address, parameter, field, value and type of problem."""
    for path, told in whole["paths"].items():
        yield path
        yield from (f"{path} {one['in']} {one['name']}" for one in told["get"]["parameters"])
        yield from (f"{path} answers {status}" for status in told["get"]["responses"])
    for name, schema in whole["components"]["schemas"].items():
        yield from (f"{name}.{field}" for field in schema.get("properties", {}))
        yield from (f"{name} may be {value}" for value in schema.get("enum", ()) if name not in DATA)
    for told in whole["components"]["responses"].values():
        for one in inner(told):
            yield from (f"problem {one['type']['const']}" for _ in [0] if "const" in one.get("type", {}))


def test_nothing_that_v1_has_promised_is_taken_away(app: Flask) -> None:
    """What is new goes into promised.txt, which only grows: `python -m tests.web.api.promise`."""
    kept = PROMISED.read_text(encoding="utf-8").splitlines()
    now = {*promises(described(app))}
    assert [line for line in kept if line not in now] == []
    assert sorted(now - {*kept}) == []
    assert kept == sorted({*kept})


# The page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_explains_every_operation(app: Flask, language: str) -> None:
    page = Browser(app, language).get("/api/v1/docs")
    assert page.tree.get("lang") == language
    for path, told in described(app)["paths"].items():
        assert path in page.text
        if path.endswith("openapi.json"):
            continue
        [section] = page.main.xpath(f".//section[@aria-labelledby='{told['get']['operationId']}']")
        for one in told["get"]["parameters"]:
            assert one["in"] == "header" or one["name"] in words(section)


def test_every_field_is_explained_where_the_links_lead(app: Flask) -> None:
    page = Browser(app).get("/api/v1/docs")
    ids = {*page.main.xpath(".//@id")}
    links = [link[1:] for link in page.links() if link.startswith("#")]
    assert {*links} <= ids
    assert {f"schema-{name}" for name in described(app)["components"]["schemas"]} <= ids


def test_the_examples_of_the_page_can_be_asked(app: Flask) -> None:
    page, client = Browser(app).get("/api/v1/docs"), app.test_client()
    shown = [words(one) for one in page.main.xpath(".//pre/code[starts-with(., 'curl')]")]
    assert len(shown) == len(described(app)["paths"])  # one at the top; the description has none
    for one in shown:
        address = one.removeprefix('curl "$PORTAL').removesuffix('"')
        assert client.get(address).status_code == 200, address
