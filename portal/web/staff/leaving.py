"""Signing out at the identity provider too."""

import hmac

from authlib.common.security import generate_token
from flask import session, url_for

from portal.accounts.provider import Refused
from portal.accounts.visits import Given
from portal.web.house import house
from portal.web.staff.provider import provider

#: What the session holds until the provider sends the browser back.
_LEAVING = "oidc_leaving"


def onward(given: Given) -> str:
    """Where to go on when a visit is over that began with what was given."""
    asked = provider()
    if asked is None or not given.id_token:
        return url_for("front.sign_in")
    state = generate_token(43)
    try:
        address = asked.end(house().clock(), given, address_of("oidc.signed_out"), state)
    except Refused:  # here they are signed out all the same
        address = None
    if address:
        session[_LEAVING] = state
    return address or url_for("oidc.signed_out")


def came_back(state: str | None) -> bool:
    """Whether the provider sent this browser back, whom we had sent there."""
    expected = session.pop(_LEAVING, "")
    return bool(expected) and hmac.compare_digest(expected.encode(), (state or "").encode())


def address_of(endpoint: str) -> str:
    """A page of ours, as others must call it."""
    return url_for(endpoint, _external=True, _scheme="https" if house().config.secure else "http")
