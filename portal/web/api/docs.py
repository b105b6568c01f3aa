"""The page that explains the API, written from its own description."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, json
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.web.api.document import document
from portal.web.api.operations import ROOT, operations
from portal.web.api.problems import PROBLEMS, REFUSED
from portal.web.api.terms import terms
from portal.web.headers import API_PAGE
from portal.web.reference import page as shelved
from portal.web.words import Words

blueprint = Blueprint("api_docs", __name__)

#: Of an answer so many lines are shown, of a choice so many values.
_LINES, _VALUES = 40, 12

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter or a field: what it may be, and what it means."""

    name: Markup
    kind: Markup
    means: Markup
    required: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation as the page tells it."""

    id: str
    title: Words
    path: str
    says: Markup
    parameters: tuple[Named, ...]
    example: str
    """The address of the example, below the portal's own."""
    answer: str
    fields: Markup
    """What the fields of the answer are, as a link."""


@blueprint.get(API_PAGE)
def page() -> ResponseReturnValue:
    """What can be asked and what comes back, a section each."""
    return shelved("api/docs.html", _told)


def _told() -> dict[str, Any]:
    whole = document()
    return {
        "root": ROOT,
        "terms": [*terms()],
        "asked": [*_asked(whole)],
        "problems": [*PROBLEMS.items(), (None, REFUSED)],
        "schemas": {name: [*_fields(one)] for name, one in _with_fields(whole)},
        "about": {name: _coded(one.get("description", "")) for name, one in _with_fields(whole)},
    }


def _asked(whole: Json) -> Iterator[Asked]:
    for one in operations().values():
        told = whole["paths"][f"{ROOT}{one.path}"]["get"]
        content = told["responses"]["200"]["content"]["application/json"]
        query = f"?{urlencode(one.example)}" if one.example else ""
        yield Asked(
            id=one.name,
            title=one.summary,
            path=f"{ROOT}{one.path}",
            says=_coded(one.says),
            parameters=tuple(_parameter(each) for each in told["parameters"] if each["in"] != "header"),
            example=f"{ROOT}{one.path.format(**one.example_path)}{query}",
            answer=_cut(json.dumps(content["example"], indent=2, ensure_ascii=False, sort_keys=False)),
            fields=_kind(content["schema"]),
        )


def _cut(text: str) -> str:
    lines = text.splitlines()
    return "\n".join([*lines[:_LINES], "…"] if len(lines) > _LINES else lines)


def _parameter(told: Json) -> Named:
    return Named(_name(told["name"]), _kind(told["schema"]), _coded(told["description"]), told["required"])


def _name(name: str) -> Markup:
    """A name that may be broken between its words."""
    return Markup.escape(name).replace("_", Markup("_<wbr>"))


def _coded(text: str) -> Markup:
    """What stands between backticks, as code."""
    shapes = cycle((Markup("{}"), Markup("<code>{}</code>")))
    return Markup("").join(shape.format(part) for shape, part in zip(shapes, text.split("`"), strict=False))


# Schemas


def _with_fields(whole: Json) -> Iterator[tuple[str, Json]]:
    yield from whole["components"]["schemas"].items()


def _fields(schema: Json) -> Iterator[Named]:
    for name, one in schema.get("properties", {}).items():
        yield Named(_name(name), _kind(one), _coded(one.get("description", "")))
    if "enum" in schema:
        yield Named(Markup(""), _kind(schema), Markup(""))


_OR = Markup(" or ")


def _kind(schema: Json) -> Markup:
    """What a value may be, in a few words, with links to what is described apart."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return _OR.join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return _values(schema.get("enum", [schema.get("const")]))
    match schema.get("type"):
        case "array":
            return Markup("list of ") + _kind(schema["items"]) if "items" in schema else Markup("list")
        case "object":
            inner = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
            by = "language tag" if "patternProperties" in schema else "key"
            return Markup("by {}: ").format(by) + _kind(inner) if isinstance(inner, dict) else Markup("object")
        case kind:
            return Markup(" ").join([Markup.escape(kind or "anything"), *_bounds(schema)])


def _values(values: list[Any]) -> Markup:
    shown = Markup(", ").join(Markup("<code>{}</code>").format(value) for value in values[:_VALUES])
    return shown + (Markup(" … ({} in all)").format(len(values)) if len(values) > _VALUES else "")


def _bounds(schema: Json) -> Iterator[Markup]:
    if "format" in schema:
        yield Markup("({})").format(schema["format"])
    if "maximum" in schema:
        yield Markup("from {} to {}").format(schema["minimum"], schema["maximum"])
    if "default" in schema:
        yield Markup("· {} where it is not given").format(schema["default"])
