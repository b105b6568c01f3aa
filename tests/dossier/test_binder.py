"""A complaint with all that belongs to it, as one PDF."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from portal.bounded.children import BARE, ROOT
from portal.dossier.binder import (
    LONGEST_TITLE,
    MOST_EVENTS,
    MOST_EXHIBITS,
    Binder,
    NotBound,
)
from portal.dossier.dossier import Dossier, Event, Exhibit, Words, words_of
from portal.dossier.packing import MOST_PAGES
from portal.law.files import load
from portal.letters.letter import Layout
from portal.letters.pdf import render
from portal.letters.printer import MOST_CHARACTERS, TooLong
from tests.dossier.conftest import EVENTS, _a_dossier, thirty
from tests.dossier.scans import a_scan
from tests.letters.conftest import LABELS, _a_letter
from tests.letters.test_pdf import all_is_read_or_an_artefact, elements, opened, spoken, text
from tests.papers.documents import a_pdf
from tests.papers.pictures import saved

ADossier = Callable[..., Dossier]
#: Cover, letter with an authority to sign, chronology, list, letter with its authority, scan, photograph, letter.
FIRST = (1, 2, 4, 5, 6, 8, 11, 12)
PAGES = 12


@pytest.fixture(scope="module")
def pdf(binder: Binder) -> bytes:
    return binder.pdf(_a_dossier())


def pages(pdf: bytes, *numbers: int) -> str:
    """The text of these pages."""
    options = ["-f", str(numbers[0]), "-l", str(numbers[-1])]
    run = subprocess.run(["pdftotext", "-layout", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def bookmarks(pdf: bytes) -> list[tuple[str, int]]:
    with opened(pdf) as file, file.open_outline() as outline:
        numbers = {page.obj.objgen: number for number, page in enumerate(file.pages, 1)}
        assert not [item for item in outline.root if item.children]
        return [(item.title, numbers[item.destination[0].objgen]) for item in outline.root]


def listed(pdf: bytes) -> list[tuple[str, int]]:
    """What the printed list says: each exhibit and its page."""
    return [(name, int(page)) for name, page in re.findall(r"^ *(Exhibit \d+) .*?page (\d+)$", text_of(pdf), re.M)]


def text_of(pdf: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


# What is in it


def test_it_has_every_part_in_its_order(pdf: bytes) -> None:
    assert bookmarks(pdf) == [
        ("Request for access under Article 15 GDPR: facial recognition", FIRST[0]),
        ("Request for access under Article 15 GDPR: facial recognition", FIRST[1]),
        ("Chronology", FIRST[2]),
        ("List of exhibits", FIRST[3]),
        ("Exhibit 1: My request", FIRST[4]),
        ("Exhibit 2: Their answer, a scan", FIRST[5]),
        ("Exhibit 3: The camera", FIRST[6]),
        ("Exhibit 4: Ma demande", FIRST[7]),
    ]
    with opened(pdf) as file:
        assert len(file.pages) == PAGES


def test_the_chronology_says_what_happened_when(pdf: bytes) -> None:
    said = " ".join(pages(pdf, FIRST[2]).split())
    for event in EVENTS:
        assert f"{event.day} {event.what}" in said


def test_the_list_has_the_numbers_of_the_bookmarks(pdf: bytes) -> None:
    assert listed(pdf) == [(title.partition(":")[0], page) for title, page in bookmarks(pdf) if ":" in title][2:]


def test_each_entry_of_the_list_leads_to_its_exhibit(pdf: bytes) -> None:
    with opened(pdf) as file:
        names = file.Root.Names.Dests.Names
        places = {str(names[n]): names[n + 1][0].objgen for n in range(0, len(names), 2)}
        numbers = {page.obj.objgen: number for number, page in enumerate(file.pages, 1)}
        links = list(file.pages[FIRST[3] - 1].Annots)
        assert [numbers[places[str(link.Dest)]] for link in links] == list(FIRST[4:])
        assert str(links[1].Contents) == "Exhibit 2: Their answer, a scan"
        assert not [page for n, page in enumerate(file.pages, 1) if "/Annots" in page and n != FIRST[3]]


def test_our_letters_are_as_they_were_made_but_for_a_stamp(pdf: bytes) -> None:
    dossier = _a_dossier()
    for number, at in ((1, FIRST[4]), (4, FIRST[7])):
        letter = dossier.exhibits[number - 1].content
        assert not isinstance(letter, bytes)
        alone = render(letter)
        for n in range(len(opened(alone).pages)):
            bound, single = pages(pdf, at + n).split(), pages(alone, n + 1).split()
            assert bound == [*f"Exhibit {number} · {at + n}/{PAGES}".split(), *single]


def test_the_complaint_goes_without_a_mark(pdf: bytes) -> None:
    dossier = _a_dossier()
    assert dossier.cover
    assert pages(pdf, FIRST[0]) == pages(render(dossier.cover), 1)
    assert pages(pdf, FIRST[1], FIRST[1] + 1) == pages(render(dossier.letter), 1, 2)


def test_our_own_pages_say_which_they_are(pdf: bytes) -> None:
    for number in (*range(FIRST[2], FIRST[4]), *range(FIRST[5], FIRST[7])):
        assert pages(pdf, number).count(f"Page {number} of {PAGES}") == 1


def test_the_pages_of_other_files_are_figures_with_a_caption_and_words_instead(pdf: bytes) -> None:
    for page in range(3):
        assert f"Exhibit 2, page {page + 1} of 3" in pages(pdf, FIRST[5] + page)
    with opened(pdf) as file:
        figures = [one for one in elements(file.Root.StructTreeRoot) if one.get("/S") == "/Figure"]
        assert [str(one.Alt) for one in figures] == [
            "Exhibit 2, page 1 of 3: Their answer, a scan",
            "Exhibit 2, page 2 of 3: Their answer, a scan",
            "Exhibit 2, page 3 of 3: Their answer, a scan",
            "Exhibit 3, page 1 of 1: The camera",
        ]
        assert len([one for one in elements(file.Root.StructTreeRoot) if one.get("/S") == "/Caption"]) == 4


def test_paper_is_grey_and_a_photograph_is_not(pdf: bytes) -> None:
    assert drawn(pdf, FIRST[5]) == ["/DeviceGray"]
    assert drawn(pdf, FIRST[6]) == ["/DeviceRGB"]


def drawn(pdf: bytes, number: int) -> list[str]:
    """The colours of the pictures on a page: its resources are those of all."""
    with opened(pdf) as file:
        page = file.pages[number - 1]
        painted = [
            str(operands[0]) for operands, operator in pikepdf.parse_content_stream(page) if str(operator) == "Do"
        ]
        return [str(page.Resources.XObject[name].ColorSpace) for name in painted]


# Conformance


def test_it_is_a_tagged_document_with_the_title_and_the_language_of_the_complaint(pdf: bytes) -> None:
    with opened(pdf) as file:
        assert file.check_pdf_syntax() == []
        assert file.Root.MarkInfo.Marked
        assert file.Root.Lang == "en"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert b"pdfuaid:part" in file.Root.Metadata.read_bytes()
        assert file.docinfo.Title == "Request for access under Article 15 GDPR: facial recognition"
        assert "/Author" not in file.docinfo


def test_each_part_is_in_its_own_language(pdf: bytes) -> None:
    with opened(pdf) as file:
        said = [str(one.Lang) for one in file.Root.StructTreeRoot.K[0].K]
    assert said == ["de", *["en"] * 10, "fr"]


def test_each_part_has_one_heading_of_the_first_level(pdf: bytes) -> None:
    with opened(pdf) as file:
        assert [one.get("/S") for one in elements(file.Root.StructTreeRoot)].count("/H1") == len(FIRST)


def test_all_that_is_drawn_is_read_or_an_artefact(pdf: bytes) -> None:
    with opened(pdf) as file:
        all_is_read_or_an_artefact(file)


def test_numbers_and_stamps_of_pages_are_not_read(pdf: bytes, tmp_path: Path) -> None:
    said = spoken(pdf, tmp_path)
    assert "Exhibit 2, page 1 of 3" in said
    assert not [line for line in said if "of 12" in line or "/12" in line]


def test_the_same_dossier_has_the_same_bytes(binder: Binder, pdf: bytes) -> None:
    assert binder.pdf(_a_dossier()) == pdf


# Other dossiers


def test_a_dossier_may_be_a_letter_alone(binder: Binder) -> None:
    alone = binder.pdf(_a_dossier(cover=None, events=(), exhibits=()))
    assert text(alone) == text(render(_a_dossier().letter))


def test_a_letter_on_american_paper_has_a_dossier_on_american_paper(binder: Binder) -> None:
    scan = (Exhibit("x" * LONGEST_TITLE, a_scan(2)),)
    made = binder.pdf(_a_dossier(letter=_a_letter(layout=Layout.LETTER_10), cover=None, exhibits=scan))
    with opened(made) as file:
        assert {tuple(map(float, page.mediabox)) for page in file.pages} == {(0.0, 0.0, 612.0, 792.0)}
    assert listed(made) == [("Exhibit 1", len(opened(made).pages) - 1)]


def test_the_longest_title_leaves_room_for_the_first_page(binder: Binder) -> None:
    made = binder.pdf(_a_dossier(cover=None, exhibits=(Exhibit("WORD " * (LONGEST_TITLE // 5), a_scan(2)),)))
    assert len(opened(made).pages) == 2 + 2 + 2  # letter with its authority, chronology and list, scan


def test_a_title_has_the_colon_of_its_language(binder: Binder) -> None:
    letter = _a_letter(language="fr", labels=replace(LABELS, colon="\u00a0:"))
    words = Words("Chronologie", "Bordereau des pièces", "Pièce n°\u00a0{n}", "page {page} sur {pages}")
    made = binder.pdf(_a_dossier(letter=letter, words=words, cover=None, exhibits=(Exhibit("Réponse", saved()),)))
    assert bookmarks(made)[-1] == ("Pièce n°\u00a01\u00a0: Réponse", 5)
    assert "page 5" in pages(made, 4)


@pytest.mark.parametrize("hostile", ["<script>x</script><img src='file:///etc/passwd'>", "{n}", "\u202e\0", "%s"])
def test_words_are_set_as_words(binder: Binder, hostile: str) -> None:
    made = binder.pdf(_a_dossier(events=(Event("today", hostile),), exhibits=(Exhibit(hostile, saved()),)))
    with opened(made) as file:
        assert len([one for one in elements(file.Root.StructTreeRoot) if one.get("/S") == "/Figure"]) == 1
    assert "List of exhibits" in text(made)


def test_each_language_of_complaints_says_its_words() -> None:
    languages = load(ROOT / "portal" / "data").languages
    for id_ in ("de", "el", "en", "fr", "it"):
        assert "{n}" in words_of(languages[id_], "XX").exhibit
    assert words_of(languages["de"], "DE").exhibit == "Anlage {n}"
    assert words_of(languages["de"], "AT").exhibit == "Beilage {n}"
    assert words_of(languages["fr"], "CA-QC").exhibits == "Liste des pièces"


# Bounds


#: Binds thirty exhibits; the PDF, then how large the largest child was, in KiB.
THIRTY = """
import resource, sys
from portal.dossier.binder import Binder
from tests.dossier.conftest import _a_dossier, thirty
with Binder() as binder:
    sys.stdout.buffer.write(binder.pdf(_a_dossier(exhibits=thirty())))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def test_thirty_exhibits_come_out_within_bounds() -> None:
    """The bounds are the binder's own: a child that passes them is killed, and the dossier refused.

    In a process of its own, as the largest of all children is measured, and this one has had others.
    """
    exhibits = thirty()
    assert len(exhibits) == 30
    with Binder() as binder:
        assert binder.drawing.bounds == binder.setting.bounds
        assert (binder.setting.bounds.seconds, binder.setting.bounds.megabytes) == (20, 512)
    run = subprocess.run([sys.executable, "-c", THIRTY], cwd=ROOT, capture_output=True, check=True)
    made = run.stdout
    assert listed(made) == [(title.partition(":")[0], page) for title, page in bookmarks(made)[4:]]
    assert len(listed(made)) == 30
    assert "Exhibit 12, page 60 of 60" in text(made)
    assert len(made) < 20_000_000
    assert 0 < int(run.stderr) < 512 * 1024


def test_many_threads_share_it(a_dossier: ADossier) -> None:
    dossiers = [a_dossier(events=(Event(str(n), "x"),)) for n in range(3)]
    with Binder(workers=2) as binder, ThreadPoolExecutor(3) as threads:
        assert len(set(threads.map(binder.pdf, dossiers))) == 3


def test_a_child_sees_one_dossier_and_is_gone(binder: Binder, pdf: bytes) -> None:
    for children in (binder.drawing, binder.setting):
        assert children.idle.get() is None
        children.idle.put(None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"exhibits": (Exhibit("x", b""),) * (MOST_EXHIBITS + 1)}, "101 exhibits; at most 100"),
        ({"events": (Event("x", "x"),) * (MOST_EVENTS + 1)}, "chronology is too long"),
        ({"events": (Event("x", "x" * 50_000),)}, "chronology is too long"),
        ({"exhibits": (Exhibit("x" * (LONGEST_TITLE + 1), b""),)}, "title of exhibit 1 is longer than 250"),
        ({"exhibits": (Exhibit("a", _a_letter(extra="x" * (MOST_CHARACTERS + 1))),)}, "Shorten it"),
    ],
)
def test_what_is_too_much_is_refused_before_any_work(change: dict[str, object], message: str) -> None:
    nothing = (sys.executable, "-c", "raise SystemExit")
    with Binder(draws=nothing, sets=nothing) as binder, pytest.raises((NotBound, TooLong), match=message):
        binder.pdf(_a_dossier(**change))


@pytest.mark.parametrize(
    "exhibits",
    [
        (Exhibit("long", a_pdf(pages=MOST_PAGES)), Exhibit("one more", saved())),
        (Exhibit("long", a_pdf(pages=MOST_PAGES - 3)),),  # with the pages before it
    ],
)
def test_no_dossier_has_too_many_pages(binder: Binder, exhibits: tuple[Exhibit, ...]) -> None:
    with pytest.raises(NotBound, match="more than 200 pages"):
        binder.pdf(_a_dossier(exhibits=exhibits))


def test_what_takes_too_long_is_given_up() -> None:
    now = iter(range(0, 1_000, 15))
    with Binder(clock=lambda: next(now)) as binder, pytest.raises(NotBound, match="took too long"):
        binder.pdf(_a_dossier(exhibits=(Exhibit("a", saved()), Exhibit("b", saved()))))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("raise SystemExit", "No dossier can be made at the moment"),
        ("main(lambda job: time.sleep(60))", "took too long"),
        ("main(lambda job: os._exit(3))", "could not be made"),
        ("main(lambda job: bytes(2_000_000_000))", "could not be made"),
        ("main(lambda job: open('/etc/passwd', 'rb').read())", "could not be made"),
    ],
)
def test_a_child_that_sets_nothing_is_told_of(broken: str, message: str) -> None:
    code = f"{BARE}\nimport os, time\nfrom portal.bounded import child\n"
    code += "def main(work): child.main(lambda job: work(job) if job != b'-' else b'', b'-')\n" + broken
    with Binder(seconds=2, sets=(sys.executable, "-c", code)) as binder, pytest.raises(NotBound, match=message):
        binder.pdf(_a_dossier(exhibits=()))


# Doors


def test_the_child_that_sets_has_nothing_of_the_application() -> None:
    assert not {"flask", "sqlmodel", "sqlalchemy", "nacl", "pypdfium2", "pikepdf"} & modules("setting")


def test_the_portal_itself_opens_no_file_of_others() -> None:
    assert not {"pypdfium2", "weasyprint", "PIL", "portal.dossier.drawing"} & modules("binder")


def modules(name: str) -> set[str]:
    code = f"{BARE}\nfrom portal.dossier import {name}\nprint(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    return set(run.stdout.decode().split())


def traced(command: Sequence[str], trace: Path) -> tuple[str, ...]:
    return ("strace", "-f", "-o", str(trace), "-e", "trace=%network,%file,%process,write", *command)


def calls(trace: Path) -> Iterator[str]:
    """What was asked of the system once the doors were shut; nothing of the network before either."""
    lines = trace.read_text().splitlines()
    assert not [line for line in lines if re.search(r" (socket|connect|sendto|bind)\(", line)]
    ready = next(n for n, line in enumerate(lines) if re.search(r'write\(\d+, "R', line))
    yield from lines[ready:]
