"""The pages of a dossier that are its own, as HTML."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from portal.dossier.dossier import Dossier, Exhibit, Joint, Words
from portal.letters.fonts import breakable, printable
from portal.letters.html import page_words
from portal.letters.letter import Layout, Letter


def chronology(dossier: Dossier) -> str:
    """What happened, a row for each event."""
    rows = (_row(_text(event.day), _cell(_text(event.what))) for event in dossier.events)
    return _sheet(dossier.letter, dossier.words.chronology, "chronology", _table(rows))


def listed(dossier: Dossier, parts: Sequence[int], of: str = "") -> str:
    """The exhibits, each with its title and a link to where it begins.

    `parts` says which part of the dossier each is; the child that sets them writes on which page that begins. `of`
    stands before their numbers.
    """
    before, _, _ = page_words(dossier.words.page)
    rows = (
        _row(_text(named(dossier.words, f"{of}{n}")), _cell(_text(exhibit.title)) + _link(part, before))
        for n, (exhibit, part) in enumerate(zip(dossier.exhibits, parts, strict=True), 1)
    )
    return _sheet(dossier.letter, dossier.words.exhibits, "list", _table(rows))


def complainants(joint: Joint, parts: Sequence[int]) -> str:
    """Those who complain together, each with a link to where their own complaint begins."""
    before, _, _ = page_words(joint.words.page)
    rows = (
        _row(_text(str(n)), _cell(_text(printable(name))) + _link(part, before))
        for n, ((name, _dossier), part) in enumerate(zip(joint.people, parts, strict=True), 1)
    )
    return _sheet(joint.letter, joint.words.complainants, "list", _table(rows))


def figures(dossier: Dossier, number: str, exhibit: Exhibit, pictures: Sequence[str]) -> str:
    """A file of somebody else's: each of its pages a picture below a caption; `pictures` are their addresses."""
    captions = [
        f"{named(dossier.words, number)}, {dossier.words.page.format(page=page, pages=len(pictures))}"
        for page in range(1, len(pictures) + 1)
    ]
    drawn = (
        Markup('<figure><figcaption>{}</figcaption><img src="{}" alt="{}"></figure>').format(
            _text(caption), picture, _about(dossier, caption, exhibit)
        )
        for caption, picture in zip(captions, pictures, strict=True)
    )
    return _sheet(dossier.letter, titled(dossier, number, exhibit), "exhibit", Markup("\n").join(drawn))


def named(words: Words, number: str) -> str:
    """“Exhibit 3”."""
    return words.exhibit.format(n=number)


def titled(dossier: Dossier, number: str, exhibit: Exhibit) -> str:
    """“Exhibit 3: Answer of 3 March 2026”."""
    return _about(dossier, named(dossier.words, number), exhibit)


def _about(dossier: Dossier, what: str, exhibit: Exhibit) -> str:
    return f"{what}{dossier.letter.labels.colon} {printable(exhibit.title)}"


# Pieces


def _sheet(letter: Letter, title: str, kind: str, content: Markup) -> str:
    """A document on the paper of the complaint and in its language."""
    paper = "us" if letter.layout is Layout.LETTER_10 else "a4"
    page = Markup(
        '<!doctype html>\n<html lang="{0}"><head><meta charset="utf-8"><title>{1}</title></head>\n'
        '<body><article class="sheet {2} {3}" lang="{0}"><h1>{4}</h1>{5}</article></body></html>\n'
    ).format(letter.language, title, paper, kind, _text(title), content)
    return str(page)


def _table(rows: Iterable[Markup]) -> Markup:
    return Markup("<table>{}</table>").format(Markup("").join(rows))


def _row(head: Markup, cells: Markup) -> Markup:
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(head, cells)


def _cell(content: Markup) -> Markup:
    return Markup("<td>{}</td>").format(content)


def _link(part: int, before: str) -> Markup:
    return Markup('<td class="page"><a href="#part-{}" data-before="{}">{}000</a></td>').format(part, before, before)


def _text(text: str) -> Markup:
    """Text and nothing else, with places to break where it has no spaces."""
    return Markup("<wbr>").join(escape(piece) for piece in breakable(printable(text)))
