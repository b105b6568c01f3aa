"""What those who work for the portal fill in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.web.staff.words import ROLES


class PersonForm(FlaskForm):
    """What somebody may do, and whether they may sign in."""

    roles = SelectMultipleField(
        _l("What may they do?"),
        choices=[SelectChoice(role.value, words, render_kw={"hint": says}) for role, (words, says) in ROLES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    active = BooleanField(_l("They may sign in"))
