"""What each role may do: one table."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody does for the portal; an account may have several."""

    TRIAGE = "triage"
    """Looks at what is filed and sees that it goes the right way; sees no name."""
    CASEWORKER = "caseworker"
    """Helps those who asked for it, and reads what they shared."""
    CUSTODIAN = "custodian"
    """Keeps identity papers: a second person's eyes before anybody sees one."""
    LAW_EDITOR = "law_editor"
    """Keeps the facts true: addresses, organisations, what is reported wrong."""
    GROUP_MANAGER = "group_manager"
    AUDITOR = "auditor"
    """Reads the trail and no case."""
    ADMIN = "admin"
    """Manages people and reads no case."""
    GROUP_MEMBER = "group_member"
    """Works for a group, not for the portal: sees what people let that group see, and nothing else."""


class Permission(StrEnum):
    """One thing that may be done."""

    TRIAGE = "triage"
    """See the queue's clear facts, take a task and decide it."""
    HELP = "help"
    """Read what is shared with the staff, and write to who filed it."""
    IDENTITY = "identity"
    KEEP_LAW = "keep_law"
    GROUPS = "groups"
    """Let groups in and end them, and read the words of their campaigns before they are shown."""
    OWN_GROUP = "own_group"
    """Run the campaigns of one's own group, and follow what people share with it."""
    TRAIL = "trail"
    PEOPLE = "people"
    FIGURES = "figures"
    """See how many tasks there are and how old: counts alone."""


ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.TRIAGE: frozenset({Permission.TRIAGE, Permission.FIGURES}),
    Role.CASEWORKER: frozenset({Permission.TRIAGE, Permission.HELP, Permission.FIGURES}),
    Role.CUSTODIAN: frozenset({Permission.IDENTITY}),
    Role.LAW_EDITOR: frozenset({Permission.KEEP_LAW, Permission.FIGURES}),
    Role.GROUP_MANAGER: frozenset({Permission.GROUPS}),
    Role.AUDITOR: frozenset({Permission.TRAIL, Permission.FIGURES}),
    Role.ADMIN: frozenset({Permission.PEOPLE}),
    Role.GROUP_MEMBER: frozenset({Permission.OWN_GROUP}),
}

#: Who must have shown more than one proof of who they are.
STRONG = frozenset({Role.CUSTODIAN, Role.ADMIN})


def proper(roles: Iterable[Role]) -> frozenset[Role]:
    """Who works for a group does nothing for the portal: beside that role no other counts."""
    given = frozenset(roles)
    return frozenset({Role.GROUP_MEMBER}) if Role.GROUP_MEMBER in given else given


def read(written: str) -> frozenset[Role]:
    """The roles that stand in a column."""
    return frozenset(Role(name) for name in written.split())


def written(roles: Iterable[Role]) -> str:
    """Roles as a column keeps them: their names, parted by spaces; of a group's member that one alone."""
    return " ".join(sorted(proper(roles)))


def permissions(roles: Iterable[Role]) -> frozenset[Permission]:
    """What all these roles may do together."""
    return frozenset().union(*(ROLES[role] for role in roles))
