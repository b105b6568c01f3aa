"""Makes what tests need: situations, made-up people, letters."""

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from portal.law.catalogue import Catalogue
from portal.law.files import load
from portal.law.records import Event, Organisation, OrganisationKind, Right
from portal.law.routing import Option, Situation, mandate_for, route
from portal.letters.compose import Request, Role, Sender, Templates, asks, compose
from portal.letters.letter import Letter

ROOT = Path(__file__).parent.parent
DATA = ROOT / "portal" / "data"
LETTERS = ROOT / "templates" / "letters"
TODAY = date(2026, 11, 23)

#: Ana Example, who does not exist.
DETAILS = {
    "full_name": "Ana Example",
    "other_names": "Ana Muster",
    "date_of_birth": "1990-03-31",
    "place_of_birth": "Sampletown",
    "address": "1 Sample Street\n1010 Sampletown",
    "email": "ana@example.org",
    "phone": "+43 1 0000000",
    "photo_links": "https://example.org/1\nhttps://example.org/2",
    "accounts": "@ana",
    "events": "Sampletown station, March 2026",
    "reference": "X-1",
    "grounds": "I am a nurse, and my patients search for me.",
    "facts": "I found my face there.\n\nIt has not gone away.",
    "answer": "refused",
    "request_sent_on": "2026-09-01",
    "received_on": "2026-09-05",
    "answered_on": "2026-10-01",
    "access_answered_on": "2026-10-01",
    "complained_on": "2026-10-02",
    "review_asked_on": "2026-10-02",
    "review_answered_on": "2026-11-01",
    "determined_on": "2026-10-10",
    "known_on": "2026-08-01",
    "conduct_on": "2026-07-01",
    "date_from": "2020-01-01",
    "records_wanted": "The contracts.",
    "fee_category": "other",
    "fee_ceiling": "USD 25",
    "fee_waiver_reasons": "The public should know.",
    "expedite_reasons": "A bill is before the legislature.",
}

#: Who writes for her, by role: name and, of a group, address.
WRITERS = {
    Role.SELF: ("", ""),
    Role.PARENT: ("Petra Vorlage", ""),
    Role.AGENT: ("Petra Vorlage", ""),
    Role.GROUP: ("Sample Rights Group", "2 Sample Square\n1020 Sampletown"),
}


def flat(text: str) -> str:
    """Text with one space for all that is white."""
    return re.sub(r"\s+", " ", text).strip()


@lru_cache
def the_catalogue() -> Catalogue:
    """The law as it is in the data files."""
    return load(DATA)


@lru_cache
def the_templates() -> Templates:
    return Templates(LETTERS)


def an_organisation(id_: str = "clearview-ai") -> Organisation:
    return the_catalogue().organisations[id_]


def an_unknown_organisation(kind: OrganisationKind = OrganisationKind.COMPANY, seat: str = "us") -> Organisation:
    """One that the catalogue does not know, as a person would name it."""
    contact = an_organisation("ca-bank").contact
    return Organisation(
        id="unknown", name={"en": "Face Finder Ltd"}, kind=kind, jurisdiction=seat, generic=True, contact=contact
    )


def a_situation(
    place: str = "at",
    organisation: str | Organisation = "clearview-ai",
    right: str = "access",
    *,
    sent_at: str = "",
    extension_notice_on: str = "",
    on_behalf_of: str = "",
    answers: dict[str, bool] | None = None,
    **dates: str,
) -> Situation:
    """Somebody in a place who wants something of an organisation; dates by the name of their event."""
    return Situation(
        place,
        an_organisation(organisation) if isinstance(organisation, str) else organisation,
        Right(right),
        {Event(name): date.fromisoformat(day) for name, day in dates.items()},
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        extension_notice_on=date.fromisoformat(extension_notice_on) if extension_notice_on else None,
        on_behalf_of=on_behalf_of,
        answers=answers or {},
    )


def roles_for(option: Option) -> tuple[Role, ...]:
    """Who may write an option's letter: a group only where the law has a mandate for it."""
    return tuple(role for role in Role if role is not Role.GROUP or mandate_for(the_catalogue(), option))


def a_sender(option: Option, role: Role = Role.SELF, **details: str) -> Sender:
    """Ana Example, or who writes for her, with the details that an option's letter asks for; `""` leaves one out."""
    known = {**DETAILS, **details}
    asked = {one.name: known[one.name] for one in asks(the_catalogue(), option) if known[one.name]}
    name, address = WRITERS[role]
    return Sender(role, asked, writer_name=name, writer_address=address)


def a_letter(
    situation: Situation | None = None, language: str = "en", role: Role = Role.SELF, **details: str
) -> Letter:
    """The letter of a situation's best option."""
    situation = situation or a_situation()
    option = route(the_catalogue(), situation).best
    request = Request(situation, option, a_sender(option, role, **details), TODAY, language)
    return compose(the_catalogue(), the_templates(), request)
