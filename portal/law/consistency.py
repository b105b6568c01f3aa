"""What in the data contradicts itself, or points nowhere."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from string import Formatter
from zoneinfo import available_timezones

from portal.law.arguments import Argument
from portal.law.catalogue import Catalogue
from portal.law.records import Law, NoCount, OrganisationKind, Reach, Standing


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
            if _leans_on_seat(reach) and not reach.unknown_seat:
                yield f"laws/{law.id}.toml: key “reach.unknown_seat” is missing, and a seat may be unknown: add it"
            for key, words in (("reason", reach.reason), ("unknown_seat", reach.unknown_seat)):
                for language, text in words.items():
                    if unknown := _blanks(text) - _BLANKS:
                        at = f"laws/{law.id}.toml: key “reach.{key}.{language}”"
                        yield f"{at} has the blank {{{unknown.pop()}}}: known are {sorted(_BLANKS)}"
        for right in law.mandate.rights if law.mandate else ():
            if right not in law.rights or law.rights[right].standing is Standing.NONE:
                at = f"laws/{law.id}.toml: key “mandate.rights”"
                yield f"{at} names {right.value!r}, which the law does not give: correct it"
    for argument in catalogue.arguments.values():
        for cited in argument.rests_on:
            if bool(cited.decision) == bool(cited.ruling):
                at = f"arguments/{argument.id}.toml: key “rests_on.decision”"
                yield f"{at} and “rests_on.ruling”, one of them and not both: correct it"


def _leans_on_seat(reach: Reach) -> bool:
    """Whether it takes in a company for having its seat elsewhere, and so one whose seat nobody knows."""
    companies = not reach.organisation_kinds or OrganisationKind.COMPANY in reach.organisation_kinds
    return companies and bool(reach.organisation_not_in) and not (reach.organisation_in or reach.organisation_of)


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
    for argument in catalogue.arguments.values():
        yield from _pointers_of_argument(catalogue, argument, rules)


#: Where a vendor sits in the data without a record of the place; a short list, so that a typing error is found.
_COUNTRIES = frozenset({"ru", "cn", "il", "jp", "ae", "bz"})


def _pointers_of_law(catalogue: Catalogue, law: Law, file: str, rules: Iterable[str]) -> Iterator[Pointer]:
    yield file, "jurisdiction", law.jurisdiction, catalogue.jurisdictions
    yield file, "deadline", law.deadline, rules
    for supplement in law.supplements:
        yield file, "supplements.law", supplement.law, catalogue.laws
    for right, given in law.rights.items():
        yield file, f"rights.{right}.deadline", given.deadline, rules
        yield file, f"rights.{right}.acknowledge", given.acknowledge, rules
        yield file, f"rights.{right}.authority_answers", given.authority_answers, rules
        yield file, f"rights.{right}.remedy.deadline", given.remedy.deadline if given.remedy else "", rules
        if given.first:
            yield file, f"rights.{right}.first.deadline", given.first.deadline, rules
    for reach in law.reach:
        named = (
            *reach.person_in, *reach.person_not_in, *reach.organisation_in, *reach.organisation_not_in,
            *reach.organisation_of,
        )  # fmt: skip
        known = {*catalogue.jurisdictions, *(place for place in named if "-" in place)}
        yield from ((file, "reach", place, known) for place in named)
        yield from ((file, "reach.organisations", body, catalogue.organisations) for body in reach.organisations)


def _pointers_of_argument(catalogue: Catalogue, argument: Argument, rules: Iterable[str]) -> Iterator[Pointer]:
    file, step = f"arguments/{argument.id}.toml", argument.next
    yield from ((file, "laws", law, catalogue.laws) for law in argument.laws)
    yield from ((file, "against", addressee, catalogue.addressees) for addressee in argument.against)
    for cited in argument.rests_on:
        yield file, "rests_on.decision", cited.decision, catalogue.decisions
        yield file, "rests_on.ruling", cited.ruling, catalogue.rulings
    yield file, "next.to", step.to, catalogue.addressees
    yield file, "next.deadline", step.deadline, rules
    for addressee, rule in step.deadline_of.items():
        yield file, "next.deadline_of", addressee, catalogue.addressees
        yield file, f"next.deadline_of.{addressee}", rule, rules


def _twice(catalogue: Catalogue) -> Iterator[str]:
    """An id that two addressees carry would send a letter to the wrong one."""
    offices = [body.office.id for body in catalogue.organisations.values() if body.office]
    authorities = [one.id for place in catalogue.jurisdictions.values() for one in place.authorities]
    ids = [*catalogue.organisations, *offices, *authorities]
    for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield f"the id {id_!r} names two addressees: rename one of them"
