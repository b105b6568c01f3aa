"""The identity provider: asked, and its answers checked."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import IDToken
from flask import Flask, current_app
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry, extract_compact
from requests import Response

from portal.accounts.provider import Logout, Provider, Reason, Refused, is_trusted, logout, origin
from portal.accounts.visits import Given
from portal.columns import seconds
from portal.web.errors import log_kind
from portal.web.staff.bounded import Bounded, Bounds

#: By how much the provider's clock may differ from ours, in seconds.
SKEW = 60
#: How old a message may be that somebody signed out there.
OLDEST_MESSAGE = timedelta(minutes=10)
#: How long what the provider says of itself, and its keys, are held.
_HELD = timedelta(hours=1)
#: A key that is not known is asked for no more often.
_KEYS_ASKED_EVERY = timedelta(minutes=1)
_EXTENSION = "rightface_provider"
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: where it goes on, and what must come back from there."""

    address: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class IdentityProvider:
    """One provider, known by its issuer; holds what it says of itself, and its keys. `now` is aware everywhere.

    Its methods raise Refused: NO_ANSWER where it cannot be asked, or says of itself what it must not.
    """

    def __init__(self, agreed: Provider, bounds: Bounds | None = None) -> None:
        self.agreed = agreed
        self._bounds = bounds or Bounds()
        self._metadata: tuple[Mapping[str, Any], datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    def begin(self, now: datetime, back: str, *, anew: bool) -> Begun:
        """Begin a sign-in that comes back to an address of ours: code, PKCE S256 (RFC 7636), state and nonce.

        `anew`: the provider is to ask them who they are, though they are signed in there.
        """
        asked = {"acr_values": self.agreed.acr} if self.agreed.acr else {}
        asked |= {"prompt": "login"} if anew else {}
        nonce, verifier = generate_token(43), generate_token(64)
        with self._session(now) as session:
            address, state = session.create_authorization_url(
                self._endpoint(now, "authorization_endpoint"),
                redirect_uri=back,
                state=generate_token(43),
                nonce=nonce,
                code_verifier=verifier,
                **asked,
            )
        return Begun(address, state, nonce, verifier)

    def check_issuer(self, now: datetime, said: str | None) -> None:
        """The answer says whose it is (RFC 9207), which must be where its provider promises it."""
        promised = self._described(now).get("authorization_response_iss_parameter_supported") is True
        if said != self.agreed.issuer and (promised or said is not None):
            raise Refused(Reason.ANOTHER_ISSUER)

    def redeem(self, now: datetime, begun: Begun, code: str, back: str) -> tuple[Given, Mapping[str, Any]]:
        """What the provider gives for a code, and the claims of its ID token. Raises Refused."""
        address = self._endpoint(now, "token_endpoint")
        with self._session(now) as session, _answering(Reason.BAD_CODE):
            answer = session.fetch_token(
                address, grant_type="authorization_code", code=code, redirect_uri=back, code_verifier=begun.verifier
            )
        claims = self._id_token(now, answer, nonce=begun.nonce)
        if not _word(answer, "refresh_token"):
            raise Refused(Reason.CANNOT_BE_ASKED_AGAIN)
        return Given(_word(answer, "refresh_token"), _word(answer, "id_token"), seconds(now)), claims

    def refresh(self, now: datetime, before: Given) -> tuple[Given, Mapping[str, Any]]:
        """What the provider gives for a refresh token, and what it says now (OpenID Connect Core 1.0, section 12.2).

        Raises Refused: WITHDRAWN where they may no longer, SOMEBODY_ELSE where it speaks of another than before.
        """
        address = self._endpoint(now, "token_endpoint")
        with self._session(now) as session, _answering(Reason.WITHDRAWN):
            answer = session.refresh_token(address, refresh_token=before.refresh_token, scope=None)  # as granted
        claims, first = self._id_token(now, answer), _checked_before(before.id_token)
        if claims["sub"] != first["sub"] or claims.get("nonce", first["nonce"]) != first["nonce"]:
            raise Refused(Reason.SOMEBODY_ELSE)
        return Given(_word(answer, "refresh_token"), before.id_token, seconds(now)), claims

    def logout(self, now: datetime, token: str) -> Logout:
        """What a logout token says (OpenID Connect Back-Channel Logout 1.0, section 2.6). Raises Refused."""
        claims, header = self._signed(now, token)
        with _bad_token():
            if header.get("typ", "JWT").lower() not in ("logout+jwt", "application/logout+jwt", "jwt"):
                raise Refused(Reason.BAD_TOKEN)
            options = {**self._options(), "iat": {"essential": True}, "exp": {"essential": True}}
            JWTClaims(claims, header, options).validate(seconds(now), SKEW)
            if claims["iat"] < seconds(now - OLDEST_MESSAGE):
                raise Refused(Reason.BAD_TOKEN)
            return logout(claims)

    def end(self, now: datetime, given: Given, back: str, state: str) -> str | None:
        """Where to sign out there, and come back from (RP-Initiated Logout 1.0); None where one cannot.

        On the issuer's own origin alone: what may follow a form of ours is fixed before the provider is asked.
        """
        address = self._described(now).get("end_session_endpoint")
        if not given.id_token or not isinstance(address, str) or origin(address) != self.agreed.origin:
            return None
        words = {"id_token_hint": given.id_token, "post_logout_redirect_uri": back, "state": state}
        return str(add_params_to_uri(address, {**words, "client_id": self.agreed.client_id}))

    # Tokens

    def _id_token(self, now: datetime, answer: Mapping[str, Any], nonce: str = "") -> Mapping[str, Any]:
        """The claims of the ID token of an answer (OpenID Connect Core 1.0, section 3.1.3.7)."""
        claims, header = self._signed(now, _word(answer, "id_token"))
        known = {"client_id": self.agreed.client_id, "nonce": nonce, "access_token": _word(answer, "access_token")}
        with _bad_token():
            IDToken(claims, header, self._options(), known).validate(seconds(now), SKEW)
        return claims

    def _options(self) -> dict[str, Any]:
        """Whose a token must be, and for whom; new each time, as Authlib writes in them."""
        return {
            "iss": {"essential": True, "value": self.agreed.issuer},
            "aud": {"essential": True, "value": self.agreed.client_id},
        }

    def _signed(self, now: datetime, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Claims and header of a token that the provider signed, by an algorithm that was agreed."""
        registry = JWSRegistry(algorithms=self.agreed.algorithms, strict_check_header=False)
        keys = self._key_set(now, _HELD)
        with _bad_token():
            try:
                found = jwt.decode(token, keys, registry=registry)
            except InvalidKeyIdError:  # perhaps a new key
                found = jwt.decode(token, self._key_set(now, _KEYS_ASKED_EVERY), registry=registry)
            return found.claims, dict(found.header)

    # What the provider says of itself

    def _described(self, now: datetime) -> Mapping[str, Any]:
        """Its metadata, from the issuer's own address (OpenID Connect Discovery 1.0, section 4)."""
        if self._metadata is None or now - self._metadata[1] >= _HELD:
            address = f"{self.agreed.issuer.rstrip('/')}/.well-known/openid-configuration"
            self._metadata = self._fetched(address, self._as_metadata), now
        return self._metadata[0]

    def _as_metadata(self, said: Any) -> Mapping[str, Any]:
        if said["issuer"] != self.agreed.issuer:
            raise ValueError("the metadata are those of another issuer")
        return dict(said)

    def _key_set(self, now: datetime, held: timedelta) -> KeySet:
        """Its keys, asked for again where they were held so long."""
        if self._keys is None or now - self._keys[1] >= held:
            self._keys = self._fetched(self._endpoint(now, "jwks_uri"), _as_keys), now
        return self._keys[0]

    def _endpoint(self, now: datetime, name: str) -> str:
        address = self._described(now).get(name)
        if not isinstance(address, str) or not is_trusted(address, secure=self.agreed.issuer.startswith("https:")):
            raise Refused(Reason.NO_ANSWER)
        return address

    def _fetched(self, address: str, read: Callable[[Any], _Read]) -> _Read:
        with self._bare_session() as session, _answering(Reason.NO_ANSWER):
            answer = session.request("GET", address, withhold_token=True)
            answer.raise_for_status()
            return read(answer.json())

    def _session(self, now: datetime) -> Any:
        """To ask as this portal; by the post where the provider takes the secret in no other way."""
        methods = self._described(now).get("token_endpoint_auth_methods_supported")
        by_post = isinstance(methods, list) and "client_secret_basic" not in methods
        return self._bare_session(token_endpoint_auth_method=f"client_secret_{'post' if by_post else 'basic'}")

    def _bare_session(self, **more: str) -> Any:
        session = OAuth2Session(
            self.agreed.client_id,
            self.agreed.client_secret,
            scope=self.agreed.scope,
            code_challenge_method="S256",
            **more,
        )
        for scheme in ("https://", "http://"):
            session.mount(scheme, Bounded(self._bounds))
        session.headers["Accept-Encoding"] = "identity"
        for hook in ("access_token_response", "refresh_token_response"):
            session.register_compliance_hook(hook, _with_reason)
        return session


def register(app: Flask, agreed: Provider | None, bounds: Bounds | None = None) -> None:
    """Let the application know its identity provider, where it has one."""
    app.extensions[_EXTENSION] = IdentityProvider(agreed, bounds) if agreed else None


def provider() -> IdentityProvider | None:
    """The identity provider; None where people sign in without one."""
    found: IdentityProvider | None = current_app.extensions[_EXTENSION]
    return found


@contextmanager
def _answering(refusal: Reason) -> Iterator[None]:
    """Raises Refused: the reason given where the provider says no, else NO_ANSWER; keeps none of its words."""
    try:
        yield
    except Refused:
        raise
    except OAuthError as error:
        log_kind(error)
        raise Refused(refusal if error.error == "invalid_grant" else Reason.NO_ANSWER) from None
    except Exception as error:
        log_kind(error)
        raise Refused(Reason.NO_ANSWER) from None


@contextmanager
def _bad_token() -> Iterator[None]:
    """Whatever a token breaks, it is no good. Raises Refused."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        log_kind(error)
        raise Refused(Reason.BAD_TOKEN) from None


def _with_reason(answer: Response) -> Response:
    """What fails says why; else it is no answer of a provider, but of what stands before it."""
    if answer.status_code >= 400 and "error" not in answer.json():
        answer.raise_for_status()
    return answer


def _as_keys(said: Any) -> KeySet:
    """The keys that a signature may be by; those of another kind are left out."""
    public = [key for key in said["keys"] if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use") != "enc"]
    return KeySet.import_key_set({"keys": public})


def _checked_before(token: str) -> dict[str, Any]:
    """The claims of an ID token that was checked when it came, and sealed since."""
    claims: dict[str, Any] = json.loads(extract_compact(token.encode()).payload)
    return claims


def _word(answer: Mapping[str, Any], name: str) -> str:
    word = answer.get(name)
    return word if isinstance(word, str) else ""
