"""Bringing members: what is wrong is told row by row, the others are filed once each, and printed."""

import csv
import json
import random
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, func, select

from portal.cases import group_sharing
from portal.cases import imports as lists
from portal.cases.case_key import written as key_written
from portal.cases.filing import lookup
from portal.cases.group_sharing import Scope
from portal.cases.models import CaseRow, ImportRow, ShareRow, WrapRow
from portal.database import reading, transaction
from portal.trail import Action
from portal.web.spreadsheet import Unreadable, plain, read, written
from portal.web.staff.group import imports
from portal.web.uploads import InMemory
from tests.building import TODAY
from tests.groups import a_campaign, words
from tests.web.browsing import Page, token
from tests.web.staff.group.conftest import Filed, Work, a_case, again, at_work, held, share
from tests.web.staff.group.test_cases import noted
from tests.web.test_dossiers import text_of

COLUMNS = (
    "full_name",
    "place",
    "mandate_date",
    "joint",
    "email",
    "address",
    "photo_links",
    "accounts",
    "other_names",
)
ACCESS = "/group/import/new?organisation=clearview-ai&right=access"
ADDRESS = "2 Sample Square\n1020 Sampletown"
PLACES = ("AT", "de", "it", "FR", "ie", "gb", "ch", "ca-qc")


def member(n: int, **changed: str) -> dict[str, str]:
    """A row that can be filed."""
    good = {
        "full_name": f"Person {n:04}",
        "place": PLACES[n % len(PLACES)],
        "mandate_date": "2026-11-01",
        "joint": ("yes", "no", "")[n % 3],
        "email": f"person{n}@example.org",
        "address": f"{n} Sample Street\n{1000 + n % 7} Sampletown",
        "photo_links": f"https://example.org/{n}",
        "accounts": "",
        "other_names": "",
    }
    return {**good, **changed}


#: Each kind of badness, with the column that is told.
BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"full_name": ""}, "full_name"),
    ({"full_name": "x" * 301}, "full_name"),
    ({"place": ""}, "place"),
    ({"place": "XX"}, "place"),
    ({"place": "Austria"}, "place"),
    ({"mandate_date": ""}, "mandate_date"),
    ({"mandate_date": "soon"}, "mandate_date"),
    ({"mandate_date": "11/01/2026"}, "mandate_date"),
    ({"mandate_date": "2027-01-01"}, "mandate_date"),
    ({"mandate_date": "1890-01-01"}, "mandate_date"),
    ({"joint": "perhaps"}, "joint"),
    ({"email": "nonsense"}, "email"),
    ({"email": "a@b@c"}, "email"),
    ({"email": "", "address": ""}, "email"),
    ({"mandate_date": "31.2.2026"}, "mandate_date"),
    ({"accounts": "x" * 501}, "accounts"),
    ({"other_names": "x" * 301}, "other_names"),
    ({"address": "x" * 501}, "address"),
    ({"photo_links": "https://example.org/" + "x" * 3_000}, "photo_links"),
    ({"full_name": "Ana \U00012000"}, ""),
)


def five_hundred() -> tuple[list[dict[str, str]], set[int]]:
    """463 members, 35 bad rows of all kinds, one who stands twice and one who is known; the numbers of the bad."""
    rows = [member(n) for n in range(463)]
    bad = [{**member(1000 + n, place="at"), **BAD[n % len(BAD)][0]} for n in range(35)]
    twice = [member(7, email="person7@example.org"), member(9999, full_name="Known Example", email="ana@example.org")]
    mixed = [*((row, False) for row in rows), *((row, True) for row in (*bad, *twice))]
    random.Random(6).shuffle(mixed)
    first = next(n for n, (row, _) in enumerate(mixed) if row["full_name"] == "Person 0007")
    if mixed[first][1]:  # the second of two is told, whichever it is
        other = next(n for n, (row, is_bad) in enumerate(mixed) if row["full_name"] == "Person 0007" and not is_bad)
        mixed[first], mixed[other] = (mixed[first][0], False), (mixed[other][0], True)
    return [row for row, _ in mixed], {n + 2 for n, (_, is_bad) in enumerate(mixed) if is_bad}


def as_csv(rows: list[dict[str, str]], delimiter: str = ",", charset: str = "utf-8") -> bytes:
    out = StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])
    return out.getvalue().encode(charset)


def bring(work: Work, content: bytes, at: str = ACCESS) -> Page:
    form = work.browser.get(at)
    assert form.status == 200, form.text
    data = {"csrf_token": token(form), "address": ADDRESS, "file": (BytesIO(content), "members.csv")}
    return Page(work.browser._open(form.address, method="POST", data=data))


def filed_all(work: Work, page: Page) -> Page:
    """Say that they are to be filed, and press the button until all are."""
    page = work.browser.post(page, f"{page.path}/confirm")
    while f"{page.path}/on" in {form.get("action") for form in page.main.xpath(".//form")}:
        page = work.browser.post(page, f"{page.path}/on")
    return page


def count(work: Work, row: type) -> int:
    with reading(work.app.extensions["rightface"].engine) as session:
        return session.exec(select(func.count()).select_from(row)).one()


def shares(work: Work) -> list[ShareRow]:
    with reading(work.app.extensions["rightface"].engine) as session:
        return [*session.exec(select(ShareRow).where(ShareRow.group_id == work.group.id))]


@pytest.fixture(scope="module")
def work(lasting: Flask) -> Work:
    return at_work(lasting)


def test_of_500_rows_the_37_bad_ones_are_told_and_the_463_others_filed(
    work: Work, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    share(work, a_case(work.app, place="at", name="Known Example", email="ana@example.org"))
    rows, bad = five_hundred()
    assert len(rows) == 500
    page = bring(work, as_csv(rows))
    assert page.heading == "What was found in the list"
    assert "Can be filed 463" in page.text
    assert "With errors 37" in page.text
    told = {int(cell.text_content()) for cell in page.main.xpath(".//tbody//th")}
    assert told == bad
    assert len(shares(work)) == 1
    errors = work.browser.get(page.links("Take the rows with errors")[0]).answer.data.decode("utf-8-sig")
    beside = [*csv.DictReader(StringIO(errors, newline=""))]
    assert {int(row["row"]) for row in beside} == bad
    assert all(row["errors"] for row in beside)
    given = dict(enumerate(rows, 2))
    assert all(plain(row["full_name"]) == given[int(row["row"])]["full_name"].strip() for row in beside)
    monkeypatch.setattr(imports, "PORTION", 100)
    done = filed_all(work, page)
    assert done.heading == "All are filed"
    mine = shares(work)
    assert len(mine) == 464
    assert {one.scope for one in mine} == {Scope.ACT}
    assert sum(one.joint for one in mine) == sum(row["joint"] == "yes" for n, row in given.items() if n not in bad)
    assert noted(work.app, Action.MEMBERS_BROUGHT) == 1
    assert noted(work.app, Action.MEMBERS_FILED) == 5
    assert "Person 0" not in caplog.text
    once_more = bring(work, as_csv([row for n, row in given.items() if n not in bad][:9]))
    assert "Can be filed 0" in once_more.text
    assert once_more.text.count("You already have a case of this person") == 9


@pytest.mark.parametrize(("changed", "column"), BAD)
def test_each_error_is_told_with_its_column(work: Work, changed: dict[str, str], column: str) -> None:
    content = bring(work, as_csv([member(2000, place="at") | changed]))
    assert "With errors 1" in content.text
    [row] = content.main.xpath(".//tbody/tr")
    assert [cell.text_content().strip() for cell in row][:2] == ["2", column]
    assert len(row[2].text_content()) > 10


# What spreadsheets save


@pytest.mark.parametrize(
    ("delimiter", "charset"),
    [(",", "utf-8"), (";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")],
    ids=["plain", "Excel in Europe", "Windows", "Excel's Unicode text"],
)
def test_a_list_is_read_however_a_spreadsheet_saved_it(work: Work, delimiter: str, charset: str) -> None:
    name = f"Zoë Müller-{charset}"
    page = bring(work, as_csv([member(3000, place="at", full_name=name)], delimiter, charset))
    assert "Can be filed 1" in page.text
    assert content_of(work, page).members[0].draft.details["full_name"] == name


def content_of(work: Work, page: Page) -> lists.Content:
    with reading(work.app.extensions["rightface"].engine) as session:
        return lists.opened(session, page.path.split("/")[-1], work.private)


UNREADABLE = [
    (b"", "The file is empty. Choose it again."),
    (b"\n\n;;\n", "The file is empty. Choose it again."),
    (b"PK\x03\x04\x00\x00workbook", "This is no CSV file."),
    (b"\xff\xfe\x00", "This is no CSV file."),
    (b'full_name,place\n"Ana,at\n', "The file breaks off inside a quoted cell."),
    (b"full_name,Full Name,place\n", "Two columns are called the same."),
    (b"name,city\nAna,Vienna\n", "These columns are missing: full_name, place, mandate_date"),
    (b"full_name,place,mandate_date\n", "Below the heading there is no row"),
    (b"full_name,place,mandate_date\n" + b"Ana,at,2026-11-01\n" * 1_001, "The file has more than 1000 rows."),
]


@pytest.mark.parametrize(("content", "said"), UNREADABLE, ids=[said for _, said in UNREADABLE])
def test_what_is_no_list_is_refused_with_what_to_do(work: Work, content: bytes, said: str) -> None:
    before = count(work, ImportRow)
    page = bring(work, content)
    assert page.status == 422
    assert page.errors[0].startswith(said)
    assert count(work, ImportRow) == before


def test_noise_is_never_more_than_unreadable() -> None:
    noise = random.Random(1)
    for _ in range(300):
        content = bytes(noise.choice(b'a;,\t"\r\n\x00\xff=\xc3') for _ in range(noise.randrange(60)))
        try:
            read(content)
        except Unreadable:
            continue


def test_what_is_sent_stays_in_memory(work: Work) -> None:
    """Werkzeug would put a large file below /tmp, in the clear."""
    assert issubclass(work.app.request_class, InMemory)
    assert work.app.config["MAX_CONTENT_LENGTH"] < 1_000_000


def test_a_column_that_no_letter_needs_is_not_kept(work: Work) -> None:
    row = member(4000, place="at")
    text = written([[*row, "religion"], [*row.values(), "none of your business"]])
    page = bring(work, text)
    with reading(work.app.extensions["rightface"].engine) as session:
        kept = session.get_one(ImportRow, page.path.split("/")[-1])
    content = content_of(work, page)
    assert "religion" not in content.columns
    assert "none of your business" not in json.dumps([one.draft.details for one in content.members])
    assert b"Person" not in kept.sealed


def test_the_empty_list_has_the_columns_that_the_letter_needs(work: Work) -> None:
    answer = work.browser.get("/group/import/members.csv?organisation=clearview-ai&right=access").answer
    assert read(answer.data).columns[:4] == ("place", "mandate_date", "joint", "full_name")
    complaint = work.browser.get("/group/import/members.csv?organisation=clearview-ai&right=complaint").answer
    assert "request_sent_on" in read(complaint.data).columns


# Filing


def small(work: Work, n: int, at: str = ACCESS, **changed: str) -> Page:
    return bring(work, as_csv([member(5000 + 10 * n + k, place="at", **changed) for k in range(3)]), at)


def test_nothing_is_filed_before_the_group_says_so(work: Work) -> None:
    before, page = count(work, CaseRow), small(work, 1)
    data = {"csrf_token": token(page)}
    with work.browser.client.post(f"{page.path}/on", data=data) as answer:
        assert answer.status_code == 302
    assert count(work, CaseRow) == before
    gone = work.browser.post(page, f"{page.path}/delete")
    assert gone.path == "/group/import"
    assert work.browser.get(page.path).status == 404


def test_each_row_is_filed_once_also_by_two_windows_and_after_a_crash(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = small(work, 2)
    id_ = page.path.split("/")[-1]
    monkeypatch.setattr(imports, "PORTION", 2)
    confirmed = work.browser.post(page, f"{page.path}/confirm")
    before, engine = count(work, CaseRow), work.app.extensions["rightface"].engine

    keep = lists.file

    monkeypatch.setattr(imports.lists, "file", _crashing(keep))
    with work.browser.client.post(f"{page.path}/on", data={"csrf_token": token(confirmed)}) as answer:
        assert answer.status_code == 500
    assert count(work, CaseRow) == before
    monkeypatch.setattr(imports.lists, "file", keep)
    work.browser.post(confirmed, f"{page.path}/on")
    with transaction(engine) as session, pytest.raises(lists.NotInTurn):
        keep(session, id_, 0, ())
    assert count(work, CaseRow) == before + 2
    later = again(work)
    done = later.post(later.get(page.path), f"{page.path}/on")
    assert done.heading == "All are filed"
    assert count(work, CaseRow) == before + 3
    with work.browser.client.post(f"{page.path}/on", data={"csrf_token": token(confirmed)}) as answer:
        assert answer.status_code == 302
    assert count(work, CaseRow) == before + 3


def _crashing(keep: Callable[..., None]) -> Callable[..., None]:
    def crash(*told: Any) -> None:
        keep(*told)
        raise OSError("the machine stops")

    return crash


def test_each_member_has_a_key_of_their_own_and_reads_what_was_signed(work: Work) -> None:
    with transaction(work.app.extensions["rightface"].engine) as session:
        campaign = a_campaign(session, work.group.id, words("Faces at sea"), today=TODAY)
    page = small(work, 3, f"{ACCESS}&campaign={campaign.id}", joint="yes")
    filed_all(work, page)
    id_, content = page.path.split("/")[-1], content_of(work, page)
    keys = [lists.key_of(content, id_, one) for one in content.members]
    assert len({*keys}) == 3
    lookup_key = work.app.extensions["rightface"].config.lookup_key
    with reading(work.app.extensions["rightface"].engine) as session:
        cases = lists.case_ids(session, [lookup(key, lookup_key) for key in keys])
        wraps = session.exec(select(WrapRow).where(col(WrapRow.case_id).in_([*cases.values()]))).all()
    assert sorted(one.holder for one in wraps) == ["filer"] * 3 + [f"group:{work.group.id}"] * 3
    case = held(work.app, Filed(cases[lookup(keys[0], lookup_key)], keys[0]))
    assert case.draft.role == "agent"
    assert case.draft.case_key == ""
    assert "Mandate signed on 1 November 2026; Faces Free has it." in case.events[1].note
    assert case.events[1].by_group == work.group.id
    mine = [one for one in shares(work) if one.case_id in cases.values()]
    assert {(one.campaign_id, one.joint) for one in mine} == {(campaign.id, True)}


def test_a_complaint_is_filed_on_the_mandate_where_the_law_has_one(work: Work) -> None:
    at = "/group/import/new?organisation=clearview-ai&right=complaint"
    row = {**member(6000, place="it"), "answer": "none", "request_sent_on": "2026-09-01"}
    bad = {**row, "full_name": "Other Example", "email": "o@example.org", "request_sent_on": "2027-01-01"}
    page = bring(work, written([[*row], [*row.values()], [*bad.values()]]), at)
    assert "With errors 1" in page.text
    assert "request_sent_on" in page.text
    [one] = content_of(work, page).members
    assert (one.draft.role, one.draft.writer_name, one.draft.writer_address) == ("group", "Faces Free", ADDRESS)
    assert filed_all(work, page).heading == "All are filed"


def test_a_list_is_the_group_s_own_and_goes_after_a_week(work: Work) -> None:
    page = small(work, 4)
    stranger = at_work(work.app, "Strangers")
    for address in ("", "/errors.csv", "/letters-1.pdf", "/keys-1.pdf"):
        assert stranger.browser.get(f"{page.path}{address}").status == 404
    for address in ("confirm", "on", "delete"):
        data = {"csrf_token": token(stranger.browser.get("/group/calendar"))}
        with stranger.browser.client.post(f"{page.path}/{address}", data=data) as answer:
            assert answer.status_code == 404
    engine = work.app.extensions["rightface"].engine
    with transaction(engine) as session:
        assert lists.purge(session, TODAY + lists.KEPT - (lists.KEPT / 7)) == 0
        assert lists.purge(session, TODAY + lists.KEPT) > 0
    assert work.browser.get(page.path).status == 404


# Printing


def test_letters_and_keys_are_printed_in_the_same_order_and_apart(work: Work) -> None:
    rows = [member(7000 + n, place=place) for n, place in enumerate(("it", "at", "it"))]
    page = filed_all(work, bring(work, as_csv(rows)))
    letters = text_of(work.browser.get(page.links("The letters (PDF)")[0]).answer.data)
    keys = text_of(work.browser.get(page.links("The sheets with the keys")[0]).answer.data)
    content = content_of(work, page)
    order = [7001, 7000, 7002]  # Austria before Italy
    for text in (letters, keys):
        at = [text.index(f"Person {n}") for n in order]
        assert at == sorted(at)
    printed = [key_written(lists.key_of(content, page.path.split("/")[-1], one)) for one in content.members]
    assert all(key in keys for key in printed)
    assert not any(key in letters for key in printed)
    assert "http://localhost:8000/case-key" in keys
    assert work.browser.get(f"{page.path}/letters-2.pdf").status == 404


def test_who_took_it_back_is_printed_no_more(work: Work) -> None:
    page = filed_all(work, bring(work, as_csv([member(8000 + n, place="at") for n in range(2)])))
    content = content_of(work, page)
    with reading(work.app.extensions["rightface"].engine) as session:
        key = lists.key_of(content, page.path.split("/")[-1], content.members[0])
        found = lists.case_ids(session, [lookup(key, work.app.extensions["rightface"].config.lookup_key)])
    with transaction(work.app.extensions["rightface"].engine) as session:
        group_sharing.withdraw(session, next(iter(found.values())), work.group.id)
    keys = text_of(work.browser.get(f"{page.path}/keys-1.pdf").answer.data)
    assert "Person 8000" not in keys
    assert "Person 8001" in keys
