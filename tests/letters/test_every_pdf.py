"""Every letter that is written, as a PDF for every envelope."""

import subprocess
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import product
from typing import Any

import pikepdf
import pytest

from portal.law.records import OrganisationKind, Right
from portal.law.routing import Option, Situation, mandate_for, route
from portal.letters.compose import NoLetter, Request, Role, compose, is_drafted, plain, template_of, written_in
from portal.letters.letter import Layout, Letter
from portal.letters.pdf import render
from tests.building import (
    LETTERS,
    TODAY,
    a_sender,
    a_situation,
    an_unknown_organisation,
    flat,
    the_catalogue,
    the_templates,
)

#: Families that are parts of other letters.
PARTS = {"shared", "cover"}
TEMPLATES = sorted(
    f"{path.parent.name}/{path.stem}" for path in LETTERS.glob("*/*.*.txt") if path.parent.name not in PARTS
)
FORBIDDEN = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/URI", "/OpenAction", "/AA"}


@lru_cache
def used() -> dict[str, tuple[Situation, Option]]:
    """By template, the first situation that needs it."""
    found: dict[str, tuple[Situation, Option]] = {}
    for situation in situations():
        for option in route(the_catalogue(), situation).options:
            try:
                family, name = template_of(the_catalogue(), option)
                languages = written_in(the_catalogue(), the_templates(), option)
            except NoLetter:
                continue
            for language in languages:
                found.setdefault(f"{family}/{name}.{language}", (situation, option))
    return found


def situations() -> Iterator[Situation]:
    catalogue = the_catalogue()
    places = [place for place in (*catalogue.jurisdictions, "us-fl") if catalogue.calendar(place)]
    for organisation, place, right in product(catalogue.organisations, places, Right):
        yield a_situation(place, organisation, right, answers={"ca_citizen_or_resident": True})
    for place, right in product(places, Right):  # the police of the place, which the catalogue need not know
        yield a_situation(place, an_unknown_organisation(OrganisationKind.POLICE, place), right)


def test_every_template_is_used() -> None:
    assert set(TEMPLATES) - set(used()) == set()


def every_pdf() -> Iterator[Any]:
    """Each letter for each envelope; one that is only drafted for the envelope of Europe.

    In each run for one envelope, whose turn it is, and for the others in the proof.
    """
    for turn, template in enumerate(TEMPLATES):
        drafted = is_drafted(the_catalogue(), template.rpartition(".")[2])
        layouts = [Layout.A4_RIGHT] if drafted else [*Layout]
        for n, layout in enumerate(layouts):
            marks = () if n == turn % len(layouts) else pytest.mark.proof
            yield pytest.param(template, layout, marks=marks)


@pytest.mark.parametrize(("template", "layout"), [*every_pdf()])
def test_a_letter_becomes_an_accessible_pdf(template: str, layout: Layout) -> None:
    assert_accessible(the_letter(template, layout))


@pytest.mark.parametrize(
    "template", [one for one in TEMPLATES if one in used() and mandate_for(the_catalogue(), used()[one][1])]
)
def test_a_group_s_letter_becomes_one_too_with_the_mandate_on_a_page_of_its_own(template: str) -> None:
    own, group = (the_letter(template, Layout.A4_RIGHT, role) for role in (Role.SELF, Role.GROUP))
    whole = assert_accessible(group)
    assert len(whole.pages) > len(assert_accessible(own).pages)
    assert group.to_sign
    page = extracted(whole, len(whole.pages))
    for name in ("Sample Rights Group", "Ana Example", plain(group.to_sign.subject)):
        assert flat(name) in page
    assert "Sample Rights Group" in extracted(whole, 1)


def extracted(pdf: pikepdf.Pdf, page: int) -> str:
    """The words of a page, as a reader copies them."""
    kept = BytesIO()
    pdf.save(kept)
    asked = ["pdftotext", "-f", str(page), "-l", str(page), "-", "-"]
    return flat(subprocess.run(asked, input=kept.getvalue(), capture_output=True, check=True).stdout.decode())


def assert_accessible(letter: Letter) -> pikepdf.Pdf:
    pdf = pikepdf.open(BytesIO(render(letter)))
    root = pdf.Root
    assert bool(root.MarkInfo.Marked)
    assert "/StructTreeRoot" in root
    assert str(root.Lang) == letter.language
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo["/Title"])
    assert 1 <= len(pdf.pages) <= 4
    assert not {key for item in pdf.objects for key in keys(item)} & FORBIDDEN
    fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
    assert fonts
    for font in fonts:
        descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        assert "+" in str(descendant.BaseFont), "a font is not a subset"
        assert {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys()), "a font is not embedded"
    return pdf


def the_letter(template: str, layout: Layout, role: Role = Role.SELF) -> Letter:
    situation, option = used()[template]
    language = template.rpartition(".")[2]
    request = Request(situation, option, a_sender(option, role), TODAY, language, layout)
    return compose(the_catalogue(), the_templates(), request)


def keys(item: Any) -> set[str]:
    """The keys of a dictionary or of a stream's."""
    return set(item.keys()) if isinstance(item, pikepdf.Dictionary | pikepdf.Stream) else set()
