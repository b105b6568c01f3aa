"""The tables of those who work for the portal.

Their names and addresses are sealed under a key that the staff's application alone has: the public one, seized, does
not tell who works here.
"""

from datetime import date

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import SQLModel

from portal.columns import Until, column

_ID = 32
_HASH = 64


class AccountRow(SQLModel, table=True):
    """Somebody who works for the portal."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("lookup"),)

    id: str = column("to name the account in the trail; random", Until.ACCOUNT, primary_key=True, max_length=_ID)
    lookup: str = column(
        "to find who signs in: a keyed hash of the identity provider and its name for them",
        Until.ACCOUNT,
        max_length=_HASH,
    )
    roles: str = column("what they may do; names of roles, parted by spaces", Until.ACCOUNT, max_length=120)
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
