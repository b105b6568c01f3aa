"""The queue: what is to be decided, what is needed first standing first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union_all
from sqlmodel import Session, col

from portal.cases.filing import STAFF
from portal.cases.models import CaseRow, TaskRow, WrapRow
from portal.cases.tasks import Matter, is_free, is_open
from portal.columns import seconds

#: So many are counted of a matter, and no more: a clerk need not know whether it is 4,000 or 5,000.
MOST_COUNTED = 1_000
PAGE = 25


class Which(StrEnum):
    """Which of the open tasks."""

    ALL = "all"
    FREE = "free"
    """In nobody's hands."""
    MINE = "mine"
    WAITING = "waiting"
    """They wait for an address or an organisation to be looked at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a clerk wants to see; an empty word stands for all of it."""

    matters: tuple[Matter, ...]
    which: Which = Which.ALL
    organisation: str = ""
    place: str = ""
    """A jurisdiction and all within it, by the beginning of its id: `ca` and `ca-qc`."""
    urgent: bool = False


class Key(NamedTuple):
    """Where a page of the queue begins: after this task."""

    decide_by: date
    id: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task as the queue shows it: clear facts alone."""

    task: TaskRow
    case: CaseRow | None
    shared: bool
    """Whether the staff may read the case."""

    @property
    def key(self) -> Key:
        return Key(self.task.decide_by, self.task.id)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the queue; `after` is where the next one begins, None on the last."""

    tasks: tuple[Waiting, ...]
    after: Key | None


def page(
    session: Session, wanted: Wanted, who: str, now: datetime, after: Key | None = None, size: int = PAGE
) -> Page:
    """A part of the queue, in three queries, whatever its length: the order is kept by an index a matter."""
    ids = first(session, wanted, who, now, after, size + 1)
    found = shown(session, ids[:size])
    return Page(found, found[-1].key if len(ids) > size and found else None)


def first(
    session: Session, wanted: Wanted, who: str, now: datetime, after: Key | None = None, size: int = PAGE
) -> list[str]:
    """The ids of the tasks that come first, or that come after another."""
    parts = [_of_matter(matter, wanted, who, now, after, size).subquery() for matter in wanted.matters]
    if not parts:
        return []
    every = union_all(*(select(part.c.decide_by, part.c.id) for part in parts)).subquery()
    return [id_ for (id_,) in session.execute(select(every.c.id).order_by(every.c.decide_by, every.c.id).limit(size))]


def _of_matter(
    matter: Matter, wanted: Wanted, who: str, now: datetime, after: Key | None, size: int
) -> Select[date, str]:
    """Those of one matter that come first: each comes from its own part of the index, already in order."""
    order = col(TaskRow.decide_by), col(TaskRow.id)
    rows = select(*order).where(col(TaskRow.matter) == matter.value, *_narrowed(wanted, who, now))
    if wanted.organisation or wanted.place:
        rows = rows.join(CaseRow, col(TaskRow.case_id) == col(CaseRow.id)).where(*_of_case(wanted))
    if after:
        rows = rows.where(tuple_(*order) > tuple_(literal(after.decide_by), literal(after.id)))
    return rows.order_by(*order).limit(size)


def _narrowed(wanted: Wanted, who: str, now: datetime) -> list[ColumnElement[bool]]:
    waits = col(TaskRow.waits_on) != ""
    mine = [col(TaskRow.claimed_by) == who, col(TaskRow.claim_until) > seconds(now)]
    which: Mapping[Which, list[ColumnElement[bool]]] = {
        Which.ALL: [~waits],
        Which.FREE: [~waits, is_free(now), func.coalesce(col(TaskRow.not_by), "") != who],
        Which.MINE: mine,
        Which.WAITING: [waits],
    }
    urgent = [col(TaskRow.urgent).is_(True)] if wanted.urgent else []
    return [is_open(), *which[wanted.which], *urgent]


def _of_case(wanted: Wanted) -> list[ColumnElement[bool]]:
    organisation = [col(CaseRow.organisation) == wanted.organisation] if wanted.organisation else []
    place = [_within(wanted.place)] if wanted.place else []
    return [*organisation, *place]


def _within(place: str) -> ColumnElement[bool]:
    return (col(CaseRow.place) == place) | col(CaseRow.place).startswith(f"{place}-", autoescape=True)


def shown(session: Session, ids: Sequence[str]) -> tuple[Waiting, ...]:
    """Tasks with their cases, in this order; one that is gone meanwhile is left out."""
    shared = (
        select(literal(1)).where(col(WrapRow.case_id) == col(TaskRow.case_id), col(WrapRow.holder) == STAFF).exists()
    )
    rows = (
        select(TaskRow, CaseRow, shared)
        .outerjoin(CaseRow, col(TaskRow.case_id) == col(CaseRow.id))
        .where(col(TaskRow.id).in_(ids))
    )
    found = {task.id: Waiting(task, case, bool(is_shared)) for task, case, is_shared in session.execute(rows)}
    return tuple(found[id_] for id_ in ids if id_ in found)


def beside(session: Session, case: CaseRow, size: int) -> list[TaskRow]:
    """Other filings that ask the same of the same organisation and are not decided yet, the newest first."""
    same = col(CaseRow.organisation) == case.organisation, col(CaseRow.right) == case.right
    rows = (
        select(TaskRow)
        .join(CaseRow, col(TaskRow.case_id) == col(CaseRow.id))
        .where(col(TaskRow.matter) == Matter.FILED.value, is_open(), col(TaskRow.sealed).is_not(None), *same)
        .order_by(col(TaskRow.decide_by).desc(), col(TaskRow.id))
        .limit(size)
    )
    return [*session.scalars(rows)]


def counts(session: Session, matters: Sequence[Matter]) -> Mapping[Matter, int]:
    """How many of each are open and wait for no fact; `MOST_COUNTED` + 1 stands for more than that."""
    if not matters:
        return {}
    rows = session.execute(union_all(*map(_counted, matters)))
    return {Matter(matter): count for matter, count in rows}


def _counted(matter: Matter) -> Select[str, int]:
    some = (
        select(literal(1))
        .where(col(TaskRow.matter) == matter.value, is_open(), col(TaskRow.waits_on) == "")
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    return select(literal(matter.value), func.count()).select_from(some)
