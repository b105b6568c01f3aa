"""The staff's private key, at rest under a passphrase."""

import json
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping

from nacl.pwhash import argon2id
from nacl.utils import random

from portal.vault import KEY_BLOCK, KEY_SIZE, Key, Unopened, public_half, seal, unseal

#: With another way to stretch the passphrase, or to write the file, goes another mark.
_FORMAT = "rightface staff key 1"
_WORDS, _LETTERS, _CHARACTERS = 5, 3, 20


class BadPassphrase(ValueError):
    """The passphrase is too easy to guess, or not the one that the key was sealed under; the sentence says which."""


class BadKeyFile(ValueError):
    """A file holds no key of the staff that this version can read; the sentence says why."""


def check(passphrase: str) -> None:
    """Raise BadPassphrase unless it has at least 5 words of 3 letters, or 20 characters."""
    words = [word for word in passphrase.split() if len(word) >= _LETTERS]
    if len(words) < _WORDS and len(passphrase.strip()) < _CHARACTERS:
        raise BadPassphrase(
            f"this passphrase is too short: take {_WORDS} words at random, or at least {_CHARACTERS} characters"
        )


def locked(private: Key, passphrase: str) -> bytes:
    """The content of a key file. Raises BadPassphrase where the passphrase is too short.

    Argon2id with libsodium's moderate limits (256 MB, some 0.7 s) over the passphrase seals the private half; the
    public half stands beside it in the clear, and is bound in.
    """
    check(passphrase)
    salt, public = random(argon2id.SALTBYTES), _written(public_half(private))
    sealed = seal(_stretched(passphrase, salt), private, _place(public), KEY_BLOCK)
    said = {"format": _FORMAT, "public": public, "salt": _written(salt), "sealed": _written(sealed)}
    return json.dumps(said, indent=2).encode() + b"\n"


def unlocked(content: bytes, passphrase: str) -> Key:
    """The private half. Raises BadPassphrase, or BadKeyFile where the file is none of ours, or torn."""
    said = _read(content)
    try:
        salt, sealed = b64decode(said["salt"], validate=True), b64decode(said["sealed"], validate=True)
        key, place = _stretched(passphrase, salt), _place(said["public"])
    except (KeyError, TypeError, ValueError):
        raise BadKeyFile("the key file is torn") from None
    try:
        return Key(unseal(key, sealed, place))
    except Unopened:
        raise BadPassphrase("the passphrase is wrong, or the key file was changed") from None


def _read(content: bytes) -> Mapping[str, str]:
    try:
        said: Mapping[str, str] = json.loads(content)
        written_as = said["format"]
    except (KeyError, TypeError, ValueError):
        raise BadKeyFile("this is no key file, or it is torn") from None
    if written_as != _FORMAT:
        raise BadKeyFile("the key file was written by another version of Rightface")
    return said


def _stretched(passphrase: str, salt: bytes) -> Key:
    """The key of a passphrase; each character written in one way, whichever keyboard it was typed on (NFC)."""
    text = unicodedata.normalize("NFC", passphrase).encode()
    return Key(argon2id.kdf(KEY_SIZE, text, salt, argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE))


def _written(value: bytes) -> str:
    return b64encode(value).decode()


def _place(public: str) -> str:
    return f"staff-key:{public}"
