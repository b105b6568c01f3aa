"""What staff fill in at the queue and at a task."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from portal.cases.queue import Wanted, Which
from portal.cases.tasks import CHOICES, GROUNDS, Choice, Decision, Ground, Matter
from portal.web.forms.journey import Asked
from portal.web.staff.task_words import DECISIONS, GROUND_WORDS, MATTERS, WHICH
from portal.web.words import Words

_EVERYTHING = ""


class QueueForm(Asked):
    """What a clerk wants to see of the queue; sent by GET."""

    matter = SelectField(_l("What is to be decided"), default=_EVERYTHING)
    which = SelectField(
        _l("Which of them"),
        choices=[SelectChoice(one.value, words) for one, words in WHICH.items()],
        default=Which.ALL.value,
    )
    organisation = SelectField(_l("About"), default=_EVERYTHING)
    place = SelectField(_l("From"), default=_EVERYTHING)
    urgent = BooleanField(_l("Only what is urgent for somebody"))

    def offer(self, matters: Sequence[Matter], organisations: Mapping[str, str], places: Mapping[str, str]) -> None:
        """Let them choose among what they may decide."""
        self.matter.choices = _or_all(_l("Everything"), {one.value: MATTERS[one].name for one in matters})
        self.organisation.choices = _or_all(_l("All organisations"), organisations)
        self.place.choices = _or_all(_l("Everywhere"), places)

    def wanted(self, matters: Sequence[Matter]) -> Wanted:
        """What was chosen, where all of it is among what is offered; else everything."""
        if self.is_submitted_by_get and not self.validate():
            return Wanted(tuple(matters))
        chosen = tuple(one for one in matters if self.matter.data in (_EVERYTHING, None, one.value))
        return Wanted(
            chosen,
            Which(self.which.data or Which.ALL),
            self.organisation.data or "",
            self.place.data or "",
            bool(self.urgent.data),
        )


def _or_all(every: Words, choices: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(_EVERYTHING, every), *(SelectChoice(value, words) for value, words in choices.items())]


class TogetherForm(FlaskForm):
    """Several filings at once that are right as they are."""

    tasks = SelectMultipleField(_l("Which filings are right as they are?"), validate_choice=False)


class HandOnForm(FlaskForm):
    """Whose hands a task goes into."""

    to = SelectField(_l("Who goes on with it?"))

    def offer(self, colleagues: Mapping[str, str]) -> None:
        self.to.choices = [SelectChoice("", _l("Nobody yet: back into the queue")), *_of(colleagues)]


def _of(choices: Mapping[str, Any]) -> Iterable[SelectChoice]:
    return (SelectChoice(value, words) for value, words in choices.items())


class DecideForm(FlaskForm):
    """What is decided of a task."""

    choice = RadioField(_l("What do you decide?"), [InputRequired(_l("Choose what you decide"))])
    way = SelectField(_l("By which law should it go?"), default="", validate_choice=False)
    ground = SelectField(_l("For which reason? The person reads it"), default="", validate_choice=False)

    def offer(self, matter: Matter, ways: Mapping[str, str]) -> None:
        """The choices of a matter; another way only where the law has one."""
        choices = [one for one in CHOICES[matter] if one is not Choice.REROUTE or ways]
        self.choice.choices = [
            SelectChoice(one.value, DECISIONS[one].name, render_kw={"hint": DECISIONS[one].follows})
            for one in choices
        ]
        grounds = {ground.value: GROUND_WORDS[ground] for one in choices for ground in GROUNDS.get(one, ())}
        self.way.choices = _or_none(ways)
        self.ground.choices = _or_none(grounds)
        if not ways:
            del self.way
        if not grounds:
            del self.ground

    def decision(self) -> Decision | None:
        """What was decided; None where it is not whole, and the fields say what is missing."""
        if not self.validate_on_submit():
            return None
        choice = Choice(self.choice.data)
        if choice is Choice.REROUTE:
            return self._by(self.way, choice, _("Choose the law by which it should go"))
        if choice in GROUNDS:
            return self._by(self.ground, choice, _("Choose a reason that fits what you decided"))
        return Decision(choice)

    def _by(self, field: SelectField, choice: Choice, missing: str) -> Decision | None:
        offered = {one.value for one in field.choices or []} - {""}
        fits = offered & {ground.value for ground in GROUNDS[choice]} if choice in GROUNDS else offered
        if field.data not in fits:
            field.errors = [missing]
            return None
        if choice in GROUNDS:
            return Decision(choice, ground=Ground(field.data))
        return Decision(choice, way=field.data)


def _choice(one: Choice) -> SelectChoice:
    words = DECISIONS[one]
    return SelectChoice(one.value, words.name, render_kw={"hint": words.follows})


def _or_none(choices: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Choose")), *_of(choices)]
