"""What every column says of itself: why it is there, and until when."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

#: So that a migration can name what it changes, on every engine.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Until(StrEnum):
    """When what stands in a column goes; `cases.retention` has the days."""

    DRAFT = "draft"
    """When the letter is taken, on leaving, or after two hours."""
    SESSION = "session"
    """When the person leaves, after half an hour without a step, or after eight hours."""
    CASE = "case"
    """With the case: on request at once, else when nobody can need it any more."""
    IDENTITY = "identity"
    """When the letter is sent, else after thirty days; on request at once."""
    REPORT = "report"
    """When it has been read and mended, else after ninety days."""
    TASK = "task"
    """With its case; where it is about none, when its time is over."""
    SIGHT = "sight"
    """A quarter of an hour after a second person agreed; sooner where the paper goes or the person takes it back."""
    CONFIRMATION = "confirmation"
    """When it counts no more: after a year."""
    ACCOUNT = "account"
    """When whoever it is no longer works for the portal, and nothing open is theirs."""
    GROUP = "group"
    """A year after the group has ended; what people shared with it, at once."""
    IMPORT = "import"
    """A week after a group brought it: then its cases stand for themselves, and their keys are with their people."""
    STAFF_SESSION = "staff_session"
    """When they sign out, after half an hour without a step, or after twelve hours."""
    INVITATION = "invitation"
    """A day after it was made; it can be used once, in its first quarter of an hour."""
    LIMIT = "limit"
    """After a day."""
    JOB = "job"
    """When it is done, else thirty days after it was due."""
    RECORD = "record"
    """Never: it counts, and names nobody."""
    STATEMENT = "statement"
    """Never: an organisation says it to everybody."""
    TRAIL = "trail"
    """Never, while the portal runs: it names nobody, and a chain that loses rows proves nothing."""


def new_id() -> str:
    """The id of a row: 128 random bits in hexadecimal; nobody guesses it, and it says nothing."""
    return secrets.token_hex(16)


def seconds(moment: datetime) -> int:
    """A moment as tables keep it: whole seconds since 1970."""
    return int(moment.timestamp())


#: How the purpose of a column ends that holds ciphertext alone; a test holds every column of bytes to it.
SEALED = "; sealed"


def column(purpose: str, until: Until, **more: Any) -> Any:
    """A column of a table. A column without purpose and period fails a test, and the pages are written from them."""
    return Field(sa_column_kwargs={"info": {"purpose": purpose, "until": until}}, **more)


def is_sealed(purpose: str) -> bool:
    """Whether a column's purpose says that what stands in it is ciphertext."""
    return purpose.endswith(SEALED)
