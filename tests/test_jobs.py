"""Jobs: put once, claimed by one, done once, tried again, given up in the end."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal import jobs
from portal.database import transaction
from portal.jobs import KEPT, MOST_ATTEMPTS, Claimed, JobRow, LeaseLost, State

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEASE = timedelta(minutes=10)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as opened:
        yield opened


def claimed(session: Session, now: datetime = NOW) -> Claimed:
    found = jobs.claim(session, now, LEASE)
    assert found
    return found


def subjects(session: Session) -> list[str]:
    return sorted(session.exec(select(JobRow.subject)).all())


def states(session: Session, now: datetime = NOW) -> list[State]:
    return [job.state for job in jobs.all_jobs(session, now)]


def given_up(session: Session, subject: str = "a") -> datetime:
    """Put a job and let it fail until it is given up; when that was."""
    now = NOW
    jobs.put(session, "test", subject, NOW)
    for _ in range(MOST_ATTEMPTS - 1):
        again = jobs.failed(session, claimed(session, now), now, OSError())
        assert again
        now = again
    assert jobs.failed(session, claimed(session, now), now, OSError()) is None
    return now


# Putting


def test_the_same_put_twice_is_one_job_and_keeps_its_time(session: Session) -> None:
    for due in (NOW, NOW + HOUR):
        jobs.put(session, "test", "a", due)
    assert [job.due for job in jobs.all_jobs(session, NOW)] == [NOW]


def test_another_kind_or_another_subject_is_another_job(session: Session) -> None:
    for kind, subject in (("test", "a"), ("test", "b"), ("other", "a")):
        jobs.put(session, kind, subject, NOW)
    assert len(jobs.all_jobs(session, NOW)) == 3


def test_a_job_is_put_with_what_makes_it_necessary_or_not_at_all(database: Engine) -> None:
    def put_and_break() -> None:
        with transaction(database) as session:
            jobs.put(session, "test", "a", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_break()
    with transaction(database) as session:
        assert subjects(session) == []


def test_put_by_many_at_once_it_is_one_job(database: Engine) -> None:
    start = Barrier(4)

    def put() -> None:
        start.wait()
        with transaction(database) as session:
            jobs.put(session, "test", "a", NOW)

    threads = [Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction(database) as session:
        assert subjects(session) == ["a"]


# Claiming


def test_what_has_been_due_longest_comes_first_and_what_is_not_due_not_at_all(session: Session) -> None:
    for subject, due in (("b", NOW - MINUTE), ("later", NOW + SECOND), ("a", NOW - HOUR), ("c", NOW)):
        jobs.put(session, "test", subject, due)
    assert [claimed(session).subject for _ in range(3)] == ["a", "b", "c"]
    assert jobs.claim(session, NOW, LEASE) is None
    assert claimed(session, NOW + SECOND).subject == "later"


@pytest.mark.parametrize(
    ("after", "free"),
    [
        (timedelta(0), False),
        (LEASE - SECOND, False),
        (LEASE, True),  # its worker was killed, or is stuck
    ],
)
def test_a_job_in_hand_is_free_again_when_its_lease_has_run_out(
    session: Session, after: timedelta, free: bool
) -> None:
    jobs.put(session, "test", "a", NOW)
    first = claimed(session)
    second = jobs.claim(session, NOW + after, LEASE)
    assert (second is not None) is free
    if second:
        assert (second.id, second.attempt, second.fence > first.fence) == (first.id, 2, True)


def test_what_one_has_chosen_and_not_yet_committed_no_other_gets(database: Engine) -> None:
    """Two hundred jobs, four threads with sessions of their own: each job is had once."""
    with transaction(database) as session:
        for n in range(200):
            jobs.put(session, "test", str(n), NOW)
    had: list[str] = []

    def work() -> None:
        while True:
            with transaction(database) as session:
                found = jobs.claim(session, NOW, LEASE)
            if found is None:
                return
            had.append(found.subject)
            with transaction(database) as session:
                jobs.done(session, found)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(had) == Counter(map(str, range(200)))
    with transaction(database) as session:
        assert subjects(session) == []


# Ending


def test_a_job_that_is_done_is_gone_and_may_be_put_again(session: Session) -> None:
    jobs.put(session, "test", "a", NOW)
    jobs.done(session, claimed(session))
    assert subjects(session) == []
    jobs.put(session, "test", "a", NOW)
    assert claimed(session).attempt == 1


def test_who_comes_back_after_their_lease_is_refused(session: Session) -> None:
    jobs.put(session, "test", "a", NOW)
    late, current = claimed(session), claimed(session, NOW + LEASE)
    with pytest.raises(LeaseLost):
        jobs.done(session, late)
    with pytest.raises(LeaseLost):
        jobs.failed(session, late, NOW, OSError())
    assert states(session, NOW + LEASE) == [State.IN_HAND]
    jobs.done(session, current)
    assert subjects(session) == []


def test_who_comes_back_late_does_not_end_the_next_job_about_the_same(session: Session) -> None:
    jobs.put(session, "test", "a", NOW)
    late = claimed(session)
    jobs.done(session, claimed(session, NOW + LEASE))
    jobs.put(session, "test", "a", NOW)
    assert claimed(session).fence == late.fence
    with pytest.raises(LeaseLost):
        jobs.done(session, late)
    assert subjects(session) == ["a"]


def test_nobody_else_having_claimed_it_a_late_end_counts(session: Session) -> None:
    jobs.put(session, "test", "a", NOW)
    mine = claimed(session)
    with pytest.raises(LeaseLost):
        jobs.done(session, Claimed(mine.id, mine.kind, mine.subject, mine.attempt, mine.fence + 1))
    jobs.done(session, mine)
    assert subjects(session) == []


# Failing


@pytest.mark.parametrize(
    ("attempt", "minutes"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (9, 60), (40, 60)],
)
def test_each_pause_is_twice_the_last_and_an_hour_at_most(attempt: int, minutes: int) -> None:
    assert jobs.pause(attempt) == timedelta(minutes=minutes)


def test_a_failed_job_waits_and_keeps_of_the_failure_its_kind_alone(session: Session) -> None:
    jobs.put(session, "test", "a", NOW)
    assert jobs.failed(session, claimed(session), NOW, OSError("Ana Example")) == NOW + MINUTE
    [row] = session.exec(select(JobRow)).all()
    assert row.failure == "OSError"
    assert "Ana" not in str(row)
    assert jobs.claim(session, NOW + MINUTE - SECOND, LEASE) is None
    assert claimed(session, NOW + MINUTE).attempt == 2


def test_a_name_too_long_for_its_column_is_no_second_failure(session: Session) -> None:
    jobs.put(session, "test", "a", NOW)
    jobs.failed(session, claimed(session), NOW, type("Long" * 50, (Exception,), {})())
    assert [job.failure for job in jobs.all_jobs(session, NOW)] == [("Long" * 50)[:80]]


def test_a_job_that_always_fails_stays_given_up_and_keeps_nobody_waiting(session: Session) -> None:
    last = given_up(session)
    assert NOW + timedelta(hours=4) < last < NOW + timedelta(hours=5)
    much_later = last + timedelta(days=20)
    assert jobs.claim(session, much_later, LEASE) is None
    assert states(session, much_later) == [State.GIVEN_UP]
    jobs.put(session, "test", "b", much_later)
    assert claimed(session, much_later).subject == "b"


def test_while_one_fails_again_and_again_the_others_are_done(session: Session) -> None:
    jobs.put(session, "test", "bad", NOW - HOUR)
    for n in range(5):
        jobs.put(session, "test", f"good{n}", NOW)
    order = []
    while found := jobs.claim(session, NOW, LEASE):
        order.append(found.subject)
        if found.subject == "bad":
            jobs.failed(session, found, NOW, OSError())
        else:
            jobs.done(session, found)
    assert (order[0], len(order)) == ("bad", 6)
    assert subjects(session) == ["bad"]


def test_a_job_that_kills_every_worker_is_given_up_too(session: Session) -> None:
    jobs.put(session, "test", "a", NOW)
    for n in range(MOST_ATTEMPTS):
        assert claimed(session, NOW + n * LEASE).attempt == n + 1
    last = NOW + MOST_ATTEMPTS * LEASE
    assert states(session, last - SECOND) == [State.IN_HAND]
    assert jobs.claim(session, last, LEASE) is None
    assert states(session, last) == [State.GIVEN_UP]


def test_what_was_given_up_can_be_begun_anew_and_nothing_else_is(session: Session) -> None:
    last = given_up(session)
    jobs.put(session, "test", "waits", last + HOUR)
    assert jobs.retry(session, last) == 1
    again = claimed(session, last)
    assert (again.subject, again.attempt, again.fence) == ("a", 1, MOST_ATTEMPTS + 1)
    assert jobs.claim(session, last, LEASE) is None
    assert jobs.retry(session, last) == 0


def test_the_last_attempt_that_is_still_in_hand_is_not_begun_anew(session: Session) -> None:
    jobs.put(session, "test", "a", NOW)
    second = timedelta(seconds=1)
    for n in range(MOST_ATTEMPTS):
        assert jobs.claim(session, NOW + n * second, second)
    in_hand = NOW + (MOST_ATTEMPTS - 1) * second
    assert states(session, in_hand) == [State.IN_HAND]
    assert jobs.retry(session, in_hand) == 0
    assert jobs.retry(session, in_hand + second) == 1


# Forgetting


def test_what_nobody_could_do_for_thirty_days_goes(session: Session) -> None:
    jobs.put(session, "test", "old", NOW)
    jobs.put(session, "test", "far ahead", NOW + 2 * KEPT)
    assert jobs.purge(session, NOW + KEPT - SECOND) == 0
    jobs.put(session, "test", "in hand", NOW - HOUR)
    assert claimed(session, NOW + KEPT - SECOND).subject == "in hand"
    assert jobs.purge(session, NOW + KEPT) == 1
    assert subjects(session) == ["far ahead", "in hand"]
