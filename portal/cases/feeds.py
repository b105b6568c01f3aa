"""The secret address at which a group's calendar finds the days on which answers are due."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from portal.accounts.groups import Group
from portal.accounts.models import GroupRow
from portal.cases.filing import place
from portal.cases.group_queue import AWAITED, due_told
from portal.cases.models import CaseRow, FeedRow, ShareRow
from portal.vault import KEY_BLOCK, Key, Unopened, derived, drop_in, hashed, take_out

#: A calendar is not filled without end; those that are due first.
MOST = 1_000
#: What is late stays there for so long.
_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Due:
    """A day on which an answer is due; of the case no more than its id."""

    case_id: str
    day: date


def renew(session: Session, group: Group, lookup_key: bytes, today: date) -> None:
    """A new address, in the place of the one before, which leads nowhere from now on."""
    assert group.half
    secret = secrets.token_urlsafe(24)
    drop(session, group.id)
    sealed = drop_in(group.half, secret.encode(), place("feeds", "sealed", group.id), KEY_BLOCK)
    session.add(FeedRow(group_id=group.id, lookup=_lookup(secret, lookup_key), made_on=today, sealed=sealed))


def drop(session: Session, group_id: str) -> None:
    """No address any more."""
    session.exec(delete(FeedRow).where(col(FeedRow.group_id) == group_id))


def secret_of(session: Session, group_id: str, private: Key) -> str | None:
    """The secret of a group's address; None where it has none, or it was sealed to another key."""
    row = session.get(FeedRow, group_id)
    try:
        return take_out(private, row.sealed, place("feeds", "sealed", group_id)).decode() if row else None
    except Unopened:
        return None


def due(session: Session, secret: str, lookup_key: bytes, today: date) -> list[Due] | None:
    """The days to come, and those of the last month, of the group with this secret; None where it is nobody's."""
    live = select(FeedRow.group_id).join(GroupRow, col(GroupRow.id) == col(FeedRow.group_id))
    live = live.where(col(FeedRow.lookup) == _lookup(secret, lookup_key), col(GroupRow.ended_on).is_(None))
    group_id = session.exec(live).first()
    if group_id is None:
        return None
    told = due_told()
    rows = select(CaseRow.id, told).join(ShareRow, col(ShareRow.case_id) == col(CaseRow.id))
    rows = rows.where(col(ShareRow.group_id) == group_id, col(CaseRow.status).in_(AWAITED), told >= today - _BACK)
    return [Due(id_, day) for id_, day in session.exec(rows.order_by(told, CaseRow.id).limit(MOST))]


def _lookup(secret: str, lookup_key: bytes) -> str:
    return hashed(secret.encode(), derived(lookup_key, "feed"))
