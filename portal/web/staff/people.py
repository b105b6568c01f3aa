"""Who works for the portal, for those who manage them; they read no case."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.accounts import people as accounts
from portal.accounts.people import Account
from portal.accounts.permissions import Role
from portal.database import reading
from portal.trail import Reason, Refused
from portal.web.forms.staff import PersonForm
from portal.web.house import house
from portal.web.staff.desk import asking
from portal.web.staff.noting import changing
from portal.web.staff.words import ROLES

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """All of them."""
    with reading(house().engine) as session:
        found = accounts.all_accounts(session, house().config.staff_secret)
    return render_template("staff/people.html", people=found, ROLES=ROLES)


@blueprint.route("/people/<id_>", methods=["GET", "POST"])
def person(id_: str) -> ResponseReturnValue:
    """One of them: what they may do, and whether they may sign in."""
    with reading(house().engine) as session:
        found = accounts.get(session, house().config.staff_secret, id_)
    if found is None:
        raise NotFound
    form = PersonForm(data={"roles": sorted(found.roles), "active": found.active})
    if form.validate_on_submit() and _changed(found, form):
        return redirect(url_for("people.people"))
    return render_template("staff/person.html", form=form, person=found), (422 if form.errors else 200)


def _changed(person: Account, form: PersonForm) -> bool:
    """Whether it could be done; the last admin stays one, or nobody could manage anybody."""
    try:
        with changing(asking(), person.id) as session:
            _change(session, person, frozenset(Role(one) for one in form.roles.data), form.active.data)
    except Refused:
        form.roles.errors = [_("Somebody must be able to manage people: make another admin first")]
        return False
    return True


def _change(session: Session, person: Account, roles: frozenset[Role], active: bool) -> None:
    """Raises Refused."""
    stays = active and Role.ADMIN in roles
    if not stays and set(accounts.admins(session)) == {person.id}:
        raise Refused(Reason.LAST_ADMIN)
    accounts.set_roles(session, person.id, roles)
    if active:
        accounts.reopen(session, person.id)
    else:
        accounts.close(session, person.id, house().today())
