"""Codes of six digits that an app makes anew every half minute (TOTP, RFC 6238)."""

from base64 import b32encode
from datetime import datetime, timedelta

from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError

from portal.vault import derived

#: So many wrong codes are taken for one account in so long.
TRIES, WITHIN = 5, timedelta(minutes=15)
_ISSUER = "Rightface"
_SIZE = 20  # of a secret in bytes: RFC 4226, 4
#: Half a minute before and after: clocks differ, and typing takes time.
_AROUND = 1


def secret_of(staff_secret: bytes, invitation_id: str) -> str:
    """The secret that an invitation gives, in base 32: the same however often its page is loaded."""
    return b32encode(derived(staff_secret, f"codes {invitation_id}")[:_SIZE]).decode()


def address(secret: str, email: str) -> str:
    """The secret as apps read it from a picture: otpauth://totp/…"""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute, counted since 1970, that a code belongs to; None where it is none of now or just about now."""
    try:
        return TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=_AROUND)
    except OTPVerificationError:
        return None
