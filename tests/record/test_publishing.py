"""Making versions: from cases that people file to what can be read, and never otherwise."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.cases import forgetting, tasks
from portal.cases.measures import Basis, Days, Family, Measure
from portal.cases.models import CaseRow
from portal.cases.status import Kind
from portal.cases.tasks import Choice, Matter
from portal.database import reading, transaction
from portal.record import published, publishing
from portal.record.models import CellRow, VersionRow
from portal.worker import publish
from tests.cases.counting import TODAY, file, refused, sent

#: Thirty days after the last quarter of 2026.
DUE = datetime(2027, 1, 30, 3, tzinfo=UTC)
QUARTER = timedelta(days=91)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as session:
        yield session


def some(database: Engine, n: int, **more: object) -> None:
    with transaction(database) as session:
        for _ in range(n):
            refused(session, **more)  # type: ignore[arg-type]


def published_at(database: Engine, now: datetime) -> list[str]:
    return [one.version.quarter for one in publish(database, "v1", now)]


def shown(database: Engine, family: Family, n: int | None = None) -> published.Table:
    with reading(database) as session:
        version = published.version(session, n) if n else published.latest(session)
        assert version
        return published.table(session, "clearview-ai", family, version)


def everything(database: Engine) -> list[tuple[object, ...]]:
    with reading(database) as session:
        rows = [tuple(row.model_dump().values()) for row in session.exec(select(CellRow)).all()]
        return sorted(rows, key=repr) + [tuple(row.model_dump().values()) for row in session.exec(select(VersionRow))]


def test_a_version_comes_thirty_days_after_its_quarter_and_once(database: Engine) -> None:
    some(database, 12)
    assert published_at(database, DUE - timedelta(days=1)) == []
    assert published_at(database, DUE) == ["2026-Q4"]
    before = everything(database)
    assert published_at(database, DUE) == published_at(database, DUE + timedelta(days=60)) == []
    assert everything(database) == before


def test_without_a_case_there_is_no_version(database: Engine) -> None:
    assert published_at(database, DUE) == []
    with reading(database) as session:
        assert published.latest(session) is None
        assert published.versions(session) == ()


def test_versions_that_were_missed_are_made_in_their_order(database: Engine) -> None:
    some(database, 12)
    assert published_at(database, DUE + 2 * QUARTER) == ["2026-Q4", "2027-Q1", "2027-Q2"]
    with reading(database) as session:
        assert [one.n for one in published.versions(session)] == [3, 2, 1]


def test_what_is_counted_is_shown_rounded_down_and_what_is_few_is_not(database: Engine) -> None:
    some(database, 23)
    some(database, 4, place="at", right="access")
    published_at(database, DUE)
    [quarter] = shown(database, Family.QUARTER).rows
    assert (quarter.key, quarter.count(Measure.FILED)) == ("2026-Q4", 20)
    assert quarter.count(Measure.REFUSED_GLOMAR, Basis.PROVEN) == 20
    assert quarter.count(Measure.LATE) is None
    assert quarter.median is Days.MONTH
    assert [row.key for row in shown(database, Family.COUNTRY).rows] == ["fr"]
    assert [row.key for row in shown(database, Family.RIGHT).rows] == ["erasure"]


def test_what_is_shown_of_nine_is_nothing(database: Engine) -> None:
    some(database, 9)
    published_at(database, DUE)
    assert [shown(database, family).rows for family in Family] == [(), (), ()]
    with reading(database) as session:
        version = published.latest(session)
        assert version
        assert published.organisations(session, version) == ()


def test_a_version_tells_of_the_end_of_its_quarter_however_late_it_is_made(database: Engine) -> None:
    with transaction(database) as session:
        for _ in range(12):
            filed = sent(session, on=date(2026, 12, 20))
            filed.say(session, Kind.ANSWERED, date(2027, 1, 10))
    published_at(database, DUE)
    [row] = shown(database, Family.QUARTER).rows
    assert (row.count(Measure.FILED), row.count(Measure.ANSWERED)) == (10, None)
    published_at(database, DUE + QUARTER)
    [row] = shown(database, Family.QUARTER).rows
    assert (row.count(Measure.FILED), row.count(Measure.ANSWERED)) == (10, 10)
    [row] = shown(database, Family.QUARTER, 1).rows
    assert row.count(Measure.ANSWERED) is None, "what is published is frozen"


def test_a_number_stays_until_ten_more_are_there(database: Engine) -> None:
    some(database, 13)
    published_at(database, DUE)
    some(database, 8, on=date(2027, 2, 1))
    published_at(database, DUE + QUARTER)
    assert [row.count(Measure.FILED) for row in shown(database, Family.COUNTRY).rows] == [10]
    some(database, 30, on=date(2027, 5, 1))
    published_at(database, DUE + 2 * QUARTER)
    assert [row.count(Measure.FILED) for row in shown(database, Family.COUNTRY).rows] == [40]


def hold(database: Engine, n: int) -> None:
    """Staff hold so many cases as no request."""
    with transaction(database) as session:
        for case_id in session.exec(select(CaseRow.id).limit(n)).all():
            task = tasks.new(Matter.FILED, case_id, TODAY, of_case=True)
            task.choice, task.decided_on = Choice.HOLD.value, TODAY
            session.add(task)


def test_what_fell_grows_to_what_it_was_or_well_beyond_it(database: Engine) -> None:
    """From 30 by way of 20 to 35 would tell that a few have come since the first version."""
    counts = []
    for n, (joined, held, on) in enumerate([(30, 0, TODAY), (0, 10, TODAY), (15, 0, date(2027, 5, 1))]):
        some(database, joined, on=on)
        hold(database, held)
        published_at(database, DUE + n * QUARTER)
        counts.append([row.count(Measure.FILED) for row in shown(database, Family.COUNTRY).rows])
    assert counts == [[30], [20], [30]]


def test_the_record_is_the_same_whether_cases_are_erased_or_not(database: Engine) -> None:
    some(database, 25)
    with transaction(database) as session:
        made = publishing.made(session, "2026-Q4", DUE.date(), "v1")
        for row in session.exec(select(CaseRow.id)).all()[:20]:
            forgetting.erase_case(session, row)
        again = publishing.made(session, "2026-Q4", DUE.date(), "v1")
    assert made.cells == again.cells
    assert made.numbers > 10


def test_who_joins_after_the_quarter_is_not_in_it(database: Engine) -> None:
    some(database, 12)
    with transaction(database) as session:
        late = file(session, ("fr", "clearview-ai", "erasure"), on=TODAY)
        late.say(session, Kind.SENT, date(2026, 12, 30), on=date(2027, 1, 2))
        exact = publishing.counted(session, "clearview-ai", "2026-Q4")
    assert exact[Family.QUARTER]["2026-Q4"]["reported", "filed"] == 12
    assert exact[Family.COUNTRY]["fr"]["reported", "filed"] == 12


def test_two_who_publish_at_once_make_one_version(database: Engine) -> None:
    some(database, 12)
    with reading(database) as session:
        found = [publishing.made(session, "2026-Q4", DUE.date(), "v1") for _ in range(2)]
    done = []
    for one in found:
        with transaction(database) as session:
            done.append(publishing.publish(session, one))
    assert done == [True, False]


def test_organisations_are_listed_in_pages_and_found_among_some(database: Engine) -> None:
    for name in ("pimeyes", "clearview-ai", "ca-rcmp"):
        some(database, 12, organisation=name)
    published_at(database, DUE)
    with reading(database) as session:
        version = published.latest(session)
        assert version
        listed = partial(published.organisations, session, version)
        assert [one.organisation for one in listed()] == ["ca-rcmp", "clearview-ai", "pimeyes"]
        assert [one.organisation for one in listed(limit=1, after="ca-rcmp")] == ["clearview-ai"]
        assert [one.organisation for one in listed(among=["pimeyes", "somebody"])] == ["pimeyes"]
        assert listed(limit=1)[0].shown[Measure.FILED] == 10
        assert listed(among=[]) == ()
        tables = published.tables(session, "pimeyes", version)
        assert {family: published.table(session, "pimeyes", family, version) for family in Family} == tables


def test_nothing_that_is_read_is_exact_or_small(database: Engine) -> None:
    some(database, 17)
    some(database, 11, place="at", right="access")
    published_at(database, DUE)
    with reading(database) as session:
        cells = session.exec(select(CellRow).where(CellRow.measure != published.MEDIAN)).all()
    assert cells
    assert not [cell for cell in cells if cell.shown < 10 or cell.shown % 5]
