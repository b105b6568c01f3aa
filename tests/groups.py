"""Groups and their campaigns for tests: with a key that no passphrase locks, as locking takes long."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from portal.accounts import groups
from portal.accounts.groups import About, Group
from portal.cases import campaigns, tasks
from portal.cases.campaigns import Campaign, State, Words
from portal.cases.tasks import Matter
from portal.vault import Key, new_pair

TODAY = date(2026, 11, 2)
WHO = "c" * 32
"""An account of no table: it is named alone."""


@dataclass(frozen=True, slots=True)
class WithKey:
    """A group that accepted the terms, and its private key, which the portal itself never has in the clear."""

    group: Group
    private: Key


def about(name: str = "Faces Free", mandated: bool = True) -> About:
    """What a group says of itself."""
    slug = groups.slug_of(name)
    return About(name, f"https://{slug}.example/", f"hello@{slug}.example", "at", mandated)


def a_group(session: Session, name: str = "Faces Free", today: date = TODAY, mandated: bool = True) -> WithKey:
    """One that people can share something with."""
    id_ = a_new_group(session, name, today, mandated).id
    half, private = new_pair()
    groups.set_up(session, id_, WHO, half, b"locked", today)
    session.flush()
    found = groups.get(session, id_)
    assert found
    return WithKey(found, private)


def a_new_group(session: Session, name: str = "Faces Free", today: date = TODAY, mandated: bool = True) -> Group:
    """One that has not accepted the terms yet, so that nothing can be shared with it."""
    return groups.add(session, about(name, mandated), today)


def words(
    title: str = "Ask Clearview together",
    organisations: tuple[str, ...] = ("clearview-ai",),
    right: str = "access",
    text: str = "They searched **millions** of faces. Ask them for yours.",
    language: str = "en",
) -> Words:
    """What a group writes of a campaign."""
    return Words(language, title, text, organisations, right)


def a_campaign(
    session: Session,
    group_id: str,
    said: Words | None = None,
    state: State = State.SHOWN,
    today: date = TODAY,
) -> Campaign:
    """A campaign as far as it has come: each step that leads there is taken."""
    made = campaigns.add(session, group_id, said or words(), today)
    if state is not State.DRAFT:
        campaigns.submit(session, made.id, today)
    if state is State.REFUSED:
        campaigns.refuse(session, made.id)
    if state in (State.SHOWN, State.ENDED):
        campaigns.show(session, made.id, today)
        tasks.settle(session, Matter.CAMPAIGN, made.id, WHO, today)
    if state is State.ENDED:
        campaigns.end(session, made.id, today)
    session.flush()
    found = campaigns.get(session, made.id)
    assert found
    return found
