"""To whom else the same is sent."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, SelectMultipleField
from wtforms.validators import ValidationError

#: A letter each, all set into one PDF within the time that a letter may take.
MOST_OTHERS = 9


def not_too_many(_form: Form, field: Field) -> None:
    if len(field.data or ()) > MOST_OTHERS:
        raise ValidationError(_("Choose at most %(most)s; write to the others after these", most=MOST_OTHERS))


class OthersForm(FlaskForm):
    others = SelectMultipleField(_l("Who else should get the same?"), [not_too_many])
