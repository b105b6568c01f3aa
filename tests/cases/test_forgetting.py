"""Forgetting: nothing that was erased is left, or comes back, wherever the machine stops."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from portal.cases import drafts, filing, forgetting, opening
from portal.cases.case_key import CaseKey, new_case_key
from portal.cases.drafts import Draft
from portal.cases.files import Files
from portal.cases.filing import ToFile, prepared
from portal.cases.forgetting import Erased, Eraser
from portal.cases.ledger import Ledger
from portal.cases.models import CaseRow, FilingRow, PaperRow
from portal.columns import new_id
from portal.database import transaction
from portal.letters.kept import Made
from portal.vault import new_key
from tests.building import a_letter, a_situation

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
LATER = TODAY + timedelta(days=455)
LOOKUP = b"a lookup key of the portal's own"
#: What the clock of the machine that runs the tests never reaches.
MUCH_LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def eraser(database: Engine, tmp_path: Path) -> Eraser:
    return Eraser(partial(transaction, database), Files(tmp_path / "files"), Ledger(tmp_path / "erased"))


def a_filing(eraser: Eraser, *organisations: str, forget_on: date = LATER, with_papers: bool = True) -> CaseKey:
    """A filing with a paper in each of its cases."""
    key = new_case_key()
    letters = [
        ToFile(
            Draft("at", organisation, "access", "eu-gdpr", details={"full_name": "Ana Example"}),
            Made(a_letter(a_situation("at", organisation))),
            forget_on,
        )
        for organisation in organisations or ("clearview-ai",)
    ]
    made = prepared(key, LOOKUP, letters, TODAY, "v1")
    with eraser.transaction() as session:
        filing.keep(session, made)
    for row in made.rows:
        if with_papers and isinstance(row, CaseRow):
            a_paper(eraser, row.id)
    return key


def a_paper(eraser: Eraser, case_id: str, forget_on: date | None = None) -> str:
    id_ = new_id()
    eraser.files.keep(id_, b"sealed")
    with eraser.transaction() as session:
        session.add(
            PaperRow(id=id_, case_id=case_id, kind="answer", added_on=TODAY, forget_on=forget_on, sealed=b"sealed")
        )
    return id_


def ids(eraser: Eraser, table: type[FilingRow | CaseRow | PaperRow]) -> list[str]:
    with eraser.transaction() as session:
        return list(session.exec(select(table.id)).all())


def counts(eraser: Eraser) -> dict[str, int]:
    """How many rows each table has that is not empty, and how many files there are."""
    with eraser.transaction() as session:
        tables = SQLModel.metadata.sorted_tables
        found = {table.name: len(session.execute(table.select()).all()) for table in tables}
    found["files"] = len(eraser.files.ids())
    return {name: n for name, n in found.items() if n}


ONE_CASE = {"filings": 1, "cases": 1, "wraps": 1, "letters": 1, "events": 1, "papers": 1, "files": 1}


# On request


def test_a_case_goes_with_all_that_belongs_to_it_and_no_other_does(eraser: Eraser) -> None:
    a_filing(eraser, "clearview-ai", "pimeyes")
    gone, stays = ids(eraser, CaseRow)
    eraser.carry_out(partial(forgetting.erase_case, id_=gone))
    assert counts(eraser) == ONE_CASE
    assert ids(eraser, CaseRow) == [stays]
    assert eraser.files.ids() == {*ids(eraser, PaperRow)}


def test_with_its_last_case_a_filing_goes(eraser: Eraser) -> None:
    key = a_filing(eraser)
    with eraser.transaction() as session:
        assert opening.enter(session, key, LOOKUP, NOW, TODAY)
    erased = eraser.carry_out(partial(forgetting.erase_case, id_=ids(eraser, CaseRow)[0]))
    assert counts(eraser) == {}
    assert [len(gone) for gone in erased.rows.values()] == [1, 1, 1, 0, 0, 0]


def test_all_that_was_filed_together_goes_and_nothing_of_others(eraser: Eraser) -> None:
    a_filing(eraser, "clearview-ai", "pimeyes")
    [mine] = ids(eraser, FilingRow)
    a_filing(eraser)
    eraser.carry_out(partial(forgetting.erase_filing, id_=mine))
    assert counts(eraser) == ONE_CASE


def test_a_paper_goes_alone(eraser: Eraser) -> None:
    a_filing(eraser)
    [paper] = ids(eraser, PaperRow)
    eraser.carry_out(partial(forgetting.erase_paper, id_=paper))
    assert counts(eraser) == {name: n for name, n in ONE_CASE.items() if name not in ("papers", "files")}


def test_the_ledger_holds_each_that_was_erased(eraser: Eraser) -> None:
    a_filing(eraser, "clearview-ai", "pimeyes")
    [mine] = ids(eraser, FilingRow)
    erased = eraser.carry_out(partial(forgetting.erase_filing, id_=mine))
    held = [eraser.ledger.holds(table, id_) for table, gone in erased.rows.items() for id_ in gone]
    assert held == [True] * 5


# In time


@pytest.mark.parametrize(("late", "left"), [(-1, True), (0, False), (1, False)])
def test_a_case_is_forgotten_on_its_day(eraser: Eraser, late: int, left: bool) -> None:
    a_filing(eraser)
    now = datetime.combine(LATER + timedelta(days=late), datetime.min.time(), UTC)
    eraser.carry_out(partial(forgetting.purge, now=now))
    assert counts(eraser) == (ONE_CASE if left else {})


def test_the_copy_of_an_identity_document_is_forgotten_before_its_case(eraser: Eraser) -> None:
    a_filing(eraser)
    [case], [answer] = ids(eraser, CaseRow), ids(eraser, PaperRow)
    copy = a_paper(eraser, case, forget_on=TODAY + timedelta(days=30))
    eraser.carry_out(partial(forgetting.purge, now=NOW + timedelta(days=29)))
    assert eraser.files.ids() == {answer, copy}
    erased = eraser.carry_out(partial(forgetting.purge, now=NOW + timedelta(days=30)))
    assert erased == Erased(papers=frozenset({copy}))
    assert eraser.files.ids() == {answer}
    assert counts(eraser) == ONE_CASE


def test_of_a_filing_only_the_case_goes_whose_time_is_over(eraser: Eraser) -> None:
    a_filing(eraser, "clearview-ai", "pimeyes")
    with eraser.transaction() as session:
        session.exec(select(CaseRow).where(CaseRow.organisation == "pimeyes")).one().forget_on = TODAY
    eraser.carry_out(partial(forgetting.purge, now=NOW))
    assert counts(eraser) == ONE_CASE


def test_drafts_and_what_browsers_have_open_go_and_are_counted(eraser: Eraser) -> None:
    key = a_filing(eraser)
    with eraser.transaction() as session:
        drafts.keep(session, new_key(), Draft("at", "clearview-ai", "access", "eu-gdpr"), NOW)
        opening.enter(session, key, LOOKUP, NOW, TODAY)
    erased = eraser.carry_out(partial(forgetting.purge, now=NOW + timedelta(hours=2)))
    assert erased == Erased(drafts=1, case_sessions=1)
    assert counts(eraser) == ONE_CASE


def test_more_than_fit_into_a_statement_are_forgotten_at_once(
    eraser: Eraser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "_MANY", 2)
    for _ in range(3):
        a_filing(eraser, "clearview-ai", "pimeyes")
    a_filing(eraser, forget_on=LATER + timedelta(days=1))
    erased = eraser.carry_out(partial(forgetting.purge, now=datetime.combine(LATER, datetime.min.time(), UTC)))
    assert [len(gone) for gone in erased.rows.values()] == [3, 6, 6, 0, 0, 0]
    assert counts(eraser) == ONE_CASE


# The order, and where the machine stops


class Stopped(Exception):
    """The machine stopped here."""


class Stopping:
    """A ledger, a transaction and files of which one stops the machine."""

    def __init__(self, eraser: Eraser, where: str) -> None:
        self.happened: list[str] = []
        self._eraser, self._where = eraser, where

    def _reach(self, where: str) -> None:
        if where == self._where:
            raise Stopped
        self.happened.append(where)

    def write(self, table: str, ids: frozenset[str]) -> None:
        self._eraser.ledger.write(table, ids)
        if table == "papers":
            self._reach("ledger")

    def drop(self, id_: str) -> None:
        self._reach("files")
        self._eraser.files.drop(id_)

    def transaction(self) -> AbstractContextManager[Session]:
        return _Committing(self._eraser.transaction(), partial(self._reach, "database"))


class _Committing(AbstractContextManager[Session]):
    def __init__(self, inner: AbstractContextManager[Session], done: Callable[[], None]) -> None:
        self._inner, self._done = inner, done

    def __enter__(self) -> Session:
        return self._inner.__enter__()

    def __exit__(self, *error: object) -> None:
        self._inner.__exit__(*error)  # type: ignore[arg-type]
        if error[0] is None:
            self._done()


def test_first_the_ledger_then_the_database_then_the_files(eraser: Eraser) -> None:
    a_filing(eraser)
    watched = Stopping(eraser, "nowhere")
    Eraser(watched.transaction, watched, watched).carry_out(  # type: ignore[arg-type]
        partial(forgetting.erase_case, id_=ids(eraser, CaseRow)[0])
    )
    assert watched.happened == ["ledger", "database", "files"]


@pytest.mark.parametrize("where", ["ledger", "database", "files"])
def test_wherever_the_machine_stops_the_rest_is_done_when_it_starts(eraser: Eraser, where: str) -> None:
    a_filing(eraser, "clearview-ai", "pimeyes")
    gone, stays = ids(eraser, CaseRow)
    stopping = Stopping(eraser, where)
    with pytest.raises(Stopped):
        Eraser(stopping.transaction, stopping, stopping).carry_out(  # type: ignore[arg-type]
            partial(forgetting.erase_case, id_=gone)
        )
    assert counts(eraser) != ONE_CASE
    eraser.replay(NOW)
    assert counts(eraser) == ONE_CASE
    assert ids(eraser, CaseRow) == [stays]


def test_what_was_not_begun_is_not_erased(eraser: Eraser) -> None:
    a_filing(eraser, "clearview-ai", "pimeyes")

    def breaks(session: Session) -> Erased:
        forgetting.erase_case(session, ids_before[0])
        raise Stopped

    ids_before = ids(eraser, CaseRow)
    with pytest.raises(Stopped):
        eraser.carry_out(breaks)
    eraser.replay(NOW)
    assert ids(eraser, CaseRow) == ids_before


def test_a_file_that_no_row_knows_goes_once_nobody_can_be_about_to_add_the_row(eraser: Eraser) -> None:
    a_filing(eraser)
    lost = new_id()
    eraser.files.keep(lost, b"sealed")
    eraser.replay(NOW)
    assert lost in eraser.files.ids()
    eraser.replay(MUCH_LATER)
    assert counts(eraser) == ONE_CASE


def test_with_nothing_erased_replaying_changes_nothing(eraser: Eraser) -> None:
    a_filing(eraser)
    assert eraser.replay(MUCH_LATER) == Erased()
    assert counts(eraser) == ONE_CASE
