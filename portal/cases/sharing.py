"""Who may read a case besides its filer: the portal's staff, where the person lets them."""

from collections.abc import Callable, Collection
from dataclasses import replace
from enum import StrEnum

from sqlmodel import Session, col, select

from portal.cases import following, sights, tasks
from portal.cases.attaching import Attached, Shows, attached
from portal.cases.filing import FILER, STAFF, place, wrap_for_staff
from portal.cases.following import Case
from portal.cases.models import CaseRow, PaperRow, WrapRow
from portal.vault import Key, PublicHalf, Unopened, hashed, take_out


class Readers(StrEnum):
    """Who may read a case."""

    FILER = "filer"
    STAFF = "staff"
    """The filer, and the portal's staff."""


def share(session: Session, case: Case, staff: PublicHalf) -> None:
    """Let the staff read a case; where they may already, nothing changes."""
    session.get_one(CaseRow, case.id, with_for_update=True)
    if not is_shared(session, case.id):
        session.add(wrap_for_staff(staff, case.id, case.private))


def withdraw(session: Session, case_id: str) -> frozenset[str]:
    """Take it back; what stands for the wrap that went, for the ledger, so that no backup brings it back.

    What was read was read. Nothing goes where nothing was shared. `forgetting.withdraw` is for the eraser.
    """
    return _delete(session, [row for row in [session.get(WrapRow, (case_id, STAFF))] if row])


def withdraw_again(session: Session, is_withdrawn: Callable[[str], bool]) -> frozenset[str]:
    """Take back what was taken back before and is here all the same, of whichever holder."""
    wraps = session.exec(select(WrapRow).where(col(WrapRow.holder) != FILER))
    return _delete(session, [row for row in wraps if is_withdrawn(_mark(row))])


def _delete(session: Session, rows: Collection[WrapRow]) -> frozenset[str]:
    for row in rows:
        session.delete(row)
    session.flush()
    for row in rows:
        if row.holder == STAFF:
            sights.end(session, row.case_id)
    return frozenset(_mark(row) for row in rows)


def _mark(row: WrapRow) -> str:
    """Another one each time that a case is shared, so that what was taken back can be given again."""
    return hashed(row.wrapped)


def is_shared(session: Session, case_id: str) -> bool:
    return bool(shared(session, [case_id]))


def shared(session: Session, case_ids: Collection[str]) -> frozenset[str]:
    """Those of many cases that the staff may read, in one query."""
    among = col(WrapRow.holder) == STAFF, col(WrapRow.case_id).in_(case_ids)
    return frozenset(session.exec(select(WrapRow.case_id).where(*among)).all())


def say_urgent(session: Session, case_id: str, urgent: bool) -> None:
    """Whether staff are to look at it first, also at what they have to decide by now."""
    session.get_one(CaseRow, case_id, with_for_update=True).urgent = urgent
    tasks.say_urgent(session, case_id, urgent)


def open_for_staff(session: Session, case_id: str, private: Key) -> Case | None:
    """A case as its filer shared it; None where they did not, or where it was shared with another key's holders.

    Copies of identity documents are left out: a second person has to agree before anybody sees one.
    """
    row = session.get(CaseRow, case_id)
    try:
        found = following.read(session, [row] if row else [], STAFF, lambda wrap: _unwrapped(wrap, private))
    except Unopened:
        return None
    return next((replace(case, papers=_without_identity(case)) for case in found), None)


def open_identity(session: Session, paper_id: str, private: Key) -> tuple[Attached, Key] | None:
    """A copy of an identity document, and the key that opens it; None where its case is not shared, or it is gone.

    Whether somebody may see it is for `sights` to say.
    """
    row = session.get(PaperRow, paper_id)
    wrap = session.get(WrapRow, (row.case_id, STAFF)) if row and row.kind == Shows.IDENTITY else None
    if row is None or wrap is None:
        return None
    try:
        key = _unwrapped(wrap, private)
    except Unopened:
        return None
    return attached(row, key), key


def _without_identity(case: Case) -> tuple[Attached, ...]:
    return tuple(one for one in case.papers if one.shows is not Shows.IDENTITY)


def _unwrapped(row: WrapRow, private: Key) -> Key:
    return Key(take_out(private, row.wrapped, place("wraps", STAFF, row.case_id)))
