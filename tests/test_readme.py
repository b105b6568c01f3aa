"""What the README tells who adds a law or a letter is what there is."""

import re
import tomllib

import pytest
from pydantic import TypeAdapter

from portal.cases.saved import SavedMessage
from portal.law.arguments import Argument, Ruling
from portal.law.records import Jurisdiction, Organisation
from portal.letters.completeness import TOLD, WORKED_OUT
from portal.letters.details import DETAILS, Kind
from tests.building import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
WHOLE = [
    ("pt", Jurisdiction),
    ("clearview-ai", Organisation),
    ("gdpr-other-language", Argument),
    ("c-154-21", Ruling),
    ("other-organisation", SavedMessage),
]
GIVEN = {
    Kind.LINE: "a line",
    Kind.LINES: "lines",
    Kind.WORDS: "paragraphs",
    Kind.DAY: "a day",
    Kind.EMAIL: "an e-mail address",
    Kind.CHOICE: "a choice",
}


def rows(heading: str) -> list[list[str]]:
    """The cells of a table, by the first cell of its head."""
    table = README.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_the_table_of_what_a_template_is_told_is_whole() -> None:
    assert rows("a template is told") == [[f"`{name}`", what] for name, what in TOLD.items()]


def test_the_table_of_what_is_worked_out_is_whole() -> None:
    assert rows("worked out") == [[f"`{{{name}}}`", what] for name, what in WORKED_OUT.items()]


def test_the_table_of_details_is_whole() -> None:
    assert [(name, given, identifies) for name, _, given, identifies in rows("detail")] == [
        (f"`{name}`", GIVEN[detail.kind], "yes" if detail.identifies else "") for name, detail in DETAILS.items()
    ]


@pytest.mark.parametrize(
    ("id_", "record"),
    WHOLE,
)
def test_an_example_that_is_whole_can_be_taken_as_it_is(id_: str, record: type) -> None:
    example = next(one for one in EXAMPLES if one.startswith(f'id = "{id_}"'))
    assert TypeAdapter(record).validate_python(tomllib.loads(example)).id == id_


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: str(one.splitlines()[0]))
def test_an_example_with_its_gaps_filled_is_toml(example: str) -> None:
    assert tomllib.loads(re.sub(r"^n = …", "n = 30", example, flags=re.MULTILINE))
