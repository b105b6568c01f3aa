"""Forgetting what is over, while the portal answers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from sqlmodel import Session

from portal import jobs, limits
from portal.accounts import challenges, invitations, people, visits
from portal.cases.forgetting import Erased, Eraser, purge
from portal.web.headers import for_everybody

#: How often what is over is looked for.
EVERY = timedelta(minutes=1)


def all_that_is_over(session: Session, now: datetime) -> Erased:
    """What people wrote and filed, how often a network did something, and what could not be done for too long."""
    limits.purge(session, now)
    visits.purge(session, now)
    invitations.purge(session, now)
    challenges.purge(session, now)
    people.purge(session, now.date())
    jobs.purge(session, now)
    return purge(session, now)


def forget(eraser: Eraser, now: datetime) -> Erased:
    """Erase all whose time is over, and do what was left to do when a machine stopped."""
    eraser.replay(now)
    return eraser.carry_out(partial(all_that_is_over, now=now))


class Sweep:
    """Before a request, at most once a minute, erases all whose time is over.

    The first one also does what was left to do when the portal stopped.
    """

    def __init__(self, eraser: Eraser, clock: Callable[[], datetime]) -> None:
        self._eraser = eraser
        self._clock = clock
        self._lock = Lock()
        self._next: datetime | None = None

    def __call__(self) -> None:
        if for_everybody():
            return
        now = self._clock()
        first, due = self._next is None, self._is_due(now)
        if due and first:
            self._eraser.replay(now)
        if due:
            self._eraser.carry_out(partial(all_that_is_over, now=now))

    def _is_due(self, now: datetime) -> bool:
        """Whether it is time, for the one thread that finds it so."""
        with self._lock:
            if self._next and now < self._next:
                return False
            self._next = now + EVERY
            return True
