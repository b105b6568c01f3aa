"""Filing under load and across crashes, on a real server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import AUrl
from tests.papers.documents import a_pdf
from tests.web.serving import TOKEN, Portal, key_in


@pytest.fixture
def portal(tmp_path: Path, a_database_url: AUrl) -> Portal:
    return Portal.new(tmp_path, a_database_url(tmp_path / "rightface.sqlite"))


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
    with traced(portal, tmp_path / "trace") as lines:
        address, token = portal.preview()
        lines.begin()
        portal.post(address, csrf_token=token)
        calls = lines.until_answered()
    written = [n for n, line in enumerate(calls) if "pwrite64" in line and "-wal" in line]
    synced = [n for n, line in enumerate(calls) if "sync(" in line and "-wal" in line]
    assert written
    assert max(written) < max(synced)


@pytest.mark.sqlite
def test_an_attached_file_is_on_the_disk_with_its_folder_before_its_row_and_the_answer(
    portal: Portal, tmp_path: Path
) -> None:
    with traced(portal, tmp_path / "trace") as lines:
        address, token = portal.preview()
        portal.post(address, csrf_token=token)
        case, _ = portal.post(address.replace("/file", "/kept"), csrf_token=token)
        lines.begin()
        assert portal.attach(case, "answer.pdf", a_pdf()).startswith(case)
        calls = lines.until_answered()
    files = str(tmp_path / "files")
    synced = [n for n, line in enumerate(calls) if "sync(" in line]
    [file] = [n for n in synced if f"<{files}/" in calls[n]]
    [folder] = [n for n in synced if f"<{files}>" in calls[n]]
    rows = [n for n in synced if "-wal" in calls[n]]
    assert file < folder < max(rows)
    assert not [line for line in calls[file + 1 :] if f"<{files}/" in line and "write" in line]


class Trace:
    """What a server asked of the system."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun = 0

    def begin(self) -> None:
        self._begun = len(self._lines())

    def until_answered(self) -> list[str]:
        """From the beginning to the first byte of the answer to a form."""
        lines = self._lines()[self._begun :]
        return lines[: next(n for n, line in enumerate(lines) if "HTTP/1.1 302" in line)]

    def _lines(self) -> list[str]:
        return self._path.read_text(errors="replace").splitlines()


@contextmanager
def traced(portal: Portal, path: Path) -> Iterator[Trace]:
    portal.prefix = ("strace", "-f", "-y", "-e", "trace=fdatasync,fsync,sendto,write,pwrite64", "-o", str(path))
    with portal.served():
        yield Trace(path)
