"""The corrections that were made to the public record, one a file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from portal.law.files import BadData, records
from portal.law.records import Words

FOLDER = "corrections"


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Correction:
    """What was wrong in the editions before, and that it is right since one."""

    id: str
    made_on: date
    version: int
    """Since which edition it is right."""
    organisation: str
    says: Words
    """What was wrong, and why; it names no person."""


def load(folder: Path) -> Sequence[Correction]:
    """All of them, the newest first; none until a first one is made. Raises BadData."""
    if not (folder / FOLDER).is_dir():
        return ()
    unread: list[str] = []
    found = [one for _id, one in records(folder / FOLDER, Correction, unread)]
    if unread:
        raise BadData("\n".join(unread))
    return sorted(found, key=lambda one: (one.made_on, one.id), reverse=True)
