"""What a group takes with it: all that it may read, in no cell a formula, and back again the same."""

import csv
import json
import re
from io import StringIO
from itertools import product

import pytest
from flask import Flask

from portal.cases.group_sharing import Scope
from portal.trail import Action
from portal.web.spreadsheet import plain, read, safe, written
from tests.web.browsing import token
from tests.web.staff.group.conftest import Work, a_case, at_work, share
from tests.web.staff.group.test_cases import noted

_FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"https://evil.example\",\"x\")", "=cmd|'/C calc'!A0", "＝1+1", "＋1",
    "－1", "＠A1", "=\"\"&A1", "-2+3+cmd|' /C calc'!A0", "@@", "=",
)  # fmt: skip
_BEFORE = ("", " ", "\t", "\r", "\n", "'", "x;", "\ufeff", "\u200b", "x\n", '"', "x\t;")
#: A hundred and more ways to have a spreadsheet work something out.
PAYLOADS = [f"{before}{formula}" for before, formula in product(_BEFORE, _FORMULAS)]
_SHOWS = re.compile('^[\\s"\u200b\ufeff]*[=+\\-@＝＋－＠]')


@pytest.fixture(scope="module")
def work(lasting: Flask) -> Work:
    return at_work(lasting)


def test_a_hundred_formulas_are_text_in_any_spreadsheet() -> None:
    assert len(PAYLOADS) >= 100
    for payload in PAYLOADS:
        for delimiter in (",", ";", "\t"):
            for line in csv.reader(
                StringIO(written([["a", payload, "b"]]).decode(), newline=""), delimiter=delimiter
            ):
                assert not [cell for cell in line if _SHOWS.match(cell)], (payload, delimiter, line)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_cell_comes_back_as_it_was(payload: str) -> None:
    assert plain(safe(payload)) == payload
    [row] = csv.reader(StringIO(written([[payload, "x"]]).decode(), newline=""))
    assert [plain(cell) for cell in row] == [payload, "x"]


def exported(work: Work, kind: str, query: str = "") -> bytes:
    data = {"csrf_token": token(work.browser.get("/group/cases"))}
    with work.browser.client.post(f"/group/cases.{kind}{query}", data=data) as answer:
        assert answer.status_code == 200
        return answer.data


def test_csv_and_json_hold_the_same_and_only_what_each_lets_the_group_read(work: Work) -> None:
    names = ["=1+1", "+43 Vienna", "Ana; =1", "Żółć"]
    ids = [share(work, a_case(work.app, name=name)).id for name in names]
    hidden = share(work, a_case(work.app, name="Hidden Person"), Scope.STATUS).id
    content = exported(work, "csv")
    assert content.startswith("\ufeff".encode())
    rows = [*csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))]
    assert {row["case"] for row in rows} == {*ids, hidden}
    back = {row["case"]: {name: plain(cell) for name, cell in row.items()} for row in rows}
    assert [back[id_]["full_name"] for id_ in ids] == names
    assert back[hidden]["full_name"] == back[hidden]["address"] == ""
    assert "Hidden Person" not in content.decode()
    assert back == {row["case"]: row for row in json.loads(exported(work, "json"))}
    assert not [cell for row in rows for cell in row.values() if _SHOWS.match(cell)]
    assert noted(work.app, Action.GROUP_EXPORTED) == 2


def test_what_was_exported_can_be_read_as_a_list_again(work: Work) -> None:
    table = read(exported(work, "csv"))
    assert "full_name" in table.columns
    assert "+43 Vienna" in {row.cells["full_name"] for row in table.rows}


def test_the_export_is_narrowed_like_the_table(work: Work) -> None:
    share(work, a_case(work.app, "pimeyes", name="Narrow Example"))
    rows = json.loads(exported(work, "json", "?organisation=pimeyes"))
    assert [row["full_name"] for row in rows] == ["Narrow Example"]


def test_a_locked_key_exports_clear_facts_alone(lasting: Flask) -> None:
    locked = at_work(lasting, "Locked export", opened=False)
    share(locked, a_case(lasting, name="Locked Person"))
    [row] = json.loads(exported(locked, "json"))
    assert (row["organisation"], row["full_name"]) == ("clearview-ai", "")


def test_an_empty_table_is_still_a_table(lasting: Flask) -> None:
    empty = at_work(lasting, "Empty export")
    assert json.loads(exported(empty, "json")) == []
    assert len(exported(empty, "csv").splitlines()) == 1
