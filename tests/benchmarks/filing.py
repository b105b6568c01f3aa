"""How fast letters are filed, beside plain apps, and what a process takes: `python -m tests.benchmarks.filing`.

What is timed is the POST that files: the letter, its preview and the page with the key were made before. In it the
portal checks the form, reads the sealed draft, composes the letter, counts the network, seals, and keeps five rows.
No PDF is set: filing keeps what one is set from. What the plain apps do is said in `_plain`; they and the portal are
called through WSGI in this process, a few posts each in turn, so that a busy host slows them alike. What eight
writers wait, and what memory is held, is seen on a server of its own: `_served`.
"""

import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from math import inf
from pathlib import Path
from secrets import token_hex
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask
from sqlmodel import Session, select
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from portal.application import create_app
from portal.cases.models import CaseRow, LetterRow
from portal.config import read
from portal.database import engine, migrate
from portal.limits import LIMITS
from tests.benchmarks._plain import TABLES, Rows, bare, django, flask, form_token
from tests.benchmarks._served import REQUESTS, memory, served, tail_to_median
from tests.web.browsing import CLEARVIEW, Browser, id_of, token

#: Filings a round, and rounds: the ways are measured in turn, so that a busy host slows them alike.
FILINGS, ROUNDS = 12, 40
#: What is asked of the portal.
SHARE_OF_FLASK, TAIL_TO_MEDIAN, MEGABYTES, GROWTH = 0.5, 5.0, 200, 1.05
#: No network files so often.
WIDE = {what: replace(limit, times=10**9) for what, limit in LIMITS.items()}

Environs = list[dict[str, Any]]
#: Makes so many filings ready, and gives what then does them.
Ready = Callable[[int], Callable[[], None]]


@dataclass(frozen=True)
class Figure:
    """What was measured, and what it must be; None where it could not be."""

    name: str
    value: float | None
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        least, most = self.least or 0, self.most or inf
        return self.value is None or least <= self.value <= most

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.name:48} not measured: it is not there"
        bound = f"at least {self.least}" if self.least else f"at most {self.most}" if self.most else ""
        return (
            f"{self.name:48} {self.value:7.2f}   {bound:14} {'' if not bound else 'ok' if self.holds else 'MISSED'}"
        )


# The portal


def portal(folder: Path) -> Flask:
    log = logging.getLogger("portal")
    log.addHandler(logging.FileHandler(folder / "log"))
    log.setLevel(logging.INFO)  # a line a request, as when it is served
    app = create_app(read({"RIGHTFACE_INSTANCE": str(folder), "RIGHTFACE_RENDERERS": "1"}), limits=WIDE)
    migrate(app.extensions["rightface"].engine)
    return app


def previewed(app: Flask, count: int) -> Environs:
    """The posts that file so many letters, each ready to be filed."""
    browser = Browser(app)
    letters = [id_of(browser.write(CLEARVIEW)) for _ in range(count)]
    form = token(browser.get(f"/letter/{letters[0]}/file"))
    return [posted(browser.client, f"/letter/{id_}/file", {"csrf_token": form}) for id_ in letters]


def posted(client: Client, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """A post of this browser."""
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in client._cookies.values())
    return EnvironBuilder(path=path, method="POST", data=fields, headers={"Cookie": cookies}).get_environ()


def post(app: WSGIApplication, environs: Environs) -> None:
    for environ in environs:
        _, status, headers = run_wsgi_app(app, environ, buffered=True)
        assert status.startswith("302"), status
        assert not headers["Location"].endswith("/file")


def kept(app: Flask) -> Rows:
    """What a filing of the portal's keeps."""
    post(app, previewed(app, 1))
    with Session(app.extensions["rightface"].engine) as session:
        return {table: session.exec(select(table)).one().model_dump() for table in TABLES}


# The sides


def forms(rows: Rows, count: int) -> list[dict[str, str]]:
    """So many forms, each with details and a letter as long as what the portal keeps of them."""
    lengths = {"details": len(rows[CaseRow]["details"]), "letter": len(rows[LetterRow]["sealed"])}
    return [{name: token_hex(length // 2) for name, length in lengths.items()} for _ in range(count)]


def plain(app: WSGIApplication, rows: Rows) -> Ready:
    """A plain app with a browser that has its form open."""
    client = Client(app)
    given = form_token(client)

    def ready(count: int) -> Callable[[], None]:
        environs = [posted(client, "/", {**given, **form}) for form in forms(rows, count)]
        return lambda: post(app, environs)

    return ready


def sides(folder: Path) -> dict[str, Ready]:
    """Who files: the portal and the others, each with a database of its own."""
    app = portal(folder)
    rows = kept(app)

    def database(name: str) -> Path:
        path = folder / f"{name}.sqlite"
        migrate(engine(f"sqlite:///{path}"))
        return path

    def ours(count: int) -> Callable[[], None]:
        environs = previewed(app, count)
        return lambda: post(app, environs)

    loop = bare(database("sqlite3"), rows)
    found = {"portal": ours, "Flask": plain(flask(database("flask"), rows), rows)}
    found["sqlite3"] = lambda count: (lambda given: lambda: loop(given))(forms(rows, count))
    other = django(database("django"), rows)
    return {**found, "Django": plain(other, rows)} if other else found


def speed(do: Callable[[], None]) -> tuple[float, float]:
    """Filings a second, and how many there would be if the disk took no time."""
    start, busy = time.perf_counter(), time.thread_time()
    do()
    return FILINGS / (time.perf_counter() - start), FILINGS / (time.thread_time() - busy)


def shares() -> Iterator[Figure]:
    """What the portal files in a second, as a share of what the others do; the median of all rounds."""
    with tempfile.TemporaryDirectory() as name:
        files = sides(Path(name))
        for ready in files.values():
            ready(FILINGS)()
        rounds = [{side: speed(ready(FILINGS)) for side, ready in files.items()} for _ in range(ROUNDS)]
    speeds = {side: statistics.median(one[side][0] for one in rounds) for side in files}
    print(", ".join(f"{side}: {speed:.0f} a second" for side, speed in speeds.items()))
    for side in ("Flask", "Django", "sqlite3"):
        whole, busy = (share(rounds, side, clock) if side in files else None for clock in (0, 1))
        yield Figure(f"filings, as a share of {side}", whole, least=SHARE_OF_FLASK if side == "Flask" else None)
        yield Figure("the same, of processor time alone", busy)


def share(rounds: list[dict[str, tuple[float, float]]], side: str, clock: int) -> float:
    return statistics.median(one["portal"][clock] / one[side][clock] for one in rounds)


def seen_from_outside() -> Iterator[Figure]:
    """What eight writers wait, and what memory the process holds."""
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as portal:
        ratio, tail, median = tail_to_median(portal)
        print(f"eight writers: median {median:.0f} ms, 99th of a hundred {tail:.0f} ms")
        yield Figure("eight writers, 99th of a hundred to the median", ratio, most=TAIL_TO_MEDIAN)
        half, all_ = memory(portal)
        print(f"web process: {half:.0f} MB after {REQUESTS // 2} requests")
        yield Figure(f"megabytes after {REQUESTS} requests", all_, most=MEGABYTES)
        yield Figure("of those after half as many", all_ / half, most=GROWTH)


def main() -> int:
    """Print all; 1 where something is not as it must be."""
    failed = 0
    for figure in chain(shares(), seen_from_outside()):
        print(figure, flush=True)
        failed |= not figure.holds
    return failed


if __name__ == "__main__":
    sys.exit(main())
