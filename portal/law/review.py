"""What in the data a person should look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.law.catalogue import Catalogue
from portal.law.parts import parts
from portal.law.records import Confidence, Jurisdiction

#: After this many days a fact wants another look.
STALE_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should look at."""

    file: str
    what: str
    kind: str
    """`unsourced`, `stale` or `check`."""
    at: str = ""
    """In which part of the record, such as `contact`; empty where it is the record."""


def findings(catalogue: Catalogue, today: date) -> Iterator[Finding]:
    """What in the data is unsourced, has not been looked at for 180 days, or is only `check`."""
    for file, whole in catalogue.files():
        for at, record in parts(whole):
            yield from _findings(file, at, record, today)


def _findings(file: str, part: str, record: Any, today: date) -> Iterator[Finding]:
    at = part or "the record"
    if getattr(record, "sources", None) == () and not isinstance(record, Jurisdiction):
        yield Finding(file, f"{at} names no source", "unsourced")
    verified = getattr(record, "verified", None)
    if verified and today - verified > STALE_AFTER:
        yield Finding(file, f"{at} was last looked at on {verified.isoformat()}", "stale", part)
    fields_to_check = ", ".join(getattr(record, "check", ()))
    if fields_to_check or getattr(record, "confidence", None) is Confidence.CHECK:
        yield Finding(file, f"{at} is only “check”{': ' + fields_to_check if fields_to_check else ''}", "check")
