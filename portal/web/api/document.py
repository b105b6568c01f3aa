"""The API described as OpenAPI 3.1, from the models that read its questions and write its answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import force_locale
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from portal.law.records import Id
from portal.record.published import Family
from portal.web.api.answers import Problem
from portal.web.api.operations import ROOT, Operation, operations
from portal.web.api.problems import MIMETYPE, PROBLEMS, problem
from portal.web.api.terms import terms

Json = dict[str, Any]
_SCHEMAS = "#/components/schemas/"


def document() -> Json:
    """The whole description. It is in English, whatever the language of the page that is asked for."""
    with force_locale("en"):
        return _document()


def _document() -> Json:
    every = [*operations().values()]
    refs, schemas = _schemas(every)
    return {
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": "Rightface",
            "version": "1",
            "summary": "The law of facial recognition as data",
            "description": "\n\n".join(f"**{title}.** {text}" for title, text in terms()),
            "license": {"name": "CC0 1.0 (the data)", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": "/"}],
        "security": [],
        "paths": {
            **{f"{ROOT}{one.path}": {"get": _operation(one, refs, schemas)} for one in every},
            f"{ROOT}/openapi.json": {"get": _itself()},
        },
        "components": {
            "schemas": _without_questions(every, refs, schemas),
            "responses": {_name_of(status): _problem(status) for status in PROBLEMS},
            "headers": _HEADERS,
        },
    }


# Schemas


class _Strict(GenerateJsonSchema):
    """Schemas of what is really written: each field is there, and each key of a mapping is as it must be."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        found = super().dict_schema(schema)
        return {**found, "additionalProperties": False} if "patternProperties" in found else found

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        if self.mode == "serialization" or found.get("default", "") is None:
            found.pop("default", None)
        return found


Refs = Mapping[tuple[type[BaseModel], JsonSchemaMode], JsonSchemaValue]


def _schemas(every: Iterable[Operation]) -> tuple[Any, Json]:
    inputs: set[Any] = {(one.question, "validation") for one in every}
    outputs: set[Any] = {(model, "serialization") for model in (Problem, *(one.answer for one in every))}
    models = sorted(inputs | outputs, key=lambda one: (one[0].__name__, one[1]))
    refs, found = models_json_schema(models, ref_template=f"{_SCHEMAS}{{model}}", schema_generator=_Strict)
    return refs, found["$defs"]


def _without_questions(every: Iterable[Operation], refs: Any, schemas: Json) -> Json:
    """The parameters stand at their operations."""
    asked = {_name(refs[one.question, "validation"]) for one in every}
    return {name: schema for name, schema in sorted(schemas.items()) if name not in asked}


def _name(ref: Mapping[str, str]) -> str:
    return ref["$ref"].removeprefix(_SCHEMAS)


# Operations


def _operation(one: Operation, refs: Any, schemas: Json) -> Json:
    asked = schemas[_name(refs[one.question, "validation"])]
    return {
        "operationId": one.name,
        "summary": str(one.summary),
        "description": one.says,
        "parameters": [
            *(_IN_PATH[name] | {"example": value} for name, value in one.example_path.items()),
            *_parameters(asked),
            _KNOWN_ALREADY,
        ],
        "responses": {
            "200": _answer(one, refs[one.answer, "serialization"]),
            "304": _UNCHANGED,
            **{str(status): _ref("responses", _name_of(status)) for status in _statuses(one)},
        },
    }


def _statuses(one: Operation) -> list[int]:
    """The problems that an operation may end in."""
    left_out = ({404} if not one.may_be_missing else set()) | ({422} if not one.unfit else set())
    return [status for status in PROBLEMS if status not in left_out]


def _parameters(asked: Json) -> list[Json]:
    """What the address can be asked with, first what must be given."""
    required = asked.get("required", [])
    found = [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": schema.get("description", ""),
            "schema": _plain(schema),
        }
        for name, schema in asked.get("properties", {}).items()
    ]
    return sorted(found, key=lambda one: not one["required"])


def _plain(schema: Json) -> Json:
    """What may be given; that nothing may be given is said by `required`."""
    told = {name: value for name, value in schema.items() if name not in ("anyOf", "description")}
    given = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    return {**(given[0] if given else {}), **told}


def _answer(one: Operation, schema: JsonSchemaValue) -> Json:
    headers = [*_ALWAYS, *(["Link"] if one.paged else [])]
    return {
        "description": "The answer.",
        "headers": {name: _ref("headers", name) for name in headers},
        "content": {"application/json": {"schema": schema, "example": example(one)}},
    }


def example(one: Operation) -> Any:
    """What comes back to the example of an operation, made as every answer is, or made up."""
    if one.shown is not None:
        return one.shown.model_dump(mode="json")
    asked = one.question.model_validate(dict(one.example))
    made = one.make(asked, *one.example_path.values()).model_dump(mode="json")
    for item in (made, *made.get("records", ())):
        if "look" in item:
            item["look"] = None  # whoever looked at an address did so for a time
    return made


def _itself() -> Json:
    whole = {"type": "object", "required": ["openapi", "info", "paths"]}
    return {
        "operationId": "openapi",
        "summary": "This description",
        "description": "All this as OpenAPI 3.1.",
        "parameters": [_KNOWN_ALREADY],
        "responses": {
            "200": {
                "description": "The description.",
                "headers": {name: _ref("headers", name) for name in _ALWAYS},
                "content": {"application/json": {"schema": whole}},
            },
            "304": _UNCHANGED,
            **{str(status): _ref("responses", _name_of(status)) for status in (400, 405, 429, 500)},
        },
    }


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


# What all share

_LIMITS = ("RateLimit", "RateLimit-Policy")
_ALWAYS = ("ETag", "Cache-Control", *_LIMITS)
_HEADERS: Json = {
    "ETag": {
        "description": "The name of these very bytes, to send as `If-None-Match`.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{24}"$'},
    },
    "Cache-Control": {
        "description": "For how long this may be kept. What was asked with facts of a situation may not.",
        "required": True,
        "schema": {"type": "string", "enum": ["public, max-age=3600", "no-store"]},
    },
    "Link": {
        "description": "The next page of a list, as RFC 8288 has it; not on the last one.",
        "schema": {"type": "string", "pattern": '^<[!-~]+>; rel="next"$'},
    },
    "RateLimit-Policy": {
        "description": "How often a network may ask: `q` times in `w` seconds.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"api";q=[0-9]+;w=[0-9]+$'},
    },
    "RateLimit": {
        "description": "How often yours may ask yet (`r`), and in how many seconds the count begins anew (`t`).",
        "required": True,
        "schema": {"type": "string", "pattern": '^"api";r=[0-9]+;t=[0-9]+$'},
    },
    "Retry-After": {
        "description": "For how many seconds to wait.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "Allow": {
        "description": "How this address can be asked.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Z]+(, [A-Z]+)*$"},
    },
}
#: The headers of a problem beside what all have.
_OF_PROBLEM: Mapping[int, tuple[str, ...]] = {405: ("Allow",), 429: ("Retry-After", *_LIMITS)}
_ID: Json = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of the record.",
    "schema": TypeAdapter(Id).json_schema(),
}
_FAMILY: Json = {
    "name": "family",
    "in": "path",
    "required": True,
    "description": "Which of the three tables.",
    "schema": {"type": "string", "enum": [*Family]},
}
_IN_PATH: Mapping[str, Json] = {"id": _ID, "family": _FAMILY}
_KNOWN_ALREADY: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the answer that you have.",
    "schema": {"type": "string"},
}
_UNCHANGED: Json = {
    "description": "You have this answer already.",
    "headers": {name: _ref("headers", name) for name in _ALWAYS},
}


def _name_of(status: int) -> str:
    return "".join(word.capitalize() for word in PROBLEMS[status].name.split("-"))


def _problem(status: int) -> Json:
    kind = PROBLEMS[status]
    shown = problem(status, str(kind.means)).get_json()
    own = {"type": {"const": kind.type}, "status": {"const": status}, "title": {"const": kind.title}}
    return {
        "description": str(kind.means),
        "headers": {name: _ref("headers", name) for name in _OF_PROBLEM.get(status, ())},
        "content": {
            MIMETYPE: {
                "schema": {"allOf": [{"$ref": f"{_SCHEMAS}Problem"}, {"properties": own}]},
                "example": shown,
            }
        },
    }
