"""Heads of the trail: noted in a file and mailed, read again, whatever fails in between."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from portal import heads, jobs, trail
from portal.config import BadConfig, read
from portal.database import reading, transaction
from portal.heads import Notary, noted, written
from portal.jobs import State
from portal.mail import Post, Server, Tls
from portal.trail import Action, Entry, Head, Unnamed
from portal.worker import Kind, Worker
from tests.mailing import a_mail_server

NOW = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HASH = "0a" * 32
LINE = f"2026-11-23T12:34:56Z 17 {HASH}"


def grow(database: Engine, many: int = 1) -> Head:
    """Append so many rows; the head then."""
    with transaction(database) as session:
        for _ in range(many):
            trail.append(session, Entry(Unnamed.CLI, Action.EXPORTED), NOW)
        return trail.head(session)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "another-disk" / "trail-heads"


# The file


def test_a_head_is_one_line_which_is_read_again(tmp_path: Path) -> None:
    head = Head(17, HASH, NOW - HOUR)
    assert written(head, NOW) == LINE
    (tmp_path / "heads").write_text(f"{LINE}\n")
    assert noted(tmp_path / "heads") == ([Head(17, HASH, NOW)], 0)


def test_the_head_goes_into_a_file_for_its_owner_alone_that_grows(database: Engine, path: Path) -> None:
    notary = Notary(database, path, None)
    first = grow(database, 3)
    notary.note(NOW)
    second = grow(database)
    notary.note(NOW + HOUR)
    notary.note(NOW + 2 * HOUR)
    assert [(head.n, head.hash) for head in noted(path)[0]] == [(one.n, one.hash) for one in (first, second, second)]
    assert [head.at for head in noted(path)[0]] == [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_an_empty_trail_nothing_is_noted(database: Engine, path: Path) -> None:
    Notary(database, path, None).note(NOW)
    assert not path.exists()


def test_a_line_is_on_the_disk_before_anything_else(
    database: Engine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda opened: synced.append(os.fstat(opened).st_size))
    grow(database)
    Notary(database, path, None).note(NOW)
    assert synced[0] == path.stat().st_size


@pytest.mark.parametrize(
    "torn",
    [
        LINE[:-1],
        LINE[5:],
        LINE.replace(" 17 ", " "),
        LINE.replace("11-23", "02-31"),
        LINE.upper(),
        f"{LINE} more",
        "\0" * 40,
        "Ä",
    ],
)
def test_a_line_that_is_no_head_is_counted_and_spoils_no_other(database: Engine, path: Path, torn: str) -> None:
    grow(database)
    notary = Notary(database, path, None)
    notary.note(NOW)
    with path.open("a") as file:
        file.write(torn)
    notary.note(NOW)
    found, unread = noted(path)
    assert ([head.n for head in found], unread) == ([1, 1], 1)


# By mail


def a_post(port: int) -> Post:
    return Post(Server("127.0.0.1", port, Tls.NEVER), "portal@example.org", "audit@example.net")


def test_the_mail_has_the_line_of_the_file(database: Engine, path: Path) -> None:
    head = grow(database, 2)
    with a_mail_server() as box:
        Notary(database, path, a_post(box.port)).note(NOW)
    [message] = box.taken
    line = message.get_content().splitlines()[0]
    assert line == written(head, NOW) == path.read_text().strip()
    assert message["Subject"] == "Rightface: head of the trail, row 2"
    assert box.to == [["audit@example.net"]]


def test_a_server_that_refuses_is_asked_again_by_the_job_and_the_file_has_the_head_meanwhile(
    database: Engine, path: Path
) -> None:
    grow(database)
    now = NOW

    def work_off(notary: Notary) -> None:
        kinds = {"trail_head": Kind(lambda _hour, at: notary.note(at))}
        Worker(database, kinds, lambda: now).work_off(lambda _seconds: False)

    def waiting() -> list[tuple[State, str | None]]:
        with reading(database) as session:
            return [(job.state, job.failure) for job in jobs.all_jobs(session, now)]

    with transaction(database) as session:
        jobs.put(session, "trail_head", "2026-11-23T12:00Z", NOW)
    with a_mail_server() as box:
        box.refuses = True
        notary = Notary(database, path, a_post(box.port))
        work_off(notary)
        assert (box.tried, box.taken, waiting()) == (1, [], [(State.WAITING, "SMTPDataError")])
        assert [head.n for head in noted(path)[0]] == [1]
        box.refuses = False
        work_off(notary)  # not yet
        assert box.tried == 1
        now = NOW + MINUTE
        work_off(notary)
        assert (box.tried, len(box.taken), waiting()) == (2, 1, [])
    assert [head.at for head in noted(path)[0]] == [NOW, NOW + MINUTE]


def test_nothing_is_mailed_in_a_transaction(database: Engine, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(database)
    wrote: list[Head] = []
    monkeypatch.setattr(heads.mail, "send", lambda *_: wrote.append(grow(database)))
    Notary(database, path, a_post(25)).note(NOW)
    assert [head.n for head in wrote] == [2]


# The settings

MAILED = {"RIGHTFACE_SMTP_URL": "smtp://localhost", "RIGHTFACE_TRAIL_MAIL": "audit@example.net"}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"RIGHTFACE_INSTANCE": str(tmp_path)}


def test_without_settings_heads_are_noted_in_the_instance_and_mailed_to_nobody(
    environ: dict[str, str], tmp_path: Path
) -> None:
    config = read(environ)
    assert (config.trail_heads, config.trail_post) == (tmp_path / "trail-heads", None)
    assert read({**environ, "RIGHTFACE_SMTP_URL": "smtp://localhost"}).trail_post is None
    assert read({**environ, "RIGHTFACE_TRAIL_HEADS": "/disk/heads"}).trail_heads == Path("/disk/heads")


def test_mail_comes_from_the_operator_or_from_who_gets_it(environ: dict[str, str]) -> None:
    operator = {
        "RIGHTFACE_OPERATOR_NAME": "Verein Beispiel",
        "RIGHTFACE_OPERATOR_ADDRESS": "Beispielgasse 1",
        "RIGHTFACE_OPERATOR_EMAIL": "portal@example.org",
        "RIGHTFACE_OPERATOR_COUNTRY": "AT",
    }
    server = Server("localhost", 25, Tls.NEVER)
    assert read(environ | MAILED).trail_post == Post(server, "audit@example.net", "audit@example.net")
    assert read(environ | MAILED | operator).trail_post == Post(server, "portal@example.org", "audit@example.net")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RIGHTFACE_SMTP_URL", "", "set RIGHTFACE_SMTP_URL as well"),
        ("RIGHTFACE_SMTP_URL", "smtp://me:a-secret@mail.example.org", "RIGHTFACE_SMTP_URL cannot be used"),
        ("RIGHTFACE_SMTP_URL", "a-secret", "RIGHTFACE_SMTP_URL cannot be used"),
        ("RIGHTFACE_TRAIL_MAIL", "nobody", "RIGHTFACE_TRAIL_MAIL is 'nobody'"),
        ("RIGHTFACE_TRAIL_MAIL", "a@example.org\nBcc: b@example.org", "RIGHTFACE_TRAIL_MAIL is"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_no_password_repeated(
    environ: dict[str, str], name: str, value: str, said: str
) -> None:
    with pytest.raises(BadConfig, match=said) as caught:
        read({**environ, **MAILED, name: value})
    assert "a-secret" not in str(caught.value)
