"""Passkeys: made and used by WebAuthn, always with the person verified by their own device."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json, parse_client_data_json
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.challenges import LIFE
from portal.accounts.people import Who
from portal.accounts.proof import Unproven, Why

_NAME = "Rightface"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as the portal knows it. `handle` is what it calls the account; `count`, how often it was used."""

    id: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    count: int


def host(origin: str) -> str:
    """Where passkeys of an address are good, without its port: `localhost` of `http://localhost:8001`."""
    return urlsplit(origin).hostname or ""


def options_to_make(origin: str, challenge: bytes, handle: bytes, who: Who) -> str:
    """What the browser is told so that it makes a passkey, as JSON."""
    options = generate_registration_options(
        rp_id=host(origin),
        rp_name=_NAME,
        user_id=handle,
        user_name=who.email,
        user_display_name=who.name or who.email,
        challenge=challenge,
        timeout=_milliseconds(),
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json(options)


def made(origin: str, challenge: bytes, handle: bytes, answer: str) -> Passkey:
    """The passkey that a browser made. Raises Unproven."""
    found = _checked(
        lambda: verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    )
    return Passkey(found.credential_id, handle, found.credential_public_key, found.sign_count)


def options_to_use(origin: str, challenge: bytes) -> str:
    """What the browser is told so that it offers the passkeys that it has for us, as JSON; no account is named."""
    options = generate_authentication_options(
        rp_id=host(origin),
        challenge=challenge,
        timeout=_milliseconds(),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def id_in(answer: str) -> bytes:
    """What the passkey of an answer calls itself. Raises Unproven where it is no answer."""
    return _checked(lambda: parse_authentication_credential_json(answer)).raw_id


def used(origin: str, challenge: bytes, answer: str, passkey: Passkey) -> int:
    """How often the passkey says that it was used by now; 0 where it does not count. Raises Unproven.

    The count is looked at last, once the signature is known to be good: then it means something.
    """
    said = _checked(lambda: parse_authentication_credential_json(answer)).response
    if _checked(lambda: parse_client_data_json(said.client_data_json)).challenge != challenge:
        raise Unproven(Why.STALE)
    found = _checked(
        lambda: verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host(origin),
            expected_origin=origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    )
    if said.user_handle != passkey.handle:
        raise Unproven(Why.WRONG)
    if (found.new_sign_count or passkey.count) and found.new_sign_count <= passkey.count:
        raise Unproven(Why.COUNT)
    return found.new_sign_count


def _checked(check: Callable[[], _T]) -> _T:
    """What the library says of an answer; whatever it stumbles over in it, that is no proof."""
    try:
        return check()
    except Exception as error:
        raise Unproven(Why.WRONG) from error


def _milliseconds() -> int:
    return int(LIFE.total_seconds() * 1_000)
