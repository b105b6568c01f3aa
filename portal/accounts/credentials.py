"""What somebody signs in with: a passkey, or the codes of an app."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlmodel import Session, col, delete, select, update

from portal.accounts.models import CredentialRow
from portal.accounts.passkeys import Passkey
from portal.accounts.proof import Unproven, Why
from portal.columns import new_id
from portal.vault import Key, derived, hashed, seal, unseal

_BLOCK = 512


class Kind(StrEnum):
    """How they sign in."""

    PASSKEY = "passkey"
    TOTP = "totp"

    @property
    def is_strong(self) -> bool:
        """Whether it takes more than one proof: the device, and what opens it. A code shows the device alone."""
        return self is Kind.PASSKEY


@dataclass(frozen=True, slots=True)
class Credential:
    """`count`: how often a passkey was used, or the half minute of the last code. `said` is what was sealed."""

    id: str
    account_id: str
    kind: Kind
    count: int
    said: Mapping[str, str] = field(repr=False)

    @property
    def codes(self) -> str:
        """The secret that the codes are made of."""
        return self.said["secret"]

    def passkey(self, id_: bytes) -> Passkey:
        return Passkey(id_, b64decode(self.said["handle"]), b64decode(self.said["public_key"]), self.count)


def handle(secret: bytes, lookup: str) -> bytes:
    """What a passkey calls an account: the same for every passkey of theirs, and nothing that names them."""
    return bytes.fromhex(hashed(lookup.encode(), derived(secret, "passkey-handle")))


def add_passkey(session: Session, secret: bytes, account_id: str, made: Passkey) -> None:
    """Raises Unproven where there is one of that name: passkeys are made at random, and that one was not."""
    if passkey(session, secret, made.id):
        raise Unproven(Why.WRONG, account_id)
    said = {"handle": b64encode(made.handle).decode(), "public_key": b64encode(made.public_key).decode()}
    _add(session, secret, account_id, Kind.PASSKEY, _of_passkey(secret, made.id), made.count, said)


def add_codes(session: Session, secret: bytes, account_id: str, codes: str, step: int) -> None:
    """`step`: the half minute of the code that showed that they have it; it is not taken again."""
    _add(session, secret, account_id, Kind.TOTP, _of_codes(secret, account_id), step, {"secret": codes})


def passkey(session: Session, secret: bytes, id_: bytes) -> Credential | None:
    """By what the passkey calls itself."""
    return _found(session, secret, _of_passkey(secret, id_))


def codes(session: Session, secret: bytes, account_id: str) -> Credential | None:
    """The codes of an account; an account that is none has none, and it takes as long to find that out."""
    return _found(session, secret, _of_codes(secret, account_id))


def kinds(session: Session, account_id: str) -> list[Kind]:
    """How somebody signs in."""
    rows = session.exec(select(CredentialRow.kind).where(col(CredentialRow.account_id) == account_id))
    return sorted(Kind(kind) for kind in rows)


def move_on(session: Session, credential: Credential, count: int) -> bool:
    """Keep the new count; whether nobody was faster with the same or a later one."""
    if count == credential.count == 0:  # a passkey that does not count
        return session.get(CredentialRow, credential.id) is not None
    here = col(CredentialRow.id) == credential.id, col(CredentialRow.count) < count
    return bool(session.exec(update(CredentialRow).where(*here).values(count=count)).rowcount)


def drop_all_of(session: Session, account_id: str) -> int:
    """All that somebody signed in with; how many they were."""
    return session.exec(delete(CredentialRow).where(col(CredentialRow.account_id) == account_id)).rowcount


def _add(
    session: Session, secret: bytes, account_id: str, kind: Kind, lookup: str, count: int, said: Mapping[str, str]
) -> None:
    id_ = new_id()
    sealed = seal(_key(secret), json.dumps(said).encode(), _place(account_id, id_), _BLOCK)
    row = CredentialRow(id=id_, account_id=account_id, kind=kind, lookup=lookup, count=count, sealed=sealed)
    session.add(row)
    session.flush()


def _found(session: Session, secret: bytes, lookup: str) -> Credential | None:
    row = session.exec(select(CredentialRow).where(CredentialRow.lookup == lookup)).first()
    if row is None:
        return None
    said = json.loads(unseal(_key(secret), row.sealed, _place(row.account_id, row.id)))
    return Credential(row.id, row.account_id, Kind(row.kind), row.count, said)


def _of_passkey(secret: bytes, id_: bytes) -> str:
    return hashed(id_, derived(secret, "passkey-lookup"))


def _of_codes(secret: bytes, account_id: str) -> str:
    return hashed(account_id.encode(), derived(secret, "codes-lookup"))


def _key(secret: bytes) -> Key:
    return derived(secret, "credentials")


def _place(account_id: str, id_: str) -> str:
    """With the account bound in: who can write into the database gives nobody another one's."""
    return f"credentials.sealed:{account_id}:{id_}"
