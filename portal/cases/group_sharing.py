"""What a group sees of a case: as much as its filer lets it, until they take it back.

How far a case has come is in the clear. What the letters say takes a wrap of the case's key for the group.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlmodel import Session, SQLModel, and_, col, or_, select

from portal.accounts.groups import Group
from portal.accounts.models import GroupRow
from portal.cases import following
from portal.cases.attaching import Shows
from portal.cases.filing import place
from portal.cases.following import Case
from portal.cases.models import CaseRow, ShareRow, WrapRow
from portal.vault import KEY_BLOCK, Key, PublicHalf, Unopened, drop_in, hashed, public_half, take_out


class Scope(StrEnum):
    """How much of a case a group sees."""

    STATUS = "status"
    """Which organisation, what is asked, on which days, how far it has come: no name, no letter."""
    LETTERS = "letters"
    """The details, the letters and what happened as well; no copy of an identity document."""
    ACT = "act"
    """All that, and the group says what happened and writes on in the person's name."""


#: What takes a wrap of the case's key.
READS = frozenset({Scope.LETTERS, Scope.ACT})


@dataclass(frozen=True, slots=True)
class Share:
    """What one group sees of one case."""

    case_id: str
    group_id: str
    campaign_id: str | None
    scope: Scope
    joint: bool
    """Whether the group may put it into a complaint of many."""
    shared_on: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a filer lets a group see; `half` is the group's, to wrap for it."""

    group_id: str
    half: PublicHalf
    scope: Scope
    joint: bool = False
    campaign_id: str | None = None


def wanted(group: Group, scope: Scope, joint: bool = False, campaign_id: str | None = None) -> Wanted:
    """As `Wanted`, for a group that is active."""
    assert group.half
    return Wanted(group.id, group.half, scope, joint, campaign_id)


def holder(group_id: str) -> str:
    """Who a group is among those who can open a case."""
    return f"group:{group_id}"


class Ended(Exception):
    """The group works with the portal no more, or has no key: nothing can be shared with it."""


def rows(case_id: str, private: Key, what: Wanted, today: date) -> list[ShareRow | WrapRow]:
    """What stands for it; with a wrap where the letters may be read. No two wraps are alike, also of the same key."""
    share = ShareRow(
        case_id=case_id,
        group_id=what.group_id,
        campaign_id=what.campaign_id,
        scope=what.scope.value,
        joint=what.joint,
        shared_on=today,
    )
    if what.scope not in READS:
        return [share]
    name = holder(what.group_id)
    wrapped = drop_in(what.half, private, place("wraps", name, case_id), KEY_BLOCK)
    return [share, WrapRow(case_id=case_id, holder=name, scope=what.scope.value, wrapped=wrapped)]


def at_filing(what: Wanted) -> Callable[[str, Key, date], Sequence[SQLModel]]:
    """What `filing.Wish` takes, to let a group see each case of a filing so much."""
    return lambda case_id, private, today: rows(case_id, private, what, today)


def admit(session: Session, group_id: str) -> None:
    """Hold a group so that it cannot end before this transaction has. Raises Ended where it has ended by now.

    What is shared after all was taken back from a group would stand for nobody.
    """
    row = session.get(GroupRow, group_id, with_for_update={"read": True}, populate_existing=True)
    if row is None or row.public_key is None or row.ended_on:
        raise Ended


def share(session: Session, case: Case, what: Wanted, today: date) -> frozenset[str]:
    """Let a group see so much of a case, in the place of what it saw before; the marks of what was taken back.

    Raises Ended.
    """
    admit(session, what.group_id)
    session.get_one(CaseRow, case.id, with_for_update=True)
    gone = withdraw(session, case.id, what.group_id)
    for row in rows(case.id, case.private, what, today):
        session.add(row)
    return gone


def withdraw(session: Session, case_id: str, group_id: str) -> frozenset[str]:
    """Let it see nothing any more, at once; the marks of what went, for the ledger.

    What was read was read. `forgetting.withdraw_from` is for the eraser.
    """
    there = [session.get(WrapRow, (case_id, holder(group_id))), session.get(ShareRow, (case_id, group_id))]
    return _delete(session, [row for row in there if row])


def withdraw_again(session: Session, is_withdrawn: Callable[[str], bool]) -> frozenset[str]:
    """Take back what was taken back before and is here all the same; of wraps, `sharing` does it."""
    return _delete(session, [row for row in session.exec(select(ShareRow)) if is_withdrawn(_mark(row))])


def _delete(session: Session, found: Collection[ShareRow | WrapRow]) -> frozenset[str]:
    for row in found:
        session.delete(row)
    session.flush()
    return frozenset(map(_mark, found))


def _mark(row: ShareRow | WrapRow) -> str:
    """Another one each time that something is shared, so that what was taken back can be given again."""
    return row.mark if isinstance(row, ShareRow) else hashed(row.wrapped)


def withdraw_all_of(session: Session, group_id: str) -> frozenset[str]:
    """All that was ever shared with a group: it has ended."""
    ids = session.exec(select(ShareRow.case_id).where(ShareRow.group_id == group_id)).all()
    return frozenset().union(*(withdraw(session, id_, group_id) for id_ in ids))


def of_case(session: Session, case_id: str) -> Mapping[str, Share]:
    """What is shared of a case, by group."""
    rows_ = session.exec(select(ShareRow).where(ShareRow.case_id == case_id).order_by(ShareRow.group_id))
    return {row.group_id: _share(row) for row in rows_}


def by_name(session: Session, case_id: str) -> Sequence[tuple[str, Scope | None]]:
    """How much each group sees of a case that sees it or could, by its name, in one query."""
    mine = and_(col(ShareRow.group_id) == col(GroupRow.id), col(ShareRow.case_id) == case_id)
    could = and_(col(GroupRow.public_key).is_not(None), col(GroupRow.ended_on).is_(None))
    asked = select(GroupRow.name, ShareRow.scope).outerjoin(ShareRow, mine).where(or_(could, ShareRow.scope != ""))
    found = session.exec(asked.order_by(GroupRow.name, GroupRow.id))
    return [(name, Scope(scope) if scope else None) for name, scope in found]


def get(session: Session, case_id: str, group_id: str) -> Share | None:
    row = session.get(ShareRow, (case_id, group_id))
    return _share(row) if row else None


def open_for_group(session: Session, case_ids: Collection[str], group_id: str, private: Key) -> tuple[Case, ...]:
    """Those of these cases that the group may read; copies of identity documents are left out.

    Left out too is what was wrapped for another key or another case, or does not hold the key of its case.
    """
    cases = session.exec(select(CaseRow).where(col(CaseRow.id).in_(case_ids)).order_by(CaseRow.id)).all()
    keys = _keys(session, case_ids, holder(group_id), private)
    readable = [row for row in cases if row.id in keys and public_half(keys[row.id]) == row.public_key]
    found = following.read(session, readable, holder(group_id), lambda wrap: keys[wrap.case_id])
    return tuple(
        replace(case, papers=tuple(one for one in case.papers if one.shows is not Shows.IDENTITY)) for case in found
    )


def _keys(session: Session, case_ids: Collection[str], holder_: str, private: Key) -> Mapping[str, Key]:
    """The private keys of the cases whose wraps for a holder this key opens."""
    wraps = session.exec(select(WrapRow).where(col(WrapRow.case_id).in_(case_ids), col(WrapRow.holder) == holder_))
    found: dict[str, Key] = {}
    for wrap in wraps:
        with suppress(Unopened):
            found[wrap.case_id] = Key(take_out(private, wrap.wrapped, place("wraps", holder_, wrap.case_id)))
    return found


def _share(row: ShareRow) -> Share:
    return Share(row.case_id, row.group_id, row.campaign_id, Scope(row.scope), row.joint, row.shared_on)
