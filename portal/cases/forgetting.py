"""Forgetting: what somebody asks to be erased, and all whose time is over."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session, col, delete, select

from portal.accounts import groups
from portal.cases import (
    campaigns,
    confirmations,
    drafts,
    group_sharing,
    imports,
    opening,
    reports,
    sharing,
    sights,
    statements,
    tallies,
    tasks,
)
from portal.cases.attaching import Shows
from portal.cases.files import Files
from portal.cases.ledger import Ledger
from portal.cases.models import CaseRow, FilingRow, PaperRow
from portal.cases.statements import Fault

#: A file is kept before its row: for so long, one that no row knows may still get it.
GRACE = timedelta(hours=1)
#: Every database takes so many values in one statement.
_MANY = 500
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Erased:
    """The ids of what was erased, by table; how many of what forgets itself within hours."""

    filings: frozenset[str] = _NONE
    cases: frozenset[str] = _NONE
    papers: frozenset[str] = _NONE
    """Their files bear the same ids."""
    wraps: frozenset[str] = _NONE
    """What stands for each that the person took back from the staff, or from a group."""
    groups: frozenset[str] = _NONE
    """Those that ended: what people let them see must not come back with them."""
    statements: frozenset[str] = _NONE
    """What stands for the words of an organisation that the staff took down."""
    drafts: int = 0
    case_sessions: int = 0
    reports: int = 0
    tasks: int = 0
    confirmations: int = 0
    sights: int = 0
    former_groups: int = 0
    imports: int = 0

    @property
    def rows(self) -> Mapping[str, frozenset[str]]:
        """What must stay erased, whatever copy there is of it."""
        return {
            "filings": self.filings,
            "cases": self.cases,
            "papers": self.papers,
            "wraps": self.wraps,
            "groups": self.groups,
            "statements": self.statements,
        }


#: What is erased by its id, those first that hang on others; wraps, letters and events go with their case.
_TABLES: Mapping[str, type[FilingRow | CaseRow | PaperRow]] = {
    "papers": PaperRow,
    "cases": CaseRow,
    "filings": FilingRow,
}


# On request


def erase_case(session: Session, id_: str, today: date | None = None) -> Erased:
    """A case with all that belongs to it, and its filing where that was the last."""
    return _erase(session, Erased(cases=frozenset({id_})), today)


def erase_filing(session: Session, id_: str, today: date | None = None) -> Erased:
    """All that was filed together."""
    return _erase(session, Erased(filings=frozenset({id_})), today)


def erase_paper(session: Session, id_: str) -> Erased:
    """One attached file."""
    return _erase(session, Erased(papers=frozenset({id_})))


def erase_identity(session: Session, case_id: str) -> Erased:
    """The copies of identity documents of a case: its letter is sent, and they have done their service."""
    identity = col(PaperRow.case_id) == case_id, col(PaperRow.kind) == Shows.IDENTITY.value
    return _erase(session, Erased(papers=frozenset(session.exec(select(PaperRow.id).where(*identity)).all())))


def withdraw(session: Session, case_id: str) -> Erased:
    """That the staff could read a case."""
    return Erased(wraps=sharing.withdraw(session, case_id))


def withdraw_from(session: Session, case_id: str, group_id: str) -> Erased:
    """That a group could see a case, however much of it."""
    return Erased(wraps=group_sharing.withdraw(session, case_id, group_id))


def end_group(session: Session, id_: str, today: date) -> Erased:
    """A group with its campaigns, and all that people let it see."""
    groups.end(session, id_, today)
    campaigns.end_all_of(session, id_, today)
    return Erased(wraps=group_sharing.withdraw_all_of(session, id_), groups=frozenset({id_}))


def take_down(session: Session, organisation: str, n: int, fault: Fault, today: date) -> Erased:
    """The words that an organisation said beside its figures. Raises NotShown."""
    return Erased(statements=statements.take_down(session, organisation, n, fault, today))


# In time


def purge(session: Session, now: datetime) -> Erased:
    """All whose time is over, of what people file and of what the staff do."""
    erased = _erase(session, _due(session, now.date()), now.date())
    return replace(
        erased,
        drafts=drafts.purge(session, now),
        case_sessions=opening.purge(session, now),
        reports=reports.purge(session, now.date()),
        tasks=tasks.purge(session, now.date()),
        confirmations=confirmations.purge(session, now.date()),
        sights=sights.purge(session, now),
        former_groups=groups.purge(session, now.date()),
        imports=imports.purge(session, now.date()),
    )


def _due(session: Session, today: date) -> Erased:
    """What is to be forgotten on this day or before."""
    cases = select(CaseRow.id).where(col(CaseRow.forget_on) <= today).with_for_update()
    papers = select(PaperRow.id).where(col(PaperRow.forget_on) <= today).with_for_update()
    return Erased(cases=frozenset(session.exec(cases).all()), papers=frozenset(session.exec(papers).all()))


# Again


def erase_again(session: Session, ledger: Ledger) -> Erased:
    """What the ledger holds and is here all the same, as a machine stopped half way or a backup was put back."""
    held: dict[str, Any] = {
        name: frozenset(id_ for id_ in session.exec(select(row.id)).all() if ledger.holds(name, id_))
        for name, row in _TABLES.items()
    }
    held_back = partial(ledger.holds, "wraps")
    wraps = sharing.withdraw_again(session, held_back) | group_sharing.withdraw_again(session, held_back)
    back = frozenset(one.id for one in groups.every(session) if not one.ended_on and ledger.holds("groups", one.id))
    for id_ in back:
        wraps |= group_sharing.withdraw_all_of(session, id_)
        groups.forget(session, id_)
    down = statements.take_down_again(session, partial(ledger.holds, "statements"))
    return replace(_erase(session, Erased(**held)), wraps=wraps, groups=back, statements=down)


# The order


@dataclass(frozen=True, slots=True)
class Eraser:
    """Erases in the one order in which nothing comes back: the ledger, then the database, then the files.

    Where the machine stops in between, `replay` does the rest.
    """

    transaction: Callable[[], AbstractContextManager[Session]]
    files: Files
    ledger: Ledger

    def carry_out(self, erase: Callable[[Session], Erased]) -> Erased:
        """Erase something for good."""
        with self.transaction() as session:
            erased = erase(session)
            session.flush()
            for table, ids in erased.rows.items():
                self.ledger.write(table, ids)
        for id_ in erased.papers:
            self.files.drop(id_)
        return erased

    def replay(self, now: datetime) -> Erased:
        """Erase again what the ledger holds, and drop the files that no row knows."""
        there, late = self.files.ids(), self.files.ids(now - GRACE)
        erased = self.carry_out(partial(erase_again, ledger=self.ledger))
        with self.transaction() as session:
            known = {*session.exec(select(PaperRow.id)).all()}
        lost = (late - known) | {id_ for id_ in there if self.ledger.holds("papers", id_)}
        for id_ in lost:
            self.files.drop(id_)
        self.files.drop_torn(now - GRACE)
        return erased


def _erase(session: Session, chosen: Erased, today: date | None = None) -> Erased:
    """Delete what was chosen, and what hangs on it.

    What a case has shown of the organisation stays in the counts of the record: as of today or, where nobody says
    which day that is, of the last time that anything was said in it.
    """
    erased = _with_all(session, chosen)
    for ids in _portions(erased.cases):
        tallies.add(session, ids, today)
    for ids in _portions(erased.papers):
        sights.forget(session, ids)
    for name, row in _TABLES.items():
        for ids in _portions(erased.rows[name]):
            session.exec(delete(row).where(col(row.id).in_(ids)))
    return erased


def _with_all(session: Session, chosen: Erased) -> Erased:
    """With the cases of the filings, the papers of the cases, and the filings that are left empty."""
    of_filings = _found(session, (CaseRow.id, CaseRow.filing_id), CaseRow.filing_id, chosen.filings)
    cases = chosen.cases | {id_ for id_, _ in of_filings}
    papers = chosen.papers | {id_ for (id_,) in _found(session, (PaperRow.id,), PaperRow.case_id, cases)}
    touched = {filing for (filing,) in _found(session, (CaseRow.filing_id,), CaseRow.id, cases)}
    theirs = _found(session, (CaseRow.id, CaseRow.filing_id), CaseRow.filing_id, touched)
    remaining = {filing for id_, filing in theirs if id_ not in cases}
    return Erased(chosen.filings | (touched - remaining), cases, papers)


def _found(session: Session, columns: tuple[Any, ...], where: Any, ids: Collection[str]) -> list[tuple[str, ...]]:
    """Columns of the rows that have one of many ids in another."""
    return [
        tuple(row)
        for portion in _portions(ids)
        for row in session.execute(select(*columns).where(col(where).in_(portion)))
    ]


def _portions(ids: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(ids)
    return (ordered[at : at + _MANY] for at in range(0, len(ordered), _MANY))
