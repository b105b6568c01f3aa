"""Publishing the record by the command and by the worker; no request does it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from portal.cases.measures import Family
from portal.database import reading, transaction
from portal.record import published
from portal.record.models import VersionRow
from tests.cases.counting import refused
from tests.web.browsing import Browser, Clock
from tests.web.conftest import AnApp


@pytest.fixture
def app(an_app: AnApp, tmp_path: Path) -> Flask:
    """Twelve were refused in the last quarter of 2026; thirty days have passed since."""
    clock = Clock()
    clock.now = datetime(2027, 1, 30, 3, tzinfo=UTC)
    app = an_app(clock, instance=tmp_path)
    with transaction(app.extensions["rightface"].engine) as session:
        for _ in range(12):
            refused(session)
    return app


def countries(app: Flask) -> list[str]:
    with reading(app.extensions["rightface"].engine) as session:
        version = published.latest(session)
        if version is None:
            return []
        return [row.key for row in published.table(session, "clearview-ai", Family.COUNTRY, version).rows]


def run(app: Flask, *command: str) -> str:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_says_what_it_published(app: Flask) -> None:
    assert run(app, "record", "publish").startswith("version 1 closes 2026-Q4: ")
    assert run(app, "record", "publish").startswith("nothing is due")
    assert countries(app) == ["fr"]


def test_the_worker_publishes_what_is_due(app: Flask) -> None:
    run(app, "worker", "--once")
    assert countries(app) == ["fr"]


def test_no_request_publishes_anything(app: Flask) -> None:
    assert Browser(app).get("/").status == 200
    with reading(app.extensions["rightface"].engine) as session:
        assert session.exec(select(VersionRow)).all() == []
