"""The details of a letter, and the text that a person makes of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, EmailField, Field, Form, RadioField, StringField, TelField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from portal.letters.details import Asked, Detail, Kind
from portal.letters.printer import MOST_CHARACTERS
from portal.web.words import CHOICES, DETAILS, GROUP_AS_AGENT, ROLES

#: The details that say where an answer can go: one of them is enough.
REPLY_TO = ("email", "address")


class TextForm(FlaskForm):
    """The letter as block text."""

    text = TextAreaField(
        _l("The text of your letter"),
        [
            InputRequired(_l("The letter is empty. Put some words in, or go back to ours.")),
            Length(max=MOST_CHARACTERS, message=_l("The letter is too long: 20,000 characters are the most.")),
        ],
        description=_l(
            "Paragraphs are divided by an empty line. Lines that begin with === name the parts that the law leans on."
        ),
        render_kw={"rows": 24, "spellcheck": True},
    )


def details_form(
    asked: Iterable[Asked],
    known: Mapping[str, Any],
    ask_organisation: bool,
    today: date,
    tongues: Mapping[str, Any] | None = None,
    bodies: str = "",
) -> "DetailsForm":
    """The form of a letter, with what is known already."""
    return details_kind(asked, ask_organisation, today, tongues, bodies)(data=known)


def details_kind(
    asked: Iterable[Asked],
    ask_organisation: bool,
    today: date,
    tongues: Mapping[str, Any] | None = None,
    bodies: str = "",
) -> "type[DetailsForm]":
    """The form of a letter: who writes, the details that it asks for, and what is missing of the organisation.

    `tongues`: the languages to choose from, each with its words, the first of them chosen. `bodies`: the kinds of
    group that the law lets write this letter on a mandate, in words; empty where it lets none.
    """
    fields: dict[str, Any] = {"role": _role(bool(bodies)), "writer_name": _writer_name(bool(bodies))}
    if bodies:
        fields |= {"writer_address": _writer_address(), "declared": _declared(bodies)}
    fields |= {one.name: _field(one, today) for one in asked}
    if ask_organisation:
        fields["organisation_address"] = _organisation_address()
        fields["organisation_email"] = _organisation_email()
    if tongues:
        fields["language"] = _language(tongues)
    return type("DetailsForm", (DetailsForm,), fields)


class DetailsForm(FlaskForm):
    """What all of them check."""

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        right = bool(super().validate(extra_validators))
        if (
            "answer" in self
            and self["answer"].data not in ("", None, "not_asked")
            and not self["request_sent_on"].data
        ):
            self["request_sent_on"].errors = [_("Enter the day on which you sent your request")]
            right = False
        present = [self[name] for name in REPLY_TO if name in self]
        if present and not any(field.data or field.errors for field in present):
            present[0].errors = [*present[0].errors, _("Enter an e-mail address or a postal address for the answer")]
            right = False
        return right

    def values(self) -> dict[str, str]:
        """What was typed, by the detail's name: dates as ISO text, no field that says who writes."""
        return {field.name: _text(field.data) for field in self if field.name in DETAILS}

    def writer(self) -> str:
        """Who writes, where it is not the person themselves."""
        return "" if self["role"].data == "self" else _text(self["writer_name"].data)

    def group_address(self) -> str:
        """Where a group has its answer sent; empty of anybody else."""
        return _text(self["writer_address"].data) if self["role"].data == "group" else ""

    def organisation(self) -> dict[str, str]:
        """What was asked of an organisation whose address we do not know."""
        asked = {"address": "organisation_address", "email": "organisation_email"}
        return {name: _text(self[field].data) for name, field in asked.items() if field in self}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "").strip()


def _role(mandated: bool) -> Field:
    offered = ROLES if mandated else {**ROLES, "agent": (ROLES["agent"][0], GROUP_AS_AGENT)}
    choices = [
        SelectChoice(value, words, render_kw={"hint": hint} if hint else {})
        for value, (words, hint) in offered.items()
        if mandated or value != "group"
    ]
    return RadioField(
        _l("Who is writing?"), [InputRequired(_l("Say who is writing"))], choices=choices, default="self"
    )


def _writer_name(mandated: bool) -> Field:
    own, group = (
        _l("If you write for somebody else: what is your own name?"),
        _l("If you write for somebody else: what is your own name, or your group’s?"),
    )
    return StringField(
        group if mandated else own,
        [_writes_for_another, Length(max=300, message=_l("Enter a shorter name"))],
        description=_l("Leave empty if you write for yourself."),
        render_kw={"autocomplete": "off"},
    )


def _writes_for_another(form: Form, field: Field) -> None:
    if (field.data or "").strip():
        return
    if form["role"].data in ("parent", "agent"):
        raise ValidationError(_("Enter your own name, as you write for somebody else"))
    if form["role"].data == "group":
        raise ValidationError(_("Enter the name of your group"))


def _writer_address() -> Field:
    return TextAreaField(
        _l("If a group writes: what is its postal address?"),
        [_answers_go_to_a_group, Length(max=500, message=_l("Enter a shorter address"))],
        description=_l("One line a line. It stands at the top of the letter: the authority answers there."),
        render_kw={"rows": 4, "autocomplete": "off"},
    )


def _answers_go_to_a_group(form: Form, field: Field) -> None:
    if form["role"].data == "group" and not (field.data or "").strip():
        raise ValidationError(_("Enter the postal address of your group, for the answer"))


def _declared(bodies: str) -> Field:
    return BooleanField(
        _l("If a group writes: we are %(bodies)s.", bodies=bodies),
        [_is_of_the_kind],
        description=_l("The letter says so. The authority may want to see it, for example in your statutes."),
    )


def _is_of_the_kind(form: Form, field: Field) -> None:
    if form["role"].data == "group" and not field.data:
        raise ValidationError(
            _(
                "Confirm what kind of group you are: no other may write on a mandate. "
                "If you are of another kind, choose “Someone who was asked to write for another person”."
            )
        )


def _language(tongues: Mapping[str, Any]) -> Field:
    return RadioField(
        _l("In which language should the letter be?"),
        [InputRequired(_l("Choose a language"))],
        choices=[SelectChoice(language, words) for language, words in tongues.items()],
        default=next(iter(tongues)),
    )


def _organisation_address() -> Field:
    return TextAreaField(
        _l("What is their postal address?"),
        [Optional(), Length(max=500, message=_l("Enter a shorter address"))],
        description=_l("From their website, one line a line. We do not know it. Leave empty if you write by e-mail."),
        render_kw={"rows": 4, "autocomplete": "off"},
    )


def _organisation_email() -> Field:
    return EmailField(
        _l("What is their e-mail address for privacy questions?"),
        [Optional(), Email(_l("Enter an e-mail address, for example privacy@example.org"))],
        description=_l("From their privacy policy."),
        render_kw={"autocomplete": "off"},
    )


def _field(asked: Asked, today: date) -> Field:
    """One detail as a field: its question, its bound, and what to do where it is missing."""
    question, hint, missing = DETAILS[asked.name]
    detail = asked.detail
    empty = (OptionalDay() if detail.kind is Kind.DAY else Optional()) if asked.optional else DataRequired(missing)
    checks = [empty, *_bounds(asked, missing, today)]
    common = {"label": question, "description": hint, "validators": checks}
    match detail.kind:
        case Kind.DAY:
            kw = {"autocomplete": detail.autocomplete or "off"}
            made = {"format": ["%d %m %Y", "%Y-%m-%d"], "invalid_value_message": missing, "render_kw": kw}
            return DateField(**common, **made)
        case Kind.CHOICE:
            choices = [SelectChoice(value, words) for value, words in CHOICES[asked.name].items()]
            return RadioField(**common, choices=choices)
        case Kind.EMAIL:
            return EmailField(**common)
        case Kind.LINES:
            return TextAreaField(**common, render_kw={"rows": 4, **_autofill(detail)})
        case Kind.WORDS:
            return TextAreaField(**common, render_kw={"rows": 6, "autocomplete": "off"})
        case _ if detail.autocomplete == "tel":
            return TelField(**common)
        case _:
            return StringField(**common, render_kw=_autofill(detail))


def _autofill(detail: Detail) -> dict[str, str]:
    return {"autocomplete": detail.autocomplete or "off"}


def _bounds(asked: Asked, missing: Any, today: date) -> list[Any]:
    match asked.detail.kind:
        case Kind.DAY:
            return [partial(in_living_memory, today)] if asked.name != "date_from" else []
        case Kind.CHOICE:
            return []
        case Kind.EMAIL:
            return [Email(missing)]
        case _:
            longest = asked.detail.longest
            return [Length(max=longest, message=_l("Use at most %(longest)s characters", longest=longest))]


class OptionalDay(Optional):
    """May be left empty, but only as a whole: a day of which a part is missing is told, not dropped."""

    def __call__(self, form: Form, field: Field) -> None:
        if not any(part.strip() for part in field.raw_data or ()):
            super().__call__(form, field)


def in_living_memory(today: date, _form: Form, field: Field) -> None:
    """No day to come, and none that nobody remembers."""
    day: date | None = field.data
    if day and day.year < 1900:
        raise ValidationError(_("Enter a year after 1900"))
    if day and day > today:
        raise ValidationError(_("Enter a day that is not in the future"))
