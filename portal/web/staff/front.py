"""The first page, signing in and signing out."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.accounts import visits
from portal.accounts.permissions import Permission
from portal.cases import tasks
from portal.database import transaction
from portal.web.house import house
from portal.web.staff import own
from portal.web.staff.desk import asking, clerk, take
from portal.web.staff.leaving import onward
from portal.web.staff.noting import note_sign_out
from portal.web.words import Words

blueprint = Blueprint("front", __name__)

_QUEUE = ("queue.first", _l("What is to be decided"), _l("What people file, ask, propose and report as wrong."))
_ADDRESSES = ("addresses.addresses", _l("Addresses to look at"), _l("What nobody has confirmed, or not for long."))
_ANSWERS = (
    "statements.every",
    _l("Answers of organisations"),
    _l("What they say beside their figures, to take it down."),
)
_FIGURES = ("figures.counted", _l("Figures"), _l("How much comes, and how long it takes."))
_TRAIL = ("trail.rows", _l("The trail"), _l("What those who work for the portal did, without a case."))
_GROUPS = ("groups.groups", _l("Groups"), _l("Who stands by people here, and who works for each of them."))
_OWN_GROUP = (
    "group_front.home",
    _l("Your group"),
    _l("Your campaigns, and the cases that people let you see."),
)
_PEOPLE = ("people.people", _l("People"), _l("Who works for the portal, and what they may do."))
#: What each permission leads to: endpoints, each with its words.
_LEADS_TO: Mapping[Permission, tuple[tuple[str, Words, Words], ...]] = {
    Permission.TRIAGE: (_QUEUE, _ADDRESSES, _ANSWERS),
    Permission.HELP: (_QUEUE,),
    Permission.IDENTITY: (_QUEUE,),
    Permission.KEEP_LAW: (_QUEUE, _ADDRESSES, _ANSWERS),
    Permission.GROUPS: (_QUEUE, _GROUPS),
    Permission.OWN_GROUP: (_OWN_GROUP,),
    Permission.TRAIL: (_TRAIL,),
    Permission.FIGURES: (_FIGURES,),
    Permission.PEOPLE: (_PEOPLE,),
}


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """What there is to do for who is signed in."""
    who = asking()
    ways = dict.fromkeys(way for one in Permission if one in who.may for way in _LEADS_TO.get(one, ()))
    return render_template("staff/home.html", who=who, ways=ways)


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """How to sign in; who is signed in goes on."""
    after = safe(request.args.get("after", ""))
    if clerk():
        return redirect(after)
    provider = house().config.provider
    return render_template("staff/sign_in.html", after=after, provider=provider, passkey=own.offer(after))


def safe(after: str) -> str:
    """Where to go on, where that is a page of ours; else the first page."""
    parts = urlsplit(after)
    own = after.startswith("/") and not after.startswith("//") and "\\" not in after
    return after if own and not parts.scheme and not parts.netloc else url_for("front.home")


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the visit, here and at the identity provider."""
    who = asking()
    with transaction(house().engine) as session:
        visits.end(session, who.token)
        tasks.let_all_go(session, who.account.id)
        note_sign_out(session, who)
    return take(redirect(onward(who.visit.given)))
