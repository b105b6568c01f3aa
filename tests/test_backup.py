"""Backups: whole, sealed, consistent while others write; what was erased does not come back with them."""

import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from portal import backup, jobs
from portal.backup import BadBackup, back_up, put_back
from portal.cases import drafts, forgetting, opening, statements
from portal.cases.drafts import Draft
from portal.cases.files import Files
from portal.cases.forgetting import Eraser
from portal.cases.ledger import Ledger
from portal.cases.models import CaseRow, PaperRow
from portal.cases.statements import Fault
from portal.database import engine, migrate, transaction
from portal.vault import new_key
from tests.cases.test_forgetting import LOOKUP, NOW, ONE_CASE, TODAY, a_filing, counts, ids

TWO_CASES = {name: 2 * n for name, n in ONE_CASE.items()}


class Portal:
    """A database, files and a ledger, as one machine has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = engine(f"sqlite:///{folder / 'test.sqlite'}")
        self.eraser = Eraser(partial(transaction, self.engine), Files(folder / "files"), Ledger(folder / "erased"))

    def back_up(self, path: Path) -> backup.Backup:
        return back_up(self.engine, self.eraser, LOOKUP, path)

    def put_back(self, path: Path, replace: bool = False, lookup_key: bytes = LOOKUP) -> backup.Backup:
        return put_back(self.engine, self.eraser, lookup_key, path, replace)

    def rows(self) -> dict[str, list[object]]:
        with transaction(self.engine) as session:
            return {one.name: sorted(session.execute(one.select()).all()) for one in backup.lasting()}

    def content(self) -> tuple[object, ...]:
        """All that a backup could change."""
        files = {id_: self.eraser.files.read(id_) for id_ in self.eraser.files.ids()}
        return self.rows(), files, self.eraser.ledger.entries()


Start = Callable[[str], Portal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Makes machines by name; each has its tables and nothing in them."""
    made: list[Engine] = []

    def make(name: str) -> Portal:
        (tmp_path / name).mkdir()
        portal = Portal(tmp_path / name)
        migrate(portal.engine)
        made.append(portal.engine)
        return portal

    yield make
    for one in made:
        one.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


# There and back


def test_what_is_backed_up_comes_back_on_another_machine(start: Start, file: Path) -> None:
    here, there = start("here"), start("there")
    key = a_filing(here.eraser, "clearview-ai", "pimeyes")
    a_filing(here.eraser)
    made = here.back_up(file)
    assert there.put_back(file) == made
    assert there.content() == here.content()
    assert (made.rows["cases"], made.files, made.lost) == (3, 3, 0)
    with there.eraser.transaction() as session:
        assert opening.enter(session, key, LOOKUP, NOW, TODAY)


def test_a_backup_is_for_its_owner_alone_and_nothing_else_is_left_beside_it(start: Start, tmp_path: Path) -> None:
    here, folder = start("here"), tmp_path / "backups"
    folder.mkdir()
    for _ in range(2):
        here.back_up(folder / "backup.zip")
    assert stat.S_IMODE((folder / "backup.zip").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["backup.zip"]


def test_one_that_breaks_half_way_does_not_appear_and_spares_the_one_before(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, folder = start("here"), tmp_path / "backups"
    folder.mkdir()
    (folder / "backup.zip").write_bytes(b"the one before")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(backup._Writing, "sign", full)
    with pytest.raises(OSError, match="no space"):
        here.back_up(folder / "backup.zip")
    assert [path.read_bytes() for path in folder.iterdir()] == [b"the one before"]


def test_what_lives_for_hours_and_the_keys_are_in_no_backup(start: Start, file: Path) -> None:
    here = start("here")
    key = a_filing(here.eraser)
    with here.eraser.transaction() as session:
        drafts.keep(session, new_key(), Draft("at", "clearview-ai", "access", "eu-gdpr"), NOW)
        opening.enter(session, key, LOOKUP, NOW, TODAY)
    here.back_up(file)
    with zipfile.ZipFile(file) as archive:
        names, whole = archive.namelist(), b"".join(map(archive.read, archive.namelist()))
    assert not any("drafts" in name or "sessions" in name for name in names)
    assert key.encode() not in whole
    assert LOOKUP not in whole


def test_every_table_that_lasts_is_in_it(start: Start, file: Path) -> None:
    here = start("here")
    a_filing(here.eraser)
    rows = {name: n for name, n in here.back_up(file).rows.items() if n}
    assert rows == {name: n for name, n in ONE_CASE.items() if name != "files"}
    short = {table.name for table in SQLModel.metadata.sorted_tables} - {table.name for table in backup.lasting()}
    of_staff = {"staff_sessions", "group_openings", "logout_messages", "invitations", "challenges"}
    assert short == {"drafts", "case_sessions", "limits", "limit_keys", "sights", "imports", *of_staff}


def test_what_is_still_to_be_done_is_put_back_though_a_worker_ran_before(start: Start, file: Path) -> None:
    here, there = start("here"), start("there")
    a_filing(here.eraser)
    with here.eraser.transaction() as session:
        jobs.put(session, "test", "of a case", NOW)
    with there.eraser.transaction() as session:
        jobs.put(session, "forget", "of the new machine", NOW)
    here.back_up(file)
    there.put_back(file)
    assert there.rows() == here.rows()


def test_a_paper_without_its_file_is_told(start: Start, file: Path) -> None:
    here = start("here")
    a_filing(here.eraser, "clearview-ai", "pimeyes")
    here.eraser.files.drop(ids(here.eraser, PaperRow)[0])
    made = here.back_up(file)
    assert (made.files, made.lost) == (1, 1)


# While others write


def test_a_backup_while_others_file_and_erase_is_consistent(start: Start, file: Path) -> None:
    here, there, stop = start("here"), start("there"), Event()
    broken: list[Exception] = []

    def write(to_erase: list[str]) -> None:
        try:
            while not stop.is_set():
                a_filing(here.eraser, "clearview-ai", "pimeyes")
                if to_erase:
                    here.eraser.carry_out(partial(forgetting.erase_case, id_=to_erase.pop()))
        except Exception as error:
            broken.append(error)

    for _ in range(30):
        a_filing(here.eraser)
    writers = [Thread(target=write, args=(ids(here.eraser, CaseRow)[n::3],)) for n in range(3)]
    for writer in writers:
        writer.start()
    made = [here.back_up(file) for _ in range(5)]
    stop.set()
    for writer in writers:
        writer.join()
    assert broken == []
    assert len({one.rows["cases"] for one in made}) > 1  # they did write
    there.put_back(file)
    found = counts(there.eraser)
    assert {found[name] for name in ("cases", "wraps", "letters", "events")} == {found["cases"]}
    assert there.eraser.files.ids() == {*ids(there.eraser, PaperRow)}
    assert made[-1].lost == 0


def test_what_is_erased_while_the_backup_is_written_does_not_come_back(
    start: Start, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = start("here"), start("there")
    a_filing(here.eraser, "clearview-ai", "pimeyes")
    gone, stays = ids(here.eraser, CaseRow)
    add_file = backup._Writing.add_file

    def meanwhile(self: backup._Writing, files: Files, id_: str) -> bool:
        here.eraser.carry_out(partial(forgetting.erase_case, id_=gone))
        return add_file(self, files, id_)

    monkeypatch.setattr(backup._Writing, "add_file", meanwhile)
    made = here.back_up(file)
    assert (made.rows["cases"], made.files, made.lost) == (2, 1, 0)
    there.put_back(file)
    assert ids(there.eraser, CaseRow) == [stays]
    assert counts(there.eraser) == ONE_CASE


# What was erased since


def test_a_backup_from_before_an_erasure_does_not_bring_it_back(start: Start, file: Path) -> None:
    here = start("here")
    a_filing(here.eraser, "clearview-ai", "pimeyes")
    a_filing(here.eraser)
    gone, *stay = ids(here.eraser, CaseRow)
    here.back_up(file)
    here.eraser.carry_out(partial(forgetting.erase_case, id_=gone))
    after = here.content()
    here.put_back(file, replace=True)
    assert here.content() == after
    assert sorted(ids(here.eraser, CaseRow)) == sorted(stay)


def test_a_backup_does_not_bring_back_what_an_organisation_said_and_staff_took_down(start: Start, file: Path) -> None:
    here = start("here")
    say = partial(statements.accept, said_on=TODAY)
    with transaction(here.engine) as session:
        for text in ("We answer.", "Petra wrote us lies."):
            say(session, {"organisation": "pimeyes", "language": "en", "text": text})
    here.back_up(file)
    take_down = partial(forgetting.take_down, organisation="pimeyes", n=2, fault=Fault.NAMES_SOMEBODY, today=TODAY)
    here.eraser.carry_out(take_down)
    here.put_back(file, replace=True)
    with transaction(here.engine) as session:
        assert [one.text for one in statements.of(session, "pimeyes")] == ["We answer."]
        say(session, {"organisation": "pimeyes", "language": "en", "text": "We still answer."})
    here.eraser.replay(NOW)
    with transaction(here.engine) as session:
        assert [one.text for one in statements.of(session, "pimeyes")] == ["We still answer.", "We answer."]


def test_the_ledgers_of_both_count(start: Start, file: Path) -> None:
    here, there = start("here"), start("there")
    a_filing(here.eraser, "clearview-ai", "pimeyes")
    first, second = ids(here.eraser, CaseRow)
    here.back_up(file)
    here.eraser.ledger.write("cases", [first])
    other = file.with_name("other.zip")
    here.back_up(other)
    there.eraser.ledger.write("cases", [second])
    there.put_back(other)
    assert counts(there.eraser) == {}
    assert there.eraser.ledger.holds("cases", first)


def test_what_was_there_goes_where_a_backup_takes_its_place(start: Start, file: Path) -> None:
    here, there = start("here"), start("there")
    a_filing(here.eraser)
    here.back_up(file)
    a_filing(there.eraser, "clearview-ai", "pimeyes")
    there.put_back(file, replace=True)
    assert there.content() == here.content()


# What cannot be put back


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Change the members of a zip and write it anew."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flipped(path: Path) -> None:
    """One bit, in the middle of what is sealed."""
    whole = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("rows/letters.jsonl")
    whole[info.header_offset + 80 + info.compress_size // 2] ^= 1
    path.write_bytes(whole)


def _foreign(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("holiday.jpg", b"a beach")


def _text(path: Path) -> None:
    path.write_text("no zip at all")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _row_altered(path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["rows/cases.jsonl"] = members["rows/cases.jsonl"].replace(b"clearview-ai", b"pimeyes")

    rewritten(path, change)


def _manifest_altered(path: Path) -> None:
    rewritten(path, lambda members: members.update({"manifest.json": members["manifest.json"] + b" "}))


def _ledger_left_out(path: Path) -> None:
    rewritten(path, lambda members: members.pop("ledger") and None)


def _more(path: Path) -> None:
    rewritten(path, lambda members: members.update({"files/" + "0" * 32: b"more"}))


def _signed(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    """As somebody could make it who has the lookup key."""

    def sign(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        change(manifest)
        members["manifest.json"] = json.dumps(manifest).encode()
        members["signature"] = backup._signature(members["manifest.json"], LOOKUP).encode()

    rewritten(path, sign)


def _of_another_version(path: Path) -> None:
    _signed(path, lambda manifest: manifest.update(revision="0001"))


def _with_rows_that_hang_on_nothing(path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["rows/filings.jsonl"] = b""

    rewritten(path, change)
    empty = backup.sha256(b"").hexdigest()
    _signed(path, lambda manifest: manifest["members"].update({"rows/filings.jsonl": empty}))  # type: ignore[attr-defined]


BAD = [
    (_torn, "is no backup, or it is torn"),
    (_flipped, "torn|damaged"),
    (_foreign, "is no backup"),
    (_text, "is no backup"),
    (_empty, "is no backup"),
    (_row_altered, "is damaged at “rows/cases.jsonl”"),
    (_manifest_altered, "another lookup-key, or somebody altered it"),
    (_ledger_left_out, "lacks something"),
    (_more, "holds more"),
    (_of_another_version, "is of version 0001"),
    (_with_rows_that_hang_on_nothing, "does not take"),
]


@pytest.mark.parametrize("replace", [False, True], ids=["empty", "replace"])
@pytest.mark.parametrize(("spoil", "said"), BAD, ids=[spoil.__name__ for spoil, _ in BAD])
def test_what_is_no_whole_backup_of_ours_changes_nothing(
    start: Start, file: Path, spoil: Callable[[Path], None], said: str, replace: bool
) -> None:
    here, there = start("here"), start("there")
    a_filing(here.eraser)
    here.back_up(file)
    if replace:
        a_filing(there.eraser)
    before = there.content()
    spoil(file)
    with pytest.raises(BadBackup, match=said):
        there.put_back(file, replace)
    assert there.content() == before


def test_another_lookup_key_is_told_as_no_case_could_be_found_with_it(start: Start, file: Path) -> None:
    here, there = start("here"), start("there")
    here.back_up(file)
    with pytest.raises(BadBackup, match="another lookup-key"):
        there.put_back(file, lookup_key=b"another lookup key")


def test_what_is_there_is_not_lost_by_mistake(start: Start, file: Path) -> None:
    here = start("here")
    a_filing(here.eraser)
    here.back_up(file)
    before = here.content()
    with pytest.raises(BadBackup, match="is not empty"):
        here.put_back(file)
    assert here.content() == before


def test_a_database_without_tables_is_told(start: Start, file: Path, tmp_path: Path) -> None:
    start("here").back_up(file)
    (tmp_path / "bare").mkdir()
    bare = Portal(tmp_path / "bare")
    with pytest.raises(BadBackup, match="flask --app wsgi migrate"):
        bare.put_back(file)
    bare.engine.dispose()
