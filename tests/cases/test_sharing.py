"""Who may read a case: the staff only what was shared, only with their key, and never again once it is taken back."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.cases import attaching, following, forgetting, opening, sharing
from portal.cases.attaching import Shows
from portal.cases.case_key import new_case_key
from portal.cases.files import Files
from portal.cases.filing import STAFF, wrap_for_staff
from portal.cases.forgetting import Eraser
from portal.cases.ledger import Ledger
from portal.cases.models import CaseRow, WrapRow
from portal.database import transaction
from portal.papers.kinds import Kind
from portal.papers.paper import Paper
from portal.vault import KEY_SIZE, Key, new_pair
from tests.cases.filed import LOOKUP, NOW, TODAY, as_held, filed

HALF, PRIVATE = new_pair()
#: Each example files a case of its own in it.
ONE_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


@pytest.fixture
def eraser(database: Engine, tmp_path: Path) -> Eraser:
    return Eraser(partial(transaction, database), Files(tmp_path / "files"), Ledger(tmp_path / "erased"))


def test_what_is_filed_for_its_filer_alone_opens_for_nobody_else(session: Session) -> None:
    _, [case] = filed(session)
    assert not case.shared
    assert sharing.open_for_staff(session, case.id, PRIVATE) is None


def test_what_is_shared_at_filing_is_read_by_staff_as_its_filer_reads_it(session: Session) -> None:
    _, cases = filed(session, "clearview-ai", "pimeyes", staff=HALF)
    assert sharing.shared(session, [case.id for case in cases]) == {case.id for case in cases}
    for case in cases:
        assert case.shared
        assert sharing.open_for_staff(session, case.id, PRIVATE) == case


def test_it_is_shared_and_taken_back_and_shared_again(session: Session) -> None:
    key, [case] = filed(session)
    sharing.share(session, case, HALF)
    sharing.share(session, case, HALF)  # in a second tab
    assert sharing.is_shared(session, case.id)
    assert as_held(session, key)[0].shared
    assert len(sharing.withdraw(session, case.id)) == 1
    assert sharing.withdraw(session, case.id) == frozenset()
    assert not as_held(session, key)[0].shared
    assert sharing.open_for_staff(session, case.id, PRIVATE) is None
    sharing.share(session, case, HALF)
    assert sharing.open_for_staff(session, case.id, PRIVATE)


def test_one_of_several_is_shared_and_no_other(session: Session) -> None:
    _, [one, other] = filed(session, "clearview-ai", "pimeyes")
    sharing.share(session, one, HALF)
    assert sharing.shared(session, [one.id, other.id, "nobody's"]) == {one.id}
    assert sharing.open_for_staff(session, other.id, PRIVATE) is None
    assert sharing.open_for_staff(session, "nobody's", PRIVATE) is None


def test_a_new_case_key_leaves_staff_what_they_were_let_see(session: Session) -> None:
    key, [case] = filed(session, staff=HALF)
    token = opening.enter(session, key, LOOKUP, NOW, TODAY)
    assert token
    opened = opening.find(session, token, NOW)
    assert opened
    following.rekey(session, opened, new_case_key(), LOOKUP, TODAY, "v1")
    assert sharing.open_for_staff(session, case.id, PRIVATE)


def test_urgent_is_said_at_filing_and_afterwards_shared_or_not(session: Session) -> None:
    key, [one, other] = filed(session, "clearview-ai", "pimeyes", urgent=True)
    assert one.urgent
    assert other.urgent
    sharing.say_urgent(session, one.id, False)
    assert [case.urgent for case in as_held(session, key)] == [False, True]


def test_staff_see_every_file_but_copies_of_identity_documents(session: Session) -> None:
    key, [case] = filed(session, staff=HALF)
    paper = Paper(Kind.PDF, b"%PDF-", "a.pdf")
    ready = tuple(attaching.prepared(case.id, case.public, shows, paper, TODAY) for shows in Shows)
    attaching.keep(session, case.id, ready)
    assert {one.shows for one in as_held(session, key)[0].papers} == {*Shows}
    found = sharing.open_for_staff(session, case.id, PRIVATE)
    assert found
    assert {one.shows for one in found.papers} == {*Shows} - {Shows.IDENTITY}


# The seal


@ONE_DATABASE
@given(st.binary(min_size=KEY_SIZE, max_size=KEY_SIZE))
def test_no_other_key_opens_what_is_shared(database: Engine, key: bytes) -> None:
    with transaction(database) as session:
        _, [case] = filed(session, staff=HALF)
        assert sharing.open_for_staff(session, case.id, Key(key)) is None


def test_nothing_that_the_public_portal_holds_opens_what_is_shared(session: Session) -> None:
    filed(session, "clearview-ai", "pimeyes", staff=HALF)
    rows = [*session.exec(select(CaseRow)), *session.exec(select(WrapRow))]
    held = [value for row in rows for value in row.model_dump().values() if isinstance(value, bytes)]
    keys = {part[at : at + KEY_SIZE] for part in [*held, HALF, LOOKUP] for at in (0, 16, len(part) - KEY_SIZE)}
    tried = [Key(key) for key in keys if len(key) == KEY_SIZE]
    assert len(tried) > 10
    for case_id in session.exec(select(CaseRow.id)).all():
        assert not any(sharing.open_for_staff(session, case_id, key) for key in tried)


def test_what_was_shared_of_one_case_does_not_open_where_it_is_put_for_another(session: Session) -> None:
    _, [one, other] = filed(session, "clearview-ai", "pimeyes")
    moved = wrap_for_staff(HALF, one.id, one.private)
    session.add(WrapRow(case_id=other.id, holder=STAFF, scope=moved.scope, wrapped=moved.wrapped))
    session.flush()
    assert sharing.open_for_staff(session, other.id, PRIVATE) is None


def test_a_case_that_is_not_its_own_key_s_opens_for_nobody(session: Session) -> None:
    """Whoever has the database can put a wrap there, and learns nothing from it."""
    _, [case] = filed(session)
    _, stranger = new_pair()
    sharing.share(session, replace(case, private=stranger), HALF)
    assert sharing.open_for_staff(session, case.id, PRIVATE) is None


# Taken back for good


def test_what_was_taken_back_stays_so_whatever_copy_is_put_back(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        _, [case] = filed(session, staff=HALF)
        kept = session.get_one(WrapRow, (case.id, STAFF)).model_dump()
    erased = eraser.carry_out(partial(forgetting.withdraw, case_id=case.id))
    assert len(erased.wraps) == 1
    with eraser.transaction() as session:
        session.add(WrapRow(**kept))  # as a backup would
    assert eraser.replay(NOW).wraps == erased.wraps
    with eraser.transaction() as session:
        assert not sharing.is_shared(session, case.id)
        sharing.share(session, case, HALF)  # the person changes their mind
    assert eraser.replay(NOW).wraps == frozenset()
    with eraser.transaction() as session:
        assert sharing.open_for_staff(session, case.id, PRIVATE)


def test_taking_back_what_was_not_shared_leaves_nothing_in_the_ledger(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        _, [case] = filed(session)
    assert eraser.carry_out(partial(forgetting.withdraw, case_id=case.id)).wraps == frozenset()
    assert eraser.ledger.entries() == frozenset()
