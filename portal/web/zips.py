"""A zip that is sent while it is made."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import stream_with_context
from werkzeug.wrappers import Response

from portal.web import errors
from portal.web.house import house

Member = tuple[str, bytes]


class BrokenOff(Exception):
    """A zip could not be finished; what the browser has of it is no whole file."""


def as_zip(name: str, members: Iterable[Member]) -> Response:
    """A file at a time: nothing of it is written down here, or held in memory as a whole."""
    parts = _quietly(zipped(members, house().clock()))
    answer = Response(stream_with_context(parts), content_type="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


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


def _quietly(parts: Iterator[bytes]) -> Iterator[bytes]:
    """What breaks once the answer has begun is logged as everywhere: without its words, which may be a person's."""
    try:
        yield from parts
    except Exception as error:
        errors.log_kind(error)
        raise BrokenOff("a zip broke off") from None
