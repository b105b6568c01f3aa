"""The cases that people share with a group: the table of all of them, narrowed by what is wanted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.accounts.groups import Group
from portal.cases import campaigns, group_queue
from portal.cases.group_queue import After, Seen, Wanted
from portal.cases.group_sharing import READS, Scope
from portal.database import reading
from portal.vault import Key
from portal.web.case_words import STATUSES
from portal.web.forms.group import CasesForm, TogetherForm
from portal.web.house import house
from portal.web.journey import place_words
from portal.web.staff.group.membership import own_and_key
from portal.web.staff.group.words import ACTIONS, SAID, SCOPES
from portal.web.staff.queue import law_words, organisation_words
from portal.web.words import RIGHTS

blueprint = Blueprint("group_cases", __name__)

#: What an address carries of what is wanted.
CARRIED = ("campaign", "organisation", "status", "scope", "late")
#: So many digits tell two cases apart for a reader.
SHORT = 8


@blueprint.get("/group/cases")
def cases() -> ResponseReturnValue:
    """All of them, the newest first; who it is only where the person lets the group read it, and its key is open."""
    group, key = own_and_key()
    form = asked(group)
    wanted = form.wanted(group.id, house().today())
    with reading(house().engine) as session:
        page = group_queue.page(session, wanted, _after(request.args.get("after", "")))
        counts = group_queue.counts(session, group.id, house().today())
    return render_template(
        "staff/group/cases/cases.html",
        form=form,
        page=page,
        after=f"{page.after.shared_on.isoformat()}.{page.after.case_id}" if page.after else "",
        counts=counts,
        names=names(group, key, page.cases),
        campaigns=dict(form.campaign_names),
        locked=key is None,
        carried=carried(),
        together=TogetherForm(),
        told=_told(request.args.get("done", "")),
        **words(),
    ), (422 if form.errors else 200)


def asked(group: Group) -> CasesForm:
    """What they want to see, as the address carries it."""
    with reading(house().engine) as session:
        own_campaigns = {one.id: one.said.title for one in campaigns.of_group(session, group.id)}
        about = group_queue.organisations(session, group.id)
    form = CasesForm(MultiDict(request.args) if carried() else None)
    by_name = sorted(((id_, organisation_words(id_)) for id_ in about), key=lambda pair: pair[1].casefold())
    form.offer(own_campaigns, dict(by_name))
    return form


def carried() -> Mapping[str, Any]:
    """What of it goes on to the next page."""
    return {name: request.args[name] for name in CARRIED if request.args.get(name)}


def wanted_of(group: Group) -> Wanted:
    """Which of its cases the address asks for."""
    return asked(group).wanted(group.id, house().today())


def names(group: Group, key: Key | None, cases: Sequence[Seen]) -> Mapping[str, str]:
    """The names of those who let the group read their case, by case; none while the key is locked."""
    readable = [one.case.id for one in cases if one.share.scope in READS]
    if key is None or not readable:
        return {}
    with reading(house().engine) as session:
        opened = group_queue.opened(session, readable, group.id, key)
    return {id_: draft.details.get("full_name", "") for id_, draft in opened.items()}


def _after(written: str) -> After | None:
    """Where a page begins; the first one, where nothing or nothing sensible is said."""
    day, _dot, id_ = written.partition(".")
    try:
        return After(date.fromisoformat(day), id_) if id_ and "\0" not in id_ else None
    except ValueError:
        return None


def _told(done: str) -> int | None:
    """How many cases something was just said of."""
    return int(done) if done.isdecimal() and len(done) < 6 else None


def words() -> Mapping[str, Any]:
    """What the pages of a group's cases call things by."""
    return {
        "ACTIONS": ACTIONS,
        "SAID": SAID,
        "SCOPES": SCOPES,
        "STATUSES": STATUSES,
        "READS": READS,
        "ACT": Scope.ACT,
        "SHORT": SHORT,
        "organisation_words": organisation_words,
        "place_words": place_words,
        "right_words": lambda right: RIGHTS[right][0] if right in RIGHTS else right,
        "law_words": law_words,
        "today": house().today(),
    }
