"""Invitations: a link, good once and for a quarter of an hour, to make what one signs in with."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NewType

from sqlmodel import Session, col, delete, select

from portal.accounts import people
from portal.accounts.models import InvitationRow
from portal.accounts.people import Account, Who
from portal.accounts.permissions import STRONG, Role, read, written
from portal.columns import seconds
from portal.vault import Key, derived, hashed

#: How long a link can be used, and how long it is known that it was there.
LIFE = timedelta(minutes=15)
KEPT = timedelta(days=1)

#: What a link holds: random, and never kept.
Secret = NewType("Secret", str)


class State(StrEnum):
    """How it stands with a link."""

    OPEN = "open"
    USED = "used"
    LATE = "late"
    UNKNOWN = "unknown"
    """There is none: mistyped, a newer one was made, forgotten, or the account was closed."""


class NotInvited(Exception):
    """A link cannot be used; `state` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state


@dataclass(frozen=True, slots=True)
class Invitation:
    """`account_id`: whose lost device it makes up for; None where somebody is new."""

    id: str
    account_id: str | None
    lookup: str = field(repr=False)
    roles: frozenset[Role]
    who: Who
    ends: datetime
    group_id: str | None = None
    """For which group they will work; None for the portal."""

    @property
    def needs_passkey(self) -> bool:
        """Whether one of the roles counts only after more than one proof, which codes are not."""
        return bool(self.roles & STRONG)


def own(email: str, name: str = "") -> Who:
    """Somebody as the portal's own sign-in names them; capitals do not matter."""
    return Who("", email.casefold(), name, email)


def invite(
    session: Session,
    secret: bytes,
    who: Who,
    roles: Iterable[Role],
    now: datetime,
    account_id: str | None = None,
    group_id: str | None = None,
) -> Secret:
    """A new invitation, in the place of an older one for the same address; what its link holds."""
    link = Secret(secrets.token_urlsafe(32))
    id_, lookup = id_of(link), people.lookup(secret, who)
    session.exec(delete(InvitationRow).where(col(InvitationRow.lookup) == lookup))
    session.add(
        InvitationRow(
            id=id_,
            lookup=lookup,
            account_id=account_id,
            roles=written(roles),
            group_id=group_id,
            ends_at=seconds(now + LIFE),
            sealed=people.sealed(_key(secret), who, _place(id_)),
        )
    )
    session.flush()
    return link


def invite_into(session: Session, secret: bytes, who: Who, group_id: str, now: datetime) -> Secret:
    """An invitation to work for a group."""
    return invite(session, secret, who, {Role.GROUP_MEMBER}, now, group_id=group_id)


def invite_again(session: Session, secret: bytes, account: Account, now: datetime) -> Secret:
    """An invitation for whoever lost what they signed in with."""
    who = own(account.email, account.name)
    return invite(session, secret, who, account.roles, now, account.id)


def id_of(link: Secret) -> str:
    """What finds the invitation of a link."""
    return hashed(link.encode())


def find(session: Session, secret: bytes, id_: str, now: datetime) -> Invitation:
    """An invitation that can be used. Raises NotInvited."""
    return _open(session.get(InvitationRow, id_), secret, now)


def use(session: Session, secret: bytes, id_: str, now: datetime) -> Invitation:
    """Use it, for the first and last time. Raises NotInvited."""
    row = session.get(InvitationRow, id_, with_for_update=True)
    found = _open(row, secret, now)
    assert row
    row.used = True
    return found


def all_open(session: Session, secret: bytes, now: datetime) -> list[Invitation]:
    """Those that can be used, the oldest first."""
    later = col(InvitationRow.ends_at) > seconds(now), ~col(InvitationRow.used)
    rows = session.exec(select(InvitationRow).where(*later).order_by(col(InvitationRow.ends_at)))
    return [_open(row, secret, now) for row in rows]


def purge(session: Session, now: datetime) -> int:
    """Delete those that were made a day ago; how many they were."""
    over = col(InvitationRow.ends_at) <= seconds(now - KEPT + LIFE)
    return session.exec(delete(InvitationRow).where(over)).rowcount


def _open(row: InvitationRow | None, secret: bytes, now: datetime) -> Invitation:
    state = _state(row, now)
    if row is None or state is not State.OPEN:
        raise NotInvited(state)
    name, email = people.unsealed(_key(secret), row.sealed, _place(row.id))
    ends = datetime.fromtimestamp(row.ends_at, UTC)
    who = own(email, name)
    return Invitation(row.id, row.account_id, row.lookup, read(row.roles), who, ends, row.group_id)


def _state(row: InvitationRow | None, now: datetime) -> State:
    if row is None:
        return State.UNKNOWN
    if row.used:
        return State.USED
    return State.OPEN if seconds(now) < row.ends_at else State.LATE


def _key(secret: bytes) -> Key:
    return derived(secret, "invitations")


def _place(id_: str) -> str:
    return f"invitations.sealed:{id_}"
