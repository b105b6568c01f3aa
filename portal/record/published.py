"""What is published of the record, none of it exact: all that pages, feeds and the API may ask."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from portal.cases.measures import Basis, Days, Family, Measure
from portal.record.models import CellRow, VersionRow

__all__ = ["Basis", "Days", "Family", "Listed", "Measure", "Row", "Table", "Version"]

#: What the row of a median is called, among the measures.
MEDIAN = "median_days"
#: The bands by the number that stands for them in the table.
BANDS: Mapping[int, Days] = dict(enumerate(Days, start=1))


@dataclass(frozen=True, slots=True)
class Version:
    """One edition of the record, frozen on the day on which it was published."""

    n: int
    quarter: str
    """The quarter that it closes, and whose end its numbers tell of: `2026-Q4`."""
    published_on: date
    catalogue: str


@dataclass(frozen=True, slots=True)
class Row:
    """One quarter, country or right. A number says “at least so many”; one not there is under ten, or held."""

    key: str
    shown: Mapping[Basis, Mapping[Measure, int]]
    median: Days | None = None
    """The band in which half of the answers had come; None where that is not shown."""

    def count(self, measure: Measure, basis: Basis = Basis.REPORTED) -> int | None:
        """The number of a measure; None where it is not shown."""
        return self.shown.get(basis, {}).get(measure)


@dataclass(frozen=True, slots=True)
class Table:
    """One of the three tables of an organisation. Only rows of which something is shown are there, by their keys."""

    version: Version
    organisation: str
    family: Family
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation as a list shows it: the sums of its quarters as they are shown, again “at least”."""

    organisation: str
    shown: Mapping[Measure, int] = field(default_factory=dict)
    """As reported; of `LISTED` alone."""


#: What a list shows of an organisation.
LISTED = (Measure.FILED, Measure.ANSWERED, Measure.IN_TIME, Measure.OVERDUE, Measure.LATE, Measure.COMPLAINED)


def versions(session: Session) -> tuple[Version, ...]:
    """All versions, the newest first."""
    rows = session.exec(select(VersionRow).order_by(col(VersionRow.n).desc()))
    return tuple(_version(row) for row in rows)


def latest(session: Session) -> Version | None:
    """The newest version; None where nothing is published yet."""
    row = session.exec(select(VersionRow).order_by(col(VersionRow.n).desc()).limit(1)).first()
    return _version(row) if row else None


def version(session: Session, n: int) -> Version | None:
    """A version by its number; None where there is none."""
    row = session.get(VersionRow, n)
    return _version(row) if row else None


def table(session: Session, organisation: str, family: Family, of: Version) -> Table:
    """A table of an organisation, as a version shows it; without rows where nothing is shown."""
    where = CellRow.version == of.n, CellRow.organisation == organisation, CellRow.family == family.value
    return Table(of, organisation, family, _rows(session.exec(select(CellRow).where(*where)).all()))


def tables(session: Session, organisation: str, of: Version) -> Mapping[Family, Table]:
    """All three, in one query."""
    where = CellRow.version == of.n, CellRow.organisation == organisation
    cells = session.exec(select(CellRow).where(*where)).all()
    return {
        family: Table(of, organisation, family, _rows([cell for cell in cells if cell.family == family.value]))
        for family in Family
    }


def organisations(
    session: Session, of: Version, after: str = "", limit: int = 50, among: Collection[str] | None = None
) -> tuple[Listed, ...]:
    """Those of which a version shows something, by their ids from `after` on; of `among` alone, where that is given.

    A search by name finds ids in the catalogue, and asks for these.
    """
    here = CellRow.version == of.n, CellRow.family == Family.QUARTER.value, CellRow.basis == Basis.REPORTED.value
    filed = select(CellRow.organisation).where(*here, CellRow.measure == Measure.FILED.value).distinct()
    filed = filed.where(CellRow.organisation > after).order_by(CellRow.organisation).limit(limit)
    if among is not None:
        filed = filed.where(col(CellRow.organisation).in_(among))
    ids = session.exec(filed).all()
    sums: dict[str, dict[Measure, int]] = {id_: {} for id_ in ids}
    wanted = col(CellRow.measure).in_([one.value for one in LISTED]), col(CellRow.organisation).in_(ids)
    for cell in session.exec(select(CellRow).where(*here, *wanted)):
        mine, measure = sums[cell.organisation], Measure(cell.measure)
        mine[measure] = mine.get(measure, 0) + cell.shown
    return tuple(Listed(id_, sums[id_]) for id_ in ids)


def _version(row: VersionRow) -> Version:
    return Version(row.n, row.quarter, row.published_on, row.catalogue)


def _rows(cells: Sequence[CellRow]) -> tuple[Row, ...]:
    found: dict[str, dict[Basis, dict[Measure, int]]] = {}
    medians: dict[str, Days] = {}
    for cell in cells:
        mine = found.setdefault(cell.key, {basis: {} for basis in Basis})
        if cell.measure == MEDIAN:
            medians[cell.key] = BANDS[cell.shown]
        else:
            mine[Basis(cell.basis)][Measure(cell.measure)] = cell.shown
    return tuple(Row(key, found[key], medians.get(key)) for key in sorted(found))
