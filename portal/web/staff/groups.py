"""Groups, for those who let them in: what each says of itself, who works for it, its campaigns, its end."""

from dataclasses import dataclass, field
from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.accounts import groups as known
from portal.accounts import invitations, people
from portal.accounts.groups import Group
from portal.accounts.invitations import LIFE, Secret
from portal.cases import campaigns, forgetting
from portal.cases.applications import Application
from portal.cases.campaigns import State
from portal.cases.forgetting import Erased
from portal.database import reading, transaction
from portal.law.places import countries
from portal.trail import Action
from portal.web.forms.groups import AboutForm, InviteForm, JoinForm
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.language import current
from portal.web.staff import own
from portal.web.staff.campaign_words import STATES, campaign_words
from portal.web.staff.desk import asking
from portal.web.staff.noting import note_campaign, note_group, note_member

blueprint = Blueprint("groups", __name__)


@blueprint.get("/groups")
def groups() -> ResponseReturnValue:
    """All of them."""
    with reading(house().engine) as session:
        found = known.every(session)
    return render_template("staff/groups/groups.html", groups=found)


@blueprint.route("/groups/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Let one in that did not apply here."""
    form = AboutForm()
    form.offer(countries(current()))
    if form.validate_on_submit():
        with transaction(house().engine) as session:
            made = known.add(session, form.about(), house().today())
            note_group(session, asking(), Action.GROUP_ADDED, made.id)
        return redirect(url_for("groups.group", id_=made.id))
    return render_template("staff/groups/about.html", form=form, group=None), (422 if form.errors else 200)


@blueprint.get("/groups/<id_>")
def group(id_: str) -> ResponseReturnValue:
    """One of them."""
    found, secret = _group(id_), house().config.staff_secret
    join, now = JoinForm(), house().clock()
    with reading(house().engine) as session:
        theirs = people.of_group(session, secret, id_)
        join.offer(_names(people.without_group(session, secret)))
        invited = [one for one in invitations.all_open(session, secret, now) if one.group_id == id_]
        their_campaigns = campaigns.of_group(session, id_)
    return render_template(
        "staff/groups/group.html",
        group=found,
        country=countries(current()).get(found.place, found.place),
        people=theirs,
        invited=invited,
        campaigns=their_campaigns,
        STATES=STATES,
        can_invite=own.is_open(),
        join=join,
        press=PressForm(),
    )


def _group(id_: str) -> Group:
    with reading(house().engine) as session:
        found = known.get(session, id_)
    if found is None:
        raise NotFound
    return found


def _active(id_: str) -> Group:
    """One that has not ended: nothing more is done with one that has."""
    found = _group(id_)
    if found.ended_on:
        raise NotFound
    return found


def _names(accounts: list[people.Account]) -> dict[str, str]:
    return {one.id: one.name or one.email or one.id[:8] for one in accounts}


@blueprint.route("/groups/<id_>/change", methods=["GET", "POST"])
def change(id_: str) -> ResponseReturnValue:
    """What it says of itself in public."""
    found = _active(id_)
    said = {"name": found.name, "page": found.page, "email": found.email, "place": found.place}
    form = AboutForm(data={**said, "mandated": found.mandated})
    form.offer(countries(current()))
    if form.validate_on_submit():
        with transaction(house().engine) as session:
            known.change(session, id_, form.about())
            note_group(session, asking(), Action.GROUP_CHANGED, id_)
        return redirect(url_for("groups.group", id_=id_))
    return render_template("staff/groups/about.html", form=form, group=found), (422 if form.errors else 200)


# Who works for it


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who will work for a group, and the link that lets them; none where they have an account already."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    link: str | None = field(repr=False)

    @classmethod
    def into(cls, session: Session, group_id: str, name: str, email: str) -> "Invited":
        """Invite them; nothing is sent to anybody."""
        who, secret = invitations.own(email, name), house().config.staff_secret
        made: Secret | None = None
        if not people.find(session, secret, who):
            made = invitations.invite_into(session, secret, who, group_id, house().clock())
        return cls(name, email, f"{house().config.staff_url}/enrol#{made}" if made else None)


def _with_link(group: Group, invited: Invited | None, let_in: bool = False) -> ResponseReturnValue:
    """The page with the link, in answer to the press itself: it stands in no address, no cookie and no table.

    Once it is closed it is gone; another one takes its place.
    """
    return render_template(
        "staff/groups/link.html", group=group, invited=invited, let_in=let_in, minutes=LIFE.seconds // 60
    )


@blueprint.route("/groups/<id_>/invite", methods=["GET", "POST"])
def invite(id_: str) -> ResponseReturnValue:
    """Make a link for somebody, where people sign in by what the portal itself gave them."""
    found, form = _active(id_), InviteForm()
    if not own.is_open():
        raise NotFound
    if form.validate_on_submit():
        with transaction(house().engine) as session:
            invited = Invited.into(session, id_, form.person.data, form.person_email.data)
            if invited.link:
                note_group(session, asking(), Action.INVITED, id_)
        if invited.link:
            return _with_link(found, invited)
        form.person_email.errors = [
            _("Somebody signs in with this address already. Ask an admin, or take another address of theirs")
        ]
    return render_template("staff/groups/invite.html", form=form, group=found), (422 if form.errors else 200)


@blueprint.post("/groups/<id_>/join")
def join(id_: str) -> ResponseReturnValue:
    """Let an account work for it that has no group yet."""
    _active(id_)
    form = JoinForm()
    with transaction(house().engine) as session:
        form.offer(_names(people.without_group(session, house().config.staff_secret)))
        if form.validate_on_submit():
            known.join(session, form.account.data, id_)
            note_member(session, asking(), Action.GROUP_JOINED, form.account.data)
    return redirect(url_for("groups.group", id_=id_) + "#people")


@blueprint.post("/groups/<id_>/leave/<account>")
def leave(id_: str, account: str) -> ResponseReturnValue:
    """Let somebody work for it no more: they are signed out, and see nothing of it."""
    _active(id_)
    if PressForm().validate_on_submit():
        with transaction(house().engine) as session:
            if account not in known.members(session, id_):
                raise NotFound
            known.join(session, account, None)
            note_member(session, asking(), Action.GROUP_LEFT, account)
    return redirect(url_for("groups.group", id_=id_) + "#people")


@blueprint.route("/groups/<id_>/campaigns/<campaign>", methods=["GET", "POST"])
def campaign(id_: str, campaign: str) -> ResponseReturnValue:
    """One of its campaigns, which staff can end too."""
    group = _group(id_)
    with reading(house().engine) as session:
        found = campaigns.get(session, campaign)
    if found is None or found.group_id != id_:
        raise NotFound
    if found.state is not State.ENDED and PressForm().validate_on_submit():
        with transaction(house().engine) as session:
            campaigns.end(session, campaign, house().today())
            note_campaign(session, asking(), Action.CAMPAIGN_ENDED, campaign)
        return redirect(url_for("groups.group", id_=id_))
    words = {"state": STATES[found.state], **campaign_words(found)}
    return render_template("staff/groups/campaign.html", group=group, campaign=found, press=PressForm(), **words)


# Letting in, and ending


@dataclass(frozen=True, slots=True)
class LetIn:
    """A group that was let in on what it wrote, and who wrote."""

    group: Group
    invited: Invited | None
    """None where people sign in with the identity provider."""

    @classmethod
    def by(cls, session: Session, said: Application) -> "LetIn":
        """Let it in, and invite who wrote; last in its transaction but for the decision."""
        made = known.add(session, said.about, house().today())
        invited = Invited.into(session, made.id, said.name, said.email) if own.is_open() else None
        note_group(session, asking(), Action.GROUP_ADDED, made.id)
        return cls(made, invited)

    def page(self) -> ResponseReturnValue:
        return _with_link(self.group, self.invited, let_in=True)


@blueprint.route("/groups/<id_>/end", methods=["GET", "POST"])
def end(id_: str) -> ResponseReturnValue:
    """End it, with its campaigns and all that people let it see."""
    found = _active(id_)
    if PressForm().validate_on_submit():
        house().eraser.carry_out(partial(_end, id_=id_))
        return redirect(url_for("groups.group", id_=id_))
    return render_template("staff/groups/end.html", group=found, press=PressForm())


def _end(session: Session, id_: str) -> Erased:
    erased = forgetting.end_group(session, id_, house().today())
    note_group(session, asking(), Action.GROUP_ENDED, id_)
    return erased
