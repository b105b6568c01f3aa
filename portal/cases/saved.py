"""What staff write often, as data: a text in each language of the pages, with blanks."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from pathlib import Path
from string import Formatter

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from portal.law.catalogue import Catalogue
from portal.law.files import BadData, records
from portal.law.records import Words

#: The folder below the data.
FOLDER = "messages"
#: Of what is filled into a text.
LONGEST_BLANK = 200
_EXACT = ConfigDict(extra="forbid")


class BlankKind(StrEnum):
    """What a blank is filled with, which decides how a reader sees it."""

    TEXT = "text"
    """Words, as they are typed; the same in every language, so names and numbers."""
    DAY = "day"
    """A date: 2027-01-31."""
    ORGANISATION = "organisation"
    """An id of the catalogue; shown by its name, with a way to its page."""
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Blank:
    """`label` is what staff are asked for."""

    kind: BlankKind
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class SavedMessage:
    """A message; its text has `{names}` of its blanks, and an empty line between paragraphs."""

    id: str
    title: Words
    text: Words
    blanks: Mapping[str, Blank] = field(default_factory=dict)


class NotFilled(ValueError):
    """Blanks of a message cannot be filled so; `blanks` has their names."""

    def __init__(self, blanks: tuple[str, ...]) -> None:
        super().__init__(f"fill in as their kind asks: {', '.join(blanks)}")
        self.blanks = blanks


def load(folder: Path) -> Mapping[str, SavedMessage]:
    """All of them, by id. Raises BadData, as the law does."""
    unread: list[str] = []
    found = dict(records(folder / FOLDER, SavedMessage, unread))
    if unread:
        raise BadData("\n".join(unread))
    return found


def slugs(messages: Mapping[str, SavedMessage]) -> frozenset[str]:
    """Their ids as the list of all that were ever released has them: threads lean on them."""
    return frozenset(f"{FOLDER}/{id_}" for id_ in messages)


def missing(messages: Mapping[str, SavedMessage], languages: Collection[str]) -> Iterator[str]:
    """What a message lacks in a language of the pages; a sentence with file, key and cure."""
    for id_, one in messages.items():
        file = f"{FOLDER}/{id_}.toml"
        worded = {"title": one.title, "text": one.text}
        worded |= {f"blanks.{name}.label": blank.label for name, blank in one.blanks.items()}
        for key, words in worded.items():
            for language in languages:
                if not words.get(language, "").strip():
                    yield f"{file}: key “{key}.{language}” is missing: add it"
        for language, text in one.text.items():
            for name in sorted(_named(text) ^ {*one.blanks}):
                said = "is not among “blanks”" if name in _named(text) else "does not stand in it"
                yield f"{file}: key “text.{language}”: {{{name}}} {said}: the same blanks in every language"


def _named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def filled(message: SavedMessage, values: Mapping[str, str], catalogue: Catalogue) -> Mapping[str, str]:
    """What its blanks hold, white space at the ends taken off.

    Raises NotFilled where one is empty, longer than LONGEST_BLANK, or not of its kind.
    """
    given = {name: values.get(name, "").strip() for name in message.blanks}
    wrong = tuple(name for name, blank in message.blanks.items() if not _fits(blank.kind, given[name], catalogue))
    if wrong:
        raise NotFilled(wrong)
    return given


def _fits(kind: BlankKind, value: str, catalogue: Catalogue) -> bool:
    match kind:
        case BlankKind.TEXT:
            return 0 < len(value) <= LONGEST_BLANK
        case BlankKind.DAY:
            return _is_day(value)
        case BlankKind.ORGANISATION:
            return value in catalogue.organisations
        case BlankKind.AUTHORITY:
            return value in catalogue.authorities


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
