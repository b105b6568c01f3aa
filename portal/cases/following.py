"""Following a case: what its holder sees of it, and what they say has happened."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.cases import drafts
from portal.cases.attaching import Attached, attached
from portal.cases.case_key import CaseKey
from portal.cases.drafts import Draft
from portal.cases.filing import FILER, STAFF, lookup, place, wrap, wrapping
from portal.cases.models import CaseRow, EventRow, FilingRow, LetterRow, PaperRow, WrapRow
from portal.cases.opening import Opened
from portal.cases.status import MAY_HAPPEN, OF_COMPLAINT, OF_THEIRS, Answer, Decided, Happened, Kind, Status, status
from portal.columns import new_id
from portal.law.arguments import Reply
from portal.letters import kept, shapes
from portal.letters.kept import Made
from portal.vault import Key, PublicHalf, drop_in, take_out, unseal

#: More than any case needs; a disk is not filled by one person.
MOST_LETTERS = 40


class TooManyLetters(Exception):
    """A case has as many letters as it may have."""


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
    BEFORE_COMPLAINT = "before_complaint"
    NOT_NOW = "not_now"
    """The case does not stand where this can happen: it is closed, or not sent yet."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. `told` is the due date that the person was told then.

    `way` is that of the complaint that it was or belongs to; `number` what the authority called it; `by_group` the id
    of the group that said so, where it was not the person.
    """

    kind: Kind
    day: date
    recorded_on: date
    told: date | None
    catalogue: str
    note: str
    way: str = ""
    outcome: Decided | None = None
    number: str = ""
    answer: Answer | None = None
    ground: Reply | None = None
    by_group: str = ""

    @property
    def happened(self) -> Happened:
        return Happened(self.kind, self.day, self.way, self.outcome, self.answer, self.ground)


@dataclass(frozen=True, slots=True)
class Copy:
    """A letter of a case, as it was made."""

    id: str
    made_on: date
    made: Made
    replaced_on: date | None = None
    """Since when another stands in its place, under another law; it was never sent."""

    @property
    def subject(self) -> str:
        return shapes.subject(self.made.letter)


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
    letters: tuple["Copy", ...]
    """The first one, and those that answer what was answered."""
    replaced: tuple["Copy", ...]
    """Those in whose place another was written."""
    events: tuple[Event, ...]
    papers: tuple[Attached, ...]
    urgent: bool
    shared: bool
    """Whether the portal's staff may read it too."""
    public: PublicHalf
    private: Key = field(repr=False)

    @property
    def made(self) -> Made:
        """The letter that was filed."""
        return self.letters[0].made

    @property
    def happened(self) -> tuple[Happened, ...]:
        return tuple(event.happened for event in self.events)


# Seeing


def cases(session: Session, opened: Opened) -> tuple[Case, ...]:
    """All that was filed together, in the order of the catalogue's names' ids."""
    rows = session.exec(select(CaseRow).where(CaseRow.filing_id == opened.filing_id).order_by(CaseRow.organisation))
    return _theirs(session, rows.all(), opened.key)


def case_ids(session: Session, opened: Opened) -> tuple[str, ...]:
    """Theirs, in the same order."""
    filed = select(CaseRow.id).where(CaseRow.filing_id == opened.filing_id).order_by(CaseRow.organisation)
    return tuple(session.exec(filed).all())


def case(session: Session, opened: Opened, id_: str) -> Case | None:
    """One of them; None where the id is another's, or nobody's."""
    row = session.get(CaseRow, id_)
    if row is None or row.filing_id != opened.filing_id:
        return None
    return next(iter(_theirs(session, [row], opened.key)), None)


def _theirs(session: Session, rows: Sequence[CaseRow], key: CaseKey) -> tuple[Case, ...]:
    return read(session, rows, FILER, lambda wrap: _unwrapped(wrap, key))


def read(
    session: Session, rows: Sequence[CaseRow], holder: str, unwrapped: Callable[[WrapRow], Key]
) -> tuple[Case, ...]:
    """Cases with all that is theirs, in as many queries as one takes, by the wraps of a holder.

    Left out is what this holder has no wrap for, and what is erased meanwhile.
    """
    ids = [row.id for row in rows]
    wraps = _by_case(session, WrapRow, ids, col(WrapRow.holder))
    letters = _by_case(session, LetterRow, ids, col(LetterRow.n))
    events = _by_case(session, EventRow, ids, col(EventRow.n))
    papers = _by_case(session, PaperRow, ids, col(PaperRow.added_on))
    private = {id_: unwrapped(one) for id_, mine in wraps.items() for one in mine if one.holder == holder}
    shared = {id_ for id_, mine in wraps.items() for one in mine if one.holder == STAFF}
    whole = [row for row in rows if row.id in private and letters[row.id]]
    return tuple(
        _case(row, row.id in shared, private[row.id], letters[row.id], events[row.id], papers[row.id])
        for row in whole
    )


_Row = TypeVar("_Row", WrapRow, LetterRow, EventRow, PaperRow)


def _by_case(session: Session, kind: type[_Row], ids: Sequence[str], order: Any) -> Mapping[str, list[_Row]]:
    """The rows of each case, in this order."""
    found: dict[str, list[_Row]] = {id_: [] for id_ in ids}
    for row in session.exec(select(kind).where(col(kind.case_id).in_(ids)).order_by(order)):
        found[row.case_id].append(row)
    return found


def _case(
    row: CaseRow,
    shared: bool,
    private: Key,
    letters: Sequence[LetterRow],
    events: Sequence[EventRow],
    papers: Sequence[PaperRow],
) -> Case:
    return Case(
        id=row.id,
        organisation=row.organisation,
        right=row.right,
        way=row.way,
        place=row.place,
        status=Status(row.status),
        filed_on=row.filed_on,
        forget_on=row.forget_on,
        draft=drafts.read(take_out(private, row.details, place("cases", "details", row.id))),
        letters=tuple(_copy(one, private) for one in letters if one.replaced_on is None),
        replaced=tuple(_copy(one, private) for one in letters if one.replaced_on),
        events=tuple(_event(one, private) for one in events),
        papers=tuple(attached(one, private) for one in papers),
        urgent=row.urgent,
        shared=shared,
        public=PublicHalf(row.public_key),
        private=private,
    )


def _copy(row: LetterRow, private: Key) -> Copy:
    made = kept.read(take_out(private, row.sealed, place("letters", "sealed", row.id)))
    return Copy(row.id, row.made_on, made, row.replaced_on)


def private_key(session: Session, case_id: str, key: CaseKey) -> Key:
    """The private key of a case, unwrapped. Raises Unopened where the case key is not its own."""
    return _unwrapped(session.get_one(WrapRow, (case_id, FILER)), key)


def _unwrapped(row: WrapRow, key: CaseKey) -> Key:
    return Key(unseal(wrapping(key), row.wrapped, place("wraps", FILER, row.case_id)))


def _event(row: EventRow, private: Key) -> Event:
    text = take_out(private, row.sealed, place("events", "sealed", row.id)).decode() if row.sealed else ""
    kind, outcome = Kind(row.kind), Decided(row.outcome) if row.outcome else None
    said = json.loads(text) if kind is Kind.REGISTERED else {"note": text, "number": ""}
    answer, ground = Answer(row.answer) if row.answer else None, Reply(row.ground) if row.ground else None
    more = row.way or "", outcome, said["number"], answer, ground, row.by_group or ""
    return Event(kind, row.day, row.recorded_on, row.told, row.catalogue, said["note"], *more)


# Saying what happened


def check(events: Sequence[Event], kind: Kind, day: date, today: date, letter_day: date, way: str = "") -> None:
    """Raise NotPossible where this cannot have happened on that day, or not where the case stands."""
    if kind not in MAY_HAPPEN[status(event.kind for event in events)]:
        raise NotPossible(Why.NOT_NOW)
    if kind is Kind.FOUND_AGAIN and all(event.kind is not Kind.ANSWERED for event in events):
        raise NotPossible(Why.NOT_NOW)
    if day > today:
        raise NotPossible(Why.IN_FUTURE)
    if kind is Kind.SENT and day < letter_day:
        raise NotPossible(Why.BEFORE_LETTER)
    said = {event.kind: event.day for event in events}
    if (kind is Kind.RECEIVED or kind in OF_THEIRS) and day < said.get(Kind.SENT, letter_day):
        raise NotPossible(Why.BEFORE_SENT)
    if kind in OF_THEIRS and Kind.RECEIVED in said and day < said[Kind.RECEIVED]:
        raise NotPossible(Why.BEFORE_RECEIVED)
    made = [event.day for event in events if event.kind is Kind.COMPLAINED and way in ("", event.way)]
    if kind in OF_COMPLAINT and made and day < min(made):
        raise NotPossible(Why.BEFORE_COMPLAINT)


@dataclass(frozen=True, slots=True)
class Said:
    """What the person says has happened, checked, with what follows from it."""

    kind: Kind
    day: date
    note: str
    told: date | None
    forget_on: date
    way: str = ""
    outcome: Decided | None = None
    number: str = ""
    answer: Answer | None = None
    """How they answered, where the kind is ANSWERED."""
    ground: Reply | None = None
    """Why they refused, where the answer is REFUSED."""
    by_group: str = ""
    """The id of the group that says so, where it is not the person."""

    @property
    def kept(self) -> bytes:
        """What is sealed of it: the note, and beside it the number that only one kind has; empty where it is none."""
        if self.kind is Kind.REGISTERED:
            return json.dumps({"number": self.number, "note": self.note}, ensure_ascii=False).encode()
        return self.note.encode()


def record(session: Session, case: Case, said: Said, today: date, version: str) -> None:
    """Put it into the timeline; the case moves on.

    Whoever has the database can add to a case and read nothing: the note is dropped in under the case's public half.
    """
    id_, kept_ = new_id(), said.kept
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
            way=said.way or None,
            outcome=said.outcome.value if said.outcome else None,
            answer=said.answer.value if said.answer else None,
            ground=said.ground.value if said.ground else None,
            by_group=said.by_group or None,
            sealed=drop_in(case.public, kept_, place("events", "sealed", id_)) if kept_ else None,
        )
    )
    row.status = status([*kinds, said.kind]).value
    row.forget_on = said.forget_on


def _kinds(case_id: str) -> SelectOfScalar[str]:
    return select(EventRow.kind).where(EventRow.case_id == case_id).order_by(col(EventRow.n))


# Answering


def add_letter(session: Session, case: Case, made: Made) -> str:
    """Put another letter into a case, sealed like the first; its id."""
    session.get_one(CaseRow, case.id, with_for_update=True)
    there = session.exec(select(func.count()).where(col(LetterRow.case_id) == case.id)).one()
    if there >= MOST_LETTERS:
        raise TooManyLetters
    id_ = new_id()
    session.add(LetterRow(id=id_, case_id=case.id, n=there, made_on=made.letter.day, sealed=_sealed(case, id_, made)))
    return id_


def change_letter(session: Session, case: Case, id_: str, made: Made) -> None:
    """Put other words in the place of a letter's."""
    row = session.get_one(LetterRow, id_, with_for_update=True)
    row.made_on, row.sealed = made.letter.day, _sealed(case, id_, made)


def reroute(session: Session, case: Case, made: Made, draft: Draft, forget_on: date, today: date) -> None:
    """The first letter is written anew under the law of the draft; the one before stays among the case's letters.

    Only while nothing was sent: then a time may run, and what was sent cannot be taken back. Raises NotPossible.
    """
    row = session.get_one(CaseRow, case.id, with_for_update=True)
    if row.status != Status.FILED:
        raise NotPossible(Why.NOT_NOW)
    [first] = session.exec(select(LetterRow).where(LetterRow.case_id == case.id, LetterRow.n == 0)).all()
    there = session.exec(select(func.count()).where(col(LetterRow.case_id) == case.id)).one()
    if there >= MOST_LETTERS:
        raise TooManyLetters
    first.n, first.replaced_on = there, today
    id_ = new_id()
    session.add(LetterRow(id=id_, case_id=case.id, n=0, made_on=made.letter.day, sealed=_sealed(case, id_, made)))
    row.way, row.forget_on = draft.law, forget_on
    row.details = drop_in(case.public, drafts.written(replace(draft, case_key="")), place("cases", "details", row.id))


def _sealed(case: Case, id_: str, made: Made) -> bytes:
    return drop_in(case.public, kept.written(made), place("letters", "sealed", id_))


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
