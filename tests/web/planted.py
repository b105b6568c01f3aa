"""Words that nobody else writes, and where they are found again."""

import os
import secrets
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf


def disguises(word: str) -> set[bytes]:
    """A word as it may lie in a file: raw, as UTF-16, in hexadecimal, in base64 at each of its three offsets."""
    raw = word.encode()
    found = {raw, word.encode("utf-16-le"), word.encode("utf-16-be"), raw.hex().encode(), raw.hex().upper().encode()}
    for offset in range(3):
        whole = b64encode(b"\0" * offset + raw)
        first = (0, 2, 3)[offset]  # the characters that the bytes before reach into
        found.add(whole[first : len(whole) - 4])
    return found


def inflated(content: bytes) -> Iterator[bytes]:
    """A file, and what is compressed in it: the members of a zip, the streams of a PDF."""
    yield content
    with suppress(zipfile.BadZipFile, pikepdf.PdfError):  # somebody else's, half written
        if zipfile.is_zipfile(BytesIO(content)):
            with zipfile.ZipFile(BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield name.encode()
                    yield from inflated(archive.read(name))
        elif content.startswith(b"%PDF"):
            with pikepdf.open(BytesIO(content)) as pdf:
                yield from (one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))


class Planted:
    """Words that nobody else writes, for each box of a form."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self) -> str:
        made = f"Zwq{secrets.token_hex(10)}"
        self.words.append(made)
        return made

    def found_in(self, content: bytes) -> list[str]:
        parts = [*inflated(content)]
        return [word for word in self.words if any(one in part for one in disguises(word) for part in parts)]

    def found_below(self, folder: Path, since: float) -> list[str]:
        """The files changed since then that hold one of the words."""
        found = []
        paths = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
        for path in paths:
            try:
                if path.is_file() and path.stat().st_mtime >= since and self.found_in(path.read_bytes()):
                    found.append(str(path))
            except OSError:
                continue  # somebody else's, or gone by now
        return found
