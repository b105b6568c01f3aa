"""All that a person filed, as one file that they keep."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import Blueprint, stream_with_context
from werkzeug.wrappers import Response

from portal.cases import following
from portal.cases.opening import Opened
from portal.database import reading
from portal.law.deadlines import Due
from portal.letters import kept
from portal.letters.blocks import Refusal
from portal.web import errors
from portal.web.cases import Shown, as_shown, how_counted, opened, shape_names
from portal.web.house import house
from portal.web.language import refused
from portal.web.shapes import shaped

blueprint = Blueprint("export", __name__)

Member = tuple[str, bytes]


class BrokenOff(Exception):
    """An export could not be finished; what the browser has of it is no whole file."""


@blueprint.get("/cases/export.zip")
def export() -> Response:
    """Everything, a file at a time: nothing of it is written down here, or held in memory as a whole."""
    parts = _quietly(zipped(_members(opened()), house().clock()))
    answer = Response(stream_with_context(parts), content_type="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename="export.zip")
    return answer


class _Out(RawIOBase):
    """What a zip is written to, and taken from again piece by piece."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: Any, /) -> int:
        self._written += part
        return len(part)

    def taken(self) -> bytes:
        part = bytes(self._written)
        self._written.clear()
        return part


def zipped(members: Iterator[Member], now: datetime) -> Iterator[bytes]:
    """A zip in the making."""
    out = _Out()
    with ZipFile(out, "w") as archive:
        for name, content in members:
            archive.writestr(ZipInfo(name, now.timetuple()[:6]), content, ZIP_DEFLATED)
            yield out.taken()
    yield out.taken()


def _quietly(parts: Iterator[bytes]) -> Iterator[bytes]:
    """What breaks once the answer has begun is logged as everywhere: without its words, which may be a person's."""
    try:
        yield from parts
    except Exception as error:
        errors.log_kind(error)
        raise BrokenOff("an export broke off") from None


def _members(mine: Opened) -> Iterator[Member]:
    """The files of each case, in a folder with its number: a name would be read by whoever sees the zip."""
    with reading(house().engine) as session:
        ids = following.case_ids(session, mine)
    for n, id_ in enumerate(ids, start=1):
        with reading(house().engine) as session:
            case = following.case(session, mine, id_)
        if case:  # nobody has erased it in the meantime
            yield from ((f"{n:02}/{name}", content) for name, content in _files(as_shown(case)))


def _files(shown: Shown) -> Iterator[Member]:
    """What belongs to a case; the papers that were attached take their place at the end, numbered."""
    yield "case.json", json.dumps(_told(shown), ensure_ascii=False, indent=2).encode()
    for name in shape_names(shown):
        try:
            yield name, shaped(name, shown.case.made, shown.contact, shown.case.draft.details.get("email", ""))[1]
        except Refusal as error:
            yield f"{name}.missing.txt", refused(error).encode()


def _told(shown: Shown) -> dict[str, Any]:
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
        "written_with": {name: draft[name] for name in ("role", "writer_name", "details", "known_as")},
        **json.loads(kept.written(case.made)),
    }


def _event(event: following.Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "day": event.day.isoformat(),
        "said_on": event.recorded_on.isoformat(),
        "due_date_told_then": event.told.isoformat() if event.told else None,
        "law_data": event.catalogue,
        "note": event.note,
    }


def _due(due: Due | None) -> dict[str, Any] | None:
    if due is None:
        return None
    others = [day.isoformat() for day in due.days]
    return {"day": due.day.isoformat(), "counted": how_counted(due), "other_readings": others}
