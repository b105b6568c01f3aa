"""What staff say of a group, and what a group says of its key and its campaigns."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, ValidationError

from portal.accounts import keys
from portal.accounts.groups import About
from portal.accounts.keys import BadPassphrase
from portal.cases.campaigns import LONGEST_WORDS, MOST_ORGANISATIONS, Words
from portal.law.records import Right
from portal.web.forms.applying import (
    LONGEST_NAME,
    LONGEST_PERSON,
    AboutFields,
    about_of,
    at_most,
    countries_of,
    email_field,
    lines,
    one_line,
    stripped,
)
from portal.web.words import RIGHTS

#: Longer ones are stretched all the same, but take the machine for nothing.
_LONGEST_PASSPHRASE = 1_000


class AboutForm(AboutFields, FlaskForm):
    """What a group says of itself, written by staff."""

    def offer(self, countries: Mapping[str, str]) -> None:
        self.place.choices = countries_of(countries)

    def about(self) -> About:
        return about_of(self)


class InviteForm(FlaskForm):
    """Who else will work for a group."""

    person = StringField(
        _l("What is their name?"),
        [DataRequired(_l("Enter their name")), at_most(LONGEST_PERSON), one_line],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    person_email = email_field(
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
        [DataRequired(_l("Enter a passphrase")), at_most(_LONGEST_PASSPHRASE)],
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
        [DataRequired(_l("Enter the passphrase that you use now")), at_most(_LONGEST_PASSPHRASE)],
        render_kw={"autocomplete": "current-password"},
    )


class OpenForm(FlaskForm):
    """The passphrase of a group's key, and where to go on."""

    passphrase = PasswordField(
        _l("What is your group’s passphrase?"),
        [DataRequired(_l("Enter the passphrase")), at_most(_LONGEST_PASSPHRASE)],
        render_kw={"autocomplete": "current-password"},
    )
    after = HiddenField()


class CampaignForm(FlaskForm):
    """What a group writes of a campaign."""

    language = SelectField(_l("In which language is it?"), [InputRequired(_l("Choose a language"))])
    title = StringField(
        _l("What is it called?"),
        [DataRequired(_l("Enter a title")), at_most(LONGEST_NAME), one_line],
        filters=[stripped],
        description=_l("Its link is made of the first title, and stays."),
        render_kw={"autocomplete": "off"},
    )
    words = TextAreaField(
        _l("What do you tell people?"),
        [DataRequired(_l("Write what you tell people")), at_most(LONGEST_WORDS), lines],
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
