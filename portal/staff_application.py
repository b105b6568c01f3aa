"""Where the parts of the staff's application meet: its own process, its own secrets, its own address."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Flask

from portal import staff_cli
from portal.application import furnished
from portal.config import Config, read_staff
from portal.limits import LIMITS, Limit
from portal.vault import Key
from portal.web import uploads
from portal.web.staff import (
    addresses,
    enrolling,
    errors,
    figures,
    front,
    gate,
    groups,
    identity,
    oidc,
    opening,
    people,
    provider,
    queue,
    signing_in,
    statements,
    tasks,
    trail,
)
from portal.web.staff.desk import Desk, clerk
from portal.web.staff.group import (
    acting,
    calendar,
    case,
    cases,
    export,
    imports,
    joint,
    membership,
    printing,
)
from portal.web.staff.group import campaigns as group_campaigns
from portal.web.staff.group import front as group_front
from portal.web.staff.group import opening as group_opening
from portal.web.staff.group import terms as group_terms

#: The blueprints: of everybody, of the portal's staff, of those who work for a group.
_PARTS = (
    *(front, oidc, signing_in, enrolling),
    *(people, groups, queue, tasks, opening, identity, addresses, statements, figures, trail),
    *(group_front, group_terms, group_opening, group_campaigns),
    *(cases, case, acting, imports, printing, export, calendar, joint),
)


def create_staff_app(
    config: Config | None = None,
    clock: Callable[[], datetime] | None = None,
    limits: Mapping[str, Limit] = LIMITS,
    private: Key | None = None,
) -> Flask:
    """The application for those who work for the portal; `private` opens what is sealed to them."""
    config = config or read_staff()
    app = furnished(config, clock, limits, session_cookie="__Host-desk" if config.secure else "desk")
    app.extensions["rightface-staff"] = Desk(private)
    uploads.register(app)
    errors.register(app)
    membership.register(app)
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    app.jinja_env.globals["clerk"] = clerk
    gate.register(app)
    provider.register(app, config.provider)
    oidc.register(app)
    staff_cli.register(app)
    return app
