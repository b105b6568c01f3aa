"""Errors as pages: one table from what went wrong to what the person reads."""

import logging

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.letters.blocks import BadLetter
from portal.letters.compose import NoLetter
from portal.letters.printer import NotRendered

log = logging.getLogger("portal")


def register(app: Flask) -> None:
    """Let every error end in a page of ours."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(NotRendered, _unset)
    app.register_error_handler(NoLetter, _unwritten)
    app.register_error_handler(BadLetter, _unset)
    app.register_error_handler(Exception, _broken)


def _page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    answer = render_template("errors/error.html", code=code), code
    if error.response is not None and code < 400:
        return error.get_response()
    return answer


def _expired(_error: CSRFError) -> ResponseReturnValue:
    return render_template("errors/error.html", code=400), 400


def _unset(error: Exception) -> ResponseReturnValue:
    """A letter cannot be set; the exception's message is a sentence for the page."""
    return render_template("errors/letter.html", sentence=str(error)), 422


def _unwritten(error: NoLetter) -> ResponseReturnValue:
    log.error("no letter: %s", error)
    return render_template("errors/letter.html", sentence=""), 404


def _broken(error: Exception) -> ResponseReturnValue:
    """What we did not foresee: its kind and place in the log, never its words, which may hold a person's."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    rule = request.url_rule.rule if request.url_rule else "-"
    log.error("%s at %s in %s %s", type(error).__name__, where, request.method, rule)
    return render_template("errors/error.html", code=500), 500
