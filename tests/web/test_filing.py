"""Filing under load and across crashes, on a real server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from sqlmodel import Session, select

from portal.cases.models import CaseRow, FilingRow
from portal.config import read
from portal.database import engine, migrate
from tests.building import ROOT
from tests.conftest import AUrl
from tests.web.browsing import CLEARVIEW

KEY = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
DETAILS = {"role": "self", "full_name": "Ana Example", "email": "ana@example.org"}


class Portal:
    """A portal that a server of its own serves, and a browser that is in it."""

    def __init__(self, environ: dict[str, str], prefix: tuple[str, ...] = ()) -> None:
        self.environ = environ
        self.prefix = prefix
        self.cookies = CookieJar()
        self.base = ""

    @contextmanager
    def served(self) -> Iterator["subprocess.Popen[bytes]"]:
        with socket(AF_INET, SOCK_STREAM) as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(128)
            self.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
            bind = ["--bind", f"fd://{listening.fileno()}", "--threads", "20", "--no-control-socket"]
            command = [*self.prefix, sys.executable, "-m", "gunicorn", "wsgi:app", *bind, "--log-level", "error"]
            numbers = [listening.fileno()]
            with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **self.environ}, pass_fds=numbers) as server:
                try:
                    yield server
                finally:
                    server.kill()

    def opener(self) -> OpenerDirector:
        return build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> tuple[str, str]:
        """Where one ends, and what stands there."""
        with self.opener().open(self.base + path, timeout=60) as answer:
            return answer.url.removeprefix(self.base), answer.read().decode()

    def post(self, path: str, **fields: str) -> tuple[str, str]:
        data = urlencode(fields).encode()
        with self.opener().open(Request(self.base + path, data), timeout=60) as answer:
            return answer.url.removeprefix(self.base), answer.read().decode()

    def preview(self) -> tuple[str, str]:
        """A letter's page for filing, and the token of its form."""
        _, page = self.get(CLEARVIEW)
        at, _ = self.post(CLEARVIEW, csrf_token=TOKEN.findall(page)[-1], **DETAILS)
        _, page = self.get(f"{at}/file")
        return f"{at}/file", TOKEN.findall(page)[-1]

    def rows(self) -> tuple[int, int]:
        """How many filings and cases there are."""
        made = engine(self.environ["RIGHTFACE_DATABASE_URL"])
        with Session(made) as session:
            found = len(session.exec(select(FilingRow.id)).all()), len(session.exec(select(CaseRow.id)).all())
        made.dispose()
        return found


def key_in(page: str) -> str:
    [found] = {*KEY.findall(re.sub(r"<[^>]+>", "", page))}
    return found


@pytest.fixture
def portal(tmp_path: Path, a_database_url: AUrl) -> Portal:
    environ = {
        "RIGHTFACE_INSTANCE": str(tmp_path),
        "RIGHTFACE_DATABASE_URL": a_database_url(tmp_path / "rightface.sqlite"),
        "RIGHTFACE_RENDERERS": "1",
    }
    made = engine(read(environ).database_url)
    migrate(made)
    made.dispose()
    return Portal(environ)


def test_twenty_posts_at_once_are_one_filing_and_show_one_key(portal: Portal) -> None:
    with portal.served():
        address, token = portal.preview()
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: portal.post(address, csrf_token=token), range(20)))
        assert len({at for at, _ in answers}) == 1
        [key] = {key_in(page) for _, page in answers}
        assert portal.rows() == (1, 1)
        _, page = portal.get("/case-key")
        at, _ = portal.post("/case-key", csrf_token=TOKEN.findall(page)[-1], key=key)
        assert at.startswith("/cases/")


def test_after_a_kill_between_commit_and_answer_a_reload_shows_the_key(portal: Portal) -> None:
    with portal.served():
        address, token = portal.preview()
        _, page = portal.post(address, csrf_token=token)
        key = key_in(page)
    # What the browser never saw: its next request comes to another process.
    with portal.served():
        at, page = portal.get(address)
        assert at == address.replace("/file", "/filed")
        assert key_in(page) == key
        _, page = portal.post(address, csrf_token=token)
        assert key_in(page) == key
    assert portal.rows() == (1, 1)


@pytest.mark.sqlite
def test_a_filing_is_on_the_disk_before_the_first_byte_of_its_answer(portal: Portal, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    portal.prefix = ("strace", "-f", "-y", "-e", "trace=fdatasync,fsync,sendto,write,pwrite64", "-o", str(trace))
    with portal.served():
        address, token = portal.preview()
        before = trace.read_text(errors="replace").count("\n")
        portal.post(address, csrf_token=token)
        lines = trace.read_text(errors="replace").splitlines()[before:]
    answered = next(n for n, line in enumerate(lines) if "HTTP/1.1 302" in line)
    written = [n for n, line in enumerate(lines[:answered]) if "pwrite64" in line and "-wal" in line]
    synced = [n for n, line in enumerate(lines[:answered]) if "sync(" in line and "-wal" in line]
    assert written
    assert max(written) < max(synced) < answered
