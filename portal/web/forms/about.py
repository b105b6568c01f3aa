"""What somebody says who finds something wrong with the portal."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional

from portal.cases.reports import LONGEST, Report
from portal.web.forms.trap import TrapForm


class ReportForm(TrapForm):
    text = TextAreaField(
        _l("What is wrong?"),
        [
            DataRequired(_l("Say in a few words what is wrong")),
            Length(max=LONGEST, message=_l("Use at most %(longest)s characters", longest=LONGEST)),
        ],
        description=_l(
            "An address, a law, a date, a word, a page that does not work. Do not write about your own case."
        ),
        render_kw={"rows": 6},
    )
    email = EmailField(
        _l("Where can we answer?"),
        [Optional(), Length(max=254), Email(_l("Enter an e-mail address, for example name@example.org"))],
        description=_l("Only if you want an answer."),
    )
    page = HiddenField()

    def report(self, page: str) -> Report:
        """What was typed, about a page named by its rule."""
        return Report(text=self.text.data.strip(), page=page, email=(self.email.data or "").strip())
