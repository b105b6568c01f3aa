"""Asking the identity provider, with bounds to what it may answer."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter

_CHUNK = 65_536


class NoAnswer(RequestException):
    """What came is no answer that we take: too long, too slow, packed, or from elsewhere."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many bytes an answer may have, and how many seconds it may take."""

    size: int = 256_000
    seconds: float = 5


class Bounded(HTTPAdapter):
    """Sends a request, and takes its answer within bounds; it is led nowhere else, and unpacks nothing.

    Between two pieces of an answer no more than `seconds` may pass, and its body must be whole by then. Only who
    sends the head of an answer byte by byte can take longer.
    """

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(max_retries=0)
        self._bounds = bounds

    def send(self, request: PreparedRequest, *_args: Any, **more: Any) -> Response:
        """Raises RequestException, or what urllib3 raises, where no answer came that can be taken."""
        until = time.monotonic() + self._bounds.seconds
        answer = super().send(request, **{**more, "stream": True, "timeout": self._bounds.seconds})
        source = answer.raw
        try:
            if answer.is_redirect or answer.headers.get("Content-Encoding", "identity") != "identity":
                raise NoAnswer("it leads elsewhere, or is packed")
            answer.raw = BytesIO(b"".join(self._pieces(source, until)))
        finally:
            source.close()
        return answer

    def _pieces(self, source: Any, until: float) -> Iterator[bytes]:
        size = 0
        while piece := source.read1(_CHUNK, decode_content=False):
            size += len(piece)
            if size > self._bounds.size or time.monotonic() > until:
                raise NoAnswer("it is too long, or too slow")
            yield piece
