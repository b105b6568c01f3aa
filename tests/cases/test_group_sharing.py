"""What a group sees of a case: as much as its filer lets it, with its own key alone, until they take it back."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from portal.accounts import groups
from portal.accounts.models import GroupRow
from portal.backup import back_up, put_back
from portal.cases import attaching, following, forgetting, group_sharing, opening
from portal.cases.attaching import Shows
from portal.cases.case_key import new_case_key
from portal.cases.files import Files
from portal.cases.following import Case
from portal.cases.forgetting import Eraser
from portal.cases.group_sharing import READS, Ended, Scope, Wanted, holder, open_for_group, rows
from portal.cases.ledger import Ledger
from portal.cases.models import CaseRow, ShareRow, WrapRow
from portal.database import transaction
from portal.papers.kinds import Kind
from portal.papers.paper import Paper
from portal.vault import KEY_SIZE, Key, new_pair
from tests.cases.filed import LATER, LOOKUP, NOW, TODAY, as_held, filed
from tests.groups import WithKey, a_campaign, a_group, a_new_group


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


@pytest.fixture
def eraser(database: Engine, tmp_path: Path) -> Eraser:
    return Eraser(partial(transaction, database), Files(tmp_path / "files"), Ledger(tmp_path / "erased"))


def lets(one: WithKey, scope: Scope = Scope.LETTERS, joint: bool = False, campaign: str | None = None) -> Wanted:
    return group_sharing.wanted(one.group, scope, joint, campaign)


def seen(session: Session, one: WithKey, *cases: Case) -> tuple[Case, ...]:
    """What a group reads of some cases when it asks anew."""
    session.flush()
    session.expire_all()
    return open_for_group(session, [case.id for case in cases], one.group.id, one.private)


# What is shared


def test_what_is_filed_for_its_filer_alone_opens_for_no_group(session: Session) -> None:
    group = a_group(session)
    _, [case] = filed(session)
    assert group_sharing.of_case(session, case.id) == {}
    assert seen(session, group, case) == ()


@pytest.mark.parametrize("scope", Scope)
def test_a_group_sees_each_case_of_a_filing_as_much_as_was_chosen(session: Session, scope: Scope) -> None:
    group = a_group(session)
    campaign = a_campaign(session, group.group.id)
    _, cases = filed(session, "clearview-ai", "pimeyes", group=lets(group, scope, scope in READS, campaign.id))
    assert len(cases) == 2
    for case in cases:
        [share] = group_sharing.of_case(session, case.id).values()
        told = (share.group_id, share.campaign_id, share.scope, share.joint, share.shared_on)
        assert told == (group.group.id, campaign.id, scope, scope in READS, TODAY)
        assert group_sharing.get(session, case.id, group.group.id) == share
    assert seen(session, group, *cases) == (tuple(sorted(cases, key=lambda one: one.id)) if scope in READS else ())


def test_by_which_campaign_somebody_came_is_told_by_no_case(session: Session) -> None:
    _, [case] = filed(session)
    assert case.draft.campaign == ""


def test_it_is_shared_later_changed_and_taken_back_and_shared_again(session: Session) -> None:
    group = a_group(session)
    _, [case] = filed(session)
    for scope in (Scope.STATUS, Scope.ACT, Scope.LETTERS, Scope.STATUS, Scope.LETTERS):
        group_sharing.share(session, case, lets(group, scope), TODAY)
        assert bool(seen(session, group, case)) == (scope in READS)
        assert {one.scope for one in group_sharing.of_case(session, case.id).values()} == {scope}
    assert len(group_sharing.withdraw(session, case.id, group.group.id)) == 2
    assert group_sharing.withdraw(session, case.id, group.group.id) == frozenset()
    assert seen(session, group, case) == ()
    group_sharing.share(session, case, lets(group), TODAY)
    assert seen(session, group, case)


def test_two_groups_see_what_each_was_let_see(session: Session) -> None:
    one, other = a_group(session), a_group(session, "Open Streets")
    _, [case] = filed(session, group=lets(one))
    group_sharing.share(session, case, lets(other, Scope.STATUS), TODAY)
    assert seen(session, one, case)
    assert not seen(session, other, case)
    group_sharing.withdraw(session, case.id, one.group.id)
    assert {*group_sharing.of_case(session, case.id)} == {other.group.id}
    assert not seen(session, one, case)


def test_a_group_sees_every_file_but_copies_of_identity_documents(session: Session) -> None:
    group = a_group(session)
    key, [case] = filed(session, group=lets(group, Scope.ACT))
    paper = Paper(Kind.PDF, b"%PDF-", "a.pdf")
    ready = tuple(attaching.prepared(case.id, case.public, shows, paper, TODAY) for shows in Shows)
    attaching.keep(session, case.id, ready)
    assert {one.shows for one in as_held(session, key)[0].papers} == {*Shows}
    [found] = seen(session, group, case)
    assert {one.shows for one in found.papers} == {*Shows} - {Shows.IDENTITY}


def test_a_new_case_key_and_another_law_leave_a_group_what_it_was_let_see(session: Session) -> None:
    group = a_group(session)
    key, [case] = filed(session, group=lets(group))
    following.reroute(session, case, case.made, case.draft, LATER, TODAY)
    token = opening.enter(session, key, LOOKUP, NOW, TODAY)
    assert token
    opened = opening.find(session, token, NOW)
    assert opened
    following.rekey(session, opened, new_case_key(), LOOKUP, TODAY, "v1")
    [found] = seen(session, group, case)
    assert len(found.replaced) == 1


# Whom something can be shared with


def test_nothing_is_shared_with_a_group_that_has_no_key_or_has_ended(session: Session) -> None:
    _, [case] = filed(session)
    new = a_new_group(session)
    with pytest.raises(Ended):
        group_sharing.admit(session, new.id)
    with pytest.raises(Ended):
        group_sharing.admit(session, "nobody")
    group = a_group(session, "Open Streets")
    what = lets(group)
    groups.end(session, group.group.id, TODAY)
    with pytest.raises(Ended):  # it ended while the person chose
        group_sharing.share(session, case, what, TODAY)
    assert group_sharing.of_case(session, case.id) == {}


def test_when_a_group_ends_or_is_forgotten_it_sees_nothing_of_anybody(session: Session) -> None:
    one, other = a_group(session), a_group(session, "Open Streets")
    _, cases = filed(session, "clearview-ai", "pimeyes", group=lets(one))
    group_sharing.share(session, cases[0], lets(other), TODAY)
    assert len(group_sharing.withdraw_all_of(session, one.group.id)) == 4
    assert [*map(len, (seen(session, one, *cases), seen(session, other, *cases)))] == [0, 1]
    session.delete(session.get_one(GroupRow, other.group.id))
    session.flush()
    assert session.exec(select(ShareRow)).all() == []


def test_with_a_case_goes_what_a_group_saw_of_it(session: Session) -> None:
    group = a_group(session)
    _, [case] = filed(session, group=lets(group))
    forgetting.erase_case(session, case.id)
    assert session.exec(select(ShareRow)).all() == []
    assert seen(session, group, case) == ()


# The seal


def test_no_other_key_opens_what_is_shared(session: Session) -> None:
    group = a_group(session)
    _, [case] = filed(session, group=lets(group))

    @given(st.binary(min_size=KEY_SIZE, max_size=KEY_SIZE))
    def tried(key: bytes) -> None:
        assert open_for_group(session, [case.id], group.group.id, Key(key)) == ()

    tried()
    assert seen(session, group, case)


def test_another_groups_key_opens_nothing_in_whoevers_name_it_asks(session: Session) -> None:
    one, other = a_group(session), a_group(session, "Open Streets")
    _, [case] = filed(session, group=lets(one))
    for id_ in (one.group.id, other.group.id):
        assert open_for_group(session, [case.id], id_, other.private) == ()


def test_what_does_not_open_hides_nothing_that_does(session: Session) -> None:
    """Whoever has the database can put a wrap there, and learns and spoils nothing by it."""
    group, other = a_group(session), a_group(session, "Open Streets")
    _, [one, two] = filed(session, "clearview-ai", "pimeyes", group=lets(group))
    mine = holder(group.group.id)
    moved = session.get_one(WrapRow, (one.id, mine)).wrapped
    _, stranger = new_pair()
    [_, strange] = rows(two.id, stranger, lets(group), TODAY)
    assert isinstance(strange, WrapRow)
    for wrapped in (moved, strange.wrapped):
        session.get_one(WrapRow, (two.id, mine)).wrapped = wrapped
        assert [case.id for case in seen(session, group, one, two)] == [one.id]
    assert seen(session, other, one, two) == ()


def test_nothing_that_the_public_portal_holds_opens_what_is_shared(session: Session) -> None:
    group = a_group(session)
    filed(session, "clearview-ai", "pimeyes", group=lets(group))
    kept = [*session.exec(select(CaseRow)), *session.exec(select(WrapRow)), *session.exec(select(GroupRow))]
    held = [value for row in kept for value in row.model_dump().values() if isinstance(value, bytes)]
    keys = {part[at : at + KEY_SIZE] for part in [*held, LOOKUP] for at in (0, 16, len(part) - KEY_SIZE)}
    tried = [Key(key) for key in keys if len(key) == KEY_SIZE]
    assert len(tried) > 10
    ids = session.exec(select(CaseRow.id)).all()
    assert not any(open_for_group(session, ids, group.group.id, key) for key in tried)


# Taken back for good


@pytest.mark.parametrize("scope", Scope)
def test_what_was_taken_back_stays_so_whatever_copy_is_put_back(eraser: Eraser, scope: Scope) -> None:
    with eraser.transaction() as session:
        group = a_group(session)
        _, [case] = filed(session, group=lets(group, scope))
        share = session.get_one(ShareRow, (case.id, group.group.id)).model_dump()
        wraps = session.exec(select(WrapRow).where(WrapRow.holder == holder(group.group.id)))
        wrapped = [row.model_dump() for row in wraps]
    erased = eraser.carry_out(partial(forgetting.withdraw_from, case_id=case.id, group_id=group.group.id))
    assert len(erased.wraps) == 1 + (scope in READS)
    with eraser.transaction() as session:
        assert seen(session, group, case) == ()
        session.add_all([ShareRow(**share), *(WrapRow(**row) for row in wrapped)])  # as a backup would
    assert eraser.replay(NOW).wraps == erased.wraps
    with eraser.transaction() as session:
        assert group_sharing.of_case(session, case.id) == {}
        assert seen(session, group, case) == ()
        group_sharing.share(session, case, lets(group, scope), TODAY)  # the person changes their mind, the same day
    assert eraser.replay(NOW).wraps == frozenset()
    with eraser.transaction() as session:
        assert {one.scope for one in group_sharing.of_case(session, case.id).values()} == {scope}
        assert bool(seen(session, group, case)) == (scope in READS)


def test_what_was_made_less_stays_less_after_a_backup(eraser: Eraser, tmp_path: Path, database: Engine) -> None:
    with eraser.transaction() as session:
        group, staying = a_group(session), a_group(session, "Open Streets")
        _, [case] = filed(session, group=lets(group, Scope.ACT))
        group_sharing.share(session, case, lets(staying, Scope.STATUS), TODAY)
    back_up(database, eraser, LOOKUP, tmp_path / "backup.zip")

    def less(session: Session) -> forgetting.Erased:
        return forgetting.Erased(wraps=group_sharing.share(session, case, lets(group, Scope.STATUS), TODAY))

    eraser.carry_out(less)
    put_back(database, eraser, LOOKUP, tmp_path / "backup.zip", replace=True)
    with eraser.transaction() as session:
        assert seen(session, group, case) == ()
        assert {*group_sharing.of_case(session, case.id)} == {staying.group.id}
        holders = session.exec(select(WrapRow.holder).where(col(WrapRow.case_id) == case.id)).all()
        assert holders == ["filer"]


def test_taking_back_what_was_not_shared_leaves_nothing_in_the_ledger(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        group = a_group(session)
        _, [case] = filed(session)
    take_back = partial(forgetting.withdraw_from, case_id=case.id, group_id=group.group.id)
    assert eraser.carry_out(take_back).wraps == frozenset()
    assert eraser.ledger.entries() == frozenset()


def test_no_two_wraps_of_one_case_are_alike(session: Session) -> None:
    """Or a mark in the ledger would take away what was given again."""
    group = a_group(session)
    _, [case] = filed(session)
    made = [row for _ in range(3) for row in rows(case.id, case.private, lets(group), TODAY)]
    assert len({row.mark for row in made if isinstance(row, ShareRow)}) == 3
    assert len({row.wrapped for row in made if isinstance(row, WrapRow)}) == 3
