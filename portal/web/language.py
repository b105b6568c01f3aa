"""The language of the pages."""

from babel.numbers import format_decimal
from flask import has_request_context, request
from flask_babel import get_locale, gettext

from portal.letters.blocks import Refusal

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


def refused(error: Refusal) -> str:
    """Why a letter cannot be made, in the language of the page."""
    values = {
        name: format_decimal(value, locale=current()) if isinstance(value, int) else value
        for name, value in error.values.items()
    }
    return str(gettext(error.sentence, **values))
