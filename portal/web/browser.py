"""The key that only a person's browser holds."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from flask import request
from werkzeug.wrappers import Response

from portal.cases.drafts import LIFE
from portal.vault import Key, new_key
from portal.web.house import house

_LENGTH = 32


def key() -> Key | None:
    """The key in the cookie; None where there is none, or nothing that could be one."""
    kept = request.cookies.get(house().config.draft_cookie, "")
    try:
        found = urlsafe_b64decode(kept.encode())
    except (Error, ValueError):
        return None
    return Key(found) if len(found) == _LENGTH else None


def key_or_new() -> Key:
    return key() or new_key()


def remember(answer: Response, kept: Key) -> Response:
    """Give the browser its key, for as long as a draft lives."""
    config = house().config
    answer.set_cookie(
        config.draft_cookie,
        urlsafe_b64encode(kept).decode(),
        max_age=LIFE.seconds,
        secure=config.secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


def forget(answer: Response) -> Response:
    """Take the key away."""
    config = house().config
    answer.delete_cookie(config.draft_cookie, secure=config.secure, httponly=True, samesite="Lax", path="/")
    return answer
