"""Errors of the staff's application as pages."""

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException

from portal.cases.following import TooManyLetters
from portal.letters.blocks import Refusal
from portal.letters.compose import NoLetter
from portal.limits import TooMany
from portal.web.errors import allowed, log_kind
from portal.web.language import refused
from portal.web.limits import minutes


def register(app: Flask) -> None:
    """Let every error end in a page of ours."""
    app.register_error_handler(CSRFError, lambda _error: _told(400))
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(NoResultFound, lambda _error: _told(404))
    app.register_error_handler(TooMany, _hasty)
    app.register_error_handler(Refusal, _unset)
    app.register_error_handler(NoLetter, lambda _error: _told(404))
    app.register_error_handler(TooManyLetters, lambda _error: _told(409))
    app.register_error_handler(Exception, _broken)


def _page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None and code < 400:
        return error.get_response()
    return render_template("staff/error.html", code=code), code, allowed(error)


def _hasty(refused: TooMany) -> ResponseReturnValue:
    page = render_template("staff/error.html", code=429, minutes=minutes(refused))
    return page, 429, [("Retry-After", str(refused.retry_after))]


def _unset(error: Refusal) -> ResponseReturnValue:
    """A letter cannot be made: why, and what to do."""
    return render_template("staff/error.html", code=422, sentence=refused(error)), 422


def _broken(error: Exception) -> ResponseReturnValue:
    log_kind(error)
    return _told(500)


def _told(code: int) -> ResponseReturnValue:
    return render_template("staff/error.html", code=code), code
