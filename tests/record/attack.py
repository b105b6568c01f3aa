"""An expert who has all that was ever published of an organisation, knows every rule, and subtracts.

Of every number that was counted they have bounds: it is no less than what is shown, and less than ten more where
nothing that they can see would have held it back. They know that nobody who was counted is uncounted, that a quarter
which is over gets no more letters, that the tables count the same people, and which measures are parts of which.
Where people leave (the staff take a case out, a file is erased, an answer turns out to be another), they know that
they may: then a number that stands may also be up to five too high; what fell or grew is exact from below.
They are told, beyond what anybody could know, which quarters, countries and rights have anybody at all. What is left
open by all that together is worked out exactly, in whole numbers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from portal.cases.measures import Counted, Family
from portal.record.disclosure import BOUNDS, FROZEN, ITEMS, RULES, WHOLES, Row, Rows, Rules

ALL_TIME = (Family.COUNTRY, Family.RIGHT)
#: A number that was counted: in a version, of a table, a row and what is counted.
Number = tuple[int, Family, str, Counted]
#: More than anybody would think of.
_MANY = 10_000.0
#: So many values are as good as any number.
_ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of an organisation's tables; `exact` is what nobody outside knows, to hold the attack to."""

    quarter: str
    shown: Rows
    exact: Rows


@dataclass
class Attack:
    """All bounds that follow from some editions in their order."""

    editions: Sequence[Edition]
    rules: Rules = RULES
    leaving: bool = False
    """Whether people may be uncounted."""
    numbers: dict[Number, int] = field(default_factory=dict)
    _renewed: dict[int, dict[Counted, int]] = field(default_factory=dict)
    _anew: dict[int, bool] = field(default_factory=dict)
    _worlds: list[NDArray[np.int64]] = field(default_factory=list)
    _solver: highspy.Highs = field(default_factory=highspy.Highs)

    def __post_init__(self) -> None:
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("presolve", "off")
        self._solver.setOptionValue("simplex_strategy", 4)  # what is asked changes, what is known does not
        self.items = sorted({one for row in self._rows() for one in row} & {*ITEMS}, key=str)
        for v, edition in enumerate(self.editions):
            for family, keyed in edition.exact.items():
                for key in keyed:
                    for one in self.items:
                        self._add(v, family, key, one)
        self._solver.addVars(len(self.numbers), np.zeros(len(self.numbers)), np.full(len(self.numbers), _MANY))
        for number in self.numbers:
            low, high = self._shown_bounds(number)
            self._solver.changeColBounds(self.numbers[number], low, high)
        for terms, low, high in self._relations():
            index = np.array([self.numbers[one] for _, one in terms], dtype=np.int32)
            signs = np.array([float(sign) for sign, _ in terms])
            self._solver.addRow(low, high, len(index), index, signs)
        self._worlds.append(np.array([self.truth(number) for number in self.numbers]))

    def _rows(self) -> Iterator[Row]:
        for edition in self.editions:
            for keyed in edition.exact.values():
                yield from keyed.values()

    def _add(self, v: int, family: Family, key: str, one: Counted) -> None:
        self.numbers[v, family, key, one] = len(self.numbers)

    def truth(self, number: Number) -> int:
        v, family, key, one = number
        return self.editions[v].exact.get(family, {}).get(key, {}).get(one, 0)

    def shown(self, number: Number) -> int:
        v, family, key, one = number
        return self.editions[v].shown.get(family, {}).get(key, {}).get(one, 0) if v >= 0 else 0

    # What each number tells by itself

    def _shown_bounds(self, number: Number) -> tuple[float, float]:
        """Between what a number is, as it is shown and not higher."""
        shown, higher = self.shown(number), self._next(number)
        low = self._staying(shown) if self.leaving and shown == self._before(number) else shown
        if higher is None or self._may_be_held(number, higher - shown):
            return low, _MANY
        stays = self.leaving and higher == self._before(number)
        return low, (self._staying(higher) if stays else higher) - 1

    def _before(self, number: Number) -> int:
        return self.shown((number[0] - 1, *number[1:]))

    def _staying(self, shown: int) -> int:
        """The least that a number may be to be shown as it was."""
        rounded, step = self.rules.rounded, self.rules.step
        return max(0, (shown - step) // rounded * rounded + rounded)

    def _next(self, number: Number) -> int | None:
        """The next higher that a number could have been shown as; none, where it can never grow again."""
        v, family, key, one = number
        shown, before, rules = self.shown(number), self._before(number), self.rules
        closed = rules.held and family is Family.QUARTER and one == FROZEN and key != self.editions[v].quarter
        ever = {self.shown((u, family, key, one)) for u in range(v)} | {0}
        for n in range(shown + rules.rounded, max(shown, *ever) + rules.least + rules.step + 1, rules.rounded):
            near = any(0 < abs(n - each) < rules.step for each in ever)
            if n == before or (n >= rules.least and not near and not (closed and n > before)):
                return n
        return None

    def _may_be_held(self, number: Number, by: int) -> bool:
        """Whether something would break if it were shown so much higher."""
        if not self.rules.held:
            return False
        v, family, key, one = number
        row = {of: self.shown((v, family, key, of)) for of in self.items} | {one: self.shown(number) + by}
        if any(bound.broken(row) for bound in BOUNDS if one in bound.items):
            return True
        items = [each for each in self.items if each == one or any(one in whole for whole in WHOLES[each])]
        before, after = (_Published(self, v, number, more).crowded(items) for more in (0, by))
        return bool(after - before)

    def anew(self, v: int) -> bool:
        """Whether a number fell, so that all were made anew."""
        if v not in self._anew:
            self._anew[v] = any(
                self.shown(number) < self._before(number) for number in self.numbers if number[0] == v
            )
        return self._anew[v]

    def renewed(self, v: int) -> dict[Counted, int]:
        """For how many people each item was renewed, up to a version, since all were made anew."""
        if v not in self._renewed:
            before = self.renewed_before(v)
            now = _Published(self, v, next(iter(self.numbers)), 0)
            most = {one: max(now.grown(family, one) for family in Family) for one in self.items}
            self._renewed[v] = {one: before.get(one, 0) + most[one] for one in self.items}
        return self._renewed[v]

    def renewed_before(self, v: int) -> dict[Counted, int]:
        """What a version grows from."""
        return self.renewed(v - 1) if v and not self.anew(v) else {}

    # What they tell together

    def _relations(self) -> Iterator[tuple[list[tuple[int, Number]], float, float]]:
        """Sums of numbers with their signs, and between what they lie."""
        for v, edition in enumerate(self.editions):
            keys = {family: list(edition.exact.get(family, {})) for family in Family}
            for one in self.items:
                by_quarter = [(1, (v, Family.QUARTER, key, one)) for key in keys[Family.QUARTER]]
                for family in ALL_TIME:
                    yield [*by_quarter, *((-1, (v, family, key, one)) for key in keys[family])], 0, 0
            for family in Family:
                for key in keys[family]:
                    yield from self._of_row(v, family, key)
                    yield from self._of_time(v, family, key)

    def _of_row(self, v: int, family: Family, key: str) -> Iterator[tuple[list[tuple[int, Number]], float, float]]:
        for bound in BOUNDS:
            terms = [(sign, (v, family, key, one)) for sign, one in bound.terms if one in self.items]
            if len(terms) > 1:
                yield terms, -np.inf, 0

    def _of_time(self, v: int, family: Family, key: str) -> Iterator[tuple[list[tuple[int, Number]], float, float]]:
        """Nobody is uncounted, where nobody may leave; in a quarter that is over nobody joins."""
        for one in self.items:
            before, now = (v - 1, family, key, one), (v, family, key, one)
            if before in self.numbers:
                closed = family is Family.QUARTER and one == FROZEN
                yield [(1, now), (-1, before)], -np.inf if self.leaving else 0, 0 if closed else np.inf

    # What is found

    def is_sound(self) -> bool:
        """Whether the truth is among what the attacker thinks possible: else they have assumed what is not so."""
        values = [(self.truth(number), *self._shown_bounds(number)) for number in self.numbers]
        return all(low <= value <= high for value, low, high in values) and all(
            low <= sum(sign * self.truth(one) for sign, one in terms) <= high
            for terms, low, high in self._relations()
        )

    def recovered(self) -> Iterator[str]:
        """Each coming or going of one to nine people that is certain, from any version to a later one."""
        for number in self.numbers:
            for u in range(-1, number[0]):
                before = (u, *number[1:])
                change = self.truth(number) - (self.truth(before) if u >= 0 else 0)
                terms = {number: 1} | ({before: -1} if before in self.numbers else {})
                if 1 <= change <= 9 and not self._can_be(terms, lambda n: (n <= 0) | (n >= 10)):
                    yield f"{change} joined {number[1:]} between {u} and {number[0]}"
                if -9 <= change <= -1 and not self._can_be(terms, lambda n: (n >= 0) | (n <= -10)):
                    yield f"{-change} left {number[1:]} between {u} and {number[0]}"

    def narrowest(self) -> int:
        """To how few values any count of one or more was narrowed down; ten where to no fewer."""
        return min((self._span(number) for number in self.numbers if self.truth(number)), default=_ENOUGH)

    def _can_be(self, terms: Mapping[Number, int], wanted: Callable[[NDArray[np.int64]], NDArray[np.bool_]]) -> bool:
        """Whether there is a truth that agrees with all that was published, in which a sum is as wanted."""
        return bool(wanted(self._known(terms)).any()) or any(
            bool(wanted(self._extreme(terms, towards)).any()) for towards in _TOWARDS
        )

    def _span(self, number: Number) -> int:
        """How many values a number may have, as far as one has to look to find ten."""
        values = self._known({number: 1})
        for towards in _TOWARDS:
            if values.max() - values.min() < _ENOUGH - 1:
                values = np.append(values, self._extreme({number: 1}, towards))
        return min(_ENOUGH, int(values.max() - values.min()) + 1)

    def _known(self, terms: Mapping[Number, int]) -> NDArray[np.int64]:
        """What a sum is in each of the truths that were found so far."""
        return np.array(
            [sum(sign * world[self.numbers[one]] for one, sign in terms.items()) for world in self._worlds]
        )

    def _extreme(self, terms: Mapping[Number, int], towards: highspy.ObjSense) -> NDArray[np.int64]:
        """The least or the most that a sum can be, in whole numbers."""
        self._solver.changeObjectiveSense(towards)
        for number, sign in terms.items():
            self._solver.changeColCost(self.numbers[number], sign)
        world = self._solved()
        if abs(world - world.round()).max() > 1e-6:
            world = self._in_whole_numbers()
        for number in terms:
            self._solver.changeColCost(self.numbers[number], 0)
        self._worlds.append(world.round().astype(np.int64))
        return self._known(terms)[-1:]

    def _in_whole_numbers(self) -> NDArray[np.float64]:
        columns = np.arange(len(self.numbers), dtype=np.int32)
        for kind in (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous):
            self._solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), kind))
            if kind is highspy.HighsVarType.kInteger:
                world = self._solved()
        return world

    def _solved(self) -> NDArray[np.float64]:
        self._solver.run()
        status = self._solver.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, status
        return np.array(self._solver.getSolution().col_value)


#: What keeps each item from being larger.
_LIMITING = {one: [bound for bound in BOUNDS if (1, one) in bound.terms] for one in ITEMS}
_TOWARDS = (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize)


@dataclass(frozen=True, slots=True)
class _Published:
    """A version as it would be if one number were shown so much higher."""

    attack: Attack
    v: int
    number: Number
    by: int

    def keys(self, family: Family) -> Sequence[str]:
        return list(self.attack.editions[self.v].exact.get(family, {}))

    def shown(self, family: Family, key: str, one: Counted) -> int:
        number = (self.v, family, key, one)
        return self.attack.shown(number) + (self.by if number == self.number else 0)

    def before(self, family: Family, key: str, one: Counted) -> int:
        return self.attack.shown((self.v - 1, family, key, one))

    def start(self, family: Family, key: str, one: Counted) -> int:
        """From what a number grew."""
        return 0 if self.attack.anew(self.v) else self.before(family, key, one)

    def grown(self, family: Family, one: Counted) -> int:
        return sum(self.shown(family, key, one) - self.start(family, key, one) for key in self.keys(family))

    def waiting(self, family: Family, one: Counted) -> int:
        together = self.attack.renewed_before(self.v).get(one, 0)
        most = max(self.grown(each, one) for each in Family)
        return together + most - sum(self.shown(family, key, one) for key in self.keys(family))

    def crowded(self, items: Sequence[Counted]) -> set[tuple[Family, Counted]]:
        """Where those who wait could not all be in other rows than one."""
        return {(family, one) for family in Family for one in items if self._is_crowded(family, one)}

    def _is_crowded(self, family: Family, one: Counted) -> bool:
        rules, most = self.attack.rules, max(self.grown(each, one) for each in Family)
        grown = self.grown(family, one)
        if family is Family.QUARTER and one == FROZEN:
            return most > grown
        slack, room = [0], [0]
        for key in self.keys(family):
            renewed = self.shown(family, key, one) != self.before(family, key, one)
            bounds = _LIMITING[one]
            row = {each: self.shown(family, key, each) for bound in bounds for each in bound.items}
            slack.append((rules.rounded if renewed else max(rules.step, rules.rounded)) - 1)
            limits = [-bound.sum(row) for bound in bounds]
            room.append(max(0, min(slack[-1], *limits)) if limits else slack[-1])
        elsewhere = min((self._waiting_of(family, whole) for whole in WHOLES[one]), default=0)
        space = min(sum(slack) - max(slack), sum(room) - max(room) + elsewhere)
        waited = self.waiting(family, one) - most + grown
        return most - grown > max(0, space - waited)

    def _waiting_of(self, family: Family, whole: Sequence[Counted]) -> int:
        return sum(max(0, self.waiting(family, one)) for one in whole if one in self.attack.items)
