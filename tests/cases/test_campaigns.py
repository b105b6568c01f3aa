"""Campaigns: nobody but their group sees one before staff have read just these words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.accounts import groups
from portal.accounts.groups import About
from portal.cases import campaigns, deciding, tasks
from portal.cases.campaigns import Campaign, NotNow, State, Words
from portal.cases.models import TaskRow
from portal.cases.tasks import Choice, Decision, Matter
from portal.database import transaction

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
LATER = TODAY + timedelta(days=9)
STAFF = "a" * 32
WORDS = Words("en", "Faces back", "# Why\n\nBecause.", ("clearview-ai", "pimeyes"), "erasure")
#: What can be done with one, and where it stands then; None where nothing may follow.
STEPS: dict[str, Callable[[Session, str], None]] = {
    "change": lambda session, id_: campaigns.change(session, id_, WORDS),
    "submit": lambda session, id_: campaigns.submit(session, id_, TODAY),
    "show": lambda session, id_: campaigns.show(session, id_, TODAY),
    "refuse": lambda session, id_: campaigns.refuse(session, id_),
    "end": lambda session, id_: campaigns.end(session, id_, TODAY),
}
LEADS = {
    (State.DRAFT, "change"): State.DRAFT,
    (State.DRAFT, "submit"): State.SUBMITTED,
    (State.DRAFT, "end"): State.ENDED,
    (State.SUBMITTED, "show"): State.SHOWN,
    (State.SUBMITTED, "refuse"): State.REFUSED,
    (State.SUBMITTED, "end"): State.ENDED,
    (State.SHOWN, "change"): State.DRAFT,
    (State.SHOWN, "end"): State.ENDED,
    (State.REFUSED, "change"): State.DRAFT,
    (State.REFUSED, "end"): State.ENDED,
    (State.ENDED, "end"): State.ENDED,
}
#: How one comes to stand there.
WAYS = {
    State.DRAFT: (),
    State.SUBMITTED: ("submit",),
    State.SHOWN: ("submit", "show"),
    State.REFUSED: ("submit", "refuse"),
    State.ENDED: ("submit", "show", "end"),
}


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


@pytest.fixture
def group(session: Session) -> str:
    return groups.add(session, About("Sample", "https://example.org", "a@example.org", "at", False), TODAY).id


def a_campaign(session: Session, group: str, state: State = State.DRAFT, said: Words = WORDS) -> Campaign:
    made = campaigns.add(session, group, said, TODAY)
    for step in WAYS[state]:
        STEPS[step](session, made.id)
    return found(session, made.id)


def found(session: Session, id_: str) -> Campaign:
    one = campaigns.get(session, id_)
    assert one
    return one


def to_read(session: Session) -> list[TaskRow]:
    return [*session.exec(select(TaskRow).where(TaskRow.matter == Matter.CAMPAIGN.value))]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", State)
def test_each_step_is_taken_where_it_can_be_and_nowhere_else(
    session: Session, group: str, state: State, step: str
) -> None:
    one = a_campaign(session, group, state)
    assert one.state is state
    if (state, step) not in LEADS:
        with pytest.raises(NotNow):
            STEPS[step](session, one.id)
        assert found(session, one.id) == one
        return
    STEPS[step](session, one.id)
    assert found(session, one.id).state is LEADS[state, step]


@pytest.mark.parametrize("state", State)
def test_only_one_that_is_shown_can_be_joined_and_is_listed(session: Session, group: str, state: State) -> None:
    one = a_campaign(session, group, state)
    assert one.can_be_joined is (state is State.SHOWN)
    assert one.has_a_page is (state in (State.SHOWN, State.ENDED))
    assert [*campaigns.shown(session)] == ([one] if state is State.SHOWN else [])
    assert [*campaigns.of_group(session, group)] == [one]


def test_one_that_ended_before_it_was_shown_has_no_page(session: Session, group: str) -> None:
    one = a_campaign(session, group, State.SUBMITTED)
    campaigns.end(session, one.id, TODAY)
    assert not found(session, one.id).has_a_page


def test_what_is_written_is_kept_as_it_was_written(session: Session, group: str) -> None:
    one = a_campaign(session, group)
    assert one.said == WORDS
    other = replace(WORDS, title="Other", organisations=("clearview-ai",), right="access", language="fr")
    campaigns.change(session, one.id, other)
    assert found(session, one.id).said == other
    assert found(session, one.id).slug == one.slug == "faces-back"
    assert campaigns.by_slug(session, "faces-back") == found(session, one.id)


def test_two_of_one_title_have_two_links(session: Session, group: str) -> None:
    assert a_campaign(session, group).slug != a_campaign(session, group).slug


def test_staff_are_asked_once_and_no_more_when_it_ends(session: Session, group: str) -> None:
    one = a_campaign(session, group, State.SUBMITTED)
    [task] = to_read(session)
    assert task.subject == one.id
    campaigns.end(session, one.id, TODAY)
    session.expire_all()
    assert to_read(session) == []


def decided(session: Session, choice: Choice) -> None:
    [task] = [one for one in to_read(session) if one.decided_on is None]
    assert tasks.claim(session, task.id, STAFF, NOW)
    row = tasks.decide(session, task.id, Decision(choice), STAFF, NOW, LATER)
    deciding.carry_out(session, row, LATER, NOW)


@pytest.mark.parametrize(("choice", "state"), [(Choice.ACCEPTED, State.SHOWN), (Choice.REFUSED, State.REFUSED)])
def test_what_staff_decide_is_carried_out(session: Session, group: str, choice: Choice, state: State) -> None:
    one = a_campaign(session, group, State.SUBMITTED)
    decided(session, choice)
    assert found(session, one.id).state is state


def test_one_that_is_shown_again_began_when_it_was_shown_first(session: Session, group: str) -> None:
    one = a_campaign(session, group, State.SHOWN)
    campaigns.change(session, one.id, WORDS)
    campaigns.submit(session, one.id, LATER)
    decided(session, Choice.ACCEPTED)
    assert found(session, one.id).began_on == TODAY


def test_those_of_a_group_that_ends_end_and_no_others(session: Session, group: str) -> None:
    other = groups.add(session, About("Other", "https://example.org", "b@example.org", "at", False), TODAY).id
    mine, theirs = a_campaign(session, group, State.SHOWN), a_campaign(session, other, State.SHOWN)
    before = a_campaign(session, group)
    campaigns.end(session, before.id, TODAY)
    campaigns.end_all_of(session, group, LATER)
    assert (found(session, mine.id).state, found(session, mine.id).ended_on) == (State.ENDED, LATER)
    assert found(session, before.id).ended_on == TODAY
    assert found(session, theirs.id) == theirs
