"""Every column says why it is there and until when."""

import pytest
from sqlalchemy import Column
from sqlmodel import SQLModel

from portal.cases import models
from portal.columns import Until

assert models
COLUMNS = [column for table in SQLModel.metadata.sorted_tables for column in table.columns]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_column_has_a_purpose_and_a_period(column: Column[object]) -> None:
    """Declare it with `portal.columns.column`."""
    assert len(column.info["purpose"]) > 10
    assert column.info["until"] in Until
