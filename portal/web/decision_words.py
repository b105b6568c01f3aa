"""What the portal's staff decided of a case, as its person reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from portal.cases import tasks
from portal.cases.models import TaskRow
from portal.cases.status import Status
from portal.cases.tasks import Choice, Ground, Matter
from portal.web.words import Words

#: What is said of each decision; what is not here concerns the person in nothing.
SAID: Mapping[Choice, Words] = {
    Choice.RIGHT: _l("They looked where your letter goes and under which law: it is right as it is."),
    Choice.REROUTE: _l("They believe that another law fits better. Your letter stays as it is unless you want it."),
    Choice.ASK: _l("They wrote to you."),
    Choice.HELP: _l("They see that you need help. Somebody of the staff will write to you here."),
    Choice.HOLD: _l(
        "They hold it: they do nothing for it, and it counts in no figure. You can still send your letter yourself, "
        "and the page of your case goes on."
    ),
    Choice.DECLINE: _l("They cannot help you with it. The page of your case goes on."),
    Choice.STANDS: _l("A second person looked at it, who had not decided before: it stays as it was decided."),
    Choice.LIFTED: _l("A second person looked at it: what was decided before counts no more."),
}
GROUNDS: Mapping[Ground, Words] = {
    Ground.NO_REQUEST: _l("Nothing is asked of anybody in it"),
    Ground.HARM: _l("It threatens or insults somebody, or is meant to harm them"),
    Ground.FLOOD: _l("The same was filed over and over, as a program would do it"),
    Ground.NOT_THEIRS: _l("It is in the name of somebody who has not agreed"),
    Ground.DUPLICATE: _l("The same was filed before"),
    Ground.NEEDS_LAWYER: _l("What is needed here is what only a lawyer may do"),
    Ground.NO_HANDS: _l("Nobody here can do it in time"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One decision; `may_contest` and `way` say what the person can do about it."""

    id: str
    day: date
    said: Words
    ground: Words
    may_contest: bool
    way: str


def lines(rows: Sequence[TaskRow], status: Status) -> Iterator[Line]:
    """What was decided of a case and still counts, the oldest first."""
    for row in rows:
        if row.decided_on is None or row.choice is None or not tasks.counts(row) or row.choice not in SAID:
            continue
        ground = GROUNDS[Ground(row.ground)] if row.ground else ""
        way = (row.way or "") if status is Status.FILED else ""
        yield Line(row.id, row.decided_on, SAID[Choice(row.choice)], ground, tasks.can_be_contested(row, rows), way)


def is_looked_at_again(rows: Sequence[TaskRow]) -> bool:
    """Whether somebody has yet to look at what the person contests."""
    return any(row.matter == Matter.CONTESTED and row.decided_on is None for row in rows)
