"""All that a person filed, as one file that they keep."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import chain
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.cases import following, group_sharing, thread
from portal.cases.attaching import Attached
from portal.cases.following import Case
from portal.cases.group_sharing import Scope
from portal.cases.opening import Opened
from portal.cases.thread import Message
from portal.database import reading
from portal.law.deadlines import Due
from portal.letters import kept
from portal.web.attaching import paper_of
from portal.web.cases import opened
from portal.web.house import house
from portal.web.shapes import files
from portal.web.shown import Shown, as_shown, contact_to, how_counted
from portal.web.thread_words import as_shown as as_said
from portal.web.zips import Member, as_zip

blueprint = Blueprint("export", __name__)


@blueprint.get("/cases/export.zip")
def export() -> Response:
    """Everything, a file at a time: nothing of it is written down here, or held in memory as a whole."""
    return as_zip("export.zip", _members(opened()))


def _members(mine: Opened) -> Iterator[Member]:
    """The files of each case, in a folder with its number: a name would be read by whoever sees the zip."""
    with reading(house().engine) as session:
        ids = following.case_ids(session, mine)
    for n, id_ in enumerate(ids, start=1):
        with reading(house().engine) as session:
            case = following.case(session, mine, id_)
            said = thread.read_as_holder(session, id_, case.private) if case else ()
            seen = [_seen(*one) for one in group_sharing.by_name(session, id_)]
        if case:  # nobody has erased it in the meantime
            beside = {"groups": [one for one in seen if one["sees"]], "messages": [_message(one) for one in said]}
            members = chain(_files(as_shown(case), beside), _papers(case))
            yield from ((f"{n:02}/{name}", content) for name, content in members)


def _files(shown: Shown, beside: Mapping[str, Any]) -> Iterator[Member]:
    """What belongs to a case; `beside` is what others see of it and wrote in it."""
    yield "case.json", json.dumps(_told(shown, beside), ensure_ascii=False, indent=2).encode()
    sender = shown.case.draft.details.get("email", "")
    yield from files(shown.case.made, shown.contact, sender)
    for n, one in enumerate((*shown.case.letters[1:], *shown.case.replaced), start=2):
        later = files(one.made, contact_to(one, shown), sender)
        yield from ((f"letters/{n:02}/{name}", content) for name, content in later)


def _papers(case: Case) -> Iterator[Member]:
    """What was attached, numbered, under the names that the person knows."""
    for n, one in enumerate(case.papers, start=1):
        yield f"papers/{n:02}-{one.name}", paper_of(case, one).content


_WRITTEN_WITH = ("role", "writer_name", "writer_address", "details", "known_as")


def _told(shown: Shown, beside: Mapping[str, Any]) -> dict[str, Any]:
    """A case as data."""
    case, now = shown.case, shown.clock
    draft = asdict(case.draft)
    return {
        "organisation": case.organisation,
        "name": shown.name,
        "right": case.right,
        "law": case.way,
        "place": case.place,
        "status": case.status,
        "filed_on": case.filed_on.isoformat(),
        "kept_until": case.forget_on.isoformat(),
        "answer_due": _due(now.due),
        "answer_due_is": now.sure,
        "send_by": _due(now.send_by),
        "events": [_event(event) for event in case.events],
        "papers": [_paper(one) for one in case.papers],
        "written_with": {name: draft[name] for name in _WRITTEN_WITH},
        "staff_may_read": case.shared,
        "urgent": case.urgent,
        **beside,
        **json.loads(kept.written(case.made)),
    }


def _event(event: following.Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "day": event.day.isoformat(),
        "said_on": event.recorded_on.isoformat(),
        "due_date_told_then": event.told.isoformat() if event.told else None,
        "law_data": event.catalogue,
        "way": event.way,
        "outcome": event.outcome,
        "answer": event.answer,
        "ground": event.ground,
        "number": event.number,
        "note": event.note,
    }


def _seen(group: str, scope: Scope | None) -> dict[str, Any]:
    return {"group": group, "sees": scope}


def _message(one: Message) -> dict[str, Any]:
    """A message in the language of the pages, as the person read it."""
    said = as_said(one)
    text = "\n\n".join([said.title, *said.paragraphs] if said.title else said.paragraphs)
    return {"by": "staff" if one.from_staff else "you", "written_on": one.written_on.isoformat(), "text": text}


def _paper(one: Attached) -> dict[str, Any]:
    return {"shows": one.shows, "name": one.name, "attached_on": one.added_on.isoformat()}


def _due(due: Due | None) -> dict[str, Any] | None:
    if due is None:
        return None
    others = [day.isoformat() for day in due.days]
    return {"day": due.day.isoformat(), "counted": how_counted(due), "other_readings": others}
