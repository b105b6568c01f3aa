"""A picture made anew: what can be seen of it, and nothing else."""

from contextlib import suppress
from io import BytesIO
from math import ceil

import PIL.MpoImagePlugin  # two pictures in a JPEG: loaded late, when the doors are shut
import PIL.WebPImagePlugin  # noqa: F401  # Pillow knows the other formats without it
from PIL import Image, ImageCms

from portal.papers.kinds import Kind, kind_of
from portal.papers.paper import LARGEST_FILE
from portal.papers.refusals import NotTaken, Reason

#: The 50 megapixels of a phone's camera (8,160 × 6,144); an A4 page at 600 dots an inch has 35.
MOST_PIXELS = 51_000_000
#: An A4 page at 300 dots an inch (3,508) loses nothing: small print stays readable.
LONG_EDGE = 3_600
#: The first is as good as a letter needs; the second is for what would be too large, which no letter is.
QUALITIES = (88, 60)
FORMATS = ("JPEG", "PNG", "WEBP")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
ORIENTATION = 0x0112  # Exif 2.32, 4.6.4 A
#: What makes a picture upright, by how the camera was held.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# The bound is ours, and asked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def made_anew(content: bytes) -> bytes:
    """The picture as JPEG, or as PNG where it came as one: upright, in sRGB, on white, within LONG_EDGE.

    Of several pictures in a file the first. A PNG that would become larger than may be kept becomes a JPEG.
    Raises NotTaken where it is too large to be decoded; what else Pillow raises means that it is broken.
    """
    try:
        picture = seen(content)
    except MemoryError:
        raise NotTaken(Reason.HUGE_PICTURE) from None
    if kind_of(content) is Kind.PNG:
        made = _saved(picture, "PNG")
        if len(made) <= LARGEST_FILE:
            return made
    return _jpeg(picture)


def seen(content: bytes, long_edge: int = LONG_EDGE) -> Image.Image:
    """What a person sees of it within `long_edge`, as new pixels of grey or of red, green and blue."""
    with Image.open(BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise NotTaken(Reason.HUGE_PICTURE)
        scale = min(1.0, long_edge / max(width, height))
        image.draft(None, (ceil(width * scale), ceil(height * scale)))  # a JPEG can be decoded smaller
        image.load()
        small = _on_white(_eight_bits(image))
        small.thumbnail((long_edge, long_edge))
        return _upright(_in_srgb(small, image.info.get("icc_profile")), _orientation(image))


def _eight_bits(image: Image.Image) -> Image.Image:
    """Eight bits a colour; transparency, by palette or by one colour, as a channel of its own."""
    if image.mode in ("I", "I;16", "I;16B"):
        return image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert({"1": "L", "P": "RGB"}.get(image.mode, image.mode))


def _on_white(image: Image.Image) -> Image.Image:
    """As on paper: what is transparent is white, and colours that nobody sees are gone."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as they were meant, without the profile that says how; a profile that is broken says nothing."""
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError):
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            made = ImageCms.profileToProfile(image, meant, SRGB, outputMode="RGB")
            assert made
            return made
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _orientation(image: Image.Image) -> int:
    """How the camera was held; 1, upright, where nothing readable says so."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # what is broken in it must not cost the letter
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else image


def _jpeg(picture: Image.Image) -> bytes:
    """The best that may be kept."""
    made = (_saved(picture, "JPEG", quality=quality, subsampling=0) for quality in QUALITIES)  # 4:4:4, for red ink
    fitting = next((jpeg for jpeg in made if len(jpeg) <= LARGEST_FILE), b"")
    if not fitting:
        raise NotTaken(Reason.HUGE_PICTURE)
    return fitting


def _saved(picture: Image.Image, format_: str, **how: int) -> bytes:
    """Encoded, with nothing of what the file said about it."""
    picture.info.clear()
    saved = BytesIO()
    picture.save(saved, format_, **how)
    return saved.getvalue()
