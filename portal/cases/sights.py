"""Sights: somebody of the staff sees the copy of an identity document, once a second person has agreed to it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, col, delete, select

from portal.cases import tasks
from portal.cases.attaching import Shows
from portal.cases.filing import STAFF
from portal.cases.models import CaseRow, PaperRow, SightRow, TaskRow, WrapRow
from portal.cases.tasks import Choice, Matter
from portal.columns import new_id, seconds
from portal.trail import Reason

#: So long somebody may see it from the moment at which it was allowed.
LIFE = timedelta(minutes=15)
#: Why somebody may ask: as for a name that is masked.
REASONS = (Reason.HELP_WANTED, Reason.TO_ANSWER, Reason.DUPLICATE, Reason.ABUSE)


class NoPaper(Exception):
    """There is no such copy of an identity document, or its case is not shared."""


@dataclass(frozen=True, slots=True)
class Sight:
    """That somebody may see a paper."""

    id: str
    paper_id: str
    case_id: str
    who: str
    """An account's random id."""
    until: datetime
    """From this moment on they may not; aware, in UTC."""
    seen: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """The copy of an identity document, as whoever helps may know of it: that it is there, and since when."""

    id: str
    added_on: date
    asked: bool
    """Somebody has asked to see it, and nobody has decided yet."""
    denied: bool
    """The last time that whoever looks asked for it, a second person said no."""
    sight: Sight | None
    """That whoever looks may see it now."""


def papers(session: Session, case_id: str, who: str, now: datetime) -> tuple[Identity, ...]:
    """The copies of identity documents of a case that is shared, the oldest first; none of one that is not."""
    if session.get(WrapRow, (case_id, STAFF)) is None:
        return ()
    identity = col(PaperRow.case_id) == case_id, col(PaperRow.kind) == Shows.IDENTITY.value
    rows = session.exec(select(PaperRow).where(*identity).order_by(col(PaperRow.added_on), col(PaperRow.id))).all()
    return tuple(_identity(session, row, who, now) for row in rows)


def _identity(session: Session, row: PaperRow, who: str, now: datetime) -> Identity:
    of_it = col(TaskRow.matter) == Matter.IDENTITY.value, col(TaskRow.subject) == row.id
    asked = session.exec(select(TaskRow).where(*of_it)).all()
    theirs = max((one for one in asked if one.not_by == who and one.decided_on), key=_decided, default=None)
    may = col(SightRow.paper_id) == row.id, col(SightRow.account_id) == who, col(SightRow.until) > seconds(now)
    sight = session.exec(select(SightRow).where(*may).order_by(col(SightRow.until).desc())).first()
    return Identity(
        row.id,
        row.added_on,
        asked=any(one.decided_on is None for one in asked),
        denied=theirs is not None and theirs.choice == Choice.DENIED,
        sight=_sight(sight, row.case_id) if sight else None,
    )


def _decided(row: TaskRow) -> tuple[date, bool]:
    """Of several on one day, whose order nobody keeps, a no counts."""
    return row.decided_on or date.min, row.choice == Choice.DENIED


def ask(session: Session, case_id: str, paper_id: str, who: str, reason: Reason, today: date) -> bool:
    """That somebody wants to see a paper, which another decides; False where it is asked already. Raises NoPaper."""
    shared = session.get(WrapRow, (case_id, STAFF), with_for_update=True)
    paper = session.get(PaperRow, paper_id)
    if shared is None or paper is None or (paper.case_id, paper.kind) != (case_id, Shows.IDENTITY):
        raise NoPaper
    urgent = session.get_one(CaseRow, case_id).urgent
    row = tasks.new(Matter.IDENTITY, paper_id, today, urgent=urgent)
    row.case_id, row.not_by, row.reason, row.forget_on = case_id, who, reason.value, None
    tasks.put(session, row)
    return session.get(TaskRow, row.id) is not None


def allow(session: Session, decided: TaskRow, now: datetime) -> None:
    """Let who asked see it from now on."""
    assert decided.not_by
    until = seconds(now + LIFE)
    session.add(SightRow(id=new_id(), paper_id=decided.subject, account_id=decided.not_by, until=until))


def find(session: Session, id_: str) -> Sight | None:
    """A sight, also one whose time is over; None where there is none."""
    row = session.get(SightRow, id_)
    paper = session.get(PaperRow, row.paper_id) if row else None
    return _sight(row, paper.case_id) if row and paper else None


def open_(session: Session, id_: str) -> None:
    """That it is being seen."""
    session.get_one(SightRow, id_, with_for_update=True).seen = True


def _sight(row: SightRow, case_id: str) -> Sight:
    return Sight(row.id, row.paper_id, case_id, row.account_id, datetime.fromtimestamp(row.until, UTC), row.seen)


# The end


def end(session: Session, case_id: str) -> None:
    """The staff may read the case no more: what was asked is not decided, and what was allowed is over."""
    asked = col(TaskRow.case_id) == case_id, col(TaskRow.matter) == Matter.IDENTITY.value, tasks.is_open()
    session.exec(delete(TaskRow).where(*asked))  # first: whoever is deciding is waited for
    theirs = select(PaperRow.id).where(col(PaperRow.case_id) == case_id)
    session.exec(delete(SightRow).where(col(SightRow.paper_id).in_(theirs)))


def forget(session: Session, paper_ids: Collection[str]) -> None:
    """The papers go, and with them what was asked about them."""
    about = col(TaskRow.matter) == Matter.IDENTITY.value, col(TaskRow.subject).in_(paper_ids)
    session.exec(delete(TaskRow).where(*about))
    session.exec(delete(SightRow).where(col(SightRow.paper_id).in_(paper_ids)))


def purge(session: Session, now: datetime) -> int:
    """Delete those whose time is over; how many they were."""
    return session.exec(delete(SightRow).where(col(SightRow.until) <= seconds(now))).rowcount
