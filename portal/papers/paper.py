"""Taking in a file that somebody attaches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.papers.kinds import Kind, is_hidden_pdf, is_phone_picture, kind_of
from portal.papers.names import shown_name, told_name
from portal.papers.refusals import NotTaken, Reason

#: A phone's photo has 3 to 8 MB, a scanned letter of ten pages as much.
LARGEST_FILE = 10_000_000
#: How many at once: the pages of a longer answer, photographed one by one.
MOST_FILES = 10

#: What a child makes of a file: a picture made anew, a PDF as it is. Raises NotTaken.
Copy = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it may be kept: a picture without anything but the picture, or a PDF as it came."""

    kind: Kind
    content: bytes
    shown_name: str


def accept(name: str, content: bytes, copy: Copy) -> Paper:
    """The file as it may be kept, whatever its sender calls it. Raises NotTaken.

    JPEG, PNG, WebP and PDF are taken, told apart by what they hold. Pictures come out as JPEG or PNG, made anew by
    `copy`; a PDF stays byte for byte: it may only ever be handed out as an attachment.
    """
    _check(content)
    copied = copy(content)
    kind = kind_of(copied)
    assert kind
    return Paper(kind, copied, shown_name(name, kind))


def accept_all(files: Iterable[tuple[str, bytes]], copy: Copy) -> tuple[Paper, ...]:
    """All files of a request, by name and content. Raises NotTaken with the name of the first that is not taken."""
    given = tuple(files)
    if len(given) > MOST_FILES:
        raise NotTaken(Reason.TOO_MANY)
    return tuple(_named(name, content, copy) for name, content in given)


def _named(name: str, content: bytes, copy: Copy) -> Paper:
    try:
        return accept(name, content, copy)
    except NotTaken as refused:
        raise NotTaken(refused.reason, told_name(name)) from None


def _check(content: bytes) -> None:
    """Refuse what needs no opening to be refused."""
    if not content:
        raise NotTaken(Reason.EMPTY)
    if len(content) > LARGEST_FILE:
        raise NotTaken(Reason.TOO_LARGE)
    if kind_of(content) is None:
        raise NotTaken(_foreign(content))


def _foreign(content: bytes) -> Reason:
    if is_phone_picture(content):
        return Reason.PHONE_PICTURE
    return Reason.MIXED_PDF if is_hidden_pdf(content) else Reason.FOREIGN
