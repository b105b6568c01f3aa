"""The trail: it only grows, takes nothing that tells of a person, and shows what was done to it."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from portal import trail
from portal.columns import Until
from portal.database import engine, reading, transaction
from portal.trail import (
    GENESIS,
    Action,
    BadEntry,
    Entry,
    Fault,
    Head,
    OtherTrail,
    Outcome,
    Reason,
    Refused,
    Row,
    Subject,
    SubjectKind,
    TrailRow,
    Unnamed,
    Wanted,
    What,
    digest,
    verify,
)
from tests.trails import (
    BY_THE_CHAIN,
    BY_THE_HEADS,
    LENGTH,
    NOW,
    Mutation,
    a_row,
    a_trail,
    an_entry,
    another,
    chained,
    heads_of,
)

#: As many of each kind as make a thousand and a few.
SEEDS = range(-(-1_000 // len(BY_THE_CHAIN + BY_THE_HEADS)))
ACCOUNT, TASK = "a" * 32, Subject(SubjectKind.TASK, "b" * 32)
AN_ENTRY = Entry(ACCOUNT, Action.TASK_CLAIMED, TASK, role="triage")
PROCESSES, THREADS, APPENDS = 4, 5, 5


def append(database: Engine, *entries: Entry) -> list[int]:
    """Each in a transaction of its own."""
    numbers = []
    for entry in entries:
        with transaction(database) as session:
            numbers.append(trail.append(session, entry, NOW))
    return numbers


def rows(database: Engine) -> list[Row]:
    with reading(database) as session:
        return list(trail.rows(session))


def head(database: Engine) -> Head:
    with reading(database) as session:
        return trail.head(session)


# Appending


def test_the_first_row_hangs_on_the_genesis_and_each_other_on_the_one_before(database: Engine) -> None:
    random = Random(1)
    assert head(database).n == 0
    assert append(database, *(an_entry(random) for _ in range(50))) == [*range(1, 51)]
    found = rows(database)
    assert [row.previous for row in found] == [GENESIS, *(row.hash for row in found[:-1])]
    assert [row.hash for row in found] == [digest(row) for row in found]
    assert verify(found, [head(database)]) is None
    assert head(database) == Head(50, found[-1].hash, NOW)


def test_a_row_says_what_the_entry_says(database: Engine) -> None:
    append(database, replace(AN_ENTRY, outcome=Outcome.REFUSED, reason=Reason.TAKEN))
    [row] = rows(database)
    assert row == Row(
        *(1, int(NOW.timestamp()), ACCOUNT, "triage", "task_claimed", "task", "b" * 32, "refused", "taken"),
        previous=GENESIS,
        hash=row.hash,
    )


def test_two_rows_of_one_transaction_follow_each_other(database: Engine) -> None:
    with transaction(database) as session:
        assert [trail.append(session, AN_ENTRY, NOW) for _ in range(2)] == [1, 2]
    assert verify(rows(database)) is None


def test_the_hash_is_the_one_that_it_was_when_the_first_trail_was_written() -> None:
    """Another value here makes every trail that there is fail: give the format another mark, and verify both."""
    row = Row(1, 1_795_435_200, ACCOUNT, "triage", "task_claimed", "task", "b" * 32, "done", "", GENESIS)
    said = (
        f'["rightface-trail-1",1,1795435200,"{ACCOUNT}","triage","task_claimed","task","{TASK.id}","done","",'
        f'"{GENESIS}"]'
    )
    assert digest(row) == sha256(said.encode()).hexdigest()
    assert digest(row) == "7442a03b927f80c5d2ede639fbbf86725f9c6bec9283aa6a17e19d307b2cbdaf"


def test_what_is_undone_leaves_no_row_and_no_gap(database: Engine) -> None:
    def append_and_break() -> None:
        with transaction(database) as session:
            trail.append(session, AN_ENTRY, NOW)
            raise ZeroDivisionError

    append(database, AN_ENTRY)
    with pytest.raises(ZeroDivisionError):
        append_and_break()
    assert append(database, AN_ENTRY) == [2]
    assert verify(rows(database)) is None


def _write(url: str, _n: int) -> None:
    """Five who write at once, in a process of their own."""
    made = engine(url)

    def write(_thread: int) -> None:
        append(made, *[AN_ENTRY] * APPENDS)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    made.dispose()


def test_twenty_who_write_at_once_leave_a_whole_chain_without_a_gap(database: Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(partial(_write, url), range(PROCESSES), chunksize=1)
    found = rows(database)
    assert [row.n for row in found] == [*range(1, PROCESSES * THREADS * APPENDS + 1)]
    assert verify(found) is None


# What was refused


def acting(database: Engine, entry: Entry, do: Callable[[Session], object]) -> None:
    with trail.recording(partial(transaction, database), entry, NOW) as session:
        do(session)


def test_what_is_done_is_recorded_with_it(database: Engine) -> None:
    acting(database, AN_ENTRY, lambda session: trail.append(session, replace(AN_ENTRY, action=Action.UNMASKED), NOW))
    assert [(row.action, row.outcome) for row in rows(database)] == [("unmasked", "done"), ("task_claimed", "done")]


def test_what_is_refused_is_undone_and_the_refusal_stays(database: Engine) -> None:
    def be_refused(session: Session) -> None:
        trail.append(session, replace(AN_ENTRY, action=Action.UNMASKED), NOW)
        raise Refused(Reason.NOT_THEIRS)

    with pytest.raises(Refused):
        acting(database, AN_ENTRY, be_refused)
    [row] = rows(database)
    assert (row.n, row.action, row.outcome, row.reason) == (1, "task_claimed", "refused", "not_theirs")
    assert verify([row]) is None


def test_what_breaks_was_neither_done_nor_refused(database: Engine) -> None:
    def fail(_session: Session) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        acting(database, AN_ENTRY, fail)
    assert rows(database) == []


# It only grows


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET outcome = 'done'",
        "UPDATE trail SET n = 3 WHERE n = 2",
        "DELETE FROM trail",
        "DELETE FROM trail WHERE n = 2",
    ],
)
def test_the_database_changes_and_deletes_no_row(database: Engine, statement: str) -> None:
    append(database, AN_ENTRY, AN_ENTRY)
    before = rows(database)
    with pytest.raises(DBAPIError, match="the trail only grows"), transaction(database) as session:
        session.execute(text(statement))
    assert rows(database) == before


def test_neither_does_it_empty_the_table_nor_put_a_row_in_the_place_of_another(database: Engine) -> None:
    append(database, AN_ENTRY, AN_ENTRY)
    before = rows(database)
    otherwise = {
        "sqlite": "INSERT OR REPLACE INTO trail SELECT 2, at, actor, role, action, subject_kind, subject, outcome,"
        " reason, previous, hash FROM trail WHERE n = 1",
        "postgresql": "TRUNCATE trail",
    }
    with pytest.raises(DBAPIError, match="the trail only grows"), transaction(database) as session:
        session.execute(text(otherwise[database.dialect.name]))
    assert rows(database) == before


def test_it_is_kept_for_as_long_as_the_portal_runs() -> None:
    columns = TrailRow.metadata.tables["trail"].columns
    assert {column.info["until"] for column in columns} == {Until.TRAIL}


# Nothing of a person


@pytest.mark.parametrize("said", ["", "Ana Example", "ana@example.org", "192.0.2.1", "A" * 32, "a" * 31, "a" * 33])
def test_an_actor_is_an_account_s_id_or_one_of_those_without_an_account(said: str) -> None:
    with pytest.raises(BadEntry) as caught:
        Entry(said, Action.SIGN_IN)
    assert not said or said not in str(caught.value)


@pytest.mark.parametrize("unnamed", Unnamed)
def test_who_has_no_account_is_taken(database: Engine, unnamed: Unnamed) -> None:
    append(database, Entry(unnamed, Action.ACCESS_REFUSED, outcome=Outcome.REFUSED, reason=Reason.NOT_SIGNED_IN))
    assert [row.actor for row in rows(database)] == [unnamed.value]


@pytest.mark.parametrize("kind", SubjectKind)
@pytest.mark.parametrize("said", ["", "Ana Example", "ana@example.org", "a" * 31, "what she told me"])
def test_a_subject_is_an_id_of_its_kind(kind: SubjectKind, said: str) -> None:
    if kind is SubjectKind.RECORD and said == "a" * 31:
        said = "a" * 81
    with pytest.raises(BadEntry) as caught:
        Subject(kind, said)
    assert not said or said not in str(caught.value)


@pytest.mark.parametrize("role", ["Ana Example", "ana@example.org", "x" * 21])
def test_a_role_is_an_id(role: str) -> None:
    with pytest.raises(BadEntry, match="role"):
        Entry(ACCOUNT, Action.SIGN_IN, role=role)


def test_a_refusal_has_a_reason() -> None:
    with pytest.raises(BadEntry, match="reason"):
        Entry(ACCOUNT, Action.TASK_CLAIMED, outcome=Outcome.REFUSED)


def test_the_trail_alone_does_not_say_which_case(database: Engine) -> None:
    id_, key = "c" * 32, b"the lookup key of this portal"
    append(database, replace(AN_ENTRY, subject=trail.of_case(id_, key)))
    [row] = rows(database)
    assert id_ not in repr(row)
    assert row.subject == trail.of_case(id_, key).id
    assert row.subject not in (trail.of_case(id_, b"another").id, trail.of_case("d" * 32, key).id)


@pytest.mark.parametrize(
    ("words", "field"),
    [(Action, "action"), (Outcome, "outcome"), (Reason, "reason"), (SubjectKind, "subject_kind"), (Unnamed, "actor")],
)
def test_every_word_fits_into_its_column(words: type[Action], field: str) -> None:
    longest = TrailRow.metadata.tables["trail"].columns[field].type.length  # type: ignore[attr-defined]
    assert [word for word in words if len(word) > longest] == []
    assert [word for word in words if not word.replace("_", "").isalpha()] == []


# Looking some up


CASE, ANOTHER = trail.of_case("c" * 32, b"a lookup key"), trail.of_case("d" * 32, b"a lookup key")
#: A row an hour, from NOW on.
KEPT = [
    AN_ENTRY,
    Entry(ACCOUNT, Action.UNMASKED, CASE),
    Entry("b" * 32, Action.UNMASKED, ANOTHER),
    Entry(ACCOUNT, Action.UNMASKED, CASE, outcome=Outcome.REFUSED, reason=Reason.NOT_THEIRS),
    Entry(Unnamed.CLI, Action.EXPORTED),
]
HOUR = timedelta(hours=1)


@pytest.fixture
def kept(database: Engine) -> Iterator[Session]:
    for n, entry in enumerate(KEPT):
        with transaction(database) as session:
            trail.append(session, entry, NOW + n * HOUR)
    with reading(database) as session:
        yield session


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [5, 4, 3, 2, 1]),
        (Wanted(action="unmasked"), [4, 3, 2]),
        (Wanted(outcome="refused"), [4]),
        (Wanted(actor=ACCOUNT), [4, 2, 1]),
        (Wanted(actor="cli"), [5]),
        (Wanted(case=CASE.id), [4, 2]),
        (Wanted(case=CASE.id[:8]), [4, 2]),
        (Wanted(case=CASE.id[1:]), []),
        (Wanted(case="bbbbbbbb"), []),  # a task that begins so is no case
        (Wanted(case="%"), []),
        (Wanted(since=NOW + HOUR), [5, 4, 3, 2]),
        (Wanted(since=NOW + HOUR, until=NOW + 3 * HOUR), [3, 2]),
        (Wanted("unmasked", "done", ACCOUNT, CASE.id, NOW, NOW + 2 * HOUR), [2]),
        (Wanted(action="no such"), []),
    ],
)
def test_the_newest_of_those_wanted_come_first(kept: Session, wanted: Wanted, found: list[int]) -> None:
    assert [row.n for row in trail.newest(kept, wanted, 9)] == found
    assert [row.n for row in trail.newest(kept, wanted, 2)] == found[:2]
    assert [row.n for row in trail.newest(kept, wanted, 9, before=4)] == [n for n in found if n < 4]


def test_a_row_that_is_looked_up_is_whole(kept: Session) -> None:
    assert trail.newest(kept, Wanted(), 9)[::-1] == [*trail.rows(kept)]


@pytest.mark.parametrize(
    ("actor", "action", "since", "many"),
    [
        (ACCOUNT, Action.UNMASKED, NOW, 1),
        (ACCOUNT, Action.UNMASKED, NOW + HOUR, 1),
        (ACCOUNT, Action.UNMASKED, NOW + HOUR + timedelta(seconds=1), 0),
        (ACCOUNT, Action.TASK_CLAIMED, NOW, 1),
        ("b" * 32, Action.TASK_CLAIMED, NOW, 0),
        ("cli", Action.EXPORTED, NOW, 1),
    ],
)
def test_what_somebody_did_since_a_moment_is_counted_and_refusals_are_not(
    kept: Session, actor: str, action: Action, since: datetime, many: int
) -> None:
    assert trail.how_many(kept, actor, action, since) == many


# A copy


def test_of_a_copy_comes_what_is_lacking(database: Engine) -> None:
    append(database, *[AN_ENTRY] * 3)
    here = rows(database)
    copy = chained([a_row(Random(2)) for _ in range(2)], here[-1])
    for there, lacking in ((here[:2], []), (here, []), ([*here, *copy], copy), ([], [])):
        with reading(database) as session:
            assert [*trail.going_on(session, (row._asdict() for row in there))] == [row._asdict() for row in lacking]


def test_a_copy_of_another_trail_is_refused(database: Engine) -> None:
    append(database, *[AN_ENTRY] * 3)
    with reading(database) as session, pytest.raises(OtherTrail, match="row 1"):
        list(trail.going_on(session, (row._asdict() for row in a_trail())))


# Verifying


def named(fault: Fault | None) -> tuple[int, What] | None:
    return (fault.n, fault.what) if fault else None


@pytest.mark.parametrize("length", [0, 1, 2, LENGTH])
def test_a_trail_that_nobody_touched_is_well(length: int) -> None:
    untouched = a_trail(length=length)
    assert verify(untouched) is None
    assert verify(untouched, heads_of(untouched, every=1)) is None


@pytest.mark.parametrize("mutate", BY_THE_CHAIN + BY_THE_HEADS, ids=lambda one: str(one.__name__))
def test_a_thousand_random_mutations_are_all_found_and_named_at_their_row(mutate: Mutation) -> None:
    whole = a_trail()
    heads = heads_of(whole)
    for seed in SEEDS:
        changed, n, what = mutate(Random(seed), whole)
        assert changed != whole
        assert named(verify(changed, heads)) == (n, what), seed


def test_it_was_a_thousand() -> None:
    assert len(SEEDS) * len(BY_THE_CHAIN + BY_THE_HEADS) >= 1_000


@pytest.mark.parametrize("name", Row._fields[1:])
def test_every_field_of_every_row_counts(name: str) -> None:
    whole, random = a_trail(), Random(3)
    for at, row in enumerate(whole):
        changed = [*whole]
        changed[at] = row._replace(**{name: another(random, getattr(row, name))})
        assert named(verify(changed)) == (at + 1, What.EDITED)


@pytest.mark.parametrize("value", [None, b"done", 1, 1.0, True, "DONE", "done "])
def test_neither_does_a_value_of_another_type_pass(value: object) -> None:
    whole = chained([a_row(Random(4))._replace(outcome="done"), a_row(Random(5))])
    assert named(verify([whole[0]._replace(outcome=value), whole[1]])) == (1, What.EDITED)  # type: ignore[arg-type]


@pytest.mark.parametrize("mutate", BY_THE_HEADS, ids=lambda one: str(one.__name__))
def test_what_only_the_heads_show_nobody_sees_without_them(mutate: Mutation) -> None:
    """That is why they are noted elsewhere."""
    whole = a_trail()
    assert [verify(mutate(Random(seed), whole)[0]) for seed in SEEDS] == [None] * len(SEEDS)


def test_a_head_that_one_forged_and_one_that_is_true_do_not_cancel_each_other() -> None:
    whole = a_trail()
    changed = chained([a_row(Random(6)), *whole[1:]])
    forged, true = Head(LENGTH, changed[-1].hash, NOW), Head(LENGTH, whole[-1].hash, NOW + timedelta(hours=1))
    assert verify(changed, [forged]) is None
    for heads in ([forged, true], [true, forged]):
        assert named(verify(changed, heads)) == (LENGTH, What.REPLACED)


def test_a_sentence_says_between_which_heads_it_was() -> None:
    whole = a_trail()
    changed = [*whole[:23], *chained([a_row(Random(7)), *whole[24:]], whole[22])]
    fault = verify(changed, heads_of(whole))
    assert fault
    assert fault.sentence.startswith("row 30 is replaced: the head noted at 2026-11-24 17:00 UTC has another hash")
    assert "one of the rows 21 to 30 was changed" in fault.sentence


def test_a_trail_that_is_longer_than_what_is_fetched_at_a_time_is_read_whole(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "_MANY", 4)
    for many in range(1, 10):
        append(database, AN_ENTRY)
        assert [row.n for row in rows(database)] == [*range(1, many + 1)]


def test_rows_are_read_as_they_come_and_no_further_than_needed() -> None:
    whole, read = a_trail(), []

    def coming() -> Iterator[Row]:
        for row in [*whole[:4], whole[4]._replace(role="admin"), *whole[5:]]:
            read.append(row.n)
            yield row

    assert named(verify(coming())) == (5, What.EDITED)
    assert read == [1, 2, 3, 4, 5]
