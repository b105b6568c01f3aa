"""Challenges: what a passkey has to sign, once and soon."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from portal.accounts.models import ChallengeRow
from portal.upsert import insert
from portal.vault import hashed

#: How long a challenge may be answered.
LIFE = timedelta(minutes=5)
_SIZE = 32


def new() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(_SIZE)


def spend(session: Session, challenge: bytes, now: datetime) -> bool:
    """Take the answer to a challenge; whether it is the first. Remembered for as long as it may be answered."""
    seconds = int((now + LIFE).timestamp())
    new = insert(session, ChallengeRow).values(id=hashed(challenge), ends_at=seconds)
    kept = session.exec(new.on_conflict_do_nothing().returning(col(ChallengeRow.id)))
    return kept.first() is not None


def purge(session: Session, now: datetime) -> int:
    """Delete those that nobody may answer any more; how many they were."""
    return session.exec(delete(ChallengeRow).where(col(ChallengeRow.ends_at) <= int(now.timestamp()))).rowcount
