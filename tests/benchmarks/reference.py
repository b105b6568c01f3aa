"""How many pages of the law a process gives out: `python -m tests.benchmarks.reference`."""

import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from portal.application import create_app
from portal.config import read
from portal.web.kinds import everything

PAGES = 4_000
#: What is asked of the portal: so many pages a second from the shelf in one process, and a share of what Flask gives
#: where a view answers with the same bytes and does nothing else.
PAGES_A_SECOND, SHARE_OF_FLASK = 1_000, 0.2


def portal(folder: str) -> Flask:
    config = replace(read(), instance=Path(folder), database_url=f"sqlite:///{folder}/unused.sqlite")
    log = logging.getLogger("portal")
    log.addHandler(logging.FileHandler(f"{folder}/log"))
    log.setLevel(logging.INFO)  # a line a request, as when it is served
    return create_app(config)


def bare(bodies: dict[str, bytes]) -> Flask:
    """Flask alone, with the same answers."""
    app = Flask("bare")
    app.add_url_rule("/<path:path>", "page", lambda path: bodies[f"/{path}"])
    return app


def addresses(app: Flask) -> list[str]:
    with app.app_context():
        return [f"/{kind}/{id_}{ending}" for kind, id_ in everything() for ending in ("", ".json")]


def environs(asked: list[str]) -> list[dict[str, Any]]:
    return [EnvironBuilder(path=path, headers={"Accept-Language": "fr"}).get_environ() for path in asked]


def given(app: Flask, asked: Iterator[dict[str, Any]], count: int) -> int:
    """How many bytes so many answers have."""
    return sum(len(b"".join(run_wsgi_app(app, dict(one))[0])) for one in islice(asked, count))


def pages_a_second(app: Flask, asked: list[dict[str, Any]]) -> float:
    """Every page in turn, each made before."""
    given(app, iter(asked), len(asked))
    start = time.perf_counter()
    given(app, cycle(asked), PAGES)
    return PAGES / (time.perf_counter() - start)


def not_changed_a_second(app: Flask, path: str) -> float:
    """One page that the browser has already."""
    etag = app.test_client().get(path).headers["ETag"]
    asked = EnvironBuilder(path=path, headers={"If-None-Match": etag}).get_environ()
    start = time.perf_counter()
    assert given(app, cycle([asked]), PAGES) == 0
    return PAGES / (time.perf_counter() - start)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = portal(folder)
        asked = addresses(app)
        client = app.test_client()
        bodies = {path: client.get(path, headers={"Accept-Language": "fr"}).data for path in asked}
        speed, plain = pages_a_second(app, environs(asked)), pages_a_second(bare(bodies), environs(asked))
        unchanged = not_changed_a_second(app, "/laws/eu-gdpr")
        app.extensions["rightface"].printer.close()
    share = speed / plain
    kept = sum(map(len, bodies.values())) / 1_000_000
    print(f"pages a second from the shelf       {speed:7.0f}  (at least {PAGES_A_SECOND}; {len(asked)} pages)")
    print(
        f"as a share of Flask alone           {speed / plain:7.2f}  (at least {SHARE_OF_FLASK}; {plain:.0f} a second)"
    )
    print(f"“not changed” a second              {unchanged:7.0f}")
    print(f"megabytes kept for a language       {kept:7.1f}")
    return int(speed < PAGES_A_SECOND or share < SHARE_OF_FLASK)


if __name__ == "__main__":
    sys.exit(main())
