"""The ledger of what was erased: it holds what was written, whoever writes beside it, and tells nobody what."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from portal.cases.ledger import Ledger
from portal.columns import new_id

PROCESSES, WRITES, MANY = 4, 25, 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "erased"


def test_it_holds_what_was_written_by_table_and_id(path: Path) -> None:
    id_ = new_id()
    Ledger(path).write("cases", [id_])
    assert Ledger(path).holds("cases", id_)
    assert not Ledger(path).holds("papers", id_)
    assert not Ledger(path).holds("cases", new_id())


def test_one_that_is_not_there_yet_holds_nothing(path: Path) -> None:
    ledger = Ledger(path)
    assert not ledger.holds("cases", new_id())
    ledger.write("cases", [])
    assert not path.exists()


def test_what_another_writes_is_held_at_once(path: Path) -> None:
    mine, id_ = Ledger(path), new_id()
    mine.write("cases", [new_id()])
    assert not mine.holds("cases", id_)
    Ledger(path).write("cases", [id_])
    assert mine.holds("cases", id_)


def test_it_tells_nothing(path: Path) -> None:
    ids = [new_id() for _ in range(3)]
    Ledger(path).write("cases", ids)
    text = path.read_text()
    assert not any(part in text for part in (*ids, "cases"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {len(line) for line in text.split()} == {64}


@pytest.mark.parametrize("torn", [b"\n0123abc", b"\n" + b"a" * 63, b"\xff\xfe"])
def test_a_torn_last_line_spoils_no_other(path: Path, torn: bytes) -> None:
    before, after = new_id(), new_id()
    Ledger(path).write("cases", [before])
    with path.open("ab") as file:
        file.write(torn)
    ledger = Ledger(path)
    assert ledger.holds("cases", before)
    ledger.write("cases", [after])
    assert ledger.holds("cases", before)
    assert ledger.holds("cases", after)
    assert len(ledger.entries()) == 2


def test_it_is_on_the_disk_when_write_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda opened: synced.append(os.fstat(opened).st_size))
    Ledger(path).write("cases", [new_id(), new_id()])
    assert synced[0] == path.stat().st_size


def test_a_disk_that_is_full_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda _opened, text: len(text) - 1)
    with pytest.raises(OSError, match="is the disk full"):
        Ledger(path).write("cases", [new_id()])


def _write(path: Path, n: int) -> None:
    for m in range(WRITES):
        Ledger(path).write("cases", [f"{n}-{m}-{k}" for k in range(MANY)])


def test_several_processes_write_at_once_and_nothing_is_lost(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, n)) for n in range(PROCESSES)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    ledger = Ledger(path)
    assert len(ledger.entries()) == PROCESSES * WRITES * MANY
    assert all(ledger.holds("cases", f"{n}-{m}-{MANY - 1}") for n in range(PROCESSES) for m in range(WRITES))


def test_what_another_ledger_holds_can_be_added(path: Path, tmp_path: Path) -> None:
    other, id_ = Ledger(tmp_path / "other"), new_id()
    other.write("cases", [id_])
    Ledger(path).add([*other.entries(), "no hash"])
    assert Ledger(path).entries() == other.entries()
