"""The records of the law, one by one and in pages."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from werkzeug.exceptions import NotFound

from portal.law.looks import Look, look_at
from portal.law.records import Contact, Law, Organisation
from portal.web.api.answers import RECORDS, Answer, Entry, Item, Kind, List, Ref, shape_of
from portal.web.api.questions import Page, Question
from portal.web.contacts import looked_at
from portal.web.house import house
from portal.web.kinds import KINDS
from portal.web.reference import address_of


def about() -> dict[str, Any]:
    """What every answer begins with."""
    return {"catalogue": house().catalogue.version}


def ref(kind: str, id_: str) -> Ref:
    return Ref(id=id_, url=url_for(f"api.{kind}_one", id_=id_))


def entry(_asked: Question) -> Answer:
    """Where everything is."""
    kinds = tuple(
        Kind(kind=kind, url=url_for(f"api.{kind}"), count=len(KINDS[kind].of(house().catalogue))) for kind in RECORDS
    )
    return Entry(
        **about(),
        documentation=url_for("api_docs.page"),
        openapi=url_for("api.openapi"),
        route=url_for("api.route"),
        due=url_for("api.due"),
        kinds=kinds,
    )


def one(kind: str, id_: str) -> Item:
    """A record; a law with what can be said under it to each reply. Raises NotFound."""
    record = KINDS[kind].of(house().catalogue).get(id_)
    if record is None:
        raise NotFound(f"There is nothing of this id here. {url_for(f'api.{kind}')} lists all that there is.")
    made: Item = shape_of(kind).answer(**about(), **_item(kind, record, _looks([record])), **_arguments(record))
    return made


def _arguments(record: Any) -> dict[str, Any]:
    if not isinstance(record, Law):
        return {}
    replies = house().catalogue.replies(record.id)
    return {"arguments": tuple(one for arguments in replies.values() for one in arguments)}


def page(kind: str, asked: Page) -> List:
    """A page of a list, in the order of the ids, so that one who follows `next` meets each record once."""
    records, shape = KINDS[kind].of(house().catalogue), shape_of(kind)
    ids = sorted(records)
    start = bisect_right(ids, asked.after) if asked.after else 0
    taken = ids[start : start + asked.limit]
    more = start + asked.limit < len(ids)
    following = url_for(f"api.{kind}", after=taken[-1], limit=asked.limit) if more else None
    looks = _looks([records[id_] for id_ in taken])
    items = tuple(shape.item(**_item(kind, records[id_], looks)) for id_ in taken)
    made: List = shape.listing(**about(), records=items, next=following)
    return made


def _item(kind: str, record: Any, looks: Mapping[str, Look | None]) -> dict[str, Any]:
    look = {"look": looks[record.id]} if record.id in looks else {}
    return {"url": ref(kind, record.id).url, "page": address_of(kind, record.id), "record": record, **look}


def _looks(records: Sequence[Any]) -> Mapping[str, Look | None]:
    """What was found of the addresses of those of these who can be reached, by their ids; one query at most."""
    reached = {record.id: _reached(record) for record in records if hasattr(record, "contact")}
    found = looked_at(dict(reached.values()))
    return {whose: look_at(found[id_]) for whose, (id_, _) in reached.items()}


def _reached(record: Any) -> tuple[str, Contact]:
    """Where somebody is written to, and whose address that is: of a body with an office for requests, the office."""
    if isinstance(record, Organisation) and record.office:
        return record.office.id, record.office.contact
    return record.id, record.contact
