"""Campaigns as everybody sees them, and as they go with a person to the end of the journey."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import event

from portal.accounts import groups
from portal.cases import campaigns
from portal.cases.campaigns import Campaign, State
from portal.database import transaction
from tests.groups import WithKey, a_campaign, a_group, a_new_group, words
from tests.web.browsing import START, Browser, Clock, Page, id_of
from tests.web.browsing import words as words_of
from tests.web.conftest import AnApp

TODAY = START.date()
TWO = ("clearview-ai", "pimeyes")
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://tracker.example/z.gif) **kept**"


@dataclass(frozen=True)
class Called:
    """A portal with a group and its campaigns."""

    app: Flask
    group: WithKey
    campaign: Campaign
    ended: Campaign
    hidden: tuple[Campaign, ...]
    """Those that nobody but the group sees."""
    without_key: Campaign
    banks: Campaign
    """About a kind of organisation."""

    @property
    def browser(self) -> Browser:
        return Browser(self.app)


@pytest.fixture(scope="module")
def called(a_lasting_app: AnApp) -> Called:
    app = a_lasting_app(Clock())
    with transaction(app.extensions["rightface"].engine) as session:
        group, new = a_group(session), a_new_group(session, "Not Yet")
        return Called(
            app,
            group,
            a_campaign(session, group.group.id, words(organisations=TWO, text=HOSTILE), today=TODAY),
            a_campaign(session, group.group.id, words("It is over"), State.ENDED, TODAY),
            tuple(
                a_campaign(session, group.group.id, words(f"Hidden {state}"), state, TODAY)
                for state in (State.DRAFT, State.SUBMITTED, State.REFUSED)
            ),
            a_campaign(session, new.id, words("Trop tôt", language="fr"), today=TODAY),
            a_campaign(session, group.group.id, words("Banks", ("ca-bank",)), today=TODAY),
        )


def page_of(campaign: Campaign) -> str:
    return f"/campaigns/{campaign.slug}"


# The page


def test_a_campaign_says_whose_it_is_whom_it_is_about_and_what_happens(called: Called) -> None:
    page = called.browser.get(page_of(called.campaign))
    assert (page.status, page.heading) == (200, "Ask Clearview together")
    for said in (
        "A campaign of Faces Free",
        "Show me what you hold about me",
        "Faces Free learns nothing of that",
        "hello@faces-free.example",
        "the group's own words",
        "take that back at any time",
    ):
        assert said in page.text
    assert "/organisations/clearview-ai" in page.links("What we know about Clearview AI")
    assert page.links("https://faces-free.example/")
    assert page.links("Begin: ask") == [
        f"/to/{body}/access?campaign={called.campaign.slug}" for body in called.campaign.said.organisations
    ]


def test_its_words_are_shown_without_what_could_harm(called: Called) -> None:
    page = called.browser.get(page_of(called.campaign))
    [said] = page.main.xpath(".//div[@class='rf-words']")
    assert said.get("lang") == "en"
    assert words_of(said.xpath(".//strong")[0]) == "kept"
    assert not said.xpath(".//script | .//img | .//a[starts-with(@href, 'javascript')]")
    assert "<script>alert(1)</script>" in words_of(said)


def test_what_is_in_another_language_is_marked(called: Called) -> None:
    page = called.browser.get(page_of(called.without_key))
    assert [one.get("lang") for one in page.main.xpath(".//h1/span")] == ["fr"]
    card = called.browser.get("/campaigns").main.xpath(".//a[text()='Trop tôt']")[0]
    assert card.get("lang") == "fr"


def test_one_that_ended_says_so_and_lets_people_ask_by_themselves(called: Called) -> None:
    page = called.browser.get(page_of(called.ended))
    assert page.status == 200
    assert "It ended on 23 November 2026, and nobody can join it any more" in page.text
    assert "What happens when you join" not in page.text
    assert page.links("Begin: ask") == ["/to/clearview-ai/access"]


def test_one_whose_group_has_no_key_cannot_be_joined_and_says_so(called: Called) -> None:
    page = called.browser.get(page_of(called.without_key))
    assert "Nobody can join this campaign now" in page.text
    assert page.links("Begin: ask") == ["/to/clearview-ai/access"]


@pytest.mark.parametrize("path", ["", "/frame", "/qr.svg", "/qr.png"])
def test_one_that_is_not_shown_is_there_for_nobody(called: Called, path: str) -> None:
    for slug in (*(one.slug for one in called.hidden), "nothing", "x" * 200, "a%00b"):
        page = called.browser.client.get(f"/campaigns/{slug}{path}")
        assert page.status_code == 404
        assert "Faces Free" not in page.text


def test_an_unknown_one_leads_on(called: Called) -> None:
    page = called.browser.get("/campaigns/nothing")
    assert page.heading == "This campaign is not here"
    assert {"/campaigns", "/case-key", "/"} <= {*page.links()}


def test_the_list_and_the_first_page_lead_to_what_is_shown_and_to_nothing_else(called: Called, app: Flask) -> None:
    page = called.browser.get("/campaigns")
    assert {*page.links()} == {page_of(one) for one in (called.campaign, called.without_key, called.banks)}
    assert "Clearview AI, PimEyes" in page.text
    assert called.browser.get("/").links("See the campaigns") == ["/campaigns"]
    assert Browser(app).get("/").links("See the campaigns") == []
    assert "No group runs a campaign here now" in Browser(app).get("/campaigns").text


def test_an_organisation_of_a_kind_is_named_first_and_the_campaign_goes_along(called: Called) -> None:
    browser = called.browser
    [begin] = browser.get(page_of(called.banks)).links("Begin: ask")
    page = browser.get(begin)
    assert page.path == "/somebody-else"
    page = browser.send(page, {"name": "Bank of Faces"})
    assert "campaign=banks" in page.address
    assert "You came by the campaign “Banks” of Faces Free" in page.text


# Reporting it


def test_a_report_names_the_campaign(called: Called) -> None:
    browser = called.browser
    [wrong] = browser.get(page_of(called.campaign)).links("Report this campaign")
    page = browser.get(wrong)
    assert page.value("page") == page_of(called.campaign)
    assert "which campaign you report" in page.text
    assert browser.send(page, {"text": "It lies."}).heading == "Thank you"
    answer = browser.client.post("/wrong", data={"csrf_token": page.value("csrf_token")})
    assert answer.status_code == 422  # without what was wrong, and of which page


@pytest.mark.parametrize("page", ["/campaigns/", "/campaigns/A", "/campaigns/a/b", "/campaigns/a?b", "x/campaigns/a"])
def test_nothing_else_is_taken_for_a_campaign(called: Called, page: str) -> None:
    assert called.browser.get(f"/wrong?page={page}").value("page") == ""


# Passing it on


def test_its_link_stands_beside_the_picture_of_it(called: Called) -> None:
    page = called.browser.get(page_of(called.campaign))
    link = f"http://localhost{page_of(called.campaign)}"
    assert page.links(link) == [link]
    assert len(page.main.xpath(".//div[@class='rf-qr']/*[local-name()='svg']")) == 1
    assert page.links("as SVG") == [f"{link}/qr.svg"]
    assert page.links("as PNG") == [f"{link}/qr.png"]


def test_the_pictures_are_files_to_print(called: Called) -> None:
    svg = called.browser.client.get(f"{page_of(called.campaign)}/qr.svg")
    assert svg.mimetype == "image/svg+xml"
    assert etree.fromstring(svg.data).tag == "{http://www.w3.org/2000/svg}svg"
    png = called.browser.client.get(f"{page_of(called.campaign)}/qr.png")
    assert (png.mimetype, png.data[:4]) == ("image/png", b"\x89PNG")
    for answer in (svg, png):
        assert f"{called.campaign.slug}.{answer.mimetype[6:9]}" in answer.headers["Content-Disposition"]
    assert called.browser.client.get(f"{page_of(called.campaign)}/qr.gif").status_code == 404


def test_the_snippet_shows_the_frame_and_asks_for_nothing_else(called: Called) -> None:
    page = called.browser.get(page_of(called.campaign))
    [snippet] = page.main.xpath(".//textarea")
    frame = etree.fromstring(snippet.text.strip(), etree.HTMLParser()).find(".//iframe")
    assert frame.get("src") == f"http://localhost{page_of(called.campaign)}/frame"
    assert (frame.get("title"), frame.get("referrerpolicy")) == ("Ask Clearview together", "no-referrer")
    assert "script" not in snippet.text


def test_the_frame_opens_the_campaign_in_a_window_of_its_own(called: Called) -> None:
    page = called.browser.get(f"{page_of(called.campaign)}/frame")
    assert page.heading == "Ask Clearview together"
    assert "Faces Free calls on people to ask Clearview AI, PimEyes: “Show me what you hold about me”." in page.text
    [button] = page.main.xpath(".//a")
    assert (button.get("href"), button.get("target"), button.get("rel")) == (
        page_of(called.campaign),
        "_blank",
        "noopener",
    )
    assert not page.tree.xpath("//script | //form | //img | //style | //*[@style]")
    assert "has ended" in called.browser.get(f"{page_of(called.ended)}/frame").text


def test_the_frame_is_the_same_for_everybody_and_speaks_as_its_campaign(called: Called) -> None:
    browser = called.browser
    browser.get("/to/clearview-ai/access/at/eu-gdpr")
    browser.get("/language/fr")
    assert browser.cookies()
    english = f"{page_of(called.campaign)}/frame"
    answer = browser.client.get(english, headers={"Accept-Language": "fr"})
    assert answer.data == called.app.test_client().get(english).data
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers
    french = called.app.test_client().get(f"{page_of(called.without_key)}/frame").text
    assert '<html lang="fr">' in french
    again = called.app.test_client().get(english, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["", "/frame", "/qr.svg", "/qr.png"])
def test_who_opens_one_leaves_nothing_behind(called: Called, path: str) -> None:
    """Nothing is written, so nothing is counted; and no cookie is given."""
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engine, client = called.app.extensions["rightface"].engine, called.app.test_client()
    event.listen(engine, "before_cursor_execute", listen)
    try:
        assert "Set-Cookie" not in client.get(page_of(called.campaign) + path).headers
        client.get(f"/to/clearview-ai/access?campaign={called.campaign.slug}")
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert asked
    assert all(one.startswith(("SELECT", "BEGIN DEFERRED")) for one in asked)


# Along the journey

CAME = "You came by the campaign “Ask Clearview together” of Faces Free."


def steps_of(browser: Browser, begin: str) -> list[Page]:
    """Each step from a campaign's link to the page before filing."""
    place = browser.get(begin)
    ways = browser.send(place, {"place": "at"})
    details = browser.get(ways.links("Write this letter")[0])
    letter = browser.write(details.address)
    draft = id_of(letter)
    return [place, ways, details, letter, *(browser.get(f"/letter/{draft}/{step}") for step in LAST)]


LAST = ("details", "others", "take", "file")


def test_every_step_says_by_which_campaign_one_came_and_leads_back_with_it(called: Called) -> None:
    browser = called.browser
    [begin, _] = browser.get(page_of(called.campaign)).links("Begin: ask")
    for page in steps_of(browser, begin):
        assert CAME in page.text, page.path
        back = page.tree.xpath("//nav[contains(@class, 'rf-steps')]//a/@href")
        assert len(back) > 1
        assert all(urlsplit(one).query == f"campaign={called.campaign.slug}" for one in back[1:])


def test_it_goes_along_where_something_else_is_chosen_and_a_region_is_asked(called: Called) -> None:
    browser = called.browser
    page = browser.get(f"/to/clearview-ai?campaign={called.campaign.slug}")
    page = browser.send(page, {"right": "erasure"})
    page = browser.send(page, {"place": "ca"})
    page = browser.send(page, {"region": "ca-qc"})
    assert page.path.startswith("/to/clearview-ai/erasure/ca-qc")
    assert CAME in page.text
    assert all(f"campaign={called.campaign.slug}" in link for link in page.links("Write this letter"))


@pytest.mark.parametrize("which", ["ended", "without_key", "hidden", "nothing", "x" * 90, "A B", "%00", "' OR 1=1"])
def test_what_cannot_be_joined_is_quietly_dropped(called: Called, which: str) -> None:
    found = getattr(called, which, which)
    slug = found.slug if isinstance(found, Campaign) else found[0].slug if isinstance(found, tuple) else found
    browser = called.browser
    for page in steps_of(browser, f"/to/clearview-ai/access?campaign={slug}"):
        assert page.status == 200
        assert "You came by the campaign" not in page.text
        assert "What may" not in page.text
        assert all("campaign=" not in link for link in page.tree.xpath("//nav//a/@href"))


def test_one_that_ends_on_the_way_is_dropped_from_there_on(an_app: AnApp) -> None:
    app = an_app(Clock())
    with transaction(app.extensions["rightface"].engine) as session:
        group = a_group(session)
        made = a_campaign(session, group.group.id)
    browser = Browser(app)
    draft = id_of(browser.write(f"/to/clearview-ai/access/at/eu-gdpr?campaign={made.slug}"))
    assert "sees" in browser.get(f"/letter/{draft}/file").names()
    with transaction(app.extensions["rightface"].engine) as session:
        campaigns.end(session, made.id, TODAY)
    page = browser.get(f"/letter/{draft}/file")
    assert "sees" not in page.names()
    assert "You came by" not in page.text


def test_who_came_by_no_campaign_is_asked_about_no_group(called: Called) -> None:
    browser = called.browser
    page = browser.get(f"/letter/{id_of(browser.write('/to/clearview-ai/access/at/eu-gdpr'))}/file")
    assert not {"sees", "joint"} & page.names()


def test_its_group_that_ended_leaves_a_page_that_says_nobody_can_join(an_app: AnApp) -> None:
    app = an_app(Clock())
    with transaction(app.extensions["rightface"].engine) as session:
        group = a_group(session)
        made = a_campaign(session, group.group.id)
        groups.end(session, group.group.id, TODAY)
    assert "Nobody can join this campaign now" in Browser(app).get(page_of(made)).text
