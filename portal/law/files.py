"""The data files, read into a catalogue."""

import tomllib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from portal.law.arguments import Argument, Ruling
from portal.law.catalogue import Catalogue
from portal.law.consistency import broken
from portal.law.records import DeadlineRule, Decision, Jurisdiction, Language, Law, Organisation

_KINDS: Mapping[str, type] = {
    "jurisdictions": Jurisdiction,
    "laws": Law,
    "deadlines": DeadlineRule,
    "organisations": Organisation,
    "decisions": Decision,
    "rulings": Ruling,
    "arguments": Argument,
    "languages": Language,
}
_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")


class BadData(ValueError):
    """Data files are broken; a sentence a line names the file, the key and the cure."""


def load(folder: Path) -> Catalogue:
    """Read all data files below a folder.

    Raises BadData with all that is wrong: each file that cannot be read, each key that no record knows, each that is
    missing; where all can be read, each pointer to something that is not there.
    """
    unread: list[str] = []
    found = {kind: dict(records(folder / kind, record, unread)) for kind, record in _KINDS.items()}
    catalogue = Catalogue(**found, version=_version(folder))
    if problems := unread or list(broken(catalogue)):
        raise BadData("\n".join(problems))
    return catalogue


def released(folder: Path) -> tuple[str, ...]:
    """Every id that was ever released, by kind: `jurisdictions/pt`."""
    return tuple((folder / "released.txt").read_text(encoding="utf-8").split())


def _version(folder: Path) -> str:
    """Twelve hexadecimal digits: another word in one of the files is another version."""
    found = sha256()
    for kind in _KINDS:
        for path in sorted((folder / kind).glob("*.toml")):
            text = path.read_bytes()
            found.update(f"{kind}/{path.name} {len(text)}\n".encode() + text)
    return found.hexdigest()[:12]


def records(folder: Path, record: type, unread: list[str]) -> Iterator[tuple[str, Any]]:
    """The records of one kind, by id; what cannot be read is added to `unread`, a sentence for each file."""
    adapter: TypeAdapter[Any] = TypeAdapter(record)
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        unread.append(f"{folder.name}: there is no data file in this folder: look at the settings")
    for path in paths:
        try:
            yield path.stem, _record(path, adapter)
        except BadData as error:
            unread.append(str(error))


def _record(path: Path, adapter: TypeAdapter[Any]) -> Any:
    name = f"{path.parent.name}/{path.name}"
    try:
        value = adapter.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadData(f"{name}: not TOML: {error}") from error
    except ValidationError as error:
        raise BadData("\n".join(f"{name}: {cure}" for cure in _cures(error))) from error
    if value.id != path.stem:
        raise BadData(f"{name}: key “id” is {value.id!r}: write id = {path.stem!r}, as the file is called")
    return value


def _cures(error: ValidationError) -> Iterator[str]:
    """What to do, key by key; first the misspelt ones, which explain what is missing."""
    for one in sorted(error.errors(), key=lambda one: one["type"] not in _UNKNOWN):
        key = ".".join(str(part) for part in one["loc"])
        match one["type"]:
            case "missing" | "missing_keyword_only_argument":
                yield f"key “{key}” is missing: add it"
            case "unexpected_keyword_argument" | "extra_forbidden":
                yield f"key “{key}” is not known: correct its spelling or take it out"
            case _:
                yield f"key “{key}”: {one['msg']}"
