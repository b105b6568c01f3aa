"""Answering what an organisation has answered: what the law says to it, and the letter that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from wtforms.fields import SelectChoice

from portal.cases import following
from portal.cases.clock import day_of
from portal.cases.following import Case, Copy
from portal.cases.status import MAY_HAPPEN, REFUSALS, Answer, Kind
from portal.database import transaction
from portal.law.arguments import Argument, Reply, Strength
from portal.law.records import Form
from portal.letters import blocks, replies, shapes
from portal.letters.blocks import BadLetter
from portal.letters.channels.form import Pasted, pasted
from portal.letters.compose import Request
from portal.letters.html import article
from portal.letters.kept import Made
from portal.letters.letter import Layout
from portal.letters.replies import Dates
from portal.web import limits
from portal.web.cases import own_case
from portal.web.forms.case import ReplyForm
from portal.web.forms.letter import TextForm
from portal.web.happening import Note, unnoted
from portal.web.house import house
from portal.web.journey import drafted_among, language_name, named, said
from portal.web.language import current, refused
from portal.web.letter import sender_of
from portal.web.shapes import NAMES, as_file, names
from portal.web.shown import (
    Shown,
    answers_to,
    as_shown,
    contact_to,
    copy_of,
    goes_to,
    is_to_authority,
    later_to,
    may_be_there_again,
    way_taken,
)
from portal.web.words import REPLIES, STRENGTHS

blueprint = Blueprint("replying", __name__)


@blueprint.get("/cases/<id_>/reply")
def reply(id_: str) -> ResponseReturnValue:
    """What did they answer?"""
    shown = as_shown(own_case(id_))
    known = answers_to(shown)
    form = reply_form(known)
    if form.is_submitted_by_get and form.validate():
        return redirect(url_for("replying.answers", id_=id_, reply=form.reply.data))
    return render_template("cases/reply.html", form=form, shown=shown, known=known)


def reply_form(known: Iterable[Reply]) -> ReplyForm:
    """What did they do? As the address answers it."""
    form = ReplyForm(request.args if "reply" in request.args or request.args.get("sent") else None)
    form.reply.choices = [SelectChoice(one.value, REPLIES[one]) for one in known]
    return form


@blueprint.get("/cases/<id_>/reply/<reply>")
def answers(id_: str, reply: str) -> ResponseReturnValue:
    """What the law says to it, what to know first, and what comes next."""
    shown = as_shown(own_case(id_))
    arguments = arguments_to(shown, reply)
    return render_template(
        "cases/answers.html",
        shown=shown,
        reply=Reply(reply),
        arguments=arguments,
        words={"replies": REPLIES, "strengths": STRENGTHS},
        nothing=Strength.NONE,
        said=said,
        say=_say(shown, Reply(reply)),
    )


#: How they answered who reply so, where that is an answer.
_ANSWERS: Mapping[Reply, Answer] = {
    **dict.fromkeys(REFUSALS, Answer.REFUSED),
    Reply.SAYS_NO_DATA: Answer.NOTHING_HELD,
    Reply.PARTIAL_ANSWER: Answer.PARTLY,
    Reply.RECIPIENTS_ONLY_CATEGORIES: Answer.PARTLY,
    Reply.REFUSES_SOURCE: Answer.PARTLY,
    Reply.PARTIAL_ERASURE: Answer.PARTLY,
    Reply.SUPPRESSION_LIST_INSTEAD_OF_ERASURE: Answer.PARTLY,
    Reply.ERASED_UNCONFIRMED: Answer.COMPLIED,
}


def _say(shown: Shown, reply: Reply) -> str:
    """Where the person puts a reply into the timeline; "" where it is there, or is no answer."""
    last = next((one for one in reversed(shown.case.events) if one.kind in (Kind.ANSWERED, Kind.FOUND_AGAIN)), None)
    if reply is Reply.FOUND_AGAIN:
        there = last is not None and last.kind is Kind.FOUND_AGAIN
        return "" if there or not may_be_there_again(shown) else _happened(shown, Kind.FOUND_AGAIN)
    answer = _ANSWERS.get(reply)
    ground = reply if reply in REFUSALS else None
    if answer is None or Kind.ANSWERED not in MAY_HAPPEN[shown.case.status]:
        return ""
    if last and (last.answer, last.ground) == (answer, ground):
        return ""
    return _happened(shown, Kind.ANSWERED, answer=answer.value, ground=ground.value if ground else None)


def _happened(shown: Shown, kind: Kind, **known: Any) -> str:
    return url_for("cases.happened", id_=shown.case.id, kind=kind.value, **known)


def arguments_to(shown: Shown, reply: str) -> tuple[Argument, ...]:
    """What can be said to a reply under the law of a case; no page where there is nothing."""
    known: Mapping[Reply, tuple[Argument, ...]] = answers_to(shown)
    if reply not in {one.value for one in known}:
        raise NotFound
    return known[Reply(reply)]


@blueprint.post("/cases/<id_>/reply/<reply>/<argument>")
def write(id_: str, reply: str, argument: str) -> ResponseReturnValue:
    """Write the letter with an argument, and keep it in the case."""
    shown = as_shown(own_case(id_))
    letter = written(shown, reply, argument)
    return redirect(url_for("replying.letter", id_=id_, letter=letter))


def written(shown: Shown, reply: str, argument: str, note: Note = unnoted) -> str:
    """Write the letter with an argument, and keep it in the case; its id. No page where there is no such argument.

    `note` is done last in the same transaction.
    """
    chosen = next((one for one in arguments_to(shown, reply) if one.id == argument), None)
    if chosen is None or chosen.strength is Strength.NONE:
        raise NotFound
    limits.attempt("render")
    asked, dates = _asked(shown), _dates(shown.case)
    made = replies.reply(house().catalogue, house().templates, asked, chosen, dates, current())
    return keep(shown.case, made, note)


def keep(case: Case, made: Made, note: Note = unnoted) -> str:
    """Put another letter into a case; its id."""
    with transaction(house().engine) as session:
        id_ = following.add_letter(session, case, made)
        note(session)
    return id_


def _asked(shown: Shown) -> Request:
    """What the first letter was made from, as of today."""
    draft, option = shown.case.draft, shown.clock.option
    if option is None:
        raise NotFound
    layout = Layout(draft.layout) if draft.layout else None
    return Request(shown.situation, option, sender_of(draft), shown.today, "en", layout)


def _dates(case: Case) -> Dates:
    return Dates(
        day_of(case.happened, Kind.SENT) or case.made.letter.day,
        day_of(case.happened, Kind.RECEIVED),
        day_of(case.happened, Kind.ANSWERED),
    )


# A letter that answers


@blueprint.route("/cases/<id_>/letters/<letter>", methods=["GET", "POST"])
def letter(id_: str, letter: str) -> ResponseReturnValue:
    """The letter, to be read, changed, taken and sent."""
    again = url_for("replying.letter", id_=id_, letter=letter)
    return letter_page(as_shown(own_case(id_)), letter, again)


def letter_page(shown: Shown, letter: str, again: str, note: Note = unnoted, **framed: Any) -> ResponseReturnValue:
    """A letter that was written since, with the box in which its words are changed; `again` leads to this page.

    `note` is done last in the transaction of a change; `framed` is what the template takes besides.
    """
    copy = copy_of(shown.case, letter)
    form = TextForm()
    if form.is_submitted() and copy.replaced_on:
        raise NotFound
    if not form.is_submitted():
        form.text.data = blocks.text(copy.made.letter.body)
    elif form.validate() and changed(shown, copy, form, note):
        return redirect(again)
    to, tongue = later_to(copy, shown), house().catalogue.written_in(copy.made.letter.language).id
    return render_template(
        "cases/letter.html",
        shown=shown,
        copy=copy,
        form=form,
        html=article(copy.made.letter, copy.made.gloss),
        shapes=names(copy.made, to.contact),
        contact=to.contact,
        to=[to],
        named=named,
        forms=forms_for(shown, copy),
        to_authority=is_to_authority(copy),
        way=way_taken(shown, copy),
        short=shapes.short(copy.made.letter),
        tongue=tongue,
        draft=drafted_among((tongue,)),
        language_name=language_name,
        **framed,
    ), (422 if form.errors else 200)


def changed(shown: Shown, copy: Copy, form: TextForm, note: Note = unnoted) -> bool:
    """Whether other words could be put in the place of ours; else the form says why not."""
    try:
        body = blocks.fill(blocks.parse(form.text.data), {})
    except BadLetter as error:
        form.text.errors = [_("This text cannot be read: %(why)s.", why=refused(error))]
        return False
    made = Made(replace(copy.made.letter, body=body), copy.made.cover)
    with transaction(house().engine) as session:
        following.change_letter(session, shown.case, copy.id, made)
        note(session)
    return True


def shaped(id_: str, letter: str, shape: str) -> ResponseReturnValue:
    """The letter as a file."""
    limits.attempt("render")
    shown = as_shown(own_case(id_))
    copy, sender = copy_of(shown.case, letter), shown.case.draft.details.get("email", "")
    return as_file(shape, copy.made, contact_to(copy, shown), sender)


def forms_for(shown: Shown, copy: Copy) -> list[tuple[Form, list[Pasted]]]:
    """The web forms of whom it goes to, with what to paste into each field."""
    known = goes_to(copy)
    given = shown.case.draft.details.get("email", "")
    forms = known.forms if known else ()
    return [(one, list(pasted(one, copy.made.letter, shown.name, given))) for one in forms]


for _name in NAMES:
    blueprint.add_url_rule(f"/cases/<id_>/letters/<letter>/{_name}", view_func=shaped, defaults={"shape": _name})
