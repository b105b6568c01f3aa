"""Sealing and opening."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vault import Key, Unopened, derived, new_key, seal, unseal

KEY = Key(bytes(range(32)))
PLACE = "drafts.sealed:1"


@given(st.binary(max_size=9_000))
def test_what_was_sealed_is_opened_as_it_was(text: bytes) -> None:
    assert unseal(KEY, seal(KEY, text, PLACE), PLACE) == text


@pytest.mark.parametrize(
    "text", [b"", b"\0", b"\x80", b"\x80\0\0", b"a\0", b"\0" * 4_096, b"x" * 4_095, b"x" * 4_096]
)
def test_zeros_at_the_end_and_full_blocks_are_kept(text: bytes) -> None:
    assert unseal(KEY, seal(KEY, text, PLACE), PLACE) == text


def test_another_key_does_not_open() -> None:
    with pytest.raises(Unopened):
        unseal(new_key(), seal(KEY, b"secret", PLACE), PLACE)


def test_what_was_sealed_for_one_place_does_not_open_in_another() -> None:
    with pytest.raises(Unopened):
        unseal(KEY, seal(KEY, b"secret", PLACE), "drafts.sealed:2")


@pytest.mark.parametrize("at", [0, 23, 24, 100, -1])
def test_one_changed_bit_is_found(at: int) -> None:
    sealed = bytearray(seal(KEY, b"secret", PLACE))
    sealed[at] ^= 1
    with pytest.raises(Unopened):
        unseal(KEY, bytes(sealed), PLACE)


@pytest.mark.parametrize("garbage", [b"", b"x", b"x" * 40, b"x" * 4_136])
def test_what_was_never_sealed_does_not_open(garbage: bytes) -> None:
    with pytest.raises(Unopened):
        unseal(KEY, garbage, PLACE)


def test_the_text_is_not_readable_in_what_was_sealed() -> None:
    assert b"secret" not in seal(KEY, b"secret" * 10, PLACE)


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert seal(KEY, b"secret", PLACE) != seal(KEY, b"secret", PLACE)


@pytest.mark.parametrize(("shorter", "longer"), [(0, 4_095), (1, 4_000), (4_096, 8_191)])
def test_the_length_says_little(shorter: int, longer: int) -> None:
    assert len(seal(KEY, b"x" * shorter, PLACE)) == len(seal(KEY, b"x" * longer, PLACE))


def test_each_new_key_is_another_of_32_bytes() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}


def test_a_key_for_one_purpose_is_no_other_and_always_the_same() -> None:
    assert derived(KEY, "a") == derived(KEY, "a")
    assert len({KEY, derived(KEY, "a"), derived(KEY, "b"), derived(new_key(), "a")}) == 4
    assert len(derived(KEY, "a")) == 32
