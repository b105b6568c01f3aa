"""What the person of a case and the portal's staff write to each other."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select, update

from portal.cases.filing import place
from portal.cases.models import CaseRow, MessageRow
from portal.columns import new_id
from portal.vault import Key, PublicHalf, Unopened, drop_in, take_out

#: What either side may write in a case; a disk is not filled by one person.
MOST_MESSAGES = 100
#: Characters of a text.
LONGEST = 4_000


class TooManyMessages(Exception):
    """This side has written as many messages in the case as it may."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is written: a text, or a saved message by its id with what its blanks hold.

    A saved one is kept so that whoever reads it has it in the language in which they read the pages.
    """

    text: str = ""
    saved: str = ""
    blanks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as one of the two reads it; `content` is None where it was sealed to another key.

    Who of the staff wrote it is not kept.
    """

    id: str
    from_staff: bool
    written_on: date
    seen: bool
    content: Content | None


def write(
    session: Session,
    case_id: str,
    case_half: PublicHalf,
    staff_half: PublicHalf,
    content: Content,
    from_staff: bool,
    today: date,
) -> str:
    """Add a message, sealed to either side; its id.

    Neither needs the other's key, so a person can be asked, and answer, without sharing the case. Raises ValueError
    for a text of more than LONGEST characters, TooManyMessages, NoResultFound where the case is erased.
    """
    if len(content.text) > LONGEST:
        raise ValueError(f"a message has at most {LONGEST} characters")
    session.get_one(CaseRow, case_id, with_for_update=True)
    by = session.exec(select(MessageRow.from_staff).where(col(MessageRow.case_id) == case_id)).all()
    if by.count(from_staff) >= MOST_MESSAGES:
        raise TooManyMessages
    id_, text = new_id(), _written(content)
    session.add(
        MessageRow(
            id=id_,
            case_id=case_id,
            n=len(by),
            from_staff=from_staff,
            written_on=today,
            seen=False,
            sealed=drop_in(case_half, text, place("messages", "sealed", id_)),
            for_staff=drop_in(staff_half, text, place("messages", "for_staff", id_)),
        )
    )
    return id_


def read_as_holder(session: Session, case_id: str, private: Key) -> tuple[Message, ...]:
    """The thread of a case in its order, by the case's private key."""
    return tuple(_message(row, private, row.sealed, "sealed") for row in _rows(session, case_id))


def read_as_staff(session: Session, case_id: str, private: Key) -> tuple[Message, ...]:
    """The thread of a case in its order, by the staff's private key, whether the case is shared or not."""
    return tuple(_message(row, private, row.for_staff, "for_staff") for row in _rows(session, case_id))


def mark_seen(session: Session, case_id: str, by_staff: bool) -> None:
    """One side has the thread before it: what the other wrote is seen."""
    session.exec(update(MessageRow).where(col(MessageRow.case_id) == case_id, *_unseen(by_staff)).values(seen=True))


def unread(session: Session, case_ids: Collection[str], by_staff: bool) -> Mapping[str, int]:
    """How many messages one side has yet to see in each of many cases, in one query; a case without is left out."""
    counted = select(MessageRow.case_id, func.count()).where(col(MessageRow.case_id).in_(case_ids))
    return dict(session.exec(counted.where(*_unseen(by_staff)).group_by(col(MessageRow.case_id))).all())


def _unseen(by_staff: bool) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(MessageRow.from_staff).is_(not by_staff), col(MessageRow.seen).is_(False)


def _rows(session: Session, case_id: str) -> Collection[MessageRow]:
    return session.exec(
        select(MessageRow).where(col(MessageRow.case_id) == case_id).order_by(col(MessageRow.n))
    ).all()


def _message(row: MessageRow, private: Key, sealed: bytes, column: str) -> Message:
    try:
        content = _read(take_out(private, sealed, place("messages", column, row.id)))
    except Unopened:
        content = None
    return Message(row.id, row.from_staff, row.written_on, row.seen, content)


def _written(content: Content) -> bytes:
    told = {"saved": content.saved, "blanks": {**content.blanks}} if content.saved else {"text": content.text}
    return json.dumps(told, ensure_ascii=False).encode()


def _read(text: bytes) -> Content:
    return Content(**json.loads(text))
