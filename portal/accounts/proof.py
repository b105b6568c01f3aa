"""Why somebody could not show who they are."""

from enum import StrEnum


class Why(StrEnum):
    """What was wrong with a proof; for the trail, and for the page where it says nothing of others."""

    STALE = "stale"
    """The challenge is older than five minutes, was answered already, or is not the last one of this browser."""
    UNKNOWN = "unknown"
    """Nobody signs in with this."""
    WRONG = "wrong"
    """Another website, another key, another account, or another code."""
    REPEATED = "repeated"
    """The code was used already."""
    COUNT = "count"
    """The passkey was used less often than it has been here: one of the two is a copy."""
    CLOSED = "closed"
    """The account is closed."""
    TOO_OFTEN = "too_often"
    """Too many codes were tried for one account."""


class Unproven(Exception):
    """Somebody could not show who they are. `account_id` is whose account it was about; empty where it was none."""

    def __init__(self, why: Why, account_id: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.account_id = account_id
