"""The one place where the parts meet."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.exceptions import NotFound

import portal.cli as cli
from portal import database
from portal.cases import saved
from portal.cases.files import Files
from portal.cases.forgetting import Eraser
from portal.cases.ledger import Ledger
from portal.config import ROOT, Config, read
from portal.dossier.binder import Binder
from portal.law.files import load
from portal.letters.compose import Templates
from portal.letters.printer import Printer
from portal.limits import LIMITS, Limit
from portal.papers.copier import Copier
from portal.web import (
    about,
    applying,
    attaching,
    campaigns,
    cases,
    complaining,
    decided,
    dossiers,
    erasing,
    errors,
    export,
    feeds,
    filing,
    headers,
    journey,
    letter,
    messages,
    others,
    pages,
    readers,
    record,
    reference,
    replying,
    sharing_with,
    speaking,
    uploads,
)
from portal.web.api import asking as api
from portal.web.api import docs as api_docs
from portal.web.forgetting import Sweep
from portal.web.house import House
from portal.web.journey import page_date
from portal.web.language import chosen
from portal.web.limits import trust
from portal.web.shelf import Shelf

log = logging.getLogger("portal")

#: The largest form without files: an edited letter has at most 20,000 characters, each up to 12 bytes when encoded.
_LARGEST_FORM = 512_000

#: The blueprints, by what they are for: the journey and what leads to it, its cases, the law, the record.
_PARTS = (
    *(pages, about, applying, campaigns, journey, letter, others),
    *(filing, cases, decided, readers, sharing_with, messages),
    *(replying, complaining, dossiers, attaching, erasing, export),
    *(reference, record, speaking, feeds, api, api_docs),
)


def create_app(
    config: Config | None = None,
    clock: Callable[[], datetime] | None = None,
    limits: Mapping[str, Limit] = LIMITS,
) -> Flask:
    """The public application."""
    app = furnished(config or read(), clock, limits)
    parts: House = app.extensions["rightface"]
    uploads.register(app)
    app.before_request(Sweep(parts.eraser, parts.clock))
    errors.register(app)
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    cli.register(app)
    return app


def furnished(
    config: Config, clock: Callable[[], datetime] | None, limits: Mapping[str, Limit], session_cookie: str = ""
) -> Flask:
    """An application with the parts that pages are made with, and without a page."""
    app = Flask(__name__, static_folder=ROOT / "static", template_folder=ROOT / "templates")
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME=session_cookie or config.session_cookie,
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=_LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=_LARGEST_FORM,
        SEND_FILE_MAX_AGE_DEFAULT=3_600,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "portal" / "translations"),
    )
    engine = database.engine(config.database_url)
    files = Files(config.files)
    app.extensions["rightface"] = House(
        config=config,
        catalogue=load(config.data),
        saved=saved.load(config.data),
        templates=Templates(config.letters),
        engine=engine,
        files=files,
        eraser=Eraser(partial(database.erasing, engine), files, Ledger(config.ledger)),
        printer=Printer(workers=config.renderers),
        copier=Copier(),
        binder=Binder(),
        clock=clock or partial(datetime.now, UTC),
        shelf=Shelf(),
        limits=limits,
    )
    trust(app, config.proxies)
    app.url_value_preprocessor(_without_nul)
    _log_and_protect(app, config)
    _templates(app)
    Babel(app, locale_selector=chosen)
    CSRFProtect(app)
    return app


def _without_nul(_endpoint: str | None, parts: dict[str, Any] | None) -> None:
    """No page has a NUL in its address, and PostgreSQL breaks when it is asked for one."""
    if any("\0" in str(part) for part in (parts or {}).values()):
        raise NotFound


def _templates(app: Flask) -> None:
    """Our templates, with the GOV.UK macros beside them."""
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    assert app.jinja_loader
    app.jinja_loader = ChoiceLoader([app.jinja_loader, govuk])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(get_locale=get_locale, page_date=page_date)


def _log_and_protect(app: Flask, config: Config) -> None:
    """A line a request with the route's rule, never the path or the query, which tell what a person looks for."""

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "-"
        took = (time.perf_counter() - g.get("started", time.perf_counter())) * 1_000
        log.info("%s %s %s %.0f ms", request.method, rule, response.status_code, took)
        return headers.protect(response, config.secure, config.provider.origin if config.provider else "")
