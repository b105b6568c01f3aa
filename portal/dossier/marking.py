"""What the child process does that draws a page of a foreign file with a mark across it."""

from collections.abc import Callable
from io import BytesIO
from math import ceil, hypot
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from portal.bounded import child
from portal.bounded.child import Refused, Work
from portal.dossier.drawing import LONG_EDGE, drawn, forget_fonts
from portal.dossier.packing import NO_PAGE, View, view_of, wanted
from portal.papers import images, pdfs
from portal.papers.copying import a_pdf, a_picture
from portal.papers.kinds import Kind, kind_of

_FONT_FILE = Path(__file__).resolve().parents[2] / "static" / "fonts" / "NotoSans-Bold.ttf"
#: Held in memory: once the doors are shut, no file is opened.
_FONT = _FONT_FILE.read_bytes()
#: The mark must fit on a page at least so wide; what is smaller is drawn larger.
SHORTEST = 640
#: How the mark lies, counter-clockwise: no line of a page, and no side of it, runs along it.
DEGREES = 30
#: So many lines of the mark stand above each other on a page.
LINES = 7
#: Dark on what is light, with a rim that is light on what is dark; what lies below can still be read.
INK, RIM = (150, 0, 0, 105), (255, 255, 255, 120)


def mark(message: bytes) -> bytes:
    """A page as PNG with a mark across it, or how many pages there are, in digits.

    Raises NotTaken, or Refused where there is no such page; what else is raised means that the file is broken.
    """
    view = view_of(message)
    if kind_of(view.content) is Kind.PDF:
        pdfs.check(view.content)
        with pypdfium2.PdfDocument(view.content) as pdf:
            pdf.init_forms()
            return _answer(view, len(pdf), lambda n: drawn(pdf[n - 1]))
    return _answer(view, 1, lambda _: images.seen(view.content, LONG_EDGE))


def _answer(view: View, pages: int, draw: Callable[[int], Image.Image]) -> bytes:
    if view.n > pages:
        raise Refused(NO_PAGE)
    page = draw(view.n or 1)  # before it is said how many there are, the first is known to be one that can be drawn
    return _png(page, view.mark) if view.n else str(pages).encode()


def _png(page: Image.Image, words: str) -> bytes:
    saved = BytesIO()
    marked(page, words).save(saved, "PNG")
    return saved.getvalue()


def marked(page: Image.Image, words: str) -> Image.Image:
    """The page with words across it, again and again, so that no part of it is without them."""
    seen = _large(page).convert("RGBA")
    seen.info.clear()  # or what the file said of it would be kept
    width, height = seen.size
    edge = ceil(hypot(width, height))
    layer = Image.new("RGBA", (edge, edge))
    _write(ImageDraw.Draw(layer), f"{' '.join(words.split())}    ", edge, min(width, height))
    left, top = (edge - width) // 2, (edge - height) // 2
    turned = layer.rotate(DEGREES, Image.Resampling.BICUBIC).crop((left, top, left + width, top + height))
    return Image.alpha_composite(seen, turned).convert("RGB")


def _large(page: Image.Image) -> Image.Image:
    """The page as it is, where the mark fits on it; else drawn larger, and what is long and narrow on paper."""
    scale = min(SHORTEST / min(page.size), LONG_EDGE / max(page.size))
    if scale > 1:
        width, height = (max(1, round(edge * scale)) for edge in page.size)
        page = page.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    if min(page.size) >= SHORTEST:
        return page
    paper = Image.new("RGB", (max(page.width, SHORTEST), max(page.height, SHORTEST)), "white")
    paper.paste(page.convert("RGB"))
    return paper


def _write(draw: ImageDraw.ImageDraw, words: str, edge: int, width: int) -> None:
    font = ImageFont.truetype(BytesIO(_FONT), width // 26, layout_engine=ImageFont.Layout.BASIC)
    long = max(1, ceil(draw.textlength(words, font)))
    step = width // LINES
    for line, y in enumerate(range(0, edge, step)):
        shift = -(line % 2) * long // 2  # so that no column is without words either
        for x in range(shift, edge, long):
            draw.text((x, y), words, INK, font, stroke_width=2, stroke_fill=RIM)


# Behind shut doors


def main(work: Work = mark) -> None:
    """Answer each page that is asked for, until the parent goes; other work is for tests.

    A page of each format is drawn before the doors are shut, so that all that this needs is loaded; one has a mark.
    """
    mark(wanted(View(1, "a mark", a_picture("JPEG"))))
    for format_ in ("PNG", "WEBP"):
        mark(wanted(View(0, "a mark", a_picture(format_))))
    forget_fonts()
    child.main(work, wanted(View(0, "a mark", a_pdf())))
