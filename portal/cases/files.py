"""Sealed bytes that are too long for a row, each a file of its own."""

import os
import re
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

_ID = re.compile(r"[0-9a-f]{32}")
#: How the name begins of what is not whole yet.
_TORN = "torn-"


class NoId(ValueError):
    """A file is named by 32 hexadecimal digits, and by nothing else."""


class Files:
    """The folder of the sealed files; who does not run the portal cannot read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, id_: str, sealed: bytes) -> None:
        """Keep a file, whole or not at all; when this returns, it is on the disk."""
        path = self._path(id_)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=_TORN, delete=False) as file:  # for its owner alone
            try:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        synced(self._folder)

    def read(self, id_: str) -> bytes:
        """Raises FileNotFoundError where there is none."""
        return self._path(id_).read_bytes()

    def drop(self, id_: str) -> None:
        """Take a file away; one that is not there is as gone as one can be."""
        self._path(id_).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            synced(self._folder)

    def ids(self, before: datetime | None = None) -> set[str]:
        """What is there or, of that, what was kept before a moment."""
        paths = self._folder.iterdir() if self._folder.is_dir() else ()
        found = {path for path in paths if _ID.fullmatch(path.name)}
        if before is None:
            return {path.name for path in found}
        return {path.name for path in found if _kept_at(path) < before.timestamp()}

    def drop_torn(self, before: datetime) -> None:
        """Take away what was begun before a moment and never became a file, as the machine stopped."""
        for path in self._folder.glob(f"{_TORN}*"):
            if _kept_at(path) < before.timestamp():
                path.unlink(missing_ok=True)

    def _path(self, id_: str) -> Path:
        if not _ID.fullmatch(id_):
            raise NoId("a file is named by 32 hexadecimal digits")
        return self._folder / id_


def _kept_at(path: Path) -> float:
    """When a file was kept; one that is gone by now was never kept."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def synced(folder: Path) -> None:
    """The names in a folder, on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
