"""What a group says of itself and of its campaigns, and what staff say of a group."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, EqualTo, InputRequired, Length, ValidationError

from portal.accounts import keys
from portal.accounts.groups import About
from portal.accounts.keys import BadPassphrase
from portal.cases import confirmations
from portal.cases.applications import LONGEST_PURPOSE, Application
from portal.cases.campaigns import LONGEST_WORDS, MOST_ORGANISATIONS, Words
from portal.cases.confirmations import NotAPage
from portal.law.records import Right
from portal.web.forms.trap import TrapForm
from portal.web.words import RIGHTS

_LONGEST_NAME = 120
_LONGEST_PAGE = 300
_LONGEST_PERSON = 120
#: Turn the words around them, so that they read otherwise than they are written.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Longer ones are stretched all the same, but take the machine for nothing.
_LONGEST_PASSPHRASE = 1_000


def _long(most: int) -> Length:
    return Length(max=most, message=_l("Use at most %(longest)s characters", longest=most))


def _stripped(typed: str | None) -> str:
    return (typed or "").strip()


def _line(_form: FlaskForm, field: Field) -> None:
    """One line of characters that can be seen."""
    if any(_is_hidden(one) for one in field.data or ""):
        raise ValidationError(_l("Take out line breaks and characters that cannot be seen"))


def _words(_form: FlaskForm, field: Field) -> None:
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


def _email(question: Any, hint: Any = None, fill: str = "email") -> EmailField:
    return EmailField(
        question,
        [_long(254), Email(_l("Enter an e-mail address, for example name@example.org"))],
        filters=[_stripped],
        description=hint or "",
        render_kw={"autocomplete": fill},
    )


class _About:
    """What a group says of itself in public."""

    name = StringField(
        _l("What is your group called?"),
        [DataRequired(_l("Enter the name of the group")), _long(_LONGEST_NAME), _line],
        filters=[_stripped],
        description=_l("As people know it."),
        render_kw={"autocomplete": "organization"},
    )
    page = URLField(
        _l("What is the address of its own page?"),
        [DataRequired(_l("Enter the address of its page")), _long(_LONGEST_PAGE), _https],
        filters=[_stripped],
        description=_l("So that people can see who you are. It begins with https://"),
        render_kw={"autocomplete": "url"},
    )
    email = _email(
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


class AboutForm(_About, FlaskForm):
    """What a group says of itself, written by staff."""

    def offer(self, countries: Mapping[str, str]) -> None:
        self.place.choices = _countries(countries)

    def about(self) -> About:
        return _about(self)


class ApplyForm(_About, TrapForm):
    """What a group says that wants to be let in."""

    purpose = TextAreaField(
        _l("What do you want to do here?"),
        [
            DataRequired(_l("Say in a few sentences what you want to do here")),
            _long(LONGEST_PURPOSE),
            _words,
        ],
        description=_l("Whom you help, against whom, and how. Write about no person’s case."),
        render_kw={"rows": 8},
    )
    person = StringField(
        _l("Who are you?"),
        [DataRequired(_l("Enter your name")), _long(_LONGEST_PERSON), _line],
        filters=[_stripped],
        description=_l("Your own name. Only the staff read it."),
        render_kw={"autocomplete": "name"},
    )
    person_email = _email(
        _l("At which e-mail address do we answer you?"),
        _l("Your own, at the group if you have one there. Only the staff read it."),
    )

    def offer(self, countries: Mapping[str, str]) -> None:
        self.place.choices = _countries(countries)

    def application(self) -> Application:
        return Application(_about(self), self.purpose.data.strip(), self.person.data, self.person_email.data)


def _countries(countries: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Choose a country")), *(SelectChoice(*one) for one in countries.items())]


def _about(form: Any) -> About:
    said = form.name.data, form.page.data, form.email.data, form.place.data
    return About(*said, bool(form.mandated.data))


class InviteForm(FlaskForm):
    """Who else will work for a group."""

    person = StringField(
        _l("What is their name?"),
        [DataRequired(_l("Enter their name")), _long(_LONGEST_PERSON), _line],
        filters=[_stripped],
        render_kw={"autocomplete": "off"},
    )
    person_email = _email(
        _l("What is their e-mail address?"), _l("They sign in as this, each with their own."), "off"
    )


class JoinForm(FlaskForm):
    """Which account works for a group from now on."""

    account = SelectField(_l("Who has signed in, and is in no group yet?"), [InputRequired(_l("Choose somebody"))])

    def offer(self, people: Mapping[str, str]) -> None:
        self.account.choices = [
            SelectChoice("", _l("Choose somebody")),
            *(SelectChoice(*one) for one in people.items()),
        ]


# The group's own


class _Passphrase:
    """A passphrase that a group chooses, typed twice."""

    passphrase = PasswordField(
        _l("Which passphrase does your group take?"),
        [DataRequired(_l("Enter a passphrase")), _long(_LONGEST_PASSPHRASE)],
        description=_l("Five words at random, or at least 20 characters. Use it nowhere else."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("The same passphrase once more"),
        [EqualTo("passphrase", _l("The two are not the same: type both once more"))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_passphrase(self, field: Field) -> None:
        try:
            keys.check(field.data)
        except BadPassphrase as no:
            raise ValidationError(
                _l("This is too easy to guess: take five words at random, or at least 20 characters")
            ) from no


class TermsForm(_Passphrase, FlaskForm):
    """The passphrase of a group's key, and that it accepts the terms."""

    agreed = BooleanField(
        _l("I may bind our group, and we accept these terms"),
        [InputRequired(_l("Tick this if your group accepts the terms; else nothing is opened to it"))],
    )


class ChangeForm(_Passphrase, FlaskForm):
    """Another passphrase in the place of the one that there is."""

    before = PasswordField(
        _l("What is the passphrase now?"),
        [DataRequired(_l("Enter the passphrase that you use now")), _long(_LONGEST_PASSPHRASE)],
        render_kw={"autocomplete": "current-password"},
    )


class OpenForm(FlaskForm):
    """The passphrase of a group's key, and where to go on."""

    passphrase = PasswordField(
        _l("What is your group’s passphrase?"),
        [DataRequired(_l("Enter the passphrase")), _long(_LONGEST_PASSPHRASE)],
        render_kw={"autocomplete": "current-password"},
    )
    after = HiddenField()


class CampaignForm(FlaskForm):
    """What a group writes of a campaign."""

    language = SelectField(_l("In which language is it?"), [InputRequired(_l("Choose a language"))])
    title = StringField(
        _l("What is it called?"),
        [DataRequired(_l("Enter a title")), _long(_LONGEST_NAME), _line],
        filters=[_stripped],
        description=_l("Its link is made of the first title, and stays."),
        render_kw={"autocomplete": "off"},
    )
    words = TextAreaField(
        _l("What do you tell people?"),
        [DataRequired(_l("Write what you tell people")), _long(LONGEST_WORDS), _words],
        description=_l(
            "Why you do it, and what becomes of what they share with you. In Markdown: # begins a heading, - an "
            "item of a list, **bold**, *emphasis*, [words](https://example.org) a link. No pictures, no HTML."
        ),
        render_kw={"rows": 14, "autocomplete": "off"},
    )
    organisations = SelectMultipleField(
        _l("Whom do people write to?"),
        [InputRequired(_l("Choose at least one organisation"))],
        description=_l("Each person chooses one of these at first, and can write the same to the others."),
    )
    right = RadioField(_l("What do they ask for?"), [InputRequired(_l("Choose what they ask for"))])

    def offer(
        self,
        languages: Mapping[str, str],
        organisations: Mapping[str, str],
        may_ask: Mapping[str, frozenset[Right]],
    ) -> None:
        """What can be chosen; `may_ask`: what makes sense to ask of each organisation."""
        self.language.choices = [SelectChoice(*one) for one in languages.items()]
        self.organisations.choices = [SelectChoice(*one) for one in organisations.items()]
        self.right.choices = [
            SelectChoice(right.value, words, render_kw={"hint": hint}) for right, (words, hint) in RIGHTS.items()
        ]
        self._may_ask = may_ask

    def validate_organisations(self, field: Field) -> None:
        if len(field.data) > MOST_ORGANISATIONS:
            raise ValidationError(_l("Choose at most %(most)s", most=MOST_ORGANISATIONS))

    def validate_right(self, field: Field) -> None:
        chosen = [self._may_ask[one] for one in self.organisations.data or () if one in self._may_ask]
        if not all(field.data in one for one in chosen):
            raise ValidationError(
                _l("This cannot be asked of all that you chose: choose another right, or fewer organisations")
            )

    def said(self) -> Words:
        organisations = tuple(self.organisations.data)
        return Words(self.language.data, self.title.data, self.words.data.strip(), organisations, self.right.data)
