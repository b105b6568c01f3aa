"""What kind of file some bytes are, by what they begin with."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """The kinds that are taken, by the ending of their names."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"


#: How a file of each kind begins. Before a PDF's header some servers send a mark, blanks or empty lines.
BEGINNINGS = {
    Kind.JPEG: re.compile(rb"\xff\xd8\xff"),
    Kind.PNG: re.compile(rb"\x89PNG\r\n\x1a\n"),
    Kind.WEBP: re.compile(rb"RIFF....WEBP", re.DOTALL),
    Kind.PDF: re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]{0,16}%PDF-\d"),
}
MEDIA_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.PDF: "application/pdf",
}
#: The pictures of newer phones: an ISO container whose brand says that it holds HEVC or AV1 pictures.
PHONE_PICTURE = re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1|avif|avis)", re.DOTALL)
#: Readers look for a PDF's header thus far; before it stands what makes the file something else as well.
HEADER_WITHIN = 1_024


def kind_of(content: bytes) -> Kind | None:
    """The kind of a file, None where it is none of those that are taken; its name is not asked."""
    return next((kind for kind, beginning in BEGINNINGS.items() if beginning.match(content)), None)


def is_phone_picture(content: bytes) -> bool:
    """Whether it is a HEIC or AVIF picture."""
    return bool(PHONE_PICTURE.match(content))


def is_hidden_pdf(content: bytes) -> bool:
    """Whether readers would find a PDF in it that it does not begin with."""
    return b"%PDF-" in content[:HEADER_WITHIN]
