"""What goes into the trail."""

from portal.web.staff.desk import Clerk


def note_refused(who: Clerk, endpoint: str) -> None:
    """That somebody was kept from a page."""
