"""A letter as PDF."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from portal.bounded.children import BARE
from portal.letters.fonts import printable
from portal.letters.html import document
from portal.letters.letter import Gloss, Layout, Letter
from portal.letters.pdf import ASSETS, Bundle, render, set_document

ALetter = Callable[..., Letter]
MM = 72 / 25.4
INCH = 72.0
#: x from, x to, y from, y to, in points: what the window of an envelope shows for certain.
WINDOWS = {
    Layout.A4_LEFT: (25 * MM, 91 * MM, 61 * MM, 86 * MM),
    Layout.A4_RIGHT: (112 * MM, 188 * MM, 55.6 * MM, 81 * MM),
    Layout.LETTER_10: (1.02 * INCH, 4.52 * INCH, 2.64 * INCH, 2.64 * INCH + 5 * 3.6 * MM),
}
ADDRESSES = {
    "short": ("Clearview AI, Inc.", "99 Wall Street", "New York, NY 10005"),
    "full": ("Clearview AI, Inc.", "Privacy Department", "99 Wall Street, Suite 5730", "New York, NY 10005", "USA"),
    "seven lines": ("Bundesministerium", "Abteilung", "Referat", "Straße 1", "Hof 2", "10115 Berlin", "DEUTSCHLAND"),
    "twelve lines": tuple(f"Line {n}" for n in range(12)),
    "capitals": (
        "BUNDESMINISTERIUM FÜR WWWWWWWWWWWWWWW",
        "WWWWWWWW WWWWWWW WWWWWWWWWWWWWWWWWWWWW",
        "W",
        "W",
        "W",
        "W",
    ),
    "long lines": (
        "Office of the Privacy Commissioner of Canada, Complaints Registrar",
        "30 Victoria Street",
        "Gatineau QC",
    ),
}
HOSTILE = {
    "markup": "<script>x</script><img src='file:///etc/passwd'><a href='https://example.org'>x</a>",
    "right to left": "\u202eabc\u202c אבא محمد",
    "NUL": "a\x00b\x07c",
    "emoji": "👩\u200d👩\u200d👧 😀",
    "a name of 300 characters": "Ana Maria " * 30,
    "an unbroken run": "x" * 19_000,
    "many marks": "a" + "\u0301" * 10_000,
    "many different marks": "".join(f"a{chr(0x300 + n % 40)}{chr(0x300 + n % 39)}" for n in range(1_000)),
    "CSS": "} @page { size: 1mm } url(https://example.org) position: fixed",
}


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def words(pdf: bytes) -> list[tuple[int, float, float, float, float, str]]:
    """Page, x from, x to, y from, y to, and the word, in points from the top left."""
    run = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    found, page = [], 0
    for line in run.stdout.decode().splitlines():
        page += "<page " in line
        word = re.search(r'xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax="(.+)">(.*)</word>', line)
        if word:
            x0, y0, x1, y1 = map(float, word.groups()[:4])
            found.append((page, x0, x1, y0, y1, word[5]))
    return found


def text(pdf: bytes) -> str:
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def elements(node: Any) -> Iterator[Any]:
    """The structure tree, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from elements(kid)


def spoken(pdf: bytes, folder: Path) -> list[str]:
    """What a screen reader says, in its order."""
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdfinfo", "-struct-text", path], capture_output=True, check=True)
    return re.findall(r'^ *"(.*)"$', run.stdout.decode(), re.MULTILINE)


def names(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S)[1:] for element in elements(pdf.Root.StructTreeRoot)]


@pytest.fixture(scope="module", params=list(Layout))
def letter(request: pytest.FixtureRequest, a_letter: ALetter) -> Letter:
    return a_letter(layout=request.param)


@pytest.fixture(scope="module")
def pdf(letter: Letter) -> bytes:
    return render(letter)


# Conformance


def test_it_is_a_tagged_document_in_its_language(pdf: bytes) -> None:
    with opened(pdf) as file:
        assert file.Root.MarkInfo.Marked
        assert file.Root.Lang == "en"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert b"pdfuaid:part" in file.Root.Metadata.read_bytes()


def test_the_structure_is_that_of_a_letter(pdf: bytes) -> None:
    found = names(opened(pdf))
    assert found[:2] == ["Document", "Art"]
    assert opened(pdf).check_pdf_syntax() == []
    assert found.count("H1") == 1
    assert found.count("H2") == 2
    assert found.count("LI") == 4
    assert found.count("TH") == found.count("TD") == 4
    assert "Figure" not in found


def test_each_value_of_a_table_names_its_header(pdf: bytes) -> None:
    with opened(pdf) as file:
        tree = list(elements(file.Root.StructTreeRoot))
        headers = {str(cell.ID) for cell in tree if cell.S == "/TH"}
        for cell in tree:
            if cell.S == "/TD":
                assert [str(header) in headers for header in cell.A.Headers] == [True]


def test_each_header_of_a_table_heads_its_row(pdf: bytes) -> None:
    with opened(pdf) as file:
        scopes = [str(cell.A.Scope) for cell in elements(file.Root.StructTreeRoot) if cell.S == "/TH"]
        assert scopes == ["/Row"] * 4


def test_it_is_read_in_its_order(pdf: bytes, tmp_path: Path) -> None:
    order = [
        "Anna Gruber ·",
        "Clearview AI, Inc.",
        "23 November",
        "Request for",
        "Dear Sir",
        "I ask",
        "Yours",
        "Authority",
    ]
    said = " ".join(spoken(pdf, tmp_path))
    assert sorted(order, key=said.index) == order
    drawn = text(pdf)
    assert sorted(order, key=drawn.index) == order, "as it is copied"


def test_page_numbers_are_not_read(pdf: bytes, tmp_path: Path) -> None:
    assert "Page 2 of 2" in text(pdf)
    assert not [line for line in spoken(pdf, tmp_path) if "Page" in line]


def test_every_font_is_embedded_as_a_subset(pdf: bytes) -> None:
    with opened(pdf) as file:
        fonts = [font for font in file.objects if isinstance(font, pikepdf.Dictionary) and "/FontDescriptor" in font]
        assert fonts
        for font in fonts:
            assert re.fullmatch(r"/[A-Z]{6}\+Noto-?Sans.*", str(font.BaseFont))
            assert "/FontFile2" in font.FontDescriptor


def test_nothing_in_it_acts_or_leads_elsewhere(pdf: bytes) -> None:
    with opened(pdf) as file:
        keys = {key for item in file.objects if isinstance(item, pikepdf.Dictionary) for key in dict(item)}
    assert not keys & {
        "/JS",
        "/JavaScript",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/URI",
        "/AA",
        "/OpenAction",
    }


def all_is_read_or_an_artefact(file: pikepdf.Pdf) -> None:
    """Fail where something is drawn that is neither."""
    tagged = {
        (element.Pg.objgen, int(kid))
        for element in elements(file.Root.StructTreeRoot)
        for kid in element.get("/K", [])
        if not isinstance(kid, pikepdf.Dictionary)
    }
    for page in file.pages:
        for operands, where in painted(page):
            assert where == "artefact" or (page.obj.objgen, where) in tagged, f"{operands} is neither"


def test_all_that_is_drawn_is_read_or_an_artefact(pdf: bytes) -> None:
    with opened(pdf) as file:
        all_is_read_or_an_artefact(file)


def painted(page: pikepdf.Page) -> Iterator[tuple[object, object]]:
    """What each operator that paints stands in: an artefact, the number of a marked content, or nothing."""
    inside: list[object] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                inside.append(int(operands[1].MCID) if operands[0] == "/Span" else "artefact")
            case "BMC":
                inside.append("artefact" if operands[0] == "/Artifact" else None)
            case "EMC":
                inside.pop()
            case "TJ" | "Tj" | "f" | "S" | "Do" | "sh":
                yield operands, next((at for at in reversed(inside) if at is not None), None)


def test_no_character_is_lost_or_unknown(pdf: bytes, letter: Letter) -> None:
    with opened(pdf) as file:
        for page in file.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "TJ":
                    glyphs = b"".join(bytes(item) for item in operands[0] if isinstance(item, pikepdf.String))
                    assert b"\0\0" not in [glyphs[n : n + 2] for n in range(0, len(glyphs), 2)], "/.notdef"


def test_the_metadata_name_nobody(pdf: bytes, letter: Letter) -> None:
    with opened(pdf) as file:
        assert file.docinfo.Title == "Request for access under Article 15 GDPR: facial recognition"
        assert file.docinfo.CreationDate == "D:20261123"
        assert "/Author" not in file.docinfo
        assert b"Gruber" not in file.Root.Metadata.read_bytes()


def test_what_explains_is_marked_as_another_language(a_letter: ALetter, a_gloss: Gloss) -> None:
    with opened(render(a_letter(), a_gloss)) as file:
        sections = [element for element in elements(file.Root.StructTreeRoot) if element.S == "/Sect"]
        assert len(sections) == 7
        assert {str(section.Lang) for section in sections} == {"fr"}
    read = text(render(a_letter(), a_gloss))
    assert "Exemplaire de lecture" in read
    assert read.index("I ask Clearview") < read.index("Vous demandez") < read.index("What I ask")


def test_each_glyph_has_a_text(a_letter: ALetter) -> None:
    names_of_europe = "Nguyễn Thị Hồng, Țepeș, Łódź, Ångström, Ґалаґан, Ὀδυσσεύς ᾧ ḗ a\u0323\u0301 office"
    with opened(render(a_letter(extra=names_of_europe))) as file:
        maps = [font.ToUnicode.read_bytes() for font in file.objects if "/ToUnicode" in keys(font)]
    assert maps
    assert not [line for lines in maps for line in lines.splitlines() if line.endswith(b"<>")]


def keys(item: object) -> set[str]:
    return set(dict(item)) if isinstance(item, pikepdf.Dictionary) else set()


# Geometry


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_the_address_stands_in_the_window(a_letter: ALetter, layout: Layout, address: tuple[str, ...]) -> None:
    found = words(render(a_letter(layout=layout, addressee=address)))
    left, right, top, bottom = WINDOWS[layout]
    slack = 1.5  # pdftotext measures the line, which is higher than its letters
    shown = [
        word
        for page, x0, x1, y0, y1, word in found
        if page == 1 and left - slack <= x0 and x1 <= right + slack and top - slack <= y0 and y1 <= bottom + slack
    ]
    assert " ".join(shown).replace(",", "") == " ".join(address).replace(",", "")


def test_nothing_of_the_letter_shows_in_a_window(pdf: bytes, letter: Letter) -> None:
    top = next(y0 for _, _, _, y0, _, word in words(pdf) if word == "Request")
    assert top >= 101 * MM


def test_the_information_stands_beside_the_address(pdf: bytes, letter: Letter) -> None:
    x, y = {
        Layout.A4_LEFT: (125 * MM, 50 * MM),
        Layout.A4_RIGHT: (25 * MM, 40 * MM),
        Layout.LETTER_10: (5 * INCH, INCH),
    }[letter.layout]
    starts = [(x0, y0) for _, x0, _, y0, _, word in words(pdf) if word == "Anna"]
    assert any(start == pytest.approx((x, y), abs=2) for start in starts)


def test_the_paper_is_that_of_the_country(pdf: bytes, letter: Letter) -> None:
    width, height = (612, 792) if letter.layout is Layout.LETTER_10 else (595.28, 841.89)
    with opened(pdf) as file:
        assert [float(side) for side in file.pages[0].mediabox] == pytest.approx([0, 0, width, height], abs=0.1)


def test_pages_are_numbered_from_the_second(a_letter: ALetter, pdf: bytes) -> None:
    with opened(pdf) as file:
        assert len(file.pages) == 2
    numbers = [(page, word) for page, _, _, y0, _, word in words(pdf) if y0 > 700 and word in ("Page", "1", "2")]
    assert numbers == [(2, "Page"), (2, "2"), (2, "2")]
    assert "Page" not in text(render(a_letter(to_sign=None)))


# Safety


def test_the_same_letter_has_the_same_bytes_in_another_process(pdf: bytes, letter: Letter) -> None:
    code = (
        f"{BARE}\nfrom portal.letters.pdf import set_document\nsys.stdout.buffer.write(set_document(open(0).read()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=document(letter).encode(),
        capture_output=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        env={"PYTHONHASHSEED": "7", "LANG": "C.UTF-8", "TZ": "Asia/Tokyo"},
    )
    assert run.stdout == pdf
    assert render(letter) == pdf


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_set_as_text(a_letter: ALetter, hostile: str) -> None:
    name = hostile[:300]
    pdf = render(a_letter(extra=hostile, full_name=name if printable(name).strip() else "x"))
    with opened(pdf) as file:
        assert names(file).count("H1") == 1
        assert not [element for element in elements(file.Root.StructTreeRoot) if element.S in ("/Figure", "/Link")]
        for page in file.pages:
            assert "/Annots" not in page
    assert "Yours faithfully" in text(pdf)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://example.org/", "http://169.254.169.254/", "data:text/css,a", "portal:x"]
)
def test_a_letter_fetches_nothing(url: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        Bundle().fetch(url)
    with pytest.raises(FatalURLFetchingError):
        set_document(f'<html lang="en"><title>x</title><img src="{url}" alt="x"></html>')


def test_the_bundle_is_all_there() -> None:
    for path, _ in ASSETS.values():
        assert path.is_file()


# Several letters in one


@pytest.fixture(scope="module")
def three(a_letter: ALetter) -> list[Letter]:
    """In two languages and on two kinds of paper."""
    return [
        a_letter(),
        a_letter(addressee=("PimEyes",), language="fr", layout=Layout.A4_RIGHT),
        a_letter(addressee=("FaceCheck.ID",), layout=Layout.LETTER_10),
    ]


@pytest.fixture(scope="module")
def together(three: list[Letter]) -> bytes:
    return set_document(*map(document, three))


def test_letters_set_together_are_the_pages_of_each(three: list[Letter], together: bytes) -> None:
    assert text(together) == "".join(text(render(one)) for one in three)  # also their page numbers
    sizes = [page.mediabox for one in three for page in opened(render(one)).pages]
    assert [page.mediabox for page in opened(together).pages] == sizes
    singly = [place[1:] for one in three for place in words(render(one))]
    assert [place[1:] for place in words(together)] == singly  # each address stands in its window


def test_letters_set_together_are_still_tagged(three: list[Letter], together: bytes) -> None:
    with opened(together) as file:
        assert file.check_pdf_syntax() == []
        assert b"pdfuaid:part" in file.Root.Metadata.read_bytes()
        articles = file.Root.StructTreeRoot.K[0].K
        pages = [len(opened(render(one)).pages) for one in three]
        said = [one.language for one, many in zip(three, pages, strict=True) for _ in range(many)]
        assert [str(article.Lang) for article in articles] == said
    assert names(opened(together)) == [
        "Document",
        *(name for one in three for name in names(opened(render(one)))[1:]),
    ]


def test_readers_find_every_part_of_letters_set_together(together: bytes) -> None:
    run = subprocess.run(["pdfinfo", "-struct-text", "-"], input=together, capture_output=True, check=True)
    assert run.stderr == b""
    for said in ("Clearview AI, Inc.", "PimEyes", "FaceCheck.ID"):
        assert said in run.stdout.decode()
    assert "Page 2 of" not in run.stdout.decode()
