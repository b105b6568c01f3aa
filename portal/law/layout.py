"""Where an envelope has its window: apart, for the child process that sets letters has no need of the law."""

from enum import StrEnum


class Layout(StrEnum):
    """Where an envelope has its window; `letters.pdf` has the measures."""

    A4_LEFT = "a4-left"
    A4_RIGHT = "a4-right"
    LETTER_10 = "letter-10"
