"""Makes trails, and does to copies of them what somebody could do who owns the database."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from portal.trail import (
    GENESIS,
    Action,
    Entry,
    Head,
    Outcome,
    Reason,
    Row,
    Subject,
    SubjectKind,
    What,
    digest,
    of_case,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
#: How many rows a trail of these tests has, and after how many a head is noted.
LENGTH, EVERY = 60, 10
#: A mutation gives what became of the rows, at which row that shows, and as what.
Mutation = Callable[[Random, Sequence[Row]], tuple[list[Row], int, What]]


def an_id(random: Random) -> str:
    return f"{random.getrandbits(128):032x}"


def an_entry(random: Random) -> Entry:
    """Any entry that the trail takes."""
    id_ = an_id(random)
    subject = random.choice(
        [
            None,
            Subject(SubjectKind.TASK, id_),
            Subject(SubjectKind.ACCOUNT, id_),
            Subject(SubjectKind.RECORD, "clearview-ai"),
            of_case(id_, b"a lookup key"),
        ]
    )
    outcome = random.choice([*Outcome])
    reason = random.choice([*Reason]) if outcome is Outcome.REFUSED else None
    return Entry(an_id(random), random.choice([*Action]), subject, "triage", outcome, reason)


def a_row(random: Random) -> Row:
    """What such an entry says, in no chain yet."""
    entry = an_entry(random)
    subject = entry.subject
    return Row(
        n=0,
        at=int(NOW.timestamp()) + random.randrange(1_000_000),
        actor=entry.actor,
        role=entry.role,
        action=entry.action.value,
        subject_kind=subject.kind.value if subject else "",
        subject=subject.id if subject else "",
        outcome=entry.outcome.value,
        reason=entry.reason.value if entry.reason else "",
        previous="",
    )


def chained(rows: Iterable[Row], before: Row | None = None) -> list[Row]:
    """Rows hung one on the other, as the portal does it."""
    made: list[Row] = []
    for row in rows:
        n, previous = (before.n + 1, before.hash) if before else (1, GENESIS)
        row = row._replace(n=n, previous=previous)
        before = row._replace(hash=digest(row))
        made.append(before)
    return made


def a_trail(seed: int = 0, length: int = LENGTH) -> list[Row]:
    random = Random(seed)
    return chained(a_row(random) for _ in range(length))


def heads_of(rows: Sequence[Row], every: int = EVERY) -> list[Head]:
    """The heads as they were noted while the trail grew."""
    return [Head(row.n, row.hash, NOW + timedelta(hours=n)) for n, row in enumerate(rows) if row.n % every == 0]


def another(random: Random, value: str | int) -> str | int:
    """Another value of the same kind, mostly of the same length."""
    if isinstance(value, int):
        return value + random.choice([-1, 1]) * random.randrange(1, 1_000)
    if not value:
        return random.choice(["x", " ", "role"])
    at = random.randrange(len(value))
    changed = value[:at] + random.choice([one for one in "0123456789abcdef" if one != value[at]]) + value[at + 1 :]
    return random.choice([changed, value[:-1], value + "0"])


def _at(random: Random, rows: Sequence[Row], last: int = 0) -> int:
    """A place among the rows; `last` of them are left out at the end."""
    return random.randrange(len(rows) - last)


def _next_head(n: int) -> int:
    """The first number from `n` on at which a head was noted."""
    return -(-n // EVERY) * EVERY


# Mutations


def edit(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """Any field but the number gets another value."""
    at, name = _at(random, rows), random.choice(Row._fields[1:])
    changed = rows[at]._replace(**{name: another(random, getattr(rows[at], name))})
    return [*rows[:at], changed, *rows[at + 1 :]], at + 1, What.EDITED


def renumber(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """A row gets a number that none has."""
    at, n = _at(random, rows), random.choice([-random.randrange(9), len(rows) + random.randrange(1, 9)])
    changed = sorted([*rows[:at], rows[at]._replace(n=n), *rows[at + 1 :]])
    return (changed, n, What.INSERTED) if n < 1 else (changed, at + 1, What.SWAPPED)


def delete(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    at, many = _at(random, rows, last=5), random.randrange(1, 5)
    return [*rows[:at], *rows[at + many :]], at + 1, What.MISSING


def delete_and_close(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """A row goes, and the others close up without being hashed anew."""
    at = _at(random, rows, last=1)
    return [*rows[:at], *(row._replace(n=row.n - 1) for row in rows[at + 1 :])], at + 1, What.EDITED


def insert(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """A row that hangs where it should is put in, and those behind move on; a head may stand at that very row."""
    at = _at(random, rows)
    new = chained([a_row(random)], rows[at - 1] if at else None)
    moved = [row._replace(n=row.n + 1) for row in rows[at:]]
    return [*rows[:at], *new, *moved], at + 1, What.REPLACED if (at + 1) % EVERY == 0 else What.INSERTED


def insert_twin(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """A second row of the same number."""
    at = _at(random, rows)
    new = chained([a_row(random)], rows[at - 1] if at else None)
    return [*rows[: at + 1], *new, *rows[at + 1 :]], at + 1, What.INSERTED


def swap(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """Two rows change places, and take each other's number."""
    one, other = sorted(random.sample(range(len(rows)), 2))
    changed = list(rows)
    changed[one] = rows[other]._replace(n=one + 1)
    changed[other] = rows[one]._replace(n=other + 1)
    return changed, one + 1, What.SWAPPED


def swap_order(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """Two rows of a copy change places, and keep their numbers."""
    one, other = sorted(random.sample(range(len(rows)), 2))
    changed = list(rows)
    changed[one], changed[other] = rows[other], rows[one]
    return changed, one + 1, What.SWAPPED


def rehash(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """A row is edited and hashed anew, and no other: the next does not hang on it, or the head denies it."""
    at = _at(random, rows)
    changed = [*rows[:at], *chained([a_row(random)], rows[at - 1] if at else None), *rows[at + 1 :]]
    return changed, at + 1 if (at + 1) % EVERY == 0 else at + 2, What.REPLACED


def cut(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    left = _at(random, rows)
    return list(rows[:left]), left + 1, What.CUT


def rechain(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """A row is edited or inserted, and all that follow are chained anew, with one more behind the end."""
    at = _at(random, rows)
    kept, new = rows[at + random.randrange(2) :], [a_row(random)] * random.randrange(1, 3)
    changed = chained([*new, *kept, a_row(random)], rows[at - 1] if at else None)
    return [*rows[:at], *changed], _next_head(at + 1), What.REPLACED


def replace_all(random: Random, rows: Sequence[Row]) -> tuple[list[Row], int, What]:
    """A chain of its own takes the place of the whole; a shorter one, mostly."""
    changed = a_trail(random.randrange(1, 1_000_000), random.randrange(1, len(rows)))
    return (changed, EVERY, What.REPLACED) if len(changed) >= EVERY else (changed, len(changed) + 1, What.CUT)


#: What the rows themselves show.
BY_THE_CHAIN: tuple[Mutation, ...] = (
    *(edit, renumber, delete, delete_and_close, insert, insert_twin, swap, swap_order, rehash),
)
#: What shows by the heads alone.
BY_THE_HEADS: tuple[Mutation, ...] = (cut, rechain, replace_all)
