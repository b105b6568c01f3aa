"""The pages on which a person says which groups see their case, and how much of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.accounts import groups
from portal.accounts.groups import Group
from portal.cases import campaigns, forgetting, group_sharing
from portal.cases.campaigns import Campaign
from portal.cases.following import Case
from portal.cases.forgetting import Erased
from portal.cases.group_sharing import Ended, Share, Wanted
from portal.database import reading
from portal.web.cases import found_case, go_on, open_in, own_case
from portal.web.forms.sharing import GroupForm
from portal.web.group_words import SEES
from portal.web.house import house
from portal.web.shown import name_of

blueprint = Blueprint("sharing_with", __name__)


@dataclass(frozen=True, slots=True)
class Offered:
    """A group that could see a case; `campaign` is one that it runs about the same organisation."""

    group: Group
    campaign: Campaign | None


@blueprint.get("/cases/<id_>/groups")
def overview(id_: str) -> ResponseReturnValue:
    """Which groups see what of the case, and which others could."""
    with reading(house().engine) as session:
        mine = open_in(session)
        case = found_case(session, mine, id_)
        shares, all_ = group_sharing.of_case(session, id_), groups.every(session)
        offered = [*_offered(case, shares, all_, campaigns.shown(session))]
    go_on(mine)
    seen = [(one, shares[one.id]) for one in all_ if one.id in shares]
    return render_template(
        "cases/groups.html",
        case=case,
        name=name_of(case),
        seen=seen,
        offered=offered,
        SEES=SEES,
        form=FlaskForm(),
    )


def _offered(
    case: Case, shares: Mapping[str, Share], all_: Sequence[Group], shown: Sequence[Campaign]
) -> Iterator[Offered]:
    """Every group that could see something and does not yet; first those that call on people to ask the same body."""
    about = {one.group_id: one for one in reversed(shown) if case.organisation in one.said.organisations}
    left = [one for one in all_ if one.is_active and one.id not in shares]
    for group in sorted(left, key=lambda one: one.id not in about):
        yield Offered(group, about.get(group.id))


@blueprint.route("/cases/<id_>/groups/<group>", methods=["GET", "POST"])
def choose(id_: str, group: str) -> ResponseReturnValue:
    """Let a group see the case, more of it or less, or nothing."""
    case = own_case(id_)
    with reading(house().engine) as session:
        found, share = groups.get(session, group), group_sharing.get(session, id_, group)
    if found is None or not found.is_active:
        raise NotFound
    form = GroupForm(data={"sees": share.scope.value, "joint": share.joint} if share else None)
    form.about(found)
    if form.validate_on_submit():
        chosen = form.wanted(found, share.campaign_id if share else None)
        _keep(case, found, share, chosen)
        return redirect(url_for("sharing_with.overview", id_=id_))
    return render_template("cases/group.html", form=form, case=case, name=name_of(case), group=found, share=share), (
        422 if form.errors else 200
    )


def _keep(case: Case, group: Group, share: Share | None, chosen: Wanted | None) -> None:
    """As it was chosen; one that ended meanwhile sees nothing, and what stays as it is stays."""
    if chosen is None:
        house().eraser.carry_out(partial(forgetting.withdraw_from, case_id=case.id, group_id=group.id))
    elif share is None or (share.scope, share.joint) != (chosen.scope, chosen.joint):
        try:
            house().eraser.carry_out(partial(_share, case=case, chosen=chosen))
        except Ended as error:
            raise NotFound from error


def _share(session: Session, case: Case, chosen: Wanted) -> Erased:
    return Erased(wraps=group_sharing.share(session, case, chosen, house().today(case.place)))


@blueprint.post("/cases/<id_>/groups/<group>/take-back")
def take_back(id_: str, group: str) -> ResponseReturnValue:
    """Let a group see nothing any more, at once."""
    case = own_case(id_)
    house().eraser.carry_out(partial(forgetting.withdraw_from, case_id=case.id, group_id=group))
    return redirect(url_for("sharing_with.overview", id_=id_))
