"""Who may open which page: one table, that every rule of the staff's application stands in."""

from collections.abc import Mapping
from enum import StrEnum

from portal.accounts.permissions import Permission


class Open(StrEnum):
    """What is open to more than those with one permission."""

    EVERYBODY = "everybody"
    """Also to who is not signed in."""
    SIGNED_IN = "signed_in"


Audience = Open | Permission

#: By endpoint. The application does not start while a rule is missing here.
AUDIENCE: Mapping[str, Audience] = {
    "static": Open.EVERYBODY,
    "front.home": Open.SIGNED_IN,
    "front.sign_in": Open.EVERYBODY,
    "front.sign_out": Open.SIGNED_IN,
    "oidc.begin": Open.EVERYBODY,
    "oidc.callback": Open.EVERYBODY,
    "oidc.signed_out": Open.EVERYBODY,
    "oidc.back_channel": Open.EVERYBODY,
    "people.people": Permission.PEOPLE,
    "people.person": Permission.PEOPLE,
}
