"""The figures, against a slow and obvious count."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlmodel import Session

from portal.cases import tasks
from portal.cases.figures import AGES, Figures, Week, figures, together
from portal.cases.models import TaskRow
from portal.cases.tasks import Choice, Matter
from portal.database import snapshot, transaction

TODAY = date(2026, 11, 23)
A_DAY = timedelta(days=1)
NAMES = ("≤ 1", "2–3", "4–7", "8–14", "> 14")


def a_task(matter: Matter, came: int, took: int | None = None, **more: object) -> TaskRow:
    """A task that came so many days ago, decided so many days later, if at all."""
    opened = TODAY - came * A_DAY
    row = tasks.new(matter, f"{came}-{took}-{Random().random()}", opened, **more)  # type: ignore[arg-type]
    if took is not None:
        row.choice, row.decided_on = Choice.DONE.value, opened + took * A_DAY
    return row


def some_tasks(random: Random) -> Iterator[TaskRow]:
    """Old ones and new ones, some decided, late, urgent or waiting; never decided before they came or after today."""
    for _ in range(300):
        came = random.choice((random.randrange(5), random.randrange(40), random.randrange(400)))
        took = random.randrange(came + 1) if random.random() < 0.6 else None
        waits = "address:pimeyes" if random.random() < 0.1 else ""
        yield a_task(random.choice([*Matter]), came, took, urgent=random.random() < 0.2, waits_on=waits)


def kept(database: Engine, rows: Sequence[TaskRow]) -> None:
    with transaction(database) as session:
        session.add_all([TaskRow(**row.model_dump()) for row in rows])


def age(days: int) -> str:
    for name, last in zip(NAMES, (1, 3, 7, 14), strict=False):
        if days <= last:
            return name
    return NAMES[-1]


def slowly(rows: Sequence[TaskRow], matter: Matter, weeks: int) -> Mapping[str, object]:
    """The figures of a matter, row by row and day by day."""
    mine = [row for row in rows if row.matter == matter]
    still = [row for row in mine if row.decided_on is None]
    ages = Counter(age((TODAY - row.opened_on).days) for row in still)
    found = []
    for back in reversed(range(weeks)):
        days = [TODAY - (7 * back + n) * A_DAY for n in range(7)]
        came, decided = (sum(getattr(row, on) in days for row in mine) for on in ("opened_on", "decided_on"))
        found.append((min(days), max(days), came, decided))
    start = TODAY - (7 * weeks - 1) * A_DAY
    took = sorted((row.decided_on - row.opened_on).days for row in mine if row.decided_on and row.decided_on >= start)
    return {
        "weeks": found,
        "ages": [ages[name] for name in NAMES],
        "waiting": sum(bool(row.waits_on) for row in still),
        "late": sum(row.decide_by < TODAY for row in still),
        "took": [[age(days) for days in took].count(name) for name in NAMES],
        "median": took[(len(took) - 1) // 2] if took else None,
        "ninetieth": took[-(-len(took) * 9 // 10) - 1] if took else None,
    }


def told(found: Figures) -> Mapping[str, object]:
    return {
        "weeks": [(week.first, week.last, week.came, week.decided) for week in found.weeks],
        "ages": [*found.ages],
        "waiting": found.waiting,
        "late": found.late,
        "took": [*found.took],
        "median": found.within(50),
        "ninetieth": found.within(90),
    }


@pytest.mark.parametrize("weeks", [4, 13, 26])
@pytest.mark.parametrize("seed", range(3))
def test_they_are_what_counting_row_by_row_gives(database: Engine, weeks: int, seed: int) -> None:
    rows = [*some_tasks(Random(seed))]
    kept(database, rows)
    with snapshot(database) as session:
        found = figures(session, [*Matter], weeks, TODAY)
    assert {matter: told(one) for matter, one in found.items()} == {
        matter: slowly(rows, matter, weeks) for matter in Matter
    }
    for row in rows:
        row.matter = Matter.FILED
    assert told(together(found.values())) == slowly(rows, Matter.FILED, weeks)


def test_only_what_is_asked_for_is_counted(database: Engine) -> None:
    kept(database, [a_task(Matter.STALE, 2), a_task(Matter.FILED, 2)])
    with snapshot(database) as session:
        found = figures(session, [Matter.FILED], 4, TODAY)
    assert {matter: one.open for matter, one in found.items()} == {Matter.FILED: 1}


@pytest.mark.parametrize(
    ("came", "which"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (7, 2), (8, 3), (14, 3), (15, 4)]
)
def test_each_day_is_of_one_age(database: Engine, came: int, which: int) -> None:
    kept(database, [a_task(Matter.FILED, came), a_task(Matter.HELP, 20, came)])
    with snapshot(database) as session:
        found = figures(session, [*Matter], 4, TODAY)
    assert found[Matter.FILED].ages == found[Matter.HELP].took == tuple(n == which for n in range(len(AGES)))


def test_the_weeks_begin_and_end_with_their_days(database: Engine) -> None:
    kept(database, [a_task(Matter.FILED, came) for came in (0, 6, 7, 27, 28)])
    with snapshot(database) as session:
        found = figures(session, [Matter.FILED], 4, TODAY)[Matter.FILED]
    assert [week.came for week in found.weeks] == [1, 0, 1, 2]
    assert (found.weeks[0].first, found.weeks[-1].last) == (TODAY - 27 * A_DAY, TODAY)


def test_where_it_is_tomorrow_already_is_counted_today(database: Engine) -> None:
    kept(database, [a_task(Matter.FILED, -1), a_task(Matter.HELP, -1, -1)])
    with snapshot(database) as session:
        found = figures(session, [*Matter], 4, TODAY)
    assert (found[Matter.FILED].came, found[Matter.FILED].ages[0]) == (1, 1)
    assert found[Matter.HELP].days == {0: 1}


def test_it_is_late_from_the_day_after(database: Engine) -> None:
    kept(database, [a_task(Matter.FILED, tasks.DAYS[Matter.FILED] + n) for n in (0, 1)])
    with snapshot(database) as session:
        assert figures(session, [Matter.FILED], 4, TODAY)[Matter.FILED].late == 1


@given(st.lists(st.integers(0, 60), max_size=60), st.integers(1, 100))
def test_so_many_of_some_tasks_were_decided_within_these_days_and_no_fewer(took: list[int], percent: int) -> None:
    found = Figures((Week(TODAY, 0, len(took)),), (), 0, 0, Counter(took))
    days = found.within(percent)
    if days is None:
        assert not took
        return
    assert sum(one <= days for one in took) * 100 >= percent * len(took)
    assert sum(one < days for one in took) * 100 < percent * len(took)


def test_however_many_tasks_there_are_a_few_short_answers_are_read(database: Engine) -> None:
    kept(database, [a_task(Matter.FILED, n % 60, 0 if n % 2 else None) for n in range(2_000)])
    asked: list[str] = []
    with Session(database) as session:
        event.listen(database, "before_cursor_execute", lambda *said: asked.append(said[2]))
        figures(session, [*Matter], 26, TODAY)
    asked = [one for one in asked if one.startswith("SELECT")]
    assert len(asked) == 4
    assert all("count(" in one and "GROUP BY" in one for one in asked)
