"""What a group may see of a case: chosen before it is filed, changed and taken back on its page, without script."""

import json
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlmodel import delete, select

from portal.accounts import groups
from portal.accounts.models import GroupRow
from portal.cases import filing as below
from portal.cases import forgetting, group_sharing
from portal.cases.campaigns import Campaign
from portal.cases.group_sharing import READS, Scope
from portal.cases.models import CaseRow, FilingRow, ShareRow, WrapRow
from portal.database import reading, transaction
from portal.web import filing
from tests.groups import WithKey, a_campaign, a_group, a_new_group, words
from tests.web.browsing import ALONE, START, Browser, Clock, Page, id_of
from tests.web.conftest import AnApp

TODAY = START.date()


@dataclass(frozen=True)
class Portal:
    """A portal with two groups."""

    app: Flask
    group: WithKey
    other: WithKey
    campaign: Campaign

    @property
    def begin(self) -> str:
        return f"/to/clearview-ai/access/at/eu-gdpr?campaign={self.campaign.slug}"

    def shares(self) -> dict[str, dict[str, ShareRow]]:
        """By organisation and group."""
        with reading(self.app.extensions["rightface"].engine) as session:
            of = {row.id: row.organisation for row in session.exec(select(CaseRow))}
            found: dict[str, dict[str, ShareRow]] = {name: {} for name in of.values()}
            for row in session.exec(select(ShareRow)):
                found[of[row.case_id]][row.group_id] = row
        return found

    def read_by(self, group: WithKey) -> list[str]:
        """Whose name a group reads in which cases, when it asks now."""
        with reading(self.app.extensions["rightface"].engine) as session:
            ids = session.exec(select(CaseRow.id)).all()
            found = group_sharing.open_for_group(session, ids, group.group.id, group.private)
        return sorted(f"{one.organisation}: {one.draft.details['full_name']}" for one in found)


@pytest.fixture(scope="module")
def emptied(a_lasting_app: AnApp) -> Flask:
    return a_lasting_app(Clock())


@pytest.fixture
def portal(emptied: Flask) -> Portal:
    """With two groups that can be shown something and one that cannot, and nobody's case."""
    with transaction(emptied.extensions["rightface"].engine) as session:
        for table in (FilingRow, GroupRow):
            session.execute(delete(table))
        group, other = a_group(session), a_group(session, "Open Streets")
        a_new_group(session, "Not Yet")
        return Portal(emptied, group, other, a_campaign(session, group.group.id, words(), today=TODAY))


@pytest.fixture
def browser(portal: Portal) -> Browser:
    return Browser(portal.app)


def to_file(browser: Browser, portal: Portal) -> Page:
    return browser.get(f"/letter/{id_of(browser.write(portal.begin))}/file")


def a_case(browser: Browser, portal: Portal, **chosen: str) -> Page:
    return browser.follow(browser.write(portal.begin), **{"sees": "nothing", **chosen})


# At filing


def test_what_each_choice_shows_is_written_out_and_none_is_chosen(portal: Portal, browser: Browser) -> None:
    page = to_file(browser, portal)
    choices = page.main.xpath(".//input[@name='sees']")
    assert [one.get("value") for one in choices] == ["nothing", "status", "letters", "act"]
    assert not [one for one in choices if one.get("checked") is not None]
    for said in (
        "What may Faces Free see?",
        "They do not learn that there is a case.",
        "No name, no letter, no note.",
        "No copy of an identity document",
        "write the next letters in your name",
        "And that a group may see it, how much, and by which campaign you came",
    ):
        assert said in page.text


def test_filing_without_a_choice_is_refused_and_nothing_is_kept(portal: Portal, browser: Browser) -> None:
    page = browser.send(to_file(browser, portal), ALONE)
    assert page.status == 422
    assert page.errors == ["Choose what the group may see"]
    assert portal.shares() == {}


@pytest.mark.parametrize("sees", ["nothing", *Scope])
@pytest.mark.parametrize("readers", ["filer", "staff"])
def test_the_group_sees_what_was_chosen_whatever_staff_see(
    portal: Portal, browser: Browser, sees: str, readers: str
) -> None:
    a_case(browser, portal, sees=sees, readers=readers)
    [(_, shares)] = portal.shares().items()
    if sees == "nothing":
        assert shares == {}
    else:
        [row] = shares.values()
        told = (row.group_id, row.campaign_id, row.scope, row.joint, row.shared_on)
        assert told == (portal.group.group.id, portal.campaign.id, sees, False, TODAY)
    assert portal.read_by(portal.group) == (["clearview-ai: Ana Example"] if sees in READS else [])
    assert portal.read_by(portal.other) == []
    with reading(portal.app.extensions["rightface"].engine) as session:
        assert (below.STAFF in session.exec(select(WrapRow.holder)).all()) == (readers == "staff")


@pytest.mark.parametrize("sees", ["nothing", *Scope])
def test_a_complaint_of_many_needs_the_letters(portal: Portal, browser: Browser, sees: str) -> None:
    page = browser.send(to_file(browser, portal), {**ALONE, "sees": sees, "joint": "y"})
    if sees in READS:
        assert page.heading == "It is filed"
        assert portal.shares()["clearview-ai"][portal.group.group.id].joint
    else:
        assert page.status == 422
        assert "They need your letters for a complaint of many" in page.errors[0]
        assert portal.shares() == {}


def test_the_choice_holds_for_each_case_of_a_filing(portal: Portal, browser: Browser) -> None:
    page = browser.also(browser.write(portal.begin), "pimeyes", "facecheck-id")
    assert "each of the 3 cases" in browser.get(f"/letter/{id_of(page)}/file").text
    browser.follow(page, sees="letters", joint="y")
    shares = portal.shares()
    assert {*shares} == {"clearview-ai", "pimeyes", "facecheck-id"}
    assert all(one[portal.group.group.id].scope == "letters" for one in shares.values())
    assert len(portal.read_by(portal.group)) == 3


def test_where_nobody_works_for_the_portal_a_group_is_asked_about_all_the_same(an_app: AnApp) -> None:
    app = an_app(Clock(), RIGHTFACE_STAFF_PUBLIC_KEY="")
    with transaction(app.extensions["rightface"].engine) as session:
        group = a_group(session)
        portal = Portal(app, group, group, a_campaign(session, group.group.id, today=TODAY))
    browser = Browser(app)
    page = to_file(browser, portal)
    assert "3. What Faces Free may see" in page.text
    assert "readers" not in page.names()
    assert a_case(browser, portal, sees="letters").status == 200
    assert portal.read_by(group)


def test_a_group_that_ends_while_somebody_files_sees_nothing_and_they_are_asked_anew(
    portal: Portal, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, prepared = to_file(browser, portal), below.prepared

    def meanwhile(*given: object, **more: object) -> object:
        with transaction(portal.app.extensions["rightface"].engine) as session:
            forgetting.withdraw_from(session, "", portal.group.group.id)
            groups.end(session, portal.group.group.id, TODAY)
        return prepared(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(filing.filing, "prepared", meanwhile)
    page = browser.send(page, {**ALONE, "sees": "letters"})
    assert page.heading == "File it and follow it"
    assert "sees" not in page.names()
    assert portal.shares() == {}
    assert browser.send(page, ALONE).heading == "It is filed"
    assert portal.shares() == {"clearview-ai": {}}


def test_filing_twice_keeps_the_first_choice(portal: Portal, browser: Browser) -> None:
    page = to_file(browser, portal)
    twin = browser.twin()
    assert browser.send(page, {**ALONE, "sees": "status"}).heading == "It is filed"
    assert twin.send(page, {**ALONE, "sees": "act"}).heading == "It is filed"
    assert portal.shares()["clearview-ai"][portal.group.group.id].scope == "status"


# On the page of a case


def test_the_case_says_what_each_group_sees(portal: Portal, browser: Browser) -> None:
    page = a_case(browser, portal, sees="letters")
    assert "Faces Free sees your letters too." in page.text
    [link] = page.links("Change what groups see")
    page = browser.get(link)
    assert page.heading == "What groups see of this case"
    assert "My letters too." in page.text
    assert page.links("Open Streets")
    assert not page.links("Not Yet")


def test_it_is_taken_back_at_once_and_the_group_reads_nothing_more(portal: Portal, browser: Browser) -> None:
    page = a_case(browser, portal, sees="act", joint="y")
    case, ledger = id_of(page), portal.app.extensions["rightface"].eraser.ledger
    assert portal.read_by(portal.group)
    before = ledger.entries()
    page = browser.get(f"/cases/{case}/groups")
    page = browser.post(page, f"/cases/{case}/groups/{portal.group.group.id}/take-back")
    assert "No group sees anything of this case." in page.text
    assert portal.read_by(portal.group) == []
    assert portal.shares() == {"clearview-ai": {}}
    assert "Only you." in browser.get(f"/cases/{case}").text
    assert len(ledger.entries() - before) == 2


def test_it_is_changed_from_each_choice_to_each(portal: Portal, browser: Browser) -> None:
    case, was = id_of(a_case(browser, portal, sees="status")), "status"
    choices = ["nothing", *Scope]
    for becomes in (step for at, one in enumerate(choices) for other in choices[at:] for step in (one, other, one)):
        before = portal.shares()["clearview-ai"]
        page = browser.get(f"/cases/{case}/groups/{portal.group.group.id}")
        checked = [one.get("value") for one in page.main.xpath(".//input[@name='sees'][@checked]")]
        assert checked == ([] if was == "nothing" else [was])
        assert browser.send(page, {"sees": becomes}).heading == "What groups see of this case"
        shares = portal.shares()["clearview-ai"]
        assert [one.scope for one in shares.values()] == ([] if becomes == "nothing" else [becomes])
        assert bool(portal.read_by(portal.group)) == (becomes in READS)
        if was == becomes:
            assert [one.mark for one in shares.values()] == [one.mark for one in before.values()]
        elif "nothing" not in (was, becomes):
            assert {one.campaign_id for one in shares.values()} == {one.campaign_id for one in before.values()}
        was = becomes


def test_a_choice_that_cannot_be_is_refused_there_too(portal: Portal, browser: Browser) -> None:
    case = id_of(a_case(browser, portal))
    address = f"/cases/{case}/groups/{portal.other.group.id}"
    page = browser.get(address)
    page = browser.send(page, {"csrf_token": page.value("csrf_token")})
    assert page.errors == ["Choose what the group may see"]
    page = browser.send(browser.get(address), {"sees": "status", "joint": "y"})
    assert "They need your letters" in page.errors[0]
    assert portal.shares() == {"clearview-ai": {}}


def test_another_group_can_see_it_too_and_one_with_a_campaign_about_them_comes_first(
    portal: Portal, browser: Browser
) -> None:
    with transaction(portal.app.extensions["rightface"].engine) as session:
        last = a_group(session, "Zebra Crossing").group
        a_campaign(session, last.id, words("Zebras ask"), today=TODAY)
    case = id_of(a_case(browser, portal, sees="status"))
    page = browser.get(f"/cases/{case}/groups")
    offered = [link for link in page.links() if "/groups/" in link and portal.group.group.id not in link]
    assert [link.rpartition("/")[2] for link in offered] == [last.id, portal.other.group.id]
    assert "It runs a campaign about Clearview AI." in page.text
    browser.send(browser.get(offered[1]), {"sees": "letters"})
    assert portal.read_by(portal.other)
    assert {*portal.shares()["clearview-ai"]} == {portal.group.group.id, portal.other.group.id}


def test_with_a_group_that_has_no_key_or_ended_nothing_is_shared(portal: Portal, browser: Browser) -> None:
    case = id_of(a_case(browser, portal))
    page = browser.get(f"/cases/{case}/groups/{portal.other.group.id}")
    with transaction(portal.app.extensions["rightface"].engine) as session:
        [new] = [one for one in groups.every(session) if one.name == "Not Yet"]
        groups.end(session, portal.other.group.id, TODAY)
    assert browser.send(page, {"sees": "letters"}).status == 404
    for id_ in (new.id, portal.other.group.id, "nobody"):
        assert browser.get(f"/cases/{case}/groups/{id_}").status == 404
    assert portal.shares() == {"clearview-ai": {}}


def test_nobody_else_changes_what_a_group_sees(portal: Portal, browser: Browser) -> None:
    case = id_of(a_case(browser, portal, sees="letters"))
    stranger = Browser(portal.app)
    a_case(stranger, portal)
    for path in ("", f"/{portal.group.group.id}"):
        assert stranger.get(f"/cases/{case}/groups{path}").status == 404
    own = stranger.get("/cases")
    address = f"/cases/{case}/groups/{portal.group.group.id}/take-back"
    answer = stranger.client.post(
        address, data={"csrf_token": str(own.tree.xpath("//input[@name='csrf_token']/@value")[0])}
    )
    assert answer.status_code == 404
    assert Browser(portal.app).get(f"/cases/{case}/groups").path == "/case-key"
    assert len(portal.read_by(portal.group)) == 1


def test_a_portal_without_groups_says_nothing_of_them(app: Flask) -> None:
    browser = Browser(app)
    page = browser.follow(browser.write("/to/clearview-ai/access/at/eu-gdpr"))
    assert "group" not in page.text
    assert "No group works with this portal now" in browser.get(f"{page.path}/groups").text


def test_what_is_exported_says_which_groups_see_what(portal: Portal, browser: Browser) -> None:
    a_case(browser, portal, sees="status")
    answer = browser.client.get("/cases/export.zip")
    with ZipFile(BytesIO(answer.data)) as archive:
        told = json.loads(archive.read("01/case.json"))
    assert told["groups"] == [{"group": "Faces Free", "sees": "status"}]
