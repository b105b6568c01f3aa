"""The days of a case for a person's own calendar."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event
from werkzeug.wrappers import Response

from portal.cases.feeds import Due
from portal.cases.following import Case
from portal.vault import hashed

#: How long before the day the calendar reminds.
_AHEAD = timedelta(days=1)


def reply_due(case: Case, day: date, now: datetime) -> Response:
    """An entry “Reply due” on a day; taken again after the date has moved, it takes the place of the one before.

    It names no organisation and no person: a calendar is looked at by others, and copied to servers.
    """
    return _calendar("reply-due", [_entry(case, "reply-due", _("Reply due"), day, now)])


def look_again(case: Case, days: Sequence[date], now: datetime) -> Response:
    """An entry “Look again” on each of some days; it says neither where nor for what."""
    entries = [_entry(case, f"look-again-{n}", _("Look again"), day, now) for n, day in enumerate(days, 1)]
    return _calendar("look-again", entries)


def feed(dues: Sequence[Due], now: datetime) -> Response:
    """The days on which answers to a group's cases are due, each with the first digits of its case's id."""
    words = _("Reply due")
    entries = [_all_day(one.case_id, "reply-due", f"{words} ({one.case_id[:8]})", one.day, now) for one in dues]
    return _calendar("reply-due", entries)


def _entry(case: Case, kind: str, words: str, day: date, now: datetime) -> Event:
    entry = _all_day(case.id, kind, words, day, now)
    entry.add("sequence", len(case.events))
    return entry


def _all_day(case_id: str, kind: str, words: str, day: date, now: datetime) -> Event:
    entry = Event()
    entry.add("uid", f"{hashed(case_id.encode())[:32]}@{kind}")
    entry.add("dtstamp", now)
    entry.add("dtstart", day)
    entry.add("summary", words)
    entry.add("transp", "TRANSPARENT")
    entry.add_component(_reminder(words))
    return entry


def _calendar(name: str, entries: Sequence[Event]) -> Response:
    whole = Calendar()
    whole.add("prodid", "-//Rightface//EN")
    whole.add("version", "2.0")
    for entry in entries:
        whole.add_component(entry)
    answer = Response(whole.to_ical(), content_type="text/calendar; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.ics")
    return answer


def _reminder(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -_AHEAD)
    return alarm
