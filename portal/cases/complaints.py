"""What became of a complaint: whose time runs, how it was decided, and what is open against that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.cases.status import Happened, Kind
from portal.law.catalogue import Catalogue
from portal.law.deadlines import Due
from portal.law.records import Event, Remedy, Right
from portal.law.routing import Option, Situation, due_by, remedy_of

#: A complaint that went where our law data do not lead.
ELSEWHERE = "elsewhere"
#: What a window counts from, as an answer or a decision tells it.
ANSWERED = (Event.REFUSED_ON, Event.REFUSAL_RECEIVED_ON, Event.DETERMINED_ON)


class Stage(StrEnum):
    """Whether a window is open."""

    NOT_YET = "not_yet"
    OPEN = "open"
    DOUBTFUL = "doubtful"
    """By one reading of the law it is closed, by another it is open."""
    CLOSED = "closed"


def stage(opens: date | None, closes: Due | None, today: date) -> Stage:
    if opens is None or today < opens:
        return Stage.NOT_YET
    if closes and today > closes.latest:
        return Stage.CLOSED
    return Stage.DOUBTFUL if closes and today > closes.earliest else Stage.OPEN


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint or an appeal that was made. `option` is None where it went where our law data do not lead."""

    way: str
    option: Option | None
    made: date
    due: Due | None = None
    """When an answer to it is due; None once it is decided, or where no law says."""
    answered: date | None = None
    """When the organisation answered, of a complaint to itself."""
    decided: Happened | None = None
    remedy: Remedy | None = None
    """What is open against the decision."""
    remedy_by: Due | None = None
    stage: Stage | None = None
    """How it stands with the time for that; None where nothing is open against it."""
    sued: date | None = None

    @property
    def to_organisation(self) -> bool:
        """Whether it went to the organisation itself, which has to answer before an authority is asked."""
        return self.option is not None and self.option.to_organisation_first

    @property
    def waits(self) -> bool:
        """Whether an answer to it is still to come."""
        return not (self.answered or self.decided or self.sued)

    @property
    def over_since(self) -> date:
        """The last day on which something came of it."""
        return max(day for day in (self.made, self.answered, self.sued, self._decided_on) if day)

    @property
    def _decided_on(self) -> date | None:
        return self.decided.day if self.decided else None


def way_of(option: Option) -> str:
    """How an event names the way that a complaint took: `complaint/eu-gdpr`, `appeal/us-foia`."""
    return f"{option.right.value}/{option.way}"


def complaints(
    catalogue: Catalogue,
    situation: Situation,
    options: Sequence[Option],
    happened: Sequence[Happened],
    today: date,
    own: Complaint | None = None,
) -> tuple[Complaint, ...]:
    """The complaints of a case in the order in which they were first told of, each with what came of it.

    `options` are the ways that the law gives. `own` is the complaint that the case itself is. A day said again
    corrects the one before, until there is a decision: then it is another complaint, and what is open against the
    first decision stays.
    """
    ways = {way_of(one): one for one in options}
    guess = next((way for way, one in ways.items() if _guessed(one)), "")
    made = [own] if own else []
    for one in happened:
        match one.kind:
            case Kind.COMPLAINED:
                _complained(made, replace(one, way=one.way or guess), ways)
            case Kind.ANSWERED:
                made = [_answered(complaint, one.day) for complaint in made]
            case Kind.DECIDED:
                at = _last(made, one.way, lambda complaint: complaint.decided is None)
                if at is not None and one.day >= made[at].made:
                    made[at] = replace(made[at], decided=one)
            case Kind.SUED:
                at = _last(made, one.way, lambda complaint: bool(complaint.decided) and complaint.sued is None)
                if at is not None and one.day >= made[at].made:
                    made[at] = replace(made[at], sued=one.day)
    return tuple(_counted(catalogue, situation, one, today) for one in made)


def _guessed(option: Option) -> bool:
    """Whether a complaint of which no way was kept went so."""
    return option.right is Right.COMPLAINT and not option.to_organisation_first


def _complained(made: list[Complaint], one: Happened, ways: Mapping[str, Option]) -> None:
    at = next((n for n, there in enumerate(made) if there.way == one.way and there.waits), None)
    if at is None:
        made.append(Complaint(one.way, ways.get(one.way), one.day))
    else:
        made[at] = replace(made[at], made=one.day)


def _answered(complaint: Complaint, day: date) -> Complaint:
    if complaint.to_organisation and day >= complaint.made:
        return replace(complaint, answered=day)
    return complaint


def _last(made: Sequence[Complaint], way: str, rather: Callable[[Complaint], bool]) -> int | None:
    """Which complaint to an authority something belongs to: the last of its way that lacks it, else the last."""
    mine = [n for n, one in enumerate(made) if way in ("", one.way) and not one.to_organisation]
    return next((n for n in reversed(mine) if rather(made[n])), mine[-1] if mine else None)


def _counted(catalogue: Catalogue, situation: Situation, one: Complaint, today: date) -> Complaint:
    """A complaint with the day by which it is answered or, once it is decided, with what is open against that."""
    option = one.option
    if option is None or option.law is None:
        return one
    asked = replace(situation, right=option.right)
    if one.decided is None:
        answers = catalogue.laws[option.law].rights[option.right].authority_answers
        rule = option.deadline_rule if one.to_organisation else answers
        return replace(one, due=due_by(catalogue, asked, option, rule, {Event.RECEIVED_ON: one.made}))
    remedy = remedy_of(catalogue, option, situation.right)
    if remedy is None:
        return one
    by = due_by(catalogue, asked, option, remedy.deadline, dict.fromkeys(ANSWERED, one.decided.day))
    return replace(one, remedy=remedy, remedy_by=by, stage=stage(one.decided.day, by, today))
