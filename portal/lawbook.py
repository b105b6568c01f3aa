"""Everything about one law in one document, for a lawyer to read and to mark up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import partial
from typing import Any

from jinja2 import Environment

from portal.law.arguments import Argument, Citation, Ruling
from portal.law.catalogue import Catalogue
from portal.law.places import countries
from portal.law.records import Confidence, DeadlineRule, Decision, Jurisdiction, Law, Reach
from portal.law.review import Finding, findings
from portal.law.routing import rule_of
from portal.letters.blocks import Body, Ink, Line, Slot, parse
from portal.letters.completeness import all_served, rules_told
from portal.letters.compose import Templates
from portal.letters.unfilled import Unfilled, unfilled
from portal.web import words
from portal.web.counting import in_words, time_of

_TEMPLATE = "lawbook/law.html"
#: What nobody needs to look at: where a record lies, and in which order the pages show it.
_HIDDEN = frozenset({"id", "rank", "letters", "rights", "reach", "asks"})


@dataclass(frozen=True, slots=True)
class LetterOf:
    """The letters that a right is asked for with, one in each language."""

    title: str
    letters: tuple[Unfilled, ...]
    asks: tuple[str, ...]


def of_law(env: Environment, catalogue: Catalogue, templates: Templates, law: Law, today: date) -> str:
    """One page of HTML that needs nothing else, in English, with each letter in its own language."""
    gathered = {
        **_of_itself(catalogue, law),
        "rules": [(rule, [*in_words(rule)]) for rule in _rules(catalogue, law)],
        "letters": [*_letters(catalogue, templates, law)],
        "mandates": [*_mandates(templates, law)],
        "replies": catalogue.replies(law.id),
        "decisions": _decisions(catalogue, law),
        "rulings": _rulings(catalogue, law),
    }
    words_of_ours = {"words": words, "CHECK": Confidence.CHECK, "text": _text}
    ways = {
        "told": told,
        "rows": partial(rows, catalogue),
        "runs": runs,
        "time_of": time_of,
        "shape": lambda block: type(block).__name__,
    }
    page = env.get_template(_TEMPLATE).render(
        law=law,
        today=today,
        catalogue=catalogue,
        open_questions=[*_open(catalogue, law, today)],
        **gathered,
        **words_of_ours,
        **ways,
    )
    return page.lstrip()


# What belongs to it


def _of_itself(catalogue: Catalogue, law: Law) -> Mapping[str, Any]:
    """Where it is law, whom it reaches, what stands beside it, who watches over it."""
    return {
        "place": catalogue.jurisdictions[law.jurisdiction],
        "reach": [(one, _conditions(catalogue, one)) for one in law.reach],
        "supported": _supported(catalogue, law),
        "transposed": _transposed(catalogue, law),
        "authorities": _authorities(catalogue, law),
        "rule_of": {right: rule_of(law, right) for right in law.rights},
    }


def _rules(catalogue: Catalogue, law: Law) -> list[DeadlineRule]:
    """Every deadline rule that the law, its letters or its arguments name, in the order in which they name them."""
    named = [law.deadline, *(rule_of(law, right) for right in law.rights)]
    named += [given.deadline for given in law.rights.values()]
    named += [given.first.deadline for given in law.rights.values() if given.first]
    named += [rule for one in all_served(catalogue) if one.law is law for rule in rules_told(catalogue, one)]
    named += [rule for one in _arguments(catalogue, law) for rule in _rules_of(one)]
    return [catalogue.deadlines[rule] for rule in dict.fromkeys(named) if rule]


def _rules_of(argument: Argument) -> tuple[str, ...]:
    return (argument.next.deadline, *argument.next.deadline_of.values())


def _decisions(catalogue: Catalogue, law: Law) -> list[Decision]:
    """Those under it and those that an argument rests on, the newest first."""
    cited = {one.decision for one in _cited(catalogue, law)}
    found = (one for one in catalogue.decisions.values() if law.id in one.laws or one.id in cited)
    return sorted(found, key=lambda one: one.day, reverse=True)


def _rulings(catalogue: Catalogue, law: Law) -> list[Ruling]:
    cited = {one.ruling for one in _cited(catalogue, law)}
    return sorted((one for one in catalogue.rulings.values() if one.id in cited), key=lambda one: one.cited["en"])


def _cited(catalogue: Catalogue, law: Law) -> Iterator[Citation]:
    return (cited for one in _arguments(catalogue, law) for cited in one.rests_on)


def _arguments(catalogue: Catalogue, law: Law) -> Iterator[Argument]:
    return (one for each in catalogue.replies(law.id).values() for one in each)


def _open(catalogue: Catalogue, law: Law, today: date) -> Iterator[tuple[str, Finding]]:
    """What nobody has compared with the official text in all that the document shows, each with where it stands."""
    shown = {
        f"laws/{law.id}.toml": "law",
        **{f"deadlines/{one.id}.toml": f"rule-{one.id}" for one in _rules(catalogue, law)},
        **{f"arguments/{one.id}.toml": one.id for one in _arguments(catalogue, law)},
        **{f"decisions/{one.id}.toml": one.id for one in _decisions(catalogue, law)},
        **{f"rulings/{one.id}.toml": one.id for one in _rulings(catalogue, law)},
    }
    transposed = {f"jurisdictions/{one.id}.toml": f"transposed-{one.id}" for one in _transposed(catalogue, law)}
    for found in findings(catalogue, today):
        if found.kind == "check" and found.file in shown:
            yield shown[found.file], found
        elif found.kind == "check" and found.file in transposed and found.what.startswith(f"transposes.{law.id} "):
            yield transposed[found.file], found


def _transposed(catalogue: Catalogue, law: Law) -> list[Jurisdiction]:
    """The places that have put it into a law of their own."""
    return [one for one in catalogue.jurisdictions.values() if law.id in one.transposes]


def _supported(catalogue: Catalogue, law: Law) -> list[tuple[Law, str]]:
    """The laws that stand beside it, each with the rights that it says more about."""
    return [
        (other, ", ".join(right.value for right in one.rights))
        for other in catalogue.laws.values()
        for one in other.supplements
        if one.law == law.id
    ]


def _authorities(catalogue: Catalogue, law: Law) -> list[str]:
    watching = catalogue.authorities.values()
    return [one.name["en"] for one in watching if any(law.id in each.laws for each in one.supervises)]


def _conditions(catalogue: Catalogue, reach: Reach) -> Mapping[str, str]:
    """What must be so for the law to reach somebody, with the names of the places."""
    given = {name: getattr(reach, name) for name in _CONDITIONS}
    return {
        name.replace("_", " "): ", ".join(_called(catalogue, one) for one in each)
        for name, each in given.items()
        if each
    }


_CONDITIONS = (
    "person_in", "person_not_in", "organisation_in", "organisation_not_in", "organisation_of", "organisation_kinds",
    "organisations",
)  # fmt: skip


def _called(catalogue: Catalogue, id_: str) -> str:
    record = catalogue.jurisdictions.get(id_) or catalogue.organisations.get(id_)
    return record.name["en"] if record else countries("en").get(id_, id_)


def _letters(catalogue: Catalogue, templates: Templates, law: Law) -> Iterator[LetterOf]:
    for served in all_served(catalogue):
        if served.law is law:
            title = str(words.RIGHT_NAMES[served.right]) + (
                " – first to the organisation itself" if served.first else ""
            )
            languages = sorted(templates.languages(*served.letter), key=lambda one: (one != "en", one))
            found = tuple(unfilled(catalogue, templates, served, language) for language in languages)
            yield LetterOf(title, found, served.given.asks)


@dataclass(frozen=True, slots=True)
class MandateIn:
    """What a group's letter says first, and the page that the person signs, in one language."""

    language: str
    opening: Body
    page: Body


def _mandates(templates: Templates, law: Law) -> Iterator[MandateIn]:
    """A group's words in each language in which a letter of the law may have them, English first."""
    if law.mandate is None:
        return
    for language in sorted(law.mandate.cite, key=lambda one: (one != "en", one)):
        said = {"role": "group", "mandate": law.mandate.cite[language], "bodies": law.mandate.bodies[language]}
        opening, page = (templates.render("shared", name, language, said) for name in ("role", "authority"))
        yield MandateIn(language, parse(f"=== subject\n-\n\n{opening}"), parse(page))


# How it is told


def told(record: Any) -> bool:
    """Whether a value is a record with fields of its own."""
    return is_dataclass(record) and not isinstance(record, type)


def rows(catalogue: Catalogue, record: Any, *left_out: str) -> list[tuple[str, Any]]:
    """The fields of a record that say something, each with its name, but for those shown elsewhere."""
    found = []
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in _HIDDEN | {*left_out} or value in (None, "", (), {}, False):
            continue
        if isinstance(record, Citation) and value is Confidence.CERTAIN:
            continue  # of paragraphs, which most have none of
        found.append((field.name.replace("_", " "), _with_names(catalogue, field.name, value)))
    return found


def _with_names(catalogue: Catalogue, name: str, value: Any) -> Any:
    """The ids that a field holds, with what they name."""
    match name, value:
        case "ruling" | "decision" | "to" | "deadline", str():
            return _name(catalogue, name, value)
        case "against" | "about" | "laws", tuple():
            return tuple(_name(catalogue, name, id_) for id_ in value)
        case _:
            return value


def _name(catalogue: Catalogue, name: str, id_: str) -> str:
    match name:
        case "ruling":
            ruling = catalogue.rulings[id_]
            said = ", ".join(filter(None, (ruling.cited["en"], ruling.day, ruling.status)))
        case "decision":
            decision = catalogue.decisions[id_]
            said = ", ".join(filter(None, (decision.body, decision.number, decision.day, decision.status)))
        case "laws":
            said = catalogue.laws[id_].name["en"]
        case "deadline":
            said = time_of(catalogue.deadlines[id_])
        case _:
            said = catalogue.addressees[id_].name["en"]
    return f"{said} ({id_})"


def _text(value: Any) -> str:
    """A word of ours, a date, a number, as a person writes it."""
    match value:
        case Enum():
            return str(value.value).replace("_", " ")
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def runs(line: Line) -> list[tuple[str, str]]:
    """A line of a letter as text and blanks: `("text", "Dear")`, `("blank", "full name")`, `("ink", "signature")`."""
    found = []
    for run in line:
        match run:
            case Slot(name, optional):
                found.append(("blank", name.replace("_", " ") + (", if given" if optional else "")))
            case Ink(name):
                found.append(("ink", name.replace("_", " ")))
            case str():
                found.append(("text", run))
    return found
