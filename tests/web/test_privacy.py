"""What a person types is found nowhere, and what they look for is in no log."""

import logging
import re
import tempfile
import time
import zipfile
from base64 import b64encode
from functools import partial
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import event

from portal.cases import filing, following, forgetting, opening
from portal.cases.case_key import CaseKey, new_case_key, written
from portal.cases.clock import KEPT_AFTER
from portal.cases.drafts import Draft
from portal.cases.filing import ToFile
from portal.cases.following import Said
from portal.cases.status import Kind
from portal.database import transaction
from portal.letters.kept import Made
from portal.web import errors, letter
from portal.web.house import House
from tests.building import TODAY, a_letter, a_situation
from tests.web.browsing import UNKNOWN, Browser, Clock, Page, rows
from tests.web.conftest import AnApp, Everywhere
from tests.web.planted import Planted
from tests.web.samples import SAMPLES, addresses, gettable

#: How many statements a page may send to the database.
MOST_QUERIES = 12


@pytest.mark.parametrize("offset", range(3))
def test_a_word_is_found_in_every_disguise(offset: int) -> None:
    planted = Planted()
    word = planted.word()
    for content in (
        word.encode(),
        word.encode("utf-16"),
        word.encode().hex().encode(),
        b64encode(b"-" * offset + word.encode() + b"more"),
    ):
        assert planted.found_in(b"before" * 4 + content) == [word]
    assert planted.found_in(b"nothing") == []


def test_a_word_is_found_in_what_is_compressed() -> None:
    planted, zipped, pdf = Planted(), BytesIO(), BytesIO()
    word = planted.word()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows", word * 50)
    with pikepdf.new() as made:
        made.add_blank_page().Contents = made.make_stream(word.encode() * 50)
        made.save(pdf, compress_streams=True)
    for content in (zipped.getvalue(), pdf.getvalue()):
        assert word.encode() not in content
        assert planted.found_in(content) == [word]


def typed(browser: Browser, planted: Planted) -> Page:
    """A draft with a planted word in every box, previewed, edited, and set as PDF."""
    page = browser.write(
        UNKNOWN,
        full_name=planted.word(),
        other_names=planted.word(),
        address=f"{planted.word()}\n{planted.word()}",
        email=f"{planted.word()}@example.org",
        photo_links=f"https://example.org/{planted.word()}",
        accounts=f"@{planted.word()}",
        role="agent",
        writer_name=planted.word(),
        organisation_address=f"{planted.word()}\n1010 Wien",
        organisation_email=f"{planted.word()}@example.com",
    )
    text = f"{page.value('text')}\n\n{planted.word()}\n"
    page = browser.send(page, {"text": text}, do="text")
    browser.send(page, {"text": f"{{ {planted.word()}"}, do="text")  # cannot be read
    browser.write(UNKNOWN, full_name=planted.word(), email="nobody")  # a mistake
    taken = browser.get(f"{page.path}/take")
    for link in taken.links():
        if link.startswith(page.path):
            assert browser.get(link).status == 200
    return taken


@pytest.mark.sqlite
def test_nothing_typed_lies_anywhere_in_the_clear(
    an_app: AnApp, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    since = time.time() - 1
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy")
    clock, planted = Clock(), Planted()
    app = an_app(clock, instance=tmp_path)
    taken = typed(Browser(app), planted)
    logged = "".join([caplog.text, *capfd.readouterr()]).encode()
    assert (tmp_path / "rightface.sqlite-wal").stat().st_size > 0  # written, not yet checkpointed
    assert len(rows(app)) == 1
    assert planted.found_below(tmp_path, 0) == []
    assert planted.found_below(Path(tempfile.gettempdir()), since) == []
    assert planted.found_in(logged) == []
    assert "INSERT INTO drafts" in caplog.text  # the log was listened to
    assert taken.status == 200


#: How many people file.
FILINGS = 200


def filed(house: House, word: str, n: int) -> CaseKey:
    """What one person files and notes; each of their words begins with the planted one."""
    key, until = new_case_key(), TODAY + KEPT_AFTER
    words = {
        "full_name": f"{word}a{n}",
        "address": f"{word}b{n}\n{word}c{n}",
        "email": f"{word}d{n}@example.org",
        "photo_links": f"https://example.org/{word}e{n}",
    }
    draft = Draft("at", "clearview-ai", "access", "eu-gdpr", details=words)
    made = Made(a_letter(a_situation(), **words))
    assert word in repr(made.letter.sender)
    with transaction(house.engine) as session:
        to_file = ToFile(draft, made, until)
        filing.keep(session, filing.prepared(key, house.config.lookup_key, [to_file], TODAY, "v1"))
        token = opening.enter(session, key, house.config.lookup_key, house.clock(), until)
        assert token
        mine = opening.find(session, token, house.clock())
        assert mine
        [case] = following.cases(session, mine)
        following.record(session, case, Said(Kind.NOTED, TODAY, f"{word}f{n}", None, until), TODAY, "v1")
        if n % 3 == 0:
            key = new_case_key()
            following.rekey(session, mine, key, house.config.lookup_key, TODAY, "v1")
    if n % 5 == 0:
        house.eraser.carry_out(partial(forgetting.erase_case, id_=case.id))
    return key


@pytest.mark.sqlite
def test_what_many_people_file_lies_nowhere_in_the_clear_and_in_no_backup(
    an_app: AnApp, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    since = time.time() - 1
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy")
    planted, app = Planted(), an_app(instance=tmp_path)
    word = planted.word()
    keys = [filed(app.extensions["rightface"], word, n) for n in range(1, FILINGS + 1)]
    browser = Browser(app)
    case = browser.send(browser.get("/case-key"), {"key": written(keys[0])})
    assert browser.get(f"{case.path}/letter.pdf").status == 200
    taken = browser.get("/cases/export.zip").answer.data
    assert planted.found_in(taken) == [word]  # the person's own; and so the search is known to find it
    backup = tmp_path / "backup.zip"
    for command in (["backup", str(backup)], ["restore", str(backup), "--replace"], ["cases", "replay"]):
        with app.app_context():
            assert app.test_cli_runner().invoke(args=command).exit_code == 0
    keys.append(filed(app.extensions["rightface"], word, FILINGS + 1))  # each erasure empties the log
    logged = "".join([caplog.text, *capfd.readouterr()]).encode()
    assert "INSERT INTO letters" in caplog.text  # the log was listened to
    assert (tmp_path / "rightface.sqlite-wal").stat().st_size > 0
    assert len(zipfile.ZipFile(backup).read("rows/cases.jsonl").splitlines()) == FILINGS - FILINGS // 5
    assert planted.found_below(tmp_path, 0) == []
    assert planted.found_below(Path(tempfile.gettempdir()), since) == []
    assert planted.found_in(logged) == []
    assert not any(key in logged.decode() or written(key) in logged.decode() for key in keys)


@pytest.mark.sqlite
def test_after_two_hours_of_clock_nothing_is_left(an_app: AnApp, tmp_path: Path) -> None:
    clock, planted = Clock(), Planted()
    app = an_app(clock, instance=tmp_path)
    typed(Browser(app), planted)
    [(_, _, sealed, _)] = rows(app)
    clock.forward(hours=2)
    Browser(app).get("/")
    assert rows(app) == []
    with app.extensions["rightface"].engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    assert not any(sealed[:64] in path.read_bytes() for path in tmp_path.iterdir())
    assert planted.found_below(tmp_path, 0) == []


def test_the_draft_says_little_even_by_its_length(an_app: AnApp) -> None:
    app = an_app()
    browser = Browser(app)
    browser.write(UNKNOWN, full_name="A")
    browser.write(UNKNOWN, full_name="A" * 200)
    assert len({len(sealed) for _, _, sealed, _ in rows(app)}) == 1


# When something breaks


def test_not_even_a_broken_page_about_what_broke_tells(
    an_app: AnApp,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    app, planted = an_app(), Planted()
    word = planted.word()

    def breaks(*_args: object, **_more: object) -> str:
        raise ValueError(f"cannot use {word}")

    monkeypatch.setitem(app.view_functions, "pages.home", breaks)
    monkeypatch.setattr(errors, "render_template", breaks)
    answer = app.test_client().get("/", query_string={"q": word})
    assert answer.status_code == 500
    assert word not in answer.text
    assert planted.found_in("".join([caplog.text, *capfd.readouterr()]).encode()) == []


@pytest.mark.parametrize("part", ["compose", "details_form", "drafts", "shapes"])
def test_a_part_that_breaks_below_a_view_tells_nobody(
    an_app: AnApp, part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app, planted = an_app(), Planted()
    browser = Browser(app)
    page = browser.write(UNKNOWN, full_name=planted.word())
    monkeypatch.setattr(letter, part, None)
    for address in (UNKNOWN, page.path, f"{page.path}/details", f"{page.path}/take", f"{page.path}/letter.txt"):
        answer = browser.client.get(address)
        assert planted.words[0] not in answer.text or answer.status_code == 200
    assert planted.found_in(caplog.text.encode()) == []
    assert "Face Finder" not in caplog.text


# What is logged


def test_a_request_is_logged_by_its_rule_never_by_its_address(
    app: Flask, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    samples = addresses(browser)
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    for rule in gettable(app):
        browser.client.get(samples[rule.rule].partition("?")[0], query_string={"q": "whom-I-look-for"}).close()
        assert f"GET {rule.rule} " in caplog.text
    browser.client.get("/nowhere/whom-I-look-for?q=whom-I-look-for")
    for record in caplog.records:
        if record.name == "portal":
            assert re.fullmatch(r"GET \S+ \d{3} \d+ ms", record.getMessage())
    for looked_for in ("whom-I-look-for", "clearview", "127.0.0.1"):
        assert looked_for not in caplog.text


# Queries


@pytest.mark.parametrize("rule", SAMPLES)
def test_no_page_asks_the_database_more_than_a_dozen_times(everywhere: Everywhere, rule: str) -> None:
    browser, sample = everywhere
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engine = browser.app.extensions["rightface"].engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        browser.client.get(sample[rule]).close()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len(asked) <= MOST_QUERIES, asked
