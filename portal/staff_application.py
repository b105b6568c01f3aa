"""Where the parts of the staff's application meet: its own process, its own secrets, its own address."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Flask

from portal.application import furnished
from portal.config import Config, read_staff
from portal.limits import LIMITS, Limit
from portal.web.staff import errors, front, gate, oidc, people, provider
from portal.web.staff.desk import clerk

_PARTS = (front, oidc, people)


def create_staff_app(
    config: Config | None = None,
    clock: Callable[[], datetime] | None = None,
    limits: Mapping[str, Limit] = LIMITS,
) -> Flask:
    """The application for those who work for the portal."""
    config = config or read_staff()
    app = furnished(config, clock, limits, session_cookie="__Host-desk" if config.secure else "desk")
    errors.register(app)
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    app.jinja_env.globals["clerk"] = clerk
    gate.register(app)
    provider.register(app, config.provider)
    oidc.register(app)
    return app
