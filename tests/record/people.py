"""Made-up people, and what they would add to the record from version to version."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from portal.cases.measures import Basis, Counted, Family, Measure
from portal.record.disclosure import RULES, Rows, Rules, Shown, item, renewed
from tests.record.attack import Edition

QUARTERS = ("2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1", "2028-Q2", "2028-Q3")
COUNTRIES = ("fr", "at", "de", "us", "mt")
RIGHTS = ("access", "erasure", "objection", "restriction")


Weights = Mapping[Family, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asked: in which table rows they are, and from which version on something is known of them."""

    keys: Mapping[Family, str]
    since: Mapping[Counted, int]
    until: Mapping[Counted, int] = field(default_factory=dict)
    """From which version on something is no more counted."""

    def shows(self, one: Counted, v: int) -> bool:
        """Whether something is counted of them in a version."""
        return one in self.since and self.since[one] <= v < self.until.get(one, v + 1)


def a_person(random: Random, joined: int, weights: Weights) -> Person:
    """They file in a version's quarter; answers, proof and more come then or later, or never."""
    keys = {
        Family.QUARTER: QUARTERS[joined],
        Family.COUNTRY: random.choices(COUNTRIES, weights[Family.COUNTRY])[0],
        Family.RIGHT: random.choices(RIGHTS, weights[Family.RIGHT])[0],
    }
    since: dict[Counted, int] = {}
    reported, proven = joined, joined + random.choice((0, 0, 1, 99))
    later = joined + random.choice((0, 1, 1, 2, 3))

    def known(measure: Measure, when: int, shown: int) -> None:
        since[item(measure)] = when
        since[item(measure, Basis.PROVEN)] = max(when, shown)

    known(Measure.FILED, reported, proven)
    fate = random.random()
    answered = Measure.IN_TIME if fate < 0.45 else Measure.LATE if fate < 0.75 else None
    paper = later + random.choice((0, 0, 1, 99))
    if answered:
        proven = min(proven, max(later, paper))
        known(Measure.FILED, reported, proven)
        known(Measure.ANSWERED, later, paper)
        known(answered, later, paper)
        known(random.choice((Measure.COMPLIED, Measure.REFUSED, Measure.PARTLY)), later, paper)
    if answered is not Measure.IN_TIME and fate < 0.95:
        known(Measure.OVERDUE, min(later, joined + 1), proven)
    if fate > 0.9:
        since[item(Measure.COMPLAINED)] = later + 1
    return Person(keys, since)


def exact(people: Sequence[Person], v: int) -> Rows:
    """What is counted in a version."""
    rows: dict[Family, dict[str, dict[Counted, int]]] = {family: {} for family in Family}
    for person in people:
        if min(person.since.values()) > v:
            continue
        for family, key in person.keys.items():
            row = rows[family].setdefault(key, defaultdict(int))
            for one in person.since:
                row[one] += person.shows(one, v)
    return {family: {key: dict(row) for key, row in keyed.items()} for family, keyed in rows.items()}


def editions(people: Sequence[Person], versions: int, rules: Rules = RULES) -> Iterator[Edition]:
    """What is published of them, version after version."""
    shown = Shown()
    for v in range(versions):
        counted = exact(people, v)
        shown = renewed(counted, shown, QUARTERS[v], rules)
        yield Edition(QUARTERS[v], shown.rows, counted)


def weighted(weights: Sequence[float]) -> Weights:
    """How often each country and each right is: never quite never."""
    some = [one + 0.001 for one in weights]
    return {Family.COUNTRY: some[: len(COUNTRIES)], Family.RIGHT: some[len(COUNTRIES) :]}


def some_people(random: Random, versions: int) -> list[Person]:
    """Of so many quarters, with few and with many; countries and rights that are rare and that are not."""
    rare = weighted([random.choice((0, 1, 3, 30)) for _ in (*COUNTRIES, *RIGHTS)])
    return [
        a_person(random, joined, rare)
        for joined in range(versions)
        for _ in range(random.choice((0, 3, 9, 10, 11, 14, 19, 20, 33, 60)))
    ]


def leaving(random: Random, people: Sequence[Person], versions: int) -> list[Person]:
    """The same people, of whom some leave later: now and then one, or many in one version.

    The staff take a case out, a file is erased, or who said that all was done says that it was refused.
    """
    each, together = random.choice((0.1, 0.3, 0.6)), random.choice((0, 0, 0.3, 0.9))
    when = random.randrange(1, versions)
    some = (_leaving(random, one, random.randrange(1, versions)) if random.random() < each else one for one in people)
    return [_out(one, when) if random.random() < together else one for one in some]


def flooded(random: Random, people: Sequence[Person], versions: int) -> list[Person]:
    """The same people and a flood that nobody wrote, of one country and one right, which the staff take out later."""
    joined = random.randrange(versions - 1)
    rare = weighted([random.choice((0, 0, 0, 1)) for _ in (*COUNTRIES, *RIGHTS)])
    fake = [a_person(random, joined, rare) for _ in range(random.choice((9, 10, 14, 25, 60)))]
    when = random.randrange(joined + 1, versions)
    return [*people, *(_out(one, when) for one in fake)]


def _leaving(random: Random, person: Person, when: int) -> Person:
    return random.choice((_out, _without_a_file, _refused))(person, when)


def _out(person: Person, when: int) -> Person:
    return replace(person, until={one: min(when, person.until.get(one, when)) for one in person.since})


def _without_a_file(person: Person, when: int) -> Person:
    return replace(person, until={one: when for one in person.since if one[0] == Basis.PROVEN})


def _refused(person: Person, when: int) -> Person:
    """From a version on an answer is a refusal, as it is reported and as it is proven."""
    since, until = dict(person.since), {}
    for basis in Basis:
        said, refused = item(Measure.COMPLIED, basis), item(Measure.REFUSED, basis)
        if said in since:
            until[said] = since[refused] = max(when, since[said])
    return Person(person.keys, since, until)
