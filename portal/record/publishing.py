"""Making a version of the record: what was true at the end of a quarter, as it may be shown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select as columns_of
from sqlmodel import Session, col, func, insert, select

from portal.cases.measures import IN_DAYS, Basis, Counted, Days, Family, Measure, quarter_of
from portal.cases.models import CaseRow, TallyRow
from portal.cases.tallies import OTHER, contributions, tallied
from portal.record.disclosure import Place, Row, Rows, Shown, item, renewed
from portal.record.models import CellRow, VersionRow
from portal.record.published import MEDIAN

#: So long after the end of a quarter its version is published.
AFTER = timedelta(days=30)
#: So many cases are read at once.
_MANY = 500
#: The table in which it is kept for how many people an item was renewed in all; it is none that is shown.
_TOGETHER = "together"
_ANSWERED = item(Measure.ANSWERED)
_BANDS = {(IN_DAYS, days.value): n for n, days in enumerate(Days, start=1)}
_COLUMNS = ("version", "family", "measure", "basis", "organisation", "key", "shown")


@dataclass(frozen=True, slots=True)
class Made:
    """A version, ready to be published."""

    version: VersionRow
    cells: Sequence[tuple[Any, ...]]

    @property
    def _shown(self) -> list[tuple[Any, ...]]:
        return [cell for cell in self.cells if cell[_COLUMNS.index("family")] != _TOGETHER]

    @property
    def numbers(self) -> int:
        """How many numbers it shows."""
        return len(self._shown)

    @property
    def organisations(self) -> int:
        """Of how many it shows one."""
        return len({cell[_COLUMNS.index("organisation")] for cell in self._shown})


def due(session: Session, today: date) -> str | None:
    """The quarter whose version is due: the first without one that ended thirty days ago; None where there is none.

    The first of all is the one in which the first case was filed that is there. Each is made of what was true at its
    end, so it is no matter when.
    """
    latest = session.exec(select(VersionRow.quarter).order_by(col(VersionRow.n).desc()).limit(1)).first()
    first = session.exec(select(func.min(CaseRow.filed_on))).first() if latest is None else None
    following = _following(latest) if latest else quarter_of(first) if first else None
    return following if following and last_day(following) + AFTER <= today else None


def made(session: Session, quarter: str, today: date, catalogue: str) -> Made:
    """The version that closes a quarter. Reads as much as there is, a little at a time, and writes nothing."""
    before = session.exec(select(VersionRow.n).order_by(col(VersionRow.n).desc()).limit(1)).first() or 0
    version = VersionRow(n=before + 1, quarter=quarter, published_on=today, catalogue=catalogue)
    cells: list[tuple[Any, ...]] = []
    for organisation in _organisations(session):
        cells += _cells(session, organisation, before, quarter)
    return Made(version, cells)


def publish(session: Session, found: Made) -> bool:
    """Put a version where it is read; whether it was not there yet. What is published is never changed."""
    latest = session.exec(select(VersionRow.n).order_by(col(VersionRow.n).desc()).limit(1)).first() or 0
    if latest >= found.version.n:
        return False
    session.add(found.version)
    session.flush()
    for at in range(0, len(found.cells), _MANY):
        rows = [dict(zip(_COLUMNS, cell, strict=True)) for cell in found.cells[at : at + _MANY]]
        session.connection().execute(insert(CellRow), rows)
    return True


# Quarters


def _following(quarter: str) -> str:
    return quarter_of(_first_day(quarter) + timedelta(days=100))


def _first_day(quarter: str) -> date:
    year, _, n = quarter.partition("-Q")
    return date(int(year), 3 * int(n) - 2, 1)


def last_day(quarter: str) -> date:
    """The day that ends a quarter."""
    return _first_day(_following(quarter)) - timedelta(days=1)


# One organisation


def _organisations(session: Session) -> list[str]:
    """All of which there are cases, or were."""
    of = CaseRow.organisation, TallyRow.organisation
    found = {id_ for column in of for id_ in session.exec(select(column).distinct())}
    return sorted(found - {OTHER})


def _cells(session: Session, organisation: str, before: int, quarter: str) -> Iterator[tuple[Any, ...]]:
    exact = counted(session, organisation, quarter)
    was, medians = _shown(session, organisation, before)
    now = renewed(exact, was, quarter)
    for family, keyed in now.rows.items():
        for key, row in keyed.items():
            for (basis, measure), n in row.items():
                yield before + 1, family.value, measure, basis, organisation, key, n
            bands, shown = exact[family].get(key, {}), was.rows[family].get(key, {})
            median = _median(row, bands, shown, medians.get((family, key)))
            if median and _ANSWERED in row:
                yield before + 1, family.value, MEDIAN, Basis.REPORTED.value, organisation, key, median
    for (basis, measure), n in now.renewed.items():
        yield before + 1, _TOGETHER, measure, basis, organisation, "", n


def counted(session: Session, organisation: str, quarter: str) -> Rows:
    """The exact counts of an organisation at the end of a quarter: of its cases, and of those that are erased."""
    rows: dict[Family, dict[str, dict[Counted, int]]] = {family: {} for family in Family}
    for ids in _portions(session, organisation):
        for _organisation, one in contributions(session, ids, last_day(quarter)):
            for family, key in one.keys.items():
                row = rows[family].setdefault(key, {})
                row.update({what: row.get(what, 0) + 1 for what in one.counted})
    for family, key, what, n in tallied(session, organisation):
        if family is not Family.QUARTER or key <= quarter:
            row = rows[family].setdefault(key, {})
            row[what] = row.get(what, 0) + n
    return rows


def _portions(session: Session, organisation: str) -> Iterator[Sequence[str]]:
    after: str | None = ""
    while after is not None:
        mine = CaseRow.organisation == organisation, CaseRow.id > after
        ids = session.exec(select(CaseRow.id).where(*mine).order_by(CaseRow.id).limit(_MANY)).all()
        after = ids[-1] if len(ids) == _MANY else None
        if ids:
            yield ids


def _shown(session: Session, organisation: str, version: int) -> tuple[Shown, Mapping[tuple[Family, str], int]]:
    """What a version shows of an organisation, with its medians."""
    rows: dict[Family, dict[str, dict[Counted, int]]] = {family: {} for family in Family}
    together: dict[Counted, int] = {}
    medians: dict[tuple[Family, str], int] = {}
    where = CellRow.organisation == organisation, CellRow.version == version
    for cell in session.exec(select(CellRow).where(*where)):
        if cell.family == _TOGETHER:
            together[cell.basis, cell.measure] = cell.shown
        elif cell.measure == MEDIAN:
            medians[Family(cell.family), cell.key] = cell.shown
        else:
            rows[Family(cell.family)].setdefault(cell.key, {})[cell.basis, cell.measure] = cell.shown
    return Shown(rows, together, _ever(session, organisation)), medians


def _ever(session: Session, organisation: str) -> Mapping[Place, Mapping[Counted, set[int]]]:
    """What all versions together show of each number of an organisation."""
    ever: defaultdict[Place, defaultdict[Counted, set[int]]] = defaultdict(lambda: defaultdict(set))
    columns: list[Any] = [CellRow.family, CellRow.key, CellRow.basis, CellRow.measure, CellRow.shown]
    mine = col(CellRow.organisation) == organisation, col(CellRow.family) != _TOGETHER
    for family, key, basis, measure, shown in session.execute(columns_of(*columns).where(*mine).distinct()):
        ever[Family(family), key][basis, measure].add(shown)
    return ever


def _median(row: Row, bands: Row, was: Row, band: int | None) -> int | None:
    """The band of the middle answer; another than before only where the number of answers is another."""
    if row.get(_ANSWERED) == was.get(_ANSWERED):
        return band
    days = sorted(n for one, n in _BANDS.items() for _ in range(bands.get(one, 0)))
    return days[(len(days) - 1) // 2] if days else None
