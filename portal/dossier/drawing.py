"""What the child process does that draws foreign files as pictures of their pages."""

import ctypes
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
from PIL import Image, ImageChops
from pypdfium2 import raw

from portal.bounded import child
from portal.bounded.child import Work
from portal.dossier.packing import pack
from portal.papers import images, pdfs
from portal.papers.copying import a_pdf, a_picture
from portal.papers.kinds import Kind, kind_of

#: An A4 page at 110 dots an inch: print of seven points can be read.
LONG_EDGE = 1_290
#: Of colour, and of grey, which is mostly print: a full page of it takes about 150 kB.
QUALITY, GREY_QUALITY = 60, 45
#: How far the colours of a page may be apart, of 255, and it still counts as grey: paper yellows, scanners tint.
GREY = 40
#: A page is looked at this small to tell its colour, so that a few stray dots do not count.
LOOKED_AT = 300
#: A list of folders with fonts that ends before its first; PDFium looks at it as long as it is loaded.
NOWHERE = (ctypes.c_char_p * 1)(None)


def draw(content: bytes) -> bytes:
    """The pages of a file as JPEG pictures, packed. Raises NotTaken; what else is raised means that it is broken."""
    return pack(*(_jpeg(page) for page in _pages(content)))


def _pages(content: bytes) -> Iterator[Image.Image]:
    if kind_of(content) is Kind.PDF:
        pdfs.check(content)
        yield from _drawn(content)
    else:
        yield images.seen(content, LONG_EDGE)


def _drawn(content: bytes) -> Iterator[Image.Image]:
    """What each page shows, with what was filled into its form and written on it."""
    with pypdfium2.PdfDocument(content) as pdf:
        pdf.init_forms()
        for number in range(len(pdf)):
            yield drawn(pdf[number])


def drawn(page: pypdfium2.PdfPage) -> Image.Image:
    """What a page shows; it is closed."""
    bitmap = page.render(scale=LONG_EDGE / max(*page.get_size(), 1), may_draw_forms=True)
    picture: Image.Image = bitmap.to_pil().copy()
    bitmap.close()
    page.close()
    return picture


def _jpeg(page: Image.Image) -> bytes:
    page.info.clear()  # or what the file said of it would be kept
    mode, quality = ("L", GREY_QUALITY) if _is_grey(page) else ("RGB", QUALITY)
    saved = BytesIO()
    page.convert(mode).save(saved, "JPEG", quality=quality)
    return saved.getvalue()


def _is_grey(page: Image.Image) -> bool:
    if page.mode == "L":
        return True
    small = page.convert("RGB")
    small.thumbnail((LOOKED_AT, LOOKED_AT))
    red, green, blue = small.split()
    highest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    lowest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return not any(ImageChops.subtract(highest, lowest).histogram()[GREY + 1 :])


# Behind shut doors


def main(work: Work = draw) -> None:
    """Answer each file that comes in with its pages, until the parent goes; other work is for tests.

    A picture of each format is drawn before the doors are shut, so that all that this needs is loaded.
    """
    forget_fonts()
    for format_ in ("JPEG", "PNG", "WEBP"):
        draw(a_picture(format_))
    child.main(work, a_pdf())


def forget_fonts() -> None:
    """Draw with the fonts of the file and those that PDFium has of its own: a host's are not to be opened."""
    raw.FPDF_DestroyLibrary()
    paths = ctypes.cast(NOWHERE, ctypes.POINTER(ctypes.POINTER(ctypes.c_char)))
    raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=paths))
