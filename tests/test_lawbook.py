"""What a lawyer is given about a law is all that there is."""

import re
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from lxml.html import HtmlElement

from portal import create_app
from portal.config import read
from portal.law.parts import parts
from portal.law.records import Confidence
from portal.law.review import findings
from portal.letters.completeness import all_served
from portal.letters.compose import plain
from portal.letters.unfilled import unfilled
from portal.web.words import REPLIES, RIGHT_NAMES
from tests.building import TODAY, flat, the_catalogue, the_templates
from tests.web.browsing import words

CATALOGUE = the_catalogue()
LAWS = list(CATALOGUE.laws)
MARK = ".//strong[@class='check']"


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(read({"RIGHTFACE_INSTANCE": str(tmp_path_factory.mktemp("instance"))}))


@pytest.fixture(scope="session")
def lawbooks(app: Flask) -> dict[str, HtmlElement]:
    """The document of each law, as the command writes it."""
    found = {}
    for law in LAWS:
        result = app.test_cli_runner().invoke(args=["law", "review", "--law", law])
        assert result.exit_code == 0, result.output
        found[law] = html.document_fromstring(result.output)
    return found


Lawbooks = dict[str, HtmlElement]


def item(tree: HtmlElement, id_: str) -> HtmlElement:
    [found] = tree.xpath(f".//section[@class='item'][@id='{id_}']")
    return found


def open_in(record: object) -> int:
    """How often a record, or one inside it, says that nobody has confirmed it."""
    whole = sum(getattr(one, "confidence", None) is Confidence.CHECK for _, one in parts(record))
    return whole + sum(getattr(one, "deadline_confidence", None) is Confidence.CHECK for _, one in parts(record))


# Every law


@pytest.mark.parametrize("law", LAWS)
def test_it_needs_nothing_else_and_leaves_room_for_a_note_beside_each_part(lawbooks: Lawbooks, law: str) -> None:
    tree = lawbooks[law]
    assert not tree.xpath("//script | //link | //img | //@src")
    assert all(link.startswith("#") for link in tree.xpath("//a/@href"))
    assert {link[1:] for link in tree.xpath("//a/@href")} <= {*tree.xpath("//@id")}
    items = tree.xpath(".//section[@class='item']")
    assert items
    assert [words(one.xpath("./p[@class='note']")[0]) for one in items] == ["Note:"] * len(items)
    names = tree.xpath("//@id")
    assert len({*names}) == len(names)
    assert not re.search(r"\bUndefined\b|<bound|object at 0x|Confidence\.|mappingproxy|\bMarkup\b", words(tree))


@pytest.mark.parametrize("law", LAWS)
def test_it_says_of_the_law_whom_it_binds_what_it_costs_and_where_that_comes_from(
    lawbooks: Lawbooks, law: str
) -> None:
    record, text = CATALOGUE.laws[law], words(lawbooks[law])
    for said in (
        *record.name.values(), *record.short.values(), *record.binds, *record.does_not_bind, *record.fees.values(),
        *record.identity.values(), *record.notes.values(), *record.reform_watch, *record.citation.values(),
        *record.sources, record.court, record.who_may_ask, record.basis, record.verified.isoformat(),
    ):  # fmt: skip
        assert flat(said) in text


@pytest.mark.parametrize("law", LAWS)
def test_it_has_each_reach_with_its_reason_and_its_source(lawbooks: Lawbooks, law: str) -> None:
    for n, reach in enumerate(CATALOGUE.laws[law].reach, start=1):
        section = item(lawbooks[law], f"reach-{n}")
        for said in (*reach.reason.values(), *reach.unknown_seat.values(), *reach.question.values(), reach.source):
            assert flat(said) in words(section)
        assert bool(section.xpath(MARK)) == bool(open_in(reach))


@pytest.mark.parametrize("law", LAWS)
def test_it_has_each_right_with_its_article_and_its_words_in_each_language(lawbooks: Lawbooks, law: str) -> None:
    for right, given in CATALOGUE.laws[law].rights.items():
        section = item(lawbooks[law], f"right-{right.value}")
        assert str(RIGHT_NAMES[right]) in words(section)
        assert flat(given.ref) in words(section)
        for language, cite in given.cite.items():
            cites = section.xpath(f".//div[dt='cite']/dd/p[@lang='{language}']")
            assert [True for one in cites if words(one).endswith(flat(cite))]
        for said in (*given.says.values(), *given.before.values()):
            assert flat(said) in words(section)
        assert bool(section.xpath(MARK)) == bool(open_in(given))


@pytest.mark.parametrize("law", LAWS)
def test_it_has_the_mandate_to_groups_with_its_words_and_the_page_to_sign_in_each_language(
    lawbooks: Lawbooks, law: str
) -> None:
    mandate = CATALOGUE.laws[law].mandate
    if mandate is None:
        assert not lawbooks[law].xpath("//*[@id='mandate' or @id='mandates' or @id='mandate-words']")
        return
    section = item(lawbooks[law], "mandate")
    for said in (mandate.ref, mandate.source, *mandate.says.values(), *mandate.bodies.values(), *mandate.rights):
        assert flat(said) in words(section)
    assert bool(section.xpath(MARK)) == bool(open_in(mandate))
    pages = item(lawbooks[law], "mandate-words").xpath(".//article")
    assert {one.get("lang") for one in pages} == set(mandate.cite)
    for one in pages:
        assert words(one).count(flat(mandate.cite[one.get("lang")])) == 3  # what opens the letter, title, statement
        assert flat(mandate.bodies[one.get("lang")]) in words(one)


@pytest.mark.parametrize("law", LAWS)
def test_it_has_each_rule_that_a_right_or_an_argument_names_and_how_it_counts(lawbooks: Lawbooks, law: str) -> None:
    record = CATALOGUE.laws[law]
    named = {record.deadline, *(given.deadline for given in record.rights.values())}
    named |= {given.first.deadline for given in record.rights.values() if given.first}
    for argument in arguments_of(law):
        named |= {argument.next.deadline, *argument.next.deadline_of.values()}
    for id_ in named - {""}:
        rule, section = CATALOGUE.deadlines[id_], item(lawbooks[law], f"rule-{id_}")
        for said in (rule.basis_in_law, *rule.as_read.values(), *rule.sources):
            assert flat(said) in words(section)
        assert ("That day is not counted." in words(section)) == bool(rule.unit)
        assert bool(section.xpath(MARK)) == bool(open_in(rule))


def arguments_of(law: str) -> list:  # type: ignore[type-arg]
    return [one for arguments in CATALOGUE.replies(law).values() for one in arguments]


@pytest.mark.parametrize("law", LAWS)
def test_it_has_each_argument_below_its_reply_with_all_that_belongs_to_it(lawbooks: Lawbooks, law: str) -> None:
    text = words(lawbooks[law])
    for reply in CATALOGUE.replies(law):
        assert str(REPLIES[reply]) in text
    for one in arguments_of(law):
        section = item(lawbooks[law], one.id)
        said = [one.text, *one.demands, *one.warnings, one.next.text, one.next.to_whom]
        for each in (
            *(words_ for texts in said for words_ in texts.values()),
            *one.articles,
            one.next.note,
            one.source,
        ):
            assert flat(each) in words(section)
        for cited in one.rests_on:
            assert f"({cited.decision or cited.ruling})" in words(section)
            assert flat(cited.at) in words(section)
        assert bool(section.xpath(MARK)) == bool(open_in(one))


@pytest.mark.parametrize("law", LAWS)
def test_it_has_each_citation_with_its_holding_and_what_became_of_it(lawbooks: Lawbooks, law: str) -> None:
    cited = [each for one in arguments_of(law) for each in one.rests_on]
    decisions = {one.id for one in CATALOGUE.decisions.values() if law in one.laws}
    for id_ in decisions | {each.decision for each in cited if each.decision}:
        decision, section = CATALOGUE.decisions[id_], item(lawbooks[law], id_)
        for said in (decision.holding, decision.status, decision.source, *decision.cited.values()):
            assert flat(said) in words(section)
        assert bool(section.xpath(MARK)) == bool(open_in(decision))
    for id_ in {each.ruling for each in cited if each.ruling}:
        ruling, section = CATALOGUE.rulings[id_], item(lawbooks[law], id_)
        for said in (ruling.cited["en"], ruling.holding, ruling.status, ruling.source, ruling.day):
            assert flat(said) in words(section)
        assert bool(section.xpath(MARK)) == bool(open_in(ruling) or ruling.check)


@pytest.mark.parametrize("law", LAWS)
def test_it_has_each_letter_in_full_in_each_language(lawbooks: Lawbooks, law: str) -> None:
    letters = lawbooks[law].xpath(".//article[@class='letter']")
    every = [
        unfilled(CATALOGUE, the_templates(), served, language)
        for served in all_served(CATALOGUE)
        if served.law.id == law
        for language in sorted(the_templates().languages(*served.letter), key=lambda one: (one != "en", one))
    ]
    for shown, whole in zip(letters, every, strict=True):
        assert shown.get("lang") == whole.language
        assert whole.file in words(shown)
        text = re.sub(r"\W", "", words(shown))
        for block in (*whole.body.blocks, *(block for other in whole.sometimes for block in other.blocks)):
            for run in runs_of(block):
                assert re.sub(r"\W", "", run) in text


def runs_of(block: object) -> list[str]:
    """The text of a block, between its blanks."""
    lines = getattr(block, "items", ()) or ([getattr(block, "text", ())])
    return [plain((run,)) for line in lines for run in line if isinstance(run, str)]


@pytest.mark.parametrize("law", LAWS)
def test_all_that_is_only_check_is_listed_first_with_where_it_stands(lawbooks: Lawbooks, law: str) -> None:
    tree = lawbooks[law]
    listed = {words(one) for one in tree.xpath(".//ul[@id='open']/li")}
    shown = {*tree.xpath(".//section[@class='item']/@id")}
    for found in findings(CATALOGUE, TODAY):
        kind, id_ = found.file.removesuffix(".toml").split("/")
        anchor = {"laws": id_, "deadlines": f"rule-{id_}"}.get(kind, id_)
        if found.kind == "check" and kind != "jurisdictions":
            assert (f"☐ {found.file}: {found.what}" in listed) == (anchor in shown), found
    for place in CATALOGUE.jurisdictions.values():
        if law in place.transposes and open_in(place.transposes[law]):
            assert f"☐ jurisdictions/{place.id}.toml: transposes.{law} is only “check”" in listed


# The command


def test_it_goes_into_a_file(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "bipa.html"
    result = app.test_cli_runner().invoke(args=["law", "review", "--law", "us-il-bipa", "--out", str(out)])
    assert (result.exit_code, result.output) == (0, "")
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_law_that_is_not_there_is_named_with_those_that_are(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["law", "review", "--law", "eu-gdpx"])
    assert result.exit_code == 1
    assert "unknown law 'eu-gdpx': it is one of at-dsg" in result.output
