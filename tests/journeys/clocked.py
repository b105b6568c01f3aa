"""The portal as it is served, but for its clock, which a test puts forward."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.application import create_app

#: A file that holds by how many days.
_DAYS = Path(os.environ["RIGHTFACE_TEST_DAYS"])


def clock() -> datetime:
    return datetime.now(UTC) + timedelta(days=int(_DAYS.read_text(encoding="ascii")))


app = create_app(clock=clock)
