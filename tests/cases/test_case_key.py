"""The key that a person keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.case_key import ALPHABET, LENGTH, CaseKey, Mistyped, NotAKey, new_case_key, read, written

keys = st.builds(new_case_key)


@given(keys)
def test_a_key_is_read_as_it_was_written(key: CaseKey) -> None:
    assert read(written(key)) == key
    assert read(written(key).lower().replace("-", " ")) == key
    assert read(written(key).replace("-", "").replace("0", "O").replace("1", "l")) == key


@given(keys)
def test_a_key_is_written_in_five_groups_of_letters_that_nobody_confuses(key: CaseKey) -> None:
    groups = written(key).split("-")
    assert [len(group) for group in groups] == [5] * 5
    assert {*"".join(groups)} <= {*ALPHABET}
    assert not {*"ILOU*~$="} & {*"".join(groups)}


@given(keys, st.integers(0, LENGTH), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(key: CaseKey, at: int, other: str) -> None:
    whole = written(key).replace("-", "")
    if whole[at] == other:
        return
    with pytest.raises(Mistyped):
        read(whole[:at] + other + whole[at + 1 :])


@given(keys, st.integers(0, LENGTH - 1))
def test_two_neighbours_changed_about_are_always_noticed(key: CaseKey, at: int) -> None:
    whole = written(key).replace("-", "")
    if whole[at] == whole[at + 1]:
        return
    with pytest.raises(Mistyped):
        read(whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :])


@pytest.mark.parametrize(
    "typed", ["", "-", "7K3QM", "0" * 26, "U" * 25, "0000*-00000-00000-00000-00000", "ä" * 25, "１" * 25]
)
def test_what_cannot_be_a_key_is_no_mistyped_one(typed: str) -> None:
    with pytest.raises(NotAKey) as refused:
        read(typed)
    assert not isinstance(refused.value, Mistyped)


def test_no_two_keys_are_alike() -> None:
    assert len({new_case_key() for _ in range(1_000)}) == 1_000
