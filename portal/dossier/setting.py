"""What the child process does that sets a dossier."""

from collections.abc import Sequence
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any

# Sets up the fonts before WeasyPrint is imported.
from portal.letters.pdf import OPTIONS, PRESS, Bundle, name_languages, name_rows, set_apart_page_numbers  # isort: skip

import pydyf
from PIL import Image
from weasyprint import CSS, HTML, Document
from weasyprint.urls import URLFetcherResponse

from portal.bounded import child
from portal.bounded.child import Refused
from portal.dossier.packing import MOST_PAGES, PICTURE, TOO_LONG, Part, asked, parts_of
from portal.letters.child import READABLE, WARM_UP
from portal.letters.html import page_words

STYLE = Path(__file__).with_name("dossier.css").read_text(encoding="utf-8")
#: Each page is counted twice: within its part, and within the dossier.
COUNTED = "@page {{ counter-increment: page sheet }} @page :first {{ counter-increment: page sheet {first} }}"
#: What marks a letter that is shown as an exhibit; nothing of it moves.
STAMP = """
@page { @top-right {
    color: #444; content: string(before-sheet) counter(sheet) string(after-sheet); font: 8pt "Noto Sans";
    padding-top: 8mm; vertical-align: top } }
.letter { string-set:
    before attr(data-before), between attr(data-between), after attr(data-after),
    before-sheet attr(data-before-sheet), after-sheet attr(data-after-sheet) }
"""


class Pictures(Bundle):
    """Fetches the pictures of one dossier and the bundled assets, and nothing else from anywhere."""

    def __init__(self, pictures: Sequence[bytes]) -> None:
        super().__init__()
        self.pictures = {PICTURE.format(number): picture for number, picture in enumerate(pictures)}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url in self.pictures:
            return URLFetcherResponse(url, self.pictures[url], {"Content-Type": "image/jpeg"})
        return super().fetch(url, headers)


def bind(job: bytes) -> bytes:
    """Set the parts one behind the other in one PDF/UA-1. Raises Refused where they have too many pages.

    First each is set to count its pages where nobody knows them, then all with the numbers that come of it.
    """
    parts, pictures = parts_of(job)
    fetcher = Pictures(pictures)
    unknown = [0] * len(parts)
    counts = [part.pages or len(_set(fetcher, part, n, unknown, 0).pages) for n, part in enumerate(parts)]
    first = list(accumulate(counts[:-1], initial=1))
    if sum(counts) > MOST_PAGES:
        raise Refused(TOO_LONG)
    documents = [_set(fetcher, part, number, first, sum(counts)) for number, part in enumerate(parts)]
    assert [len(document.pages) for document in documents] == counts, "the numbers moved something"
    return _written(parts, documents)


def _set(fetcher: Pictures, part: Part, number: int, first: list[int], pages: int) -> Document:
    """One part; `first` are the pages on which the parts begin."""
    html = HTML(string=part.html, url_fetcher=fetcher)
    _mark(html.etree_element, part, number, pages)
    for link in html.etree_element.iter("a"):
        at = int(link.get("href").removeprefix("#part-"))
        link.text = f"{link.get('data-before')}{first[at]}"
    style = STYLE + COUNTED.format(first=first[number]) + (STAMP if part.page else "")
    sheets = [PRESS.style, CSS(string=style, url_fetcher=fetcher, font_config=PRESS.fonts)]
    return html.render(stylesheets=sheets, font_config=PRESS.fonts, **OPTIONS)


def _mark(root: Any, part: Part, number: int, pages: int) -> None:
    """Tell the article of a part its bookmark, what leads to it, and what its pages say."""
    before, between, after = page_words(part.page)
    article = next(root.iter("article"))
    article.set("id", f"part-{number}")
    article.set("data-label", part.label)
    article.set("data-before-sheet", before)
    article.set("data-after-sheet", f"{between}{pages}{after}")


def _written(parts: list[Part], documents: list[Document]) -> bytes:
    languages = [part.language for part, one in zip(parts, documents, strict=True) for _ in one.pages]

    def finish(_: Document, pdf: pydyf.PDF) -> None:
        set_apart_page_numbers(pdf)
        name_rows(pdf)
        name_languages(pdf, languages)
        name_links(pdf, parts)

    main = next(one for part, one in zip(parts, documents, strict=True) if part.main)
    pdf = main.copy([page for one in documents for page in one.pages]).write_pdf(finisher=finish, **OPTIONS)
    assert isinstance(pdf, bytes)
    return pdf


def name_links(pdf: pydyf.PDF, parts: list[Part]) -> None:
    """Say of each link where it leads, in words."""
    names = {f"part-{number}": part.label for number, part in enumerate(parts)}
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("Subtype") == "/Link":
            item["Contents"] = pydyf.String(names[item["Dest"].string])


# Behind shut doors


def main() -> None:
    """Answer what comes in with one PDF, until the parent goes."""
    child.main(bind, warm_up(), READABLE)


def warm_up() -> bytes:
    """A letter, a list that leads to it, a picture: so that what dossiers need is loaded."""
    sheet = (
        '<html lang="en"><head><title>-</title></head><body><article class="sheet a4 list"><h1>a</h1><table><tr>'
        '<th>a</th><td><a href="#part-0" data-before="">0</a></td></tr></table><figure><figcaption>a</figcaption>'
        '<img src="dossier:0" alt="a"></figure></article></body></html>'
    )
    picture = BytesIO()
    Image.new("L", (8, 8)).save(picture, "JPEG")
    letter = Part(WARM_UP, "en", "a", "{page}/{pages}", main=True)
    return asked([letter, Part(sheet, "en", "b", "{page}/{pages}")], [picture.getvalue()])
