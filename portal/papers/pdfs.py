"""A PDF looked at just enough to say whether it may be kept as it is."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pikepdf

from portal.papers.kinds import HEADER_WITHIN
from portal.papers.refusals import NotTaken, Reason

#: An answer with its enclosures seldom has more; what is longer can be sent in parts.
MOST_PAGES = 200
#: What a PDF's first bytes say where it is a page, a program or a drawing as well.
MARKUP = re.compile(rb"<(?:html|!doctype|script|svg|body|iframe|img|\?php)", re.IGNORECASE)
#: How it ends; behind that stand at most blanks and zero bytes.
END, BLANKS = b"%%EOF", b" \t\r\n\f\0"
#: How an archive of tar says what it is.
TAR_AT, TAR = 257, b"ustar"
#: The keys of programs, and of forms that are programs.
PROGRAMS = {"/JS", "/JavaScript", "/XFA"}
#: The actions that run something, send something away, or open something else than a page of the same file.
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}
#: The keys of files that it carries, and of those that it is only the cover of.
FILES = {"/EF", "/EmbeddedFiles", "/Collection", "/RichMediaContent"}
#: The kinds of objects that are or play such files.
CARRIERS = {"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}


def check(content: bytes) -> None:
    """Refuse what is no plain PDF; nothing of it is changed. Raises NotTaken.

    It must open without a password and without being repaired (what is repaired one way here may be read another
    way elsewhere), have 1 to 200 pages, be nothing else besides, run nothing and carry no files. What else pikepdf
    raises means that it is broken.
    """
    if END not in content:
        raise NotTaken(Reason.BROKEN_PDF)
    if _is_something_else(content):
        raise NotTaken(Reason.MIXED_PDF)
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            _check_pages(pdf)
            _check_objects(pdf)
    except pikepdf.PasswordError:
        raise NotTaken(Reason.LOCKED_PDF) from None


def _is_something_else(content: bytes) -> bool:
    """Whether it reads as another kind of file as well, or goes on after its end."""
    head = content[:HEADER_WITHIN]
    return (
        MARKUP.search(head) is not None
        or content[TAR_AT:].startswith(TAR)
        or zipfile.is_zipfile(BytesIO(content))
        or content.rpartition(END)[2].strip(BLANKS) != b""
    )


def _check_pages(pdf: pikepdf.Pdf) -> None:
    if not pdf.pages:
        raise NotTaken(Reason.BROKEN_PDF)
    if len(pdf.pages) > MOST_PAGES:
        raise NotTaken(Reason.LONG_PDF)


def _check_objects(pdf: pikepdf.Pdf) -> None:
    """Look at every dictionary, also at those that no page leads to."""
    for key, value in _entries(pdf):
        if key in PROGRAMS or (key == "/S" and value in ACTIONS):
            raise NotTaken(Reason.ACTIVE_PDF)
        if key in FILES or (key in ("/Type", "/Subtype") and value in CARRIERS):
            raise NotTaken(Reason.FULL_PDF)


def _entries(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """Each key of each dictionary with the name that is its value, "" where that is no name."""
    ahead = list(pdf.objects)
    while ahead:
        at = ahead.pop()
        if isinstance(at, pikepdf.Array):
            ahead += [each for each in at if _is_within(each)]
        elif isinstance(at, pikepdf.Dictionary | pikepdf.Stream):
            for key, value in at.items():
                yield key, str(value) if isinstance(value, pikepdf.Name) else ""
                ahead += [value] if _is_within(value) else []


def _is_within(value: object) -> bool:
    """Whether it stands here itself: what is referred to is among the objects anyway."""
    return isinstance(value, pikepdf.Object) and not value.is_indirect
