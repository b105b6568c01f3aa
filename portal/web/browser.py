"""What only a person's browser holds: the key of their drafts, and what opens their case for a while."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from portal.cases.drafts import LIFE
from portal.cases.opening import LONGEST, Token
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
    return give(answer, house().config.draft_cookie, urlsafe_b64encode(kept).decode(), LIFE)


def forget(answer: Response) -> Response:
    """Take away all that the browser holds."""
    return forget_case(take(answer, house().config.draft_cookie))


def case_token() -> Token | None:
    """What opens a case; None where the browser has none open."""
    kept = request.cookies.get(house().config.case_cookie, "")
    return Token(kept) if kept else None


def remember_case(answer: Response, token: Token) -> Response:
    """Let the browser hold a case open, for as long as that may be."""
    return give(answer, house().config.case_cookie, token, LONGEST)


def forget_case(answer: Response) -> Response:
    return take(answer, house().config.case_cookie)


def give(answer: Response, name: str, value: str, life: timedelta) -> Response:
    """Let the browser hold a cookie that no script reads and no other website sends along with a form."""
    answer.set_cookie(
        name,
        value,
        max_age=int(life.total_seconds()),
        secure=house().config.secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


def take(answer: Response, name: str) -> Response:
    answer.delete_cookie(name, secure=house().config.secure, httponly=True, samesite="Lax", path="/")
    return answer
