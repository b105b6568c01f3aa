"""What those who work for the portal found when they looked at an address: rows laid over the catalogue."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit, urlunsplit

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from portal.cases.models import CaseRow, ConfirmationRow
from portal.cases.retention import RETENTION
from portal.cases.status import Status
from portal.columns import Until, new_id
from portal.law.catalogue import Catalogue
from portal.law.looks import Look, Verdict, fingerprint, is_unsure, laid_over
from portal.law.patches import Correction
from portal.law.records import Contact
from portal.law.review import STALE_AFTER
from portal.vault import Key, PublicHalf, drop_in, take_out

LONGEST_PAGE = 500


# Where somebody looked


class Why(StrEnum):
    """Why something is not taken for the address of a page."""

    TOO_LONG = "too_long"
    NO_PAGE = "no_page"
    NOT_HTTPS = "not_https"
    PRIVATE = "private"
    """It could hold what opens a page for whoever looked alone: a name, a password, a session."""


class NotAPage(ValueError):
    """What was typed is no address of a page that may be kept; `why` says what is the matter."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def page(typed: str, contact: Contact) -> str:
    """The address of the page where somebody looked, without what stands behind “#”.

    It is https, and has no name, no password and, but where the file itself names it with one, no query. Raises
    NotAPage.
    """
    return public_page(typed, (contact.official_page, contact.web, contact.form))


def public_page(typed: str, known: Collection[str] = ()) -> str:
    """The same, where these addresses are known to be public with the query that they have. Raises NotAPage."""
    typed = typed.strip()
    if len(typed) > LONGEST_PAGE:
        raise NotAPage(Why.TOO_LONG)
    parts = _split(typed)
    if parts.scheme != "https":
        raise NotAPage(Why.NOT_HTTPS)
    found = urlunsplit(parts._replace(fragment=""))
    if "@" in parts.netloc or ("?" in found and found not in known):
        raise NotAPage(Why.PRIVATE)
    return found


def _split(typed: str) -> SplitResult:
    try:
        parts = urlsplit(typed)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotAPage(Why.NO_PAGE) from error
    plain = typed.isprintable() and not any(one in " \"'<>\\^`{|}" for one in typed)
    if not plain or not all(host.partition(".")[::2]):
        raise NotAPage(Why.NO_PAGE)
    return parts


# Looking


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That somebody looked at the address of a record, by its id in the catalogue; `page` is where."""

    id: str
    record: str
    look: Look
    page: str
    account_id: str
    sealed: bytes | None = field(repr=False)

    def correction(self, private: Key) -> Correction | None:
        """What is right, for who holds the staff's key; None where nothing was said. Raises Unopened."""
        if self.sealed is None:
            return None
        said = json.loads(take_out(private, self.sealed, _place(self.id)))
        return Correction(**{**said, "address": tuple(said["address"])})


class Settled(ValueError):
    """An address is certain and was looked at lately: who finds it wrong changes its file."""


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody found who looked: the page, as `page` gives it, and of a wrong address what is right."""

    verdict: Verdict
    page: str
    account_id: str
    correction: Correction | None = None


def confirm(
    session: Session, record: str, contact: Contact, found: Found, staff: PublicHalf | None, today: date
) -> str:
    """Keep what somebody found of the address of a record as the catalogue has it; the id of the row.

    The correction is sealed to the staff's key, and left out where there is none. Raises Settled. Who calls this
    appends ADDRESS_CONFIRMED to the trail, last in the transaction.
    """
    if not is_unsure(contact, today):
        raise Settled(record)
    id_ = new_id()
    last = session.exec(select(func.max(ConfirmationRow.n)).where(col(ConfirmationRow.record) == record)).one()
    session.add(
        ConfirmationRow(
            id=id_,
            record=record,
            n=(last or 0) + 1,
            fingerprint=fingerprint(contact),
            verdict=found.verdict.value,
            confirmed_on=today,
            page=found.page,
            account_id=found.account_id,
            sealed=_sealed(found.correction, staff, id_),
        )
    )
    return id_


def _sealed(correction: Correction | None, staff: PublicHalf | None, id_: str) -> bytes | None:
    if correction is None or staff is None:
        return None
    return drop_in(staff, json.dumps(asdict(correction), ensure_ascii=False).encode(), _place(id_))


def _place(id_: str) -> str:
    return f"confirmations.sealed:{id_}"


# What stands


def standing(session: Session, contacts: Mapping[str, Contact]) -> Mapping[str, Confirmation]:
    """The newest look at each of these contacts as it stands, by the id of its record; one query, none for none."""
    if not contacts:
        return {}
    prints = {record: fingerprint(contact) for record, contact in contacts.items()}
    wanted = (
        select(ConfirmationRow)
        .where(col(ConfirmationRow.record).in_(prints), col(ConfirmationRow.fingerprint).in_(prints.values()))
        .order_by(col(ConfirmationRow.n), col(ConfirmationRow.id))
    )
    rows = session.exec(wanted).all()
    return {row.record: _read(row) for row in rows if row.fingerprint == prints[row.record]}


def _read(row: ConfirmationRow) -> Confirmation:
    look = Look(Verdict(row.verdict), row.confirmed_on, urlsplit(row.page).hostname or "")
    return Confirmation(row.id, row.record, look, row.page, row.account_id, row.sealed)


class State(StrEnum):
    """How it stands with an address that is not certain, or that nobody has looked at for long."""

    WRONG = "wrong"
    """Somebody found it wrong, and the file still says it."""
    DUE = "due"
    LOOKED_AT = "looked_at"


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a record with what was found of it, and how many open cases wait on whose address it is."""

    record: str
    contact: Contact
    confirmation: Confirmation | None
    cases: int
    state: State


def addresses(session: Session, catalogue: Catalogue, today: date) -> tuple[Address, ...]:
    """All that are not certain: the wrong first, then those due, each the most waited on, then the oldest, first.

    An organisation's cases count for its request office as well; those of an authority, whom cases do not name, for
    nothing. Two queries.
    """
    unsure = {id_: one.contact for id_, one in catalogue.addressees.items() if is_unsure(one.contact, today)}
    found, waiting = standing(session, unsure), open_cases(session)
    owners = {body.office.id: body.id for body in catalogue.organisations.values() if body.office}
    made = [
        _address(id_, contact, found.get(id_), waiting.get(owners.get(id_, id_), 0), today)
        for id_, contact in unsure.items()
    ]
    order = [*State]
    return tuple(sorted(made, key=lambda one: (order.index(one.state), -one.cases, looked_on(one), one.record)))


def _address(record: str, contact: Contact, found: Confirmation | None, cases: int, today: date) -> Address:
    laid = laid_over(contact, found.look if found else None, today)
    counts = found if laid is not contact else None
    return Address(record, laid, counts, cases, _state(counts.look if counts else None, today))


def _state(look: Look | None, today: date) -> State:
    if look is None:
        return State.DUE
    if look.verdict is Verdict.WRONG:
        return State.WRONG
    return State.LOOKED_AT if today - look.on <= STALE_AFTER else State.DUE


def looked_on(address: Address) -> date:
    """When somebody last looked, at the page or over the file."""
    return address.confirmation.look.on if address.confirmation else address.contact.verified


def open_cases(session: Session) -> Mapping[str, int]:
    """How many cases are not closed, by organisation."""
    counted = (
        select(CaseRow.organisation, func.count())
        .where(col(CaseRow.status) != Status.CLOSED.value)
        .group_by(col(CaseRow.organisation))
    )
    return dict(session.exec(counted).all())


def purge(session: Session, today: date) -> int:
    """Delete the looks that count no more; how many they were."""
    over = col(ConfirmationRow.confirmed_on) < today - RETENTION[Until.CONFIRMATION].longest
    return session.exec(delete(ConfirmationRow).where(over)).rowcount
