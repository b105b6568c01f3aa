"""The pages of a foreign file, drawn to be looked at with a mark across them, in child processes, within bounds."""

from collections.abc import Sequence

from portal.bounded.child import Refused
from portal.bounded.children import Bounds, Busy, Children, Failed, command
from portal.dossier.packing import MOST_PAGES, NO_PAGE, View, wanted
from portal.papers.kinds import Kind, kind_of

#: A child draws one page and ends: whoever breaks out of it finds nobody else's.
PAGES_A_CHILD = 1
MARKS = command("from portal.dossier import marking\nmarking.main()")


class NotShown(Exception):
    """A file cannot be drawn."""


class NoPage(NotShown):
    """It has no such page."""


class NoneFree(NotShown):
    """No child is to be had at the moment."""


class Viewer:
    """Draws pages in child processes, each of which is killed where it passes its bounds; none is kept in memory.

    Many threads may share a viewer. `command` is for tests.
    """

    def __init__(
        self, workers: int = 1, seconds: int = 20, megabytes: int = 512, command: Sequence[str] = MARKS
    ) -> None:
        self.children = Children(command, workers, Bounds(seconds, megabytes, PAGES_A_CHILD))

    def pages(self, content: bytes) -> int:
        """How many pages a file has, from 1 on. Raises NotShown."""
        told = self._done(View(0, "", content))
        if not told.isdigit() or not 0 < len(told) < 4 or not 1 <= int(told) <= MOST_PAGES:
            raise NotShown
        return int(told)

    def page(self, content: bytes, n: int, mark: str) -> bytes:
        """Page `n`, from 1 on, as PNG with the mark across it. Raises NotShown."""
        if not 1 <= n <= MOST_PAGES:
            raise NoPage
        picture = self._done(View(n, mark, content))
        if kind_of(picture) is not Kind.PNG:
            raise NotShown
        return picture

    def _done(self, view: View) -> bytes:
        try:
            return self.children.do(wanted(view))
        except Refused as refused:
            raise (NoPage if str(refused) == NO_PAGE else NotShown) from None
        except Busy:
            raise NoneFree from None
        except Failed:
            raise NotShown from None
