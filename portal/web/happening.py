"""Saying what has happened in a case: whoever may, the form that asks, what follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import request
from flask_wtf import FlaskForm
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.cases import clock, following, forgetting
from portal.cases.following import NotPossible, Said
from portal.cases.forgetting import Erased
from portal.cases.status import MAY_HAPPEN, MOVES_CLOCK, OF_COMPLAINT, Answer, Decided, Happened, Kind
from portal.law.arguments import Reply
from portal.web.case_words import WHY_NOT
from portal.web.forms.case import answer_in, happened_form
from portal.web.house import house
from portal.web.shown import Shown, complaint_ways, grounds, likely_way, made_ways, may_be_there_again

#: What else is done in the transaction that puts something into a case.
Note = Callable[[Session], None]


def unnoted(_session: Session) -> None:
    """Nothing: the person acts in their own case."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says has happened, as they say it."""

    kind: Kind
    day: date
    note: str = ""
    way: str = ""
    outcome: Decided | None = None
    number: str = ""
    answer: Answer | None = None
    ground: Reply | None = None
    by_group: str = ""
    """The id of the group that says so, where it is not the person."""


def kind_of(value: str) -> Kind:
    """What an address is about; no page where nothing is called so."""
    if value not in set(Kind):
        raise NotFound
    return Kind(value)


def may_be_said(shown: Shown, kind: Kind) -> bool:
    """Whether it can be said where the case stands."""
    if kind in OF_COMPLAINT:
        return kind in MAY_HAPPEN[shown.case.status] and bool(made_ways(shown))
    return kind in MAY_HAPPEN[shown.case.status] and (kind is not Kind.FOUND_AGAIN or may_be_there_again(shown))


def form_of(shown: Shown, kind: Kind) -> FlaskForm:
    """What asks for the day, and for what else belongs to it."""
    why = grounds(shown) if kind is Kind.ANSWERED else None
    known = _said_before(shown) if kind is Kind.ANSWERED else None
    return happened_form(kind, shown.today, *_ways(shown, kind), why, known)


def _said_before(shown: Shown) -> Happened | None:
    """Their answer as it was said before, or as the page of a reply tells it on the way here."""
    told = [one for one in shown.case.happened if one.kind is Kind.ANSWERED]
    how, why = request.args.get("answer", ""), request.args.get("ground", "")
    if how not in set(Answer):
        return told[-1] if told else None
    ground = Reply(why) if why in set(Reply) else None
    return Happened(Kind.ANSWERED, told[-1].day if told else shown.today, answer=Answer(how), ground=ground)


def _ways(shown: Shown, kind: Kind) -> tuple[Mapping[str, str], str]:
    """The complaints to choose from, and the one chosen at first; none where there is nothing to choose."""
    if kind is Kind.COMPLAINED:
        ways, way = complaint_ways(shown), request.args.get("way") or likely_way(shown)
        return ways, way if way in ways else ""
    ways = made_ways(shown) if kind in OF_COMPLAINT else {}
    return (ways, "") if len(ways) > 1 else ({}, "")


def recorded(shown: Shown, kind: Kind, form: FlaskForm, by_group: str = "", note: Note = unnoted) -> bool:
    """Whether what the form says could be put into the timeline; else the form says why not.

    `note` is done last in the same transaction.
    """
    told = Told(
        kind,
        form["day"].data if "day" in form else shown.today,
        (form["note"].data or "").strip() if "note" in form else "",
        _way(shown, kind, form),
        Decided(form["outcome"].data) if "outcome" in form else None,
        (form["number"].data or "").strip() if "number" in form else "",
        *answer_in(form),
        by_group,
    )
    try:
        said = said_of(shown, told)
    except NotPossible as error:
        form["day"].errors = [WHY_NOT[error.why]]
        return False
    house().eraser.carry_out(partial(_noted, shown=shown, said=said, note=note))
    return True


def _noted(session: Session, shown: Shown, said: Said, note: Note) -> Erased:
    erased = _record(session, shown, said)
    note(session)
    return erased


def _way(shown: Shown, kind: Kind, form: FlaskForm) -> str:
    """Which complaint it is about: as the person says or, where there is only one, that."""
    if "way" in form:
        return str(form["way"].data)
    return next(iter(made_ways(shown)), "") if kind in OF_COMPLAINT else ""


def said_of(shown: Shown, told: Told) -> Said:
    """What is told, with the dates that follow from it. Raises NotPossible where it cannot have happened."""
    following.check(shown.case.events, told.kind, told.day, shown.today, shown.case.made.letter.day, told.way)
    then = (*shown.case.happened, Happened(told.kind, told.day, told.way, told.outcome, told.answer, told.ground))
    now = clock.clock(house().catalogue, shown.situation, shown.case.way, then, shown.today)
    until = clock.forget_on(now, then, shown.today)
    due = now.due.day if now.due and told.kind in MOVES_CLOCK else None
    more = told.way, told.outcome, told.number, told.answer, told.ground, told.by_group
    return Said(told.kind, told.day, told.note, due, until, *more)


def _record(session: Session, shown: Shown, said: Said) -> Erased:
    """Put it into the timeline; once the letter is sent, copies of identity documents go."""
    following.record(session, shown.case, said, shown.today, house().catalogue.version)
    return forgetting.erase_identity(session, shown.case.id) if said.kind is Kind.SENT else Erased()


def record_all(session: Session, said: Mapping[str, tuple[Shown, Said]]) -> Erased:
    """The same of many cases at once."""
    erased = [_record(session, shown, one) for shown, one in said.values()]
    return Erased(papers=frozenset().union(*(one.papers for one in erased)))
