"""The portal as `make run` serves it, in a process of its own, seen from outside."""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection
from itertools import count, cycle, islice
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from threading import Lock
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from portal import config
from portal.database import engine, migrate
from tests.papers.documents import a_pdf
from tests.web.browsing import CLEARVIEW, COMPLAINT, UNKNOWN, Browser, Page, id_of, token

THREADS = 8
#: Letters that each of eight writers files in a round, and rounds.
FILINGS, ROUNDS = 60, 5
#: As in `make run`: what people attach goes back to the system.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "1000000"}
#: Requests of people and readers, at least; half of them come before the first look at the memory.
REQUESTS = 10_000
#: How many walk at once, in which languages, to which letters, from which first pages.
WALKERS = 4
LANGUAGES = ("en", "fr")
LETTERS = (CLEARVIEW, COMPLAINT, UNKNOWN)
START = ("/", "/?q=clearvew", "/how-it-works", "/privacy", "/reference")
_networks = count(1)


@dataclass
class Served:
    """A gunicorn with one worker of eight threads, as browsers and the kernel see it."""

    port: int
    master: int
    requests: int = 0
    _lock: Lock = field(default_factory=Lock)

    def test_client(self, network: str = "") -> Client:
        """For a browser of the tests, in a network of its own: none files as often as a benchmark."""
        number = next(_networks)
        address = f"10.{number >> 8 & 255}.{number & 255}.1"

        @Request.application
        def forward(request: Request) -> Response:
            return self.ask(request, address)

        return Client(forward)

    def ask(self, request: Request, address: str) -> Response:
        headers = {name: value for name, value in request.headers if name != "Host"}
        headers |= {"X-Forwarded-For": address, "Connection": "close"}
        with closing(HTTPConnection("localhost", self.port, timeout=60)) as connection:
            connection.request(request.method, request.full_path, request.get_data(), headers)
            answer = connection.getresponse()
            body = answer.read()
        with self._lock:
            self.requests += 1
        assert answer.status < 400, (request.method, request.path, answer.status)
        left_out = ("transfer-encoding", "connection")
        given = [(name, value) for name, value in answer.getheaders() if name.lower() not in left_out]
        return Response(body, answer.status, given)

    def megabytes(self) -> float:
        """What the web process holds in memory; not the children in which letters are set and files are opened."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        [worker] = children
        status = Path(f"/proc/{worker}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """A new portal in this folder."""
    environ = {"RIGHTFACE_INSTANCE": str(folder), "RIGHTFACE_PROXIES": "1", **MALLOC}
    made = engine(config.read(environ).database_url)
    migrate(made)
    made.dispose()
    with socket(AF_INET, SOCK_STREAM) as listening, (folder / "log").open("wb") as log:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        number = listening.fileno()
        bind = ["--bind", f"fd://{number}", "--threads", str(THREADS), "--no-control-socket"]
        command = [sys.executable, "-m", "gunicorn", "wsgi:app", *bind, "--log-level", "warning"]
        everything: dict[str, Any] = {"cwd": config.ROOT, "env": {**os.environ, **environ}, "pass_fds": [number]}
        with subprocess.Popen(command, stderr=log, **everything) as server:
            try:
                yield Served(listening.getsockname()[1], server.pid)
            finally:
                server.terminate()


# Eight who file at once


def tail_to_median(portal: Served) -> tuple[float, float, float]:
    """Of the time that filing takes with eight writers: the 99th of a hundred to the median, and both in ms."""
    rounds = []
    for _ in range(ROUNDS):
        with ThreadPoolExecutor(THREADS) as pool:
            letters = list(pool.map(lambda _: previewed(portal), range(THREADS)))
            times = [one for mine in pool.map(lambda posts: filed(portal, posts), letters) for one in mine]
        rounds.append((statistics.quantiles(times, n=100)[98], statistics.median(times)))
    tail, median = (1000 * statistics.median(column) for column in zip(*rounds, strict=True))
    return statistics.median(one / other for one, other in rounds), tail, median


_Post = tuple[str, bytes, dict[str, str]]


def previewed(portal: Served) -> list[_Post]:
    """The posts that file so many letters of one person."""
    browser = Browser(portal)  # type: ignore[arg-type]
    ids = [id_of(browser.write(CLEARVIEW)) for _ in range(FILINGS)]
    body = urlencode({"csrf_token": token(browser.get(f"/letter/{ids[0]}/file"))}).encode()
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.client._cookies.values())
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    network = f"10.200.{next(_networks) & 255}.1"
    return [(f"/letter/{id_}/file", body, {**headers, "X-Forwarded-For": network}) for id_ in ids]


def filed(portal: Served, posts: list[_Post]) -> list[float]:
    """How long each took, from the call to the last byte read."""
    times = []
    for path, body, headers in posts:
        start = time.perf_counter()
        with closing(HTTPConnection("localhost", portal.port, timeout=60)) as connection:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
        times.append(time.perf_counter() - start)
        assert (answer.status, answer.headers["Location"]) == (302, path + "d"), answer.status
    return times


# Ten thousand requests


def memory(portal: Served) -> tuple[float, float]:
    """The megabytes of the web process after half of the requests, and after all.

    Before, each page of the law was asked for in both languages: they are kept, and are no leak.
    """
    law = [
        re.sub("^https?://[^/]+", "", page) for page in re.findall("<loc>(.*?)</loc>", read(portal, "/sitemap.xml"))
    ]
    for language in LANGUAGES:
        for page in law:
            read(portal, page, language)
    start, found, pages = portal.requests, [], cycle(law)
    for part in (1, 2):
        with ThreadPoolExecutor(WALKERS) as pool:
            until = start + part * REQUESTS // 2
            list(pool.map(lambda walker, end=until: walks(portal, pages, walker, end), range(WALKERS)))
        found.append(portal.megabytes())
    return found[0], found[1]


def read(portal: Served, page: str, language: str = "en") -> str:
    return portal.test_client().get(page, headers={"Accept-Language": language}).text


def walks(portal: Served, pages: Iterator[str], walker: int, until: int) -> None:
    """One person after the other, each in a network of their own, until so many requests were answered."""
    for number in count(walker):
        if portal.requests >= until:
            return
        language, address = LANGUAGES[number % 2], LETTERS[number % len(LETTERS)]
        browser = Browser(portal, language)  # type: ignore[arg-type]
        look_around(browser, [*START, *islice(pages, 15)])
        letter = write(browser, address)
        follow(browser, browser.post(browser.file(letter), f"/letter/{id_of(letter)}/kept"), export=number % 5 == 0)


def look_around(browser: Browser, pages: list[str]) -> None:
    for page in pages:
        browser.get(page)


def write(browser: Browser, address: str) -> Page:
    """A letter, looked at in all its shapes."""
    parts = address.partition("?")[0].split("/")
    for end in range(3, len(parts)):
        if parts[2] != "other":
            browser.get("/".join(parts[:end]))
    page = browser.write(address)
    for name in ("details", "take", "letter.pdf", "letter.txt", "case-key.txt"):
        browser.client.get(f"/letter/{id_of(page)}/{name}")
    return page


def follow(browser: Browser, case: Page, export: bool) -> None:
    """What a person does with a case, and leaves; some take all of it with them."""
    today = datetime.now(ZoneInfo("Europe/Vienna")).date()
    sent = {"day": (str(today.day), str(today.month), str(today.year))}
    browser.send(browser.get(f"{case.path}/happened/sent"), sent)
    browser.send(browser.get(f"{case.path}/happened/noted"), {"note": "They rang me up."})
    browser.client.get(f"{case.path}/letter.txt")
    if export:
        browser.attach(id_of(case), "answer", ("answer.pdf", a_pdf()))
        browser.client.get("/cases/export.zip")
    browser.post(browser.get(case.path), "/close-case")
