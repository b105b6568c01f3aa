"""What the child process does that copies papers."""

from io import BytesIO

import pikepdf
from PIL import Image

from portal.bounded import child
from portal.bounded.child import Work
from portal.papers import images, pdfs
from portal.papers.kinds import Kind, kind_of


def copy(content: bytes) -> bytes:
    """A picture made anew; nothing for a PDF, which stays as it is. Raises NotTaken."""
    if kind_of(content) is not Kind.PDF:
        return images.made_anew(content)
    pdfs.check(content)
    return b""


def main(work: Work = copy) -> None:
    """Answer each file that comes in with its copy, until the parent goes; other work is for tests.

    A picture of each format is copied before the doors are shut, so that all that this needs is loaded.
    """
    for format_ in ("JPEG", "PNG", "WEBP"):
        copy(a_picture(format_))
    child.main(work, a_pdf())


def a_picture(format_: str) -> bytes:
    saved = BytesIO()
    Image.new("RGB", (8, 8)).save(saved, format_, icc_profile=images.SRGB.tobytes())
    return saved.getvalue()


def a_pdf() -> bytes:
    """Locked by an empty password, so that what opens such a one is loaded too."""
    saved = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(saved, encryption=pikepdf.Encryption(owner="", user=""))
    return saved.getvalue()
