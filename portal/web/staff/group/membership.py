"""For which group somebody works who asks for a page, and whether it may see anybody yet."""

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import groups
from portal.accounts.groups import Group
from portal.database import reading
from portal.vault import Key, public_half
from portal.web.house import house
from portal.web.staff.desk import asking


class NoGroup(Exception):
    """Who asks works for no group, or it has ended."""


class TermsFirst(Exception):
    """The group has not accepted the terms yet, so it has no key and sees nobody."""


class Locked(Exception):
    """Who asks has not opened what people let their group see."""


def register(app: Flask) -> None:
    """Turn each into a page, or lead to the one that comes first."""
    app.register_error_handler(NoGroup, _no_group)
    app.register_error_handler(TermsFirst, lambda _error: redirect(url_for("group_terms.terms")))
    app.register_error_handler(Locked, _locked)


def own_group() -> Group:
    """The group that who asks works for. Raises NoGroup."""
    with reading(house().engine) as session:
        found = groups.of_account(session, asking().account.id)
    if found is None:
        raise NoGroup
    return found


def active_group() -> Group:
    """The same, where it has accepted the terms. Raises NoGroup, TermsFirst."""
    found = own_group()
    if not found.is_active:
        raise TermsFirst
    return found


def opened_group() -> tuple[Group, Key]:
    """The same, with its private key for this request. Raises NoGroup, TermsFirst, Locked."""
    found, key = active_group(), open_key()
    if key is None:
        raise Locked
    return found, key


def own_and_key() -> tuple[Group, Key | None]:
    """The same, on a page that shows something also while the key is locked. Raises NoGroup, TermsFirst."""
    return active_group(), open_key()


def open_key() -> Key | None:
    """The key of one's group; None where this visit has not opened it, or has opened another."""
    who = asking()
    with reading(house().engine) as session:
        key = groups.opened(session, who.visit, who.token)
        found = groups.of_account(session, who.account.id)
    return key if key and found and public_half(key) == found.half else None


def _no_group(_error: NoGroup) -> ResponseReturnValue:
    return render_template("staff/group/none.html", operator=house().config.operator), 409


def _locked(_error: Locked) -> ResponseReturnValue:
    after = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("group_opening.open_", after=after))
