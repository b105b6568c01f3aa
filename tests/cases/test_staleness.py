"""Asking the staff to look again at the law."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.cases import staleness, tasks
from portal.cases.models import TaskRow
from portal.cases.tasks import Choice, Decision, Matter
from portal.database import transaction
from portal.law.catalogue import Catalogue
from portal.law.review import STALE_AFTER, findings

A_DAY = timedelta(days=1)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


def subjects(session: Session) -> set[str]:
    return {row.subject for row in session.exec(select(TaskRow))}


def test_each_file_is_asked_about_once_while_it_waits_and_while_its_task_is_kept(
    session: Session, catalogue: Catalogue
) -> None:
    newest = max(law.verified for law in catalogue.laws.values())
    late = newest + STALE_AFTER + A_DAY
    asked = staleness.ask(session, catalogue, late)
    files = {one.file for one in findings(catalogue, late) if one.kind == "stale"}
    assert asked == len(subjects(session)) > 0
    assert subjects(session) < files  # addresses have a list of their own
    assert {f"laws/{id_}.toml" for id_ in catalogue.laws} <= subjects(session)
    now = datetime.combine(late, datetime.min.time(), UTC)
    for row in [*session.exec(select(TaskRow))]:
        assert row.matter == Matter.STALE
        assert tasks.claim(session, row.id, "a" * 32, now)
        tasks.decide(session, row.id, Decision(Choice.DONE), "a" * 32, now, late)
    assert staleness.ask(session, catalogue, late + A_DAY) == 0
    tasks.purge(session, late + tasks.KEPT)
    assert staleness.ask(session, catalogue, late + tasks.KEPT) >= asked


def test_nothing_is_asked_of_what_is_fresh(session: Session, catalogue: Catalogue) -> None:
    oldest = min(one.verified for one in (*catalogue.laws.values(), *catalogue.deadlines.values()))
    assert staleness.ask(session, catalogue, oldest) == 0
