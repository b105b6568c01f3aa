"""What a group's own calendar fetches: days, and nothing of anybody."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.cases import feeds
from portal.database import reading
from portal.web import calendar, limits
from portal.web.house import house

blueprint = Blueprint("feeds", __name__)


@blueprint.get("/group-calendar/<secret>.ics")
def feed(secret: str) -> ResponseReturnValue:
    """The days of the group with this secret; no page where it is nobody's, or has been renewed."""
    limits.attempt("key")
    now = house().clock()
    with reading(house().engine) as session:
        found = feeds.due(session, secret, house().config.lookup_key, now.date())
    if found is None:
        raise NotFound
    return calendar.feed(found, now)
