"""What goes into the trail.

What was done is noted in the transaction that does it; what was refused, in one of its own, as the other rolls back.
"""

from contextlib import AbstractContextManager
from enum import StrEnum
from functools import partial

from sqlmodel import Session

from portal import alarm, trail
from portal.accounts import proof, provider
from portal.cases.statements import Fault
from portal.database import transaction
from portal.law.looks import Verdict
from portal.trail import Action, Entry, Outcome, Reason, Subject, SubjectKind, Unnamed
from portal.web.house import house
from portal.web.staff.desk import Clerk


def note_refused(who: Clerk) -> None:
    """That somebody was kept from a page."""
    _alone(Entry(who.account.id, Action.ACCESS_REFUSED, None, _role(who), Outcome.REFUSED, Reason.ROLE))


def note_invited(session: Session, account_id: str | None) -> None:
    """That somebody was invited, by command; `account_id` is None where they are new."""
    _append(session, Entry(Unnamed.CLI, Action.INVITED, _account(account_id)))


def note_changed(session: Session, account_id: str) -> None:
    """That what somebody may do was changed, by command."""
    _append(session, Entry(Unnamed.CLI, Action.ACCOUNT_CHANGED, _account(account_id)))


def changing(who: Clerk, account_id: str) -> AbstractContextManager[Session]:
    """A transaction in which what somebody may do is changed; where it raises trail.Refused, that is noted alone."""
    entry = Entry(who.account.id, Action.ACCOUNT_CHANGED, _account(account_id), _role(who))
    return trail.recording(partial(transaction, house().engine), entry, house().clock())


def note_enrolled(session: Session, account_id: str) -> None:
    """That somebody made what they sign in with from now on; what they had before is gone."""
    _append(session, Entry(account_id, Action.ENROLLED, _account(account_id)))


def note_sign_in(session: Session, account_id: str) -> None:
    """That somebody signed in."""
    _append(session, Entry(account_id, Action.SIGN_IN))


def note_sign_in_refused(why: proof.Why | provider.Reason, account_id: str) -> None:
    """That somebody could not show who they are; `account_id` is empty where it is not known whose it is."""
    entry = Entry(Unnamed.VISITOR, Action.SIGN_IN_REFUSED, _account(account_id))
    _alone(entry, why)


def note_sign_out(session: Session, who: Clerk) -> None:
    """That somebody signed out."""
    _append(session, Entry(who.account.id, Action.SIGN_OUT, None, _role(who)))


def note_ended(why: provider.Reason, account_id: str) -> None:
    """That a visit ended as the identity provider wanted it, or would not say that it may go on."""
    _alone(Entry(Unnamed.VISITOR, Action.SESSION_ENDED, _account(account_id), reason=why))


def note_not_heard(why: provider.Reason) -> None:
    """That what was said in the name of the identity provider was not believed."""
    _alone(Entry(Unnamed.VISITOR, Action.SESSION_ENDED), why)


def note_report_done(session: Session, who: Clerk, report_id: str) -> None:
    """That somebody read a report and says that it was put right; it is deleted."""
    _append(session, Entry(who.account.id, Action.REPORT_DONE, Subject(SubjectKind.REPORT, report_id), _role(who)))


def note_task(session: Session, who: Clerk, action: Action, id_: str, choice: StrEnum | None = None) -> None:
    """That somebody took a task in hand, gave it out of it, or decided it, and how."""
    _append(session, Entry(who.account.id, action, Subject(SubjectKind.TASK, id_), _role(who), reason=choice))


def note_task_refused(who: Clerk, action: Action, id_: str, why: Reason) -> None:
    """That somebody could not do with a task what they wanted."""
    _alone(Entry(who.account.id, action, Subject(SubjectKind.TASK, id_), _role(who)), why)


def note_unmasked(session: Session, who: Clerk, case_id: str, reason: Reason) -> None:
    """That somebody was shown a name that is masked, and why; of too many within an hour the alarm is raised."""
    now, subject = house().clock(), trail.of_case(case_id, house().config.lookup_key)
    trail.append(session, Entry(who.account.id, Action.UNMASKED, subject, _role(who), reason=reason), now)
    alarm.raise_if_due(session, who.account.id, _role(who), now)


def note_identity(
    session: Session, who: Clerk, action: Action, case_id: str, why: Reason | None = None, *, refused: bool = False
) -> None:
    """That a copy of an identity document was asked for and why, that somebody was let see it or not, or saw it."""
    entry = Entry(who.account.id, action, trail.of_case(case_id, house().config.lookup_key), _role(who), reason=why)
    _append(session, trail.refused(entry, why) if refused and why else entry)


def note_identity_refused(who: Clerk, action: Action, case_id: str, why: Reason) -> None:
    """That somebody could not ask for a copy of an identity document, or not see it."""
    with transaction(house().engine) as session:
        note_identity(session, who, action, case_id, why, refused=True)


def note_group(session: Session, who: Clerk, action: Action, group_id: str) -> None:
    """That somebody did something to a group, or for it."""
    _append(session, Entry(who.account.id, action, Subject(SubjectKind.GROUP, group_id), _role(who)))


def note_group_refused(who: Clerk, action: Action, group_id: str, why: Reason) -> None:
    """That somebody could not do for a group what they wanted."""
    _alone(Entry(who.account.id, action, Subject(SubjectKind.GROUP, group_id), _role(who)), why)


def note_member(session: Session, who: Clerk, action: Action, account_id: str) -> None:
    """That somebody was put into a group, or out of it."""
    _append(session, Entry(who.account.id, action, _account(account_id), _role(who)))


def note_campaign(session: Session, who: Clerk, action: Action, campaign_id: str) -> None:
    """That somebody who works for a group did something with a campaign that others see."""
    _append(session, Entry(who.account.id, action, Subject(SubjectKind.CAMPAIGN, campaign_id), _role(who)))


def note_verified(session: Session, who: Clerk, *, whole: bool) -> None:
    """That somebody looked whether the trail is as it was written, and whether it is."""
    reason = None if whole else Reason.NOT_WHOLE
    _append(session, Entry(who.account.id, Action.TRAIL_VERIFIED, None, _role(who), reason=reason))


def note_exported(session: Session, who: Clerk) -> None:
    """That somebody took rows of the trail with them."""
    _append(session, Entry(who.account.id, Action.EXPORTED, None, _role(who)))


def note_address_confirmed(session: Session, who: Clerk, record: str, verdict: Verdict) -> None:
    """That somebody looked at the address of a record, and what they found. Last in its transaction."""
    subject = Subject(SubjectKind.RECORD, record)
    _append(session, Entry(who.account.id, Action.ADDRESS_CONFIRMED, subject, _role(who), reason=verdict))


def note_taken_down(session: Session, who: Clerk, organisation: str, why: Fault) -> None:
    """That somebody took down what an organisation said, and why."""
    subject = Subject(SubjectKind.RECORD, organisation)
    _append(session, Entry(who.account.id, Action.ANSWER_TAKEN_DOWN, subject, _role(who), reason=why))


def note_group_acted(session: Session, who: Clerk, action: Action, case_id: str) -> None:
    """That somebody did something in a case for the group that they work for."""
    _append(session, Entry(who.account.id, action, trail.of_case(case_id, house().config.lookup_key), _role(who)))


def note_members(session: Session, who: Clerk, action: Action, import_id: str) -> None:
    """That somebody brought a list of members, or filed for some of them; how many stands with the list."""
    _append(session, Entry(who.account.id, action, Subject(SubjectKind.IMPORT, import_id), _role(who)))


def note_group_exported(session: Session, who: Clerk) -> None:
    """That somebody took with them what their group sees."""
    _append(session, Entry(who.account.id, Action.GROUP_EXPORTED, None, _role(who)))


def _account(id_: str | None) -> Subject | None:
    return Subject(SubjectKind.ACCOUNT, id_) if id_ else None


def _role(who: Clerk) -> str:
    """Their role, where they have one alone."""
    roles = sorted(who.account.roles)
    return roles[0].value if len(roles) == 1 else ""


def _append(session: Session, entry: Entry) -> None:
    trail.append(session, entry, house().clock())


def _alone(entry: Entry, refused: StrEnum | None = None) -> None:
    """Note it in a transaction of its own."""
    if refused:
        entry = trail.refused(entry, refused)
    with transaction(house().engine) as session:
        _append(session, entry)
