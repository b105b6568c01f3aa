"""The group that whoever asks works for, and what opens what people share with it."""

from flask import abort, redirect
from werkzeug.exceptions import NotFound

from portal.accounts import groups
from portal.accounts.groups import Group
from portal.database import reading
from portal.vault import Key
from portal.web.house import house
from portal.web.staff.desk import asking


def own() -> tuple[Group, Key | None]:
    """Their group, and its key where this visit has opened it; before the terms are accepted, these first."""
    who = asking()
    with reading(house().engine) as session:
        group = groups.of_account(session, who.account.id)
        key = groups.opened(session, who.visit, who.token) if group else None
    if group is None:
        raise NotFound
    if group.half is None:
        abort(redirect("/group/terms"))
    return group, key


def opened() -> tuple[Group, Key]:
    """The same, on a page that shows nothing while the key is locked."""
    group, key = own()
    if key is None:
        abort(redirect("/group/open"))
    return group, key
