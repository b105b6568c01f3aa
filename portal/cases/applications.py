"""Applications: what a group says of itself that wants to be let in, sealed for the staff who decide."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlmodel import Session

from portal.accounts.groups import About
from portal.cases import tasks
from portal.cases.filing import place, plain
from portal.cases.models import TaskRow
from portal.cases.tasks import Matter
from portal.vault import Key, PublicHalf, derived, drop_in, hashed, take_out

LONGEST_PURPOSE = 4_000


@dataclass(frozen=True, slots=True)
class Application:
    """`about` is what the group says in public; who writes for it is told to the staff alone."""

    about: About
    purpose: str
    """What it wants to do here, in its own words."""
    name: str = field(repr=False)
    email: str = field(repr=False)


def leave(session: Session, staff: PublicHalf, lookup_key: bytes, said: Application, today: date) -> None:
    """Ask the staff to decide; while one of the same name is open, that one counts."""
    row = tasks.new(Matter.GROUP, _subject(said.about.name, lookup_key), today)
    row.sealed = drop_in(staff, json.dumps(asdict(said), ensure_ascii=False).encode(), _place(row))
    tasks.put(session, row)


def read(row: TaskRow, private: Key) -> Application | None:
    """An application in the clear; None where it was decided. Raises Unopened for who has another key."""
    if row.sealed is None:
        return None
    said = json.loads(take_out(private, row.sealed, _place(row)))
    return Application(**{**said, "about": About(**said["about"])})


def _subject(name: str, lookup_key: bytes) -> str:
    """The same for one name, however it is written."""
    return hashed(plain(name).encode(), derived(lookup_key, "applied"))


def _place(row: TaskRow) -> str:
    return place("tasks", "sealed", row.id)
