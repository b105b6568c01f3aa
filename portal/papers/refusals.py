"""Why a file is not taken."""

from enum import StrEnum

from portal.bounded.child import Refused


class Reason(StrEnum):
    """What is the matter with a file; the page has a sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    FOREIGN = "foreign"
    PHONE_PICTURE = "phone-picture"
    BROKEN_PICTURE = "broken-picture"
    HUGE_PICTURE = "huge-picture"
    BROKEN_PDF = "broken-pdf"
    LOCKED_PDF = "locked-pdf"
    LONG_PDF = "long-pdf"
    ACTIVE_PDF = "active-pdf"
    FULL_PDF = "full-pdf"
    MIXED_PDF = "mixed-pdf"
    TOO_SLOW = "too-slow"
    BUSY = "busy"


class NotTaken(Refused):
    """A file is not taken; `shown_name` says which, where there are several."""

    def __init__(self, reason: Reason, shown_name: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.shown_name = shown_name
