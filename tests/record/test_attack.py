"""The attack on the record: who has everything that was ever published finds nobody in it."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.record.disclosure import Rules
from tests.record.attack import Attack
from tests.record.people import a_person, editions, flooded, leaving, some_people, weighted

#: To fewer values than these no count is ever narrowed down, large or small.
_VALUES = 3


def attacked(seed: int, versions: int, rules: Rules | None = None, leave: bool = False) -> Attack:
    rules, random = rules or Rules(), Random(seed)
    # Where many join nobody is seen to leave: they join early, and leave later.
    people = leaving(random, some_people(random, 2), versions) if leave else some_people(random, versions)
    attack = Attack([*editions(people, versions, rules)], rules, leave)
    assert attack.is_sound(), "they have assumed what is not so, and prove nothing"
    return attack


def held_off(attack: Attack) -> None:
    assert [*attack.recovered()] == []
    assert attack.narrowest() >= _VALUES


@pytest.mark.parametrize("seed", range(100, 104))
def test_nobody_is_found_by_subtracting(seed: int) -> None:
    held_off(attacked(seed, 3))


@pytest.mark.parametrize("seed", [400, 403, 405, 417])
def test_nobody_is_found_by_subtracting_who_leaves(seed: int) -> None:
    attack = attacked(seed, 4, leave=True)
    before = {number: (number[0] - 1, *number[1:]) for number in attack.numbers if number[0]}
    assert any(attack.truth(number) < attack.truth(was) for number, was in before.items()), "few left"
    assert any(attack.shown(number) < attack.shown(was) for number, was in before.items()), "many left"
    held_off(attack)


def test_nobody_is_found_in_seven_versions() -> None:
    held_off(attacked(208, 7))


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(300, 360))
def test_nobody_is_found_by_subtracting_whatever_was_counted(seed: int) -> None:
    held_off(attacked(seed, 3 + seed % 6))


def test_what_falls_in_one_table_tells_nothing_of_another() -> None:
    """Nearly all leave: by right a number falls to nothing, by quarter it is too high by too few to fall alone."""
    held_off(attacked(502, 5, leave=True))


def under_a_flood(seed: int) -> Attack:
    """A record with letters that nobody wrote, until the staff took them out."""
    random, versions = Random(seed), 3 + seed % 4
    people = some_people(random, versions)
    attack = Attack([*editions(flooded(random, people, versions), versions)], leaving=True)
    assert attack.is_sound()
    return attack


@pytest.mark.parametrize("seed", [2, 22])
def test_a_number_that_fell_does_not_grow_to_just_above_what_it_was(seed: int) -> None:
    """From 30 by way of 20 to 35 at least one and at most nine would have come."""
    attack = under_a_flood(seed)
    changes = [
        attack.shown(number) - attack.shown((u, *number[1:])) for number in attack.numbers for u in range(number[0])
    ]
    assert min(changes) < 0 < max(changes)
    held_off(attack)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(60))
def test_nobody_is_found_by_a_flood(seed: int) -> None:
    held_off(under_a_flood(seed))


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(500, 560))
def test_nobody_is_found_by_subtracting_whoever_leaves(seed: int) -> None:
    held_off(attacked(seed, 3 + (seed - 200) % 6, leave=True))


#: Of each quarter how many join: few, many, and just about ten.
SIZES = st.lists(st.sampled_from([0, 1, 4, 8, 9, 10, 11, 14, 15, 19, 21, 30, 45]), min_size=2, max_size=3)


@settings(max_examples=6)
@given(SIZES, st.lists(st.sampled_from([0, 1, 3, 30]), min_size=9, max_size=9), st.randoms(use_true_random=False))
def test_nobody_is_found_however_they_come(sizes: list[int], weights: list[int], random: Random) -> None:
    rare = weighted(weights)
    people = [a_person(random, joined, rare) for joined, many in enumerate(sizes) for _ in range(many)]
    attack = Attack([*editions(people, len(sizes))])
    assert attack.is_sound()
    held_off(attack)


#: What the control must not lack, each with a record in which it shows.
WITHOUT = [
    (Rules(held=False), 101, False, "what others tell of is not held back"),
    (Rules(rounded=1), 102, False, "numbers are exact"),
    (Rules(step=1), 111, False, "a number is renewed for a few"),
    (Rules(step=1), 457, True, "a number is renewed for a few who leave"),
    (Rules(held=False), 403, True, "what others tell of is not held back where people leave"),
]


@pytest.mark.parametrize(("rules", "seed", "leave", "what"), WITHOUT, ids=[what for *_, what in WITHOUT])
def test_the_attack_finds_people_where_the_control_lacks_a_rule(
    rules: Rules, seed: int, leave: bool, what: str
) -> None:
    attack = attacked(seed, 4 if leave else 3, rules, leave)
    assert next(attack.recovered(), None) or attack.narrowest() < _VALUES, what
