"""What erased cases have shown, counted: of none is kept which it was."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from portal.cases.attaching import Shows
from portal.cases.measures import Contribution, Counted, Fact, Facts, Family, contribution
from portal.cases.models import CaseRow, EventRow, PaperRow, TallyRow, TaskRow
from portal.cases.status import Answer, Decided, Kind
from portal.cases.tasks import Choice
from portal.law.arguments import Reply
from portal.upsert import insert

#: An organisation that the catalogue does not know: nothing is counted of it.
OTHER = "other"
#: One number of an organisation: of which, of a table, a row, and what is counted.
_Tally = tuple[str, Family, str, Counted]


def add(session: Session, ids: Sequence[str], today: date | None) -> None:
    """Count what cases show that are about to be erased; in the transaction that erases them, so that it is once.

    Where a machine stops in between neither is done; a backup that is put back has the case, and not its tally.
    """
    session.exec(select(CaseRow.id).where(col(CaseRow.id).in_(ids)).with_for_update()).all()
    found: Counter[_Tally] = Counter()
    for organisation, one in contributions(session, ids, today):
        found.update((organisation, family, key, what) for family, key in one.keys.items() for what in one.counted)
    for (organisation, family, key, (basis, measure)), n in sorted(found.items()):
        new = insert(session, TallyRow).values(
            organisation=organisation, family=family.value, key=key, measure=measure, basis=basis, n=n
        )
        places = ["organisation", "family", "key", "measure", "basis"]
        session.exec(new.on_conflict_do_update(index_elements=places, set_={"n": TallyRow.n + n}))


def tallied(session: Session, organisation: str) -> Iterator[tuple[Family, str, Counted, int]]:
    """What the erased cases of an organisation have shown."""
    for row in session.exec(select(TallyRow).where(TallyRow.organisation == organisation)):
        yield Family(row.family), row.key, (row.basis, row.measure), row.n


def contributions(session: Session, ids: Collection[str], end: date | None) -> Iterator[tuple[str, Contribution]]:
    """What each of some cases adds to the record, and of which organisation, as of the end of a day.

    Where that is not given, of the last on which anything was said in it.

    Left out is who is counted already, whom the catalogue does not know, and what the staff hold.
    """
    columns = CaseRow.id, CaseRow.organisation, CaseRow.right, CaseRow.place
    these = col(CaseRow.id).in_(ids), col(CaseRow.counted), CaseRow.organisation != OTHER, ~is_held()
    cases = session.exec(select(*columns).where(*these)).all()
    events, papers = _events(session, ids), _papers(session, ids, end)
    for id_, organisation, right, place in cases:
        said = tuple(events.get(id_, ()))
        facts = Facts(right, place, said, frozenset(papers.get(id_, ())))
        found = contribution(facts, end or max((one.recorded_on for one in said), default=date.min))
        if found:
            yield organisation, found


def is_held() -> ColumnElement[bool]:
    """Of a case: whether staff hold it, and nobody has lifted that."""
    return exists().where(
        col(TaskRow.case_id) == CaseRow.id,
        col(TaskRow.choice) == Choice.HOLD.value,
        col(TaskRow.decided_on).is_not(None),
        col(TaskRow.lifted_on).is_(None),
    )


def _events(session: Session, ids: Collection[str]) -> Mapping[str, list[Fact]]:
    columns: tuple[Any, ...] = (
        *(EventRow.case_id, EventRow.kind, EventRow.day, EventRow.recorded_on, EventRow.told),
        *(EventRow.outcome, EventRow.answer, EventRow.ground),
    )
    found: dict[str, list[Fact]] = {}
    rows = session.execute(select(*columns).where(col(EventRow.case_id).in_(ids)).order_by(col(EventRow.n)))
    for case_id, kind, day, recorded_on, told, outcome, answer, ground in rows:
        fact = Fact(
            Kind(kind),
            day,
            recorded_on,
            told,
            Decided(outcome) if outcome else None,
            Answer(answer) if answer else None,
            Reply(ground) if ground else None,
        )
        found.setdefault(case_id, []).append(fact)
    return found


def _papers(session: Session, ids: Collection[str], end: date | None) -> Mapping[str, set[Shows]]:
    found: dict[str, set[Shows]] = {}
    columns: tuple[Any, ...] = PaperRow.case_id, PaperRow.kind, PaperRow.added_on
    mine = select(*columns).where(col(PaperRow.case_id).in_(ids))
    for case_id, kind, added_on in session.execute(mine):
        if end is None or added_on <= end:
            found.setdefault(case_id, set()).add(Shows(kind))
    return found
