"""What is left of cases that are erased: counts, once, and of none which it was."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.backup import back_up, put_back
from portal.cases import forgetting, tasks
from portal.cases.files import Files
from portal.cases.forgetting import Eraser
from portal.cases.ledger import Ledger
from portal.cases.measures import Family
from portal.cases.models import CaseRow, TallyRow
from portal.cases.status import Kind
from portal.cases.tallies import OTHER
from portal.cases.tasks import Choice, Decision, Ground, Matter
from portal.database import transaction
from portal.record.disclosure import Rows
from portal.record.publishing import counted
from tests.cases.counting import TODAY, Filed, file, refused, sent
from tests.cases.filed import LOOKUP, NOW

QUARTER = "2026-Q4"


@pytest.fixture
def eraser(database: Engine, tmp_path: Path) -> Eraser:
    return Eraser(partial(transaction, database), Files(tmp_path / "files"), Ledger(tmp_path / "erased"))


def counts(eraser: Eraser, organisation: str = "clearview-ai") -> Rows:
    with eraser.transaction() as session:
        return counted(session, organisation, QUARTER)


def erase(eraser: Eraser, filed: Filed, n: int = 0) -> None:
    eraser.carry_out(partial(forgetting.erase_case, id_=filed.ids[n], today=date(2026, 12, 31)))


def tallies(eraser: Eraser) -> list[TallyRow]:
    with eraser.transaction() as session:
        return list(session.exec(select(TallyRow)).all())


def test_what_is_counted_stays_when_a_case_is_erased(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        mine, other = refused(session), sent(session, place="at", right="access")
    before = counts(eraser)
    assert before[Family.COUNTRY]["fr"]["proven", "refused.glomar"] == 1
    erase(eraser, mine)
    assert counts(eraser) == before
    erase(eraser, other)
    assert counts(eraser) == before


@pytest.mark.parametrize(("day", "overdue"), [("2026-12-23", False), ("2026-12-25", True)])
def test_what_is_erased_before_its_time_is_over_is_not_overdue(eraser: Eraser, day: str, overdue: bool) -> None:
    with eraser.transaction() as session:
        filed = sent(session)
    erase = partial(forgetting.erase_case, id_=filed.ids[0], today=date.fromisoformat(day))
    eraser.carry_out(erase)
    assert (("reported", "overdue") in counts(eraser)[Family.RIGHT]["erasure"]) is overdue


def test_it_stays_when_its_time_is_over_too(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        refused(session)
    before = counts(eraser)
    eraser.carry_out(partial(forgetting.purge, now=NOW + timedelta(days=2_000)))
    assert counts(eraser) == before
    with eraser.transaction() as session:
        assert not session.exec(select(CaseRow)).all()


def test_no_two_families_are_kept_together_and_no_case(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        filed = refused(session)
    erase(eraser, filed)
    rows = tallies(eraser)
    assert {(row.family, row.key) for row in rows} == {("quarter", QUARTER), ("country", "fr"), ("right", "erasure")}
    assert not [row for row in rows if filed.ids[0] in repr(row.model_dump())]


def test_cases_of_many_are_added_up(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        filed = [refused(session) for _ in range(3)]
    before = counts(eraser)
    for one in filed:
        erase(eraser, one)
    assert counts(eraser) == before
    assert {row.n for row in tallies(eraser)} == {3}


@pytest.mark.parametrize("organisation", ["clearview-ai", OTHER])
def test_what_was_never_sent_and_whom_nobody_knows_leaves_nothing(eraser: Eraser, organisation: str) -> None:
    with eraser.transaction() as session:
        filed = file(session, ("fr", organisation, "erasure"))
        if organisation == OTHER:
            filed.say(session, Kind.SENT)
    erase(eraser, filed)
    assert tallies(eraser) == []


@pytest.mark.parametrize("lifted", [False, True])
def test_what_the_staff_hold_is_not_counted_while_they_do(eraser: Eraser, lifted: bool) -> None:
    with eraser.transaction() as session:
        filed = sent(session)
        task = tasks.new(Matter.FILED, filed.ids[0], TODAY, of_case=True)
        session.add(task)
        session.flush()
        assert tasks.claim(session, task.id, "somebody", NOW)
        tasks.decide(session, task.id, Decision(Choice.HOLD, Ground.FLOOD), "somebody", NOW, TODAY)
        if lifted:
            tasks.lift(session, task.id, TODAY)
    assert bool(counts(eraser)[Family.RIGHT]) is lifted
    erase(eraser, filed)
    assert bool(tallies(eraser)) is lifted


def test_one_person_counts_once_for_an_organisation(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        filed = file(
            session, *[("fr", name, right) for name in ("clearview-ai", "pimeyes") for right in ("access", "erasure")]
        )
        for n in range(4):
            filed.say(session, Kind.SENT, n=n)
    for name in ("clearview-ai", "pimeyes"):
        assert counts(eraser, name)[Family.COUNTRY] == {"fr": {("reported", "filed"): 1}}
    before = counts(eraser)
    for n in range(4):
        erase(eraser, filed, n)
    assert counts(eraser) == before


def test_another_person_counts_beside_them(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        for _ in range(2):
            sent(session)
    assert counts(eraser)[Family.COUNTRY]["fr"]["reported", "filed"] == 2


def test_what_is_erased_again_after_a_backup_is_counted_once(
    eraser: Eraser, database: Engine, tmp_path: Path
) -> None:
    """The backup has the case and not its tally: whoever puts it back erases it again, and counts it then."""
    with eraser.transaction() as session:
        filed = refused(session)
    before = counts(eraser)
    back_up(database, eraser, LOOKUP, tmp_path / "backup")
    erase(eraser, filed)
    put_back(database, eraser, LOOKUP, tmp_path / "backup", replace=True)
    assert counts(eraser) == before
    eraser.replay(NOW)
    assert counts(eraser) == before
    with eraser.transaction() as session:
        assert not session.exec(select(CaseRow)).all()


def test_where_the_database_fails_neither_is_done(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        filed = refused(session)
    before = counts(eraser)

    def erase_and_fail(session: Session) -> forgetting.Erased:
        forgetting.erase_case(session, filed.ids[0])
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        eraser.carry_out(erase_and_fail)
    assert tallies(eraser) == []
    assert counts(eraser) == before
