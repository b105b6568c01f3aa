"""The commands that keep the data true and write letters."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from portal.config import read
from tests.building import DATA


@pytest.fixture
def an_app(tmp_path: Path) -> Iterator[Flask]:
    """A portal over a copy of the data."""
    shutil.copytree(DATA, tmp_path / "data")
    config = read({"RIGHTFACE_INSTANCE": str(tmp_path), "RIGHTFACE_RENDERERS": "1"})
    app = create_app(replace(config, data=tmp_path / "data"))
    yield app
    app.extensions["rightface"].printer.close()
    app.extensions["rightface"].engine.dispose()


def test_complete_data_pass(an_app: Flask) -> None:
    result = an_app.test_cli_runner().invoke(args=["data", "check", "--quiet"])
    assert (result.exit_code, "missing" in result.output) == (0, False)


def test_all_that_is_missing_is_listed_and_fails(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    for file, line in (
        ("jurisdictions/hu.toml", 'fr = "Hongrie"\n'),
        ("languages/de.toml", 'email = "E-Mail"\n'),
        ("released.txt", "jurisdictions/hu\n"),
    ):
        path = tmp_path / "data" / file
        text = path.read_text(encoding="utf-8")
        assert line in text
        path.write_text(text.replace(line, "", 1), encoding="utf-8")
    config = read({"RIGHTFACE_INSTANCE": str(tmp_path)})
    result = create_app(replace(config, data=tmp_path / "data")).test_cli_runner().invoke(args=["data", "check"])
    assert result.exit_code == 1
    for said in (
        "jurisdictions/hu.toml: key “name.fr” is missing",
        "languages/de.toml: key “fields.email” is missing",
        "released.txt: jurisdictions/hu is missing",
        "something is missing, 3 times",
    ):
        assert said in result.output


@pytest.mark.parametrize(("place", "covered"), [("PL", True), ("AT", False)])
def test_a_complaint_in_english_is_written_with_its_cover(
    an_app: Flask, tmp_path: Path, place: str, covered: bool
) -> None:
    sender, out = tmp_path / "me.toml", tmp_path / "complaint.pdf"
    sender.write_text(
        'full_name = "Ana Example"\naddress = "1 Sample Street"\nanswer = "not_asked"', encoding="utf-8"
    )
    args = ["letter", "--from", place, "--to", "clearview-ai", "--right", "complaint", "--sender", str(sender)]
    with an_app.app_context():
        result = an_app.test_cli_runner().invoke(args=[*args, "--out", str(out)])
    assert result.exit_code == 0
    assert out.read_bytes().startswith(b"%PDF")
    cover = tmp_path / "complaint.cover.pdf"
    assert cover.exists() is covered
    assert (f"{cover}: put it on top of the letter; it says in Polish" in result.output) is covered
    assert not covered or cover.read_bytes().startswith(b"%PDF")


GROUP = """
full_name = "Ana Example"
email = "ana@example.org"
address = "1 Sample Street"
answer = "not_asked"
role = "group"
writer_name = "Sample Rights Group"
writer_address = ["2 Sample Square", "1020 Sampletown"]
"""


@pytest.mark.parametrize(
    ("right", "declared", "said"),
    [
        ("complaint", "declared = true", ""),
        ("complaint", "", "where it is of a kind that the law admits, “declared = true”"),
        ("complaint", "declared = false", "where it is of a kind that the law admits, “declared = true”"),
        ("access", "declared = true", "the law has no mandate for this letter: a group writes it as an agent"),
    ],
)
def test_a_group_writes_what_the_law_has_a_mandate_for(
    an_app: Flask, tmp_path: Path, right: str, declared: str, said: str
) -> None:
    sender, out = tmp_path / "group.toml", tmp_path / "letter.txt"
    sender.write_text(GROUP + declared, encoding="utf-8")
    args = ["letter", "--from", "AT", "--to", "clearview-ai", "--right", right, "--sender", str(sender)]
    with an_app.app_context():
        result = an_app.test_cli_runner().invoke(args=[*args, "--format", "text", "--out", str(out)])
    assert result.exit_code == (1 if said else 0), result.output
    assert said in result.output
    assert out.exists() != bool(said)
    if not said:
        written = out.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
        assert written.startswith("Sample Rights Group\n2 Sample Square\n1020 Sampletown\n")
        assert "Art. 80 Abs. 1 DSGVO" in written


# Backups


def test_a_backup_is_written_and_put_back_by_command(an_app: Flask, tmp_path: Path) -> None:
    runner, file = an_app.test_cli_runner(), tmp_path / "backup.zip"

    def run(*command: str) -> tuple[int, str]:
        with an_app.app_context():
            result = runner.invoke(args=[*command])
        return result.exit_code, result.output.strip()

    tables = (
        "confirmations, filings, groups, jobs, record_versions, reports, statements, tallies, trail, accounts, "
        "campaigns, cases, feeds, record_cells, credentials, events, letters, messages, papers, shares, tasks, wraps"
    )
    held = ", ".join(f"0 {name}" for name in (*tables.split(", "), "files"))
    assert run("migrate") == (0, "")
    assert run("backup", str(file)) == (0, f"{file}: {held}")
    assert run("restore", str(file)) == (0, f"put back, but for what was erased: {held}")
    file.write_bytes(b"no zip at all")
    assert run("restore", str(file)) == (1, f"Error: {file} is no backup, or it is torn")
