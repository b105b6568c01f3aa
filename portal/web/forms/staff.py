"""What those who work for the portal fill in."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.permissions import Role
from portal.cases import confirmations
from portal.cases.confirmations import NotAPage
from portal.law import patches
from portal.law.looks import fingerprint
from portal.law.patches import Correction
from portal.law.records import Contact
from portal.letters.details import lines_of
from portal.trail import Wanted
from portal.web.forms.journey import Asked
from portal.web.forms.letter import OptionalDay
from portal.web.record_words import FAULTS
from portal.web.staff.trail_words import ACTIONS, OUTCOMES, SHORT
from portal.web.staff.words import NOT_A_PAGE, ROLES

_FIRST_YEAR, _LAST_YEAR = 1970, 2100
#: How the keyed hash of a case begins, at least so far as a row of the trail shows it.
_CASE = rf"[0-9a-fA-F]{{{SHORT},64}}\Z"
#: The largest number that the column of a row's number takes.
_LAST_ROW = 2**31 - 1


def _spaceless(typed: str | None) -> str:
    """Apps show `123 456`."""
    return "".join((typed or "").split())


def _digits(question: Any) -> Field:
    """A code of an app."""
    missing = _l("Enter the six digits")
    return StringField(
        question,
        [DataRequired(missing), Regexp(r"[0-9]{6}\Z", message=missing)],
        filters=[_spaceless],
        description=_l("Six digits."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": False},
    )


def _long(most: int) -> Length:
    return Length(max=most, message=_l("Use at most %(longest)s characters", longest=most))


class PressForm(FlaskForm):
    """A press of a button; its token shows that it came from our page."""


class PasskeyForm(FlaskForm):
    """What a passkey answers, put in by script, and where to go on."""

    credential = HiddenField(validators=[DataRequired(_l("Your browser gave no passkey. Please try once more."))])
    after = HiddenField()


class LinkForm(FlaskForm):
    link = StringField(
        _l("What is your link?"),
        [DataRequired(_l("Enter your link, or what stands after “#” in it")), Length(max=300)],
        description=_l(
            "It is here already where your browser has put it in. Else copy it, or what stands after “#” in it."
        ),
        render_kw={"autocomplete": "off", "spellcheck": False, "autocapitalize": "none"},
    )


class NewCodeForm(FlaskForm):
    code = _digits(_l("Which code does the app show now?"))


class CodeForm(FlaskForm):
    email = EmailField(
        _l("What is your e-mail address?"),
        [Length(max=254), Email(_l("Enter an e-mail address, for example name@example.org"))],
        description=_l("The one that you were invited by."),
        render_kw={"autocomplete": "username"},
    )
    code = _digits(_l("Which code does your app show now?"))
    after = HiddenField()


class PersonForm(FlaskForm):
    """What somebody may do, and whether they may sign in."""

    roles = SelectMultipleField(
        _l("What may they do?"),
        choices=[SelectChoice(role.value, words, render_kw={"hint": says}) for role, (words, says) in ROLES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    active = BooleanField(_l("They may sign in"))

    def validate_roles(self, field: Field) -> None:
        if Role.GROUP_MEMBER in field.data and len(field.data) > 1:
            raise ValidationError(
                _l("Who works for a group has no other role: choose “Member of a group” alone, or leave it out")
            )


def _day(question: Any) -> Field:
    return DateField(
        question,
        [OptionalDay(), _in_its_time],
        format=["%d %m %Y", "%Y-%m-%d"],
        invalid_value_message=_l("Enter a day, for example 31 1 2027"),
        render_kw={"autocomplete": "off"},
    )


def _in_its_time(_form: FlaskForm, field: Field) -> None:
    if field.data and not _FIRST_YEAR <= field.data.year <= _LAST_YEAR:
        raise ValidationError(_l("Enter a year between 1970 and 2100"))


def _number_of_a_row(_form: FlaskForm, field: Field) -> None:
    if not re.fullmatch("[1-9][0-9]{0,9}", field.data) or int(field.data) > _LAST_ROW:
        raise ValidationError(_l("There is no such row: begin with the newest"))


class TrailForm(Asked):
    """Which rows of the trail; days are those of UTC, as the times of the rows are."""

    action = SelectField(_l("What was done?"), default="")
    outcome = SelectField(_l("What became of it?"), default="")
    actor = SelectField(_l("Who did it?"), default="")
    case = StringField(
        _l("About which case?"),
        [Optional(), Regexp(_CASE, message=_l("Enter 8 digits or more of a case: 0 to 9 and a to f"))],
        filters=[lambda typed: (typed or "").strip()],
        description=_l("Its first 8 digits, as they stand in a row, or more."),
        render_kw={"autocomplete": "off", "spellcheck": False, "autocapitalize": "none"},
    )
    first = _day(_l("From which day on?"))
    last = _day(_l("Up to which day?"))
    before = HiddenField(validators=[Optional(), _number_of_a_row])

    def __init__(self, actors: Iterable[SelectChoice], answers: MultiDict[str, str]) -> None:
        super().__init__(answers)
        self.action.choices = [SelectChoice("", _l("Anything")), *_choices(ACTIONS)]
        self.outcome.choices = [SelectChoice("", _l("Done or refused")), *_choices(OUTCOMES)]
        self.actor.choices = [SelectChoice("", _l("Anybody")), *actors]

    def validate_last(self, field: Field) -> None:
        if isinstance(field.data, date) and isinstance(self.first.data, date) and field.data < self.first.data:
            raise ValidationError(_l("Enter a day that is not before the first"))

    @property
    def row_before(self) -> int | None:
        """The row that was the last of the page before."""
        return int(self.before.data) if self.before.data else None

    def asked(self) -> dict[str, Any]:
        """What an address says to ask for the same again, without how far it was leafed through."""
        return {field.name: field.data for field in self if field.data and field.name != "before"}

    def wanted(self) -> Wanted:
        """The rows that are asked for, of a form that was found right."""
        since, until = (_midnight(field.data, days) for field, days in ((self.first, 0), (self.last, 1)))
        case = (self.case.data or "").lower()
        return Wanted(self.action.data, self.outcome.data, self.actor.data, case, since, until)


def _choices(words: Any) -> list[SelectChoice]:
    return [SelectChoice(one.value, called) for one, called in words.items()]


def _midnight(day: date | None, later: int) -> datetime | None:
    """The moment with which a day of UTC begins, or the one so many days later."""
    return datetime.combine(day, time(), UTC) + timedelta(days=later) if day else None


class LookForm(FlaskForm):
    """That somebody looked at an address; `seen` is the fingerprint of the one that they were shown."""

    page = URLField(
        _l("Where did you look?"),
        [DataRequired(_l("Enter the address of the page where you looked"))],
        description=_l("The page where they say themselves how to reach them. Copy its address from your browser."),
        render_kw={"autocomplete": "off"},
    )
    seen = HiddenField()

    def __init__(self, contact: Contact, **values: Any) -> None:
        self._contact = contact
        super().__init__(seen=fingerprint(contact), **values)

    def validate_page(self, field: Field) -> None:
        try:
            field.data = confirmations.page(field.data, self._contact)
        except NotAPage as no:
            raise ValidationError(NOT_A_PAGE[no.why]) from no

    def validate_seen(self, field: Field) -> None:
        """A new data file may have come while the page was open."""
        if field.data != fingerprint(self._contact):
            field.data = fingerprint(self._contact)
            raise ValidationError(_l("The address was changed while this page was open. Look at it once more."))

    def correction(self) -> Correction | None:
        """What is right; None where nobody asks for that."""
        return None


class TakeDownForm(FlaskForm):
    """Why an organisation's answer is to be shown no more."""

    fault = RadioField(
        _l("Why is it to go?"),
        [InputRequired(_l("Choose why it is to go"))],
        choices=[SelectChoice(fault.value, words) for fault, words in FAULTS.items()],
    )


class WrongForm(LookForm):
    """That somebody found an address wrong, and what is right."""

    address = TextAreaField(
        _l("The address, as it goes on the envelope"),
        [Optional(), _long(600)],
        description=_l("With their name, line by line. Leave it empty where they have none."),
        render_kw={"rows": 6, "autocomplete": "off"},
    )
    email = EmailField(
        _l("The e-mail address that takes such letters"),
        [Optional(), _long(254), Email(_l("Enter an e-mail address, for example name@example.org"))],
        render_kw={"autocomplete": "off"},
    )
    their_form = URLField(_l("The page of their form"), [Optional(), _long(500)], render_kw={"autocomplete": "off"})
    remark = TextAreaField(
        _l("What else should a law editor know?"),
        [Optional(), _long(2_000)],
        description=_l("Write nothing about any person who filed something."),
        render_kw={"rows": 4},
    )

    def __init__(self, contact: Contact) -> None:
        now = patches.of(contact)
        super().__init__(contact, address="\n".join(now.address), email=now.email, their_form=now.form)

    def validate(self, extra_validators: Any = None) -> bool:
        """What is wrong has to be said, in one of the boxes."""
        if not super().validate(extra_validators):
            return False
        said = self.correction()
        if not said.remark and not said.changes(self._contact):
            self.address.errors = [_l("Change what is wrong in these boxes, or say in the last one what it is")]
            return False
        return True

    def correction(self) -> Correction:
        """What is right, all of it."""
        email, form, remark = ((one.data or "").strip() for one in (self.email, self.their_form, self.remark))
        return Correction(lines_of(self.address.data or ""), email, form, remark)
