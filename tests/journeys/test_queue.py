"""A clerk works through the queue in a real browser, by the keyboard alone."""

import re
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, func, select

from portal.accounts import people, visits
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.cases import statements, tasks, thread
from portal.cases.models import CaseRow, TaskRow
from portal.cases.statements import Written
from portal.cases.tasks import Choice, Decision, Ground, Matter
from portal.cases.thread import Content
from portal.database import reading, transaction
from portal.vault import PublicHalf
from tests.building import TODAY
from tests.journeys.conftest import WIDTHS, Open
from tests.journeys.test_every_page import open_all
from tests.journeys.test_staff_sign_in import Desk, keyed, looked_at
from tests.web.running import STAFF
from tests.web.staff.test_queue import QUEBEC, filed, reported

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with keyed(tmp_path_factory.mktemp("desk")) as found:
        yield found


def clerk(desk: Desk, page: Page, *roles: Role) -> str:
    """Let somebody be signed in in a window; their account."""
    house = desk.app.extensions["rightface"]
    who = Who("", f"cleo {' '.join(roles)}", "Cleo Clerk", "cleo@example.org")
    with transaction(house.engine) as session:
        account = people.add(session, house.config.staff_secret, who, roles)
        token = visits.begin(session, account.id, house.clock(), strong=True)
    page.context.add_cookies([{"name": house.config.staff_cookie, "value": token, "url": desk.home}])
    return account.id


def twenty(desk: Desk) -> None:
    """Filings with one law and with two, urgent and not, addresses, reports, and one that is contested."""
    held, *_ = filed(desk.app, "pimeyes", "clearview-ai", "pimeyes", "clearview-ai", closes_on=TODAY)
    filed(desk.app, *["clearview-ai"] * 6, **QUEBEC)
    filed(desk.app, "clearview-ai", "pimeyes", role="agent")
    filed(desk.app, "clearview-ai", unconfirmed="clearview-ai")
    filed(desk.app, "pimeyes", unconfirmed="pimeyes")
    for n in range(4):
        reported(desk.app, f"Number {n} is wrong, see https://example.org/{'long' * 40}")
    house = desk.app.extensions["rightface"]
    other, now = "d" * 32, house.clock()
    with transaction(house.engine) as session:
        tasks.claim(session, held, other, now)
        decision = Decision(Choice.HOLD, ground=Ground.FLOOD)
        tasks.contest(session, tasks.decide(session, held, decision, other, now, house.today()), house.today())


def how_many(desk: Desk) -> tuple[int, int]:
    """How many are open, and decided."""
    with reading(desk.app.extensions["rightface"].engine) as session:
        every = session.exec(select(func.count()).select_from(TaskRow)).one()
        still = session.exec(select(func.count()).select_from(TaskRow).where(col(TaskRow.decided_on).is_(None))).one()
        return still, every - still


def decide(page: Page, heading: str) -> None:
    """Decide the task that the page shows, as its heading says, with keys alone."""
    keys = page.keyboard
    match heading:
        case "Clearview AI" | "PimEyes":  # an address: where somebody looked is typed
            page.get_by_label("Where did you look?").focus()
            keys.type("https://example.org/contact")
            keys.press("Enter")
            return
        case "Does this go the right way?" if page.get_by_text("Written for somebody else").count():
            keys.press("4")  # hold it: there is no other law
            keys.press("Tab")
            keys.type("It is in the name")
        case "Does this go the right way?" if page.get_by_label("By which law should it go?").count():
            keys.press("2")
            keys.press("Tab")
            keys.press("ArrowDown")
        case _:
            keys.press("1")
    while page.evaluate("document.activeElement.tagName") == "SELECT":
        keys.press("Tab")  # in a list of choices, letters are for these
    keys.press("Enter" if page.evaluate("document.activeElement.tagName") == "BUTTON" else "d")


def test_a_clerk_clears_twenty_mixed_tasks_by_keyboard_alone(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    clerk(desk, page, Role.TRIAGE)
    twenty(desk)
    assert how_many(desk) == (20, 1)
    page.goto("/queue")
    page.keyboard.press("j")
    expect(page.locator("[data-item] a").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-item] a").first).to_be_focused()
    page.keyboard.press("c")  # take the next one
    seen = set()
    for _ in range(20):
        page.wait_for_url(re.compile("/(tasks|addresses)/"))
        heading = page.get_by_role("heading", level=1).inner_text()
        seen.add(heading)
        before = page.url
        decide(page, heading)
        page.wait_for_url(lambda url, before=before: url != before)
    assert page.url.endswith("/queue")
    expect(page.get_by_text("Nothing here is to be decided")).to_be_visible()
    assert how_many(desk) == (0, 21)
    assert seen == {
        "Does this go the right way?",
        "Clearview AI",
        "PimEyes",
        "Is this wrong, and put right?",
        "Was this decision right?",
    }


def test_the_keys_can_be_turned_off_and_leave_boxes_alone(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    clerk(desk, page, Role.TRIAGE)
    filed(desk.app)
    page.goto("/queue")
    page.keyboard.press("?")
    page.get_by_label("Use these keys in this browser").press("Space")
    page.keyboard.press("c")
    page.reload()
    page.keyboard.press("c")
    page.wait_for_timeout(100)
    assert page.url.endswith("/queue")
    assert how_many(desk) == (1, 0)


def shared(page: Page, desk: Desk, me: str, width: int) -> None:
    """A case that its person shares, with a message of theirs, before and after it is unmasked."""
    house = desk.app.extensions["rightface"]
    [filed_] = filed(desk.app, shared=True)
    with transaction(house.engine) as session:
        case = session.get_one(CaseRow, session.get_one(TaskRow, filed_).subject)
        half = PublicHalf(case.public_key)
        said = Content(text="They never answered. " * 20)
        thread.write(session, case.id, half, STAFF.public, said, from_staff=False, today=house.today())
        task = tasks.new(Matter.HELP, case.id, house.today(), of_case=True)
        tasks.put(session, task)
        id_ = task.id
        tasks.claim(session, id_, me, house.clock())
    page.goto(f"/tasks/{id_}")
    expect(page.get_by_text("They never answered.")).to_be_visible()
    open_all(page)
    assert looked_at(page, width) == []
    page.get_by_label("The person asked for help").check()
    page.get_by_role("button", name="Show me").click()
    expect(page.get_by_text("Ana Example").first).to_be_visible()
    open_all(page)
    assert looked_at(page, width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page_of_the_queue(desk: Desk, opened: Open, width: int) -> None:
    page = opened(base_url=desk.home, bypass_csp=True)
    page.set_viewport_size({"width": width, "height": 900})
    me = clerk(desk, page, Role.TRIAGE, Role.CASEWORKER, Role.LAW_EDITOR)
    page.goto("/queue")
    assert looked_at(page, width) == []
    twenty(desk)
    house = desk.app.extensions["rightface"]
    with transaction(house.engine) as session:
        tasks.put(session, tasks.new(Matter.STALE, "laws/eu-gdpr.toml", house.today()))
        said = Written("pimeyes", "We answer. " * 100, "en", "Petra Vorlage", "Counsel", "counsel@example.com")
        statements.offer(session, STAFF.public, said, house.today())
        rows = [*session.exec(select(TaskRow))]
        row = next(one for one in rows if one.matter == Matter.FILED and one.decided_on is None)
        for matter in (Matter.HELP, Matter.MESSAGE):
            tasks.put(session, tasks.new(matter, row.subject, house.today(), of_case=True))
        tasks.claim(session, row.id, "d" * 32, house.clock())
    page.goto("/queue?urgent=y&organisation=nobody")
    assert looked_at(page, width) == []
    page.goto("/queue")
    page.get_by_text("Show only some").click()
    page.keyboard.press("?")
    assert looked_at(page, width) == []
    with reading(house.engine) as session:
        every = {one.matter: one.id for one in session.exec(select(TaskRow).where(col(TaskRow.decided_on).is_(None)))}
    elsewhere = {Matter.PROPOSED, Matter.IDENTITY, Matter.GROUP, Matter.CAMPAIGN}  # test_identity, test_groups
    assert {*every} == {*Matter} - elsewhere
    for id_ in (row.id, *every.values()):
        page.goto(f"/tasks/{id_}")
        assert looked_at(page, width) == [], id_
        with transaction(house.engine) as session:
            tasks.claim(session, id_, me, house.clock())
        page.reload()
        assert looked_at(page, width) == [], id_
        if page.get_by_role("button", name="Decide, and stop").count():
            page.get_by_role("button", name="Decide, and stop").click()
            expect(page.get_by_role("alert")).to_be_visible()
            assert looked_at(page, width) == [], id_
    shared(page, desk, me, width)
    with transaction(house.engine) as session:
        statements.accept(session, asdict(said), house.today())
    page.goto("/answers")
    assert looked_at(page, width) == []
    page.get_by_role("link", name="Said on").click()
    page.get_by_role("button", name="Take it down").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert looked_at(page, width) == []
    page.get_by_label("It did not come from the organisation").check()
    page.get_by_role("button", name="Take it down").click()
    expect(page.locator("main")).to_contain_text("It was taken down on")
    assert looked_at(page, width) == []
    page.goto("/queue?matter=filed")
    for tick in page.locator("[data-item] input").all()[:3]:
        tick.check()
    page.get_by_role("button", name="Those ticked are right as they are …").click()
    assert looked_at(page, width) == []
    page.get_by_role("button", name="All of these are right as they are").click()
    assert looked_at(page, width) == []
