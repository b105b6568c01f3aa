"""The files that a person attaches to a case: proof of sending, answers, a copy of a document."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlmodel import Session, col, func, select

from portal.cases.files import Files
from portal.cases.filing import place
from portal.cases.models import CaseRow, PaperRow
from portal.columns import new_id
from portal.papers.kinds import Kind
from portal.papers.paper import Paper
from portal.vault import Key, PublicHalf, drop_in, take_out

#: A copy of an identity document goes when the letter is sent, and at the latest then.
IDENTITY_KEPT = timedelta(days=30)
#: More than the longest case needs; a disk is not filled by one person.
MOST_PAPERS = 60


class Shows(StrEnum):
    """What a file shows."""

    SENT = "sent"
    RECEIVED = "received"
    ANSWER = "answer"
    IDENTITY = "identity"


class TooMany(Exception):
    """A case has as many files as it may have."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as the case names it; `forget_on` where it goes before the case."""

    id: str
    shows: Shows
    added_on: date
    forget_on: date | None
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A file and its row, sealed; made before the transaction that keeps the row."""

    row: PaperRow
    sealed: bytes


def prepared(case_id: str, half: PublicHalf, shows: Shows, paper: Paper, today: date) -> Ready:
    """Whoever has the case's public half can add a file, and read none."""
    id_ = new_id()
    told = json.dumps({"name": paper.shown_name, "kind": paper.kind.value})
    row = PaperRow(
        id=id_,
        case_id=case_id,
        kind=shows.value,
        added_on=today,
        forget_on=today + IDENTITY_KEPT if shows is Shows.IDENTITY else None,
        sealed=drop_in(half, told.encode(), place("papers", "sealed", id_)),
    )
    return Ready(row, drop_in(half, paper.content, place("papers", "file", id_)))


def keep(session: Session, case_id: str, ready: tuple[Ready, ...]) -> None:
    """The rows of files that are on the disk already. Raises TooMany."""
    session.get_one(CaseRow, case_id, with_for_update=True)
    there = session.exec(select(func.count()).where(col(PaperRow.case_id) == case_id)).one()
    if there + len(ready) > MOST_PAPERS:
        raise TooMany
    session.add_all(one.row for one in ready)


def content(files: Files, private: Key, one: Attached) -> Paper:
    """A file as it was kept. Raises FileNotFoundError where it is gone."""
    found = take_out(private, files.read(one.id), place("papers", "file", one.id))
    return Paper(one.kind, found, one.name)


def attached(row: PaperRow, private: Key) -> Attached:
    """A file as its row tells of it."""
    told = json.loads(take_out(private, row.sealed, place("papers", "sealed", row.id)))
    return Attached(row.id, Shows(row.kind), row.added_on, row.forget_on, Kind(told["kind"]), told["name"])
