"""What was erased, so that no backup brings it back."""

import os
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from portal.cases.files import synced
from portal.vault import hashed

_HASH = re.compile(r"[0-9a-f]{64}")


class Ledger:
    """A list of hashes, one a line, that only grows. It tells nothing but that something was erased.

    It stands outside the database, as it must outlive it: what it holds is erased again from every copy.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: frozenset[str] = frozenset()
        self._size = 0

    def write(self, table: str, ids: Collection[str]) -> None:
        """Add what is about to be erased; when this returns, it is on the disk."""
        self.add(_entry(table, id_) for id_ in ids)

    def holds(self, table: str, id_: str) -> bool:
        """Whether something was erased, as far as any process has written by now."""
        return _entry(table, id_) in self.entries()

    def entries(self) -> frozenset[str]:
        """All hashes; a torn line, of a machine that stopped while it wrote, is none."""
        size = self._path.stat().st_size if self._path.exists() else 0
        if size != self._size:
            lines = self._path.read_text(encoding="ascii", errors="replace").splitlines()
            self._known, self._size = frozenset(line for line in lines if _HASH.fullmatch(line)), size
        return self._known

    def add(self, entries: Iterable[str]) -> None:
        """Add hashes as they stand in another ledger."""
        add_lines(self._path, [entry for entry in entries if _HASH.fullmatch(entry)])


def add_lines(path: Path, lines: Collection[str]) -> None:
    """Add lines to a file that only grows, for its owner alone; when this returns, they are on the disk.

    All in one write at the end of the file, so that several processes do not mix; it begins with a line break, so
    that a torn line stays one line. Raises OSError where the disk is full.
    """
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        text = "".join(f"\n{line}" for line in lines).encode() + b"\n"
        if os.write(opened, text) < len(text):
            raise OSError(f"“{path.name}” could not be written: is the disk full?")
        os.fsync(opened)
    finally:
        os.close(opened)
    synced(path.parent)


def _entry(table: str, id_: str) -> str:
    return hashed(f"{table}:{id_}".encode())
