"""A change to where somebody can be reached, as their data file would say it: a draft for a law editor."""

import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

import tomli_w

from portal.law.catalogue import Catalogue
from portal.law.records import Channel, Confidence, Contact

#: The keys of a contact that a correction may change.
CHANGED = ("address", "email", "form")
#: What each way to take letters cannot be without.
_NEEDS = {Channel.POST: "address", Channel.EMAIL: "email", Channel.FORM: "form", Channel.PORTAL: "form"}


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right, as whoever looked found it, all of it; `remark` says what fits nowhere else."""

    address: tuple[str, ...] = ()
    email: str = ""
    form: str = ""
    remark: str = ""

    def changes(self, contact: Contact) -> tuple[str, ...]:
        """The keys in which it says something else than the contact."""
        return tuple(key for key in CHANGED if getattr(self, key) != getattr(contact, key))


def of(contact: Contact) -> Correction:
    """What the file says now, to be corrected."""
    return Correction(contact.address, contact.email, contact.form)


def place(catalogue: Catalogue, record: str) -> tuple[str, str]:
    """Where the contact of an addressee stands: its file below the data folder, and the table in it."""
    if record in catalogue.organisations:
        return f"organisations/{record}.toml", "contact"
    for body in catalogue.organisations.values():
        if body.office and body.office.id == record:
            return f"organisations/{body.id}.toml", "office.contact"
    home = next(one for one in catalogue.jurisdictions.values() if any(each.id == record for each in one.authorities))
    return f"jurisdictions/{home.id}.toml", "authorities.contact"


def draft(catalogue: Catalogue, record: str, correction: Correction, page: str, on: date) -> str:
    """The table as it would be, in TOML, to be copied over the one in the file.

    What it changes is `check`, as one person alone has seen it, and what was `check` before stays so. A way to take
    letters that lost its address is left out.
    """
    contact, (file, table) = catalogue.addressees[record].contact, place(catalogue, record)
    changed = {key: getattr(correction, key) for key in correction.changes(contact)}
    check = tuple(key for key in _KEYS if key in changed or key in contact.check)
    right = replace(
        contact,
        **changed,
        accepts=tuple(one for one in contact.accepts if getattr(correction, _NEEDS[one])),
        confidence=Confidence.CHECK if check else contact.confidence,
        check=check,
        verified=on,
        sources=tuple(dict.fromkeys((*contact.sources, page))),
    )
    whose = f" of {record}" if table.startswith("authorities.") else ""
    about = [f"portal/data/{file}: [{table}]{whose}, as it would be", *correction.remark.splitlines()]
    lines = [f"# {_printable(line)}".rstrip() for line in about]
    return "\n".join([*lines, f"[{table}]", tomli_w.dumps(_said(right))])


_KEYS = tuple(each.name for each in fields(Contact))


def _said(contact: Contact) -> dict[str, Any]:
    """What it says, in the order of the record, as plain values; what is empty is left out."""
    values = {key: getattr(contact, key) for key in _KEYS}
    return {key: _plain(value) for key, value in values.items() if value not in ("", ())}


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case tuple():
            return [_plain(one) for one in value]
        case _:
            return value


def _printable(line: str) -> str:
    """A comment may hold no control characters."""
    return "".join(" " if unicodedata.category(one) == "Cc" else one for one in line)
