"""The questions on the pages of the law, answered in the address."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SearchField, SelectField
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError

from portal.web.forms.journey import Asked

_FIRST_YEAR, _LAST_YEAR = 1970, 2100


class LookUpForm(Asked):
    q = SearchField(
        _l("Look up an organisation, a law, an authority or a decision"),
        [Optional(), Length(max=100, message=_l("Enter a shorter name"))],
        description=_l("For example: CNIL, BIPA, or Clearview AI."),
        render_kw={"autocomplete": "off", "spellcheck": False, "maxlength": 100},
    )


class CountForm(Asked):
    """A rule, the day that its clock counts from, and the place whose holidays matter where the rule asks for one."""

    rule = SelectField(_l("Which deadline?"), default="eu-1m")  # most people ask for it
    day = DateField(
        _l("On which day does time begin?"),
        [DataRequired(_l("Enter a day, for example 31 1 2027"))],
        format=["%d %m %Y", "%Y-%m-%d"],
        invalid_value_message=_l("Enter a day, for example 31 1 2027"),
        description=_l("For an answer: the day on which they received your letter. For example 31 1 2027."),
    )
    place = SelectField(
        _l("Where do you live?"),
        default="",
        description=_l("Some deadlines, such as that of the GDPR, follow the public holidays of your place."),
    )

    def __init__(self, needs_place: Callable[[str], bool], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._needs_place = needs_place

    def validate_day(self, field: DateField) -> None:
        if isinstance(field.data, date) and not _FIRST_YEAR <= field.data.year <= _LAST_YEAR:
            raise ValidationError(_l("Enter a year between 1970 and 2100"))

    def validate_place(self, field: SelectField) -> None:
        if not field.data and self._needs_place(self.rule.data or ""):
            raise StopValidation(_l("Choose a place: this deadline follows its public holidays"))
