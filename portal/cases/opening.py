"""Opening what was filed: a case key gives a browser sight of it for a while."""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NewType

from sqlmodel import Session, col, delete, exists, or_, select, update

from portal.cases.case_key import CaseKey
from portal.cases.filing import lookup, place
from portal.cases.models import CaseRow, CaseSessionRow, FilingRow
from portal.cases.status import Status
from portal.columns import seconds
from portal.vault import Unopened, derived, hashed, seal, unseal

#: How long a browser has a filing open without a step, and in all.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
#: A step moves the idle end only when that is worth a write.
_STEP = timedelta(minutes=1)

#: What the browser's cookie holds: random, and never kept.
Token = NewType("Token", str)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a browser has open. `pending` is a new key that the person has yet to say they keep."""

    id: str
    filing_id: str
    key: CaseKey
    pending: CaseKey | None = None
    idle_at: int = 0
    """When it closes without a step; seconds since 1970."""

    def is_stale(self, now: datetime) -> bool:
        """Whether the idle end should be moved: a write is spared at the steps in between."""
        return self.idle_at < seconds(now + IDLE - _STEP)


def enter(session: Session, key: CaseKey, lookup_key: bytes, now: datetime, kept_until: date) -> Token | None:
    """Open the filing of a key for a browser; None where the key opens nothing.

    One look-up and one derivation, whether the key is wrong, expired, erased or right. What is opened is used: it is
    kept at least until the day given. What was to be forgotten by now does not open, also where it is still there.
    """
    token, today = Token(secrets.token_urlsafe(32)), now.date()
    kept = exists().where(col(CaseRow.filing_id) == col(FilingRow.id), col(CaseRow.forget_on) > today)
    found = select(FilingRow.id).where(FilingRow.lookup == lookup(key, lookup_key), kept)
    filing = session.exec(found).first()
    opened = Opened(_id(token), filing or "", key)
    sealed = _sealed(token, opened)
    if filing is None:
        return None
    session.add(
        CaseSessionRow(
            id=opened.id,
            filing_id=filing,
            sealed=sealed,
            idle_at=seconds(now + IDLE),
            ends_at=seconds(now + LONGEST),
        )
    )
    _used(session, filing, today, kept_until)
    return token


def _used(session: Session, filing_id: str, today: date, until: date) -> None:
    """What of a filing is neither closed nor over is kept at least until then."""
    open_ones = col(CaseRow.filing_id) == filing_id, col(CaseRow.status) != Status.CLOSED.value
    early = col(CaseRow.forget_on) > today, col(CaseRow.forget_on) < until
    session.exec(update(CaseRow).where(*open_ones, *early).values(forget_on=until))


def find(session: Session, token: Token, now: datetime) -> Opened | None:
    """What a browser has open; None where it has nothing, or its time is over."""
    row = session.get(CaseSessionRow, _id(token))
    if row is None or min(row.idle_at, row.ends_at) <= seconds(now):
        return None
    try:
        kept = json.loads(unseal(derived(token.encode(), "session"), row.sealed, _place(row.id)))
    except Unopened:
        return None
    pending = CaseKey(kept["pending"]) if kept["pending"] else None
    return Opened(row.id, row.filing_id, CaseKey(kept["key"]), pending, row.idle_at)


def go_on(session: Session, opened: Opened, now: datetime) -> None:
    """A step was taken: half an hour begins again."""
    row = session.get(CaseSessionRow, opened.id)
    if row:
        row.idle_at = seconds(now + IDLE)


def offer_key(session: Session, token: Token, opened: Opened, new: CaseKey) -> None:
    """Hold a new key until the person says that they keep it."""
    _seal_again(session, token, replace(opened, pending=new))


def took_key(session: Session, token: Token, opened: Opened, new: CaseKey) -> None:
    """The new key is the key: this browser goes on with it, every other that has the filing open is shut out."""
    others = col(CaseSessionRow.filing_id) == opened.filing_id, col(CaseSessionRow.id) != opened.id
    session.exec(delete(CaseSessionRow).where(*others))
    _seal_again(session, token, replace(opened, key=new, pending=None))


def close(session: Session, token: Token) -> None:
    """Leave."""
    session.exec(delete(CaseSessionRow).where(col(CaseSessionRow.id) == _id(token)))


def purge(session: Session, now: datetime) -> int:
    """Delete all whose time is over; how many they were."""
    late = or_(col(CaseSessionRow.idle_at) <= seconds(now), col(CaseSessionRow.ends_at) <= seconds(now))
    return session.exec(delete(CaseSessionRow).where(late)).rowcount


def _seal_again(session: Session, token: Token, opened: Opened) -> None:
    row = session.get(CaseSessionRow, opened.id)
    if row:
        row.sealed = _sealed(token, opened)


def _sealed(token: Token, opened: Opened) -> bytes:
    text = json.dumps({"key": opened.key, "pending": opened.pending}).encode()
    return seal(derived(token.encode(), "session"), text, _place(opened.id), block=128)


def _id(token: Token) -> str:
    return hashed(token.encode())


def _place(id_: str) -> str:
    return place("case_sessions", "sealed", id_)
