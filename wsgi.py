"""The entrances for a WSGI server: `wsgi:app` for everybody, `wsgi:staff_app` for those who work for the portal."""

import logging
from functools import cache
from typing import Any

from portal import create_app, create_staff_app
from portal.config import BadConfig
from portal.law.files import BadData
from portal.web.wordless import Wordless

_lines = logging.StreamHandler()
_lines.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
_log = logging.getLogger("portal")
_log.addHandler(_lines)
_log.setLevel(logging.INFO)
logging.getLogger("gunicorn.error").addFilter(Wordless())

_ENTRANCES = {"app": create_app, "staff_app": create_staff_app}


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
