"""Looks at addresses, as the tests need them."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Flask

from portal.cases import confirmations
from portal.cases.confirmations import Found
from portal.database import transaction
from portal.law.looks import Verdict
from portal.law.patches import Correction
from portal.law.records import Contact
from portal.vault import PublicHalf
from tests.building import the_catalogue
from tests.web.browsing import Clock

CONTACTS = {id_: one.contact for id_, one in the_catalogue().addressees.items()}
#: The addresses to which something can be sent, all that a look can be about.
KNOWN = {id_: one for id_, one in CONTACTS.items() if one.address or one.email or one.form}
#: The day after the newest file was looked over, so that a look on it is newer than any.
DAY = max(one.verified for one in CONTACTS.values()) + timedelta(days=1)
PAGE = "https://www.example.org/contact"
SOMEBODY = "0" * 32


def a_clock() -> Clock:
    """One that stands at ten on that day."""
    clock = Clock()
    clock.now = datetime.combine(DAY, time(10), UTC)
    return clock


def look(
    app: Flask,
    record: str,
    verdict: Verdict = Verdict.RIGHT,
    correction: Correction | None = None,
    staff: PublicHalf | None = None,
    on: date = DAY,
    contact: Contact | None = None,
) -> str:
    """Let somebody have looked at an address on a day."""
    found = Found(verdict, PAGE, SOMEBODY, correction)
    with transaction(app.extensions["rightface"].engine) as session:
        return confirmations.confirm(session, record, contact or CONTACTS[record], found, staff, on)
