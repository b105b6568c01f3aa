"""The staff's key, and what is read with it."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from portal import staff_cli
from portal.accounts.keys import BadKeyFile, BadPassphrase, check, locked, unlocked
from portal.accounts.permissions import Role
from portal.config import BadConfig, Config, read_staff
from portal.vault import Key, new_pair, public_half
from tests.building import ROOT
from tests.web.browsing import Browser
from tests.web.conftest import AnApp
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk, signed_in

PASSPHRASE = "correct horse battery staple violin"


# Under a passphrase


@pytest.fixture(scope="module")
def content() -> bytes:
    return locked(STAFF.private, PASSPHRASE)


def test_a_key_is_unlocked_with_its_passphrase(content: bytes) -> None:
    assert unlocked(content, PASSPHRASE) == STAFF.private
    assert json.loads(content)["public"] == STAFF.written


def test_a_letter_is_the_same_on_every_keyboard() -> None:
    assert unlocked(locked(STAFF.private, "caf\u00e9 " * 5), "cafe\u0301 " * 5) == STAFF.private


@pytest.mark.parametrize("wrong", ["", PASSPHRASE[:-1], PASSPHRASE.upper(), f"{PASSPHRASE} "])
def test_another_passphrase_unlocks_nothing(content: bytes, wrong: str) -> None:
    with pytest.raises(BadPassphrase, match="the passphrase is wrong"):
        unlocked(content, wrong)


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("public", "eHg=", "the passphrase is wrong, or the key file was changed"),  # bound in
        ("sealed", "eHg=", "the passphrase is wrong, or the key file was changed"),
        ("format", "rightface staff key 2", "another version"),
        ("salt", "eHg=", "torn"),
        ("salt", "?", "torn"),
        ("sealed", 1, "torn"),
    ],
)
def test_a_file_that_was_changed_is_refused(content: bytes, part: str, value: object, said: str) -> None:
    changed = json.dumps({**json.loads(content), part: value}).encode()
    with pytest.raises((BadPassphrase, BadKeyFile), match=said):
        unlocked(changed, PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"\xff", b"{}", b"[]", b"1"])
def test_what_is_no_key_file_is_refused(content: bytes) -> None:
    with pytest.raises(BadKeyFile, match="no key file"):
        unlocked(content, PASSPHRASE)


@pytest.mark.parametrize(
    ("passphrase", "good"),
    [
        (PASSPHRASE, True),
        ("one two six ten win", True),
        ("correct horse battery", True),  # 21 characters
        ("x8#kQ!27-mZ_pT*9wLr4", True),
        ("one two six ten", False),
        ("a b c d e", False),  # no words
        ("x8#kQ!27-mZ_pT*9wLr", False),
        (" " * 40, False),
        ("", False),
    ],
)
def test_a_passphrase_has_five_words_or_twenty_characters(passphrase: str, good: bool) -> None:
    if good:
        check(passphrase)
    else:
        with pytest.raises(BadPassphrase, match="5 words at random, or at least 20 characters"):
            check(passphrase)


# Making it


def made(app: Flask, *typed: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["keys", "staff"], input="".join(f"{one}\n" for one in typed))
    return result.exit_code, result.stdout.strip(), result.stderr


@pytest.fixture
def fresh(a_desk: ADesk) -> Flask:
    return a_desk()


def key_file(app: Flask) -> Path:
    config: Config = app.extensions["rightface"].config
    return config.staff_key


def test_the_command_makes_the_pair_and_says_what_to_set(fresh: Flask) -> None:
    code, line, said = made(fresh, PASSPHRASE, PASSPHRASE)
    name, _, public = line.partition("=")
    assert (code, name) == (0, "RIGHTFACE_STAFF_PUBLIC_KEY")
    assert PASSPHRASE not in said
    assert key_file(fresh).stat().st_mode & 0o777 == 0o600
    assert public_half(unlocked(key_file(fresh).read_bytes(), PASSPHRASE)) == b64decode(public)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((PASSPHRASE, "another"), "do not match"),
        (("short", "short"), "5 words at random"),
    ],
)
def test_a_passphrase_that_is_short_or_mistyped_makes_no_key(fresh: Flask, typed: tuple[str, ...], said: str) -> None:
    code, line, told = made(fresh, *typed)
    assert (code, line) == (1, "")
    assert said in told
    assert not key_file(fresh).exists()
    assert not [one for one in key_file(fresh).parent.iterdir() if one.name.startswith("tmp")]


def test_a_key_that_is_there_is_never_overwritten(fresh: Flask) -> None:
    key_file(fresh).write_text("the key that everything is sealed to")
    code, line, said = made(fresh, PASSPHRASE, PASSPHRASE)
    assert (code, line) == (1, "")
    assert "is not overwritten" in said
    assert key_file(fresh).read_text() == "the key that everything is sealed to"


def test_a_key_that_comes_while_the_passphrase_is_typed_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "staff-key"
    path.write_text("first")
    with pytest.raises(FileExistsError):
        staff_cli._write_new(path, b"second")
    assert path.read_text() == "first"


# Opening it


@pytest.fixture
def config(tmp_path: Path, content: bytes) -> Config:
    (tmp_path / "staff-key").write_bytes(content)
    return read_staff({"RIGHTFACE_INSTANCE": str(tmp_path)})


def test_without_a_key_file_there_is_no_key_and_nobody_is_asked(tmp_path: Path) -> None:
    def ask() -> str:
        raise AssertionError

    assert staff_cli.opened(read_staff({"RIGHTFACE_INSTANCE": str(tmp_path)}), ask) is None


def test_it_is_opened_with_what_is_typed(config: Config) -> None:
    assert staff_cli.opened(config, lambda: PASSPHRASE) == STAFF.private


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_it_is_opened_with_what_stands_in_a_file(config: Config, tmp_path: Path, end: str) -> None:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + end, newline="")
    assert staff_cli.opened(replace(config, staff_passphrase_file=file), None) == STAFF.private


def test_a_pipe_is_read_once(config: Config, tmp_path: Path) -> None:
    pipe = tmp_path / "passphrase"
    os.mkfifo(pipe)
    writer = Thread(target=lambda: pipe.write_text(PASSPHRASE))
    writer.start()
    assert staff_cli.opened(replace(config, staff_passphrase_file=pipe), None) == STAFF.private
    writer.join()


def wrong_file(config: Config) -> Config:
    return replace(config, staff_passphrase_file=config.staff_key)


@pytest.mark.parametrize(
    ("change", "ask", "said"),
    [
        (lambda one: one, lambda: "wrong", "the passphrase is wrong"),
        (lambda one: one, None, "start it from a terminal, or set RIGHTFACE_STAFF_PASSPHRASE_FILE"),
        (wrong_file, None, "the passphrase is wrong"),
        (lambda one: replace(one, staff_passphrase_file=Path("/nowhere")), None, "No such file"),
        (lambda one: replace(one, staff_passphrase_file=Path("/bin/true")), None, "is no text"),
        (
            lambda one: replace(one, staff_public_key=new_pair()[0]),
            lambda: PASSPHRASE,
            "is not of the pair that RIGHTFACE_STAFF_PUBLIC_KEY names",
        ),
    ],
)
def test_it_does_not_start_with_the_wrong_passphrase_or_key(
    config: Config, change: Callable[[Config], Config], ask: Callable[[], str] | None, said: str
) -> None:
    with pytest.raises(BadConfig, match=said):
        staff_cli.opened(change(config), ask)


def test_the_setting_of_the_public_portal_may_be_there_too(config: Config) -> None:
    assert staff_cli.opened(replace(config, staff_public_key=STAFF.public), lambda: PASSPHRASE) == STAFF.private


def entered(config: Config, **settings: str) -> "subprocess.CompletedProcess[str]":
    """What a server sees that imports the entrance, with no terminal."""
    code = "import wsgi; print(wsgi.staff_app.extensions['rightface-staff'])"
    environ = {"PATH": os.defpath, "RIGHTFACE_INSTANCE": str(config.instance), **settings}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_entrance_opens_the_key_or_says_why_it_does_not_start(config: Config, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text(PASSPHRASE)
    wrong.write_text("no")
    started = entered(config, RIGHTFACE_STAFF_PASSPHRASE_FILE=str(right))
    assert (started.returncode, started.stdout, started.stderr) == (0, "Desk()\n", "")  # no key in its repr
    refused = entered(config, RIGHTFACE_STAFF_PASSPHRASE_FILE=str(wrong))
    assert refused.returncode == 1
    assert refused.stderr.startswith("Rightface cannot start: ")
    assert "the passphrase is wrong" in refused.stderr
    assert entered(config).returncode == 1


def test_from_a_terminal_the_passphrase_is_typed_and_not_shown(config: Config) -> None:
    keyboard, terminal = os.openpty()
    code = "import wsgi; print(wsgi.staff_app.extensions['rightface-staff'].private is not None)"
    environ = {"PATH": os.defpath, "RIGHTFACE_INSTANCE": str(config.instance)}
    pipes = {"stdin": terminal, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, **pipes) as started:
        assert started.stderr
        asked = b""
        while not asked.endswith(b"key: "):
            letter = started.stderr.read(1)
            assert letter, asked
            asked += letter
        os.write(keyboard, f"{PASSPHRASE}\n".encode())
        answer, said = started.communicate(timeout=120)
    os.set_blocking(keyboard, False)
    shown = b""
    with suppress(BlockingIOError):
        shown = os.read(keyboard, 1_000)
    os.close(terminal)
    os.close(keyboard)
    assert (started.returncode, answer) == (0, b"True\n"), said
    assert b"horse" not in shown + said


def test_a_command_needs_no_passphrase(config: Config) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi:staff_app", "staff", "--help"]
    environ = {"PATH": os.defpath, "RIGHTFACE_INSTANCE": str(config.instance)}
    found = subprocess.run(
        command,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert "invite" in found.stdout


def test_the_public_portal_has_no_such_command_and_no_such_library(tmp_path: Path) -> None:
    code = "import sys, wsgi; print('staff' in wsgi.app.cli.commands, 'webauthn' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.defpath, "RIGHTFACE_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert found.stdout == "False False\n"


# Reading what was reported


@pytest.fixture
def both(an_app: AnApp, a_desk: ADesk, fresh: Flask) -> tuple[Flask, Flask]:
    """The public portal and the staff's, on one database, with a key that the command made."""
    _, line, _ = made(fresh, PASSPHRASE, PASSPHRASE)
    name, _, value = line.partition("=")
    private: Key = unlocked(key_file(fresh).read_bytes(), PASSPHRASE)
    staff = a_desk(private=private)
    url = staff.extensions["rightface"].config.database_url
    return an_app(RIGHTFACE_DATABASE_URL=url, **{name: value}), staff


@pytest.mark.sqlite
def test_what_somebody_reports_on_the_public_portal_is_read_by_staff(both: tuple[Flask, Flask]) -> None:
    public, staff = both
    visitor = Browser(public)
    visitor.send(visitor.get("/wrong"), {"text": "The address of the CNIL is old."})
    editor = signed_in(staff, Role.LAW_EDITOR)
    [task] = [link for link in editor.get("/queue").links() if link.startswith("/tasks/")]
    assert "The address of the CNIL is old." in editor.get(task).text
