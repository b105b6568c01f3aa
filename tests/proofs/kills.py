"""What is left of filings when the server is killed among them: `python -m tests.proofs.kills`.

People file, several at once, on a real server; at moments that nobody chose its whole process group is killed with
SIGKILL, and another server takes its place. Whatever was acknowledged must be there: once, whole, under its key.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.client import HTTPException
from itertools import count
from pathlib import Path
from socket import socket
from threading import Lock
from typing import TypeVar
from urllib.error import HTTPError

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from portal.cases import following, opening
from portal.cases.case_key import read as read_key
from portal.cases.models import CaseRow, EventRow, FilingRow, LetterRow, WrapRow
from portal.cases.status import Kind
from portal.config import Config, read
from portal.database import engine, migrate, reading, transaction
from portal.letters import shapes
from tests import postgres
from tests.web.browsing import CLEARVIEW
from tests.web.serving import TOKEN, Portal, address_of, key_in, listening

KILLS, FILINGS, PEOPLE = 50, 1_000, 6
#: How long a server is left alone after the filing that decides when it is killed.
LONGEST_WAIT = 0.3
#: How often a request is sent before the server is given up.
MOST_TIMES = 50
T = TypeVar("T")


@dataclass(frozen=True)
class Filed:
    """A filing whose key the person was shown; `letter` is what it said before, `address` where it was filed."""

    key: str
    name: str
    letter: str
    address: str
    token: str
    person: Portal


@dataclass
class Result:
    """What came of it."""

    kills: int = 0
    filed: list[Filed] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    """Requests that got no answer, and were sent once more, by what they were for."""

    @property
    def is_well(self) -> bool:
        return not (self.lost or self.torn or self.doubled)

    def row(self, name: str) -> str:
        cells = (
            name,
            self.kills,
            f"{len(self.filed):,}",
            len(self.lost),
            len(self.torn),
            len(self.doubled),
            self.again.total(),
            self.again["file"],
        )
        return "| " + " | ".join(map(str, cells)) + " |"


HEAD = (
    "| engine | kills | filings acknowledged | lost | torn | doubled | requests sent again | of them, to file |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


# Filing


class People:
    """Who files, until so many filings are acknowledged."""

    def __init__(self, portal: Portal, filings: int, result: Result) -> None:
        self.portal = portal
        self.filings = filings
        self.result = result
        self._numbers = count(1)
        self._lock = Lock()

    def file(self, _which: int) -> None:
        """One person's part of it: letter after letter, in one browser."""
        person = Portal(self.portal.environ)
        person.base = self.portal.base
        while (number := self._next()) <= self.filings:
            filed = self._filed(person, f"Ana Example the {number}th")
            with self._lock:
                self.result.filed.append(filed)

    def _next(self) -> int:
        with self._lock:
            return next(self._numbers)

    def _filed(self, person: Portal, name: str) -> Filed:
        _, page = self.again("open", lambda: person.get(CLEARVIEW))
        details = {"role": "self", "full_name": name, "email": "ana@example.org"}
        written = {"csrf_token": TOKEN.findall(page)[-1], **details}
        at, _ = self.again("write", lambda: person.post(CLEARVIEW, **written))
        _, letter = self.again("read", lambda: person.get(f"{at}/letter.txt"))
        _, preview = self.again("preview", lambda: person.get(f"{at}/file"))
        token = TOKEN.findall(preview)[-1]
        _, page = self.again("file", lambda: person.post(f"{at}/file", csrf_token=token))
        if key_in(page) != key_in(preview):
            self.result.doubled.append(f"{name}: another key than before")
        return Filed(key_in(page), name, letter, f"{at}/file", token, person)

    def again(self, what: str, ask: Callable[[], T]) -> T:
        """Ask until there is an answer; an answer that tells of an error is one, and ends it all."""
        for _ in range(MOST_TIMES):
            try:
                return ask()
            except HTTPError:
                raise
            except (OSError, HTTPException):
                with self._lock:
                    self.result.again[what] += 1
                time.sleep(0.05)
        raise TimeoutError(f"no answer to “{what}”")


def run(environ: dict[str, str], kills: int, filings: int, people: int = PEOPLE, seed: int = 0) -> Result:
    """File so much with so many kills among it, then look at what is there."""
    config, result, chance = read(environ), Result(), random.Random(seed)
    made = engine(config.database_url)
    migrate(made)
    made.dispose()
    with listening() as door:
        portal = Portal(environ, entrance="tests.proofs.wide:app", log_level="critical")
        portal.base, portal.output = address_of(door), Path(environ["RIGHTFACE_INSTANCE"]) / "printed"
        crowd, server = People(portal, filings, result), Server(portal, door)
        try:
            with ThreadPoolExecutor(people) as pool:
                parts = [pool.submit(crowd.file, n) for n in range(people)]
                for after in sorted(chance.sample(range(filings - people), kills)):
                    while len(result.filed) < after and not any(part.done() for part in parts):
                        time.sleep(0.002)
                    time.sleep(chance.uniform(0, LONGEST_WAIT))
                    server.kill()
                    server = Server(portal, door)
                    result.kills += 1
            for part in parts:
                part.result()
            look(config, crowd, result)
        finally:
            server.kill()
    return result


class Server:
    """A server with all its children."""

    def __init__(self, portal: Portal, door: socket) -> None:
        self.process = portal.started(door)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


# Looking


def look(config: Config, people: People, result: Result) -> None:
    """Open each filing as its person would and as it lies in the database, file it once more, count the rows."""
    made = engine(config.database_url)
    for filed in result.filed:
        for found, why in (*_as_kept(made, config, filed), *_as_person(people, filed)):
            getattr(result, found).append(f"{filed.name}: {why}")
    for table in (FilingRow, CaseRow, WrapRow, LetterRow, EventRow):
        with reading(made) as session:
            rows = len(session.exec(select(table)).all())
        if rows != len(result.filed):
            found = result.doubled if rows > len(result.filed) else result.torn
            found.append(f"{rows} {table.__tablename__} of {len(result.filed)} filings")
    made.dispose()


Found = Iterator[tuple[str, str]]


def _as_person(people: People, filed: Filed) -> Found:
    """The key opens the case, the letter there is the one that was; the form sent once more shows the same key."""
    person = filed.person
    try:
        at, _ = people.again("enter", lambda: person.post("/case-key", csrf_token=filed.token, key=filed.key))
        if people.again("take", lambda: person.get(f"{at}/letter.txt"))[1] != filed.letter:
            yield "torn", "its letter is another"
    except HTTPError as error:
        yield ("lost", "its key opens nothing") if error.code == 422 else ("torn", f"its page brings {error.code}")
    _, page = people.again("file once more", lambda: person.post(filed.address, csrf_token=filed.token))
    if key_in(page) != filed.key:
        yield "doubled", "filed once more it has another key"


def _as_kept(made: Engine, config: Config, filed: Filed) -> Found:
    """One case, in which all can be unsealed: whose it is, the letter, that it was filed and nothing else."""
    now = datetime.now(UTC)
    with transaction(made) as session:
        token = opening.enter(session, read_key(filed.key), config.lookup_key, now, date.min)
    if token is None:
        yield "lost", "it is not in the database"
        return
    try:
        with reading(made) as session:
            opened = opening.find(session, token, now)
            assert opened
            cases = following.cases(session, opened)
    except (ValueError, LookupError, SQLAlchemyError) as error:
        yield "torn", type(error).__name__
        return
    if len(cases) > 1:
        yield "doubled", f"{len(cases)} cases"
    if not cases:
        yield "torn", "no case"
    for case in cases:
        if case.draft.details.get("full_name") != filed.name or shapes.printed(case.made.letter) != filed.letter:
            yield "torn", "what it holds is another's"
        if [event.kind for event in case.events] != [Kind.FILED]:
            yield "torn", "its timeline"


# For make proof


def main(kills: int = KILLS, filings: int = FILINGS) -> int:
    print(HEAD)
    results = []
    with postgres.server() as url:
        for name in ("SQLite", "PostgreSQL"):
            with tempfile.TemporaryDirectory() as folder:
                database = postgres.fresh(url) if name == "PostgreSQL" else f"sqlite:///{folder}/rightface.sqlite"
                result = run(settings(Path(folder), database), kills, filings, seed=random.randrange(1_000_000))
            print(result.row(name), flush=True)
            results.append(result)
    for result in results:
        for line in (*result.lost, *result.torn, *result.doubled):
            print(line)
    return int(not all(result.is_well for result in results))


def settings(folder: Path, database: str) -> dict[str, str]:
    return {"RIGHTFACE_INSTANCE": str(folder), "RIGHTFACE_DATABASE_URL": database, "RIGHTFACE_RENDERERS": "1"}


if __name__ == "__main__":
    sys.exit(main())
