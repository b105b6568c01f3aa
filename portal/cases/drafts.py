"""A person's details on their way to a letter, sealed under a key that only their browser holds."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete

from portal.cases.models import DraftRow
from portal.columns import new_id, seconds
from portal.letters.details import DETAILS, lines_of
from portal.vault import Key, Unopened, derived, seal, unseal

#: How long a draft lives without being taken.
LIFE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Also:
    """The same asked of another organisation: by which way, and what of its letter is its own."""

    law: str
    language: str = ""
    layout: str = ""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has told us for a letter; `text` is their own wording, `law` which way they go."""

    place: str
    organisation: str
    right: str
    law: str
    role: str = "self"
    writer_name: str = ""
    writer_address: str = ""
    """Of a group."""
    details: Mapping[str, str] = field(default_factory=dict)
    known_as: Mapping[str, str] = field(default_factory=dict)
    """Of an organisation that the catalogue does not know: its name, kind, seat, address."""
    language: str = ""
    layout: str = ""
    text: str | None = None
    case_key: str = ""
    """The key that will open the case, made with the draft, so that filing twice is filing once."""
    campaign: str = ""
    """By which campaign the person came: its name in addresses. Its group learns nothing of that."""
    also: Mapping[str, Also] = field(default_factory=dict)
    """The other organisations that the same is asked of, by id."""

    @property
    def organisations(self) -> tuple[str, ...]:
        """All that are asked, in the order of their letters."""
        return (self.organisation, *self.also)

    @property
    def organisation_address(self) -> tuple[str, ...]:
        """Of an organisation that the catalogue does not know where to write to: what the person knows."""
        return lines_of(self.known_as.get("address", ""))

    def alone(self, organisation: str) -> "Draft":
        """The draft of one of its letters; no other organisation is told what is between the person and the first."""
        if organisation == self.organisation:
            return replace(self, also={})
        shared = {name: value for name, value in self.details.items() if not DETAILS[name].of_one}
        own = asdict(self.also[organisation])
        return replace(self, organisation=organisation, known_as={}, details=shared, also={}, **own)

    def rewritten(self, organisation: str, **own: Any) -> "Draft":
        """The draft with another text, language or layout of one of its letters."""
        if organisation == self.organisation:
            return replace(self, **own)
        return replace(self, also={**self.also, organisation: replace(self.also[organisation], **own)})


def written(draft: Draft) -> bytes:
    """A draft as it is sealed."""
    return json.dumps(asdict(draft), ensure_ascii=False).encode()


def read(text: bytes) -> Draft:
    """A draft as it was sealed, also by an older portal."""
    fields: dict[str, Any] = json.loads(text)
    also = {organisation: Also(**own) for organisation, own in fields.pop("also", {}).items()}
    return Draft(**fields, also=also)


def keep(session: Session, key: Key, draft: Draft, now: datetime, id_: str | None = None) -> str:
    """Seal a draft, new or in the place of an older one of this browser, and start its two hours again; its id."""
    there = session.get(DraftRow, id_) if id_ else None
    if id_ is None or (there and there.owner != _owner(key)):
        id_ = new_id()
    sealed = seal(derived(key, id_), written(draft), _place(id_))
    session.merge(DraftRow(id=id_, owner=_owner(key), sealed=sealed, expires_at=seconds(now + LIFE)))
    return id_


def find(session: Session, key: Key, id_: str, now: datetime) -> Draft | None:
    """The draft, where it is there, has not expired, and was sealed under this key."""
    row = session.get(DraftRow, id_)
    if row is None or row.expires_at <= seconds(now):
        return None
    try:
        return read(unseal(derived(key, id_), row.sealed, _place(id_)))
    except Unopened:
        return None


def forget(session: Session, key: Key, id_: str, now: datetime) -> None:
    """Delete a draft, if it is this browser's."""
    if find(session, key, id_, now) is not None:
        session.exec(delete(DraftRow).where(col(DraftRow.id) == id_))


def forget_all(session: Session, key: Key) -> None:
    """Delete every draft that this browser wrote."""
    session.exec(delete(DraftRow).where(col(DraftRow.owner) == _owner(key)))


def purge(session: Session, now: datetime) -> int:
    """Delete all whose time is over; how many they were."""
    return session.exec(delete(DraftRow).where(col(DraftRow.expires_at) <= seconds(now))).rowcount


def _owner(key: Key) -> str:
    return derived(key, "owner").hex()


def _place(id_: str) -> str:
    return f"drafts.sealed:{id_}"
