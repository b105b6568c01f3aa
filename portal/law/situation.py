"""The facts that routing needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.law.records import Demand, Event, Organisation, Right


@dataclass(frozen=True, slots=True)
class Stopped:
    """What they wanted before they answer: the day of their demand, and the day on which they had it."""

    demand: Demand
    on: date
    until: date


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts that routing needs.

    `place` is a jurisdiction's id or the lower-case ISO code of a country or region (`at`, `ca-qc`). `answers` holds
    yes or no by the question that a law asks (`ca_citizen_or_resident`). `sent_at` is aware; it stands in for the
    day of receipt where that is not known.
    """

    place: str
    organisation: Organisation
    right: Right
    events: Mapping[Event, date] = field(default_factory=dict)
    sent_at: datetime | None = None
    extension_notice_on: date | None = None
    extension_reasoned: bool = True
    stopped: tuple[Stopped, ...] = ()
    on_behalf_of: str = ""
    answers: Mapping[str, bool] = field(default_factory=dict)
