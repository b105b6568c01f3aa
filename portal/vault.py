"""Sealing and opening; keys are arguments."""

import secrets
from typing import NewType

from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead

Key = NewType("Key", bytes)
#: The half of a pair that stands in the clear: whoever has it can add, and read nothing.
PublicHalf = NewType("PublicHalf", bytes)
PUBLIC_SIZE = PublicKey.SIZE
KEY_SIZE = Aead.KEY_SIZE

#: Sealed texts are padded to a multiple of this, so that their length says little.
_BLOCK = 4_096
#: Keys are all of one length: nothing to hide.
KEY_BLOCK = 64
_MARK = b"\x80"
_PLACE_SIZE = 16


class Unopened(ValueError):
    """What was sealed cannot be opened with this key in this place."""


def new_key() -> Key:
    """32 random bytes."""
    return Key(secrets.token_bytes(Aead.KEY_SIZE))


def derived(key: bytes, purpose: str) -> Key:
    """A key of its own for one purpose (BLAKE2b, keyed)."""
    return Key(blake2b(purpose.encode(), digest_size=Aead.KEY_SIZE, key=key, encoder=RawEncoder))


def hashed(text: bytes, key: bytes = b"") -> str:
    """64 hexadecimal digits (BLAKE2b, keyed where there is a key)."""
    return blake2b(text, digest_size=32, key=key, encoder=RawEncoder).hex()


# Under one key


def seal(key: Key, text: bytes, place: str, block: int = _BLOCK) -> bytes:
    """XChaCha20-Poly1305 with the place (table, column, id) bound in; padded."""
    return bytes(Aead(key).encrypt(_padded(text, block), aad=place.encode()))


def unseal(key: Key, sealed: bytes, place: str) -> bytes:
    """The text as it was sealed. Raises Unopened where key or place are not those it was sealed with."""
    try:
        padded = Aead(key).decrypt(sealed, aad=place.encode())
    except (CryptoError, ValueError) as error:
        raise Unopened("this cannot be opened with the key that was given") from error
    return _unpadded(padded)


# To a pair: any process can add, only who holds the private half can read


def new_pair() -> tuple[PublicHalf, Key]:
    """An X25519 pair: the half that stands in the clear, and the private one."""
    pair = PrivateKey.generate()
    return PublicHalf(bytes(pair.public_key)), Key(bytes(pair))


def public_half(private: Key) -> PublicHalf:
    """The half that belongs to a private one."""
    return PublicHalf(bytes(PrivateKey(private).public_key))


def drop_in(half: PublicHalf, text: bytes, place: str, block: int = _BLOCK) -> bytes:
    """A sealed box (X25519, XSalsa20-Poly1305) with the place (table, column, id) bound in; padded."""
    return bytes(SealedBox(PublicKey(half)).encrypt(_place(place) + _padded(text, block)))


def take_out(private: Key, sealed: bytes, place: str) -> bytes:
    """The text as it was dropped in. Raises Unopened where key or place are not those it was sealed with."""
    try:
        found = SealedBox(PrivateKey(private)).decrypt(sealed)
    except (CryptoError, ValueError) as error:
        raise Unopened("this cannot be opened with the key that was given") from error
    if found[:_PLACE_SIZE] != _place(place):
        raise Unopened("this was sealed for another place")
    return _unpadded(found[_PLACE_SIZE:])


def _place(place: str) -> bytes:
    return blake2b(place.encode(), digest_size=_PLACE_SIZE, encoder=RawEncoder)


def _padded(text: bytes, block: int) -> bytes:
    return text + _MARK + b"\0" * (-(len(text) + 1) % block)


def _unpadded(padded: bytes) -> bytes:
    return padded.rstrip(b"\0")[: -len(_MARK)]
