"""The tables."""

from sqlmodel import Field, SQLModel


class DraftRow(SQLModel, table=True):
    """A person's details on their way to a letter: ciphertext under a key that only their browser holds."""

    __tablename__ = "drafts"

    id: str = Field(primary_key=True, max_length=32)
    """Random; purpose: to find the draft of one tab."""
    owner: str = Field(index=True, max_length=64)
    """A hash of the browser's key; purpose: to forget all that a browser wrote, at once."""
    sealed: bytes
    """Purpose: the details and the edited text; gone when the letter is taken, on leaving, or after two hours."""
    expires_at: int = Field(index=True)
    """Seconds since 1970; purpose: forgetting."""
