"""Tasks: what somebody of the staff must decide.

A task is put in the transaction that makes it necessary. Whoever claims it has it in hand for a while; nobody else
decides it in that time, and it is decided once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, literal, or_
from sqlmodel import Session, col, delete, select, update

from portal.accounts.permissions import Permission
from portal.cases.models import TaskRow
from portal.columns import new_id, seconds
from portal.upsert import insert

#: For so long a task is in the hands of who claimed it; each step of theirs begins it anew.
CLAIM = timedelta(minutes=30)
#: For so long a task is kept that is about no case.
KEPT = timedelta(days=90)
#: What a window that closes needs: time for the person to read what was decided, and to act.
MARGIN = timedelta(days=3)
_URGENT = timedelta(days=1)


class Matter(StrEnum):
    """What is to be decided."""

    FILED = "filed"
    """Something was filed: does it go the right way?"""
    HELP = "help"
    """Somebody wants help with their case."""
    MESSAGE = "message"
    """Somebody wrote to the staff, of their case."""
    CONTESTED = "contested"
    """Somebody contests what the staff decided."""
    PROPOSED = "proposed"
    """An organisation that the catalogue does not know."""
    REPORTED = "reported"
    """Something on a page is reported as wrong."""
    ADDRESS = "address"
    """An address that nobody has looked at, and that letters go to."""
    STALE = "stale"
    """A record of the law that nobody has looked at for long."""
    IDENTITY = "identity"
    """Somebody of the staff asks to see the copy of an identity document."""
    GROUP = "group"
    """An organisation asks to be let in as a group."""
    CAMPAIGN = "campaign"
    """The words of a campaign, before they are shown."""
    ORGANISATION_ANSWER = "organisation_answer"
    """What somebody says in the name of an organisation, beside its figures."""


class Choice(StrEnum):
    """What is decided."""

    RIGHT = "right"
    """Right as it is."""
    REROUTE = "reroute"
    """It should go by another law: the person is offered that."""
    ASK = "ask"
    """The person is asked something."""
    HOLD = "hold"
    """It is no request, or does harm: the staff do nothing for it, and it counts in no figure."""
    HELP = "help"
    """A caseworker takes it on."""
    DECLINE = "decline"
    """The staff cannot help with it."""
    DONE = "done"
    """It is dealt with."""
    STANDS = "stands"
    """What was decided stays decided."""
    LIFTED = "lifted"
    """What was decided counts no more."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    APPROVED = "approved"
    """A colleague may see it."""
    DENIED = "denied"
    """They may not."""


class Ground(StrEnum):
    """Why something is held or declined; the person reads it, and can contest it."""

    NO_REQUEST = "no_request"
    """Nothing in it is asked of anybody."""
    HARM = "harm"
    """It threatens or insults somebody, or is meant to harm them."""
    FLOOD = "flood"
    """The same over and over, as a program would do it."""
    NOT_THEIRS = "not_theirs"
    """In the name of somebody who has not agreed."""
    DUPLICATE = "duplicate"
    NEEDS_LAWYER = "needs_lawyer"
    """What is needed is what only a lawyer may do."""
    NO_HANDS = "no_hands"
    """Nobody here can do it in time."""


#: What can be decided of each matter, in the order of the keys 1 to 9.
CHOICES: Mapping[Matter, tuple[Choice, ...]] = {
    Matter.FILED: (Choice.RIGHT, Choice.REROUTE, Choice.ASK, Choice.HELP, Choice.HOLD),
    Matter.HELP: (Choice.DONE, Choice.ASK, Choice.DECLINE),
    Matter.MESSAGE: (Choice.DONE, Choice.ASK, Choice.HELP),
    Matter.CONTESTED: (Choice.STANDS, Choice.LIFTED),
    Matter.PROPOSED: (Choice.ACCEPTED, Choice.REFUSED),
    Matter.REPORTED: (Choice.DONE,),
    Matter.ADDRESS: (),  # on a page of its own: see `confirmations`
    Matter.STALE: (Choice.DONE,),
    Matter.IDENTITY: (Choice.APPROVED, Choice.DENIED),
    Matter.GROUP: (Choice.ACCEPTED, Choice.REFUSED),
    Matter.CAMPAIGN: (Choice.ACCEPTED, Choice.REFUSED),
    Matter.ORGANISATION_ANSWER: (Choice.ACCEPTED, Choice.REFUSED),
}
#: Who decides what.
MAY: Mapping[Permission, frozenset[Matter]] = {
    Permission.TRIAGE: frozenset(
        {
            *(Matter.FILED, Matter.CONTESTED, Matter.PROPOSED, Matter.REPORTED, Matter.ADDRESS),
            Matter.ORGANISATION_ANSWER,
        }
    ),
    Permission.HELP: frozenset({Matter.HELP, Matter.MESSAGE}),
    Permission.IDENTITY: frozenset({Matter.IDENTITY}),
    Permission.GROUPS: frozenset({Matter.GROUP, Matter.CAMPAIGN}),
    Permission.KEEP_LAW: frozenset(
        {Matter.PROPOSED, Matter.REPORTED, Matter.ADDRESS, Matter.STALE, Matter.ORGANISATION_ANSWER}
    ),
}
#: What needs a ground, and which fit.
GROUNDS: Mapping[Choice, tuple[Ground, ...]] = {
    Choice.HOLD: (Ground.NO_REQUEST, Ground.HARM, Ground.FLOOD, Ground.NOT_THEIRS, Ground.DUPLICATE),
    Choice.DECLINE: (Ground.NEEDS_LAWYER, Ground.NO_HANDS, Ground.NOT_THEIRS),
}
#: By how many days after it came each is to be decided.
DAYS: Mapping[Matter, int] = {
    Matter.FILED: 7,
    Matter.HELP: 3,
    Matter.MESSAGE: 3,
    Matter.CONTESTED: 7,
    Matter.PROPOSED: 14,
    Matter.REPORTED: 14,
    Matter.ADDRESS: 14,
    Matter.STALE: 30,
    Matter.IDENTITY: 1,
    Matter.GROUP: 14,
    Matter.CAMPAIGN: 7,
    Matter.ORGANISATION_ANSWER: 14,
}


def matters(may: Collection[Permission]) -> tuple[Matter, ...]:
    """What who has these permissions decides."""
    theirs = frozenset[Matter]().union(*(MAY.get(one, frozenset()) for one in may))
    return tuple(one for one in Matter if one in theirs)


class NotInHand(Exception):
    """Somebody else has the task, or it is decided, or the time of the claim is over."""


class NotByThem(Exception):
    """What somebody decided or asks for is looked at by somebody else."""


def decide_by(matter: Matter, opened_on: date, urgent: bool = False, closes_on: date | None = None) -> date:
    """By which day a task is to be decided; the queue is in this order.

    The days of its matter after it came, one where the person says that it is urgent, and in any case three days
    before a window closes; never before it came.
    """
    by = opened_on + (_URGENT if urgent else timedelta(days=DAYS[matter]))
    return max(opened_on, min(by, closes_on - MARGIN) if closes_on else by)


# Putting


def new(
    matter: Matter,
    subject: str,
    today: date,
    *,
    of_case: bool = False,
    urgent: bool = False,
    closes_on: date | None = None,
    waits_on: str = "",
    sealed: bytes | None = None,
) -> TaskRow:
    """A task, to be kept; `subject` is the case's id where it is of one, else a record's or a report's."""
    return TaskRow(
        id=new_id(),
        matter=matter.value,
        subject=subject,
        case_id=subject if of_case else None,
        waits_on=waits_on,
        urgent=urgent,
        opened_on=today,
        closes_on=closes_on,
        decide_by=decide_by(matter, today, urgent, closes_on),
        forget_on=None if of_case else today + KEPT,
        sealed=sealed,
    )


def put(session: Session, row: TaskRow) -> None:
    """That something is to be decided; where the same is open already, that one stays as it is."""
    add = insert(session, TaskRow).values(**row.model_dump())
    session.exec(
        add.on_conflict_do_nothing(
            index_elements=["matter", "subject"], index_where=col(TaskRow.decided_on).is_(None)
        )
    )


def contest(session: Session, decided: TaskRow, today: date) -> None:
    """That the person contests a decision; another than who made it looks at it."""
    assert decided.case_id
    row = new(Matter.CONTESTED, decided.case_id, today, of_case=True)
    row.contests, row.not_by = decided.id, decided.decided_by
    put(session, row)


def say_urgent(session: Session, case_id: str, urgent: bool) -> None:
    """What is open of a case is to be decided sooner, or no sooner than the rest."""
    for row in session.exec(select(TaskRow).where(col(TaskRow.case_id) == case_id, is_open()).with_for_update()):
        row.urgent = urgent
        row.decide_by = decide_by(Matter(row.matter), row.opened_on, urgent, row.closes_on)


def fact(matter: Matter, subject: str) -> str:
    """How tasks name the fact that they wait on."""
    return f"{matter}:{subject}"


# In hand


def claim(session: Session, id_: str, who: str, now: datetime) -> bool:
    """Take a task in hand, or go on having it; whether it could be had. Raises NotByThem.

    Who takes it anew sees no name that somebody unmasked before.
    """
    row = session.get(TaskRow, id_)
    if row is not None and row.not_by == who:
        raise NotByThem
    taken = update(TaskRow).where(col(TaskRow.id) == id_, is_open(), or_(is_free(now), _has(who, now)))
    unmasked = case((_has(who, now), col(TaskRow.unmasked_for)), else_=None)
    values = {"claimed_by": who, "claim_until": seconds(now + CLAIM), "unmasked_for": unmasked}
    return bool(session.exec(taken.values(**values).execution_options(synchronize_session=False)).rowcount)


def claim_first(session: Session, ids: Iterable[str], who: str, now: datetime) -> str | None:
    """Take in hand the first of these that can be had; None where none can."""
    for id_ in ids:
        if claim(session, id_, who, now):
            return id_
    return None


def let_go(session: Session, id_: str, who: str, now: datetime, to: str | None = None) -> None:
    """Put a task back, or into a colleague's hands. Raises NotInHand, and NotByThem where it may not be theirs."""
    row = session.get(TaskRow, id_)
    if row is not None and to is not None and row.not_by == to:
        raise NotByThem
    until = seconds(now + CLAIM) if to else None
    given = update(TaskRow).where(col(TaskRow.id) == id_, is_open(), _has(who, now))
    _check(session.exec(given.values(claimed_by=to, claim_until=until, unmasked_for=None)).rowcount)


def let_all_go(session: Session, who: str) -> None:
    """Put back all that somebody has in hand: they sign out, or work here no more."""
    theirs = col(TaskRow.claimed_by) == who, is_open()
    session.exec(update(TaskRow).where(*theirs).values(claimed_by=None, claim_until=None, unmasked_for=None))


def unmask(session: Session, id_: str, who: str, now: datetime) -> None:
    """Let who has a task in hand see the name, for as long as they have it. Raises NotInHand."""
    mine = update(TaskRow).where(col(TaskRow.id) == id_, is_open(), _has(who, now))
    _check(session.exec(mine.values(unmasked_for=who)).rowcount)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided of a task; `way` where it should go by another law, `ground` where it is refused."""

    choice: Choice
    ground: Ground | None = None
    way: str | None = None


def decide(session: Session, id_: str, decision: Decision, who: str, now: datetime, today: date) -> TaskRow:
    """Decide a task that is in hand, once. Raises NotInHand."""
    values = {
        "choice": decision.choice.value,
        "ground": decision.ground.value if decision.ground else None,
        "way": decision.way,
        "decided_on": today,
        "decided_by": who,
        "claimed_by": None,
        "claim_until": None,
        "unmasked_for": None,
        "sealed": None,
    }
    another = func.coalesce(col(TaskRow.not_by), "") != who
    mine = update(TaskRow).where(col(TaskRow.id) == id_, is_open(), _has(who, now), another)
    _check(session.exec(mine.values(**values).execution_options(synchronize_session=False)).rowcount)
    row = session.get_one(TaskRow, id_, populate_existing=True)
    release(session, fact(Matter(row.matter), row.subject))
    return row


def lift(session: Session, id_: str, today: date) -> TaskRow:
    """What was decided counts no more."""
    row = session.get_one(TaskRow, id_, with_for_update=True)
    row.lifted_on = today
    return row


def release(session: Session, name: str) -> int:
    """Let those go on that waited for a fact; how many they are."""
    waiting = update(TaskRow).where(col(TaskRow.waits_on) == name)
    return session.exec(waiting.values(waits_on="").execution_options(synchronize_session=False)).rowcount


def waiting(session: Session, name: str) -> int:
    """How many wait for a fact."""
    return session.exec(select(func.count()).where(col(TaskRow.waits_on) == name, is_open())).one()


def settle(session: Session, matter: Matter, subject: str, who: str, today: date) -> bool:
    """What was to be decided is dealt with elsewhere, as an address is that was looked at; whether it was asked."""
    same = col(TaskRow.matter) == matter.value, col(TaskRow.subject) == subject, is_open()
    done = {"choice": Choice.DONE.value, "decided_on": today, "decided_by": who, "claimed_by": None}
    asked = session.exec(update(TaskRow).where(*same).values(**done, claim_until=None, sealed=None)).rowcount
    release(session, fact(matter, subject))
    return bool(asked)


def take_back(session: Session, matter: Matter, subject: str) -> None:
    """Nobody is asked any more, as what was to be decided is gone."""
    same = col(TaskRow.matter) == matter.value, col(TaskRow.subject) == subject, is_open()
    session.exec(delete(TaskRow).where(*same))


def of_case(session: Session, case_id: str) -> list[TaskRow]:
    """What is to be decided of a case and what was, the oldest decision first."""
    rows = session.exec(select(TaskRow).where(col(TaskRow.case_id) == case_id)).all()
    return sorted(rows, key=lambda row: (row.decided_on or date.max, row.opened_on, row.id))


def counts(row: TaskRow) -> bool:
    """Whether it is decided, and nobody has lifted that."""
    return row.decided_on is not None and row.lifted_on is None


def can_be_contested(row: TaskRow, rows: Sequence[TaskRow]) -> bool:
    """Whether the person can ask for a second look: once, at what is refused them."""
    return counts(row) and row.choice in set(GROUNDS) and not any(one.contests == row.id for one in rows)


def purge(session: Session, today: date) -> int:
    """Delete those about no case whose time is over; how many they were."""
    return session.exec(delete(TaskRow).where(col(TaskRow.forget_on) <= today)).rowcount


# How a row stands


def is_open() -> ColumnElement[bool]:
    return col(TaskRow.decided_on).is_(None)


def is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody's, or the time of who had it is over."""
    return or_(col(TaskRow.claimed_by).is_(None), func.coalesce(col(TaskRow.claim_until), literal(0)) <= seconds(now))


def _has(who: str, now: datetime) -> ColumnElement[bool]:
    return and_(col(TaskRow.claimed_by) == who, col(TaskRow.claim_until) > seconds(now))


def is_mine(row: TaskRow, who: str, now: datetime) -> bool:
    """Whether it is in somebody's hands."""
    return row.decided_on is None and row.claimed_by == who and (row.claim_until or 0) > seconds(now)


def is_taken(row: TaskRow, who: str, now: datetime) -> bool:
    """Whether it is in the hands of somebody else."""
    return row.decided_on is None and row.claimed_by not in (None, who) and (row.claim_until or 0) > seconds(now)


def _check(changed: int) -> None:
    if changed != 1:
        raise NotInHand
