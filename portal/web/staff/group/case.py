"""A case as its group sees it: what its person lets it see, and never more."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.accounts.groups import Group
from portal.cases import group_queue, group_sharing
from portal.cases.attaching import Attached
from portal.cases.following import Case
from portal.cases.group_queue import Seen
from portal.cases.group_sharing import READS, Scope
from portal.cases.models import EventRow
from portal.database import reading
from portal.letters.details import DETAILS
from portal.letters.html import article
from portal.vault import Key
from portal.web import happening, limits
from portal.web import words as portal_words
from portal.web.attaching import paper_of
from portal.web.case_words import SHOWS, THEIRS
from portal.web.house import house
from portal.web.journey import named
from portal.web.language import current
from portal.web.shapes import NAMES, as_file, names
from portal.web.shown import (
    Shown,
    answerable,
    as_shown,
    button_of,
    complaint_ways,
    contact_to,
    copy_of,
    due_words,
    first_to,
    may_be_said,
    remarks,
    still_open,
)
from portal.web.staff.group import cases
from portal.web.staff.group.membership import Locked, opened_group, own_and_key
from portal.web.staff.group.words import NEXT
from portal.web.uploads import attachment

blueprint = Blueprint("group_case", __name__)


@blueprint.get("/group/cases/<id_>")
def case(id_: str) -> ResponseReturnValue:
    """As much of it as its person lets the group see."""
    group, key = own_and_key()
    seen = seen_by(group, id_)
    if seen.share.scope not in READS:
        return render_template("staff/group/cases/status.html", seen=seen, events=_events(id_), **cases.words())
    if key is None:
        raise Locked
    shown = read(group, key, id_)
    return render_template(
        "staff/group/cases/case.html",
        seen=seen,
        shown=shown,
        case=shown.case,
        acts=seen.share.scope is Scope.ACT,
        next_words=NEXT[shown.clock.next],
        button=button_of(shown.clock),
        due=due_words(shown),
        remarks=[*remarks(shown)],
        open=[*still_open(shown)],
        details=[*told(shown.case)],
        may=[kind for kind in may_be_said(shown) if happening.may_be_said(shown, kind)],
        THEIRS=THEIRS,
        html=article(shown.case.made.letter, shown.case.made.gloss),
        shapes=names(shown.case.made, shown.contact),
        to=first_to(shown),
        SHOWS=SHOWS,
        own_id=group.id,
        complaints=complaint_ways(shown),
        answers=answerable(shown),
        named=named,
        **cases.words(),
    )


def seen_by(group: Group, id_: str) -> Seen:
    """The clear facts of a case that is shared with this group; no page where it is not."""
    with reading(house().engine) as session:
        found = group_queue.chosen(session, group.id, [id_])
    if not found:
        raise NotFound
    return found[0]


def _events(id_: str) -> list[EventRow]:
    """What happened, and when: of each no more than its kind and its day."""
    with reading(house().engine) as session:
        return group_queue.events(session, id_)


def read(group: Group, key: Key, id_: str) -> Shown:
    """A case that the group may read; no page where it may not."""
    with reading(house().engine) as session:
        share = group_sharing.get(session, id_, group.id)
        found = group_sharing.open_for_group(session, [id_], group.id, key)
    if share is None or share.scope not in READS or not found:
        raise NotFound
    return as_shown(found[0])


def acted_on(id_: str) -> tuple[Group, Shown]:
    """A case in which the group acts; no page where it does not."""
    group, key = opened_group()
    if seen_by(group, id_).share.scope is not Scope.ACT:
        raise NotFound
    return group, read(group, key, id_)


def told(case: Case) -> Iterator[tuple[Any, str]]:
    """The details that the person gave, in the order in which they are asked for."""
    given = case.draft.details
    yield from ((detail_words(name), given[name]) for name in DETAILS if given.get(name))


def detail_words(name: str) -> Any:
    """What a detail is called, as letters call it; else as the person was asked for it."""
    fields = house().catalogue.languages[current()].fields
    return fields.get(name) or portal_words.DETAILS[name][0]


# What is read


def shaped(id_: str, shape: str) -> ResponseReturnValue:
    """The letter as it was made."""
    limits.attempt("render")
    group, key = opened_group()
    shown = read(group, key, id_)
    return as_file(shape, shown.case.made, shown.contact, shown.case.draft.details.get("email", ""))


def later_shaped(id_: str, letter: str, shape: str) -> ResponseReturnValue:
    """A letter that was written since."""
    limits.attempt("render")
    group, key = opened_group()
    shown = read(group, key, id_)
    copy, sender = copy_of(shown.case, letter), shown.case.draft.details.get("email", "")
    return as_file(shape, copy.made, contact_to(copy, shown), sender)


for _name in NAMES:
    blueprint.add_url_rule(f"/group/cases/<id_>/{_name}", view_func=shaped, defaults={"shape": _name})
    blueprint.add_url_rule(
        f"/group/cases/<id_>/letters/<letter>/{_name}", view_func=later_shaped, defaults={"shape": _name}
    )


@blueprint.get("/group/cases/<id_>/papers/<paper>")
def paper(id_: str, paper: str) -> ResponseReturnValue:
    """A file that the person attached; no copy of an identity document."""
    group, key = opened_group()
    case = read(group, key, id_).case
    one = _attached(case).get(paper)
    if one is None:
        raise NotFound
    try:
        return attachment(paper_of(case, one))
    except FileNotFoundError:
        raise NotFound from None


def _attached(case: Case) -> Mapping[str, Attached]:
    return {one.id: one for one in case.papers}
