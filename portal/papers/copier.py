"""Papers copied in child processes, within bounds."""

from collections.abc import Sequence
from typing import Self

from portal.bounded.child import Refused
from portal.bounded.children import Bounds, Busy, Children, Failed, Late, command
from portal.papers.kinds import Kind, kind_of
from portal.papers.refusals import NotTaken, Reason

#: A child copies one file and ends: whoever breaks out of theirs finds nobody else's, neither before nor after it.
FILES_A_CHILD = 1
CHILD = command("from portal.papers import copying\ncopying.main()")


class Copier:
    """Copies papers in child processes, each of which is killed where it passes its bounds.

    Many threads may share a copier. A photo of 50 megapixels takes one to two seconds; as JPEG 230 MB, as WebP with
    transparency 920 MB, which sets the bound. `command` is for tests.
    """

    def __init__(
        self, workers: int = 1, seconds: int = 20, megabytes: int = 1_000, command: Sequence[str] = CHILD
    ) -> None:
        self.children = Children(command, workers, Bounds(seconds, megabytes, FILES_A_CHILD))

    def copy(self, content: bytes) -> bytes:
        """A picture made anew as JPEG or PNG, or the PDF as it is. Raises NotTaken."""
        try:
            made = self.children.do(content)
        except Refused as refused:
            raise NotTaken(_reason(str(refused), content)) from None
        except Failed as failed:
            raise NotTaken(_failure(failed, content)) from None
        if kind_of(content) is Kind.PDF:
            return content
        if kind_of(made) not in (Kind.JPEG, Kind.PNG):
            raise NotTaken(Reason.BROKEN_PICTURE)
        return made

    def close(self) -> None:
        """End the children; to be called when nothing is being copied."""
        self.children.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _reason(word: str, content: bytes) -> Reason:
    """What the child said; what it cannot have said of itself is a breakdown."""
    return Reason(word) if word in {*Reason} else _broken(content)


def _failure(failed: Failed, content: bytes) -> Reason:
    match failed:
        case Late():
            return Reason.TOO_SLOW
        case Busy():
            return Reason.BUSY
        case _:
            return _broken(content)


def _broken(content: bytes) -> Reason:
    return Reason.BROKEN_PDF if kind_of(content) is Kind.PDF else Reason.BROKEN_PICTURE
