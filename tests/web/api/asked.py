"""The API as a program meets it: an address, its JSON, and what its description promises of it."""

from functools import lru_cache
from typing import Any

import jsonschema_rs
from flask import Flask
from werkzeug.test import TestResponse

Json = dict[str, Any]
PROBLEM = "application/problem+json"


def ask(app: Flask, address: str, method: str = "GET", **headers: str) -> TestResponse:
    """Ask below /api/v1, as a program that keeps no cookies does; `If_None_Match` is a header."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client(use_cookies=False).open(f"/api/v1{address}", method=method, headers=sent)


@lru_cache
def described(app: Flask) -> Json:
    """The description of the whole."""
    said: Json = ask(app, "/openapi.json").get_json()
    return said


@lru_cache
def _checker(app: Flask, path: str, status: int) -> Any:
    whole = described(app)
    told = whole["paths"][f"/api/v1{path}"]["get"]["responses"][str(status)]
    if "$ref" in told:
        told = whole["components"]["responses"][told["$ref"].rpartition("/")[2]]
    [content] = told["content"].values()
    schema = {**content["schema"], "components": {"schemas": whole["components"]["schemas"]}}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def answered(app: Flask, path: str, answer: TestResponse) -> Json:
    """The JSON of an answer, once it is as the description of its path has it."""
    said: Json = answer.get_json()
    assert answer.mimetype == ("application/json" if answer.status_code == 200 else PROBLEM)
    check = _checker(app, path, answer.status_code)
    assert [f"{one.instance_path}: {one.message}" for one in check.iter_errors(said)] == []
    return said
