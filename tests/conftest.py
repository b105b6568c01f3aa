"""What every test may ask for."""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from shutil import copyfile
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from portal import application
from portal.accounts import keys
from portal.database import engine, migrate
from portal.law import files
from portal.law.catalogue import Catalogue
from portal.law.files import load
from portal.letters.compose import Templates
from tests import postgres
from tests.building import DATA, the_catalogue, the_templates

AUrl = Callable[[Path], str]

#: Nothing is timed in tests: a busy machine breaks no promise.
settings.register_profile("quiet", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quiet")
#: For `make proof`.
settings.register_profile("proof", settings.get_profile("quiet"), max_examples=5_000)


@pytest.fixture(scope="session", autouse=True)
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is the same for all portals is made once a process: nothing changes it under the tests.

    That is the law as it lies in the project, what is read of a file with the same words, a page's template, what
    writes the address of a rule, and the key that is stretched from the same passphrase and salt.
    """
    templates = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    parser = SimpleNamespace(loads=cache(tomllib.loads), TOMLDecodeError=tomllib.TOMLDecodeError)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": templates})
        patch.setattr(files, "tomllib", parser)
        patch.setattr(keys, "_stretched", cache(keys._stretched))
        patch.setattr(Rule, "_compile_builder", _written_once(Rule._compile_builder))
        patch.setattr(application, "load", lambda folder: the_catalogue() if folder == DATA else load(folder))
        yield


def _written_once(write: Callable[[Rule, bool], Any]) -> Callable[[Rule, bool], Any]:
    """What is made of a rule, which hangs on its path and its defaults alone."""
    made: dict[tuple[Any, ...], Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = rule.rule, (*rule._trace,), (*sorted((rule.defaults or {}).items()),), append_unknown
        if key not in made:
            made[key] = write(rule, append_unknown)
        return made[key]

    return once


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return the_catalogue()


@pytest.fixture(scope="session")
def templates() -> Templates:
    return the_templates()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is of SQLite alone is not asked of PostgreSQL."""
    if postgres.WANTED:
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="of SQLite alone"))


def made_empty(database_url: str) -> None:
    """A portal's database, with its tables and nobody in it."""
    made = engine(database_url)
    migrate(made)
    made.dispose()


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Puts a database with all its tables where a file is to be: they are made once a process, and copied.

    Nothing where there is a file, or the tests have a server: then `migrate` makes them.
    """
    whole = tmp_path_factory.mktemp("tables") / "whole.sqlite"
    made_empty(f"sqlite:///{whole}")

    def put(path: Path) -> None:
        if not postgres.WANTED and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            copyfile(whole, path)

    return put


@pytest.fixture(scope="session")
def a_database_url(tables: Callable[[Path], None]) -> Iterator[AUrl]:
    """Makes the address of a new database: of the file, or on a PostgreSQL server of the tests' own."""
    if not postgres.WANTED:

        def url(path: Path) -> str:
            tables(path)
            return f"sqlite:///{path}"

        yield url
        return
    with postgres.server() as url:
        yield lambda _path: postgres.fresh(url)


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    return tmp_path / "test.sqlite"


@pytest.fixture
def database(database_path: Path, a_database_url: AUrl) -> Iterator[Engine]:
    """A migrated database of its own."""
    made = engine(a_database_url(database_path))
    migrate(made)
    yield made
    made.dispose()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say where a case that nobody has confirmed came out otherwise; that fails no build."""
    differing = list(_differing(terminalreporter))
    if differing:
        terminalreporter.section("cases to check that came out otherwise")
    for line in differing:
        terminalreporter.line(line)


def _differing(terminalreporter: Any) -> Iterator[str]:
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties:
            if name == "differs" and report.when == "call":
                yield f"{report.nodeid}: {value}"
