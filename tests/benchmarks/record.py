"""How fast the public record is with a million cases: `python -m tests.benchmarks.record`.

What is timed is what pages, feeds and the API ask for: an organisation's tables, one of them, a page of the list and
a search, beside the same with ten thousand cases; the two databases are asked in turn, so that a busy host slows them
alike. On SQLite and, where it is installed, on PostgreSQL. Also said is how long the job takes that makes a version,
and how much memory: no request waits for it, and it must end before its lease does.
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import SQLModel

from portal.cases.measures import Family
from portal.cases.models import CaseRow, EventRow, FilingRow
from portal.database import engine, migrate, reading, transaction
from portal.record import published
from portal.record.models import VersionRow
from portal.worker import LEASE, publish
from tests import postgres

FEW, MANY, ROUNDS = 10_000, 1_000_000, 200
#: What is asked: so many times as long at most.
TIMES = 2.0
ORGANISATIONS = 50
_FIRST, _NOW = date(2025, 1, 1), datetime(2027, 1, 31, tzinfo=UTC)
_PLACES = ("at", "de-be", "fr", "ca-qc", "gb", "us-il", "it", "es", "nl", "pl", "se", "pt")
_RIGHTS = ("access", "erasure", "erasure", "objection")
_ANSWERS = ("complied", "refused", "partly", "nothing_held", "unclear")
#: So many rows are written at once.
_MANY = 50_000


def fill(made: Engine, cases: int) -> None:
    """Cases of many places and organisations, sent over two years; most are answered, some late."""
    for table, rows in (
        (FilingRow, ((f"{n:032x}", f"{n:064x}") for n in range(cases))),
        (CaseRow, map(a_case, range(cases))),
        (EventRow, (event for n in range(cases) for event in events_of(n))),
    ):
        written(made, table, _COLUMNS[table], rows)
    with made.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


_COLUMNS: Mapping[type[SQLModel], tuple[str, ...]] = {
    FilingRow: ("id", "lookup"),
    CaseRow: (
        *("id", "filing_id", "organisation", '"right"', "way", "place", "status", "filed_on", "forget_on"),
        *("public_key", "details", "urgent", "counted"),
    ),
    EventRow: ("id", "case_id", "n", "kind", "day", "recorded_on", "told", "catalogue", "answer"),
}


def a_case(n: int) -> tuple[Any, ...]:
    id_, filed = f"{n:032x}", _FIRST + timedelta(n * 7 % 730)
    asked = f"organisation-{n % ORGANISATIONS:04}", _RIGHTS[n // 50 % 4], "eu-gdpr", _PLACES[n // 200 % 12]
    return (id_, id_, *asked, "sent", filed, filed + timedelta(2_000), b"", b"", False, True)


def events_of(n: int) -> Iterator[tuple[Any, ...]]:
    case_id, filed = f"{n:032x}", _FIRST + timedelta(n * 7 % 730)
    answered, due = filed + timedelta(5 + n // 50 % 60), filed + timedelta(30)
    yield f"{3 * n:032x}", case_id, 0, "filed", filed, filed, None, "v1", None
    yield f"{3 * n + 1:032x}", case_id, 1, "sent", filed, filed, due, "v1", None
    if n % 3:
        yield f"{3 * n + 2:032x}", case_id, 2, "answered", answered, answered, None, "v1", _ANSWERS[n // 50 % 5]


def written(made: Engine, table: type[SQLModel], columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """Write rows by the fastest way that each database has."""
    name, names = table.__tablename__, ", ".join(columns)
    with closing(made.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        if made.dialect.name == "postgresql":
            with cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.execute("BEGIN")
            marks = ", ".join("?" * len(columns))
            plain = (tuple(one.isoformat() if isinstance(one, date) else one for one in row) for row in rows)
            cursor.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", plain)
        connection.commit()


@contextmanager
def databases() -> Iterator[Iterator[tuple[str, Callable[[str], str]]]]:
    """Of each engine that is here: its name, and what makes an address of a new database."""
    with tempfile.TemporaryDirectory() as folder:

        def each() -> Iterator[tuple[str, Callable[[str], str]]]:
            yield "SQLite", lambda name: f"sqlite:///{Path(folder) / name}"
            try:
                postgres.programs()
            except LookupError:
                return
            with postgres.server() as url:
                yield "PostgreSQL", lambda _name: postgres.fresh(url)

        yield each()


def asked(made: Engine) -> Mapping[str, Callable[[], object]]:
    """What is read, by name."""

    def read(what: Callable[..., object], *rest: Any, **more: Any) -> object:
        with reading(made) as session:
            version = published.latest(session)
            assert version
            found = what(session, *(version if one is ... else one for one in rest), **more)
            assert found
            return found

    some = [f"organisation-{n:04}" for n in range(3, ORGANISATIONS, 11)]
    return {
        "an organisation": partial(read, published.tables, some[0], ...),
        "one table": partial(read, published.table, some[0], Family.COUNTRY, ...),
        "a page of the list": partial(read, published.organisations, ..., after=some[1], limit=20),
        "a search": partial(read, published.organisations, ..., among=some),
    }


def seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def compared(few: Callable[[], object], many: Callable[[], object]) -> tuple[float, float]:
    """The milliseconds of something with many cases, and how many times as long that is as with few."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for do, found in zip((few, many), times, strict=True):
            found.append(seconds(do))
    least, most = map(statistics.median, times)
    return most * 1_000, most / least


def filled(url: str, cases: int) -> tuple[Engine, float]:
    """A database with so many cases and two versions of them, and how long one of these took."""
    made = engine(url)
    migrate(made)
    fill(made, cases)
    with transaction(made) as session:
        session.add(VersionRow(n=1, quarter="2026-Q2", published_on=_FIRST, catalogue="v1"))
    took = seconds(lambda: [*publish(made, "v1", _NOW)]) / 2
    return made, took


def main() -> int:
    """Print all; 1 where something is not as it must be."""
    failed = False
    with databases() as each:
        for name, url in each:
            (few, _), (many, took) = filled(url("few"), FEW), filled(url("many"), MANY)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
            holds = took < LEASE.total_seconds()
            failed |= not holds
            print(f"{name}: a version of {MANY:,} cases in {took:.0f} s, {memory} MB", flush=True)
            for what in asked(few):
                milliseconds, ratio = compared(asked(few)[what], asked(many)[what])
                failed |= ratio > TIMES
                print(
                    f"{name}: {what:20} {milliseconds:.2f} ms with {MANY:,} cases, {ratio:.2f} × as long as with "
                    f"{FEW:,} (≤ {TIMES}){'  TOO MUCH' if ratio > TIMES else ''}",
                    flush=True,
                )
            few.dispose()
            many.dispose()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
