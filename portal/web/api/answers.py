"""What the API answers, as values that describe themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from portal.law.arguments import Argument, Ruling
from portal.law.deadlines import Counted
from portal.law.looks import Look
from portal.law.reasons import Reason
from portal.law.records import (
    Authority,
    Channel,
    Confidence,
    DeadlineRule,
    Decision,
    DueKind,
    Id,
    Jurisdiction,
    Law,
    Office,
    Organisation,
    Right,
    Tag,
    Words,
)
from portal.law.routing import Outcome

#: An address of this site, without its host.
Path = Annotated[str, Field(pattern=r"^/[!-~]*$")]


class Exact(BaseModel):
    """A value without a field that is not described."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)


class Answer(Exact):
    """What every answer begins with."""

    catalogue: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    """The version of the law data: a hash of all of them. The same version is the same law."""
    licence: Literal["CC0-1.0"] = "CC0-1.0"
    """The law data are free for everybody, without conditions."""
    language: Literal["en"] = "en"
    """The language of each text that does not stand under a language tag of its own."""


# What there is


class Kind(Exact):
    """A kind of record, and where all of them are."""

    kind: Id
    url: Path
    count: Annotated[int, Field(ge=0)]


class Entry(Answer):
    """Where everything is."""

    version: Literal["v1"] = "v1"
    documentation: Path
    openapi: Path
    route: Path
    due: Path
    kinds: tuple[Kind, ...]


# Records


class Item(Exact):
    """A record, with where it is as data and as a page for people."""

    url: Path
    page: Path


class Reachable(Item):
    """A record of somebody who can be reached."""

    look: Look | None
    """What somebody found who compared the address with the official page; of a body with an office for requests, the
    address of that office. None where nobody did, or too long ago. What is `wrong` should not be written to."""


class Paged(Exact):
    """A page of a list, in the order of the ids."""

    next: Path | None
    """Where the next page is; null on the last one. The same stands in the header `Link`."""


class List(Paged, Answer):
    """A page of records, in the order of their ids."""


#: By the word in the address, as the pages have it.
RECORDS: Mapping[str, type] = {
    "organisations": Organisation,
    "authorities": Authority,
    "offices": Office,
    "laws": Law,
    "deadlines": DeadlineRule,
    "decisions": Decision,
    "rulings": Ruling,
    "jurisdictions": Jurisdiction,
}
_REACHABLE = frozenset({Organisation, Authority, Office})
_ARGUMENTS = Field(description="What can be said under this law to what they reply, the strongest first.")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of record is answered as: alone, and in a list."""

    answer: type[Any]
    listing: type[Any]
    item: type[Any]


@cache
def shape_of(kind: str) -> Shape:
    """The models of a kind, called after its record: `LawAnswer`, `LawList`, `LawItem`.

    They are made when they are first asked for: it takes a moment, which nobody should wait for who starts a portal.
    """
    record = RECORDS[kind]
    name, base = record.__name__, Reachable if record in _REACHABLE else Item
    field = Field(description="The record, under the names that it has in its data file.")
    more: dict[str, Any] = {"arguments": (tuple[Argument, ...], _ARGUMENTS)} if record is Law else {}
    item = create_model(f"{name}Item", __base__=base, __doc__=base.__doc__, record=(record, field))
    answer: Any = create_model(f"{name}Answer", __base__=(item, Answer), __doc__="One record.", **more)
    many: Any = tuple[item, ...]
    listing: Any = create_model(f"{name}List", __base__=List, __doc__=List.__doc__, records=(many, Field()))
    return Shape(answer, listing, item)


# Dates


class OtherDay(Exact):
    """Another last day, by another reading of the law."""

    day: date
    why: Words


class Dated(Exact):
    """A last day, and how it was counted."""

    day: date
    """The last day on which the time is still kept."""
    start: date
    """The day from which time runs. It is not counted."""
    earliest: date
    """The earliest of `day` and the other days: up to it nobody can say that it was too late. Act by it."""
    latest: date
    """The latest of them: after it nobody can say that there was still time."""
    counted: Words
    """How it was counted, in a sentence."""
    steps: tuple[Counted, ...]
    """The same, step by step."""
    alternatives: tuple[OtherDay, ...]
    """The days that other readings of the law give, where it is open."""
    confidence: Confidence
    """Of the rule."""


class Ref(Exact):
    """A record, and where it is."""

    id: Id
    url: Path


class Purpose(StrEnum):
    """What must be done by a day: they answer or somebody complains; they confirm receipt; the authority answers."""

    ITSELF = "itself"
    ACKNOWLEDGEMENT = "acknowledgement"
    AUTHORITY_ANSWER = "authority_answer"


class NoDay(StrEnum):
    """Why there is no day: the law sets no time; it was put off without an end; what it counts from was not given."""

    NO_TIME = "no_time"
    OPEN_END = "open_end"
    NO_START = "no_start"


class DueDate(Exact):
    """A day by a rule."""

    purpose: Purpose
    rule: Ref
    kind: DueKind
    due: Dated | None
    no_day: NoDay | None
    """Why `due` is null."""
    confidence: Confidence
    """Of the rule, and of that it covers this right. `check`: nobody has compared it with the official text."""
    basis_in_law: str
    sources: tuple[str, ...]


class DueAnswer(Answer):
    """When something is due, by a rule or by what a law says of a right."""

    law: Ref | None
    right: Right | None
    dates: Annotated[tuple[DueDate, ...], Field(min_length=1)]


# Routes


class Way(Exact):
    """One way to go: under which law, to whom, in which language, by when, and why."""

    way: Id
    """What this way is called: its law, `first-` before it where the organisation comes before the authority, or
    `voluntary`."""
    outcome: Outcome
    right: Right
    law: Ref | None
    other_laws: tuple[Ref, ...]
    """Laws that stand beside it."""
    to_organisation_first: bool
    """A complaint to the organisation itself, which the authority expects to see before its own."""
    addressee: Ref | None
    """Whom the letter goes to."""
    authority: Ref | None
    """Who polices it, or decides the appeal."""
    channels: tuple[Channel, ...]
    """How the addressee takes letters."""
    language_letter: Tag | None
    language_complaint: Tag | None
    deadline: Ref
    """The rule by which time is counted; `none` where no law sets a time."""
    due_kind: DueKind | None
    due: Dated | None
    """Null where the dates that time is counted from were not given, or where there is no last day."""
    confidence: Confidence
    """Of the whole way. `check`: something in it nobody has compared with the official text."""
    before: Words
    """What must be done first."""
    next: tuple[Right, ...]
    """What can be asked instead, or after it."""
    reasons: tuple[Reason, ...]
    """Why, each with its source, and what to know of it."""


class OpenQuestion(Exact):
    """A question whose answer yes would open another way."""

    parameter: Annotated[str, Field(pattern="^[a-z0-9_]+$")]
    """Ask again with this parameter."""
    text: Words
    if_not: Words
    """What somebody who answers no can do."""
    source: str
    confidence: Confidence


class RouteAnswer(Answer):
    """All ways that the law gives, the most direct first."""

    place: Id
    organisation: Ref
    right: Right
    options: Annotated[tuple[Way, ...], Field(min_length=1)]
    question: OpenQuestion | None


# What went wrong


class Mistake(Exact):
    """What is wrong with a parameter."""

    parameter: Annotated[str, Field(max_length=100)]
    """Its name."""
    detail: str
    """What to do."""


class Problem(Exact):
    """What went wrong, as RFC 9457 has it."""

    type: Path
    """What kind of problem it is, for ever; it leads to where it is explained."""
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    """What to do."""
    errors: tuple[Mistake, ...] = ()
    """Each parameter that is wrong."""
