"""The worker: each job once, whoever is killed or stuck; it ends when it is told to, with the work in hand done."""

import logging
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal import jobs, worker
from portal.database import transaction
from portal.jobs import MOST_ATTEMPTS, Job, JobRow, State
from portal.worker import LEASE, Kind, Worker
from tests.working import A_LEASE, a_worker, wait_for

NOW = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)
#: Due by the clock of any machine that runs the tests.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
THIS_HOUR, NEXT_HOUR = "2026-11-23T12:00Z", "2026-11-23T13:00Z"
HOUR = timedelta(hours=1)
Do = Callable[[str, datetime], object]


def address(database: Engine) -> str:
    return database.url.render_as_string(hide_password=False)


def put(database: Engine, kind: str, *subjects: str, due: datetime = NOW) -> None:
    with transaction(database) as session:
        for subject in subjects:
            jobs.put(session, kind, subject, due)


def rows(database: Engine) -> dict[str, int]:
    """The subjects of the jobs that there are, and how often each was begun."""
    with transaction(database) as session:
        return {row.subject: row.attempts for row in session.exec(select(JobRow))}


def listed(database: Engine, now: datetime) -> list[Job]:
    with transaction(database) as session:
        return list(jobs.all_jobs(session, now))


def never(_seconds: float) -> bool:
    return False


def work_off(
    database: Engine, do: Do, now: datetime = NOW, every: timedelta | None = None, kind: str = "test"
) -> None:
    Worker(database, {kind: Kind(do, every)}, lambda: now).work_off(never)


def fail(_subject: str, _now: datetime) -> None:
    raise OSError("Ana Example")


# In processes of their own


def test_two_workers_do_each_of_two_hundred_jobs_once(database: Engine, tmp_path: Path) -> None:
    subjects = [f"job-{n}" for n in range(200)]
    put(database, "note", *subjects, due=LONG_AGO)
    with a_worker(address(database), tmp_path) as one, a_worker(address(database), tmp_path) as other:
        (tmp_path / "start").touch()
        while rows(database):
            assert one.poll() is other.poll() is None
            time.sleep(0.05)
    did = [(tmp_path / subject).read_text().split() for subject in subjects]
    assert [len(who) for who in did] == [1] * 200
    assert {who for (who,) in did} == {str(one.pid), str(other.pid)}


def test_the_job_of_a_killed_worker_is_done_by_another_after_its_lease(database: Engine, tmp_path: Path) -> None:
    put(database, "slow", "a", due=LONG_AGO)
    (tmp_path / "start").touch()
    with a_worker(address(database), tmp_path) as killed:
        wait_for(tmp_path / f"begun-{killed.pid}")
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    did: list[datetime] = []
    now = datetime.now(UTC)
    for moment in (now, now + A_LEASE):
        work_off(database, lambda _subject, at: did.append(at), moment, kind="slow")
    assert did == [now + A_LEASE]
    assert rows(database) == {}


def test_a_worker_that_was_stuck_may_not_end_the_job_that_another_has_by_now(
    database: Engine, tmp_path: Path
) -> None:
    put(database, "slow", "a", due=LONG_AGO)
    (tmp_path / "start").touch()
    with a_worker(address(database), tmp_path) as stuck:
        wait_for(tmp_path / f"begun-{stuck.pid}")
        stuck.send_signal(signal.SIGSTOP)
        with transaction(database) as session:
            mine = jobs.claim(session, datetime.now(UTC) + A_LEASE, LEASE)
        assert mine
        (tmp_path / "go").touch()
        stuck.send_signal(signal.SIGCONT)
        assert stuck.stderr
        assert stuck.stderr.readline() == "job slow, attempt 1: took longer than its lease: another worker has it\n"
    assert rows(database) == {"a": 2}
    with transaction(database) as session:
        jobs.done(session, mine)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda one: str(one.name))
def test_told_to_stop_it_finishes_the_job_in_hand_and_begins_no_other(
    database: Engine, tmp_path: Path, how: signal.Signals
) -> None:
    put(database, "slow", "a", "b", due=LONG_AGO)
    (tmp_path / "start").touch()
    with a_worker(address(database), tmp_path) as process:
        wait_for(tmp_path / f"begun-{process.pid}")
        process.send_signal(how)
        time.sleep(0.3)
        assert process.poll() is None
        assert sorted(rows(database).values()) == [0, 1]
        (tmp_path / "go").touch()
        assert process.wait(30) == 0
        assert process.stderr
        assert process.stderr.read() == "job slow, attempt 1: done\n"
    assert list(rows(database).values()) == [0]


# What comes again


def test_what_comes_again_is_done_now_and_put_for_the_next_hour(database: Engine) -> None:
    did: list[str] = []
    work_off(database, lambda subject, _now: did.append(subject), every=HOUR)
    assert did == [THIS_HOUR]
    assert [(job.due, job.state) for job in listed(database, NOW)] == [
        (datetime(2026, 11, 23, 13, tzinfo=UTC), State.WAITING)
    ]
    work_off(database, lambda subject, _now: did.append(subject), NOW + HOUR, every=HOUR)
    assert did == [THIS_HOUR, NEXT_HOUR]


def test_without_the_next_one_put_it_is_not_done(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nothing would come again after a stop between the two."""
    did: list[str] = []

    def stop_the_machine(*_job: object) -> None:
        raise SystemExit

    def do(subject: str, _now: datetime) -> None:
        did.append(subject)
        monkeypatch.setattr(worker, "_put_at", stop_the_machine)

    with pytest.raises(SystemExit):
        work_off(database, do, every=HOUR)
    assert rows(database)[did[0]] == 1


def test_what_fails_or_is_given_up_comes_again_all_the_same(database: Engine) -> None:
    second = timedelta(seconds=1)
    put(database, "test", THIS_HOUR, due=NOW - HOUR)
    with transaction(database) as session:
        for n in range(MOST_ATTEMPTS):  # whoever claimed it was killed
            assert jobs.claim(session, NOW - HOUR + n * second, second)
    work_off(database, fail, every=HOUR)
    assert rows(database) == {THIS_HOUR: MOST_ATTEMPTS, NEXT_HOUR: 0}
    work_off(database, fail, NOW + HOUR, every=HOUR)
    assert rows(database)[NEXT_HOUR] == 1
    assert "2026-11-23T14:00Z" in rows(database)


def test_what_fails_hour_after_hour_is_tried_hour_after_hour(database: Engine) -> None:
    now, began = NOW, []

    def do(subject: str, moment: datetime) -> None:
        began.append(subject)
        fail(subject, moment)

    def a_minute_later(_seconds: float) -> bool:
        nonlocal now
        now += timedelta(minutes=1)
        return now > NOW + 2 * HOUR

    Worker(database, {"test": Kind(do, HOUR)}, lambda: now).work_on(a_minute_later, pause=5)
    assert set(began) == {"2026-11-23T12:00Z", "2026-11-23T13:00Z", "2026-11-23T14:00Z"}


# One at a time


def test_the_work_is_done_in_no_transaction_and_others_see_that_it_is_in_hand(database: Engine) -> None:
    put(database, "test", "a")
    seen: list[State] = []

    def do(_subject: str, now: datetime) -> None:
        put(database, "other", "b")  # on SQLite that waits in vain where a transaction is open
        seen.extend(job.state for job in listed(database, now) if job.kind == "test")

    work_off(database, do)
    assert seen == [State.IN_HAND]
    assert "a" not in rows(database)


def test_a_failing_job_keeps_no_other_waiting_and_the_log_tells_nobody_s_words(
    database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    did: list[str] = []

    def do(subject: str, now: datetime) -> None:
        if subject == "a-secret":
            fail(subject, now)
        did.append(subject)

    put(database, "test", "a-secret", due=NOW - HOUR)
    put(database, "test", "b", "c")
    with caplog.at_level(logging.INFO, "portal"):
        work_off(database, do)
    assert sorted(did) == ["b", "c"]
    assert rows(database) == {"a-secret": 1}
    [told] = [line for line in caplog.messages if "OSError" in line]
    assert told.startswith("job test, attempt 1: OSError at ")
    assert told.endswith(f"test_worker.py:{fail.__code__.co_firstlineno + 1}, again at 2026-11-23 12:35 UTC")
    assert not any("Ana" in line or "secret" in line for line in caplog.messages)


def test_what_fails_too_often_is_told_as_given_up(database: Engine, caplog: pytest.LogCaptureFixture) -> None:
    put(database, "test", "a")
    with caplog.at_level(logging.INFO, "portal"):
        for hours in range(MOST_ATTEMPTS + 1):
            work_off(database, fail, NOW + hours * HOUR)
    assert rows(database) == {"a": MOST_ATTEMPTS}
    assert [line.endswith("given up") for line in caplog.messages] == [False] * (MOST_ATTEMPTS - 1) + [True]


def test_a_kind_that_only_a_newer_worker_can_do_waits_for_one(database: Engine) -> None:
    put(database, "newer", "a")
    work_off(database, fail)
    assert [(job.failure, job.state) for job in listed(database, NOW)] == [("UnknownKind", State.WAITING)]


def test_told_to_stop_it_begins_nothing(database: Engine) -> None:
    put(database, "test", "a")
    Worker(database, {"test": Kind(fail)}, lambda: NOW).work_off(lambda _seconds: True)
    assert rows(database) == {"a": 0}


def test_with_nothing_to_do_it_looks_again_after_a_pause_and_between_jobs_at_once(database: Engine) -> None:
    put(database, "test", "a", "b")
    waited: list[float] = []

    def stop(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == 5

    Worker(database, {"test": Kind(lambda _subject, _now: None)}, lambda: NOW).work_on(stop, pause=7)
    assert waited == [0, 0, 0, 7, 7]
