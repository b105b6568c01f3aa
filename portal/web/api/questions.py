"""What the API can be asked: the parameters, each with what it may be."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, create_model
from pydantic_core import ErrorDetails, PydanticCustomError
from werkzeug.datastructures import MultiDict

from portal.law.catalogue import Catalogue
from portal.law.places import countries
from portal.law.records import Event, Id, Reach, Right
from portal.web.api.answers import Mistake

#: Years that calendars are known for.
_DAY = r"^(19[7-9][0-9]|20[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_MOST = 100
#: So many values can be told in a sentence.
_FEW = 12


class BadQuestion(ValueError):
    """Parameters that cannot be read, or do not go together: `fits` tells which."""

    def __init__(self, errors: Iterable[Mistake], fits: bool = False) -> None:
        super().__init__("a question that cannot be answered")
        self.errors = tuple(errors)
        self.fits = fits


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(_DAY, value, re.ASCII):
        raise PydanticCustomError("day", "Write a day from 1970 to 2099 as 2027-01-31.")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("day", "There is no such day.") from error


def _flag(value: object) -> object:
    if value not in (True, False, "true", "false"):
        raise PydanticCustomError("flag", "Write true or false.")
    return value in (True, "true")


def _number(value: object) -> object:
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or not re.fullmatch("[1-9][0-9]{0,2}", value, re.ASCII) or int(value) > _MOST:
        raise PydanticCustomError("number", "Write a number from 1 to 100.")
    return int(value)


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": _DAY, "examples": ["2027-01-31"]}),
]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Count = Annotated[int, BeforeValidator(_number), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _MOST})]


# Questions


class Question(BaseModel):
    """Nothing: an address that takes no parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)


class Page(Question):
    """Which part of a list."""

    after: Id | None = None
    """The id of the last record that you have: those after it come. Use `next` of an answer."""
    limit: Count = 20
    """How many records at most."""


class Dates(Question):
    """What happened, and when."""

    received_on: Day | None = None
    """The day on which they received the letter."""
    conduct_on: Day | None = None
    """The day on which it happened."""
    known_on: Day | None = None
    """The day on which the person learned of it."""
    refused_on: Day | None = None
    """The day of their refusal."""
    refusal_received_on: Day | None = None
    """The day on which the person received their refusal."""
    determined_on: Day | None = None
    """The day on which the matter was determined, as some laws have it."""
    extension_notice_on: Day | None = None
    """The day on which they told the person that they need longer."""
    extension_reasoned: Flag | None = None
    """Whether they gave reasons for that. Without it: yes."""

    @property
    def events(self) -> Mapping[Event, date]:
        """The dates that a clock may count from."""
        found = {event: getattr(self, event.value, None) for event in Event}
        return {event: day for event, day in found.items() if day}


class RouteFacts(Question):
    """Who lives where and wants what of whom."""

    place: Id = Field(examples=["at"])
    """Where the person lives: a country by its two letters of ISO 3166-1, or a part of one that has law or
    authorities of its own, as `jurisdictions` has them."""
    organisation: Id = Field(examples=["clearview-ai"])
    """Whom it is about."""
    right: Right = Field(examples=["access"])
    """What the person wants."""


class Route(Dates, RouteFacts):
    """A situation that names nobody."""

    @property
    def answers(self) -> Mapping[str, bool]:
        """What was answered to the questions that laws ask."""
        known = {*Route.model_fields}
        return {name: value for name, value in self if name not in known and value is not None}


class DueFacts(Question):
    """By what a day is counted, and whose holidays count."""

    rule: Id | None = Field(None, examples=["eu-1m"])
    """The deadline rule. Leave it out where you give a law and a right."""
    law: Id | None = None
    """The law. It needs a right."""
    right: Right | None = None
    """What the law gives. It needs a law."""
    place: Id | None = Field(None, examples=["at"])
    """Whose public holidays count: those of where the person lives, or, where the law follows the organisation, of
    where that is. Needed by rules whose `calendar` is a side."""
    reply_due: Day | None = None
    """The day on which the time to answer ended."""


class Due(Dates, DueFacts):
    """A rule, or a law and a right; the dates that it counts from."""


def for_catalogue(catalogue: Catalogue) -> tuple[type[Route], type[Due]]:
    """The same, that take nothing but what is in the catalogue; with the questions that its laws ask."""
    places = _closed("Place", _places(catalogue))
    route = _narrowed(Route, place=places, organisation=_closed("OrganisationId", catalogue.organisations))
    asked: dict[str, Any] = {reach.needs: (Flag | None, _asked(reach)) for reach in questions(catalogue)}
    due = _narrowed(
        Due,
        rule=_closed("DeadlineRuleId", catalogue.deadlines) | None,
        law=_closed("LawId", catalogue.laws) | None,
        place=places | None,
    )
    return create_model("Route", __base__=route, **asked), due


def questions(catalogue: Catalogue) -> Iterator[Reach]:
    """The reaches of the laws that ask the person something, one a question."""
    found = {reach.needs: reach for law in catalogue.laws.values() for reach in law.reach if reach.needs}
    yield from found.values()


def _asked(reach: Reach) -> Any:
    return Field(None, description=f"{reach.question['en']} Some law applies only where the answer is yes.")


def _places(catalogue: Catalogue) -> list[str]:
    known = {*countries("en"), *catalogue.jurisdictions}
    return sorted(place for place in known if catalogue.exists(place))


def _closed(name: str, values: Iterable[str]) -> Any:
    return StrEnum(name, {value: value for value in sorted(values)})


def _narrowed(model: Any, **types: Any) -> Any:
    """A question with some of its parameters restricted to what there is."""
    fields: dict[str, Any] = {name: (type_, copy(model.model_fields[name])) for name, type_ in types.items()}
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, **fields)


# Reading

Asked = TypeVar("Asked", bound=Question)


def read(model: type[Asked], given: MultiDict[str, str]) -> Asked:
    """The parameters of an address as a question.

    A parameter that is not known, is given twice or cannot be read is refused with what to do: nothing is passed
    over. Raises BadQuestion.
    """
    twice = [name for name, values in given.lists() if len(values) > 1]
    if twice:
        raise BadQuestion(Mistake(parameter=name[:100], detail="Give it once.") for name in twice)
    try:
        return model.model_validate(given.to_dict())
    except ValidationError as error:
        raise BadQuestion(_mistake(model, one) for one in error.errors(include_url=False)) from error


def _mistake(model: type[Question], error: ErrorDetails) -> Mistake:
    return Mistake(parameter=str(error["loc"][0])[:100], detail=_cure(model, error))


def _cure(model: type[Question], error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return "It is missing: give it."
        case "extra_forbidden" if model.model_fields:
            known = ", ".join(model.model_fields)
            return f"This address knows no such parameter: correct its spelling, or leave it out. It knows {known}."
        case "extra_forbidden":
            return "This address takes no parameters: leave it out."
        case "enum":
            return _one_of(error["ctx"]["expected"])
        case "day" | "flag" | "number" | "version":
            return error["msg"]
        case _:
            return "Write it in small letters, digits and hyphens, as in eu-gdpr."


def _one_of(expected: str) -> str:
    """What may be chosen, where that can be told in a sentence."""
    values = re.findall("'([^']*)'", expected)
    if len(values) <= _FEW:
        return f"Choose one of {', '.join(values)}."
    return f"Choose one of the {len(values)} values that /api/v1/openapi.json lists, such as {values[0]}."
