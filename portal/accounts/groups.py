"""Groups: let in, held to their terms, opened with their passphrase, ended.

A group's private key rests under a passphrase that the group alone has. Who works for it opens it for their own
visit; the portal's staff cannot.
"""

import re
import secrets
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from portal.accounts import people, visits
from portal.accounts.models import AccountRow, GroupOpeningRow, GroupRow, InvitationRow
from portal.accounts.visits import Token, Visit
from portal.columns import new_id
from portal.vault import KEY_BLOCK, Key, PublicHalf, Unopened, derived, seal, unseal

#: The version of the terms that a group accepts before it sees anybody (articles 26 and 28 of the GDPR).
TERMS = "2026-11"
#: So long what a group says of itself is kept after it has ended: who shared something with it can see with whom.
KEPT = timedelta(days=365)
_LONGEST_SLUG = 50


@dataclass(frozen=True, slots=True)
class Group:
    """An organisation that stands by people."""

    id: str
    slug: str
    name: str
    page: str
    email: str
    place: str
    mandated: bool
    terms_on: date | None
    half: PublicHalf | None
    """To seal what it alone can read; None until it has accepted the terms and made its key."""
    ended_on: date | None

    @property
    def is_active(self) -> bool:
        """Whether people can share something with it."""
        return self.half is not None and self.ended_on is None


@dataclass(frozen=True, slots=True)
class About:
    """What a group says of itself in public."""

    name: str
    page: str
    email: str
    place: str
    mandated: bool


class AlreadyOpened(Exception):
    """The group has accepted the terms and made its key before, or has ended."""


# Letting in


def add(session: Session, about: About, today: date) -> Group:
    """A group that staff let in; it sees nobody until it has accepted the terms."""
    row = GroupRow(
        id=new_id(),
        slug=free_slug(session, about.name),
        name=about.name,
        page=about.page,
        email=about.email,
        place=about.place,
        mandated=about.mandated,
        made_on=today,
    )
    session.add(row)
    session.flush()
    return _group(row)


def change(session: Session, id_: str, about: About) -> None:
    """What it says of itself from now on; its address stays."""
    row = session.get_one(GroupRow, id_)
    row.name, row.page, row.email = about.name, about.page, about.email
    row.place, row.mandated = about.place, about.mandated


def free_slug(session: Session, name: str) -> str:
    """A name as an address has it, that no other group has."""
    slug = slug_of(name)
    taken = session.exec(select(GroupRow.id).where(GroupRow.slug == slug)).first()
    return f"{slug}-{secrets.token_hex(3)}" if taken else slug


def slug_of(name: str) -> str:
    """Letters without accents, digits, hyphens; random where a name has none of them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-") or secrets.token_hex(4)


def join(session: Session, account_id: str, group_id: str | None) -> None:
    """Let somebody work for a group, or for none any more; who leaves one is signed out: they may have opened it."""
    row = session.get_one(AccountRow, account_id)
    if row.group_id not in (None, group_id):
        visits.end_all_of(session, account_id)
    row.group_id = group_id


# Finding


def get(session: Session, id_: str) -> Group | None:
    row = session.get(GroupRow, id_)
    return _group(row) if row else None


def by_slug(session: Session, slug: str) -> Group | None:
    row = session.exec(select(GroupRow).where(GroupRow.slug == slug)).first()
    return _group(row) if row else None


def names(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """What some of them are called, by id; one that is forgotten is left out. No query where none is asked for."""
    if not ids:
        return {}
    return dict(session.exec(select(GroupRow.id, GroupRow.name).where(col(GroupRow.id).in_(ids))).all())


def every(session: Session) -> Sequence[Group]:
    """All there are, by name; those that have ended last."""
    found = [_group(row) for row in session.exec(select(GroupRow))]
    return sorted(found, key=lambda one: (one.ended_on is not None, one.name.casefold(), one.id))


def of_account(session: Session, account_id: str) -> Group | None:
    """The one that somebody works for; None where they work for none, or it has ended."""
    row = session.get(AccountRow, account_id)
    found = get(session, row.group_id) if row and row.group_id else None
    return found if found and found.ended_on is None else None


def members(session: Session, group_id: str) -> Sequence[str]:
    """The ids of the accounts of who works for it."""
    rows = session.exec(select(AccountRow.id).where(AccountRow.group_id == group_id).order_by(AccountRow.id))
    return rows.all()


# Its key


def set_up(session: Session, id_: str, account_id: str, half: PublicHalf, locked: bytes, today: date) -> None:
    """Keep that the terms are accepted, with a key that was made and locked (`keys.locked`) before the transaction.

    Raises AlreadyOpened.
    """
    row = session.get_one(GroupRow, id_, with_for_update=True)
    if row.public_key is not None or row.ended_on is not None:
        raise AlreadyOpened
    row.terms, row.terms_on, row.terms_by = TERMS, today, account_id
    row.public_key, row.locked = half, locked


def relock(session: Session, id_: str, locked: bytes) -> None:
    """Keep the same key under another passphrase; whoever has opened it goes on."""
    session.get_one(GroupRow, id_).locked = locked


def locked(session: Session, id_: str) -> bytes | None:
    """The content of its key file, for `keys.unlocked`; None where it has none."""
    row = session.get(GroupRow, id_)
    return row.locked if row else None


def open_for(session: Session, visit: Visit, token: Token, private: Key) -> None:
    """Let a visit read what was shared with the group, until it ends."""
    sealed = seal(_wrapping(token), private, _place(visit.id), KEY_BLOCK)
    session.merge(GroupOpeningRow(id=visit.id, sealed=sealed))


def opened(session: Session, visit: Visit, token: Token) -> Key | None:
    """The group's private key; None where this visit has not opened it."""
    row = session.get(GroupOpeningRow, visit.id)
    try:
        return Key(unseal(_wrapping(token), row.sealed, _place(visit.id))) if row else None
    except Unopened:
        return None


def close_for(session: Session, visit: Visit) -> None:
    """Lock it again."""
    session.exec(delete(GroupOpeningRow).where(col(GroupOpeningRow.id) == visit.id))


# Ending


def end(session: Session, id_: str, today: date) -> None:
    """It sees nothing from now on, and its people are signed out; its key goes, so that nothing can be read again.

    `forgetting.end_group` ends its campaigns too, and takes back what people let it see.
    """
    row = session.get_one(GroupRow, id_, with_for_update=True)
    row.ended_on, row.locked, row.public_key = row.ended_on or today, None, None
    session.exec(delete(InvitationRow).where(col(InvitationRow.group_id) == id_))
    for account_id in members(session, id_):
        people.close(session, account_id, today)


def forget(session: Session, id_: str) -> None:
    """Delete one with its campaigns, its people, and what was shared with it."""
    session.exec(delete(GroupRow).where(col(GroupRow.id) == id_))


def purge(session: Session, today: date) -> int:
    """Delete those that ended long enough ago, with their campaigns; how many they were."""
    return session.exec(delete(GroupRow).where(col(GroupRow.ended_on) <= today - KEPT)).rowcount


def _group(row: GroupRow) -> Group:
    half = PublicHalf(row.public_key) if row.public_key else None
    return Group(
        row.id, row.slug, row.name, row.page, row.email, row.place, row.mandated, row.terms_on, half, row.ended_on
    )


def _wrapping(token: Token) -> Key:
    return derived(token.encode(), "group")


def _place(id_: str) -> str:
    return f"group_openings.sealed:{id_}"
