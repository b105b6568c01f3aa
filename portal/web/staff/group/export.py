"""What a group sees, as a file that it takes with it: for spreadsheets and for programs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.groups import Group
from portal.cases import campaigns, group_queue
from portal.cases.drafts import Draft
from portal.cases.group_queue import Seen, Wanted
from portal.cases.group_sharing import READS
from portal.database import reading, transaction
from portal.letters.details import DETAILS
from portal.vault import Key
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.spreadsheet import MARK, written
from portal.web.staff.desk import asking
from portal.web.staff.group.cases import carried, wanted_of
from portal.web.staff.group.membership import own_and_key
from portal.web.staff.noting import note_group_exported
from portal.web.streaming import streamed

blueprint = Blueprint("group_export", __name__)

#: What is in the clear of each case, in the order of the columns; the details follow.
_FACTS = ("case", "organisation", "right", "law", "place", "status", "filed_on", "answer_due", "late")
_SHARED = ("shared_on", "may", "joint", "campaign")
COLUMNS = (*_FACTS, *_SHARED, *DETAILS)


@blueprint.post("/group/cases.csv")
def as_csv() -> ResponseReturnValue:
    """All that is wanted, as CSV."""
    return _sent("cases.csv", "text/csv; charset=utf-8", _csv)


@blueprint.post("/group/cases.json")
def as_json() -> ResponseReturnValue:
    """The same as JSON."""
    return _sent("cases.json", "application/json", _json)


def _sent(name: str, kind: str, made: Any) -> ResponseReturnValue:
    """That somebody takes it is noted before it is sent."""
    group, key = own_and_key()
    if not PressForm().validate_on_submit():
        return redirect(url_for("group_cases.cases", **carried()))
    with transaction(house().engine) as session:
        note_group_exported(session, asking())
    return streamed(name, kind, made(_rows(group, key, wanted_of(group))))


def _rows(group: Group, key: Key | None, wanted: Wanted) -> Iterator[Mapping[str, str]]:
    """Each case, so many at a time: nobody reads in one go while a browser takes its time."""
    with reading(house().engine) as session:
        titles = {one.id: one.said.title for one in campaigns.of_group(session, group.id)}
    after = None
    while True:
        with reading(house().engine) as session:
            page = group_queue.page(session, wanted, after, group_queue.MANY)
            ids = [one.case.id for one in page.cases if one.share.scope in READS]
            opened = group_queue.opened(session, ids, group.id, key) if key and ids else {}
        yield from (_row(one, titles, opened.get(one.case.id)) for one in page.cases)
        if page.after is None:
            return
        after = page.after


def _row(one: Seen, titles: Mapping[str, str], draft: Draft | None) -> Mapping[str, str]:
    case, share = one.case, one.share
    facts = (case.id, case.organisation, case.right, case.way, case.place, case.status, case.filed_on.isoformat())
    due = one.due.isoformat() if one.due else ""
    told = (*facts, due, _yes(one.is_late(house().today())))
    shared = (
        share.shared_on.isoformat(),
        share.scope.value,
        _yes(share.joint),
        titles.get(share.campaign_id or "", ""),
    )
    details = (draft.details.get(name, "") if draft else "" for name in DETAILS)
    return dict(zip(COLUMNS, (*told, *shared, *details), strict=True))


def _yes(what: bool) -> str:
    return "yes" if what else "no"


def _csv(rows: Iterator[Mapping[str, str]]) -> Iterator[bytes]:
    yield MARK + written([COLUMNS])
    for row in rows:
        yield written([row.values()])


def _json(rows: Iterator[Mapping[str, str]]) -> Iterator[bytes]:
    yield b"["
    for n, row in enumerate(rows):
        yield (",\n" if n else "\n").encode() + json.dumps(row, ensure_ascii=False).encode()
    yield b"\n]\n"
