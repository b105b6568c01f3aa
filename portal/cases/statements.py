"""What an organisation says beside its figures in the public record."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from sqlmodel import Session, col, func, select

from portal.cases import tasks
from portal.cases.filing import place
from portal.cases.models import StatementRow
from portal.cases.tasks import Matter
from portal.columns import new_id
from portal.vault import PublicHalf, drop_in, hashed

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


class Fault(StrEnum):
    """Why something that stood here in the name of an organisation was taken down."""

    IMPOSTOR = "impostor"
    NAMES_SOMEBODY = "names_somebody"
    HARM = "harm"
    WITHDRAWN = "withdrawn"
    """The organisation wants it gone."""


class NotShown(LookupError):
    """There is no such answer, or it was taken down already."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is shown: that an organisation said so on a day. The text is empty where it was taken down."""

    n: int
    text: str
    language: str
    said_on: date
    taken_down_on: date | None = None
    fault: Fault | None = None


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
    organisation, language, text = (told[name] for name in ("organisation", "language", "text"))
    before = select(func.max(StatementRow.n)).where(col(StatementRow.organisation) == organisation)
    n = (session.exec(before).one() or 0) + 1
    session.add(StatementRow(organisation=organisation, n=n, said_on=said_on, language=language, text=text))


def take_down(session: Session, organisation: str, n: int, fault: Fault, today: date) -> frozenset[str]:
    """Forget the words; that something stood here, since when not and why is said in their place.

    What stands for the words that went, for the ledger, so that no backup brings them back; `forgetting.take_down` is
    for the eraser. Raises NotShown.
    """
    row = session.get(StatementRow, (organisation, n), with_for_update=True)
    if row is None or row.taken_down_on:
        raise NotShown
    mark = _mark(row)
    row.text, row.taken_down_on, row.taken_down_for = "", today, fault.value
    session.add(row)
    return frozenset({mark})


def take_down_again(session: Session, is_taken_down: Callable[[str], bool]) -> frozenset[str]:
    """Delete what was taken down before and is here all the same; when and why stands in the trail."""
    rows = [row for row in session.exec(select(StatementRow)) if row.text and is_taken_down(_mark(row))]
    for row in rows:
        session.delete(row)
    return frozenset(_mark(row) for row in rows)


def _mark(row: StatementRow) -> str:
    return hashed(f"{row.organisation}:{row.said_on}:{row.text}".encode())


def of(session: Session, organisation: str) -> tuple[Statement, ...]:
    """What an organisation has said, the newest first; the first that was not taken down counts."""
    mine = select(StatementRow).where(StatementRow.organisation == organisation)
    return tuple(_statement(row) for row in session.exec(mine.order_by(col(StatementRow.n).desc())))


def every(session: Session) -> Mapping[str, Sequence[Statement]]:
    """What stands beside the figures of any organisation, the newest first."""
    rows = session.exec(select(StatementRow).order_by(StatementRow.organisation, col(StatementRow.n).desc()))
    return {of: [_statement(row) for row in mine] for of, mine in groupby(rows, lambda row: row.organisation)}


def _statement(row: StatementRow) -> Statement:
    fault = Fault(row.taken_down_for) if row.taken_down_for else None
    return Statement(row.n, row.text, row.language, row.said_on, row.taken_down_on, fault)
