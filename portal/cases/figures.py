"""How many tasks come, are decided and are open, and how long it takes: counts alone, of no case and of nobody."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, type_coerce
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from portal.cases.models import TaskRow
from portal.cases.tasks import Matter, is_open

A_WEEK = timedelta(days=7)
#: The last day of each age, in days since a task came; the last age has no end.
AGES: tuple[int | None, ...] = (1, 3, 7, 14, None)
#: The days from one date to another; standard SQL has no words for it, each database its own.
_DAYS: Mapping[str, Callable[[Any, Any], ColumnElement[int]]] = {
    "sqlite": lambda first, last: cast(func.julianday(last) - func.julianday(first), Integer),
    "postgresql": lambda first, last: type_coerce(last - first, Integer),
}


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days."""

    first: date
    came: int = 0
    decided: int = 0

    @property
    def last(self) -> date:
        return self.first + A_WEEK - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of tasks; those that are erased or forgotten are in no count."""

    weeks: tuple[Week, ...]
    """The oldest first; the last one ends today."""
    ages: tuple[int, ...]
    """How many are open now, for each of `AGES`."""
    waiting: int
    """So many of the open ones wait for an address or an organisation to be looked at."""
    late: int
    """So many of the open ones were to be decided before today."""
    days: Mapping[int, int]
    """Of those decided in these weeks, how many were decided so many days after they came.

    The difference of two dates, as no time of day is kept: 0 is the same day.
    """

    @property
    def came(self) -> int:
        return sum(week.came for week in self.weeks)

    @property
    def decided(self) -> int:
        return sum(week.decided for week in self.weeks)

    @property
    def open(self) -> int:
        return sum(self.ages)

    @property
    def took(self) -> tuple[int, ...]:
        """Those decided in these weeks, for each of `AGES`."""
        found = Counter[int]()
        for days, count in self.days.items():
            found[_age(days)] += count
        return tuple(found[n] for n in range(len(AGES)))

    def within(self, percent: int) -> int | None:
        """The fewest days within which so many of a hundred were decided (nearest rank); None where none were."""
        nth, so_far = ceil(self.decided * percent / 100), 0
        for days, count in sorted(self.days.items()):
            so_far += count
            if so_far >= nth:
                return days
        return None


def figures(session: Session, matters: Collection[Matter], weeks: int, today: date) -> Mapping[Matter, Figures]:
    """What is counted of each of these matters, in four queries; `weeks` of seven days each, the last ends today.

    What is read is as long as there are matters and days, however many tasks there are.
    """
    since = today + timedelta(days=1) - weeks * A_WEEK
    of_these = col(TaskRow.matter).in_([matter.value for matter in matters])
    came = _by_week(session, col(TaskRow.opened_on), of_these, since, weeks)
    decided = _by_week(session, col(TaskRow.decided_on), of_these, since, weeks)
    still, days = _open(session, of_these, today), _days(session, of_these, since)
    firsts = [since + n * A_WEEK for n in range(weeks)]
    return {
        matter: Figures(
            tuple(Week(first, came[matter, n], decided[matter, n]) for n, first in enumerate(firsts)),
            *still.get(matter, ((0,) * len(AGES), 0, 0)),
            days.get(matter, {}),
        )
        for matter in matters
    }


def together(every: Iterable[Figures]) -> Figures:
    """Several counted as one; all of the same weeks."""
    parts = tuple(every)
    return Figures(
        tuple(
            Week(same[0].first, sum(one.came for one in same), sum(one.decided for one in same))
            for same in zip(*(part.weeks for part in parts), strict=True)
        ),
        tuple(map(sum, zip(*(part.ages for part in parts), strict=True))),
        sum(part.waiting for part in parts),
        sum(part.late for part in parts),
        sum((Counter(part.days) for part in parts), Counter[int]()),
    )


def _by_week(
    session: Session, day: Mapped[Any], of_these: ColumnElement[bool], since: date, weeks: int
) -> Mapping[tuple[Matter, int], int]:
    """How many there were of a matter in the week that begins so many weeks later."""
    matter = col(TaskRow.matter)
    rows = session.execute(select(matter, day, func.count()).where(of_these, day >= since).group_by(matter, day))
    found = Counter[tuple[Matter, int]]()
    for name, on, count in rows:
        # Where it is tomorrow already, something may have come tomorrow.
        found[Matter(name), min((on - since) // A_WEEK, weeks - 1)] += count
    return found


def _open(
    session: Session, of_these: ColumnElement[bool], today: date
) -> Mapping[Matter, tuple[tuple[int, ...], int, int]]:
    """Those that are open now: by age, how many of them wait, how many of them are late."""
    opened_on, ends = col(TaskRow.opened_on), [today - timedelta(days) for days in AGES if days is not None]
    ages = [
        opened_on >= ends[0],
        *((opened_on < later) & (opened_on >= earlier) for later, earlier in pairwise(ends)),
        opened_on < ends[-1],
    ]
    counted = [*ages, col(TaskRow.waits_on) != "", col(TaskRow.decide_by) < today]
    matter, counts = col(TaskRow.matter), [func.count().filter(which) for which in counted]
    rows = session.execute(select(matter, *counts).where(of_these, is_open()).group_by(matter))
    return {Matter(name): (tuple(found), waiting, late) for name, *found, waiting, late in rows}


def _days(session: Session, of_these: ColumnElement[bool], since: date) -> Mapping[Matter, Mapping[int, int]]:
    """Of those decided since a day: how many took so many days."""
    matter, took = col(TaskRow.matter), _DAYS[session.get_bind().dialect.name]
    days = took(col(TaskRow.opened_on), col(TaskRow.decided_on))
    decided = of_these, col(TaskRow.decided_on) >= since
    rows = session.execute(select(matter, days, func.count()).where(*decided).group_by(matter, days))
    found: dict[Matter, Counter[int]] = {}
    for name, count_of_days, count in rows:
        found.setdefault(Matter(name), Counter())[max(count_of_days, 0)] += count
    return found


def _age(days: int) -> int:
    """Which of `AGES`."""
    return next(n for n, last in enumerate(AGES) if last is None or days <= last)
