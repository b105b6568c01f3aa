"""What stops a clock, and what that does to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from portal.law.deadlines import Pause
from portal.law.records import DeadlineRule, Demand, Effect, Event, Law, Right, Stop
from portal.law.situation import Stopped


def as_the_law_has_it(rule: DeadlineRule, law: Law) -> DeadlineRule:
    """The rule with what this law says of putting an answer off, where several laws count by it."""
    return replace(rule, extends=law.extension) if law.extension and rule.extends else rule


def stops_of(rule: DeadlineRule, right: Right, demand: Demand) -> Stop | None:
    """What a demand does to a rule's clock for a right; None where the clock goes on all the same."""
    found = (one for one in rule.stops if one.demand is demand and (not one.rights or right in one.rights))
    return next(found, None)


def restarted(
    rule: DeadlineRule, right: Right, events: Mapping[Event, date], stopped: Sequence[Stopped]
) -> Mapping[Event, date]:
    """The dates to count from: receipt counts as the day on which they had what lets the clock begin."""
    begun = [
        one.until
        for one in stopped
        if (stop := stops_of(rule, right, one.demand)) and stop.effect is Effect.RESTARTS and not stop.disputed
    ]
    if not begun or Event.RECEIVED_ON not in events:
        return events
    return {**events, Event.RECEIVED_ON: max(events[Event.RECEIVED_ON], *begun)}


def pauses(rule: DeadlineRule, right: Right, stopped: Sequence[Stopped]) -> tuple[Pause, ...]:
    """The stretches for which the clock stood still."""
    return tuple(_pauses(rule, right, stopped))


def _pauses(rule: DeadlineRule, right: Right, stopped: Sequence[Stopped]) -> Iterator[Pause]:
    met: set[Demand] = set()
    for one in sorted(stopped, key=lambda one: one.on):
        stop = stops_of(rule, right, one.demand)
        if stop is None or stop.effect is not Effect.PAUSES or (stop.once and one.demand in met):
            continue
        met.add(one.demand)
        until = max(one.on, one.until) + timedelta(days=stop.inclusive)
        yield Pause(one.on, until, stop.why if stop.disputed else {})
