"""The portal as it is served, but for its limits: in a test all people write from one network."""

from portal.application import create_app
from tests.web.conftest import WIDE

app = create_app(limits=WIDE)
