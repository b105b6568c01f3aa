"""The cases that a group sees: all of them, in one order, narrowed, counted, and by name where they may be read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, tuple_
from sqlmodel import Session, col

from portal.cases import drafts
from portal.cases.drafts import Draft
from portal.cases.filing import place
from portal.cases.group_sharing import Scope, Share, holder
from portal.cases.models import CaseRow, EventRow, ShareRow, WrapRow
from portal.cases.status import Status
from portal.vault import Key, Unopened, take_out

PAGE = 25
#: So many are read at a time where all of them are wanted.
MANY = 200
#: Whose answer is awaited.
AWAITED = (Status.SENT.value, Status.RECEIVED.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of its cases a group wants to see; an empty word stands for all of it."""

    group_id: str
    campaign: str = ""
    organisation: str = ""
    status: str = ""
    scope: str = ""
    late_on: date | None = None
    """Only those whose answer was due before this day, and has not come."""


class After(NamedTuple):
    """Where a page begins: after this case."""

    shared_on: date
    case_id: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as its group sees it without a key: clear facts alone."""

    share: Share
    case: CaseRow
    due: date | None
    """The day that was told last, while an answer is awaited."""

    def is_late(self, today: date) -> bool:
        return self.due is not None and self.due < today

    @property
    def after(self) -> After:
        return After(self.share.shared_on, self.case.id)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the table; `after` is where the next one begins, None on the last."""

    cases: tuple[Seen, ...]
    after: After | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases a group sees, exactly: no other page says so."""

    by_status: Mapping[Status, int]
    late: int

    @property
    def all(self) -> int:
        return sum(self.by_status.values())


def page(session: Session, wanted: Wanted, after: After | None = None, size: int = PAGE) -> Page:
    """A part of the table, the newest share first, in one query."""
    rows = _rows(wanted)
    if after:
        order = tuple_(col(ShareRow.shared_on), col(ShareRow.case_id))
        rows = rows.where(order < tuple_(literal(after.shared_on), literal(after.case_id)))
    found = _seen(session, rows.order_by(*_NEWEST).limit(size + 1))
    return Page(found[:size], found[size - 1].after if len(found) > size else None)


def chosen(session: Session, group_id: str, ids: Collection[str]) -> tuple[Seen, ...]:
    """Those of these cases that the group sees, in the order of the table."""
    return _seen(session, _rows(Wanted(group_id)).where(col(ShareRow.case_id).in_(ids)).order_by(*_NEWEST))


def counts(session: Session, group_id: str, today: date) -> Counts:
    """How many there are, in one query."""
    late = func.sum(case((and_(*_late(today)), 1), else_=0))
    rows = select(col(CaseRow.status), func.count(), late).join(ShareRow, col(ShareRow.case_id) == col(CaseRow.id))
    found = [*session.execute(rows.where(col(ShareRow.group_id) == group_id).group_by(col(CaseRow.status)))]
    by_status = {Status(status): n for status, n, _ in found}
    return Counts({one: by_status.get(one, 0) for one in Status}, sum(late for _, _, late in found))


def organisations(session: Session, group_id: str) -> frozenset[str]:
    """Whom its cases are about."""
    rows = select(col(CaseRow.organisation)).join(ShareRow, col(ShareRow.case_id) == col(CaseRow.id))
    return frozenset(session.scalars(rows.where(col(ShareRow.group_id) == group_id).distinct()))


def opened(session: Session, case_ids: Collection[str], group_id: str, private: Key) -> Mapping[str, Draft]:
    """What the people of those of these cases told that the group may read, in one query."""
    name = holder(group_id)
    rows = (
        select(col(CaseRow.id), col(CaseRow.details), col(WrapRow.wrapped))
        .join(WrapRow, col(WrapRow.case_id) == col(CaseRow.id))
        .where(col(WrapRow.holder) == name, col(CaseRow.id).in_(case_ids))
    )
    found = {id_: _draft(private, name, id_, details, wrapped) for id_, details, wrapped in session.execute(rows)}
    return {id_: draft for id_, draft in found.items() if draft}


def _draft(private: Key, name: str, id_: str, details: bytes, wrapped: bytes) -> Draft | None:
    """None where it was shared with another key's holders."""
    try:
        key = Key(take_out(private, wrapped, place("wraps", name, id_)))
        return drafts.read(take_out(key, details, place("cases", "details", id_)))
    except Unopened:
        return None


def events(session: Session, case_id: str) -> list[EventRow]:
    """What happened in a case, in its order; what was noted of it is sealed."""
    return [*session.scalars(select(EventRow).where(col(EventRow.case_id) == case_id).order_by(col(EventRow.n)))]


_NEWEST = col(ShareRow.shared_on).desc(), col(ShareRow.case_id).desc()


def due_told() -> Any:
    """The day that was told last of a case."""
    told = select(col(EventRow.told)).where(col(EventRow.case_id) == col(CaseRow.id), col(EventRow.told).is_not(None))
    return told.order_by(col(EventRow.n).desc()).limit(1).correlate(CaseRow).scalar_subquery()


def _rows(wanted: Wanted) -> Select[ShareRow, CaseRow, date | None]:
    rows = select(ShareRow, CaseRow, due_told()).join(CaseRow, col(ShareRow.case_id) == col(CaseRow.id))
    return rows.where(col(ShareRow.group_id) == wanted.group_id, *_narrowed(wanted))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    equal = (
        (ShareRow.campaign_id, wanted.campaign),
        (ShareRow.scope, wanted.scope),
        (CaseRow.organisation, wanted.organisation),
        (CaseRow.status, wanted.status),
    )
    late = _late(wanted.late_on) if wanted.late_on else []
    return [*(col(column) == value for column, value in equal if value), *late]


def _late(today: date) -> list[ColumnElement[bool]]:
    return [col(CaseRow.status).in_(AWAITED), due_told() < today]


def _seen(session: Session, rows: Select[ShareRow, CaseRow, date | None]) -> tuple[Seen, ...]:
    return tuple(
        Seen(_share(share), case, due if case.status in AWAITED else None)
        for share, case, due in session.execute(rows)
    )


def _share(row: ShareRow) -> Share:
    return Share(row.case_id, row.group_id, row.campaign_id, Scope(row.scope), row.joint, row.shared_on)
