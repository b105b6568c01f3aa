"""The database: an engine, its pragmas, and transactions."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session, create_engine

#: The option of a connection that says how its transactions begin, where it is SQLite.
_MODE = "sqlite_begin"
_WRITING = RLock()
_MIGRATIONS = Path(__file__).parent / "migrations"

#: Durable before acknowledged, nothing readable left behind, readers beside a writer.
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": "on",
    "secure_delete": "on",
    "busy_timeout": "10000",
    "temp_store": "memory",
}
#: How many milliseconds whoever erases waits for those who read.
_LOG_WAIT = 200


def engine(url: str) -> Engine:
    """An engine whose every connection carries the pragmas, where it is SQLite."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    made = create_engine(url)
    event.listen(made, "connect", _set_pragmas)
    event.listen(made, "begin", _begin)
    return made


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin when we say so: see _begin
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}").close()


def _begin(connection: Any) -> None:
    """A writer waits at its beginning, not at its end, where waiting fails; a reader waits for nobody."""
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(_MODE, 'IMMEDIATE')}")


@contextmanager
def reading(made: Engine) -> Iterator[Session]:
    """A session that only reads, beside whoever writes."""
    with Session(made.execution_options(**{_MODE: "DEFERRED"}), expire_on_commit=False) as session:
        yield session


@contextmanager
def snapshot(made: Engine) -> Iterator[Session]:
    """A session that reads everything as of one moment, whoever writes."""
    options = {_MODE: "DEFERRED"} if made.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with Session(made.execution_options(**options), expire_on_commit=False) as session:
        yield session


@contextmanager
def transaction(made: Engine) -> Iterator[Session]:
    """A session that commits where the block ends well, and undoes all where it does not."""
    with _turn(made), Session(made, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def erasing(made: Engine) -> Iterator[Session]:
    """A transaction after which what it deleted is in none of the database's files."""
    with transaction(made) as session:
        yield session
    if made.dialect.name == "sqlite":
        _empty_log(made)


def _empty_log(made: Engine) -> None:
    """SQLite's log holds pages as they were. Where somebody reads just now, the next one to erase empties it."""
    with _turn(made), closing(made.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {_LOG_WAIT}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout = {PRAGMAS['busy_timeout']}")


def _turn(made: Engine) -> AbstractContextManager[object]:
    """Writers of one process wait for each other here, where it is SQLite.

    It has one writer at a time, and who waits in it sleeps and looks again, ever more seldom: of eight who file at
    once one waits thirty times as long as the others.
    """
    return _WRITING if made.dialect.name == "sqlite" else nullcontext()


def revision(session: Session) -> str | None:
    """The version of the tables; None where there are none."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def migrate(made: Engine, to: str = "head") -> None:
    """Bring the tables to a version."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with made.connect() as connection:
        config.attributes["connection"] = connection
        if to == "base":
            command.downgrade(config, to)
        else:
            command.upgrade(config, to)
        connection.commit()
