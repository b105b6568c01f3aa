"""The letter that answers what an organisation has answered, or that it has not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.law.arguments import Argument, Citation, Reply, Strength
from portal.law.catalogue import Catalogue
from portal.law.records import Cite, Confidence
from portal.letters import blocks
from portal.letters.blocks import Body
from portal.letters.compose import (
    NoLetter,
    Request,
    Templates,
    authority_named,
    compose,
    day_in_words,
    legal_basis,
    meant,
    variant_of,
    wanted_language,
)
from portal.letters.kept import Made
from portal.letters.letter import Gloss

_PARAGRAPHS = "paras "


@dataclass(frozen=True, slots=True)
class Dates:
    """What a case tells of the request that was answered."""

    asked: date
    received: date | None = None
    answered: date | None = None


def written_in(catalogue: Catalogue, templates: Templates, request: Request, argument: Argument) -> str:
    """The language of the reply: the addressee's where it is written, else English."""
    wanted = wanted_language(request.option)
    return wanted if wanted in languages(templates, argument) and _cites(catalogue, request, wanted) else "en"


def languages(templates: Templates, argument: Argument) -> frozenset[str]:
    """The languages in which all that an argument says is written."""
    texts = (argument.text, *argument.demands)
    whole = {language for language in argument.text if all(language in text for text in texts)}
    return frozenset(whole & templates.languages("shared", "reply") & {"en", *argument.articles_in})


def _cites(catalogue: Catalogue, request: Request, language: str) -> bool:
    """Whether the law of the first letter can be cited in a language."""
    try:
        return bool(legal_basis(catalogue, request.option, language) or request.option.law is None)
    except NoLetter:
        return False


def reply(
    catalogue: Catalogue, templates: Templates, request: Request, argument: Argument, dates: Dates, reader: str = "en"
) -> Made:
    """The letter with an argument, and what it means in the reader's language where that is another.

    It says what happened, what the law says, what that rests on, what is asked and what follows. `request` is that of
    the first letter. Only what is confirmed is cited, with what became of it. Raises NoLetter where there is
    nothing to argue.
    """
    if argument.strength is Strength.NONE or argument.of_authority:
        raise NoLetter("there is nothing to argue with the organisation here: the data hold advice instead")
    language = written_in(catalogue, templates, request, argument)
    own = _body(catalogue, templates, replace(request, language=language), argument, dates)
    letter = compose(catalogue, templates, replace(request, language=language, text=blocks.text(own)))
    readable = reader != language and reader in languages(templates, argument) and _cites(catalogue, request, reader)
    gloss: Gloss | None = None
    if readable:
        gloss = meant(own, _body(catalogue, templates, replace(request, language=reader), argument, dates), reader)
    return Made(letter, gloss=gloss)


def _body(catalogue: Catalogue, templates: Templates, request: Request, argument: Argument, dates: Dates) -> Body:
    source = templates.render("shared", "reply", request.language, _context(catalogue, request, argument, dates))
    given = {name: blocks.fold(request.sender.details.get(name, "")) for name in ("full_name", "email")}
    return blocks.fill(blocks.parse(source), given)


def _context(catalogue: Catalogue, request: Request, argument: Argument, dates: Dates) -> Mapping[str, Any]:
    language = catalogue.languages[request.language]
    variant = variant_of(catalogue, language, request.situation.place)
    days = {"asked_on": dates.asked, "received_on": dates.received, "answered_on": dates.answered}
    return {
        **{name: day_in_words(day, variant) if day else "" for name, day in days.items()},
        "reply": argument.reply.value,
        "silent": argument.reply is Reply.NO_ANSWER,
        "basis": legal_basis(catalogue, request.option, request.language),
        "argument": argument.text[request.language],
        "articles": "; ".join(argument.articles_in.get(request.language, argument.articles)),
        "rests_on": tuple(citations(catalogue, argument, request.language, variant)),
        "demands": tuple(demand[request.language] for demand in argument.demands),
        "authority": authority_named(catalogue, request.option.regulator, language),
    }


def citations(catalogue: Catalogue, argument: Argument, language: str, variant: Mapping[str, str]) -> Iterator[str]:
    """What a letter may cite for an argument: each with body, number, date and, where it is not final, its status."""
    paragraphs = catalogue.languages[language].paragraphs
    for one in argument.rests_on:
        cited = _decision(catalogue, one, language) if one.decision else _ruling(catalogue, one, language, variant)
        if cited:
            certain = one.at and one.confidence is Confidence.CERTAIN
            yield f"{cited}, {paragraphs.format(n=one.at.removeprefix(_PARAGRAPHS))}" if certain else cited


def _decision(catalogue: Catalogue, one: Citation, language: str) -> str:
    decision = catalogue.decisions[one.decision]
    return "" if decision.cite is Cite.NO else decision.cited.get(language, decision.cited.get("en", ""))


def _ruling(catalogue: Catalogue, one: Citation, language: str, variant: Mapping[str, str]) -> str:
    """Empty where nobody has confirmed it. What became of it is known in English alone, and so is it then cited."""
    ruling = catalogue.rulings[one.ruling]
    if ruling.confidence is not Confidence.CERTAIN:
        return ""
    cited = ruling.cited["en"] if ruling.status else ruling.cited.get(language, ruling.cited["en"])
    day = f", {_day(ruling.day, variant)}" if ruling.day and "day" not in ruling.check else ""
    return f"{cited}{day}{f' ({ruling.status})' if ruling.status else ''}"


def _day(day: str, variant: Mapping[str, str]) -> str:
    """A date in words; a year and a month as they are."""
    return day_in_words(date.fromisoformat(day), variant) if len(day) == len("2026-11-23") else day
