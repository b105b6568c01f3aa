"""All that the API can be asked: the one table that its addresses, its description and its page are made from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from flask import current_app
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel

from portal.law.catalogue import Catalogue
from portal.web.api import listing, reckoning, record
from portal.web.api.answers import RECORDS, DueAnswer, Entry, Paged, RouteAnswer, shape_of
from portal.web.api.questions import Page, Question, for_catalogue
from portal.web.api.record import Edition, EditionPage, RecordedOrganisations, RecordedTable, Versions
from portal.web.house import house
from portal.web.kinds import KINDS
from portal.web.words import Words

#: Where v1 is.
ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be asked: where, with which parameters, what comes back."""

    name: str
    path: str
    """Below ROOT."""
    summary: Words
    says: str
    question: type[Question]
    answer: type[BaseModel]
    make: Callable[..., BaseModel]
    """Takes the question, then what stands in the path."""
    example: Mapping[str, str] = field(default_factory=dict)
    example_path: Mapping[str, str] = field(default_factory=dict)
    shown: BaseModel | None = None
    """What comes back to the example, where that is made up: figures that are published change with each quarter."""
    unfit: bool = False
    """Whether parameters can be right each by itself and not go together."""

    @property
    def paged(self) -> bool:
        return issubclass(self.answer, Paged)

    @property
    def may_be_missing(self) -> bool:
        """Whether what is asked for need not be there."""
        return bool(self.example_path) or issubclass(self.question, Edition)


#: A record of each kind that is short, and shows what there is.
EXAMPLES: Mapping[str, str] = {
    "organisations": "findclone",
    "authorities": "at-dsb",
    "offices": "ca-rcmp-atip",
    "laws": "us-il-bipa",
    "deadlines": "eu-1m",
    "decisions": "cnil-2022-019",
    "rulings": "c-154-21",
    "jurisdictions": "at",
}


def operations() -> Mapping[str, Operation]:
    """The table by name, with what the catalogue of this application has; made at its first use."""
    known = current_app.extensions
    if "api" not in known:
        known["api"] = {one.name: one for one in _all(house().catalogue)}
    return cast(Mapping[str, Operation], known["api"])


def _all(catalogue: Catalogue) -> list[Operation]:
    route, due = for_catalogue(catalogue)
    return [
        Operation(
            "entry", "", _l("Where everything is"), "Where everything is, and how much of it there is.",
            Question, Entry, listing.entry,
        ),
        Operation(
            "route", "/route", _l("Who must answer, under which law, by when"),
            "All ways that the law gives in a situation, the most direct first, each with its reasons and their "
            "sources. A situation names nobody: where the person lives, whom it is about, what they want, and, where "
            "days are to be counted, what happened when. What is asked is not stored, and may be kept by nobody.",
            route, RouteAnswer, reckoning.route,
            example={"place": "at", "organisation": "clearview-ai", "right": "access", "received_on": "2027-01-31"},
            unfit=True,
        ),
        Operation(
            "due", "/due", _l("Count a day"),
            "The last day by a deadline rule, or by what a law says of a right, and how it was counted. Give either "
            "a rule, or a law and a right; and the day that the rule counts from. Of a law and a right come also the "
            "days by which they must confirm receipt, and by which an authority must answer, where the law knows "
            "them. What is asked is not stored, and may be kept by nobody.",
            due, DueAnswer, reckoning.due,
            example={"law": "eu-gdpr", "right": "access", "place": "at", "received_on": "2027-01-31"}, unfit=True,
        ),
        *(each for kind in RECORDS for each in _of_kind(kind)),
        *_of_record(),
    ]  # fmt: skip


def _of_record() -> Iterator[Operation]:
    yield Operation(
        "record_versions", "/record/versions", _l("The versions of the public record"),
        "A version closes a quarter, is published 30 days after its end at the earliest, and is never changed.",
        Question, Versions, record.versions, shown=record.some_versions(),
    )  # fmt: skip
    yield Operation(
        "record_organisations", "/record/organisations", _l("What organisations do"),
        "The organisations of which the public record shows something. Follow `next` until it is null.",
        EditionPage, RecordedOrganisations, record.organisations, example={"limit": "1"},
        shown=record.some_organisations(),
    )  # fmt: skip
    yield Operation(
        "record_table", "/record/organisations/{id}/{family}", _l("What an organisation does"),
        "One of its three tables: by quarter, by country, or by right. There is no other filter.",
        Edition, RecordedTable, record.table,
        example_path={"id": "clearview-ai", "family": "quarter"}, shown=record.some_table(),
    )  # fmt: skip


def _of_kind(kind: str) -> tuple[Operation, Operation]:
    shape, words = shape_of(kind), KINDS[kind]
    return (
        Operation(
            kind, f"/{kind}", words.title,
            "All of them, in the order of their ids, so many at a time. Follow `next` until it is null.",
            Page, shape.listing, partial(listing.page, kind), example={"limit": "1"},
        ),
        Operation(
            f"{kind}_one", f"/{kind}/{{id}}", words.one, "One of them.",
            Question, shape.answer, partial(_one, kind), example_path={"id": EXAMPLES[kind]},
        ),
    )  # fmt: skip


def _one(kind: str, _asked: Question, id_: str) -> BaseModel:
    return listing.one(kind, id_)
