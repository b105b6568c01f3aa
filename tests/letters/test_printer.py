"""Letters set in child processes, within bounds."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.bounded.children import BARE
from portal.letters.html import document
from portal.letters.letter import Gloss, Letter
from portal.letters.pdf import render, set_document
from portal.letters.printer import (
    CHILD,
    KEPT_FOR,
    MOST_CHARACTERS,
    MOST_KEPT,
    Memory,
    NotRendered,
    Printer,
    TooLong,
    _key,
    check_bounds,
)

ALetter = Callable[..., Letter]
ROOT = Path(__file__).resolve().parents[2]
#: A child that does as the letter says: this is how a test makes one sleep, fill its memory, or reach out.
OBEDIENT = """
import os, socket, sys, time
from portal.letters.child import main
from portal.letters.pdf import set_document

def put(source):
    if "please sleep" in source: time.sleep(60)
    if "please loop" in source:
        while True: pass
    if "please eat" in source: return bytes(2_000_000_000)
    if "please die" in source: os._exit(3)
    if "please read" in source: return open("/etc/passwd", "rb").read()
    if "please write" in source: return open("/tmp/letter", "wb").write(b"x")
    if "please connect" in source: socket.create_connection(("127.0.0.1", 9))
    if "please run" in source: os.system("true")
    return set_document(source)

main(put)
"""


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with Printer(workers=2) as printer:
        yield printer


@pytest.fixture(scope="module")
def obedient() -> Iterator[Printer]:
    with Printer(workers=2, seconds=2, command=(sys.executable, "-c", BARE + OBEDIENT)) as printer:
        yield printer


def test_it_gives_what_is_set_in_this_process(printer: Printer, a_letter: ALetter, a_gloss: Gloss) -> None:
    assert printer.pdf(a_letter()) == render(a_letter())
    assert printer.pdf(a_letter(), a_gloss) == render(a_letter(), a_gloss)


def test_letters_are_set_together_and_of_that_nothing_is_kept(printer: Printer, a_letter: ALetter) -> None:
    one, other = a_letter(extra="first"), a_letter(extra="second")
    assert printer.together([one, other]) == set_document(document(one), document(other))
    assert printer._memory.get(_key(one)) is None


def test_no_letter_of_several_is_beyond_bounds(printer: Printer, a_letter: ALetter) -> None:
    with pytest.raises(TooLong, match="Shorten it"):
        printer.together([a_letter(), a_letter(extra="x" * (MOST_CHARACTERS + 1))])


def test_many_threads_share_it(printer: Printer, a_letter: ALetter) -> None:
    letters = [a_letter(reference=f"RF-{n}") for n in range(12)]
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(printer.pdf, letters))
    assert len(set(made)) == 12
    assert made[7] == render(letters[7])


# Bounds


def test_a_letter_that_takes_too_long_is_stopped_while_others_are_made(obedient: Printer, a_letter: ALetter) -> None:
    def stopped_after() -> float:
        start = time.monotonic()
        with pytest.raises(TooLong, match="took too long to set"):
            obedient.pdf(a_letter(extra="please sleep"))
        return time.monotonic() - start

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(obedient.pdf, [a_letter(reference=f"child {n}") for n in range(2)]))
        slow = threads.submit(stopped_after)
        others = [threads.submit(obedient.pdf, a_letter(reference=str(n))) for n in range(20)]
        assert all(other.result().startswith(b"%PDF") for other in others)
        assert 2 <= slow.result() < 4
    assert obedient.pdf(a_letter(reference="after")).startswith(b"%PDF")


@pytest.mark.parametrize("wish", ["loop", "eat", "die", "read", "write", "connect", "run"])
def test_a_child_does_nothing_but_set_letters(obedient: Printer, a_letter: ALetter, wish: str) -> None:
    with pytest.raises(NotRendered, match="This letter"):
        obedient.pdf(a_letter(extra=f"please {wish}"))
    assert obedient.pdf(a_letter(reference=wish)).startswith(b"%PDF")


def test_a_child_that_died_at_rest_is_replaced(a_letter: ALetter) -> None:
    with Printer(workers=1) as printer:
        printer.pdf(a_letter())
        child = printer.children.idle.get()
        printer.children.idle.put(child)
        assert child
        child.process.kill()
        child.process.wait()
        assert printer.pdf(a_letter(reference="after")).startswith(b"%PDF")


def test_an_old_child_ends_and_makes_way(a_letter: ALetter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.letters.printer.LETTERS_A_CHILD", 2)
    with Printer(workers=1) as printer:
        resting = []
        for n in range(3):
            printer.pdf(a_letter(reference=str(n)))
            child = printer.children.idle.get()
            printer.children.idle.put(child)
            resting.append(child.process.pid if child else None)
    first, old, second = resting
    assert old is None
    assert None not in (first, second)
    assert first != second


def test_a_child_that_cannot_start_is_told_of(a_letter: ALetter) -> None:
    with (
        Printer(workers=1, command=(sys.executable, "-c", "raise SystemExit")) as printer,
        pytest.raises(NotRendered, match="No letter can be set at the moment"),
    ):
        printer.pdf(a_letter())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": "x" * MOST_CHARACTERS}, r"has 20,\d{3} characters; at most 20,000"),
        ({"sender": ("x",) * 300}, r"has 3\d\d paragraphs and lines; at most 200"),
    ],
)
def test_a_text_beyond_bounds_is_refused(a_letter: ALetter, change: dict[str, object], message: str) -> None:
    with pytest.raises(TooLong, match=message):
        check_bounds(a_letter(**change))


def test_a_text_within_bounds_is_set_in_time(printer: Printer, a_letter: ALetter) -> None:
    """The printer's own bound is the clock here: a child that passes it is killed, and its letter refused."""
    assert printer.children.bounds.seconds <= 20
    assert printer.pdf(a_letter(extra="x" * 19_000)).startswith(b"%PDF")
    assert printer.pdf(a_letter(extra="a\u0301\u0302\u0303" * 4_000)).startswith(b"%PDF")


def test_memory_stays_flat(a_letter: ALetter) -> None:
    with Printer(workers=1) as alone:
        alone.pdf(a_letter())
        child = alone.children.idle.get()
        alone.children.idle.put(child)
        assert child
        before = resident(child.process.pid)
        for n in range(40):
            alone.pdf(a_letter(reference=str(n)))
        assert resident(child.process.pid) - before < 25
        assert resident(child.process.pid) < 150


def resident(pid: int) -> float:
    """Megabytes."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


# What is kept


def test_the_same_letter_again_costs_nothing(printer: Printer, a_letter: ALetter) -> None:
    first, start = printer.pdf(a_letter(reference="again")), time.monotonic()
    assert printer.pdf(a_letter(reference="again")) is first
    assert time.monotonic() - start < 0.02


def test_a_letter_can_be_forgotten(printer: Printer, a_letter: ALetter, a_gloss: Gloss) -> None:
    letter, other = a_letter(reference="secret"), a_letter(reference="other")
    kept = [printer.pdf(letter), printer.pdf(letter, a_gloss), printer.pdf(other)]
    printer.forget(letter)
    assert printer.pdf(letter) is not kept[0]
    assert printer.pdf(letter, a_gloss) is not kept[1]
    assert printer.pdf(other) is kept[2]


def test_what_is_kept_is_bounded_in_time_and_number() -> None:
    now = [0.0]
    memory = Memory(lambda: now[0])
    for n in range(MOST_KEPT + 1):
        memory.put(bytes([n]), bytes([n]), b"pdf")
    assert memory.get(bytes([0])) is None
    assert memory.get(bytes([1])) == b"pdf"
    now[0] = KEPT_FOR - 1
    assert memory.get(bytes([1])) == b"pdf"
    now[0] = KEPT_FOR
    assert memory.get(bytes([1])) is None
    assert not memory._kept, "what is old is gone, not only hidden"
    memory.clear()


def test_what_is_old_goes_though_nobody_asks() -> None:
    memory = Memory(time.monotonic, seconds=0.05)
    memory.put(b"key", b"key", b"pdf")
    assert memory._kept
    time.sleep(0.5)
    assert not memory._kept


# Doors


def test_a_child_has_nothing_of_the_application() -> None:
    code = f"{BARE}\nfrom portal.letters import child, pdf\nprint(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert not {"flask", "sqlmodel", "sqlalchemy", "nacl"} & set(run.stdout.decode().split())


@pytest.mark.skipif(not shutil.which("strace") and os.environ.get("CI") != "true", reason="needs strace")
def test_a_child_at_work_opens_nothing_and_calls_nobody(a_letter: ALetter, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "-o", str(trace), "-e", "trace=%network,%file,%process,write")
    try:
        with Printer(workers=1, command=(*strace, *CHILD)) as printer:
            printer.pdf(a_letter(extra="<img src=https://example.org/> <link href=file:///etc/passwd>"))
    except NotRendered:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("this host does not allow strace")
    calls = trace.read_text().splitlines()
    assert not [call for call in calls if re.search(r" (socket|connect|sendto|bind)\(", call)]
    ready = next(n for n, call in enumerate(calls) if re.search(r'write\(\d+, "R', call))
    allowed = (str(ROOT / "static" / "fonts"), sys.prefix, sys.base_prefix, "/etc/ld.so", "/usr/lib", "/lib")
    opened = [path for call in calls[ready:] for path in re.findall(r'open(?:at)?\([^"]*"([^"]*)"', call)]
    assert not [path for path in opened if not path.startswith(allowed)]
    assert not [call for call in calls[ready:] if re.search(r" (execve|fork|vfork)\(|O_WRONLY|O_RDWR|O_CREAT", call)]


def test_a_child_goes_with_its_parent(a_letter: ALetter) -> None:
    code = (
        f"{BARE}\nimport os\nfrom portal.bounded.children import Bounds, Child\n"
        "from portal.letters.printer import CHILD\n"
        "child = Child(CHILD, Bounds(20, 700, 1))\nprint(child.process.pid, flush=True)\nos._exit(0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    until = time.monotonic() + 5
    while Path(f"/proc/{int(run.stdout)}").exists() and not zombie(int(run.stdout)):
        assert time.monotonic() < until
        time.sleep(0.02)


def zombie(pid: int) -> bool:
    return ") Z " in Path(f"/proc/{pid}/stat").read_text()


def test_a_child_is_given_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch, a_letter: ALetter) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    with Printer(workers=1) as printer:
        printer.pdf(a_letter())
        child = printer.children.idle.get()
        printer.children.idle.put(child)
        assert child
        assert b"SECRET_KEY" not in Path(f"/proc/{child.process.pid}/environ").read_bytes()
    assert os.environ["SECRET_KEY"]
