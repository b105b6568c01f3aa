"""What a campaign's page tells of how many people came by it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from portal.cases import campaigns as kept
from portal.cases import group_sharing, tasks
from portal.cases.campaigns import Campaign, State
from portal.cases.following import Case
from portal.cases.group_sharing import Scope
from portal.cases.tasks import Choice, Matter
from portal.database import transaction
from portal.record.campaigns import renew, told
from portal.record.disclosure import RULES
from tests.cases.filed import TODAY, filed
from tests.groups import WithKey, a_campaign, a_group

NEXT_MONTH = (TODAY.replace(day=1) + timedelta(days=40)).replace(day=1)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


def join(session: Session, group: WithKey, campaign: Campaign, people: int) -> list[Case]:
    """So many people file by a campaign, and let its group see how far it comes."""
    cases = [filed(session)[1][0] for _ in range(people)]
    for case in cases:
        lets = group_sharing.wanted(group.group, Scope.STATUS, campaign_id=campaign.id)
        group_sharing.share(session, case, lets, TODAY)
    session.flush()
    return cases


def shown(session: Session, campaign: Campaign, day: date) -> int:
    renew(session, day)
    found = kept.get(session, campaign.id)
    assert found
    return found.shown


@given(st.lists(st.integers(0, 80), min_size=1))
def test_a_number_is_never_exact_never_small_and_never_renewed_for_few(counts: list[int]) -> None:
    shown = [0]
    for exact in counts:
        before, now = shown[-1], told(shown[-1], exact)
        assert now == 0 or now >= RULES.least
        assert now % RULES.rounded == 0
        assert now == before or abs(now - before) >= RULES.step
        assert now <= before or exact - before >= RULES.step
        assert now >= before or before - exact > RULES.rounded
        assert now - RULES.rounded <= exact < now + RULES.step
        shown.append(now)
    assert not [change for one, other in combinations(shown, 2) if 0 < (change := abs(one - other)) < RULES.step]


@pytest.mark.parametrize("before", range(0, 90, 10))
def test_no_change_tells_the_count(before: int) -> None:
    """Each number could stand for five counts or more, whatever it was before."""
    meant = Counter(told(before, exact) for exact in range(200))
    assert min(meant.values()) >= RULES.rounded


def test_nine_people_are_told_of_by_no_number_and_ten_by_ten(session: Session) -> None:
    group = a_group(session)
    few, some = (a_campaign(session, group.group.id) for _ in range(2))
    join(session, group, few, 9)
    join(session, group, some, 12)
    assert (shown(session, few, TODAY), shown(session, some, TODAY)) == (0, 10)


def test_it_is_counted_once_a_month(session: Session) -> None:
    group = a_group(session)
    campaign = a_campaign(session, group.group.id)
    join(session, group, campaign, 10)
    assert shown(session, campaign, TODAY) == 10
    join(session, group, campaign, 10)
    assert shown(session, campaign, TODAY + timedelta(days=1)) == 10
    assert shown(session, campaign, NEXT_MONTH) == 20


def test_one_who_comes_or_goes_changes_nothing(session: Session) -> None:
    group = a_group(session)
    campaign = a_campaign(session, group.group.id)
    cases = join(session, group, campaign, 14)
    assert shown(session, campaign, TODAY) == 10
    group_sharing.withdraw(session, cases[0].id, group.group.id)
    join(session, group, campaign, 3)
    assert shown(session, campaign, NEXT_MONTH) == 10


def test_what_staff_hold_is_in_no_count(session: Session) -> None:
    group = a_group(session)
    campaign = a_campaign(session, group.group.id)
    cases = join(session, group, campaign, 10)
    row = tasks.new(Matter.FILED, cases[0].id, TODAY, of_case=True)
    row.choice, row.decided_on = Choice.HOLD.value, TODAY
    session.add(row)
    session.flush()
    assert shown(session, campaign, TODAY) == 0


def test_of_one_that_has_ended_the_number_stays(session: Session) -> None:
    group = a_group(session)
    campaign = a_campaign(session, group.group.id)
    for case in join(session, group, campaign, 10):
        assert shown(session, campaign, TODAY) == 10
        group_sharing.withdraw(session, case.id, group.group.id)
    kept.end(session, campaign.id, TODAY)
    session.flush()
    assert shown(session, campaign, NEXT_MONTH) == 10
    found = kept.get(session, campaign.id)
    assert found
    assert found.state is State.ENDED
