"""Disclosure control: from exact counts, and what was shown before, to what is shown now.

A number is never exact and never renewed for few people: it is what it was in some version before or differs from all
of them by ten or more, it is a multiple of five, and it is no more than was counted when it was renewed. What that
leaves over waits, and some of what could be renewed is held back, so that this is always possible:

*The numbers themselves are the truth, and nobody ever did anything but in groups of ten or more.*

Who subtracts whatever they like from whatever was published cannot rule that out, so they find nobody who came or
went, and no count under ten. For that it is not enough to look at each number alone, as the three tables of an
organisation count the same people, and its measures are parts of each other. Five things are held to:

1. In a row no part is more than its whole: of what is reported, of what is proven, and of what is reported without
   proof.
2. By country and by right nothing is renewed for more people than by quarter in the same version: so nobody can be
   seen to leave those who wait.
3. Those who wait in a table could all be elsewhere than in any one of its rows: the others have room for them.
4. What was sent in a quarter is shown in the version that closes the quarter, or never: it does not grow any more.
5. Where people leave and a number must fall, all numbers of the organisation are made anew together: what fell in one
   table and stood in another would tell of those who are left. It must fall where it is more than five too high.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portal.cases.measures import WITHIN, Basis, Counted, Family, Measure

#: The numbers of one row; what is not there is nought, or not shown.
Row = Mapping[Counted, int]
#: The rows of each table of an organisation, by their keys.
Rows = Mapping[Family, Mapping[str, Row]]
#: A row of a table.
Place = tuple[Family, str]
_Working = dict[Place, dict[Counted, int]]


@dataclass(frozen=True, slots=True)
class Rules:
    """How large a number must be to be shown, by how much it changes at least, to what it is rounded down."""

    least: int = 10
    step: int = 10
    rounded: int = 5
    held: bool = True
    """Whether what would tell of others is held back."""


RULES = Rules()


def falls(exact: int, was: int, rules: Rules = RULES) -> bool:
    """Whether a number is so much too high that it falls by a step when it is rounded down."""
    return exact < was and exact // rules.rounded * rules.rounded <= was - rules.step


def item(measure: Measure, basis: Basis = Basis.REPORTED) -> Counted:
    """How a measure is counted."""
    return basis.value, measure.value


#: What is shown as the sum of its parts, so that nothing can be told of one of them by the others.
SUM, PARTS = Measure.ANSWERED, (Measure.IN_TIME, Measure.LATE, Measure.UNTIMED)
#: All else that is shown as a number, wholes before their parts.
ITEMS: tuple[Counted, ...] = tuple(
    item(measure, basis) for measure in Measure if measure is not SUM for basis in Basis
)
#: What changes no more once its quarter is over.
FROZEN = item(Measure.FILED)


# What holds in a row


@dataclass(frozen=True, slots=True)
class Bound:
    """That a sum of numbers of a row, each with its sign, is not above nought."""

    terms: tuple[tuple[int, Counted], ...]

    @property
    def items(self) -> tuple[Counted, ...]:
        return tuple(one for _, one in self.terms)

    def sum(self, row: Row) -> int:
        return sum(sign * row.get(one, 0) for sign, one in self.terms)

    def broken(self, row: Row) -> bool:
        return self.sum(row) > 0


#: Of which one file shows the whole and its parts, so that also what is reported without proof is part of the same.
_ONE_PROOF = frozenset({Measure.ANSWERED, Measure.REFUSED, Measure.DECIDED})


def _items(measure: Measure, basis: Basis) -> tuple[Counted, ...]:
    """What a measure is the sum of; itself, where it is none."""
    return tuple(item(one, basis) for one in (PARTS if measure is SUM else (measure,)))


def _less(parts: Sequence[Measure], whole: Measure) -> tuple[Bound, ...]:
    """That parts are no more than their whole: reported, proven, and reported without proof."""
    reported, proven = (
        (*((1, one) for part in parts for one in _items(part, basis)), *((-1, one) for one in _items(whole, basis)))
        for basis in Basis
    )
    return Bound(reported), Bound(proven), Bound((*reported, *((-sign, one) for sign, one in proven)))


def _bounds() -> Iterator[Bound]:
    for proven, reported in zip(ITEMS[1::2], ITEMS[::2], strict=True):
        yield Bound(((1, proven), (-1, reported)))
    for whole, groups in WITHIN.items():
        for parts in groups:
            if parts != PARTS:
                yield from _less(parts, whole) if whole in _ONE_PROOF else _less(parts, whole)[:-1]


BOUNDS: tuple[Bound, ...] = tuple(_bounds())


def _among(items: Collection[Counted], bounds: Sequence[Bound]) -> tuple[Bound, ...]:
    """Bounds of some items alone; those that can be broken."""
    some = (Bound(tuple((sign, one) for sign, one in bound.terms if one in items)) for bound in bounds)
    return tuple(bound for bound in some if any(sign > 0 for sign, _ in bound.terms))


_ORDER: Mapping[Counted, int] = {one: n for n, one in enumerate(ITEMS)}


def _wholes() -> Iterator[tuple[Counted, tuple[tuple[Counted, ...], ...]]]:
    for basis, name in ITEMS:
        measure, on = Measure(name), Basis(basis)
        of = [whole for whole, groups in WITHIN.items() if any(measure in parts for parts in groups)]
        reported = ((item(measure),),) if on is Basis.PROVEN else ()
        yield (
            (basis, name),
            (*reported, *(_items(whole, on) for whole in of if measure not in PARTS or whole is not SUM)),
        )


#: Of what each item is a part; a whole may be a sum.
WHOLES: Mapping[Counted, tuple[tuple[Counted, ...], ...]] = dict(_wholes())


# Renewing


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an organisation."""

    rows: Rows = field(default_factory=dict)
    renewed: Row = field(default_factory=dict)
    """For how many people each item was renewed in all, since all was last made anew.

    In each version that is the most that any of the three tables grew by; what a table has of them less, waits there.
    """
    ever: Mapping[Place, Mapping[Counted, Collection[int]]] = field(default_factory=dict)
    """What was ever shown of each number."""


def renewed(exact: Rows, before: Shown, closing: str, rules: Rules = RULES) -> Shown:
    """What is shown of an organisation in the version that closes a quarter; `before` is what the last one shows."""
    renewal = _Renewal(exact, before, closing, rules)
    limits: dict[Counted, int] = {}
    now = renewal.attempt(limits)
    while rules.held and (lower := renewal.lower(now, limits)):
        limits |= lower
        now = renewal.attempt(limits)
    if rules.held:
        renewal.fill(now)
    return renewal.shown(now)


class _Renewal:
    """The renewal of one organisation's numbers.

    They grow from what was shown before. Where one of them must fall, all three tables are made anew, from nothing:
    as they count the same people, what falls in one and stays in another tells of those who are left.
    """

    def __init__(self, exact: Rows, before: Shown, closing: str, rules: Rules) -> None:
        self._closing, self._rules, self._ever = closing, rules, before.ever
        self._places = {
            family: [(family, key) for key in sorted({*exact.get(family, {}), *before.rows.get(family, {})})]
            for family in Family
        }
        every = [place for places in self._places.values() for place in places]
        self._exact = {(family, key): exact.get(family, {}).get(key, {}) for family, key in every}
        self._was = {(family, key): before.rows.get(family, {}).get(key, {}) for family, key in every}
        there = {one for rows in (self._exact, self._was) for row in rows.values() for one in row}
        self._items = [one for one in ITEMS if one in there]
        self._bounds = _among(there, BOUNDS)
        self._limiting = {one: [bound for bound in self._bounds if (1, one) in bound.terms] for one in self._items}
        self._anew = any(self._falls(place, one) for place in every for one in self._items)
        self._renewed = {} if self._anew else before.renewed
        self._from = {
            place: {one: 0 if self._anew else row.get(one, 0) for one in self._items}
            for place, row in self._was.items()
        }

    def shown(self, now: _Working) -> Shown:
        """Without what is not shown."""
        rows = {place: {one: n for one, n in row.items() if n} for place, row in now.items()}
        for row in rows.values():
            sums = {item(SUM, basis): sum(row.get(one, 0) for one in _items(SUM, basis)) for basis in Basis}
            row |= {one: n for one, n in sums.items() if n}
        keyed = {family: {key: row for (of, key), row in rows.items() if of is family and row} for family in Family}
        together = {one: self._together(now, one) for one in self._items}
        ever = {
            place: {one: {*self._shown_ever(place, one), n} for one, n in row.items()} for place, row in now.items()
        }
        return Shown(keyed, {one: n for one, n in together.items() if n}, ever)

    def _shown_ever(self, place: Place, one: Counted) -> Collection[int]:
        return self._ever.get(place, {}).get(one, ())

    # Each number by itself

    def attempt(self, limits: Mapping[Counted, int]) -> _Working:
        """What is shown where each table may grow by so many at most."""
        now = {place: dict(row) for place, row in self._from.items()}
        for family in Family:
            for one in self._items:
                self._renew(now, family, one, limits.get(one))
            self._settle(now, family)
        return now

    def _renew(self, now: _Working, family: Family, one: Counted, left: int | None) -> None:
        """Show each number as high as may be: first those that can stay as they were, then where most wait."""

        def order(place: Place) -> tuple[bool, int, Place]:
            changes = not self._anew or self._falls(place, one)
            return changes, self._from[place][one] - self._exact[place].get(one, 0), place

        for place in sorted(self._places[family], key=order):
            start, most = now[place][one], self._most_of(place, one)
            now[place][one] = self._highest(place, one, most if left is None else min(most, start + left))
            left = None if left is None else left - now[place][one] + start

    def _falls(self, place: Place, one: Counted) -> bool:
        return falls(self._exact[place].get(one, 0), self._was[place].get(one, 0), self._rules)

    def _most_of(self, place: Place, one: Counted) -> int:
        """What a number is not shown above: what was counted, or what it was."""
        exact, was = self._exact[place].get(one, 0), self._was[place].get(one, 0)
        return exact if self._falls(place, one) else max(exact, was)

    def _may_be(self, place: Place, one: Counted, n: int) -> bool:
        """Whether a number may be shown as this: large enough, and as it was or other by a step than it ever was."""
        was = self._was[place].get(one, 0)
        closed = self._rules.held and one == FROZEN and place[0] is Family.QUARTER and place[1] != self._closing
        near = any(0 < abs(n - each) < self._rules.step for each in (was, *self._shown_ever(place, one)))
        return n == was or (n >= self._rules.least and not near and not (closed and n > was))

    def _highest(self, place: Place, one: Counted, most: int) -> int:
        """The highest that a number may be shown as, up to so many; what it grows from, where there is none."""
        start = self._from[place][one]
        lower = range(most // self._rules.rounded * self._rules.rounded, start, -self._rules.rounded)
        return next((n for n in lower if self._may_be(place, one, n)), start)

    def _next(self, place: Place, one: Counted, now: int) -> int | None:
        """The next higher that a number may be shown as; none, where too few wait."""
        higher = range(now + self._rules.rounded, self._most_of(place, one) + 1, self._rules.rounded)
        return next((n for n in higher if self._may_be(place, one, n)), None)

    def _grown(self, now: _Working, family: Family, one: Counted) -> int:
        """By how much all rows of a table have grown together."""
        return sum(now[place][one] - self._from[place][one] for place in self._places[family])

    # In a row

    def _settle(self, now: _Working, family: Family) -> None:
        """Take back what has grown until all that must hold in a row holds, as it did before."""
        if not self._rules.held:
            return
        for place in self._places[family]:
            row = now[place]
            while grown := next(self._breaking(place, row), None):
                row[grown] = self._highest(place, grown, row[grown] - self._rules.rounded)

    def _breaking(self, place: Place, row: dict[Counted, int]) -> Iterator[Counted]:
        """What has grown so that it breaks a bound, parts before their wholes."""
        start = self._from[place]
        for bound in self._bounds:
            if bound.broken(row):
                guilty = [one for sign, one in bound.terms if sign * (row[one] - start[one]) > 0]
                yield from sorted(guilty, key=_ORDER.__getitem__, reverse=True)

    # In a table

    def lower(self, now: _Working, limits: Mapping[Counted, int]) -> dict[Counted, int]:
        """By how many some items may grow at most, as those who wait would else have no room elsewhere."""
        found = {}
        for one in self._items:
            limit = (
                min(self._most(now, family, one) for family in Family) // self._rules.rounded * self._rules.rounded
            )
            limit = limit if limit >= self._rules.step else 0
            if max(self._grown(now, family, one) for family in Family) > limit and limits.get(one, limit + 1) > limit:
                found[one] = limit
        return found

    def _together(self, now: _Working, one: Counted) -> int:
        """For how many people an item was renewed in all."""
        return self._renewed.get(one, 0) + max(self._grown(now, family, one) for family in Family)

    def _most(self, now: _Working, family: Family, one: Counted) -> int:
        """By how many an item may grow for all that a table has room for those who wait in it."""
        places = self._places[family]
        waited = self._renewed.get(one, 0) - sum(self._from[place][one] for place in places)
        grown = self._grown(now, family, one)
        if family is Family.QUARTER and one == FROZEN:
            return grown
        return grown + max(0, self._space(now, family, one) - waited)

    def _space(self, now: _Working, family: Family, one: Counted) -> int:
        """How many may wait in a table, all of them in other rows than any one."""
        slack = [self._slack(now, place, one) for place in self._places[family]] or [0]
        room = [self._room(now, place, one) for place in self._places[family]] or [0]
        room = [max(0, min(pair)) for pair in zip(slack, room, strict=True)]
        elsewhere = min((self._waits(now, family, whole) for whole in WHOLES[one]), default=0)
        return min(sum(slack) - max(slack), sum(room) - max(room) + elsewhere)

    def _waits(self, now: _Working, family: Family, whole: Collection[Counted]) -> int:
        """How many wait in a table of a whole, for all that can be seen."""
        return sum(
            max(0, self._together(now, one) - sum(now[place][one] for place in self._places[family]))
            for one in whole
            if one in self._items
        )

    def _slack(self, now: _Working, place: Place, one: Counted) -> int:
        """How many may wait in a row, for all that can be seen."""
        rounded, step = self._rules.rounded, self._rules.step
        changed = now[place][one] != self._was[place].get(one, 0)
        return (rounded if changed else max(step, rounded)) - 1

    def _room(self, now: _Working, place: Place, one: Counted) -> int:
        """How many more could be shown in a row as part of its whole."""
        return min(
            (-bound.sum(now[place]) for bound in self._limiting[one]), default=self._rules.step + self._rules.rounded
        )

    # What is left

    def fill(self, now: _Working) -> None:
        """Raise what can be raised by itself, until nothing is held back for nothing."""
        every = [(place, one) for family in Family for place in self._places[family] for one in self._items]
        while sum(self._raised(now, place, one) for place, one in every):
            pass

    def _raised(self, now: _Working, place: Place, one: Counted) -> bool:
        before = now[place][one]
        higher = self._next(place, one, before)
        if higher is None:
            return False
        crowded = self._crowded(now, one)
        now[place][one] = higher
        broken = any(bound.broken(now[place]) for bound in self._bounds if one in bound.items)
        if not broken and self._crowded(now, one) <= crowded:
            return True
        now[place][one] = before
        return False

    def _crowded(self, now: _Working, one: Counted) -> frozenset[tuple[Family, Counted]]:
        """Where those who wait have no room, of an item and its parts."""
        items = [one, *(part for part in self._items if any(one in whole for whole in WHOLES[part]))]
        return frozenset(
            (family, of)
            for family in Family
            for of in items
            if max(self._grown(now, each, of) for each in Family) > self._most(now, family, of)
        )
