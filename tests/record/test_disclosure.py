"""What every version holds to, whatever was counted."""

from collections.abc import Iterator
from itertools import chain, combinations, pairwise
from random import Random

import pytest

from portal.cases.measures import Basis, Counted, Family, Measure
from portal.record.disclosure import BOUNDS, FROZEN, Rows, Shown, item, renewed
from tests.record.attack import Edition
from tests.record.people import QUARTERS, editions, flooded, leaving, some_people

FILED = item(Measure.FILED)
SUMS = {item(Measure.ANSWERED, basis) for basis in Basis}


def numbers(rows: Rows) -> Iterator[tuple[tuple[Family, str, Counted], int]]:
    for family, keyed in rows.items():
        for key, row in keyed.items():
            for one, n in row.items():
                yield (family, key, one), n


def letters(edition: Edition, family: Family) -> int:
    return sum(row.get(FILED, 0) for row in edition.shown[family].values())


@pytest.fixture(scope="module")
def records() -> list[list[Edition]]:
    """Many organisations, each with the versions of a year."""
    return [[*editions(some_people(Random(seed), 4), 4)] for seed in range(20)]


@pytest.fixture(scope="module")
def falling() -> list[list[Edition]]:
    """Many of whom people leave, and whom a flood comes to and goes from."""
    return [
        [*editions(flooded(random, leaving(random, some_people(random, 6), 6), 6), 6)]
        for random in map(Random, range(20))
    ]


def test_a_number_is_a_multiple_of_five_from_ten_on_and_never_too_high(records: list[list[Edition]]) -> None:
    for edition in chain(*records):
        exact = dict(numbers(edition.exact))
        assert all(n >= 10 and n % 5 == 0 and n <= exact[place] for place, n in numbers(edition.shown))


def test_where_people_leave_a_number_is_too_high_by_five_at_most(falling: list[list[Edition]]) -> None:
    over = set()
    for edition in chain(*falling):
        exact = dict(numbers(edition.exact))
        over |= {n - exact[place] for place, n in numbers(edition.shown) if place[-1] not in SUMS}
    assert 0 < max(over) <= 5


def test_a_number_changes_by_ten_or_more_or_not_at_all(records: list[list[Edition]]) -> None:
    for record in records:
        for before, after in pairwise(record):
            was, now = dict(numbers(before.shown)), dict(numbers(after.shown))
            assert not [place for place in {*was, *now} if 0 < abs(now.get(place, 0) - was.get(place, 0)) < 10]


def test_between_any_two_versions_too(falling: list[list[Edition]]) -> None:
    fell = False
    for record in falling:
        for before, after in combinations(record, 2):
            was, now = dict(numbers(before.shown)), dict(numbers(after.shown))
            changes = [now.get(place, 0) - was.get(place, 0) for place in {*was, *now} if place[-1] not in SUMS]
            assert not [change for change in changes if 0 < abs(change) < 10]
            fell |= min(changes, default=0) < 0
    assert fell


def test_what_is_shown_is_itself_a_possible_truth(records: list[list[Edition]], falling: list[list[Edition]]) -> None:
    """In each row no part is more than its whole: who wants can believe that there is nobody but who is shown."""
    for edition in chain(*records, *falling):
        rows = [row for keyed in edition.shown.values() for row in keyed.values()]
        assert not [bound for row in rows for bound in BOUNDS if bound.broken(row)]


def test_a_quarter_that_is_over_is_not_shown_anew(records: list[list[Edition]]) -> None:
    for record in records:
        for before, after in pairwise(record):
            was, now = before.shown[Family.QUARTER], after.shown[Family.QUARTER]
            for key in {*was, *now} - {after.quarter}:
                assert was.get(key, {}).get(FROZEN) == now.get(key, {}).get(FROZEN)


def test_by_country_and_by_right_no_more_letters_are_new_than_by_quarter(records: list[list[Edition]]) -> None:
    for record in records:
        for before, after in pairwise(record):
            new = {family: letters(after, family) - letters(before, family) for family in Family}
            assert new[Family.COUNTRY] <= new[Family.QUARTER] >= new[Family.RIGHT]


def test_the_same_counts_give_the_same_version(records: list[list[Edition]]) -> None:
    assert [*editions(some_people(Random(0), 4), 4)] == records[0]


def rows(n: int, late: int = 0, proven: int = 0) -> Rows:
    """One quarter, country and right with so many letters, so many of them answered late, and the rest in time."""
    row = {
        FILED: n,
        item(Measure.ANSWERED): n,
        item(Measure.IN_TIME): n - late,
        item(Measure.OVERDUE): late,
        item(Measure.LATE): late,
        item(Measure.FILED, Basis.PROVEN): proven,
    }
    keys = {Family.QUARTER: QUARTERS[0], Family.COUNTRY: "fr", Family.RIGHT: "erasure"}
    return {family: {key: {one: many for one, many in row.items() if many}} for family, key in keys.items()}


@pytest.mark.parametrize(
    ("n", "late", "filed", "answered", "why"),
    [
        (9, 0, None, None, "under ten nothing is shown"),
        (10, 0, 10, 10, "ten are shown"),
        (14, 0, 10, 10, "rounded down"),
        (27, 12, 25, 25, "answers in time and late together"),
        (20, 1, 20, 15, "one of twenty was late: of the answers no more are shown than came in time"),
        (20, 9, 20, 10, "and so with nine"),
    ],
)
def test_what_is_shown_of_a_first_quarter(n: int, late: int, filed: int | None, answered: int, why: str) -> None:
    shown = renewed(rows(n, late), Shown(), QUARTERS[0]).rows
    for family, key in ((Family.QUARTER, QUARTERS[0]), (Family.COUNTRY, "fr"), (Family.RIGHT, "erasure")):
        row = shown[family].get(key, {})
        assert (row.get(FILED), row.get(item(Measure.ANSWERED))) == (filed, answered), why


@pytest.mark.parametrize("closing", QUARTERS[:2], ids=["before its quarter is closed", "afterwards"])
def test_what_the_staff_take_out_goes_from_the_record(closing: str) -> None:
    """A flood of five hundred that nobody wrote."""
    flooded = renewed(rows(520), Shown(), QUARTERS[0])
    places = {Family.QUARTER: QUARTERS[0], Family.COUNTRY: "fr", Family.RIGHT: "erasure"}
    assert all(flooded.rows[family][key][FILED] == 520 for family, key in places.items())
    now = renewed(rows(20), flooded, closing)
    assert all(now.rows[family][key][FILED] == 20 for family, key in places.items())
    assert renewed(rows(0), flooded, closing).rows == {family: {} for family in Family}
