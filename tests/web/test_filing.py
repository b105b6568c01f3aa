"""Filing under load and across crashes, on a real server."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.config import read
from portal.database import engine, migrate
from tests.conftest import AUrl
from tests.web.serving import TOKEN, Portal, key_in


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
