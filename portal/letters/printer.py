"""Letters set in child processes, within bounds."""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Self

from portal.bounded.children import Bounds, Busy, Children, Failed, Late, command
from portal.letters.blocks import Refusal, lines
from portal.letters.html import document
from portal.letters.letter import Gloss, Letter

#: The longest letter that is set: four times what a careful complaint takes.
MOST_CHARACTERS = 20_000
MOST_LINES = 200
#: A child makes way for a new one after so many letters, so that its memory stays flat.
LETTERS_A_CHILD = 500
#: What is remembered, and for how long: a preview is asked for again while a person looks at it.
MOST_KEPT = 64
KEPT_FOR = 600
CHILD = command("from portal.letters import child, pdf\nchild.main(pdf.set_document)")


class NotRendered(Refusal):
    """A letter cannot be set; the message is a sentence for the page."""


class TooLong(NotRendered):
    """A letter has too much text, or takes too long."""


def not_set(failed: Failed) -> NotRendered:
    """Why a child gave no PDF, as a sentence for the page."""
    match failed:
        case Late():
            return TooLong("This letter took too long to set. Shorten it, or leave out what has no spaces.")
        case Busy():
            return NotRendered("No letter can be set at the moment. Please try again in a few minutes.")
        case _:
            return NotRendered("This letter could not be set. Shorten it, or leave out what is not plain text.")


def check_bounds(letter: Letter) -> None:
    """Refuse a text that is too long before any work is spent on it. Raises TooLong."""
    bodies = [letter.body, letter.to_sign] if letter.to_sign else [letter.body]
    texts = ["".join(run for run in line if isinstance(run, str)) for body in bodies for line in lines(body)]
    texts += [*letter.sender, *letter.addressee, letter.salutation, letter.close, letter.signatory]
    texts += [letter.reference, letter.their_reference]
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

    Many threads may share a printer. `command` is for tests.
    """

    def __init__(
        self,
        workers: int = 2,
        seconds: int = 20,
        megabytes: int = 700,
        command: Sequence[str] = CHILD,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.children = Children(command, workers, Bounds(seconds, megabytes, LETTERS_A_CHILD))
        self._memory = Memory(clock)

    def pdf(self, letter: Letter, gloss: Gloss | None = None) -> bytes:
        """A letter as PDF/UA-1. Raises TooLong or NotRendered, with a sentence for the page."""
        check_bounds(letter)
        source = document(letter, gloss)
        key = sha256(source.encode()).digest()
        pdf = self._memory.get(key)
        if pdf is None:
            pdf = self._set(source)
            self._memory.put(key, _key(letter) if gloss else key, pdf)
        return pdf

    def together(self, letters: Sequence[Letter]) -> bytes:
        """Letters one behind the other in one PDF/UA-1, to be printed at once; of that no copy is kept.

        Raises TooLong or NotRendered, with a sentence for the page.
        """
        for letter in letters:
            check_bounds(letter)
        return self._set(*(document(letter) for letter in letters))

    def forget(self, letter: Letter) -> None:
        """Keep no copy of this letter."""
        self._memory.forget(_key(letter))

    def close(self) -> None:
        """End the children and forget all letters; to be called when no letter is being set."""
        self._memory.clear()
        self.children.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _set(self, *sources: str) -> bytes:
        try:
            return self.children.do(json.dumps(sources).encode())
        except Failed as failed:
            raise not_set(failed) from None


def _key(letter: Letter) -> bytes:
    return sha256(document(letter).encode()).digest()
