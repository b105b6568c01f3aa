"""What people attach is taken clean, or refused by a sentence."""

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.papers.copier import Copier
from portal.papers.kinds import Kind, kind_of
from portal.papers.names import DEVICE, MOST_CHARACTERS, UNSEEN, shown_name, told_name
from portal.papers.paper import LARGEST_FILE, MOST_FILES, Paper, accept, accept_all
from portal.papers.refusals import NotTaken, Reason
from tests.papers.corpus import BAD_DOCUMENTS, BAD_PICTURES, DOCUMENTS, FOREIGN, NAMES, PICTURES, UPLOADS, Upload
from tests.papers.pictures import CORNERS, PLANTED, SIZE, WORD, a_picture, chunks, saved, segments

#: What a JPEG needs to be seen: its header, tables, frame and scan. In the first stands no thumbnail.
NEEDED = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
HEADER = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"


@pytest.fixture(scope="module")
def copier() -> Iterator[Copier]:
    with Copier(workers=2) as copier:
        yield copier


@pytest.fixture(scope="module")
def taken(copier: Copier) -> Callable[[str], Paper]:
    """Takes a picture of the corpus, once."""
    pictures = {upload.about: upload for upload in PICTURES}

    @cache
    def take(about: str) -> Paper:
        return accept(pictures[about].name, pictures[about].build(), copier.copy)

    return take


def test_the_corpus_is_as_large_as_was_promised() -> None:
    assert len({upload.about for upload in UPLOADS}) == len(UPLOADS) >= 150
    assert len(BAD_PICTURES + FOREIGN + BAD_DOCUMENTS) >= 90


# What is taken


@pytest.mark.parametrize("upload", PICTURES, ids=str)
def test_of_a_picture_nothing_is_left_but_the_picture(upload: Upload, taken: Callable[[str], Paper]) -> None:
    paper = taken(upload.about)
    assert paper.kind is upload.fate is kind_of(paper.content)
    if paper.kind is Kind.JPEG:
        assert paper.content.startswith(HEADER)
        assert set(segments(paper.content)) <= NEEDED
        assert paper.content.index(b"\xff\xd9") == len(paper.content) - 2
    else:
        assert set(chunks(paper.content)) == {b"IHDR", b"IDAT", b"IEND"}
        assert chunks(paper.content)[-1] == b"IEND"
    words = (WORD, PLANTED.encode("utf-16-le"), b"PK\x03\x04", b"<script", b"%PDF")
    assert not [word for word in words if word in paper.content]


@pytest.mark.parametrize("upload", PICTURES, ids=str)
def test_what_is_taken_is_one_picture_in_plain_colours(upload: Upload, taken: Callable[[str], Paper]) -> None:
    with Image.open(BytesIO(taken(upload.about).content)) as image:
        image.load()
        assert image.mode in ("L", "RGB")
        assert getattr(image, "n_frames", 1) == 1
        assert max(image.size) <= 3_600
        assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not image.getexif()


#: Those that do not show the page with its four corners as it is.
OTHERWISE = {
    "grey jpeg", "jpeg of one pixel", "jpeg of one row", "jpeg of fewer rows than it says",
    "png of sixteen bits", "grey png of sixteen bits", "png of one bit",
    "png of a palette with a transparent colour", "grey png with transparency", "grey png with a transparent shade",
    "png with a transparent colour", "png of much nothing", "png with more data than its size",
}  # fmt: skip
PAGES = [upload for upload in PICTURES if upload.about not in OTHERWISE]


@pytest.mark.parametrize("upload", PAGES, ids=str)
def test_the_page_can_be_seen_upright_and_in_its_colours(upload: Upload, taken: Callable[[str], Paper]) -> None:
    with Image.open(BytesIO(taken(upload.about).content)) as image:
        assert image.size == SIZE
        for (right, below), colour in CORNERS.items():
            shown = image.convert("RGB").getpixel((SIZE[0] // 4 * (1 + 2 * right), SIZE[1] // 4 * (1 + 2 * below)))
            assert is_near(shown, colour), (colour, shown)


def is_near(shown: object, colour: str) -> bool:
    assert isinstance(shown, tuple)
    meant = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
    assert isinstance(meant, tuple)
    return all(abs(one - other) <= 24 for one, other in zip(shown, meant, strict=True))


@pytest.mark.parametrize("about", ["png of sixteen bits", "grey png of sixteen bits"])
def test_sixteen_bits_stay_a_ramp_from_black_to_white(about: str, taken: Callable[[str], Paper]) -> None:
    with Image.open(BytesIO(taken(about).content)) as image:
        shades = [image.convert("L").getpixel((x, 9)) for x in range(100)]
    assert all(abs(float(str(shade)) - x * 255 / 100) <= 2 for x, shade in enumerate(shades))


@pytest.mark.parametrize(
    "about",
    [
        "png of a palette with a transparent colour",
        "png with a transparent colour",
        "grey png with a transparent shade",
    ],
)
def test_what_is_transparent_is_white_as_on_paper(about: str, taken: Callable[[str], Paper]) -> None:
    with Image.open(BytesIO(taken(about).content)) as image:
        colours = image.convert("RGB").getcolors()
    assert colours
    assert (255, 255, 255) in {colour for _, colour in colours}


def test_a_colour_that_nobody_sees_is_gone(copier: Copier) -> None:
    """Under what is wholly transparent a whole picture can lie."""
    below = a_picture("RGBA")
    below.putalpha(0)
    paper = accept("a.png", saved(below, "PNG"), copier.copy)
    with Image.open(BytesIO(paper.content)) as image:
        assert image.getcolors() == [(SIZE[0] * SIZE[1], (255, 255, 255))]


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_brought_to_the_size_of_a_page(copier: Copier, format_: str) -> None:
    paper = accept("a", saved(a_picture(size=(4_200, 3_000)), format_), copier.copy)
    with Image.open(BytesIO(paper.content)) as image:
        assert image.size == (3_600, 2_571)
        assert is_near(image.convert("RGB").getpixel((100, 100)), "red")


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_the_largest_photo_that_is_taken_fits_the_bounds(copier: Copier, format_: str) -> None:
    how = {"method": 0, "lossless": True} if format_ == "WEBP" else {}
    content = saved(a_picture("RGBA" if format_ != "JPEG" else "RGB", (8_160, 6_144)), format_, **how)
    assert len(accept("a", content, copier.copy).content) <= LARGEST_FILE


def test_a_png_that_would_be_too_large_becomes_a_jpeg(copier: Copier) -> None:
    grain = Image.effect_noise((900, 900), 90).resize((6_000, 6_000), Image.Resampling.NEAREST)
    content = saved(grain.convert("RGB"), "PNG", compress_level=1)
    assert len(content) <= LARGEST_FILE
    paper = accept("scan.png", content, copier.copy)
    assert (paper.kind, paper.shown_name) == (Kind.JPEG, "scan.jpg")
    assert len(paper.content) <= LARGEST_FILE


@pytest.mark.parametrize("upload", DOCUMENTS, ids=str)
def test_a_pdf_is_kept_byte_for_byte(upload: Upload, copier: Copier) -> None:
    content = upload.build()
    paper = accept(upload.name, content, copier.copy)
    assert (paper.kind, paper.content) == (Kind.PDF, content)
    assert paper.shown_name.endswith(".pdf")


# What is not taken


@pytest.mark.parametrize("upload", BAD_PICTURES + FOREIGN + BAD_DOCUMENTS, ids=str)
def test_what_is_not_taken_is_refused_for_its_own_reason(upload: Upload, copier: Copier) -> None:
    with pytest.raises(NotTaken) as refused:
        accept(upload.name, upload.build(), copier.copy)
    assert refused.value.reason is upload.fate


@pytest.mark.parametrize("upload", FOREIGN, ids=str)
def test_what_is_foreign_is_never_opened(upload: Upload) -> None:
    def never(_: bytes) -> bytes:
        raise AssertionError("it was opened")

    with pytest.raises(NotTaken):
        accept(upload.name, upload.build(), never)


def test_too_many_at_once_are_refused_before_any_is_opened() -> None:
    def never(_: bytes) -> bytes:
        raise AssertionError("it was opened")

    with pytest.raises(NotTaken) as refused:
        accept_all([("a.jpg", saved())] * (MOST_FILES + 1), never)
    assert refused.value.reason is Reason.TOO_MANY


def test_of_several_the_one_that_is_not_taken_is_named(copier: Copier) -> None:
    with pytest.raises(NotTaken) as refused:
        accept_all([("a.jpg", saved()), ("../Antwort\u202e.docx", b"PK\x03\x04")], copier.copy)
    assert refused.value.reason is Reason.FOREIGN
    assert refused.value.shown_name == "Antwort.docx"


def test_every_reason_but_those_of_the_house_is_met_by_a_file() -> None:
    met = {upload.fate for upload in UPLOADS}
    assert {*Reason} - met == {Reason.TOO_MANY, Reason.TOO_SLOW, Reason.BUSY}


@given(content=st.binary(max_size=2_000))
def test_nothing_but_the_four_kinds_is_opened(content: bytes) -> None:
    def opened(given: bytes) -> bytes:
        assert kind_of(given)
        raise NotTaken(Reason.BROKEN_PICTURE)

    with pytest.raises(NotTaken):
        accept("a", content, opened)


# Names


def assert_safe(name: str, kind: Kind) -> None:
    assert 1 <= len(name) <= MOST_CHARACTERS
    assert name.endswith(f".{kind}")
    assert unicodedata.is_normalized("NFC", name)
    assert not set('/\\<>:"|?*') & set(name)
    assert not [one for one in name if unicodedata.category(one) in UNSEEN]
    assert name == name.strip()
    assert not name.startswith(".")
    assert not DEVICE.match(name)


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:40])
@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.PDF])
def test_a_name_is_made_safe(name: str, kind: Kind) -> None:
    assert_safe(shown_name(name, kind), kind)


@given(name=st.text(max_size=300), kind=st.sampled_from(Kind))
def test_any_name_is_made_safe_and_then_left_alone(name: str, kind: Kind) -> None:
    made = shown_name(name, kind)
    assert_safe(made, kind)
    assert shown_name(made, kind) == made
    assert len(told_name(name)) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Schreiben vom 12.3.2026.pdf", "Schreiben vom 12.3.2026.jpg"),
        ("Ma réponse.JPEG", "Ma réponse.jpg"),
        ("scan.jpg.exe", "scan.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        (r"C:\Users\Anna\scan.png", "scan.jpg"),
        ("scan\u202egpj.exe", "scangpj.jpg"),
        ("re\u0301ponse", "réponse.jpg"),
        ("CON", "paper-CON.jpg"),
        ("", "paper.jpg"),
        ("a:b?.jpg", "a_b_.jpg"),
        ("x" * 5_000, "x" * 96 + ".jpg"),
    ],
)
def test_a_name_stays_as_it_was_where_that_is_safe(name: str, shown: str) -> None:
    assert shown_name(name, Kind.JPEG) == shown
