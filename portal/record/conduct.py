"""What the published tables of an organisation say together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.cases.measures import quarter_of
from portal.record.published import MEDIAN, Basis, Family, Measure, Row, Table, Version
from portal.record.publishing import AFTER, last_day

_A_DAY = timedelta(days=1)


def totals(tables: Mapping[Family, Table]) -> Mapping[Basis, Mapping[Measure, int]]:
    """At least so many of each, in all quarters; what no table shows is not there.

    Each table counts the same letters, and each number is “at least”: of the three sums the greatest says most.
    """
    return {
        basis: {
            measure: most
            for measure in Measure
            if (most := max((_sum(table, measure, basis) for table in tables.values()), default=0))
        }
        for basis in Basis
    }


def _sum(table: Table, measure: Measure, basis: Basis) -> int:
    return sum(row.count(measure, basis) or 0 for row in table.rows)


@dataclass(frozen=True, slots=True)
class Line:
    """A cell of the long table. `shown` is empty where nothing is shown: under ten, or held; never none."""

    organisation: str
    family: str
    key: str
    measure: str
    basis: str
    shown: str
    version: int
    quarter: str

    @property
    def hidden(self) -> bool:
        return not self.shown


def lines(tables: Mapping[Family, Table]) -> Iterator[Line]:
    """All three tables as one, cell by cell; a quarter, country or right of which nothing is shown has no lines."""
    for table in tables.values():
        for row in table.rows:
            yield from _of_row(table, row)


def _of_row(table: Table, row: Row) -> Iterator[Line]:
    for basis in Basis:
        for measure in Measure:
            count = row.count(measure, basis)
            yield _line(table, row, measure.value, basis, "" if count is None else str(count))
    yield _line(table, row, MEDIAN, Basis.REPORTED, row.median.value if row.median else "")


def _line(table: Table, row: Row, measure: str, basis: Basis, shown: str) -> Line:
    version: Version = table.version
    return Line(
        table.organisation, table.family.value, row.key, measure, basis.value, shown, version.n, version.quarter
    )


# When

#: So many days after a quarter is over it is published.
DAYS_AFTER = AFTER.days


def published_from(quarter: str) -> date:
    """The day from which on a quarter is published."""
    return last_day(quarter) + AFTER


def next_quarter(last: Version | None, today: date) -> str:
    """The quarter that the next edition closes: the one after the last, else the first one that is still to come."""
    if last:
        return quarter_of(last_day(last.quarter) + _A_DAY)
    before = quarter_of(today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1) - _A_DAY)
    return before if published_from(before) > today else quarter_of(today)
