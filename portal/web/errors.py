"""Errors as pages: one table from what went wrong to what the person reads, or the program."""

import logging
from typing import Any

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException

from portal.cases.following import TooManyLetters
from portal.letters.blocks import BadLetter, Refusal
from portal.letters.compose import NoLetter
from portal.letters.printer import NotRendered
from portal.limits import TooMany
from portal.web import headers, uploads
from portal.web.api import problems
from portal.web.cases import NotOpen, not_open
from portal.web.language import refused
from portal.web.limits import minutes
from portal.web.pages import left

log = logging.getLogger("portal")


def register(app: Flask) -> None:
    """Let every error end in a page of ours."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(TooMany, _hasty)
    app.register_error_handler(NotRendered, _unset)
    app.register_error_handler(NoLetter, _unwritten)
    app.register_error_handler(BadLetter, _unset)
    app.register_error_handler(NotOpen, not_open)
    app.register_error_handler(NoResultFound, _gone)
    app.register_error_handler(TooManyLetters, _full)
    app.register_error_handler(Exception, _broken)


def _page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None and code < 400:
        return error.get_response()
    if headers.for_programs():
        return problems.of_http(error, allowed(error))
    if code == 413:
        uploads.read_on()
    return _told("errors/error.html", code=code, limit=uploads.limit()), code, allowed(error)


def allowed(error: HTTPException) -> list[tuple[str, str]]:
    """The header that says what a page can be opened by, where that is what was wrong."""
    return [(name, value) for name, value in error.get_headers() if name == "Allow"]


def _expired(_error: CSRFError) -> ResponseReturnValue:
    """A form is too old; who leaves quickly leaves all the same."""
    if request.endpoint == "pages.leave":
        return left(400)
    return _told("errors/error.html", code=400), 400


def _unset(error: Refusal) -> ResponseReturnValue:
    """A letter cannot be set."""
    return _told("errors/letter.html", sentence=refused(error)), 422


def _hasty(refused: TooMany) -> ResponseReturnValue:
    """The network did something too often."""
    if headers.for_programs():
        return problems.of_haste(refused)
    page = _told("errors/error.html", code=429, minutes=minutes(refused))
    return page, 429, [("Retry-After", str(refused.retry_after))]


def _unwritten(error: NoLetter) -> ResponseReturnValue:
    log.error("no letter: %s", error)
    return _told("errors/letter.html", sentence=""), 404


def _full(_error: TooManyLetters) -> ResponseReturnValue:
    """A case has as many letters as it may have."""
    return _told("errors/error.html", code=409), 409


def _gone(error: NoResultFound) -> ResponseReturnValue:
    """A row was read a moment ago and is not there now: another tab has erased the case."""
    log_kind(error)
    return _told("errors/error.html", code=404), 404


def _broken(error: Exception) -> ResponseReturnValue:
    """What we did not foresee."""
    log_kind(error)
    if headers.for_programs():
        return problems.of_break()
    return _told("errors/error.html", code=500), 500


def _told(template: str, **words: Any) -> str:
    """A page about an error; a sentence where that breaks too, or the server would log the address asked for."""
    try:
        return render_template(template, **words)
    except Exception as error:
        log_kind(error)
        return "Something broke on our side. Please go back and try once more."


def log_kind(error: Exception) -> None:
    """The kind and the place of what broke, never its words, which may hold a person's."""
    rule = request.url_rule.rule if request.url_rule else "-"
    log.error("%s in %s %s", place_of(error), request.method, rule)


def place_of(error: BaseException) -> str:
    """`KeyError at …/letter.py:12`: what broke, and where."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    return f"{type(error).__name__} at {where}"
