"""The worker's loop: one job after another, each claimed, done and ended in its turn."""

import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from select import POLLIN, poll
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from portal import alarm, jobs
from portal.cases import staleness
from portal.cases.forgetting import Eraser
from portal.database import snapshot, transaction
from portal.heads import Notary
from portal.jobs import Claimed, LeaseLost
from portal.law.catalogue import Catalogue
from portal.record import campaigns, publishing
from portal.record.publishing import Made
from portal.web.errors import place_of
from portal.web.forgetting import forget

log = logging.getLogger("portal")

#: How long a job may take before another worker thinks that this one is dead.
LEASE = timedelta(minutes=10)
#: Waits so many seconds for somebody to say stop; whether they have.
Stop = Callable[[float], bool]


class UnknownKind(LookupError):
    """A job of a kind that this version cannot do: a newer one has put it, which may also do it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of job does."""

    do: Callable[[str, datetime], object]
    """With the job's subject, and now; in no transaction but its own. Done twice, it does no harm."""
    every: timedelta | None = None
    """Where it comes again and again: how often. The subject is then the moment at which it was due."""


def kinds(
    eraser: Eraser, notary: Notary, catalogue: Catalogue | None = None, staffed: bool = False
) -> Mapping[str, Kind]:
    """All that a worker does; where there is a staff they are asked to look again at the law of the catalogue."""
    hour, day, engine = timedelta(hours=1), timedelta(days=1), notary.engine
    again = {"look_again": Kind(partial(_look_again, engine, catalogue), every=day)} if catalogue and staffed else {}
    record = {"publish": Kind(partial(_publish, engine, catalogue.version), every=day)} if catalogue else {}
    return {
        **again,
        **record,
        "forget": Kind(lambda _hour, now: forget(eraser, now), every=hour),
        "trail_head": Kind(lambda _hour, now: notary.note(now), every=hour),
        alarm.JOB: Kind(lambda at, now: alarm.tell(notary.post, at, now)),
    }


def _look_again(engine: Engine, catalogue: Catalogue, _day: str, now: datetime) -> None:
    with transaction(engine) as session:
        staleness.ask(session, catalogue, now.date())


def _publish(engine: Engine, catalogue: str, _day: str, now: datetime) -> None:
    for _made in publish(engine, catalogue, now):
        pass
    with transaction(engine) as session:
        campaigns.renew(session, now.date())


def publish(engine: Engine, catalogue: str, now: datetime) -> Iterator[Made]:
    """Publish each version of the record that is due, in their order.

    All is read as of one moment and counted in no transaction that others wait for; only what is shown is written.
    """
    while True:
        with snapshot(engine) as session:
            quarter = publishing.due(session, now.date())
            made = publishing.made(session, quarter, now.date(), catalogue) if quarter else None
        if made is None:
            return
        with transaction(engine) as session:
            is_new = publishing.publish(session, made)
        if is_new:
            yield made


@dataclass(frozen=True, slots=True)
class Worker:
    """Works in one thread; as many of them as one likes may work on one database."""

    engine: Engine
    kinds: Mapping[str, Kind]
    clock: Callable[[], datetime]
    lease: timedelta = LEASE

    def work_on(self, stop: Stop, pause: float) -> None:
        """Work until somebody says stop; with nothing to do look again after so many seconds."""
        self._begin()
        rest = 0.0
        while not stop(rest):
            rest = 0.0 if self._one() else pause

    def work_off(self, stop: Stop) -> None:
        """Do what is due now, and what comes again in any case."""
        self._begin()
        while not stop(0) and self._one():
            pass

    def _begin(self) -> None:
        """See that what comes again is put, whatever became of it when workers were killed or did not run."""
        now = self.clock()
        with transaction(self.engine) as session:
            for name, kind in self.kinds.items():
                if kind.every:
                    _put_at(session, name, _floor(now, kind.every))
                    _put_at(session, name, _floor(now, kind.every) + kind.every)

    def _one(self) -> bool:
        """Do the job that has been due longest; whether there was one."""
        with transaction(self.engine) as session:
            claimed = jobs.claim(session, self.clock(), self.lease)
        if claimed is None:
            return False
        try:
            self._kind(claimed).do(claimed.subject, self.clock())
        except Exception as error:
            self._end(claimed, partial(self._failed, claimed=claimed, error=error))
        else:
            self._end(claimed, partial(self._done, claimed=claimed))
        return True

    def _kind(self, claimed: Claimed) -> Kind:
        if claimed.kind not in self.kinds:
            raise UnknownKind(f"no worker of this version does {claimed.kind}")
        return self.kinds[claimed.kind]

    def _end(self, claimed: Claimed, write: Callable[[Session], str]) -> None:
        """Write how it ended and, where it comes again, the next one, both or neither; say so in the log.

        The log has the kind, never the subject or the words of an error.
        """
        kind = self.kinds.get(claimed.kind)
        try:
            with transaction(self.engine) as session:
                outcome = write(session)
                if kind and kind.every:
                    _put_at(session, claimed.kind, _floor(self.clock(), kind.every) + kind.every)
        except LeaseLost:
            outcome = "took longer than its lease: another worker has it"
        log.info("job %s, attempt %s: %s", claimed.kind, claimed.attempt, outcome)

    def _done(self, session: Session, claimed: Claimed) -> str:
        jobs.done(session, claimed)
        return "done"

    def _failed(self, session: Session, claimed: Claimed, error: Exception) -> str:
        again = jobs.failed(session, claimed, self.clock(), error)
        then = f"again at {again:%Y-%m-%d %H:%M} UTC" if again else "given up"
        return f"{place_of(error)}, {then}"


def _floor(moment: datetime, every: timedelta) -> datetime:
    """When the stretch of time began that a moment belongs to."""
    seconds, length = int(moment.timestamp()), int(every.total_seconds())
    return datetime.fromtimestamp(seconds - seconds % length, UTC)


def _put_at(session: Session, name: str, moment: datetime) -> None:
    jobs.put(session, name, f"{moment:%Y-%m-%dT%H:%MZ}", moment)


@contextmanager
def stopping() -> Iterator[Stop]:
    """That SIGTERM or SIGINT say stop, and nothing more: what is in hand is finished.

    A pipe, as a handler that sets a `threading.Event` can lock itself out, and one that raises tears the work apart.
    """
    read, write = os.pipe()
    heard = poll()  # not `select`, which cannot wait for a file that is numbered 1024 or more
    heard.register(read, POLLIN)
    said = partial(_said, write)
    before: dict[signal.Signals, Any] = {one: signal.signal(one, said) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda seconds: bool(heard.poll(seconds * 1000))
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        os.close(read)
        os.close(write)


def _said(write: int, *_signal: object) -> None:
    os.write(write, b".")
