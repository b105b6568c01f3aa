"""Acting for people who let the group: saying what happened, writing on, of one case or of many at once."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from portal.accounts.groups import Group
from portal.cases import group_queue, group_sharing
from portal.cases.following import NotPossible, Said
from portal.cases.forgetting import Erased
from portal.cases.group_sharing import Scope
from portal.cases.status import Kind
from portal.database import reading
from portal.law.arguments import Reply, Strength
from portal.law.records import Confidence
from portal.law.routing import mandate_for
from portal.letters import compose
from portal.letters.compose import Role
from portal.trail import Action, is_id
from portal.vault import Key
from portal.web import complaining, dossiers, happening, limits, replying
from portal.web.case_words import HAPPENED, WHY_NOT
from portal.web.forms.group import StepForm, TogetherForm
from portal.web.house import house
from portal.web.journey import named, said
from portal.web.shapes import together as letters_together
from portal.web.shown import (
    Shown,
    addressee_of,
    answers_to,
    as_shown,
)
from portal.web.staff.desk import asking
from portal.web.staff.group import cases
from portal.web.staff.group.case import acted_on
from portal.web.staff.group.membership import opened_group
from portal.web.staff.group.words import ACTIONS
from portal.web.staff.noting import note_group_acted
from portal.web.words import REPLIES, STRENGTHS

blueprint = Blueprint("group_acting", __name__)

#: So many cases are gone on with at once, and shown before.
MOST_TOGETHER = 100
#: What can be said of many cases at once.
TOGETHER = (Kind.SENT, Kind.RECEIVED, Kind.ANSWERED)
#: What the pages that a case has for its person take for a group: their frame, and where their links lead.
_FRAME: Mapping[str, Any] = {"frame": "staff/base.html", "by": "group_acting"}


@blueprint.get("/group/cases/<id_>/back")
def back(id_: str) -> ResponseReturnValue:
    """To the case itself."""
    return redirect(url_for("group_case.case", id_=id_))


# One case


@blueprint.route("/group/cases/<id_>/happened/<kind>", methods=["GET", "POST"])
def happened(id_: str, kind: str) -> ResponseReturnValue:
    """The group says that something has happened, and when; the clock follows."""
    group, shown = acted_on(id_)
    what = happening.kind_of(kind)
    if not happening.may_be_said(shown, what):
        return back(id_)
    form = happening.form_of(shown, what)
    if form.validate_on_submit() and happening.recorded(shown, what, form, group.id, note=partial(_note, id_)):
        return back(id_)
    more = {"case": shown.case, "kind": what, "HAPPENED": HAPPENED, "ACTIONS": ACTIONS}
    return render_template("cases/happened.html", form=form, shown=shown, **more, **_FRAME), (
        422 if form.errors else 200
    )


def _note(case_id: str, session: Session) -> None:
    note_group_acted(session, asking(), Action.GROUP_ACTED, case_id)


@blueprint.get("/group/cases/<id_>/reply")
def reply(id_: str) -> ResponseReturnValue:
    """What did they answer?"""
    _group, shown = acted_on(id_)
    known = answers_to(shown)
    form = replying.reply_form(known)
    if form.is_submitted_by_get and form.validate():
        return redirect(url_for("group_acting.answers", id_=id_, reply=form.reply.data))
    return render_template("cases/reply.html", form=form, shown=shown, known=known, **_FRAME)


@blueprint.get("/group/cases/<id_>/reply/<reply>")
def answers(id_: str, reply: str) -> ResponseReturnValue:
    """What the law says to it."""
    _group, shown = acted_on(id_)
    arguments = replying.arguments_to(shown, reply)
    words = {"replies": REPLIES, "strengths": STRENGTHS}
    more = {"reply": Reply(reply), "words": words, "nothing": Strength.NONE, "said": said}
    return render_template("cases/answers.html", shown=shown, arguments=arguments, **more, **_FRAME)


@blueprint.post("/group/cases/<id_>/reply/<reply>/<argument>")
def write(id_: str, reply: str, argument: str) -> ResponseReturnValue:
    """Write the letter with an argument, and keep it in the case."""
    _group, shown = acted_on(id_)
    letter = replying.written(shown, reply, argument, partial(_note, id_))
    return redirect(url_for("group_acting.letter", id_=id_, letter=letter))


@blueprint.get("/group/cases/<id_>/complain")
def ways(id_: str) -> ResponseReturnValue:
    """To whom, under which law, and until when."""
    _group, shown = acted_on(id_)
    return render_template("cases/complain.html", shown=shown, ways=[*complaining.ways_of(shown)], **_FRAME)


@blueprint.route("/group/cases/<id_>/complain/<right>/<way>", methods=["GET", "POST"])
def details(id_: str, right: str, way: str) -> ResponseReturnValue:
    """What the letter needs; the group writes it, on a mandate where the law has one."""
    group, shown = acted_on(id_)
    option = complaining.option_of(shown, right, way)
    mandate = mandate_for(house().catalogue, option)
    role = Role.GROUP if mandate and group.mandated else Role.AGENT
    form = complaining.form_of(shown, option, {"role": role.value, "writer_name": group.name})
    if form.validate_on_submit():
        letter = complaining.written(shown, option, form, partial(_note, id_))
        return redirect(url_for("group_acting.letter", id_=id_, letter=letter))
    asked = compose.asks(house().catalogue, option)
    more = {"to": addressee_of(option), "mandate": mandate, "named": named, "CERTAIN": Confidence.CERTAIN}
    return render_template("cases/complaint.html", form=form, shown=shown, asked=asked, **more, **_FRAME), (
        422 if form.errors else 200
    )


@blueprint.route("/group/cases/<id_>/letters/<letter>", methods=["GET", "POST"])
def letter(id_: str, letter: str) -> ResponseReturnValue:
    """A letter that was written since, to be read, changed, taken and sent."""
    _group, shown = acted_on(id_)
    again = url_for("group_acting.letter", id_=id_, letter=letter)
    return replying.letter_page(shown, letter, again, partial(_note, id_), **_FRAME)


@blueprint.get("/group/cases/<id_>/letters/<letter>/dossier.pdf")
def bound(id_: str, letter: str) -> ResponseReturnValue:
    """A complaint with its chronology and its exhibits."""
    limits.attempt("render")
    return dossiers.as_dossier(acted_on(id_)[1].case, letter)


@blueprint.get("/group/cases/<id_>/letters/<letter>/originals.zip")
def originals(id_: str, letter: str) -> ResponseReturnValue:
    """The files of others in it, as they were attached."""
    limits.attempt("render")
    return dossiers.as_originals(acted_on(id_)[1].case, letter)


# Many cases


@blueprint.post("/group/cases/together")
def together() -> ResponseReturnValue:
    """What can be done with those that were chosen."""
    form = TogetherForm()
    chosen = _chosen(form) if form.validate_on_submit() else ()
    if not chosen:
        return redirect(url_for("group_cases.cases"))
    step = StepForm(formdata=None, kind=Kind.SENT.value, day=house().today())
    return _page(chosen, step)


def _page(
    chosen: tuple[Shown, ...],
    step: StepForm,
    can: Mapping[str, Any] | None = None,
    why: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """The cases that were chosen and, once it was asked, of which of them it can be said, and why not of others."""
    page = render_template(
        "staff/group/cases/together.html", chosen=chosen, form=step, can=can, why=why or {}, **cases.words()
    )
    return page, 422 if step.errors else 200


def _chosen(form: TogetherForm) -> tuple[Shown, ...]:
    """Those of them in which the group acts."""
    group, key = opened_group()
    return _opened(group, key, form.cases.data or ())


def _opened(group: Group, key: Key, ids: Any) -> tuple[Shown, ...]:
    wanted = [*dict.fromkeys(filter(is_id, ids))][:MOST_TOGETHER]
    with reading(house().engine) as session:
        seen = group_queue.chosen(session, group.id, wanted)
        acting = [one.case.id for one in seen if one.share.scope is Scope.ACT]
        found = group_sharing.open_for_group(session, acting, group.id, key)
    by_id = {one.id: one for one in found}
    return tuple(as_shown(by_id[id_]) for id_ in acting if id_ in by_id)


@blueprint.post("/group/cases/together/said")
def said_of_all() -> ResponseReturnValue:
    """First show of which of them it can be said; then say it of those."""
    group, key = opened_group()
    form = StepForm()
    chosen = _opened(group, key, form.cases.data or ())
    if not chosen:
        return redirect(url_for("group_cases.cases"))
    if not form.validate_on_submit():
        return _page(chosen, form)
    can, why = _possible(chosen, Kind(form.kind.data), form.day.data, group.id)
    if request.form.get("do") != "say" or not can:
        return _page(chosen, form, can, why)
    record(can, Action.GROUP_ACTED)
    return redirect(url_for("group_cases.cases", done=len(can)))


def _possible(
    chosen: tuple[Shown, ...], kind: Kind, day: date, by_group: str
) -> tuple[Mapping[str, tuple[Shown, Said]], Mapping[str, str]]:
    """Of which cases it can be said, and why not of the others."""
    can, why = {}, {}
    for one in chosen:
        try:
            can[one.case.id] = one, happening.said_of(one, happening.Told(kind, day, by_group=by_group))
        except NotPossible as error:
            why[one.case.id] = str(WHY_NOT[error.why])
    return can, why


def record(said_: Mapping[str, tuple[Shown, Said]], action: Action) -> None:
    """Put it into the timelines of all these cases, or of none."""
    house().eraser.carry_out(partial(_record, said_=said_, action=action))


def _record(session: Session, said_: Mapping[str, tuple[Shown, Said]], action: Action) -> Erased:
    erased = happening.record_all(session, said_)
    for case_id in said_:
        note_group_acted(session, asking(), action, case_id)
    return erased


@blueprint.post("/group/cases/letters.pdf")
def letters() -> ResponseReturnValue:
    """The letters of several cases as one PDF, in the order in which they are posted."""
    limits.attempt("render")
    form = TogetherForm()
    chosen = _chosen(form) if form.validate_on_submit() else ()
    if not chosen:
        return redirect(url_for("group_cases.cases"))
    return letters_together([one.case.made for one in sorted(chosen, key=in_the_post)])


def in_the_post(shown: Shown) -> tuple[Any, ...]:
    """Letters to one addressee lie together, those of one place of the sender beside each other."""
    letter = shown.case.made.letter
    return letter.addressee, shown.case.place, letter.sender[-1:], letter.signatory
