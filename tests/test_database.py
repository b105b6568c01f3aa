"""The database: its pragmas, transactions and migrations."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, text
from sqlmodel import SQLModel, select

from portal.cases.models import DraftRow
from portal.database import PRAGMAS, migrate, reading, transaction

#: What SQLite answers to each pragma that we set.
ANSWERS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": 10_000,
    "temp_store": 2,
}


def a_row(id_: str = "1") -> DraftRow:
    return DraftRow(id=id_, owner="me", sealed=b"sealed", expires_at=0)


def ids(made: Engine) -> list[str]:
    with transaction(made) as session:
        return [row.id for row in session.exec(select(DraftRow).order_by(DraftRow.id))]


def test_every_pragma_has_its_answer() -> None:
    assert set(ANSWERS) == set(PRAGMAS)


@pytest.mark.sqlite
@pytest.mark.parametrize(("pragma", "answer"), ANSWERS.items())
def test_a_fresh_connection_of_the_pool_carries_each_pragma(database: Engine, pragma: str, answer: object) -> None:
    first, second = database.raw_connection(), database.raw_connection()
    asked = [connection.cursor().execute(f"PRAGMA {pragma}").fetchone() for connection in (first, second)]
    first.close()
    second.close()
    assert asked == [(answer,), (answer,)]


@pytest.mark.sqlite
def test_a_connection_that_comes_back_from_the_pool_still_carries_them(database: Engine) -> None:
    for _ in range(2):
        with database.connect() as connection:
            answers = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
        assert answers == ANSWERS


def test_what_a_transaction_did_is_kept(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_row())
    database.dispose()
    assert ids(database) == ["1"]


def test_what_a_failing_transaction_did_is_undone(database: Engine) -> None:
    def fail_half_way() -> None:
        with transaction(database) as session:
            session.add(a_row())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert ids(database) == []


@pytest.mark.sqlite
def test_a_writer_holds_the_lock_from_its_beginning(database: Engine, database_path: Path) -> None:
    with transaction(database) as session:
        session.connection()
        other = sqlite3.connect(database_path, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.mark.sqlite
def test_writers_of_one_process_wait_for_their_turn_and_not_in_sqlite(database: Engine) -> None:
    database.dispose()
    event.listen(database, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 0").close())

    def write(id_: str) -> None:
        with transaction(database) as session:
            session.add(a_row(id_))
            session.flush()
            time.sleep(0.01)  # all others are at their beginning now

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, "abcdefgh"))
    assert ids(database) == [*"abcdefgh"]


@pytest.mark.sqlite
def test_a_reader_goes_on_beside_a_writer(database: Engine, database_path: Path) -> None:
    with transaction(database) as session:
        session.add(a_row())
        session.flush()
        other = sqlite3.connect(database_path, timeout=0)
        assert other.execute("SELECT count(*) FROM drafts").fetchone() == (0,)
        other.close()


def test_migrations_go_up_down_and_up_again(database: Engine) -> None:
    up = set(inspect(database).get_table_names())
    assert up == {*SQLModel.metadata.tables, "alembic_version"}
    migrate(database, "base")
    assert set(inspect(database).get_table_names()) == {"alembic_version"}
    migrate(database)
    assert set(inspect(database).get_table_names()) == up


def test_migrating_twice_changes_nothing(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_row())
    migrate(database)
    assert ids(database) == ["1"]


def test_the_migrations_make_the_tables_of_the_models(database: Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_reader_waits_for_nobody(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_row())
    with transaction(database) as writer, reading(database) as one, reading(database) as other:
        writer.add(a_row("2"))
        writer.flush()
        assert [one.get(DraftRow, "1") is not None, other.get(DraftRow, "2")] == [True, None]
