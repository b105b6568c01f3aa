"""The address by which a group has the days on which answers are due in its own calendar."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import feeds
from portal.database import reading, transaction
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.staff.group.membership import opened_group

blueprint = Blueprint("group_calendar", __name__)


@blueprint.get("/group/calendar")
def calendar() -> ResponseReturnValue:
    """The address, for those who have the group's key."""
    group, key = opened_group()
    with reading(house().engine) as session:
        secret = feeds.secret_of(session, group.id, key)
    address = f"{house().config.public_url}/group-calendar/{secret}.ics" if secret else ""
    return render_template("staff/group/cases/calendar.html", address=address, press=PressForm())


@blueprint.post("/group/calendar")
def change() -> ResponseReturnValue:
    """Make an address, a new one in its place, or take it away."""
    group, _key = opened_group()
    if PressForm().validate_on_submit():
        with transaction(house().engine) as session:
            if request.form.get("do") == "drop":
                feeds.drop(session, group.id)
            else:
                feeds.renew(session, group, house().config.lookup_key, house().today())
    return redirect(url_for("group_calendar.calendar"))
