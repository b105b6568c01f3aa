"""How fast the staff's queue is with a hundred thousand cases: `python -m tests.benchmarks.queue`.

What is timed are the pages of the queue and of a task as a clerk opens them, beside the same with a thousand cases,
in this process and on SQLite; the two databases are asked in turn, so that a busy host slows them alike. The page of
figures is not among them: what it counts takes as long as there are tasks.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlmodel import insert

from portal.accounts.permissions import Role
from portal.cases import tasks
from portal.cases.models import CaseRow, FilingRow, TaskRow
from portal.cases.tasks import Matter
from portal.config import read_staff
from portal.database import migrate, transaction
from portal.staff_application import create_staff_app
from tests.web.browsing import Browser
from tests.web.staff.conftest import signed_in

FEW, MANY, ROUNDS = 1_000, 100_000, 60
#: What is asked: so many queries at most, and so many times as long.
QUERIES, TIMES = 12, 2.0
_PLACES = ("at", "de-be", "fr", "ca-qc", "gb", "us-il")
_ORGANISATIONS = ("clearview-ai", "pimeyes", "ca-rcmp", "us-ice")


@dataclass(frozen=True, eq=False)
class Desk:
    """A staff's application with so many cases, and a clerk of it."""

    app: Flask
    clerk: Browser


@contextmanager
def desk(folder: Path, cases: int) -> Iterator[Desk]:
    environ = {
        "RIGHTFACE_INSTANCE": str(folder / str(cases)),
        "RIGHTFACE_STAFF_SECRET": "a secret of at least thirty-two characters",
    }
    app = create_staff_app(read_staff(environ))
    made = app.extensions["rightface"].engine
    migrate(made)
    fill(app, cases)
    yield Desk(app, signed_in(app, Role.CASEWORKER))
    made.dispose()


def fill(app: Flask, cases: int) -> None:
    """Cases of many places and organisations, filed over three months; each is to be looked at, one in ten waits."""
    house = app.extensions["rightface"]
    today = house.today()
    rows: dict[type, list[dict[str, Any]]] = {FilingRow: [], CaseRow: [], TaskRow: []}
    for n in range(cases):
        id_, filed = f"{n:032x}", today - timedelta(n % 90)
        case = CaseRow(
            id=id_,
            filing_id=id_,
            organisation=_ORGANISATIONS[n % 4],
            right="access",
            way="eu-gdpr",
            place=_PLACES[n % 6],
            status="filed",
            filed_on=filed,
            forget_on=today + timedelta(365),
            public_key=b"",
            details=b"",
        )
        waits = tasks.fact(Matter.ADDRESS, "clearview-ai") if n % 10 == 0 else ""
        task = tasks.new(Matter.FILED, id_, filed, of_case=True, waits_on=waits)
        for row in (FilingRow(id=id_, lookup=f"{n:064x}"), case, task):
            rows[type(row)].append(row.model_dump())
    with transaction(house.engine) as session:
        for table, values in rows.items():
            session.connection().execute(insert(table), values)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The queries that are made meanwhile."""
    made, said = app.extensions["rightface"].engine, list[str]()

    def note(*told: Any) -> None:
        said.append(told[2])

    event.listen(made, "before_cursor_execute", note)
    yield said
    event.remove(made, "before_cursor_execute", note)


def seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def addresses(one: Desk) -> Mapping[str, str]:
    """What is opened, by name."""
    page = one.clerk.get("/queue")
    assert page.status == 200
    after = page.links("The next ones")[0].partition("after=")[2]
    task = next(link for link in page.links() if link.startswith("/tasks/"))
    narrowed = "/queue?organisation=us-ice&place=us"
    return {
        "the queue": "/queue",
        "its next page": f"/queue?after={after}",
        "one organisation": narrowed,
        "a task": task,
    }


def compared(few: Desk, many: Desk, one: Mapping[Desk, str]) -> tuple[int, float, float]:
    """The queries of a page, its milliseconds with many cases, and how many times as long that is as with few."""
    with counted(many.app) as said:
        many.clerk.get(one[many])
    times: dict[Desk, list[float]] = {few: [], many: []}
    for _ in range(ROUNDS):
        for desk, found in times.items():
            found.append(seconds(partial(desk.clerk.get, one[desk])))
    typical = {desk: statistics.median(found) for desk, found in times.items()}
    return len(said), typical[many] * 1_000, typical[many] / typical[few]


def main() -> int:
    """Print all; 1 where something is not as it must be."""
    failed = False
    with tempfile.TemporaryDirectory() as name, desk(Path(name), FEW) as few, desk(Path(name), MANY) as many:
        opened = {one: addresses(one) for one in (few, many)}
        for what in opened[few]:
            queries, took, ratio = compared(few, many, {one: pages[what] for one, pages in opened.items()})
            holds = queries <= QUERIES and ratio <= TIMES
            failed |= not holds
            print(
                f"{what:17} {queries} queries (≤ {QUERIES}), {took:.0f} ms with {MANY:,} cases, "
                f"{ratio:.2f} × as long as with {FEW:,} (≤ {TIMES}){'' if holds else '  TOO MUCH'}"
            )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
