"""What staff want to see counted."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from portal.cases.tasks import Matter
from portal.web.forms.journey import Asked
from portal.web.staff.task_words import MATTERS

_WEEKS = ("4", "13", "26")
_USUAL = "13"


class FiguresForm(Asked):
    """For how many weeks, and of what; sent by GET."""

    weeks = SelectField(
        _l("For how many weeks, up to today?"), choices=[SelectChoice(one, one) for one in _WEEKS], default=_USUAL
    )
    matter = SelectField(
        _l("Of what?"),
        choices=[
            SelectChoice("", _l("Everything")),
            *(SelectChoice(one.value, words.name) for one, words in MATTERS.items()),
        ],
        default="",
    )

    def wanted(self) -> tuple[tuple[Matter, ...], int]:
        """Of which matters, for how many weeks; the usual, where what was chosen is not offered."""
        if self.is_submitted_by_get and not self.validate():
            return tuple(Matter), int(_USUAL)
        chosen = tuple(one for one in Matter if self.matter.data in ("", one.value))
        return chosen, int(self.weeks.data)
