"""What the staff's pages call things."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.accounts.invitations import State
from portal.accounts.permissions import Role
from portal.accounts.proof import Why
from portal.accounts.provider import Reason
from portal.cases import confirmations
from portal.web.words import Words

#: Each role, and what whoever has it does.
ROLES: Mapping[Role, tuple[Words, Words]] = {
    Role.TRIAGE: (_l("Triage"), _l("Looks at what is filed and sees that it goes the right way. Sees no name.")),
    Role.CASEWORKER: (_l("Caseworker"), _l("Helps those who asked for help, and reads what they shared.")),
    Role.CUSTODIAN: (_l("Custodian"), _l("Looks after identity papers. Needs a second proof when signing in.")),
    Role.LAW_EDITOR: (_l("Law editor"), _l("Keeps addresses, organisations and facts of the law true.")),
    Role.GROUP_MANAGER: (_l("Group manager"), _l("Looks after advocacy groups and their campaigns.")),
    Role.AUDITOR: (_l("Auditor"), _l("Reads the trail of what was done, and no case.")),
    Role.GROUP_MEMBER: (_l("Member of a group"), _l("Works for a group, and sees what people let that group see.")),
    Role.ADMIN: (_l("Admin"), _l("Manages people, and reads no case. Needs a second proof when signing in.")),
}

_NOT_HERE = (
    _l("You may not work here yet"),
    _l("You signed in, but no role in this portal belongs to your groups. Ask for one."),
)
#: Why somebody is not let in, or not any more: what it is called, and what to do. What is not here has no page.
REFUSALS: Mapping[Reason, tuple[Words, Words]] = {
    Reason.CANCELLED: (_l("You did not sign in"), _l("The sign-in was stopped. You can begin it again.")),
    Reason.NOT_BEGUN_HERE: (
        _l("This sign-in cannot go on"),
        _l("It was begun in another browser or another tab, or took too long. Begin it again here."),
    ),
    Reason.ANOTHER_ISSUER: (
        _l("This sign-in cannot go on"),
        _l("The answer did not come from this portal's sign-in service. Begin again. If this comes back, tell us."),
    ),
    Reason.BAD_CODE: (
        _l("This sign-in cannot go on"),
        _l("It was used already, or took too long. Begin it again."),
    ),
    Reason.BAD_TOKEN: (
        _l("We could not check who you are"),
        _l("What the sign-in service said about you was not in order. Begin again. If this comes back, tell us."),
    ),
    Reason.NO_ANSWER: (
        _l("The sign-in service does not answer"),
        _l("It may be down, or not be set up for this portal. Try again in a few minutes."),
    ),
    Reason.CANNOT_BE_ASKED_AGAIN: (
        _l("The sign-in service is not set up for this portal"),
        _l("It does not let the portal ask again whether you still work here. Whoever set it up can change that."),
    ),
    Reason.NO_ROLE: _NOT_HERE,
    Reason.CLOSED: _NOT_HERE,
    Reason.ONE_PROOF: (
        _l("A second proof is needed"),
        _l(
            "Your role is open only to who shows two proofs when signing in, such as a password and a security key. "
            "Set up a second one at the sign-in service, then sign in again."
        ),
    ),
    Reason.WITHDRAWN: (
        _l("You are signed out"),
        _l("The sign-in service says that this sign-in is over. You can sign in again."),
    ),
    Reason.SOMEBODY_ELSE: (
        _l("You are signed out"),
        _l("The sign-in service spoke of somebody else than before. Sign in again."),
    ),
}

_OPENS_NOTHING = _l("This passkey opens nothing here. If you lost yours, ask for a new link.")
#: Why a passkey was refused, and what to do.
REFUSED: Mapping[Why, Words] = {
    Why.STALE: _l("This page is out of date. Please do it once more."),
    Why.UNKNOWN: _OPENS_NOTHING,
    Why.WRONG: _OPENS_NOTHING,
    Why.COUNT: _l(
        "This passkey is refused: it says that it was used less often than it has been here, so there may be a copy "
        "of it. Tell an admin, and ask for a new link."
    ),
    Why.CLOSED: _l("Your account is closed. Ask an admin."),
}

#: Why a link cannot be used: what it is called, and what to do.
NOT_INVITED: Mapping[State, tuple[Words, Words]] = {
    State.USED: (
        _l("This link was used already"),
        _l("Each link works once. If it was you, sign in. If it was not, tell an admin at once."),
    ),
    State.LATE: (_l("This link is too old"), _l("Each link works for 15 minutes. Ask for a new one.")),
    State.UNKNOWN: (
        _l("This link does not work"),
        _l("A part of it may be missing, or a newer link took its place. Ask for a new one."),
    ),
}

#: What addresses that stand alike are called together, and what there is to do with them.
STATES: Mapping[confirmations.State, tuple[Words, Words]] = {
    confirmations.State.WRONG: (
        _l("Found wrong"),
        _l("Whoever writes to them is warned, until the data file has the right address."),
    ),
    confirmations.State.DUE: (_l("To be looked at"), _l("Those whose answer most open cases wait for come first.")),
    confirmations.State.LOOKED_AT: (_l("Looked at"), _l("There is nothing to do with these for now.")),
}

#: The parts of a contact that can be “check”, as staff read them.
PARTS: Mapping[str, Words] = {
    "address": _l("address"),
    "email": _l("e-mail address"),
    "form": _l("form"),
    "phone": _l("telephone"),
    "fax": _l("fax"),
    "web": _l("website"),
}

#: Why something is not taken for a page where somebody looked, and what to do.
NOT_A_PAGE: Mapping[confirmations.Why, Words] = {
    confirmations.Why.TOO_LONG: _l(
        "Use at most %(longest)s characters: a page that leads there will do", longest=confirmations.LONGEST_PAGE
    ),
    confirmations.Why.NO_PAGE: _l("Enter the address of a page, for example https://www.example.org/contact"),
    confirmations.Why.NOT_HTTPS: _l("Enter an address that begins with https://: others can be forged on the way"),
    confirmations.Why.PRIVATE: _l(
        "Leave out names, passwords and what stands from “?” on: it may hold what only you should have. A page that "
        "leads there will do."
    ),
}
