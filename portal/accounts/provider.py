"""The identity provider: what is agreed with it, and what its claims say of somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from portal.accounts.people import Who
from portal.accounts.permissions import STRONG, Role, proper

#: So much of a name and an address is kept, and no subject is longer (OpenID Connect Core 1.0, section 2).
_LONGEST = 255
#: As tokens name them (RFC 7518, RFC 8037, RFC 9864): none with a shared secret, and never `none`.
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)


@dataclass(frozen=True, slots=True)
class Provider:
    """What is agreed with the identity provider. Each is an environment variable `RIGHTFACE_OIDC_<NAME>`."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    """As those who work for the portal call it."""
    roles: frozenset[tuple[Role, str]]
    """Each role with the group whose members have it; a role may come from several groups."""
    groups_claim: str
    strong: frozenset[str]
    """What `amr` or `acr` says where somebody showed more than one proof of who they are (RFC 8176)."""
    acr: str
    """What is asked for, so that they show it."""
    scope: str
    algorithms: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return origin(self.issuer)


class Reason(StrEnum):
    """Why somebody was not let in, or is signed in no longer."""

    CANCELLED = "cancelled"
    """They, or the provider, said no."""
    NOT_BEGUN_HERE = "not_begun_here"
    """Another browser's sign-in, one that is over, or none."""
    ANOTHER_ISSUER = "another_issuer"
    """The answer is another provider's, or does not say whose it is (RFC 9207)."""
    BAD_CODE = "bad_code"
    """The provider did not take the code back."""
    BAD_TOKEN = "bad_token"  # noqa: S105
    NO_ANSWER = "no_answer"
    """The provider does not answer, or not as it must."""
    CANNOT_BE_ASKED_AGAIN = "cannot_be_asked_again"
    """The provider gave no refresh token."""
    NO_ROLE = "no_role"
    """None of their groups has a role here."""
    CLOSED = "closed"
    """An admin said that they may not sign in."""
    ONE_PROOF = "one_proof"
    """All their roles need a second proof, and they gave one."""
    WITHDRAWN = "withdrawn"
    """The provider says that they may no longer."""
    SOMEBODY_ELSE = "somebody_else"
    """The provider speaks of another person than before."""
    HEARD_BEFORE = "heard_before"
    """The same message came a second time."""
    SIGNED_OUT_THERE = "signed_out_there"


class Refused(Exception):
    """Somebody is not let in, or not any more; `account_id` where it is known whom it is about."""

    def __init__(self, reason: Reason, account_id: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.account_id = account_id


@dataclass(frozen=True, slots=True)
class Told:
    """What the provider says of somebody. `session`: its name for their session there."""

    who: Who
    roles: frozenset[Role]
    strong: bool
    session: str = field(repr=False)


def told(provider: Provider, claims: Mapping[str, Any]) -> Told:
    """What the claims of an ID token say, whose signature, issuer, audience and times were checked.

    Raises Refused where a claim is of another kind than agreed.
    """
    groups, amr, acr = claims.get(provider.groups_claim, []), claims.get("amr", []), claims.get("acr", "")
    if not _are_words(groups) or not _are_words(amr) or not isinstance(acr, str):
        raise Refused(Reason.BAD_TOKEN)
    subject, name, email = (_word(claims, one) for one in ("sub", "name", "email"))
    if not 0 < len(subject) <= _LONGEST:
        raise Refused(Reason.BAD_TOKEN)
    who = Who(provider.issuer, subject, name[:_LONGEST], email[:_LONGEST])
    roles = proper(role for role, group in provider.roles if group in groups)
    return Told(who, roles, strong=bool(provider.strong & {*amr, acr}), session=_word(claims, "sid"))


def why_not(one: Told) -> Reason | None:
    """Why they are not let in; None where they are."""
    if not one.roles:
        return Reason.NO_ROLE
    return None if one.strong or one.roles - STRONG else Reason.ONE_PROOF


#: What a logout token says that it is about (OpenID Connect Back-Channel Logout 1.0, section 2.4).
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Logout:
    """That a session of the provider is over, or all of a subject where no session is named."""

    id: str
    issued_at: int
    session: str = field(repr=False)
    subject: str = field(repr=False)


def logout(claims: Mapping[str, Any]) -> Logout:
    """What a logout token says, whose signature, issuer, audience and times were checked (section 2.6, steps 4 to 7).

    Raises Refused where it is none.
    """
    events = claims.get("events")
    about = events.get(LOGOUT) if isinstance(events, dict) else None
    session, subject, id_ = (_word(claims, one) for one in ("sid", "sub", "jti"))
    if not isinstance(about, dict) or "nonce" in claims or not (session or subject) or not id_:
        raise Refused(Reason.BAD_TOKEN)
    return Logout(id_, int(claims["iat"]), session, subject)


def origin(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_trusted(address: str, secure: bool) -> bool:
    """Whether what is said there stays between us: by HTTPS, or on this machine where the portal is there too."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    here = parts.scheme == "http" and host in ("localhost", "127.0.0.1") and not secure
    return bool(host) and (parts.scheme == "https" or here) and not parts.fragment and "@" not in parts.netloc


def _word(claims: Mapping[str, Any], name: str) -> str:
    """A claim that may be left out."""
    word = claims.get(name)
    return word if isinstance(word, str) else ""


def _are_words(claim: object) -> bool:
    return isinstance(claim, list) and all(isinstance(word, str) for word in claim)
