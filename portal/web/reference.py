"""The law as pages and as data, the same for everybody, and kept ready."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, json, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from werkzeug.exceptions import NotFound

from portal.law.looks import Look, look_at
from portal.law.records import (
    Authority,
    Confidence,
    Contact,
    Law,
    Office,
    Organisation,
    OrganisationKind,
    Standing,
)
from portal.web import calculator, counting, headers, words
from portal.web.beside import beside, newest
from portal.web.contacts import looked_at
from portal.web.forms.reference import LookUpForm
from portal.web.house import house
from portal.web.journey import language_name, named, said
from portal.web.kinds import KINDS, counted_for, day_of, everything, look_up, place_of, record_of, spoken
from portal.web.language import current
from portal.web.pointing import pointed
from portal.web.shelf import given

blueprint = Blueprint("reference", __name__)

LICENCE = "CC0-1.0"
#: Where crawlers have nothing to look for: the journey beyond its first step, and what people write.
_CLOSED = ("/to/", "/somebody-else", "/letter/", "/taken", "/leave", "/language/", "/case-key", "/cases", "/wrong")


# Giving out


def page(template: str, context: Callable[[], Mapping[str, Any]], look: Look | None = None) -> Response:
    """A page of the law, from the shelf; one that answers a question is made anew and kept by nobody.

    `look` is what was found of the address on it: with another one it is another page.
    """

    def make() -> str:
        return render_template(template, **context())

    if request.query_string:
        return make_response(make())
    answer = given(house().shelf.take((request.path, current(), look), make), "text/html")
    answer.vary.update(("Accept-Language", "Cookie"))
    return answer


def _data(context: Callable[[], Mapping[str, Any]]) -> Response:
    """The law as JSON, in all its languages at once."""

    def make() -> str:
        about = {"url": request.path, "licence": LICENCE, "catalogue": house().catalogue.version}
        return json.dumps({**about, **context()}, ensure_ascii=False, sort_keys=False, indent=1) + "\n"

    return given(house().shelf.take((request.path, ""), make), "application/json")


def plain(record: Any) -> dict[str, Any]:
    """A record as plain values, under the names that it has in its data file."""
    values: dict[str, Any] = TypeAdapter(type(record)).dump_python(record, mode="json")
    return values


def address_of(kind: str, id_: str) -> str:
    return url_for("reference.record", kind=kind, id_=id_)


def _data_of(kind: str, record: Any) -> dict[str, Any]:
    return {"id": record.id, "url": address_of(kind, record.id), "record": plain(record)}


# Looking up


@blueprint.get("/reference")
def overview() -> ResponseReturnValue:
    """What there is, and a search over all of it."""
    return page("reference/overview.html", _found)


def _found() -> dict[str, Any]:
    form = LookUpForm(request.args)
    query = (form.q.data or "").strip() if form.validate() else ""
    counts = {kind: len(each.of(house().catalogue)) for kind, each in KINDS.items()}
    return {"form": form, "query": query, "found": [_card(*key) for key in look_up(query)], "counts": counts}


def _card(kind: str, id_: str) -> dict[str, str]:
    """A record in a list: its name, where it leads, what it is."""
    record, called = record_of(kind, id_), KINDS[kind]
    return {
        "kind": str(called.one),
        "name": called.name(record),
        "lang": spoken(record),
        "url": address_of(kind, id_),
        "tag": called.tag(record),
    }


# Lists and records


def index(kind: str) -> ResponseReturnValue:
    """All of a kind."""
    return page(f"reference/{kind if kind in _MORE else 'index'}.html", lambda: _all(kind))


#: The lists that are more than a list, and what they hold besides.
_MORE: Mapping[str, Callable[[], dict[str, Any]]] = {
    "deadlines": calculator.answered,
    "decisions": lambda: {"decisions": newest(house().catalogue.decisions.values())},
}


def _all(kind: str) -> dict[str, Any]:
    cards = sorted((_card(kind, id_) for id_ in KINDS[kind].of(house().catalogue)), key=lambda one: one["name"])
    more = _MORE[kind]() if kind in _MORE else {}
    return {"kind": kind, "all": KINDS[kind], "cards": cards, **more}


def index_data(kind: str) -> ResponseReturnValue:
    """All of a kind, as data."""
    records = KINDS[kind].of(house().catalogue).values()
    return _data(lambda: {"records": [_data_of(kind, record) for record in records]})


def record(kind: str, id_: str) -> ResponseReturnValue:
    """One record, with what stands beside it in the others."""
    found = _existing(kind, id_)
    template = f"reference/{type(found).__name__.lower()}.html"
    to = _reached(found)
    return page(template, lambda: {"kind": kind, "record": found, "to": to, **beside(found)}, look_at(to))


def _reached(record: Any) -> Contact | None:
    """Where somebody can be reached, with what was found of it; None for what is nobody."""
    match record:
        case Organisation(office=Office() as office):
            return _reached(office)
        case Organisation() | Office() | Authority():
            return looked_at({record.id: record.contact})[record.id]
        case _:
            return None


def record_data(kind: str, id_: str) -> ResponseReturnValue:
    """One record, as data; a law with what can be said under it to each reply."""
    found = _existing(kind, id_)
    return _data(lambda: {**_data_of(kind, found), **_with(found)})


def _with(record: Any) -> dict[str, Any]:
    if not isinstance(record, Law):
        return {}
    replies = house().catalogue.replies(record.id)
    return {"arguments": [plain(one) for arguments in replies.values() for one in arguments]}


def _existing(kind: str, id_: str) -> Any:
    found = record_of(kind, id_)
    if found is None:
        raise NotFound
    return found


for _kind in KINDS:
    for _rule, _view in (
        (f"/{_kind}", index),
        (f"/{_kind}.json", index_data),
        (f"/{_kind}/<id_>", record),
        (f"/{_kind}/<id_>.json", record_data),
    ):
        blueprint.add_url_rule(_rule, _view.__name__, _view, defaults={"kind": _kind})


# For crawlers


@blueprint.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    """Every page that a search engine may lead people to."""
    return Response(render_template("reference/sitemap.xml", pages=[*_indexed()]), mimetype="application/xml")


#: The public record, beside the pages of its organisations.
_OF_RECORD = ("record.index", "record.method", "record.corrections")


def _indexed() -> Iterator[str]:
    yield from (url_for(endpoint, _external=True) for endpoint in (*headers.FOUND, "reference.overview", *_OF_RECORD))
    yield from (url_for("reference.index", kind=kind, _external=True) for kind in KINDS)
    yield from (url_for("reference.record", kind=kind, id_=id_, _external=True) for kind, id_ in everything())


@blueprint.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """No search engine beyond the first step of the journey."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED)]
    sitemap = url_for("reference.sitemap", _external=True)
    return Response("\n".join([*lines, f"Sitemap: {sitemap}", ""]), mimetype="text/plain")


# What the templates call things


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "KINDS": KINDS,
        "said": said,
        "called": lambda kind, id_: KINDS[kind].name(record_of(kind, id_)),
        "catalogue": house().catalogue,
        "CERTAIN": Confidence.CERTAIN,
        "counted_for": counted_for,
        "day_of": day_of,
        "every_kind": frozenset(OrganisationKind),
        "language_name": language_name,
        "length": counting.length,
        "named": named,
        "not_given": Standing.NONE,
        "place_of": place_of,
        "pointed": pointed,
        "tongue": lambda kind, id_: spoken(record_of(kind, id_)),
        "time_of": counting.time_of,
        "weekday": counting.weekday,
        "why": counting.why,
        "words": words,
    }
