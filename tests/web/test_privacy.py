"""What a person types is found nowhere, and what they look for is in no log."""

import logging
import os
import re
import secrets
import tempfile
import time
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
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
from tests.web.samples import SAMPLES, addresses, gettable, rules

#: How many statements a page may send to the database.
MOST_QUERIES = 12


def disguises(word: str) -> set[bytes]:
    """A word as it may lie in a file: raw, as UTF-16, in hexadecimal, in base64 at each of its three offsets."""
    raw = word.encode()
    found = {raw, word.encode("utf-16-le"), word.encode("utf-16-be"), raw.hex().encode(), raw.hex().upper().encode()}
    for offset in range(3):
        whole = b64encode(b"\0" * offset + raw)
        first = (0, 2, 3)[offset]  # the characters that the bytes before reach into
        found.add(whole[first : len(whole) - 4])
    return found


def inflated(content: bytes) -> Iterator[bytes]:
    """A file, and what is compressed in it: the members of a zip, the streams of a PDF."""
    yield content
    with suppress(zipfile.BadZipFile, pikepdf.PdfError):  # somebody else's, half written
        if zipfile.is_zipfile(BytesIO(content)):
            with zipfile.ZipFile(BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield name.encode()
                    yield from inflated(archive.read(name))
        elif content.startswith(b"%PDF"):
            with pikepdf.open(BytesIO(content)) as pdf:
                yield from (one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))


class Planted:
    """Words that nobody else writes, for each box of a form."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def word(self) -> str:
        made = f"Zwq{secrets.token_hex(10)}"
        self.words.append(made)
        return made

    def found_in(self, content: bytes) -> list[str]:
        parts = [*inflated(content)]
        return [word for word in self.words if any(one in part for one in disguises(word) for part in parts)]

    def found_below(self, folder: Path, since: float) -> list[str]:
        """The files changed since then that hold one of the words."""
        found = []
        paths = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
        for path in paths:
            try:
                if path.is_file() and path.stat().st_mtime >= since and self.found_in(path.read_bytes()):
                    found.append(str(path))
            except OSError:
                continue  # somebody else's, or gone by now
        return found


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


@pytest.fixture(scope="module")
def planted_form(an_app: AnApp) -> tuple[Browser, dict[str, str], Planted]:
    browser = Browser(an_app())
    return browser, addresses(browser), Planted()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("rule", [rule for rule in SAMPLES if not rule.startswith("/static/")])
def test_a_view_that_breaks_tells_nobody_what_was_typed(
    planted_form: tuple[Browser, dict[str, str], Planted],
    rule: str,
    method: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    browser, sample, planted = planted_form
    caplog.set_level(logging.DEBUG)
    word = planted.word()
    token = browser.get("/").tree.xpath("//input[@name='csrf_token']/@value")[0]
    views = {one.endpoint for one in rules(browser.app) if one.rule == rule and method in (one.methods or ())}

    def breaks(*_args: object, **_more: object) -> str:
        local = {"full_name": word}
        raise ValueError(f"cannot use {local} for {word}")

    for endpoint in views:
        monkeypatch.setitem(browser.app.view_functions, endpoint, breaks)
    form = {"csrf_token": token, "full_name": word, "text": word, "do": "text"}
    caplog.clear()
    answer = browser.client.open(
        sample[rule], method=method, query_string={"name": word}, data=form if method == "POST" else None
    )
    assert answer.status_code == (500 if views else 405)
    # The switch of the language leads back to this page, query and all: that stands in the answer by intent.
    assert word not in re.sub(r"/language/\w+\?back=[^\"]*", "", answer.text)
    assert planted.found_in("".join([caplog.text, *capfd.readouterr()]).encode()) == []
    if views:
        assert f"ValueError at {__file__}" in caplog.text
        assert f"in {method} {rule}" in caplog.text


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
        browser.client.get(samples[rule.rule], query_string={"q": "whom-I-look-for"}).close()
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
    assert len(asked) <= MOST_QUERIES
