"""A letter as it is kept."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.letters.compose import Role
from portal.letters.kept import Made, read, written
from portal.letters.letter import Gloss, Layout, Letter
from tests.building import a_letter, a_situation

LETTERS = [
    a_letter(),
    a_letter(role=Role.AGENT),
    a_letter(a_situation("us-il", "us-cbp"), role=Role.PARENT),
    a_letter(a_situation("gr", right="complaint"), language="el"),
]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.language)
@pytest.mark.parametrize("layout", Layout)
def test_a_letter_is_read_as_it_was_written(letter: Letter, layout: Layout) -> None:
    changed = replace(letter, layout=layout, reference="X-1", their_reference="D130.001")
    made = Made(changed, letter, Gloss("en", "subject", ("one", "")))
    assert read(written(made)) == made
    assert read(written(Made(letter))) == Made(letter)


def test_a_letter_from_before_numbers_were_kept_is_read_without_one() -> None:
    kept = json.loads(written(Made(LETTERS[0])))
    del kept["letter"]["their_reference"], kept["letter"]["labels"]["your_reference"]
    found = read(json.dumps(kept).encode()).letter
    assert (found.their_reference, found.labels.your_reference) == ("", "")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200).filter(str.strip))
def test_whatever_a_person_writes_is_kept_as_it_was(words: str) -> None:
    letter = a_letter(a_situation(right="objection"), grounds=words, full_name=words)
    assert read(written(Made(letter))).letter == letter
