"""Letters that a group writes on a person's mandate: offered only where the law of the letter has one."""

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from portal.law.records import Right
from portal.law.routing import chosen, route
from portal.letters.compose import NoLetter, written_in
from tests.building import a_situation, flat, the_catalogue, the_templates
from tests.web.browsing import CLEARVIEW, COMPLAINT, Browser, Page, Value, id_of, parts
from tests.web.conftest import AnApp

CATALOGUE = the_catalogue()
GROUP: Mapping[str, Value] = {
    "role": "group",
    "writer_name": "Sample Rights Group",
    "writer_address": "2 Sample Square\n1020 Sampletown",
    "declared": "y",
}
POLICE = "/to/se-polisen/complaint/se/eu-led"


@pytest.fixture(scope="module")
def browser(a_lasting_app: AnApp) -> Browser:
    return Browser(a_lasting_app())


@cache
def letters() -> Mapping[str, str]:
    """An address of each letter: by law, right and way."""
    found: dict[str, str] = {}
    places = [place for place in CATALOGUE.jurisdictions if CATALOGUE.calendar(place)]
    kinds = {(one.kind, one.jurisdiction): one for one in CATALOGUE.organisations.values() if not one.generic}
    for body, place, right in product(kinds.values(), places, Right):
        situation = a_situation(place, body, right.value)
        asked = replace(situation, answers={"ca_citizen_or_resident": True})
        for option in route(CATALOGUE, asked).options:
            with suppress(NoLetter):
                if chosen(CATALOGUE, situation, option.way) and written_in(CATALOGUE, the_templates(), option):
                    found.setdefault(f"{option.way}/{right}", f"/to/{body.id}/{right}/{place}/{option.way}")
    return found


def mandated(name: str) -> bool:
    """Whether the law of a letter has a mandate for it; what goes to the organisation first is not the complaint."""
    way, right = name.split("/")
    law = CATALOGUE.laws.get(way)
    return bool(law and law.mandate and Right(right) in law.mandate.rights)


def roles(page: Page) -> set[str]:
    return {*page.main.xpath(".//input[@name='role']/@value")}


def test_letters_with_a_mandate_and_without_one_are_found() -> None:
    assert {name for name in letters() if mandated(name)} == {"eu-gdpr/complaint", "eu-led/complaint"}
    assert {"first-uk-gdpr/complaint", "voluntary/access", "eu-gdpr/access"} <= {*letters()}
    assert {law.id for law in CATALOGUE.laws.values() if law.mandate} == {"eu-gdpr", "eu-led"}


@pytest.mark.parametrize("name", sorted(letters()))
def test_a_group_is_offered_exactly_what_its_law_has_a_mandate_for(browser: Browser, name: str) -> None:
    page = browser.get(letters()[name])
    assert page.status == 200
    offered = mandated(name)
    assert roles(page) == {"self", "parent", "agent", *(["group"] if offered else [])}
    assert ({"writer_address", "declared"} <= page.names()) == offered
    assert ("A group writes this letter only in this way, too." in page.text) != offered
    if offered:
        mandate = CATALOGUE.laws[name.split("/")[0]].mandate
        assert mandate
        assert f"we are {mandate.bodies['en']}." in page.text
        assert flat(mandate.says["en"]) in page.text
        assert ("Not yet confirmed." in page.text) == (mandate.confidence == "check")


@pytest.mark.parametrize("name", sorted(name for name in letters() if not mandated(name)))
def test_a_group_without_a_mandate_is_refused(browser: Browser, name: str) -> None:
    page = browser.get(letters()[name])
    refused = browser.send(page, {"role": "group", "writer_name": "Sample Rights Group"})
    assert refused.status == 422
    assert "Not a valid choice." in refused.errors
    assert refused.value("writer_name") == "Sample Rights Group"


KIND = (
    "Confirm what kind of group you are: no other may write on a mandate. If you are of another kind, choose "
    "“Someone who was asked to write for another person”."
)


@pytest.mark.parametrize("address", [COMPLAINT, POLICE])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"writer_name": " "}, "Enter the name of your group"),
        ({"writer_name": "x" * 301}, "Enter a shorter name"),
        ({"writer_address": " "}, "Enter the postal address of your group, for the answer"),
        ({"writer_address": "x" * 501}, "Enter a shorter address"),
        ({"declared": ()}, KIND),
    ],
)
def test_a_mistake_of_a_group_is_told_in_a_sentence_and_nothing_typed_is_lost(
    browser: Browser, address: str, wrong: dict[str, Value], sentence: str
) -> None:
    again = browser.write(address, **{**GROUP, **wrong})
    assert again.status == 422
    assert again.errors == [sentence]
    for name, value in {**GROUP, **wrong}.items():
        assert again.value(name) == value


def test_what_a_group_is_asked_is_asked_of_nobody_else(browser: Browser) -> None:
    page = browser.write(COMPLAINT, **{**GROUP, "role": "self"})
    assert page.heading == "Read your letter"
    assert "Sample Rights Group" not in page.text
    assert "2 Sample Square" not in page.text


def test_a_group_s_letter_has_its_own_address_and_a_mandate_for_the_person_to_sign(browser: Browser) -> None:
    page = browser.write(COMPLAINT, **GROUP)
    assert page.heading == "Read your letter"
    assert "Auftrag zur Vertretung (Art. 80 Abs. 1 DSGVO)" in page.text
    assert "under the law of a Member State" in page.text  # what it means, beside the German
    pdf = browser.get(f"{page.path}/letter.pdf").answer.data
    first, last = (words_of_page(pdf, *which) for which in (("-l", "1"), ("-f", "4")))
    assert "Sample Rights Group 2 Sample Square 1020 Sampletown" in printed(first)
    assert "Auftrag zur Vertretung" in last
    assert "Unterschrift der auftraggebenden Person" in last


def words_of_page(pdf: bytes, *which: str) -> str:
    run = subprocess.run(["pdftotext", *which, "-", "-"], input=pdf, capture_output=True, check=True)
    return flat(run.stdout.decode())


def printed(text: str) -> str:
    """Without the points between what stands on a return line."""
    return flat(text.replace("·", " "))


def test_the_details_come_back_as_they_were(browser: Browser) -> None:
    page = browser.write(COMPLAINT, **GROUP)
    again = browser.get(f"/letter/{id_of(page)}/details")
    for name, value in GROUP.items():
        assert again.value(name) == value
    assert browser.send(again, {"role": "self"}).heading == "Read your letter"
    assert browser.get(f"/letter/{id_of(page)}/details").value("writer_address") == ""


@pytest.mark.parametrize(("place", "title"), [("pl", "Umocowanie"), ("fi", "Valtuutus"), ("is", "Umboð")])
def test_a_draft_in_the_authority_s_language_has_its_mandate_in_it(browser: Browser, place: str, title: str) -> None:
    page = browser.write(f"/to/clearview-ai/complaint/{place}/eu-gdpr", **GROUP)
    assert "Mandate (Article 80(1) GDPR)" in page.text
    drafted = browser.send(page, {"language": place}, do="look")
    assert f"{title} (" in drafted.text


def test_a_case_s_complaint_can_be_a_group_s_and_its_dossier_holds_the_mandate(an_app: AnApp) -> None:
    browser = Browser(an_app())
    case = sent(browser, CLEARVIEW)
    form = browser.get(f"/cases/{case}/complain/complaint/eu-gdpr")
    assert roles(form) >= {"group"}
    assert form.value("role") == "self"
    letter = browser.send(form, {"address": "1 Sample Street", "known_on": parts("2026-11-23"), **GROUP})
    assert letter.heading == "Read your letter"
    assert "Auftrag zur Vertretung" in letter.text
    dossier = words_of_page(browser.get(f"{letter.path}/dossier.pdf").answer.data)
    assert "Auftrag zur Vertretung" in dossier
    assert "Unterschrift der auftraggebenden Person" in dossier


def sent(browser: Browser, address: str, **details: Value) -> str:
    """A case whose letter was sent and received."""
    case = id_of(browser.follow(browser.write(address, **details)))
    for kind in ("sent", "received"):
        browser.send(browser.get(f"/cases/{case}/happened/{kind}"), {"day": parts("2026-11-23")})
    return case


def test_a_case_that_a_group_filed_knows_it(an_app: AnApp) -> None:
    browser = Browser(an_app())
    case = id_of(browser.follow(browser.write(COMPLAINT, **GROUP)))
    page = browser.get(f"/cases/{case}")
    assert page.status == 200
    pdf = browser.get(f"/cases/{case}/letter.pdf")
    assert "Auftrag zur Vertretung" in words_of_page(pdf.answer.data)
    told = browser.get(f"/cases/{case}/complain")
    for address in told.links("Write this letter"):
        form = browser.get(address)
        assert form.value("role") == "group"
        assert form.value("writer_address") == GROUP["writer_address"]


@pytest.mark.parametrize("law", list(CATALOGUE.laws))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_of_a_law_says_which_groups_may_write_and_what(browser: Browser, law: str, language: str) -> None:
    other = Browser(browser.app, language)
    page = other.get(f"/laws/{law}")
    mandate = CATALOGUE.laws[law].mandate
    assert bool(page.tree.xpath("//h2[@id='mandate']")) == bool(mandate)
    if mandate:
        for words in (mandate.bodies, mandate.says, mandate.cite):
            assert flat(words[language]) in page.text
