"""Every column says why it is there and until when."""

import pytest
from sqlalchemy import Column, LargeBinary
from sqlmodel import SQLModel

from portal import jobs, limits, trail
from portal.accounts import models as accounts
from portal.cases import models
from portal.cases.retention import RETENTION
from portal.columns import Until, is_sealed
from portal.record import models as record

assert accounts
assert jobs
assert limits
assert models
assert record
assert trail
#: Bytes that are no ciphertext: half of a pair, and what says nothing without the counts of its day.
CLEAR = {"cases.public_key", "groups.public_key", "limit_keys.key"}
COLUMNS = [column for table in SQLModel.metadata.sorted_tables for column in table.columns]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_column_has_a_purpose_and_a_period(column: Column[object]) -> None:
    """Declare it with `portal.columns.column`."""
    assert len(column.info["purpose"]) > 10
    assert column.info["until"] in Until


@pytest.mark.parametrize("column", [one for one in COLUMNS if isinstance(one.type, LargeBinary)], ids=str)
def test_a_column_of_bytes_is_sealed_or_clear_for_a_reason(column: Column[object]) -> None:
    """End its purpose with “; sealed”: the pages tell people so."""
    assert is_sealed(column.info["purpose"]) != (str(column) in CLEAR)


def test_only_a_column_of_bytes_says_that_it_is_sealed() -> None:
    assert not [
        str(one) for one in COLUMNS if is_sealed(one.info["purpose"]) and not isinstance(one.type, LargeBinary)
    ]


@pytest.mark.parametrize("until", Until)
def test_every_period_has_its_time(until: Until) -> None:
    period = RETENTION[until]
    assert (period.idle or period.longest) <= period.longest
