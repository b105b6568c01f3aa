"""What follows from a decision of the staff, in the transaction that makes it."""

from datetime import date, datetime

from sqlmodel import Session

from portal.accounts.permissions import Permission
from portal.cases import campaigns, sights, tasks, thread
from portal.cases.models import TaskRow
from portal.cases.tasks import MAY, Choice, Matter


def carry_out(session: Session, decided: TaskRow, today: date, now: datetime) -> None:
    """Put what is to be done next, lift what counts no more, and let see what may be seen."""
    match Choice(decided.choice or ""):
        case Choice.HELP:
            _help(session, decided, today)
        case Choice.LIFTED if decided.contests:
            lifted = tasks.lift(session, decided.contests, today)
            if lifted.choice == Choice.DECLINE:
                _help(session, lifted, today)
        case Choice.APPROVED:
            sights.allow(session, decided, now)
        case Choice.ACCEPTED if decided.matter == Matter.CAMPAIGN:
            campaigns.show(session, decided.subject, today)
        case Choice.REFUSED if decided.matter == Matter.CAMPAIGN:
            campaigns.refuse(session, decided.subject)
        case _:
            pass
    if decided.matter in MAY[Permission.HELP]:
        _unread(session, decided, today)


def _unread(session: Session, decided: TaskRow, today: date) -> None:
    """What the person wrote while somebody decided is to be read as well."""
    assert decided.case_id
    if thread.unread(session, [decided.case_id], by_staff=True):
        tasks.put(session, tasks.new(Matter.MESSAGE, decided.case_id, today, of_case=True, urgent=decided.urgent))


def _help(session: Session, decided: TaskRow, today: date) -> None:
    """A caseworker takes it on, by the same window and as urgently."""
    assert decided.case_id
    wanted = tasks.new(
        Matter.HELP, decided.case_id, today, of_case=True, urgent=decided.urgent, closes_on=decided.closes_on
    )
    if decided.choice == Choice.DECLINE:
        wanted.not_by = decided.decided_by  # a colleague takes it on
    tasks.put(session, wanted)
