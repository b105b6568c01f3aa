"""Sealing and opening; keys are arguments."""

import secrets
from typing import NewType

from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.secret import Aead

Key = NewType("Key", bytes)

#: Sealed texts are padded to a multiple of this, so that their length says little.
_BLOCK = 4_096
_MARK = b"\x80"


class Unopened(ValueError):
    """What was sealed cannot be opened with this key in this place."""


def new_key() -> Key:
    """32 random bytes."""
    return Key(secrets.token_bytes(Aead.KEY_SIZE))


def derived(key: Key, purpose: str) -> Key:
    """A key of its own for one purpose (BLAKE2b, keyed)."""
    return Key(blake2b(purpose.encode(), digest_size=Aead.KEY_SIZE, key=key, encoder=RawEncoder))


def seal(key: Key, text: bytes, place: str) -> bytes:
    """XChaCha20-Poly1305 with the place (table, column, id) bound in; padded."""
    padded = text + _MARK + b"\0" * (-(len(text) + 1) % _BLOCK)
    return bytes(Aead(key).encrypt(padded, aad=place.encode()))


def unseal(key: Key, sealed: bytes, place: str) -> bytes:
    """The text as it was sealed. Raises Unopened where key or place are not those it was sealed with."""
    try:
        padded = Aead(key).decrypt(sealed, aad=place.encode())
    except (CryptoError, ValueError) as error:
        raise Unopened("this cannot be opened with the key that was given") from error
    return bytes(padded.rstrip(b"\0")[: -len(_MARK)])
