"""A dossier as a test needs it."""

from collections.abc import Callable, Iterator

import pytest

from portal.dossier.binder import Binder
from portal.dossier.dossier import Dossier, Event, Exhibit, Words
from portal.letters.letter import Layout
from tests.dossier.scans import a_scan, a_screenshot
from tests.letters.conftest import _a_letter
from tests.papers.documents import a_pdf
from tests.papers.pictures import a_picture, saved

WORDS = Words("Chronology", "List of exhibits", "Exhibit {n}", "page {page} of {pages}")
EVENTS = (
    Event("1 September 2026", "I asked Clearview AI for access to all data concerning me."),
    Event("4 October 2026", "They answered that they hold none, and sent a picture of me."),
)


def _a_dossier(**changes: object) -> Dossier:
    made: dict[str, object] = {
        "letter": _a_letter(full_name="Anna Gruber", reference="RF-9XYZ"),
        "words": WORDS,
        "events": EVENTS,
        "exhibits": (
            Exhibit("My request", _a_letter(extra="What I asked first.")),
            Exhibit("Their answer, a scan", a_scan(3)),
            Exhibit("The camera", saved(a_picture(size=(2_000, 1_500)))),
            Exhibit("Ma demande", _a_letter(language="fr", layout=Layout.A4_RIGHT, to_sign=None)),
        ),
        "cover": _a_letter(language="de", to_sign=None),
    }
    return Dossier(**{**made, **changes})  # type: ignore[arg-type]


def thirty() -> tuple[Exhibit, ...]:
    """What a long quarrel leaves: eleven letters, a scan of 60 pages, shorter ones, photographs, a screenshot."""
    letters = [Exhibit(f"My letter {n}", _a_letter(reference=f"RF-{n}")) for n in range(11)]
    photos = [Exhibit(f"Photograph {n}", saved(a_picture(size=(3_000, 2_000)))) for n in range(6)]
    shots = [Exhibit(f"Screenshot {n}", saved(a_screenshot(n), "PNG")) for n in range(5)]
    scans = [Exhibit(f"Answer {n}", a_scan(2)) for n in range(5)]
    plain = [Exhibit("Form", a_pdf(pages=3)), Exhibit("WebP", saved(format_="WEBP"))]
    return (*letters, Exhibit("The file that they hold", a_scan(60)), *photos, *shots, *scans, *plain)


@pytest.fixture(scope="session")
def a_dossier() -> Callable[..., Dossier]:
    """Makes a dossier; what is named is changed."""
    return _a_dossier


@pytest.fixture(scope="module")
def binder() -> Iterator[Binder]:
    with Binder() as binder:
        yield binder
