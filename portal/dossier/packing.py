"""What goes to the children and comes back, as bytes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

#: Of a dossier: more is a binder, and no letter.
MOST_PAGES = 200
#: What a dossier with more is refused for, as both sides know it.
TOO_LONG = "too-long"
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
