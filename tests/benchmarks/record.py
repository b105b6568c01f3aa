"""How fast the public record is with a million cases: `python -m tests.benchmarks.record`.

What is timed are the pages as somebody opens them who is the first to: an organisation's, its table as a file, the
list and a search, beside the same with ten thousand cases, in this process; the two portals are asked in turn, so
that a busy host slows them alike. Ten thousand are enough that most rows of the tables are shown, as with a million.
On SQLite and, where it is installed, on PostgreSQL. Also said is how long the job takes that makes a version, and how
much memory: no request waits for it, and it must end before its lease does.
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

from portal.application import create_app
from portal.cases.models import CaseRow, EventRow, FilingRow
from portal.config import read
from portal.database import migrate, reading
from portal.record import published
from portal.worker import LEASE, publish
from tests import postgres
from tests.building import the_catalogue
from tests.web.browsing import Browser

FEW, MANY, ROUNDS = 10_000, 1_000_000, 60
#: What is asked: so many times as long at most.
TIMES = 2.0
ORGANISATIONS = sorted(one.id for one in the_catalogue().organisations.values() if not one.generic)[:10]
_FIRST, _NOW = date(2026, 4, 1), datetime(2027, 1, 31, tzinfo=UTC)
_QUARTERS, _DAYS = 3, 275
_PLACES = ("at", "de-be", "fr", "ca-qc", "gb", "us-il", "it", "es", "nl", "pl", "se", "pt")
_RIGHTS = ("access", "erasure", "erasure", "objection")
_ANSWERS = ("complied", "refused", "partly", "nothing_held", "unclear")
#: No page on which something is shown has fewer bytes.
_MOST_EMPTY = 2_000


def fill(made: Engine, cases: int) -> None:
    """Cases of many places and organisations, sent over nine months; most are answered, some late."""
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
    id_, filed = f"{n:032x}", _FIRST + timedelta(n * 7 % _DAYS)
    asked = ORGANISATIONS[n % 10], _RIGHTS[n // 10 % 4], "eu-gdpr", _PLACES[n // 40 % 12]
    return (id_, id_, *asked, "sent", filed, filed + timedelta(2_000), b"", b"", False, True)


def events_of(n: int) -> Iterator[tuple[Any, ...]]:
    case_id, filed = f"{n:032x}", _FIRST + timedelta(n * 7 % _DAYS)
    answered, due = filed + timedelta(5 + n // 10 % 60), filed + timedelta(30)
    yield f"{3 * n:032x}", case_id, 0, "filed", filed, filed, None, "v1", None
    yield f"{3 * n + 1:032x}", case_id, 1, "sent", filed, filed, due, "v1", None
    if n % 3:
        yield f"{3 * n + 2:032x}", case_id, 2, "answered", answered, answered, None, "v1", _ANSWERS[n // 10 % 5]


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


#: What is opened, by name. What answers a question is made anew each time, and kept on no shelf.
ASKED: Mapping[str, str] = {
    "an organisation": f"/record/{ORGANISATIONS[3]}?anew",
    "its table": f"/record/{ORGANISATIONS[3]}.csv?anew",
    "the list": "/record?anew",
    "a search": f"/record?q={ORGANISATIONS[5]}",
}


def opened(browser: Browser, address: str) -> None:
    page = browser.client.get(address)
    assert page.status_code == 200
    assert len(page.data) > _MOST_EMPTY, (address, len(page.data))


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


@contextmanager
def filled(url: str, cases: int) -> Iterator[tuple[Browser, float]]:
    """A browser on a portal with so many cases and the versions of them, and how long each of these took."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"RIGHTFACE_INSTANCE": folder, "RIGHTFACE_DATABASE_URL": url}
        app = create_app(read(environ), lambda: _NOW)
        made = app.extensions["rightface"].engine
        migrate(made)
        fill(made, cases)
        took = seconds(lambda: [*publish(made, "v1", _NOW)]) / _QUARTERS
        with reading(made) as session:
            assert len(published.versions(session)) == _QUARTERS
        yield Browser(app), took
        made.dispose()


def main() -> int:
    """Print all; 1 where something is not as it must be."""
    failed = False
    with databases() as each:
        for name, url in each:
            with filled(url("few"), FEW) as (few, _), filled(url("many"), MANY) as (many, took):
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
                failed |= took >= LEASE.total_seconds()
                print(f"{name}: a version of {MANY:,} cases in {took:.0f} s, {memory} MB", flush=True)
                for what, address in ASKED.items():
                    milliseconds, ratio = compared(partial(opened, few, address), partial(opened, many, address))
                    failed |= ratio > TIMES
                    print(
                        f"{name}: {what:16} {milliseconds:.1f} ms with {MANY:,} cases, {ratio:.2f} × as long as with "
                        f"{FEW:,} (≤ {TIMES}){'  TOO MUCH' if ratio > TIMES else ''}",
                        flush=True,
                    )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
