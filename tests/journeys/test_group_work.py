"""A group at work in a real browser: a list of members from dry run to print, and a complaint of many."""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.accounts import groups, people, visits
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.cases.group_sharing import Scope
from portal.cases.status import Kind
from portal.database import transaction
from tests.groups import a_group
from tests.journeys.conftest import PATIENCE, WIDTHS, Open
from tests.journeys.test_every_page import open_all
from tests.journeys.test_staff_sign_in import Desk, keyed, looked_at
from tests.web.browsing import Browser
from tests.web.staff.group.conftest import Work, a_case, happen, share
from tests.web.test_dossiers import text_of

pytestmark = pytest.mark.browser

COLUMNS = ("full_name", "place", "mandate_date", "joint", "email", "address")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with keyed(tmp_path_factory.mktemp("desk")) as found:
        yield found


def member_of_a_group(desk: Desk, page: Page) -> Work:
    """Somebody works for a group in this window, with its key open."""
    house = desk.app.extensions["rightface"]
    with transaction(house.engine) as session:
        made = a_group(session, "Faces Free", house.today())
        who = Who("", f"mia {made.group.id}", "Mia Member", "mia@example.org")
        account = people.add(session, house.config.staff_secret, who, [Role.GROUP_MEMBER])
        session.flush()
        groups.join(session, account.id, made.group.id)
        token = visits.begin(session, account.id, house.clock(), strong=True)
        session.flush()
        visit = visits.find(session, token, house.clock())
        assert visit
        groups.open_for(session, visit, token, made.private)
    page.context.add_cookies([{"name": house.config.staff_cookie, "value": token, "url": desk.home}])
    return Work(desk.app, Browser(desk.app), made.group, made.private, account.id)


def a_list(path: Path, rows: int, today: date, wrong: int = 2) -> Path:
    """Members, of whom the last cannot be filed: nobody knows when they signed."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    for n in range(rows):
        signed = "" if n >= rows - wrong else (today - timedelta(days=3)).isoformat()
        writer.writerow([f"Person {n:03}", "AT", signed, "yes", f"p{n}@example.org", f"{n} Sample Street"])
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
    return path


def saved(page: Page, name: str) -> bytes:
    """What a link or a button with this name downloads."""
    with page.expect_download(timeout=6 * PATIENCE) as waiting:
        page.get_by_text(name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def all_saved(page: Page, name: str) -> str:
    """The text of all files that links of this name lead to: a long list is printed in parts."""
    links = page.get_by_role("link", name=re.compile(f"^{name}.* \\(PDF\\)$")).all_inner_texts()
    return "".join(text_of(saved(page, one)) for one in links)


@pytest.mark.parametrize(("rows", "wrong"), [(28, 2), pytest.param(500, 37, marks=pytest.mark.proof)])
def test_a_list_of_members_from_the_dry_run_to_the_print(
    desk: Desk, opened: Open, tmp_path: Path, rows: int, wrong: int
) -> None:
    filed = rows - wrong
    page = opened(base_url=desk.home)
    member_of_a_group(desk, page)
    page.goto("/group/import")
    page.get_by_label("To whom do they write?").select_option(label="Clearview AI")
    page.get_by_label("What do they ask for?").select_option("access")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Which file?").set_input_files(
        a_list(tmp_path / "members.csv", rows, desk.app.extensions["rightface"].today(), wrong)
    )
    page.get_by_label("What is your group’s postal address?").fill("2 Sample Square\n1020 Sampletown")
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_text(f"{wrong} rows have errors")).to_be_visible()
    errors = saved(page, "Take the rows with errors (CSV)").decode("utf-8-sig")
    assert [*re.findall(r"Person [0-9]{3}", errors)] == [f"Person {n:03}" for n in range(filed, rows)]
    assert errors.count("mandate_date: ") == wrong
    page.get_by_role("button", name=f"File {filed} cases").click()
    done = page.get_by_role("heading", name="All are filed")
    expect(done).to_be_visible(timeout=rows * PATIENCE / 25)  # by itself, 25 in each step
    letters, keys = all_saved(page, "The letters"), all_saved(page, "The sheets with the keys")
    assert {*re.findall(r"Person [0-9]{3}", letters)} == {f"Person {n:03}" for n in range(filed)}
    assert len({*re.findall(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){4}", keys)}) == filed
    page.get_by_role("link", name="Back to the cases").click()
    expect(page.get_by_role("link", name=f"All {filed}")).to_be_visible()
    page.get_by_label(re.compile("^Choose ")).first.check()
    page.get_by_label(re.compile("^Choose ")).nth(1).check()
    page.get_by_role("button", name="Go on with those ticked").click()
    page.get_by_role("button", name="Show me first").click()
    expect(page.get_by_text("It can be said of 2 cases")).to_be_visible()
    page.get_by_role("button", name="Say it of these").click()
    expect(page.get_by_role("link", name="Sent 2")).to_be_visible()


def test_a_list_goes_on_without_script(desk: Desk, opened: Open, tmp_path: Path) -> None:
    page = opened(base_url=desk.home, java_script_enabled=False)
    member_of_a_group(desk, page)
    page.goto("/group/import/new?organisation=clearview-ai&right=access")
    page.get_by_label("Which file?").set_input_files(
        a_list(tmp_path / "members.csv", 28, desk.app.extensions["rightface"].today())
    )
    page.get_by_label("What is your group’s postal address?").fill("2 Sample Square")
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_role("button", name="File 26 cases").click()
    expect(page.get_by_role("heading", name="0 of 26 are filed")).to_be_visible()
    for heading in ("25 of 26 are filed", "All are filed"):
        page.get_by_role("button", name="File the next ones").click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()


def late_italians(work: Work) -> None:
    """Three who wrote two months ago, of whom one was answered; the letters bear that day."""
    house = work.app.extensions["rightface"]
    today, clock = house.today(), house.clock
    object.__setattr__(house, "clock", lambda: clock() - timedelta(days=60))
    cases = {name: a_case(work.app, name=name) for name in ("Ada Italiana", "Bea Italiana", "Cleo Italiana")}
    for filed in cases.values():
        happen(work.app, filed, Kind.SENT, today - timedelta(days=60))
        happen(work.app, filed, Kind.RECEIVED, today - timedelta(days=60))
    object.__setattr__(house, "clock", clock)
    happen(work.app, cases["Bea Italiana"], Kind.ANSWERED, today - timedelta(days=40))
    for filed in cases.values():
        share(work, filed, Scope.LETTERS, joint=True)


def test_a_complaint_of_many_to_the_garante(desk: Desk, opened: Open) -> None:
    page = opened(base_url=desk.home)
    late_italians(member_of_a_group(desk, page))
    page.goto("/group/cases")
    page.get_by_role("button", name="Complain together").click()
    page.get_by_role("link", name="Clearview AI").click()
    expect(page.get_by_text("3 people can be in it.")).to_be_visible()
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label("What is your group’s postal address?").fill("2 Sample Square\n1020 Sampletown")
    page.get_by_label("They refused").check()
    pdf = saved(page, "Make the complaint (PDF)")
    text = text_of(pdf)
    for said in (
        "Reclamo congiunto", "Elenco dei reclamanti", "Ada Italiana", "Cleo Italiana", "Cronologia dei fatti",
        "Allegato 2.1", "art. 80, par. 1, del Regolamento (UE) 2016/679", "ciascuna delle 3 persone",
    ):  # fmt: skip
        assert said in text, said
    today = desk.app.extensions["rightface"].today()
    for box, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(box).fill(str(value))
    page.get_by_role("button", name="It was sent").click()
    expect(page.get_by_text("It stands in 3 cases now")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page_of_a_group_s_work(
    opened: Open, desk: Desk, tmp_path: Path, width: int
) -> None:
    page = opened(base_url=desk.home, bypass_csp=True, java_script_enabled=True)
    page.set_viewport_size({"width": width, "height": 900})
    work = member_of_a_group(desk, page)
    page.goto("/group/cases")
    assert looked_at(page, width) == []
    late_italians(work)
    filed = share(work, happen(work.app, a_case(work.app), Kind.SENT, work.app.extensions["rightface"].today()))
    status = share(work, a_case(work.app), Scope.STATUS)
    for address in (
        "/group/cases", "/group/cases?status=closed", f"/group/cases/{filed.id}", f"/group/cases/{status.id}",
        f"/group/cases/{filed.id}/happened/received", f"/group/cases/{filed.id}/reply",
        f"/group/cases/{filed.id}/complain", "/group/import", "/group/calendar", "/group/joint",
        "/group/import?organisation=", "/group/joint?organisation=clearview-ai",
        "/group/joint/clearview-ai/eu-gdpr/it-garante", "/group/import/new?organisation=clearview-ai&right=access",
    ):  # fmt: skip
        page.goto(address)
        open_all(page)
        assert looked_at(page, width) == [], address
    page.get_by_label("Which file?").set_input_files(
        a_list(tmp_path / "members.csv", 4, work.app.extensions["rightface"].today())
    )
    page.get_by_label("What is your group’s postal address?").fill("2 Sample Square")
    page.get_by_role("button", name="Look at the list").click()
    assert looked_at(page, width) == []
    page.get_by_role("button", name="File 2 cases").click()
    expect(page.get_by_role("heading", name="All are filed")).to_be_visible()
    assert looked_at(page, width) == []
    page.goto(f"{page.url}?paused=1")
    page.goto("/group/cases")
    page.get_by_label(re.compile("^Choose ")).first.check()
    page.get_by_role("button", name="Go on with those ticked").click()
    assert looked_at(page, width) == []
    page.get_by_role("button", name="Show me first").click()
    assert looked_at(page, width) == []
