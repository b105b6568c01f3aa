"""Public holidays, as each statute wants them."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays as package
from dateutil.easter import easter

from portal.law.records import Calendar


class NoCalendar(LookupError):
    """The holidays of a place cannot be had; nothing is counted without them."""


#: A year that has every holiday which the data names.
NAMED_IN = 2026


@lru_cache(maxsize=1024)
def holidays(calendar: Calendar, year: int) -> Mapping[date, str]:
    """The holidays of a year by day, with their names in English.

    Days come from the `holidays` package; `calendar` says what a statute keeps, drops and adds. Raises NoCalendar
    where the package does not know the place, or knows no day by a name that the data gives.
    """
    days = {
        day: name for part in calendar.any_of or (calendar.subdivision,) for day, name in _known(calendar, part, year)
    }
    names = {part for name in days.values() for part in name.split("; ")}
    unknown = {*calendar.only, *calendar.drop} - names
    if unknown and year != NAMED_IN:
        holidays(calendar, NAMED_IN)  # a holiday may be younger than the year, but not misspelt
    elif unknown:
        raise NoCalendar(f"{calendar.country}: no holiday is called {min(unknown)!r}; known are {sorted(names)}")
    if calendar.only:
        days = {day: name for day, name in days.items() if set(name.split("; ")) & set(calendar.only)}
    days = {day: name for day, name in days.items() if not set(name.split("; ")) & set(calendar.drop)}
    days |= {_added(rule, year): f"holiday ({rule})" for rule in calendar.add if _added(rule, year) not in days}
    return MappingProxyType(days)


def _known(calendar: Calendar, subdivision: str, year: int) -> list[tuple[date, str]]:
    try:
        found = package.country_holidays(
            calendar.country,
            subdiv=subdivision or None,
            years=year,
            observed=calendar.observed,
            categories=calendar.categories,
            language=_english(calendar.country),
        )
    except (NotImplementedError, ValueError, AttributeError) as error:
        raise NoCalendar(f"no calendar for {calendar.country} {subdivision}: {error}") from error
    if not found:
        raise NoCalendar(f"the calendar of {calendar.country} {subdivision} has no day in {year}")
    return list(found.items())


@lru_cache
def _english(country: str) -> str | None:
    languages = getattr(package, country).supported_languages
    return next((name for name in ("en_US", "en_GB", "en_CA") if name in languages), None)


def _added(rule: str, year: int) -> date:
    """`MM-DD`, or days from Easter Sunday as `easter+1`."""
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule.removeprefix("easter")))
    month, day = map(int, rule.split("-"))
    if day > monthrange(year, month)[1]:
        raise NoCalendar(f"{year} has no day {rule}")
    return date(year, month, day)
