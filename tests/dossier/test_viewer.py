"""Pages to be looked at, drawn with a mark across them behind shut doors."""

import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from portal.bounded.children import BARE, ROOT
from portal.dossier.drawing import LONG_EDGE
from portal.dossier.marking import LINES, SHORTEST, marked
from portal.dossier.packing import View, view_of, wanted
from portal.dossier.viewer import MARKS, NoPage, NotShown, Viewer
from tests.dossier.scans import a_scan
from tests.dossier.test_binder import calls, traced
from tests.dossier.test_drawing import CI, OBEDIENT, WISHES
from tests.papers.documents import a_pdf, javascript, of_root
from tests.papers.pictures import a_picture, saved

MARK = "Cleo Clerk · 1a2b3c4d · 2026-11-23 10:00 UTC"


@pytest.fixture(scope="module")
def viewer() -> Viewer:
    return Viewer()


def shown(viewer: Viewer, content: bytes, n: int = 1, mark: str = MARK) -> Image.Image:
    return Image.open(BytesIO(viewer.page(content, n, mark)))


@pytest.mark.parametrize(
    ("content", "pages", "size"),
    [
        (a_scan(2), 2, (912, LONG_EDGE)),
        (a_pdf(pages=3), 3, (912, LONG_EDGE)),
        (saved(a_picture(size=(3_000, 2_000))), 1, (LONG_EDGE, 860)),
        (saved(format_="PNG"), 1, (960, SHORTEST)),  # of 120 × 80
        (saved(a_picture(size=(2_000, 20)), "WEBP"), 1, (LONG_EDGE, SHORTEST)),  # on paper
    ],
)
def test_each_page_is_a_png_on_which_the_mark_fits(
    viewer: Viewer, content: bytes, pages: int, size: tuple[int, int]
) -> None:
    assert viewer.pages(content) == pages
    page = shown(viewer, content, pages)
    assert (page.format, page.mode, page.size) == ("PNG", "RGB", size)
    for n in (0, pages + 1, -1, 2**40):
        with pytest.raises(NoPage):
            viewer.page(content, n, MARK)


@pytest.mark.parametrize("colour", ["white", "black", "red", "grey", (150, 0, 0)])
def test_the_mark_is_seen_on_every_colour_and_in_every_part(colour: str | tuple[int, int, int]) -> None:
    page = Image.new("RGB", (900, 1_200), colour)
    changed = ImageChops.difference(page, marked(page, MARK)).convert("L").point(lambda by: 255 * (by > 20))
    step = 900 // LINES * 2
    for left in range(0, 900 - step, step):
        for top in range(0, 1_200 - step, step):
            assert changed.crop((left, top, left + step, top + step)).histogram()[255] > step * step / 50


def test_what_lies_below_can_still_be_read() -> None:
    page = Image.new("RGB", (900, 1_200), "white")
    darkest = marked(page, MARK).convert("L").getextrema()[0]
    assert isinstance(darkest, int)
    assert darkest > 100


@pytest.mark.parametrize("mark", ["", " ", "Ελένη Παπαδοπούλου", "李小龍", "a" * 400, "two\nlines"])
def test_whatever_somebody_is_called_the_page_is_drawn(mark: str) -> None:
    assert marked(a_picture(size=(900, 700)), mark).size == (900, 700)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", saved()[:200], a_pdf()[:-40], a_pdf(of_root("/OpenAction", javascript))],
    ids=["empty", "html", "half a picture", "half a pdf", "a program"],
)
def test_what_is_broken_or_foreign_is_not_shown(viewer: Viewer, content: bytes) -> None:
    with pytest.raises(NotShown):
        viewer.pages(content)
    with pytest.raises(NotShown):
        viewer.page(content, 1, MARK)


@pytest.mark.parametrize("wish", WISHES)
def test_a_child_does_nothing_but_draw(wish: str) -> None:
    obedient = OBEDIENT.replace("drawing", "marking").replace("marking.draw(", "marking.mark(")
    viewer = Viewer(seconds=3, command=(sys.executable, "-c", BARE + obedient))
    with pytest.raises(NotShown):
        viewer.page(saved(comment=f"please {wish}".encode()), 1, MARK)
    assert shown(viewer, saved()).size == (960, SHORTEST)


def test_a_child_has_nothing_of_the_application() -> None:
    code = f"{BARE}\nfrom portal.dossier import marking\nprint(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert not {"flask", "sqlmodel", "sqlalchemy", "nacl", "weasyprint"} & set(run.stdout.decode().split())


@pytest.mark.skipif(not shutil.which("strace") and not CI, reason="needs strace")
def test_a_child_at_work_opens_nothing_and_calls_nobody(tmp_path: Path) -> None:
    try:
        Viewer(command=traced(MARKS, tmp_path / "trace")).page(a_scan(1), 1, "Ána · Ελένη · 10:00")
    except NotShown:
        if CI:
            raise
        pytest.skip("this host does not allow strace")
    assert not [call for call in calls(tmp_path / "trace") if "open" in call or "execve" in call]


def test_what_is_wanted_is_read_as_it_was_written() -> None:
    view = View(3, "Ána · 10:00", a_pdf())
    assert view_of(wanted(view)) == view
