"""The alarm: that an account unmasked more names than anybody's work asks for."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from portal import jobs, mail, trail
from portal.mail import Post
from portal.trail import Action, Entry, Reason, Subject, SubjectKind

#: More names than these within so long raise it.
MOST, WITHIN = 20, timedelta(hours=1)
#: So long whoever reads the trail is told first of all.
TOLD = timedelta(days=7)
#: The job that mails it.
JOB = "alarm"
_SUBJECT = "Rightface: more than {most} names unmasked within an hour"
_TEXT = """\
At {at} an account had unmasked more than {most} names within an hour.

The page “The trail” of the staff's application says who it was, to those who may
read it. This message names nobody.
"""


def raise_if_due(session: Session, actor: str, role: str, now: datetime) -> bool:
    """Whether it had to be raised: then it is in the trail, and a job mails it; of one account once an hour.

    Call it behind the entry of the unmasking, in its transaction. Whoever appends has the turn until the transaction
    ends, so of two unmaskings at once the second sees the first; and no other lock is waited for, as the job is put
    by who has the turn alone.
    """
    since = now - WITHIN
    due = trail.how_many(session, actor, Action.UNMASKED, since) > MOST
    if not due or trail.how_many(session, actor, Action.ALARM, since):
        return False
    entry = Entry(actor, Action.ALARM, Subject(SubjectKind.ACCOUNT, actor), role, reason=Reason.TOO_MANY)
    trail.append(session, entry, now)
    jobs.put(session, JOB, f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", now)
    return True


def tell(post: Post | None, at: str, now: datetime) -> None:
    """Mail that it was raised, where there is somebody to mail it to. Raises OSError where the mail is not taken."""
    if post:
        mail.send(post, _SUBJECT.format(most=MOST), _TEXT.format(at=at, most=MOST), now)
