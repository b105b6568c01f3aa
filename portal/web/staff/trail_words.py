"""What the trail's page calls things."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.accounts import proof, provider
from portal.accounts.people import Account
from portal.accounts.permissions import Role
from portal.trail import Action, Outcome, Reason, Row, SubjectKind, Unnamed, What
from portal.web.record_words import FAULTS
from portal.web.staff.task_words import DECISIONS
from portal.web.staff.words import ROLES
from portal.web.words import Words

#: So many digits tell two cases, tasks or accounts apart for a reader.
SHORT = 8

ACTIONS: Mapping[Action, Words] = {
    Action.SIGN_IN: _l("Signed in"),
    Action.SIGN_IN_REFUSED: _l("Tried to sign in"),
    Action.SIGN_OUT: _l("Signed out"),
    Action.SESSION_ENDED: _l("Was signed out"),
    Action.ACCESS_REFUSED: _l("Tried to open a page"),
    Action.INVITED: _l("Invited somebody"),
    Action.ENROLLED: _l("Made what they sign in with"),
    Action.ACCOUNT_CHANGED: _l("Changed what somebody may do"),
    Action.GROUP_ADDED: _l("Let a group in"),
    Action.GROUP_CHANGED: _l("Changed what a group says of itself"),
    Action.GROUP_ENDED: _l("Ended a group"),
    Action.GROUP_SET_UP: _l("Accepted a group’s terms and made its key"),
    Action.GROUP_OPENED: _l("Opened what people let their group see"),
    Action.GROUP_RELOCKED: _l("Changed their group’s passphrase"),
    Action.GROUP_JOINED: _l("Put somebody into a group"),
    Action.GROUP_LEFT: _l("Took somebody out of a group"),
    Action.CAMPAIGN_SUBMITTED: _l("Asked for a campaign to be shown"),
    Action.CAMPAIGN_ENDED: _l("Ended a campaign"),
    Action.TASK_CLAIMED: _l("Took a task"),
    Action.TASK_RELEASED: _l("Gave a task back"),
    Action.TASK_DECIDED: _l("Decided a task"),
    Action.UNMASKED: _l("Unmasked a name"),
    Action.IDENTITY_ASKED: _l("Asked for an identity paper"),
    Action.IDENTITY_APPROVED: _l("Let somebody see an identity paper"),
    Action.IDENTITY_SEEN: _l("Saw an identity paper"),
    Action.ADDRESS_CONFIRMED: _l("Confirmed an address"),
    Action.REPORT_DONE: _l("Put right what was reported"),
    Action.ANSWER_TAKEN_DOWN: _l("Took down an organisation’s answer"),
    Action.EXPORTED: _l("Downloaded rows of the trail"),
    Action.GROUP_ACTED: _l("Said for a group what happened in a case"),
    Action.GROUP_EXPORTED: _l("Downloaded what a group sees"),
    Action.MEMBERS_BROUGHT: _l("Brought a list of members"),
    Action.MEMBERS_FILED: _l("Filed for members of a group"),
    Action.JOINT_SENT: _l("Sent a complaint of many"),
    Action.TRAIL_VERIFIED: _l("Checked the trail"),
    Action.ALARM: _l("Alarm: unmasked too many names"),
}

OUTCOMES: Mapping[Outcome, Words] = {Outcome.DONE: _l("Done"), Outcome.REFUSED: _l("Refused")}

#: Of all lists that a reason comes from, by the word that stands in the trail: two lists may share one.
REASONS: Mapping[StrEnum, Words] = {
    Reason.NO_PROOF: _l("They could not prove who they are"),
    Reason.NOT_SIGNED_IN: _l("Nobody was signed in"),
    Reason.ROLE: _l("Their role does not include it"),
    Reason.NOT_THEIRS: _l("It was not theirs"),
    Reason.TAKEN: _l("Somebody else was faster"),
    Reason.OVER: _l("The time for it was over"),
    Reason.TOO_OFTEN: _l("It was tried too often"),
    Reason.SECOND_PERSON: _l("A second person has not agreed"),
    Reason.LAST_ADMIN: _l("Nobody would be left to manage people"),
    Reason.DUPLICATE: _l("To see whether it is filed twice"),
    Reason.ABUSE: _l("To see whether it is abuse"),
    Reason.HELP_WANTED: _l("The person asked for help"),
    Reason.TO_ANSWER: _l("To answer the person"),
    Reason.TOO_MANY: _l("More names within an hour than work asks for"),
    Reason.NOT_WHOLE: _l("A row was not as it was written"),
    proof.Why.STALE: _l("The page was out of date, or was answered twice"),
    proof.Why.UNKNOWN: _l("Nobody signs in with this"),
    proof.Why.WRONG: _l("It was the wrong code, passkey or website"),
    proof.Why.REPEATED: _l("The code was used already"),
    proof.Why.COUNT: _l("There may be a copy of the passkey"),
    proof.Why.CLOSED: _l("The account is closed"),
    provider.Reason.CANCELLED: _l("The sign-in was stopped"),
    provider.Reason.NOT_BEGUN_HERE: _l("The sign-in was not begun in this browser, or took too long"),
    provider.Reason.ANOTHER_ISSUER: _l("The answer came from another sign-in service"),
    provider.Reason.BAD_CODE: _l("The sign-in service did not take its code back"),
    provider.Reason.BAD_TOKEN: _l("What the sign-in service said was not in order"),
    provider.Reason.NO_ANSWER: _l("The sign-in service did not answer"),
    provider.Reason.CANNOT_BE_ASKED_AGAIN: _l("The sign-in service cannot be asked again"),
    provider.Reason.NO_ROLE: _l("None of their groups has a role here"),
    provider.Reason.ONE_PROOF: _l("A second proof was missing"),
    provider.Reason.WITHDRAWN: _l("The sign-in service ended it"),
    provider.Reason.SOMEBODY_ELSE: _l("The sign-in service spoke of somebody else"),
    provider.Reason.HEARD_BEFORE: _l("The message was heard before"),
    provider.Reason.SIGNED_OUT_THERE: _l("They signed out at the sign-in service"),
    **FAULTS,
    **{choice: words.name for choice, words in DECISIONS.items()},
}

#: Who acts without an account.
UNNAMED: Mapping[Unnamed, Words] = {
    Unnamed.WORKER: _l("The portal itself"),
    Unnamed.CLI: _l("Somebody at the server, by command"),
    Unnamed.VISITOR: _l("Somebody who is not signed in"),
}

SUBJECTS: Mapping[SubjectKind, Words] = {
    SubjectKind.ACCOUNT: _l("Account"),
    SubjectKind.TASK: _l("Task"),
    SubjectKind.REPORT: _l("Report"),
    SubjectKind.CASE: _l("Case"),
    SubjectKind.GROUP: _l("Group"),
    SubjectKind.CAMPAIGN: _l("Campaign"),
    SubjectKind.IMPORT: _l("List of members"),
    SubjectKind.RECORD: _l("Record"),
}

#: What was done to the first row that is wrong.
WRONG: Mapping[What, Words] = {
    What.EDITED: _l("Something in it was changed after it was written."),
    What.MISSING: _l("It was taken out: the next row does not follow the one before."),
    What.INSERTED: _l("It was put in: it is one too many."),
    What.SWAPPED: _l("It stands in another place than it was written in."),
    What.REPLACED: _l("It, or one before it, was written anew: it is not the row that once stood here."),
    What.CUT: _l("It and those behind it were cut off: there were more rows once."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words. What somebody wrote into the database who owns it stands there as it is."""

    row: Row
    at: datetime | None
    """None where the row has no moment that there can be."""
    who: Words
    role: Words
    did: Words
    about: Words
    which: str
    """The first digits of what it was done to, where it has no name; of a case, the link's words."""
    case: str
    """The keyed hash of the case; empty where it was done to something else."""
    outcome: Words
    why: Words


def names(accounts: Iterable[Account]) -> Mapping[str, Words]:
    """Who is behind each id: accounts by their names, with the start of the id where it needs one; programs too.

    An account that is closed keeps its name for a year, so that the trail can tell whose it was.
    """
    found: list[Account] = [*accounts]
    called = [one.name or one.email for one in found]
    known = {one.id: _name(one, called.count(one.name or one.email) > 1) for one in found}
    return {**known, **{one.value: words for one, words in UNNAMED.items()}}


def _name(account: Account, shared: bool) -> Words:
    called, short = account.name or account.email, account.id[:SHORT]
    if not called:
        return short
    if not account.active:
        return _("%(name)s (closed, %(id)s)", name=called, id=short)
    return f"{called} ({short})" if shared else called


def line(row: Row, known: Mapping[str, Words]) -> Line:
    """A row in the words of the page."""
    is_case = row.subject_kind == SubjectKind.CASE
    whose = known.get(row.subject) if row.subject_kind == SubjectKind.ACCOUNT else None
    is_record = row.subject_kind == SubjectKind.RECORD
    return Line(
        row=row,
        at=_moment(row.at),
        who=named(row.actor, known),
        role=ROLES[Role(row.role)][0] if row.role in set(Role) else row.role,
        did=_word(ACTIONS, row.action),
        about=whose or _word(SUBJECTS, row.subject_kind),
        which="" if whose else row.subject if is_record else str(row.subject)[:SHORT],
        case=row.subject if is_case else "",
        outcome=_word(OUTCOMES, row.outcome),
        why=_word(REASONS, row.reason),
    )


def named(id_: str, known: Mapping[str, Words]) -> Words:
    """Who it was; whom the portal has forgotten by the start of their id."""
    return known.get(id_) or _("Account %(id)s", id=str(id_)[:SHORT])


def _word(words: Mapping[Any, Words], said: str) -> Words:
    """The words of what stands in a row; where they are of no list, as it stands there."""
    return words.get(said, said)


def _moment(at: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(at, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
