"""Files opened in child processes, within bounds, behind shut doors."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.bounded.children import BARE, ROOT
from portal.papers.copier import CHILD, Copier
from portal.papers.kinds import Kind, kind_of
from portal.papers.refusals import NotTaken, Reason
from tests.papers.documents import a_pdf
from tests.papers.pictures import on_fire, saved, with_segment

#: A child that does as a comment in a JPEG says: this is how a test makes one misbehave, as somebody would who has
#: broken out of a library; `whole` asks the system past all that Python watches.
OBEDIENT = """
import ctypes, os, socket, sys, time
from portal.bounded.child import Refused
from portal.papers import copying

whole = ctypes.CDLL(None, use_errno=True)

def copy(content):
    def asked(wish): return b"please " + wish in content
    if asked(b"sleep"): time.sleep(60)
    if asked(b"loop"):
        while True: pass
    if asked(b"eat"): return bytes(2_000_000_000)
    if asked(b"die"): os._exit(3)
    if asked(b"read"): return open("/etc/passwd", "rb").read()
    if asked(b"write"): return open("/tmp/paper", "wb").write(b"x")
    if asked(b"connect"): socket.create_connection(("127.0.0.1", 9))
    if asked(b"run"): os.system("true")
    if asked(b"whole"): assert whole.open(b"/etc/passwd", 0) >= 0 or whole.socket(2, 1, 0) >= 0
    if asked(b"speak"): raise Refused("anything")
    if asked(b"lie"): return b"<html>"
    if asked(b"count"): copy.seen += 1; return b"\\xff\\xd8\\xff" * copy.seen
    return copying.copy(content)

copy.seen = 0
copying.main(copy)
"""


def asking(wish: str) -> bytes:
    return with_segment(0xFE, f"please {wish}".encode())


@pytest.fixture(scope="module")
def obedient() -> Iterator[Copier]:
    with Copier(workers=2, seconds=3, command=(sys.executable, "-c", BARE + OBEDIENT)) as copier:
        yield copier


@pytest.mark.parametrize("wish", ["loop", "eat", "die", "read", "write", "connect", "run", "whole", "speak", "lie"])
def test_a_child_does_nothing_but_copy(obedient: Copier, wish: str) -> None:
    with pytest.raises(NotTaken) as refused:
        obedient.copy(asking(wish))
    assert refused.value.reason in (Reason.BROKEN_PICTURE, Reason.TOO_SLOW)
    assert kind_of(obedient.copy(saved())) is Kind.JPEG


def test_a_file_that_takes_too_long_is_given_up(obedient: Copier) -> None:
    with pytest.raises(NotTaken) as refused:
        obedient.copy(asking("sleep"))
    assert refused.value.reason is Reason.TOO_SLOW


def test_a_child_sees_one_file_and_is_gone(obedient: Copier) -> None:
    """Or who breaks out of theirs could wait for the next person's."""
    assert obedient.copy(asking("count")) == obedient.copy(asking("count")) == b"\xff\xd8\xff"
    resting = [obedient.children.idle.get() for _ in range(2)]
    assert resting == [None, None]
    for _ in range(2):
        obedient.children.idle.put(None)


def test_a_child_that_cannot_start_is_told_of() -> None:
    with Copier(command=(sys.executable, "-c", "raise SystemExit")) as copier, pytest.raises(NotTaken) as refused:
        copier.copy(saved())
    assert refused.value.reason is Reason.BUSY


def test_many_threads_share_it() -> None:
    with Copier(workers=2) as copier, ThreadPoolExecutor(6) as threads:
        copies = list(threads.map(copier.copy, [saved(), a_pdf()] * 6))
    assert [kind_of(copy) for copy in copies] == [Kind.JPEG, Kind.PDF] * 6


def test_the_doors_are_what_stops_it() -> None:
    """The same calls go through where no door is shut."""
    whole = ctypes.CDLL(None)
    opened = whole.open(b"/etc/passwd", 0)
    assert opened >= 0
    os.close(opened)


def test_a_child_has_nothing_of_the_application() -> None:
    code = f"{BARE}\nfrom portal.papers import copying\nprint(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert not {"flask", "sqlmodel", "sqlalchemy", "nacl", "weasyprint"} & set(run.stdout.decode().split())


@pytest.mark.skipif(not shutil.which("strace") and os.environ.get("CI") != "true", reason="needs strace")
@pytest.mark.parametrize("content", [saved(), saved(format_="PNG"), on_fire("MPO"), saved(format_="WEBP"), a_pdf()])
def test_a_child_at_work_opens_nothing_and_calls_nobody(content: bytes, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "-o", str(trace), "-e", "trace=%network,%file,%process,write")
    try:
        with Copier(command=(*strace, *CHILD)) as copier:
            copier.copy(content)
    except NotTaken:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("this host does not allow strace")
    calls = trace.read_text().splitlines()
    ready = next(n for n, call in enumerate(calls) if re.search(r'write\(\d+, "R', call))
    assert not [call for call in calls if re.search(r" (socket|connect|sendto|bind)\(", call)]
    assert not [call for call in calls[ready:] if re.search(r" (open|openat|execve|fork|vfork|clone)\(", call)]
