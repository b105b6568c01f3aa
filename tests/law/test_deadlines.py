"""When an answer is due."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.law.catalogue import Catalogue
from portal.law.deadlines import Due, Notice, Step, Uncountable, due, sentence
from portal.law.holidays import holidays
from portal.law.records import Calendar, DeadlineRule, Event, NoCount, Side, Unit
from tests.building import the_catalogue

RULES = the_catalogue().deadlines
COUNTING = sorted(id_ for id_, rule in RULES.items() if rule.unit)
DAYS = st.dates(date(2021, 1, 1), date(2038, 12, 31))
#: rule, counted from, whose holidays, due, why. Each counted by hand.
BY_HAND = [
    ("eu-1m", "2027-01-31", "at", "2027-03-01", "no 31 February: the 28th, a Sunday, so Monday"),
    ("eu-1m", "2028-01-31", "at", "2028-02-29", "a leap year: Tuesday the 29th"),
    ("eu-1m", "2027-03-31", "fr", "2027-04-30", "April has 30 days"),
    ("eu-1m", "2026-12-01", "de", "2027-01-04", "New Year's Day, a Friday, then a weekend"),
    ("eu-1m", "2026-12-06", "at", "2027-01-07", "6 January is a holiday in Austria"),
    ("eu-1m", "2026-12-06", "fr", "2027-01-06", "and none in France"),
    ("eu-1m", "2027-03-27", "nl", "2027-04-28", "27 April is Koningsdag"),
    ("eu-1m", "2026-11-25", "at", "2026-12-28", "25 and 26 December are holidays, 27 a Sunday"),
    ("eu-1m", "2027-02-28", "at", "2027-03-30", "28 March 2027 is Easter Sunday, 29 Easter Monday"),
    ("eu-1m", "2026-12-31", "gr", "2027-02-01", "31 January is a Sunday"),
    ("eu-78-3m", "2026-11-30", "at", "2027-03-01", "no 30 February: the 28th, a Sunday"),
    ("uk-1m", "2026-11-25", "", "2026-12-29", "Christmas, and Boxing Day kept on Monday 28"),
    ("uk-1m", "2027-02-26", "", "2027-03-30", "26 March is Good Friday, 29 Easter Monday"),
    ("uk-le-1m", "2026-07-31", "", "2026-09-01", "31 August is the Summer Bank Holiday"),
    ("uk-foi-20wd", "2027-02-22", "", "2027-03-23", "17 March is a bank holiday in Northern Ireland"),
    ("uk-foi-20wd", "2026-12-07", "", "2027-01-08", "25, 28 December, 1 January, and 4 January in Scotland"),
    ("uk-ico-3m", "2026-11-30", "", "2027-02-28", "ICO practice rolls on nothing: a Sunday"),
    ("uk-164a-30d", "2026-12-01", "", "2026-12-31", "30 days as they come"),
    ("ca-fed-30d", "2027-01-07", "", "2027-02-06", "a Saturday is no federal holiday: it stays"),
    ("ca-fed-30d", "2026-11-25", "", "2026-12-26", "Christmas rolls to Boxing Day, which is none"),
    ("ca-fed-30d", "2028-01-30", "", "2028-02-29", "30 days, not a month"),
    ("ca-fed-30d", "2027-02-24", "", "2027-03-27", "26 March is Good Friday; Saturday will do"),
    ("ca-fed-30d", "2027-02-26", "", "2027-03-30", "28 March is a Sunday, 29 Easter Monday"),
    ("ca-fed-30d", "2026-08-31", "", "2026-10-01", "30 September: Truth and Reconciliation"),
    ("ca-pipeda-6m", "2026-08-31", "", "2027-03-01", "no 31 February: the 28th, a Sunday"),
    ("ca-crcc-1y", "2028-02-29", "", "2029-02-28", "no 29 February: the 28th, a Wednesday"),
    ("ca-crcc-1y", "2026-02-28", "", "2027-03-01", "28 February 2027 is a Sunday"),
    ("ca-oic-60d", "2026-11-02", "", "2027-01-02", "New Year's Day; Saturday is none"),
    ("ca-fc-45d", "2026-11-10", "", "2026-12-26", "Christmas Day"),
    ("ca-fc-1y", "2026-07-01", "", "2027-07-02", "1 July is Canada Day"),
    ("qc-30d", "2026-12-02", "", "2027-01-04", "1 and 2 January are holidays, 3 a Sunday"),
    ("qc-20d", "2026-12-11", "", "2026-12-31", "New Year's Eve is none"),
    ("qc-20d", "2026-12-05", "", "2026-12-28", "25 and 26 December, then a Sunday"),
    ("qc-cai-30d", "2026-05-25", "", "2026-06-25", "24 June is the National Holiday"),
    ("bc-30bd", "2026-12-01", "", "2027-01-14", "25 and 26 December and 1 January do not count"),
    ("bc-30bd", "2027-01-04", "", "2027-02-16", "nor does Family Day, 15 February"),
    ("bc-oipc-30bd", "2027-03-01", "", "2027-04-14", "nor Good Friday and Easter Monday"),
    ("ab-45d", "2026-11-23", "", "2027-01-07", "45 days as they come"),
    ("ab-45d", "2027-01-01", "", "2027-02-16", "15 February is Family Day"),
    ("ab-oipc-30d", "2026-11-26", "", "2026-12-28", "26 December is a holiday, 27 a Sunday"),
    ("on-45bd", "2026-11-23", "", "2027-01-28", "Christmas, Boxing Day kept on Monday, New Year"),
    ("ch-30d", "2026-07-02", "", "2026-08-03", "1 August is a Saturday and the National Day"),
    ("je-4w", "2026-12-04", "", "2027-01-01", "four weeks, on a holiday: nothing rolls"),
    ("au-30d", "2026-12-26", "", "2027-01-25", "30 days as they come"),
    ("at-complaint-1y-3y", "2028-02-29", "", "2029-02-28", "no 29 February in 2029"),
    ("us-ca-45d", "2027-01-15", "", "2027-03-01", "45 days as they come"),
    ("us-state-45d", "2026-12-31", "", "2027-02-14", "a Sunday: nothing rolls"),
    ("us-ca-ack-10bd", "2027-01-15", "", "2027-02-01", "18 January: Martin Luther King"),
    ("us-ca-optout-15bd", "2026-12-21", "", "2027-01-13", "Christmas and New Year's Day"),
    ("us-foia-20wd", "2026-11-23", "", "2026-12-22", "Thanksgiving"),
    ("us-foia-20wd", "2026-12-07", "", "2027-01-06", "Christmas and New Year's Day"),
    ("us-foia-20wd", "2026-11-10", "", "2026-12-10", "Veterans Day and Thanksgiving"),
    ("us-foia-20wd", "2027-12-20", "", "2028-01-20", "24 and 31 December are kept for Saturdays; MLK on 17"),
    ("us-foia-20wd", "2026-06-05", "", "2026-07-07", "Juneteenth, and 4 July kept on Friday 3"),
    ("us-foia-appeal-90d", "2026-11-23", "", "2027-02-21", "a Sunday: nothing rolls"),
    ("us-dhs-appeal-90wd", "2026-11-23", "", "2027-04-05", "19 weeks, five of whose days are holidays"),
    ("us-foia-appeal-decision-20wd", "2027-01-04", "", "2027-02-02", "Martin Luther King"),
    ("us-pa-amend-10wd", "2027-02-08", "", "2027-02-23", "15 February: Washington"),
    ("us-foia-expedite-10d", "2026-12-20", "", "2026-12-30", "calendar days"),
]


def counted(rule: str, start: date, place: str = "at", notice: date | None = None) -> Due:
    """A rule's due date, counted from the event that it wants."""
    events = {RULES[rule].counts_from[0]: start}
    found = due(RULES[rule], events, sides(place), Notice(notice) if notice else None)
    assert found
    return found


def sides(place: str) -> Mapping[Side, Calendar]:
    calendar = the_catalogue().calendar(place)
    return dict.fromkeys(Side, calendar) if calendar else {}


def calendar_of(rule: DeadlineRule, place: str = "at") -> Calendar | None:
    return sides(place)[rule.calendar] if isinstance(rule.calendar, Side) else rule.calendar


# By hand


@pytest.mark.parametrize(("rule", "start", "place", "day", "because"), BY_HAND)
def test_a_date_is_what_a_finger_on_the_calendar_says(
    rule: str, start: str, place: str, day: str, because: str
) -> None:
    assert counted(rule, date.fromisoformat(start), place or "at").day.isoformat() == day, because


@pytest.mark.parametrize(
    ("rule", "start", "others", "because"),
    [
        ("ca-fed-30d", "2026-11-25", ["2026-12-28"], "the office opens on Monday"),
        ("ca-fed-30d", "2026-12-01", [], "a Thursday: both readings agree"),
        ("on-45bd", "2026-11-23", ["2026-12-23", "2027-01-27"], "30 days before Bill 97; Boxing Day on its day"),
    ],
)
def test_where_the_law_is_open_the_other_dates_are_given(
    rule: str, start: str, others: list[str], because: str
) -> None:
    found = counted(rule, date.fromisoformat(start))
    assert [day.isoformat() for day in found.days] == others, because
    assert all(why["en"] and why["fr"] for _, why in found.alternatives)


EXTENDED = [
    ("eu-1m", "2027-01-31", "2027-02-20", "2027-04-30", "three months in all, from receipt"),
    ("uk-1m", "2026-11-30", "2026-12-30", "2027-03-01", "no 30 February; the 28th is a Sunday"),
    ("ca-fed-30d", "2026-12-01", "2026-12-31", "2027-01-30", "60 days in all: a Saturday stays"),
    ("bc-30bd", "2026-12-01", "2027-01-14", "2027-02-26", "60 days that count; Family Day does not"),
    ("us-foia-20wd", "2026-12-07", "2027-01-06", "2027-01-21", "ten more working days; not 18 January"),
    ("us-ca-45d", "2027-01-15", "2027-02-01", "2027-04-15", "90 days in all"),
    ("je-4w", "2026-12-04", "2026-12-20", "2027-02-26", "eight weeks more"),
]


@pytest.mark.parametrize(("rule", "start", "notice", "day", "because"), EXTENDED)
def test_a_notice_in_time_puts_an_answer_off(rule: str, start: str, notice: str, day: str, because: str) -> None:
    found = counted(rule, date.fromisoformat(start), notice=date.fromisoformat(notice))
    assert found.day.isoformat() == day, because
    assert found.steps[-1].step is Step.EXTENDED


@pytest.mark.parametrize(("rule", "start"), [(row[0], row[1]) for row in EXTENDED])
def test_a_late_notice_puts_nothing_off(rule: str, start: str) -> None:
    first = counted(rule, date.fromisoformat(start))
    late = counted(rule, date.fromisoformat(start), notice=first.day + timedelta(days=1))
    assert late.day == first.day
    assert late.steps[-1].step is Step.LATE_NOTICE


def test_three_years_end_the_one_year_in_austria() -> None:
    rule = RULES["at-complaint-1y-3y"]
    known, conduct = date(2026, 3, 1), date(2023, 6, 1)
    found = due(rule, {Event.KNOWN_ON: known, Event.CONDUCT_ON: conduct}, {})
    assert found
    assert (found.day, found.steps[-1].step) == (date(2026, 6, 1), Step.CUT)


def test_a_clock_counts_from_the_first_event_that_is_known() -> None:
    rule = RULES["ca-pipeda-6m"]
    both = due(rule, {Event.REFUSED_ON: date(2026, 9, 10), Event.REPLY_DUE: date(2026, 10, 1)}, {})
    silence = due(rule, {Event.REPLY_DUE: date(2026, 10, 1)}, {})
    assert both
    assert silence
    assert (both.start, silence.start) == (date(2026, 9, 10), date(2026, 10, 1))


# What holds for all


@pytest.mark.parametrize("id_", COUNTING)
def test_each_rule_of_the_data_counts_every_day_of_two_years(id_: str) -> None:
    for n in range(731):
        start = date(2027, 1, 1) + timedelta(days=n)
        years = (RULES[id_].n or 0) if RULES[id_].unit is Unit.YEARS else 2
        assert start < counted(id_, start).day < start + timedelta(days=366 * years + 70)


@pytest.mark.parametrize("id_", sorted(set(RULES) - set(COUNTING)))
def test_a_rule_without_a_number_counts_nothing(id_: str) -> None:
    assert due(RULES[id_], {Event.RECEIVED_ON: date(2027, 1, 31)}, {}) is None


@given(st.sampled_from(COUNTING), DAYS)
def test_the_day_of_the_event_is_not_counted(id_: str, start: date) -> None:
    assert counted(id_, start).day > start


@given(st.sampled_from([id_ for id_ in COUNTING if RULES[id_].unit]), DAYS, st.integers(1, 40))
def test_who_starts_later_ends_no_sooner(id_: str, start: date, days: int) -> None:
    assert counted(id_, start).day <= counted(id_, start + timedelta(days=days)).day


@given(
    st.sampled_from([id_ for id_ in COUNTING if RULES[id_].rolls_on]), DAYS, st.sampled_from(["at", "gr", "de-by"])
)
def test_a_period_never_ends_on_a_day_that_its_rule_rolls_on(id_: str, start: date, place: str) -> None:
    rule = RULES[id_]
    day = counted(id_, start, place).day
    calendar = calendar_of(rule, place)
    assert not (NoCount.SATURDAY in rule.rolls_on and day.weekday() == 5)
    assert not (NoCount.SUNDAY in rule.rolls_on and day.weekday() == 6)
    assert not (calendar and NoCount.HOLIDAY in rule.rolls_on and day in holidays(calendar, day.year))


@given(st.sampled_from([id_ for id_ in COUNTING if RULES[id_].unit is Unit.WORKING_DAYS]), DAYS)
def test_as_many_working_days_pass_as_the_rule_says(id_: str, start: date) -> None:
    rule, end = RULES[id_], counted(id_, start).day
    calendar = calendar_of(rule)
    assert calendar
    passed = [start + timedelta(days=n + 1) for n in range((end - start).days)]
    working = [day for day in passed if day.weekday() < 5 and day not in holidays(calendar, day.year)]
    assert len(working) == rule.n
    assert working[-1] == end


@given(st.sampled_from([id_ for id_ in COUNTING if RULES[id_].extends]), DAYS, st.integers(-40, 200))
def test_an_extension_never_ends_earlier(id_: str, start: date, after: int) -> None:
    first = counted(id_, start)
    notice = start + timedelta(days=max(after, 0))
    extended = counted(id_, start, notice=notice)
    assert (extended.day > first.day) == (notice <= first.day)


@given(st.sampled_from(COUNTING), DAYS)
def test_another_reading_gives_another_date(id_: str, start: date) -> None:
    found = counted(id_, start)
    assert found.day not in found.days
    assert list(found.days) == sorted(set(found.days))


@given(st.sampled_from(COUNTING), DAYS, st.sampled_from(["en", "fr"]), st.booleans())
def test_a_sentence_names_the_start_and_the_date(id_: str, start: date, language: str, put_off: bool) -> None:
    found = counted(id_, start, notice=start if put_off else None)
    said = sentence(found, language)
    assert start.isoformat() in said
    assert said.endswith(f"{found.day.isoformat()}.")
    assert said[0].isdigit()
    assert not set("{}_") & set(said)


def test_a_sentence_says_each_step_in_english() -> None:
    assert sentence(counted("eu-1m", date(2027, 1, 31))) == (
        "1 month after 2027-01-31, that month has no such day, so its last day, 2027-02-28, "
        "which is no day for a period to end (Sunday), so 2027-03-01: 2027-03-01."
    )


def test_a_sentence_says_each_step_in_french() -> None:
    assert sentence(counted("eu-1m", date(2027, 1, 31)), "fr") == (
        "1 mois après le 2027-01-31, ce mois n’a pas ce jour, donc son dernier jour, le 2027-02-28, "
        "jour où un délai ne peut finir (dimanche), donc le 2027-03-01\u00a0: 2027-03-01."
    )


def test_a_sentence_names_the_holidays_that_were_left_out_once_each() -> None:
    said = sentence(counted("us-foia-20wd", date(2026, 12, 7)))
    assert said.count("Christmas Day") == said.count("New Year's Day") == 1


# What cannot be counted


@pytest.mark.parametrize("id_", [id_ for id_ in COUNTING if isinstance(RULES[id_].calendar, Side)])
def test_a_missing_calendar_is_refused_rather_than_taken_for_no_holidays(id_: str) -> None:
    with pytest.raises(Uncountable, match="needs the holidays"):
        due(RULES[id_], {RULES[id_].counts_from[0]: date(2027, 1, 31)}, {})


@pytest.mark.parametrize("id_", COUNTING)
def test_a_missing_date_is_named(id_: str) -> None:
    with pytest.raises(Uncountable, match=f"the rule {id_} counts from .*: give that date") as caught:
        due(RULES[id_], {}, sides("at"))
    assert all(event.value in str(caught.value) for event in RULES[id_].counts_from)


@pytest.mark.parametrize("id_", COUNTING)
@pytest.mark.parametrize("start", [date.max, date(9999, 12, 31) - timedelta(days=5)])
def test_a_date_that_is_too_far_off_is_refused(id_: str, start: date) -> None:
    with pytest.raises(Uncountable):
        due(RULES[id_], {RULES[id_].counts_from[0]: start}, sides("at"))


def test_a_rule_whose_calendar_has_no_working_day_is_refused(catalogue: Catalogue) -> None:
    every_day = tuple(f"{month:02}-{day:02}" for month in (2, 3) for day in range(1, 29))
    calendar = Calendar(country="AT", add=(*every_day, "03-29", "03-30", "03-31"))
    with pytest.raises(Uncountable, match="look at the rule's calendar"):
        due(catalogue.deadlines["eu-1m"], {Event.RECEIVED_ON: date(2027, 1, 10)}, dict.fromkeys(Side, calendar))


# The days that were left out


@given(day=DAYS)
@pytest.mark.parametrize("rule", [id_ for id_ in COUNTING if RULES[id_].unit is Unit.WORKING_DAYS])
def test_every_day_between_was_counted_or_is_named_as_left_out(rule: str, day: date) -> None:
    found = counted(rule, day)
    left_out = [one.day for step in found.steps if step.step is Step.SKIPPED for one in step.left_out]
    assert left_out == sorted({*left_out})
    assert (found.day - found.start).days == (RULES[rule].n or 0) + len(left_out)
    assert all(found.start < one < found.day for one in left_out)


@given(day=DAYS)
@pytest.mark.parametrize("rule", [id_ for id_ in COUNTING if RULES[id_].rolls_on])
def test_a_period_ends_the_day_after_the_days_on_which_it_may_not(rule: str, day: date) -> None:
    found = counted(rule, day)
    for step in found.steps:
        if step.step is Step.ROLLED:
            run = [one.day for one in step.left_out]
            assert [*run, found.day] == [run[0] + timedelta(days=n) for n in range(len(run) + 1)]
