"""Forgetting while the portal answers, and by command."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from sqlmodel import SQLModel, col, select

from portal.cases.drafts import LIFE
from portal.cases.models import CaseRow, TaskRow
from portal.cases.opening import IDLE
from portal.database import transaction
from portal.web.house import House
from tests.papers.documents import a_pdf
from tests.web.browsing import CLEARVIEW, START, Browser, Clock, id_of
from tests.web.conftest import AnApp

#: All that a case has, and the paper that was attached.
ONE_CASE = {
    "filings": 1,
    "cases": 1,
    "wraps": 1,
    "letters": 1,
    "events": 1,
    "papers": 1,
    "files": 1,
    "tasks": 1,  # the staff look at the clear facts
}


def parts(app: Flask) -> House:
    return cast(House, app.extensions["rightface"])


def left(app: Flask) -> dict[str, int]:
    """How many rows each table has that is not empty, and how many files there are.

    But for how often networks did something, which is counted while the test clicks, and for what the staff have to
    decide of no case: that is about the law, and not about who files.
    """
    house = parts(app)
    with transaction(house.engine) as session:
        of_law = len(session.exec(select(TaskRow.id).where(col(TaskRow.case_id).is_(None))).all())
        found = {
            one.name: len(session.execute(one.select()).all())
            for one in SQLModel.metadata.sorted_tables
            if not one.name.startswith("limit")
        }
    found["tasks"] -= of_law
    found["files"] = len(house.files.ids())
    return {name: n for name, n in found.items() if n}


def a_case(browser: Browser) -> str:
    """A filed case with a paper, open in this browser; its id."""
    case = id_of(browser.follow(browser.write(CLEARVIEW)))
    browser.attach(case, "answer", ("answer.pdf", a_pdf()))
    return case


def forget_on(app: Flask, case: str) -> date:
    with transaction(parts(app).engine) as session:
        return session.get_one(CaseRow, case).forget_on


def run(app: Flask, *command: str) -> str:
    result = app.test_cli_runner().invoke(args=["cases", *command])
    assert result.exit_code == 0, result.output
    return result.output.strip()


@pytest.fixture
def clock_of_mine() -> Clock:
    return Clock()


@pytest.fixture
def filed(an_app: AnApp, clock_of_mine: Clock, tmp_path: Path) -> tuple[Flask, str]:
    """A portal with one case, which no browser has open; the case's id."""
    app = an_app(clock_of_mine, instance=tmp_path)
    case = a_case(Browser(app))
    clock_of_mine.forward(hours=9)
    Browser(app).get("/")
    assert left(app) == ONE_CASE
    return app, case


def test_a_visitor_brings_about_that_what_is_over_goes(filed: tuple[Flask, str], clock_of_mine: Clock) -> None:
    app, case = filed
    clock_of_mine.now = datetime.combine(forget_on(app, case), datetime.min.time(), UTC)
    clock_of_mine.forward(seconds=-61)
    Browser(app).get("/")
    assert left(app) == ONE_CASE
    clock_of_mine.forward(seconds=61)
    Browser(app).client.get("/static/rightface.css").close()
    assert left(app) == ONE_CASE
    Browser(app).get("/how-it-works")
    assert left(app) == {}


def test_what_is_over_is_looked_for_once_a_minute(filed: tuple[Flask, str], clock_of_mine: Clock) -> None:
    app, case = filed
    with transaction(parts(app).engine) as session:
        session.get_one(CaseRow, case).forget_on = START.date()
    clock_of_mine.forward(seconds=59)
    Browser(app).get("/")
    assert left(app) == ONE_CASE
    clock_of_mine.forward(seconds=1)
    Browser(app).get("/")
    assert left(app) == {}


@pytest.mark.sqlite
def test_after_a_stop_the_first_visitor_brings_about_the_rest(
    filed: tuple[Flask, str], clock_of_mine: Clock, an_app: AnApp, tmp_path: Path
) -> None:
    app, case = filed
    parts(app).eraser.ledger.write("cases", [case])  # and then the machine stopped
    again = an_app(clock_of_mine, instance=tmp_path)
    assert left(again) == ONE_CASE
    Browser(again).get("/")
    assert left(again) == {}


def erased(n: int, tasks: int) -> str:
    """What is said of so many cases, each of a filing of its own, with a paper, beside a draft."""
    theirs = f"{n} filings, {n} cases, {n} papers, 0 wraps, 0 groups, 0 statements, {n} drafts"
    ours = "0 looks, 0 sights, 0 former groups, 0 lists of members"
    return f"erased: {theirs}, 0 case sessions, 0 reports, {tasks} tasks, {ours}"


def test_the_command_forgets_what_is_over_and_says_how_much(filed: tuple[Flask, str], clock_of_mine: Clock) -> None:
    app, case = filed
    Browser(app).write(CLEARVIEW)
    assert run(app, "purge") == erased(0, tasks=0)
    clock_of_mine.now = datetime.combine(forget_on(app, case), datetime.min.time(), UTC)
    assert run(app, "purge") == erased(1, tasks=1)
    assert left(app) == {}


def test_the_command_erases_again_what_the_ledger_holds(filed: tuple[Flask, str]) -> None:
    app, case = filed
    parts(app).eraser.ledger.write("cases", [case])
    assert run(app, "replay").startswith("erased: 1 filings, 1 cases, 1 papers")
    assert left(app) == {}


def sealed(app: Flask) -> list[bytes]:
    """The beginnings of all that is sealed, in the database and beside it."""
    house, found = parts(app), []
    with transaction(house.engine) as session:
        for table in SQLModel.metadata.sorted_tables:
            for row in session.execute(table.select()).all():
                found += [value[:40] for value in row if isinstance(value, bytes)]
    return [*found, *(house.files.read(id_)[:40] for id_ in house.files.ids())]


def test_at_each_limit_what_is_over_goes_until_the_ledger_alone_is_left(an_app: AnApp, tmp_path: Path) -> None:
    clock = Clock()
    app = an_app(clock, instance=tmp_path)
    browser, house = Browser(app), parts(app)
    case = a_case(browser)
    browser.attach(case, "identity", ("passport.pdf", a_pdf()))
    files = house.files.ids()
    browser.write(CLEARVIEW)
    last, began = forget_on(app, case), sealed(app)

    def after(moment: datetime) -> dict[str, int]:
        clock.now = moment
        Browser(app).get("/")
        return left(app)

    everything = {**ONE_CASE, "papers": 2, "files": 2, "drafts": 1, "case_sessions": 1}
    assert left(app) == everything
    without_session = {name: n for name, n in everything.items() if name != "case_sessions"}
    assert after(START + IDLE) == without_session
    without_draft = {name: n for name, n in without_session.items() if name != "drafts"}
    assert after(START + LIFE) == without_draft
    assert after(START + timedelta(days=29)) == without_draft
    assert after(START + timedelta(days=30)) == ONE_CASE
    assert after(datetime.combine(last - timedelta(days=1), START.timetz())) == ONE_CASE
    assert after(datetime.combine(last, START.timetz())) == {}
    house.engine.dispose()  # the last to close writes the log back into the database
    here = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != "erased")
    assert len(began) >= 9
    assert not any(one in here for one in began)
    assert not any(id_.encode() in (tmp_path / "erased").read_bytes() for id_ in (case, *files))
    assert house.eraser.ledger.holds("cases", case)
