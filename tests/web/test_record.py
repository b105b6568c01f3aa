"""The pages of the public record: every state, neutral words, files that are safe, and what an organisation says."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import event
from sqlmodel import select

from portal import worker
from portal.cases import statements
from portal.cases.measures import OF_GROUND, Basis, Family, Measure
from portal.cases.models import StatementRow, TaskRow
from portal.cases.statements import Fault
from portal.cases.tasks import Matter
from portal.database import reading, transaction
from portal.record.conduct import next_quarter, published_from
from portal.record.corrections import FOLDER, load
from portal.record.published import Version
from portal.web import record_words
from portal.web.spreadsheet import plain, safe, written
from tests.building import ROOT, TODAY, the_catalogue
from tests.cases.counting import refused
from tests.web.browsing import Browser, Clock, Page, words
from tests.web.conftest import AnApp
from tests.web.recorded import FULL, PARTLY, cells, publish
from tests.web.test_privacy import MOST_QUERIES

COMPLAINED = cells(Family.RIGHT, "complaint", complained=30)
SHOWN = {"clearview-ai": FULL, "pimeyes": PARTLY, "ca-rcmp": COMPLAINED}


@pytest.fixture(scope="module")
def recorded(a_lasting_app: AnApp) -> Flask:
    """A portal with an edition: much of one organisation, one number of another."""
    app = a_lasting_app()
    publish(app, SHOWN)
    return app


@pytest.fixture(scope="module")
def empty(a_lasting_app: AnApp) -> Flask:
    """A portal that has published nothing."""
    return a_lasting_app()


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    made: list[str] = []
    engine = app.extensions["rightface"].engine

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        made.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(engine, "before_cursor_execute", note)


# Every state

PAGES = [
    "/record",
    "/record?q=clear",
    "/record?q=Qwfpgjzz",
    "/record?after=clearview-ai",
    "/record/clearview-ai",
    "/record/pimeyes",
    "/record/facecheck-id",
    "/record/method",
    "/record/corrections",
    "/record/clearview-ai/answer",
]
FILES = ["/record/clearview-ai.csv", "/record/clearview-ai.json", "/record/facecheck-id.csv", "/record/pimeyes.json"]
FEEDS = ["/record/feed.atom", "/record/clearview-ai/feed.atom"]


@pytest.mark.parametrize("address", [*PAGES, *FILES, *FEEDS])
def test_everything_is_there_in_every_state_and_in_few_queries(recorded: Flask, empty: Flask, address: str) -> None:
    for app in (recorded, empty):
        for language in ("en", "fr"):
            Browser(app, language).get(address)  # the first request sweeps
            with queries(app) as made:
                assert Browser(app, language).get(address).status == 200
            assert len(made) <= MOST_QUERIES


@pytest.mark.parametrize("address", ["/record/nobody", "/record/nobody.csv", "/record/nobody.json", "/record/other"])
def test_nobody_has_no_page(recorded: Flask, address: str) -> None:
    assert Browser(recorded).get(address).status == 404


def test_what_is_not_shown_is_words_and_never_a_zero(recorded: Flask, empty: Flask) -> None:
    for app in (recorded, empty):
        for address in PAGES:
            cells = Browser(app).get(address).main.xpath(".//td")
            assert not [words(cell) for cell in cells if words(cell) in ("0", "–", "None")]
    page = Browser(recorded).get("/record/pimeyes")
    assert "People reported at least 10 letters to PimEyes." in page.text
    assert "Answered in time: not shown." in page.text
    assert "It does not mean none." in page.text
    assert page.tree.xpath("//svg[@role='img']") == []  # one number is no picture


def test_the_page_reads_as_a_record_of_conduct(recorded: Flask) -> None:
    page = Browser(recorded).get("/record/clearview-ai")
    for told in (
        "People reported at least 1,255 letters to Clearview AI.",
        "Answered in time: at least 470.",
        "No answer when it was due: at least 315. Of these, answered later: at least 110.",
        "Of the letters of July to September 2026, half of the answers took 30 days or fewer.",
        "Edition 1, published on 30 October 2026.",
        "The next edition comes on 30 January 2027, or soon after.",
        "It has said nothing about these figures here.",
    ):
        assert told in page.text
    for line in (
        ["Letters sent", "1,255", "25"],
        ["Did what was asked", "200", "not shown"],
        ["The photos are public", "40", "not shown"],
        ["Face found again after the answer", "35", "not shown"],
        ["Wanted proof of identity first", "60", "not shown"],
        ["In favour of the person", "10", "not shown"],
        ["July to September 2026", "1,200", "450", "300", "100", "30 days or fewer"],
        ["France", "45", "not shown", "not shown", "not shown", "not shown"],
        ["Deletion", "800", "not shown", "not shown", "not shown", "not shown"],
    ):
        assert line in table_rows(page), line
    assert len(page.tree.xpath("//svg[@role='img'][@aria-label]")) == 3
    assert "/organisations/clearview-ai" in page.links()
    assert "/record/clearview-ai" in Browser(recorded).get("/organisations/clearview-ai").links()


def test_where_only_complaints_are_shown_they_are(recorded: Flask) -> None:
    page = Browser(recorded).get("/record/ca-rcmp")
    assert "How many letters people sent to" in page.text
    assert ["Complaints to an authority", "30", "not shown"] in table_rows(page)
    assert ["Letters sent", "not shown", "not shown"] not in table_rows(page)  # of which no number is there


def test_what_the_worker_publishes_of_cases_is_what_the_page_shows(an_app: AnApp, clock: Clock) -> None:
    app = an_app(clock)
    engine = app.extensions["rightface"].engine
    with transaction(engine) as session:
        for _ in range(23):
            refused(session)
        refused(session, place="at", right="access")
    clock.now = datetime(2027, 1, 30, 3, tzinfo=UTC)
    assert [made.version.quarter for made in worker.publish(engine, "v1", clock.now)] == ["2026-Q4"]
    page = Browser(app).get("/record/clearview-ai")
    assert "People reported at least 20 letters to Clearview AI." in page.text
    assert "Edition 1, published on 30 January 2027." in page.text
    assert ["It neither confirms nor denies", "20", "20"] in table_rows(page)
    assert {row["key"] for row in a_table(app, "clearview-ai")} == {"2026-Q4", "fr", "erasure"}


def table_rows(page: Page) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in page.main.xpath(".//tbody/tr")]


def test_quarters_and_decisions_are_on_one_line_of_time(recorded: Flask) -> None:
    page = Browser(recorded).get("/record/clearview-ai")
    titles = [words(one) for one in page.main.xpath(".//p[@class='rf-timeline__title']")]
    decided = [one for one in the_catalogue().decisions.values() if "clearview-ai" in one.about]
    assert len(titles) >= len(decided) + 3
    assert titles.count("What people reported") == 3
    days = [words(one) for one in page.main.xpath(".//p[@class='rf-timeline__day']")]
    assert days.index("July to September 2026") < days.index("January to March 2026") < days.index("18 February 2026")


def test_the_words_are_neutral(recorded: Flask) -> None:
    """Nothing is said of an organisation that it would have to be heard on first."""
    page = Browser(recorded).get("/record/clearview-ai")
    own = page.text.partition("On one line of time")[0].casefold()
    for word in ("illegal", "unlawful", "violat", "failed", "ignored", "refuses to", "never answer", "worst", "bad "):
        assert word not in own


def test_every_measure_has_its_words() -> None:
    assert {*record_words.MEASURES} == {*Measure}
    told = [one for _title, measures in record_words.PARTS.values() for one in measures]
    assert {*told} == {*Measure}
    assert len(told) == len({*told})
    assert {*OF_GROUND.values()} == {*record_words.PARTS["refusals"][1]}


# The list


def test_the_list_has_pages_and_a_search(an_app: AnApp) -> None:
    app = an_app()
    other, *ids = sorted(the_catalogue().organisations)
    assert len(ids) > 30  # more than a page
    publish(app, dict.fromkeys(ids, PARTLY))
    browser, seen, address = Browser(app), [], "/record"
    while address:
        page = browser.get(address)
        seen += [link.rpartition("/")[2] for link in page.main.xpath(".//a[@class='rf-link-card__link']/@href")]
        address = next(iter(page.main.xpath(".//a[@rel='next']/@href")), "")
    assert seen == ids
    assert "/record/clearview-ai" in browser.get("/record?q=clearvew").links("Clearview AI")
    found = browser.get(f"/record?q={the_catalogue().organisations[other].name['en']}")
    assert "Too few people have reported letters to these" in found.text
    assert f"/record/{other}" in found.links()


@pytest.mark.parametrize("query", ["after=%00", "after=../x", "q=%00", "q=" + "x" * 101, "after=" + "x" * 300])
def test_an_address_that_is_no_question_does_no_harm(recorded: Flask, query: str) -> None:
    assert Browser(recorded).get(f"/record?{query}").status == 200


# Kept


@pytest.mark.parametrize("address", ["/record", "/record/clearview-ai", *FILES, *FEEDS])
def test_a_browser_that_has_it_gets_nothing_anew(recorded: Flask, address: str) -> None:
    client = recorded.test_client()
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_new_edition_is_there_at_once(an_app: AnApp) -> None:
    app = an_app()
    assert "Nothing has been published yet" in Browser(app).get("/record/pimeyes").text
    publish(app, {"pimeyes": PARTLY})
    assert "at least 10 letters" in Browser(app).get("/record/pimeyes").text
    publish(app, {"pimeyes": FULL}, n=2, quarter="2026-Q4")
    page = Browser(app).get("/record/pimeyes")
    assert "at least 1,255 letters" in page.text
    assert "Edition 2" in page.text
    assert "October to December 2026" in Browser(app).get("/record/corrections").text


@pytest.mark.parametrize(
    ("last", "today", "coming", "day"),
    [
        (None, "2026-11-23", "2026-Q4", "2027-01-30"),
        (None, "2026-10-05", "2026-Q3", "2026-10-30"),
        (None, "2026-01-02", "2025-Q4", "2026-01-30"),
        ("2026-Q3", "2026-11-23", "2026-Q4", "2027-01-30"),
        ("2026-Q4", "2027-02-01", "2027-Q1", "2027-04-30"),
        ("2026-Q1", "2026-11-23", "2026-Q2", "2026-07-30"),  # late: it still comes next
    ],
)
def test_the_next_edition_closes_the_next_quarter(last: str | None, today: str, coming: str, day: str) -> None:
    version = Version(1, last, TODAY, "v") if last else None
    found = next_quarter(version, TODAY.fromisoformat(today))
    assert (found, published_from(found).isoformat()) == (coming, day)


# Files


def a_table(app: Flask, id_: str) -> list[dict[str, str]]:
    text = app.test_client().get(f"/record/{id_}.csv").data.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_the_file_is_one_long_table_and_says_what_is_hidden(recorded: Flask) -> None:
    found = a_table(recorded, "clearview-ai")
    shown = {(row["family"], row["key"], row["basis"], row["measure"]): row["shown"] for row in found if row["shown"]}
    medians = {1: "30", 2: "60"}
    expected = {
        (family.value, key, basis.value, measure): medians[n] if measure == "median_days" else str(n)
        for (family, key, basis, measure), n in FULL.items()
    }
    assert shown == expected
    assert all((row["hidden"] == "yes") == (row["shown"] == "") for row in found)
    keys = {(row["family"], row["key"]) for row in found}
    assert len(found) == len(keys) * (len(Measure) * len(Basis) + 1)
    assert {(row["organisation"], row["version"], row["quarter"]) for row in found} == {
        ("clearview-ai", "1", "2026-Q3")
    }
    assert a_table(recorded, "facecheck-id") == []


def test_the_data_is_the_same_as_the_file(recorded: Flask) -> None:
    data = json.loads(recorded.test_client().get("/record/clearview-ai.json").data)
    told = [{**row, "version": str(row["version"]), "shown": row["shown"] or ""} for row in data["rows"]]
    assert [{**row, "hidden": "yes" if row["hidden"] else "no"} for row in told] == a_table(recorded, "clearview-ai")
    assert (data["version"], data["published_on"]) == (1, "2026-10-30")


#: What a spreadsheet, or one that divides cells otherwise, takes for a formula: each start with each wrapping.
STARTS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1", "=cmd|'/C calc'!A0")
WRAPPED = ("{}", " {}", "'{}", "''{}", ";{}", "a;{}", "\u200b{}", '"{}', "{}\r\n{}", "\ufeff{}")
PAYLOADS = [wrap.replace("{}", start) for wrap in WRAPPED for start in STARTS]


def test_no_cell_is_a_formula_and_each_comes_back_as_it_was() -> None:
    assert len(PAYLOADS) >= 100
    [*read] = csv.reader(StringIO(written([[payload] for payload in PAYLOADS]).decode(), newline=""))
    for payload, [cell] in zip(PAYLOADS, read, strict=True):
        assert cell == safe(payload) != payload
        for part in cell.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";"):
            assert not part.strip(' "\u200b\ufeff').startswith(("=", "+", "-", "@", "＝", "－")), cell
        assert plain(cell) == payload


# Feeds

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_has_an_entry_an_edition(an_app: AnApp, address: str) -> None:
    app = an_app()
    assert etree.fromstring(app.test_client().get(address).data).xpath("a:entry", namespaces=ATOM) == []
    publish(app, {"pimeyes": PARTLY})
    publish(app, {"pimeyes": PARTLY}, n=2, quarter="2026-Q4")
    answer = app.test_client().get(address)
    feed = etree.fromstring(answer.data)
    assert answer.mimetype == "application/atom+xml"
    for wanted in ("id", "title", "updated", "author/a:name", "link[@rel='self']", "link[@rel='alternate']"):
        assert len(feed.xpath(f"a:{wanted}", namespaces=ATOM)) == 1, wanted
    assert feed.xpath("a:updated/text()", namespaces=ATOM) == ["2026-10-30T00:00:00Z"]
    titles = feed.xpath("a:entry/a:title/text()", namespaces=ATOM)
    assert titles == ["Edition 2: October to December 2026", "Edition 1: July to September 2026"]
    ids = feed.xpath("//a:id/text()", namespaces=ATOM)
    assert len(ids) == len({*ids}) == 3
    [page] = feed.xpath("a:link[@rel='alternate']/@href", namespaces=ATOM)
    assert Browser(app).get(page.removeprefix("http://localhost")).status == 200


# Corrections


def test_corrections_are_data_that_loads() -> None:
    catalogue = the_catalogue()
    for one in load(ROOT / "portal" / "data"):
        assert one.organisation in catalogue.organisations
        assert {*one.says} == {"en", "fr"}


def test_a_correction_is_told(an_app: AnApp, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("data") / FOLDER
    folder.mkdir()
    file = folder / "a.toml"
    file.write_text(
        'id = "a"\nmade_on = 2027-02-01\nversion = 2\norganisation = "pimeyes"\nsays = { en = "Counted twice." }\n'
    )
    [one] = load(folder.parent)
    assert (one.organisation, one.version, one.says["en"]) == ("pimeyes", 2, "Counted twice.")
    assert "No figure has been put right so far." in Browser(an_app()).get("/record/corrections").text


# What an organisation says

ANSWER = {
    "text": "We answer <b>every</b> request.\r\n\r\nSome reach us late.",
    "language": "en",
    "name": "Petra Vorlage",
    "function": "Counsel",
    "email": "counsel@example.com",
}


def kept(app: Flask, row: type[TaskRow] | type[StatementRow]) -> list[TaskRow | StatementRow]:
    with reading(app.extensions["rightface"].engine) as session:
        return [*session.exec(select(row))]


def test_what_somebody_writes_for_an_organisation_is_sealed_until_staff_decide(an_app: AnApp) -> None:
    app = an_app()
    browser = Browser(app)
    page = browser.send(browser.get("/record/clearview-ai/answer"), ANSWER)
    assert page.path == "/record/clearview-ai/answer/received"
    [task] = kept(app, TaskRow)
    assert isinstance(task, TaskRow)
    assert (task.matter, task.case_id) == (Matter.ORGANISATION_ANSWER, None)
    sealed = task.sealed or b""
    told = [word for word in (*ANSWER.values(), "clearview") if len(word) > 4]  # shorter ones come by chance
    assert not any(word.encode() in sealed + task.subject.encode() for word in told)
    assert kept(app, StatementRow) == []
    assert "It has said nothing" in browser.get("/record/clearview-ai").text


def test_two_may_wait_so_that_nobody_can_stand_in_the_way(an_app: AnApp) -> None:
    app = an_app()
    browser = Browser(app)
    for text in ("One.", "Another."):
        browser.send(browser.get("/record/clearview-ai/answer"), {**ANSWER, "text": text})
    assert len(kept(app, TaskRow)) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("text", ""), ("text", "x" * 2_001), ("name", " "), ("function", ""), ("email", "counsel"), ("language", "xx")],
)
def test_what_is_missing_is_named(recorded: Flask, name: str, value: str) -> None:
    browser = Browser(recorded)
    page = browser.send(browser.get("/record/clearview-ai/answer"), {**ANSWER, name: value})
    assert page.status == 422
    assert len(page.errors) == 1


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(an_app: AnApp) -> None:
    app = an_app()
    browser = Browser(app)
    page = browser.send(browser.get("/record/clearview-ai/answer"), {**ANSWER, "website": "https://spam.example"})
    assert page.path.endswith("/received")
    assert kept(app, TaskRow) == []


def test_where_nobody_would_read_it_nothing_is_taken(an_app: AnApp) -> None:
    page = Browser(an_app(RIGHTFACE_STAFF_PUBLIC_KEY="")).get("/record/clearview-ai/answer")
    assert "text" not in page.names()
    assert "nobody would read it" in page.text


def test_a_kind_of_organisations_cannot_speak(recorded: Flask) -> None:
    generic = next(id_ for id_, body in the_catalogue().organisations.items() if body.generic)
    assert Browser(recorded).get(f"/record/{generic}/answer").status == 404
    assert Browser(recorded).get(f"/record/{generic}").status == 200


def test_the_last_one_counts_and_earlier_ones_keep_their_day(an_app: AnApp, clock: Clock) -> None:
    app = an_app(clock)
    for n, text in enumerate(("First <i>words</i>.", "Second words."), 1):
        with transaction(app.extensions["rightface"].engine) as session:
            told = {**ANSWER, "organisation": "pimeyes", "text": text, "language": "fr"}
            statements.accept(session, told, TODAY.replace(day=n))
    page = Browser(app).get("/record/pimeyes")
    [quoted] = page.main.xpath(".//blockquote")
    assert (words(quoted), quoted.get("lang")) == ("Second words.", "fr")
    assert "First <i>words</i>." in page.text  # as text
    line = [words(one) for one in page.main.xpath(".//ol//p[@class='rf-timeline__day']")]
    assert line.index("2 November 2026") < line.index("1 November 2026")
    assert "Second words." not in Browser(app).get("/record/clearview-ai").text


def test_of_what_was_taken_down_it_says_why_and_what_was_said_before_counts_again(an_app: AnApp) -> None:
    app = an_app()
    engine = app.extensions["rightface"].engine
    with transaction(engine) as session:
        for text in ("First words.", "Forged words."):
            statements.accept(session, {**ANSWER, "organisation": "pimeyes", "text": text}, TODAY)
    assert "Forged words." in Browser(app).get("/record/pimeyes").text
    with transaction(engine) as session:
        statements.take_down(session, "pimeyes", 2, Fault.IMPOSTOR, TODAY)
    page = Browser(app).get("/record/pimeyes")
    assert [words(one) for one in page.main.xpath(".//blockquote")] == ["First words."]
    assert "Forged words." not in page.answer.text
    assert "It was taken down on 23 November 2026. It did not come from the organisation." in page.text
