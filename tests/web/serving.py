"""A portal that a real server serves, and a browser that is in it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from http.cookiejar import CookieJar
from io import BytesIO
from os import killpg
from pathlib import Path
from signal import SIGKILL
from socket import AF_INET, SOCK_STREAM, socket
from typing import Self
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from sqlmodel import Session, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.cases.models import CaseRow, FilingRow
from portal.config import read
from portal.database import engine, migrate
from tests.building import ROOT
from tests.web.browsing import CLEARVIEW

KEY = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
DETAILS = {"role": "self", "full_name": "Ana Example", "email": "ana@example.org"}


@contextmanager
def listening() -> Iterator[socket]:
    """A door that stays open while servers behind it come and go: who knocks meanwhile waits."""
    with socket(AF_INET, SOCK_STREAM) as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        yield door


def address_of(door: socket) -> str:
    return f"http://127.0.0.1:{door.getsockname()[1]}"


class Portal:
    """A portal that a server of its own serves, and a browser that is in it."""

    def __init__(self, environ: dict[str, str], entrance: str = "wsgi:app", log_level: str = "error") -> None:
        self.environ = environ
        self.entrance = entrance
        self.log_level = log_level
        self.prefix: tuple[str, ...] = ()
        self.output: Path | None = None
        """Where all goes that the server prints."""
        self.cookies = CookieJar()
        self.base = ""

    @classmethod
    def new(cls, instance: Path, database_url: str) -> Self:
        """A portal with an empty database, and one child to draw letters."""
        environ = {
            "RIGHTFACE_INSTANCE": str(instance),
            "RIGHTFACE_DATABASE_URL": database_url,
            "RIGHTFACE_RENDERERS": "1",
        }
        made = engine(read(environ).database_url)
        migrate(made)
        made.dispose()
        return cls(environ)

    @contextmanager
    def served(self) -> Iterator["subprocess.Popen[bytes]"]:
        with listening() as door:
            self.base = address_of(door)
            with self.started(door) as server:
                try:
                    yield server
                finally:
                    killpg(server.pid, SIGKILL)  # with its children, and what runs it where that is traced

    def started(self, door: socket) -> "subprocess.Popen[bytes]":
        """A server behind this door, with all its children in a process group of its own."""
        bind = ["--bind", f"fd://{door.fileno()}", "--threads", "20", "--no-control-socket"]
        gunicorn = [sys.executable, "-m", "gunicorn", self.entrance, *bind, "--log-level", self.log_level]
        environ = {**os.environ, "PYTHONUNBUFFERED": "1", **self.environ}
        with self.output.open("ab") if self.output else nullcontext() as output:
            return subprocess.Popen(
                [*self.prefix, *gunicorn],
                cwd=ROOT,
                env=environ,
                pass_fds=[door.fileno()],
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

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

    def attach(self, case: str, name: str, content: bytes) -> str:
        """Attach a file to a case, as their answer; where one ends."""
        _, page = self.get(f"{case}/papers")
        fields = {
            "csrf_token": TOKEN.findall(page)[-1],
            "shows": "answer",
            "papers": FileStorage(BytesIO(content), name),
        }
        boundary, data = encode_multipart(fields)
        kind = {"Content-Type": f'multipart/form-data; boundary="{boundary}"'}
        with self.opener().open(Request(f"{self.base}{case}/papers", data, kind), timeout=60) as answer:
            return str(answer.url.removeprefix(self.base))

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
