"""Groups: let in, held to their terms, opened by their passphrase alone, ended so that nothing can be read again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.accounts import enrolling, groups, invitations, people, visits
from portal.accounts.groups import About, AlreadyOpened, Group
from portal.accounts.models import AccountRow, GroupOpeningRow, GroupRow, InvitationRow, StaffSessionRow
from portal.accounts.people import Account, Who
from portal.accounts.permissions import ROLES, Permission, Role, permissions, proper, read, written
from portal.accounts.provider import Provider, told
from portal.accounts.visits import Token, Visit
from portal.cases import campaigns, forgetting, group_sharing
from portal.cases.campaigns import State, Words
from portal.cases.files import Files
from portal.cases.forgetting import Erased, Eraser
from portal.cases.group_sharing import Scope, wanted
from portal.cases.ledger import Ledger
from portal.cases.models import CampaignRow, CaseRow, ShareRow, WrapRow
from portal.database import transaction
from portal.vault import Key, new_pair
from tests.cases.filed import as_held, filed

SECRET = b"a secret of the staff's own application"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
ABOUT = About("Gesichter & Rechte e.V.", "https://example.org", "group@example.org", "at", True)
LOCKED = b"the content of a key file"


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as made:
        yield made


def a_group(session: Session, name: str = "Sample Group") -> Group:
    return groups.add(session, About(name, "https://example.org", "group@example.org", "at", False), TODAY)


def active(session: Session, name: str = "Sample Group") -> tuple[Group, Key]:
    """A group that accepted the terms, with its private key."""
    half, private = new_pair()
    made = a_group(session, name)
    groups.set_up(session, made.id, "a" * 32, half, LOCKED, TODAY)
    found = groups.get(session, made.id)
    assert found
    return found, private


def a_member(session: Session, group: Group | None, name: str = "Mia Member") -> Account:
    return people.add(session, SECRET, Who("", name, name), {Role.GROUP_MEMBER}, group.id if group else None)


def a_visit(session: Session, account: Account) -> tuple[Visit, Token]:
    token = visits.begin(session, account.id, NOW, strong=True)
    session.flush()
    found = visits.find(session, token, NOW)
    assert found
    return found, token


# What a role is


@pytest.mark.parametrize("role", Role)
def test_beside_a_groups_member_no_role_counts(role: Role) -> None:
    assert read(written({Role.GROUP_MEMBER, role})) == {Role.GROUP_MEMBER}
    assert permissions(proper({Role.GROUP_MEMBER, role})) == {Permission.OWN_GROUP}


def test_a_provider_that_says_more_lets_them_be_a_groups_member_alone() -> None:
    roles = frozenset({(Role.GROUP_MEMBER, "rf-groups"), (Role.ADMIN, "rf-admins")})
    said = "https://id.example", "rightface", "secret", "Our sign-in", roles, "groups", frozenset[str](), "", "openid"
    provider = Provider(*said, ("RS256",))
    claims = {"sub": "1", "groups": ["rf-groups", "rf-admins"]}
    assert told(provider, claims).roles == {Role.GROUP_MEMBER}


def test_only_a_groups_member_opens_a_group() -> None:
    assert [role for role in Role if Permission.OWN_GROUP in ROLES[role]] == [Role.GROUP_MEMBER]


# Letting in


def test_a_group_is_let_in_and_sees_nobody_yet(session: Session) -> None:
    made = groups.add(session, ABOUT, TODAY)
    assert (made.name, made.place, made.mandated) == (ABOUT.name, "at", True)
    assert not made.is_active
    assert groups.locked(session, made.id) is None
    assert groups.every(session) == [made]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Gesichter & Rechte e.V.", "gesichter-rechte-e-v"),
        ("  Égalité!  ", "egalite"),
        ("x" * 200, "x" * 50),
        ("../../etc", "etc"),
    ],
)
def test_its_address_is_made_of_its_name(session: Session, name: str, slug: str) -> None:
    assert a_group(session, name).slug == slug


def test_two_of_one_name_have_two_addresses_and_a_name_without_letters_has_one(session: Session) -> None:
    slugs = [a_group(session, name).slug for name in ("Same", "Same", "Ωmega", "顔", "?")]
    assert len({*slugs}) == 5
    assert all(slugs)
    assert groups.by_slug(session, slugs[1]) != groups.by_slug(session, slugs[0])


def test_what_it_says_of_itself_is_changed_and_its_address_stays(session: Session) -> None:
    made = a_group(session)
    groups.change(session, made.id, ABOUT)
    found = groups.by_slug(session, made.slug)
    assert found
    assert (found.id, found.name, found.email, found.mandated) == (made.id, ABOUT.name, ABOUT.email, True)


# Who works for it


def test_who_is_invited_into_a_group_works_for_it(session: Session) -> None:
    group = a_group(session)
    link = invitations.invite_into(session, SECRET, invitations.own("mia@example.org", "Mia"), group.id, NOW)
    [invited] = invitations.all_open(session, SECRET, NOW)
    assert (invited.group_id, invited.roles, invited.needs_passkey) == (group.id, {Role.GROUP_MEMBER}, False)
    account = enrolling.accept(session, SECRET, invitations.id_of(link), NOW)
    assert people.of_group(session, SECRET, group.id) == [account]
    assert groups.of_account(session, account.id) == group
    assert groups.members(session, group.id) == [account.id]


def test_who_is_put_into_another_group_is_signed_out(session: Session) -> None:
    """Their visit may hold what the first one's key opens."""
    first, second = a_group(session, "First"), a_group(session, "Second")
    account = a_member(session, None)
    assert people.without_group(session, SECRET) == [account]
    a_visit(session, account)
    groups.join(session, account.id, first.id)
    assert people.without_group(session, SECRET) == []
    assert len(session.exec(select(StaffSessionRow)).all()) == 1
    groups.join(session, account.id, second.id)
    assert session.exec(select(StaffSessionRow)).all() == []
    assert groups.of_account(session, account.id) == second
    groups.join(session, account.id, None)
    assert groups.of_account(session, account.id) is None


def test_who_works_for_the_portal_from_now_on_works_for_no_group(session: Session) -> None:
    account = a_member(session, a_group(session))
    a_visit(session, account)
    people.set_roles(session, account.id, {Role.TRIAGE})
    found = people.get(session, SECRET, account.id)
    assert found
    assert (found.group_id, found.roles) == (None, {Role.TRIAGE})
    assert groups.of_account(session, account.id) is None
    assert session.exec(select(StaffSessionRow)).all() == []


def test_nobody_is_listed_who_may_not_sign_in(session: Session) -> None:
    group = a_group(session)
    for whose in (group, None):
        people.close(session, a_member(session, whose, f"Mia {whose}").id, TODAY)
    assert people.of_group(session, SECRET, group.id) == people.without_group(session, SECRET) == []


# Its key


def test_the_terms_are_accepted_once(session: Session) -> None:
    group, _ = active(session)
    assert group.is_active
    assert group.terms_on == TODAY
    assert groups.locked(session, group.id) == LOCKED
    with pytest.raises(AlreadyOpened):
        groups.set_up(session, group.id, "b" * 32, new_pair()[0], b"another", TODAY)
    assert groups.get(session, group.id) == group


def test_a_visit_has_the_key_until_it_is_locked(session: Session) -> None:
    group, private = active(session)
    visit, token = a_visit(session, a_member(session, group))
    assert groups.opened(session, visit, token) is None
    groups.open_for(session, visit, token, private)
    groups.open_for(session, visit, token, private)  # a second tab
    assert groups.opened(session, visit, token) == private
    assert groups.opened(session, visit, Token("another")) is None
    groups.close_for(session, visit)
    assert groups.opened(session, visit, token) is None


def test_no_other_visit_has_it_and_it_goes_with_the_visit(session: Session) -> None:
    group, private = active(session)
    account = a_member(session, group)
    visit, token = a_visit(session, account)
    other, others = a_visit(session, account)
    groups.open_for(session, visit, token, private)
    assert groups.opened(session, other, others) is None
    assert groups.opened(session, visit, others) is None
    session.flush()
    visits.end(session, token)
    session.expire_all()
    assert session.exec(select(GroupOpeningRow)).all() == []


def test_the_key_rests_where_the_cookie_is_needed_to_read_it(session: Session) -> None:
    group, private = active(session)
    visit, token = a_visit(session, a_member(session, group))
    groups.open_for(session, visit, token, private)
    session.flush()
    [row] = session.exec(select(GroupOpeningRow)).all()
    assert private not in row.sealed


# Ending


WORDS = Words("en", "Title", "words", ("clearview-ai",), "access")


@pytest.fixture
def eraser(database: Engine, tmp_path: Path) -> Eraser:
    return Eraser(partial(transaction, database), Files(tmp_path / "files"), Ledger(tmp_path / "erased"))


def test_a_group_that_ends_sees_nothing_and_its_people_are_signed_out(session: Session) -> None:
    group, private = active(session)
    visit, token = a_visit(session, a_member(session, group))
    groups.open_for(session, visit, token, private)
    invitations.invite_into(session, SECRET, invitations.own("new@example.org"), group.id, NOW)
    _, [case] = filed(session)
    group_sharing.share(session, case, wanted(group, Scope.ACT), TODAY)
    running = campaigns.add(session, group.id, WORDS, TODAY)
    campaigns.submit(session, running.id, TODAY)

    erased = forgetting.end_group(session, group.id, TODAY)
    session.expire_all()
    assert (erased.groups, len(erased.wraps)) == ({group.id}, 2)  # what it saw, and the wrap for it
    for gone in (ShareRow, GroupOpeningRow, StaffSessionRow, InvitationRow):
        assert session.exec(select(gone)).all() == [], gone
    assert [row.holder for row in session.exec(select(WrapRow))] == ["filer"]
    row = session.get_one(GroupRow, group.id)
    assert (row.ended_on, row.public_key, row.locked) == (TODAY, None, None)
    ended = campaigns.get(session, running.id)
    assert ended
    assert (ended.state, ended.has_a_page) == (State.ENDED, False)
    [account] = session.exec(select(AccountRow)).all()
    assert account.closed_on == TODAY
    assert groups.of_account(session, account.id) is None
    with pytest.raises(AlreadyOpened):
        groups.set_up(session, group.id, "a" * 32, new_pair()[0], b"", TODAY)


def test_the_cases_of_the_people_go_on(session: Session) -> None:
    group, _ = active(session)
    key, [case] = filed(session)
    group_sharing.share(session, case, wanted(group, Scope.STATUS), TODAY)
    forgetting.end_group(session, group.id, TODAY)
    session.flush()
    assert as_held(session, key) == (case,)


def test_what_is_left_of_it_is_forgotten_in_time(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        group, _ = active(session)
        stays, _ = active(session, "Another")
        a_member(session, group)
        campaigns.add(session, group.id, WORDS, TODAY)
    eraser.carry_out(partial(forgetting.end_group, id_=group.id, today=TODAY))
    day_before = NOW + groups.KEPT - timedelta(days=1)
    assert eraser.carry_out(partial(forgetting.purge, now=day_before)).former_groups == 0
    assert eraser.carry_out(partial(forgetting.purge, now=NOW + groups.KEPT)).former_groups == 1
    with eraser.transaction() as session:
        assert [one.id for one in groups.every(session)] == [stays.id]
        assert session.exec(select(CampaignRow)).all() == session.exec(select(AccountRow)).all() == []


def test_a_group_that_ended_does_not_come_back_with_a_backup(eraser: Eraser) -> None:
    with eraser.transaction() as session:
        group, _ = active(session)
        _, [case] = filed(session)
        group_sharing.share(session, case, wanted(group, Scope.LETTERS), TODAY)
        a_member(session, group)
    tables = (GroupRow, AccountRow, ShareRow, WrapRow)
    with eraser.transaction() as session:
        kept = [type(row)(**row.model_dump()) for table in tables for row in session.exec(select(table))]
    eraser.carry_out(partial(forgetting.end_group, id_=group.id, today=TODAY))
    assert eraser.replay(NOW) == Erased()  # it has ended, and is kept until it is purged
    with eraser.transaction() as session:
        for row in kept:
            session.merge(row)
            session.flush()
    again = eraser.replay(NOW)
    assert (again.groups, len(again.wraps)) == ({group.id}, 2)
    with eraser.transaction() as session:
        assert groups.every(session) == []
        assert session.exec(select(ShareRow)).all() == session.exec(select(AccountRow)).all() == []
        assert [row.holder for row in session.exec(select(WrapRow))] == ["filer"]
        assert len(session.exec(select(CaseRow)).all()) == 1
