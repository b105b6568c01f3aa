"""The first page, the pages beside the journey, and leaving."""

import re

import pytest
from flask import Flask

from portal.law.records import Organisation
from portal.web.organisations import OTHER
from tests.building import the_catalogue
from tests.web.browsing import CLEARVIEW, Browser, Clock, Page, rows, words
from tests.web.conftest import AnApp, Everywhere
from tests.web.samples import SAMPLES, rules

# Search

SEARCHES = [
    ("Clearview AI", "/to/clearview-ai"),  # its name
    ("clearview", "/to/clearview-ai"),  # how it begins, in small letters
    ("clearvew", "/to/clearview-ai"),  # a typing error
    ("pim eyes", "/to/pimeyes"),  # two words for one
    ("RCMP", "/to/ca-rcmp"),  # what everybody calls it
    ("GRC", "/to/ca-rcmp"),  # what everybody calls it in French
    ("Mounties", "/to/ca-rcmp"),  # a brand
    ("gendarmerie royale", "/to/ca-rcmp"),  # its French name
    ("customs", "/to/us-cbp"),  # a word from its middle
    ("  ICE  ", "/to/us-ice"),  # blanks around
]


@pytest.mark.parametrize(("query", "found"), SEARCHES)
def test_a_search_finds_by_name_brand_and_typing_error(browser: Browser, query: str, found: str) -> None:
    page = browser.send(browser.get("/"), {"q": query})
    assert page.links()[0] == found
    assert page.value("q") == query


@pytest.mark.parametrize("organisation", the_catalogue().organisations.values(), ids=lambda one: one.id)
def test_each_organisation_is_found_by_each_of_its_names(browser: Browser, organisation: Organisation) -> None:
    for name in organisation.name.values():
        page = browser.send(browser.get("/"), {"q": name})
        assert f"/to/{organisation.id}" in page.links()[:3], name


def test_a_search_that_finds_nothing_leads_on_with_the_words_typed(browser: Browser) -> None:
    page = browser.send(browser.get("/"), {"q": "Qwfpgjzz"})
    assert "We do not know “Qwfpgjzz” yet" in page.text
    assert page.links("not on our list") == ["/somebody-else?name=Qwfpgjzz"]
    assert browser.get("/somebody-else?name=Qwfpgjzz").value("name") == "Qwfpgjzz"


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "“' \" & %s {{ 7*7 }}", "‮drow", "a\x00b", "😀"])
def test_a_search_gives_hostile_words_back_as_words(browser: Browser, query: str) -> None:
    page = browser.get("/?q=" + query.replace("%", "%25").replace("&", "%26").replace("\x00", "%00"))
    assert page.status == 200
    assert "<script>alert" not in page.answer.text
    assert "49" not in page.text


def test_a_search_that_is_too_long_says_so(browser: Browser) -> None:
    page = browser.send(browser.get("/"), {"q": "x" * 101})
    assert page.errors == ["Enter a shorter name"]
    assert page.title.startswith("Error:")


def test_an_empty_search_shows_everyone(browser: Browser) -> None:
    page = browser.send(browser.get("/"), {"q": "   "})
    listed = {link.removeprefix("/to/") for link in page.links() if link.startswith("/to/")}
    assert listed == {id_ for id_, body in the_catalogue().organisations.items() if not body.generic}


def test_a_card_says_where_by_name_never_by_code(browser: Browser) -> None:
    places = [words(tag) for tag in browser.get("/").main.xpath("//*[contains(@class, 'rf-link-card__tag')]")]
    assert [place for place in places if place.isupper()] == []


# An organisation that is not on the list


def test_an_unknown_organisation_needs_a_name_and_a_kind(browser: Browser) -> None:
    page = browser.send(browser.get("/somebody-else"), {"name": ""})
    assert page.errors == ["Enter the name of the organisation", "Choose what it is"]


def test_an_unknown_organisation_keeps_what_was_typed(browser: Browser) -> None:
    page = browser.send(browser.get("/somebody-else"), {"name": "Face Finder", "seat": "us-il"})
    assert page.errors == ["Choose what it is"]
    assert (page.value("name"), page.value("seat")) == ("Face Finder", "us-il")


@pytest.mark.parametrize("kind", ["company", "federal_undertaking", "public_body", "police"])
def test_an_unknown_organisation_travels_in_the_address(browser: Browser, kind: str) -> None:
    page = browser.send(browser.get("/somebody-else"), {"name": "Face & Finder", "kind": kind, "seat": "ca"})
    assert page.path == f"/to/{OTHER}"
    assert page.heading == "What do you want from Face & Finder?"
    assert f"name=Face+%26+Finder&kind={kind}&seat=ca" in page.address
    page = browser.send(page, {"right": "access"})
    assert (page.heading, page.value("name")) == ("Where do you live?", "Face & Finder")


@pytest.mark.parametrize(
    "address",
    [
        "/to/other",  # nobody named
        "/to/other?name=X",  # no kind
        "/to/other?name=X&kind=circus",  # a kind that is none
        "/to/nobody",  # an id that is none
        "/to/clearview-ai/marriage",  # a right that is none
        "/to/clearview-ai/access/zz",  # a place that is none
        "/to/clearview-ai/access/at-9",  # a region without a record
        "/to/clearview-ai/access/AT",  # ids are written small
        "/to/clearview-ai/access/at/uk-gdpr",  # a law that does not reach there
        "/to/ca-rcmp/erasure/ca/voluntary",  # a way that is none
        "/letter/0123456789abcdef0123456789abcdef",  # a draft that is not there
        "/nowhere",
    ],
)
def test_an_address_of_nothing_is_not_found(browser: Browser, address: str) -> None:
    page = browser.get(address)
    assert page.status == 404
    assert page.links("Go to the first page") == ["/"]


def test_a_bank_is_asked_for_its_name_first(browser: Browser) -> None:
    page = browser.get("/to/ca-bank")
    assert page.path == "/somebody-else"
    assert (page.value("kind"), page.value("seat")) == ("federal_undertaking", "ca")


# Language


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_language_follows_the_browser(app: Flask, language: str) -> None:
    assert Browser(app, language).get("/").tree.get("lang") == language


def test_a_chosen_language_is_kept_and_leads_back(browser: Browser) -> None:
    page = browser.get("/language/fr?back=/to/clearview-ai%3Fsent%3D1")
    assert (page.address, page.tree.get("lang")) == ("/to/clearview-ai?sent=1", "fr")
    assert browser.get("/").tree.get("lang") == "fr"


def test_the_switch_leads_back_to_the_same_step(browser: Browser) -> None:
    page = browser.get("/to/other/access?name=A%26B&kind=company")
    link = page.tree.xpath("//a[@hreflang='fr']/@href")[0]
    assert browser.get(link).address == page.address


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_the_switch_refuses_foreign_addresses(app: Flask, back: str) -> None:
    answer = app.test_client().get("/language/fr", query_string={"back": back})
    assert answer.headers["Location"] == "/"


def test_a_language_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get("/language/xx").status == 404


# Leaving


def leave(browser: Browser, page: Page) -> Page:
    return browser.post(page, "/leave")


def test_leaving_forgets_everything_and_shows_a_page_that_says_nothing(an_app: AnApp) -> None:
    app = an_app()
    browser = Browser(app)
    browser.get("/language/en")
    browser.write(CLEARVIEW)
    page = browser.write(CLEARVIEW, full_name="Somebody Else")
    assert len(rows(app)) == 2
    left = leave(browser, page)
    assert left.status == 200
    assert rows(app) == []
    assert browser.cookies() == {}
    assert left.answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert left.answer.headers["Refresh"] == "0; url=https://www.wikipedia.org/"
    assert "ightface" not in left.answer.text
    assert browser.get(page.path).status == 404


def test_leaving_leaves_other_browsers_alone(an_app: AnApp) -> None:
    app = an_app()
    one, other = Browser(app), Browser(app)
    page, kept = one.write(CLEARVIEW), other.write(CLEARVIEW)
    leave(one, page)
    assert other.get(kept.path).status == 200


def test_leaving_works_without_anything_to_forget(browser: Browser) -> None:
    assert leave(browser, browser.get("/")).status == 200


def test_leaving_twice_shows_nothing_of_us_the_second_time(browser: Browser) -> None:
    page = browser.get("/")
    leave(browser, page)
    again = leave(browser, page)
    assert "ightface" not in again.answer.text
    assert again.answer.headers["Refresh"] == "0; url=https://www.wikipedia.org/"


def test_leaving_with_a_form_that_is_too_old_takes_the_key_all_the_same(an_app: AnApp) -> None:
    browser = Browser(an_app())
    written = browser.write(CLEARVIEW)
    browser.client.delete_cookie("session")
    left = leave(browser, written)
    assert left.status == 400
    assert browser.cookies() == {}
    assert left.answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert browser.get(written.path).status == 404


# What every page has

PLAIN = [
    "/",
    "/somebody-else",
    "/how-it-works",
    "/privacy",
    "/terms",
    "/contact",
    "/licence",
    "/taken",
    "/to/clearview-ai",
    "/nowhere",
]


@pytest.mark.parametrize("address", PLAIN)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_has_a_heading_a_title_and_the_way_out(app: Flask, address: str, language: str) -> None:
    page = Browser(app, language).get(address)
    assert page.heading
    assert page.title.endswith("– Rightface")
    assert page.tree.xpath("//form[@data-leave]//button")


def test_the_privacy_page_tells_how_long_a_draft_lives(browser: Browser) -> None:
    assert "after 2 hours by itself" in browser.get("/privacy").text


def test_what_breaks_is_told_without_its_words(an_app: AnApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = an_app(Clock())
    monkeypatch.setitem(app.view_functions, "about.privacy", lambda: 1 / 0)
    page = Browser(app).get("/privacy")
    assert (page.status, page.heading) == (500, "Something broke on our side")
    assert "division" not in page.answer.text


# Addresses that cannot be


@pytest.mark.parametrize("rule", [rule for rule in SAMPLES if "<" in rule])
def test_no_page_has_a_nul_in_its_address(everywhere: Everywhere, rule: str) -> None:
    browser, _ = everywhere
    methods = {method for one in rules(browser.app) if one.rule == rule for method in one.methods or ()}
    for method in methods & {"GET", "POST"}:
        assert browser.client.open(re.sub(r"<[^>]+>", "a%00b", rule), method=method).status_code == 404
