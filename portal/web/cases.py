"""The pages of a case, for whoever holds its key."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session
from werkzeug.exceptions import NotFound

from portal.accounts import groups
from portal.cases import clock, following, group_sharing, opening, tasks, thread
from portal.cases.case_key import CaseKey, Mistyped, NotAKey, new_case_key, read, written
from portal.cases.clock import KEPT_AFTER, Next
from portal.cases.following import Case
from portal.cases.opening import Opened, Token
from portal.database import reading, transaction
from portal.law.arguments import Reply
from portal.law.records import Right
from portal.web import browser, calendar, happening, limits
from portal.web.case_words import (
    HAPPENED,
    NEXT,
    SHOWS,
    STATUSES,
    THEIRS,
)
from portal.web.decision_words import is_looked_at_again, lines
from portal.web.forms.case import FileForm, KeyForm
from portal.web.group_words import SEEN
from portal.web.house import house
from portal.web.journey import named, page_date, place_words
from portal.web.shapes import NAMES, TOGETHER, as_file, key_as_text, names, together
from portal.web.shown import (
    Shown,
    answerable,
    answers_to,
    as_shown,
    button_of,
    corrected,
    due_words,
    first_to,
    how_counted,
    line_of,
    may_be_said,
    may_be_there_again,
    remarks,
    still_open,
    told_then,
)
from portal.web.words import RIGHTS

blueprint = Blueprint("cases", __name__)


class NotOpen(Exception):
    """This browser has no case open; it is asked for the key."""


# Opening

_OPENS_NOTHING = _l("This key opens nothing. It may be mistyped, or the case was erased")


@blueprint.route("/case-key", methods=["GET", "POST"])
def enter() -> ResponseReturnValue:
    """Enter a case key. Wrong, expired, erased: the same answer."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _asked(form)
    try:
        key = read(form.key.data)
    except Mistyped:
        return _not_opened(form, _("One character is wrong. Compare the key with what you kept, group by group"))
    except NotAKey:
        return _not_opened(form, _("A case key has 25 letters and digits"))
    limits.attempt("key")
    if form.is_trapped:
        return _not_opened(form, str(_OPENS_NOTHING))
    now = house().clock()
    with transaction(house().engine) as session:
        token = opening.enter(session, key, house().config.lookup_key, now, now.date() + KEPT_AFTER)
    if token is None:
        return _not_opened(form, str(_OPENS_NOTHING))
    return browser.remember_case(redirect(url_for("cases.cases")), token)


def _not_opened(form: KeyForm, why: str) -> ResponseReturnValue:
    form.key.errors = [why]
    return _asked(form)


def _asked(form: KeyForm) -> ResponseReturnValue:
    form.key.data = None  # what was typed stands in no page
    return render_template("cases/enter.html", form=form), (422 if form.errors else 200)


def opened() -> Opened:
    """What this browser has open. Raises NotOpen where it is nothing, or half an hour has passed without a step."""
    with reading(house().engine) as session:
        found = open_in(session)
    go_on(found)
    return found


def open_in(session: Session) -> Opened:
    """The same for a page that reads more in one session; `go_on` belongs behind it."""
    token = browser.case_token()
    found = opening.find(session, token, house().clock()) if token else None
    if found is None:
        raise NotOpen
    return found


def go_on(found: Opened) -> None:
    """A step was taken."""
    now = house().clock()
    if found.is_stale(now):
        with transaction(house().engine) as session:
            opening.go_on(session, found, now)


def not_open(_error: NotOpen) -> ResponseReturnValue:
    """Ask for the key again; the browser's own has run out."""
    return browser.forget_case(redirect(url_for("cases.enter")))


@blueprint.post("/close-case")
def leave() -> ResponseReturnValue:
    """Close the case in this browser."""
    token = browser.case_token()
    if token:
        with transaction(house().engine) as session:
            opening.close(session, token)
    return browser.forget_case(redirect(url_for("pages.home")))


# Looking


@blueprint.get("/cases")
def cases() -> ResponseReturnValue:
    """All that was filed together; where it is one case, that."""
    with reading(house().engine) as session:
        found = following.cases(session, opened())
    if len(found) == 1:
        return redirect(url_for("cases.case", id_=found[0].id))
    shown, unread = [as_shown(one) for one in found], _unread(*(one.id for one in found))
    return render_template("cases/cases.html", shown=shown, unread=unread, **_words())


def _unread(*ids: str) -> Mapping[str, int]:
    """How many messages of the portal's staff the person has yet to see, by case."""
    with reading(house().engine) as session:
        return thread.unread(session, ids, by_staff=False)


@blueprint.get("/cases/<id_>")
def case(id_: str) -> ResponseReturnValue:
    """Where it stands, what comes next, what has happened, and the letter."""
    with reading(house().engine) as session:
        mine = open_in(session)
        found = found_case(session, mine, id_)
        unread, decided = thread.unread(session, [id_], by_staff=False), tasks.of_case(session, id_)
        sees = group_sharing.by_name(session, id_)
        said_by = groups.names(session, {one.by_group for one in found.events} - {""})
    go_on(mine)
    shown = as_shown(found)
    return render_template(
        "cases/case.html",
        shown=shown,
        decided=[*lines(decided, shown.case.status)],
        again=is_looked_at_again(decided),
        case=shown.case,
        next_words=NEXT[shown.clock.next][0],
        button=button_of(shown.clock),
        timeline=[(one, line_of(shown, one), told_then(shown, one)) for one in shown.case.events],
        complain=_complain(shown),
        may=may_be_said(shown),
        remarks=list(remarks(shown)),
        corrected=corrected(shown),
        look_again=[*map(page_date, clock.look_again(Right(shown.case.right), shown.case.happened, shown.today))],
        answers=_answers(shown),
        there_again=may_be_there_again(shown),
        open=list(still_open(shown)),
        due=due_words(shown),
        counted=how_counted(shown.clock.due),
        send_by=page_date(shown.clock.send_by.day) if shown.clock.send_by else "",
        shapes=names(shown.case.made, shown.contact),
        to=first_to(shown),
        SHOWS=SHOWS,
        said_by=said_by,
        staff=house().config.staff_public_key,
        unread=unread.get(id_, 0),
        groups=sees,
        SEEN=SEEN,
        **_words(),
    )


def _words() -> dict[str, object]:
    return {
        "HAPPENED": HAPPENED,
        "THEIRS": THEIRS,
        "STATUSES": STATUSES,
        "named": named,
        "place_words": place_words,
        "right_words": lambda right: RIGHTS[Right(right)][0] if Right(right) in RIGHTS else right,
    }


def own_case(id_: str) -> Case:
    """The case of this browser; no page where it is another's."""
    mine = opened()
    with reading(house().engine) as session:
        return found_case(session, mine, id_)


def found_case(session: Session, mine: Opened, id_: str) -> Case:
    """One of those that are open; no page where it is another's."""
    found = following.case(session, mine, id_)
    if found is None:
        raise NotFound
    return found


def _answers(shown: Shown) -> str:
    """Where what can be said to them begins; "" where nothing is known to say."""
    if not answerable(shown):
        return ""
    if shown.clock.next is Next.FOUND_AGAIN and Reply.FOUND_AGAIN in answers_to(shown):
        return url_for("replying.answers", id_=shown.case.id, reply=Reply.FOUND_AGAIN.value)
    return url_for("replying.reply", id_=shown.case.id)


#: When it may be time to complain.
_MAY_COMPLAIN = frozenset(
    {
        *(Next.COMPLAIN, Next.JUDGE, Next.FOUND_AGAIN, Next.WAIT_FOR_REPLY),
        *(Next.SEE_DONE, Next.GO_ON, Next.END),
    }
)


def _complain(shown: Shown) -> str:
    """Where a complaint begins, when it is time for one; "" before."""
    if shown.clock.next not in _MAY_COMPLAIN or shown.case.right == Right.COMPLAINT.value:
        return ""
    return url_for("complaining.ways", id_=shown.case.id) if shown.clock.windows else ""


def shaped(id_: str, shape: str) -> ResponseReturnValue:
    """The letter as it was made."""
    limits.attempt("render")
    shown = as_shown(own_case(id_))
    return as_file(shape, shown.case.made, shown.contact, shown.case.draft.details.get("email", ""))


for _name in NAMES:
    blueprint.add_url_rule(f"/cases/<id_>/{_name}", view_func=shaped, defaults={"shape": _name})


@blueprint.get(f"/cases/{TOGETHER}")
def all_letters() -> ResponseReturnValue:
    """All that was filed together, to be printed at once."""
    limits.attempt("render")
    with reading(house().engine) as session:
        found = following.cases(session, opened())
    return together([one.made for one in found])


@blueprint.get("/cases/<id_>/reply-due.ics")
def reply_due(id_: str) -> ResponseReturnValue:
    """The due date for the person's own calendar; it names nobody."""
    shown = as_shown(own_case(id_))
    if shown.clock.due is None:
        raise NotFound
    return calendar.reply_due(shown.case, shown.clock.due.day, house().clock())


@blueprint.get("/cases/<id_>/look-again.ics")
def look_again(id_: str) -> ResponseReturnValue:
    """The days on which to look again, for the person's own calendar; they name nobody."""
    case = own_case(id_)
    days = clock.look_again(Right(case.right), case.happened, as_shown(case).today)
    if not days:
        raise NotFound
    return calendar.look_again(case, days, house().clock())


# What happened


@blueprint.route("/cases/<id_>/happened/<kind>", methods=["GET", "POST"])
def happened(id_: str, kind: str) -> ResponseReturnValue:
    """The person says that something has happened, and when; the clock follows."""
    shown, what = as_shown(own_case(id_)), happening.kind_of(kind)
    if not happening.may_be_said(shown, what):
        return redirect(url_for("cases.case", id_=id_))
    form = happening.form_of(shown, what)
    if form.validate_on_submit() and happening.recorded(shown, what, form):
        return redirect(url_for("cases.case", id_=id_))
    return render_template("cases/happened.html", form=form, shown=shown, case=shown.case, kind=what, **_words()), (
        422 if form.errors else 200
    )


# A new key


@blueprint.route("/cases/new-key", methods=["GET", "POST"])
def new_key() -> ResponseReturnValue:
    """A new key: made when it is asked for, the only one when the person has kept it."""
    mine, form = opened(), FileForm()
    token = browser.case_token()
    assert token
    if form.validate_on_submit() and request.form.get("do") == "make":
        if mine.pending is None:  # a second tab shows the same one, or a key that nobody kept could win
            with transaction(house().engine) as session:
                opening.offer_key(session, token, mine, new_case_key())
        return redirect(url_for("cases.new_key"))
    if form.validate_on_submit() and mine.pending:
        _rekey(token, mine, mine.pending)
        return redirect(url_for("cases.cases"))
    key = written(mine.pending) if mine.pending else ""
    return render_template("cases/new_key.html", form=form, case_key=key), (422 if form.errors else 200)


def _rekey(token: Token, mine: Opened, new: CaseKey) -> None:
    with transaction(house().engine) as session:
        following.rekey(session, mine, new, house().config.lookup_key, house().today(), house().catalogue.version)
        opening.took_key(session, token, mine, new)


@blueprint.get("/cases/new-key.txt")
def new_key_file() -> ResponseReturnValue:
    """The new key as a file."""
    pending = opened().pending
    if pending is None:
        raise NotFound
    return key_as_text(pending)
