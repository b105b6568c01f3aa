"""What whoever works for a group fills in."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.cases.group_queue import Wanted
from portal.cases.status import Kind
from portal.web.case_words import STATUSES
from portal.web.forms.journey import Asked
from portal.web.forms.letter import OptionalDay
from portal.web.staff.group.words import SCOPES
from portal.web.words import CHOICES, Words


def choices(every: Words, offered: Mapping[Any, Any]) -> list[SelectChoice]:
    """All of them first, then each."""
    return [SelectChoice("", every), *(SelectChoice(str(value), words) for value, words in offered.items())]


class CasesForm(Asked):
    """Which of its cases a group wants to see; sent by GET."""

    campaign = SelectField(_l("Campaign"), default="")
    organisation = SelectField(_l("About"), default="")
    status = SelectField(
        _l("How far it is"),
        choices=choices(_l("Everything"), {one.value: words for one, words in STATUSES.items()}),
        default="",
    )
    scope = SelectField(
        _l("What you may do"),
        choices=choices(_l("Everything"), {one.value: words for one, (words, _) in SCOPES.items()}),
        default="",
    )
    late = BooleanField(_l("Only where the answer is late"))

    def offer(self, campaigns: Mapping[str, str], organisations: Mapping[str, str]) -> None:
        """Let them choose among what there is."""
        self.campaign_names = campaigns
        self.campaign.choices = choices(_l("All campaigns"), campaigns)
        self.organisation.choices = choices(_l("All organisations"), organisations)

    def wanted(self, group_id: str, today: Any) -> Wanted:
        """What was chosen, where all of it is among what is offered; else everything."""
        if self.is_submitted_by_get and not self.validate():
            return Wanted(group_id)
        return Wanted(
            group_id,
            self.campaign.data or "",
            self.organisation.data or "",
            self.status.data or "",
            self.scope.data or "",
            today if self.late.data else None,
        )


class TogetherForm(FlaskForm):
    """Several cases at once."""

    cases = SelectMultipleField(_l("Which cases?"), validate_choice=False)


class StepForm(TogetherForm):
    """What has happened in all of them, and when."""

    kind = RadioField(
        _l("What has happened?"),
        [InputRequired(_l("Choose what has happened"))],
        choices=[
            SelectChoice(Kind.SENT.value, _l("The letters were sent")),
            SelectChoice(Kind.RECEIVED.value, _l("They have the letters")),
            SelectChoice(Kind.ANSWERED.value, _l("They answered")),
        ],
    )
    day = DateField(
        _l("On which day?"),
        [DataRequired(_l("Enter the day"))],
        format=["%d %m %Y", "%Y-%m-%d"],
        invalid_value_message=_l("Enter the day"),
        render_kw={"autocomplete": "off"},
    )


class AskedForm(Asked):
    """To whom members write, and for what; sent by GET."""

    campaign = SelectField(_l("For which campaign?"), [Optional()], default="")
    organisation = SelectField(_l("To whom do they write?"), [InputRequired(_l("Choose an organisation"))])
    right = SelectField(_l("What do they ask for?"), [InputRequired(_l("Choose what they ask for"))])

    def offer(
        self, campaigns: Mapping[str, str], organisations: Mapping[str, str], rights: Mapping[str, Any]
    ) -> None:
        """Let them choose among what there is."""
        self.campaign.choices = choices(_l("For none"), campaigns)
        self.organisation.choices = choices(_l("Choose an organisation"), organisations)
        self.right.choices = choices(_l("Choose what they ask for"), rights)


class BringForm(FlaskForm):
    """A list of members."""

    file = FileField(
        _l("Which file?"), [FileRequired(_l("Choose a CSV file"))], render_kw={"accept": ".csv,text/csv"}
    )
    address = TextAreaField(
        _l("What is your group’s postal address?"),
        [
            InputRequired(_l("Enter your group’s postal address")),
            Length(max=500, message=_l("Enter a shorter address")),
        ],
        description=_l("One line a line. It stands at the top of letters that you write on a mandate."),
        render_kw={"rows": 4, "autocomplete": "street-address"},
    )


class JointForm(TogetherForm):
    """Who complains together, and what their letters need besides."""

    address = TextAreaField(
        _l("What is your group’s postal address?"),
        [Optional(), Length(max=500, message=_l("Enter a shorter address"))],
        description=_l("One line a line. The authority answers there."),
        render_kw={"rows": 4, "autocomplete": "street-address"},
    )
    answer = RadioField(
        _l("What did those get who were answered?"),
        [Optional()],
        choices=[SelectChoice(one, CHOICES["answer"][one]) for one in ("refused", "incomplete")],
    )
    day = DateField(
        _l("On which day was it sent?"),
        [OptionalDay()],
        description=_l("Only once it is sent: then it stands in each of these cases."),
        format=["%d %m %Y", "%Y-%m-%d"],
        invalid_value_message=_l("Enter the day on which it was sent"),
        render_kw={"autocomplete": "off"},
    )
