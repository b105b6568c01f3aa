"""What the portal's staff and the person of a case say to each other, in the language of whoever reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases.saved import BlankKind, SavedMessage
from portal.cases.sharing import Readers
from portal.cases.thread import Content, Message
from portal.law.records import Authority, Organisation
from portal.web.house import house
from portal.web.journey import named, page_date
from portal.web.words import Words

#: Who may read a case: what is chosen, and what that means.
READERS: Mapping[Readers, tuple[Words, Words]] = {
    Readers.FILER: (
        _l("Only me"),
        _l("Staff see what is in the clear, and no name and no text. You can still write to each other."),
    ),
    Readers.STAFF: (
        _l("Me and the portal's staff"),
        _l("They can read your details, your letters, your notes and what you attach, until you take that back."),
    ),
}


@dataclass(frozen=True, slots=True)
class Named:
    """What a message names that the catalogue has a page of; `kind` is that of its address."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a page shows it; `title` is empty where it is no saved one."""

    from_staff: bool
    written_on: date
    seen: bool
    title: str
    paragraphs: tuple[str, ...]
    named: tuple[Named, ...] = ()


def as_shown(message: Message) -> Shown:
    """A message in the language of the page."""
    content = message.content
    if content is None:
        return _shown(message, "", _("This message was sealed to another key. It cannot be opened with this one."))
    if not content.saved:
        return _shown(message, "", content.text)
    saved = house().saved.get(content.saved)
    if saved is None:
        return _shown(message, "", _("The words of this message are no longer known here."))
    text = named(saved.text).format(**{name: _in_words(saved, name, content) for name in saved.blanks})
    paragraphs = tuple(text.split("\n\n"))
    return _shown(message, named(saved.title), *paragraphs, about=tuple(_named_in(saved, content)))


def _shown(message: Message, title: str, *paragraphs: str, about: tuple[Named, ...] = ()) -> Shown:
    return Shown(message.from_staff, message.written_on, message.seen, title, paragraphs, about)


def _in_words(saved: SavedMessage, name: str, content: Content) -> str:
    value = content.blanks.get(name, "")
    match saved.blanks[name].kind:
        case BlankKind.TEXT:
            return value
        case BlankKind.DAY:
            return page_date(date.fromisoformat(value))
        case BlankKind.ORGANISATION:
            return _name(house().catalogue.organisations, value)
        case BlankKind.AUTHORITY:
            return _name(house().catalogue.authorities, value)


def _name(records: Mapping[str, Organisation] | Mapping[str, Authority], id_: str) -> str:
    """As the catalogue has it; ids are never taken away, and one that is all the same stands for itself."""
    record = records.get(id_)
    return named(record.name) if record else id_


def _named_in(saved: SavedMessage, content: Content) -> Iterator[Named]:
    kinds = {BlankKind.ORGANISATION: "organisations", BlankKind.AUTHORITY: "authorities"}
    for name, blank in saved.blanks.items():
        id_ = content.blanks.get(name, "")
        if blank.kind in kinds:
            yield Named(kinds[blank.kind], id_, _in_words(saved, name, content))
