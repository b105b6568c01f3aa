"""A deadline counted for whoever asks, with each step that led to the date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from portal.law.deadlines import Calendars, Due, Notice, Uncountable, due
from portal.law.records import DeadlineRule, Side
from portal.web.counting import Told, explained
from portal.web.forms.reference import CountForm
from portal.web.house import house
from portal.web.journey import place_words
from portal.web.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Answer:
    """A last day, how it was reached, and what it would be if the answer were put off."""

    rule: DeadlineRule
    due: Due
    steps: tuple[Told, ...]
    put_off: date | None


def answered() -> dict[str, object]:
    """The form, and the answer where it was sent and can be counted."""
    form = _form()
    answer = None
    if form.is_submitted_by_get and form.validate():
        try:
            answer = _counted(house().catalogue.deadlines[form.rule.data], form.day.data, form.place.data)
        except Uncountable:
            form.day.errors = [_("We cannot count from this day. Try one nearer to today")]
    return {"form": form, "answer": answer}


def _form() -> CountForm:
    rules = [rule for rule in house().catalogue.deadlines.values() if rule.unit]
    needing = {rule.id for rule in rules if isinstance(rule.calendar, Side)}
    form = CountForm(needing.__contains__, request.args if request.args.get("sent") else None)
    form.rule.choices = sorted((_choice(rule) for rule in rules), key=lambda one: str(one.label))
    form.place.choices = [SelectChoice("", _("Choose a place")), *sorted(_places(), key=lambda one: str(one.label))]
    if not form.is_submitted_by_get:
        form.process(data={"rule": request.args.get("rule", form.rule.default)})
    return form


def _choice(rule: DeadlineRule) -> SelectChoice:
    return SelectChoice(rule.id, KINDS["deadlines"].name(rule))


def _places() -> Iterator[SelectChoice]:
    """The places whose holidays are known."""
    catalogue = house().catalogue
    known = (id_ for id_ in catalogue.jurisdictions if catalogue.exists(id_) and catalogue.calendar(id_))
    return (SelectChoice(id_, place_words(id_)) for id_ in known)


def _counted(rule: DeadlineRule, start: date, place: str) -> Answer:
    calendar = house().catalogue.calendar(place)
    calendars: Calendars = dict.fromkeys(Side, calendar) if calendar else {}
    events = dict.fromkeys(rule.counts_from, start)
    found = due(rule, events, calendars)
    assert found  # rules that count no time are not among the choices
    later = due(rule, events, calendars, Notice(found.day)) if rule.extends else None
    return Answer(rule, found, tuple(explained(rule, found)), later.day if later else None)
