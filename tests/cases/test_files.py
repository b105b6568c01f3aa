"""Sealed files: whole or not there, named by ids alone, readable by their owner alone."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.cases.files import Files, NoId
from portal.columns import new_id

#: Nobody keeps a file later than this.
LATER = datetime(2100, 1, 1, tzinfo=UTC)
NOT_IDS = ["", "a", "../" + "a" * 29, "A" * 32, "g" * 32, "a" * 33, "a" * 32 + "\n", "torn-" + "a" * 27]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


def test_what_is_kept_is_read_and_what_is_dropped_is_gone(files: Files) -> None:
    one, other = new_id(), new_id()
    files.keep(one, b"one")
    files.keep(other, b"other")
    files.keep(one, b"anew")
    assert (files.read(one), files.read(other), files.ids()) == (b"anew", b"other", {one, other})
    files.drop(one)
    files.drop(one)
    assert files.ids() == {other}
    with pytest.raises(FileNotFoundError):
        files.read(one)


def test_a_folder_that_is_not_there_yet_is_empty(files: Files) -> None:
    files.drop(new_id())
    assert files.ids() == set()


@pytest.mark.parametrize("name", NOT_IDS)
def test_nothing_but_an_id_names_a_file(files: Files, name: str) -> None:
    for use in (lambda: files.keep(name, b""), lambda: files.read(name), lambda: files.drop(name)):
        with pytest.raises(NoId):
            use()


def test_nobody_else_on_the_machine_reads_them(files: Files, tmp_path: Path) -> None:
    id_ = new_id()
    files.keep(id_, b"sealed")
    assert stat.S_IMODE((tmp_path / "files" / id_).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700


def test_it_is_on_the_disk_before_it_has_its_name_and_the_name_before_it_is_said(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.keep(new_id(), b"so that the folder is there")
    happened: list[str] = []
    sync, rename = os.fsync, Path.replace

    def synced(opened: int) -> None:
        happened.append("folder" if stat.S_ISDIR(os.fstat(opened).st_mode) else "file")
        sync(opened)

    def renamed(path: Path, to: Path) -> Path:
        happened.append("rename")
        return rename(path, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    files.keep(new_id(), b"sealed")
    assert happened == ["file", "rename", "folder"]


def test_what_breaks_half_way_leaves_nothing(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_opened: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        files.keep(new_id(), b"sealed")
    assert list((tmp_path / "files").iterdir()) == []


def test_what_a_stopped_machine_left_is_no_file_and_is_taken_away(files: Files, tmp_path: Path) -> None:
    files.keep(new_id(), b"sealed")
    torn = tmp_path / "files" / "torn-abc"
    torn.write_bytes(b"half")
    assert len(files.ids()) == 1
    files.drop_torn(datetime.now(UTC) - timedelta(hours=1))
    assert torn.exists()  # somebody may be writing it
    files.drop_torn(LATER)
    assert not torn.exists()
    assert len(files.ids()) == 1


def test_files_are_told_apart_by_when_they_were_kept(files: Files, tmp_path: Path) -> None:
    old, new = new_id(), new_id()
    for id_ in (old, new):
        files.keep(id_, b"sealed")
    os.utime(tmp_path / "files" / old, (0, 0))
    assert files.ids(datetime.now(UTC) - timedelta(hours=1)) == {old}
    assert files.ids(LATER) == {old, new}
