"""How long everything is kept: the one table that the pages, the records and the purge go by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from portal.cases import drafts
from portal.columns import Until


@dataclass(frozen=True, slots=True)
class Period:
    """When something goes by itself; on request, and when its purpose is over, it goes at once."""

    longest: timedelta
    """From the last change: of a case, from the end of its last window, or from the day on which it was closed."""
    idle: timedelta | None = None
    """Sooner, where nothing is done for so long."""


#: What a closed case is kept for, and one that was never used once no step is open to it any more.
CASE = timedelta(days=90)

RETENTION: Mapping[Until, Period] = MappingProxyType(
    {
        Until.DRAFT: Period(drafts.LIFE),
        Until.SESSION: Period(timedelta(hours=8), idle=timedelta(minutes=30)),
        Until.CASE: Period(CASE),
        Until.IDENTITY: Period(timedelta(days=30)),
        Until.REPORT: Period(timedelta(days=90)),
        Until.LIMIT: Period(timedelta(days=1)),
        Until.JOB: Period(timedelta(days=30)),
    }
)
