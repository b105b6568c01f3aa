"""The questions before the letter; each is answered in the address, so that a step can be linked to."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SearchField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional


class Asked(FlaskForm):
    """A form sent by GET: it changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    @property
    def is_submitted_by_get(self) -> bool:
        """Whether the address carries answers."""
        return self._answered

    def __init__(self, answers: MultiDict[str, str] | None = None, **kwargs: Any) -> None:
        self._answered = answers is not None
        super().__init__(formdata=answers, **kwargs)


class SearchForm(Asked):
    q = SearchField(
        _l("Who holds your face?"),
        [Optional(), Length(max=100, message=_l("Enter a shorter name"))],
        description=_l("A company, a police force or an agency. For example: Clearview AI, or RCMP."),
        render_kw={"autocomplete": "off", "spellcheck": False, "maxlength": 100},
    )


class RightForm(Asked):
    right = RadioField(validators=[InputRequired(_l("Choose what you want them to do"))])


class PlaceForm(Asked):
    place = SelectField(
        _l("Where do you live?"),
        [InputRequired(_l("Choose the place you live in"))],
        description=_l("The place where you usually live now."),
    )


class RegionForm(Asked):
    region = RadioField(validators=[InputRequired(_l("Choose the place you live in"))])


class OrganisationForm(Asked):
    name = StringField(
        _l("What is it called?"),
        [
            DataRequired(_l("Enter the name of the organisation")),
            Length(max=200, message=_l("Enter a shorter name")),
        ],
        description=_l("As it stands on its letters or its website."),
        render_kw={"autocomplete": "off"},
    )
    kind = RadioField(_l("What is it?"), [InputRequired(_l("Choose what it is"))])
    seat = SelectField(
        _l("Where does it sit, or whose body is it?"),
        [Optional()],
        description=_l("Choose “I do not know” if nothing tells you."),
    )
