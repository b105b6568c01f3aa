"""What the person of a case writes to the portal's staff."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.cases.thread import LONGEST


class MessageForm(FlaskForm):
    text = TextAreaField(
        _l("What do you want to write to them?"),
        [
            DataRequired(_l("Write your message")),
            Length(max=LONGEST, message=_l("Use at most %(longest)s characters", longest=LONGEST)),
        ],
        description=_l("Leave out what they need not know: no identity document, no passwords, not your case key."),
        render_kw={"rows": 8, "autocomplete": "off"},
    )
