"""What a person says of their case."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.cases.status import OF_THEIRS, Answer, Happened, Kind
from portal.law.arguments import Reply
from portal.web.case_words import ANSWERS, DECIDED, HAPPENED, SHOWS
from portal.web.forms.journey import Asked
from portal.web.forms.letter import in_living_memory
from portal.web.forms.trap import TrapForm
from portal.web.uploads import PapersField
from portal.web.words import REPLIES

#: A note is for the person, who may want to remember a conversation.
LONGEST_NOTE = 4_000
LONGEST_NUMBER = 100


class FileForm(FlaskForm):
    """A press of the button; its token shows that it came from our page."""


class KeyForm(TrapForm):
    key = StringField(
        _l("What is your case key?"),
        [
            DataRequired(_l("Enter your case key")),
            Length(max=100, message=_l("A case key has 25 letters and digits")),
        ],
        description=_l("25 letters and digits. Capitals and hyphens do not matter."),
        render_kw={"autocomplete": "off", "spellcheck": False, "autocapitalize": "characters"},
    )


class ReplyForm(Asked):
    """Sent by GET: it changes nothing."""

    reply = RadioField(_l("What did they do?"), [InputRequired(_l("Choose what they did"))])


class PapersForm(FlaskForm):
    shows = RadioField(
        _l("What do the files show?"),
        [InputRequired(_l("Choose what the files show"))],
        choices=[SelectChoice(one.value, asked) for one, (asked, _said) in SHOWS.items()],
    )
    papers = PapersField(_l("Which files do you want to attach?"))


def happened_form(
    kind: Kind,
    today: date,
    ways: Mapping[str, Any] | None = None,
    way: str = "",
    grounds: Collection[Reply] | None = None,
    known: Happened | None = None,
) -> FlaskForm:
    """The form in which a person says that something has happened: the day, a note, and what else belongs to it.

    `ways` are those that a complaint may have taken, each with its words, and `way` the one that is chosen at first.
    `grounds` are the reasons for which an organisation may have refused; None where it is not asked how it answered.
    `known` is what was said of the same before.
    """
    fields: dict[str, Any] = {}
    if ways:
        fields["way"] = _way(kind, ways, way)
    if kind is Kind.DECIDED:
        fields["outcome"] = _outcome()
    if kind is Kind.REGISTERED:
        fields["number"] = _number()
    if kind not in (Kind.NOTED, Kind.REOPENED, Kind.CLOSED):
        fields["day"] = _day(kind, today)
    if grounds is not None:
        fields |= {"answer": _answer(), "ground": _ground(grounds)}
    if kind is Kind.NOTED:
        fields["note"] = _note(_l("What do you want to remember?"), InputRequired(_l("Write a note")))
    elif kind in OF_THEIRS or kind is Kind.CLOSED:
        fields["note"] = _note(_l("Do you want to note anything about it?"), Optional())
    made: type[FlaskForm] = type("HappenedForm", (FlaskForm,), fields)
    return made(
        data={"day": known.day, "answer": known.answer or "", "ground": known.ground or ""} if known else None
    )


def _way(kind: Kind, ways: Mapping[str, Any], way: str) -> RadioField:
    question = _l("Where did it go?") if kind is Kind.COMPLAINED else _l("Which complaint is it about?")
    missing = _l("Choose where it went") if kind is Kind.COMPLAINED else _l("Choose the complaint")
    choices = [SelectChoice(one, words) for one, words in ways.items()]
    return RadioField(question, [InputRequired(missing)], choices=choices, default=way or None)


def _outcome() -> RadioField:
    choices = [
        SelectChoice(one.value, asked, render_kw={"hint": hint} if hint else {})
        for one, (asked, hint, _said) in DECIDED.items()
    ]
    return RadioField(_l("How did it decide?"), [InputRequired(_l("Choose how it decided"))], choices=choices)


def _answer() -> RadioField:
    choices = [
        SelectChoice(one.value, asked, render_kw={"hint": hint} if hint else {})
        for one, (asked, hint, _said) in ANSWERS.items()
    ]
    choices.append(SelectChoice("", _l("I would rather not say")))
    return RadioField(
        _l("How did they answer?"),
        [Optional()],
        description=_l("It goes into counts of what organisations do, which name nobody."),
        choices=choices,
        default="",
    )


def _ground(grounds: Collection[Reply]) -> RadioField:
    choices = [SelectChoice(one.value, REPLIES[one]) for one in grounds]
    choices.append(SelectChoice("", _l("Another reason, or they gave none")))
    return RadioField(
        _l("Why did they refuse?"),
        [Optional()],
        description=_l("Only if they refused. Of several reasons, the one that they lean on most."),
        choices=choices,
        default="",
    )


def answer_in(form: FlaskForm) -> tuple[Answer | None, Reply | None]:
    """How they answered, and why they refused where they did; None where nobody has said."""
    said = form["answer"].data if "answer" in form else ""
    answer = Answer(said) if said else None
    ground = form["ground"].data if answer is Answer.REFUSED else ""
    return answer, Reply(ground) if ground else None


def _number() -> StringField:
    longest = Length(max=LONGEST_NUMBER, message=_l("Use at most %(longest)s characters", longest=LONGEST_NUMBER))
    return StringField(
        _l("What is the number?"),
        [DataRequired(_l("Enter the number that the authority gave it")), longest],
        description=_l("As the authority writes it. Later letters to it name it; else only you can read it."),
        render_kw={"autocomplete": "off", "spellcheck": False},
    )


def _day(kind: Kind, today: date) -> DateField:
    words = HAPPENED[kind]
    return DateField(
        words.question,
        [DataRequired(words.missing), partial(in_living_memory, today)],
        description=words.hint,
        format=["%d %m %Y", "%Y-%m-%d"],
        invalid_value_message=words.missing,
        render_kw={"autocomplete": "off"},
    )


def _note(question: Any, needed: Any) -> TextAreaField:
    longest = Length(max=LONGEST_NOTE, message=_l("Use at most %(longest)s characters", longest=LONGEST_NOTE))
    return TextAreaField(
        question,
        [needed, longest],
        description=_l("Only those who may read this case can read it."),
        render_kw={"rows": 6, "autocomplete": "off"},
    )
