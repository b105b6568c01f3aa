"""A letter shown as its template has it leaves out nothing of the template."""

import re

import pytest

from portal.letters import blocks
from portal.letters.blocks import MARK, TOKEN
from portal.letters.completeness import Served, all_served
from portal.letters.compose import environment, plain
from portal.letters.unfilled import Unfilled, unfilled
from tests.building import LETTERS, the_catalogue, the_templates

EVERY = [
    (served, language)
    for served in all_served(the_catalogue())
    for language in sorted(the_templates().languages(*served.letter))
]
NAMES = [f"{served.law.id}/{'/'.join(served.letter)}.{language}" for served, language in EVERY]


def shown(letter: Unfilled) -> str:
    """All words of a letter and of what stands in it only sometimes."""
    bodies = [letter.body, *(blocks.Body((), one.blocks) for one in letter.sometimes)]
    lines = (
        plain(tuple(run for run in line if isinstance(run, str))) for body in bodies for line in blocks.lines(body)
    )
    return re.sub(r"[^\w]+", "", " ".join(lines))


def pieces(file: str) -> list[str]:
    """The words of a template's text, outside of Jinja's own and between the blanks."""
    source = (LETTERS.parent.parent / file).read_text(encoding="utf-8")
    lexed = environment(LETTERS).lex(source)
    text = "".join(part if kind == "data" else "}}" for _, kind, part in lexed if kind in ("data", *CUT))
    lines = (re.sub(r"^((?:\}\})*)(## |\d+\. |\| )", r"\1", line) for line in text.splitlines())
    lines = (line for line in lines if not MARK.fullmatch(line.lstrip("}")))
    cut = (re.split(BLANK, line) for line in lines)
    found = (re.sub(r"[^\w]+", "", piece) for line in cut for piece in line)
    return [piece for piece in found if len(piece) > 2]


CUT = ("variable_end", "block_end")
#: Where a line is cut: at blanks, at what a template puts in, at columns.
BLANK = re.compile(r"\{(?:ink:)?[a-z][a-z0-9_]*\??\}|\}\}|\|")


@pytest.mark.parametrize(("served", "language"), EVERY, ids=NAMES)
def test_every_word_of_a_template_is_shown(served: Served, language: str) -> None:
    letter = unfilled(the_catalogue(), the_templates(), served, language)
    words = shown(letter)
    assert [piece for piece in pieces(letter.file) if piece not in words] == []


@pytest.mark.parametrize(("served", "language"), EVERY, ids=NAMES)
def test_what_stands_there_only_sometimes_is_not_what_stands_there_anyway(served: Served, language: str) -> None:
    letter = unfilled(the_catalogue(), the_templates(), served, language)
    texts = [block for one in letter.sometimes for block in one.blocks]
    assert not {repr(block) for block in texts} & {repr(block) for block in letter.body.blocks}
    assert len({repr(block) for block in texts}) == len(texts)
    assert len({one.where for one in letter.sometimes}) == len(letter.sometimes)


def test_a_complaint_is_shown_for_who_was_refused_with_what_the_others_get() -> None:
    [served] = [one for one in all_served(the_catalogue()) if (one.law.id, one.letter[1]) == ("eu-gdpr", "complaint")]
    letter = unfilled(the_catalogue(), the_templates(), served, "en")
    assert "The respondent refused." in " ".join(plain(line) for line in blocks.lines(letter.body))
    wheres = [one.where for one in letter.sometimes]
    assert {"nothing was asked before", "they did not answer", "they answered only in part"} <= {*wheres}


def test_a_blank_is_read_as_the_parser_reads_it() -> None:
    assert TOKEN.fullmatch("{full_name?}")
    assert BLANK.fullmatch("{full_name?}")
