"""The language of the pages."""

from functools import cache

from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Request, has_request_context, request
from flask_babel import get_locale, gettext
from wtforms.i18n import messages_path

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


class InItsLanguage(Request):
    """A request whose forms have their own words read already: Flask-WTF would read the file anew each time."""

    @property
    def wtforms_translations(self) -> NullTranslations:
        return _of_forms(current())


@cache
def _of_forms(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


def refused(error: Refusal) -> str:
    """Why a letter cannot be made, in the language of the page."""
    values = {
        name: format_decimal(value, locale=current()) if isinstance(value, int) else value
        for name, value in error.values.items()
    }
    return str(gettext(error.sentence, **values))
