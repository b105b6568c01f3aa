"""All that the API can be asked: the one table that its addresses, its description and its page are made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from flask import current_app
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel

from portal.law.catalogue import Catalogue
from portal.web.api import listing, reckoning
from portal.web.api.answers import RECORDS, DueAnswer, Entry, List, RouteAnswer, shape_of
from portal.web.api.questions import Page, Question, for_catalogue
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
    make: Callable[[Any, str], BaseModel]
    example: Mapping[str, str] = field(default_factory=dict)
    example_id: str = ""
    unfit: bool = False
    """Whether parameters can be right each by itself and not go together."""

    @property
    def paged(self) -> bool:
        return issubclass(self.answer, List)

    @property
    def of_record(self) -> bool:
        return "{id}" in self.path


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
            Question, Entry, lambda asked, _id: listing.entry(asked),
        ),
        Operation(
            "route", "/route", _l("Who must answer, under which law, by when"),
            "All ways that the law gives in a situation, the most direct first, each with its reasons and their "
            "sources. A situation names nobody: where the person lives, whom it is about, what they want, and, where "
            "days are to be counted, what happened when. What is asked is not stored, and may be kept by nobody.",
            route, RouteAnswer, lambda asked, _id: reckoning.route(asked),
            example={"place": "at", "organisation": "clearview-ai", "right": "access", "received_on": "2027-01-31"},
            unfit=True,
        ),
        Operation(
            "due", "/due", _l("Count a day"),
            "The last day by a deadline rule, or by what a law says of a right, and how it was counted. Give either "
            "a rule, or a law and a right; and the day that the rule counts from. Of a law and a right come also the "
            "days by which they must confirm receipt, and by which an authority must answer, where the law knows "
            "them. What is asked is not stored, and may be kept by nobody.",
            due, DueAnswer, lambda asked, _id: reckoning.due(asked),
            example={"law": "eu-gdpr", "right": "access", "place": "at", "received_on": "2027-01-31"}, unfit=True,
        ),
        *(each for kind in RECORDS for each in _of_kind(kind)),
    ]  # fmt: skip


def _of_kind(kind: str) -> tuple[Operation, Operation]:
    shape, words = shape_of(kind), KINDS[kind]
    return (
        Operation(
            kind, f"/{kind}", words.title,
            "All of them, in the order of their ids, so many at a time. Follow `next` until it is null.",
            Page, shape.listing, partial(_page, kind), example={"limit": "1"},
        ),
        Operation(
            f"{kind}_one", f"/{kind}/{{id}}", words.one, "One of them.",
            Question, shape.answer, partial(_one, kind), example_id=EXAMPLES[kind],
        ),
    )  # fmt: skip


def _page(kind: str, asked: Page, _id: str) -> BaseModel:
    return listing.page(kind, asked)


def _one(kind: str, _asked: Question, id_: str) -> BaseModel:
    return listing.one(kind, id_)
