"""A composed letter: everything that stands on the paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.law.layout import Layout as Layout
from portal.letters.blocks import Body


@dataclass(frozen=True, slots=True)
class Labels:
    """The few words around a letter, in its language."""

    subject: str
    my_reference: str
    enclosures: str
    page: str
    """With `{page}` and `{pages}`."""
    signature: str
    date: str
    colon: str = ":"
    """With the space that a language puts before it."""
    your_reference: str = ""


@dataclass(frozen=True, slots=True)
class Gloss:
    """What each block of a body means, in the reader's language."""

    language: str
    subject: str
    meanings: tuple[str, ...]
    """One for each block, empty where the block is the person's own words."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, filled: no slot is left in its body, only blanks for ink.

    `language` is a BCP 47 tag. `sender` and `addressee` are the lines of an envelope. `day` is the date on the
    letter, `written_day` the same as this language writes it.
    """

    language: str
    sender: tuple[str, ...]
    addressee: tuple[str, ...]
    day: date
    written_day: str
    salutation: str
    body: Body
    close: str
    signatory: str
    labels: Labels
    reference: str = ""
    their_reference: str = ""
    """The number that the addressee has given the matter."""
    layout: Layout = Layout.A4_LEFT
    to_sign: Body | None = None
    """A page of its own to sign: an authority, a parent's declaration."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What a machine may read of it: law, articles, right, rule. Nothing about the person."""
