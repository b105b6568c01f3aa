"""The auditor's page of the trail: what it shows, looks up, checks and hands out."""

import csv
import typing
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from inspect import getmembers, isfunction
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask

from portal import alarm, trail
from portal.accounts import people
from portal.accounts.people import Who
from portal.accounts.permissions import Role
from portal.cases.tasks import Choice
from portal.database import reading, transaction
from portal.heads import Notary
from portal.trail import Action, Entry, Outcome, Reason, Row, Subject, SubjectKind, Unnamed, What, of_case
from portal.web.spreadsheet import safe
from portal.web.staff import noting
from portal.web.staff.trail_words import ACTIONS, OUTCOMES, REASONS, SUBJECTS, UNNAMED, WRONG
from tests.web.browsing import START, Browser, Clock, Page, words
from tests.web.staff.conftest import ADesk, signed_in
from tests.web.test_audit import as_owner
from tests.web.test_forgetting import parts
from tests.web.test_naughty import strings

FORGOTTEN, CASE = "f" * 32, of_case("c" * 32, b"a lookup key")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REFUSED = {"outcome": Outcome.REFUSED, "reason": Reason.NOT_THEIRS}


@pytest.fixture
def app(a_desk: ADesk, clock: Clock) -> Flask:
    return a_desk(clock)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """An auditor's."""
    return signed_in(app, Role.AUDITOR, name="Audra Auditor")


def note(app: Flask, *entries: Entry) -> None:
    for entry in entries:
        with transaction(parts(app).engine) as session:
            trail.append(session, entry, parts(app).clock())


def an_account(app: Flask, name: str, subject: str = "") -> str:
    """Somebody's id."""
    who = Who("https://id.example", subject or name, name)
    with transaction(parts(app).engine) as session:
        return people.add(session, parts(app).config.staff_secret, who, [Role.CASEWORKER]).id


def kept(app: Flask) -> list[Row]:
    with reading(parts(app).engine) as session:
        return list(trail.rows(session))


def lines(page: Page) -> list[list[str]]:
    """The rows of the page, cell by cell."""
    return [[words(cell) for cell in row.xpath("./td")] for row in page.main.xpath(".//tbody/tr")]


def numbers(page: Page) -> list[int]:
    return [int(one[0]) for one in lines(page)]


def look(browser: Browser, **answers: str | tuple[str, ...]) -> Page:
    """Ask for rows, as the form on the page does."""
    return browser.send(browser.get("/trail"), answers)


# The words


def reasons_of_parts() -> set[type[StrEnum]]:
    """The lists that a reason of the trail comes from: those that the functions of `noting` take."""
    hints = (typing.get_type_hints(one) for _, one in getmembers(noting, isfunction))
    named = (hint for found in hints for name, hint in found.items() if name in ("why", "reason"))
    alone = (one for hint in named for one in typing.get_args(hint) or (hint,))
    return {one for one in alone if issubclass(one, StrEnum)}


def test_every_reason_of_every_list_has_its_words() -> None:
    lists = {Reason, Choice, *reasons_of_parts()}
    assert len(lists) >= 4
    assert {one.value for each in lists for one in each} == {key.value for key in REASONS}


@pytest.mark.parametrize(
    ("table", "whole"),
    [(ACTIONS, Action), (OUTCOMES, Outcome), (UNNAMED, Unnamed), (SUBJECTS, SubjectKind), (WRONG, What)],
)
def test_every_word_of_the_trail_has_its_words(table: dict[StrEnum, str], whole: type[StrEnum]) -> None:
    assert {*table} == {*whole}
    assert len({str(one) for one in table.values()}) == len(table)


def test_every_action_is_told_and_can_be_asked_for(app: Flask, browser: Browser) -> None:
    note(app, *[Entry(FORGOTTEN, one) for one in Action])
    shown = {one[0]: one[3] for one in lines(browser.get("/trail"))}
    for n, action in enumerate(Action, start=1):
        assert [one[0] for one in lines(browser.get(f"/trail?action={action}"))] == [str(n)]
        assert shown[str(n)] == str(ACTIONS[action])


# The rows


def test_a_row_says_who_did_what_to_what_and_what_became_of_it(app: Flask, browser: Browser, clock: Clock) -> None:
    cleo, tara = an_account(app, "Cleo Clerk"), an_account(app, "Tara Triage")
    note(
        app,
        Entry(cleo, Action.UNMASKED, CASE, "caseworker", reason=Reason.HELP_WANTED),
        Entry(cleo, Action.ACCOUNT_CHANGED, Subject(SubjectKind.ACCOUNT, tara), "admin", **REFUSED),
        Entry(Unnamed.CLI, Action.INVITED),
    )
    clock.forward(minutes=20)
    note(app, Entry(cleo, Action.ADDRESS_CONFIRMED, Subject(SubjectKind.RECORD, "clearview-ai"), "law_editor"))
    when, later = "Nov 23, 2026, 10:00:00 AM", "Nov 23, 2026, 10:20:00 AM"
    assert ["|".join(one) for one in lines(browser.get("/trail"))] == [
        f"4|{later}|Cleo Clerk, Law editor|Confirmed an address|Record clearview-ai|Done",
        f"3|{when}|Somebody at the server, by command|Invited somebody||Done",
        f"2|{when}|Cleo Clerk, Admin|Changed what somebody may do|Tara Triage|Refused: It was not theirs",
        f"1|{when}|Cleo Clerk, Caseworker|Unmasked a name|Case {CASE.id[:8]}|Done: The person asked for help",
    ]


def test_without_a_row_it_says_what_comes_there(browser: Browser) -> None:
    page = browser.get("/trail")
    assert lines(page) == []
    assert "There is no row yet. What those who work for the portal do comes here." in page.text


def test_no_case_is_named_and_all_rows_about_it_are_one_link_away(app: Flask, browser: Browser) -> None:
    other = of_case("d" * 32, b"a lookup key")
    note(
        app,
        *[Entry(FORGOTTEN, Action.UNMASKED, one) for one in (CASE, other, CASE)],
        Entry(FORGOTTEN, Action.TASK_CLAIMED, Subject(SubjectKind.TASK, "b" * 32)),
    )
    page = browser.get("/trail")
    [link] = {*page.links(CASE.id[:8])}
    assert numbers(browser.get(link)) == [3, 1]
    assert page.links("Task") == []
    assert numbers(look(browser, case=f" {CASE.id[:8].upper()} ")) == [3, 1]
    assert "c" * 32 not in page.answer.text


def test_accounts_are_named_those_that_are_closed_too_and_forgotten_ones_by_the_start_of_their_id(
    app: Flask, browser: Browser
) -> None:
    cleo, former, twin = (an_account(app, name, f"{n}") for n, name in enumerate(["Cleo", "Former", "Cleo"]))
    with transaction(parts(app).engine) as session:
        people.close(session, former, date(2026, 11, 1))
    note(app, *[Entry(one, Action.SIGN_IN) for one in (cleo, former, twin, FORGOTTEN)])
    page = browser.get("/trail")
    assert [one[2] for one in lines(page)] == [
        *("Account ffffffff", f"Cleo ({twin[:8]})", f"Former (closed, {former[:8]})", f"Cleo ({cleo[:8]})")
    ]
    for n, id_ in enumerate((cleo, former, twin, FORGOTTEN), start=1):
        [link] = [one for one in page.links() if one.endswith(f"actor={id_}")]
        found = browser.get(link)
        assert numbers(found) == [n]
        assert found.value("actor") == id_


def test_pages_follow_each_other_without_a_gap_while_the_trail_grows(app: Flask, browser: Browser) -> None:
    note(app, *[Entry(FORGOTTEN, Action.SIGN_IN), Entry(FORGOTTEN, Action.EXPORTED)] * 60)
    page = browser.get("/trail?action=sign_in")
    seen = numbers(page)
    assert len(seen) == 50
    note(app, *[Entry(FORGOTTEN, Action.SIGN_IN)] * 7)
    page = browser.get(page.links("Older rows")[0])
    assert page.links("Older rows") == []
    assert [*seen, *numbers(page)] == [*range(119, 0, -2)]
    assert page.value("action") == "sign_in"
    assert numbers(browser.get(page.links("Back to the newest")[0]))[:7] == [*range(127, 120, -1)]


@pytest.mark.parametrize(("many", "older"), [(50, []), (51, [1])])
def test_a_full_page_is_the_last_where_nothing_is_older(
    app: Flask, browser: Browser, many: int, older: list[int]
) -> None:
    note(app, *[Entry(FORGOTTEN, Action.SIGN_IN)] * many)
    page = browser.get("/trail")
    assert len(numbers(page)) == 50
    assert [n for link in page.links("Older rows") for n in numbers(browser.get(link))] == older


# Choosing some


@pytest.fixture(scope="module")
def days(a_lasting_desk: ADesk) -> Browser:
    """An auditor's, with a row at the first and the last second of each of three days, in UTC; only to look."""
    clock = Clock()
    app = a_lasting_desk(clock)
    clock.now = START.replace(hour=0)
    for _ in range(3):
        note(app, Entry(FORGOTTEN, Action.SIGN_IN))
        clock.now += DAY - timedelta(seconds=1)
        note(app, Entry(Unnamed.VISITOR, Action.SIGN_IN_REFUSED, **REFUSED))
        clock.now += timedelta(seconds=1)
    clock.now = START
    return signed_in(app, Role.AUDITOR)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"first": ("24", "11", "2026")}, [6, 5, 4, 3]),
        ({"last": ("24", "11", "2026")}, [4, 3, 2, 1]),
        ({"first": ("24", "11", "2026"), "last": ("24", "11", "2026")}, [4, 3]),
        ({"first": ("26", "11", "2026")}, []),
        ({"outcome": "refused"}, [6, 4, 2]),
        ({"actor": "visitor"}, [6, 4, 2]),
        ({"action": "sign_in", "last": ("24", "11", "2026")}, [3, 1]),
        ({"action": "sign_in", "outcome": "refused"}, []),
    ],
)
def test_rows_are_chosen_by_day_action_outcome_and_who(
    days: Browser, answers: dict[str, str | tuple[str, ...]], found: list[int]
) -> None:
    page = look(days, **answers)
    assert page.status == 200
    assert numbers(page) == found
    assert {name: page.value(name) for name in answers} == answers
    assert ("No row is like this." in page.text) == (not found)
    assert numbers(days.get(page.links("Show all rows")[0])) == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("case", "1234567", "Enter 8 digits or more of a case: 0 to 9 and a to f"),
        ("case", "Ana Example", "Enter 8 digits or more of a case: 0 to 9 and a to f"),
        ("case", "a" * 65, "Enter 8 digits or more of a case: 0 to 9 and a to f"),
        ("first", ("31", "2", "2026"), "Enter a day, for example 31 1 2027"),
        ("first", ("", "11", "2026"), "Enter a day, for example 31 1 2027"),
        ("first", ("1", "1", "1969"), "Enter a year between 1970 and 2100"),
        ("last", ("31", "12", "9999"), "Enter a year between 1970 and 2100"),
        ("last", ("1", "11", "2026"), "Enter a day that is not before the first"),
        ("last", ("x", "", ""), "Enter a day, for example 31 1 2027"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(
    days: Browser, name: str, typed: str | tuple[str, ...], said: str
) -> None:
    others = {"action": "sign_in", "actor": "cli", "first": ("24", "11", "2026"), "case": CASE.id}
    answers = {**others, name: typed}
    page = look(days, **answers)
    assert (page.status, page.errors, lines(page)) == (422, [said], [])
    assert {one: page.value(one) for one in answers} == answers
    assert page.title.startswith("Error:")
    assert page.main.xpath(".//details[@open]")


@pytest.mark.parametrize("before", ["0", "-1", "x", "2147483648", "9" * 400, "1.5"])
def test_a_row_that_cannot_be_is_said_not_to_be(days: Browser, before: str) -> None:
    page = days.get(f"/trail?before={before}")
    assert (page.status, page.errors) == (422, ["There is no such row: begin with the newest"])


@pytest.mark.parametrize("name", ["action", "outcome", "actor"])
def test_what_is_not_among_the_choices_is_refused(days: Browser, name: str) -> None:
    page = days.get(f"/trail?{name}=Ana")
    assert (page.status, len(page.errors)) == (422, 1)


def test_no_string_in_its_address_breaks_it(days: Browser) -> None:
    names = ("action", "outcome", "actor", "case", "first", "last", "before", "_scheme")
    for what in strings()[::9]:
        with days.client.get("/trail", query_string=dict.fromkeys(names, what)) as answer:
            assert answer.status_code in (200, 422), what


# The alarm


def unmasked(app: Flask, actor: str, times: int = 21) -> None:
    with transaction(parts(app).engine) as session:
        for _ in range(times):
            trail.append(session, Entry(actor, Action.UNMASKED, CASE, "caseworker"), parts(app).clock())
        alarm.raise_if_due(session, actor, "caseworker", parts(app).clock())


def told(page: Page) -> list[str]:
    return [words(one) for one in page.main.xpath(".//section[@aria-label='Alarm']//li")]


def test_who_unmasked_too_many_is_named_for_seven_days(app: Flask, browser: Browser, clock: Clock) -> None:
    cleo, tara = an_account(app, "Cleo Clerk"), an_account(app, "Tara Triage")
    unmasked(app, tara, times=20)
    assert told(browser.get("/trail")) == []
    unmasked(app, cleo)
    page = browser.get("/trail")
    [said] = told(page)
    assert said.startswith("Cleo Clerk, Nov 23, 2026, 10:00:00")
    assert "Unmasked more than 20 names within an hour, in the last seven days:" in page.text
    found = browser.get(page.links("What was unmasked")[0])
    assert numbers(found) == [*range(41, 20, -1)]
    clock.forward(days=7)
    browser = signed_in(app, Role.AUDITOR)
    assert len(told(browser.get("/trail"))) == 1
    clock.forward(seconds=1)
    assert told(browser.get("/trail")) == []


# Checking it


def check(browser: Browser) -> Page:
    return browser.post(browser.get("/trail"), "/trail/check")


def note_head(app: Flask) -> None:
    """As the worker does each hour."""
    Notary(parts(app).engine, parts(app).config.trail_heads, None).note(parts(app).clock())


def test_a_trail_that_is_whole_is_said_to_be_and_that_it_was_checked_is_noted(app: Flask, browser: Browser) -> None:
    note(app, *[Entry(FORGOTTEN, Action.SIGN_IN)] * 4)
    note_head(app)
    page = check(browser)
    assert page.heading == "The chain is whole"
    assert "4 rows were looked at, and all are as they were written." in page.text
    assert "They were held against 1 head that was kept elsewhere." in page.text
    *before, row = kept(app)
    assert (row.action, row.outcome, row.reason, row.role) == ("trail_verified", "done", "", "auditor")
    assert before[-1].hash in page.text
    assert "5 rows were looked at" in browser.send(page, {}).text


def test_to_look_where_the_heads_are_checks_and_notes_nothing(app: Flask, browser: Browser) -> None:
    note(app, Entry(FORGOTTEN, Action.SIGN_IN))
    page = browser.get(browser.get("/trail").links("Where its heads are kept")[0])
    assert str(parts(app).config.trail_heads) in page.text
    assert "None. The worker notes them: see that one runs." in page.text
    assert "Nobody, as this application is set up" in page.text
    note_head(app)
    page = browser.get("/trail/check")
    assert "Row 1, Nov 23, 2026, 10:00:00" in page.text
    assert len(kept(app)) == 1


def test_it_says_to_whom_the_heads_are_mailed(a_desk: ADesk) -> None:
    mailed = {"RIGHTFACE_SMTP_URL": "smtp://localhost", "RIGHTFACE_TRAIL_MAIL": "audit@example.net"}
    page = signed_in(a_desk(**mailed), Role.AUDITOR).get("/trail/check")
    assert "audit@example.net" in page.text
    assert "There is no row yet" in page.text


@pytest.mark.parametrize(
    ("statement", "n", "what"),
    [
        ("UPDATE trail SET role = 'admin' WHERE n = 3", 3, What.EDITED),
        ("DELETE FROM trail WHERE n = 2", 2, What.MISSING),
        ("DELETE FROM trail WHERE n > 4", 5, What.CUT),
    ],
)
def test_the_first_bad_row_is_named_and_that_it_was_found_is_noted(
    app: Flask, browser: Browser, statement: str, n: int, what: What
) -> None:
    note(app, *[Entry(FORGOTTEN, Action.SIGN_IN)] * 6)
    note_head(app)
    as_owner(parts(app).engine, statement)
    page = check(browser)
    assert page.heading == "The chain is not whole"
    assert f"The first row that is wrong: {n}" in page.text
    assert str(WRONG[what]) in page.text
    row = kept(app)[-1]
    assert (row.action, row.outcome, row.reason) == ("trail_verified", "done", "not_whole")


def test_without_heads_it_says_what_cannot_be_seen(app: Flask, browser: Browser) -> None:
    note(app, *[Entry(FORGOTTEN, Action.SIGN_IN)] * 6)
    as_owner(parts(app).engine, "DELETE FROM trail WHERE n > 4")
    page = check(browser)
    assert page.heading == "The chain is whole"
    assert "nobody can see here whether rows were cut off at the end" in page.text


@pytest.mark.parametrize("spoil", [lambda path: path.mkdir(), lambda path: path.write_text("torn\n")])
def test_heads_that_cannot_be_read_stop_nothing(
    app: Flask, browser: Browser, spoil: Callable[[Path], object]
) -> None:
    note(app, Entry(FORGOTTEN, Action.SIGN_IN))
    spoil(parts(app).config.trail_heads)
    page = check(browser)
    assert page.heading == "The chain is whole"
    assert "No heads were found." in page.text
    said = {"It cannot be read from here.", "1 line of the file of heads cannot be read, and counts for nothing."}
    assert len([one for one in said if one in page.text]) == 1


# Taking rows along


def download(browser: Browser, page: Page) -> list[list[str]]:
    """The file that the page hands out, row by row."""
    [form] = page.main.xpath(".//form[contains(@action, '/trail/rows.csv')]")
    token = form.xpath(".//input[@name='csrf_token']/@value")
    with browser.client.post(form.get("action"), data={"csrf_token": token}) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == "attachment; filename=trail.csv"
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        return list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def test_the_rows_that_were_chosen_come_as_a_file_and_that_they_were_taken_is_noted(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.staff.sheet._MANY", 3)
    note(app, *[Entry(FORGOTTEN, Action.SIGN_IN), Entry(FORGOTTEN, Action.EXPORTED, CASE)] * 4)
    header, *rows = download(browser, look(browser, action="sign_in"))
    assert header == [*Row._fields, "time", "name"]
    assert [row[0] for row in rows] == ["7", "5", "3", "1"]
    assert rows[0][-2:] == [START.isoformat(), "Account ffffffff"]
    row = kept(app)[-1]
    assert (row.n, row.action, row.role, row.outcome) == (9, "exported", "auditor", "done")


def test_the_chain_can_be_checked_from_the_file(app: Flask, browser: Browser) -> None:
    note(app, *[Entry(FORGOTTEN, Action.UNMASKED, CASE)] * 5)
    _, *rows = download(browser, browser.get("/trail"))
    read = [Row(int(row[0]), int(row[1]), *row[2:-2]) for row in reversed(rows)]
    assert read == kept(app)
    assert trail.verify(read) is None


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1"]


def test_no_cell_is_a_formula(app: Flask, browser: Browser) -> None:
    note(app, *[Entry(an_account(app, name), Action.SIGN_IN) for name in FORMULAS])
    _, *rows = download(browser, look(browser, action="sign_in"))
    assert [row[-1] for row in reversed(rows)] == [safe(name) for name in FORMULAS]
    assert all(safe(name).startswith("'") for name in FORMULAS)


def test_names_that_are_odd_stay_in_their_cell(app: Flask, browser: Browser) -> None:
    name = 'Ana "the\nFirst", née Ünal'
    note(app, Entry(an_account(app, name), Action.SIGN_IN))
    _, *rows = download(browser, look(browser, action="sign_in"))
    assert [row[-1] for row in rows] == [name]


def test_nothing_is_taken_by_what_cannot_be_asked_for_nor_without_our_page(app: Flask, browser: Browser) -> None:
    page = browser.get("/trail")
    data = {"csrf_token": page.tree.xpath("//input[@name='csrf_token']/@value")[0]}
    with browser.client.post("/trail/rows.csv?case=Ana", data=data) as answer:
        assert answer.status_code == 302
        assert answer.location.startswith("/trail?")
    assert browser.get(answer.location).errors == ["Enter 8 digits or more of a case: 0 to 9 and a to f"]
    with browser.client.post("/trail/rows.csv") as answer:
        assert answer.status_code == 400
    assert kept(app) == []


# Whatever stands there


@pytest.mark.parametrize(
    "change",
    [
        "at = -99999999999999",
        "at = 99999999999999999",
        "actor = '<b>Ana</b>', role = '=1+1'",
        "action = 'x', outcome = 'x', reason = '<script>'",
        "subject_kind = 'account', subject = 'Ana'",
        "subject_kind = 'case', subject = ''",
        "n = -7",
    ],
)
def test_a_row_that_somebody_wrote_who_owns_the_database_is_shown_as_it_stands(
    app: Flask, browser: Browser, change: str
) -> None:
    note(app, *[Entry(FORGOTTEN, Action.UNMASKED, CASE)] * 2, Entry(FORGOTTEN, Action.SIGN_IN))
    as_owner(parts(app).engine, f"UPDATE trail SET {change} WHERE n = 2")
    page = browser.get("/trail")
    assert (page.status, len(lines(page))) == (200, 3)
    assert page.main.xpath(".//b | .//script") == []
    assert len(download(browser, page)) == 5
    assert check(browser).heading == "The chain is not whole"


# Who and where


def test_the_desk_of_an_auditor_leads_there_and_no_other(app: Flask) -> None:
    for role in Role:
        assert ("/trail" in signed_in(app, role).get("/").links()) == (role is Role.AUDITOR), role


def test_it_is_french_where_french_is_read(app: Flask, browser: Browser) -> None:
    note(app, Entry(Unnamed.VISITOR, Action.SIGN_IN_REFUSED, **REFUSED))
    page = browser.in_french(lambda: browser.get("/trail"))
    assert page.heading == "Le journal d’audit"
    assert lines(page)[0][2:4] == ["Quelqu’un sans connexion", "Tentative de connexion"]
    page = browser.in_french(lambda: browser.get("/trail/check"))
    assert page.heading == "Tout est-il tel qu’il a été écrit ?"
