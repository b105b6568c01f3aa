"""What a group says of itself, in public and when it asks to be let in."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, SelectField, StringField, TextAreaField, URLField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, ValidationError

from portal.accounts.groups import About
from portal.cases import confirmations
from portal.cases.applications import LONGEST_PURPOSE, Application
from portal.cases.confirmations import NotAPage
from portal.web.forms.trap import TrapForm

LONGEST_NAME = 120
_LONGEST_PAGE = 300
LONGEST_PERSON = 120
#: Turn the words around them, so that they read otherwise than they are written.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def at_most(most: int) -> Length:
    return Length(max=most, message=_l("Use at most %(longest)s characters", longest=most))


def stripped(typed: str | None) -> str:
    return (typed or "").strip()


def one_line(_form: FlaskForm, field: Field) -> None:
    """One line of characters that can be seen."""
    if any(_is_hidden(one) for one in field.data or ""):
        raise ValidationError(_l("Take out line breaks and characters that cannot be seen"))


def lines(_form: FlaskForm, field: Field) -> None:
    """Lines of characters that can be seen."""
    if any(_is_hidden(one) and one not in "\r\n\t" for one in field.data or ""):
        raise ValidationError(_l("Take out characters that cannot be seen, or that turn the text around"))


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _TURNING


def _https(_form: FlaskForm, field: Field) -> None:
    try:
        field.data = confirmations.public_page(field.data, (field.data.partition("#")[0],))
    except NotAPage as no:
        raise ValidationError(_l("Enter the address of a page, for example https://www.example.org")) from no


def email_field(question: Any, hint: Any = None, fill: str = "email") -> EmailField:
    return EmailField(
        question,
        [at_most(254), Email(_l("Enter an e-mail address, for example name@example.org"))],
        filters=[stripped],
        description=hint or "",
        render_kw={"autocomplete": fill},
    )


class AboutFields:
    """What a group says of itself in public."""

    name = StringField(
        _l("What is your group called?"),
        [DataRequired(_l("Enter the name of the group")), at_most(LONGEST_NAME), one_line],
        filters=[stripped],
        description=_l("As people know it."),
        render_kw={"autocomplete": "organization"},
    )
    page = URLField(
        _l("What is the address of its own page?"),
        [DataRequired(_l("Enter the address of its page")), at_most(_LONGEST_PAGE), _https],
        filters=[stripped],
        description=_l("So that people can see who you are. It begins with https://"),
        render_kw={"autocomplete": "url"},
    )
    email = email_field(
        _l("At which e-mail address can people reach it?"),
        _l("It stands on your pages here, for everybody."),
    )
    place = SelectField(_l("In which country does it have its seat?"), [InputRequired(_l("Choose a country"))])
    mandated = BooleanField(
        _l("The law lets it act for others"),
        description=_l(
            "It works without gain, was properly set up under the law of its country, has aims in the public "
            "interest, and is active in protecting people’s rights over their data (article 80(1) of the GDPR). "
            "Leave this empty if you are not sure: you can run campaigns without it."
        ),
    )


class ApplyForm(AboutFields, TrapForm):
    """What a group says that wants to be let in."""

    purpose = TextAreaField(
        _l("What do you want to do here?"),
        [
            DataRequired(_l("Say in a few sentences what you want to do here")),
            at_most(LONGEST_PURPOSE),
            lines,
        ],
        description=_l("Whom you help, against whom, and how. Write about no person’s case."),
        render_kw={"rows": 8},
    )
    person = StringField(
        _l("Who are you?"),
        [DataRequired(_l("Enter your name")), at_most(LONGEST_PERSON), one_line],
        filters=[stripped],
        description=_l("Your own name. Only the staff read it."),
        render_kw={"autocomplete": "name"},
    )
    person_email = email_field(
        _l("At which e-mail address do we answer you?"),
        _l("Your own, at the group if you have one there. Only the staff read it."),
    )

    def offer(self, countries: Mapping[str, str]) -> None:
        self.place.choices = countries_of(countries)

    def application(self) -> Application:
        return Application(about_of(self), self.purpose.data.strip(), self.person.data, self.person_email.data)


def countries_of(countries: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Choose a country")), *(SelectChoice(*one) for one in countries.items())]


def about_of(form: Any) -> About:
    said = form.name.data, form.page.data, form.email.data, form.place.data
    return About(*said, bool(form.mandated.data))
