"""Filing, opening, following: what is kept, who can read it, and what they can say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, SQLModel, select

from portal.cases import filing, following, opening
from portal.cases.case_key import CaseKey, new_case_key
from portal.cases.drafts import Draft
from portal.cases.filing import ToFile, prepared
from portal.cases.following import NotPossible, Said, Why
from portal.cases.models import CaseRow, CaseSessionRow, EventRow, FilingRow, LetterRow, WrapRow
from portal.cases.opening import IDLE, LONGEST, Opened, Token
from portal.cases.status import MAY_HAPPEN, Decided, Happened, Kind, Status
from portal.database import transaction
from portal.letters.kept import Made
from portal.vault import Unopened, new_key, take_out
from tests.building import a_letter, a_situation

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
LOOKUP = b"a lookup key of the portal's own"
LATER = TODAY + timedelta(days=455)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


def to_file(organisation: str = "clearview-ai") -> ToFile:
    draft = Draft("at", organisation, "access", "eu-gdpr", details={"full_name": "Ana Example"})
    return ToFile(draft, Made(a_letter(a_situation("at", organisation))), LATER)


def a_filing(session: Session, *organisations: str) -> CaseKey:
    key = new_case_key()
    letters = [to_file(organisation) for organisation in organisations or ("clearview-ai",)]
    filing.keep(session, prepared(key, LOOKUP, letters, TODAY, "v1"))
    return key


def enter(session: Session, key: CaseKey, now: datetime = NOW) -> Token | None:
    return opening.enter(session, key, LOOKUP, now, now.date())


def opened(session: Session, key: CaseKey) -> Opened:
    token = enter(session, key)
    assert token
    found = opening.find(session, token, NOW)
    assert found
    return found


def count(session: Session, table: type[SQLModel]) -> int:
    return len(session.exec(select(table)).all())


def again(session: Session) -> None:
    """Read everything from the database anew."""
    session.flush()
    session.expire_all()


# Filing


def test_several_letters_are_kept_with_as_many_statements_as_one(session: Session) -> None:
    def asked(*organisations: str) -> int:
        sent: list[str] = []
        listener = partial(_note, sent)
        event.listen(session.get_bind(), "before_cursor_execute", listener)
        a_filing(session, *organisations)
        event.remove(session.get_bind(), "before_cursor_execute", listener)
        return len(sent)

    session.connection()  # it has begun, and is not counted
    assert asked("clearview-ai") == asked("clearview-ai", "pimeyes", "us-ice") > 0
    assert count(session, CaseRow) == count(session, LetterRow) == count(session, EventRow) == 4


def _note(sent: list[str], _connection: object, _cursor: object, statement: str, *_more: object) -> None:
    sent.append(statement)


def test_a_filing_holds_a_case_an_organisation_each_with_a_pair_of_its_own(session: Session) -> None:
    key = a_filing(session, "pimeyes", "clearview-ai")
    found = following.cases(session, opened(session, key))
    assert [case.organisation for case in found] == ["clearview-ai", "pimeyes"]
    assert len({case.public for case in found}) == 2
    assert all(case.draft.details["full_name"] == "Ana Example" for case in found)
    assert all(case.made.letter.signatory == "Ana Example" for case in found)


def test_the_same_filing_sent_twice_is_one(session: Session) -> None:
    key = new_case_key()
    for _ in range(2):
        filing.keep(session, prepared(key, LOOKUP, [to_file()], TODAY, "v1"))
    assert [count(session, table) for table in (FilingRow, CaseRow, WrapRow, EventRow)] == [1, 1, 1, 1]


def test_nothing_of_the_person_is_in_the_rows(session: Session) -> None:
    made = prepared(new_case_key(), LOOKUP, [to_file()], TODAY, "v1")
    assert b"Example" not in repr([row.model_dump() for row in made.rows]).encode()


def test_the_case_does_not_hold_the_key_that_opens_it(session: Session) -> None:
    key = new_case_key()
    one = to_file()
    filing.keep(session, prepared(key, LOOKUP, [replace(one, draft=replace(one.draft, case_key=key))], TODAY, "v1"))
    [case] = following.cases(session, opened(session, key))
    assert case.draft.case_key == ""


def test_a_key_is_found_by_a_keyed_hash_of_it_alone(session: Session) -> None:
    key = a_filing(session)
    assert key not in session.exec(select(FilingRow.lookup)).one()
    assert opening.enter(session, key, b"another lookup key", NOW, TODAY) is None


# Opening


def test_another_key_opens_nothing(session: Session) -> None:
    a_filing(session)
    assert enter(session, new_case_key()) is None
    assert count(session, CaseSessionRow) == 0


def test_what_lies_in_the_database_opens_nothing_without_the_cookie(session: Session) -> None:
    token = enter(session, a_filing(session))
    assert token
    row = session.exec(select(CaseSessionRow)).one()
    assert token not in repr(row.model_dump())
    assert opening.find(session, Token(row.id), NOW) is None


@pytest.mark.parametrize(
    ("steps", "open_"),
    [
        ([IDLE - timedelta(seconds=1)], True),
        ([IDLE], False),
        ([timedelta(minutes=20)] * 3, True),
        ([timedelta(minutes=20)] * 24, False),
    ],
)
def test_a_case_closes_after_half_an_hour_or_after_eight(
    session: Session, steps: list[timedelta], open_: bool
) -> None:
    token, now = enter(session, a_filing(session)), NOW
    assert token
    for step in steps:
        now += step
        found = opening.find(session, token, now)
        if found and found.is_stale(now):
            opening.go_on(session, found, now)
    assert (opening.find(session, token, now) is not None) == open_
    assert (now - NOW >= LONGEST) == (len(steps) == 24)
    assert opening.purge(session, now) == (0 if open_ else 1)


def test_a_step_soon_after_another_costs_no_write(session: Session) -> None:
    mine = opened(session, a_filing(session))
    assert not mine.is_stale(NOW + timedelta(seconds=59))
    assert mine.is_stale(NOW + timedelta(seconds=61))


def test_opening_a_case_keeps_it_longer_unless_it_is_closed(session: Session) -> None:
    key, much_later = a_filing(session, "clearview-ai", "pimeyes"), LATER + timedelta(days=9)
    session.exec(select(CaseRow).where(CaseRow.organisation == "pimeyes")).one().status = Status.CLOSED.value
    opening.enter(session, key, LOOKUP, NOW, much_later)
    again(session)
    kept = {row.organisation: row.forget_on for row in session.exec(select(CaseRow)).all()}
    assert kept == {"clearview-ai": much_later, "pimeyes": LATER}


def test_what_is_over_does_not_open_though_nobody_has_deleted_it_yet(session: Session) -> None:
    key, last = a_filing(session, "clearview-ai", "pimeyes"), datetime.combine(LATER, time(), UTC)
    assert opening.enter(session, key, LOOKUP, last - timedelta(seconds=1), LATER) is not None
    assert opening.enter(session, key, LOOKUP, last, LATER + timedelta(days=9)) is None
    again(session)
    assert {row.forget_on for row in session.exec(select(CaseRow)).all()} == {LATER}


def test_of_two_cases_the_one_that_is_over_stays_over(session: Session) -> None:
    key, much_later = a_filing(session, "clearview-ai", "pimeyes"), LATER + timedelta(days=9)
    session.exec(select(CaseRow).where(CaseRow.organisation == "pimeyes")).one().forget_on = NOW.date()
    assert opening.enter(session, key, LOOKUP, NOW, much_later) is not None
    again(session)
    kept = {row.organisation: row.forget_on for row in session.exec(select(CaseRow)).all()}
    assert kept == {"clearview-ai": much_later, "pimeyes": NOW.date()}


def test_a_case_of_somebody_else_is_not_there(session: Session) -> None:
    mine, theirs = opened(session, a_filing(session)), opened(session, a_filing(session))
    [case] = following.cases(session, theirs)
    assert following.case(session, mine, case.id) is None
    assert following.case(session, theirs, case.id) == case


def test_a_process_without_the_key_appends_and_reads_nothing(session: Session) -> None:
    key = a_filing(session)
    [case] = following.cases(session, opened(session, key))
    following.record(session, case, Said(Kind.NOTED, TODAY, "a planted word", None, LATER), TODAY, "v1")
    row = session.exec(select(EventRow).where(EventRow.kind == "noted")).one()
    assert row.sealed
    assert b"planted" not in row.sealed
    with pytest.raises(Unopened):
        take_out(new_key(), row.sealed, filing.place("events", "sealed", row.id))
    with pytest.raises(Unopened):
        following.private_key(session, case.id, new_case_key())
    [case] = following.cases(session, opened(session, key))
    assert case.events[-1].note == "a planted word"


def test_the_number_of_an_authority_is_sealed_beside_the_note(session: Session) -> None:
    key = a_filing(session)
    [case] = following.cases(session, opened(session, key))
    way = "complaint/eu-gdpr"
    said = Said(Kind.REGISTERED, TODAY, "a planted word", None, LATER, way, number="D130.planted")
    following.record(session, case, said, TODAY, "v1")
    decided = Said(Kind.DECIDED, TODAY, "", None, LATER, way, Decided.PARTLY)
    following.record(session, case, decided, TODAY, "v1")
    rows = session.exec(select(EventRow).where(EventRow.way == way)).all()
    assert b"planted" not in repr([row.model_dump() for row in rows]).encode()
    [case] = following.cases(session, opened(session, key))
    told = [(one.way, one.number, one.note, one.outcome) for one in case.events[-2:]]
    assert told == [(way, "D130.planted", "a planted word", None), (way, "", "", Decided.PARTLY)]
    assert case.happened[-1] == Happened(Kind.DECIDED, TODAY, way, Decided.PARTLY)


# Following


def say(session: Session, key: CaseKey, kind: Kind, day: date = TODAY, note: str = "") -> Status:
    [case] = following.cases(session, opened(session, key))
    following.record(session, case, Said(kind, day, note, None, LATER), TODAY, "v1")
    again(session)
    [case] = following.cases(session, opened(session, key))
    assert [event.kind for event in case.events][-1] is kind
    return case.status


def test_what_is_said_moves_the_case(session: Session) -> None:
    key = a_filing(session)
    said = [say(session, key, kind) for kind in (Kind.SENT, Kind.RECEIVED, Kind.ANSWERED, Kind.CLOSED, Kind.REOPENED)]
    assert said == [Status.SENT, Status.RECEIVED, Status.ANSWERED, Status.CLOSED, Status.ANSWERED]


SENT, GOT = (Kind.SENT, date(2026, 11, 10)), (Kind.RECEIVED, date(2026, 11, 12))
COMPLAINED = (Kind.COMPLAINED, date(2026, 11, 15))
IMPOSSIBLE = [
    ([], Kind.SENT, date(2026, 11, 24), Why.IN_FUTURE),
    ([], Kind.SENT, date(2026, 10, 31), Why.BEFORE_LETTER),
    ([], Kind.RECEIVED, TODAY, Why.NOT_NOW),
    ([SENT], Kind.RECEIVED, date(2026, 11, 9), Why.BEFORE_SENT),
    ([SENT], Kind.ANSWERED, date(2026, 11, 9), Why.BEFORE_SENT),
    ([SENT, GOT], Kind.ANSWERED, date(2026, 11, 11), Why.BEFORE_RECEIVED),
    ([SENT, GOT], Kind.EXTENDED, date(2026, 11, 11), Why.BEFORE_RECEIVED),
    ([SENT, (Kind.CLOSED, TODAY)], Kind.ANSWERED, TODAY, Why.NOT_NOW),
    ([SENT], Kind.REOPENED, TODAY, Why.NOT_NOW),
    ([SENT, (Kind.CLOSED, TODAY)], Kind.FOUND_AGAIN, TODAY, Why.NOT_NOW),
    ([SENT, COMPLAINED], Kind.REGISTERED, date(2026, 11, 14), Why.BEFORE_COMPLAINT),
    ([SENT, COMPLAINED], Kind.DECIDED, date(2026, 11, 14), Why.BEFORE_COMPLAINT),
    ([SENT, COMPLAINED], Kind.SUED, date(2026, 11, 14), Why.BEFORE_COMPLAINT),
]


@pytest.mark.parametrize(("before", "kind", "day", "why"), IMPOSSIBLE)
def test_what_cannot_have_happened_is_refused(
    before: list[tuple[Kind, date]], kind: Kind, day: date, why: Why
) -> None:
    events = [following.Event(one, on, TODAY, None, "v1", "") for one, on in before]
    with pytest.raises(NotPossible) as refused:
        following.check(events, kind, day, TODAY, date(2026, 11, 1))
    assert refused.value.why is why


def test_every_reason_is_met_by_a_row() -> None:
    assert {why for *_, why in IMPOSSIBLE} == {*Why}


@pytest.mark.parametrize("kind", [kind for kind in MAY_HAPPEN[Status.SENT] if kind is not Kind.SENT])
def test_what_can_have_happened_is_taken(kind: Kind) -> None:
    events = [following.Event(*SENT, TODAY, None, "v1", "")]
    following.check(events, kind, TODAY, TODAY, date(2026, 11, 1))


# A new key


def test_a_new_key_opens_what_the_old_one_did_and_the_old_one_nothing(session: Session) -> None:
    old, new = a_filing(session, "clearview-ai", "pimeyes"), new_case_key()
    token, other = enter(session, old), enter(session, old)
    assert token
    assert other
    mine = opening.find(session, token, NOW)
    assert mine
    opening.offer_key(session, token, mine, new)
    pending = opening.find(session, token, NOW)
    assert pending
    assert (pending.key, pending.pending) == (old, new)
    following.rekey(session, mine, new, LOOKUP, TODAY, "v1")
    opening.took_key(session, token, mine, new)
    again(session)
    assert enter(session, old) is None
    assert opening.find(session, other, NOW) is None  # whoever had it open with the old key
    here = opening.find(session, token, NOW)
    assert here
    assert (here.key, here.pending) == (new, None)
    assert following.cases(session, here) == following.cases(session, opened(session, new))
    assert count(session, WrapRow) == 2
