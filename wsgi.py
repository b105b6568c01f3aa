"""The entrances for a WSGI server: `wsgi:app` for everybody, `wsgi:staff_app` for those who work for the portal."""

import logging
import sys
from functools import cache
from getpass import getpass
from typing import Any

import click

from portal import create_app, create_staff_app
from portal.config import BadConfig, read_staff
from portal.law.files import BadData
from portal.web.wordless import Wordless

_lines = logging.StreamHandler()
_lines.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
_log = logging.getLogger("portal")
_log.addHandler(_lines)
_log.setLevel(logging.INFO)
logging.getLogger("gunicorn.error").addFilter(Wordless())


def _staff_app() -> Any:
    """With the staff's key, for which the passphrase is asked; a command needs neither."""
    from portal.staff_cli import opened  # not needed by the other one

    config = read_staff()
    if click.get_current_context(silent=True):
        return create_staff_app(config)
    ask = (lambda: getpass("Passphrase of the staff's key: ")) if sys.stdin.isatty() else None
    return create_staff_app(config, private=opened(config, ask))


_ENTRANCES = {"app": create_app, "staff_app": _staff_app}


def __getattr__(name: str) -> Any:
    """The one that is asked for, made then: a process has one of them, and not the secrets of the other."""
    if name not in _ENTRANCES:
        raise AttributeError(name)
    return _entrance(name)


@cache
def _entrance(name: str) -> Any:
    try:
        return _ENTRANCES[name]()
    except (BadConfig, BadData) as error:
        raise SystemExit(f"Rightface cannot start: {error}") from None
