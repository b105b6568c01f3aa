"""Which characters the bundled fonts can set, and how wide."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
FACES = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSans-Italic.ttf")
#: Combining marks in a row that a letter of our scripts may need. More of them cost time and mean nothing.
MOST_MARKS = 2
#: A longer run without a space is given places to break at: the time to lay it out grows with its square.
LONGEST_RUN = 60
LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")
#: Where such a run is broken: after a sign that divides a web address, at the latest after 20 characters.
PIECE = re.compile(r".{1,19}?[/?&=.,;:_-](?![/?&=.,;:_-])|.{1,20}", re.DOTALL)
#: What shows nothing: nobody need be told that it was left out.
INVISIBLE = {"Cc", "Cf", "Cs"}
VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@cache
def supported() -> frozenset[int]:
    """The code points that every bundled face has."""
    return frozenset.intersection(*map(_characters, FACES))


def _characters(face: str) -> frozenset[int]:
    with TTFont(FONTS / face, lazy=True) as font:
        return frozenset(font.getBestCmap())


def width(text: str) -> float:
    """How wide the text is in the upright face, in ems, without kerning."""
    advances = _advances()
    return sum(advances.get(ord(char), 1.0) for char in text)


@cache
def _advances() -> dict[int, float]:
    with TTFont(FONTS / FACES[0], lazy=True) as font:
        glyphs, em = font["hmtx"], font["head"].unitsPerEm
        return {point: glyphs[name][0] / em for point, name in font.getBestCmap().items()}


@cache
def _plain() -> re.Pattern[str]:
    """Text that can be set as it is, for the common case: nothing combines, nothing is invisible."""
    plain = (chr(point) for point in sorted(supported()) if unicodedata.category(chr(point))[0] not in "CM")
    return re.compile(f"[{re.escape(''.join(plain))}]*")


def unsupported(text: str) -> tuple[str, ...]:
    """The visible characters that the fonts lack, each once, sorted."""
    lacking = {char for char in set(unicodedata.normalize("NFC", text)) if not _settable(char)}
    return tuple(sorted(char for char in lacking if not _invisible(char)))


def printable(text: str) -> str:
    """The text as it can be set.

    In normal form C. White space of any kind but the no-break spaces becomes a space. Control characters,
    marks beyond the second in a row and characters that the fonts lack are removed. A letter that the fonts
    have only in parts (ḗ) is given in its parts.
    """
    text = unicodedata.normalize("NFC", text)
    if _plain().fullmatch(text):
        return text
    return "".join(_few_marks(_settable(char) for char in text))


def breakable(text: str) -> tuple[str, ...]:
    """Cut the text where a line may break although no space is there: in runs of more than 60 characters."""
    pieces: list[str] = []
    start = 0
    for run in LONG_RUN.finditer(text):
        for piece in PIECE.finditer(text, *run.span()):
            pieces.append(text[start : piece.end()])
            start = piece.end()
    return (*pieces, text[start:]) if start < len(text) or not pieces else tuple(pieces)


@lru_cache(maxsize=4096)
def _settable(char: str) -> str:
    """The character, its parts, a space, or nothing."""
    category = unicodedata.category(char)
    if char in "\t\n\v\f\r" or category in ("Zl", "Zp"):
        return " "
    if category[0] == "C":
        return ""
    if ord(char) in supported():
        return char
    parts = unicodedata.normalize("NFD", char)
    if len(parts) > 1 and all(ord(part) in supported() for part in parts):
        return parts
    return " " if category == "Zs" else ""


def _few_marks(chars: Iterator[str]) -> Iterator[str]:
    marks = 0
    for char in "".join(chars):
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= MOST_MARKS:
            yield char


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in INVISIBLE or ord(char) in VARIATION_SELECTORS
