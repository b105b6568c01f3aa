"""A group's campaigns: written, looked at as they will be, given to the staff to read, ended."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.accounts.groups import Group
from portal.cases import campaigns as kept
from portal.cases.campaigns import Campaign, NotNow, State
from portal.database import reading, transaction
from portal.trail import Action
from portal.web.campaigns import outward
from portal.web.forms.groups import CampaignForm
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.journey import by_name, offered
from portal.web.staff.campaign_words import LANGUAGE_NAMES, STATES, campaign_words
from portal.web.staff.desk import asking
from portal.web.staff.group.membership import active_group
from portal.web.staff.noting import note_campaign

blueprint = Blueprint("group_campaigns", __name__)


@blueprint.get("/group/campaigns")
def campaigns() -> ResponseReturnValue:
    """All of the group's."""
    group = active_group()
    with reading(house().engine) as session:
        found = kept.of_group(session, group.id)
    return render_template("staff/group/campaigns.html", group=group, campaigns=found, STATES=STATES)


@blueprint.route("/group/campaigns/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Write one; nobody else sees it yet."""
    group, form = active_group(), _offering(CampaignForm())
    if form.validate_on_submit():
        with transaction(house().engine) as session:
            made = kept.add(session, group.id, form.said(), house().today())
        return redirect(url_for("group_campaigns.campaign", id_=made.id))
    return render_template("staff/group/write.html", form=form, campaign=None), (422 if form.errors else 200)


def _offering(form: CampaignForm) -> CampaignForm:
    """What can be chosen: the organisations of the list that are one, and not a kind of organisation."""
    bodies = {one.id: one for one in house().catalogue.organisations.values() if not one.generic}
    form.offer(LANGUAGE_NAMES, by_name(bodies.values()), {id_: offered(body) for id_, body in bodies.items()})
    return form


@blueprint.get("/group/campaigns/<id_>")
def campaign(id_: str) -> ResponseReturnValue:
    """How far it has come, what can be done with it, and how it will look."""
    group = active_group()
    return _page(group, _own(group, id_))


def _page(group: Group, found: Campaign, refused: bool = False) -> ResponseReturnValue:
    page = render_template(
        "staff/group/campaign.html",
        group=group,
        campaign=found,
        state=STATES[found.state],
        may_change=found.state in kept.MAY_CHANGE,
        may_submit=found.state is State.DRAFT,
        refused=refused,
        press=PressForm(),
        **(outward(found, f"{house().config.public_url}/") if found.can_be_joined else {}),
        **campaign_words(found),
    )
    return page, 409 if refused else 200


def _own(group: Group, id_: str) -> Campaign:
    """One of this group's; no page where it is none."""
    with reading(house().engine) as session:
        found = kept.get(session, id_)
    if found is None or found.group_id != group.id:
        raise NotFound
    return found


@blueprint.route("/group/campaigns/<id_>/change", methods=["GET", "POST"])
def change(id_: str) -> ResponseReturnValue:
    """Other words; one that is shown goes from its page until the staff have read them."""
    group = active_group()
    found = _own(group, id_)
    if found.state not in kept.MAY_CHANGE:
        return _page(group, found, refused=True)
    form = _offering(CampaignForm(data=_filled(found)))
    if form.validate_on_submit():
        try:
            with transaction(house().engine) as session:
                kept.change(session, id_, form.said())
        except NotNow:
            return _page(group, _own(group, id_), refused=True)
        return redirect(url_for("group_campaigns.campaign", id_=id_))
    return render_template("staff/group/write.html", form=form, campaign=found), (422 if form.errors else 200)


def _filled(found: Campaign) -> Mapping[str, object]:
    said = found.said
    texts = {"language": said.language, "title": said.title, "words": said.words, "right": said.right}
    return {**texts, "organisations": list(said.organisations)}


@blueprint.post("/group/campaigns/<id_>/submit")
def submit(id_: str) -> ResponseReturnValue:
    """Ask the staff to read it, and to show it."""
    group = active_group()
    found = _own(group, id_)
    if not PressForm().validate_on_submit():
        return _page(group, found)
    try:
        with transaction(house().engine) as session:
            kept.submit(session, id_, house().today())
            note_campaign(session, asking(), Action.CAMPAIGN_SUBMITTED, id_)
    except NotNow:
        return _page(group, _own(group, id_), refused=True)
    return redirect(url_for("group_campaigns.campaign", id_=id_))


@blueprint.route("/group/campaigns/<id_>/end", methods=["GET", "POST"])
def end(id_: str) -> ResponseReturnValue:
    """End it: nobody can join it any more."""
    group = active_group()
    found = _own(group, id_)
    if found.state is State.ENDED:
        return _page(group, found, refused=True)
    if PressForm().validate_on_submit():
        with transaction(house().engine) as session:
            kept.end(session, id_, house().today())
            note_campaign(session, asking(), Action.CAMPAIGN_ENDED, id_)
        return redirect(url_for("group_campaigns.campaign", id_=id_))
    return render_template("staff/group/end_campaign.html", campaign=found, press=PressForm())
