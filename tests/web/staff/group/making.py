"""Groups as the tests of their pages need them."""

from functools import cache

from flask import Flask
from sqlmodel import Session

from portal.accounts import groups, keys, people, visits
from portal.accounts.groups import About, Group
from portal.accounts.people import Account, Who
from portal.accounts.permissions import Role
from portal.cases import campaigns
from portal.cases.campaigns import Campaign, Words
from portal.cases.models import TaskRow
from portal.cases.tasks import Matter
from portal.columns import new_id
from portal.database import reading, transaction
from portal.trail import Action
from portal.vault import Key, PublicHalf, new_pair
from tests.web.browsing import Browser, Page, token
from tests.web.staff.test_queue import noted, open_tasks

PASSPHRASE = "plum orbit candle ferry whisper"
ABOUT = About("Faces & Rights", "https://example.org", "group@example.org", "at", False)
WORDS = Words("en", "Take your face back", "# Why\n\nBecause it is **yours**.", ("clearview-ai",), "erasure")


@cache
def pair() -> tuple[PublicHalf, Key, bytes]:
    """A group's key, and as it rests: locking takes 256 MB and a second, so that all tests share one."""
    half, private = new_pair()
    return half, private, keys.locked(private, PASSPHRASE)


def a_group(app: Flask, about: About = ABOUT, with_key: bool = True) -> Group:
    """A group that was let in, and has accepted the terms unless something else is said."""
    parts = app.extensions["rightface"]
    with transaction(parts.engine) as session:
        made = groups.add(session, about, parts.today())
        if with_key:
            half, _, locked = pair()
            groups.set_up(session, made.id, "a" * 32, half, locked, parts.today())
        return now(session, made.id)


def now(session: Session, id_: str) -> Group:
    found = groups.get(session, id_)
    assert found
    return found


def as_it_is(app: Flask, id_: str) -> Group:
    with reading(app.extensions["rightface"].engine) as session:
        return now(session, id_)


def a_member(app: Flask, group: Group | None, name: str = "Mia Member") -> tuple[Browser, Account]:
    """A browser in which somebody is signed in who works for a group, or for none yet."""
    parts = app.extensions["rightface"]
    with transaction(parts.engine) as session:
        who = Who("", new_id(), name, f"{name.split()[0].lower()}@example.org")
        made = people.add(session, parts.config.staff_secret, who, {Role.GROUP_MEMBER}, group.id if group else None)
    return at_work(app, made), made


def at_work(app: Flask, account: Account) -> Browser:
    """Another browser of theirs."""
    parts = app.extensions["rightface"]
    with transaction(parts.engine) as session:
        began = visits.begin(session, account.id, parts.clock(), strong=True)
    browser = Browser(app)
    browser.client.set_cookie(parts.config.staff_cookie, began)
    return browser


def a_campaign(app: Flask, group: Group, *steps: str, said: Words = WORDS) -> Campaign:
    """A campaign of a group, brought so far."""
    parts = app.extensions["rightface"]
    with transaction(parts.engine) as session:
        made = campaigns.add(session, group.id, said, parts.today())
        for step in steps:
            take = getattr(campaigns, step)
            take(session, made.id) if step == "refuse" else take(session, made.id, parts.today())
        return campaign_now(session, made.id)


def campaign_now(session: Session, id_: str) -> Campaign:
    found = campaigns.get(session, id_)
    assert found
    return found


def campaign(app: Flask, id_: str) -> Campaign:
    with reading(app.extensions["rightface"].engine) as session:
        return campaign_now(session, id_)


def pressed(browser: Browser, page: Page) -> Page:
    """Press the one button of a page that asks whether one is sure."""
    return browser.send(page, {"csrf_token": token(page)})


def noted_of(app: Flask, action: Action, id_: str) -> list[tuple[str, str]]:
    """How often something was done to something, how it ended, and why."""
    return [(outcome, reason) for subject, outcome, reason in noted(app, action) if subject == id_]


def to_read(app: Flask, campaign_id: str) -> list[TaskRow]:
    """That staff are asked to read a campaign."""
    return [task for task in open_tasks(app, Matter.CAMPAIGN) if task.subject == campaign_id]
