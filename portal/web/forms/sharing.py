"""What a person says of what a group may see."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from portal.accounts.groups import Group
from portal.cases.group_sharing import READS, Scope, Wanted, wanted
from portal.web.group_words import NOTHING, SEES


def _choices() -> list[SelectChoice]:
    """From the least to the most; none is chosen beforehand."""
    return [SelectChoice(one, label, render_kw={"hint": hint}) for one, (label, hint) in SEES.items()]


class SeesForm(Form):
    """What one group may see of one case, or of all that are filed together."""

    sees = RadioField(
        _l("What may they see?"), [InputRequired(_l("Choose what the group may see"))], choices=_choices
    )
    joint = BooleanField(
        _l("They may put my case into a complaint of many"),
        description=_l(
            "One complaint to an authority for many people, in which your letters are proof. Only where they may see "
            "your letters. You can take it back until that complaint is sent."
        ),
    )

    def validate_joint(self, field: Field) -> None:
        if field.data and self.sees.data not in READS:
            raise ValidationError(
                _("They need your letters for a complaint of many: let them see the letters, or leave this out")
            )

    def about(self, group: Group) -> None:
        """Ask by the group's name."""
        self.sees.label.text = _("What may %(group)s see?", group=group.name)

    def wanted(self, group: Group, campaign_id: str | None) -> Wanted | None:
        """What was chosen; None for nothing."""
        if self.sees.data == NOTHING:
            return None
        return wanted(group, Scope(self.sees.data), self.joint.data, campaign_id)


class GroupForm(SeesForm, FlaskForm):
    """The same of a case that is filed."""
