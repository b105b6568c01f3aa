"""Jobs: what must be done, by whichever worker, until it is done.

A job is put in the transaction that makes it necessary. Who claims it has it in hand for a lease; when that runs out
before the job is done, as the worker was killed or is stuck, another may claim it, and the fence keeps the first from
saying that it is done. So each job is done at least once: what it does must do no harm when it is done twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, UniqueConstraint, func
from sqlmodel import Session, SQLModel, col, delete, select, update

from portal.columns import Until, column, new_id, seconds
from portal.upsert import insert

#: So long after it was due a job is kept that nobody could do.
KEPT = timedelta(days=30)
#: With the pauses between them some four hours; who repairs what was amiss later says `retry`.
MOST_ATTEMPTS = 10
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_KIND, _SUBJECT, _FAILURE = 40, 80, 80


class LeaseLost(Exception):
    """The job is in other hands by now, or done: nothing may be written as if it had been done here."""


class JobRow(SQLModel, table=True):
    """One thing that must be done."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: str = column("to tell a job from a later one alike; random", Until.JOB, primary_key=True, max_length=32)
    kind: str = column("what is to be done, such as to forget what is over", Until.JOB, max_length=_KIND)
    subject: str = column("of what, so that it is done once: an hour, or a random id", Until.JOB, max_length=_SUBJECT)
    due_at: int = column("when it is to be done or tried again; seconds since 1970", Until.JOB, index=True)
    attempts: int = column("how often it was begun, so that it is not tried for ever", Until.JOB, default=0)
    lease_until: int | None = column(
        "until when one worker has it in hand; seconds since 1970", Until.JOB, default=None
    )
    fence: int = column("to refuse a worker that comes back too late; a number that grows", Until.JOB, default=0)
    failure: str | None = column(
        "the kind of its last failure, never its words", Until.JOB, default=None, max_length=_FAILURE
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in the hands of one worker."""

    id: str
    kind: str
    subject: str
    attempt: int
    fence: int


class State(StrEnum):
    """How it stands with a job."""

    WAITING = "waiting"
    IN_HAND = "in hand"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its keepers see it: not of what, which is nobody's business but the worker's."""

    kind: str
    due: datetime
    attempts: int
    failure: str | None
    state: State


def put(session: Session, kind: str, subject: str, due: datetime) -> None:
    """That something is to be done; where the same is there already, that one stays as it is.

    The subject is an hour or a random id, never what tells of a person.
    """
    new = insert(session, JobRow).values(
        id=new_id(), kind=kind, subject=subject, due_at=seconds(due), attempts=0, fence=0
    )
    session.exec(new.on_conflict_do_nothing(index_elements=["kind", "subject"]))


def claim(session: Session, now: datetime, lease: timedelta) -> Claimed | None:
    """Take in hand the job that has been due longest and is nobody's; None where there is none."""
    oldest = (
        select(JobRow.id)
        .where(~_given_up(), ~_in_hand(now), col(JobRow.due_at) <= seconds(now))
        .order_by(col(JobRow.due_at), col(JobRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)  # on SQLite the transaction alone keeps the others out
    )
    taken = update(JobRow).where(col(JobRow.id) == oldest.scalar_subquery())
    found = session.execute(
        taken.values(
            attempts=JobRow.attempts + 1, fence=JobRow.fence + 1, lease_until=seconds(now + lease)
        ).returning(*map(col, (JobRow.id, JobRow.kind, JobRow.subject, JobRow.attempts, JobRow.fence))),
        execution_options={"synchronize_session": False},
    ).first()
    return Claimed(*found) if found else None


def done(session: Session, claimed: Claimed) -> None:
    """The job is done, and goes. Raises LeaseLost."""
    _check(session.exec(delete(JobRow).where(*_held(claimed))).rowcount)


def failed(session: Session, claimed: Claimed, now: datetime, failure: Exception) -> datetime | None:
    """It could not be done: when it is tried again; None where it is given up, and waits for `retry`.

    Of the failure its kind is kept, never its words, which may hold a person's. Raises LeaseLost.
    """
    again = now + pause(claimed.attempt)
    values = {"lease_until": None, "due_at": seconds(again), "failure": type(failure).__name__[:_FAILURE]}
    _check(session.exec(update(JobRow).where(*_held(claimed)).values(**values)).rowcount)
    return again if claimed.attempt < MOST_ATTEMPTS else None


def pause(attempt: int) -> timedelta:
    """How long after a failed attempt the next one waits: twice as long each time, an hour at most."""
    return min(_FIRST_PAUSE * (1 << (attempt - 1)), _LONGEST_PAUSE)


def retry(session: Session, now: datetime) -> int:
    """Begin anew with what was given up; how many they are."""
    values = {"attempts": 0, "lease_until": None, "due_at": seconds(now)}
    return session.exec(update(JobRow).where(_given_up(), ~_in_hand(now)).values(**values)).rowcount


def purge(session: Session, now: datetime) -> int:
    """Delete what nobody could do for thirty days; how many they were."""
    over = col(JobRow.due_at) <= seconds(now - KEPT)
    return session.exec(delete(JobRow).where(over, ~_in_hand(now))).rowcount


def all_jobs(session: Session, now: datetime) -> Sequence[Job]:
    """What there is to do and what was given up, the oldest first."""
    rows = session.exec(select(JobRow).order_by(col(JobRow.due_at), col(JobRow.id)))
    return [
        Job(row.kind, datetime.fromtimestamp(row.due_at, UTC), row.attempts, row.failure, _state(row, now))
        for row in rows
    ]


def _state(row: JobRow, now: datetime) -> State:
    if (row.lease_until or 0) > seconds(now):
        return State.IN_HAND
    return State.WAITING if row.attempts < MOST_ATTEMPTS else State.GIVEN_UP


def _in_hand(now: datetime) -> ColumnElement[bool]:
    return func.coalesce(col(JobRow.lease_until), 0) > seconds(now)


def _given_up() -> ColumnElement[bool]:
    """Begun as often as may be; one that is in hand may still be done."""
    return col(JobRow.attempts) >= MOST_ATTEMPTS


def _held(claimed: Claimed) -> tuple[ColumnElement[bool], ...]:
    return col(JobRow.id) == claimed.id, col(JobRow.fence) == claimed.fence


def _check(changed: int) -> None:
    if changed != 1:
        raise LeaseLost("this job is in other hands by now, or done")
