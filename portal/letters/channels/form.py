"""By a web form: what to paste into each of its fields."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.law.records import Contact, Form, FormField
from portal.letters import shapes
from portal.letters.letter import Letter

_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Pasted:
    """A field of the form, and the text for it; empty where the person answers for themselves."""

    field: FormField
    text: str
    cut: bool = False
    """The field is too small for it all."""


def can(contact: Contact) -> bool:
    """Whether a form is known."""
    return bool(contact.form)


def pasted(form: Form, letter: Letter, organisation: str, email: str) -> Iterator[Pasted]:
    """Each field of a known form with what to paste, cut to its length."""
    texts = {
        "sender": "\n".join((*letter.sender, *((email,) if email else ()))),
        "full_name": letter.signatory,
        "address": "\n".join(letter.sender[1:]),
        "email": email,
        "organisation": organisation,
        "short_text": shapes.short(letter),
    }
    for field in form.fields:
        whole = texts.get(field.fills, "")
        fits = field.max_chars is None or len(whole) <= field.max_chars
        text = whole if fits else whole[: (field.max_chars or 0) - 1].rstrip() + _ELLIPSIS
        yield Pasted(field, text, cut=not fits)
