"""What staff fill in at the queue and at a task."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.cases import sights
from portal.cases.queue import Wanted, Which
from portal.cases.saved import BlankKind, NotFilled, SavedMessage, filled
from portal.cases.tasks import CHOICES, GROUNDS, Choice, Decision, Ground, Matter
from portal.cases.thread import LONGEST, Content
from portal.law.catalogue import Catalogue
from portal.web.decision_words import GROUNDS as GROUND_WORDS
from portal.web.forms.journey import Asked
from portal.web.journey import by_name, named
from portal.web.staff.task_words import MATTERS, WHICH, OfMatter
from portal.web.staff.trail_words import REASONS
from portal.web.words import Words

_EVERYTHING = ""
#: How the fields of a message's blanks begin.
_BLANK = "blank_"


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


def _why(question: Any, missing: Any) -> RadioField:
    """Why somebody needs to see what is not shown at first."""
    choices = [SelectChoice(one.value, REASONS[one]) for one in sights.REASONS]
    return RadioField(question, [InputRequired(missing)], choices=choices)


class UnmaskForm(FlaskForm):
    """Why somebody wants to see a name."""

    reason = _why(_l("Why do you need to see who it is?"), _l("Choose why you need it"))


class AskForm(FlaskForm):
    """Why somebody needs to see the copy of an identity document."""

    reason = _why(_l("Why do you need to see it?"), _l("Choose why you need to see it"))

    def __init__(self, paper_id: str) -> None:
        super().__init__()
        self.reason.id = f"reason-{paper_id}"  # one page asks of several


class DecideForm(FlaskForm):
    """What is decided of a task; made by `decide_form`, as each matter has choices of its own."""

    choice = RadioField(_l("What do you decide?"), [InputRequired(_l("Choose what you decide"))])

    def decision(self) -> Decision | None:
        """What was decided; None where it is not whole, and the fields say what is missing."""
        if not self.validate_on_submit():
            return None
        choice = Choice(self.choice.data)
        if choice is Choice.REROUTE:
            return self._by(self["way"], choice, _("Choose the law by which it should go"))
        if choice in GROUNDS:
            return self._by(self["ground"], choice, _("Choose a reason that fits what you decided"))
        return Decision(choice)

    def _by(self, field: Any, choice: Choice, missing: str) -> Decision | None:
        offered = {one.value for one in field.choices or []} - {""}
        fits = offered & {ground.value for ground in GROUNDS[choice]} if choice in GROUNDS else offered
        if field.data not in fits:
            field.errors = [missing]
            return None
        if choice in GROUNDS:
            return Decision(choice, ground=Ground(field.data))
        return Decision(choice, way=field.data)

    def content(self, saved: Mapping[str, SavedMessage], catalogue: Catalogue) -> Content | None:
        """What is written to the person; None where it is not whole, and the fields say what is missing."""
        message, text = saved.get(self["saved"].data or ""), (self["text"].data or "").strip()
        if message is None:
            if not text:
                self["text"].errors = [_("Choose a message, or write one")]
            return Content(text=text) if text else None
        given = {name: self[f"{_BLANK}{name}"].data or "" for name in message.blanks}
        try:
            return Content(saved=message.id, blanks=filled(message, given, catalogue))
        except NotFilled as missing:
            for name in missing.blanks:
                self[f"{_BLANK}{name}"].errors = [_("This message needs it")]
            return None

    @property
    def blanks(self) -> list[Any]:
        """The fields that saved messages ask for."""
        return [field for field in self if field.short_name.startswith(_BLANK)]


def decide_form(
    matter: Matter, ways: Mapping[str, str], saved: Mapping[str, SavedMessage], catalogue: Catalogue
) -> DecideForm:
    """The choices of a matter, with what they need: a law where there is another one, a reason, words."""
    choices = [one for one in CHOICES[matter] if one is not Choice.REROUTE or ways]
    grounds = {ground.value: GROUND_WORDS[ground] for one in choices for ground in GROUNDS.get(one, ())}
    fields: dict[str, Any] = {}
    if ways:
        fields["way"] = _one_of(_l("By which law should it go?"), ways)
    if grounds:
        fields["ground"] = _one_of(_l("For which reason? The person reads it"), grounds)
    if Choice.ASK in choices:
        fields |= _message_fields(saved, catalogue)
    made: type[DecideForm] = type("DecideForm", (DecideForm,), fields)
    form = made()
    form.choice.choices = [_choice(MATTERS[matter], one) for one in choices]
    return form


def _message_fields(saved: Mapping[str, SavedMessage], catalogue: Catalogue) -> dict[str, Any]:
    """A saved message with its blanks, or own words."""
    among = {
        BlankKind.ORGANISATION: by_name(catalogue.organisations.values()),
        BlankKind.AUTHORITY: by_name(catalogue.authorities.values()),
    }
    blanks = {name: blank for one in saved.values() for name, blank in one.blanks.items()}
    return {
        "saved": _one_of(
            _l("Which message?"), {one.id: named(one.title) for one in saved.values()}, _l("In my own words")
        ),
        **{
            f"{_BLANK}{name}": _one_of(named(blank.label), among[blank.kind])
            if blank.kind in among
            else StringField(named(blank.label), [Optional()], render_kw={"autocomplete": "off"})
            for name, blank in blanks.items()
        },
        "text": TextAreaField(
            _l("What do you write?"),
            [Optional(), Length(max=LONGEST, message=_l("Use at most %(longest)s characters", longest=LONGEST))],
            description=_l("Only where no message above says it. They read it on the page of their case."),
            render_kw={"rows": 6, "autocomplete": "off"},
        ),
    }


def _one_of(question: Any, choices: Mapping[str, Any], none: Any = None) -> SelectField:
    empty = SelectChoice("", none or _l("Choose"))
    return SelectField(question, default="", validate_choice=False, choices=[empty, *_of(choices)])


def _choice(matter: OfMatter, one: Choice) -> SelectChoice:
    words = matter.decisions[one]
    return SelectChoice(one.value, words.name, render_kw={"hint": words.follows})
