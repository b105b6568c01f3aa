"""How fast letters are set, as ratios to WeasyPrint alone: `python -m tests.benchmarks.letters`."""

import re
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count
from pathlib import Path

from portal.letters.blocks import Body, Items, Paragraph, Table
from portal.letters.html import document
from portal.letters.letter import Labels, Letter
from portal.letters.pdf import ASSETS, render
from portal.letters.printer import CHILD, Printer

SENTENCE = "I ask for access to all personal data concerning me that you process (Article 15 GDPR), and for a copy. "
LABELS = Labels("", "My reference", "Enclosures", "Page {page} of {pages}", "Signature", "Date")
NUMBERS = count()
#: Letters a round, and rounds: the ways are measured in turn, so that a busy host slows them alike.
LETTERS, ROUNDS = 10, 5


def a_letter() -> Letter:
    """Two pages, and different from all others."""
    blocks = (
        *[Paragraph((SENTENCE * 3,))] * 7,
        Items(((SENTENCE,),) * 7),
        Table(((("Name",), ("Anna Gruber",)), (("Born on",), ("12 March 1990",)), (("E-mail",), ("a@example.org",)))),
        *[Paragraph((SENTENCE * 2,))] * 3,
    )
    return Letter(
        language="en",
        sender=("Anna Gruber", "Beispielgasse 12/3", "1010 Wien"),
        addressee=("Clearview AI, Inc.", "99 Wall Street", "New York, NY 10005"),
        day=date(2026, 11, 23),
        written_day="23 November 2026",
        salutation="Dear Sir or Madam,",
        body=Body(("Request for access under Article 15 GDPR",), blocks),
        close="Yours faithfully,",
        signatory="Anna Gruber",
        labels=LABELS,
        reference=f"RF-{next(NUMBERS)}",
    )


def bare(letter: Letter) -> bytes:
    """WeasyPrint as its own documentation has it."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    style = CSS(filename=ASSETS["portal:letter.css"][0], font_config=fonts)
    pdf = HTML(string=document(letter)).write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    assert isinstance(pdf, bytes)
    return pdf


def seconds(put: Callable[[Letter], bytes], threads: int = 1) -> float:
    """For one letter, of LETTERS set by so many threads."""
    letters = [a_letter() for _ in range(LETTERS)]
    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        list(pool.map(put, letters))
        return (time.perf_counter() - start) / LETTERS


def ratios() -> list[tuple[str, float, float]]:
    """What is measured, the ratio, and the least that will do."""
    with Printer(workers=1) as one, Printer(workers=2) as two:
        for put, threads in ((bare, 1), (render, 1), (one.pdf, 1), (two.pdf, 2)):
            seconds(put, threads)
        rounds = [
            (seconds(bare), seconds(render), seconds(one.pdf), seconds(two.pdf, 2), again(one)) for _ in range(ROUNDS)
        ]
    alone, here, single, double, same = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"WeasyPrint alone: {1000 * alone:.1f} ms a letter, {1 / double:.0f} letters a second by two children")
    return [
        ("set in this process, to WeasyPrint alone", alone / here, 1.0),
        ("by one child, to WeasyPrint alone", alone / single, 0.9),
        ("by two children, to one", single / double, 1.7),
        ("the same letter again, to the first time", single / same, 50),
    ]


def again(printer: Printer) -> float:
    """For a letter that was just set."""
    letter = a_letter()
    printer.pdf(letter)
    start = time.perf_counter()
    for _ in range(LETTERS):
        printer.pdf(letter)
    return (time.perf_counter() - start) / LETTERS


def megabytes(letters: int) -> list[float]:
    """Of one child, after every tenth of so many letters."""
    sizes = []
    with Printer(workers=1, command=CHILD) as printer:
        for number in range(letters):
            printer.pdf(a_letter())
            if number % (letters // 10) == letters // 10 - 2:
                child = printer.children.idle.get()
                assert child
                status = Path(f"/proc/{child.process.pid}/status").read_text()
                sizes.append(int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024)
                printer.children.idle.put(child)
    return sizes


def main() -> int:
    """Print all; 1 where something is below what will do."""
    measured = ratios()
    for name, ratio, least in measured:
        print(f"{name:45} {ratio:7.2f}   at least {least:5.2f}   {'ok' if ratio >= least else 'TOO LITTLE'}")
    sizes = megabytes(500)
    print(f"{'megabytes of a child over 500 letters':45} {' '.join(f'{size:.0f}' for size in sizes)}   at most 150")
    return int(any(ratio < least for _, ratio, least in measured) or max(sizes) > 150)


if __name__ == "__main__":
    sys.exit(main())
