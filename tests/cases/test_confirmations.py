"""Looks at addresses: what is kept of them, which counts, and what is to be looked at first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from portal.accounts import people
from portal.accounts.models import AccountRow
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.cases import confirmations, forgetting
from portal.cases.confirmations import Found, NotAPage, Settled, State, Why
from portal.cases.models import CaseRow, ConfirmationRow
from portal.cases.status import Status
from portal.database import transaction
from portal.law.looks import HOLDS, Verdict
from portal.law.patches import Correction
from portal.law.records import Confidence, Contact
from portal.law.review import STALE_AFTER
from portal.vault import Unopened, new_pair
from tests.building import the_catalogue
from tests.cases.test_filing import a_filing
from tests.looking import CONTACTS, DAY, KNOWN, PAGE, SOMEBODY

BODY, OTHER = "clearview-ai", "pimeyes"
RIGHT = Found(Verdict.RIGHT, PAGE, SOMEBODY)
WRONG = Found(Verdict.WRONG, PAGE, SOMEBODY, Correction(("Example Ltd", "2 Sample Street"), remark="They moved."))
PUBLIC, PRIVATE = new_pair()


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


def confirm(
    session: Session, found: Found = RIGHT, record: str = BODY, days: int = 0, contact: Contact | None = None
) -> str:
    on = DAY + timedelta(days=days)
    return confirmations.confirm(session, record, contact or CONTACTS[record], found, PUBLIC, on)


def stands(session: Session, record: str = BODY, contact: Contact | None = None) -> Verdict | None:
    found = confirmations.standing(session, {record: contact or CONTACTS[record]}).get(record)
    return found.look.verdict if found else None


# Where somebody looked

TAKEN = {
    PAGE: PAGE,
    f"  {PAGE} ": PAGE,
    f"{PAGE}#staff": PAGE,
    f"{PAGE}?": PAGE,
    "https://www.example.org": "https://www.example.org",
    "HTTPS://www.example.org/a": "https://www.example.org/a",
    "https://example.org:8443/contact": "https://example.org:8443/contact",
    "https://example.org/%C3%A9": "https://example.org/%C3%A9",
    "https://bücher.example/kontakt": "https://bücher.example/kontakt",
}
NOT_TAKEN = {
    "": Why.NO_PAGE,
    "www.example.org": Why.NO_PAGE,
    "https:///contact": Why.NO_PAGE,
    "https://localhost/contact": Why.NO_PAGE,
    "https://[::1/contact": Why.NO_PAGE,
    "https://example.org:x/": Why.NO_PAGE,
    "https://example.org/a b": Why.NO_PAGE,
    "https://example.org/\0": Why.NO_PAGE,
    "https://example.org/\u202e": Why.NO_PAGE,
    'https://example.org/"><script>': Why.NO_PAGE,
    "http://www.example.org/contact": Why.NOT_HTTPS,
    "javascript://example.org/%0aalert(1)": Why.NOT_HTTPS,
    "https://me:word@example.org/": Why.PRIVATE,
    "https://me@example.org/": Why.PRIVATE,
    f"{PAGE}?session=abc": Why.PRIVATE,
    "https://example.org/" + "x" * confirmations.LONGEST_PAGE: Why.TOO_LONG,
}


@pytest.mark.parametrize("typed", TAKEN)
def test_a_page_is_kept_without_what_stands_behind_it(typed: str) -> None:
    assert confirmations.page(typed, CONTACTS[BODY]) == TAKEN[typed]


@pytest.mark.parametrize("typed", NOT_TAKEN)
def test_what_is_no_page_or_could_hold_a_secret_is_refused(typed: str) -> None:
    with pytest.raises(NotAPage) as refused:
        confirmations.page(typed, CONTACTS[BODY])
    assert refused.value.why is NOT_TAKEN[typed]
    assert not typed or typed not in str(refused.value)


@pytest.mark.parametrize("contact", KNOWN.values(), ids=KNOWN)
def test_every_page_that_a_file_names_can_be_where_somebody_looked(contact: Contact) -> None:
    for page in (contact.official_page, contact.web, contact.form):
        if page.startswith("https://"):
            assert confirmations.page(page, contact) == page.partition("#")[0]


# What is kept


def test_what_is_right_is_sealed_to_the_staff_alone(session: Session) -> None:
    confirm(session, WRONG)
    found = confirmations.standing(session, {BODY: CONTACTS[BODY]})[BODY]
    assert found.correction(PRIVATE) == WRONG.correction
    with pytest.raises(Unopened):
        found.correction(new_pair()[1])
    assert b"2 Sample Street" not in (found.sealed or b"")
    assert "sealed" not in repr(found)


def test_without_a_key_nothing_is_kept_of_what_is_right(session: Session) -> None:
    confirmations.confirm(session, BODY, CONTACTS[BODY], WRONG, None, DAY)
    found = confirmations.standing(session, {BODY: CONTACTS[BODY]})[BODY]
    assert (found.sealed, found.correction(PRIVATE), found.look.verdict) == (None, None, Verdict.WRONG)


def test_a_correction_cannot_be_put_into_another_row(session: Session) -> None:
    first, second = confirm(session, WRONG), confirm(session, WRONG, OTHER)
    rows = {row.id: row for row in session.exec(select(ConfirmationRow))}
    rows[second].sealed = rows[first].sealed
    session.flush()
    with pytest.raises(Unopened):
        confirmations.standing(session, {OTHER: CONTACTS[OTHER]})[OTHER].correction(PRIVATE)


def test_what_is_certain_and_was_looked_at_lately_is_not_confirmed(session: Session) -> None:
    settled = replace(CONTACTS[BODY], confidence=Confidence.CERTAIN, check=(), verified=DAY)
    with pytest.raises(Settled):
        confirm(session, contact=settled)
    assert session.exec(select(ConfirmationRow)).all() == []


def test_a_look_outlives_the_account_of_whoever_looked(session: Session) -> None:
    secret = b"s" * 32
    account = people.add(session, secret, Who("https://id.example", "1", "Cleo", "c@example.org"), [Role.TRIAGE])
    confirm(session, Found(Verdict.RIGHT, PAGE, account.id))
    people.close(session, account.id, DAY)
    people.purge(session, DAY + people.KEPT + timedelta(days=1))
    assert session.get(AccountRow, account.id) is None
    assert confirmations.standing(session, {BODY: CONTACTS[BODY]})[BODY].account_id == account.id


# Which counts


def test_the_newest_look_counts_also_of_two_on_a_day(session: Session) -> None:
    for found in (RIGHT, WRONG, RIGHT, WRONG):
        confirm(session, found)
        assert stands(session) is found.verdict
    assert stands(session, OTHER) is None


def test_a_look_counts_for_the_address_that_was_looked_at(session: Session) -> None:
    confirm(session)
    moved = replace(CONTACTS[BODY], email="new@example.org")
    assert stands(session, contact=moved) is None
    confirm(session, WRONG, contact=moved)
    assert stands(session, contact=moved) is Verdict.WRONG
    assert stands(session) is Verdict.RIGHT  # as it is again when the file is put back


def statements(session: Session) -> list[str]:
    """What is asked of the database from now on."""
    asked: list[str] = []
    event.listen(
        session.connection(), "before_cursor_execute", lambda _c, _cursor, statement, *_more: asked.append(statement)
    )
    return asked


def test_all_are_asked_for_at_once_and_none_without_a_query(session: Session) -> None:
    for record in KNOWN:
        confirm(session, record=record, days=400)  # when even the certain ones want a look
    session.flush()
    asked = statements(session)
    assert {*confirmations.standing(session, KNOWN)} == {*KNOWN}
    assert len(asked) == 1
    assert confirmations.standing(session, {}) == {}
    assert len(asked) == 1


# What is to be looked at


def listed(session: Session, days: int = 0) -> dict[str, confirmations.Address]:
    found = confirmations.addresses(session, the_catalogue(), DAY + timedelta(days=days))
    return {one.record: one for one in found}


def test_everything_that_can_be_written_to_comes_to_be_looked_at(session: Session) -> None:
    assert {*listed(session, days=STALE_AFTER.days + 1)} == {*KNOWN}
    assert {one.state for one in listed(session).values()} == {State.DUE}


def test_the_wrong_come_first_then_the_most_waited_on_then_the_oldest(session: Session) -> None:
    a_filing(session, BODY, OTHER)
    a_filing(session, OTHER)
    confirm(session, WRONG, "facecheck-id")
    confirm(session, record="ca-rcmp-atip")
    found = [*listed(session).values()]
    assert found[0].state is State.WRONG
    assert [(one.record, one.cases) for one in found[1:3]] == [(OTHER, 2), (BODY, 1)]
    assert (found[-1].record, found[-1].state) == ("ca-rcmp-atip", State.LOOKED_AT)
    rest = [(-one.cases, confirmations.looked_on(one), one.record) for one in found[1:-1]]
    assert rest == sorted(rest)


def test_closed_cases_wait_for_nobody(session: Session) -> None:
    a_filing(session, BODY, OTHER)
    for row in session.exec(select(CaseRow).where(CaseRow.organisation == BODY)):
        row.status = Status.CLOSED.value
    session.flush()
    assert confirmations.open_cases(session) == {OTHER: 1}


def test_who_waits_for_a_body_waits_for_its_office(session: Session) -> None:
    a_filing(session, "ca-rcmp")
    owner = the_catalogue().organisations["ca-rcmp"]
    assert owner.office
    assert listed(session)[owner.office.id].cases == 1


def test_all_are_listed_with_two_queries(session: Session) -> None:
    for record in ("clearview-ai", "pimeyes"):
        confirm(session, record=record)
    session.flush()
    asked = statements(session)
    listed(session)
    assert len(asked) == 2


def test_after_half_a_year_another_look_is_asked_for_and_after_a_year_the_old_one_is_gone(session: Session) -> None:
    confirm(session)
    days = STALE_AFTER.days
    assert listed(session, days)[BODY].state is State.LOOKED_AT
    due = listed(session, days + 1)[BODY]
    assert (due.state, due.confirmation is not None) == (State.DUE, True)  # the pages still lean on it
    assert listed(session, HOLDS.days + 1)[BODY].confirmation is None


def test_what_is_wrong_stays_so_until_the_file_says_otherwise_or_somebody_finds_it_right(session: Session) -> None:
    confirm(session, WRONG)
    assert listed(session, HOLDS.days)[BODY].state is State.WRONG
    confirm(session, RIGHT, days=1)
    assert listed(session, 1)[BODY].state is State.LOOKED_AT


def test_looks_are_forgotten_when_they_count_no_more(session: Session) -> None:
    confirm(session)
    confirm(session, record=OTHER, days=1)
    now = datetime.combine(DAY + HOLDS, time(12), UTC)
    assert forgetting.purge(session, now).confirmations == 0
    assert forgetting.purge(session, now + timedelta(days=1)).confirmations == 1
    assert [row.record for row in session.exec(select(ConfirmationRow))] == [OTHER]
