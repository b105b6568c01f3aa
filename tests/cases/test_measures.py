"""What one case adds to the record."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.attaching import Shows
from portal.cases.measures import (
    IN_DAYS,
    OF_GROUND,
    WITHIN,
    Basis,
    Days,
    Fact,
    Facts,
    Family,
    Measure,
    band,
    contribution,
    quarter_of,
)
from portal.cases.status import REFUSALS, Answer, Decided, Kind
from portal.law.arguments import Reply
from portal.record.disclosure import BOUNDS

END = date(2027, 3, 31)


def fact(kind: str, day: str, told: str = "", recorded: str = "", **more: object) -> Fact:
    on = date.fromisoformat(recorded or day)
    due = date.fromisoformat(told) if told else None
    return Fact(Kind(kind), date.fromisoformat(day), on, due, **more)  # type: ignore[arg-type]


FILED = fact("filed", "2026-11-01")
SENT = fact("sent", "2026-11-02", "2026-12-02")
REFUSED = fact("answered", "2026-12-02", answer=Answer.REFUSED, ground=Reply.GLOMAR)

#: What was said, the files, what is counted, and why.
CASES = [
    ([FILED], "", None, "it was never sent"),
    ([FILED, SENT], "", "filed overdue", "the time was over at the end of the quarter, and no answer had come"),
    ([FILED, SENT, REFUSED], "", "filed answered in_time refused refused.glomar", "on the last day it is in time"),
    ([FILED, SENT, fact("answered", "2026-12-03")], "", "filed answered overdue late", "on the day after it is not"),
    ([FILED, SENT, fact("answered", "2026-12-20", recorded="2027-04-02")], "", "filed overdue",
     "what was told after the end of the quarter belongs to the next"),
    ([FILED, fact("sent", "2026-11-02"), fact("answered", "2027-01-20")], "", "filed answered untimed",
     "where the law sets no time, no answer is in time or late"),
    ([FILED, SENT, fact("extended", "2026-11-20", "2027-02-02"), fact("answered", "2027-01-20")], "",
     "filed answered in_time", "they needed longer, and said so"),
    ([FILED, SENT, fact("answered", "2026-12-20"), fact("received", "2026-11-25", "2026-12-25")], "",
     "filed answered in_time", "a day that is corrected later counts"),
    ([FILED, SENT, fact("asked_identity", "2026-11-20")], "", "filed identity_demanded",
     "they wait for the person: nobody waits for them"),
    ([FILED, SENT, fact("asked_identity", "2026-12-20")], "", "filed identity_demanded overdue",
     "what they ask for once their time is over excuses nothing"),
    ([FILED, SENT, fact("closed", "2026-11-20")], "", "filed", "the person was done with it before"),
    ([FILED, SENT, fact("closed", "2026-11-20"), fact("reopened", "2026-11-21")], "", "filed overdue",
     "and is not any more"),
    ([FILED, SENT, fact("answered", "2026-12-01", answer=Answer.COMPLIED), fact("found_again", "2027-02-01")], "",
     "filed answered in_time complied found_again", "the face is there again"),
    ([FILED, SENT, fact("complained", "2027-01-02"), fact("decided", "2027-03-02", outcome=Decided.UPHELD)], "",
     "filed overdue complained decided decided.upheld", "the authority agreed"),
    ([FILED, SENT], "sent", "filed+ overdue+", "a file shows that it was sent"),
    ([FILED, SENT, REFUSED], "answer", "filed+ answered+ in_time+ refused+ refused.glomar+",
     "an answer shows also that it was sent"),
    ([FILED, SENT, REFUSED], "sent", "filed+ answered in_time refused refused.glomar", "and not the other way round"),
    ([FILED, SENT, REFUSED], "identity", "filed answered in_time refused refused.glomar",
     "and who somebody is shows nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "papers", "counted", "why"), CASES, ids=[why for *_, why in CASES])
def test_a_case_adds_what_was_said_of_it(events: list[Fact], papers: str, counted: str | None, why: str) -> None:
    found = contribution(Facts("erasure", "fr", tuple(events), frozenset(map(Shows, papers.split()))), END)
    assert (found is None) == (counted is None), why
    if found and counted:
        reported = {(Basis.REPORTED.value, one.rstrip("+")) for one in counted.split()}
        proven = {(Basis.PROVEN.value, one.rstrip("+")) for one in counted.split() if one.endswith("+")}
        assert {one for one in found.counted if one[0] != IN_DAYS} == reported | proven, why


def test_it_is_of_the_quarter_in_which_it_was_told_that_it_was_sent() -> None:
    """So that nobody joins a quarter that is over."""
    late = fact("sent", "2026-12-31", "2027-01-31", recorded="2027-01-02")
    found = contribution(Facts("erasure", "ca-qc", (FILED, late)), END)
    assert found
    assert found.keys == {Family.QUARTER: "2027-Q1", Family.COUNTRY: "ca", Family.RIGHT: "erasure"}


@pytest.mark.parametrize("right", ["complaint", "appeal"])
def test_a_case_that_is_a_complaint_counts_as_one_and_not_as_a_letter(right: str) -> None:
    events = (FILED, SENT, fact("decided", "2027-01-02", outcome=Decided.REJECTED))
    found = contribution(Facts(right, "fr", events), END)
    assert found
    assert {measure for _, measure in found.counted} == {"complained", "decided", "decided.rejected"}


def test_every_ground_that_a_person_can_name_is_counted() -> None:
    assert {*OF_GROUND} == {*REFUSALS}


@pytest.mark.parametrize(("days", "wanted"), [(0, "30"), (30, "30"), (31, "60"), (180, "180"), (181, "more")])
def test_days_are_told_in_bands(days: int, wanted: str) -> None:
    assert band(days) is Days(wanted)


@pytest.mark.parametrize(
    ("day", "quarter"), [("2026-01-01", "2026-Q1"), ("2026-12-31", "2026-Q4"), ("2026-06-30", "2026-Q2")]
)
def test_a_quarter_has_three_months(day: str, quarter: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == quarter


DAYS = st.dates(date(2026, 11, 1), date(2027, 6, 30))
EVENTS = st.builds(
    Fact,
    st.sampled_from([kind for kind in Kind if kind is not Kind.FILED]),
    DAYS,
    DAYS,
    st.none() | DAYS,
    st.none() | st.sampled_from(Decided),
    st.none() | st.sampled_from(Answer),
    st.none() | st.sampled_from(REFUSALS),
)


@given(st.lists(EVENTS, max_size=8), st.frozensets(st.sampled_from(Shows)), st.sampled_from(["erasure", "complaint"]))
def test_whatever_was_said_no_part_is_more_than_its_whole(
    events: list[Fact], papers: frozenset[Shows], right: str
) -> None:
    """Disclosure control leans on it, with proof and without."""
    found = contribution(Facts(right, "fr", (FILED, SENT, *events), papers), END)
    assert found
    row = dict.fromkeys(found.counted, 1)
    assert not [bound for bound in BOUNDS if bound.broken(row)]


def test_every_measure_is_counted_within_another_or_by_itself() -> None:
    parts = {part for groups in WITHIN.values() for parts in groups for part in parts}
    assert parts == {*Measure} - {Measure.FILED, Measure.COMPLAINED}
