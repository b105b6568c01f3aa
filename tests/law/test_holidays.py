"""Public holidays, as each statute wants them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.law.catalogue import Catalogue
from portal.law.holidays import NoCalendar, holidays
from portal.law.records import Calendar
from tests.building import the_catalogue


def _calendars() -> dict[str, Calendar]:
    """Every calendar in the data, by where it stands."""
    catalogue = the_catalogue()
    found = {f"jurisdictions/{place.id}": place.calendar for place in catalogue.jurisdictions.values()}
    found |= {f"deadlines/{rule.id}": rule.calendar for rule in catalogue.deadlines.values()}
    found |= {
        f"deadlines/{rule.id}/{n}": reading.calendar
        for rule in catalogue.deadlines.values()
        for n, reading in enumerate(rule.readings)
    }
    return {name: calendar for name, calendar in found.items() if isinstance(calendar, Calendar)}


CALENDARS = _calendars()
#: A day, a calendar, and whether it is a holiday there.
KNOWN = [
    ("ca-fed-30d", "2026-12-26", False, "Boxing Day is no holiday in the Interpretation Act"),
    ("ca-fed-30d", "2027-03-26", True, "Good Friday"),
    ("ca-fed-30d", "2027-03-29", True, "Easter Monday"),
    ("ca-fed-30d", "2026-05-18", True, "Victoria Day, the Monday before 25 May"),
    ("ca-fed-30d", "2026-09-30", True, "National Day for Truth and Reconciliation, since 2021"),
    ("ca-fed-30d", "2026-11-11", True, "Remembrance Day"),
    ("ca-fed-30d", "2026-08-03", False, "the civic holiday is provincial"),
    ("ca-fed-30d", "2027-01-02", False, "a Saturday is none, nor is 2 January"),
    ("bc-30bd", "2027-02-15", True, "Family Day, the third Monday of February"),
    ("bc-30bd", "2026-12-26", True, "Boxing Day, by the BC Interpretation Act"),
    ("bc-30bd", "2027-03-29", True, "Easter Monday"),
    ("bc-30bd", "2026-08-03", True, "British Columbia Day"),
    ("ab-45d", "2027-02-15", True, "Family Day in Alberta"),
    ("qc-30d", "2027-01-02", True, "2 January, by s. 61(23)"),
    ("qc-30d", "2026-06-24", True, "the National Holiday"),
    ("qc-30d", "2026-12-26", True, "26 December"),
    ("qc-30d", "2026-10-12", True, "Thanksgiving"),
    ("qc-30d", "2026-11-11", False, "Remembrance Day is not in the Québec list"),
    ("qc-30d", "2026-09-30", False, "nor is the Day for Truth and Reconciliation"),
    ("on-45bd", "2026-12-28", True, "Boxing Day 2026 is a Saturday, kept on Monday"),
    ("us-foia-20wd", "2026-11-26", True, "Thanksgiving, the fourth Thursday of November"),
    ("us-foia-20wd", "2027-01-18", True, "the birthday of Martin Luther King, Jr."),
    ("us-foia-20wd", "2026-06-19", True, "Juneteenth, since 2021"),
    ("us-foia-20wd", "2026-07-03", True, "4 July 2026 is a Saturday, kept on Friday"),
    ("us-foia-20wd", "2027-12-31", True, "1 January 2028 is a Saturday, kept in the year before"),
    ("us-foia-20wd", "2026-11-27", False, "the Friday after Thanksgiving is none"),
    ("us-foia-20wd", "2027-01-20", False, "nor is 20 January without an inauguration"),
    ("uk-1m", "2026-08-31", True, "the Summer Bank Holiday in England"),
    ("uk-1m", "2026-12-28", True, "Boxing Day 2026 is a Saturday, kept on Monday"),
    ("uk-1m", "2027-03-17", False, "St Patrick's Day is Northern Irish"),
    ("uk-foi-20wd", "2027-03-17", True, "any part of the United Kingdom: Northern Ireland"),
    ("uk-foi-20wd", "2026-11-30", True, "any part: St Andrew's Day in Scotland"),
    ("uk-foi-20wd", "2027-01-04", True, "2 January 2027 is a Saturday, kept on Monday in Scotland"),
    ("ch-30d", "2026-08-01", True, "the National Day, the one federal holiday"),
]


@pytest.mark.parametrize("name", CALENDARS)
def test_every_calendar_of_the_data_knows_its_days_from_2020_to_2040(name: str) -> None:
    for year in range(2020, 2041):
        days = holidays(CALENDARS[name], year)
        assert days, year
        assert {day.year for day in days} == {year}


@pytest.mark.parametrize(("rule", "day", "expected", "because"), KNOWN)
def test_a_statute_keeps_its_own_days(
    catalogue: Catalogue, rule: str, day: str, expected: bool, because: str
) -> None:
    calendar = catalogue.deadlines[rule].calendar
    assert isinstance(calendar, Calendar)
    when = date.fromisoformat(day)
    assert (when in holidays(calendar, when.year)) is expected, because


@pytest.mark.parametrize(
    ("place", "day", "expected", "because"),
    [
        ("at", "2027-01-06", True, "Epiphany"),
        ("fr", "2027-01-06", False, "no holiday in France"),
        ("nl", "2027-04-27", True, "Koningsdag"),
        ("gr", "2027-05-03", True, "Orthodox Easter Monday"),
        ("gr", "2027-03-29", False, "the Western one is none"),
        ("de-by", "2027-01-06", True, "Epiphany in Bavaria"),
        ("de-be", "2027-01-06", False, "not in Berlin"),
        ("ie", "2027-02-01", True, "St Brigid's Day, since 2023"),
        ("gg", "2027-05-09", True, "Liberation Day in Guernsey"),
        ("im", "2027-07-05", True, "Tynwald Day"),
    ],
)
def test_a_place_keeps_its_own_days(catalogue: Catalogue, place: str, day: str, expected: bool, because: str) -> None:
    calendar = catalogue.calendar(place)
    when = date.fromisoformat(day)
    assert calendar
    assert (when in holidays(calendar, when.year)) is expected, because


@pytest.mark.parametrize("place", ["us-ny", "ca-ns"])
def test_a_region_without_a_record_keeps_the_days_of_its_country(catalogue: Catalogue, place: str) -> None:
    assert catalogue.calendar(place) == catalogue.calendar(place[:2])


@pytest.mark.parametrize(
    ("calendar", "sentence"),
    [
        (Calendar(country="ZZ"), "no calendar for ZZ"),
        (Calendar(country="CA", subdivision="XX"), "no calendar for CA XX"),
        (Calendar(country="CA", only=("Chrismas Day",)), "no holiday is called 'Chrismas Day'"),
        (Calendar(country="CA", drop=("Hallowe'en",)), "no holiday is called"),
        (Calendar(country="AT", add=("02-30",)), "has no day 02-30"),
        (Calendar(country="AT", categories=("unheard-of",)), "no calendar for AT"),
    ],
    ids=lambda part: part if isinstance(part, str) else part.country,
)
def test_a_calendar_that_cannot_be_had_is_refused(calendar: Calendar, sentence: str) -> None:
    with pytest.raises(NoCalendar, match=sentence):
        holidays(calendar, 2027)


def test_a_year_for_which_the_package_knows_no_day_is_refused() -> None:
    with pytest.raises(NoCalendar, match="has no day in 1200"):
        holidays(Calendar(country="AT"), 1200)


def test_what_is_dropped_is_gone_and_what_is_added_is_there() -> None:
    calendar = Calendar(country="AT", drop=("Epiphany",), add=("easter-2", "12-24"))
    days = holidays(calendar, 2027)
    assert date(2027, 1, 6) not in days
    assert {date(2027, 3, 26), date(2027, 12, 24)} <= set(days)


def test_nobody_can_change_a_calendar_that_others_use() -> None:
    days = holidays(CALENDARS["deadlines/us-foia-20wd"], 2027)
    with pytest.raises(TypeError):
        days[date(2027, 3, 3)] = "a day off"  # type: ignore[index]


@given(st.sampled_from(sorted(CALENDARS)), st.integers(2020, 2040))
def test_every_holiday_has_a_name(name: str, year: int) -> None:
    assert all(text.strip() for text in holidays(CALENDARS[name], year).values())
