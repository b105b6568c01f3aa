"""A child process that sets letters within bounds."""

import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self

from portal.letters.blocks import Refusal, lines
from portal.letters.child import DONE, READY
from portal.letters.html import document
from portal.letters.letter import Gloss, Letter

#: The longest letter that is set: four times what a careful complaint takes.
MOST_CHARACTERS = 20_000
MOST_LINES = 200
#: How long a child may take to start, with nothing in any cache.
START = 30
#: How long a thread waits for a child where all are at work.
WAIT = 30
#: A child makes way for a new one after so many letters, so that its memory stays flat.
LETTERS_A_CHILD = 500
#: No letter of ours comes near it: what is longer does not come from a child of sound mind.
MOST_BYTES = 20_000_000
#: What is remembered, and for how long: a preview is asked for again while a person looks at it.
MOST_KEPT = 64
KEPT_FOR = 600
ROOT = Path(__file__).resolve().parents[2]
#: Makes the package without its `__init__`, which brings in the whole application: a child has no need of it, and
#: whoever breaks out of a letter should find none of it.
BARE = (
    "import sys, types\n"
    "package = sys.modules['portal'] = types.ModuleType('portal')\n"
    f"package.__path__ = [{str(ROOT / 'portal')!r}]\n"
)
CHILD = (sys.executable, "-c", f"{BARE}from portal.letters import child, pdf\nchild.main(pdf.set_document)")


class NotRendered(Refusal):
    """A letter cannot be set; the message is a sentence for the page."""


class TooLong(NotRendered):
    """A letter has too much text, or takes too long."""


def check_bounds(letter: Letter) -> None:
    """Refuse a text that is too long before any work is spent on it. Raises TooLong."""
    bodies = [letter.body, letter.to_sign] if letter.to_sign else [letter.body]
    texts = ["".join(run for run in line if isinstance(run, str)) for body in bodies for line in lines(body)]
    texts += [*letter.sender, *letter.addressee, letter.salutation, letter.close, letter.signatory, letter.reference]
    characters = sum(map(len, texts))
    if characters > MOST_CHARACTERS:
        raise TooLong(
            "This letter has %(characters)s characters; at most %(most)s can be set. Shorten it.",
            characters=characters,
            most=MOST_CHARACTERS,
        )
    if len(texts) > MOST_LINES:
        raise TooLong(
            "This letter has %(lines)s paragraphs and lines; at most %(most)s can be set. Shorten it.",
            lines=len(texts),
            most=MOST_LINES,
        )


class Child:
    """One child process, which sets one letter at a time."""

    def __init__(self, command: Sequence[str], seconds: int, megabytes: int) -> None:
        self.seconds = seconds
        self.letters = 0
        self.process = subprocess.Popen(  # noqa: S603  # the command is our own, its arguments are numbers
            [*command, str(megabytes), str(seconds)],
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
            raise NotRendered("No letter can be set at the moment. Please try again in a few minutes.")

    def set_document(self, source: bytes) -> bytes:
        """The PDF of a document. After an exception the child is of no more use."""
        with self._within(self.seconds) as late:
            kind, content = self._exchange(source)
        self.letters += 1
        if kind == DONE:
            return content
        if late.is_set():
            raise TooLong("This letter took too long to set. Shorten it, or leave out what has no spaces.")
        raise NotRendered("This letter could not be set. Shorten it, or leave out what is not plain text.")

    def fit(self) -> bool:
        """Whether it may set one more letter: it lives, and is not old."""
        return self.process.poll() is None and self.letters < LETTERS_A_CHILD

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
            timer.join()  # or it could kill the child at its next letter

    def _exchange(self, source: bytes) -> tuple[bytes, bytes]:
        try:
            self.stdin.write(len(source).to_bytes(4, "big") + source)
            self.stdin.flush()
        except BrokenPipeError:
            return b"", b""
        return self._receive()

    def _receive(self) -> tuple[bytes, bytes]:
        """An answer, cut short where the child has died."""
        head = self.stdout.read(5)
        length = int.from_bytes(head[1:], "big")
        if len(head) < 5 or length > MOST_BYTES:
            return b"", b""
        content = self.stdout.read(length)
        return (head[:1], content) if len(content) == length else (b"", b"")


class Memory:
    """The letters of the last minutes, in memory alone, so that the same one again costs nothing."""

    def __init__(self, clock: Callable[[], float], seconds: float = KEPT_FOR) -> None:
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        #: By the hash of its HTML: until when, the hash without explanations, the PDF. The oldest come first.
        self._kept: OrderedDict[bytes, tuple[float, bytes, bytes]] = OrderedDict()
        self._sweeper: threading.Timer | None = None

    def get(self, key: bytes) -> bytes | None:
        with self._lock:
            self._drop_old()
            found = self._kept.get(key)
            return found[2] if found else None

    def put(self, key: bytes, letter: bytes, pdf: bytes) -> None:
        with self._lock:
            self._kept[key] = (self._clock() + self._seconds, letter, pdf)
            self._kept.move_to_end(key)
            self._drop_old()
            self._sweep_later()

    def forget(self, letter: bytes) -> None:
        """Drop a letter, with and without explanations."""
        with self._lock:
            for key in [key for key, kept in self._kept.items() if kept[1] == letter]:
                del self._kept[key]

    def clear(self) -> None:
        """Drop all."""
        with self._lock:
            self._kept.clear()
            if self._sweeper:
                self._sweeper.cancel()
                self._sweeper = None

    def _sweep_later(self) -> None:
        """So that letters go in time also where no other is asked for."""
        if self._kept and not self._sweeper:
            self._sweeper = threading.Timer(1.01 * self._seconds, self._sweep)
            self._sweeper.daemon = True
            self._sweeper.start()

    def _sweep(self) -> None:
        with self._lock:
            self._drop_old()
            self._sweeper = None
            self._sweep_later()

    def _drop_old(self) -> None:
        now = self._clock()
        while self._kept and (len(self._kept) > MOST_KEPT or next(iter(self._kept.values()))[0] <= now):
            self._kept.popitem(last=False)


class Printer:
    """Sets letters in child processes, each killed where it passes its bounds and replaced.

    Many threads may share a printer. Children start when they are first needed; a thread waits where all are
    at work. `command` is for tests.
    """

    def __init__(
        self,
        workers: int = 2,
        seconds: int = 20,
        megabytes: int = 700,
        command: Sequence[str] = CHILD,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds = seconds
        self.megabytes = megabytes
        self.command = command
        self._memory = Memory(clock)
        self._idle: SimpleQueue[Child | None] = SimpleQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._workers = workers

    def pdf(self, letter: Letter, gloss: Gloss | None = None) -> bytes:
        """A letter as PDF/UA-1. Raises TooLong or NotRendered, with a sentence for the page."""
        check_bounds(letter)
        source = document(letter, gloss).encode()
        key = sha256(source).digest()
        pdf = self._memory.get(key)
        if pdf is None:
            pdf = self._set(source)
            self._memory.put(key, _key(letter) if gloss else key, pdf)
        return pdf

    def forget(self, letter: Letter) -> None:
        """Keep no copy of this letter."""
        self._memory.forget(_key(letter))

    def close(self) -> None:
        """End the children and forget all letters; to be called when no letter is being set."""
        self._memory.clear()
        for _ in range(self._workers):
            self._end(self._idle.get())
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _set(self, source: bytes) -> bytes:
        with self._child() as child:
            return child.set_document(source)

    @contextmanager
    def _child(self) -> Iterator[Child]:
        """A child of one's own for a while; one that has failed is not given back."""
        try:
            child = self._idle.get(timeout=WAIT)
        except Empty:
            raise NotRendered("Many letters are being set at the moment. Please try again in a minute.") from None
        done = False
        try:
            if child is None or not child.fit():
                self._end(child)
                child = Child(self.command, self.seconds, self.megabytes)
            yield child
            done = True
        finally:
            if not done:
                self._end(child)
            self._idle.put(child if done else None)

    @staticmethod
    def _end(child: Child | None) -> None:
        if child:
            child.end()


def _key(letter: Letter) -> bytes:
    return sha256(document(letter).encode()).digest()
