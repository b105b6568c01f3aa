"""The pages of the law: whole, linked, the same for everybody, and kept."""

import json
import re
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import event

from portal.law.deadlines import due
from portal.law.records import Confidence, Organisation, Right, Side
from portal.web.shelf import Shelf
from tests.building import flat, the_catalogue
from tests.web.browsing import CLEARVIEW, Browser, Page, rows, words
from tests.web.conftest import AnApp
from tests.web.samples import RECORDS

CATALOGUE = the_catalogue()
ALL: dict[str, dict[str, Any]] = {kind: dict(getattr(CATALOGUE, kind)) for kind in RECORDS}
EVERY = [f"/{kind}/{id_}" for kind, records in ALL.items() for id_ in records]
LISTS = [f"/{kind}" for kind in ALL]
#: Where the public record tells of each organisation.
CONDUCT = [f"/record/{id_}" for id_ in ALL["organisations"]]
PUBLIC = ["/reference", *LISTS, *(f"{address}.json" for address in LISTS)]


def record_of(address: str) -> Any:
    _, kind, id_ = address.split("/")
    return ALL[kind][id_]


@pytest.fixture(scope="session")
def pages(app: Flask) -> dict[tuple[str, str], Page]:
    """Every page of the law, in each language, got once."""
    return {
        (address, language): Browser(app, language).get(address) for address in EVERY for language in ("en", "fr")
    }


Pages = dict[tuple[str, str], Page]

# Every record


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", EVERY)
def test_every_record_has_a_page(pages: Pages, address: str, language: str) -> None:
    page = pages[address, language]
    assert page.status == 200
    assert page.heading
    assert page.title.endswith("– Rightface")
    assert page.tree.get("lang") == language
    assert page.tree.xpath("//form[@data-leave]//button")
    assert not re.search(r"\bNone\b(?! (of|that|fits) )|\{\w+\}|%\(|Undefined|\[\]|<bound", page.text)


def test_no_two_pages_of_a_kind_are_called_the_same(pages: Pages) -> None:
    for kind in ALL:
        titles = [pages[f"/{kind}/{id_}", "en"].title for id_ in ALL[kind]]
        assert len({*titles}) == len(titles), [title for title in titles if titles.count(title) > 1]


@pytest.mark.parametrize("address", EVERY)
def test_every_link_of_a_page_leads_to_a_page(app: Flask, pages: Pages, address: str) -> None:
    for link in pages[address, "en"].links():
        path = link.partition("#")[0].partition("?")[0]
        if not path.startswith("/"):
            assert link.startswith(("https://", "http://", "mailto:", "#")), link
        elif path not in EVERY and not path.endswith(".json"):
            assert path in (*LISTS, *CONDUCT, "/", "/reference") or path.startswith("/to/"), link


@pytest.mark.parametrize("address", EVERY)
def test_a_link_within_a_page_finds_its_place(pages: Pages, address: str) -> None:
    page = pages[address, "en"]
    for link in page.links():
        if link.startswith("#"):
            assert page.main.xpath(f".//*[@id='{link[1:]}']"), link


@pytest.mark.parametrize("kind", ALL)
def test_a_list_leads_to_each_of_its_records(browser: Browser, kind: str) -> None:
    assert {f"/{kind}/{id_}" for id_ in ALL[kind]} <= {*browser.get(f"/{kind}").links()}


@pytest.mark.parametrize("address", [address for address in EVERY if hasattr(record_of(address), "sources")])
def test_every_source_stands_on_the_page(pages: Pages, address: str) -> None:
    record = record_of(address)
    if address.startswith("/jurisdictions/"):
        return  # whose sources are those of its names and its time zone
    text = pages[address, "fr"].text
    for source in record.sources:
        assert flat(source) in text
    assert str(record.verified.year) in text


@pytest.mark.parametrize("address", [address for address in EVERY if hasattr(record_of(address), "confidence")])
def test_what_nobody_has_confirmed_is_marked_at_the_top(pages: Pages, address: str) -> None:
    marked = bool(pages[address, "en"].main.xpath(".//p[@class='rf-check']/strong[.='Not yet confirmed.']"))
    assert marked == (record_of(address).confidence is Confidence.CHECK)


# Organisations

ORGANISATIONS = [address for address in EVERY if address.startswith("/organisations/")]
REACHED = [address for address in EVERY if hasattr(record_of(address), "contact")]


@pytest.mark.parametrize("address", ORGANISATIONS)
def test_from_an_organisation_one_step_leads_into_the_journey(browser: Browser, pages: Pages, address: str) -> None:
    body = record_of(address)
    links = [link for link in pages[address, "en"].links() if link.startswith(f"/to/{body.id}")]
    assert links
    for link in links:
        assert browser.get(link).status == 200


@pytest.mark.parametrize("address", ORGANISATIONS)
def test_what_was_decided_about_it_stands_in_order_of_time(pages: Pages, address: str) -> None:
    body: Organisation = record_of(address)
    about = [one for one in CATALOGUE.decisions.values() if body.id in one.about or one.id in body.decisions]
    entries = pages[address, "en"].main.xpath(".//ol[@class='rf-timeline']/li")
    shown = [CATALOGUE.decisions[entry.xpath(".//a/@href")[0].rpartition("/")[2]] for entry in entries]
    assert {one.id for one in shown} == {one.id for one in about}
    assert [one.day for one in shown] == sorted((one.day for one in shown), reverse=True)
    for entry, decision in zip(entries, shown, strict=True):
        assert flat(decision.status) in words(entry)


@pytest.mark.parametrize("address", ORGANISATIONS)
def test_what_it_argues_stands_beside_what_answers_that(pages: Pages, address: str) -> None:
    text = pages[address, "en"].text
    for said in (*record_of(address).known_arguments, *record_of(address).answers_to_arguments):
        assert flat(said) in text


@pytest.mark.parametrize("address", REACHED)
def test_each_contact_that_nobody_has_confirmed_is_marked(pages: Pages, address: str) -> None:
    record = record_of(address)
    known = (getattr(record, "office", None) or record).contact
    page = pages[address, "en"]
    section = page.main.xpath(".//h2[@id='contact']/following-sibling::dl[1]")[0]
    for term, value in (("address", known.address), ("email", known.email), ("form", known.form), ("web", known.web)):
        label = {"address": "Address", "email": "E-mail", "form": "Web form", "web": "Website"}[term]
        shown = section.xpath(f"./div[dt='{label}']/dd")
        assert bool(shown) == bool(value)
        whole = known.confidence is Confidence.CHECK and not known.check
        for one in shown:
            assert bool(one.xpath(".//*[@class='rf-mark']")) == (whole or term in known.check)
    assert f"{known.verified.day} " in words(section)
    for source in known.sources:
        assert flat(source) in page.text


# Laws and deadlines

LAWS = [address for address in EVERY if address.startswith("/laws/")]


@pytest.mark.parametrize("address", LAWS)
def test_a_law_shows_each_right_with_its_article_and_its_time(pages: Pages, address: str) -> None:
    law, main = record_of(address), pages[address, "en"].main
    for right, given in law.rights.items():
        [entry] = main.xpath(f".//*[@id='{right.value}']")
        if given.standing.value == "none":
            assert "Not given by this law" in words(entry)
            continue
        cited = given.cite.get("en") or next(iter(given.cite.values()), given.ref)
        assert flat(cited) in words(entry)
        rule = given.deadline or (law.deadline if right not in (Right.COMPLAINT, Right.APPEAL) else "none")
        assert (f"/deadlines/{rule}" in entry.xpath(".//a/@href")) == bool(CATALOGUE.deadlines[rule].unit)


@pytest.mark.parametrize("address", LAWS)
def test_a_law_says_who_watches_over_it(pages: Pages, address: str) -> None:
    id_ = record_of(address).id
    over = {one.id for one in CATALOGUE.authorities.values() if any(id_ in each.laws for each in one.supervises)}
    section = "following-sibling::*[preceding-sibling::h2[1]/@id='authorities']"
    links = pages[address, "en"].main.xpath(f".//h2[@id='authorities']/{section}//a/@href")
    shown = {link.rpartition("/")[2] for link in links}
    assert shown == over


@pytest.mark.parametrize("id_", ALL["deadlines"])
def test_a_deadline_is_told_in_words_beside_the_statute(pages: Pages, id_: str) -> None:
    rule, text = CATALOGUE.deadlines[id_], pages[f"/deadlines/{id_}", "en"].text
    for said in (rule.basis_in_law, *rule.as_read.values(), *(reading.why["en"] for reading in rule.readings)):
        assert flat(said) in text
    if rule.unit:
        assert "That day is not counted." in text
    assert ("The answer may be put off by" in text) == (rule.extends is not None)
    assert ("Whatever happens, time is over" in text) == (rule.absolute is not None)


# The calculator


def counted(browser: Browser, rule: str, day: str, place: str = "") -> Page:
    year, month, day_of_month = day.split("-")
    answers = {"rule": rule, "day": (str(int(day_of_month)), str(int(month)), year), "place": place}
    return browser.send(browser.get("/deadlines"), answers)


def steps(page: Page) -> list[str]:
    return [words(step) for step in page.main.xpath(".//*[@id='counted']//ol[@class='rf-counting']/li")]


#: Counted by hand: rule, from, place, the last day, what the steps must say in this order.
COUNTED = [
    (
        "eu-1m", "2027-01-31", "at", "Monday 1 March 2027",
        [
            "Time begins on Sunday 31 January 2027. That day is not counted.",
            "1 month later that month has no such day. Its last one is Sunday 28 February 2027.",
            "The period cannot end on these days: Sunday 28 February 2027",
            "So it ends on the next day on which it can: Monday 1 March 2027.",
        ],
    ),
    (
        "eu-1m", "2026-11-25", "at", "Monday 28 December 2026",
        ["end on these days: Friday 25 December 2026 · Christmas Day", "Saturday 26", "Sunday 27", "28 December"],
    ),
    (
        "us-foia-20wd", "2026-11-10", "", "Thursday 10 December 2026",
        [
            "We count from Wednesday 11 November 2026 on, and leave out these days: "
            "Wednesday 11 November 2026 · Veterans Day",
            "Without them, 20 working days end on Thursday 10 December 2026.",
        ],
    ),
    (
        "ca-fed-30d", "2027-01-07", "", "Saturday 6 February 2027",
        ["30 days, counted as they come, end on Saturday 6 February 2027.", "it stays."],
    ),
    ("uk-164a-30d", "2026-12-01", "", "Thursday 31 December 2026", ["30 days, counted as they come"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "day", "place", "last", "said"), COUNTED)
def test_the_calculator_explains_each_step(
    browser: Browser, rule: str, day: str, place: str, last: str, said: list[str]
) -> None:
    page = counted(browser, rule, day, place)
    assert words(page.main.xpath(".//*[@id='counted']/h2")[0]) == last
    told = " | ".join(steps(page))
    for sentence in said:
        assert sentence in told
        told = told.partition(sentence)[2]


def test_where_the_law_is_open_the_calculator_says_so(browser: Browser) -> None:
    page = counted(browser, "ca-fed-30d", "2027-01-07")
    assert "Where the law is open" in page.text
    assert "Monday 8 February 2027 – Saturday is no holiday" in page.text


def test_the_calculator_tells_of_a_limit_that_it_cannot_count(browser: Browser) -> None:
    page = counted(browser, "at-complaint-1y-3y", "2026-08-01")
    assert "Whatever happens, time is over 3 years after the day on which it happened." in page.text


def test_the_calculator_tells_what_a_delay_would_make_of_it(browser: Browser) -> None:
    assert "The last day is then Friday 30 April 2027." in counted(browser, "eu-1m", "2027-01-30", "at").text


@pytest.mark.parametrize("id_", [id_ for id_, rule in CATALOGUE.deadlines.items() if rule.unit])
def test_the_calculator_counts_as_the_law_does(browser: Browser, id_: str) -> None:
    rule, start, calendar = CATALOGUE.deadlines[id_], date(2026, 12, 11), CATALOGUE.calendar("de-by")
    assert calendar
    found = due(rule, dict.fromkeys(rule.counts_from, start), dict.fromkeys(Side, calendar))
    assert found
    page = counted(browser, id_, start.isoformat(), "de-by")
    shown = words(page.main.xpath(".//*[@id='counted']/h2")[0])
    assert shown == f"{found.day:%A} {found.day.day} {found.day:%B %Y}"
    left_out = [one for step in found.steps for one in step.left_out]
    assert len(page.main.xpath(".//ul[@class='rf-left-out']/li")) == len(left_out)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": ("", "", "")}, "Enter a day, for example 31 1 2027"),
        ({"day": ("31", "2", "2027")}, "Enter a day, for example 31 1 2027"),  # no such day
        ({"day": ("1", "1", "1900")}, "Enter a year between 1970 and 2100"),
        ({"day": ("1", "1", "9999")}, "Enter a year between 1970 and 2100"),
        ({"place": ""}, "Choose a place: this deadline follows its public holidays"),
        ({"rule": "none"}, "Not a valid choice."),  # it counts no time
        ({"place": "atlantis"}, "Not a valid choice."),
    ],
)
def test_a_mistake_in_the_calculator_is_told(browser: Browser, changed: dict[str, Any], sentence: str) -> None:
    answers = {"rule": "eu-1m", "day": ("31", "1", "2027"), "place": "at", **changed}
    page = browser.send(browser.get("/deadlines"), answers)
    assert sentence in page.errors
    assert page.title.startswith("Error:")
    assert not page.main.xpath(".//*[@id='counted']")


def test_a_counted_date_can_be_linked_to(browser: Browser) -> None:
    page = browser.get("/deadlines?sent=1&rule=us-foia-20wd&day=2026-11-10")
    assert words(page.main.xpath(".//*[@id='counted']/h2")[0]) == "Thursday 10 December 2026"


def test_a_deadlines_page_leads_to_the_calculator_with_its_rule(browser: Browser) -> None:
    page = browser.get(browser.get("/deadlines/ch-30d").links("Count a day with it")[0])
    assert page.value("rule") == "ch-30d"
    assert page.errors == []


# Looking up

LOOKED_UP = [
    ("CNIL", "/authorities/fr-cnil"),
    ("DSGVO", "/laws/eu-gdpr"),  # a law by its German name
    ("BIPA", "/laws/us-il-bipa"),
    ("clearvew", "/organisations/clearview-ai"),  # a typing error
    ("SAN-2022-019", "/decisions/cnil-2022-019"),  # a number
    ("Brillen Rottler", "/rulings/c-526-24"),  # a party
    ("eu-1m", "/deadlines/eu-1m"),  # an id
    ("Bavière", "/jurisdictions/de-by"),  # a place by its French name
]


@pytest.mark.parametrize(("query", "found"), LOOKED_UP)
def test_a_search_finds_records_of_every_kind(browser: Browser, query: str, found: str) -> None:
    page = browser.send(browser.get("/reference"), {"q": query})
    links = [link for link in page.links() if link in EVERY]
    assert found in links[:3]


@pytest.mark.parametrize("address", [address for address in EVERY if hasattr(record_of(address), "name")])
def test_every_record_is_found_by_its_name(browser: Browser, address: str) -> None:
    page = browser.get(f"/reference?q={record_of(address).name['en'].replace('&', '%26')[:100]}")
    assert address in page.links()


def test_what_nobody_knows_is_told(browser: Browser) -> None:
    assert "We do not know “Qwfpgjzz” yet" in browser.get("/reference?q=Qwfpgjzz").text


# As data


def as_plain(value: Any) -> Any:
    """What a record says, as JSON would; written apart from the portal's own way."""
    if is_dataclass(value):
        return {one.name: as_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {str(as_plain(key)): as_plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [as_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("address", EVERY)
def test_every_record_is_there_as_data(app: Flask, address: str) -> None:
    answer = app.test_client().get(f"{address}.json")
    assert answer.mimetype == "application/json"
    said = answer.get_json()
    record = record_of(address)
    more = ["arguments"] if address.startswith("/laws/") else []
    assert list(said) == ["url", "licence", "catalogue", "id", "record", *more]
    assert (said["id"], said["url"], said["licence"]) == (record.id, address, "CC0-1.0")
    assert said["catalogue"] == CATALOGUE.version
    assert said["record"] == as_plain(record)


@pytest.mark.parametrize("address", LAWS)
def test_a_law_comes_with_its_arguments_as_data(app: Flask, address: str) -> None:
    given = app.test_client().get(f"{address}.json").get_json()["arguments"]
    under = [one for arguments in CATALOGUE.replies(record_of(address).id).values() for one in arguments]
    assert given == [as_plain(one) for one in under]


@pytest.mark.parametrize("kind", ALL)
def test_a_list_is_there_as_data(app: Flask, kind: str) -> None:
    said = app.test_client().get(f"/{kind}.json").get_json()
    assert [one["id"] for one in said["records"]] == [*ALL[kind]]
    for one in said["records"]:
        assert one == {"id": one["id"], "url": f"/{kind}/{one['id']}", "record": as_plain(ALL[kind][one["id"]])}


def test_a_page_tells_machines_where_its_data_are(browser: Browser) -> None:
    page = browser.get("/laws/eu-gdpr")
    [link] = page.tree.xpath("//link[@rel='alternate'][@type='application/json']/@href")
    assert link == "/laws/eu-gdpr.json"
    assert json.loads(browser.get(link).answer.text)["id"] == "eu-gdpr"


@pytest.mark.parametrize("address", ["/laws/none", "/laws/eu-gdpr.xml", "/organisations/other", "/laws/none.json"])
def test_a_record_that_is_not_there_is_not_found_and_not_kept(app: Flask, address: str) -> None:
    before = len(app.extensions["rightface"].shelf)
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert len(app.extensions["rightface"].shelf) == before


# The same for everybody


@pytest.mark.parametrize("address", PUBLIC + EVERY)
def test_a_page_may_be_kept_and_is_not_sent_twice(app: Flask, address: str) -> None:
    client = app.test_client()
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    etag = answer.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{24}"', etag)  # strong
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert again.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("address", ["/reference", *LISTS, "/laws/eu-gdpr"])
def test_each_language_has_a_page_of_its_own(app: Flask, address: str) -> None:
    client = app.test_client()
    english = client.get(address, headers={"Accept-Language": "en"})
    french = client.get(address, headers={"Accept-Language": "fr"})
    assert english.headers["ETag"] != french.headers["ETag"]
    assert {*english.headers["Vary"].split(", ")} == {"Accept-Language", "Cookie"}
    client.set_cookie("language", "fr")
    assert client.get(address, headers={"Accept-Language": "en"}).data == french.data


def test_data_are_the_same_in_every_language(app: Flask) -> None:
    answer = app.test_client().get("/laws/eu-gdpr.json", headers={"Accept-Language": "fr"})
    assert "Vary" not in answer.headers
    assert answer.get_json()["record"]["name"]["de"]


def test_two_processes_give_the_same_page_the_same_name(app: Flask, an_app: AnApp) -> None:
    other = an_app()
    for address in ("/laws/eu-gdpr", "/organisations/clearview-ai.json"):
        assert other.test_client().get(address).headers["ETag"] == app.test_client().get(address).headers["ETag"]


#: Where somebody can be reached: these ask whether anybody has looked at it, as test_looked_at.py tells.
REACHED = re.compile("/(organisations|offices|authorities)/[^.]+$")


def test_a_page_of_the_law_asks_the_database_nothing_but_for_looks_at_addresses(an_app: AnApp) -> None:
    app, asked = an_app(), []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(app.extensions["rightface"].engine, "before_cursor_execute", count)
    some = [*PUBLIC, *EVERY[::20], "/reference?q=cnil", "/deadlines?sent=1", "/sitemap.xml", "/robots.txt"]
    for address in some:
        if not REACHED.match(address):
            app.test_client().get(address)
    assert asked == []
    app.test_client().get("/")
    assert asked != []  # the statements were listened to


def test_nothing_of_a_person_reaches_a_page_that_is_kept(an_app: AnApp) -> None:
    app = an_app()
    browser = Browser(app)
    browser.write(CLEARVIEW)  # has a session, a key, a draft
    assert "csrf_token" not in browser.get("/laws/eu-gdpr").answer.text
    assert browser.get("/laws/eu-gdpr").answer.data == Browser(app).get("/laws/eu-gdpr").answer.data


def test_leaving_from_a_page_without_a_token_takes_the_key_all_the_same(an_app: AnApp) -> None:
    app = an_app()
    browser = Browser(app)
    written = browser.write(CLEARVIEW)
    page = browser.get("/organisations/clearview-ai")
    left = browser.post(page, "/leave")
    assert "ightface" not in left.answer.text
    assert left.answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert browser.cookies() == {}
    assert browser.get(written.path).status == 404
    assert len(rows(app)) == 1  # sealed, without a key, until its two hours are over


# The shelf


def test_the_shelf_makes_a_page_once_and_lets_the_oldest_go() -> None:
    shelf, made = Shelf(most=2), []

    def make(name: str) -> Any:
        return shelf.take(name, lambda: made.append(name) or name)  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        assert make(name).body == name.encode()
    assert made == ["a", "b", "c", "b"]
    assert len(shelf) == 2


# Crawlers


def test_the_sitemap_names_every_page_once(app: Flask) -> None:
    answer = app.test_client().get("/sitemap.xml", base_url="https://rightface.example")
    assert answer.mimetype == "application/xml"
    listed = [str(one) for one in etree.fromstring(answer.data).xpath("//*[local-name()='loc']/text()")]
    assert len({*listed}) == len(listed)
    own = ["/", "/how-it-works", "/licence", "/privacy", "/contact", "/terms", "/accessibility", "/reference"]
    own += ["/record", "/record/method", "/record/corrections"]
    assert {*listed} == {f"https://rightface.example{address}" for address in [*own, *LISTS, *EVERY]}


def test_robots_are_kept_out_of_the_journey(app: Flask) -> None:
    lines = app.test_client().get("/robots.txt", base_url="https://rightface.example").text.splitlines()
    closed = {line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")}
    assert "Sitemap: https://rightface.example/sitemap.xml" in lines
    assert all(f"/to/{id_}".startswith(tuple(closed)) for id_ in CATALOGUE.organisations)
    assert not any(address.startswith(tuple(closed)) for address in [*EVERY, *LISTS, "/", "/reference"])


# Where people find them


def test_the_first_page_and_every_footer_lead_to_the_law(browser: Browser) -> None:
    assert {"/reference", "/deadlines"} <= {*browser.get("/").links()}
    for address in ("/", "/privacy", "/to/clearview-ai"):
        footer = browser.get(address).tree.xpath("//footer//a/@href")
        assert {"/reference", "/deadlines"} <= {*footer}


def test_how_it_will_go_leads_to_the_law_the_authority_the_deadline_and_the_decisions(browser: Browser) -> None:
    links = {*browser.get("/to/clearview-ai/access/at").links()}
    assert {"/laws/eu-gdpr", "/authorities/at-dsb", "/deadlines/eu-1m", "/organisations/clearview-ai"} <= links
    assert {f"/decisions/{id_}" for id_ in CATALOGUE.organisations["clearview-ai"].decisions} <= links
