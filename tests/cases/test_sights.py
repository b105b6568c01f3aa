"""Sights: asked for once, allowed to who asked, over in time, and gone with what they were about."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.cases import attaching, deciding, forgetting, sharing, sights, tasks
from portal.cases.attaching import Shows
from portal.cases.following import Case
from portal.cases.models import CaseRow, SightRow, TaskRow
from portal.cases.sights import LIFE, NoPaper, Sight
from portal.cases.tasks import Choice, Decision, Matter, NotByThem, NotInHand
from portal.columns import seconds
from portal.database import transaction
from portal.papers.kinds import Kind
from portal.papers.paper import Paper
from portal.trail import Reason
from portal.vault import PublicHalf, new_pair
from tests.cases.filed import NOW, TODAY, filed

HALF, PRIVATE = new_pair()
ADA, BEN, KIM = "a" * 32, "b" * 32, "c" * 32
SECOND = timedelta(seconds=1)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


@pytest.fixture
def case(session: Session) -> Case:
    """One that staff may read."""
    _, [found] = filed(session, staff=HALF)
    return found


def a_paper(session: Session, case: Case, shows: Shows = Shows.IDENTITY) -> str:
    half = PublicHalf(session.get_one(CaseRow, case.id).public_key)
    ready = attaching.prepared(case.id, half, shows, Paper(Kind.PDF, b"%PDF-", "passport.pdf"), TODAY)
    attaching.keep(session, case.id, (ready,))
    session.flush()
    return ready.row.id


def asked(session: Session, case: Case, paper: str, who: str = ADA) -> TaskRow:
    assert sights.ask(session, case.id, paper, who, Reason.HELP_WANTED, TODAY)
    return session.exec(select(TaskRow).where(TaskRow.subject == paper, tasks.is_open())).one()


def decided(session: Session, row: TaskRow, choice: Choice) -> None:
    assert tasks.claim(session, row.id, KIM, NOW)
    done = tasks.decide(session, row.id, Decision(choice), KIM, NOW, TODAY)
    deciding.carry_out(session, done, TODAY, NOW)
    session.flush()


def allowed(session: Session, case: Case, paper: str) -> Sight:
    decided(session, asked(session, case, paper), Choice.APPROVED)
    [found] = sights.papers(session, case.id, ADA, NOW)
    assert found.sight
    return found.sight


def left(session: Session) -> tuple[int, int]:
    """How many sights there are, and tasks that are about a paper."""
    about = session.exec(select(TaskRow).where(TaskRow.matter == Matter.IDENTITY.value)).all()
    return len(session.exec(select(SightRow)).all()), len(about)


def test_who_helps_knows_that_it_is_there_and_since_when(session: Session, case: Case) -> None:
    paper = a_paper(session, case)
    a_paper(session, case, Shows.ANSWER)
    [found] = sights.papers(session, case.id, ADA, NOW)
    assert (found.id, found.added_on, found.asked, found.denied, found.sight) == (paper, TODAY, False, False, None)
    assert "passport" not in repr(found)


def test_of_a_case_that_is_not_shared_nothing_is_known_or_asked(session: Session) -> None:
    _, [case] = filed(session)
    paper = a_paper(session, case)
    assert sights.papers(session, case.id, ADA, NOW) == ()
    with pytest.raises(NoPaper):
        sights.ask(session, case.id, paper, ADA, Reason.HELP_WANTED, TODAY)
    assert sharing.open_identity(session, paper, PRIVATE) is None


def test_it_is_decided_within_a_day_and_as_urgently_as_the_case(session: Session, case: Case) -> None:
    assert asked(session, case, a_paper(session, case)).decide_by == TODAY + timedelta(days=1)
    sharing.say_urgent(session, case.id, True)
    row = asked(session, case, a_paper(session, case))
    assert (row.urgent, row.case_id, row.forget_on) == (True, case.id, None)


def test_two_do_not_ask_for_the_same_at_once(session: Session, case: Case) -> None:
    paper = a_paper(session, case)
    row = asked(session, case, paper)
    assert not sights.ask(session, case.id, paper, BEN, Reason.ABUSE, TODAY)
    session.refresh(row)
    assert (row.not_by, row.reason) == (ADA, Reason.HELP_WANTED)


def test_who_asks_never_decides(session: Session, case: Case) -> None:
    row = asked(session, case, a_paper(session, case))
    with pytest.raises(NotByThem):
        tasks.claim(session, row.id, ADA, NOW)
    assert tasks.claim(session, row.id, KIM, NOW)
    with pytest.raises(NotByThem):
        tasks.let_go(session, row.id, KIM, NOW, ADA)
    row.claimed_by = ADA  # as if a mistake had put it into their hands
    session.flush()
    with pytest.raises(NotInHand):
        tasks.decide(session, row.id, Decision(Choice.APPROVED), ADA, NOW, TODAY)


def test_who_asked_may_see_it_for_a_quarter_of_an_hour_and_nobody_else(session: Session, case: Case) -> None:
    paper = a_paper(session, case)
    found = allowed(session, case, paper)
    assert (found.paper_id, found.case_id, found.who, found.until, found.seen) == (
        paper,
        case.id,
        ADA,
        NOW + LIFE,
        False,
    )
    assert sights.find(session, found.id) == found
    assert sights.papers(session, case.id, BEN, NOW)[0].sight is None
    assert sights.papers(session, case.id, ADA, NOW + LIFE - SECOND)[0].sight == found
    assert sights.papers(session, case.id, ADA, NOW + LIFE)[0].sight is None
    assert sights.purge(session, NOW + LIFE - SECOND) == 0
    assert sights.purge(session, NOW + LIFE) == 1
    assert sights.find(session, found.id) is None


def test_a_no_is_read_by_who_asked_until_they_ask_again(session: Session, case: Case) -> None:
    paper = a_paper(session, case)
    decided(session, asked(session, case, paper), Choice.DENIED)
    assert [sights.papers(session, case.id, who, NOW)[0].denied for who in (ADA, BEN)] == [True, False]
    assert left(session) == (0, 1)
    asked(session, case, paper)
    assert sights.papers(session, case.id, ADA, NOW)[0].asked


def test_it_opens_with_the_staffs_key_alone(session: Session, case: Case) -> None:
    paper, answer = a_paper(session, case), a_paper(session, case, Shows.ANSWER)
    opened = sharing.open_identity(session, paper, PRIVATE)
    assert opened
    assert (opened[0].id, opened[0].kind, opened[1]) == (paper, Kind.PDF, case.private)
    assert sharing.open_identity(session, paper, new_pair()[1]) is None
    assert sharing.open_identity(session, answer, PRIVATE) is None
    assert sharing.open_identity(session, "0" * 32, PRIVATE) is None


def test_when_the_person_takes_it_back_nothing_is_allowed_or_asked_any_more(session: Session, case: Case) -> None:
    other = filed(session, staff=HALF)[1][0]
    for one in (case, other):
        allowed(session, one, a_paper(session, one))
    asked(session, case, a_paper(session, case))
    assert left(session) == (2, 3)
    sharing.withdraw(session, case.id)
    assert left(session) == (1, 2)
    sharing.share(session, case, HALF)
    assert all(one.sight is None for one in sights.papers(session, case.id, ADA, NOW))


def test_when_the_paper_goes_what_was_asked_about_it_goes_too(session: Session, case: Case) -> None:
    papers = [a_paper(session, case) for _ in range(2)]
    for one in papers:
        decided(session, asked(session, case, one), Choice.APPROVED)
    asked(session, case, papers[0], BEN)
    forgetting.erase_paper(session, papers[0])
    assert left(session) == (1, 1)
    forgetting.erase_identity(session, case.id)
    assert left(session) == (0, 0)


def test_what_is_over_is_purged_with_the_rest_and_counted(session: Session, case: Case) -> None:
    allowed(session, case, a_paper(session, case))
    assert session.exec(select(SightRow)).one().until == seconds(NOW + LIFE)
    assert forgetting.purge(session, NOW + LIFE).sights == 1
