"""What the clock shows, law by law: rows counted from the statutes before the program was asked."""

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from portal.cases.clock import Clock, Happened, clock
from portal.cases.status import Kind
from portal.law.deadlines import Due
from portal.law.records import Event
from tests.building import ROOT, a_situation, the_catalogue

FILED = "2026-11-23"


@dataclass(frozen=True, kw_only=True)
class Open:
    """A window: under which law, for which right, to whom, from when and until when."""

    law: str
    right: str
    to: str
    opens: str
    closes: str


@dataclass(frozen=True, kw_only=True)
class Row:
    why: str
    place: str
    organisation: str
    right: str
    way: str
    happened: list[tuple[str, str]]
    today: str
    due: str
    sure: str
    next: str
    also: list[str] = field(default_factory=list)
    silence: str = ""
    acknowledge_by: str = ""
    filed: str = FILED
    details: dict[str, str] = field(default_factory=dict)
    windows: list[Open] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.way} {self.why}"[:70]


def read() -> list[Row]:
    rows: list[dict[str, Any]] = tomllib.loads((ROOT / "tests" / "data" / "clocks.toml").read_text())["case"]
    return TypeAdapter(list[Row]).validate_python(rows)


ROWS = read()


def shown(row: Row) -> Clock:
    happened = [Happened(Kind(kind), date.fromisoformat(day)) for kind, day in [("filed", row.filed), *row.happened]]
    situation = a_situation(row.place, row.organisation, row.right, **row.details)
    return clock(the_catalogue(), situation, row.way, happened, date.fromisoformat(row.today))


def iso(due: Due | date | None, earliest: bool = False) -> str:
    day = (due.earliest if earliest else due.day) if isinstance(due, Due) else due
    return day.isoformat() if day else ""


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_clock_shows(row: Row) -> None:
    now = shown(row)
    found = {
        "due": iso(now.due),
        "also": [iso(day) for day in now.due.days] if now.due else [],
        "sure": now.sure.value if now.sure else "",
        "next": now.next.value,
        "silence": now.silence.ref if now.silence else "",
        "acknowledge_by": iso(now.acknowledge_by),
    }
    assert found == {name: getattr(row, name) for name in found}, row.why


@pytest.mark.parametrize("row", [row for row in ROWS if row.windows], ids=str)
def test_the_windows_open_and_close(row: Row) -> None:
    open_ = [
        Open(
            law=window.option.law or "",
            right=window.option.right.value,
            to=window.option.addressee or "",
            opens=iso(window.opens),
            closes=iso(window.closes, earliest=True),
        )
        for window in shown(row).windows
    ]
    for wanted in row.windows:
        assert wanted in open_, row.why


def test_the_table_is_as_wide_as_the_law() -> None:
    """At least 150 rows, every kind of event among them, and every law that sets a time to answer."""
    assert len(ROWS) >= 150
    kinds = Counter(kind for row in ROWS for kind, _ in row.happened)
    assert {*kinds} >= {kind.value for kind in Kind} - {"filed", "rekeyed"}
    laws = the_catalogue().laws.values()
    counting = {law.id for law in laws if law.reach and law.deadline != "none"}
    assert counting <= {row.way for row in ROWS}


def test_details_are_events_of_the_law() -> None:
    assert {name for row in ROWS for name in row.details} <= {event.value for event in Event}
