"""A letter's shapes as files to take."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.cases.case_key import CaseKey, written
from portal.law.records import Contact
from portal.letters import shapes
from portal.letters.blocks import Refusal
from portal.letters.channels import email
from portal.letters.kept import Made
from portal.letters.letter import Gloss, Letter
from portal.web.house import house
from portal.web.language import refused


def as_file(shape: str, made: Made, contact: Contact | None, sender: str) -> Response:
    """A shape by the name of its file; no page where there is no such shape, or the letter does not have it.

    `sender` is the person's e-mail address, for the message that they send themselves.
    """
    kind, content = shaped(shape, made, contact, sender)
    answer = Response(content, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=shape)
    return answer


def shaped(shape: str, made: Made, contact: Contact | None, sender: str) -> tuple[str, bytes]:
    """Of which type a shape is, and what is in it."""
    if shape not in _SHAPES:
        raise NotFound
    kind, content = _SHAPES[shape]
    return kind, content(made, contact, sender)


def files(made: Made, contact: Contact | None, sender: str) -> Iterator[tuple[str, bytes]]:
    """A letter in all the shapes that it has, by name; in the place of one that cannot be made, the reason."""
    for name in names(made, contact):
        try:
            yield name, shaped(name, made, contact, sender)[1]
        except Refusal as error:
            yield f"{name}.missing.txt", refused(error).encode()


def names(made: Made, contact: Contact | None) -> list[str]:
    """The shapes that a letter has."""
    lacks = {
        "cover.pdf": made.cover is None,
        "reading-copy.pdf": made.gloss is None,
        "message.eml": contact is None or not email.can(contact),
    }
    return [name for name in NAMES if not lacks.get(name, False)]


def together(letters: Sequence[Made]) -> Response:
    """All letters of a person, each behind its cover, as one PDF to be printed at once."""
    sheets = [one for made in letters for one in (made.cover, made.letter) if one]
    answer = Response(house().printer.together(sheets), content_type=_PDF)
    answer.headers.set("Content-Disposition", "attachment", filename=TOGETHER)
    return answer


def pdf(letter: Letter | None, gloss: Gloss | None = None) -> bytes:
    """A letter as PDF; no page where there is none."""
    if letter is None:
        raise NotFound
    return house().printer.pdf(letter, gloss)


def forget(made: Made) -> None:
    """Keep no copy of a letter or of its cover in memory."""
    for letter in (made.letter, made.cover):
        if letter:
            house().printer.forget(letter)


def _reading(made: Made) -> bytes:
    """With its meaning beside it; not for sending."""
    return pdf(made.letter if made.gloss else None, made.gloss)


def _message(made: Made, contact: Contact | None, sender: str) -> bytes:
    """An unsent message for the person's own mail program."""
    if contact is None or not email.can(contact):
        raise NotFound
    return email.message(contact, made.letter, pdf(made.letter), sender)


_Shaped = Callable[[Made, Contact | None, str], bytes]
_PDF = "application/pdf"
_SHAPES: Mapping[str, tuple[str, _Shaped]] = {
    "letter.pdf": (_PDF, lambda made, *_: pdf(made.letter)),
    "reading-copy.pdf": (_PDF, lambda made, *_: _reading(made)),
    "cover.pdf": (_PDF, lambda made, *_: pdf(made.cover)),
    "letter.txt": ("text/plain; charset=utf-8", lambda made, *_: shapes.printed(made.letter).encode()),
    "message.eml": ("message/rfc822", _message),
}
#: What a file may be called, for the addresses that lead to it.
NAMES = tuple(_SHAPES)
TOGETHER = "letters.pdf"


def key_as_text(key: CaseKey) -> Response:
    """A case key as a file that says where it opens something, and not what."""
    where = url_for("cases.enter", _external=True)
    text = _("Keep this where only you look.") + f"\n\n{written(key)}\n\n{where}\n"
    answer = Response(text.encode(), content_type="text/plain; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="key.txt")
    return answer
