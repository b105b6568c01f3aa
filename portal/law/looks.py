"""What somebody found who compared an address with the official page, laid over what its data file says."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from portal.law.records import Confidence, Contact
from portal.law.review import STALE_AFTER


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"


#: For so long a look counts: 12 months, twice `review.STALE_AFTER`. After the first half another is asked for; the
#: second is the time for it, before the pages stop leaning on the old one.
HOLDS = timedelta(days=365)

#: What is where letters go; the rest is said of it.
_WAYS = frozenset({"address", "address_alternatives", "email", "cc", "phone", "fax", "web", "form", "accepts"})


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, on which day, and on the pages of which host."""

    verdict: Verdict
    on: date
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt(Contact):
    """A contact that somebody looked at. Its confidence stays what the file says: a look makes nothing certain."""

    look: Look


def laid_over(contact: Contact, look: Look | None, today: date) -> Contact:
    """The contact with the look, while that counts: for HOLDS, and until somebody has gone over the file since."""
    if look is None or today - look.on > HOLDS or contact.verified > look.on:
        return contact
    said: Mapping[str, Any] = {each.name: getattr(contact, each.name) for each in fields(Contact)}
    return LookedAt(**said, look=look)


def fingerprint(contact: Contact) -> str:
    """64 hexadecimal digits for where letters go (SHA-256): a look at one address says nothing of another."""
    ways = {name: value for name, value in asdict(contact).items() if name in _WAYS}
    return sha256(json.dumps(ways, sort_keys=True).encode()).hexdigest()


def is_unsure(contact: Contact, today: date) -> bool:
    """Whether a look would tell something: there is an address, and it is `check`, or nobody has looked for long."""
    known = contact.address or contact.email or contact.form
    unconfirmed = contact.confidence is Confidence.CHECK or contact.check
    return bool(known and (unconfirmed or today - contact.verified > STALE_AFTER))


def look_at(contact: Contact | None) -> Look | None:
    """What was found of a contact, where somebody looked."""
    return contact.look if isinstance(contact, LookedAt) else None
