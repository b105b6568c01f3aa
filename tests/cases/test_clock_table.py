"""What the clock shows, law by law: rows counted from the statutes before the program was asked."""

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from portal.cases.clock import Clock, clock
from portal.cases.status import Decided, Happened, Kind
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
class Made:
    """A complaint that was made: its way, and what is open against the decision, until when, or since when used."""

    way: str
    ref: str = ""
    by: str = ""
    stage: str = ""
    sued: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    why: str
    place: str
    organisation: str
    right: str
    way: str
    happened: list[list[str]]
    """Kind and day; of what belongs to a complaint its way, and how it was decided."""
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
    awaited: str = ""
    see_by: str = ""
    complaints: list[Made] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.way} {self.why}"[:70]


def read() -> list[Row]:
    rows: list[dict[str, Any]] = tomllib.loads((ROOT / "tests" / "data" / "clocks.toml").read_text())["case"]
    return TypeAdapter(list[Row]).validate_python(rows)


ROWS = read()


def a_thing(kind: str, day: str, way: str = "", outcome: str = "") -> Happened:
    return Happened(Kind(kind), date.fromisoformat(day), way, Decided(outcome) if outcome else None)


def shown(row: Row) -> Clock:
    happened = [a_thing(*one) for one in [["filed", row.filed], *row.happened]]
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


@pytest.mark.parametrize("row", [row for row in ROWS if row.complaints], ids=str)
def test_what_came_of_each_complaint_is_told(row: Row) -> None:
    now = shown(row)
    found = [
        Made(
            way=one.way,
            ref=one.remedy.ref if one.remedy else "",
            by=iso(one.remedy_by, earliest=True),
            stage=one.stage.value if one.stage else "",
            sued=iso(one.sued),
        )
        for one in now.complaints
    ]
    assert (found, iso(now.see_by)) == (row.complaints, row.see_by), row.why
    assert (now.awaited.way if now.awaited else "") == row.awaited, row.why


def test_the_table_is_as_wide_as_the_law() -> None:
    """At least 150 rows, every kind of event among them, and every law that sets a time to answer."""
    assert len(ROWS) >= 150
    kinds = Counter(kind for row in ROWS for kind, *_ in row.happened)
    assert {*kinds} >= {kind.value for kind in Kind} - {"filed", "rekeyed"}
    laws = the_catalogue().laws.values()
    counting = {law.id for law in laws if law.reach and law.deadline != "none"}
    assert counting <= {row.way for row in ROWS}


def test_every_way_to_decide_and_every_remedy_of_the_law_is_in_the_table() -> None:
    outcomes = {said[3] for row in ROWS for said in row.happened if len(said) > 3}
    assert outcomes == {*Decided}
    rights = [right for law in the_catalogue().laws.values() for right in law.rights.values()]
    remedies = {right.remedy.ref for right in rights if right.remedy}
    assert remedies == {one.ref for row in ROWS for one in row.complaints} - {""}


def test_details_are_events_of_the_law() -> None:
    assert {name for row in ROWS for name in row.details} <= {event.value for event in Event}
