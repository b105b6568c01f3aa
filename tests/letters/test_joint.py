"""The letter that introduces a complaint of many, in each language in which it is written."""

import pytest

from portal.law.routing import mandate_for, route
from portal.letters import blocks
from portal.letters.blocks import Heading, Items, Paragraph
from portal.letters.compose import NoLetter, Request, Role, Sender
from portal.letters.joint import joint, language_of
from portal.letters.letter import Letter
from tests.building import LETTERS, TODAY, a_situation, flat, the_catalogue, the_templates

LANGUAGES = sorted(the_templates().languages("shared", "joint"))
#: A place whose authority reads each of them.
PLACES = {"de": "de-by", "en": "ie", "fr": "fr", "it": "it"}


def asked(place: str, language: str) -> Request:
    situation = a_situation(place, right="complaint")
    option = route(the_catalogue(), situation).best
    sender = Sender(Role.GROUP, {}, "Sample Rights Group", (), "2 Sample Square\n1020 Sampletown")
    return Request(situation, option, sender, TODAY, language)


def written(language: str) -> Letter:
    return joint(the_catalogue(), the_templates(), asked(PLACES[language], language), 12)


def words(letter: Letter) -> str:
    return flat(blocks.text(letter.body))


def test_a_place_is_tried_for_each_language() -> None:
    assert [*PLACES] == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_names_the_group_its_mandate_and_how_many_they_are(language: str) -> None:
    letter, request = written(language), asked(PLACES[language], language)
    given = mandate_for(the_catalogue(), request.option)
    assert given
    for said in (given.cite[language], given.bodies[language], "Sample Rights Group", "12", "Clearview AI"):
        assert flat(said) in words(letter), said
    assert letter.to_sign is None
    assert letter.sender == ("Sample Rights Group", "2 Sample Square", "1020 Sampletown")
    assert letter.language.startswith(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_blocks(language: str) -> None:
    def shape(tongue: str) -> list[tuple[str, str, int]]:
        body = joint(the_catalogue(), the_templates(), asked("it", tongue), 12).body
        return [(type(one).__name__, one.id, len(one.items) if isinstance(one, Items) else 1) for one in body.blocks]

    assert shape(language) == shape("en")
    assert all(isinstance(one, Heading | Items | Paragraph) and one.id for one in written(language).body.blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_written_in_the_authority_s_language(language: str) -> None:
    option = asked(PLACES[language], language).option
    assert language_of(the_catalogue(), the_templates(), option) == language


def test_where_it_is_not_written_in_that_language_it_is_in_english() -> None:
    assert language_of(the_catalogue(), the_templates(), asked("pl", "en").option) == "en"


def test_a_law_without_a_mandate_has_none() -> None:
    with pytest.raises(NoLetter, match="no mandate"):
        joint(the_catalogue(), the_templates(), asked("gb", "en"), 2)


def test_nothing_is_filled_in_that_is_not_told() -> None:
    for language in LANGUAGES:
        source = (LETTERS / "shared" / f"joint.{language}.txt").read_text(encoding="utf-8")
        found = {
            one["name"] for one in blocks.TOKEN.finditer(source.replace("{{", "").replace("}}", "")) if one["name"]
        }
        assert found == {"organisation", "organisation_address", "writer_name"}
