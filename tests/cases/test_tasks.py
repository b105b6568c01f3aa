"""Tasks: put once, claimed by one, decided once, in the order in which they are needed."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.cases import queue, tasks
from portal.cases.models import CaseRow, FilingRow, TaskRow
from portal.cases.queue import Wanted, Which
from portal.cases.tasks import CHOICES, CLAIM, DAYS, GROUNDS, MARGIN, Choice, Decision, Matter, NotByThem, NotInHand
from portal.database import transaction

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
SECOND = timedelta(seconds=1)
A_DAY = timedelta(days=1)
ADA, BEN = "a" * 32, "b" * 32
EVERY = Wanted(tuple(Matter))


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as opened:
        yield opened


def put(session: Session, subject: str = "clearview-ai", matter: Matter = Matter.ADDRESS, **more: object) -> str:
    row = tasks.new(matter, subject, TODAY, **more)  # type: ignore[arg-type]
    tasks.put(session, row)
    return row.id


def a_case(session: Session, id_: str, organisation: str = "clearview-ai", place: str = "ca-qc") -> str:
    session.add(FilingRow(id=id_, lookup=id_ * 2))
    session.flush()
    session.add(
        CaseRow(
            id=id_,
            filing_id=id_,
            organisation=organisation,
            right="access",
            way="ca-pipeda",
            place=place,
            status="filed",
            filed_on=TODAY,
            forget_on=TODAY + 90 * A_DAY,
            public_key=b"",
            details=b"",
        )
    )
    session.flush()
    return put(session, id_, Matter.FILED, of_case=True)


def decided(session: Session, id_: str, choice: Choice = Choice.DONE, who: str = ADA, now: datetime = NOW) -> TaskRow:
    return tasks.decide(session, id_, Decision(choice), who, now, TODAY)


# The tables


@pytest.mark.parametrize("matter", Matter)
def test_each_matter_has_choices_that_nine_keys_reach_and_a_time(matter: Matter) -> None:
    assert len(CHOICES[matter]) <= 9
    assert CHOICES[matter] or matter is Matter.ADDRESS
    assert len({*CHOICES[matter]}) == len(CHOICES[matter])
    assert DAYS[matter] > 0


@pytest.mark.parametrize("choice", Choice)
def test_each_choice_can_be_chosen_somewhere(choice: Choice) -> None:
    assert any(choice in choices for choices in CHOICES.values())


def test_what_is_refused_a_person_has_a_ground() -> None:
    assert {*GROUNDS} == {Choice.HOLD, Choice.DECLINE}
    assert all(GROUNDS.values())


# By when


@pytest.mark.parametrize(
    ("urgent", "closes_in", "days"),
    [
        (False, None, 7),
        (True, None, 1),
        (False, 60, 7),
        (False, 8, 5),  # three days before the window closes
        (True, 8, 1),
        (True, 3, 0),
        (False, 1, 0),  # never before it came
        (False, -5, 0),
    ],
)
def test_a_filing_is_decided_in_time(urgent: bool, closes_in: int | None, days: int) -> None:
    closes = None if closes_in is None else TODAY + timedelta(closes_in)
    assert tasks.decide_by(Matter.FILED, TODAY, urgent, closes) == TODAY + timedelta(days)


@given(
    st.sampled_from(Matter),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.booleans(),
    st.none() | st.integers(-9, 99),
)
def test_no_task_is_due_before_it_came_or_too_late_for_its_window(
    matter: Matter, came: date, urgent: bool, closes_in: int | None
) -> None:
    closes = None if closes_in is None else came + timedelta(closes_in)
    by = tasks.decide_by(matter, came, urgent, closes)
    assert came <= by <= came + timedelta(DAYS[matter])
    assert by <= tasks.decide_by(matter, came, False, closes)
    assert closes is None or by <= max(came, closes - MARGIN)


# Putting


def test_the_same_is_asked_once_while_it_is_open(session: Session) -> None:
    first = put(session)
    put(session)
    assert [row.id for row in session.exec(select(TaskRow))] == [first]
    tasks.claim(session, first, ADA, NOW)
    decided(session, first)
    put(session)
    assert len(session.exec(select(TaskRow)).all()) == 2


def test_a_task_goes_with_its_case(session: Session) -> None:
    a_case(session, "1" * 32)
    session.delete(session.get_one(CaseRow, "1" * 32))
    session.flush()
    assert session.exec(select(TaskRow)).all() == []


def test_what_is_about_no_case_goes_in_time(session: Session) -> None:
    put(session)
    a_case(session, "1" * 32)
    assert tasks.purge(session, TODAY + tasks.KEPT - A_DAY) == 0
    assert tasks.purge(session, TODAY + tasks.KEPT) == 1
    assert [row.matter for row in session.exec(select(TaskRow))] == [Matter.FILED]


# In hand


@pytest.mark.parametrize(
    ("who", "after", "had"),
    [
        (BEN, timedelta(0), False),
        (BEN, CLAIM - SECOND, False),
        (BEN, CLAIM, True),
        (ADA, timedelta(0), True),  # goes on having it
    ],
)
def test_what_is_in_hand_is_nobody_elses_until_its_time_is_over(
    session: Session, who: str, after: timedelta, had: bool
) -> None:
    id_ = put(session)
    assert tasks.claim(session, id_, ADA, NOW)
    assert tasks.claim(session, id_, who, NOW + after) is had


@pytest.mark.parametrize(
    ("who", "after"),
    [
        (BEN, timedelta(0)),  # not theirs
        (ADA, CLAIM),  # too late
    ],
)
def test_what_is_not_in_hand_is_neither_decided_nor_handed_on(session: Session, who: str, after: timedelta) -> None:
    id_ = put(session)
    tasks.claim(session, id_, ADA, NOW)
    with pytest.raises(NotInHand):
        decided(session, id_, who=who, now=NOW + after)
    with pytest.raises(NotInHand):
        tasks.let_go(session, id_, who, NOW + after)


def test_a_task_is_decided_once_and_says_what_by_whom_and_when(session: Session) -> None:
    id_ = put(session, sealed=b"sealed")
    tasks.claim(session, id_, ADA, NOW)
    row = decided(session, id_)
    assert (row.choice, row.decided_by, row.decided_on, row.claimed_by) == (Choice.DONE, ADA, TODAY, None)
    assert row.sealed is None
    assert not tasks.claim(session, id_, ADA, NOW)
    with pytest.raises(NotInHand):
        decided(session, id_)


def test_nobody_decides_what_nobody_took(session: Session) -> None:
    with pytest.raises(NotInHand):
        decided(session, put(session))
    with pytest.raises(NotInHand):
        decided(session, "0" * 32)


def test_a_task_is_put_back_or_handed_on(session: Session) -> None:
    id_ = put(session)
    tasks.claim(session, id_, ADA, NOW)
    tasks.let_go(session, id_, ADA, NOW, to=BEN)
    assert not tasks.claim(session, id_, ADA, NOW)
    tasks.let_go(session, id_, BEN, NOW)
    assert tasks.claim(session, id_, ADA, NOW)


def test_who_leaves_keeps_nothing_in_hand(session: Session) -> None:
    for id_ in (put(session), put(session, "pimeyes")):
        tasks.claim(session, id_, ADA, NOW)
    tasks.let_all_go(session, ADA)
    assert len(queue.first(session, Wanted((Matter.ADDRESS,), Which.FREE), BEN, NOW)) == 2


def test_what_is_contested_is_looked_at_by_another(session: Session) -> None:
    held = a_case(session, "1" * 32)
    tasks.claim(session, held, ADA, NOW)
    tasks.contest(session, decided(session, held, Choice.HOLD), TODAY)
    [again] = queue.first(session, Wanted((Matter.CONTESTED,)), ADA, NOW)
    assert queue.first(session, Wanted((Matter.CONTESTED,), Which.FREE), ADA, NOW) == []
    with pytest.raises(NotByThem):
        tasks.claim(session, again, ADA, NOW)
    assert tasks.claim(session, again, BEN, NOW)
    with pytest.raises(NotByThem):
        tasks.let_go(session, again, BEN, NOW, to=ADA)
    tasks.lift(session, held, TODAY)
    decided(session, again, Choice.LIFTED, BEN)
    assert [row.choice for row in tasks.of_case(session, "1" * 32) if tasks.counts(row)] == [Choice.LIFTED]


def test_a_decision_on_a_shared_fact_lets_all_go_on_that_waited_for_it(session: Session) -> None:
    name = tasks.fact(Matter.ADDRESS, "clearview-ai")
    address = put(session)
    waits = [put(session, f"{n}" * 32, Matter.FILED, waits_on=name) for n in range(3)]
    other = put(session, "9" * 32, Matter.FILED, waits_on=tasks.fact(Matter.ADDRESS, "pimeyes"))
    filed = Wanted((Matter.FILED,))
    assert queue.first(session, filed, ADA, NOW) == []
    assert {*queue.first(session, Wanted((Matter.FILED,), Which.WAITING), ADA, NOW)} == {*waits, other}
    assert tasks.waiting(session, name) == 3
    tasks.claim(session, address, ADA, NOW)
    decided(session, address)
    assert {*queue.first(session, filed, ADA, NOW)} == {*waits}


def test_what_is_settled_elsewhere_is_decided_and_nothing_waits_for_it(session: Session) -> None:
    address = put(session)
    waits = put(session, "1" * 32, Matter.FILED, waits_on=tasks.fact(Matter.ADDRESS, "clearview-ai"))
    tasks.settle(session, Matter.ADDRESS, "clearview-ai", ADA, TODAY)
    assert queue.first(session, EVERY, ADA, NOW) == [waits]
    assert session.get_one(TaskRow, address, populate_existing=True).decided_by == ADA


def test_twenty_clerks_at_once_take_and_decide_each_of_five_hundred_tasks_once(database: Engine) -> None:
    with transaction(database) as session:
        ids = [put(session, f"record-{n}") for n in range(500)]
    start, clerks = Barrier(20), [f"{n:032x}" for n in range(20)]

    def work(who: str) -> list[str]:
        done: list[str] = []
        start.wait()
        while True:
            with transaction(database) as session:
                free = queue.first(session, Wanted((Matter.ADDRESS,), Which.FREE), who, NOW)
                taken = tasks.claim_first(session, free, who, NOW)
            if taken is None and not free:
                return done
            if taken:
                with transaction(database) as session:
                    tasks.decide(session, taken, Decision(Choice.DONE), who, NOW, TODAY)
                done.append(taken)

    with ThreadPoolExecutor(20) as pool:
        found = [id_ for done in pool.map(work, clerks) for id_ in done]
    assert Counter(found) == Counter(ids)


# The queue


def test_what_is_needed_first_stands_first(session: Session) -> None:
    put(session, "later", Matter.STALE)
    put(session, "1" * 32, Matter.FILED)
    put(session, "2" * 32, Matter.FILED, urgent=True)
    put(session, "3" * 32, Matter.HELP)
    put(session, "4" * 32, Matter.FILED, closes_on=TODAY + 5 * A_DAY)
    found = queue.page(session, EVERY, ADA, NOW)
    assert [one.task.subject[0] for one in found.tasks] == ["2", "4", "3", "1", "l"]


def test_pages_follow_on_each_other_whatever_is_decided_in_between(session: Session) -> None:
    ids = {put(session, f"record-{n}", Matter.STALE if n % 2 else Matter.ADDRESS) for n in range(23)}
    seen: list[str] = []
    after, size = None, 5
    while True:
        found = queue.page(session, EVERY, ADA, NOW, after, size)
        seen += [one.task.id for one in found.tasks]
        tasks.claim(session, found.tasks[0].task.id, ADA, NOW)
        decided(session, found.tasks[0].task.id)
        if found.after is None:
            break
        after = found.after
    assert len(seen) == len({*seen}) == 23
    assert {*seen} == ids


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "123"),
        ({"organisation": "pimeyes"}, "3"),
        ({"place": "ca"}, "13"),
        ({"place": "ca-qc"}, "1"),
        ({"place": "c"}, ""),
        ({"place": "ca", "organisation": "clearview-ai"}, "1"),
        ({"urgent": True}, ""),
        ({"which": Which.MINE}, "2"),
        ({"which": Which.FREE}, "13"),
        ({"which": Which.WAITING}, ""),
    ],
)
def test_the_queue_is_narrowed(session: Session, wanted: dict[str, object], expected: str) -> None:
    a_case(session, "1" * 32)
    mine = a_case(session, "2" * 32, place="gb")
    a_case(session, "3" * 32, "pimeyes", "ca")
    tasks.claim(session, mine, ADA, NOW)
    found = queue.page(session, Wanted((Matter.FILED,), **wanted), ADA, NOW)  # type: ignore[arg-type]
    assert sorted(one.task.subject[0] for one in found.tasks) == sorted(expected)


def test_counts_are_of_each_matter_and_end_at_a_thousand(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_COUNTED", 2)
    for n in range(4):
        put(session, f"record-{n}")
    put(session, "1" * 32, Matter.HELP)
    put(session, "2" * 32, Matter.HELP, waits_on="address:pimeyes")
    assert queue.counts(session, [Matter.ADDRESS, Matter.HELP, Matter.STALE]) == {
        Matter.ADDRESS: 3,
        Matter.HELP: 1,
        Matter.STALE: 0,
    }
