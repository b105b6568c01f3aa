"""The files of others, drawn as pictures of their pages behind shut doors."""

import os
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from portal.bounded.children import BARE, ROOT
from portal.dossier.binder import DRAWS, SETS, Binder, NotBound, numbered
from portal.dossier.dossier import Exhibit
from portal.dossier.drawing import LONG_EDGE, draw
from portal.dossier.packing import pack, unpack
from tests.dossier.conftest import _a_dossier
from tests.dossier.scans import a_page, a_scan
from tests.dossier.test_binder import calls, traced
from tests.letters.test_pdf import text
from tests.papers.corpus import BAD_DOCUMENTS, BAD_PICTURES, DOCUMENTS, FOREIGN, PICTURES, Upload
from tests.papers.documents import a_pdf, of_page
from tests.papers.pictures import WORD, a_picture, on_fire, saved, segments, turned
from tests.papers.test_papers import NEEDED

CI = os.environ.get("CI") == "true"


def pictures(content: bytes) -> list[Image.Image]:
    return [Image.open(BytesIO(page)) for page in unpack(draw(content))]


def dossier_of(*contents: bytes) -> object:
    return _a_dossier(cover=None, exhibits=tuple(Exhibit("a file", content) for content in contents))


# What is drawn


def test_each_page_is_a_picture_of_what_it_shows() -> None:
    first, second = pictures(a_scan(2))
    assert first.size == second.size == (912, LONG_EDGE)
    seen, paper = first.convert("L").resize((60, 85)), a_page().resize((60, 85))
    apart = [abs(a - b) for a, b in zip(seen.tobytes(), paper.tobytes(), strict=True)]
    assert sum(apart) / len(apart) < 3


def test_a_page_of_a_scan_is_small() -> None:
    assert max(map(len, unpack(draw(a_scan(2, "RGB"))))) < 200_000


@pytest.mark.parametrize(
    ("page", "mode"),
    [
        (a_page(), "L"),
        (a_page("RGB"), "L"),  # a scanner in colour, of black on white
        (a_page("RGB", stamp="RECEIVED 4 OCTOBER"), "RGB"),
        (a_picture(), "RGB"),
    ],
)
def test_what_is_grey_is_drawn_grey(page: Image.Image, mode: str) -> None:
    assert [picture.mode for picture in pictures(saved(page, quality=90))] == [mode]


def test_a_picture_is_upright_and_as_large_as_is_needed() -> None:
    [turned_] = pictures(turned(6))
    assert turned_.size == (120, 80)
    [large] = pictures(saved(a_picture(size=(4_000, 3_000))))
    assert large.size == (LONG_EDGE, 967) or large.size == (LONG_EDGE, 968)


def test_what_was_filled_into_a_form_is_drawn() -> None:
    [page] = pictures(a_pdf(filled))
    assert page.convert("L").getpixel((455, 645)) < 60
    assert page.convert("L").getpixel((100, 1_200)) > 240


def filled(pdf: Pdf) -> None:
    """A field over the middle of the page, whose content is a black box."""
    shown = pdf.make_stream(
        b"0 g 0 0 200 200 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 200])
    )
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), F=4,
            Rect=Array([197, 321, 397, 521]), AP=Dictionary(N=shown),
        )
    )  # fmt: skip
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("upload", DOCUMENTS + PICTURES, ids=str)
def test_all_that_is_taken_is_drawn_and_nothing_else(upload: Upload) -> None:
    made = unpack(draw(upload.build()))
    assert made
    for page in made:
        assert WORD not in page
        assert set(segments(page)) <= NEEDED


# What is not


@pytest.fixture(scope="module")
def quick() -> Iterator[Binder]:
    """One that sets nothing, for what does not come so far."""
    with Binder(sets=(sys.executable, "-c", "raise SystemExit")) as binder:
        yield binder


@pytest.mark.parametrize("upload", BAD_DOCUMENTS + BAD_PICTURES + FOREIGN, ids=str)
def test_what_is_not_taken_ends_in_a_sentence_that_names_the_exhibit(upload: Upload, quick: Binder) -> None:
    with pytest.raises(NotBound, match=r"Exhibit 2 (could not be drawn|is too large to be drawn|needs a password)"):
        quick.pdf(dossier_of(saved(), upload.build()))


def a_bomb(pdf: Pdf) -> None:
    """A picture that inflates to 1.6 gigabytes."""
    size = 40_000
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(size)) for _ in range(size)) + packer.flush()
    picture = pikepdf.Stream(
        pdf, packed, Type=Name.XObject, Subtype=Name.Image, Width=size, Height=size, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray, Filter=Name.FlateDecode,
    )  # fmt: skip
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=picture))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /A Do")


def a_mirror(pdf: Pdf) -> None:
    """A form that draws itself, twice."""
    form = pdf.make_stream(b"/A Do /A Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(A=form))
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=form))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/A Do")


def a_laugh(pdf: Pdf) -> None:
    """Forms that each draw the next ten times: ten to the ninth in all."""
    form = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    for _ in range(9):
        resources = Dictionary(XObject=Dictionary(A=form))
        form = pdf.make_stream(b"/A Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        form.Resources = resources
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=form))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/A Do")


def box(*measures: float) -> Callable[[Pdf], object]:
    return of_page("/MediaBox", lambda _: Array([*measures]))


#: What opens well and is hard to draw: either it is drawn after all, or it ends in a sentence.
HARD = {
    "a picture of 1.6 gigabytes": a_bomb,
    "a form that draws itself": a_mirror,
    "forms that draw forms": a_laugh,
    "a page without width": box(0, 0, 0, 842),
    "a page as thin as a hair": box(0, 0, 0.001, 842),
    "a page of a kilometre": box(0, 0, 3_000_000, 3_000_000),
    "a page of no numbers": of_page("/MediaBox", lambda _: Array([Name.A, Name.B, Name.C, Name.D])),
    "a broken content": of_page("/Contents", lambda pdf: pdf.make_stream(b"q q q ( << [ 1 0 cm /X Do BI ID " * 99)),
}


@pytest.mark.parametrize("change", HARD.values(), ids=HARD)
def test_what_is_hard_to_draw_brings_down_nothing(change: Callable[[Pdf], object]) -> None:
    with Binder(seconds=4, sets=(sys.executable, "-c", "raise SystemExit")) as binder:
        assert re.match(r"1 page|Exhibit 2 (could not|is too large)|This dossier took too", came_of(binder, change))
        assert binder._drawn(numbered(dossier_of(saved())))


def came_of(binder: Binder, change: Callable[[Pdf], object]) -> str:
    try:
        return f"{len(binder._drawn(numbered(dossier_of(saved(), a_pdf(change))))['2'])} page"
    except NotBound as refused:
        return str(refused)


#: A child that does as a comment in a JPEG says: as somebody would who has broken out of a library.
OBEDIENT = """
import ctypes, os, socket, time
from portal.dossier import drawing

whole = ctypes.CDLL(None, use_errno=True)

def draw(content):
    def asked(wish): return b"please " + wish in content
    if asked(b"sleep"): time.sleep(60)
    if asked(b"eat"): return bytes(2_000_000_000)
    if asked(b"die"): os._exit(3)
    if asked(b"read"): return open("/etc/passwd", "rb").read()
    if asked(b"connect"): socket.create_connection(("127.0.0.1", 9))
    if asked(b"whole"): assert whole.open(b"/etc/passwd", 0) >= 0 or whole.socket(2, 1, 0) >= 0
    if asked(b"lie"): return b"\\0\\0\\0\\6<html>"
    if asked(b"mumble"): return b"\\0\\0\\1"
    if asked(b"nothing"): return b""
    return drawing.draw(content)

drawing.main(draw)
"""
WISHES = ("sleep", "eat", "die", "read", "connect", "whole", "lie", "mumble", "nothing")


@pytest.mark.parametrize("wish", WISHES)
def test_a_child_does_nothing_but_draw(wish: str) -> None:
    command = (sys.executable, "-c", BARE + OBEDIENT)
    with Binder(seconds=3, draws=command, sets=(sys.executable, "-c", "raise SystemExit")) as binder:
        with pytest.raises(NotBound, match="Exhibit 2 "):
            binder._drawn(numbered(dossier_of(saved(), saved(comment=f"please {wish}".encode()))))
        assert [len(pages) for pages in binder._drawn(numbered(dossier_of(saved(), a_pdf(pages=2)))).values()] == [
            1,
            2,
        ]


# Doors


def test_a_child_has_nothing_of_the_application() -> None:
    code = f"{BARE}\nfrom portal.dossier import drawing\nprint(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert not {"flask", "sqlmodel", "sqlalchemy", "nacl", "weasyprint"} & set(run.stdout.decode().split())


def written(pdf: Pdf) -> None:
    """In typefaces that are not in the file, and of which a host may have some."""
    fonts = {f"F{n}": Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name(name))
             for n, name in enumerate(("/Arial", "/DejaVuSans", "/SimSun", "/Helvetica"))}  # fmt: skip
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(**fonts))
    said = b"".join(
        b"BT /F%d 40 Tf 50 %d Td (No host is asked) Tj ET " % (n, 700 - 90 * n) for n in range(len(fonts))
    )
    pdf.pages[0].obj.Contents = pdf.make_stream(said)


def test_a_typeface_that_is_not_in_the_file_is_drawn_all_the_same() -> None:
    [page] = pictures(a_pdf(written))
    for n in range(4):
        line = page.convert("L").crop((76, int((802 - 700 + 90 * n) * 1.53), 600, int((850 - 700 + 90 * n) * 1.53)))
        assert line.getextrema()[0] < 80


@pytest.mark.skipif(not shutil.which("strace") and not CI, reason="needs strace")
def test_children_at_work_open_nothing_and_call_nobody(tmp_path: Path) -> None:
    drawing, setting = tmp_path / "drawing", tmp_path / "setting"
    files = [
        saved(),
        saved(format_="PNG"),
        saved(format_="WEBP"),
        on_fire("MPO"),
        a_scan(2),
        a_pdf(written),
        a_pdf(filled),
    ]
    try:
        with Binder(draws=traced(DRAWS, drawing), sets=traced(SETS, setting)) as binder:
            made = binder.pdf(dossier_of(*files))
    except NotBound:
        if CI:
            raise
        pytest.skip("this host does not allow strace")
    assert "Exhibit 7, page 1 of 1" in text(made)
    assert not [call for call in calls(drawing) if re.search(r" (open|openat|execve|fork|vfork|clone)\(", call)]
    allowed = (str(ROOT / "static" / "fonts"), sys.prefix, sys.base_prefix, "/etc/ld.so", "/usr/lib", "/lib")
    opened = [path for call in calls(setting) for path in re.findall(r'open(?:at)?\([^"]*"([^"]*)"', call)]
    assert not [path for path in opened if not path.startswith(allowed)]
    assert not [call for call in calls(setting) if re.search(r" (execve|fork|vfork)\(|O_WRONLY|O_RDWR|O_CREAT", call)]


# Packing


@pytest.mark.parametrize("pieces", [(), (b"",), (b"a", b"", b"bc"), (bytes(70_000), b"\xff")])
def test_what_is_packed_is_unpacked(pieces: tuple[bytes, ...]) -> None:
    assert unpack(pack(*pieces)) == pieces


def test_half_a_message_is_no_message() -> None:
    with pytest.raises(ValueError, match="ends within a piece"):
        unpack(pack(b"abc")[:-1])
