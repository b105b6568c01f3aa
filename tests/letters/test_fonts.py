"""Which characters a letter can be set with."""

import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from portal.letters.fonts import FACES, FONTS, LONGEST_RUN, breakable, printable, supported, unsupported, width

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"


@pytest.mark.parametrize(
    "text",
    [
        "Ångström Łódź Çelik Ñandú Þór Ħamrun ßẞ ı ə",  # Latin
        "Şerban Țepeș",  # Romanian, with cedilla and with comma
        "Nguyễn Thị Hồng",  # Vietnamese
        "Ελληνική Δημοκρατία ΰ ᾧ ἄ",  # Greek, modern and old
        "Здравейте Ґалаґан Љубица Ќосев",  # Cyrillic
        "«Ça» “a” ‘b’ „c“ ‹d› – — … § № € £ © ½ ‐ ‑ \u00a0\u202f·",  # punctuation of letters
    ],
)
def test_the_scripts_of_europe_can_be_set(text: str) -> None:
    assert unsupported(text) == ()
    assert printable(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.txt")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_every_template_can_be_set(template: Path) -> None:
    assert unsupported(template.read_text(encoding="utf-8")) == ()


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Anna 👩\u200d👧 李", ("李", "👧", "👩"), "an emoji and a Han character, but not what joins them"),
        ("a\x00\u202eb\t\n", (), "what nobody sees"),
        ("אבא", ("א", "ב"), "each once, sorted"),
        ("☎\ufe0f", ("☎",), "not its variation selector"),
    ],
)
def test_what_cannot_be_set_is_told(text: str, expected: tuple[str, ...], why: str) -> None:
    assert unsupported(text) == expected, why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Zoe\u0308", "Zoë", "normal form C"),
        ("a\x00\x1b\u200b\ufeff\u202eb\u00ad", "ab", "control and format characters"),
        ("a\tb\nc\u2028d", "a b c d", "any white space is a space"),
        ("a\u00a0b\u202fc", "a\u00a0b\u202fc", "no-break spaces are meant"),
        ("x" + "\u0302" * 10_000, "x\u0302\u0302", "two marks in a row are enough"),
        ("Anna 李😀", "Anna ", "no tofu"),
        ("ḗ", "e\u0304\u0301", "in parts where the fonts have only the parts"),
        ("a\u3000b", "a b", "a space that the fonts lack is a space"),
    ],
)
def test_what_is_printed(text: str, expected: str, why: str) -> None:
    assert printable(text) == expected, why


def test_what_is_printed_once_stays() -> None:
    for char in map(chr, range(0x3000)):
        assert unsupported(printable(char)) == ()
        assert printable(printable(char)) == printable(char)


@pytest.mark.parametrize("run", ["x" * 61, "https://example.org/" + "path-" * 40, "x" * 5_000, "-" * 300])
def test_a_long_run_can_be_broken(run: str) -> None:
    pieces = breakable(f"see {run} and so on")
    assert "".join(pieces) == f"see {run} and so on"
    assert len(pieces) > 2
    assert max(map(len, pieces[1:-1])) <= 20


@pytest.mark.parametrize("text", ["", "a word or two", "x" * LONGEST_RUN, ("x" * 50 + " ") * 10])
def test_other_text_is_left_in_one_piece(text: str) -> None:
    assert breakable(text) == (text,)


def test_web_and_paper_have_the_same_characters() -> None:
    for name in ("Regular", "Bold"):
        with TTFont(FONTS / f"NotoSans-{name}.woff2") as font:
            assert supported() <= set(font.getBestCmap())


def test_the_fonts_are_small() -> None:
    for face in FACES:
        assert (FONTS / face).stat().st_size < 150 * 1024


def test_a_width_is_that_of_the_glyphs() -> None:
    assert width("W") > width("i")
    assert width("ab") == width("a") + width("b")


@pytest.mark.parametrize("face", FACES)
def test_no_letter_is_taken_apart(face: str) -> None:
    """Else a part of it has no text in the PDF, which PDF/UA asks for."""
    with TTFont(FONTS / face) as font:
        assert "ccmp" not in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
