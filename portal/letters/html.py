"""A letter as HTML."""

from collections.abc import Iterator, Sequence
from math import ceil

from markupsafe import Markup, escape

from portal.letters.blocks import BadLetter, Block, Details, Heading, Ink, Items, Line, Paragraph, Slot, Table
from portal.letters.fonts import breakable, printable, width
from portal.letters.letter import Gloss, Labels, Layout, Letter

#: What an envelope's window shows of the sheet, in millimetres across and down; as in letter.css.
WINDOW = {Layout.A4_LEFT: (66, 25), Layout.A4_RIGHT: (76, 25.4), Layout.LETTER_10: (88.9, 18)}
POINT = 25.4 / 72
#: The type of an address, the first that fits: its class, size and line in millimetres; as in letter.css.
TYPES = (
    ("addressee", 9.5 * POINT, 4.15),
    ("addressee close", 9 * POINT, 3.6),
    ("addressee small", 7.5 * POINT, 3.05),
    ("addressee tiny", 6 * POINT, 2.5),
)
#: Has no width and no glyph, and a line never breaks there. An inline box that may not break would do the same, but
#: WeasyPrint 70 then breaks the line at its first space instead.
WORD_JOINER = "\u2060"
#: What the head of a copy with explanations says, so that nobody sends it; English for any other language.
READERS_COPY = {
    "de": "Leseexemplar mit Erläuterungen: nicht zum Versand bestimmt.",
    "el": "Αντίγραφο με επεξηγήσεις, μόνο για ανάγνωση: δεν αποστέλλεται.",
    "en": "Reader’s copy with explanations: not for sending.",
    "fr": "Exemplaire de lecture avec explications : à ne pas envoyer.",
    "it": "Copia di lettura con spiegazioni: da non inviare.",
}


def document(letter: Letter, gloss: Gloss | None = None) -> str:
    """The whole document that is printed: the subject is its title and its first heading.

    With a gloss it is a reader's copy and says so. Its metadata name nobody and carry the day of the letter.
    """
    day = letter.day.isoformat()
    page = Markup(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="dcterms.created" content="{}"><meta name="dcterms.modified" content="{}"></head>\n'
        "<body>{}</body></html>\n"
    ).format(letter.language, plain(letter.body.subject), day, day, _article(letter, gloss, level=1))
    return str(page)


def article(letter: Letter, gloss: Gloss | None = None) -> Markup:
    """The letter as a part of a page, its subject a heading of the second level."""
    return _article(letter, gloss, level=2)


def _article(letter: Letter, gloss: Gloss | None, level: int) -> Markup:
    """Everything on the paper, in reading order."""
    if gloss and len(gloss.meanings) != len(letter.body.blocks):
        raise BadLetter(
            "%(meanings)s meanings for %(blocks)s blocks: give each one",
            meanings=len(gloss.meanings),
            blocks=len(letter.body.blocks),
        )
    parts = [
        *_head(letter, gloss),
        *_subject(letter, gloss, level),
        _element("p", _text(letter.salutation), "salutation"),
        *_blocks(letter.body.blocks, letter.labels, level + 1, gloss),
        *_foot(letter),
        *_to_sign(letter, level + 1),
    ]
    before, between, after = page_words(letter.labels.page)
    return Markup(
        '<article class="letter {}" lang="{}" data-before="{}" data-between="{}" data-after="{}">{}</article>'
    ).format(letter.layout.value, letter.language, before, between, after, Markup("\n").join(parts))


# Around the body


def _head(letter: Letter, gloss: Gloss | None) -> Iterator[Markup]:
    if gloss:
        yield _notice(gloss.language)
    yield _element("p", _text(" · ".join(letter.sender)), "return")
    yield _address(letter)
    yield _information(letter)


def _notice(language: str) -> Markup:
    """That this copy is for reading: in the reader's language, as the explanations are, else in English."""
    words = READERS_COPY.get(language.split("-")[0])
    if words:
        return _meaning(_element("p", _text(words)), language)
    return Markup('<p class="meaning" lang="en">{}</p>').format(READERS_COPY["en"])


def _address(letter: Letter) -> Markup:
    """The lines in the window, in the largest type that fits; where none does, some of them joined."""
    for kind, size, height in TYPES:
        if _rows(letter.addressee, letter.layout, size) * height <= WINDOW[letter.layout][1]:
            return _element("p", _lines(letter.addressee), kind)
    kind, _, height = TYPES[-1]
    most = int(WINDOW[letter.layout][1] / height)
    return _element("p", _lines(_joined(letter.addressee, most)), kind)


def _rows(lines: Sequence[str], layout: Layout, size: float) -> int:
    """How many lines these take in the window; a twentieth is left for words that do not divide."""
    across = WINDOW[layout][0] * 0.95 / size
    return sum(max(1, ceil(width(printable(line)) / across)) for line in lines)


def _joined(lines: Sequence[str], most: int) -> list[str]:
    """At most so many lines: the shortest neighbours are joined, but never the name, which is the first."""
    joined = list(lines)
    while len(joined) > max(most, 2):
        at = min(range(1, len(joined) - 1), key=lambda n: len(joined[n]) + len(joined[n + 1]))
        joined[at : at + 2] = [f"{joined[at]}, {joined[at + 1]}"]
    return joined


def _information(letter: Letter) -> Markup:
    """Who writes, and when: what an answer has to name."""
    rows = [_element("p", _lines(letter.sender), "sender")]
    rows.append(_labelled(letter.labels.date, letter.written_day))
    if letter.reference:
        rows.append(_labelled(letter.labels.my_reference, letter.reference))
    if letter.their_reference:
        rows.append(_labelled(letter.labels.your_reference, letter.their_reference))
    return _element("div", Markup("").join(rows), "information")


def _labelled(label: str, value: str) -> Markup:
    return Markup('<p><span class="label">{}</span><br>{}</p>').format(_text(label), _text(value))


def _subject(letter: Letter, gloss: Gloss | None, level: int) -> Iterator[Markup]:
    subject = _text(letter.labels.subject) + _line(letter.body.subject, letter.labels)
    yield _element(f"h{level}", subject, "subject")
    if gloss and gloss.subject:
        yield _meaning(_element("p", _text(gloss.subject)), gloss.language)


def _foot(letter: Letter) -> Iterator[Markup]:
    """Close, a line to sign on, the name; none of them alone on a page. Then what is enclosed."""
    close = _element("p", _text(letter.close), "close")
    line = _element("p", _ink("signature", letter.labels), "line")
    name = _element("p", _text(letter.signatory), "signatory")
    yield _element("div", close + line + name, "signed")
    if letter.body.enclosures:
        title = _element("p", _text(letter.labels.enclosures), "label")
        yield _element("div", title + _list(letter.body.enclosures, letter.labels), "enclosures")


def _to_sign(letter: Letter, level: int) -> Iterator[Markup]:
    """A page of its own, signed apart from the letter."""
    if letter.to_sign:
        title = _element(f"h{level}", _line(letter.to_sign.subject, letter.labels), "subject")
        blocks = _blocks(letter.to_sign.blocks, letter.labels, level + 1)
        yield _element("div", Markup("\n").join([title, *blocks]), "to-sign")


def page_words(page: str) -> tuple[str, str, str]:
    """“Page {page} of {pages}”, cut at its numbers."""
    before, _, rest = page.partition("{page}")
    between, _, after = rest.partition("{pages}")
    return before, between, after


# Blocks


def _blocks(blocks: Sequence[Block], labels: Labels, level: int, gloss: Gloss | None = None) -> Iterator[Markup]:
    for number, block in enumerate(blocks):
        meaning = gloss.meanings[number] if gloss else ""
        if gloss and meaning:
            explained = _meaning(_element("p", _text(meaning)), gloss.language)
            yield _element("div", _block(block, labels, level) + explained, "pair")
        else:
            yield _block(block, labels, level)


def _block(block: Block, labels: Labels, level: int) -> Markup:
    match block:
        case Heading(line):
            return _element(f"h{level}", _line(line, labels))
        case Paragraph(line):
            return _element("p", _line(line, labels))
        case Items(items):
            return _list(items, labels)
        case Table(rows):
            return _element("table", Markup("").join(_row(*row, labels) for row in rows))
        case Details():
            raise BadLetter("the identifying details are not in the letter: compose it before you print it")


def _list(items: Sequence[Line], labels: Labels) -> Markup:
    return _element("ol", Markup("").join(_element("li", _line(item, labels)) for item in items))


def _row(label: Line, value: Line, labels: Labels) -> Markup:
    cells = _line(label, labels), _line(value, labels)
    return Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(*cells)


def _line(line: Line, labels: Labels) -> Markup:
    return Markup("").join(_run(run, labels) for run in line)


def _run(run: str | Slot | Ink, labels: Labels) -> Markup:
    match run:
        case str():
            return _text(run)
        case Ink(name):
            return _ink(name, labels)
        case Slot(name):
            raise BadLetter("the blank “%(name)s” is not filled: fill the letter before you print it", name=name)


# Pieces


def _ink(name: str, labels: Labels) -> Markup:
    """A line to write on, which a screen reader names."""
    label = {"signature": labels.signature, "date": labels.date}.get(name, name.replace("_", " "))
    return Markup('<span class="ink" role="img" aria-label="{}"></span>').format(label)


def _meaning(content: Markup, language: str) -> Markup:
    """What explains a part of the letter, in the reader's language.

    Nothing else is a `section`: by that `pdf` knows which parts are in another language.
    """
    return Markup('<section class="meaning" lang="{}">{}</section>').format(language, content)


def _element(tag: str, content: Markup, css: str = "") -> Markup:
    attribute = Markup(' class="{}"').format(css) if css else Markup("")
    return Markup("<{0}{1}>{2}</{0}>").format(tag, attribute, content)


def _lines(lines: Sequence[str]) -> Markup:
    return Markup("<br>").join(_text(line) for line in lines)


def _text(text: str) -> Markup:
    """Text and nothing else, with places to break where it has no spaces."""
    return Markup("<wbr>").join(_whole(piece) for piece in breakable(printable(text)))


def _whole(text: str) -> Markup:
    """Text in which the numbers of paragraphs stay in one line: a joiner stands where they could part."""
    return escape(text.replace(")(", f"){WORD_JOINER}("))


def plain(line: Line) -> str:
    return printable("".join(run for run in line if isinstance(run, str)))
