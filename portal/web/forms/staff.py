"""What those who work for the portal fill in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, HiddenField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from portal.web.staff.words import ROLES


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
