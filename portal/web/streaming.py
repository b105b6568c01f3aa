"""A file that is sent while it is made."""

from collections.abc import Iterator

from flask import stream_with_context
from werkzeug.wrappers import Response

from portal.web import errors


class BrokenOff(Exception):
    """A file could not be finished; what the browser has of it is not whole."""


def streamed(name: str, content_type: str, parts: Iterator[bytes]) -> Response:
    """Part by part: nothing of it is written down here, or held in memory as a whole."""
    answer = Response(stream_with_context(_quietly(parts)), content_type=content_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _quietly(parts: Iterator[bytes]) -> Iterator[bytes]:
    """What breaks once the answer has begun is logged as everywhere: without its words, which may be a person's."""
    try:
        yield from parts
    except Exception as error:
        errors.log_kind(error)
        raise BrokenOff("a file broke off") from None
