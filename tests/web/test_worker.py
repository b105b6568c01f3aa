"""The command `flask worker`: what it forgets, how it ends, what it lists."""

import fcntl
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from portal import jobs
from portal.cases.models import CaseRow, DraftRow
from portal.columns import new_id
from portal.database import transaction
from portal.jobs import MOST_ATTEMPTS
from portal.worker import stopping
from tests.building import ROOT
from tests.web.browsing import CLEARVIEW, START, Browser, Clock
from tests.web.conftest import AnApp
from tests.web.running import STAFF
from tests.web.test_forgetting import ONE_CASE, a_case, left, parts

#: What comes again each hour or each day, where there is a staff.
HOURLY = {"forget", "trail_head", "look_again", "publish"}
WAITING = {"jobs": len(HOURLY)}
COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]


def environ(app: Flask) -> dict[str, str]:
    config = parts(app).config
    where = {"RIGHTFACE_INSTANCE": str(config.instance), "RIGHTFACE_DATABASE_URL": config.database_url}
    return {**os.environ, **where, "RIGHTFACE_STAFF_PUBLIC_KEY": STAFF.written}


@contextmanager
def a_worker(app: Flask, *options: str) -> Iterator["subprocess.Popen[str]"]:
    command = [*COMMAND, *options]
    with subprocess.Popen(command, cwd=ROOT, env=environ(app), stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def app_of_mine(an_app: AnApp, tmp_path: Path) -> Flask:
    return an_app(Clock(), instance=tmp_path)


def run(app: Flask, *options: str) -> list[str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["worker", *options])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def done(lines: list[str]) -> set[str]:
    """The kinds of the jobs that the log says were done at once."""
    return {found[1] for line in lines if (found := re.search(r"job (\w+), attempt 1: done$", line.rstrip()))}


def test_once_forgets_what_is_over_leaves_the_rest_and_ends(app_of_mine: Flask) -> None:
    """In a process of its own, by the clock of the machine: a draft, a case with its paper, a file of nobody."""
    over, stays = a_case(Browser(app_of_mine)), a_case(Browser(app_of_mine))
    Browser(app_of_mine).write(CLEARVIEW)
    house, lost = parts(app_of_mine), new_id()
    house.files.keep(lost, b"sealed")
    os.utime(house.config.files / lost, (0, 0))
    with transaction(house.engine) as session:
        for draft in session.exec(select(DraftRow)).all():
            draft.expires_at = 0
        session.get_one(CaseRow, over).forget_on = date(2000, 1, 1)
        session.get_one(CaseRow, stays).forget_on = date(9999, 1, 1)
    begun = subprocess.run([*COMMAND, "--once"], cwd=ROOT, env=environ(app_of_mine), capture_output=True, check=True)
    assert done(begun.stderr.decode().splitlines()) == HOURLY
    with transaction(house.engine) as session:
        assert session.exec(select(CaseRow.id)).all() == [stays]
        assert session.exec(select(DraftRow)).all() == []
    assert lost not in house.files.ids()
    assert left(app_of_mine)["files"] == 1
    assert house.eraser.ledger.holds("cases", over)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda one: str(one.name))
def test_a_worker_that_waits_ends_at_once_and_well(app_of_mine: Flask, how: signal.Signals) -> None:
    with a_worker(app_of_mine, "--every", "3600") as process:
        assert process.stderr
        assert done([process.stderr.readline() for _ in HOURLY]) == HOURLY
        process.send_signal(how)
        assert process.wait(30) == 0
        assert process.stderr.read() == ""
    assert left(app_of_mine) == WAITING


def test_a_process_with_many_files_open_hears_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, 2_000), most))
    pipe = os.pipe
    high: list[int] = []

    def high_up() -> tuple[int, int]:
        for low in pipe():
            high.append(fcntl.fcntl(low, fcntl.F_DUPFD, 1_500))
            os.close(low)
        return high[0], high[1]

    monkeypatch.setattr(os, "pipe", high_up)
    with stopping() as stop:
        assert high[0] >= 1_500
        assert not stop(0)
        signal.raise_signal(signal.SIGTERM)
        assert stop(0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))


def test_hour_by_hour_it_forgets_what_is_over_by_then(app_of_mine: Flask) -> None:
    clock = parts(app_of_mine).clock
    assert isinstance(clock, Clock)
    Browser(app_of_mine).write(CLEARVIEW)
    for _ in range(2):
        run(app_of_mine, "--once")
        assert left(app_of_mine) == {"drafts": 1, **WAITING}
        clock.forward(hours=1)
    run(app_of_mine, "--once")
    assert left(app_of_mine) == WAITING


def test_what_could_not_be_done_is_listed_and_can_be_begun_anew(app_of_mine: Flask) -> None:
    with transaction(parts(app_of_mine).engine) as session:
        jobs.put(session, "test", "a-secret", START)
        jobs.put(session, "test", "another", START + timedelta(days=1))
        now = START
        for _ in range(MOST_ATTEMPTS):
            claimed = jobs.claim(session, now, timedelta(minutes=1))
            assert claimed
            now = jobs.failed(session, claimed, now, OSError("Ana Example")) or now
    assert run(app_of_mine, "--list") == [
        "given up  2026-11-23 15:03 UTC  test, attempts: 10, last failure: OSError",
        "waiting   2026-11-24 10:00 UTC  test, attempts: 0",
    ]
    assert run(app_of_mine, "--retry") == ["begun anew: 1"]
    assert run(app_of_mine, "--list")[0] == "waiting   2026-11-23 10:00 UTC  test, attempts: 0, last failure: OSError"


def test_what_nobody_could_do_for_thirty_days_the_first_visitor_forgets(app_of_mine: Flask) -> None:
    with transaction(parts(app_of_mine).engine) as session:
        jobs.put(session, "test", "a", datetime(2026, 10, 1, tzinfo=UTC))
    assert left(app_of_mine) == {"jobs": 1}
    Browser(app_of_mine).get("/")
    assert left(app_of_mine) == {}


def test_a_worker_beside_the_pages_takes_nothing_that_is_not_over(app_of_mine: Flask) -> None:
    a_case(browser := Browser(app_of_mine))
    run(app_of_mine, "--once")
    assert left(app_of_mine) == {**ONE_CASE, "case_sessions": 1, **WAITING}
    assert browser.get("/cases").status == 200
