"""One staff's application for all of a module's tests: each makes a group of its own."""

import pytest
from flask import Flask

from tests.web.browsing import Clock
from tests.web.running import STAFF
from tests.web.staff.conftest import ADesk


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def app(a_lasting_desk: ADesk, clock: Clock) -> Flask:
    return a_lasting_desk(clock, private=STAFF.private)
