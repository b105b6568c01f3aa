"""Dossiers drawn and set in child processes, within bounds."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import accumulate
from typing import Self

from portal.bounded.child import Refused
from portal.bounded.children import Bounds, Busy, Children, Failed, Late, command
from portal.dossier import html
from portal.dossier.dossier import Dossier, Exhibit, Joint
from portal.dossier.packing import MOST_PAGES, PICTURE, TOO_LONG, Part, asked, unpack
from portal.letters.html import document, plain
from portal.letters.letter import Letter
from portal.letters.printer import NotRendered, check_bounds
from portal.papers.kinds import Kind, kind_of
from portal.papers.paper import LARGEST_FILE
from portal.papers.refusals import Reason

#: More than a careful complaint has; with a page each they are half of the pages that a dossier may have.
MOST_EXHIBITS = 100
MOST_EVENTS = 300
#: Of all events together, and of the title of one exhibit: three lines above its first page.
MOST_CHARACTERS = 40_000
LONGEST_TITLE = 250
#: A child works on one dossier and ends: whoever breaks out of it finds nobody else's.
DOSSIERS_A_CHILD = 1
#: 200 pages that are all photographs.
LONGEST_ANSWER = 80_000_000
DRAWS = command("from portal.dossier import drawing\ndrawing.main()")
SETS = command("from portal.dossier import setting\nsetting.main()")
#: The pages of each foreign file as pictures, by the number of the exhibit.
Drawn = Mapping[str, tuple[bytes, ...]]
#: Too much of a file, as its drawing says it.
TOO_MUCH = {Reason.TOO_LARGE, Reason.HUGE_PICTURE, Reason.LONG_PDF, Reason.TOO_SLOW}


class NotBound(NotRendered):
    """A dossier cannot be made; the message is a sentence for the page."""


class Binder:
    """Makes dossiers in child processes, each of which is killed where it passes its bounds; none is kept in memory.

    Many threads may share a binder. One child draws the files of others and knows nothing of letters, another sets
    the whole; `seconds` are for each. `draws`, `sets` and `clock` are for tests.
    """

    def __init__(
        self,
        workers: int = 1,
        seconds: int = 20,
        megabytes: int = 512,
        draws: Sequence[str] = DRAWS,
        sets: Sequence[str] = SETS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        bounds = Bounds(seconds, megabytes, DOSSIERS_A_CHILD, LONGEST_ANSWER)
        self.drawing = Children(draws, workers, bounds)
        self.setting = Children(sets, workers, bounds)
        self._clock = clock

    def pdf(self, dossier: Dossier) -> bytes:
        """The whole as PDF/UA-1: cover, complaint, chronology, list, exhibits, with bookmarks.

        A letter of ours is set as it was made; each page of another file is a picture. The originals are not in it.
        Raises NotBound, or what `check_bounds` of a letter raises, with a sentence for the page.
        """
        check_dossier(dossier)
        drawn = self._drawn(numbered(dossier))
        return self._set(_parts(dossier, drawn), drawn)

    def joint(self, joint: Joint) -> bytes:
        """A complaint of many in the same way: the letter, who complains, then the dossier of each.

        The exhibits of the third are numbered 3.1, 3.2 and so on. Raises as `pdf`.
        """
        check_bounds(joint.letter)
        for _name, dossier in joint.people:
            check_dossier(dossier)
        own = [numbered(dossier, f"{n}.") for n, (_name, dossier) in enumerate(joint.people, 1)]
        drawn = self._drawn({number: one for each in own for number, one in each.items()})
        return self._set(_joint_parts(joint, drawn), drawn)

    def _set(self, parts: list[Part], drawn: Drawn) -> bytes:
        pictures = [picture for pages in drawn.values() for picture in pages]
        try:
            return self.setting.do(asked(parts, pictures))
        except Refused as refused:
            raise (_too_long() if str(refused) == TOO_LONG else _not_set(Failed())) from None
        except Failed as failed:
            raise _not_set(failed) from None

    def close(self) -> None:
        """End the children; to be called when no dossier is being made."""
        self.drawing.close()
        self.setting.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _drawn(self, exhibits: Mapping[str, Exhibit]) -> Drawn:
        """The pages of each foreign file as pictures, by the number of the exhibit."""
        files = {number: one.content for number, one in exhibits.items() if isinstance(one.content, bytes)}
        until = self._clock() + self.drawing.bounds.seconds
        most = MOST_PAGES - len(exhibits) + len(files)
        drawn: dict[str, tuple[bytes, ...]] = {}
        with closing(self.drawing.do_each(files.values())) as answers:
            for number in files:
                drawn[number] = _pages(number, answers)
                if sum(map(len, drawn.values())) > most:
                    raise _too_long()
                if self._clock() > until:
                    raise _not_set(Late())
        return drawn


def numbered(dossier: Dossier, of: str = "") -> Mapping[str, Exhibit]:
    """The exhibits by their numbers, as they are named."""
    return {f"{of}{n}": one for n, one in enumerate(dossier.exhibits, 1)}


# What is asked


def check_dossier(dossier: Dossier) -> None:
    """Refuse what is too much before any work is spent on it. Raises NotBound or TooLong."""
    letters = [dossier.cover, dossier.letter, *(one.content for one in dossier.exhibits)]
    for letter in letters:
        if isinstance(letter, Letter):
            check_bounds(letter)
    if len(dossier.exhibits) > MOST_EXHIBITS:
        raise NotBound(
            "This dossier has %(exhibits)s exhibits; at most %(most)s can be bound. Leave some out.",
            exhibits=len(dossier.exhibits),
            most=MOST_EXHIBITS,
        )
    words = sum(len(event.day) + len(event.what) for event in dossier.events)
    if len(dossier.events) > MOST_EVENTS or words > MOST_CHARACTERS:
        raise NotBound("This chronology is too long to be set. Shorten what happened, or leave some of it out.")
    for number, exhibit in enumerate(dossier.exhibits, 1):
        if len(exhibit.title) > LONGEST_TITLE:
            raise NotBound(
                "The title of exhibit %(number)s is longer than %(most)s characters. Shorten it.",
                number=number,
                most=LONGEST_TITLE,
            )
        if isinstance(exhibit.content, bytes):
            _check_file(str(number), exhibit.content)


def _check_file(number: str, content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise _not_drawn(number, Reason.TOO_LARGE)
    if kind_of(content) is None:
        raise _not_drawn(number, Reason.FOREIGN)


def _parts(dossier: Dossier, drawn: Drawn, begin: int = 0, of: str = "", label: str = "") -> list[Part]:
    """The documents of the dossier in their order; it begins with part `begin` of the whole.

    `of` stands before the numbers of its exhibits, where it is one of many, and `label` is what leads to it.
    """
    words = dossier.words
    before = [_as_sent(dossier.cover)] if dossier.cover else []
    before += [_as_sent(dossier.letter, main=not of, label=label)]
    if dossier.events:
        before += [_own(dossier, html.chronology(dossier), words.chronology)]
    if not dossier.exhibits:
        return before
    first = begin + len(before) + 1
    listed = html.listed(dossier, range(first, first + len(dossier.exhibits)), of)
    return [*before, _own(dossier, listed, words.exhibits), *_exhibits(dossier, drawn, of)]


def _joint_parts(joint: Joint, drawn: Drawn) -> list[Part]:
    """The letter, the list of those who complain, then the documents of each."""
    firsts: list[int] = []
    people: list[Part] = []
    for n, (name, dossier) in enumerate(joint.people, 1):
        firsts.append(2 + len(people))
        people += _parts(dossier, drawn, firsts[-1], f"{n}.", f"{n}. {name}")
    page = joint.words.page
    listed = Part(
        html.complainants(joint, firsts), joint.letter.language, joint.words.complainants, page[:1].upper() + page[1:]
    )
    return [_as_sent(joint.letter, main=True), listed, *people]


def _exhibits(dossier: Dossier, drawn: Drawn, of: str) -> Iterator[Part]:
    firsts = dict(zip(drawn, accumulate((len(pages) for pages in drawn.values()), initial=0), strict=False))
    for number, exhibit in numbered(dossier, of).items():
        label = html.titled(dossier, number, exhibit)
        if isinstance(exhibit.content, Letter):
            stamp = f"{html.named(dossier.words, number)} · {{page}}/{{pages}}"
            yield Part(document(exhibit.content), exhibit.content.language, label, stamp)
        else:
            pictures = [PICTURE.format(firsts[number] + n) for n in range(len(drawn[number]))]
            yield _own(dossier, html.figures(dossier, number, exhibit, pictures), label, len(pictures))


def _as_sent(letter: Letter, main: bool = False, label: str = "") -> Part:
    return Part(document(letter), letter.language, label or plain(letter.body.subject), main=main)


def _own(dossier: Dossier, sheets: str, label: str, pages: int = 0) -> Part:
    """Pages that are the dossier's own: “Page 4 of 96” stands below each."""
    page = dossier.words.page
    return Part(sheets, dossier.letter.language, label, page[:1].upper() + page[1:], pages)


# What comes back


def _pages(number: str, answers: Iterator[bytes]) -> tuple[bytes, ...]:
    """The pictures of one file. Raises NotBound."""
    try:
        pages = unpack(next(answers))
    except Refused as refused:
        raise _not_drawn(number, str(refused)) from None
    except Late:
        raise _not_drawn(number, Reason.TOO_SLOW) from None
    except Busy:
        raise _busy() from None
    except (Failed, ValueError):
        raise _not_drawn(number, Reason.BROKEN_PDF) from None
    if not pages or any(kind_of(page) is not Kind.JPEG for page in pages):
        raise _not_drawn(number, Reason.BROKEN_PDF)
    return pages


def _not_drawn(number: str, reason: str) -> NotBound:
    if reason == Reason.LOCKED_PDF:
        return NotBound("Exhibit %(number)s needs a password. Attach a copy that opens without one.", number=number)
    if reason in TOO_MUCH:
        return NotBound(
            "Exhibit %(number)s is too large to be drawn. Leave it out, and send its file beside.", number=number
        )
    return NotBound("Exhibit %(number)s could not be drawn. Leave it out, and send its file beside.", number=number)


def _not_set(failed: Failed) -> NotBound:
    match failed:
        case Late():
            return NotBound("This dossier took too long to make. Leave some exhibits out.")
        case Busy():
            return _busy()
        case _:
            return NotBound("This dossier could not be made. Leave some exhibits out.")


def _too_long() -> NotBound:
    return NotBound("This dossier would have more than %(most)s pages. Leave some exhibits out.", most=MOST_PAGES)


def _busy() -> NotBound:
    return NotBound("No dossier can be made at the moment. Please try again in a few minutes.")
