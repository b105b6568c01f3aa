"""Sealing and opening."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vault import KEY_BLOCK, Key, Unopened, derived, drop_in, new_key, new_pair, seal, take_out, unseal

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


def test_what_is_dropped_in_is_taken_out_with_the_private_half_alone() -> None:
    half, private = new_pair()
    sealed = drop_in(half, b"a word", "events.sealed:1")
    assert take_out(private, sealed, "events.sealed:1") == b"a word"
    with pytest.raises(Unopened):
        take_out(Key(bytes(half)), sealed, "events.sealed:1")
    with pytest.raises(Unopened):
        take_out(new_pair()[1], sealed, "events.sealed:1")


def test_what_is_dropped_in_cannot_be_moved_to_another_place() -> None:
    half, private = new_pair()
    sealed = drop_in(half, b"a word", "events.sealed:1")
    with pytest.raises(Unopened, match="another place"):
        take_out(private, sealed, "events.sealed:2")


def test_what_was_dropped_in_and_changed_is_not_opened() -> None:
    half, private = new_pair()
    sealed = bytearray(drop_in(half, b"a word", "events.sealed:1"))
    for at in range(0, len(sealed), 97):
        sealed[at] ^= 1
        with pytest.raises(Unopened):
            take_out(private, bytes(sealed), "events.sealed:1")
        sealed[at] ^= 1
    with pytest.raises(Unopened):
        take_out(private, b"", "events.sealed:1")


@given(st.binary(max_size=300))
def test_what_is_dropped_in_says_little_by_its_length(text: bytes) -> None:
    half, private = new_pair()
    sealed = drop_in(half, text, "x")
    assert len(sealed) == len(drop_in(half, b"", "x"))
    assert take_out(private, sealed, "x") == text


def test_a_key_takes_little_room_when_it_is_sealed() -> None:
    key, kept = new_key(), new_key()
    sealed = seal(key, kept, "wraps.wrapped:1", KEY_BLOCK)
    assert len(sealed) < 150
    assert unseal(key, sealed, "wraps.wrapped:1") == kept
