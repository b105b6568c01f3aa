"""When an answer is due."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from portal.law.holidays import NoCalendar, holidays
from portal.law.records import Calendar, Confidence, DeadlineRule, Event, NoCount, Reading, Side, Unit, Words

#: How many days a roll may look ahead: longer than any run of holidays, short enough to end.
_FAR = 30


class Uncountable(ValueError):
    """A deadline cannot be counted; the sentence says what is missing."""


class Step(StrEnum):
    """One thing that was done to reach a date."""

    COUNTED = "counted"
    SHORTER_MONTH = "shorter_month"
    SKIPPED = "skipped"
    ROLLED = "rolled"
    PAUSED = "paused"
    EXTENDED = "extended"
    LATE_NOTICE = "late_notice"
    BARE_NOTICE = "bare_notice"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that did not count, or on which a period may not end: a weekday's name or a holiday's says why."""

    day: date
    why: str

    @property
    def weekend(self) -> bool:
        return self.why in (NoCount.SATURDAY, NoCount.SUNDAY)


@dataclass(frozen=True, slots=True)
class Counted:
    """A step, with what is said of it: a number, a date, the days that were left out."""

    step: Step
    n: int = 0
    unit: Unit | None = None
    day: date | None = None
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from one day, which still counts, to another, which does not."""

    first: date
    last: date
    why: Words = field(default_factory=dict)
    """Why a date with the pause is only another reading of the law; empty where the law is clear."""


@dataclass(frozen=True, slots=True)
class Notice:
    """That the answer is put off: the day on which the person was told, and whether it gives reasons."""

    day: date
    reasoned: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """A due date, how it was counted, and the dates that other readings of the law give."""

    day: date
    rule: str
    start: date
    steps: tuple[Counted, ...]
    alternatives: tuple[tuple[date, Words], ...] = ()
    confidence: Confidence = Confidence.CERTAIN

    @property
    def days(self) -> tuple[date, ...]:
        """The other dates, in order, each once."""
        return tuple(sorted({day for day, _ in self.alternatives} - {self.day}))

    @property
    def latest(self) -> date:
        """The date after which nobody can say that there was still time: the one to accuse by."""
        return max((self.day, *self.days))

    @property
    def earliest(self) -> date:
        """The date up to which nobody can say that it was too late: the one to act by."""
        return min((self.day, *self.days))


Calendars = Mapping[Side, Calendar]


def due(
    rule: DeadlineRule,
    events: Mapping[Event, date],
    calendars: Calendars,
    notice: Notice | None = None,
    pauses: Sequence[Pause] = (),
) -> Due | None:
    """The last day on which the rule's clock is still met; None where the rule counts no time.

    The day of the event is not counted. A month ends on the day of the same number, or on the last day of a
    shorter month. Working days leave out the days that the rule excludes. The days of a pause are added, where it
    began in time. A last day on which the rule does not let a period end rolls to the next one that it does. An
    extension counts from the same event and only if its notice came within the first period, with reasons where the
    law wants them; where it may last as long as is reasonable there is no date. Raises Uncountable where the date
    that the clock counts from, or a calendar that it needs, is missing.

    Source: each rule's own `basis_in_law`.
    """
    if rule.unit is None:
        return None
    start = _start(rule, events)
    firm = [pause for pause in pauses if not pause.why]
    counted = _whole(rule, start, calendars, firm, notice)
    if counted is None:
        return None
    day, steps = counted
    absolute = _absolute(rule, events, calendars)
    if absolute and absolute < day:
        day, steps = absolute, [*steps, Counted(Step.CUT, day=absolute)]
    others = [(_as_read(rule, reading), firm, reading.why) for reading in rule.readings]
    others += [(rule, sorted([*firm, pause], key=_begin), pause.why) for pause in pauses if pause.why]
    readings = [(_whole(one, start, calendars, stood, notice), why) for one, stood, why in others]
    if any(other is None for other, _ in readings):
        return None  # by one reading the answer is put off in time, and without an end
    alternatives = tuple((other[0], why) for other, why in readings if other and other[0] != day)
    return Due(day, rule.id, start, tuple(steps), alternatives, rule.confidence)


def _begin(pause: Pause) -> date:
    return pause.first


_Days = tuple[date, list[Counted]]


def _whole(
    rule: DeadlineRule, start: date, calendars: Calendars, pauses: Sequence[Pause], notice: Notice | None
) -> _Days | None:
    """The period with its pauses and with what it was put off by; None where that has no end."""
    first = _count(rule, start, calendars, pauses)
    if notice is None or rule.extends is None:
        return first
    return _extended(rule, start, first, calendars, pauses, notice)


def _start(rule: DeadlineRule, events: Mapping[Event, date]) -> date:
    for event in rule.counts_from:
        if event in events:
            return events[event]
    wanted = " or ".join(event.value for event in rule.counts_from)
    raise Uncountable(f"the rule {rule.id} counts from {wanted}: give that date")


def _absolute(rule: DeadlineRule, events: Mapping[Event, date], calendars: Calendars) -> date | None:
    limit = rule.absolute
    if not limit or limit.counts_from not in events:
        return None
    return _count(replace(rule, n=limit.n, unit=limit.unit, readings=()), events[limit.counts_from], calendars)[0]


def _as_read(rule: DeadlineRule, reading: Reading) -> DeadlineRule:
    changed = {
        name: value
        for name in ("unit", "n", "excludes", "rolls_on", "calendar")
        if (value := getattr(reading, name)) is not None
    }
    return replace(rule, **changed)


def _extended(
    rule: DeadlineRule, start: date, first: _Days, calendars: Calendars, pauses: Sequence[Pause], notice: Notice
) -> _Days | None:
    """The extended date, or the first one where the notice came too late, or without the reasons that it needs."""
    extension, (day, steps) = rule.extends, first
    if extension is None or notice.day > day:
        return day, [*steps, Counted(Step.LATE_NOTICE, day=notice.day)]
    if extension.reasoned and not notice.reasoned:
        return day, [*steps, Counted(Step.BARE_NOTICE, day=notice.day)]
    if extension.n is None or extension.unit is None:
        return None
    if extension.unit is rule.unit and rule.n is not None:
        day, steps = _count(replace(rule, n=rule.n + extension.n), start, calendars, pauses)
    else:
        later = [pause for pause in pauses if pause.first > day]
        day, steps = _count(replace(rule, n=extension.n, unit=extension.unit), day, calendars, later)
    return day, [*steps, Counted(Step.EXTENDED, n=extension.n, unit=extension.unit, day=notice.day)]


def _count(rule: DeadlineRule, start: date, calendars: Calendars, pauses: Sequence[Pause] = ()) -> _Days:
    if rule.unit is None or rule.n is None:
        raise Uncountable(f"the rule {rule.id} gives no number to count")
    try:
        return _counted(rule, rule.unit, rule.n, start, _calendar(rule, calendars), pauses)
    except (Uncountable, NoCalendar) as error:
        raise Uncountable(str(error)) from error
    except (OverflowError, ValueError) as error:
        raise Uncountable(f"{start.isoformat()} is too far off to count from") from error


def _counted(
    rule: DeadlineRule, unit: Unit, n: int, start: date, calendar: Calendar | None, pauses: Sequence[Pause]
) -> _Days:
    steps = [Counted(Step.COUNTED, n=n, unit=unit, day=start)]
    match unit:
        case Unit.DAYS:
            day = start + timedelta(days=n)
        case Unit.MONTHS | Unit.YEARS:
            day = start + relativedelta(months=n if unit is Unit.MONTHS else 12 * n)
            if day.day != start.day:
                steps.append(Counted(Step.SHORTER_MONTH, day=day))
        case Unit.WORKING_DAYS:
            day, skipped = _working_days(n, start, rule.excludes, calendar)
            if skipped:
                steps.append(Counted(Step.SKIPPED, day=day, left_out=skipped))
    for pause in _in_order(pauses, start):
        if pause.first <= day:
            day, more = _gone_on(rule, unit, day, pause, calendar)
            steps += more
    rolled, refused = _rolled(day, rule.rolls_on, calendar)
    if refused:
        steps.append(Counted(Step.ROLLED, day=rolled, left_out=refused))
    return rolled, steps


def _in_order(pauses: Sequence[Pause], start: date) -> Iterator[Pause]:
    """The pauses after the start, those that overlap as one."""
    last = start
    for pause in sorted(pauses, key=_begin):
        if pause.last > last:
            last, first = pause.last, max(pause.first, last)
            yield replace(pause, first=first)


def _gone_on(rule: DeadlineRule, unit: Unit, day: date, pause: Pause, calendar: Calendar | None) -> _Days:
    """The end that comes when the clock goes on after a pause with what was left at its beginning."""
    stood = Counted(Step.PAUSED, n=(pause.last - pause.first).days, unit=Unit.DAYS, day=pause.first)
    if unit is not Unit.WORKING_DAYS:
        return day + (pause.last - pause.first), [stood]
    days = (pause.first + timedelta(days=n) for n in range(1, (day - pause.first).days + 1))
    left = sum(_why_not(one, rule.excludes, calendar) is None for one in days)
    day, skipped = _working_days(left, pause.last, rule.excludes, calendar)
    return day, [stood, Counted(Step.SKIPPED, day=day, left_out=skipped)] if skipped else [stood]


def _working_days(
    n: int, start: date, excludes: tuple[NoCount, ...], calendar: Calendar | None
) -> tuple[date, tuple[LeftOut, ...]]:
    """The n-th day after the start that counts, and the days before it that did not."""
    day, left, skipped = start, n, []
    while left:
        day += timedelta(days=1)
        why = _why_not(day, excludes, calendar)
        if why is None:
            left -= 1
        else:
            skipped.append(LeftOut(day, why))
    return day, tuple(skipped)


def _rolled(day: date, rolls_on: tuple[NoCount, ...], calendar: Calendar | None) -> tuple[date, tuple[LeftOut, ...]]:
    """The first day from this one on which a period may end, and why the days before it would not do."""
    refused: list[LeftOut] = []
    for _ in range(_FAR):
        why = _why_not(day, rolls_on, calendar)
        if why is None:
            return day, tuple(refused)
        refused.append(LeftOut(day, why))
        day += timedelta(days=1)
    raise Uncountable(f"no day in the {_FAR} after {day.isoformat()} lets a period end: look at the rule's calendar")


def _why_not(day: date, kinds: tuple[NoCount, ...], calendar: Calendar | None) -> str | None:
    """Why a day does not count: the name of the weekday or of the holiday."""
    if NoCount.SATURDAY in kinds and day.weekday() == 5:
        return NoCount.SATURDAY.value
    if NoCount.SUNDAY in kinds and day.weekday() == 6:
        return NoCount.SUNDAY.value
    if NoCount.HOLIDAY in kinds and calendar:
        return holidays(calendar, day.year).get(day)
    return None


def _calendar(rule: DeadlineRule, calendars: Calendars) -> Calendar | None:
    """The rule's own calendar, or that of the side that it names; none where holidays make no difference."""
    calendar = calendars.get(rule.calendar) if isinstance(rule.calendar, Side) else rule.calendar
    if calendar is None and NoCount.HOLIDAY in (*rule.excludes, *rule.rolls_on):
        raise Uncountable(f"the rule {rule.id} needs the holidays of a place whose calendar is not known")
    return calendar


# Saying

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "counted": "{n} {unit} after {day}",
        "shorter_month": "that month has no such day, so its last day, {day}",
        "skipped": "leaving out weekends, {names}",
        "rolled": "which is no day for a period to end ({names}), so {day}",
        "paused": "with the {n} {unit} from {day} on for which the clock stood still",
        "extended": "with the {n} {unit} by which the answer was put off on {day}",
        "late_notice": "the notice of {day} came too late to put it off",
        "bare_notice": "the notice of {day} gave no reasons, and so did not put it off",
        "cut": "but not after {day}, the outer limit",
        "ends": "{steps}: {day}.",
        "days": "days", "working_days": "working days", "months": "months", "years": "years",
        "1 days": "day", "1 working_days": "working day", "1 months": "month", "1 years": "year",
        "saturday": "Saturday", "sunday": "Sunday",
    },
    "fr": {
        "counted": "{n} {unit} après le {day}",
        "shorter_month": "ce mois n’a pas ce jour, donc son dernier jour, le {day}",
        "skipped": "sans compter les fins de semaine ni {names}",
        "rolled": "jour où un délai ne peut finir ({names}), donc le {day}",
        "paused": "avec les {n} {unit} d’arrêt du délai à partir du {day}",
        "extended": "avec les {n} {unit} dont la réponse a été repoussée le {day}",
        "late_notice": "l’avis du {day} est venu trop tard pour la repousser",
        "bare_notice": "l’avis du {day} ne donnait pas de raisons et ne l’a donc pas repoussée",
        "cut": "mais pas après le {day}, limite absolue",
        "ends": "{steps}\N{NO-BREAK SPACE}: {day}.",
        "days": "jours", "working_days": "jours ouvrables", "months": "mois", "years": "ans",
        "1 days": "jour", "1 working_days": "jour ouvrable", "1 months": "mois", "1 years": "an",
        "saturday": "samedi", "sunday": "dimanche",
    },
}  # fmt: skip


def sentence(due: Due, language: str = "en", write: Callable[[date], str] = date.isoformat) -> str:
    """How the date was counted, in one sentence; `write` says how dates are written."""
    phrases = _PHRASES.get(language, _PHRASES["en"])
    steps = ", ".join(_said(step, phrases, write) for step in due.steps if not _goes_without_saying(step))
    written = phrases["ends"].format(steps=steps, day=write(due.day))
    return written[0].upper() + written[1:]


def _said(step: Counted, phrases: Mapping[str, str], write: Callable[[date], str]) -> str:
    unit = phrases.get(f"{step.n} {step.unit}", phrases.get(step.unit or "", ""))
    names = ", ".join(phrases.get(name, name) for name in _once(_names(step)))
    day = write(step.day) if step.day else ""
    return phrases[step.step.value].format(n=step.n, unit=unit, day=day, names=names)


def _goes_without_saying(step: Counted) -> bool:
    """That working days leave out weekends."""
    return step.step is Step.SKIPPED and not _names(step)


def _names(step: Counted) -> tuple[str, ...]:
    """Why days were left out; of those that were skipped the holidays alone."""
    return tuple(one.why for one in step.left_out if step.step is Step.ROLLED or not one.weekend)


def _once(names: tuple[str, ...]) -> Iterator[str]:
    return iter(dict.fromkeys(names))
