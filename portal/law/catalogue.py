"""All the records of the law, loaded, checked and joined."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Any, Protocol
from zoneinfo import available_timezones

from pydantic import TypeAdapter, ValidationError

from portal.law.places import countries
from portal.law.records import (
    Authority,
    Calendar,
    Confidence,
    Contact,
    DeadlineRule,
    Decision,
    Form,
    Jurisdiction,
    Language,
    Law,
    Layout,
    NoCount,
    Office,
    Organisation,
    Words,
)

#: After this many days a fact wants another look.
STALE_AFTER = timedelta(days=180)


class BadData(ValueError):
    """A data file is broken; the sentence names the file, the key and the cure."""


class Addressee(Protocol):
    """Whoever a letter can go to: an organisation, its office, an authority."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Words: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def contact(self) -> Contact: ...
    @property
    def forms(self) -> tuple[Form, ...]: ...


@dataclass(frozen=True)
class Catalogue:
    """The law as values, each kind by id."""

    jurisdictions: Mapping[str, Jurisdiction]
    laws: Mapping[str, Law]
    deadlines: Mapping[str, DeadlineRule]
    organisations: Mapping[str, Organisation]
    decisions: Mapping[str, Decision]
    languages: Mapping[str, Language]
    version: str
    """What the data files said: another word in one of them is another version."""

    @cached_property
    def authorities(self) -> Mapping[str, Authority]:
        return {authority.id: authority for place in self.jurisdictions.values() for authority in place.authorities}

    @cached_property
    def offices(self) -> Mapping[str, Office]:
        return {body.office.id: body.office for body in self.organisations.values() if body.office}

    @cached_property
    def addressees(self) -> Mapping[str, Addressee]:
        """Everyone a letter can go to, by id."""
        return {**self.organisations, **self.offices, **self.authorities}

    def chain(self, place: str) -> tuple[str, ...]:
        """A place and all that it is within, nearest first: `de-by` → `de-by`, `de`, `eu`.

        A region without a record of its own (`ca-ns`) stands in its country.
        """
        chain: list[str] = []
        while place and place not in chain:
            chain.append(place)
            record = self.jurisdictions.get(place)
            place = record.within if record else place.rpartition("-")[0]
        return tuple(chain)

    def nearest(self, place: str) -> Iterator[Jurisdiction]:
        """The records of a place's chain, nearest first."""
        return (self.jurisdictions[id_] for id_ in self.chain(place) if id_ in self.jurisdictions)

    def calendar(self, place: str) -> Calendar | None:
        return next((record.calendar for record in self.nearest(place) if record.calendar), None)

    def time_zone(self, place: str) -> str:
        """The IANA name; UTC where none is known."""
        return next((record.time_zone for record in self.nearest(place) if record.time_zone), "UTC")

    def spoken(self, place: str) -> tuple[str, ...]:
        """The official languages of a place."""
        return next((record.languages for record in self.nearest(place) if record.languages), ())

    def layout(self, place: str) -> Layout:
        """How an envelope from a place is addressed."""
        return next((record.layout for record in self.nearest(place) if record.layout), Layout.A4_LEFT)

    def exists(self, place: str) -> bool:
        """Whether a place is a country, or a part of one that has a record."""
        country, _, region = place.partition("-")
        return country in countries("en") and (not region or place in self.jurisdictions)

    def regions(self, country: str) -> tuple[Jurisdiction, ...]:
        """The parts of a country that have law or authorities of their own."""
        return tuple(place for place in self.jurisdictions.values() if place.within == country)

    def citations(self, law: str, organisation: str, language: str) -> tuple[str, ...]:
        """The decisions that a letter may cite, newest first, as it cites them in a language."""
        found = (
            decision
            for decision in self.decisions.values()
            if law in decision.laws and organisation in decision.about and language in decision.cited
        )
        return tuple(decision.cited[language] for decision in sorted(found, key=lambda one: one.day, reverse=True))


_KINDS: Mapping[str, type] = {
    "jurisdictions": Jurisdiction,
    "laws": Law,
    "deadlines": DeadlineRule,
    "organisations": Organisation,
    "decisions": Decision,
    "languages": Language,
}


def load(folder: Path) -> Catalogue:
    """Read all data files below a folder.

    Raises BadData at the first file that cannot be read, has a key that no record knows, lacks one that it must
    have, or points to something that is not there.
    """
    records = {kind: _records(folder / kind, record) for kind, record in _KINDS.items()}
    catalogue = Catalogue(**records, version=_version(folder))
    for problem in broken(catalogue):
        raise BadData(problem)
    return catalogue


def _version(folder: Path) -> str:
    """A short name for the content of all data files, the same wherever the folder lies."""
    content = sha256()
    for kind in _KINDS:
        for path in sorted((folder / kind).glob("*.toml")):
            text = path.read_bytes()
            content.update(f"{kind}/{path.name} {len(text)}\n".encode() + text)
    return content.hexdigest()[:12]


def _records(folder: Path, record: type) -> Mapping[str, Any]:
    adapter: TypeAdapter[Any] = TypeAdapter(record)
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise BadData(f"{folder.name}: there is no data file in this folder: look at the settings")
    return {path.stem: _record(path, adapter) for path in paths}


def _record(path: Path, adapter: TypeAdapter[Any]) -> Any:
    name = f"{path.parent.name}/{path.name}"
    try:
        value = adapter.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadData(f"{name}: not TOML: {error}") from error
    except ValidationError as error:
        raise BadData(f"{name}: {_cure(error)}") from error
    if value.id != path.stem:
        raise BadData(f"{name}: key “id” is {value.id!r}: write id = {path.stem!r}, as the file is called")
    return value


def _cure(error: ValidationError) -> str:
    unknown = ("unexpected_keyword_argument", "extra_forbidden")
    first = min(error.errors(), key=lambda one: one["type"] not in unknown)  # a misspelling explains what is missing
    key = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "missing" | "missing_keyword_only_argument":
            return f"key “{key}” is missing: add it"
        case "unexpected_keyword_argument" | "extra_forbidden":
            return f"key “{key}” is not known: correct its spelling or take it out"
        case _:
            return f"key “{key}”: {first['msg']}"


# Checking


def broken(catalogue: Catalogue) -> Iterator[str]:
    """Each id that names two, each pointer between records that leads nowhere; a sentence with file, key, cure."""
    yield from _twice(catalogue)
    yield from _impossible(catalogue)
    for file, key, wanted, known in _pointers(catalogue):
        if wanted and wanted not in known:
            yield f"{file}: key “{key}” names {wanted!r}, which is not there: correct it or add its file"


def _impossible(catalogue: Catalogue) -> Iterator[str]:
    """What each record may say alone, and yet nobody could work with."""
    for place in catalogue.jurisdictions.values():
        if place.time_zone and place.time_zone not in _time_zones():
            yield f"jurisdictions/{place.id}.toml: key “time_zone” is {place.time_zone!r}: write an IANA name"
    for rule in catalogue.deadlines.values():
        file = f"deadlines/{rule.id}.toml"
        if (rule.unit is None) != (rule.n is None):
            missing = "unit" if rule.unit is None else "n"
            yield f"{file}: key “{missing}” is missing, and “unit” and “n” go together: add it"
        if NoCount.HOLIDAY in (*rule.excludes, *rule.rolls_on) and rule.calendar is None:
            yield f"{file}: key “calendar” is missing, and holidays cannot be known without it: add it"
    for law in catalogue.laws.values():
        for reach in law.reach:
            if reach.needs and not (reach.question and reach.if_not):
                yield f"laws/{law.id}.toml: key “reach.needs” asks nothing: add “reach.question” and “reach.if_not”"
            for language, text in reach.reason.items():
                if unknown := _blanks(text) - _BLANKS:
                    file, key = f"laws/{law.id}.toml", f"reach.reason.{language}"
                    yield f"{file}: key “{key}” has the blank {{{unknown.pop()}}}: known are {sorted(_BLANKS)}"


#: What a reason may name.
_BLANKS = frozenset({"place", "organisation", "seat"})


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@lru_cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


Pointer = tuple[str, str, str, Iterable[str]]


def _pointers(catalogue: Catalogue) -> Iterator[Pointer]:
    places, laws, rules = catalogue.jurisdictions, catalogue.laws, {*catalogue.deadlines, ""}
    for place in places.values():
        file = f"jurisdictions/{place.id}.toml"
        yield file, "within", place.within, places
        for authority in place.authorities:
            for supervision in authority.supervises:
                yield from ((file, f"{authority.id}.supervises.laws", law, laws) for law in supervision.laws)
        yield from ((file, "transposes", law, laws) for law in place.transposes)
    for law in laws.values():
        yield from _pointers_of_law(catalogue, law, f"laws/{law.id}.toml", rules)
    for body in catalogue.organisations.values():
        file = f"organisations/{body.id}.toml"
        yield file, "jurisdiction", body.jurisdiction.partition("-")[0], {*places, *_COUNTRIES}
        yield file, "within", body.within, catalogue.organisations
        yield file, "appeals", body.appeals, catalogue.addressees
        yield file, "replaced_by", body.replaced_by, catalogue.organisations
        yield file, "appeals_rule", body.appeals_rule, rules
        yield file, "supervisory_authority", body.supervisory_authority, catalogue.authorities
        yield from ((file, "decisions", decision, catalogue.decisions) for decision in body.decisions)
    for decision in catalogue.decisions.values():
        file = f"decisions/{decision.id}.toml"
        yield from ((file, "laws", law_id, laws) for law_id in decision.laws)
        yield from ((file, "about", body_id, catalogue.organisations) for body_id in decision.about)


#: Where a vendor sits in the data without a record of the place; a short list, so that a typing error is found.
_COUNTRIES = frozenset({"ru", "cn", "il", "jp", "ae", "bz"})


def _pointers_of_law(catalogue: Catalogue, law: Law, file: str, rules: Iterable[str]) -> Iterator[Pointer]:
    yield file, "jurisdiction", law.jurisdiction, catalogue.jurisdictions
    yield file, "deadline", law.deadline, rules
    for supplement in law.supplements:
        yield file, "supplements.law", supplement.law, catalogue.laws
    for right, given in law.rights.items():
        yield file, f"rights.{right}.deadline", given.deadline, rules
    for reach in law.reach:
        named = (
            *reach.person_in, *reach.person_not_in, *reach.organisation_in, *reach.organisation_not_in,
            *reach.organisation_of,
        )  # fmt: skip
        known = {*catalogue.jurisdictions, *(place for place in named if "-" in place)}
        yield from ((file, "reach", place, known) for place in named)
        yield from ((file, "reach.organisations", body, catalogue.organisations) for body in reach.organisations)


def _twice(catalogue: Catalogue) -> Iterator[str]:
    """An id that two addressees carry would send a letter to the wrong one."""
    offices = [body.office.id for body in catalogue.organisations.values() if body.office]
    authorities = [one.id for place in catalogue.jurisdictions.values() for one in place.authorities]
    ids = [*catalogue.organisations, *offices, *authorities]
    for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield f"the id {id_!r} names two addressees: rename one of them"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should look at."""

    file: str
    what: str
    kind: str
    """`unsourced`, `stale` or `check`."""


def findings(catalogue: Catalogue, today: date) -> Iterator[Finding]:
    """What in the data is unsourced, has not been looked at for 180 days, or is only `check`."""
    for kind in _KINDS:
        for id_, record in getattr(catalogue, kind).items():
            yield from _findings(f"{kind}/{id_}.toml", "", record, today)


def _findings(file: str, at: str, value: Any, today: date) -> Iterator[Finding]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _findings(file, f"{at}.{key}".strip("."), part, today)
    elif isinstance(value, tuple):
        for part in value:
            yield from _findings(file, f"{at}.{getattr(part, 'id', '')}".strip("."), part, today)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _findings_of_record(file, at, value, today)
        for part in fields(value):
            yield from _findings(file, f"{at}.{part.name}".strip("."), getattr(value, part.name), today)


def _findings_of_record(file: str, at: str, record: Any, today: date) -> Iterator[Finding]:
    here = at or "the record"
    if getattr(record, "sources", None) == () and not isinstance(record, Jurisdiction):
        yield Finding(file, f"{here} names no source", "unsourced")
    verified = getattr(record, "verified", None)
    if verified and today - verified > STALE_AFTER:
        yield Finding(file, f"{here} was last looked at on {verified.isoformat()}", "stale")
    if getattr(record, "confidence", None) is Confidence.CHECK:
        fields_to_check = ", ".join(getattr(record, "check", ()))
        yield Finding(file, f"{here} is only “check”{': ' + fields_to_check if fields_to_check else ''}", "check")
