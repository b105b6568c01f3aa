"""Counting what a browser's network does, before a view does it."""

from math import ceil

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import limits
from portal.web.house import house


def attempt(what: str) -> limits.Left:
    """Count it; the page that says “wait a little” where the network has done it too often."""
    return limits.attempt(house().engine, what, request.remote_addr or "", house().clock(), house().limits)


def minutes(refused: limits.TooMany) -> int:
    """Until the network may again; never too few."""
    return ceil(refused.retry_after / 60)


def trust(app: Flask, proxies: int) -> None:
    """Believe a forwarded address only from as many proxies as stand before us: anybody can write such a header."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
