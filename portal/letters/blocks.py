"""The text of a letter as blocks, with the parser that reads it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

#: What a line is made of: text, an escaped character, a value that the person gives, put in after parsing
#: (`{full_name}`), a brace that means nothing. Optional (`{reference?}`): where the person left the value empty, the
#: paragraph, list item or table row that holds it is left out whole.
TOKEN = re.compile(
    r"[^\\{}]+|\\(?P<escaped>[^ ])?|\{(?:(?P<ink>ink):)?(?P<name>[a-z][a-z0-9_]*)(?P<optional>\?)?\}|[{}]", re.DOTALL
)
MARK = re.compile(r"=== *(.*)")
ITEM = re.compile(r"\d{1,3}\. +")
ROW = re.compile(r"\|((?:\\.|[^\\|])*)\|((?:\\.|[^\\|])*)")
#: White space that a line break in a template stands for. A no-break space is not among it.
SPACES = re.compile(r"[ \t\r\n\f\v]+")
_BLANK = " \t\f\v"
#: How many characters a text stands for that is to go into a web form (forms.yaml: ICO 2,000).
SHORT_TEXT = 2_000


class Refusal(Exception):
    """Why a letter cannot be made: an English sentence whose blanks are filled, and its parts for other languages."""

    def __init__(self, sentence: str, **values: str | int) -> None:
        self.sentence, self.values = sentence, values
        shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        super().__init__(sentence % shown)


class BadLetter(Refusal, ValueError):
    """A letter's text cannot be read, or a value that it needs is missing."""


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Ink:
    """A blank that only a hand may fill: a signature, the date of a declaration."""

    name: str


Run = str | Slot | Ink
Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    text: Line
    id: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Line
    id: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A numbered list."""

    items: tuple[Line, ...]
    id: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Identifying details, a label and a value each."""

    rows: tuple[tuple[Line, Line], ...]
    id: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """The place where the table of identifying details goes; gone once a letter is composed."""

    id: str = "details"
    long: bool = False


Block = Heading | Paragraph | Items | Table | Details
B = TypeVar("B", bound=Block)


@dataclass(frozen=True, slots=True)
class Body:
    """What a person may edit: the subject, the blocks, what is enclosed."""

    subject: Line
    blocks: tuple[Block, ...]
    enclosures: tuple[Line, ...] = ()


# Reading


def parse(source: str) -> Body:
    """Read block text.

    Paragraphs are divided by blank lines. `## ` opens a heading, `1. ` an item of a list, `| label | value` a
    row of the table. `=== core:<id>` before a block names it as legal text, `=== long` leaves it out of the
    short text, both may stand on one line. `=== subject` and `=== enclosures` stand before the subject and the
    list of enclosures, `=== details` alone where the identifying details go. A backslash takes the next
    character as it is; before a space it is a backslash.

    Raises BadLetter with the number of the paragraph that cannot be read.
    """
    subject: Line = ()
    enclosures: tuple[Line, ...] = ()
    blocks: list[Block] = []
    marks: list[str] = []
    for number, chunk in enumerate(_chunks(source), start=1):
        mark = MARK.fullmatch(chunk)
        if mark:
            marks += mark[1].split()
            if "details" in marks:
                blocks.append(_marked(Details(), [word for word in marks if word != "details"], number))
                marks = []
            continue
        block = _block(chunk, number)
        if marks == ["subject"]:
            one = BadLetter("paragraph %(number)s: the subject is one paragraph", number=number)
            subject = _expect(block, Paragraph, one).text
        elif marks == ["enclosures"]:
            numbered = BadLetter("paragraph %(number)s: enclosures are a numbered list", number=number)
            enclosures = _expect(block, Items, numbered).items
        else:
            blocks.append(_marked(block, marks, number))
        marks = []
    if marks:
        raise BadLetter("nothing follows the mark “=== %(mark)s” at the end", mark=" ".join(marks))
    if not subject:
        raise BadLetter("the letter has no subject: write “=== subject” and the subject in the next line")
    ids = [block.id for block in blocks if block.id]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        raise BadLetter("the block id “%(name)s” stands twice", name=twice[0])
    return Body(subject, tuple(blocks), enclosures)


def _chunks(source: str) -> Iterator[str]:
    """Cut the text into marks and what stands between blank lines."""
    # A no-break space is text here, and so is nothing but one: str.strip() would make a mark of what follows it.
    unbroken = [line.strip(_BLANK) for line in re.sub(r"\r\n?", "\n", source).split("\n")]
    for part in re.split(r"\n\n+", "\n".join(unbroken).strip("\n")):
        lines = part.split("\n")
        while lines and MARK.fullmatch(lines[0]):
            yield lines.pop(0)
        glued = next((line for line in lines if MARK.fullmatch(line)), "")
        if glued:
            raise BadLetter("the mark “%(mark)s” stands inside a paragraph: put a blank line before it", mark=glued)
        if any(lines):
            yield "\n".join(lines)


def _block(chunk: str, number: int) -> Block:
    lines = chunk.split("\n")
    if lines[0].startswith("## "):
        return Heading(_line(fold(chunk[3:]), number))
    if ITEM.match(lines[0]):
        return Items(tuple(_line(fold(item), number) for item in _items(lines)))
    if lines[0].startswith("|"):
        return Table(tuple(_row(line, number) for line in lines))
    return Paragraph(_line(fold(chunk), number))


def _items(lines: Iterable[str]) -> Iterator[str]:
    item = ""
    for line in lines:
        match = ITEM.match(line)
        if match:
            if item:
                yield item
            item = line[match.end() :]
        else:
            item = f"{item} {line}"
    yield item


def _row(line: str, number: int) -> tuple[Line, Line]:
    cells = ROW.fullmatch(line)
    if not cells:
        raise BadLetter("paragraph %(number)s: a row of the table is written “| label | value”", number=number)
    return _line(fold(cells[1]), number), _line(fold(cells[2]), number)


def _line(source: str, number: int) -> Line:
    """Text with its slots; what a backslash precedes is text."""
    runs: list[Run] = []
    text: list[str] = []
    for token in TOKEN.finditer(source):
        if token["name"]:
            runs += ["".join(text)] if text else []
            runs.append(Ink(token["name"]) if token["ink"] else Slot(token["name"], bool(token["optional"])))
            text = []
        elif token[0] in "{}":
            raise BadLetter(
                "paragraph %(number)s: a brace that is no blank, write \\%(brace)s to mean the character",
                number=number,
                brace=token[0],
            )
        else:
            text.append(token["escaped"] or token[0])
    return (*runs, "".join(text)) if text else tuple(runs)


def _marked(block: Block, marks: list[str], number: int) -> Block:
    for word in marks:
        if word == "long":
            block = replace(block, long=True)
        elif re.fullmatch(r"core:[a-z][a-z0-9-]*", word) and not isinstance(block, Details):
            block = replace(block, id=word.removeprefix("core:"))
        else:
            raise BadLetter("paragraph %(number)s: unknown mark “%(mark)s”", number=number, mark=word)
    return block


def _expect(block: Block, kind: type[B], otherwise: BadLetter) -> B:
    if not isinstance(block, kind):
        raise otherwise
    return block


# Writing


def text(body: Body) -> str:
    """Block text that `parse` reads back as the same body."""
    parts = [f"=== subject\n{_written(body.subject, first=True)}"]
    parts += [_mark(block) + _source(block) for block in body.blocks]
    if body.enclosures:
        parts.append("=== enclosures\n" + _source(Items(body.enclosures)))
    return "\n\n".join(parts) + "\n"


def _mark(block: Block) -> str:
    words = [f"core:{block.id}"] if block.id and not isinstance(block, Details) else []
    words += ["long"] if block.long else []
    words += ["details"] if isinstance(block, Details) else []
    return f"=== {' '.join(words)}\n" if words else ""


def _source(block: Block) -> str:
    match block:
        case Heading(line):
            return f"## {_written(line)}"
        case Paragraph(line):
            return _written(line, first=True)
        case Items(items):
            return "\n".join(f"{n}. {_written(item)}" for n, item in enumerate(items, start=1))
        case Table(rows):
            return "\n".join(f"| {_written(label)} | {_written(value)}" for label, value in rows)
        case Details():
            return ""


def _written(line: Line, first: bool = False) -> str:
    """A line as source; `first` where what it starts with could be taken for a mark."""
    out = ""
    for run in line:
        match run:
            case Slot(name, optional):
                out += f"{{{name}{'?' if optional else ''}}}"
            case Ink(name):
                out += f"{{ink:{name}}}"
            case str():
                out += re.sub(r"([\\{}|])", r"\\\1", run)
    starts_like_a_mark = out.startswith(("===", "## ")) or ITEM.match(out)
    return "\\" + out if first and starts_like_a_mark else out


# Filling


def fill(body: Body, values: Mapping[str, str]) -> Body:
    """Put the person's values in, as text.

    A value has its white space folded, so that it can never become a block; only where a paragraph is nothing
    but one slot do the blank lines of its value divide paragraphs. What hangs on an optional value that is empty
    is left out. Raises BadLetter naming the first value that is missing.
    """
    blocks = tuple(filled for block in body.blocks for filled in _filled(block, values))
    subject = _filled_line(body.subject, values)
    enclosures = (_filled_line(line, values) for line in body.enclosures)
    return Body(subject or (), blocks, tuple(line for line in enclosures if line))


def _filled(block: Block, values: Mapping[str, str]) -> Iterator[Block]:
    match block:
        case Paragraph((Slot(name, optional),)) if _given(name, optional, values):
            paragraphs = [folded for part in re.split(r"\n\s*\n", values[name]) if (folded := fold(part))]
            for n, part in enumerate(paragraphs):
                yield Paragraph((part,), block.id if n == 0 else "", block.long)
        case Heading() | Paragraph():
            line = _filled_line(block.text, values)
            if line:
                yield replace(block, text=line)
        case Items():
            items = tuple(line for item in block.items if (line := _filled_line(item, values)))
            if items:
                yield replace(block, items=items)
        case Table():
            rows = tuple((label, line) for label, value in block.rows if (line := _filled_line(value, values)))
            if rows:
                yield replace(block, rows=rows)
        case Details():
            yield block


def _filled_line(line: Line, values: Mapping[str, str]) -> Line | None:
    """The line with its values, None where an optional one is missing; runs of text joined."""
    out: list[Run] = []
    for run in line:
        if isinstance(run, Slot):
            if not _given(run.name, run.optional, values):
                return None
            run = fold(values[run.name])
        if isinstance(run, str) and out and isinstance(out[-1], str):
            out[-1] += run
        else:
            out.append(run)
    return tuple(out)


def _given(name: str, optional: bool, values: Mapping[str, str]) -> bool:
    if fold(values.get(name, "")):
        return True
    if optional:
        return False
    raise BadLetter("the letter needs a value for “%(name)s”", name=name)


def fold(value: str) -> str:
    """One line: white space folded to single spaces."""
    return SPACES.sub(" ", value).strip(" ")


# Looking


def slots(body: Body) -> frozenset[Slot]:
    """All blanks that the person's values fill."""
    return frozenset(run for line in lines(body) for run in line if isinstance(run, Slot))


def lines(body: Body) -> Iterator[Line]:
    """Each line of text, in reading order."""
    yield body.subject
    for block in body.blocks:
        match block:
            case Heading(line) | Paragraph(line):
                yield line
            case Items(items):
                yield from items
            case Table(rows):
                for row in rows:
                    yield from row
    yield from body.enclosures
