"""Paper as a scanner sees it."""

from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from portal.letters.fonts import FACES, FONTS

#: An A4 page at 150 dots an inch.
PAGE = (1_240, 1_754)


@cache
def a_page(mode: str = "L", stamp: str = "") -> Image.Image:
    """Lines of print on paper that is not quite white; with a stamp in red where there is one."""
    paper = Image.effect_noise(PAGE, 3).convert("L").point(lambda grey: min(255, grey + 115)).convert(mode)
    draw = ImageDraw.Draw(paper)
    face = ImageFont.truetype(FONTS / FACES[0], 23)
    for line in range(25):
        words = f"{line}. We have looked for data concerning you and hold none, as we told you before."
        draw.text((130, 130 + 60 * line), words, fill="black", font=face)
    if stamp:
        draw.text((700, 1_600), stamp, fill="red", font=face)
    return paper


@cache
def a_scan(pages: int, mode: str = "L") -> bytes:
    """A PDF of pictures of paper, as a scanner in an office writes it."""
    content, picture = BytesIO(), BytesIO()
    a_page(mode).save(picture, "JPEG", quality=40)
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /A Do")
            page.Resources = Dictionary(XObject=Dictionary(A=_xobject(pdf, picture.getvalue(), mode)))
        pdf.save(content)
    return content.getvalue()


def _xobject(pdf: pikepdf.Pdf, jpeg: bytes, mode: str) -> pikepdf.Stream:
    width, height = PAGE
    return pikepdf.Stream(
        pdf, jpeg, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if mode == "L" else Name.DeviceRGB, Filter=Name.DCTDecode,
    )  # fmt: skip


def a_screenshot(number: int) -> Image.Image:
    """What a phone shows."""
    shown = Image.new("RGB", (1_080, 2_400), "white")
    draw = ImageDraw.Draw(shown)
    draw.rectangle((0, 0, 1_080, 200), fill="navy")
    face = ImageFont.truetype(FONTS / FACES[0], 44)
    for line in range(35):
        draw.text((60, 260 + 60 * line), f"{number}: match {line}, 0.9{line}", fill="black", font=face)
    return shown
