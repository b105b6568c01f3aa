"""The key that a person keeps, and that alone opens what they filed."""

import secrets
from itertools import count
from typing import NewType

from portal.vault import Key, derived

#: 24 characters of Crockford's base 32: 120 bits.
CaseKey = NewType("CaseKey", str)

#: Crockford's alphabet leaves out I, L, O, U, and reads the first three for the digits they look like.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("ILO", "110", " -‐‑–—\t\r\n\N{NO-BREAK SPACE}")
LENGTH = 24
_GROUP = 5
#: Crockford's check is the rest by 37; we make only keys whose check is in the alphabet, so that `*~$=U` never occur.
_CHECK = 37


class NotAKey(ValueError):
    """What was typed cannot be a case key: it has too few or too many characters, or others than a key has."""


class Mistyped(NotAKey):
    """A character of a case key is wrong: its check character does not fit."""


def new_case_key() -> CaseKey:
    """A key that nobody has, from 120 random bits."""
    while True:
        key = CaseKey("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
        if _check(key) < len(ALPHABET):
            return key


def derived_case_key(secret: Key, name: str) -> CaseKey:
    """The same key each time from a secret and a name; of who has not the secret, as good as a new one."""
    for attempt in count():
        number = int.from_bytes(derived(secret, f"case key {attempt} of {name}"))
        key = CaseKey("".join(ALPHABET[number >> 5 * at & 31] for at in range(LENGTH)))
        if _check(key) < len(ALPHABET):
            return key
    raise AssertionError


def written(key: CaseKey) -> str:
    """The key with its check character, in groups: `7K3QM-…`."""
    whole = key + ALPHABET[_check(key)]
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def read(typed: str) -> CaseKey:
    """The key as a person types it: in any case, with or without hyphens, O for 0, I or L for 1.

    Raises NotAKey, or Mistyped where only the check character tells that something is wrong.
    """
    whole = typed.upper().translate(_LOOK_ALIKES)
    if len(whole) != LENGTH + 1 or not {*whole} <= {*ALPHABET}:
        raise NotAKey("a case key has 25 letters and digits")
    key = CaseKey(whole[:LENGTH])
    if _check(key) != ALPHABET.index(whole[LENGTH]):
        raise Mistyped("the check character does not fit the others")
    return key


def _check(key: CaseKey) -> int:
    number = 0
    for character in key:
        number = number * len(ALPHABET) + ALPHABET.index(character)
    return number % _CHECK
