"""Who runs the portal, what it says that it keeps, and what becomes of a report."""

import logging
from datetime import UTC, datetime

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from sqlmodel import select

from portal.cases import reports
from portal.cases.inventory import kept
from portal.cases.models import ReportRow
from portal.cases.retention import RETENTION
from portal.config import BadConfig, read
from portal.database import reading
from portal.vault import Unopened, new_pair
from portal.web.about import authority_over
from portal.web.words import TABLES, UNTIL
from tests.building import ROOT, the_catalogue
from tests.web.browsing import CLEARVIEW, Browser, Clock, Page, words
from tests.web.conftest import AnApp
from tests.web.running import NOBODY, OPERATOR, STAFF

# The settings

SECRETS = {"RIGHTFACE_SECRET_KEY": "x" * 32, "RIGHTFACE_LOOKUP_KEY": "y" * 32}


@pytest.mark.parametrize("missing", OPERATOR)
def test_by_https_each_part_of_the_operator_is_required(missing: str) -> None:
    environ = {"RIGHTFACE_SECURE": "1", **SECRETS, **OPERATOR, missing: " "}
    with pytest.raises(BadConfig, match=f"set {missing} to "):
        read(environ)


def test_half_an_operator_is_refused_on_ones_own_machine_too() -> None:
    with pytest.raises(BadConfig, match="set RIGHTFACE_OPERATOR_ADDRESS"):
        read({"RIGHTFACE_SECRET_KEY": "x", "RIGHTFACE_OPERATOR_NAME": "Verein Beispiel"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RIGHTFACE_OPERATOR_EMAIL", "nobody"),  # no address
        ("RIGHTFACE_OPERATOR_EMAIL", "a@example.org\nContact: x"),  # a second line for security.txt
        ("RIGHTFACE_OPERATOR_SECURITY_CONTACT", "a@b@c"),
        ("RIGHTFACE_OPERATOR_COUNTRY", "Austria"),  # a name
        ("RIGHTFACE_OPERATOR_COUNTRY", "EU"),  # no country
        ("RIGHTFACE_STAFF_PUBLIC_KEY", "c2hvcnQ="),  # too short
        ("RIGHTFACE_STAFF_PUBLIC_KEY", "not base64!"),
        ("RIGHTFACE_READERS_FIRST", "everybody"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadConfig, match=name):
        read({"RIGHTFACE_SECRET_KEY": "x", **OPERATOR, name: value})


# Who answers for it

SAYING_WHO = ["/privacy", "/terms", "/accessibility", "/contact"]


@pytest.mark.parametrize("address", SAYING_WHO)
def test_a_page_says_who_runs_the_portal(browser: Browser, address: str) -> None:
    page = browser.get(address)
    assert "Verein Beispiel" in page.text
    assert "Beispielgasse 1" in page.text
    assert "mailto:portal@example.org" in page.links()


@pytest.fixture(scope="module")
def alone(a_lasting_app: AnApp) -> Browser:
    """A portal on somebody's own machine."""
    return Browser(a_lasting_app(RIGHTFACE_STAFF_PUBLIC_KEY="", **NOBODY))


@pytest.mark.parametrize("address", [*SAYING_WHO, "/wrong"])
def test_a_portal_of_ones_own_says_so(alone: Browser, address: str) -> None:
    assert "This is a portal on your own machine." in alone.get(address).text


def test_a_data_protection_officer_is_named_where_there_is_one(an_app: AnApp, browser: Browser) -> None:
    app = an_app(RIGHTFACE_OPERATOR_DPO="dpo@example.org")
    assert "Data protection officer dpo@example.org" in Browser(app).get("/contact").text
    assert "Data protection officer" not in browser.get("/contact").text


@pytest.mark.parametrize(
    ("country", "authority"),
    [
        ("AT", "at-dsb"),
        ("FR", "fr-cnil"),
        ("DE-BE", "de-be"),  # the Land polices its companies
        ("GB", "gb-ico"),
        ("US", ""),  # none that polices privacy
        ("BR", ""),  # none that we know
    ],
)
def test_the_authority_is_that_of_the_operators_place(country: str, authority: str) -> None:
    operator = read({"RIGHTFACE_SECRET_KEY": "x", **OPERATOR, "RIGHTFACE_OPERATOR_COUNTRY": country}).operator
    assert operator
    found = authority_over(the_catalogue(), operator)
    assert (found.id if found else "") == authority


def test_the_authority_is_on_the_page(browser: Browser) -> None:
    assert the_catalogue().authorities["at-dsb"].name["en"] in browser.get("/privacy").text


def test_where_no_authority_is_known_the_country_is_named_and_nothing_invented(an_app: AnApp) -> None:
    page = Browser(an_app(RIGHTFACE_OPERATOR_COUNTRY="BR")).get("/privacy")
    assert "sit in this country: Brazil." in page.text
    assert "The one that is competent" not in page.text


# What is kept


def test_every_table_has_a_name_for_people_and_no_name_is_left_over() -> None:
    assert {*TABLES} == {table.name for table in kept()}


def test_every_period_has_words() -> None:
    assert {*UNTIL} == {*RETENTION}


def test_the_privacy_page_lists_every_column_of_every_table(browser: Browser) -> None:
    page = browser.get("/privacy")
    listed = [[words(item) for item in one.xpath(".//li")] for one in page.main.xpath(".//details")]
    assert [len(items) for items in listed] == [len(table.columns) for table in kept()]
    for table, items in zip(kept(), listed, strict=True):
        for column, item in zip(table.columns, items, strict=True):
            assert item.startswith(column.purpose)


def test_every_purpose_is_french_as_well() -> None:
    with (ROOT / "portal/translations/fr/LC_MESSAGES/messages.po").open("rb") as file:
        french = read_po(file, locale="fr")
    assert not [one.purpose for table in kept() for one in table.columns if not french.get(one.purpose)]


def test_the_privacy_page_names_the_cookies_as_they_are_set(an_app: AnApp, browser: Browser) -> None:
    browser.write(CLEARVIEW)
    browser.get("/language/en")
    page = browser.get("/privacy")
    assert {*browser.cookies()} <= {words(term) for term in page.main.xpath(".//dt")}
    secure = an_app(secure=True).test_client().get("/privacy", base_url="https://rightface.example")
    assert "__Host-session" in secure.text
    assert "__Host-case" in secure.text


# security.txt


def test_the_security_txt_is_as_its_rfc_wants_it(an_app: AnApp) -> None:
    clock = Clock()
    app = an_app(clock, secure=True, RIGHTFACE_OPERATOR_SECURITY_CONTACT="security@example.org")
    answer = app.test_client().get("/.well-known/security.txt", base_url="https://rightface.example")
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert 90 < (expires - clock().astimezone(UTC)).days < 365
    assert fields == {
        "Contact": "mailto:security@example.org",
        "Preferred-Languages": "en, fr",
        "Canonical": "https://rightface.example/.well-known/security.txt",
    }


def test_without_a_contact_for_security_the_operators_stands(browser: Browser) -> None:
    assert "Contact: mailto:portal@example.org" in browser.get("/.well-known/security.txt").answer.text


def test_a_portal_of_ones_own_has_no_security_txt(alone: Browser) -> None:
    assert alone.get("/.well-known/security.txt").status == 404


# Something here is wrong


def kept_reports(app: Flask) -> list[ReportRow]:
    with reading(app.extensions["rightface"].engine) as session:
        return list(session.exec(select(ReportRow)))


@pytest.fixture
def taking(an_app: AnApp) -> Browser:
    return Browser(an_app())


def report(browser: Browser, came_from: str = "/wrong", **said: str) -> Page:
    return browser.send(browser.get(came_from), {"text": "The address of the CNIL is old.", **said})


def test_a_report_is_sealed_for_the_staff_alone(taking: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = taking.get(CLEARVIEW).tree.xpath("//footer//a[starts-with(@href, '/wrong')]/@href")[0]
    assert "clearview" not in link
    page = report(taking, link, email="ana@example.org")
    assert (page.path, page.heading) == ("/wrong/received", "Thank you")
    [row] = kept_reports(taking.app)
    assert b"CNIL" not in row.sealed
    assert "CNIL" not in caplog.text
    assert "ana@example" not in caplog.text
    assert reports.read(row, STAFF.private) == reports.Report(
        "The address of the CNIL is old.", "/to/<organisation>/<right>/<place>/<way>", "ana@example.org"
    )
    with pytest.raises(Unopened):
        reports.read(row, new_pair()[1])


@pytest.mark.parametrize("page", ["/to/clearview-ai", "/letter/0123456789abcdef0123456789abcdef", "<b>", ""])
def test_an_address_that_is_no_rule_is_not_taken(taking: Browser, page: str) -> None:
    report(taking, page=page)
    [row] = kept_reports(taking.app)
    assert reports.read(row, STAFF.private).page == ""


def test_a_report_without_words_or_with_half_an_address_is_asked_for_again(taking: Browser) -> None:
    page = taking.send(taking.get("/wrong"), {"text": " ", "email": "ana@"})
    assert page.status == 422
    assert page.errors == [
        "Say in a few words what is wrong",
        "Enter an e-mail address, for example name@example.org",
    ]
    assert page.value("email") == "ana@"
    assert kept_reports(taking.app) == []


def test_what_fills_in_the_field_that_nobody_sees_is_thanked_and_not_kept(taking: Browser) -> None:
    page = report(taking, website="https://example.com")
    assert page.path == "/wrong/received"
    assert kept_reports(taking.app) == []


def test_a_report_is_forgotten_in_time(an_app: AnApp) -> None:
    clock = Clock()
    browser = Browser(an_app(clock))
    report(browser)
    clock.forward(days=89)
    browser.get("/")
    assert len(kept_reports(browser.app)) == 1
    clock.forward(days=1)
    browser.get("/")
    assert kept_reports(browser.app) == []


def test_where_nobody_would_read_it_nothing_is_asked_and_nothing_taken(an_app: AnApp) -> None:
    browser = Browser(an_app(RIGHTFACE_STAFF_PUBLIC_KEY=""))
    page = browser.get("/wrong")
    assert "nobody would read it" in page.text
    assert "mailto:portal@example.org" in page.links()
    assert page.names() == set()
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = browser.client.post("/wrong", data={"csrf_token": token, "text": "Something"})
    assert "nobody would read it" in answer.text
    assert kept_reports(browser.app) == []


@pytest.mark.parametrize("address", ["/", CLEARVIEW, "/nowhere", "/wrong"])
def test_every_page_leads_to_where_one_says_that_it_is_wrong(browser: Browser, address: str) -> None:
    assert browser.get(address).tree.xpath("//footer//a[starts-with(@href, '/wrong')]")
