"""The public record for programs, from what is published and nothing else."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any

from flask import url_for
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.database import reading
from portal.record import published
from portal.record.published import Basis, Days, Family, Listed, Measure, Row, Version
from portal.web.api.answers import Exact, Paged, Path, Ref
from portal.web.api.listing import ref
from portal.web.api.questions import Page, Question
from portal.web.house import house

#: More versions than a portal will ever have: one comes a quarter.
_MOST = 9_999


def _version_number(value: object) -> object:
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or value.startswith("0"):
        raise PydanticCustomError("version", "Write the number of a version, as /api/v1/record/versions has them.")
    if int(value) > _MOST:
        raise PydanticCustomError("version", "There is no such version: /api/v1/record/versions lists all.")
    return int(value)


Number = Annotated[
    int,
    BeforeValidator(_version_number),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _MOST}),
]


# Questions


class Edition(Question):
    """Of which version."""

    version: Number | None = None
    """The number of a version. Without it: the newest."""


class EditionPage(Page, Edition):
    """Which part of a list, and of which version."""


# Answers


class Recorded(Exact):
    """What every answer of the record begins with.

    The record names organisations, never a person. Its numbers are of what people who used this portal said.
    """

    version: Version | None
    """The version that this is from: published once, and never changed. Null where none is published yet."""


class Count(Exact):
    """A number: at least so many. What is not there is under ten, or held so that no small number can be told."""

    measure: Measure
    basis: Basis
    at_least: Annotated[int, Field(ge=10, multiple_of=5)]


class Versions(Exact):
    """All versions, the newest first."""

    versions: tuple[Version, ...]


class RecordedOrganisation(Exact):
    """An organisation of which something is shown, and where its tables are."""

    organisation: Ref
    counts: tuple[Count, ...]
    """The sums of its quarters as they are shown."""
    by_quarter: Path
    by_country: Path
    by_right: Path


class RecordedOrganisations(Paged, Recorded):
    """A page of the organisations of which something is shown, in the order of their ids."""

    organisations: tuple[RecordedOrganisation, ...]


class RecordedRow(Exact):
    """One quarter, country or right."""

    key: str
    """`2026-Q4`, a country by its two letters, or a right."""
    counts: tuple[Count, ...]
    median_days: Days | None
    """By how many days after sending half of the answers had come: in bands, the number is the end of one. Null where
    it is not shown."""


class RecordedTable(Recorded):
    """One of the three tables of an organisation; without rows where nothing can be shown."""

    organisation: Ref
    family: Family
    rows: tuple[RecordedRow, ...]


# As an example: figures that are published change with each quarter, so these are made up.

_SOME = Version(3, "2027-Q2", date(2027, 7, 31), "cb603075617a")


def some_versions() -> Versions:
    return Versions(versions=(_SOME,))


def some_organisations() -> RecordedOrganisations:
    return RecordedOrganisations(
        version=_SOME, organisations=(_organisation(Listed("clearview-ai", _SOME_COUNTS), None),), next=None
    )


def some_table() -> RecordedTable:
    row = Row("2027-Q2", {Basis.REPORTED: _SOME_COUNTS, Basis.PROVEN: {Measure.ANSWERED: 15}}, Days.TWO)
    return _table(_SOME, "clearview-ai", Family.QUARTER, (row,))


_SOME_COUNTS = {Measure.FILED: 40, Measure.ANSWERED: 25, Measure.IN_TIME: 10, Measure.OVERDUE: 20}


# Answering


def versions(_asked: Question) -> Versions:
    """All versions, the newest first."""
    with reading(house().engine) as session:
        return Versions(versions=published.versions(session))


def organisations(asked: EditionPage) -> RecordedOrganisations:
    """The organisations of which a version shows something. Raises NotFound where there is no such version."""
    with reading(house().engine) as session:
        version = _version(session, asked.version)
        found = published.organisations(session, version, asked.after or "", asked.limit + 1) if version else ()
    taken = found[: asked.limit]
    more: dict[str, Any] = {"after": taken[-1].organisation, "limit": asked.limit} if len(found) > len(taken) else {}
    following = url_for("api.record_organisations", **more, version=asked.version) if more else None
    return RecordedOrganisations(
        version=version,
        organisations=tuple(_organisation(one, asked.version) for one in taken),
        next=following,
    )


def _version(session: Session, n: int | None) -> Version | None:
    """The version of this number, or the newest. Raises NotFound where there is none of this number."""
    if n is None:
        return published.latest(session)
    found = published.version(session, n)
    if found is None:
        raise NotFound("There is no such version: /api/v1/record/versions lists all.")
    return found


def _organisation(listed: Listed, version: int | None) -> RecordedOrganisation:
    def table(family: Family) -> str:
        where = {"id_": listed.organisation, "family": family.value, "version": version}
        return url_for("api.record_table", **where)  # type: ignore[arg-type]

    return RecordedOrganisation(
        organisation=ref("organisations", listed.organisation),
        counts=tuple(_count(measure, Basis.REPORTED, n) for measure, n in listed.shown.items()),
        by_quarter=table(Family.QUARTER),
        by_country=table(Family.COUNTRY),
        by_right=table(Family.RIGHT),
    )


def table(asked: Edition, id_: str, family: str) -> RecordedTable:
    """A table of an organisation. Raises NotFound where there is no such organisation, table or version."""
    if id_ not in house().catalogue.organisations or family not in {*Family}:
        raise NotFound("There is no such table. /api/v1/record/organisations leads to all that there are.")
    with reading(house().engine) as session:
        version = _version(session, asked.version)
        rows = published.table(session, id_, Family(family), version).rows if version else ()
    return _table(version, id_, Family(family), rows)


def _table(version: Version | None, id_: str, family: Family, rows: Iterable[Row]) -> RecordedTable:
    return RecordedTable(
        version=version,
        organisation=ref("organisations", id_),
        family=family,
        rows=tuple(RecordedRow(key=row.key, counts=tuple(_counts(row)), median_days=row.median) for row in rows),
    )


def _counts(row: Row) -> Iterator[Count]:
    for basis, shown in row.shown.items():
        yield from (_count(measure, basis, n) for measure, n in shown.items())


def _count(measure: Measure, basis: Basis, n: int) -> Count:
    return Count(measure=measure, basis=basis, at_least=n)
