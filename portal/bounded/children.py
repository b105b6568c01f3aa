"""Child processes that are given work, kept within bounds, and replaced where they pass them."""

import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from portal.bounded.child import DONE, READY, REFUSED, Refused

#: How long a child may take to start, with nothing in any cache.
START = 30
#: How long a thread waits for a child where all are at work.
WAIT = 30
#: No answer to most jobs comes near it: what is longer does not come from a child of sound mind.
MOST_BYTES = 20_000_000
ROOT = Path(__file__).resolve().parents[2]
#: Makes the package without its `__init__`, which brings in the whole application: a child has no need of it, and
#: whoever breaks out of its work should find none of it.
BARE = (
    "import sys, types\n"
    "package = sys.modules['portal'] = types.ModuleType('portal')\n"
    f"package.__path__ = [{str(ROOT / 'portal')!r}]\n"
)


class Failed(Exception):
    """The work was not done: the child broke down over it."""


class Late(Failed):
    """The work took longer than it may."""


class Busy(Failed):
    """No child is to be had at the moment."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a child may go; `jobs` is after how many it makes way for a new one, `answer` of how many bytes."""

    seconds: int
    megabytes: int
    jobs: int
    answer: int = MOST_BYTES


def command(code: str) -> tuple[str, ...]:
    """How to start a child that runs this code, with nothing of the application."""
    return (sys.executable, "-c", BARE + code)


class Child:
    """One child process, which does one job at a time."""

    def __init__(self, command: Sequence[str], bounds: Bounds) -> None:
        self.bounds = bounds
        self.jobs = 0
        self.process = subprocess.Popen(  # noqa: S603  # the command is our own, its arguments are numbers
            [*command, str(bounds.megabytes), str(bounds.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={"HOME": "/nonexistent", "LANG": "C.UTF-8", "PATH": os.defpath},
        )
        assert self.process.stdin
        assert self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        with self._within(START):
            kind, _ = self._receive()
        if kind != READY:
            self.end()
            raise Busy("a child could not be started")

    def do(self, job: bytes) -> bytes:
        """What the child makes of a job. Raises Refused; after Failed or Late the child is of no more use."""
        with self._within(self.bounds.seconds) as late:
            kind, content = self._exchange(job)
        self.jobs += 1
        if kind == DONE:
            return content
        if kind == REFUSED:
            raise Refused(content.decode("ascii", "replace"))
        raise Late("the time was over") if late.is_set() else Failed("the child broke down")

    def fit(self) -> bool:
        """Whether it may do one more job: it lives, and is not old."""
        return self.process.poll() is None and self.jobs < self.bounds.jobs

    def end(self) -> None:
        """Kill it and take leave of it; a second time does nothing."""
        self.process.kill()
        with suppress(BrokenPipeError):
            self.stdin.close()
        self.stdout.close()
        self.process.wait()

    @contextmanager
    def _within(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the child when the time is over; the event says whether that happened."""
        late = threading.Event()

        def kill() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()
            timer.join()  # or it could kill the child at its next job

    def _exchange(self, job: bytes) -> tuple[bytes, bytes]:
        try:
            self.stdin.write(len(job).to_bytes(4, "big"))
            self.stdin.write(job)  # by itself: a job may be large, and is not copied
            self.stdin.flush()
        except BrokenPipeError:
            return b"", b""
        return self._receive()

    def _receive(self) -> tuple[bytes, bytes]:
        """An answer, cut short where the child has died."""
        head = self.stdout.read(5)
        length = int.from_bytes(head[1:], "big")
        if len(head) < 5 or length > self.bounds.answer:
            return b"", b""
        content = self.stdout.read(length)
        return (head[:1], content) if len(content) == length else (b"", b"")


class Children:
    """So many children for one kind of work, shared by many threads.

    A child starts when it is first needed; a thread waits where all are at work. One that has failed or is old
    is ended at once.
    """

    def __init__(self, command: Sequence[str], workers: int, bounds: Bounds) -> None:
        self.bounds = bounds
        self.idle: SimpleQueue[Child | None] = SimpleQueue()
        for _ in range(workers):
            self.idle.put(None)
        self._command = command
        self._workers = workers

    def do(self, job: bytes) -> bytes:
        """What a child makes of a job. Raises Refused, Busy, Late or Failed."""
        with self._child() as child:
            return child.do(job)

    def do_each(self, jobs: Iterable[bytes]) -> Generator[bytes]:
        """What one child makes of jobs of the same person, one after another. Raises as `do`.

        Close it where not all are asked for: the child is held until then.
        """
        with self._child() as child:
            for job in jobs:
                yield child.do(job)

    def close(self) -> None:
        """End them; to be called when none is at work."""
        for _ in range(self._workers):
            if child := self.idle.get():
                child.end()
            self.idle.put(None)

    @contextmanager
    def _child(self) -> Iterator[Child]:
        """A child of one's own for a while."""
        child = self._next()
        sound = False
        try:
            if child is None or not child.fit():
                if child:
                    child.end()
                child = Child(self._command, self.bounds)
            yield child
            sound = True
        except Refused:
            sound = True
            raise
        finally:
            self.idle.put(_kept(child, sound))

    def _next(self) -> Child | None:
        try:
            return self.idle.get(timeout=WAIT)
        except Empty:
            raise Busy("all children are at work") from None


def _kept(child: Child | None, sound: bool) -> Child | None:
    """The child where it may do more; else it is ended, and with it all that it still holds."""
    if child and sound and child.fit():
        return child
    if child:
        child.end()
    return None
