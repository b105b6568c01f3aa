"""The language of the pages."""

from flask import has_request_context, request
from flask_babel import get_locale

#: The interface is written in these.
LANGUAGES = ("en", "fr")
COOKIE = "language"


def chosen() -> str:
    """What the person chose, else what their browser asks for, else English."""
    if not has_request_context():
        return LANGUAGES[0]
    kept = request.cookies.get(COOKIE, "")
    return kept if kept in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def current() -> str:
    """The language of this answer."""
    return str(get_locale())
