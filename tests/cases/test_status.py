"""What can happen in a case, and where it then stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.status import LEADS_TO, MAY_HAPPEN, Kind, Status, status

ROWS = [
    ([], Status.FILED, "nothing happened"),
    ([Kind.FILED], Status.FILED, "it is filed"),
    ([Kind.FILED, Kind.SENT], Status.SENT, "it is sent"),
    ([Kind.FILED, Kind.SENT, Kind.RECEIVED], Status.RECEIVED, "they have it"),
    ([Kind.FILED, Kind.SENT, Kind.RECEIVED, Kind.EXTENDED], Status.RECEIVED, "longer is no answer"),
    ([Kind.FILED, Kind.SENT, Kind.ANSWERED], Status.ANSWERED, "who answers has received"),
    ([Kind.FILED, Kind.SENT, Kind.ANSWERED, Kind.SENT], Status.ANSWERED, "a date corrected takes nothing back"),
    ([Kind.FILED, Kind.SENT, Kind.ANSWERED, Kind.RECEIVED], Status.ANSWERED, "nor does one that is added"),
    ([Kind.FILED, Kind.SENT, Kind.CLOSED], Status.CLOSED, "a case may be closed at any time"),
    ([Kind.FILED, Kind.SENT, Kind.CLOSED, Kind.NOTED], Status.CLOSED, "a closed case stays closed"),
    ([Kind.FILED, Kind.SENT, Kind.CLOSED, Kind.REKEYED], Status.CLOSED, "a closed case stays closed"),
    ([Kind.FILED, Kind.SENT, Kind.CLOSED, Kind.REOPENED], Status.SENT, "opened again it stands where it stood"),
    ([Kind.FILED, Kind.SENT, Kind.ANSWERED, Kind.CLOSED, Kind.FOUND_AGAIN], Status.ANSWERED, "there is more to do"),
    ([Kind.FILED, Kind.CLOSED, Kind.REOPENED, Kind.SENT], Status.SENT, "and goes on"),
]


@pytest.mark.parametrize(("happened", "stands", "why"), ROWS)
def test_a_case_stands_where_what_happened_has_led_it(happened: list[Kind], stands: Status, why: str) -> None:
    assert status(happened) is stands, why


def test_every_status_says_what_may_happen_then() -> None:
    assert {*MAY_HAPPEN} == {*Status}
    assert {*LEADS_TO.values()} == {*Status}


@given(st.lists(st.sampled_from(Kind)))
def test_a_case_that_is_not_closed_never_goes_back(happened: list[Kind]) -> None:
    order = [Status.FILED, Status.SENT, Status.RECEIVED, Status.ANSWERED]
    stood = [status(happened[:n]) for n in range(len(happened) + 1)]
    open_ones = [order.index(one) for one in stood if one is not Status.CLOSED]
    assert open_ones == sorted(open_ones)
