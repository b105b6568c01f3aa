"""A worker in a process of its own, with jobs that a test can watch.

`python -m tests.working URL FOLDER`: it works until it is told to stop. A job of the kind `note` writes the
number of the process that did it into the file of its subject; one of the kind `slow` does so when `FOLDER/go` is
there.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from portal.database import engine
from portal.worker import Kind, Worker, stopping
from tests.building import ROOT

A_LEASE = timedelta(minutes=1)


def _note(folder: Path, subject: str, _now: datetime) -> None:
    time.sleep(0.02)  # as work does: SQLite gives its lock to whoever asks first, not to whoever waits longest
    with (folder / subject).open("a") as file:
        file.write(f"{os.getpid()}\n")


def _slow(folder: Path, subject: str, now: datetime) -> None:
    (folder / f"begun-{os.getpid()}").touch()
    wait_for(folder / "go")
    _note(folder, subject, now)


def wait_for(path: Path, seconds: float = 30) -> None:
    """Wait until a file is there."""
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} has not come"
        time.sleep(0.01)


def work(url: str, folder: Path) -> None:
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    kinds = {"note": Kind(partial(_note, folder)), "slow": Kind(partial(_slow, folder))}
    worker = Worker(engine(url), kinds, partial(datetime.now, UTC), A_LEASE)
    with stopping() as stop:
        (folder / f"ready-{os.getpid()}").touch()
        wait_for(folder / "start")
        worker.work_on(stop, pause=0.05)


@contextmanager
def a_worker(url: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A worker that is ready, and waits for `FOLDER/start`; killed afterwards, where it has not ended."""
    command = [sys.executable, "-m", "tests.working", url, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(folder / f"ready-{process.pid}")
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]))
