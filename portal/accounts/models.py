"""The tables of those who work for the portal, and of the groups that stand by people.

Their names and addresses are sealed under a key that the staff's application alone has: the public one, seized, does
not tell who works here.
"""

from datetime import date

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import SQLModel

from portal.columns import Until, column

_ID = 32
_HASH = 64


class GroupRow(SQLModel, table=True):
    """An organisation that stands by people: what it says of itself, and the key of what they let it see."""

    __tablename__ = "groups"

    id: str = column("to name the group without a word of it; random", Until.GROUP, primary_key=True, max_length=_ID)
    slug: str = column("to name the group in addresses", Until.GROUP, unique=True, max_length=60)
    name: str = column("what it is called, on its pages", Until.GROUP, max_length=120)
    page: str = column("its own public page", Until.GROUP, max_length=300)
    email: str = column("its own public address, so that people reach it", Until.GROUP, max_length=254)
    place: str = column("where it has its seat, to know which law admits its mandates", Until.GROUP, max_length=12)
    mandated: bool = column(
        "whether it says that the law lets it act for others without gain, as with a mandate", Until.GROUP
    )
    made_on: date = column("when staff let it in", Until.GROUP)
    terms: str = column("which terms it accepted; their version, or nothing", Until.GROUP, default="", max_length=20)
    terms_on: date | None = column("when it accepted them", Until.GROUP, default=None)
    terms_by: str | None = column(
        "who accepted them; an account's random id", Until.GROUP, default=None, max_length=_ID
    )
    public_key: bytes | None = column("to seal what only the group can read", Until.GROUP, default=None)
    locked: bytes | None = column("its private key, under its own passphrase; sealed", Until.GROUP, default=None)
    ended_on: date | None = column(
        "since when it sees nothing any more, to forget it in time", Until.GROUP, default=None, index=True
    )


class AccountRow(SQLModel, table=True):
    """Somebody who works for the portal, or for a group."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("lookup"),)

    id: str = column("to name the account in the trail; random", Until.ACCOUNT, primary_key=True, max_length=_ID)
    lookup: str = column(
        "to find who signs in: a keyed hash of the identity provider and its name for them",
        Until.ACCOUNT,
        max_length=_HASH,
    )
    roles: str = column("what they may do; names of roles, parted by spaces", Until.ACCOUNT, max_length=120)
    group_id: str | None = column(
        "for which group they work, where it is not the portal; a random id",
        Until.ACCOUNT,
        default=None,
        foreign_key="groups.id",
        ondelete="CASCADE",
        index=True,
        max_length=_ID,
    )
    closed_on: date | None = column(
        "since when they may not sign in, to forget them in time", Until.ACCOUNT, default=None, index=True
    )
    sealed: bytes = column("name and e-mail address, so that an admin knows who it is; sealed", Until.ACCOUNT)


class StaffSessionRow(SQLModel, table=True):
    """That somebody who works for the portal is signed in."""

    __tablename__ = "staff_sessions"

    id: str = column(
        "to find the visit of a browser; a hash of what its cookie holds",
        Until.STAFF_SESSION,
        primary_key=True,
        max_length=_HASH,
    )
    account_id: str = column(
        "whose visit it is",
        Until.STAFF_SESSION,
        foreign_key="accounts.id",
        ondelete="CASCADE",
        index=True,
        max_length=_ID,
    )
    strong: bool = column("whether they showed more than one proof of who they are", Until.STAFF_SESSION)
    provider_session: str = column(
        "to end the visit when the identity provider ends it; a keyed hash of its name there",
        Until.STAFF_SESSION,
        max_length=_HASH,
        index=True,
    )
    checked_at: int = column(
        "when the identity provider was last asked whether they still may; seconds since 1970", Until.STAFF_SESSION
    )
    idle_at: int = column(
        "to end it after half an hour without a step; seconds since 1970", Until.STAFF_SESSION, index=True
    )
    ends_at: int = column("to end it after twelve hours; seconds since 1970", Until.STAFF_SESSION, index=True)
    sealed: bytes = column(
        "what the identity provider gave, to ask it again and to sign out there; sealed", Until.STAFF_SESSION
    )


class GroupOpeningRow(SQLModel, table=True):
    """That somebody who works for a group has opened what people let it see."""

    __tablename__ = "group_openings"

    id: str = column(
        "of which visit",
        Until.STAFF_SESSION,
        primary_key=True,
        foreign_key="staff_sessions.id",
        ondelete="CASCADE",
        max_length=_HASH,
    )
    sealed: bytes = column("the group's private key, under what only the cookie holds; sealed", Until.STAFF_SESSION)


class LogoutMessageRow(SQLModel, table=True):
    """That the identity provider said once that somebody signed out there."""

    __tablename__ = "logout_messages"

    id: str = column(
        "to refuse a message of the identity provider that comes twice; a keyed hash of its name",
        Until.LIMIT,
        primary_key=True,
        max_length=_HASH,
    )
    ends_at: int = column("until when it would be good; seconds since 1970", Until.LIMIT, index=True)


class InvitationRow(SQLModel, table=True):
    """That somebody may make what they sign in with, where the portal has no identity provider."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("lookup"),)

    id: str = column(
        "to find the invitation of a link; a hash of what the link holds",
        Until.INVITATION,
        primary_key=True,
        max_length=_HASH,
    )
    lookup: str = column(
        "to let a new invitation take the place of an older one; a keyed hash of the e-mail address",
        Until.INVITATION,
        max_length=_HASH,
    )
    account_id: str | None = column(
        "whose lost device it makes up for; nobody's, where somebody is new",
        Until.INVITATION,
        default=None,
        foreign_key="accounts.id",
        ondelete="CASCADE",
        index=True,
        max_length=_ID,
    )
    roles: str = column(
        "what they will be able to do; names of roles, parted by spaces", Until.INVITATION, max_length=120
    )
    group_id: str | None = column(
        "for which group they will work; a random id",
        Until.INVITATION,
        default=None,
        foreign_key="groups.id",
        ondelete="CASCADE",
        max_length=_ID,
    )
    used: bool = column("to say that a link was used, and let it do nothing more", Until.INVITATION, default=False)
    ends_at: int = column("to end it after a quarter of an hour; seconds since 1970", Until.INVITATION, index=True)
    sealed: bytes = column("name and e-mail address of who is invited; sealed", Until.INVITATION)


class CredentialRow(SQLModel, table=True):
    """What somebody signs in with, where the portal has no identity provider."""

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("lookup"),)

    id: str = column("to name it; random", Until.ACCOUNT, primary_key=True, max_length=_ID)
    account_id: str = column(
        "who signs in with it",
        Until.ACCOUNT,
        foreign_key="accounts.id",
        ondelete="CASCADE",
        index=True,
        max_length=_ID,
    )
    kind: str = column("whether it is a passkey or codes of an app", Until.ACCOUNT, max_length=8)
    lookup: str = column(
        "to find it when somebody signs in; a keyed hash of what the passkey calls itself, or of the account",
        Until.ACCOUNT,
        max_length=_HASH,
    )
    count: int = column(
        "to refuse a copy of a passkey and a code that was used; how often it was used, or in which half minute",
        Until.ACCOUNT,
        sa_type=BigInteger,
    )
    sealed: bytes = column("the public key of a passkey, or the secret that makes the codes; sealed", Until.ACCOUNT)


class ChallengeRow(SQLModel, table=True):
    """That a challenge to a passkey was answered."""

    __tablename__ = "challenges"

    id: str = column(
        "to refuse the same answer twice; a hash of random bytes", Until.LIMIT, primary_key=True, max_length=_HASH
    )
    ends_at: int = column("to forget it in time; seconds since 1970", Until.LIMIT, index=True)
