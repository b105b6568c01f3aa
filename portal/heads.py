"""Heads of the trail, noted where whoever owns the database may not reach them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from portal import mail, trail
from portal.cases.ledger import add_lines
from portal.database import reading, snapshot
from portal.mail import Post
from portal.trail import Fault, Head

_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z) (\d{1,18}) ([0-9a-f]{64})")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_TOLD = """\
{line}

So far the trail had come when this was written. Keep the message where nobody who
runs the portal can change it. Put the first lines of all of them into a file, and
“flask --app wsgi audit verify --heads FILE” shows whether rows were cut off or made anew.
"""


@dataclass(frozen=True, slots=True)
class Notary:
    """Who notes the heads: in a file, best on another disk, and by mail where there is somebody to mail them to."""

    engine: Engine
    path: Path
    post: Post | None

    def note(self, now: datetime) -> None:
        """Add the head to the file, then mail it; of an empty trail there is nothing to note.

        Twice does no harm: it is one more line that says the same. Raises OSError where one of the two fails.
        """
        with reading(self.engine) as session:
            head = trail.head(session)
        if not head.n:
            return
        line = written(head, now)
        add_lines(self.path, [line])
        if self.post:
            mail.send(self.post, f"Rightface: head of the trail, row {head.n}", _TOLD.format(line=line), now)


def written(head: Head, now: datetime) -> str:
    """A head as one line: when it was noted, the number and the hash of the last row."""
    return f"{now.astimezone(UTC):{_MOMENT}} {head.n} {head.hash}"


def noted(path: Path) -> tuple[list[Head], int]:
    """The heads of a file, and how many lines of it are none, as one that was torn when the machine stopped.

    Raises OSError where the file cannot be read.
    """
    lines = [line.strip() for line in path.read_text(encoding="ascii", errors="replace").splitlines() if line.strip()]
    heads = [head for line in lines if (head := _head(line))]
    return heads, len(lines) - len(heads)


def known(path: Path) -> tuple[list[Head], int]:
    """As `noted`; where there is no file, none are known."""
    return noted(path) if path.exists() else ([], 0)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of looking at the whole trail: the first row that is wrong, or none, and how far it had come."""

    fault: Fault | None
    last: Head


def check(engine: Engine, heads: Iterable[Head]) -> Checked:
    """Look at every row of one moment, held against heads that were read before: later ones it could not know."""
    with snapshot(engine) as session:
        return Checked(trail.verify(trail.rows(session), heads), trail.head(session))


def _head(line: str) -> Head | None:
    found = _LINE.fullmatch(line)
    if not found:
        return None
    try:
        return Head(int(found[2]), found[3], datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC))
    except ValueError:  # the 31st of February
        return None
