"""Editions of the public record for tests, as rows: those of real life are made by the worker."""

from collections.abc import Mapping
from datetime import date

from flask import Flask

from portal.cases.measures import Basis, Days, Family, Measure
from portal.database import transaction
from portal.record.models import CellRow, VersionRow
from portal.record.published import BANDS, MEDIAN

#: Numbers by family, key, basis and measure; of a median the number of its band.
Cells = Mapping[tuple[Family, str, Basis, str], int]
_MEDIANS = {days: n for n, days in BANDS.items()}
REPORTED, PROVEN = Basis.REPORTED, Basis.PROVEN


def cells(family: Family, key: str, basis: Basis = REPORTED, /, **numbers: int) -> Cells:
    """A row; `refused__glomar` stands for `refused.glomar`."""
    return {(family, key, basis, Measure(name.replace("__", ".")).value): n for name, n in numbers.items()}


def median(family: Family, key: str, days: Days) -> Cells:
    return {(family, key, REPORTED, MEDIAN): _MEDIANS[days]}


#: What is shown of somebody of whom much is: not of every quarter, and not of every measure.
FULL: Cells = {
    **cells(Family.QUARTER, "2026-Q1", filed=40, answered=30, in_time=20, overdue=15, late=10, refused=15),
    **cells(Family.QUARTER, "2026-Q1", PROVEN, filed=25, answered=20),
    **median(Family.QUARTER, "2026-Q1", Days.TWO),
    **cells(Family.QUARTER, "2026-Q2", filed=15),
    **cells(Family.QUARTER, "2026-Q3", filed=1200, answered=600, in_time=450, overdue=300, late=100),
    **median(Family.QUARTER, "2026-Q3", Days.MONTH),
    **cells(Family.COUNTRY, "at", filed=600, in_time=300),
    **cells(Family.COUNTRY, "fr", filed=45, refused=20, refused__glomar=10),
    **cells(Family.COUNTRY, "gb", filed=30, overdue=10),
    **cells(Family.RIGHT, "erasure", filed=800, complied=200, found_again=35, identity_demanded=60),
    **cells(Family.RIGHT, "access", filed=300, refused=60, refused__refused_publicly_available=40),
    **cells(Family.RIGHT, "access", complained=25, decided=10, decided__upheld=10),
}
#: Of whom one number is shown.
PARTLY: Cells = cells(Family.QUARTER, "2026-Q3", filed=10)


def publish(app: Flask, shown: Mapping[str, Cells], n: int = 1, quarter: str = "2026-Q3") -> None:
    """Put an edition in the database, with what it shows of each organisation."""
    version = VersionRow(n=n, quarter=quarter, published_on=date(2026, 10, 30), catalogue="test")
    with transaction(app.extensions["rightface"].engine) as session:
        session.add(version)
        session.flush()
        for organisation, numbers in shown.items():
            for (family, key, basis, measure), number in numbers.items():
                session.add(
                    CellRow(
                        version=n,
                        family=family.value,
                        measure=measure,
                        basis=basis.value,
                        organisation=organisation,
                        key=key,
                        shown=number,
                    )
                )
