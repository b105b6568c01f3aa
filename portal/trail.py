"""The trail: who of the staff did what and when, refused things too, each row chained to the one before.

No row has a name, an address or free text: an account is a random id, a case a keyed hash, all else a word of a
list. The database refuses to change or delete a row. That stops a mistake, not whoever owns the database: they show
by the chain (SHA-256 over all that a row says and the hash of the row before) and by the heads that are noted
elsewhere. Whoever has the database and every copy of the heads in hand can make all of it anew.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, func, insert
from sqlmodel import Session, SQLModel, col, select

from portal.columns import Until, column, seconds
from portal.vault import derived, hashed

#: What the first row hangs on.
GENESIS = "0" * 64
#: Goes into every hash: another order of fields or another way to write them gets another mark.
_FORMAT = "rightface-trail-1"
#: The name, among the advisory locks of PostgreSQL, of the turn to append.
_TURN = 0x747261696C
#: So many rows are fetched at a time.
_MANY = 1_000


class Action(StrEnum):
    """What was done, or tried."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    SESSION_ENDED = "session_ended"
    ACCESS_REFUSED = "access_refused"
    INVITED = "invited"
    ENROLLED = "enrolled"
    ACCOUNT_CHANGED = "account_changed"
    GROUP_ADDED = "group_added"
    GROUP_CHANGED = "group_changed"
    GROUP_ENDED = "group_ended"
    GROUP_SET_UP = "group_set_up"
    """It accepted the terms and made its key."""
    GROUP_OPENED = "group_opened"
    """Somebody who works for it opened what people let it see."""
    GROUP_RELOCKED = "group_relocked"
    """Its key is under another passphrase."""
    GROUP_JOINED = "group_joined"
    """Somebody was put into a group."""
    GROUP_LEFT = "group_left"
    CAMPAIGN_SUBMITTED = "campaign_submitted"
    CAMPAIGN_ENDED = "campaign_ended"
    TASK_CLAIMED = "task_claimed"
    TASK_RELEASED = "task_released"
    TASK_DECIDED = "task_decided"
    UNMASKED = "unmasked"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_APPROVED = "identity_approved"
    IDENTITY_SEEN = "identity_seen"
    ADDRESS_CONFIRMED = "address_confirmed"
    REPORT_DONE = "report_done"
    ANSWER_TAKEN_DOWN = "answer_taken_down"
    """What an organisation said beside its figures is shown no more."""
    EXPORTED = "exported"
    GROUP_ACTED = "group_acted"
    """Whoever works for a group said what happened in a case, as its person lets the group."""
    GROUP_EXPORTED = "group_exported"
    MEMBERS_BROUGHT = "members_brought"
    MEMBERS_FILED = "members_filed"
    JOINT_SENT = "joint_sent"
    """A complaint of many went to an authority; an entry a case."""
    TRAIL_VERIFIED = "trail_verified"
    ALARM = "alarm"
    """More than anybody's work asks for; `portal.alarm` says what."""


class Outcome(StrEnum):
    """What became of it."""

    DONE = "done"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why it was refused, why somebody wanted to see what is masked, or what was found.

    Other parts have lists of their own, as sign-in has: what goes into the trail is a word of one of them.
    """

    NO_PROOF = "no_proof"
    """They could not prove who they are."""
    NOT_SIGNED_IN = "not_signed_in"
    ROLE = "role"
    """Their role may not."""
    NOT_THEIRS = "not_theirs"
    TAKEN = "taken"
    """Another was first."""
    OVER = "over"
    """The time of a link, a claim or an approval is over."""
    TOO_OFTEN = "too_often"
    SECOND_PERSON = "second_person"
    """Another must agree, and has not."""
    LAST_ADMIN = "last_admin"
    """Nobody would be left who can manage people."""

    DUPLICATE = "duplicate"
    ABUSE = "abuse"
    HELP_WANTED = "help_wanted"
    TO_ANSWER = "to_answer"
    """The person asked something."""

    TOO_MANY = "too_many"
    """More names unmasked within an hour than anybody's work asks for."""
    NOT_WHOLE = "not_whole"
    """The trail was looked at, and a row is not as it was written."""


class Unnamed(StrEnum):
    """Who acts without an account."""

    WORKER = "worker"
    CLI = "cli"
    VISITOR = "visitor"
    """Whoever is not signed in."""


class SubjectKind(StrEnum):
    """What it was done to."""

    ACCOUNT = "account"
    TASK = "task"
    REPORT = "report"
    CASE = "case"
    GROUP = "group"
    CAMPAIGN = "campaign"
    IMPORT = "import"
    """A list of members that a group brought."""
    RECORD = "record"
    """A record of the catalogue, as whose address was confirmed, or whose answer was taken down."""


_ID = re.compile(r"[0-9a-f]{32}")
_ROLE = re.compile(r"[a-z_]{0,20}")
#: How each is named: by a random id, by a keyed hash, by the catalogue's id. No name and no e-mail address fits.
_NAMED: Mapping[SubjectKind, re.Pattern[str]] = {
    SubjectKind.ACCOUNT: _ID,
    SubjectKind.TASK: _ID,
    SubjectKind.REPORT: _ID,
    SubjectKind.GROUP: _ID,
    SubjectKind.CAMPAIGN: _ID,
    SubjectKind.IMPORT: _ID,
    SubjectKind.CASE: re.compile(r"[0-9a-f]{64}"),
    SubjectKind.RECORD: re.compile(r"[a-z0-9-]{1,80}"),
}


def is_id(said: str) -> bool:
    """Whether it could be the random id of an account."""
    return bool(_ID.fullmatch(said))


class BadEntry(ValueError):
    """Something does not belong into the trail; the sentence names the field, never what stood in it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What something was done to. Raises BadEntry where the id is none of its kind."""

    kind: SubjectKind
    id: str

    def __post_init__(self) -> None:
        if not _NAMED[self.kind].fullmatch(self.id):
            raise BadEntry(f"the id is none of the kind {self.kind}")


def of_case(id_: str, lookup_key: bytes) -> Subject:
    """A case, by a keyed hash of its id.

    So the trail alone does not say which case it was; whoever has the portal's lookup key and the id of a case finds
    what was done to it. When the case is erased nobody has its id any more, and the row is about nobody.
    """
    return Subject(SubjectKind.CASE, hashed(id_.encode(), derived(lookup_key, "trail")))


@dataclass(frozen=True, slots=True)
class Entry:
    """What goes into the trail. Raises BadEntry where a field could hold what tells of a person."""

    actor: str
    """An account's random id, or one of Unnamed."""
    action: Action
    subject: Subject | None = None
    role: str = ""
    """As which they acted; empty where they have none."""
    outcome: Outcome = Outcome.DONE
    reason: StrEnum | None = None
    """A word of a list: of Reason, or of the part that refused."""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.actor) and self.actor not in set(Unnamed):
            raise BadEntry("the actor is neither an account's id nor one of those without an account")
        if not _ROLE.fullmatch(self.role):
            raise BadEntry("the role is no id of a role")
        if not isinstance(self.reason, StrEnum | None):
            raise BadEntry("the reason is no word of a list")
        if self.outcome is Outcome.REFUSED and self.reason is None:
            raise BadEntry("a refusal has a reason")


def refused(entry: Entry, reason: StrEnum) -> Entry:
    """The same, that it was refused, and why."""
    return replace(entry, outcome=Outcome.REFUSED, reason=reason)


class TrailRow(SQLModel, table=True):
    """That somebody of the staff, or a program, did something or was refused it."""

    __tablename__ = "trail"

    n: int = column("to see that no row is missing; 1, 2, 3 …", Until.TRAIL, primary_key=True)
    at: int = column("to know when it was; seconds since 1970", Until.TRAIL, sa_type=BigInteger, index=True)
    actor: str = column("to know who did it; an account's random id, or a program", Until.TRAIL, max_length=32)
    role: str = column("to know in which role they did it; empty for a program", Until.TRAIL, max_length=20)
    action: str = column("to know what was done or tried", Until.TRAIL, max_length=40)
    subject_kind: str = column("to know to what it was done, such as a task or a case", Until.TRAIL, max_length=20)
    subject: str = column("to know to which; a random id, of a case a keyed hash", Until.TRAIL, max_length=80)
    outcome: str = column("to know whether it was done or refused", Until.TRAIL, max_length=10)
    reason: str = column("to know why; a word of a list, never free text", Until.TRAIL, max_length=40)
    previous: str = column("to chain the row to the one before; the hash of that one", Until.TRAIL, max_length=64)
    hash: str = column("to show that nobody changed it; a hash of all that the row says", Until.TRAIL, max_length=64)


class Row(NamedTuple):
    """A row as it stands, field by field in the order of the hash."""

    n: int
    at: int
    actor: str
    role: str
    action: str
    subject_kind: str
    subject: str
    outcome: str
    reason: str
    previous: str
    hash: str = ""


_COLUMNS = [col(getattr(TrailRow, name)) for name in Row._fields]
_ORIGIN = Row(0, 0, "", "", "", "", "", "", "", "", GENESIS)


def digest(row: Row) -> str:
    """SHA-256, in hexadecimal, over a JSON list of the format and all fields but the hash; ASCII, without spaces."""
    return sha256(json.dumps([_FORMAT, *row[:-1]], separators=(",", ":"), default=repr).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """How far the trail had come."""

    n: int
    """How many rows there were."""
    hash: str
    """Of the last row."""
    at: datetime
    """When that row was written; of a head that was noted, when it was."""


# Writing


def append(session: Session, entry: Entry, now: datetime) -> int:
    """Add a row in the caller's transaction; its number.

    Whoever appends waits until all others who did have ended their transaction: append last, after every lock on
    other rows, or two can wait for each other.
    """
    _take_turn(session)
    before = head(session)
    row = _row(entry, before, now)
    session.execute(insert(TrailRow).values(row._replace(hash=digest(row))._asdict()))
    return row.n


class Refused(Exception):
    """Somebody may not do what they tried."""

    def __init__(self, reason: StrEnum) -> None:
        super().__init__(reason.value)
        self.reason = reason


@contextmanager
def recording(begin: Callable[[], AbstractContextManager[Session]], entry: Entry, now: datetime) -> Iterator[Session]:
    """A transaction that ends with its entry.

    Where Refused is raised in it, all is undone, and the refusal is recorded in a transaction of its own: a row in
    the one that was undone would vanish with it. Refused goes on to the caller. What breaks otherwise was neither
    done nor refused, and leaves nothing.
    """
    try:
        with begin() as session:
            yield session
            append(session, entry, now)
    except Refused as no:
        with begin() as session:
            append(session, refused(entry, no.reason), now)
        raise


def _take_turn(session: Session) -> None:
    """Wait for whoever is appending; on SQLite the transaction has waited at its beginning."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))


def _row(entry: Entry, before: Head, now: datetime) -> Row:
    return Row(
        n=before.n + 1,
        at=int(now.timestamp()),
        actor=str(entry.actor),
        role=entry.role,
        action=entry.action.value,
        subject_kind=entry.subject.kind.value if entry.subject else "",
        subject=entry.subject.id if entry.subject else "",
        outcome=entry.outcome.value,
        reason=entry.reason.value if entry.reason else "",
        previous=before.hash,
    )


# Reading


def head(session: Session) -> Head:
    """How far the trail has come; of an empty one, what the first row will hang on."""
    last = select(TrailRow.n, TrailRow.hash, TrailRow.at).order_by(col(TrailRow.n).desc()).limit(1)
    n, hash_, at = session.exec(last).first() or (_ORIGIN.n, _ORIGIN.hash, _ORIGIN.at)
    return Head(n, hash_, datetime.fromtimestamp(at, UTC))


def rows(session: Session) -> Iterator[Row]:
    """All rows in the order of their numbers, a few at a time."""
    ordered = select(*_COLUMNS).order_by(col(TrailRow.n)).limit(_MANY)
    page = session.execute(ordered).all()
    while page:
        yield from (Row(*found) for found in page)
        page = session.execute(ordered.where(col(TrailRow.n) > page[-1].n)).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are wanted; what is left empty keeps none away."""

    action: str = ""
    outcome: str = ""
    actor: str = ""
    case: str = ""
    """The keyed hash of a case, or how it begins."""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""

    def _rules(self) -> Iterator[ColumnElement[bool]]:
        for name in ("action", "outcome", "actor"):
            if said := getattr(self, name):
                yield col(getattr(TrailRow, name)) == said
        if self.case:
            yield col(TrailRow.subject_kind) == SubjectKind.CASE.value
            yield col(TrailRow.subject).startswith(self.case, autoescape=True)
        if self.since:
            yield col(TrailRow.at) >= seconds(self.since)
        if self.until:
            yield col(TrailRow.at) < seconds(self.until)


def newest(session: Session, wanted: Wanted, many: int, before: int | None = None) -> list[Row]:
    """At most so many of the rows that are wanted, the newest first; `before`: of those with a smaller number."""
    rules = [*wanted._rules(), *([] if before is None else [col(TrailRow.n) < before])]
    ordered = select(*_COLUMNS).where(*rules).order_by(col(TrailRow.n).desc()).limit(many)
    return [Row(*found) for found in session.execute(ordered)]


def how_many(session: Session, actor: str, action: Action, since: datetime) -> int:
    """How often somebody did something since a moment, that moment too; what was refused does not count."""
    wanted = Wanted(action.value, Outcome.DONE.value, actor, since=since)
    return session.scalar(select(func.count()).select_from(TrailRow).where(*wanted._rules())) or 0


class OtherTrail(ValueError):
    """Two trails have a row of the same number that is not the same."""


def going_on(session: Session, copy: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of a copy of the trail, as from a backup, the rows that the trail here does not have.

    Raises OtherTrail where it is a copy of another one: rows of two make no chain.
    """
    for here, there in zip_longest(rows(session), copy):
        if here is None:
            yield there
        elif there is not None and there["hash"] != here.hash:
            raise OtherTrail(f"the trail here has another row {here.n}")


# Verifying


class What(StrEnum):
    """What is wrong with a row."""

    EDITED = "edited"
    MISSING = "missing"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    REPLACED = "replaced"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that is not as it was written."""

    n: int
    what: What
    why: str
    """An English sentence, for whoever looks into it."""

    @property
    def sentence(self) -> str:
        return f"row {self.n} is {self.what}: {self.why}"


@dataclass(slots=True)
class _Known:
    """The heads that were kept elsewhere, and up to where they have been borne out."""

    hashes: dict[int, dict[str, Head]] = field(default_factory=dict)
    sure: int = 0

    def denies(self, row: Row) -> Fault | None:
        """Whether a head was noted at this row that says another hash."""
        for hash_, noted in self.hashes.get(row.n, {}).items():
            if hash_ != row.hash:
                one = f"one of the rows {self.sure + 1} to {row.n}" if self.sure + 1 < row.n else "it"
                why = f"the head noted at {noted.at:%Y-%m-%d %H:%M} UTC has another hash, so {one} was changed"
                return Fault(row.n, What.REPLACED, f"{why} and what follows chained anew.")
        if row.n in self.hashes:
            self.sure = row.n
        return None

    def longer(self, n: int) -> Fault | None:
        """Whether there were more rows once."""
        most = max(self.hashes, default=0)
        if most <= n:
            return None
        noted = next(iter(self.hashes[most].values()))
        return Fault(n + 1, What.CUT, f"at {noted.at:%Y-%m-%d %H:%M} UTC there were {most} rows, now there are {n}.")


def verify(rows: Iterable[Row], heads: Iterable[Head] = ()) -> Fault | None:
    """The first row that is wrong, of rows in the order of their numbers; None where all are as they were written.

    Reads the rows one by one and holds two of them. Without heads it cannot see a tail that was cut off, a chain that
    was made anew from some row on, nor rows that somebody appended as the portal does; with heads it sees the first
    two up to the newest head, to the row where one change is enough to tell, else to the stretch between two heads.
    """
    known, before, rest = _known(heads), _ORIGIN, iter(rows)
    for row in rest:
        fault = _broken(before, row, rest) or known.denies(row)
        if fault:
            return fault
        before = row
    return known.longer(before.n)


def _known(heads: Iterable[Head]) -> _Known:
    known = _Known()
    for one in heads:
        known.hashes.setdefault(one.n, {}).setdefault(one.hash, one)
    return known


def _broken(before: Row, row: Row, rest: Iterator[Row]) -> Fault | None:
    """What is wrong with a row, by itself and behind the one before; may look through the rest to tell."""
    n, whole, hangs = before.n + 1, row.hash == digest(row), row.previous == before.hash
    if row.n < n:
        return Fault(row.n, What.INSERTED, "it is one too many: numbers go up by one from 1.")
    if row.n == n and hangs:
        return None if whole else Fault(n, What.EDITED, "what it says is not what its hash was made of.")
    if stands := _elsewhere(before, row, rest):
        return Fault(n, What.SWAPPED, f"what belongs here stands as row {stands}.")
    if row.n > n:
        return Fault(n, What.MISSING, f"row {row.n} follows row {before.n}.")
    if whole:
        return Fault(n, What.REPLACED, f"it does not hang on row {before.n}: one of the two is not the one it was.")
    if row.previous == before.previous and _was(row, before.n):
        return Fault(before.n, What.INSERTED, f"the one that was row {before.n} stands as row {n}.")
    return Fault(n, What.EDITED, "what it says is not what its hash was made of.")


def _elsewhere(before: Row, row: Row, rest: Iterator[Row]) -> int | None:
    """The number of the row that was written to follow the one before, where it stands out of its place."""
    follows = (one.n for one in chain((row,), rest) if one.previous == before.hash and _was(one, before.n + 1))
    return next(follows, None)


def _was(row: Row, n: int) -> bool:
    """Whether a row had this number when it was written."""
    return digest(row._replace(n=n)) == row.hash
