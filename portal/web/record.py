"""The public record: what organisations do when people ask them, as pages, tables and feeds."""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from flask import Blueprint, Response, json, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.cases import statements
from portal.cases.measures import Basis, Family, Measure
from portal.cases.statements import Statement
from portal.database import reading
from portal.law.records import Decision, Organisation
from portal.record import published
from portal.record.conduct import DAYS_AFTER, Line, lines, next_quarter, published_from, totals
from portal.record.corrections import load
from portal.record.disclosure import RULES
from portal.record.published import Listed, Table, Version
from portal.web import charts, record_words
from portal.web.beside import about
from portal.web.forms.record import LookUpForm
from portal.web.house import house
from portal.web.journey import named, page_date, said
from portal.web.kinds import day_of
from portal.web.language import current
from portal.web.organisations import search
from portal.web.record_words import number, quarter
from portal.web.reference import LICENCE
from portal.web.shelf import given
from portal.web.spreadsheet import MARK, written

blueprint = Blueprint("record", __name__)

#: Organisations on a page of the list.
_MANY = 30
#: The columns of the long table.
_HEADER = ("organisation", "family", "key", "measure", "basis", "shown", "hidden", "version", "quarter")
#: So many bars are drawn; the table has all.
_BARS = 10


# Giving out


def _page(template: str, stands: Hashable, context: Callable[[], Mapping[str, Any]]) -> Response:
    """A page from the shelf; `stands` is what it hangs on beside its address and language.

    One that answers a question is made anew, and kept by nobody.
    """

    def make() -> str:
        return render_template(template, **context())

    if request.query_string:
        return make_response(make())
    return _varied(given(house().shelf.take((request.path, current(), stands), make), "text/html"))


def _varied(answer: Response) -> Response:
    answer.vary.update(("Accept-Language", "Cookie"))
    return answer


@dataclass(frozen=True, slots=True)
class _Edition:
    """The newest version, and the quarter that the next one closes."""

    version: Version | None
    coming: str

    @property
    def comes_on(self) -> date:
        return published_from(self.coming)


def _edition(session: Session) -> _Edition:
    version = published.latest(session)
    return _Edition(version, next_quarter(version, house().today()))


def _known(id_: str) -> Organisation:
    """An organisation of the catalogue; no page where there is none."""
    body = house().catalogue.organisations.get(id_)
    if body is None:
        raise NotFound
    return body


# The list


@blueprint.get("/record")
def index() -> ResponseReturnValue:
    """The organisations of which something is shown, and a search among them."""
    form = LookUpForm(request.args)
    query = (form.q.data or "").strip() if form.validate() else ""
    with reading(house().engine) as session:
        edition = _edition(session)
        found = _found(session, edition.version, query)
    return _page("record/index.html", edition, lambda: {"form": form, "query": query, "edition": edition, **found})


def _found(session: Session, version: Version | None, query: str) -> dict[str, Any]:
    """Those that a search finds, the likest first; else a page of all."""
    if query:
        alike = [body.id for body in search(house().catalogue, query)]
        shown = {one.organisation: one for one in _listed(session, version, among=alike)}
        return {"listed": [shown[id_] for id_ in alike if id_ in shown], "others": [*_others(alike, shown)]}
    listed = _listed(session, version, _after())
    more = url_for("record.index", after=listed[_MANY - 1].organisation) if len(listed) > _MANY else ""
    return {"listed": listed[:_MANY], "others": [], "more": more}


def _listed(
    session: Session, version: Version | None, after: str = "", among: Sequence[str] | None = None
) -> Sequence[Listed]:
    if version is None:
        return ()
    most = _MANY + 1 if among is None else len(among)
    return published.organisations(session, version, after, most, among)


def _after() -> str:
    """The last organisation of the page before."""
    after = request.args.get("after", "")
    return after if re.fullmatch(r"[a-z0-9-]{1,80}", after) else ""


def _others(alike: Sequence[str], shown: Mapping[str, Listed]) -> Iterator[Organisation]:
    """Those of the name of which nothing is shown."""
    bodies = (house().catalogue.organisations[id_] for id_ in alike if id_ not in shown)
    return (body for body in bodies if not body.generic)


# An organisation


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the time line, of which `kind` says what it is."""

    kind: Literal["quarter", "decision", "statement"]
    day: str
    """`2026-12-31`, or as much of it as is known; to put it in order."""
    when: str
    what: Mapping[Measure, int] | Decision | Statement


@blueprint.get("/record/<id_>")
def organisation(id_: str) -> ResponseReturnValue:
    """What is shown of an organisation's conduct, with the decisions about it and what it says itself."""
    body = _known(id_)
    with reading(house().engine) as session:
        edition, its = _edition(session), statements.of(session, id_)

    def shown() -> dict[str, Any]:
        return {
            "body": body,
            "edition": edition,
            "statements": its,
            "faults": record_words.FAULTS,
            **_conduct(body, edition.version, its),
        }

    return _page("record/organisation.html", (edition, its), shown)


def _conduct(body: Organisation, version: Version | None, its: Sequence[Statement]) -> dict[str, Any]:
    with reading(house().engine) as session:
        tables = published.tables(session, body.id, version) if version else {}
    tables = {family: table for family, table in tables.items() if table.rows}
    return {
        "tables": tables,
        "sums": totals(tables),
        "headline": [*_headline(body, totals(tables)[Basis.REPORTED], tables)],
        "pictures": _pictures(tables),
        "line": _line(body, tables, its),
    }


def _headline(body: Organisation, sums: Mapping[Measure, int], tables: Mapping[Family, Table]) -> Iterator[str]:
    """What there is to say first, a neutral sentence each."""
    if not tables:
        return
    filed, name = sums.get(Measure.FILED), named(body.name)
    if filed is None:
        yield _("How many letters people sent to %(name)s is not shown.", name=name)
        return
    yield _("People reported %(n)s letters to %(name)s.", n=number(filed), name=name)
    yield _("Answered in time: %(n)s.", n=number(sums.get(Measure.IN_TIME)))
    yield _(
        "No answer when it was due: %(n)s. Of these, answered later: %(late)s.",
        n=number(sums.get(Measure.OVERDUE)),
        late=number(sums.get(Measure.LATE)),
    )
    half = next((row for row in reversed(_rows(tables, Family.QUARTER)) if row.median), None)
    if half and half.median:
        when, days = quarter(half.key), record_words.DAYS[half.median]
        yield _("Of the letters of %(quarter)s, half of the answers took %(days)s.", quarter=when, days=days)


def _rows(tables: Mapping[Family, Table], family: Family) -> Sequence[published.Row]:
    return tables[family].rows if family in tables else ()


def _pictures(tables: Mapping[Family, Table]) -> Mapping[Family, Markup]:
    """A chart of each table in which there is something to draw."""
    found: dict[Family, Markup] = {}
    quarters = _rows(tables, Family.QUARTER)
    filed = [row.count(Measure.FILED) for row in quarters]
    if sum(count is not None for count in filed) > 1:
        found[Family.QUARTER] = charts.shares(
            _("Columns of the letters sent in each quarter, with those answered in time; the table has the numbers"),
            [record_words.short_quarter(row.key) for row in quarters],
            (_("Letters sent"), filed),
            (_("Answered in time"), [row.count(Measure.IN_TIME) for row in quarters]),
        )
    for family in (Family.COUNTRY, Family.RIGHT):
        drawn = [(row.key, row.count(Measure.FILED) or 0) for row in _rows(tables, family)]
        most = sorted((one for one in drawn if one[1]), key=lambda one: -one[1])[:_BARS]
        if len(most) > 1:
            found[family] = charts.bars(
                _("Bars of the letters sent; the table has the numbers"),
                [record_words.key_words(family, key) for key, _n in most],
                [n for _key, n in most],
            )
    return found


def _line(body: Organisation, tables: Mapping[Family, Table], its: Sequence[Statement]) -> list[Entry]:
    """Quarters, decisions and what the organisation says on one line of time, the newest first."""
    quarters = [
        Entry("quarter", f"{row.key[:4]}-{int(row.key[-1]) * 3:02}-31", quarter(row.key), row.shown[Basis.REPORTED])
        for row in _rows(tables, Family.QUARTER)
    ]
    decided = [Entry("decision", one.day, day_of(one), one) for one in about(body)]
    answers = [Entry("statement", one.said_on.isoformat(), page_date(one.said_on), one) for one in its]
    return sorted([*quarters, *decided, *answers], key=lambda one: one.day, reverse=True)


# As data


def _lines(id_: str) -> tuple[Version | None, list[Line]]:
    _known(id_)
    with reading(house().engine) as session:
        version = published.latest(session)
        return version, [*lines(published.tables(session, id_, version))] if version else []


@blueprint.get("/record/<id_>.csv")
def table(id_: str) -> ResponseReturnValue:
    """All that is shown of an organisation as one long table, safe to open in a spreadsheet."""
    version, found = _lines(id_)

    def make() -> str:
        return (MARK + written([_HEADER, *(_cells(line) for line in found)])).decode()

    answer = given(house().shelf.take((request.path, version), make), "text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename="record.csv")
    return answer


def _cells(line: Line) -> list[str]:
    return [str({**asdict(line), "hidden": "yes" if line.hidden else "no"}[name]) for name in _HEADER]


@blueprint.get("/record/<id_>.json")
def data(id_: str) -> ResponseReturnValue:
    """The same as JSON."""
    version, found = _lines(id_)

    def make() -> str:
        told = {
            "url": request.path,
            "licence": LICENCE,
            "organisation": id_,
            "version": version.n if version else None,
            "quarter": version.quarter if version else None,
            "published_on": version.published_on.isoformat() if version else None,
            "rows": [{**asdict(line), "shown": line.shown or None, "hidden": line.hidden} for line in found],
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=False, indent=1) + "\n"

    return given(house().shelf.take((request.path, version), make), "application/json")


# Feeds


@blueprint.get("/record/feed.atom")
def feed() -> ResponseReturnValue:
    """Each new edition."""
    return _feed(_("The public record"), url_for("record.index", _external=True))


@blueprint.get("/record/<id_>/feed.atom")
def feed_of(id_: str) -> ResponseReturnValue:
    """Each new edition, for who follows one organisation."""
    name = named(_known(id_).name)
    return _feed(_("The public record: %(name)s", name=name), url_for("record.organisation", id_=id_, _external=True))


def _feed(title: str, page: str) -> Response:
    with reading(house().engine) as session:
        versions = published.versions(session)

    def make() -> str:
        words = {"titled": _titled, "told": _told, "stamped": _stamped}
        return render_template("record/feed.xml", title=title, page=page, versions=versions, **words)

    kept = house().shelf.take((request.path, current(), versions[:1]), make)
    return _varied(given(kept, "application/atom+xml"))


def _titled(version: Version) -> str:
    return str(_("Edition %(n)s: %(quarter)s", n=version.n, quarter=quarter(version.quarter)))


def _told(version: Version) -> str:
    return str(_("New figures, as things stood at the end of: %(quarter)s.", quarter=quarter(version.quarter)))


def _stamped(day: date | None) -> str:
    """A day as Atom writes a moment; the first of all days where nothing is published."""
    return f"{day or date(1970, 1, 1)}T00:00:00Z"


# How it is made


@blueprint.get("/record/method")
def method() -> ResponseReturnValue:
    """What is counted, how, and what it cannot tell."""
    with reading(house().engine) as session:
        edition = _edition(session)
    told = {"edition": edition, "rules": RULES, "late": DAYS_AFTER}
    return _page("record/method.html", edition, lambda: told)


@blueprint.get("/record/corrections")
def corrections() -> ResponseReturnValue:
    """How to have a figure put right, and each edition."""
    with reading(house().engine) as session:
        edition, versions = _edition(session), published.versions(session)

    def told() -> dict[str, Any]:
        return {"edition": edition, "versions": versions, "corrections": load(house().config.data)}

    return _page("record/corrections.html", edition, told)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": record_words,
        "named": named,
        "said": said,
        "name_of": lambda id_: named(house().catalogue.organisations[id_].name),
        "quarter": quarter,
        "number": number,
        "Measure": Measure,
        "Basis": Basis,
    }
