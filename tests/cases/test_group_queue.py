"""The cases that a group sees, and the days of its calendar, from the rows themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from portal.accounts import groups
from portal.cases import feeds, following, group_queue, group_sharing
from portal.cases.following import Case, Said
from portal.cases.group_queue import Wanted
from portal.cases.group_sharing import Scope, wanted
from portal.cases.status import Kind, Status
from portal.database import transaction
from tests.cases.filed import LATER, LOOKUP, TODAY, filed
from tests.groups import WithKey, a_group

DUE = TODAY + timedelta(days=30)


def shared(session: Session, group: WithKey, scope: Scope, *happened: Kind) -> Case:
    _key, [case] = filed(session)
    group_sharing.share(session, case, wanted(group.group, scope), TODAY)
    for kind in happened:
        told = DUE if kind is Kind.SENT else None
        following.record(session, case, Said(kind, TODAY, "a note", told, LATER), TODAY, "v1")
    session.flush()
    return case


def test_a_page_ends_where_the_next_begins_and_none_is_left_out(database: Engine) -> None:
    with transaction(database) as session:
        group, other = a_group(session), a_group(session, "Other Faces")
        mine = {shared(session, group, Scope.STATUS).id for _ in range(5)}
        shared(session, other, Scope.STATUS)
        seen, after = [], None
        while True:
            page = group_queue.page(session, Wanted(group.group.id), after, 2)
            seen += [one.case.id for one in page.cases]
            after = page.after
            if after is None:
                break
    assert len(seen) == 5
    assert {*seen} == mine


def test_only_what_is_wrapped_for_the_group_is_opened(database: Engine) -> None:
    with transaction(database) as session:
        group, other = a_group(session), a_group(session, "Other Faces")
        ids = [shared(session, group, scope).id for scope in Scope]
        opened = group_queue.opened(session, ids, group.group.id, group.private)
        assert {*opened} == {*ids[1:]}
        assert {draft.details["full_name"] for draft in opened.values()} == {"Ana Example"}
        assert group_queue.opened(session, ids, group.group.id, other.private) == {}
        assert group_queue.opened(session, ids, other.group.id, other.private) == {}


@pytest.mark.parametrize(
    ("happened", "late"),
    [
        ((), False),
        ((Kind.SENT,), True),
        ((Kind.SENT, Kind.RECEIVED), True),
        ((Kind.SENT, Kind.ANSWERED), False),
        ((Kind.SENT, Kind.CLOSED), False),
    ],
)
def test_late_is_what_was_told_and_has_not_come(database: Engine, happened: tuple[Kind, ...], late: bool) -> None:
    day = DUE + timedelta(days=1)
    with transaction(database) as session:
        group = a_group(session)
        shared(session, group, Scope.STATUS, *happened)
        [one] = group_queue.page(session, Wanted(group.group.id)).cases
        assert one.is_late(day) is late
        assert not one.is_late(DUE)
        assert group_queue.counts(session, group.group.id, day).late == late
        assert len(group_queue.page(session, Wanted(group.group.id, late_on=day)).cases) == late


def test_counts_are_of_the_group_alone(database: Engine) -> None:
    with transaction(database) as session:
        group, other = a_group(session), a_group(session, "Other Faces")
        shared(session, group, Scope.STATUS)
        shared(session, group, Scope.ACT, Kind.SENT)
        counts = group_queue.counts(session, group.group.id, TODAY)
        assert (counts.all, counts.by_status[Status.FILED], counts.by_status[Status.SENT]) == (2, 1, 1)
        assert group_queue.counts(session, other.group.id, TODAY).all == 0
        assert group_queue.organisations(session, other.group.id) == frozenset()


# The calendar


def test_a_secret_finds_its_group_s_days_until_another_takes_its_place(database: Engine) -> None:
    with transaction(database) as session:
        group = a_group(session)
        case = shared(session, group, Scope.STATUS, Kind.SENT)
        shared(session, group, Scope.STATUS)
        feeds.renew(session, group.group, LOOKUP, TODAY)
        session.flush()
        secret = feeds.secret_of(session, group.group.id, group.private)
        assert secret
        assert [(one.case_id, one.day) for one in feeds.due(session, secret, LOOKUP, TODAY) or ()] == [(case.id, DUE)]
        assert feeds.due(session, secret, LOOKUP, DUE + timedelta(days=40)) == []
        assert feeds.due(session, "another", LOOKUP, TODAY) is None
        assert feeds.due(session, secret, b"another key", TODAY) is None
        feeds.renew(session, group.group, LOOKUP, TODAY)
        session.flush()
        session.expire_all()
        assert feeds.due(session, secret, LOOKUP, TODAY) is None
        assert feeds.secret_of(session, group.group.id, group.private) not in (None, secret)
        feeds.drop(session, group.group.id)
        assert feeds.secret_of(session, group.group.id, group.private) is None


def test_a_group_that_has_ended_has_no_days(database: Engine) -> None:
    with transaction(database) as session:
        group = a_group(session)
        feeds.renew(session, group.group, LOOKUP, TODAY)
        session.flush()
        secret = feeds.secret_of(session, group.group.id, group.private)
        groups.end(session, group.group.id, TODAY)
        session.flush()
        assert feeds.due(session, secret or "", LOOKUP, TODAY) is None
