"""Forgetting what is over, while the portal answers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Engine

from portal.cases import drafts, reports
from portal.database import transaction
from portal.web.headers import for_everybody

#: How often what has expired is looked for.
EVERY = timedelta(minutes=1)


class Sweep:
    """Before a request, at most once a minute, deletes every draft and every report whose time is over."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = Lock()
        self._next: datetime | None = None

    def __call__(self) -> None:
        if for_everybody() or not self._is_due():
            return
        with transaction(self._engine) as session:
            drafts.purge(session, self._clock())
            reports.purge(session, self._clock().date())

    def _is_due(self) -> bool:
        """Whether it is time, for the one thread that finds it so."""
        now = self._clock()
        with self._lock:
            if self._next and now < self._next:
                return False
            self._next = now + EVERY
            return True
