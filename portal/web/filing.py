"""Filing a letter, so that it can be followed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from portal.cases import clock, drafts, filing, group_sharing, opening
from portal.cases.case_key import CaseKey, written
from portal.cases.clock import Clock
from portal.cases.drafts import Draft
from portal.cases.filing import ToFile, Wish
from portal.cases.group_sharing import Ended, Wanted
from portal.cases.status import Happened, Kind
from portal.database import reading, transaction
from portal.law.looks import is_unsure, look_at
from portal.letters.blocks import BadLetter
from portal.letters.compose import NoLetter
from portal.web import browser, followed, limits
from portal.web.contacts import recipients
from portal.web.forms.readers import FilingForm, wish_of
from portal.web.house import house
from portal.web.journey import named, page_date
from portal.web.letter import Written, all_of, behind, draft_of, made_of
from portal.web.shapes import forget, key_as_text

blueprint = Blueprint("filing", __name__)


@blueprint.route("/letter/<id_>/file", methods=["GET", "POST"])
def file(id_: str) -> ResponseReturnValue:
    """What is kept, until when, and the key that opens it; then it is filed."""
    draft = _with_key(id_)
    if is_filed(draft):
        return redirect(url_for("filing.filed", id_=id_))
    letters = all_of(id_, draft)
    form, staff, came = FilingForm(), house().config.staff_public_key, followed.followed(draft.campaign)
    if came is None:
        del form.sees, form.joint
    else:
        form.about(came.group)
    if staff is None:
        del form.readers, form.urgent
    if staff is None or not draft.known_as.get("name"):
        del form.propose
    if form.validate_on_submit():
        if form.is_trapped:
            return redirect(url_for("letter.gone"))
        limits.attempt("file")
        proposed = "propose" in form and form.propose.data
        sees = form.wanted(came.group, came.campaign.id) if came else None
        _file(draft, letters, wish_of(form, staff) if staff else Wish(), sees, proposed)
        return redirect(url_for("filing.filed", id_=id_))
    return render_template(
        "filing/file.html",
        form=form,
        id_=id_,
        names=[named(one.body.name) for one in letters],
        case_key=written(CaseKey(draft.case_key)),
        until=page_date(min(map(_forget_on, letters))),
        group=came.group if came else None,
        journey=behind(draft),
    ), (422 if form.errors else 200)


def _with_key(id_: str) -> Draft:
    """The draft of this browser, where it has a case key."""
    draft = draft_of(id_)
    if not draft.case_key:
        raise NotFound
    return draft


def is_filed(draft: Draft) -> bool:
    """Whether the letters of a draft are followed already: what is changed in it now would change no case."""
    with reading(house().engine) as session:
        return filing.is_filed(session, _lookup(draft))


def _lookup(draft: Draft) -> str:
    return filing.lookup(CaseKey(draft.case_key), house().config.lookup_key)


def _file(draft: Draft, letters: Sequence[Written], wish: Wish, sees: Wanted | None, proposed: bool) -> None:
    """Keep them, with what a group may see; where another request of the same person's was faster, that one has.

    Where the group ended meanwhile nothing is kept: the page is shown again, and asks no more about it.
    """
    today = house().today(draft.place)
    wanted = [replace(to_file(one), proposed=proposed and bool(one.draft.known_as)) for one in letters]
    key, version = CaseKey(draft.case_key), house().catalogue.version
    wish = replace(wish, lets=group_sharing.at_filing(sees)) if sees else wish
    made = filing.prepared(key, house().config.lookup_key, wanted, today, version, wish)
    try:
        with suppress(Ended), transaction(house().engine) as session:
            if sees:
                group_sharing.admit(session, sees.group_id)
            filing.keep(session, made)
    except IntegrityError:
        if not is_filed(draft):
            raise


def to_file(letter: Written) -> ToFile:
    """A letter with what is kept of it, and what the staff have to know."""
    now = _clock(letter)
    closing = [now.send_by, *(window.closes for window in now.windows)]
    closes = min((due.earliest for due in closing if due), default=None)
    return ToFile(letter.draft, made_of(letter), _forget_on(letter), closes, _unconfirmed(letter))


def _unconfirmed(letter: Written) -> str:
    """Whose address it goes to, where that is not certain and nobody has looked at it; "" where somebody has."""
    [to] = recipients([(letter.option, letter.body)])
    known = letter.option.addressee in house().catalogue.addressees
    if to.contact is None or not known or not is_unsure(to.contact, house().today()) or look_at(to.contact):
        return ""
    return letter.option.addressee or ""


def _forget_on(letter: Written) -> date:
    return clock.forget_on(_clock(letter), _filed(letter), house().today(letter.draft.place))


def _clock(letter: Written) -> Clock:
    today = house().today(letter.draft.place)
    return clock.clock(house().catalogue, letter.situation, letter.draft.law, _filed(letter), today)


def _filed(letter: Written) -> list[Happened]:
    """What happens now."""
    return [Happened(Kind.FILED, house().today(letter.draft.place))]


@blueprint.get("/letter/<id_>/filed")
def filed(id_: str) -> ResponseReturnValue:
    """It is filed: the key once more, until the person says that they have kept it."""
    draft = _with_key(id_)
    if not is_filed(draft):
        return redirect(url_for("filing.file", id_=id_))
    return render_template("filing/filed.html", id_=id_, case_key=written(CaseKey(draft.case_key)))


@blueprint.get("/letter/<id_>/case-key.txt")
def key_file(id_: str) -> ResponseReturnValue:
    """The key as a file that says what it is for, and not whom it is about."""
    return key_as_text(CaseKey(_with_key(id_).case_key))


@blueprint.post("/letter/<id_>/kept")
def kept(id_: str) -> ResponseReturnValue:
    """The person has the key: the draft goes, also from memory, and their case opens."""
    draft, browsers = _with_key(id_), browser.key()
    assert browsers
    with suppress(NotFound, NoLetter, BadLetter):
        for letter in all_of(id_, draft):
            forget(made_of(letter))
    now = house().clock()
    with transaction(house().engine) as session:
        token = opening.enter(session, CaseKey(draft.case_key), house().config.lookup_key, now, now.date())
        if token is None:
            raise NotFound
        drafts.forget(session, browsers, id_, now)
    return browser.remember_case(redirect(url_for("cases.cases")), token)
