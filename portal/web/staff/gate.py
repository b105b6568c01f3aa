"""The gate: before any view, whether who asks may."""

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.permissions import Permission
from portal.web.staff.audience import AUDIENCE, Open
from portal.web.staff.desk import clerk
from portal.web.staff.noting import note_refused


def register(app: Flask) -> None:
    """Let nobody in whom the table does not. Raises LookupError where a rule is not in it, or a row has no rule."""
    rules = {rule.endpoint for rule in app.url_map.iter_rules()}
    if rules != {*AUDIENCE}:
        raise LookupError(f"portal/web/staff/audience.py: give each rule its audience: {sorted(rules ^ {*AUDIENCE})}")
    app.before_request_funcs.setdefault(None, []).insert(0, _gate)  # before a form's token is looked at


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    audience = AUDIENCE[request.endpoint]
    if audience is Open.EVERYBODY:
        return None
    who = clerk()
    if who is None:
        after = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("front.sign_in", after=after))
    if audience is Open.SIGNED_IN or _wanted(audience) & who.may:
        return None
    note_refused(who)
    return render_template("staff/error.html", code=403), 403


def _wanted(audience: Permission | frozenset[Permission]) -> frozenset[Permission]:
    return frozenset({audience}) if isinstance(audience, Permission) else audience
