"""The terms that a group accepts before it sees anybody, and its key, which is made with that."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import groups
from portal.accounts.groups import TERMS, AlreadyOpened, Group
from portal.database import transaction
from portal.trail import Action
from portal.vault import new_pair
from portal.web.forms.groups import TermsForm
from portal.web.house import house
from portal.web.limits import attempt
from portal.web.staff.desk import asking
from portal.web.staff.group.membership import own_group
from portal.web.staff.group.opening import locked
from portal.web.staff.noting import note_group

blueprint = Blueprint("group_terms", __name__)


@blueprint.route("/group/terms", methods=["GET", "POST"])
def terms() -> ResponseReturnValue:
    """What a group may do with what it sees; accepted once, by a tick and a passphrase."""
    group, form = own_group(), TermsForm()
    if not group.is_active and form.validate_on_submit():
        _accept(group, form.passphrase.data)
        return redirect(url_for("group_front.home"))
    words = {"group": group, "version": TERMS, "operator": house().config.operator}
    return render_template("staff/group/terms.html", form=form, **words), (422 if form.errors else 200)


def _accept(group: Group, passphrase: str) -> None:
    """Make the key, keep it locked, and open it for this visit; where a colleague was faster, theirs stands."""
    attempt("sign_in")
    who = asking()
    half, private = new_pair()
    content = locked(private, passphrase)
    try:
        with transaction(house().engine) as session:
            groups.set_up(session, group.id, who.account.id, half, content, house().today())
            groups.open_for(session, who.visit, who.token, private)
            note_group(session, who, Action.GROUP_SET_UP, group.id)
    except AlreadyOpened:
        return
