"""A letter as a test needs it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portal.letters.blocks import Body, fill, parse
from portal.letters.letter import Gloss, Labels, Layout, Letter

TEXT = """
=== subject
Request for access under Article 15 GDPR: facial recognition

=== core:request
I ask {organisation} for access to all personal data concerning me, and for a copy of them (Article 15 GDPR).

=== core:heading
## What I ask

=== core:list
1. the purposes of the processing and the legal basis on which you rely;
2. the recipients to whom my data have been or will be disclosed, by name;
3. the source of each image.

| Name | {full_name}
| Date of birth | 12 March 1990

=== core:otherwise
If you refuse, give me the reasons within the same month (Article 12(4) GDPR). {extra?}

=== core:more
Without an answer I shall complain.

=== enclosures
1. Written authority
"""
TO_SIGN = """
=== subject
Authority to act

I authorise Peter Klein to write for me.

| Date | {ink:date}
| Signature | {ink:signature}
"""
LABELS = Labels(
    subject="",
    my_reference="My reference",
    enclosures="Enclosures",
    page="Page {page} of {pages}",
    signature="Signature",
    date="Date",
    your_reference="Your reference",
)


def a_body(**values: str) -> Body:
    return fill(parse(TEXT), {"organisation": "Clearview AI", "full_name": "Anna Gruber", **values})


def _a_letter(*, extra: str = "", full_name: str = "Anna Gruber", **changes: Any) -> Letter:
    letter: dict[str, Any] = {
        "language": "en",
        "sender": (full_name, "Beispielgasse 12/3", "1010 Wien"),
        "addressee": ("Clearview AI, Inc.", "Privacy Department", "99 Wall Street, Suite 5730", "New York, NY 10005"),
        "day": date(2026, 11, 23),
        "written_day": "23 November 2026",
        "salutation": "Dear Sir or Madam,",
        "body": a_body(extra=extra or "Thank you.", full_name=full_name),
        "close": "Yours faithfully,",
        "signatory": full_name,
        "labels": LABELS,
        "reference": "RF-7K2M",
        "their_reference": "D130.001",
        "layout": Layout.A4_LEFT,
        "to_sign": parse(TO_SIGN),
    }
    return Letter(**{**letter, **changes})


@pytest.fixture(scope="session")
def a_letter() -> Callable[..., Letter]:
    """Makes a letter; what is named is changed, `extra` is text of the person's own."""
    return _a_letter


@pytest.fixture(scope="session")
def a_gloss() -> Gloss:
    meanings = ("Vous demandez vos données.", "Titre", "Ce que vous demandez.", "", "Sans réponse.", "Plainte.")
    return Gloss("fr", "Demande d’accès", meanings)
