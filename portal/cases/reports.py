"""What somebody found wrong with the portal, sealed for its staff."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import Session, col, delete

from portal.cases import tasks
from portal.cases.models import ReportRow
from portal.cases.retention import RETENTION
from portal.cases.tasks import Matter
from portal.columns import Until, new_id
from portal.vault import Key, PublicHalf, drop_in, take_out

LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Report:
    """`page` is the rule of the page it is about, or a campaign's address; `email` is empty where none was given."""

    text: str
    page: str = ""
    email: str = ""


def leave(session: Session, staff: PublicHalf, report: Report, today: date) -> str:
    """Seal a report so that staff alone can read it; its id."""
    id_ = new_id()
    text = json.dumps(asdict(report), ensure_ascii=False).encode()
    sealed = drop_in(staff, text, _place(id_))
    session.add(ReportRow(id=id_, forget_on=today + RETENTION[Until.REPORT].longest, sealed=sealed))
    tasks.put(session, tasks.new(Matter.REPORTED, id_, today))
    return id_


def read(row: ReportRow, private: Key) -> Report:
    """A report in the clear, for who holds the private half. Raises Unopened for anybody else."""
    return Report(**json.loads(take_out(private, row.sealed, _place(row.id))))


def done(session: Session, id_: str, who: str, today: date) -> None:
    """It was read and put right: it goes; of the task stays who did it."""
    session.exec(delete(ReportRow).where(col(ReportRow.id) == id_))
    tasks.settle(session, Matter.REPORTED, id_, who, today)


def purge(session: Session, today: date) -> int:
    """Delete the reports whose time is over; how many they were."""
    return session.exec(delete(ReportRow).where(col(ReportRow.forget_on) <= today)).rowcount


def _place(id_: str) -> str:
    return f"reports.sealed:{id_}"
