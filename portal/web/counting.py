"""How a law counts, told step by step in the language of the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.law.deadlines import Counted, Due, LeftOut, Step
from portal.law.places import countries
from portal.law.records import Calendar, DeadlineRule, Extension, NoCount, Side, Unit
from portal.web.house import house
from portal.web.journey import named, page_date
from portal.web.language import current
from portal.web.words import EVENTS, NO_COUNTS


@dataclass(frozen=True, slots=True)
class Told:
    """A step in a sentence, and the days that it speaks of."""

    text: str
    days: tuple[LeftOut, ...] = ()


def length(n: int, unit: Unit) -> str:
    """“20 working days”."""
    match unit:
        case Unit.DAYS:
            return str(ngettext("%(num)s day", "%(num)s days", n))
        case Unit.WORKING_DAYS:
            return str(ngettext("%(num)s working day", "%(num)s working days", n))
        case Unit.MONTHS:
            return str(ngettext("%(num)s month", "%(num)s months", n))
        case Unit.YEARS:
            return str(ngettext("%(num)s year", "%(num)s years", n))


def _length_of(extension: Extension) -> str:
    if extension.n is None or extension.unit is None:
        return str(_("a reasonable time"))
    return length(extension.n, extension.unit)


def time_of(rule: DeadlineRule) -> str:
    """How long a rule gives."""
    return length(rule.n, rule.unit) if rule.n is not None and rule.unit else str(_("No fixed time"))


def weekday(day: date) -> str:
    """“Monday 1 March 2027”."""
    return f"{format_date(day, 'EEEE', locale=current())} {page_date(day)}"


def why(left_out: LeftOut) -> str:
    """Why a day was left out; a holiday by its English name."""
    return str(NO_COUNTS[NoCount(left_out.why)]) if left_out.weekend else left_out.why


# A rule


def in_words(rule: DeadlineRule) -> Iterator[str]:
    """How a rule counts, a sentence a part: the start, the days, the end, whose holidays, what changes it."""
    if rule.unit is None or rule.n is None:
        yield _("The law sets no fixed time. Thirty days are reasonable.")
        return
    start = _(" or ").join(str(EVENTS[event]) for event in rule.counts_from)
    yield _("Time begins with %(event)s. That day is not counted.", event=start)
    yield _days(rule, rule.unit)
    yield _end(rule)
    if holidays := _holidays(rule):
        yield holidays
    yield from _changes(rule)


def _days(rule: DeadlineRule, unit: Unit) -> str:
    if unit is Unit.WORKING_DAYS:
        return str(
            _("%(time)s are counted, leaving out each %(days)s.", time=time_of(rule), days=_any(rule.excludes))
        )
    if unit is Unit.DAYS:
        return str(_("%(time)s are counted as they come, weekends and holidays among them.", time=time_of(rule)))
    return str(
        _(
            "%(time)s later the period ends on the day with the same number, or on the last day of a month that has "
            "no such day.",
            time=time_of(rule),
        )
    )


def _end(rule: DeadlineRule) -> str:
    if rule.rolls_on:
        said = _("A last day that is a %(days)s moves on to the next day that is none.", days=_any(rule.rolls_on))
        return str(said)
    if rule.unit is Unit.WORKING_DAYS:
        return str(_("The last of these days is the last day."))
    return str(_("Nothing in this rule moves a last day that is on a weekend or a holiday."))


def _any(days: tuple[NoCount, ...]) -> str:
    """“Saturday, Sunday or public holiday”."""
    *first, last = (str(NO_COUNTS[day]) for day in days)
    return str(_(" or ")).join([", ".join(first), last] if first else [last])


def _holidays(rule: DeadlineRule) -> str:
    if NoCount.HOLIDAY not in (*rule.excludes, *rule.rolls_on):
        return ""
    match rule.calendar:
        case Side.PERSON:
            return str(_("Holidays are those of the place where you live."))
        case Side.ORGANISATION:
            return str(_("Holidays are those of the place of the organisation."))
        case Calendar():
            return str(_("Holidays are those of this place: %(place)s.", place=_place(rule.calendar)))
        case None:
            return ""


def _place(calendar: Calendar) -> str:
    """The country of a calendar, or the part of it that has a name in the catalogue."""
    code = calendar.country.lower()
    region = house().catalogue.jurisdictions.get(f"{code}-{calendar.subdivision.lower()}")
    return named(region.name) if region else countries(current()).get(code, calendar.country)


def _changes(rule: DeadlineRule) -> Iterator[str]:
    if rule.extends:
        time, notice = _length_of(rule.extends), named(rule.extends.notice)
        yield _("The answer may be put off by %(time)s, %(notice)s.", time=time, notice=notice)
    if rule.absolute:
        time, event = length(rule.absolute.n, rule.absolute.unit), EVENTS[rule.absolute.counts_from]
        yield _("Whatever happens, time is over %(time)s after %(event)s.", time=time, event=event)
    if rule.tolls:
        yield _("The clock may stop. %(when)s", when=named(rule.tolls))


# A date


def explained(rule: DeadlineRule, due: Due) -> Iterator[Told]:
    """How a date was reached: the day that is not counted, each day left out and why, the roll."""
    steps = {step.step: step for step in due.steps}
    yield Told(_("Time begins on %(day)s. That day is not counted.", day=weekday(due.start)))
    rolled = steps.get(Step.ROLLED)
    end = rolled.left_out[0].day if rolled else due.day
    if rule.unit is Unit.WORKING_DAYS:
        yield from _working_days(steps[Step.COUNTED], steps.get(Step.SKIPPED), end)
    else:
        yield _plain(steps[Step.COUNTED], Step.SHORTER_MONTH in steps, end)
    yield from _rolled(rule, rolled, end)


def _working_days(counted: Counted, skipped: Counted | None, end: date) -> Iterator[Told]:
    first = weekday((counted.day or end) + timedelta(days=1))
    if skipped:
        yield Told(_("We count from %(first)s on, and leave out these days:", first=first), skipped.left_out)
    else:
        yield Told(_("We count from %(first)s on, and leave out no day.", first=first))
    time = length(counted.n, Unit.WORKING_DAYS)
    yield Told(_("Without them, %(time)s end on %(end)s.", time=time, end=weekday(end)))


def _plain(counted: Counted, shorter: bool, end: date) -> Told:
    assert counted.unit
    time = length(counted.n, counted.unit)
    if counted.unit is Unit.DAYS:
        return Told(_("%(time)s, counted as they come, end on %(end)s.", time=time, end=weekday(end)))
    if shorter:
        said = _("%(time)s later that month has no such day. Its last one is %(end)s.", time=time, end=weekday(end))
        return Told(said)
    return Told(_("%(time)s later the day with the same number is %(end)s.", time=time, end=weekday(end)))


def _rolled(rule: DeadlineRule, rolled: Counted | None, end: date) -> Iterator[Told]:
    if rolled and rolled.day:
        yield Told(_("The period cannot end on these days:"), rolled.left_out)
        yield Told(_("So it ends on the next day on which it can: %(end)s.", end=weekday(rolled.day)))
    elif rule.rolls_on:
        yield Told(_("The period can end on %(end)s: it stays.", end=weekday(end)))
