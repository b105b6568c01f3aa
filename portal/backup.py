"""Backups: database, sealed files and ledger in one file, and how they are put back."""

import json
import os
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sqlalchemy import Column, Engine, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel, select

from portal.cases.files import Files, synced
from portal.cases.forgetting import Erased, Eraser, erase_again
from portal.cases.models import PaperRow
from portal.columns import Until
from portal.database import reading, revision, snapshot
from portal.jobs import JobRow
from portal.record import models as record
from portal.trail import OtherTrail, TrailRow, going_on
from portal.vault import derived, hashed

assert record  # its tables are in the metadata only once they are imported
_MANIFEST, _SIGNATURE, _LEDGER = "manifest.json", "signature", "ledger"
_ROWS, _FILES = "rows/{}.jsonl", "files/{}"
#: What lives for hours is in no backup: it would outlive its time there, and be over when it is put back.
_SHORT = frozenset(
    {
        *(Until.DRAFT, Until.SESSION, Until.STAFF_SESSION, Until.INVITATION, Until.LIMIT, Until.SIGHT),
        Until.IMPORT,  # of a week: a list of people, and what opens their cases, is rather brought again
    }
)
#: So many rows are written in one statement.
_MANY = 500
_PIECE = 1 << 20
#: What a zip that is torn or altered raises, whatever was hit.
_UNREADABLE = (BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError)


class BadBackup(ValueError):
    """A backup cannot be made or put back; the sentence says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    rows: Mapping[str, int]
    """By table."""
    files: int
    lost: int = 0
    """Papers whose file is not there, though nobody erased it."""


def lasting() -> list[Table]:
    """The tables that are backed up, those first that others hang on."""
    return [
        table
        for table in SQLModel.metadata.sorted_tables
        if not {column.info["until"] for column in table.columns} <= _SHORT
    ]


# Making


def back_up(engine: Engine, eraser: Eraser, lookup_key: bytes, path: Path) -> Backup:
    """Write a backup while the portal runs; it appears under its name when it is whole.

    The rows are as of one moment. The ledger is read after the rows and the files: what is erased in the meantime is
    in the backup, and in its ledger, so that it is erased again when it is put back. No key is in it.
    """
    with _appearing(path) as file, ZipFile(file, "w") as archive, snapshot(engine) as session:
        made = _Writing(archive)
        rows = {table.name: made.add(_ROWS.format(table.name), _lines(session, table)) for table in lasting()}
        papers = session.exec(select(PaperRow.id)).all()
        there = [id_ for id_ in papers if made.add_file(eraser.files, id_)]
        made.add(_LEDGER, (f"{entry}\n".encode() for entry in sorted(eraser.ledger.entries())))
        lost = sum(not eraser.ledger.holds("papers", id_) for id_ in {*papers} - {*there})
        made.sign({"revision": revision(session), "rows": rows, "files": len(there)}, lookup_key)
    return Backup(rows, len(there), lost)


@contextmanager
def _appearing(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole and on the disk; for its owner alone."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    synced(path.parent)


class _Writing:
    """A zip in the making, with the hash of each of its members."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._hashes: dict[str, str] = {}

    def add(self, name: str, parts: Iterable[bytes], how: int = ZIP_DEFLATED) -> int:
        """Add a member; of how many parts it is."""
        info, found, n = ZipInfo(name), sha256(), 0
        info.compress_type = how
        with self._archive.open(info, "w", force_zip64=True) as member:
            for part in parts:
                found.update(part)
                member.write(part)
                n += 1
        self._hashes[name] = found.hexdigest()
        return n

    def add_file(self, files: Files, id_: str) -> bool:
        """Add a sealed file; whether it is still there."""
        try:
            sealed = files.read(id_)
        except FileNotFoundError:
            return False
        self.add(_FILES.format(id_), [sealed], ZIP_STORED)
        return True

    def sign(self, told: Mapping[str, Any], lookup_key: bytes) -> None:
        """Say at the end what is in it, so that who has the lookup key can tell that it is whole and ours."""
        manifest = json.dumps({**told, "members": self._hashes}, indent=1).encode()
        self._archive.writestr(ZipInfo(_MANIFEST), manifest)
        self._archive.writestr(ZipInfo(_SIGNATURE), _signature(manifest, lookup_key))


def _signature(manifest: bytes, lookup_key: bytes) -> str:
    return hashed(manifest, derived(lookup_key, "backup"))


def _lines(session: Session, table: Table) -> Iterator[bytes]:
    """The rows of a table, a JSON object a line."""
    ordered = table.select().order_by(*table.primary_key.columns).execution_options(yield_per=_MANY)
    for row in session.execute(ordered).mappings():
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return b64encode(value).decode()
        case date():
            return value.isoformat()
        case _:
            return value


# Putting back


def put_back(engine: Engine, eraser: Eraser, lookup_key: bytes, path: Path, replace: bool = False) -> Backup:
    """Put a backup back into an empty database; with `replace`, in the place of what is there.

    All is checked before anything is touched. What either ledger holds does not come back. Raises BadBackup.
    """
    here = _with_room(engine, replace)
    with _opened(path) as archive:
        found = _checked(archive, path, here, lookup_key)
        eraser.ledger.add(archive.read(_LEDGER).decode("ascii").split())
        before = eraser.files.ids()
        ids = [name.removeprefix(_FILES.format("")) for name in archive.namelist() if name.startswith("files/")]
        try:
            for id_ in ids:
                eraser.files.keep(id_, archive.read(_FILES.format(id_)))
            eraser.carry_out(partial(_written, archive=archive, eraser=eraser))
        except (SQLAlchemyError, *_UNREADABLE) as error:
            _drop(eraser.files, {*ids} - before)
            raise BadBackup(f"{path} {_untaken(error)}") from error
    _drop(eraser.files, before - {*ids})
    return found


def _untaken(error: Exception) -> str:
    """Why the rows of a backup cannot stand here."""
    if isinstance(error, OtherTrail):
        return "comes from a portal with another trail: put it back into a database that has none"
    return "holds rows that this database does not take"


def _with_room(engine: Engine, replace: bool) -> str:
    """The version of the tables, where they are there, and nothing is in them that would be lost.

    A job alone is nothing: a worker puts its own as soon as it runs. The trail is not lost: it only grows.
    """
    with reading(engine) as session:
        here = revision(session)
        if here is None:
            raise BadBackup("the database has no tables yet: run “flask --app wsgi migrate” first")
        full = any(
            session.execute(table.select().limit(1)).first()
            for table in lasting()
            if table.name not in (JobRow.__tablename__, TrailRow.__tablename__)
        )
    if full and not replace:
        raise BadBackup("the database is not empty: with --replace all that is in it goes")
    return here


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    try:
        archive = ZipFile(path)
    except (OSError, *_UNREADABLE) as error:
        raise BadBackup(f"{path} is no backup, or it is torn") from error
    with archive:
        yield archive


def _checked(archive: ZipFile, path: Path, here: str, lookup_key: bytes) -> Backup:
    """What a backup says it holds, where that is true, ours, and of this version of the tables."""
    try:
        text, signature = archive.read(_MANIFEST), archive.read(_SIGNATURE).decode()
        if signature != _signature(text, lookup_key):
            raise BadBackup(f"{path} was made with another lookup-key, or somebody altered it")
        manifest = json.loads(text)
        if manifest["revision"] != here:
            raise BadBackup(
                f"{path} is of version {manifest['revision']} of the tables, the database of {here}:"
                " put it back with the portal that made it, then bring that up to date"
            )
        _check_members(archive, path, manifest["members"])
        return Backup(manifest["rows"], manifest["files"])
    except BadBackup:
        raise
    except _UNREADABLE as error:
        raise BadBackup(f"{path} is no backup, or it is torn") from error


def _check_members(archive: ZipFile, path: Path, hashes: Mapping[str, str]) -> None:
    """That each member is there as it was written, and no other."""
    if sorted(archive.namelist()) != sorted([*hashes, _MANIFEST, _SIGNATURE]):
        raise BadBackup(f"{path} lacks something, or holds more than was put into it")
    for name, wanted in hashes.items():
        found = sha256()
        with archive.open(name) as member:
            for piece in iter(partial(member.read, _PIECE), b""):
                found.update(piece)
        if found.hexdigest() != wanted:
            raise BadBackup(f"{path} is damaged at “{name}”")


def _written(session: Session, archive: ZipFile, eraser: Eraser) -> Erased:
    """The rows of the backup instead of those that are there, without what was erased.

    But for the trail: what is there stays, and of the backup's comes only what it lacks.
    """
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table.name != TrailRow.__tablename__:
            session.execute(table.delete())
    for table in lasting():
        with archive.open(_ROWS.format(table.name)) as lines:
            rows = (_read(line, table) for line in lines)
            for portion in _portions(going_on(session, rows) if table.name == TrailRow.__tablename__ else rows):
                session.execute(table.insert(), portion)
    return erase_again(session, eraser.ledger)


def _portions(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    portion: list[dict[str, Any]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == _MANY:
            yield portion
            portion = []
    if portion:
        yield portion


def _read(line: bytes, table: Table) -> dict[str, Any]:
    return {name: _value(value, table.columns[name]) for name, value in json.loads(line).items()}


#: How a value is read from JSON that has no such type.
_FROM_TEXT: Mapping[type, Callable[[str], Any]] = {bytes: b64decode, date: date.fromisoformat}


def _value(value: Any, column: Column[Any]) -> Any:
    read = _FROM_TEXT.get(column.type.python_type)
    return value if value is None or read is None else read(value)


def _drop(files: Files, ids: Iterable[str]) -> None:
    for id_ in ids:
        files.drop(id_)
