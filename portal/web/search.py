"""What has a name like the one that was typed."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from rapidfuzz import fuzz, process, utils

Thing = TypeVar("Thing")

_ALIKE = 72
"""How alike a name must be, of 100, to be found in spite of a typing error."""


def likest(query: str, names: Mapping[Thing, Iterable[str]]) -> tuple[Thing, ...]:
    """The things with a name like the query, the likest first, those that are equally like it by their first name."""
    wanted = utils.default_process(query)
    if not wanted:
        return ()
    processed = {thing: [utils.default_process(name) for name in each] for thing, each in names.items()}
    found = ((_likeness(wanted, each), each[0], thing) for thing, each in processed.items())
    alike = sorted((one for one in found if one[0] >= _ALIKE), key=lambda one: (-one[0], one[1]))
    return tuple(thing for _, _, thing in alike)


def _likeness(wanted: str, names: list[str]) -> float:
    """101 for the name itself, 100 for one that begins with it or has it as a word, else how alike the closest is."""
    if wanted in names:
        return 101.0
    if any(name.startswith(wanted) or f" {wanted}" in f" {name}" for name in names):
        return 100.0
    closest = process.extractOne(wanted, names, scorer=fuzz.WRatio if len(wanted) > 4 else fuzz.ratio)
    return float(closest[1]) if closest else 0.0
