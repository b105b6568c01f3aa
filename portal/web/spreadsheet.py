"""Tables as spreadsheets read and write them: CSV (RFC 4180) in which no cell is taken for a formula."""

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

#: The mark by which spreadsheets know UTF-8.
MARK = "\ufeff".encode()
#: Where a spreadsheet begins to read a formula (CWE-1236): at the start of a cell, and wherever one that divides at
#: semicolons, tabs or lines would see a start; blanks and marks that nobody sees do not help. The wide ones are those
#: of East Asia.
_LIVE = re.compile("(^|[;\t\r\n])('*)(?=[\\s\"\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]*[=+\\-@＝＋－＠\t\r\n])")


def safe(cell: str) -> str:
    """A cell as text, whatever it begins with: an apostrophe goes before a formula."""
    return _LIVE.sub(r"\1'\2", cell)


def plain(cell: str) -> str:
    """A cell as it was before `safe`."""
    return _LIVE.sub(lambda found: found[1] + found[2][1:], cell)


def written(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as CSV."""
    out = StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


# Reading


class Why(StrEnum):
    """Why a file cannot be read as a table."""

    EMPTY = "empty"
    NOT_TEXT = "not_text"
    """A workbook, a picture, another alphabet's bytes."""
    BROKEN = "broken"
    """A quotation mark has no end, a cell is endless."""
    TWICE = "twice"
    """Two columns are called the same."""


class Unreadable(ValueError):
    """The file is no table."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the spreadsheet, where the heading is 1; `more` is what stands right of all columns."""

    number: int
    cells: Mapping[str, str]
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes) -> Table:
    """A table as spreadsheets save it: in UTF-8, UTF-16 or Windows' letters, divided by commas, semicolons or tabs.

    Rows in which nothing stands are left out. Raises Unreadable.
    """
    lines = [*_lines(_text(content))]
    if not lines:
        raise Unreadable(Why.EMPTY)
    (_, heading), *others = lines
    columns = tuple(_name(cell) for cell in heading)
    named = [one for one in columns if one]
    if len({*named}) < len(named):
        raise Unreadable(Why.TWICE)
    rows = (_row(number, columns, cells) for number, cells in others)
    return Table(tuple(named), tuple(rows))


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    known = {name: plain(cell).strip() for name, cell in zip(columns, cells, strict=False) if name}
    more = [cell for cell in cells[len(columns) :] if cell.strip()]
    more += [cell for name, cell in zip(columns, cells, strict=False) if not name and cell.strip()]
    return Row(number, {**dict.fromkeys(filter(None, columns), ""), **known}, tuple(more))


def _name(cell: str) -> str:
    """`Full name` and `full_name` are the same column."""
    return re.sub(r"[\s_-]+", "_", plain(cell).strip().casefold())


def _text(content: bytes) -> str:
    """The letters of a file. Excel writes UTF-8 with a mark, UTF-16 with a mark, or those of Windows."""
    for charset in ("utf-16",) if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(charset)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\0-\x08\x0e-\x1f]", text):
            return text
    raise Unreadable(Why.NOT_TEXT)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows in which something stands, by their numbers."""
    first, _end, rest = text.partition("\n")
    told = re.fullmatch(r"\s*sep=(.)\s*", first)  # Excel's own way to say it
    if told:
        text = rest
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = told[1] if told else max(",;\t", key=head.count)
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error:
        raise Unreadable(Why.BROKEN) from None
