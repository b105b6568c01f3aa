"""The days on which answers are due, in a group's own calendar: no name of anybody in it."""

from flask import Flask
from icalendar import Calendar

from portal.cases.group_sharing import Scope
from portal.cases.status import Kind
from tests.building import TODAY
from tests.web.browsing import Browser
from tests.web.conftest import AnApp
from tests.web.staff.group.conftest import a_case, at_work, happen, share


def test_a_calendar_fetches_days_and_nobody_s_name(lasting: Flask, an_app: AnApp) -> None:
    work = at_work(lasting, "Calendars")
    filed = share(work, happen(lasting, a_case(lasting), Kind.SENT, TODAY), Scope.STATUS)
    page = work.browser.send(work.browser.get("/group/calendar"), {}, do="renew")
    [address] = page.main.xpath(".//p[@class='rf-key']/text()")
    assert address.startswith("http://localhost:8000/group-calendar/")
    public = Browser(an_app(RIGHTFACE_DATABASE_URL=str(lasting.extensions["rightface"].config.database_url)))
    answer = public.get(address.removeprefix("http://localhost:8000")).answer
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    [entry] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(entry["summary"]) == f"Reply due ({filed.id[:8]})"
    for said in (b"clearview", b"Clearview", b"Ana", b"Calendars"):
        assert said not in answer.data
    work.browser.send(page, {}, do="drop")
    assert public.get(address.removeprefix("http://localhost:8000")).status == 404
