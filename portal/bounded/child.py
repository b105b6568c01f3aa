"""A child process that does one kind of work behind shut doors, as it looks from inside."""

import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO

#: An answer is one byte that says what it is, four bytes for its length, and so many bytes.
READY, DONE, REFUSED, FAILED = b"R", b"D", b"N", b"F"
#: What reaches out of the process, as Python's audit events name it. To open a file is looked at apart.
FORBIDDEN = ("socket.", "subprocess.", "os.", "shutil.", "tempfile.", "urllib.", "ctypes.", "pty.")
#: Of these, what only looks.
HARMLESS = ("os.listdir", "os.scandir", "os.walk", "os.fwalk")

Work = Callable[[bytes], bytes]


class Refused(Exception):
    """The work cannot be done, for a reason that the person can mend; its only word is known on both sides."""


def main(work: Work, warm_up: bytes, readable: tuple[str, ...] = ()) -> None:
    """Answer each job that comes in with what the work makes of it, until the parent goes.

    The parent gives the bounds as arguments: megabytes of address space, seconds for a job. It keeps the time
    itself; the alarm here is for a child that has lost its parent. The warm-up is done before the doors are shut,
    so that all that the work needs is loaded; what may be read afterwards lies below `readable`.
    """
    megabytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _silence()
    work(warm_up)
    shut_doors(megabytes, readable)
    _send(outgoing, READY, b"")
    while job := _receive(incoming):
        signal.alarm(seconds + 5)
        _send(outgoing, *_answer(work, job))
        signal.alarm(0)


def shut_doors(megabytes: int, readable: tuple[str, ...]) -> None:
    """From here on: no network, no program, no writing, no file but those that may be read.

    Where none may be read the system itself gives out no file and no socket any more, to libraries in C neither.
    """
    space = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))
    if not readable:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    sys.addaudithook(_guard(readable))


def _guard(readable: tuple[str, ...]) -> Callable[[str, tuple[object, ...]], None]:
    """Refuse what the work has no need of."""

    def guard(event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            path, mode = str(args[0]), str(args[1] or "r")
            if "r" not in mode or "+" in mode or not os.path.abspath(path).startswith(readable):
                raise PermissionError("this work may open nothing")
        elif event.startswith(FORBIDDEN) and event not in HARMLESS:
            raise PermissionError(f"this work has no need of {event}")

    return guard


def _silence() -> None:
    """Nothing but answers goes to the parent, and nothing of a job to a log."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _answer(work: Work, job: bytes) -> tuple[bytes, bytes]:
    try:
        return DONE, work(job)
    except Refused as refused:
        return REFUSED, str(refused).encode()
    except BaseException as error:  # WeasyPrint's own that stops a rendering is no Exception
        return FAILED, type(error).__name__.encode()


def _receive(incoming: BinaryIO) -> bytes:
    """The next message, empty at the end."""
    return incoming.read(int.from_bytes(incoming.read(4), "big"))


def _send(outgoing: BinaryIO, kind: bytes, content: bytes) -> None:
    outgoing.write(kind + len(content).to_bytes(4, "big") + content)
    outgoing.flush()
