"""The public record for programs: what is published, and nothing else."""

from datetime import date

import pytest
from flask import Flask

from portal.database import transaction
from portal.record.models import CellRow, VersionRow
from portal.record.published import MEDIAN, Basis, Family, Measure
from tests.web.api.asked import Json, answered, ask
from tests.web.conftest import AnApp

BODIES = ["clearview-ai", "facecheck-id", "pimeyes", "us-ice"]
TABLE = "/record/organisations/{id}/{family}"


def publish(app: Flask, n: int, quarter: str, filed: int) -> None:
    """A version in which each body has so many letters, some of them answered, and a quarter that shows no more."""
    with transaction(app.extensions["rightface"].engine) as session:
        session.add(VersionRow(n=n, quarter=quarter, published_on=date(2027, 1, 30), catalogue="cb603075617a"))
        session.flush()
        for body in BODIES:
            for family, key in ((Family.QUARTER, quarter), (Family.COUNTRY, "at"), (Family.RIGHT, "access")):
                for measure, basis, shown in (
                    (Measure.FILED, Basis.REPORTED, filed),
                    (Measure.ANSWERED, Basis.REPORTED, 15),
                    (Measure.ANSWERED, Basis.PROVEN, 10),
                    (MEDIAN, Basis.REPORTED, 2),
                ):
                    cell = {"measure": str(measure), "basis": basis.value, "shown": shown}
                    session.add(CellRow(version=n, organisation=body, family=family.value, key=key, **cell))


@pytest.fixture(scope="module")
def recorded(a_lasting_app: AnApp) -> Flask:
    """A portal with two versions."""
    app = a_lasting_app()
    publish(app, 1, "2026-Q3", 20)
    publish(app, 2, "2026-Q4", 40)
    return app


def table(app: Flask, body: str, family: str, version: str = "") -> Json:
    return answered(app, TABLE, ask(app, f"/record/organisations/{body}/{family}{version}"))


def test_before_anything_is_published_there_is_nothing_and_that_is_told(app: Flask) -> None:
    assert answered(app, "/record/versions", ask(app, "/record/versions")) == {"versions": []}
    listed = answered(app, "/record/organisations", ask(app, "/record/organisations"))
    assert listed == {"version": None, "organisations": [], "next": None}
    assert (table(app, "pimeyes", "right")["version"], table(app, "pimeyes", "right")["rows"]) == (None, [])


def test_versions_come_the_newest_first(recorded: Flask) -> None:
    said = answered(recorded, "/record/versions", ask(recorded, "/record/versions"))["versions"]
    assert [(one["n"], one["quarter"], one["published_on"]) for one in said] == [
        (2, "2026-Q4", "2027-01-30"),
        (1, "2026-Q3", "2027-01-30"),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 100])
@pytest.mark.parametrize(("version", "filed"), [("", 40), ("&version=1", 20), ("&version=2", 40)])
def test_the_pages_lead_to_each_organisation_once(recorded: Flask, limit: int, version: str, filed: int) -> None:
    address, met = f"/record/organisations?limit={limit}{version}", []
    while address:
        answer = ask(recorded, address)
        said = answered(recorded, "/record/organisations", answer)
        assert answer.headers.get("Link") == (f'<{said["next"]}>; rel="next"' if said["next"] else None)
        assert said["version"]["n"] == (1 if "=1" in version else 2)
        met += said["organisations"]
        address = (said["next"] or "").removeprefix("/api/v1")
    assert [one["organisation"]["id"] for one in met] == BODIES
    for one in met:
        assert {count["measure"]: count["at_least"] for count in one["counts"]} == {"filed": filed, "answered": 15}
        for family in Family:
            where = one[f"by_{family.value}"].removeprefix("/api/v1")
            assert answered(recorded, TABLE, ask(recorded, where))["family"] == family.value


@pytest.mark.parametrize(("family", "key"), [("quarter", "2026-Q4"), ("country", "at"), ("right", "access")])
def test_a_table_has_its_rows_as_they_are_published(recorded: Flask, family: str, key: str) -> None:
    said = table(recorded, "pimeyes", family)
    assert (said["version"]["n"], said["organisation"]["url"]) == (2, "/api/v1/organisations/pimeyes")
    [row] = said["rows"]
    assert (row["key"], row["median_days"]) == (key, "60")
    assert {(one["measure"], one["basis"]): one["at_least"] for one in row["counts"]} == {
        ("filed", "reported"): 40,
        ("answered", "reported"): 15,
        ("answered", "proven"): 10,
    }


def test_an_older_version_stays_as_it_was(recorded: Flask) -> None:
    [row] = table(recorded, "pimeyes", "quarter", "?version=1")["rows"]
    assert (row["key"], row["counts"][0]["at_least"]) == ("2026-Q3", 20)


def test_an_organisation_of_which_nothing_is_shown_has_no_rows(recorded: Flask) -> None:
    assert table(recorded, "us-cbp", "country")["rows"] == []


@pytest.mark.parametrize(
    "address",
    [
        "/record/organisations?version=3",
        "/record/organisations/pimeyes/quarter?version=9999",
        "/record/organisations/pimeyes/sector",
        "/record/organisations/pimeyes/together",
        "/record/organisations/nobody/quarter",
    ],
)
def test_what_is_not_published_is_not_there(recorded: Flask, address: str) -> None:
    answer = ask(recorded, address)
    assert (answer.status_code, answer.get_json()["type"]) == (404, "/api/v1/docs#not-found")


@pytest.mark.parametrize("n", ["0", "01", "-1", "ten", "1.0", "10000", ""])
def test_what_is_no_version_is_refused(recorded: Flask, n: str) -> None:
    answer = ask(recorded, f"/record/organisations?version={n}")
    said = answered(recorded, "/record/organisations", answer)
    assert (answer.status_code, said["errors"][0]["parameter"]) == (400, "version")


@pytest.mark.parametrize(
    "address",
    ["/record/versions", "/record/organisations?limit=2", "/record/organisations/pimeyes/right?version=1"],
)
def test_it_may_be_kept_and_is_not_sent_twice(recorded: Flask, address: str) -> None:
    answer = ask(recorded, address)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = ask(recorded, address, If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_a_new_version_is_another_answer(an_app: AnApp) -> None:
    app = an_app()
    publish(app, 1, "2026-Q3", 20)
    etag = ask(app, "/record/organisations").headers["ETag"]
    publish(app, 2, "2026-Q4", 40)
    assert ask(app, "/record/organisations", If_None_Match=etag).status_code == 200


def test_the_description_has_no_figure_of_anybody(recorded: Flask, app: Flask) -> None:
    """Its examples are made up, so that it is the same wherever it is asked for."""
    assert ask(recorded, "/openapi.json").data == ask(app, "/openapi.json").data
