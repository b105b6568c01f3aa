"""How fast the law answers, and how soon the portal is ready: `python -m tests.benchmarks.routing`."""

import subprocess
import sys
import time
from datetime import date
from itertools import cycle, islice

from portal.config import ROOT
from portal.law.files import load
from portal.law.records import Event, Right
from portal.law.routing import Situation, route

ROUTES = 4_000
#: What is asked of the portal: at least so many routes a second in one process, ready within so many seconds.
ROUTES_A_SECOND, SECONDS_TO_READY = 2_000, 2.0
READY = """
import time
start = time.perf_counter()
from portal import create_app
create_app()
print(time.perf_counter() - start)
"""


def routes_a_second() -> float:
    """Clearview, ICE and the RCMP asked from every place in the data, in turn."""
    catalogue = load(ROOT / "portal" / "data")
    bodies = [catalogue.organisations[name] for name in ("clearview-ai", "us-ice", "ca-rcmp")]
    received = {Event.RECEIVED_ON: date(2026, 12, 1)}
    asked = cycle(
        Situation(place, body, right, received)
        for body in bodies
        for place in catalogue.jurisdictions
        if catalogue.calendar(place)
        for right in (Right.ACCESS, Right.ERASURE, Right.COMPLAINT)
    )
    for situation in islice(asked, 500):
        route(catalogue, situation)
    start = time.perf_counter()
    for situation in islice(asked, ROUTES):
        route(catalogue, situation)
    return ROUTES / (time.perf_counter() - start)


def seconds_to_ready() -> float:
    """From the first import to an application that can answer; the best of three, in processes of their own."""
    runs = (
        subprocess.run([sys.executable, "-c", READY], check=True, capture_output=True, cwd=ROOT) for _ in range(3)
    )
    return min(float(run.stdout) for run in runs)


def main() -> int:
    speed, ready = routes_a_second(), seconds_to_ready()
    print(f"routes a second in one process  {speed:7.0f}  (at least {ROUTES_A_SECOND})")
    print(f"application ready, seconds      {ready:7.2f}  (at most {SECONDS_TO_READY})")
    return int(speed < ROUTES_A_SECOND or ready > SECONDS_TO_READY)


if __name__ == "__main__":
    sys.exit(main())
