"""The entrance of a portal where one network may do as much as it likes: `tests.proofs.wide:app`."""

from dataclasses import replace

from portal.limits import LIMITS
from wsgi import app

_parts = app.extensions["rightface"]
_WIDE = {what: replace(limit, times=1_000_000) for what, limit in LIMITS.items()}
app.extensions["rightface"] = replace(_parts, limits=_WIDE)
