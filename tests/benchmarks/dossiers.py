"""How long thirty exhibits take to bind, and how large the children grow: `python -m tests.benchmarks.dossiers`."""

import re
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event as Signal
from threading import Thread

from portal.dossier.binder import Binder
from portal.dossier.dossier import Dossier
from tests.dossier.conftest import _a_dossier, thirty

ROUNDS = 5
SECONDS, MEGABYTES = 20, 512


@contextmanager
def watched(peaks: dict[str, float]) -> Iterator[None]:
    """Notes the most memory that each kind of child had, by the module that it runs."""
    over = Signal()

    def watch() -> None:
        while not over.wait(0.02):
            for status in Path("/proc").glob("[0-9]*/status"):
                with suppress(OSError):
                    _note(status, peaks)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _note(status: Path, peaks: dict[str, float]) -> None:
    kind = re.search(rb"portal\.dossier import (\w+)", status.with_name("cmdline").read_bytes())
    peak = re.search(r"VmHWM:\s+(\d+)", status.read_text())
    if kind and peak:
        name = kind[1].decode()
        peaks[name] = max(peaks.get(name, 0), int(peak[1]) / 1024)


def timed(binder: Binder, dossier: Dossier) -> tuple[float, float, int]:
    """Seconds by the clock and of the children's processors, and bytes."""
    start, used = time.perf_counter(), of_children()
    made = binder.pdf(dossier)
    return time.perf_counter() - start, of_children() - used, len(made)


def of_children() -> float:
    """Processor seconds of all that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Print all; 1 where something is beyond what will do."""
    dossier = _a_dossier(exhibits=thirty())
    peaks: dict[str, float] = {}
    with Binder() as binder, watched(peaks):
        rounds = [timed(binder, dossier) for _ in range(ROUNDS)]
    times, used, sizes = zip(*rounds, strict=True)
    median = statistics.median(times)
    print(f"seconds, median and longest               {median:.1f} {max(times):.1f}  at most {SECONDS}")
    print(f"of processors                             {statistics.median(used):.1f}")
    for name, peak in sorted(peaks.items()):
        print(f"megabytes of the child for {name:14} {peak:.0f}  at most {MEGABYTES}")
    print(f"megabytes of the dossier                  {max(sizes) / 1e6:.1f}")
    return int(max(times) > SECONDS or len(peaks) < 2 or max(peaks.values()) > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
