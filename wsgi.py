"""The entrance for a WSGI server: `wsgi:app`."""

import logging

from portal import create_app
from portal.config import BadConfig
from portal.law.files import BadData
from portal.web.wordless import Wordless

_lines = logging.StreamHandler()
_lines.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
_log = logging.getLogger("portal")
_log.addHandler(_lines)
_log.setLevel(logging.INFO)
logging.getLogger("gunicorn.error").addFilter(Wordless())

try:
    app = create_app()
except (BadConfig, BadData) as error:
    raise SystemExit(f"Rightface cannot start: {error}") from None
