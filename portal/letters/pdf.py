"""Letters as PDF."""

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from portal.letters.fonts import FONTS
from portal.letters.html import document
from portal.letters.letter import Gloss, Letter

# Fontconfig reads it once, when WeasyPrint is imported: the bundled fonts and no others.
os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")

# None of these has types.
import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import (
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

OPTIONS = {"pdf_variant": "pdf/ua-1"}

#: All that a letter may be made of, by the name that stands for it.
ASSETS = {"portal:letter.css": (Path(__file__).with_name("letter.css"), "text/css")}


class Bundle(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Fetches the bundled assets by name, and nothing else from anywhere."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Raises what stops the rendering: an ordinary exception is swallowed, and a part missing."""
        if url not in ASSETS:
            raise FatalURLFetchingError("a letter may fetch nothing")
        path, kind = ASSETS[url]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


class Press(threading.local):
    """What is made once a thread: WeasyPrint's fonts may not be shared, and a new set of them leaks."""

    @cached_property
    def bundle(self) -> Bundle:
        return Bundle()

    @cached_property
    def fonts(self) -> FontConfiguration:
        return FontConfiguration()

    @cached_property
    def style(self) -> CSS:
        return CSS(url="portal:letter.css", url_fetcher=self.bundle, font_config=self.fonts)


PRESS = Press()


def render(letter: Letter, gloss: Gloss | None = None) -> bytes:
    """Set a letter in this process, as PDF/UA-1. The same letter gives the same bytes, on any host.

    There is no bound on time or memory here: `printer.Printer` sets them.
    """
    return set_document(document(letter, gloss))


def set_document(*sources: str) -> bytes:
    """Set the HTML of letters, one behind the other in one document; each keeps its own pages and their numbers.

    The document has the title and the language of the first; a part in another language says so itself.
    """
    letters = [HTML(string=source, url_fetcher=PRESS.bundle) for source in sources]
    meanings = [section.get("lang") for letter in letters for section in letter.etree_element.iter("section")]
    set_ = [letter.render(stylesheets=[PRESS.style], font_config=PRESS.fonts, **OPTIONS) for letter in letters]
    languages = [
        letter.etree_element.get("lang") for letter, one in zip(letters, set_, strict=True) for _ in one.pages
    ]

    def finish(_: Document, pdf: pydyf.PDF) -> None:
        set_apart_page_numbers(pdf)
        name_rows(pdf)
        if len(sources) > 1:
            name_languages(pdf, languages)
        if meanings:
            name_language(pdf, meanings[-1])

    whole = set_[0].copy([page for one in set_ for page in one.pages])
    pdf = whole.write_pdf(finisher=finish, **OPTIONS)
    assert isinstance(pdf, bytes)
    return pdf


# What WeasyPrint's tags lack


def name_rows(pdf: pydyf.PDF) -> None:
    """Say of each header of a table that it heads its row: some readers look for that, and not for its id."""
    for element in _elements(pdf).values():
        if element["S"] == "/TH":
            element["A"] = pydyf.Dictionary({"O": "/Table", "Scope": "/Row"})


def name_language(pdf: pydyf.PDF, language: str) -> None:
    """Say in the structure tree which parts are in the reader's language."""
    for element in _elements(pdf).values():
        if element["S"] == "/Sect":
            element["Lang"] = pydyf.String(language)


def name_languages(pdf: pydyf.PDF, languages: Sequence[str]) -> None:
    """Say of each page in which language its letter is: what stands on a page is one article of its letter."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    articles = _object(pdf, root["K"][0])["K"]
    for article, language in zip(articles, languages, strict=True):
        _object(pdf, article)["Lang"] = pydyf.String(language)


def set_apart_page_numbers(pdf: pydyf.PDF) -> None:
    """Make artefacts of the page numbers: they are tagged as text, but in no part of the structure tree."""
    elements = _elements(pdf)
    read: set[bytes] = set()
    ahead = [pdf.catalog["StructTreeRoot"]]
    while ahead:
        at = ahead.pop()
        read.add(at)
        ahead += [kid for kid in _object(pdf, at).get("K", ()) if isinstance(kid, bytes)]
    for reference, element in elements.items():
        if reference not in read:
            for number in (kid for kid in element["K"] if isinstance(kid, int)):
                _set_apart(pdf, _object(pdf, element["Pg"]), number)
            element.clear()  # and not freed: pydyf would miscount the objects behind it, and readers take others


def _set_apart(pdf: pydyf.PDF, page: pydyf.Dictionary, number: int) -> None:
    """Make an artefact of one marked content of a page, and take it out of the parent tree."""
    stream = _object(pdf, page["Contents"]).stream
    at = next(n for n, part in enumerate(stream) if isinstance(part, dict) and part.get("MCID") == number)
    stream[at - 1 : at + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
    parents = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    parents[2 * page["StructParents"] + 1][number] = "null"


def _elements(pdf: pydyf.PDF) -> dict[bytes, pydyf.Dictionary]:
    """The elements of the structure tree by their references, also those that nothing leads to."""
    found = (item for item in pdf.objects if isinstance(item, pydyf.Dictionary))
    return {item.reference: item for item in found if item.get("Type") == "/StructElem"}


def _object(pdf: pydyf.PDF, reference: bytes) -> pydyf.Dictionary:
    """What a reference (`b"12 0 R"`) stands for: objects are kept by their numbers."""
    return pdf.objects[int(reference.split()[0])]
