"""What goes into the trail."""

from enum import StrEnum

from portal.accounts.provider import Reason
from portal.web.staff.desk import Clerk


class Action(StrEnum):
    """What was done, or asked for."""

    SIGN_IN = "sign_in"
    STAY = "stay"
    """Their identity provider was asked whether they still may."""
    SIGN_OUT = "sign_out"
    HEAR = "hear"
    """Their identity provider said that they signed out there."""


class Outcome(StrEnum):
    """What became of it."""

    DONE = "done"
    REFUSED = "refused"


def note(action: Action, account_id: str, outcome: Outcome, reason: Reason | None = None) -> None:
    """That somebody came, stayed or went, or was not let; `account_id` is "" where it is not known who it was.

    TO BE JOINED with the trail. Called outside every transaction: what is refused must stay noted.
    """


def note_refused(who: Clerk, endpoint: str) -> None:
    """That somebody was kept from a page."""
