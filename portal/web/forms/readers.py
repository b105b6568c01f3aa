"""What a person says of who may read their case."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from portal.cases.filing import Wish
from portal.cases.sharing import Readers
from portal.vault import PublicHalf
from portal.web.forms.sharing import SeesForm
from portal.web.forms.trap import TrapForm
from portal.web.house import house
from portal.web.thread_words import READERS


def _choices() -> list[SelectChoice]:
    """Those the portal offers first come first; none is chosen beforehand."""
    first = house().config.readers_first
    return [
        SelectChoice(one.value, label, render_kw={"hint": hint})
        for one, (label, hint) in sorted(READERS.items(), key=lambda item: item[0] is not first)
    ]


class _Asked(Form):
    readers = RadioField(
        _l("Who may read your case?"), [InputRequired(_l("Choose who may read your case"))], choices=_choices
    )
    urgent = BooleanField(
        _l("This is urgent for me"), description=_l("Staff look at it first. We ask for no reason and keep none.")
    )


class FilingForm(_Asked, SeesForm, TrapForm):
    """What is asked before the button that files; only the button, where there is no staff and no group."""

    propose = BooleanField(
        _l("Propose this organisation for the portal's list"),
        description=_l("Staff read its name, kind, country and address as you wrote them, and nothing of you."),
    )


class ReadersForm(_Asked, FlaskForm):
    """The same of a case that is filed."""


def wish_of(form: FilingForm, staff: PublicHalf) -> Wish:
    shared = form.readers.data == Readers.STAFF.value
    return Wish(staff if shared else None, form.urgent.data, staff)
