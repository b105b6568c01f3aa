"""Visits: who is signed in, from which browser, and for how long."""

import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import NewType

from sqlmodel import Session, col, delete, or_, update

from portal.accounts.models import LogoutMessageRow, StaffSessionRow
from portal.columns import seconds
from portal.upsert import insert
from portal.vault import Unopened, derived, hashed, seal, unseal

#: How long a visit lasts without a step, and in all.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: So often the identity provider is asked whether they still may.
CHECKED_EVERY = timedelta(seconds=60)
#: So long a visit goes on while the identity provider does not answer.
UNANSWERED = timedelta(minutes=10)
#: A step moves the idle end only when that is worth a write.
_STEP = timedelta(minutes=1)

#: What the browser's cookie holds: random, and never kept.
Token = NewType("Token", str)


@dataclass(frozen=True, slots=True)
class Given:
    """What the identity provider gave: to ask it again, and to sign out there. Empty for the portal's own sign-in."""

    refresh_token: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)
    at: int = 0
    """When; seconds since 1970."""


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
        return bool(self.given.refresh_token) and self.checked_at <= seconds(now - CHECKED_EVERY)

    def is_unanswered(self, now: datetime) -> bool:
        """Whether the identity provider has said nothing for so long that the visit must end."""
        return self.given.at <= seconds(now - UNANSWERED)

    def is_stale(self, now: datetime) -> bool:
        """Whether the idle end should be moved."""
        return self.idle_at < seconds(now + IDLE - _STEP)


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
            checked_at=seconds(now),
            idle_at=seconds(now + IDLE),
            ends_at=seconds(now + LONGEST),
            sealed=_sealed(token, id_, given or Given()),
        )
    )
    return token


def find(session: Session, token: Token, now: datetime) -> Visit | None:
    """The visit of a browser; None where there is none, or its time is over."""
    row = session.get(StaffSessionRow, _id(token))
    if row is None or min(row.idle_at, row.ends_at) <= seconds(now):
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
        row.idle_at = seconds(now + IDLE)


def claim_check(session: Session, visit: Visit, now: datetime) -> bool:
    """Take it on oneself to ask the identity provider; False where somebody else does.

    A refresh token is good once: of two tabs one asks, and the other goes on meanwhile.
    """
    as_read = col(StaffSessionRow.id) == visit.id, col(StaffSessionRow.checked_at) == visit.checked_at
    return session.exec(update(StaffSessionRow).where(*as_read).values(checked_at=seconds(now))).rowcount == 1


def checked(session: Session, token: Token, visit: Visit, given: Given, *, strong: bool) -> None:
    """The identity provider says that they still may, and gave this for the next time."""
    row = session.get(StaffSessionRow, visit.id)
    if row:
        row.strong = strong
        row.sealed = _sealed(token, row.id, given)


def end(session: Session, token: Token) -> None:
    """They sign out."""
    session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.id) == _id(token)))


def end_all_of(session: Session, account_id: str) -> int:
    """All visits of an account; how many they were."""
    return session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.account_id) == account_id)).rowcount


def end_by_provider(session: Session, provider: str) -> Collection[str]:
    """The visits that began with a session of the identity provider, which ended it; the accounts that had one."""
    ended = delete(StaffSessionRow).where(col(StaffSessionRow.provider_session) == provider)
    return set(session.scalars(ended.returning(col(StaffSessionRow.account_id))))


def provider_session(secret: bytes, issuer: str, session: str) -> str:
    """A keyed hash of what the identity provider calls its own session; "" where it does not say."""
    return _keyed(secret, "provider-session", issuer, session) if session else ""


def hear(session: Session, secret: bytes, issuer: str, message: str, ends_at: int) -> bool:
    """Whether a message of the identity provider is new: it is heard once while it is good."""
    new = insert(session, LogoutMessageRow).values(
        id=_keyed(secret, "logout-message", issuer, message), ends_at=ends_at
    )
    return session.scalar(new.on_conflict_do_nothing().returning(col(LogoutMessageRow.id))) is not None


def purge(session: Session, now: datetime) -> int:
    """Delete all whose time is over; how many visits they were."""
    session.exec(delete(LogoutMessageRow).where(col(LogoutMessageRow.ends_at) <= seconds(now)))
    late = or_(col(StaffSessionRow.idle_at) <= seconds(now), col(StaffSessionRow.ends_at) <= seconds(now))
    return session.exec(delete(StaffSessionRow).where(late)).rowcount


def _sealed(token: Token, id_: str, given: Given) -> bytes:
    return seal(derived(token.encode(), "staff"), json.dumps(asdict(given)).encode(), _place(id_))


def _keyed(secret: bytes, purpose: str, issuer: str, name: str) -> str:
    return hashed(f"{len(issuer)}:{issuer}{name}".encode(), derived(secret, purpose))


def _id(token: Token) -> str:
    return hashed(token.encode())


def _place(id_: str) -> str:
    return f"staff_sessions.sealed:{id_}"
