"""The first page of a group: what it can do next, and who works for it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.accounts import people
from portal.cases import campaigns
from portal.database import reading
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.staff.campaign_words import STATES
from portal.web.staff.desk import asking
from portal.web.staff.group.membership import open_key, own_group

blueprint = Blueprint("group_front", __name__)


@blueprint.get("/group")
def home() -> ResponseReturnValue:
    """What comes next: the terms, the passphrase, then all the rest."""
    group = own_group()
    with reading(house().engine) as session:
        colleagues = people.of_group(session, house().config.staff_secret, group.id)
        theirs = campaigns.of_group(session, group.id) if group.is_active else ()
    return render_template(
        "staff/group/home.html",
        group=group,
        is_open=open_key() is not None,
        colleagues=colleagues,
        campaigns=theirs,
        STATES=STATES,
        me=asking().account.id,
        press=PressForm(),
    )
