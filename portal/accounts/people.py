"""Accounts: found, made, changed and ended."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from portal.accounts import visits
from portal.accounts.models import AccountRow, InvitationRow
from portal.accounts.permissions import Permission, Role, permissions, read, written
from portal.columns import new_id
from portal.vault import Key, derived, hashed, seal, unseal

#: So long after they were last active an account is kept that is closed: the trail names it until then.
KEPT = timedelta(days=365)
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Who:
    """How an identity provider names somebody; `issuer` is empty for the portal's own sign-in."""

    issuer: str
    subject: str
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who works for the portal, or for a group."""

    id: str
    roles: frozenset[Role]
    active: bool
    name: str = field(repr=False)
    email: str = field(repr=False)
    group_id: str | None = None
    """For which group; None for the portal, and where nobody has said for which."""

    @property
    def may(self) -> frozenset[Permission]:
        return permissions(self.roles) if self.active else frozenset()


def sealing(secret: bytes) -> Key:
    """The key for names and addresses, from the secret of the staff's application."""
    return derived(secret, "accounts")


def lookup(secret: bytes, who: Who) -> str:
    """What finds an account: a keyed hash of issuer and subject, with their lengths, so that no two run together."""
    text = f"{len(who.issuer)}:{who.issuer}{len(who.subject)}:{who.subject}"
    return hashed(text.encode(), derived(secret, "account-lookup"))


def find(session: Session, secret: bytes, who: Who) -> Account | None:
    """Their account, whether it is active or not; None where there is none."""
    row = session.exec(select(AccountRow).where(AccountRow.lookup == lookup(secret, who))).first()
    return _account(row, secret) if row else None


def get(session: Session, secret: bytes, id_: str) -> Account | None:
    row = session.get(AccountRow, id_)
    return _account(row, secret) if row else None


def all_accounts(session: Session, secret: bytes) -> list[Account]:
    """All there are, by name."""
    found = [_account(row, secret) for row in session.exec(select(AccountRow))]
    return sorted(found, key=lambda one: (not one.active, one.name.casefold(), one.id))


def of_group(session: Session, secret: bytes, group_id: str) -> list[Account]:
    """Who works for a group and may sign in, by name."""
    theirs = col(AccountRow.group_id) == group_id, col(AccountRow.closed_on).is_(None)
    return _by_name(session.exec(select(AccountRow).where(*theirs)), secret)


def without_group(session: Session, secret: bytes) -> list[Account]:
    """Who works for a group, but nobody has said for which, by name."""
    nowhere = col(AccountRow.group_id).is_(None), col(AccountRow.closed_on).is_(None)
    theirs = select(AccountRow).where(col(AccountRow.roles) == written({Role.GROUP_MEMBER}), *nowhere)
    return _by_name(session.exec(theirs), secret)


def _by_name(rows: Iterable[AccountRow], secret: bytes) -> list[Account]:
    return sorted((_account(row, secret) for row in rows), key=lambda one: (one.name.casefold(), one.id))


def add(session: Session, secret: bytes, who: Who, roles: Iterable[Role], group_id: str | None = None) -> Account:
    """A new account."""
    id_ = new_id()
    row = AccountRow(
        id=id_,
        lookup=lookup(secret, who),
        roles=written(roles),
        group_id=group_id,
        sealed=sealed(sealing(secret), who, _place(id_)),
    )
    session.add(row)
    session.flush()
    return _account(row, secret)


def update(session: Session, secret: bytes, id_: str, who: Who) -> None:
    """What the identity provider calls them now."""
    session.get_one(AccountRow, id_).sealed = sealed(sealing(secret), who, _place(id_))


def set_roles(session: Session, id_: str, roles: Iterable[Role]) -> None:
    """What they may do from now on; whoever is signed in is held to it at the next step.

    Who works for the portal from now on works for no group any more.
    """
    row = session.get_one(AccountRow, id_)
    row.roles = written(roles)
    if row.group_id and Role.GROUP_MEMBER not in read(row.roles):
        row.group_id = None
        visits.end_all_of(session, id_)  # they may have opened what people let it see


def close(session: Session, id_: str, today: date) -> None:
    """They may not sign in any more, and are signed out at once; a link that they have ends too."""
    row = session.get_one(AccountRow, id_, with_for_update=True)
    row.closed_on = row.closed_on or today
    visits.end_all_of(session, id_)
    session.exec(delete(InvitationRow).where(col(InvitationRow.account_id) == id_))


def reopen(session: Session, id_: str) -> None:
    """They may sign in again."""
    session.get_one(AccountRow, id_, with_for_update=True).closed_on = None


def admins(session: Session) -> Sequence[str]:
    """The ids of those who can manage people, and stay so until the transaction ends: the last one is never lost."""
    rows = session.exec(select(AccountRow).where(col(AccountRow.closed_on).is_(None)).with_for_update())
    return [row.id for row in rows if Role.ADMIN in read(row.roles)]


def purge(session: Session, today: date) -> int:
    """Delete the accounts that were closed long enough ago; how many they were."""
    return session.exec(delete(AccountRow).where(col(AccountRow.closed_on) <= today - KEPT)).rowcount


def _account(row: AccountRow, secret: bytes) -> Account:
    name, email = unsealed(sealing(secret), row.sealed, _place(row.id))
    return Account(row.id, read(row.roles), row.closed_on is None, name, email, row.group_id)


def sealed(key: Key, who: Who, place: str) -> bytes:
    """Somebody's name and e-mail address."""
    return seal(key, json.dumps([who.name, who.email]).encode(), place, _BLOCK)


def unsealed(key: Key, text: bytes, place: str) -> tuple[str, str]:
    """The name and the e-mail address that were sealed. Raises Unopened."""
    name, email = json.loads(unseal(key, text, place))
    return name, email


def _place(id_: str) -> str:
    return f"accounts.sealed:{id_}"
