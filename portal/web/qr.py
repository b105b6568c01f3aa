"""An address as a picture that a camera reads."""

from io import BytesIO

import segno
from markupsafe import Markup

#: How many pixels a module has in a picture that is taken, so that it prints well on a poster.
_SCALE = 16


def inline(address: str) -> Markup:
    """As SVG that stands in a page: no address of its own, no style of its own."""
    drawn = _drawn(address).svg_inline(light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704  # drawn by segno from what it was given, which is no part of it as text


def file(address: str, kind: str) -> bytes:
    """As a file of its own, `svg` or `png`."""
    made = BytesIO()
    _drawn(address).save(made, kind=kind, scale=_SCALE, light="#fff")
    return made.getvalue()


def _drawn(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m")
