"""What the letters still lack, each with file, key and cure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta, nodes

from portal.law.catalogue import Catalogue
from portal.law.records import FirstLetter, Language, Law, LegalRight, Right, Standing
from portal.law.routing import NO_RULE, TO_AUTHORITY, common_language
from portal.letters.blocks import MARK, TOKEN
from portal.letters.channels import CHANNELS
from portal.letters.compose import VOLUNTARY, Named, Templates, environment, is_drafted
from portal.letters.details import DETAILS

#: The rights whose letters must be there; others may wait for theirs, and the pages say so.
MUST = (Right.ACCESS, Right.ERASURE, Right.OBJECTION, Right.OPT_OUT, Right.RECORDS, Right.COMPLAINT)
#: The words around a complaint and its exhibits, each with the blanks that it fills.
OF_DOSSIER: Mapping[str, tuple[str, ...]] = {
    "chronology": (),
    "exhibits": (),
    "exhibit": ("{n}",),
    "page": ("{page}", "{pages}"),
}
#: What an event of a chronology fills in, where the English words have it: the first is left out as it stands here.
OF_EVENT = (" ({authority})", "{number}")
#: What the template of a reply may look at.
TOLD_OF_REPLY: Mapping[str, str] = {
    "reply": "what they did, as `portal.law.arguments.Reply` names it",
    "silent": "whether they did nothing",
    "asked_on": "the day of the first letter, in words",
    "received_on": "the day on which they had it; empty where nobody knows",
    "answered_on": "the day of their answer; empty where there is none",
    "basis": "the legal basis of the first letter; empty where there is none",
    "argument": "what the law says to it",
    "articles": "where it says so; may be empty",
    "rests_on": "the decisions and rulings that may be cited, a list",
    "demands": "what they are asked to do, a list",
    "authority": "as for the other letters",
}
#: What a template may look at, as `{{ cite }}` or in a condition.
TOLD: Mapping[str, str] = {
    "cite": "the legal basis, as the law's `cite` words it",
    "also": "the legal bases of laws beside it, a list",
    "law": "the law: `law.name`, `law.short`",
    "authority": "who polices it, or nothing: `authority.name`, `.short`, `.at` (“with the …”), `.to` (“to the …”)",
    "time_limit": "the time to answer, as the language's `time_limit` words it; empty where there is none",
    "decisions": "decisions on the same organisation that may be cited, a list",
    "processor": "whether the organisation works for others",
    "role": "who writes: `self`, `parent`, `agent`, `group`",
    "mandate": "the provision on which a group writes, as the law's `mandate.cite` words it; else empty",
    "bodies": "the kinds of group that it admits, as `mandate.bodies` words them; else empty",
    "answer": "what became of a request: `none`, `refused`, `incomplete`, `not_asked`",
    "national": "the provision that puts a directive into national law; empty where it is not certain",
    "portal_only": "whether the addressee takes letters through a portal alone",
    "organisation_id": "the organisation's id",
    "face_search": "whether it collects faces from the internet and lets customers search them",
    "fee_category": "`other`, `media`, `educational`",
    "fee_waiver": "whether the person gives reasons to waive fees",
    "expedite": "whether the person gives reasons to be fast",
}
#: What the template of a complaint of many may look at.
TOLD_OF_JOINT: Mapping[str, str] = {
    **{name: TOLD[name] for name in ("cite", "mandate", "bodies")},
    "people": "how many complain",
}
#: What is filled in besides the person's details, as `{organisation}`.
WORKED_OUT: Mapping[str, str] = {
    "organisation": "its name",
    "organisation_address": "its address on one line; may be empty: write `{organisation_address?}`",
    "residence": "where the person lives, in the language of the letter",
    "writer_name": "who writes, where somebody else does",
}


def missing(catalogue: Catalogue, templates: Templates) -> Iterator[str]:
    """A sentence for all that is missing for the letters that the data promise."""
    yield from _unasked(catalogue)
    yield from _unsendable(catalogue)
    yield from _unwritten(catalogue, templates)
    for served in all_served(catalogue):
        yield from _unsaid(catalogue, templates, served)
        yield from _unmandated(catalogue, templates, served)
    for language in sorted({language for letter in templates.letters() for language in templates.languages(*letter)}):
        yield from _lacks_of_language(catalogue, templates, language)
    yield from _loose(catalogue, templates)
    yield from _uncovered(catalogue, templates)
    for path in sorted(templates.folder.glob("*/*.txt")):
        yield from (f"templates/letters/{path.parent.name}/{path.name}: {one}" for one in _unknown(catalogue, path))


@dataclass(frozen=True, slots=True)
class Served:
    """A letter that a right of a law is asked for with."""

    law: Law
    right: Right
    given: LegalRight | FirstLetter
    letter: tuple[str, str]
    """Its family and its name."""

    @property
    def first(self) -> bool:
        """Whether it goes to the organisation itself, before the complaint goes to the authority."""
        return isinstance(self.given, FirstLetter)


def all_served(catalogue: Catalogue) -> Iterator[Served]:
    """Each letter that the data promise."""
    for law in catalogue.laws.values():
        for right, given in law.rights.items() if law.reach else ():
            if given.standing is not Standing.NONE:
                family = law.letters or law.id
                yield Served(law, right, given, (family, given.letter or right.value))
                if given.first:
                    yield Served(law, right, given.first, (family, given.first.letter))


# Of the data


def _unasked(catalogue: Catalogue) -> Iterator[str]:
    """Each detail that a law asks for and no form knows."""
    for law in catalogue.laws.values():
        for right, given in law.rights.items():
            for name in (*given.asks, *(given.first.asks if given.first else ())):
                if name.removesuffix("?") not in DETAILS:
                    yield f"laws/{law.id}.toml: key “rights.{right}.asks” names “{name}”: known are {sorted(DETAILS)}"


def _unsendable(catalogue: Catalogue) -> Iterator[str]:
    """Each way of sending that is accepted, without the place to send to."""
    for id_, addressee in catalogue.addressees.items():
        for channel in addressee.contact.accepts:
            if not CHANNELS[channel].can(addressee.contact):
                yield f"{id_}: key “contact.accepts” names “{channel}”, and the contact does not say where: add it"


# Of the letters


def _unwritten(catalogue: Catalogue, templates: Templates) -> Iterator[str]:
    promised = [one.letter for one in all_served(catalogue) if one.right in MUST]
    promised += [(VOLUNTARY, right.value) for right in MUST if right is not Right.RECORDS]
    for family, name in dict.fromkeys((*promised, *templates.letters())):
        if "en" not in templates.languages(family, name):
            yield f"write templates/letters/{family}/{name}.en.txt"


def _unsaid(catalogue: Catalogue, templates: Templates, served: Served) -> Iterator[str]:
    """The words that a letter takes from the data, in each language that it is written in."""
    file, key = f"laws/{served.law.id}.toml", f"rights.{served.right}{'.first' if served.first else ''}.cite"
    for language in sorted(templates.languages(*served.letter)):
        if language not in served.given.cite:
            yield f"{file}: key “{key}.{language}” is missing: the letter {'/'.join(served.letter)} cites it, add it"
        record = catalogue.languages.get(language)
        for rule in rules_told(catalogue, served) if record else ():
            if record and rule not in record.time_limit:
                yield f"languages/{language}.toml: key “time_limit.{rule}” is missing: add it"


def _unmandated(catalogue: Catalogue, templates: Templates, served: Served) -> Iterator[str]:
    """What a group's letter takes from the data, in each language that it is written in."""
    mandate = served.law.mandate
    if mandate is None or served.first or served.right not in mandate.rights:
        return
    for language in sorted(templates.languages(*served.letter)):
        for key, words in (("cite", mandate.cite), ("bodies", mandate.bodies)):
            if not words.get(language):
                at = f"laws/{served.law.id}.toml: key “mandate.{key}.{language}”"
                yield f"{at} is missing: the letter {'/'.join(served.letter)} needs it, add it"


def rules_told(catalogue: Catalogue, served: Served) -> tuple[str, ...]:
    """The deadline rules whose time a letter may state."""
    if (served.right in TO_AUTHORITY and not served.first) or served.right is Right.APPEAL:
        return ()
    beside = (
        other.rights[served.right].deadline
        for other in catalogue.laws.values()
        if served.right in other.rights and any(one.law == served.law.id for one in other.supplements)
    )
    rules = dict.fromkeys((served.given.deadline or served.law.deadline, *beside))
    return tuple(rule for rule in rules if rule and rule != NO_RULE and catalogue.deadlines[rule].unit)


def _lacks_of_language(catalogue: Catalogue, templates: Templates, language: str) -> Iterator[str]:
    if language not in catalogue.languages:
        yield f"write languages/{language}.toml: letters are written in the language"
        return
    for label in (*(name for name, detail in DETAILS.items() if detail.identifies), "residence"):
        if label not in catalogue.languages[language].fields:
            yield f"languages/{language}.toml: key “fields.{label}” is missing: add it"
    for name in ("role", "authority"):
        if language not in templates.languages("shared", name):
            yield f"write templates/letters/shared/{name}.{language}.txt"


def _loose(catalogue: Catalogue, templates: Templates) -> Iterator[str]:
    """The words that a complaint's dossier needs, in each language in which there are complaints."""
    letters = {one.letter for one in all_served(catalogue) if one.right in TO_AUTHORITY and not one.first}
    for id_ in sorted({language for letter in letters for language in templates.languages(*letter)}):
        language = catalogue.languages.get(id_)
        for word, blanks in OF_DOSSIER.items() if language else ():
            said = language.dossier.get(word) if language else None
            if not said:
                yield f"languages/{id_}.toml: key “dossier.{word}” is missing: add it"
            elif not all(blank in said for blank in blanks):
                yield f"languages/{id_}.toml: key “dossier.{word}” says {said!r}: write {' and '.join(blanks)} in it"
        if language:
            yield from _loose_events(language, catalogue.languages["en"])


def _loose_events(language: Language, english: Language) -> Iterator[str]:
    """The words of a chronology and of what shows it that a language lacks, or that lack a blank."""
    for table in ("happened", "decided", "shown"):
        there = getattr(language, table)
        for word, ours in getattr(english, table).items():
            key = f"languages/{language.id}.toml: key “{table}.{word}”"
            lacking = [blank for blank in OF_EVENT if blank in ours and blank not in there.get(word, ours)]
            if word not in there:
                yield f"{key} is missing: add it"
            elif lacking:
                yield f"{key} says {there[word]!r}: write {' and '.join(lacking)} in it"


def _uncovered(catalogue: Catalogue, templates: Templates) -> Iterator[str]:
    """Each language of an authority in which it would get neither the complaint nor a cover for the English one."""
    complaints = {
        one.law.id: one.letter for one in all_served(catalogue) if one.right in TO_AUTHORITY and not one.first
    }
    places = [catalogue.spoken(place) for place in catalogue.jurisdictions]
    lacking: dict[str, str] = {}
    for authority in (one for one in catalogue.authorities.values() if "en" not in one.languages):
        laws = {law for supervision in authority.supervises for law in supervision.laws if law in complaints}
        written = [templates.languages(*complaints[law]) for law in laws]
        for wanted in {common_language(spoken, authority.languages) for spoken in places} - templates.covers():
            if is_drafted(catalogue, wanted) or not all(wanted in languages for languages in written):
                lacking.setdefault(wanted, authority.id)
    for language, id_ in sorted(lacking.items()):
        yield f"write templates/letters/cover/{language}.txt: {id_} takes complaints in the language, not yet written"


# Of a template


def _unknown(catalogue: Catalogue, path: Path) -> Iterator[str]:
    """What a template names and nobody fills in."""
    source = path.read_text(encoding="utf-8")
    try:
        tree = environment(path.parent.parent).parse(source)
    except TemplateSyntaxError as error:
        yield f"line {error.lineno}: {error.message}: mend it"
        return
    told = {*_TOLD.get(path.name.partition(".")[0], TOLD)}
    for name in sorted(meta.find_undeclared_variables(tree) - told):
        yield f"looks at “{name}”, which no template is told: known are {sorted(told)}"
    for one in tree.find_all(nodes.Getattr):
        if isinstance(one.node, nodes.Name) and one.node.name in ("law", "authority") and one.attr not in _NAMED:
            yield f"looks at “{one.node.name}.{one.attr}”: known are {sorted(_NAMED)}"
    yield from _unfilled(catalogue, path, source)


#: Of templates that are told other things.
_TOLD = {"reply": TOLD_OF_REPLY, "joint": TOLD_OF_JOINT}
_NAMED = frozenset(field.name for field in fields(Named))
_KNOWN_MARK = re.compile(r"core:[a-z][a-z0-9-]*|long|subject|enclosures|details")
#: Asked for only where there was a request, and told of only then.
_OF_A_REQUEST = "request_sent_on"


def _unfilled(catalogue: Catalogue, path: Path, source: str) -> Iterator[str]:
    """The names in single braces, outside of Jinja's own, that have no value, or may have none and need one."""
    text = "".join(part for _, kind, part in environment(path.parent.parent).lex(source) if kind == "data")
    for mark in sorted(
        {word for line in text.splitlines() if (found := MARK.fullmatch(line)) for word in found[1].split()}
    ):
        if not _KNOWN_MARK.fullmatch(mark):
            yield f"has the mark “=== {mark}”: known are core:<id>, long, subject, enclosures, details"
    blanks = {(one["name"], bool(one["optional"])) for one in TOKEN.finditer(text) if one["name"] and not one["ink"]}
    asked = _asked(catalogue, path) | {*WORKED_OUT, _OF_A_REQUEST}
    for name, optional in sorted(blanks):
        if name not in {*DETAILS, *WORKED_OUT}:
            yield f"has the blank {{{name}}}: known are {sorted({*DETAILS, *WORKED_OUT})}"
        elif not optional and name not in asked:
            yield f"has the blank {{{name}}}, which its law does not ask for: add it to “asks”, or write {{{name}?}}"


def _asked(catalogue: Catalogue, path: Path) -> set[str]:
    """The details that a law asks for whose letter it is, with those of the laws beside it."""
    family, name = path.parent.name, path.name.split(".")[0]
    if family in ("shared", "cover", VOLUNTARY):
        return {*DETAILS}
    served = [one for one in all_served(catalogue) if one.letter == (family, name)]
    laws = {one.law.id for one in served}
    rights = {one.right for one in served}
    asked = [one.given.asks for one in served]
    asked += [
        other.rights[right].asks
        for other in catalogue.laws.values()
        for right in rights & {*other.rights}
        if laws & {one.law for one in other.supplements}
    ]
    return {name.removesuffix("?") for names in asked for name in names}
