"""How often one network may do what costs us, or endangers others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from sqlalchemy import Engine, bindparam
from sqlmodel import Session, SQLModel, col, delete, select

from portal.columns import Until, column
from portal.database import transaction
from portal.upsert import INSERT, insert
from portal.vault import hashed, new_key


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in each stretch of time; `why` is the reason of the number."""

    times: int
    within: timedelta
    why: str


#: A shelter or a university is one network with hundreds of people: a number that locks them out is wrong.
LIMITS: Mapping[str, Limit] = {
    "render": Limit(300, timedelta(minutes=10), "a person looks ten times; thirty people of a clinic at once fit in"),
    "details": Limit(
        1_000,
        timedelta(minutes=10),
        "a letter takes minutes; a workshop of a hundred, each mending it ten times",
    ),
    "file": Limit(120, timedelta(hours=1), "a person files once; a workshop of a hundred people files in one hour"),
    "upload": Limit(300, timedelta(hours=1), "a case has a few papers; each costs disk that we cannot look into"),
    "message": Limit(120, timedelta(hours=1), "a person writes a few; staff read each of them"),
    "sign_in": Limit(
        120, timedelta(minutes=10), "all the staff of a portal may sit in one office; this keeps guessing slow"
    ),
    "api": Limit(
        3_000,
        timedelta(minutes=10),
        "all of the law is some thirty pages of a list; a class of a hundred, each asking for all of it",
    ),
    "key": Limit(60, timedelta(minutes=10), "120 bits cannot be guessed: this only keeps the machine for people"),
}


@dataclass(frozen=True, slots=True)
class Left:
    """How often one may do it again, and in how many seconds the count begins anew."""

    times: int
    seconds: int


class TooMany(Exception):
    """The network has done this too often; `retry_after` seconds from now it may again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts from one network")
        self.retry_after = retry_after


class LimitKeyRow(SQLModel, table=True):
    """The key of a day: without it nobody can find out which network a count belongs to."""

    __tablename__ = "limit_keys"

    day: date = column("whose key it is", Until.LIMIT, primary_key=True)
    key: bytes = column("to count networks without knowing them; random", Until.LIMIT)


class LimitRow(SQLModel, table=True):
    """How often one network did one thing in one stretch of time."""

    __tablename__ = "limits"

    id: str = column(
        "to count on; a hash of what, network and time under the key of the day",
        Until.LIMIT,
        primary_key=True,
        max_length=64,
    )
    count: int = column("how often, so that nobody takes the portal from the others", Until.LIMIT)
    ends_at: int = column("to forget it in time; seconds since 1970", Until.LIMIT, index=True)


_KEY = select(LimitKeyRow.key).where(col(LimitKeyRow.day) == bindparam("day"))


def attempt(engine: Engine, what: str, address: str, now: datetime, limits: Mapping[str, Limit] = LIMITS) -> Left:
    """Count an attempt, also one that is refused, in a transaction of its own. Raises TooMany."""
    return attempt_by(engine, what, network(address), now, limits[what])


def attempt_by(engine: Engine, what: str, whom: str, now: datetime, limit: Limit) -> Left:
    """The same of somebody who is told by something else than a network, and known to nobody by their count."""
    ends_at, seconds = _end(limit, now), int(now.timestamp())
    with transaction(engine) as session:
        count = _counted(session, _id(session, what, whom, now, ends_at), ends_at)
    if count > limit.times:
        raise TooMany(ends_at - seconds)
    return Left(limit.times - count, ends_at - seconds)


def let_off(session: Session, what: str, whom: str, now: datetime, limit: Limit) -> None:
    """Forget their attempts: the last one was good."""
    id_ = _id(session, what, whom, now, _end(limit, now))
    session.exec(delete(LimitRow).where(col(LimitRow.id) == id_))


def _end(limit: Limit, now: datetime) -> int:
    """When the stretch of time is over in which we are."""
    stretch = int(limit.within.total_seconds())
    seconds = int(now.timestamp())
    return seconds - seconds % stretch + stretch


def _id(session: Session, what: str, whom: str, now: datetime, ends_at: int) -> str:
    return hashed(f"{what} {whom} {ends_at}".encode(), _key_of(session, now.astimezone(UTC).date()))


def network(address: str) -> str:
    """Whom an address belongs to, roughly: the /24 of an IPv4 address, the /56 of an IPv6 one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network((found, 24 if found.version == 4 else 56), strict=False))


def purge(session: Session, now: datetime) -> int:
    """Delete the counts that are over and the keys of days that are; how many they were."""
    today = now.astimezone(UTC).date()
    counts = session.exec(delete(LimitRow).where(col(LimitRow.ends_at) <= int(now.timestamp()))).rowcount
    return counts + session.exec(delete(LimitKeyRow).where(col(LimitKeyRow.day) < today)).rowcount


def _key_of(session: Session, day: date) -> bytes:
    """The day's key, made by whoever comes first; those of the days before go then."""
    found = session.exec(_KEY, params={"day": day}).first()
    if found:
        return found
    session.exec(delete(LimitKeyRow).where(col(LimitKeyRow.day) < day))
    session.exec(insert(session, LimitKeyRow).values(day=day, key=new_key()).on_conflict_do_nothing())
    return session.exec(_KEY, params={"day": day}).one()


def _counted(session: Session, id_: str, ends_at: int) -> int:
    """One more, in one statement, so that two at the same moment are two."""
    values = {"id": id_, "count": 1, "ends_at": ends_at}
    return int(session.connection().execute(_one_more(session.get_bind().dialect.name), values).scalar_one())


@cache
def _one_more(database: str) -> Any:
    """The statement, as this database says it; made once, as that takes longer than to send it."""
    more = {"count": col(LimitRow.count) + 1}
    new = INSERT[database](LimitRow).on_conflict_do_update(index_elements=["id"], set_=more)
    return new.returning(col(LimitRow.count))
