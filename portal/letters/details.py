"""The details of a person that letters ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    LINE = "line"
    LINES = "lines"
    """Several lines, each kept: an address."""
    WORDS = "words"
    """Free text of paragraphs."""
    DAY = "day"
    EMAIL = "email"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail: how long it may be, whether it stands in the table that identifies the person, and its choices."""

    kind: Kind
    longest: int
    identifies: bool = False
    choices: tuple[str, ...] = ()
    autocomplete: str = ""
    of_one: bool = False
    """Whether it is between the person and one organisation: what happened with it, when, its own numbers."""


DETAILS: Mapping[str, Detail] = {
    "full_name": Detail(Kind.LINE, 300, identifies=True, autocomplete="name"),
    "other_names": Detail(Kind.LINE, 300, identifies=True),
    "date_of_birth": Detail(Kind.DAY, 10, identifies=True, autocomplete="bday"),
    "place_of_birth": Detail(Kind.LINE, 200, identifies=True),
    "address": Detail(Kind.LINES, 500, identifies=True, autocomplete="street-address"),
    "email": Detail(Kind.EMAIL, 254, identifies=True, autocomplete="email"),
    "phone": Detail(Kind.LINE, 40, identifies=True, autocomplete="tel"),
    "photo_links": Detail(Kind.LINES, 3_000, identifies=True),
    "accounts": Detail(Kind.LINE, 500, identifies=True),
    "events": Detail(Kind.WORDS, 2_000, identifies=True, of_one=True),
    "reference": Detail(Kind.LINE, 100, identifies=True, of_one=True),
    "grounds": Detail(Kind.WORDS, 3_000),
    "facts": Detail(Kind.WORDS, 8_000, of_one=True),
    "answer": Detail(Kind.CHOICE, 20, choices=("none", "refused", "incomplete", "not_asked"), of_one=True),
    "request_sent_on": Detail(Kind.DAY, 10, of_one=True),
    "received_on": Detail(Kind.DAY, 10, of_one=True),
    "answered_on": Detail(Kind.DAY, 10, of_one=True),
    "access_answered_on": Detail(Kind.DAY, 10, of_one=True),
    "complained_on": Detail(Kind.DAY, 10, of_one=True),
    "review_asked_on": Detail(Kind.DAY, 10, of_one=True),
    "review_answered_on": Detail(Kind.DAY, 10, of_one=True),
    "determined_on": Detail(Kind.DAY, 10, of_one=True),
    "known_on": Detail(Kind.DAY, 10, of_one=True),
    "conduct_on": Detail(Kind.DAY, 10, of_one=True),
    "date_from": Detail(Kind.DAY, 10),
    "records_wanted": Detail(Kind.WORDS, 3_000),
    "fee_category": Detail(Kind.CHOICE, 20, choices=("other", "media", "educational")),
    "fee_ceiling": Detail(Kind.LINE, 20),
    "fee_waiver_reasons": Detail(Kind.WORDS, 2_000),
    "expedite_reasons": Detail(Kind.WORDS, 2_000),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A detail that one letter asks for."""

    name: str
    optional: bool

    @property
    def detail(self) -> Detail:
        return DETAILS[self.name]


def asked(names: Iterable[str]) -> tuple[Asked, ...]:
    """Read `("full_name", "email?")`, each name once, demanded where any mention demands it.

    Raises KeyError for a detail that is not in the table.
    """
    wanted: dict[str, bool] = {}
    for name in names:
        bare = name.removesuffix("?")
        wanted[bare] = wanted.get(bare, True) and name.endswith("?")
    return tuple(Asked(name, optional) for name, optional in wanted.items() if DETAILS[name])


def lines_of(value: str) -> tuple[str, ...]:
    """The lines of a text that have something on them: those of an address."""
    return tuple(line.strip() for line in value.splitlines() if line.strip())


def together(own: Iterable[Asked], others: Iterable[Asked]) -> tuple[Asked, ...]:
    """What one letter asks for, then what the same to others needs; of that nothing that is of one alone."""
    needed = [*own, *(one for one in others if not one.detail.of_one)]
    return asked(f"{one.name}?" if one.optional else one.name for one in needed)
