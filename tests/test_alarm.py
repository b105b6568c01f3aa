"""The alarm: at the twenty-first name within an hour, once an hour, in the trail and by mail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal import alarm, trail
from portal.cases.files import Files
from portal.cases.forgetting import Eraser
from portal.cases.ledger import Ledger
from portal.database import erasing, reading, transaction
from portal.heads import Notary
from portal.jobs import JobRow
from portal.mail import Post, Server, Tls
from portal.trail import Action, Entry, Outcome, Reason, Row, of_case
from portal.worker import Worker, kinds
from tests.mailing import a_mail_server

NOW = datetime(2026, 11, 23, 23, 59, 30, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
CLERK, OTHER = "a" * 32, "b" * 32
CASE = of_case("c" * 32, b"a lookup key")


def unmask(database: Engine, times: int, at: datetime, actor: str = CLERK, outcome: Outcome = Outcome.DONE) -> int:
    """Unmask so often, each in a transaction of its own; how often the alarm was raised."""
    raised = 0
    for _ in range(times):
        with transaction(database) as session:
            entry = Entry(actor, Action.UNMASKED, CASE, "caseworker", outcome, Reason.HELP_WANTED)
            trail.append(session, entry, at)
            raised += alarm.raise_if_due(session, actor, "caseworker", at)
    return raised


def alarms(database: Engine) -> list[Row]:
    with reading(database) as session:
        found = list(trail.rows(session))
    assert trail.verify(found) is None
    return [row for row in found if row.action == "alarm"]


def mailed(database: Engine) -> list[str]:
    """The moments that a job is to mail."""
    with reading(database) as session:
        return sorted(session.exec(select(JobRow.subject).where(JobRow.kind == "alarm")))


def test_twenty_names_within_an_hour_are_work_and_one_more_is_an_alarm(database: Engine) -> None:
    assert unmask(database, 20, NOW) == 0
    assert (alarms(database), mailed(database)) == ([], [])
    assert unmask(database, 1, NOW + SECOND) == 1
    [row] = alarms(database)
    assert (row.n, row.at, row.actor, row.role) == (22, int(NOW.timestamp()) + 1, CLERK, "caseworker")
    assert (row.subject_kind, row.subject, row.outcome, row.reason) == ("account", CLERK, "done", "too_many")
    assert mailed(database) == ["2026-11-23T23:59:31Z"]


@pytest.mark.parametrize(("later", "raised"), [(HOUR - SECOND, 1), (HOUR, 1), (HOUR + SECOND, 0)])
def test_the_hour_ends_with_its_last_second(database: Engine, later: timedelta, raised: int) -> None:
    assert unmask(database, 1, NOW) == 0
    assert unmask(database, 19, NOW + 2 * SECOND) == 0
    assert unmask(database, 1, NOW + later) == raised


def test_each_has_an_hour_of_their_own_and_refusals_and_other_actions_are_no_names(database: Engine) -> None:
    assert unmask(database, 20, NOW) == 0
    assert unmask(database, 20, NOW, actor=OTHER) == 0
    assert unmask(database, 5, NOW, outcome=Outcome.REFUSED) == 0
    with transaction(database) as session:
        trail.append(session, Entry(CLERK, Action.TASK_CLAIMED, CASE), NOW)
        assert not alarm.raise_if_due(session, CLERK, "caseworker", NOW)
    assert unmask(database, 1, NOW, actor=OTHER) == 1
    assert [row.actor for row in alarms(database)] == [OTHER]


@pytest.mark.parametrize(("later", "raised"), [(HOUR - SECOND, 0), (HOUR, 0), (HOUR + SECOND, 1)])
def test_who_goes_on_raises_it_once_an_hour(database: Engine, later: timedelta, raised: int) -> None:
    assert unmask(database, 60, NOW) == 1
    assert unmask(database, 40, NOW + later) == raised
    assert len(alarms(database)) == len(mailed(database)) == 1 + raised


def test_of_two_accounts_in_one_second_both_stand_in_the_trail_and_one_mail_tells_of_them(database: Engine) -> None:
    assert unmask(database, 21, NOW) == unmask(database, 21, NOW, actor=OTHER) == 1
    assert [row.actor for row in alarms(database)] == [CLERK, OTHER]
    assert mailed(database) == ["2026-11-23T23:59:30Z"]


def test_what_is_undone_raises_nothing(database: Engine) -> None:
    def break_off() -> None:
        with transaction(database) as session:
            trail.append(session, Entry(CLERK, Action.UNMASKED, CASE), NOW)
            assert alarm.raise_if_due(session, CLERK, "", NOW)
            raise ZeroDivisionError

    unmask(database, 20, NOW)
    with pytest.raises(ZeroDivisionError):
        break_off()
    assert (alarms(database), mailed(database)) == ([], [])


def test_of_many_at_once_none_slips_through_and_one_alarm_is_raised(database: Engine) -> None:
    with ThreadPoolExecutor(7) as pool:
        raised = sum(pool.map(lambda _n: unmask(database, 3, NOW), range(7)))
    assert (raised, len(alarms(database))) == (1, 1)


# By mail


def work_off(database: Engine, folder: Path, post: Post | None) -> None:
    """As the worker does it, with all that it can do."""
    eraser = Eraser(lambda: erasing(database), Files(folder / "files"), Ledger(folder / "erased"))
    notary = Notary(database, folder / "heads", post)
    Worker(database, kinds(eraser, notary), lambda: NOW).work_off(lambda _seconds: False)


def test_the_worker_mails_it_to_where_the_heads_go_and_names_nobody(database: Engine, tmp_path: Path) -> None:
    unmask(database, 21, NOW)
    with a_mail_server() as box:
        work_off(database, tmp_path, Post(Server("127.0.0.1", box.port, Tls.NEVER), "p@example.org", "a@example.net"))
    [message] = [one for one in box.taken if "head" not in one["Subject"]]
    assert message["Subject"] == "Rightface: more than 20 names unmasked within an hour"
    text = message.get_content()
    first = "At 2026-11-23T23:59:30Z an account had unmasked more than 20 names within an hour."
    assert text.splitlines()[0] == first
    assert CLERK not in text
    assert CASE.id not in text
    assert ["a@example.net"] in box.to
    assert mailed(database) == []


def test_a_mail_that_is_not_taken_is_tried_again(database: Engine, tmp_path: Path) -> None:
    unmask(database, 21, NOW)
    with a_mail_server() as box:
        box.refuses = True
        work_off(database, tmp_path, Post(Server("127.0.0.1", box.port, Tls.NEVER), "p@example.org", "a@example.net"))
    assert (box.tried, box.taken) == (2, [])  # the head, and the alarm
    assert mailed(database) == ["2026-11-23T23:59:30Z"]


def test_where_there_is_nobody_to_mail_it_to_the_job_is_done(database: Engine, tmp_path: Path) -> None:
    unmask(database, 21, NOW)
    work_off(database, tmp_path, None)
    assert (len(alarms(database)), mailed(database)) == (1, [])
