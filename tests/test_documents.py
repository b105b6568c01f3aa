"""The documents that are drawn from the program are those of the program as it is."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal import cli, documents
from portal.application import create_app
from portal.cases.inventory import Kept, kept
from portal.columns import Until
from portal.config import read
from tests.building import ROOT

NAMES = ["dpia.md", "records-of-processing.md"]


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(read({"RIGHTFACE_INSTANCE": str(tmp_path)}))


def written(app: Flask) -> dict[str, str]:
    with app.app_context():
        return dict(documents.written(app.jinja_env))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_up_to_date(app: Flask, name: str) -> None:
    """Run `flask --app wsgi docs write`."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == written(app)[name]


def test_these_are_all_documents(app: Flask) -> None:
    assert sorted(written(app)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_new_column_makes_a_document_out_of_date(app: Flask, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = written(app)[name]
    first, *others = kept()
    column = Kept("shoe_size", "to know how large their shoes are", Until.CASE, sealed=False)
    changed = replace(first, columns=(*first.columns, column))
    monkeypatch.setattr(documents, "kept", lambda: (changed, *others))
    assert written(app)[name] != before


def test_the_records_hold_each_column_with_purpose_and_period(app: Flask) -> None:
    records = written(app)["records-of-processing.md"].splitlines()
    for table in kept():
        for one in table.columns:
            how = "sealed" if one.sealed else "clear"
            assert f"| `{one.name}` | {one.purpose} | {how} | {one.until} |" in records


@pytest.mark.parametrize("name", NAMES)
def test_every_place_in_the_code_that_a_document_names_is_there(app: Flask, name: str) -> None:
    named = [word for word in written(app)[name].split("`") if word.startswith(("portal/", "templates/", "static/"))]
    assert named
    assert not [word for word in named if not (ROOT / word).exists()]


def test_the_commands_write_and_check(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_DOCS", tmp_path)
    run = app.test_cli_runner().invoke
    assert run(args=["docs", "check"]).exit_code == 1
    assert run(args=["docs", "write"]).exit_code == 0
    assert run(args=["docs", "check"]).exit_code == 0
    (tmp_path / "dpia.md").write_text("old", encoding="utf-8")
    answer = run(args=["docs", "check"])
    assert (answer.exit_code, "docs/dpia.md is out of date" in answer.output) == (1, True)
