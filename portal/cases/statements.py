"""What an organisation says beside its figures in the public record."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from portal.cases import tasks
from portal.cases.filing import place
from portal.cases.models import StatementRow
from portal.cases.tasks import Matter
from portal.columns import new_id
from portal.vault import PublicHalf, drop_in

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote in the name of an organisation; who they are is for the staff alone."""

    organisation: str
    text: str
    language: str
    name: str
    function: str
    email: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What is shown: that an organisation said so on a day."""

    text: str
    language: str
    said_on: date


def offer(session: Session, staff: PublicHalf, written: Written, today: date) -> None:
    """Seal it for the staff, who decide whether it comes from the organisation.

    It stands in the task alone, and goes when that is decided or its time is over.
    """
    row = tasks.new(Matter.ORGANISATION_ANSWER, new_id(), today)
    text = json.dumps(asdict(written), ensure_ascii=False).encode()
    row.sealed = drop_in(staff, text, place("tasks", "sealed", row.id))
    tasks.put(session, row)


def accept(session: Session, told: Mapping[str, str], said_on: date) -> None:
    """It is shown from now on; what the organisation said before stays, with its day."""
    before = select(func.count()).where(col(StatementRow.organisation) == told["organisation"])
    values = {name: told[name] for name in ("organisation", "language", "text")}
    session.add(StatementRow(n=session.exec(before).one() + 1, said_on=said_on, **values))


def of(session: Session, organisation: str) -> tuple[Statement, ...]:
    """What an organisation has said, the newest first; that one counts."""
    mine = select(StatementRow).where(StatementRow.organisation == organisation)
    rows = session.exec(mine.order_by(col(StatementRow.n).desc()))
    return tuple(Statement(row.text, row.language, row.said_on) for row in rows)
