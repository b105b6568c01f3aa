"""The thread of a case: both sides read it, each with its own key, and nobody else does."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, select

from portal.cases import forgetting, sharing, thread
from portal.cases.files import Files
from portal.cases.following import Case
from portal.cases.forgetting import Eraser
from portal.cases.ledger import Ledger
from portal.cases.models import MessageRow
from portal.cases.thread import LONGEST, MOST_MESSAGES, Content, TooManyMessages
from portal.database import transaction
from portal.vault import KEY_SIZE, Key, new_pair
from tests.cases.filed import TODAY, filed

HALF, PRIVATE = new_pair()
#: Each example files a case of its own in it.
ONE_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
ASKED = Content(saved="other-organisation", blanks={"organisation": "pimeyes"})


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


@pytest.fixture
def case(session: Session) -> Case:
    _, [made] = filed(session)
    return made


def write(session: Session, case: Case, content: Content | str, from_staff: bool = False) -> str:
    written = Content(text=content) if isinstance(content, str) else content
    id_ = thread.write(session, case.id, case.public, HALF, written, from_staff, TODAY)
    session.flush()
    return id_


def contents(messages: tuple[thread.Message, ...]) -> list[Content | None]:
    return [one.content for one in messages]


@ONE_DATABASE
@given(st.lists(st.tuples(st.text(max_size=LONGEST), st.booleans()), max_size=5))
def test_both_sides_read_what_either_wrote_in_its_order(database: Engine, said: list[tuple[str, bool]]) -> None:
    with transaction(database) as session:
        _, [case] = filed(session)
        for text, from_staff in said:
            write(session, case, text, from_staff)
        held = thread.read_as_holder(session, case.id, case.private)
        assert held == thread.read_as_staff(session, case.id, PRIVATE)
        assert [(one.content and one.content.text, one.from_staff) for one in held] == said
        assert not sharing.is_shared(session, case.id)


def test_a_saved_message_is_kept_by_its_id_and_blanks(session: Session, case: Case) -> None:
    write(session, case, ASKED, from_staff=True)
    assert contents(thread.read_as_holder(session, case.id, case.private)) == [ASKED]
    assert contents(thread.read_as_staff(session, case.id, PRIVATE)) == [ASKED]


# The seal


@ONE_DATABASE
@given(st.binary(min_size=KEY_SIZE, max_size=KEY_SIZE))
def test_no_other_key_reads_a_message(database: Engine, key: bytes) -> None:
    with transaction(database) as session:
        _, [case, other] = filed(session, "clearview-ai", "pimeyes")
        write(session, case, "They want my passport.")
        for wrong in (Key(key), other.private, Key(HALF), Key(case.public)):
            assert contents(thread.read_as_holder(session, case.id, wrong)) == [None]
            assert contents(thread.read_as_staff(session, case.id, wrong)) == [None]


def test_neither_side_s_key_reads_what_is_sealed_to_the_other(session: Session, case: Case) -> None:
    write(session, case, "They want my passport.")
    assert contents(thread.read_as_staff(session, case.id, case.private)) == [None]
    assert contents(thread.read_as_holder(session, case.id, PRIVATE)) == [None]


@pytest.mark.parametrize("column", ["sealed", "for_staff"])
def test_a_message_that_is_put_in_another_s_place_does_not_open(session: Session, case: Case, column: str) -> None:
    one, other = write(session, case, "Yes."), write(session, case, "No.")
    setattr(session.get_one(MessageRow, other), column, getattr(session.get_one(MessageRow, one), column))
    session.flush()
    read = {
        "sealed": thread.read_as_holder(session, case.id, case.private),
        "for_staff": thread.read_as_staff(session, case.id, PRIVATE),
    }
    assert contents(read[column]) == [Content(text="Yes."), None]


def test_nothing_written_is_in_the_rows_and_their_length_says_little(session: Session, case: Case) -> None:
    write(session, case, "No.")
    write(session, case, "They want my passport. " * 20)
    short, long = session.exec(select(MessageRow).order_by("n")).all()
    assert b"passport" not in repr(long.model_dump()).encode()
    assert len(short.sealed) == len(long.sealed) == len(short.for_staff) == len(long.for_staff)


# Seen


def test_each_side_marks_what_the_other_wrote(session: Session, case: Case) -> None:
    write(session, case, "Is this right?")
    write(session, case, ASKED, from_staff=True)
    write(session, case, ASKED, from_staff=True)
    ids = [case.id, "nobody's"]
    assert thread.unread(session, ids, by_staff=False) == {case.id: 2}
    assert thread.unread(session, ids, by_staff=True) == {case.id: 1}
    thread.mark_seen(session, case.id, by_staff=False)
    assert thread.unread(session, ids, by_staff=False) == {}
    assert thread.unread(session, ids, by_staff=True) == {case.id: 1}
    assert [one.seen for one in thread.read_as_staff(session, case.id, PRIVATE)] == [False, True, True]


# How much


def test_a_side_that_has_written_all_it_may_keeps_the_other_from_nothing(session: Session, case: Case) -> None:
    for _ in range(MOST_MESSAGES):
        write(session, case, "Again.")
    with pytest.raises(TooManyMessages):
        write(session, case, "And again.")
    write(session, case, ASKED, from_staff=True)
    assert len(thread.read_as_holder(session, case.id, case.private)) == MOST_MESSAGES + 1


def test_a_text_that_is_too_long_is_not_kept(session: Session, case: Case) -> None:
    write(session, case, "x" * LONGEST)
    with pytest.raises(ValueError, match=str(LONGEST)):
        write(session, case, "x" * (LONGEST + 1))


# With the case


def test_it_goes_with_the_case_and_nothing_is_added_afterwards(database: Engine, tmp_path: Path) -> None:
    eraser = Eraser(partial(transaction, database), Files(tmp_path / "files"), Ledger(tmp_path / "erased"))
    with eraser.transaction() as session:
        _, [case, other] = filed(session, "clearview-ai", "pimeyes", staff=HALF)
        write(session, case, "Is this right?")
        write(session, other, "And this?")
    eraser.carry_out(partial(forgetting.erase_case, id_=case.id))
    with eraser.transaction() as session:
        assert session.exec(select(MessageRow.case_id)).all() == [other.id]
        assert not sharing.is_shared(session, case.id)
        with pytest.raises(NoResultFound):
            write(session, case, "Is this right?")
