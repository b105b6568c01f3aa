"""Rows of the trail as CSV (RFC 4180), safe to open in a spreadsheet."""

from collections.abc import Iterator, Mapping

from portal.database import reading
from portal.trail import Row, Wanted, newest
from portal.web.house import house
from portal.web.spreadsheet import MARK, written
from portal.web.staff.trail_words import line
from portal.web.words import Words

#: So many rows are read at a time: nobody reads in one go while a browser takes its time.
_MANY = 1_000
#: The fields of the trail as they stand there, so that the chain can be checked from the file, and two for a reader.
HEADER = (*Row._fields, "time", "name")


def sheet(wanted: Wanted, known: Mapping[str, Words]) -> Iterator[bytes]:
    """The rows that are wanted, the newest first, in UTF-8 with the mark by which spreadsheets know it."""
    yield MARK + written([HEADER])
    before: int | None = None
    while page := _page(wanted, before):
        yield written(_cells(row, known) for row in page)
        before = page[-1].n


def _page(wanted: Wanted, before: int | None) -> list[Row]:
    with reading(house().engine) as session:
        return newest(session, wanted, _MANY, before)


def _cells(row: Row, known: Mapping[str, Words]) -> list[str]:
    told = line(row, known)
    return [str(cell) for cell in (*row, told.at.isoformat() if told.at else "", told.who)]
