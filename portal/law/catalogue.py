"""All the records of the law, joined."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from portal.law.arguments import Argument, Reply, Ruling, Strength
from portal.law.layout import Layout
from portal.law.places import countries
from portal.law.records import (
    Authority,
    Calendar,
    Contact,
    DeadlineRule,
    Decision,
    Form,
    Jurisdiction,
    Language,
    Law,
    Office,
    Organisation,
    Words,
)

#: The folders of the data files.
KINDS = ("jurisdictions", "laws", "deadlines", "organisations", "decisions", "rulings", "arguments", "languages")


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
    rulings: Mapping[str, Ruling]
    arguments: Mapping[str, Argument]
    languages: Mapping[str, Language]
    version: str = ""
    """A hash of all data files: what was worked out with the same version came from the same law."""

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

    def written_in(self, tag: str) -> Language:
        """The language of a letter by its tag: `de-AT` → de, `nb` → no."""
        base = tag.partition("-")[0]
        return next(one for one in self.languages.values() if one.locale.partition("_")[0] == base)

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

    def replies(self, law: str) -> Mapping[Reply, tuple[Argument, ...]]:
        """What can be said under a law to each reply, in the order of the replies, the strongest first."""
        strengths = [*Strength]
        under = [argument for argument in self.arguments.values() if law in argument.laws]
        under.sort(key=lambda one: (strengths.index(one.strength), one.id))
        found = {reply: tuple(one for one in under if one.reply is reply) for reply in Reply}
        return {reply: arguments for reply, arguments in found.items() if arguments}

    def files(self) -> Iterator[tuple[str, Any]]:
        """Each record with its file below the data folder."""
        for kind in KINDS:
            for id_, record in getattr(self, kind).items():
                yield f"{kind}/{id_}.toml", record
