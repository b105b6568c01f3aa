"""How far a case has come, what comes next, and by when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.clock import KEPT_AFTER, Clock, Next, Sure, clock, forget_on
from portal.cases.complaints import Stage
from portal.cases.status import DEMANDS, Happened, Kind
from portal.law.routing import Situation, route
from tests.building import a_situation, the_catalogue

FILED = date(2026, 11, 23)


def happened(**days: str) -> list[Happened]:
    """What happened, in this order, by its kind."""
    return [
        Happened(Kind.FILED, FILED),
        *(Happened(Kind(kind), date.fromisoformat(day)) for kind, day in days.items()),
    ]


def clock_of(situation: Situation, events: list[Happened], today: str, way: str = "") -> Clock:
    way = way or route(the_catalogue(), situation).best.way
    return clock(the_catalogue(), situation, way, events, date.fromisoformat(today))


AT = ("at", "clearview-ai", "access")
ROWS = [
    # place, organisation, right · what happened · today · due · how sure · next · why
    (AT, {}, "2026-11-23", "", None, Next.SEND, "nothing runs before it is sent"),
    (AT, {"sent": "2026-11-30"}, "2026-12-01", "2026-12-30", Sure.ESTIMATED, Next.SAY_RECEIVED,
     "counted from sending"),
    (AT, {"sent": "2026-11-30", "received": "2026-12-02"}, "2026-12-03", "2027-01-04", Sure.MUST, Next.WAIT,
     "2 January 2027 is a Saturday"),
    (AT, {"sent": "2026-11-30", "received": "2026-12-02"}, "2027-01-04", "2027-01-04", Sure.MUST, Next.WAIT,
     "the last day is still theirs"),
    (AT, {"sent": "2026-11-30", "received": "2026-12-02"}, "2027-01-05", "2027-01-04", Sure.MUST, Next.COMPLAIN,
     "their time is over"),
    (AT, {"sent": "2026-11-30", "received": "2026-12-02", "extended": "2026-12-20"}, "2027-01-05", "2027-03-02",
     Sure.MUST, Next.WAIT, "two further months, from receipt"),
    (AT, {"sent": "2026-11-30", "received": "2026-12-02", "extended": "2027-01-05"}, "2027-01-06", "2027-01-04",
     Sure.MUST, Next.COMPLAIN, "a notice that comes too late counts for nothing"),
    (AT, {"sent": "2026-11-30", "answered": "2026-12-10"}, "2026-12-11", "2026-12-30", Sure.ESTIMATED, Next.JUDGE,
     "they answered"),
    (AT, {"sent": "2026-11-30", "closed": "2026-12-10"}, "2027-06-01", "2026-12-30", Sure.ESTIMATED, Next.REST,
     "a closed case asks for nothing"),
    (("ca", "ca-rcmp", "access"), {"sent": "2026-11-30", "received": "2026-12-01"}, "2026-12-02", "2026-12-31",
     Sure.MUST, Next.WAIT, "thirty days"),
    (("us", "clearview-ai", "access"), {"sent": "2026-11-30"}, "2027-11-30", "", None, Next.SAY_RECEIVED,
     "no law sets them a time"),
    (("at", "clearview-ai", "complaint"), {"sent": "2026-11-30", "received": "2026-12-02"}, "2027-03-02",
     "2027-03-02", Sure.MUST, Next.WAIT_FOR_AUTHORITY, "three months, by which the authority must say how it stands"),
    (("at", "clearview-ai", "complaint"), {"sent": "2026-11-30", "received": "2026-12-02"}, "2027-03-03",
     "2027-03-02", Sure.MUST, Next.AUTHORITY_LATE, "then there is a court"),
    (("ca", "ca-rcmp", "complaint"), {"sent": "2026-11-30", "received": "2026-12-02"}, "2028-01-01", "", None,
     Next.WAIT_FOR_AUTHORITY, "the Privacy Act sets the Commissioner no time"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "said", "today", "due", "sure", "next_", "why"), ROWS)
def test_the_clock_follows_what_happened(
    asked: tuple[str, str, str], said: dict[str, str], today: str, due: str, sure: Sure | None, next_: Next, why: str
) -> None:
    now = clock_of(a_situation(*asked), happened(**said), today)
    assert (now.due.day.isoformat() if now.due else "", now.sure, now.next) == (due, sure, next_), why


def test_a_day_said_again_corrects_the_one_before() -> None:
    said = [*happened(sent="2026-11-30"), Happened(Kind.SENT, date(2026, 11, 28))]
    now = clock_of(a_situation(), said, "2026-12-01")
    assert now.due
    assert now.due.day == date(2026, 12, 28)


def test_what_an_earlier_letter_received_starts_no_clock() -> None:
    now = clock_of(a_situation(received_on="2026-01-01"), happened(), "2026-11-23")
    assert now.due is None


def test_a_complaint_has_a_last_day_where_the_law_sets_one() -> None:
    now = clock_of(a_situation("at", right="complaint", known_on="2026-08-01"), happened(), "2026-11-23")
    assert now.send_by
    assert now.send_by.day == date(2027, 8, 1)


def test_a_way_that_the_law_no_longer_gives_still_has_a_next_step() -> None:
    now = clock_of(a_situation(), happened(sent="2026-11-30"), "2026-12-01", way="xx-repealed")
    assert (now.option, now.due, now.next) == (None, None, Next.SAY_RECEIVED)


# Forgetting


def kept_until(situation: Situation, events: list[Happened], today: str) -> date:
    now = clock_of(situation, events, today)
    return forget_on(now, events, date.fromisoformat(today))


def test_a_closed_case_is_kept_ninety_days() -> None:
    events = happened(sent="2026-11-30", closed="2026-12-10")
    assert kept_until(a_situation(), events, "2026-12-11") == date(2026, 12, 10) + timedelta(days=90)


def test_a_case_is_kept_ninety_days_after_a_year_where_the_law_ends_no_window() -> None:
    assert kept_until(a_situation(), happened(), "2026-11-23") == date(2027, 11, 23) + timedelta(days=90)


def test_a_case_is_kept_ninety_days_after_its_last_window() -> None:
    complaint = a_situation("at", right="complaint", conduct_on="2026-07-01", known_on="2026-08-01")
    now = clock_of(complaint, happened(), "2026-11-23")
    assert now.send_by
    assert kept_until(complaint, happened(), "2026-11-23") >= now.send_by.day + KEPT_AFTER


DAYS = st.dates(date(2026, 11, 23), date(2030, 12, 31))
SAID = st.lists(st.tuples(st.sampled_from([kind for kind in Kind if kind is not Kind.FILED]), DAYS), max_size=8)
ASKED = st.sampled_from(
    [
        a_situation(place, organisation, right)
        for place, organisation, right in (
            AT, ("ca-qc", "clearview-ai", "erasure"), ("gb", "pimeyes", "complaint"), ("us-il", "us-ice", "records"),
            ("fr", "ca-rcmp", "access"), ("us", "clearview-ai", "opt_out"), ("ch", "clearview-ai", "access"),
            ("gb", "clearview-ai", "access"), ("ca-on", "pimeyes", "access"), ("us-ca", "pimeyes", "access"),
            ("ca", "ca-rcmp", "records"), ("us-il", "us-ice", "appeal"), ("de-by", "de-by-polizei", "access"),
        )
    ]
)  # fmt: skip


def what_happened(said: list[tuple[Kind, date]]) -> list[Happened]:
    return [*happened(), *(Happened(kind, day) for kind, day in said)]


@given(ASKED, SAID, DAYS)
def test_whatever_happened_there_is_a_next_step_and_an_end(
    situation: Situation, said: list[tuple[Kind, date]], today: date
) -> None:
    events = what_happened(said)
    now = clock_of(situation, events, today.isoformat())
    assert now.next in Next
    assert (now.due is None) == (now.sure is None)
    assert forget_on(now, events, today) >= FILED + KEPT_AFTER


@given(ASKED, SAID, DAYS)
def test_no_window_closes_before_it_opens(situation: Situation, said: list[tuple[Kind, date]], today: date) -> None:
    for window in clock_of(situation, what_happened(said), today.isoformat()).windows:
        if window.opens and window.closes:
            assert window.opens <= window.closes.earliest <= window.closes.latest
        if window.stage is Stage.OPEN:
            assert window.opens
            assert window.opens <= today


@given(ASKED, SAID, DAYS, st.integers(1, 400))
def test_no_clock_runs_backwards(
    situation: Situation, said: list[tuple[Kind, date]], today: date, later: int
) -> None:
    """A day later the same is due, what was late is late, and no window has opened again."""
    events, then = what_happened(said), today + timedelta(days=later)
    now, after = clock_of(situation, events, today.isoformat()), clock_of(situation, events, then.isoformat())
    assert (now.due, now.send_by, now.demand) == (after.due, after.send_by, after.demand)
    assert now.next is not Next.COMPLAIN or after.next is Next.COMPLAIN
    order = [*Stage]
    for before, since in zip(now.windows, after.windows, strict=True):
        assert order.index(before.stage) <= order.index(since.stage)


@given(ASKED, DAYS, st.integers(0, 40), st.integers(0, 90), st.sampled_from(sorted(DEMANDS)))
def test_no_demand_and_no_notice_makes_them_late_sooner(
    situation: Situation, received: date, on: int, for_: int, kind: Kind
) -> None:
    asked = received + timedelta(days=on)
    plain = what_happened([(Kind.SENT, received), (Kind.RECEIVED, received)])
    met = [Happened(kind, asked), Happened(Kind.GAVE, asked + timedelta(days=for_))]
    today = received.isoformat()
    first = clock_of(situation, plain, today).due
    for more in (met, [Happened(Kind.EXTENDED, asked)], [*met, Happened(Kind.EXTENDED, asked)]):
        later = clock_of(situation, [*plain, *more], today)
        assert first is None or later.due is None or later.due.latest >= first.latest
