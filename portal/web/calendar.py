"""A due date for a person's own calendar."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event
from werkzeug.wrappers import Response

from portal.cases.following import Case
from portal.vault import hashed

#: How long before the day the calendar reminds.
_AHEAD = timedelta(days=1)


def reply_due(case: Case, day: date, now: datetime) -> Response:
    """An entry “Reply due” on a day; taken again after the date has moved, it takes the place of the one before.

    It names no organisation and no person: a calendar is looked at by others, and copied to servers.
    """
    entry = Event()
    entry.add("uid", f"{hashed(case.id.encode())[:32]}@reply-due")
    entry.add("dtstamp", now)
    entry.add("sequence", len(case.events))
    entry.add("dtstart", day)
    entry.add("summary", _("Reply due"))
    entry.add("transp", "TRANSPARENT")
    entry.add_component(_reminder())
    whole = Calendar()
    whole.add("prodid", "-//Rightface//EN")
    whole.add("version", "2.0")
    whole.add_component(entry)
    answer = Response(whole.to_ical(), content_type="text/calendar; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="reply-due.ics")
    return answer


def _reminder() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Reply due"))
    alarm.add("trigger", -_AHEAD)
    return alarm
