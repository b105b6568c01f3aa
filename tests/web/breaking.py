"""Views that break over what a person typed: `tests.web.breaking:entrance()` serves a portal of nothing else."""

import logging
from collections.abc import Callable, Iterator
from typing import NoReturn

from flask import Flask, request
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

#: The header that says how a view is to break.
HOW = "X-Breaks"


def _with_nothing(_held: str) -> NoReturn:
    raise RuntimeError


def _with_words(held: str) -> NoReturn:
    raise RuntimeError(f"cannot use {held}")


def _over_another(held: str) -> NoReturn:
    try:
        raise KeyError(held)
    except KeyError as error:
        error.add_note(held)
        raise RuntimeError(held) from error


def _in_the_database(held: str) -> NoReturn:
    raise IntegrityError("INSERT INTO drafts (sealed) VALUES (?)", {"sealed": held}, RuntimeError(held))


def _as_a_mistake(held: str) -> NoReturn:
    raise BadRequest(held)


#: How a view can break, and the status that comes of it.
WAYS: dict[str, tuple[Callable[[str], NoReturn], int]] = {
    "with nothing": (_with_nothing, 500),
    "with words": (_with_words, 500),
    "over another": (_over_another, 500),
    "in the database": (_in_the_database, 500),
    "as a mistake": (_as_a_mistake, 400),
}
#: As the answer is on its way: the head is sent, and no page can be shown any more.
LATE = "late"


def breaks(**parts: str) -> Response:
    """A view that has all in a local variable that was sent, and then breaks."""
    typed = [*request.args.items(multi=True), *request.form.items(multi=True), *parts.items()]
    files = [(file.filename, file.read()) for file in request.files.values()]
    held = f"{typed} {files} {[*request.cookies.values()]}"
    how = request.headers.get(HOW, "with words")
    if how != LATE:
        WAYS[how][0](held)
    return Response(_late(held))


def _late(held: str) -> Iterator[str]:
    yield "The beginning"
    raise RuntimeError(held)


def break_all(app: Flask) -> Flask:
    """Let every view break."""
    app.view_functions = {endpoint: _as_wide_as(view) for endpoint, view in app.view_functions.items()}
    return app


def _as_wide_as(view: Callable[..., object]) -> Callable[..., Response]:
    """A view that breaks, and takes files where the one in its place does."""

    def broken(**parts: str) -> Response:
        return breaks(**parts)

    broken.__dict__.update(view.__dict__)
    return broken


def entrance() -> Flask:
    """As a server starts the portal, with its own way of logging; then everything breaks."""
    from wsgi import app  # makes a portal of the environment's

    logging.getLogger().setLevel(logging.DEBUG)
    app.config["WTF_CSRF_ENABLED"] = False  # so that all comes to the views
    return break_all(app)
