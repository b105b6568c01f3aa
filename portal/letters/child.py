"""The child process in which letters are set."""

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

#: An answer is one byte that says what it is, four bytes for its length, and so many bytes.
READY, DONE, FAILED = b"R", b"D", b"F"
#: Set before the doors are shut, so that what letters need is loaded: the faces, a list, a table, two pages.
WARM_UP = (
    '<html lang="en"><head><title>-</title></head><body><article class="letter a4-left" lang="en"'
    ' data-before="1" data-between="/" data-after=""><h1>a</h1><p>a <i>a</i></p><ol><li>a</li></ol><table>'
    '<tr><th scope="row">a</th><td>a</td></tr></table><div class="to-sign"><p>a<wbr>a</p></div></article></body>'
    "</html>"
)
#: What may still be read when the doors are shut: code that is loaded late, and the bundled fonts.
READABLE = (sys.prefix, sys.base_prefix, str(Path(__file__).resolve().parents[2] / "static" / "fonts"))
#: What reaches out of the process, as Python's audit events name it. To open a file is looked at apart.
FORBIDDEN = ("socket.", "subprocess.", "os.", "shutil.", "tempfile.", "urllib.", "ctypes.", "pty.")
#: Of these, what only looks.
HARMLESS = ("os.listdir", "os.scandir", "os.walk", "os.fwalk")


def main(put: Callable[[str], bytes]) -> None:
    """Answer each document that comes in with its PDF, until the parent goes.

    The parent gives the bounds as arguments: megabytes of address space, seconds for a letter. It keeps the
    time itself; the alarm here is for a child that has lost its parent.
    """
    megabytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _silence()
    put(WARM_UP)
    shut_doors(megabytes)
    _send(outgoing, READY, b"")
    while source := _receive(incoming):
        signal.alarm(seconds + 5)
        _send(outgoing, *_answer(put, source.decode()))
        signal.alarm(0)


def shut_doors(megabytes: int) -> None:
    """From here on: no network, no program, no writing, no file but the libraries and the bundled fonts."""
    space = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))
    sys.addaudithook(_guard)


def _guard(event: str, args: tuple[object, ...]) -> None:
    """Refuse what a letter has no need of."""
    if event == "open":
        path, mode = str(args[0]), str(args[1] or "r")
        if "r" not in mode or "+" in mode or not os.path.abspath(path).startswith(READABLE):
            raise PermissionError("a letter may open nothing")
    elif event.startswith(FORBIDDEN) and event not in HARMLESS:
        raise PermissionError(f"a letter has no need of {event}")


def _silence() -> None:
    """Nothing but answers goes to the parent, and nothing of a letter to a log."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _answer(put: Callable[[str], bytes], source: str) -> tuple[bytes, bytes]:
    try:
        return DONE, put(source)
    except BaseException as error:  # WeasyPrint's own that stops a rendering is no Exception
        return FAILED, type(error).__name__.encode()


def _receive(incoming: BinaryIO) -> bytes:
    """The next message, empty at the end."""
    return incoming.read(int.from_bytes(incoming.read(4), "big"))


def _send(outgoing: BinaryIO, kind: bytes, content: bytes) -> None:
    outgoing.write(kind + len(content).to_bytes(4, "big") + content)
    outgoing.flush()
