"""Visits: who is signed in, from which browser, and for how long."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

from sqlmodel import Session, col, delete, or_

from portal.accounts.models import StaffSessionRow
from portal.vault import Unopened, derived, hashed, seal, unseal

#: How long a visit lasts without a step, and in all.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: So often the identity provider is asked whether they still may.
CHECKED_EVERY = timedelta(seconds=60)
#: A step moves the idle end only when that is worth a write.
_STEP = timedelta(minutes=1)

#: What the browser's cookie holds: random, and never kept.
Token = NewType("Token", str)


@dataclass(frozen=True, slots=True)
class Given:
    """What the identity provider gave: to ask it again, and to sign out there. Empty for the portal's own sign-in."""

    refresh_token: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """That somebody is signed in. `strong`: they showed more than one proof of who they are."""

    id: str
    account_id: str
    strong: bool
    checked_at: int
    idle_at: int
    given: Given

    def is_unchecked(self, now: datetime) -> bool:
        """Whether it is time to ask the identity provider again."""
        return bool(self.given.refresh_token) and self.checked_at <= _seconds(now - CHECKED_EVERY)

    def is_stale(self, now: datetime) -> bool:
        """Whether the idle end should be moved."""
        return self.idle_at < _seconds(now + IDLE - _STEP)


def begin(
    session: Session, account_id: str, now: datetime, *, strong: bool, given: Given | None = None, provider: str = ""
) -> Token:
    """A new visit, always under a new token. `provider`: the keyed hash of the identity provider's own session."""
    token = Token(secrets.token_urlsafe(32))
    id_ = _id(token)
    session.add(
        StaffSessionRow(
            id=id_,
            account_id=account_id,
            strong=strong,
            provider_session=provider,
            checked_at=_seconds(now),
            idle_at=_seconds(now + IDLE),
            ends_at=_seconds(now + LONGEST),
            sealed=_sealed(token, id_, given or Given()),
        )
    )
    return token


def find(session: Session, token: Token, now: datetime) -> Visit | None:
    """The visit of a browser; None where there is none, or its time is over."""
    row = session.get(StaffSessionRow, _id(token))
    if row is None or min(row.idle_at, row.ends_at) <= _seconds(now):
        return None
    try:
        said = json.loads(unseal(derived(token.encode(), "staff"), row.sealed, _place(row.id)))
    except Unopened:
        return None
    return Visit(row.id, row.account_id, row.strong, row.checked_at, row.idle_at, Given(**said))


def go_on(session: Session, visit: Visit, now: datetime) -> None:
    """A step was taken: half an hour begins again."""
    row = session.get(StaffSessionRow, visit.id)
    if row:
        row.idle_at = _seconds(now + IDLE)


def checked(session: Session, token: Token, visit: Visit, given: Given, now: datetime) -> None:
    """The identity provider says that they still may, and gave this for the next time."""
    row = session.get(StaffSessionRow, visit.id)
    if row:
        row.checked_at = _seconds(now)
        row.sealed = _sealed(token, row.id, given)


def end(session: Session, token: Token) -> None:
    """They sign out."""
    session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.id) == _id(token)))


def end_all_of(session: Session, account_id: str) -> int:
    """All visits of an account; how many they were."""
    return session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.account_id) == account_id)).rowcount


def end_by_provider(session: Session, provider: str) -> int:
    """The visits that began with a session of the identity provider, which ended it; how many they were."""
    return session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.provider_session) == provider)).rowcount


def purge(session: Session, now: datetime) -> int:
    """Delete all whose time is over; how many they were."""
    late = or_(col(StaffSessionRow.idle_at) <= _seconds(now), col(StaffSessionRow.ends_at) <= _seconds(now))
    return session.exec(delete(StaffSessionRow).where(late)).rowcount


def _sealed(token: Token, id_: str, given: Given) -> bytes:
    text = json.dumps({"refresh_token": given.refresh_token, "id_token": given.id_token}).encode()
    return seal(derived(token.encode(), "staff"), text, _place(id_))


def _id(token: Token) -> str:
    return hashed(token.encode())


def _place(id_: str) -> str:
    return f"staff_sessions.sealed:{id_}"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
