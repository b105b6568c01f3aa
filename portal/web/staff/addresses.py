"""Addresses that nobody has confirmed, or not for long, for those who look at them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.cases import confirmations, tasks
from portal.cases.confirmations import Address, Confirmation, Found, Settled, State
from portal.cases.tasks import Matter
from portal.database import reading, transaction
from portal.law import patches
from portal.law.catalogue import Addressee
from portal.law.looks import Verdict, is_unsure
from portal.law.records import Organisation
from portal.web.forms.staff import LookForm, WrongForm
from portal.web.house import house
from portal.web.journey import named
from portal.web.staff.desk import asking, half, with_key
from portal.web.staff.noting import note_address_confirmed
from portal.web.staff.queue import onward
from portal.web.staff.words import PARTS, STATES

blueprint = Blueprint("addresses", __name__)


@blueprint.get("/addresses")
def addresses() -> ResponseReturnValue:
    """All of them, those first that are to be looked at."""
    with reading(house().engine) as session:
        found = _all(session)
    groups = [(state, words, [one for one in found if one.state is state]) for state, words in STATES.items()]
    return render_template("staff/addresses.html", groups=groups, **_words())


@blueprint.route("/addresses/<id_>", methods=["GET", "POST"])
def address(id_: str) -> ResponseReturnValue:
    """One of them: say that it is right."""
    whose = _whose(id_)
    form = LookForm(whose.contact)
    if form.validate_on_submit():
        return _confirmed(whose, form, Verdict.RIGHT)
    with reading(house().engine) as session:
        shown = next((one for one in _all(session) if one.record == id_), None)
    words = {"whose": whose, "shown": shown, "patch": _patch(shown.confirmation) if shown else None}
    page = render_template("staff/address.html", form=form, where=_where(id_), **words, **_words())
    return page, (422 if form.errors else 200)


@blueprint.route("/addresses/<id_>/wrong", methods=["GET", "POST"])
def wrong(id_: str) -> ResponseReturnValue:
    """Say that it is wrong, and what is right, where that can be sealed for those who change the file."""
    whose = _whose(id_)
    form = WrongForm(whose.contact) if half() else LookForm(whose.contact)
    if form.validate_on_submit():
        return _confirmed(whose, form, Verdict.WRONG)
    page = render_template("staff/wrong_address.html", form=form, whose=whose, where=_where(id_), **_words())
    return page, (422 if form.errors else 200)


def _whose(id_: str) -> Addressee:
    """Whose address it is. Raises Settled, and finds no page where the catalogue knows nobody of that id."""
    found = house().catalogue.addressees.get(id_)
    if found is None:
        raise NotFound
    if not is_unsure(found.contact, house().today()):
        raise Settled(id_)
    return found


@blueprint.errorhandler(Settled)
def _settled(error: Settled) -> ResponseReturnValue:
    """There is nothing to look at: what is to be changed is the file."""
    whose = house().catalogue.addressees[str(error)]
    page = render_template("staff/settled_address.html", whose=whose, where=_where(whose.id), **_words())
    return page, (409 if request.method == "POST" else 200)


def _all(session: Session) -> tuple[Address, ...]:
    return confirmations.addresses(session, house().catalogue, house().today())


def _confirmed(whose: Addressee, form: LookForm, verdict: Verdict) -> ResponseReturnValue:
    """Keep it, note it, and on to the next."""
    who = asking()
    found = Found(verdict, form.page.data, who.account.id, form.correction())
    with transaction(house().engine) as session:
        confirmations.confirm(session, whose.id, whose.contact, found, half(), house().today())
        asked = tasks.settle(session, Matter.ADDRESS, whose.id, who.account.id, house().today())
        note_address_confirmed(session, who, whose.id, verdict)
    if verdict is Verdict.WRONG:
        return redirect(url_for("addresses.address", id_=whose.id))
    return onward() if asked else redirect(url_for("addresses.addresses"))


def _patch(found: Confirmation | None) -> str | None:
    """What the data file should say, where it was said and can be opened."""
    correction = with_key(found.correction) if found else None
    if found is None or correction is None:
        return None
    return patches.draft(house().catalogue, found.record, correction, found.page, found.look.on)


def _where(id_: str) -> str:
    """In which file, below the folder of the program, the address stands."""
    return f"portal/data/{patches.place(house().catalogue, id_)[0]}"


def _words() -> dict[str, object]:
    return {
        "State": State,
        "PARTS": PARTS,
        "called": lambda id_: named(house().catalogue.addressees[id_].name),
        "of": _of,
        "looked_on": confirmations.looked_on,
    }


def _of(id_: str) -> str:
    """Whose office it is; empty for what is none."""
    bodies: list[Organisation] = [*house().catalogue.organisations.values()]
    return next((named(one.name) for one in bodies if one.office and one.office.id == id_), "")
