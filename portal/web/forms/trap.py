"""A field that people do not see, and that gives away what fills in everything."""

from flask_wtf import FlaskForm
from wtforms import StringField


class TrapForm(FlaskForm):
    """A form for people: where it is trapped, the view answers as if all were well, and does nothing."""

    website = StringField()

    @property
    def is_trapped(self) -> bool:
        return bool(self.website.data)
