"""The letter that answers what an organisation has answered, or that it has not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.law.arguments import Argument, Citation, Reply, Strength
from portal.law.catalogue import Catalogue
from portal.law.records import Cite, Confidence
from portal.letters import blocks
from portal.letters.compose import (
    NoLetter,
    Request,
    Templates,
    authority_named,
    compose,
    day_in_words,
    legal_basis,
    variant_of,
)
from portal.letters.letter import Letter

#: The languages in which replies are written: the arguments are in English so far.
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Dates:
    """What a case tells of the request that was answered."""

    asked: date
    received: date | None = None
    answered: date | None = None


def reply(catalogue: Catalogue, templates: Templates, request: Request, argument: Argument, dates: Dates) -> Letter:
    """The letter with an argument: what happened, what the law says, what that rests on, what is asked, what follows.

    `request` is that of the first letter. Only what is confirmed is cited, with what became of it. Raises NoLetter
    where there is nothing to argue.
    """
    if argument.strength is Strength.NONE:
        raise NoLetter("there is nothing to argue here: the data hold advice instead")
    mine = replace(request, language=LANGUAGE)
    source = templates.render("shared", "reply", LANGUAGE, _context(catalogue, mine, argument, dates))
    given = {name: blocks.fold(request.sender.details.get(name, "")) for name in ("full_name", "email")}
    body = blocks.fill(blocks.parse(source), given)
    return compose(catalogue, templates, replace(mine, text=blocks.text(body)))


def _context(catalogue: Catalogue, request: Request, argument: Argument, dates: Dates) -> Mapping[str, Any]:
    language = catalogue.languages[LANGUAGE]
    variant = variant_of(catalogue, language, request.situation.place)
    days = {"asked_on": dates.asked, "received_on": dates.received, "answered_on": dates.answered}
    return {
        **{name: day_in_words(day, variant) if day else "" for name, day in days.items()},
        "reply": argument.reply.value,
        "silent": argument.reply is Reply.NO_ANSWER,
        "basis": legal_basis(catalogue, request.option, LANGUAGE),
        "argument": argument.text[LANGUAGE],
        "articles": "; ".join(argument.articles),
        "rests_on": tuple(citations(catalogue, argument, variant)),
        "demands": tuple(demand[LANGUAGE] for demand in argument.demands),
        "authority": authority_named(catalogue, request.option.regulator, language),
    }


def citations(catalogue: Catalogue, argument: Argument, variant: Mapping[str, str]) -> Iterator[str]:
    """What a letter may cite for an argument: each with body, number, date and, where it is not final, its status."""
    for one in argument.rests_on:
        cited = _decision(catalogue, one) if one.decision else _ruling(catalogue, one, variant)
        if cited:
            at = f", {one.at}" if one.at and one.confidence is Confidence.CERTAIN else ""
            yield cited + at


def _decision(catalogue: Catalogue, one: Citation) -> str:
    decision = catalogue.decisions[one.decision]
    return "" if decision.cite is Cite.NO else decision.cited.get(LANGUAGE, "")


def _ruling(catalogue: Catalogue, one: Citation, variant: Mapping[str, str]) -> str:
    """Empty where nobody has confirmed it."""
    ruling = catalogue.rulings[one.ruling]
    if ruling.confidence is not Confidence.CERTAIN or LANGUAGE not in ruling.cited:
        return ""
    day = f", {_day(ruling.day, variant)}" if ruling.day and "day" not in ruling.check else ""
    return f"{ruling.cited[LANGUAGE]}{day}{f' ({ruling.status})' if ruling.status else ''}"


def _day(day: str, variant: Mapping[str, str]) -> str:
    """A date in words; a year and a month as they are."""
    return day_in_words(date.fromisoformat(day), variant) if len(day) == len("2026-11-23") else day
