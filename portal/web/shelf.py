"""Pages that say the same to everybody, ready to be given out."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from flask import Response, request


@dataclass(frozen=True, slots=True)
class Kept:
    """The bytes of a page, and the name that they alone have."""

    body: bytes
    etag: str


class Shelf:
    """Keeps so many pages as were made; the one that was asked for longest ago makes room."""

    def __init__(self, most: int = 2_048) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, key: Hashable, make: Callable[[], str]) -> Kept:
        """What is kept under a key, made where it is not there; two who ask at once may both make it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        body = make().encode()
        made = Kept(body, sha256(body).hexdigest()[:24])
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


def given(kept: Kept, mimetype: str) -> Response:
    """The bytes, or that the browser has them already."""
    answer = Response(kept.body, mimetype=mimetype)
    answer.set_etag(kept.etag)
    answer.make_conditional(request)
    return answer
