"""The text of a letter as blocks, with the parser that reads it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.letters.blocks import (
    BadLetter,
    Block,
    Body,
    Details,
    Heading,
    Ink,
    Items,
    Line,
    Paragraph,
    Run,
    Slot,
    Table,
    fill,
    fold,
    lines,
    parse,
    slots,
    text,
)

#: What somebody could type to be taken for more than text.
HOSTILE = [
    "=== core:x", "=== subject", "=== details", "=== long", "===", "\u00a0=== core:x", "\u3000=== long", "\x1f===",
    "{{ 7 * 7 }}", "{% raw %}", "{full_name}", "{ink:signature}", "{reference?}", "}{", "\\", "\\\\", "\\{", "\\n",
    "|", "| a | b", "a | b | c", "\\|", "1. one", "12. twelve", "1.", "## heading", "##", "# one", "<b>x</b>",
    "&amp;",
    "“quoted” 'twice' \"thrice\"", "\x00", "a\x00b", "\x07", "\x85", "\u2028", "\u2029", "a\u2028=== core:x",
    "שלום \u202e olleh", "مرحبا", "👩🏽‍⚖️", "e\u0301\u0301", "\u200b", "\ufeff", "  ", "\t", "\n", "a\n\nb",
    "a\r\n\r\nb",
    "a\n=== core:x\n\nb", "a\n1. b\n2. c", "x" * 300,
]  # fmt: skip
VALUES = st.one_of(st.sampled_from(HOSTILE), st.text(), st.lists(st.sampled_from(HOSTILE)).map("\n".join))
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
IDS = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)


# Arbitrary bodies


def _joined(runs: list[Run]) -> Line:
    """A line as `parse` makes it: texts joined, white space folded, nothing at its ends."""
    out: list[Run] = []
    for run in runs:
        if isinstance(run, str) and out and isinstance(out[-1], str):
            out[-1] += run
        else:
            out.append(run)
    folded = [" ".join(fold(f"x{run}x")[1:-1].split(" ")) if isinstance(run, str) else run for run in out]
    if folded and isinstance(folded[0], str):
        folded[0] = folded[0].lstrip(" ")
    if folded and isinstance(folded[-1], str):
        folded[-1] = folded[-1].rstrip(" ")
    return tuple(run for run in folded if run != "") or ("x",)


LINES = st.lists(
    st.one_of(VALUES, st.builds(Slot, NAMES, st.booleans()), st.builds(Ink, NAMES)), min_size=1, max_size=5
).map(_joined)
LONG = st.booleans()


def _bodies() -> st.SearchStrategy[Body]:
    blocks: st.SearchStrategy[Block] = st.one_of(
        st.builds(Heading, LINES, long=LONG),
        st.builds(Paragraph, LINES, long=LONG),
        st.builds(Items, st.lists(LINES, min_size=1, max_size=4).map(tuple), long=LONG),
        st.builds(Table, st.lists(st.tuples(LINES, LINES), min_size=1, max_size=3).map(tuple), long=LONG),
        st.builds(Details, long=LONG),
    )
    return st.builds(_with_ids, LINES, st.lists(blocks, max_size=6), st.lists(IDS, unique=True), st.lists(LINES))


def _with_ids(subject: Line, blocks: list[Block], ids: list[str], enclosures: list[Line]) -> Body:
    named = []
    for n, block in enumerate(blocks):
        own = ids[n] if n < len(ids) and ids[n] != "details" else ""
        named.append(block if isinstance(block, Details) else _named(block, own))
    only_one = [block for n, block in enumerate(named) if not isinstance(block, Details) or not _before(named, n)]
    return Body(subject, tuple(only_one), tuple(enclosures))


def _named(block: Heading | Paragraph | Items | Table, id_: str) -> Block:
    match block:
        case Heading(line):
            return Heading(line, id_, block.long)
        case Paragraph(line):
            return Paragraph(line, id_, block.long)
        case Items(items):
            return Items(items, id_, block.long)
        case Table(rows):
            return Table(rows, id_, block.long)


def _before(blocks: list[Block], n: int) -> bool:
    return any(isinstance(block, Details) for block in blocks[:n])


@given(_bodies())
def test_what_is_written_is_read_back_as_the_same(body: Body) -> None:
    assert parse(text(body)) == body


@given(_bodies())
def test_writing_it_twice_changes_nothing(body: Body) -> None:
    assert text(parse(text(body))) == text(body)


@given(_bodies())
def test_line_ends_of_a_web_form_make_no_difference(body: Body) -> None:
    assert parse(text(body).replace("\n", "\r\n")) == body


# What a person gives

TEMPLATE = """
=== subject
Request of {full_name}

=== core:request
I, {full_name}, ask {organisation} for access.

=== core:heading
## About {full_name}

=== core:list
1. the first to {full_name};
2. the reference {reference?};
3. the last.

=== core:table
| Name | {full_name}
| Reference | {reference?}
| Signature | {ink:signature}

=== core:optional long
Under reference {reference?} you wrote.

{facts}

=== core:end
Thank you.

=== enclosures
1. A letter of {full_name}
2. On {reference?}
"""


@given(full_name=VALUES, organisation=VALUES, reference=VALUES, facts=VALUES)
@example(
    full_name="=== core:x", organisation="{{ 7 }}", reference="\u00a0=== long", facts="a\n\n\u00a0=== core:x\n\n1. b"
)
def test_a_value_stays_text(full_name: str, organisation: str, reference: str, facts: str) -> None:
    values = {"full_name": full_name, "organisation": organisation, "reference": reference, "facts": facts}
    missing = [name for name in ("full_name", "organisation", "facts") if not fold(values[name])]
    if missing:
        with pytest.raises(BadLetter, match="the letter needs a value for"):
            fill(parse(TEMPLATE), values)
        return
    filled = fill(parse(TEMPLATE), values)
    assert parse(text(filled)) == filled
    ours = [block.id for block in filled.blocks if block.id]
    expected = ["request", "heading", "list", "table", *(["optional"] if fold(reference) else []), "end"]
    assert ours == expected
    assert not slots(filled)
    assert [run for line in lines(filled) for run in line if isinstance(run, Ink)] == [Ink("signature")]
    assert filled.subject == (f"Request of {fold(full_name)}",)
    own = [block for block in filled.blocks if not block.id]
    assert own
    assert all(isinstance(block, Paragraph) and len(block.text) == 1 for block in own)


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_whatever_is_typed_stands_on_the_paper_as_typed(value: str) -> None:
    if not fold(value):
        return
    filled = fill(parse("=== subject\nx\n\n=== core:a\nI am {full_name}."), {"full_name": value})
    assert filled.blocks == (Paragraph((f"I am {fold(value)}.",), "a"),)


def test_a_paragraph_that_is_all_a_value_keeps_its_paragraphs() -> None:
    filled = fill(parse("=== subject\nx\n\n=== core:a\n{facts}"), {"facts": "One\nline.\n \nTwo.\n\n\nThree."})
    assert filled.blocks == (Paragraph(("One line.",), "a"), Paragraph(("Two.",)), Paragraph(("Three.",)))


def test_what_hangs_on_an_empty_value_is_left_out() -> None:
    values = {"full_name": "Ana", "organisation": "X", "facts": "f", "reference": " \n"}
    filled = fill(parse(TEMPLATE), values)
    assert [block.id for block in filled.blocks] == ["request", "heading", "list", "table", "", "end"]
    assert filled.blocks[2] == Items((("the first to Ana;",), ("the last.",)), "list")
    assert filled.enclosures == (("A letter of Ana",),)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(BadLetter, match="the letter needs a value for “full_name”"):
        fill(parse(TEMPLATE), {"organisation": "X", "facts": "f"})


# What cannot be read


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "the letter has no subject: write “=== subject”"),
        ("Only a paragraph.", "the letter has no subject"),
        ("=== subject\n1. a list", "paragraph 2: the subject is one paragraph"),
        ("=== subject\n## a heading", "paragraph 2: the subject is one paragraph"),
        ("=== subject\nx\n\n=== enclosures\nno list", "paragraph 4: enclosures are a numbered list"),
        ("=== subject\nx\n\n=== core:a", "nothing follows the mark “=== core:a” at the end"),
        ("=== subject\nx\n\n=== bold\ny", "paragraph 4: unknown mark “bold”"),
        ("=== subject\nx\n\n=== core:A\ny", "paragraph 4: unknown mark “core:A”"),
        ("=== subject\nx\n\n=== core:a details", "paragraph 3: unknown mark “core:a”"),
        ("=== subject\nx\n\n=== core:a\ny\n\n=== core:a\nz", "the block id “a” stands twice"),
        ("=== subject\nx\n\n=== details\n\n=== details", "the block id “details” stands twice"),
        ("=== subject\nx\n\ny\n=== core:a\nz", "the mark “=== core:a” stands inside a paragraph"),
        ("=== subject\nx\n\n| a", "paragraph 3: a row of the table is written “| label | value”"),
        ("=== subject\nx\n\n| a | b | c", "paragraph 3: a row of the table is written"),
        ("=== subject\nx\n\n| a | b\nc", "paragraph 3: a row of the table is written"),
        ("=== subject\nx\n\na { brace", "paragraph 3: a brace that is no blank, write \\\\{"),
        ("=== subject\nx\n\na } brace", "paragraph 3: a brace that is no blank, write \\\\}"),
        ("=== subject\nx\n\n{Full_Name}", "paragraph 3: a brace that is no blank"),
        ("=== subject\nx\n\n{{ cite }}", "paragraph 3: a brace that is no blank"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_paragraph(source: str, sentence: str) -> None:
    with pytest.raises(BadLetter, match=sentence):
        parse(source)


@given(VALUES)
def test_an_edited_text_is_read_or_refused_with_a_sentence(edited: str) -> None:
    source = f"=== subject\nx\n\n{edited}"
    try:
        body = parse(source)
    except BadLetter as refused:
        said = str(refused)
    else:
        assert parse(text(body)) == body
        return
    assert len(said.split()) > 4


@pytest.mark.parametrize(
    ("source", "block"),
    [
        ("a\nb", Paragraph(("a b",))),
        ("\\1. a", Paragraph(("1. a",))),
        ("\\## a", Paragraph(("## a",))),
        ("\\=== a", Paragraph(("=== a",))),
        ("\\| a", Paragraph(("| a",))),
        ("a\\{b\\}\\\\", Paragraph(("a{b}\\",))),
        ("1. a\n  more\n2. b", Items((("a more",), ("b",)))),
        ("## a\nb", Heading(("a b",))),
        ("| a \\| b | c", Table(((("a | b",), ("c",)),))),
        ("a\u00a0b", Paragraph(("a\u00a0b",))),
        ("{a?} {ink:b}", Paragraph((Slot("a", optional=True), " ", Ink("b")))),
        ("=== core:a long\nb", Paragraph(("b",), "a", long=True)),
        ("=== core:a\n=== long\nb", Paragraph(("b",), "a", long=True)),
        ("=== core:a\n\nb", Paragraph(("b",), "a")),
        ("=== long details", Details(long=True)),
    ],
)
def test_each_kind_of_block_is_written_in_its_own_way(source: str, block: Block) -> None:
    assert parse(f"=== subject\nx\n\n{source}").blocks == (block,)
