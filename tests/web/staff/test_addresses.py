"""Those who work for the portal look at addresses; what they find stands on the public pages."""

import tomllib

import pytest
from flask import Flask
from sqlmodel import select

from portal import trail
from portal.accounts.permissions import Role
from portal.cases import confirmations
from portal.cases.models import ConfirmationRow
from portal.database import reading
from portal.law.looks import HOLDS, Verdict, is_unsure
from portal.law.review import STALE_AFTER
from tests.looking import CONTACTS, DAY, KNOWN, PAGE, a_clock, look
from tests.web.browsing import CLEARVIEW, Browser, Clock, Page, words
from tests.web.conftest import AnApp
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk, signed_in

LOOKERS = [Role.TRIAGE, Role.CASEWORKER, Role.LAW_EDITOR]
BODY = "clearview-ai"
HERE, WRONG = f"/addresses/{BODY}", f"/addresses/{BODY}/wrong"
NEW = "Clearview AI, Inc.\n1 Sample Street\nAlbany, NY 12207"


@pytest.fixture
def clock() -> Clock:
    return a_clock()


@pytest.fixture
def app(a_desk: ADesk, clock: Clock) -> Flask:
    return a_desk(clock, private=STAFF.private)


def kept(app: Flask) -> list[ConfirmationRow]:
    with reading(app.extensions["rightface"].engine) as session:
        return [*session.exec(select(ConfirmationRow).order_by(ConfirmationRow.record, ConfirmationRow.n))]


def noted(app: Flask) -> list[tuple[str, ...]]:
    """What the trail says of addresses."""
    with reading(app.extensions["rightface"].engine) as session:
        found = [*trail.rows(session)]
    assert trail.verify(found) is None
    ours = [row for row in found if row.action == "address_confirmed"]
    return [(row.role, row.subject_kind, row.subject, row.outcome, row.reason) for row in ours]


def groups(page: Page) -> dict[str, list[str]]:
    """The records in each list, by its heading."""
    return {
        words(title).partition(" (")[0]: [
            link.get("href").rpartition("/")[2] for link in title.xpath("following-sibling::ul[1]//a")
        ]
        for title in page.main.xpath(".//h2")
    }


# The list


@pytest.mark.parametrize("role", LOOKERS)
def test_the_desk_leads_to_all_addresses_that_are_not_sure(app: Flask, role: Role) -> None:
    browser = signed_in(app, role)
    [way] = browser.get("/").links("Addresses to look at")
    page = browser.get(way)
    assert {*groups(page)} == {"To be looked at"}
    assert {*groups(page)["To be looked at"]} == {id_ for id_, one in KNOWN.items() if is_unsure(one, DAY)}


def test_the_list_goes_by_what_was_found(app: Flask) -> None:
    look(app, BODY)
    look(app, "pimeyes", Verdict.WRONG)
    page = signed_in(app, Role.TRIAGE).get("/addresses")
    assert [*groups(page)] == ["Found wrong", "To be looked at", "Looked at"]
    assert (groups(page)["Found wrong"], groups(page)["Looked at"]) == (["pimeyes"], [BODY])


def test_an_empty_list_says_what_would_fill_it(app: Flask) -> None:
    for record, contact in KNOWN.items():
        if is_unsure(contact, DAY):
            look(app, record)
    page = signed_in(app, Role.TRIAGE).get("/addresses")
    assert "None. An address comes here when its data file says that nobody has confirmed it" in page.text


@pytest.mark.parametrize("record", KNOWN)
def test_every_address_has_a_page_with_all_that_is_known_of_it(everyone: Browser, record: str) -> None:
    page, contact = everyone.get(f"/addresses/{record}"), CONTACTS[record]
    assert page.status == 200
    for line in (*contact.address, contact.email, contact.cc, contact.phone, contact.fax):
        assert words_of(line) in page.text
    for link in (contact.form, contact.web, contact.official_page):
        assert not link or link in page.links()
    for link in page.main.xpath(".//a[starts-with(@href, 'http')]"):
        assert {"noopener", "noreferrer"} <= {*link.get("rel").split()}
    assert page.names() >= ({"page", "seen"} if is_unsure(contact, DAY) else set())


def words_of(line: str) -> str:
    return " ".join(line.split())


@pytest.fixture(scope="module")
def everyone(a_lasting_desk: ADesk) -> Browser:
    return signed_in(a_lasting_desk(a_clock(), private=STAFF.private), Role.LAW_EDITOR)


# It is right


@pytest.mark.parametrize("role", LOOKERS)
def test_it_is_right_is_kept_and_noted(app: Flask, role: Role) -> None:
    browser = signed_in(app, role)
    after = browser.send(browser.get(HERE), {"page": f"{PAGE}#people"})
    assert after.path == "/addresses"
    assert groups(after)["Looked at"] == [BODY]
    [row] = kept(app)
    assert (row.record, row.verdict, row.confirmed_on, row.page, row.sealed) == (BODY, "right", DAY, PAGE, None)
    assert noted(app) == [(role.value, "record", BODY, "done", "right")]
    page = browser.get(HERE)
    assert f"Found right on {DAY.day} {DAY:%B %Y}" in page.text
    assert PAGE in page.links()


MISTAKES = {
    "": "Enter the address of the page where you looked",
    "www.clearview.ai": "Enter the address of a page, for example https://www.example.org/contact",
    "http://www.clearview.ai/": "Enter an address that begins with https://: others can be forged on the way",
    f"{PAGE}?session=1": "Leave out names, passwords and what stands from “?” on: it may hold what only you should "
    "have. A page that leads there will do.",
    "https://example.org/" + "x" * 500: "Use at most 500 characters: a page that leads there will do",
}


@pytest.mark.parametrize("address", [HERE, WRONG])
@pytest.mark.parametrize("typed", MISTAKES)
def test_what_is_no_page_is_told_and_stays_in_its_box(app: Flask, typed: str, address: str) -> None:
    browser = signed_in(app, Role.TRIAGE)
    page = browser.send(browser.get(address), {"page": typed})
    assert (page.status, page.errors[0], page.value("page")) == (422, MISTAKES[typed], typed)
    assert (kept(app), noted(app)) == ([], [])


def test_an_address_that_changed_while_the_page_was_open_is_shown_again(app: Flask) -> None:
    browser = signed_in(app, Role.TRIAGE)
    page = browser.send(browser.get(HERE), {"page": PAGE, "seen": "0" * 64})
    assert page.errors == ["The address was changed while this page was open. Look at it once more."]
    assert kept(app) == []
    assert browser.send(page, {"page": PAGE}).path == "/addresses"


@pytest.mark.parametrize("address", ["/addresses/nobody", "/addresses/nobody/wrong", "/addresses/eu-gdpr"])
def test_who_is_not_in_the_catalogue_has_no_page(app: Flask, address: str) -> None:
    assert signed_in(app, Role.TRIAGE).get(address).status == 404


SETTLED = next(id_ for id_, one in KNOWN.items() if not is_unsure(one, one.verified))
UNKNOWN = next(id_ for id_ in CONTACTS if id_ not in KNOWN)


@pytest.mark.parametrize(
    ("record", "told"),
    [(SETTLED, "This address is certain, and somebody has looked at it lately."), (UNKNOWN, "No address of theirs")],
)
def test_where_there_is_nothing_to_look_at_the_page_names_the_file(
    app: Flask, clock: Clock, record: str, told: str
) -> None:
    clock.now += CONTACTS[record].verified - DAY
    browser = signed_in(app, Role.LAW_EDITOR)
    token = browser.get(HERE).value("csrf_token")
    for address in (f"/addresses/{record}", f"/addresses/{record}/wrong"):
        page = browser.get(address)
        assert (page.status, page.names()) == (200, set())
        assert told in page.text
        assert "portal/data/" in page.text
        with browser.client.post(address, data={"csrf_token": token, "page": PAGE}) as answer:
            assert answer.status_code == 409
    assert kept(app) == []


# It is wrong


def test_what_is_wrong_is_kept_sealed_noted_and_becomes_a_draft_of_the_file(app: Flask) -> None:
    browser = signed_in(app, Role.TRIAGE)
    [way] = browser.get(HERE).links("Something in it is wrong")
    form = browser.get(way)
    assert form.field("address").text.split("\n")[-4:] == [*CONTACTS[BODY].address]
    page = browser.send(form, {"page": PAGE, "address": NEW.replace("\n", "\r\n"), "remark": "They moved."})
    assert page.path == HERE
    [row] = kept(app)
    assert (row.record, row.verdict) == (BODY, "wrong")
    assert b"1 Sample Street" not in (row.sealed or b"")
    assert noted(app) == [("triage", "record", BODY, "done", "wrong")]
    draft = page.main.xpath(".//textarea[@id='patch']")[0].text
    found = tomllib.loads(draft)["contact"]
    assert found["address"] == NEW.split("\n")
    assert found["email"] == CONTACTS[BODY].email
    assert (found["verified"], found["sources"][-1]) == (DAY, PAGE)
    assert "# They moved." in draft
    assert "portal/data/organisations/clearview-ai.toml" in page.text
    assert groups(browser.get("/addresses"))["Found wrong"] == [BODY]


def test_what_is_wrong_has_to_be_said(app: Flask) -> None:
    browser = signed_in(app, Role.TRIAGE)
    page = browser.send(browser.get(WRONG), {"page": PAGE})
    assert page.errors == ["Change what is wrong in these boxes, or say in the last one what it is"]
    assert (kept(app), page.value("page")) == ([], PAGE)
    assert browser.send(page, {"remark": "The office is closed."}).path == HERE


def test_a_mistake_in_one_box_loses_nothing_in_the_others(app: Flask) -> None:
    browser = signed_in(app, Role.TRIAGE)
    typed = {"page": PAGE, "address": NEW, "email": "no address", "remark": "x" * 2_001}
    page = browser.send(browser.get(WRONG), typed)
    assert page.errors == ["Enter an e-mail address, for example name@example.org", "Use at most 2000 characters"]
    assert {name: words_of(str(page.value(name))) for name in typed} == {
        name: words_of(value) for name, value in typed.items()
    }
    assert kept(app) == []


def test_who_finds_it_right_again_takes_the_warning_back(app: Flask) -> None:
    look(app, BODY, Verdict.WRONG)
    browser = signed_in(app, Role.TRIAGE)
    assert browser.send(browser.get(HERE), {"page": PAGE}).path == "/addresses"
    assert "Found right on" in browser.get(HERE).text
    assert [row.verdict for row in kept(app)] == ["wrong", "right"]


def test_without_the_key_nothing_is_asked_that_could_not_be_kept(a_desk: ADesk, clock: Clock) -> None:
    app = a_desk(clock)
    browser = signed_in(app, Role.TRIAGE)
    form = browser.get(WRONG)
    assert form.names() == {"csrf_token", "page", "seen"}
    assert "portal/data/organisations/clearview-ai.toml" in form.text
    page = browser.send(form, {"page": PAGE})
    assert (page.path, page.main.xpath(".//textarea")) == (HERE, [])
    [row] = kept(app)
    assert (row.verdict, row.sealed) == ("wrong", None)


def test_with_the_public_half_alone_it_can_be_said_and_not_be_read(a_desk: ADesk, clock: Clock) -> None:
    app = a_desk(clock, RIGHTFACE_STAFF_PUBLIC_KEY=STAFF.written)
    browser = signed_in(app, Role.TRIAGE)
    page = browser.send(browser.get(WRONG), {"page": PAGE, "remark": "They moved."})
    assert "What is right was sealed to the staff’s key, which is not here." in page.text
    assert "They moved." not in page.text
    [row] = kept(app)
    assert row.sealed


# What people then read


@pytest.fixture
def both(an_app: AnApp, a_desk: ADesk, clock: Clock) -> tuple[Flask, Flask]:
    """The public portal and the staff's, on one database."""
    staff = a_desk(clock, private=STAFF.private)
    return an_app(clock, RIGHTFACE_DATABASE_URL=staff.extensions["rightface"].config.database_url), staff


@pytest.mark.sqlite
def test_what_a_clerk_finds_stands_on_the_public_pages_at_once(both: tuple[Flask, Flask], clock: Clock) -> None:
    public, staff = both
    clerk, visitor = signed_in(staff, Role.TRIAGE), Browser(public)
    clerk.send(clerk.get(HERE), {"page": PAGE})
    assert "at www.example.org" in visitor.get("/organisations/clearview-ai").text
    assert PAGE not in visitor.get("/organisations/clearview-ai").links()
    clerk.send(clerk.get(WRONG), {"page": PAGE, "remark": "They moved."})
    page = visitor.write(CLEARVIEW)
    assert "Before you send it to Clearview AI" in page.text
    assert "They moved." not in page.text
    clock.forward(days=HOLDS.days + 1)
    assert "Before you send it" not in visitor.write(CLEARVIEW).text


@pytest.mark.sqlite
def test_cases_that_are_open_bring_an_address_forward(both: tuple[Flask, Flask]) -> None:
    public, staff = both
    clerk = signed_in(staff, Role.TRIAGE)
    assert groups(clerk.get("/addresses"))["To be looked at"][0] != "pimeyes"
    visitor = Browser(public)
    visitor.follow(visitor.write("/to/pimeyes/access/at/eu-gdpr"))
    page = clerk.get("/addresses")
    assert groups(page)["To be looked at"][0] == "pimeyes"
    assert "1 open case ·" in page.text


# The command


def listed(app: Flask) -> list[str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["data", "addresses"])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_the_command_lists_what_is_to_be_looked_at(an_app: AnApp, clock: Clock) -> None:
    app = an_app(clock)
    unsure = {id_ for id_, one in KNOWN.items() if is_unsure(one, DAY)}
    assert len(listed(app)) == len(unsure)
    look(app, BODY)
    look(app, "pimeyes", Verdict.WRONG)
    found = listed(app)
    assert found[0] == f"wrong {DAY}     0 cases  pimeyes: organisations/pimeyes.toml [contact]"
    assert not [line for line in found if f" {BODY}: " in line]
    clock.forward(days=STALE_AFTER.days + 1)
    assert [line for line in listed(app) if line.startswith(f"due   {DAY}") and f" {BODY}: " in line]


def test_the_longest_id_of_the_catalogue_fits(app: Flask) -> None:
    columns = ConfirmationRow.__table__.columns  # type: ignore[attr-defined]
    assert max(map(len, CONTACTS)) <= columns["record"].type.length
    assert columns["page"].type.length >= confirmations.LONGEST_PAGE
    assert max(map(len, Verdict)) <= columns["verdict"].type.length
    assert trail.Subject(trail.SubjectKind.RECORD, max(CONTACTS, key=len))
