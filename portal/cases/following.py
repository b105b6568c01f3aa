"""Following a case: what its holder sees of it, and what they say has happened."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.cases.case_key import CaseKey
from portal.cases.clock import Happened
from portal.cases.drafts import Draft
from portal.cases.filing import FILER, lookup, new_id, place, wrap, wrapping
from portal.cases.models import CaseRow, EventRow, FilingRow, LetterRow, WrapRow
from portal.cases.opening import Opened
from portal.cases.status import MAY_HAPPEN, Kind, Status, status
from portal.letters import kept
from portal.letters.kept import Made
from portal.vault import Key, PublicHalf, drop_in, take_out, unseal


class NotPossible(ValueError):
    """What the person says cannot have happened; `why` is one of `Why`."""

    def __init__(self, why: "Why") -> None:
        super().__init__(why.value)
        self.why = why


class Why(StrEnum):
    IN_FUTURE = "in_future"
    BEFORE_LETTER = "before_letter"
    BEFORE_SENT = "before_sent"
    BEFORE_RECEIVED = "before_received"
    NOT_NOW = "not_now"
    """The case does not stand where this can happen: it is closed, or not sent yet."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. `told` is the due date that the person was told then."""

    kind: Kind
    day: date
    recorded_on: date
    told: date | None
    catalogue: str
    note: str

    @property
    def happened(self) -> Happened:
        return Happened(self.kind, self.day)


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its holder sees it."""

    id: str
    organisation: str
    right: str
    way: str
    place: str
    status: Status
    filed_on: date
    forget_on: date
    draft: Draft
    made: Made
    events: tuple[Event, ...]
    public: PublicHalf

    @property
    def happened(self) -> tuple[Happened, ...]:
        return tuple(event.happened for event in self.events)


# Seeing


def cases(session: Session, opened: Opened) -> tuple[Case, ...]:
    """All that was filed together, in the order of the catalogue's names' ids."""
    rows = session.exec(select(CaseRow).where(CaseRow.filing_id == opened.filing_id).order_by(CaseRow.organisation))
    return tuple(_case(session, row, opened.key) for row in rows.all())


def case_ids(session: Session, opened: Opened) -> tuple[str, ...]:
    """Theirs, in the same order."""
    filed = select(CaseRow.id).where(CaseRow.filing_id == opened.filing_id).order_by(CaseRow.organisation)
    return tuple(session.exec(filed).all())


def case(session: Session, opened: Opened, id_: str) -> Case | None:
    """One of them; None where the id is another's, or nobody's."""
    row = session.get(CaseRow, id_)
    if row is None or row.filing_id != opened.filing_id:
        return None
    return _case(session, row, opened.key)


def _case(session: Session, row: CaseRow, key: CaseKey) -> Case:
    private = private_key(session, row.id, key)
    letter = session.exec(select(LetterRow).where(LetterRow.case_id == row.id).order_by(col(LetterRow.made_on))).one()
    events = session.exec(select(EventRow).where(EventRow.case_id == row.id).order_by(col(EventRow.n))).all()
    return Case(
        id=row.id,
        organisation=row.organisation,
        right=row.right,
        way=row.way,
        place=row.place,
        status=Status(row.status),
        filed_on=row.filed_on,
        forget_on=row.forget_on,
        draft=Draft(**json.loads(take_out(private, row.details, place("cases", "details", row.id)))),
        made=kept.read(take_out(private, letter.sealed, place("letters", "sealed", letter.id))),
        events=tuple(_event(one, private) for one in events),
        public=PublicHalf(row.public_key),
    )


def private_key(session: Session, case_id: str, key: CaseKey) -> Key:
    """The private key of a case, unwrapped. Raises Unopened where the case key is not its own."""
    wrapped = session.get_one(WrapRow, (case_id, FILER)).wrapped
    return Key(unseal(wrapping(key), wrapped, place("wraps", FILER, case_id)))


def _event(row: EventRow, private: Key) -> Event:
    note = take_out(private, row.sealed, place("events", "sealed", row.id)).decode() if row.sealed else ""
    return Event(Kind(row.kind), row.day, row.recorded_on, row.told, row.catalogue, note)


# Saying what happened


def check(events: Sequence[Event], kind: Kind, day: date, today: date, letter_day: date) -> None:
    """Raise NotPossible where this cannot have happened on that day, or not where the case stands."""
    if kind not in MAY_HAPPEN[status(event.kind for event in events)]:
        raise NotPossible(Why.NOT_NOW)
    if day > today:
        raise NotPossible(Why.IN_FUTURE)
    if kind is Kind.SENT and day < letter_day:
        raise NotPossible(Why.BEFORE_LETTER)
    said = {event.kind: event.day for event in events}
    if kind in (Kind.RECEIVED, Kind.EXTENDED, Kind.ANSWERED) and day < said.get(Kind.SENT, letter_day):
        raise NotPossible(Why.BEFORE_SENT)
    if kind in (Kind.EXTENDED, Kind.ANSWERED) and Kind.RECEIVED in said and day < said[Kind.RECEIVED]:
        raise NotPossible(Why.BEFORE_RECEIVED)


@dataclass(frozen=True, slots=True)
class Said:
    """What the person says has happened, checked, with what follows from it."""

    kind: Kind
    day: date
    note: str
    told: date | None
    forget_on: date


def record(session: Session, case: Case, said: Said, today: date, version: str) -> None:
    """Put it into the timeline; the case moves on.

    Whoever has the database can add to a case and read nothing: the note is dropped in under the case's public half.
    """
    id_ = new_id()
    row = session.get_one(CaseRow, case.id, with_for_update=True)
    kinds = [Kind(kind) for kind in session.exec(_kinds(case.id)).all()]
    session.add(
        EventRow(
            id=id_,
            case_id=case.id,
            n=len(kinds),
            kind=said.kind.value,
            day=said.day,
            recorded_on=today,
            told=said.told,
            catalogue=version,
            sealed=drop_in(case.public, said.note.encode(), place("events", "sealed", id_)) if said.note else None,
        )
    )
    row.status = status([*kinds, said.kind]).value
    row.forget_on = said.forget_on


def _kinds(case_id: str) -> SelectOfScalar[str]:
    return select(EventRow.kind).where(EventRow.case_id == case_id).order_by(col(EventRow.n))


# A new key


def rekey(session: Session, opened: Opened, new: CaseKey, lookup_key: bytes, today: date, version: str) -> None:
    """Wrap every case of a filing under a new key, by which alone it is found from now on."""
    filing = session.get_one(FilingRow, opened.filing_id, with_for_update=True)
    for row in session.exec(select(CaseRow).where(CaseRow.filing_id == opened.filing_id)).all():
        session.merge(wrap(new, row.id, private_key(session, row.id, opened.key)))
        n = len(session.exec(_kinds(row.id)).all())
        session.add(
            EventRow(
                id=new_id(),
                case_id=row.id,
                n=n,
                kind=Kind.REKEYED.value,
                day=today,
                recorded_on=today,
                catalogue=version,
            )
        )
    filing.lookup = lookup(new, lookup_key)
