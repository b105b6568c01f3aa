"""A task: what must be known to decide it, what can be decided, and what follows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from portal.accounts import groups, people
from portal.cases import applications, campaigns, deciding, queue, reports, statements, tasks, thread
from portal.cases.applications import Application
from portal.cases.filing import place
from portal.cases.models import CaseRow, ReportRow, TaskRow
from portal.cases.queue import Waiting
from portal.cases.reports import Report
from portal.cases.tasks import Choice, Decision, Matter, NotByThem, NotInHand
from portal.cases.thread import Content, TooManyMessages
from portal.database import erasing, reading, transaction
from portal.law.records import Right
from portal.law.review import findings
from portal.law.routing import Option, Outcome, Situation, route
from portal.trail import Action, Reason
from portal.vault import PublicHalf, take_out
from portal.web.decision_words import GROUNDS
from portal.web.forms.queue import DecideForm, HandOnForm, decide_form
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.staff import identity, opening
from portal.web.staff.campaign_words import campaign_words
from portal.web.staff.desk import asking, desk, half, with_key
from portal.web.staff.groups import LetIn
from portal.web.staff.noting import note_identity, note_report_done, note_task, note_task_refused
from portal.web.staff.queue import carried, law_words, of_mine, onward, words
from portal.web.staff.task_words import MATTERS
from portal.web.staff.trail_words import REASONS, named, names
from portal.web.words import KINDS, Words

blueprint = Blueprint("tasks", __name__)

#: So many open filings about the same organisation are looked at for one that is alike.
_LOOKED_AT = 200
#: What must be read to be decided, by its name on the page: a report that nobody can read would be deleted.
_TO_READ: Mapping[Matter, str] = {
    Matter.REPORTED: "report",
    Matter.PROPOSED: "proposed",
    Matter.GROUP: "application",
    Matter.CAMPAIGN: "campaign",
    Matter.ORGANISATION_ANSWER: "written",
}


@blueprint.get("/tasks/<id_>")
def task(id_: str) -> ResponseReturnValue:
    """What must be known to decide it; an address has a page of its own."""
    found = of_mine(id_)
    if found.task.matter == Matter.ADDRESS and tasks.is_mine(found.task, asking().account.id, house().clock()):
        return redirect(url_for("addresses.address", id_=found.task.subject, **carried()))
    return _page(found)


def _page(found: Waiting, form: DecideForm | None = None, refused: str = "") -> ResponseReturnValue:
    row, known = found.task, _known(found)
    form = form or _form(found)
    hand_on = HandOnForm()
    hand_on.offer(_colleagues(row))
    shown = render_template(
        f"staff/tasks/{row.matter}.html",
        form=form,
        hand_on=hand_on,
        press=PressForm(),
        found=found,
        task=row,
        case=found.case,
        refused=refused,
        DECISIONS=MATTERS[Matter(row.matter)].decisions,
        GROUND_WORDS=GROUNDS,
        is_known=_is_known(row, known),
        **known,
        **words(),
    )
    return shown, 422 if form.errors else 409 if refused else 200


def _form(found: Waiting) -> DecideForm:
    return decide_form(Matter(found.task.matter), _ways(found.case), house().saved, house().catalogue)


# What must be known


@dataclass(frozen=True, slots=True)
class Flags:
    """What may be wrong with a filing: that others are alike, that it is written for somebody else."""

    alike: tuple[TaskRow, ...] = ()
    role: str = "self"


def _known(found: Waiting) -> Mapping[str, object]:
    """What the page of a matter shows besides."""
    row = found.task
    match Matter(row.matter):
        case Matter.FILED:
            return {"flags": _flags(row, found.case), "best": _best(found.case)}
        case Matter.REPORTED:
            return {"report": _report(row.subject), "no_key": desk().private is None}
        case Matter.CONTESTED:
            with reading(house().engine) as session:
                return {"contested": session.get(TaskRow, row.contests)}
        case Matter.STALE:
            stale = findings(house().catalogue, house().today())
            return {"stale": [one.what for one in stale if one.file == row.subject and one.kind == "stale"]}
        case Matter.HELP | Matter.MESSAGE:
            return {**opening.of_case(found), **identity.shown(found)}
        case Matter.IDENTITY:
            return {
                "asks": named(row.not_by or "", _names()),
                "why": REASONS[Reason(row.reason)] if row.reason else "",
            }
        case Matter.GROUP:
            return {"application": _application(row), "no_key": desk().private is None}
        case Matter.CAMPAIGN:
            return _campaign(row.subject)
        case Matter.ADDRESS:
            return {"waiting": _waiting(row)}
        case Matter.PROPOSED:
            told = {"proposed": _opened(row), "no_key": desk().private is None, "KINDS": KINDS}
            return {**told, "waiting": _waiting(row)}
        case Matter.ORGANISATION_ANSWER:
            written = _opened(row)
            body = house().catalogue.organisations.get(written.get("organisation", ""))
            return {"written": written, "no_key": desk().private is None, "body": body}


def _is_known(row: TaskRow, known: Mapping[str, object]) -> bool:
    """Whether what is to be decided can be read here."""
    read = _TO_READ.get(Matter(row.matter))
    return read is None or bool(known[read])


def _waiting(row: TaskRow) -> int:
    """How many filings wait for what a task is about."""
    with reading(house().engine) as session:
        return tasks.waiting(session, tasks.fact(Matter(row.matter), row.subject))


def _names() -> Mapping[str, Words]:
    """Who works here, by the ids of their accounts."""
    with reading(house().engine) as session:
        return names(people.all_accounts(session, house().config.staff_secret))


def _ways(case: CaseRow | None) -> Mapping[str, str]:
    """The other laws by which it could go, as far as the clear facts tell."""
    return {one.way: law_words(one.way) for one in _options(case) if case and one.way != case.way}


def _options(case: CaseRow | None) -> Sequence[Option]:
    body = house().catalogue.organisations.get(case.organisation) if case else None
    if case is None or body is None or case.status != "filed":
        return ()
    found = route(house().catalogue, Situation(case.place, body, Right(case.right))).options
    return [one for one in found if one.outcome is not Outcome.NOT_ELIGIBLE]


def _best(case: CaseRow | None) -> str:
    """The law that the portal would begin with; "" where the facts do not tell."""
    return next((one.way for one in _options(case)), "")


def _flags(row: TaskRow, case: CaseRow | None) -> Flags:
    """Whether other filings about the same organisation are in the same name; that name is in none of this."""
    mine = _opened(row)
    if case is None or not mine:
        return Flags()
    with reading(house().engine) as session:
        others = queue.beside(session, case, _LOOKED_AT)
    alike = tuple(one for one in others if one.id != row.id and _opened(one).get("alike") == mine["alike"])
    return Flags(alike, mine["role"])


def _opened(row: TaskRow) -> Mapping[str, str]:
    """What was sealed of it; nothing where it was sealed to another key, or is forgotten."""
    sealed = row.sealed
    if sealed is None:
        return {}
    text = with_key(lambda private: take_out(private, sealed, place("tasks", "sealed", row.id)))
    told: Mapping[str, str] = json.loads(text) if text else {}
    return told


def _application(row: TaskRow) -> Application | None:
    """What a group wrote that wants to be let in; None where a task is about something else."""
    return with_key(partial(applications.read, row)) if row.matter == Matter.GROUP else None


def _campaign(id_: str) -> Mapping[str, object]:
    """A campaign as its page will be; it cannot be changed while it is to be read."""
    with reading(house().engine) as session:
        found = campaigns.get(session, id_)
        whose = groups.get(session, found.group_id) if found else None
    return {"campaign": found, "group": whose, **campaign_words(found)}


def _report(id_: str) -> Report | None:
    with reading(house().engine) as session:
        row = session.get(ReportRow, id_)
    return with_key(partial(reports.read, row)) if row else None


def _colleagues(row: TaskRow) -> Mapping[str, str]:
    """Who else may decide it, by name."""
    with reading(house().engine) as session:
        everybody = people.all_accounts(session, house().config.staff_secret)
    may = [one for one in everybody if one.active and Matter(row.matter) in tasks.matters(one.may)]
    return {one.id: one.name or one.email for one in may if one.id not in (asking().account.id, row.not_by)}


# In hand


@blueprint.post("/tasks/<id_>/claim")
def claim(id_: str) -> ResponseReturnValue:
    """Take it in hand."""
    found, who = of_mine(id_), asking()
    if not PressForm().validate_on_submit():
        return _page(found)
    try:
        with transaction(house().engine) as session:
            had = tasks.claim(session, id_, who.account.id, house().clock())
            if had:
                note_task(session, who, Action.TASK_CLAIMED, id_)
    except NotByThem:
        note_task_refused(who, Action.TASK_CLAIMED, id_, Reason.SECOND_PERSON)
        return _page(found, refused=str(MATTERS[Matter(found.task.matter)].second))
    if not had:
        note_task_refused(who, Action.TASK_CLAIMED, id_, Reason.TAKEN)
        return _page(of_mine(id_), refused=_("A colleague was faster."))
    return redirect(url_for("tasks.task", id_=id_, **carried()))


@blueprint.post("/tasks/<id_>/hand-on")
def hand_on(id_: str) -> ResponseReturnValue:
    """Put it back into the queue, or into a colleague's hands."""
    found, who, form = of_mine(id_), asking(), HandOnForm()
    form.offer(_colleagues(found.task))
    if not form.validate_on_submit():
        return _page(found)
    try:
        with transaction(house().engine) as session:
            tasks.let_go(session, id_, who.account.id, house().clock(), form.to.data or None)
            note_task(session, who, Action.TASK_RELEASED, id_)
    except (NotInHand, NotByThem):
        note_task_refused(who, Action.TASK_RELEASED, id_, Reason.NOT_THEIRS)
        return _page(of_mine(id_), refused=_("You do not have it in hand any more."))
    return redirect(url_for("queue.first", **carried()))


# Deciding


@blueprint.post("/tasks/<id_>/decide")
def decide(id_: str) -> ResponseReturnValue:
    """Decide it, and go on with the next one."""
    found = of_mine(id_)
    form = _form(found)
    decision = form.decision()
    unread = Matter(found.task.matter) in _TO_READ and not _is_known(found.task, _known(found))
    if decision is None or unread:
        return _page(found, form)
    content = form.content(house().saved, house().catalogue) if decision.choice is Choice.ASK else None
    if decision.choice is Choice.ASK and content is None:
        return _page(found, form)
    if content and half() is None:
        return _page(found, form, refused=_("Nothing can be written: the staff’s key is not known here."))
    application = _application(found.task) if decision.choice is Choice.ACCEPTED else None
    try:
        let_in = _decide(found, decision, content, application)
    except TooManyMessages:
        return _page(found, form, refused=_("The staff have written as many messages in this case as they may."))
    except NotInHand:
        note_task_refused(asking(), Action.TASK_DECIDED, id_, Reason.NOT_THEIRS)
        return _page(of_mine(id_), form, refused=_("You do not have it in hand any more: take it again."))
    if let_in:
        return let_in.page()
    return onward() if request.form.get("then") != "stop" else redirect(url_for("queue.first", **carried()))


def _decide(
    found: Waiting, decision: Decision, content: Content | None, application: Application | None
) -> LetIn | None:
    """The decision and all that follows, in one transaction; the group that is let in by it.

    Raises NotInHand, TooManyMessages.
    """
    row, who, today = found.task, asking(), house().today()
    is_report = row.matter == Matter.REPORTED
    said = _opened(row) if _is_to_be_shown(row, decision) else {}
    with (erasing if is_report else transaction)(house().engine) as session:
        decided = tasks.decide(session, row.id, decision, who.account.id, house().clock(), today)
        deciding.carry_out(session, decided, today, house().clock())
        staff = half()
        if content and found.case and staff:
            theirs = PublicHalf(found.case.public_key)
            thread.write(session, found.case.id, theirs, staff, content, from_staff=True, today=today)
        if is_report:
            _report_done(session, row)
        if said:
            statements.accept(session, said, row.opened_on)
        if row.matter == Matter.IDENTITY:
            _note_allowed(session, decided)
        let_in = LetIn.by(session, application) if application else None
        note_task(session, who, Action.TASK_DECIDED, row.id, decision.choice)
    return let_in


def _is_to_be_shown(row: TaskRow, decision: Decision) -> bool:
    """Whether it is what an organisation says, and comes from there."""
    return row.matter == Matter.ORGANISATION_ANSWER and decision.choice is Choice.ACCEPTED


def _note_allowed(session: Session, decided: TaskRow) -> None:
    assert decided.case_id
    no = None if decided.choice == Choice.APPROVED else Reason.SECOND_PERSON
    note_identity(session, asking(), Action.IDENTITY_APPROVED, decided.case_id, no, refused=no is not None)


def _report_done(session: Session, row: TaskRow) -> None:
    reports.done(session, row.subject, asking().account.id, house().today())
    note_report_done(session, asking(), row.subject)
