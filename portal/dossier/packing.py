"""What goes to the children and comes back, as bytes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

#: Of a dossier: more is a binder, and no letter.
MOST_PAGES = 200
#: What a dossier with more is refused for, as both sides know it.
TOO_LONG = "too-long"
#: That a file has no such page, as both sides know it.
NO_PAGE = "no-page"
#: How the HTML of a part names a picture.
PICTURE = "dossier:{}"


@dataclass(frozen=True, slots=True)
class Part:
    """A document of the dossier, as HTML of one article."""

    html: str
    language: str
    label: str
    """Its bookmark."""
    page: str = ""
    """How its pages say where in the dossier they are, with `{page}` and `{pages}`; a letter as sent does not."""
    pages: int = 0
    """How many it has, where that is known."""
    main: bool = False
    """Whether the dossier has its title and its language."""


def asked(parts: Sequence[Part], pictures: Sequence[bytes]) -> bytes:
    """The parts of a dossier, and the pictures that they name by their numbers."""
    return pack(json.dumps([asdict(part) for part in parts]).encode(), *pictures)


def parts_of(message: bytes) -> tuple[list[Part], tuple[bytes, ...]]:
    """The parts and the pictures again."""
    told, *pictures = unpack(message)
    return [Part(**part) for part in json.loads(told)], tuple(pictures)


@dataclass(frozen=True, slots=True)
class View:
    """What is to be drawn of a file to be looked at: page `n`, from 1 on; of page 0, how many there are."""

    n: int
    mark: str
    """What stands across it."""
    content: bytes


def wanted(view: View) -> bytes:
    return pack(view.n.to_bytes(4, "big"), view.mark.encode(), view.content)


def view_of(message: bytes) -> View:
    """What is to be drawn again."""
    n, mark, content = unpack(message)
    return View(int.from_bytes(n, "big"), mark.decode(), content)


def pack(*pieces: bytes) -> bytes:
    """Each piece behind its length, of four bytes: no picture has to be written as text."""
    return b"".join(part for piece in pieces for part in (len(piece).to_bytes(4, "big"), piece))


def unpack(message: bytes) -> tuple[bytes, ...]:
    """The pieces again. Raises ValueError where the message is not of such pieces."""
    return tuple(_pieces(message))


def _pieces(message: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(message):
        end = at + 4 + int.from_bytes(message[at : at + 4], "big")
        if end > len(message):
            raise ValueError("the message ends within a piece")
        yield message[at + 4 : end]
        at = end
