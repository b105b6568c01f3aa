"""A zip that is sent while it is made."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from werkzeug.wrappers import Response

from portal.web.house import house
from portal.web.streaming import streamed

Member = tuple[str, bytes]


def as_zip(name: str, members: Iterable[Member]) -> Response:
    """A file at a time: nothing of it is written down here, or held in memory as a whole."""
    return streamed(name, "application/zip", zipped(members, house().clock()))


class _Out(RawIOBase):
    """What a zip is written to, and taken from again piece by piece."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: Any, /) -> int:
        self._written += part
        return len(part)

    def taken(self) -> bytes:
        part = bytes(self._written)
        self._written.clear()
        return part


def zipped(members: Iterable[Member], now: datetime) -> Iterator[bytes]:
    """A zip in the making."""
    out = _Out()
    with ZipFile(out, "w") as archive:
        for name, content in members:
            archive.writestr(ZipInfo(name, now.timetuple()[:6]), content, ZIP_DEFLATED)
            yield out.taken()
    yield out.taken()
