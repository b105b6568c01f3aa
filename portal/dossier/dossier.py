"""What a dossier is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.law.records import Language
from portal.letters.letter import Letter


@dataclass(frozen=True, slots=True)
class Words:
    """The few words around a complaint and its exhibits, in its language."""

    chronology: str
    exhibits: str
    """What stands above the list of them."""
    exhibit: str
    """With `{n}`."""
    page: str
    """With `{page}` and `{pages}`."""
    complainants: str = ""
    """What stands above the list of those who complain together; where no such complaint is written, nothing."""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the chronology; `day` is written as the letter's language writes it."""

    day: str
    what: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Something that is shown to an authority: a letter of ours as it was made, or the bytes of another file.

    Of files JPEG, PNG, WebP and PDF are taken, told apart by what they hold.
    """

    title: str
    content: Letter | bytes


@dataclass(frozen=True, slots=True)
class Dossier:
    """A complaint to an authority with all that belongs to it; exhibits are numbered from 1 in their order.

    The cover introduces a complaint that is in another language than the authority's.
    """

    letter: Letter
    words: Words
    events: tuple[Event, ...]
    exhibits: tuple[Exhibit, ...]
    cover: Letter | None = None


@dataclass(frozen=True, slots=True)
class Joint:
    """A complaint of many: the letter that makes it for them all, then each one's own complaint with its exhibits.

    `people` are what each is called in the list, with their dossier.
    """

    letter: Letter
    words: Words
    people: tuple[tuple[str, Dossier], ...]


def words_of(language: Language, place: str) -> Words:
    """The words of a language as a country writes them: `de` in `AT`."""
    return Words(**{**language.dossier, **_of_country(language, place)})


def _of_country(language: Language, place: str) -> Mapping[str, str]:
    said = language.variants.get(place.partition("-")[0].upper(), {})
    mark = "dossier_"
    return {key.removeprefix(mark): word for key, word in said.items() if key.startswith(mark)}
