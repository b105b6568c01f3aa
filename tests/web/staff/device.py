"""A passkey device without a browser: it answers what a page asks, rightly or wrongly."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

HERE = "http://localhost:8001"
#: Somebody is there, and was verified; a key comes with it.
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def written(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def read(value: str) -> bytes:
    return urlsafe_b64decode(value + "==")


@dataclass
class Device:
    """Holds one passkey; `counts` is whether it counts how often it was used."""

    origin: str = HERE
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    handle: bytes = b""

    def make(self, options: str, kind: str = "webauthn.create") -> str:
        """Answer to what makes a passkey."""
        asked = json.loads(options)
        self.handle = read(asked["user"]["id"])
        held = bytes(16) + len(self.id).to_bytes(2) + self.id + encode_cbor(self._cose())
        attested = {"fmt": "none", "attStmt": {}, "authData": self._said(ATTESTED) + held}
        return self._answer(
            {
                "clientDataJSON": written(self._client(kind, asked["challenge"])),
                "attestationObject": written(encode_cbor(attested)),
            }
        )

    def use(self, options: str, kind: str = "webauthn.get") -> str:
        """Answer to what asks for a passkey."""
        self.count += self.counts
        client, said = self._client(kind, json.loads(options)["challenge"]), self._said()
        signature = self.key.sign(said + sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": written(client),
                "authenticatorData": written(said),
                "signature": written(signature),
                "userHandle": written(self.handle),
            }
        )

    def _answer(self, response: dict[str, str]) -> str:
        id_ = written(self.id)
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": response})

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _said(self, more: int = 0) -> bytes:
        flags = (self.flags | more).to_bytes(1)
        return sha256(self.host.encode()).digest() + flags + self.count.to_bytes(4)

    def _cose(self) -> dict[int, Any]:
        """The public half, as COSE writes P-256."""
        point = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
