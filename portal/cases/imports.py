"""Lists of members whom a group files for: brought, looked at, filed once each, forgotten."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta

from sqlmodel import Session, col, delete, select

from portal.accounts.groups import Group
from portal.cases import drafts, filing, group_sharing
from portal.cases.case_key import CaseKey, derived_case_key
from portal.cases.drafts import Draft
from portal.cases.filing import FILER, Filing, ToFile, Wish, place, wrapping
from portal.cases.group_sharing import Scope, wanted
from portal.cases.models import CaseRow, EventRow, FilingRow, ImportRow, WrapRow
from portal.cases.status import Kind
from portal.columns import new_id
from portal.vault import Key, PublicHalf, drop_in, new_key, take_out, unseal

#: So long a group has to file what it brought, and to print the sheets with the keys.
KEPT = timedelta(days=7)
MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody for whom a group files: the row of the file, what their letter needs, what they agreed to and when."""

    row: int
    draft: Draft
    joint: bool
    mandate: str
    """The day on which they signed it, as ISO text."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be filed, with what is wrong: sentences by column."""

    row: int
    cells: Mapping[str, str]
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a group brought, for itself alone."""

    columns: tuple[str, ...]
    members: tuple[Member, ...]
    bad: tuple[Bad, ...]
    secret: Key = field(default_factory=new_key, repr=False)
    """What the case keys are made from: the same each time, so that a sheet can be printed again."""


@dataclass(frozen=True, slots=True)
class Import:
    """A list of members, as it stands in the clear."""

    id: str
    group_id: str
    campaign_id: str | None
    organisation: str
    right: str
    made_on: date
    forget_on: date
    ready: int
    refused: int
    confirmed: bool
    filed: int

    @property
    def is_done(self) -> bool:
        return self.confirmed and self.filed == self.ready


class NotInTurn(Exception):
    """Another window was faster, or the group has not said yet that the rows are to be filed."""


def bring(
    session: Session, group: Group, campaign_id: str | None, asked: tuple[str, str], content: Content, today: date
) -> str:
    """Keep what a group brought for a week, sealed to it; `asked` is of which organisation what. Its id."""
    assert group.half
    id_ = new_id()
    row = ImportRow(
        id=id_,
        group_id=group.id,
        campaign_id=campaign_id,
        organisation=asked[0],
        right=asked[1],
        made_on=today,
        forget_on=today + KEPT,
        ready=len(content.members),
        refused=len(content.bad),
        sealed=drop_in(group.half, _written(content), place("imports", "sealed", id_)),
    )
    session.add(row)
    return id_


def get(session: Session, id_: str, group_id: str) -> Import | None:
    """A list of this group's; None where it is another's, or gone."""
    row = session.get(ImportRow, id_)
    return _import(row) if row and row.group_id == group_id else None


def of_group(session: Session, group_id: str) -> list[Import]:
    """All that it brought lately, the newest first."""
    rows = select(ImportRow).where(ImportRow.group_id == group_id).order_by(col(ImportRow.made_on).desc())
    return [_import(row) for row in session.exec(rows.order_by(col(ImportRow.forget_on).desc(), ImportRow.id))]


def opened(session: Session, id_: str, private: Key) -> Content:
    """What is in it. Raises Unopened where it was sealed to another key."""
    return _read(take_out(private, session.get_one(ImportRow, id_).sealed, place("imports", "sealed", id_)))


def confirm(session: Session, id_: str) -> None:
    """The group has looked at it: its rows are to be filed."""
    session.get_one(ImportRow, id_, with_for_update=True).confirmed = True


def drop(session: Session, id_: str) -> None:
    """Delete it; what is filed stays."""
    session.exec(delete(ImportRow).where(col(ImportRow.id) == id_))


def purge(session: Session, today: date) -> int:
    """Delete those whose time is over; how many they were."""
    return session.exec(delete(ImportRow).where(col(ImportRow.forget_on) <= today)).rowcount


# Filing


def key_of(content: Content, id_: str, member: Member) -> CaseKey:
    """What opens a member's case: the same each time."""
    return derived_case_key(content.secret, f"{id_} {member.row}")


@dataclass(frozen=True, slots=True)
class By:
    """For whom a group files, by which list, and what it notes."""

    group: Group
    list: Import
    member: Member
    note: str
    """That they signed a mandate, and when."""


def prepared(
    key: CaseKey, lookup_key: bytes, letter: ToFile, by: By, today: date, version: str, wish: Wish
) -> Filing:
    """The rows of a member's case, that they open with their key, and in which the group acts."""
    made = filing.prepared(key, lookup_key, [letter], today, version, wish)
    case = next(row for row in made.rows if isinstance(row, CaseRow))
    wrap = next(row for row in made.rows if isinstance(row, WrapRow) and row.holder == FILER)
    private = Key(unseal(wrapping(key), wrap.wrapped, place("wraps", FILER, case.id)))
    what = wanted(by.group, Scope.ACT, by.member.joint, by.list.campaign_id)
    event = EventRow(
        id=new_id(),
        case_id=case.id,
        n=1,
        kind=Kind.NOTED.value,
        day=today,
        recorded_on=today,
        catalogue=version,
        by_group=by.group.id,
    )
    event.sealed = drop_in(PublicHalf(case.public_key), by.note.encode(), place("events", "sealed", event.id))
    return replace(made, rows=(*made.rows, event, *group_sharing.rows(case.id, private, what, today)))


def file(session: Session, id_: str, begin: int, portion: Sequence[Filing]) -> None:
    """Keep a portion, where the list stands where it begins; each row is filed once. Raises NotInTurn."""
    row = session.get_one(ImportRow, id_, with_for_update=True)
    if not row.confirmed or row.filed != begin:
        raise NotInTurn
    for one in portion:
        filing.keep(session, one)
    row.filed += len(portion)


def case_ids(session: Session, lookups: Sequence[str]) -> Mapping[str, str]:
    """The case of each lookup that is filed and not erased."""
    rows = select(FilingRow.lookup, CaseRow.id).join(CaseRow, col(CaseRow.filing_id) == col(FilingRow.id))
    return dict(session.exec(rows.where(col(FilingRow.lookup).in_(lookups))).all())


def _import(row: ImportRow) -> Import:
    return Import(**row.model_dump(exclude={"sealed"}))


def _written(content: Content) -> bytes:
    told = {
        "columns": content.columns,
        "members": [asdict(one) for one in content.members],
        "bad": [asdict(one) for one in content.bad],
        "secret": content.secret.hex(),
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _read(text: bytes) -> Content:
    told = json.loads(text)
    members = (Member(**{**one, "draft": drafts.read(json.dumps(one["draft"]).encode())}) for one in told["members"])
    bad = (Bad(one["row"], one["cells"], tuple((at, said) for at, said in one["errors"])) for one in told["bad"])
    return Content(tuple(told["columns"]), tuple(members), tuple(bad), Key(bytes.fromhex(told["secret"])))
