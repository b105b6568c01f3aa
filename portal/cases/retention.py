"""How long everything is kept: the one table that the pages, the records and the purge go by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from portal import jobs
from portal.accounts import groups, invitations, people, visits
from portal.cases import attaching, clock, drafts, imports, opening, sights, tasks
from portal.columns import Until
from portal.law import looks


@dataclass(frozen=True, slots=True)
class Period:
    """When something goes by itself; on request, and when its purpose is over, it goes at once."""

    longest: timedelta
    """From the last change: of a case, from the end of its last window, or from the day on which it was closed.

    `timedelta.max` where it never goes by itself.
    """
    idle: timedelta | None = None
    """Sooner, where nothing is done for so long."""


RETENTION: Mapping[Until, Period] = MappingProxyType(
    {
        Until.DRAFT: Period(drafts.LIFE),
        Until.SESSION: Period(opening.LONGEST, idle=opening.IDLE),
        Until.CASE: Period(clock.KEPT_AFTER),
        Until.IDENTITY: Period(attaching.IDENTITY_KEPT),
        Until.REPORT: Period(timedelta(days=90)),
        Until.TASK: Period(tasks.KEPT),
        Until.SIGHT: Period(sights.LIFE),
        Until.CONFIRMATION: Period(looks.HOLDS),
        Until.ACCOUNT: Period(people.KEPT),
        Until.GROUP: Period(groups.KEPT),
        Until.IMPORT: Period(imports.KEPT),
        Until.STAFF_SESSION: Period(visits.LONGEST, idle=visits.IDLE),
        Until.INVITATION: Period(invitations.KEPT, idle=invitations.LIFE),
        Until.LIMIT: Period(timedelta(days=1)),
        Until.JOB: Period(jobs.KEPT),
        Until.RECORD: Period(timedelta.max),
        Until.STATEMENT: Period(timedelta.max),
        Until.TRAIL: Period(timedelta.max),
    }
)
