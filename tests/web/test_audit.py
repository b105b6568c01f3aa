"""The commands of whoever audits the portal, and the worker's hourly head, as they are run."""

from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from portal import trail
from portal.database import transaction
from portal.heads import noted
from portal.trail import Head
from tests.trails import an_entry
from tests.web.browsing import START, Clock
from tests.web.conftest import AnApp
from tests.web.test_forgetting import parts

#: How many rows there are, and at which a head was noted.
ROWS, NOTED = 30, 20


@pytest.fixture
def app_of_mine(an_app: AnApp, tmp_path: Path) -> Flask:
    """A portal with a trail."""
    app = an_app(Clock(), instance=tmp_path)
    grow(app, NOTED)
    run(app, "worker", "--once")
    grow(app, ROWS - NOTED)
    return app


def grow(app: Flask, many: int) -> Head:
    random = Random(many)
    with transaction(parts(app).engine) as session:
        for _ in range(many):
            trail.append(session, an_entry(random), START)
        return trail.head(session)


def run(app: Flask, *args: str) -> tuple[int, list[str]]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=args)
    return result.exit_code, result.output.splitlines()


def as_owner(engine: Engine, *statements: str) -> None:
    """As whoever owns the database can: without the triggers."""
    off = {
        "sqlite": ("DROP TRIGGER trail_not_changed", "DROP TRIGGER trail_not_deleted"),
        "postgresql": ("ALTER TABLE trail DISABLE TRIGGER USER",),
    }
    with transaction(engine) as session:
        for statement in (*off[engine.dialect.name], *statements):
            session.execute(text(statement))


def head(app: Flask) -> Head:
    with transaction(parts(app).engine) as session:
        return trail.head(session)


# The worker


def test_each_hour_the_worker_notes_the_head(app_of_mine: Flask, tmp_path: Path) -> None:
    clock = parts(app_of_mine).clock
    assert isinstance(clock, Clock)
    assert [one.n for one in noted(tmp_path / "trail-heads")[0]] == [NOTED]
    clock.forward(hours=1)
    run(app_of_mine, "worker", "--once")
    found, _ = noted(tmp_path / "trail-heads")
    assert [(one.n, one.at) for one in found] == [(NOTED, START), (ROWS, clock.now)]


# Verifying


def test_a_trail_that_is_well_is_said_to_be(app_of_mine: Flask) -> None:
    well = [f"{ROWS} rows, head {head(app_of_mine).hash}", "heads that agree: 1"]
    assert run(app_of_mine, "audit", "verify") == (0, well)


def test_without_heads_it_says_what_does_not_show(an_app: AnApp, tmp_path: Path) -> None:
    app = an_app(Clock(), instance=tmp_path)
    unheld = "heads: none, so a tail that was cut off does not show"
    assert run(app, "audit", "verify") == (0, [f"0 rows, head {trail.GENESIS}", unheld])
    grow(app, 2)
    assert run(app, "audit", "verify") == (0, [f"2 rows, head {head(app).hash}", unheld])


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE trail SET role = 'admin' WHERE n = 7"], "row 7 is edited"),
        (["UPDATE trail SET at = at + 1 WHERE n = 30"], "row 30 is edited"),
        (["DELETE FROM trail WHERE n = 7"], "row 7 is missing"),
        (["DELETE FROM trail WHERE n = 1"], "row 1 is missing"),
        (
            ["UPDATE trail SET n = -n WHERE n IN (7, 9)", "UPDATE trail SET n = 16 + n WHERE n < 0"],
            "row 7 is swapped: what belongs here stands as row 9",
        ),
        (["DELETE FROM trail WHERE n > 15"], "row 16 is cut: at 2026-11-23 10:00 UTC there were 20 rows"),
        (["DELETE FROM trail"], "row 1 is cut"),
    ],
    ids=["edited", "the last edited", "deleted", "the first deleted", "swapped", "cut", "emptied"],
)
def test_what_the_owner_of_the_database_does_is_named(app_of_mine: Flask, statements: list[str], said: str) -> None:
    as_owner(parts(app_of_mine).engine, *statements)
    code, lines = run(app_of_mine, "audit", "verify")
    assert code == 1
    assert lines[-1].startswith(f"Error: {said}")


def test_a_tail_that_no_head_knows_can_be_cut_off(app_of_mine: Flask) -> None:
    """What that hour's rows were nobody can prove: hence the head each hour."""
    as_owner(parts(app_of_mine).engine, f"DELETE FROM trail WHERE n > {NOTED}")
    assert run(app_of_mine, "audit", "verify")[0] == 0


@pytest.mark.parametrize("many", [ROWS, NOTED - 1])
def test_another_chain_in_the_place_of_the_whole_is_shown_by_the_heads(app_of_mine: Flask, many: int) -> None:
    as_owner(parts(app_of_mine).engine, "DELETE FROM trail")
    grow(app_of_mine, many)
    code, lines = run(app_of_mine, "audit", "verify")
    assert (code, lines[-1].split(":")[1]) == (1, " row 20 is replaced" if many >= NOTED else " row 20 is cut")


def test_it_can_be_held_against_heads_that_were_kept_elsewhere(app_of_mine: Flask, tmp_path: Path) -> None:
    code, lines = run(app_of_mine, "audit", "head")
    assert (code, lines) == (0, [f"{START:%Y-%m-%dT%H:%M:%SZ} {ROWS} {head(app_of_mine).hash}"])
    elsewhere = tmp_path / "from-my-mail"
    elsewhere.write_text(f"> a line of mine\n{lines[0]}\n")
    as_owner(parts(app_of_mine).engine, f"DELETE FROM trail WHERE n = {ROWS}")
    assert run(app_of_mine, "audit", "verify")[0] == 0  # the portal's own file knows of 20
    code, lines = run(app_of_mine, "audit", "verify", "--heads", str(elsewhere))
    assert (code, lines[0]) == (1, "lines of the heads that cannot be read, and count for nothing: 1")
    assert lines[-1].startswith("Error: row 30 is cut")


def test_heads_that_are_not_there_are_no_proof(app_of_mine: Flask, tmp_path: Path) -> None:
    assert run(app_of_mine, "audit", "verify", "--heads", str(tmp_path / "nowhere"))[0] == 2


def test_verifying_writes_nothing(app_of_mine: Flask) -> None:
    before = head(app_of_mine)
    run(app_of_mine, "audit", "verify")
    assert head(app_of_mine) == before


# Backups


def test_a_backup_put_back_does_not_cut_the_trail(app_of_mine: Flask, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.zip")
    assert run(app_of_mine, "backup", file)[0] == 0
    now = grow(app_of_mine, 5)
    for options in ((), ("--replace",)):
        assert run(app_of_mine, "restore", file, *options)[0] == 0
        assert head(app_of_mine) == now
    assert run(app_of_mine, "audit", "verify")[0] == 0


def test_on_a_new_machine_the_trail_goes_on_where_the_backup_ends(
    app_of_mine: Flask, an_app: AnApp, tmp_path: Path
) -> None:
    file = str(tmp_path / "backup.zip")
    before = head(app_of_mine)
    run(app_of_mine, "backup", file)
    new = an_app(Clock())
    assert run(new, "restore", file)[0] == 0
    assert head(new) == before
    grow(new, 2)
    assert run(new, "audit", "verify", "--heads", str(tmp_path / "trail-heads"))[0] == 0


@pytest.mark.parametrize("options", [(), ("--replace",)])
def test_rows_of_two_trails_are_never_mixed(
    app_of_mine: Flask, an_app: AnApp, tmp_path: Path, options: tuple[str, ...]
) -> None:
    file = str(tmp_path / "backup.zip")
    run(app_of_mine, "backup", file)
    other = an_app(Clock())
    now = grow(other, 2)
    code, lines = run(other, "restore", file, *options)
    assert (code, lines[-1]) == (
        1,
        f"Error: {file} comes from a portal with another trail: put it back into a database that has none",
    )
    assert head(other) == now
