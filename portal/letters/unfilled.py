"""A letter as its template has it: blanks for what the person gives, and what stands there only sometimes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import meta

from portal.law.catalogue import Catalogue
from portal.letters import blocks
from portal.letters.blocks import Block, Body, Details
from portal.letters.completeness import Served, rules_told
from portal.letters.compose import Named, Templates, environment

#: Stands for what only a person's own case says.
AUTHORITY = "[authority]"
_ALSO = "[legal basis in another law]"
_CITE = "[legal basis]"
_DECISION = "[decision]"
_TIME = "[time]"
_NATIONAL = "[provision of national law]"
#: The case that a template is shown for.
_USUAL: Mapping[str, Any] = {
    "processor": False,
    "role": "self",
    "mandate": "",
    "bodies": "",
    "answer": "refused",
    "national": "",
    "portal_only": False,
    "organisation_id": "",
    "face_search": True,
    "fee_category": "other",
    "fee_waiver": False,
    "expedite": False,
}
#: What else can be the case, and how it is said: “where …”.
_OTHERWISE: Mapping[tuple[str, Any], str] = {
    ("processor", True): "the organisation works for others",
    ("role", "parent"): "a parent writes",
    ("role", "agent"): "somebody else writes for the person",
    ("answer", "not_asked"): "nothing was asked before",
    ("answer", "none"): "they did not answer",
    ("answer", "incomplete"): "they answered only in part",
    ("national", _NATIONAL): "the provision of national law is certain",
    ("portal_only", True): "they take letters through a portal alone",
    ("face_search", False): "the organisation is not known to collect faces from the internet",
    ("fee_category", "media"): "a journalist writes",
    ("fee_category", "educational"): "a school or a university writes",
    ("fee_waiver", True): "reasons to waive fees are given",
    ("expedite", True): "reasons to be fast are given",
    ("authority", None): "no authority is known",
}


@dataclass(frozen=True, slots=True)
class Sometimes:
    """Blocks that stand in a letter only where something is the case."""

    where: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A letter with its blanks, as it stands for most, and what others get besides or instead."""

    language: str
    file: str
    body: Body
    sometimes: tuple[Sometimes, ...]


def unfilled(catalogue: Catalogue, templates: Templates, served: Served, language: str) -> Unfilled:
    """The letter that a right of a law is asked for with, in a language in which it is written."""
    family, name = served.letter
    source = (templates.folder / family / f"{name}.{language}.txt").read_text(encoding="utf-8")
    usual = _usual(catalogue, served, language)
    cases = _cases(
        catalogue, usual, source, meta.find_undeclared_variables(environment(templates.folder).parse(source))
    )

    def body(changes: Mapping[str, Any]) -> Body:
        return blocks.parse(templates.render(family, name, language, {**usual, **changes}))

    found = body({})
    seen = {*_bare(found)}
    sometimes = []
    for changes, where in cases:
        more = tuple(block for block in _bare(body(changes)) if block not in seen)
        seen |= {*more}
        if more:
            sometimes.append(Sometimes(where, more))
    return Unfilled(language, f"templates/letters/{family}/{name}.{language}.txt", found, tuple(sometimes))


def _usual(catalogue: Catalogue, served: Served, language: str) -> Mapping[str, Any]:
    """What a template is told in the usual case."""
    record, law = catalogue.languages[language], served.law
    rules = (rule for rule in rules_told(catalogue, served) if rule in record.time_limit)
    at, to = record.authority_at.format(name=AUTHORITY), record.authority_to.format(name=AUTHORITY)
    decisions = (one for one in catalogue.decisions.values() if law.id in one.laws and language in one.cited)
    return {
        **_USUAL,
        "cite": served.given.cite.get(language, _CITE),
        "also": _also(catalogue, served, language),
        "law": Named(law.name.get(language, law.name["en"]), law.short.get(language, law.short["en"])),
        "authority": Named(AUTHORITY, AUTHORITY, at, to),
        "time_limit": record.time_limit.get(next(rules, ""), ""),
        "decisions": tuple(one.cited[language] for one in sorted(decisions, key=lambda one: one.day, reverse=True)),
    }


def _also(catalogue: Catalogue, served: Served, language: str) -> tuple[str, ...]:
    """The legal bases of the laws that may stand beside it."""
    beside = (
        other
        for other in catalogue.laws.values()
        if any(one.law == served.law.id and served.right in one.rights for one in other.supplements)
    )
    cites = (other.rights[served.right].cite if served.right in other.rights else other.citation for other in beside)
    return tuple(cite[language] for cite in cites if language in cite)


def _cases(
    catalogue: Catalogue, usual: Mapping[str, Any], source: str, looked_at: set[str]
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """What else can be the case for a template that looks at these, one thing at a time."""
    wheres: dict[tuple[str, Any], str] = {
        **_OTHERWISE,
        **_the_reverse(usual),
        **{("organisation_id", id_): f"it goes to {id_}" for id_ in catalogue.organisations if f'"{id_}"' in source},
        **({("cite", f"{usual['cite']}; {_ALSO}"): "two laws may be the basis"} if '";" in cite' in source else {}),
    }
    for (name, value), where in wheres.items():
        if name in looked_at and value != usual[name]:
            yield {name: value}, where


def _the_reverse(usual: Mapping[str, Any]) -> Mapping[tuple[str, Any], str]:
    """The case in which there is what there usually is not, or the other way round."""
    also, decisions, time = (bool(usual[name]) for name in ("also", "decisions", "time_limit"))
    return {
        ("also", () if also else (_ALSO,)): "no other law stands beside it"
        if also
        else "another law stands beside it",
        ("decisions", () if decisions else (_DECISION,)): f"{'no' if decisions else 'a'} decision can be cited",
        ("time_limit", "" if time else _TIME): "the law sets no time" if time else "another law sets a time",
    }


def _bare(body: Body) -> Sequence[Block]:
    """The blocks of a body and what is enclosed, without what marks them, to tell whether they say the same."""
    enclosed = (blocks.Items(body.enclosures),) if body.enclosures else ()
    return [
        replace(block, id="", long=False)
        for block in (blocks.Paragraph(body.subject), *body.blocks, *enclosed)
        if not isinstance(block, Details)
    ]
