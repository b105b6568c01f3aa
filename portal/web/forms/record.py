"""What is asked on the pages of the public record."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SearchField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional

from portal.cases.statements import LONGEST, Written
from portal.web.forms.journey import Asked
from portal.web.forms.trap import TrapForm

_SHORT = 120


class LookUpForm(Asked):
    q = SearchField(
        _l("Look up an organisation"),
        [Optional(), Length(max=100, message=_l("Enter a shorter name"))],
        description=_l("For example: Clearview AI, or RCMP."),
        render_kw={"autocomplete": "off", "spellcheck": False, "maxlength": 100},
    )


def _line(question: object, missing: object, autocomplete: str) -> StringField:
    too_long = Length(max=_SHORT, message=_l("Use at most %(longest)s characters", longest=_SHORT))
    return StringField(question, [DataRequired(missing), too_long], render_kw={"autocomplete": autocomplete})


class StatementForm(TrapForm):
    """What somebody says in the name of an organisation."""

    text = TextAreaField(
        _l("What does your organisation say about these figures?"),
        [
            DataRequired(_l("Write what your organisation says")),
            Length(max=LONGEST, message=_l("Use at most %(longest)s characters", longest=LONGEST)),
        ],
        description=_l(
            "Everybody reads this. Plain text, at most %(longest)s characters; name no person who wrote to you.",
            longest=LONGEST,
        ),
        render_kw={"rows": 10},
    )
    language = SelectField(_l("In which language is it written?"))
    name = _line(_l("What is your name?"), _l("Enter your name"), "name")
    function = _line(_l("What do you do there?"), _l("Enter what you do there"), "organization-title")
    email = EmailField(
        _l("What is your e-mail address at work?"),
        [
            DataRequired(_l("Enter your e-mail address at work")),
            Length(max=254),
            Email(_l("Enter an e-mail address, for example name@example.org")),
        ],
        description=_l("Name, function and address are for our staff alone, and are deleted once they have decided."),
    )

    def written(self, organisation: str) -> Written:
        """What was typed, of an organisation."""
        names = ("text", "language", "name", "function", "email")
        values = {name: (self[name].data or "").replace("\0", "").strip() for name in names}
        return Written(organisation, **values)
