"""The organisations that the same can be asked of."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from portal.law.catalogue import Catalogue
from portal.law.records import Organisation, Right
from portal.law.routing import PRIVATE, TO_AUTHORITY, Option, Situation, route
from portal.letters.compose import NoLetter, Templates, asks, asks_contact, written_in
from portal.letters.details import DETAILS

#: What is about one organisation's answer cannot be the same to another.
_OF_ONE = frozenset({*TO_AUTHORITY, Right.APPEAL})


@dataclass(frozen=True, slots=True)
class Alike:
    """Another organisation, and the most direct way by which the same is asked of it."""

    organisation: Organisation
    option: Option


def may_be_shared(right: Right) -> bool:
    """Whether a right can be asked of several organisations with one set of details."""
    return right not in _OF_ONE


def alike(
    catalogue: Catalogue, templates: Templates, situation: Situation, details: Mapping[str, str]
) -> tuple[Alike, ...]:
    """Whom else the same can be asked of with the details that were given, by name.

    Companies stand with companies and public bodies with public bodies, so that nobody tells the police what was
    meant for a search engine. Left out are kinds of organisation (the person must say which one), those whose address
    is unknown, those that nobody can ask, and those whose letter needs a detail that was not given or that is between
    a person and one organisation.
    """
    if not may_be_shared(situation.right):
        return ()
    given = {name for name, value in details.items() if value and not DETAILS[name].of_one}
    first = situation.organisation
    others = (one for one in catalogue.organisations.values() if one.id != first.id and _same_side(one, first))
    found = (
        Alike(other, option)
        for other in others
        if not (other.generic or other.ended)
        for option in _most_direct(catalogue, templates, replace(situation, organisation=other, events={}))
        if {one.name for one in asks(catalogue, option) if not one.optional} <= given
        and not asks_contact(catalogue, option.addressee, other)
    )
    return tuple(sorted(found, key=lambda one: one.organisation.name["en"].casefold()))


def _same_side(one: Organisation, other: Organisation) -> bool:
    return (one.kind in PRIVATE) == (other.kind in PRIVATE)


def _most_direct(catalogue: Catalogue, templates: Templates, situation: Situation) -> Iterator[Option]:
    """The first way that somebody can be asked by, in a letter that is written; none where there is no such way."""
    for option in route(catalogue, situation).options:
        with suppress(NoLetter):
            written_in(catalogue, templates, option)
            yield option
            return
