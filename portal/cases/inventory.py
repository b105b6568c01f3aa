"""What the tables hold, column by column, as the models say it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table
from sqlmodel import SQLModel

from portal import jobs, trail
from portal.cases import models
from portal.columns import Until, is_sealed

assert jobs  # its table is in the metadata only once it is imported
assert models
assert trail


@dataclass(frozen=True, slots=True)
class Kept:
    """A column: what it is for, until when, and whether it is ciphertext."""

    name: str
    purpose: str
    until: Until
    sealed: bool


@dataclass(frozen=True, slots=True)
class KeptTable:
    name: str
    columns: tuple[Kept, ...]

    @property
    def periods(self) -> tuple[Until, ...]:
        """Until when what stands in it is kept, each period once."""
        return tuple(dict.fromkeys(column.until for column in self.columns))


def kept() -> tuple[KeptTable, ...]:
    """Every table of the database, those first that others lean on."""
    return tuple(KeptTable(table.name, tuple(_columns(table))) for table in SQLModel.metadata.sorted_tables)


def _columns(table: Table) -> Iterator[Kept]:
    for column in table.columns:
        purpose = column.info["purpose"]
        yield Kept(column.name, purpose, column.info["until"], is_sealed(purpose))
