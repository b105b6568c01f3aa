"""What a look makes of a contact, and what its data file would say."""

import tomllib
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from portal.law import patches
from portal.law.looks import HOLDS, Look, LookedAt, Verdict, fingerprint, is_unsure, laid_over, look_at
from portal.law.patches import Correction
from portal.law.records import Channel, Confidence, Contact
from portal.law.review import STALE_AFTER
from tests.building import DATA, the_catalogue
from tests.looking import CONTACTS, DAY, KNOWN, PAGE

DAY_BEFORE = DAY - timedelta(days=1)
CHECK = Contact(
    address=("Example Ltd", "1 Sample Street"),
    email="privacy@example.org",
    confidence=Confidence.CHECK,
    check=("address",),
    verified=DAY,
    sources=("their page",),
)
CERTAIN = replace(CHECK, confidence=Confidence.CERTAIN, check=())


def a_look(on: date = DAY, verdict: Verdict = Verdict.RIGHT) -> Look:
    return Look(verdict, on, "www.example.org")


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("contact", [CHECK, CERTAIN], ids=["check", "certain"])
def test_a_look_makes_nothing_more_certain_than_it_was(contact: Contact, verdict: Verdict) -> None:
    laid = laid_over(contact, a_look(verdict=verdict), DAY)
    assert look_at(laid) == a_look(verdict=verdict)
    for each in fields(Contact):
        assert getattr(laid, each.name) == getattr(contact, each.name)


@pytest.mark.parametrize(
    ("on", "today", "counts"),
    [
        (DAY, DAY, True),
        (DAY, DAY - timedelta(days=1), True),  # where the person lives it is still the day before
        (DAY, DAY + HOLDS, True),
        (DAY, DAY + HOLDS + timedelta(days=1), False),
        (DAY - timedelta(days=1), DAY, False),  # somebody has gone over the file since
    ],
)
@pytest.mark.parametrize("verdict", Verdict)
def test_a_look_counts_for_a_year_and_until_the_file_is_gone_over(
    verdict: Verdict, on: date, today: date, counts: bool
) -> None:
    assert isinstance(laid_over(CHECK, a_look(on, verdict), today), LookedAt) is counts


def test_without_a_look_a_contact_stays_as_it_is() -> None:
    assert laid_over(CHECK, None, DAY) is CHECK
    assert look_at(CHECK) is None
    assert look_at(None) is None


def test_a_newer_look_takes_the_place_of_an_older_one() -> None:
    first = laid_over(CHECK, a_look(), DAY)
    assert look_at(laid_over(first, a_look(verdict=Verdict.WRONG), DAY)) == a_look(verdict=Verdict.WRONG)


#: Another value for each field of a contact, and whether the letters then go elsewhere.
OTHERWISE: dict[str, tuple[Any, bool]] = {
    "address": (("Example Ltd", "2 Sample Street"), True),
    "address_alternatives": ((("PO Box 1",),), True),
    "email": ("other@example.org", True),
    "cc": ("cc@example.org", True),
    "phone": ("+1", True),
    "fax": ("+2", True),
    "web": ("https://example.org", True),
    "form": ("https://example.org/form", True),
    "accepts": ((Channel.POST,), True),
    "official_page": ("https://example.org/contact", False),
    "confidence": (Confidence.CERTAIN, False),
    "check": ((), False),
    "verified": (DAY_BEFORE, False),
    "sources": (("another",), False),
    "notes": (("a note",), False),
}


def test_every_field_is_looked_at() -> None:
    assert {*OTHERWISE} == {each.name for each in fields(Contact)}


@pytest.mark.parametrize("name", OTHERWISE)
def test_the_fingerprint_is_of_where_letters_go(name: str) -> None:
    value, elsewhere = OTHERWISE[name]
    assert (fingerprint(replace(CHECK, **{name: value})) != fingerprint(CHECK)) is elsewhere
    assert fingerprint(laid_over(CHECK, a_look(), DAY)) == fingerprint(CHECK)


@pytest.mark.parametrize(
    ("contact", "unsure"),
    [
        (CHECK, True),
        (replace(CHECK, check=()), True),
        (replace(CERTAIN, check=("fax",)), True),
        (CERTAIN, False),
        (replace(CERTAIN, verified=DAY - STALE_AFTER), False),
        (replace(CERTAIN, verified=DAY - STALE_AFTER - timedelta(days=1)), True),
        (replace(CHECK, address=(), email=""), False),  # there is nothing to look at
        (replace(CHECK, address=(), email="", form="https://example.org/form"), True),
    ],
)
def test_a_look_tells_something_of_what_is_known_and_not_sure(contact: Contact, unsure: bool) -> None:
    assert is_unsure(contact, DAY) is unsure


# What the file would say

ODD = Correction(
    ("Example “Ltd”", 'a "quoted" \\ line', "tab\there", "del\x7f", "É 日本"),
    "new@example.org",
    "https://www.example.org/form?a=b",
    "They moved.\r\nSee the foot\0 of\x7f the page.\u2028[contact]\u0085confidence = 1",
)


def written(record: str, correction: Correction) -> tuple[Contact, str]:
    """A draft, read as the file is."""
    draft = patches.draft(the_catalogue(), record, correction, PAGE, DAY)
    found = tomllib.loads(draft)
    for key in patches.place(the_catalogue(), record)[1].split("."):
        found = found[key]
    return TypeAdapter(Contact).validate_python(found), draft


@pytest.mark.parametrize("record", KNOWN)
def test_a_draft_is_the_table_of_the_file_with_the_change_and_nothing_else(record: str) -> None:
    before = CONTACTS[record]
    after, draft = written(record, ODD)
    changed = {key for key in patches.CHANGED if getattr(ODD, key) != getattr(before, key)}
    assert all(getattr(after, key) == getattr(ODD, key) for key in patches.CHANGED)
    assert {*after.check} == {*before.check} | changed
    assert (after.confidence, after.verified) == (Confidence.CHECK, DAY)
    assert after.sources == (*before.sources, PAGE)
    same = {each.name for each in fields(Contact)} - {*patches.CHANGED, "check", "confidence", "verified", "sources"}
    for name in same:
        assert getattr(after, name) == getattr(before, name), name
    assert "# They moved." in draft.splitlines()


@pytest.mark.parametrize("record", KNOWN)
def test_a_draft_that_changes_nothing_confirms_nothing(record: str) -> None:
    before = CONTACTS[record]
    after, _ = written(record, patches.of(before))
    assert replace(after, verified=before.verified, sources=before.sources) == before


@pytest.mark.parametrize("record", KNOWN)
def test_a_draft_names_a_file_and_a_table_that_are_there(record: str) -> None:
    file, table = patches.place(the_catalogue(), record)
    found: Any = tomllib.loads((DATA / file).read_text(encoding="utf-8"))
    *above, last = table.split(".")
    for key in above:
        found = found[key]
    tables = found if isinstance(found, list) else [found]
    assert record in {one.get("id") for one in tables} or (table, found["id"]) == ("contact", record)
    assert all(last in one for one in tables)


def test_a_way_that_lost_its_address_is_left_out() -> None:
    before = CONTACTS["clearview-ai"]
    assert {Channel.EMAIL, Channel.POST} <= {*before.accepts}
    after, _ = written("clearview-ai", replace(patches.of(before), email=""))
    assert after.accepts == tuple(one for one in before.accepts if one is not Channel.EMAIL)
