"""What a person wants, where they live, and how it will go."""

import pytest
from flask import Flask

from portal.law.records import Confidence, Organisation, OrganisationKind
from portal.web.words import RIGHTS
from tests.building import the_catalogue
from tests.web.browsing import Browser, Page, words

ORGANISATIONS = the_catalogue().organisations
POLICING = [id_ for id_, body in ORGANISATIONS.items() if body.polices or body.kind is OrganisationKind.POLICE]

# What


@pytest.mark.parametrize("organisation", ORGANISATIONS.values(), ids=lambda one: one.id)
def test_every_organisation_can_be_asked_for_every_right(browser: Browser, organisation: Organisation) -> None:
    more = "?name=My+Bank" if organisation.generic else ""
    assert browser.get(f"/to/{organisation.id}{more}").status == 200
    for right in RIGHTS:
        assert browser.get(f"/to/{organisation.id}/{right}{more}").heading == "Where do you live?"
        for place in ("at", "ca-qc", "rs"):
            page = browser.get(f"/to/{organisation.id}/{right}/{place}{more}")
            assert page.heading == "This is how it will go", (right, place)


def test_a_right_must_be_chosen(browser: Browser) -> None:
    page = browser.send(browser.get("/to/clearview-ai"), {})
    assert page.errors == ["Choose what you want them to do"]
    assert page.title.startswith("Error:")


def test_records_are_asked_of_public_bodies_and_sale_is_stopped_at_companies(browser: Browser) -> None:
    def offered(organisation: str) -> list[str]:
        return browser.get(f"/to/{organisation}").main.xpath(".//input[@name='right']/@value")

    assert "opt_out" in offered("clearview-ai")
    assert "records" not in offered("clearview-ai")
    assert "records" in offered("ca-rcmp")
    assert "opt_out" not in offered("ca-rcmp")


# Where


def test_a_place_must_be_chosen(browser: Browser) -> None:
    page = browser.send(browser.get("/to/clearview-ai/access"), {"place": ""})
    assert page.errors == ["Choose the place you live in"]


REGIONS = [
    ("clearview-ai", "access", "ca", True),  # Québec, British Columbia and Alberta have laws of their own
    ("clearview-ai", "access", "us", True),  # so have some states
    ("clearview-ai", "complaint", "de", True),  # each state has an authority of its own
    ("clearview-ai", "access", "fr", False),  # one law, one authority
    ("clearview-ai", "access", "at", False),  # one law, one authority
    ("clearview-ai", "access", "br", False),  # no law that we know
    ("ca-rcmp", "access", "ca", False),  # federal law follows the body
    ("us-cbp", "access", "us", False),  # federal law follows the body
]


@pytest.mark.parametrize(("organisation", "right", "country", "asked"), REGIONS)
def test_a_region_is_asked_only_where_it_matters(
    browser: Browser, organisation: str, right: str, country: str, asked: bool
) -> None:
    page = browser.send(browser.get(f"/to/{organisation}/{right}"), {"place": country})
    assert ("region" in page.names()) is asked
    if not asked:
        assert page.path == f"/to/{organisation}/{right}/{country}"


def test_a_region_is_chosen_by_the_person_not_for_them(browser: Browser) -> None:
    page = browser.get("/to/clearview-ai/erasure?place=ca")
    assert page.heading == "In which province or territory do you live?"
    assert page.main.xpath(".//input[@checked]") == []
    assert browser.send(page, {}).errors == ["Choose the place you live in"]


@pytest.mark.parametrize("region", ["ca-qc", "ca-ab", "ca"])
def test_a_region_leads_to_its_own_law(browser: Browser, region: str) -> None:
    page = browser.send(browser.get("/to/clearview-ai/erasure?place=ca"), {"region": region})
    assert page.path == f"/to/clearview-ai/erasure/{region}"


def test_a_region_of_another_country_is_refused(browser: Browser) -> None:
    page = browser.get("/to/clearview-ai/erasure?place=ca&region=us-ca&sent=1")
    assert "region" in page.names()
    assert len(page.errors) == 1


def test_an_unknown_organisation_keeps_its_name_past_the_region(browser: Browser) -> None:
    page = browser.get("/to/other/access?name=Face+Finder&kind=company&seat=us&place=ca")
    page = browser.send(page, {"region": "ca-qc"})
    assert page.status == 200
    assert "You ask Face Finder" in page.text


# How it will go

VOLUNTARY = "Ask Clearview AI, without a law behind you"
#: Organisation, right, place; the ways in order, each with the words that its card must say.
WAYS = [
    ("clearview-ai", "access", "ca", {"ca-pipeda": "Personal Information Protection"}),
    ("clearview-ai", "erasure", "ca", {"ca-pipeda": "Access first"}),  # s. 8(8): access first
    ("clearview-ai", "access", "ca-qc", {"ca-qc-p391": "Québec"}),
    ("clearview-ai", "erasure", "ca-qc", {"ca-qc-p391": "Québec"}),
    ("clearview-ai", "access", "ca-bc", {"ca-bc-pipa": "British Columbia"}),
    ("clearview-ai", "access", "ca-ab", {"ca-ab-pipa": "Alberta"}),
    ("clearview-ai", "access", "at", {"eu-gdpr": "Within one month"}),
    ("clearview-ai", "erasure", "fr", {"eu-gdpr": "Within one month"}),
    ("clearview-ai", "access", "no", {"eu-gdpr": "Within one month"}),
    ("clearview-ai", "access", "gb", {"uk-gdpr": "Information Commissioner"}),
    ("clearview-ai", "access", "je", {"je-dpjl": "Within four weeks"}),
    ("clearview-ai", "access", "gg", {"gg-dpl": "Within one month"}),
    ("clearview-ai", "access", "im", {"im-gdpr": "Within one month"}),
    ("clearview-ai", "access", "ch", {"ch-fadp": "Within 30 days"}),
    ("clearview-ai", "access", "us-ca", {"us-ca-ccpa": "Within 45 days"}),
    ("clearview-ai", "opt_out", "us-ca", {"us-ca-ccpa": "Within 15 business days"}),
    ("clearview-ai", "erasure", "us-il", {"us-il-bipa": "Illinois"}),
    ("clearview-ai", "access", "us-il", {"voluntary": VOLUNTARY}),  # BIPA gives no right of access
    ("clearview-ai", "access", "us-va", {"us-va-vcdpa": "Within 45 days"}),
    ("clearview-ai", "access", "us-co", {"us-co-cpa": "Within 45 days"}),
    ("clearview-ai", "access", "us-ct", {"us-ct-ctdpa": "Within 45 days"}),
    ("clearview-ai", "erasure", "us-tx", {"us-tx-tdpsa": "Within 45 days"}),
    ("clearview-ai", "access", "us", {"voluntary": VOLUNTARY}),
    ("clearview-ai", "access", "br", {"voluntary": VOLUNTARY}),
    ("clearview-ai", "access", "au", {"au-privacy": "Within 30 days"}),
    ("pimeyes", "access", "at", {"eu-gdpr": "PimEyes"}),
    ("findclone", "access", "at", {"eu-gdpr": "What is missing"}),  # nobody knows where to write
    ("ca-rcmp", "access", "fr", {"ca-privacy-act": "Leikin Drive"}),  # anyone, anywhere
    ("ca-rcmp", "records", "ca", {"ca-atia": "Access to Information Act"}),
    ("us-cbp", "access", "us-il", {"us-privacy-act": "through their portal"}),
    ("us-ice", "records", "us-il", {"us-foia": "Within 20 working days"}),
    ("us-fbi", "access", "at", {"us-privacy-act": "FOIA"}),
    ("clearview-ai", "complaint", "ca", {"ca-pipeda": "Privacy Commissioner"}),
    ("clearview-ai", "complaint", "fr", {"eu-gdpr": "CNIL"}),
    ("clearview-ai", "complaint", "at", {"eu-gdpr": "German"}),
    ("clearview-ai", "complaint", "gr", {"eu-gdpr": "Greek"}),
    ("clearview-ai", "complaint", "it", {"eu-gdpr": "Italian"}),
    ("clearview-ai", "complaint", "pl", {"eu-gdpr": "They work in Polish; the letter in it is a draft"}),
    (
        "ca-rcmp", "complaint", "ca",
        {"ca-privacy-act": "Privacy", "ca-rcmp-complaints": "Complaints Commission", "ca-atia": "Information"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("organisation", "right", "place", "ways"), WAYS)
def test_the_page_shows_the_ways_the_best_first(
    browser: Browser, organisation: str, right: str, place: str, ways: dict[str, str]
) -> None:
    page = browser.get(f"/to/{organisation}/{right}/{place}")
    cards = page.main.xpath(".//section[contains(@class, 'rf-route')]")
    assert [card.get("id") for card in cards] == [*ways]
    for card, said in zip(cards, ways.values(), strict=True):
        assert said in words(card)
    labels = [words(label) for label in page.main.xpath(".//*[contains(@class, 'rf-route__label')]")]
    assert labels == ["Most direct", *["Also possible"] * (len(ways) - 1)]
    for way in ways:
        assert f"/to/{organisation}/{right}/{place}/{way}" in page.links("Write this letter")


def test_each_way_that_the_page_offers_asks_for_its_details(browser: Browser) -> None:
    for organisation, right, place, _ways in WAYS:
        for link in browser.get(f"/to/{organisation}/{right}/{place}").links("Write this letter"):
            assert browser.get(link).heading == "Your details", link


def test_in_the_united_kingdom_the_company_is_written_to_first(browser: Browser) -> None:
    page = browser.get("/to/clearview-ai/complaint/gb")
    first, second = page.main.xpath(".//section[contains(@class, 'rf-route')]")
    assert (first.get("id"), second.get("id")) == ("first-uk-gdpr", "uk-gdpr")
    assert "First: complain to Clearview AI itself" in words(first)
    assert "acknowledge within 30 days" in words(first)
    assert "Within 30 days of receiving this complaint: the organisation acknowledges the complaint" in words(first)
    cited = [words(one.xpath(".//dl//span[@class='rf-source']")[0]) for one in (first, second)]
    assert ["164A" in cited[0], "165(2)" in cited[1]] == [True, True], cited
    assert "The authority has no fixed time" not in words(first)
    assert "Information Commissioner" in words(second)


@pytest.mark.parametrize(
    ("where", "foreign", "own", "because"),
    [
        ("clearview-ai/access/gb", "Article 15 UK GDPR", "", "British articles have no French words"),
        ("clearview-ai/access/gb", "UK GDPR and Data Protection Act 2018", "", "nor has the Act's name"),
        ("clearview-ai/access/fr", "", "article 15 du RGPD", "the Union's articles have"),
        ("clearview-ai/access/fr", "GDPR arts 3(2)(b)", "", "a source is noted in English"),
        ("clearview-ai/access/br", "", "aucune des lois du catalogue", "what is no source has words of ours"),
    ],
)
def test_on_a_french_page_what_is_english_says_that_it_is(
    app: Flask, where: str, foreign: str, own: str, because: str
) -> None:
    main = Browser(app, "fr").get(f"/to/{where}").main
    english = " | ".join(words(one) for one in main.xpath(".//span[@lang='en']"))
    assert foreign in english, because
    assert own in words(main), because
    assert not own or own not in english, because
    assert not Browser(app, "en").get(f"/to/{where}").main.xpath(".//span[@lang]"), because


def test_the_mounted_police_need_delete_nothing_and_the_page_says_what_can_be_asked(browser: Browser) -> None:
    page = browser.get("/to/ca-rcmp/erasure/ca")
    assert "no right to deletion" in page.text
    assert page.links("Write this letter") == []
    assert "/to/ca-rcmp/rectification/ca" in page.links("Correct")
    assert "/to/ca-rcmp/complaint/ca" in page.links("Complain")


def test_canadian_records_from_abroad_hang_on_one_question(browser: Browser) -> None:
    page = browser.get("/to/ca-rcmp/records/fr")
    assert "Are you a citizen or a permanent resident of Canada?" in page.text
    [yes] = page.links("Yes: write this letter")
    assert yes == "/to/ca-rcmp/records/fr/ca-atia"
    assert browser.get(yes).heading == "Your details"
    assert page.links("Ask for my own information") == ["/to/ca-rcmp/access/fr"]


def test_nobody_in_canada_is_asked_that_question(browser: Browser) -> None:
    assert "Are you a citizen" not in browser.get("/to/ca-rcmp/records/ca").text


@pytest.mark.parametrize("organisation", POLICING)
def test_who_polices_people_is_met_with_a_word_of_caution(browser: Browser, organisation: str) -> None:
    page = browser.get(f"/to/{organisation}/access/at")
    note = words(page.main.xpath(".//section[contains(@class, 'rf-safety')]")[0])
    for said in ("Your letter tells them your name", "c/o", "immigration status is not asked", "It is free"):
        assert said in note
    for link in page.links("Write this letter"):
        assert "What they will learn" in browser.get(link).text


@pytest.mark.parametrize("organisation", sorted({*ORGANISATIONS} - {*POLICING} - {"ca-bank"}))
def test_nobody_is_frightened_without_need(browser: Browser, organisation: str) -> None:
    assert "Before you write to the police" not in browser.get(f"/to/{organisation}/access/at").text


def test_an_unknown_police_force_is_met_with_caution_too(browser: Browser) -> None:
    page = browser.get("/to/other/access/at?name=Stadtpolizei&kind=police&seat=at")
    assert "Before you write to the police" in page.text


def marks(page: Page) -> list[int]:
    """How many marks stand beside each address of the page."""
    beside = page.main.xpath(".//address")
    return [len(one.xpath("following-sibling::p[contains(@class, 'rf-check')]")) for one in beside]


@pytest.mark.parametrize("organisation", [id_ for id_, body in ORGANISATIONS.items() if not body.generic])
def test_an_address_that_nobody_confirmed_is_marked_once(browser: Browser, organisation: str) -> None:
    page = browser.get(f"/to/{organisation}/access/at")
    contact = (ORGANISATIONS[organisation].office or ORGANISATIONS[organisation]).contact
    known = bool(contact.address or contact.email or contact.form)
    assert {*marks(page)} <= {int(known and contact.confidence is Confidence.CHECK)}


def test_every_reason_names_its_source(browser: Browser) -> None:
    page = browser.get("/to/clearview-ai/access/at")
    reasons = page.main.xpath(".//ul[contains(@class, 'rf-reasons')]/li")
    assert reasons
    assert all(reason.xpath(".//*[contains(@class, 'rf-source')]") for reason in reasons)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_we_noted_for_ourselves_is_not_shown_to_people(app: Flask, language: str) -> None:
    for organisation, right, place in [(row[0], row[1], row[2]) for row in WAYS] + [
        ("clearview-ai", "complaint", "gb")
    ]:
        text = Browser(app, language).get(f"/to/{organisation}/{right}/{place}").text
        for note in ("never art. 77", "THE PERSON", "from memory", "NONE"):
            assert note not in text, (organisation, right, place)


def test_a_due_date_is_told_as_expected_and_how_it_was_counted(browser: Browser) -> None:
    said = browser.get("/to/clearview-ai/access/at").text
    assert "If it arrives on 30 November 2026, expect the answer by 30 December 2026" in said


def test_no_step_stores_anything(app: Flask, browser: Browser) -> None:
    browser.get("/to/clearview-ai/access/at")
    assert "draft" not in browser.cookies()
