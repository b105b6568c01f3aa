"""Filing: a person's letters become cases that one key opens."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, insert, select

from portal.cases import drafts, tasks
from portal.cases.case_key import CaseKey
from portal.cases.drafts import Draft
from portal.cases.models import CaseRow, EventRow, FilingRow, LetterRow, TaskRow, WrapRow
from portal.cases.status import Kind, Status
from portal.cases.tasks import Matter
from portal.columns import new_id
from portal.letters import kept
from portal.letters.kept import Made
from portal.vault import KEY_BLOCK, Key, PublicHalf, derived, drop_in, hashed, new_pair, seal

#: Who can open a case, and how much of it.
FILER = "filer"
STAFF = "staff"
WHOLE = "whole"
_FOUND_BY = select(FilingRow.id).where(FilingRow.lookup == bindparam("lookup"))


@dataclass(frozen=True, slots=True)
class ToFile:
    """One letter that is to be followed."""

    draft: Draft
    """Of this organisation alone; it stays with the case for the letters that follow."""
    made: Made
    forget_on: date
    closes_on: date | None = None
    """The day on which the window closes that closes first, where the law has one."""
    unconfirmed: str = ""
    """Whose address it goes to, where nobody has compared that with the official page."""
    proposed: bool = False
    """Whether the person proposes the organisation, which the catalogue does not know, for its list."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Rows ready to be kept; nothing in them can be read without the case key."""

    lookup: str
    rows: tuple[SQLModel, ...]
    facts: tuple[TaskRow, ...] = ()
    """What is to be looked at beside: once, whoever files."""


def lookup(key: CaseKey, lookup_key: bytes) -> str:
    """What finds a filing: a keyed hash of its case key."""
    return hashed(key.encode(), lookup_key)


def wrapping(key: CaseKey) -> Key:
    """What the private keys of a filing's cases are wrapped under."""
    return derived(key.encode(), "wrap")


def place(table: str, column: str, id_: str) -> str:
    """What a sealed text is bound to."""
    return f"{table}.{column}:{id_}"


def wrap(key: CaseKey, case_id: str, private: Key) -> WrapRow:
    """That the holder of this key can open a case."""
    wrapped = seal(wrapping(key), private, place("wraps", FILER, case_id), KEY_BLOCK)
    return WrapRow(case_id=case_id, holder=FILER, scope=WHOLE, wrapped=wrapped)


def wrap_for_staff(half: PublicHalf, case_id: str, private: Key) -> WrapRow:
    """That the portal's staff can open a case too. No two such wraps are alike, also of the same key."""
    wrapped = drop_in(half, private, place("wraps", STAFF, case_id), KEY_BLOCK)
    return WrapRow(case_id=case_id, holder=STAFF, scope=WHOLE, wrapped=wrapped)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person says of their filing: who may read it besides them, and whether it is urgent."""

    staff: PublicHalf | None = None
    """The staff's, where they may; None where nobody may."""
    urgent: bool = False
    desk: PublicHalf | None = None
    """The staff's, who look at the clear facts either way; None where there is no staff."""
    lets: Callable[[str, Key, date], Sequence[SQLModel]] = lambda *_: ()
    """What stands for a group that may see each case, of its id and its private key: `group_sharing.at_filing`."""


_ALONE = Wish()


def prepared(
    key: CaseKey, lookup_key: bytes, letters: Sequence[ToFile], today: date, version: str, wish: Wish = _ALONE
) -> Filing:
    """All rows of a filing, sealed; made before the transaction that keeps them.

    Where there is a staff, they are asked to look at each case.
    """
    filing = FilingRow(id=new_id(), lookup=lookup(key, lookup_key))
    rows = [row for one in letters for row in _case(filing.id, key, one, today, version, wish)]
    _count_once(rows)
    if wish.desk is None:
        return Filing(filing.lookup, (filing, *rows))
    ids = [row.id for row in rows if isinstance(row, CaseRow)]
    asked = [
        _task(id_, one, wish.desk, wish.urgent, lookup_key, today) for id_, one in zip(ids, letters, strict=True)
    ]
    to_look_at = sorted({one.unconfirmed for one in letters if one.unconfirmed})
    facts = [tasks.new(Matter.ADDRESS, record, today) for record in to_look_at]
    facts += [_proposal(one.draft, wish.desk, lookup_key, today) for one in letters if one.proposed]
    return Filing(filing.lookup, (filing, *rows, *asked), tuple(facts))


def _count_once(rows: Iterable[SQLModel]) -> None:
    """Let the record count of one person one case of each organisation: a filing is filed in one quarter."""
    seen: set[str] = set()
    for row in rows:
        if isinstance(row, CaseRow):
            row.counted = row.organisation not in seen
            seen.add(row.organisation)


def _proposal(draft: Draft, desk: PublicHalf, lookup_key: bytes, today: date) -> TaskRow:
    """That the staff look whether an organisation belongs in the list: what was written of it, of nobody a word."""
    row = tasks.new(Matter.PROPOSED, _proposed(draft, lookup_key), today)
    row.sealed = drop_in(desk, json.dumps({**draft.known_as}).encode(), place("tasks", "sealed", row.id))
    return row


def _proposed(draft: Draft, lookup_key: bytes) -> str:
    """The same for one organisation, whoever proposes it; a keyed hash of its name."""
    return hashed(plain(draft.known_as.get("name", "")).encode(), derived(lookup_key, "proposed"))


def plain(name: str) -> str:
    """A name without what people write in two ways: case, accents, blanks."""
    return "".join(one for one in unicodedata.normalize("NFKD", name).casefold() if one.isalnum())


def _task(case_id: str, one: ToFile, desk: PublicHalf, urgent: bool, lookup_key: bytes, today: date) -> TaskRow:
    """That the staff look at a case; it waits until its address or its organisation has been looked at.

    What tells that two may be the same, and who writes, is sealed to them.
    """
    waits_on = tasks.fact(Matter.ADDRESS, one.unconfirmed) if one.unconfirmed else ""
    if one.proposed:
        waits_on = tasks.fact(Matter.PROPOSED, _proposed(one.draft, lookup_key))
    asked = tasks.new(
        Matter.FILED, case_id, today, of_case=True, urgent=urgent, closes_on=one.closes_on, waits_on=waits_on
    )
    flags = {"alike": alike(one.draft, lookup_key), "role": one.draft.role}
    asked.sealed = drop_in(desk, json.dumps(flags).encode(), place("tasks", "sealed", asked.id))
    return asked


def alike(draft: Draft, lookup_key: bytes) -> str:
    """The same for what two people of one name, or one person twice, ask of the same organisation; a keyed hash.

    Of the name alone and not of how it is written: case, accents and blanks do not count. It is kept sealed to the
    staff, as whoever has the key can try names.
    """
    name = plain(draft.details.get("full_name", ""))
    return hashed("\0".join((draft.organisation, draft.right, name)).encode(), derived(lookup_key, "alike"))


def _case(filing_id: str, key: CaseKey, one: ToFile, today: date, version: str, wish: Wish) -> list[SQLModel]:
    id_, letter_id = new_id(), new_id()
    half, private = new_pair()
    # The key is the filer's alone, and whoever else may one day read the case must not find it there; nor by which
    # campaign they came, where they let its group see nothing.
    details = drafts.written(replace(one.draft, case_key="", campaign=""))
    case = CaseRow(
        id=id_,
        filing_id=filing_id,
        organisation=one.draft.organisation,
        right=one.draft.right,
        way=one.draft.law,
        place=one.draft.place,
        status=Status.FILED.value,
        filed_on=today,
        forget_on=one.forget_on,
        public_key=half,
        details=drop_in(half, details, place("cases", "details", id_)),
        urgent=wish.urgent,
    )
    letter = LetterRow(
        id=letter_id,
        case_id=id_,
        made_on=one.made.letter.day,
        sealed=drop_in(half, kept.written(one.made), place("letters", "sealed", letter_id)),
    )
    filed = EventRow(
        id=new_id(), case_id=id_, n=0, kind=Kind.FILED.value, day=today, recorded_on=today, catalogue=version
    )
    wraps = [wrap(key, id_, private), *([wrap_for_staff(wish.staff, id_, private)] if wish.staff else [])]
    return [case, *wraps, *wish.lets(id_, private, today), letter, filed]


def keep(session: Session, filing: Filing) -> None:
    """Keep a filing; one that is there already, under the same key, stays as it is."""
    if is_filed(session, filing.lookup):
        return
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for row in filing.rows:
        rows.setdefault(type(row), []).append(row.model_dump())
    for table, values in rows.items():  # in this order, as each hangs on those before it
        session.connection().execute(insert(table), values)
    for fact in filing.facts:
        tasks.put(session, fact)


def is_filed(session: Session, found_by: str) -> bool:
    """Whether something is filed under a case key's lookup."""
    return session.exec(_FOUND_BY, params={"lookup": found_by}).first() is not None
