"""Whatever breaks, and however: what a person typed stands in no log and in no answer."""

import logging
import re
from collections.abc import Iterator
from http.client import IncompleteRead
from io import BytesIO
from pathlib import Path
from socket import SHUT_WR, create_connection
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.web import errors
from tests.building import DETAILS
from tests.conftest import AUrl
from tests.web.breaking import HOW, LATE, WAYS, break_all
from tests.web.browsing import Browser, token
from tests.web.conftest import AnApp
from tests.web.planted import Planted
from tests.web.samples import SAMPLES, addresses, rules
from tests.web.serving import Portal

#: What a form may hold; every form has some of them.
NAMES = (*DETAILS, "q", "name", "seat", "text", "note", "key", "page", "website", "role", "shows", "do")


class Broken:
    """A portal in which every view breaks, and somebody who sends it all that there is to type."""

    def __init__(self, app: Flask) -> None:
        self.browser = Browser(app)
        self.samples = addresses(self.browser)
        self.token = token(self.browser.get("/"))
        break_all(app)

    def send(self, rule: str, method: str, how: str, planted: Planted) -> TestResponse:
        form: dict[str, object] = {name: planted.word() for name in NAMES}
        query = urlencode({"name": planted.word(), "q": planted.word()})
        if method == "POST":
            form["csrf_token"] = self.token
            if rule == "/cases/<id_>/papers":
                form["papers"] = (BytesIO(planted.word().encode()), f"{planted.word()}.pdf")
        data = form if method == "POST" else None
        headers = {HOW: how, "Cookie2": planted.word()}
        sample = self.samples[rule]
        address = f"{sample}{'&' if '?' in sample else '?'}{query}"
        return self.browser.client.open(address, method=method, data=data, headers=headers)


@pytest.fixture(scope="module")
def broken(a_lasting_app: AnApp) -> Broken:
    return Broken(a_lasting_app())


def methods(app: Flask, rule: str) -> set[str]:
    return {method for one in rules(app) if one.rule == rule for method in one.methods or ()}


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("rule", SAMPLES)
def test_a_view_that_breaks_tells_nobody_what_was_typed(
    broken: Broken, rule: str, how: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for method in sorted(methods(broken.browser.app, rule)):
        planted = Planted()
        caplog.clear()
        answer = broken.send(rule, method, how, planted)
        logged = "".join([caplog.text, *capfd.readouterr()])
        if method == "OPTIONS":  # Flask answers by itself
            assert answer.status_code == 200
        else:
            assert answer.status_code == WAYS[how][1]
            assert f"{method} {rule} {answer.status_code}" in logged
        # The switch of the language leads back to this page, query and all: that stands in the answer by intent.
        shown = re.sub(r"/language/\w+\?back=[^\"]*", "", answer.text)
        assert planted.found_in(shown.encode() + str(answer.headers).encode()) == []
        assert planted.found_in(logged.encode()) == []


def test_a_view_that_breaks_has_what_was_typed(broken: Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nothing would be found here because there is nothing."""
    told: list[Exception] = []
    monkeypatch.setattr(errors, "log_kind", told.append)
    planted = Planted()
    broken.send("/cases/<id_>/papers", "POST", "with words", planted)
    [error] = told
    assert planted.found_in(str(error).encode()) == [word for word in planted.words if word != planted.words[-1]]


# On a real server


@pytest.fixture
def served(tmp_path: Path, a_database_url: AUrl) -> Iterator[tuple[Portal, Path]]:
    """A server of broken views that says all that it has to say."""
    portal = Portal.new(tmp_path, a_database_url(tmp_path / "rightface.sqlite"))
    portal.entrance, portal.log_level = "tests.web.breaking:entrance()", "debug"
    portal.output = tmp_path / "printed"
    with portal.served():
        yield portal, portal.output


def asked(portal: Portal, path: str, how: str, data: bytes | None = None) -> bytes:
    """What comes back, whatever it is."""
    try:
        with urlopen(Request(portal.base + path, data, {HOW: how}), timeout=30) as answer:
            return bytes(answer.read())
    except HTTPError as error:
        return error.read()
    except IncompleteRead as error:
        return error.partial


def test_a_server_prints_nothing_of_what_was_typed(served: tuple[Portal, Path]) -> None:
    portal, output = served
    planted = Planted()
    answers = b""
    for how in (*WAYS, LATE):
        for path in ("/", "/to/other", f"/letter/{planted.word()}", f"/cases/{planted.word()}/happened/noted"):
            answers += asked(portal, f"{path}?q={planted.word()}&back=/", how)
            answers += asked(portal, path, how, f"text={planted.word()}&note={planted.word()}".encode())
    printed = output.read_bytes()
    # It was listened to: two of the four paths take a form; three of the ways, and the late one, are of this kind.
    assert printed.count(b"RuntimeError at ") == (4 + 2) * (3 + 1)
    assert b"DEBUG" in printed
    assert planted.found_in(printed) == []
    assert planted.found_in(re.sub(rb"/language/\w+\?back=[^\"]*", b"", answers)) == []


#: What is no request, or none that is whole; `%` stands for what a person typed.
NO_REQUESTS = {
    "a blank in the address": b"GET /?q=% more HTTP/1.1\r\nHost: x\r\n\r\n",
    "no such method": b"G%T / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no such version": b"GET / HTTP/%\r\nHost: x\r\n\r\n",
    "no header's name": b"GET / HTTP/1.1\r\nHost: x\r\nCoo kie%: x\r\n\r\n",
    "no header's value": b"GET / HTTP/1.1\r\nHost: x\r\nCookie: a=%\0\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: x\r\nCookie: a\r\n %\r\n\r\n",
    "no such coding": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: %\r\n\r\n",
    "no such expectation": b"POST / HTTP/1.1\r\nHost: x\r\nExpect: %\r\nContent-Length: 1\r\n\r\n",
    "no length of a chunk": b"POST /wrong HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%\r\n",
    "half a line": b"GET /?q=%",
    "half a form": b"POST /wrong HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 90\r\n\r\ntext=%",
    "too long": b"GET /?q=%" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
}


def test_a_server_prints_nothing_of_what_it_cannot_read(served: tuple[Portal, Path]) -> None:
    portal, output = served
    planted = Planted()
    at = ("127.0.0.1", int(portal.base.rpartition(":")[2]))
    for request in NO_REQUESTS.values():
        with create_connection(at, timeout=30) as connection:
            connection.sendall(request.replace(b"%", planted.word().encode()))
            connection.shutdown(SHUT_WR)
            while connection.recv(65_536):
                pass
    printed = output.read_bytes()
    assert b"Invalid request" in printed  # it was listened to
    assert planted.found_in(printed) == []
    assert b"127.0.0.1" not in printed.partition(b"Booting worker")[2]
