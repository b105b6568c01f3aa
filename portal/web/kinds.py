"""The kinds of record that have pages of their own: what they are called, found by and sorted by."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from babel.dates import format_date
from flask_babel import lazy_gettext as _l

from portal.law.arguments import Ruling
from portal.law.catalogue import Catalogue
from portal.law.places import countries
from portal.law.records import Authority, DeadlineRule, Decision, Jurisdiction, Law, Office, Organisation
from portal.law.routing import rule_of
from portal.web import organisations
from portal.web.counting import time_of
from portal.web.house import house
from portal.web.journey import named, page_date
from portal.web.language import current
from portal.web.search import likest
from portal.web.words import DUE_KINDS, Words


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its heading, what is said of all of them, and what each is called."""

    title: Words
    one: Words
    lead: Words
    of: Callable[[Catalogue], Mapping[str, Any]]
    name: Callable[[Any], str]
    tag: Callable[[Any], str]
    """What stands below the name in a list."""
    found_by: Callable[[Any], Iterable[str]]


# What each is called


def _named(record: Any) -> str:
    return named(record.name)


def _names(record: Any) -> tuple[str, ...]:
    return (*record.name.values(), record.id.replace("-", " "))


def place_of(place: str) -> str:
    """A place in the language of the page, where nothing is known the empty text."""
    record = next(iter(house().catalogue.nearest(place)), None)
    return named(record.name) if record else countries(current()).get(place.partition("-")[0], "")


def home_of(authority: Authority) -> Jurisdiction:
    """The place whose authority it is."""
    return next(one for one in house().catalogue.jurisdictions.values() if authority in one.authorities)


def owner_of(office: Office) -> Organisation:
    """The body whose requests an office takes."""
    return next(one for one in house().catalogue.organisations.values() if one.office == office)


def counted_by(rule: str) -> tuple[Law, ...]:
    """The laws that count by a rule, for one of their rights at least."""
    laws = house().catalogue.laws.values()
    return tuple(law for law in laws if any(rule_of(law, right) == rule for right in law.rights))


def counted_for(rule: DeadlineRule) -> str:
    """For whom a rule counts: its laws by their short names, else where it stands in the law."""
    laws = [] if rule.unit is None else [named(law.short) for law in counted_by(rule.id)]
    more = " …" if len(laws) > 3 else ""
    return ", ".join(laws[:3]) + more or rule.basis_in_law


def _deadline(rule: DeadlineRule) -> str:
    time = f"{time_of(rule)} {DUE_KINDS[rule.kind]}" if rule.unit else time_of(rule)
    return f"{counted_for(rule)} ({time})"


def day_of(decision: Decision | Ruling) -> str:
    """The date of a decision or a ruling as far as it is known: “17 October 2022”, “April 2021”."""
    if len(decision.day) == len("2021-04"):
        return str(format_date(date.fromisoformat(f"{decision.day}-01"), "MMMM y", locale=current()))
    return page_date(date.fromisoformat(decision.day)) if decision.day else ""


def _decision(decision: Decision) -> str:
    return f"{decision.body}, {decision.number or day_of(decision)}".rstrip(", ")


def _decided(decision: Decision) -> str:
    about = (named(house().catalogue.organisations[id_].name) for id_ in decision.about)
    return " · ".join(part for part in (day_of(decision), *about) if part)


def _decision_names(decision: Decision) -> tuple[str, ...]:
    bodies = (house().catalogue.organisations[id_].name["en"] for id_ in decision.about)
    pairs = (f"{decision.body} {body}" for body in bodies)
    return (f"{decision.body} {decision.number}", decision.number, decision.id.replace("-", " "), *pairs)


#: By the word in the address, in the order of the overview.
KINDS: Mapping[str, Kind] = {
    "organisations": Kind(
        _l("Organisations"),
        _l("Organisation"),
        _l("Who holds faces: companies, police forces and agencies, how to reach them, and what was decided."),
        attrgetter("organisations"), _named, lambda one: place_of(one.jurisdiction), organisations.names,
    ),
    "authorities": Kind(
        _l("Authorities"),
        _l("Authority"),
        _l("Who watches over them, in which languages they work, and how to complain to them."),
        attrgetter("authorities"), _named, lambda one: named(home_of(one).name),
        lambda one: (*_names(one), *(each.short for each in one.addressed.values() if each.short)),
    ),
    "laws": Kind(
        _l("Laws"),
        _l("Law"),
        _l("What each law gives you, whom it binds, by when they must answer, and what it costs."),
        attrgetter("laws"), _named, lambda one: place_of(one.jurisdiction),
        lambda one: (*_names(one), *one.short.values()),
    ),
    "deadlines": Kind(
        _l("How deadlines are counted"),
        _l("Deadline"),
        _l("Each law counts in its own way. Here is how, and a calculator that explains each step."),
        attrgetter("deadlines"), _deadline, lambda one: "",
        lambda one: (_deadline(one), time_of(one), one.id.replace("-", " "), one.basis_in_law),
    ),
    "decisions": Kind(
        _l("Decisions"),
        _l("Decision"),
        _l("What authorities and courts have decided about face recognition, and what became of it."),
        attrgetter("decisions"), _decision, _decided, _decision_names,
    ),
    "rulings": Kind(
        _l("Rulings and guidelines"),
        _l("Ruling or guideline"),
        _l("What the arguments on the pages of the laws rest on: judgments and guidelines, and what became of them."),
        attrgetter("rulings"), lambda one: named(one.cited), day_of,
        lambda one: (*one.cited.values(), one.id.replace("-", " ")),
    ),
    "jurisdictions": Kind(
        _l("Places"),
        _l("Place"),
        _l("Which laws and authorities each place has."),
        attrgetter("jurisdictions"), _named, lambda one: place_of(one.within) if one.within else "", _names,
    ),
    "offices": Kind(
        _l("Request offices"),
        _l("Request office"),
        _l("Where public bodies take requests."),
        attrgetter("offices"), _named, lambda one: named(owner_of(one).name), _names,
    ),
}  # fmt: skip


Key = tuple[str, str]
"""A kind and an id."""


def record_of(kind: str, id_: str) -> Any:
    """The record of an address; None where there is none."""
    return KINDS[kind].of(house().catalogue).get(id_)


def spoken(record: Any) -> str:
    """The language of what a record is called, where it is another than the page's."""
    if isinstance(record, Decision | Ruling):
        return "en"  # as we noted it
    return "" if current() in getattr(record, "name", {current(): ""}) else "en"


def everything() -> Iterable[Key]:
    """Each record that has a page."""
    return ((kind, id_) for kind in KINDS for id_ in KINDS[kind].of(house().catalogue))


def look_up(query: str) -> tuple[Key, ...]:
    """The records whose name is like the query, the likest first."""
    return likest(query, {(kind, id_): _found_by(kind, id_) for kind, id_ in everything()})


def _found_by(kind: str, id_: str) -> tuple[str, ...]:
    return tuple(KINDS[kind].found_by(record_of(kind, id_)))
