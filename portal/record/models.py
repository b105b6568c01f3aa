"""The tables of what is published: nothing in them is exact, and nothing is changed once it is there."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import SQLModel

from portal.columns import Until, column


class VersionRow(SQLModel, table=True):
    """One edition of the record, which closes a quarter."""

    __tablename__ = "record_versions"

    n: int = column("to name the version; 1, 2, 3 …", Until.RECORD, primary_key=True)
    quarter: str = column("which quarter it closes: 2026-Q4", Until.RECORD, unique=True, max_length=7)
    published_on: date = column("to say since when it can be read", Until.RECORD)
    catalogue: str = column("the version of the law data that names were taken from", Until.RECORD, max_length=32)


class CellRow(SQLModel, table=True):
    """A number as it is shown; what is not shown has no row."""

    __tablename__ = "record_cells"
    __table_args__ = (Index("ix_record_cells_of", "organisation", "version", "family"),)

    version: int = column(
        "in which version it stands", Until.RECORD, primary_key=True, foreign_key="record_versions.n"
    )
    family: str = column(
        "which table: by quarter, country or right, or all three", Until.RECORD, primary_key=True, max_length=20
    )
    measure: str = column("what is counted", Until.RECORD, primary_key=True, max_length=80)
    basis: str = column("whether with proof alone", Until.RECORD, primary_key=True, max_length=20)
    organisation: str = column(
        "whose conduct it is; an id of the catalogue", Until.RECORD, primary_key=True, max_length=80
    )
    key: str = column("which quarter, country or right", Until.RECORD, primary_key=True, max_length=20)
    shown: int = column(
        "the number as it is shown, or the band of days; of all three tables, for how many people it was renewed",
        Until.RECORD,
    )
