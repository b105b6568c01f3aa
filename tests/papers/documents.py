"""PDFs as people and attackers send them."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.papers.pictures import HTML, WORD, bomb

Change = Callable[[Pdf], object]


def a_pdf(change: Change = lambda _: None, pages: int = 1, **how: Any) -> bytes:
    """A PDF of empty pages, changed before it is saved."""
    content = BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        change(pdf)
        pdf.save(content, **how)
    return content.getvalue()


def of_root(key: str, value: Callable[[Pdf], object]) -> Change:
    return lambda pdf: pdf.Root.__setitem__(key, value(pdf))


def of_page(key: str, value: Callable[[Pdf], object]) -> Change:
    return lambda pdf: pdf.pages[0].obj.__setitem__(key, value(pdf))


def an_action(kind: str, **more: object) -> Change:
    """Something that happens when it is opened."""
    return of_root("/OpenAction", lambda _: Dictionary(S=Name(kind), **more))


def javascript(_: Pdf | None = None) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def annotated(**annotation: object) -> Change:
    """With something on its page."""
    return of_page("/Annots", lambda _: Array([Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **annotation)]))


def a_field(**field: object) -> Change:
    """With a form of one field."""
    return of_root("/AcroForm", lambda pdf: Dictionary(Fields=Array([pdf.make_indirect(Dictionary(**field))])))


def with_file(pdf: Pdf) -> None:
    pdf.attachments["planted.txt"] = pikepdf.AttachedFileSpec(pdf, WORD)


def a_file(pdf: Pdf) -> Dictionary:
    return Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=pdf.make_stream(WORD)))


def hidden(pdf: Pdf) -> None:
    """An object that no page leads to, with names and values that are objects of their own."""
    pdf.Root.Else = pdf.make_indirect(Array([Dictionary(S=pdf.make_indirect(Name.Launch), F=String("cmd.exe"))]))


def a_loop(pdf: Pdf) -> None:
    pdf.Root.Pages.Kids = Array([pdf.Root.Pages])


def a_zip() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("planted.html", HTML)
    return content.getvalue()


def zip_around(pdf: bytes) -> bytes:
    """An archive that holds the PDF as it is: both can be read from the same bytes."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.pdf", pdf)
    return content.getvalue()


def zip_before_the_end(pdf: bytes) -> bytes:
    """An archive whose comment is the end of the PDF."""
    at = pdf.rindex(b"startxref")
    archive, end = a_zip(), pdf[at:]
    return pdf[:at] + archive[:-2] + len(end).to_bytes(2, "little") + end


def nested(depth: int) -> bytes:
    """Arrays within arrays within arrays."""
    return b"%PDF-1.7\n1 0 obj\n" + b"[" * depth + b"]" * depth + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def packed_bomb(size: int) -> bytes:
    """Objects in a stream that inflates to so many bytes, which is needed to find the pages."""
    packed = bomb(size)
    objects = (
        b"1 0 obj\n<</Type/Catalog/Pages 3 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n",
    )
    content = b"%PDF-1.7\n"
    places = []
    for one in objects:
        places.append(len(content))
        content += one
    entries = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(4, "big") + more.to_bytes(2, "big")
        for kind, place, more in [(0, 0, 0), (1, places[0], 0), (1, places[1], 0), (2, 2, 0), (1, len(content), 0)]
    )
    start = len(content)
    head = b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n" % len(entries)
    return content + head + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
