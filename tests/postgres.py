"""A PostgreSQL server of the tests' own, where they are asked to run on one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

#: `RIGHTFACE_TEST_DATABASE=postgresql` runs the tests of the database on PostgreSQL; without it they run on SQLite.
WANTED = os.environ.get("RIGHTFACE_TEST_DATABASE") == "postgresql"
#: It refuses to run as root.
_AS = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
_NUMBERS = count(1)


def programs() -> Path:
    """Where the server's programs are: the newest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise LookupError("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


@contextmanager
def server() -> Iterator[str]:
    """A server in a folder of its own, reached by a socket alone; the URL of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="rightface-postgres-"))
    if _AS:
        shutil.chown(folder, "postgres")
    data, log = folder / "data", folder / "log"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200"
    try:
        _run("initdb", "--pgdata", data, "--auth", "trust", "--username", "rightface", "--no-sync", "-E", "UTF8")
        _run("pg_ctl", "--pgdata", data, "--log", log, "--options", options, "--wait", "start")
        try:
            yield f"postgresql+psycopg://rightface@/postgres?host={folder}"
        finally:
            _run("pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def fresh(url: str) -> str:
    """A new, empty database of a server."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.replace("/postgres?", f"/{name}?")


def _run(program: str, *arguments: str | Path) -> None:
    command = [*_AS, str(programs() / program), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, cwd="/")
