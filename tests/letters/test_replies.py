"""The letters that answer what an organisation has answered."""

import re
from dataclasses import replace
from datetime import date

import pytest

from portal.law.arguments import Argument, Reply, Strength
from portal.law.records import Cite, Confidence
from portal.law.routing import route
from portal.letters import shapes
from portal.letters.completeness import TOLD_OF_REPLY
from portal.letters.compose import NoLetter, Request, Role
from portal.letters.letter import Letter
from portal.letters.replies import Dates, _context, languages, reply
from tests.building import ROOT, TODAY, a_sender, a_situation, flat, the_catalogue, the_templates

CATALOGUE = the_catalogue()
ARGUMENTS = sorted(CATALOGUE.arguments)
WRITTEN = [
    one.id for one in CATALOGUE.arguments.values() if one.strength is not Strength.NONE and not one.of_authority
]
DATES = Dates(date(2026, 9, 1), date(2026, 9, 5), date(2026, 10, 2))


def request(role: Role = Role.SELF, place: str = "at", organisation: str = "clearview-ai") -> Request:
    situation = a_situation(place, organisation)
    option = route(CATALOGUE, situation).best
    return Request(situation, option, a_sender(option, role), TODAY, "en")


def written(id_: str, dates: Dates = DATES, role: Role = Role.SELF) -> Letter:
    return reply(CATALOGUE, the_templates(), request(role), CATALOGUE.arguments[id_], dates).letter


@pytest.mark.parametrize("id_", WRITTEN)
def test_every_argument_is_a_letter_with_all_that_it_says(id_: str) -> None:
    argument, letter = CATALOGUE.arguments[id_], written(id_)
    text = flat(shapes.text(letter))
    assert flat(argument.text["en"]) in text
    for demand in argument.demands:
        assert flat(demand["en"]) in text
    for article in argument.articles:
        assert flat(article) in text
    assert "1 September 2026" in text
    assert "lodge a complaint with the Austrian Data Protection Authority" in text
    assert len(shapes.short(letter)) < 2_000


@pytest.mark.parametrize("id_", [id_ for id_ in ARGUMENTS if id_ not in WRITTEN])
def test_where_there_is_nothing_to_argue_no_letter_is_written(id_: str) -> None:
    with pytest.raises(NoLetter):
        written(id_)


@pytest.mark.parametrize("id_", WRITTEN)
def test_only_what_is_confirmed_is_cited_and_with_what_became_of_it(id_: str) -> None:
    text = flat(shapes.text(written(id_)))
    for one in CATALOGUE.arguments[id_].rests_on:
        if one.decision:
            decision = CATALOGUE.decisions[one.decision]
            words = flat(decision.cited.get("en", ""))
            assert (bool(words) and words in text) == (bool(words) and decision.cite is not Cite.NO)
        else:
            ruling = CATALOGUE.rulings[one.ruling]
            certain = ruling.confidence is Confidence.CERTAIN
            assert (flat(ruling.cited["en"]) in text) == certain
            assert not certain or not ruling.status or flat(ruling.status) in text
        if one.at and one.confidence is not Confidence.CERTAIN:
            assert f", {one.at}" not in text


@pytest.mark.parametrize("what", Reply)
def test_each_thing_that_they_did_is_said_in_the_letter(what: Reply) -> None:
    """By the template alone: some of them have advice and no argument."""
    context = {
        **dict.fromkeys(TOLD_OF_REPLY, ""),
        "reply": what.value,
        "argument": "x",
        "rests_on": (),
        "demands": (),
    }
    source = the_templates().render("shared", "reply", "en", context)
    assert re.search(r"=== core:facts\n.*\. (You|I) (have|had) [^.]+\.", source)


def test_the_template_is_told_what_it_may_look_at() -> None:
    context = _context(CATALOGUE, request(), CATALOGUE.arguments["gdpr-public"], DATES)
    assert {*context} == {*TOLD_OF_REPLY}


def test_silence_has_no_day_and_no_reply() -> None:
    text = shapes.printed(written("gdpr-no-answer"))
    assert "no answer" in text
    assert "That message reached me" not in text
    assert "2 October 2026" not in text


def test_a_day_that_nobody_knows_is_not_spoken_of() -> None:
    text = flat(shapes.text(written("gdpr-public", Dates(date(2026, 9, 1)))))
    assert "you received it on" not in text
    assert "That message reached me" not in text


def test_who_writes_for_somebody_else_says_so_on_the_page_to_sign() -> None:
    letter = written("gdpr-public", role=Role.AGENT)
    assert letter.to_sign
    assert letter.signatory == "Petra Vorlage"


def of(law: str, reply_: Reply) -> tuple[Argument, ...]:
    return CATALOGUE.replies(law)[reply_]


def test_what_montreal_hears_most_has_an_answer_in_every_law_that_binds_clearview() -> None:
    for law in ("eu-gdpr", "uk-gdpr", "ca-pipeda", "ca-qc-p391", "ch-fadp"):
        assert of(law, Reply.REFUSED_LAW_DOES_NOT_APPLY)[0].strength is not Strength.NONE


# In the languages of those who read them

SPOKEN = [
    (id_, language)
    for id_ in WRITTEN
    for language in sorted(languages(the_templates(), CATALOGUE.arguments[id_]) - {"en"})
]


def told_in(language: str, reader: str = "en") -> Request:
    """A request to somebody who reads a language."""
    asked = request(place="fr" if reader == "fr" else "at")
    return replace(asked, option=replace(asked.option, language_letter=language))


def numbers(text: str) -> list[str]:
    """The numbers of articles and of their parts, without how a language orders and writes them."""
    years = re.sub(r"\b(\d\d)(\d\d)-(\d\d)\b", r"\1\2-\1\3", text)  # 2020-21
    return sorted(re.findall(r"\d+", re.sub(r"\d{4}/\d+", "", years)))  # not those of the acts themselves


@pytest.mark.parametrize(("id_", "language"), SPOKEN)
def test_a_reply_says_the_same_in_each_of_its_languages(id_: str, language: str) -> None:
    argument = CATALOGUE.arguments[id_]
    made = reply(CATALOGUE, the_templates(), told_in(language), argument, DATES)
    assert made.letter.language.startswith(language)
    text, english = flat(shapes.text(made.letter)), flat(shapes.text(written(id_)))
    assert flat(argument.text[language]) in text
    assert made.gloss
    assert flat(argument.text["en"]) in made.gloss.meanings
    for theirs, ours in zip(argument.articles_in[language], argument.articles, strict=True):
        assert {*numbers(theirs)} >= {*numbers(ours)}
    assert {*numbers(argument.text["en"])} <= {*numbers(argument.text[language])}
    assert len(numbers(text)) >= len(numbers(english)) - 8  # but for what a language writes in words


def blocks_of(language: str) -> list[str]:
    source = (ROOT / "templates" / "letters" / "shared" / f"reply.{language}.txt").read_text(encoding="utf-8")
    return re.findall(r"^=== .+$|\{(?:full_name|email\?)\}|^  \"\w+\":", source, re.MULTILINE)


@pytest.mark.parametrize("language", sorted(the_templates().languages("shared", "reply") - {"en"}))
def test_the_template_of_a_language_has_the_same_parts(language: str) -> None:
    assert blocks_of(language) == blocks_of("en")


@pytest.mark.parametrize("language", ["en", "fr", "de", "it", "el"])
def test_what_first_letters_are_written_in_replies_under_the_gdpr_are_written_in_too(language: str) -> None:
    lacking = [
        one.id
        for arguments in CATALOGUE.replies("eu-gdpr").values()
        for one in arguments
        if one.strength is not Strength.NONE and language not in languages(the_templates(), one)
    ]
    assert lacking == []
