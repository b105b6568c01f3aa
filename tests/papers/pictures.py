"""Pictures as people and attackers send them, each with planted words where a format has room for any."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

#: Stands in every place that is not the picture itself; nothing of it may come out.
PLANTED = "Zwq4821planted"
WORD = PLANTED.encode()
SIZE = (120, 80)
#: What each corner shows: a picture that was turned is told by them.
CORNERS = {(0, 0): "red", (1, 0): "green", (0, 1): "blue", (1, 1): "yellow"}

HTML = b"<!DOCTYPE html><html><script>alert('" + WORD + b"')</script></html>"
XMP = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">' + WORD + b"</x:xmpmeta><?xpacket end='w'?>"


def a_picture(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """A page with a colour in each corner."""
    width, height = size
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for (right, below), colour in CORNERS.items():
        left, top = right * width // 2, below * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return picture.quantize(8) if mode == "P" else picture.convert(mode)


def saved(picture: Image.Image | None = None, format_: str = "JPEG", **how: Any) -> bytes:
    content = BytesIO()
    (picture or a_picture()).save(content, format_, **how)
    return content.getvalue()


# JPEG


def an_exif(orientation: int = 1) -> Image.Exif:
    """Who took it, where, with what, and a sentence."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = exif[0x010F] = exif[0x013B] = PLANTED  # description, make, artist
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + WORD  # comment of the user
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 0.0), 29: PLANTED})
    return exif


def turned(orientation: int) -> bytes:
    """As a camera keeps it that was held otherwise: upright only for those who heed what it says."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return saved(a_picture().transpose(back[orientation]), quality=95, exif=an_exif(orientation))


def with_segment(marker: int, content: bytes, jpeg: bytes | None = None) -> bytes:
    """A JPEG with one more segment at its beginning."""
    jpeg = jpeg or saved()
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + jpeg[2:]


def with_size(jpeg: bytes, width: int, height: int) -> bytes:
    """A JPEG that says that it is larger than it is."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def segments(jpeg: bytes) -> Iterator[int]:
    """The markers of a JPEG up to its picture."""
    at = 2
    while True:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        yield marker
        if marker == 0xDA:
            return
        at += 2 + length


# PNG


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def chunks(png: bytes) -> list[bytes]:
    """The kinds of a PNG's chunks; what follows the last of them counts as one."""
    found, at = [], 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        found.append(png[at + 4 : at + 8])
        at += 12 + length
    return found


def raw_png(width: int, height: int, depth: int = 8, colour: int = 2, data: bytes = b"", *more: bytes) -> bytes:
    """A PNG by hand: what its header says need not be true of its data."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"".join((b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *more, chunk(b"IDAT", data), chunk(b"IEND", b"")))


def with_chunk(kind: bytes, content: bytes, png: bytes | None = None) -> bytes:
    """A PNG with one more chunk behind its header."""
    png = png or saved(format_="PNG")
    return png[:33] + chunk(kind, content) + png[33:]


def with_texts() -> bytes:
    """All three kinds of text that a PNG may carry."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", PLANTED)
    texts.add_text("Description", PLANTED, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add_itxt("Title", PLANTED, zip=True)
    return saved(format_="PNG", pnginfo=texts)


def sixteen_bits() -> bytes:
    """Red, green and blue of sixteen bits, from black to white."""
    rows = b"".join(b"\0" + b"".join(struct.pack(">HHH", *[x * 655] * 3) for x in range(100)) for _ in range(50))
    return raw_png(100, 50, 16, 2, zlib.compress(rows))


def grey_of_sixteen_bits() -> bytes:
    rows = b"".join(b"\0" + b"".join(struct.pack(">H", x * 655) for x in range(100)) for _ in range(50))
    return raw_png(100, 50, 16, 0, zlib.compress(rows))


def bomb(size: int) -> bytes:
    """So many bytes of nothing, packed."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000))
    return packed + packer.flush()


# Any


def profile() -> bytes:
    """A colour profile that names somebody."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made.replace(b"sRGB built-in", WORD[:13])


def on_fire(format_: str) -> bytes:
    """An animation: the page, then the planted colour."""
    later = [Image.new("RGB", SIZE, colour) for colour in ("purple", "orange")]
    return saved(format_=format_, save_all=True, append_images=later, duration=100)
