"""The entrance for a WSGI server: `wsgi:app`."""

from portal import create_app
from portal.config import BadConfig
from portal.law.catalogue import BadData

try:
    app = create_app()
except (BadConfig, BadData) as error:
    raise SystemExit(f"Rightface cannot start: {error}") from None
