"""What answers each reply, on the pages of the laws, and the rulings that it rests on."""

import re

import pytest
from flask import Flask
from lxml.html import HtmlElement

from portal.law.arguments import Argument, Citation, Reply, Strength
from portal.law.records import Confidence
from portal.web.words import REPLIES, STRENGTHS
from tests.building import flat, the_catalogue
from tests.web.browsing import Browser, Page, words

CATALOGUE = the_catalogue()
LAWS = list(CATALOGUE.laws)
UNDER = [(law, one.id) for law in LAWS for arguments in CATALOGUE.replies(law).values() for one in arguments]
Pages = dict[tuple[str, str], Page]


@pytest.fixture(scope="session")
def laws(app: Flask) -> Pages:
    """The page of each law, in each language, got once."""
    return {(law, language): Browser(app, language).get(f"/laws/{law}") for law in LAWS for language in ("en", "fr")}


def section_of(page: Page, argument: str) -> HtmlElement:
    [section] = page.main.xpath(f".//section[@class='rf-argument'][@id='{argument}']")
    return section


def row(section: HtmlElement, term: str) -> HtmlElement:
    [found] = section.xpath(f"./dl/div[dt='{term}']/dd")
    return found


def cited(one: Citation) -> str:
    return f"/decisions/{one.decision}" if one.decision else f"/rulings/{one.ruling}"


def open_to_doubt(one: Citation) -> bool:
    record = CATALOGUE.decisions[one.decision] if one.decision else CATALOGUE.rulings[one.ruling]
    return Confidence.CHECK in (one.confidence, record.confidence)


# On the page of a law


@pytest.mark.parametrize("law", LAWS)
def test_a_law_folds_away_each_reply_that_something_can_be_said_to(laws: Pages, law: str) -> None:
    replies = CATALOGUE.replies(law)
    main = laws[law, "en"].main
    assert bool(main.xpath(".//h2[@id='answers']")) == bool(replies)
    shown = main.xpath(".//details[@class='rf-reply']")
    assert [one.get("id") for one in shown] == [reply.value for reply in replies]
    assert [words(one.xpath("./summary")[0]) for one in shown] == [str(REPLIES[reply]) for reply in replies]
    assert not main.xpath(".//details[@class='rf-reply'][@open]")
    for one, arguments in zip(shown, replies.values(), strict=True):
        assert one.xpath("./section/@id") == [argument.id for argument in arguments]


@pytest.mark.parametrize("law", LAWS)
def test_no_two_things_on_the_page_of_a_law_are_called_the_same(laws: Pages, law: str) -> None:
    names = laws[law, "en"].tree.xpath("//@id")
    assert len({*names}) == len(names)


@pytest.mark.parametrize(("law", "id_"), UNDER)
def test_an_argument_is_whole_and_its_warnings_come_first(laws: Pages, law: str, id_: str) -> None:
    one: Argument = CATALOGUE.arguments[id_]
    section = section_of(laws[law, "en"], id_)
    heading = words(section.xpath("./h3")[0])
    assert heading.startswith(str(STRENGTHS[one.strength]))
    assert heading.endswith("not yet confirmed") == (one.confidence is Confidence.CHECK)
    text = words(section)
    assert flat(one.text["en"]) in text
    for warning in section.xpath("./div[@class='rf-check']//li | ./div[@class='rf-check']/p[not(strong)]"):
        assert text.index(words(warning)) < text.index(flat(one.text["en"]))
    assert len(section.xpath("./div[@class='rf-check']")) == bool(one.warnings)
    assert [words(each) for each in row(section, "What to demand").xpath("./ol/li")] == [
        flat(demand["en"]) for demand in one.demands
    ]
    assert words(row(section, "Source")) == flat(one.source)


@pytest.mark.parametrize(("law", "id_"), UNDER)
def test_what_an_argument_rests_on_is_linked_with_its_paragraphs_and_what_became_of_it(
    laws: Pages, law: str, id_: str
) -> None:
    one: Argument = CATALOGUE.arguments[id_]
    rests_on = row(section_of(laws[law, "en"], id_), "It rests on")
    assert rests_on.xpath(".//a/@href") == [cited(each) for each in one.rests_on]
    for article in one.articles:
        assert flat(article) in words(rests_on)
    for each, item in zip(one.rests_on, rests_on.xpath(".//li[a]"), strict=True):
        record = CATALOGUE.decisions[each.decision] if each.decision else CATALOGUE.rulings[each.ruling]
        assert bool(item.xpath("./strong[@class='rf-mark']")) == open_to_doubt(each)
        assert flat(each.at) in words(item)
        assert flat(record.status) in words(item)


@pytest.mark.parametrize(("law", "id_"), UNDER)
def test_what_comes_next_names_with_whom_and_the_time(laws: Pages, law: str, id_: str) -> None:
    step = CATALOGUE.arguments[id_].next
    shown = row(section_of(laws[law, "en"], id_), "What comes next")
    links = shown.xpath(".//a/@href")
    rules = {rule for rule in (step.deadline, *step.deadline_of.values()) if rule not in ("", "none")}
    assert {f"/deadlines/{rule}" for rule in rules} <= {*links}
    assert ("The law sets no time for it." in words(shown)) == (step.deadline == "none")
    assert ("We do not know of a time limit" in words(shown)) == (step.deadline == "")
    if step.to:
        assert any(link.endswith(f"/{step.to}") for link in links)
    assert flat(step.to_whom.get("en", "")) in words(shown)


@pytest.mark.parametrize(("law", "id_"), UNDER)
def test_on_a_french_page_what_is_in_english_says_so(laws: Pages, law: str, id_: str) -> None:
    one: Argument = CATALOGUE.arguments[id_]
    section = section_of(laws[law, "fr"], id_)
    marked = {words(each) for each in section.xpath(".//*[@lang='en']")}
    assert {flat(text["en"]) for text in (one.text, *one.demands) if "fr" not in text} <= marked
    assert str(STRENGTHS[one.strength]) not in words(section)  # the English word


def test_an_id_in_a_note_is_a_link_in_words(laws: Pages) -> None:
    section = section_of(laws["eu-gdpr", "en"], "gdpr-excessive")
    [link] = section.xpath("./div[@class='rf-check']//a")
    assert link.get("href") == "/laws/eu-gdpr#refused_excessive_or_unfounded"
    assert "gdpr-abuse-plea" not in words(section)
    noted = row(section_of(laws["eu-gdpr", "fr"], "gdpr-fee"), "La suite")
    assert "/deadlines/at-complaint-1y-3y" in noted.xpath(".//a/@href")


@pytest.mark.parametrize("law", LAWS)
def test_no_id_of_a_deadline_stands_on_the_page_of_a_law_as_it_is(laws: Pages, law: str) -> None:
    for section in laws[law, "en"].main.xpath(".//section[@class='rf-argument']"):
        assert not {*re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", words(section))} & {*CATALOGUE.deadlines}


# The rulings


@pytest.mark.parametrize("id_", list(CATALOGUE.rulings))
def test_a_ruling_says_what_it_holds_and_leads_to_the_replies_that_it_helps_against(
    browser: Browser, laws: Pages, id_: str
) -> None:
    ruling, page = CATALOGUE.rulings[id_], browser.get(f"/rulings/{id_}")
    assert page.heading == flat(ruling.cited["en"])
    assert flat(ruling.holding) in page.text
    assert flat(ruling.status) in page.text
    assert bool(page.main.xpath(".//*[@class='rf-heading__above']/*[@class='rf-mark']")) == ("day" in ruling.check)
    leads = [link for link in page.links() if "#" in link and link.startswith("/laws/")]
    assert {tuple(link.removeprefix("/laws/").split("#")) for link in leads} == leaning("", id_)
    for link in leads:
        law, _, reply = link.removeprefix("/laws/").partition("#")
        assert laws[law, "en"].main.xpath(f".//details[@id='{reply}']")


@pytest.mark.parametrize("id_", list(CATALOGUE.decisions))
def test_a_decision_leads_to_the_replies_that_it_helps_against(browser: Browser, id_: str) -> None:
    leads = [link for link in browser.get(f"/decisions/{id_}").links() if "#" in link and link.startswith("/laws/")]
    assert {tuple(link.removeprefix("/laws/").split("#")) for link in leads} == leaning(id_, "")


def leaning(decision: str, ruling: str) -> set[tuple[str, ...]]:
    """The laws and the replies whose arguments rest on it."""
    return {
        (law, one.reply.value)
        for one in CATALOGUE.arguments.values()
        for law in one.laws
        for each in one.rests_on
        if (each.decision, each.ruling) == (decision, ruling)
    }


# The words


def test_every_reply_and_every_strength_has_words_of_its_own() -> None:
    assert list(REPLIES) == list(Reply)
    assert list(STRENGTHS) == list(Strength)
    for table in (REPLIES, STRENGTHS):
        assert len({str(each) for each in table.values()}) == len(table)
