"""A record and all records inside it, each by the key that leads to it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def parts(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """The record itself by "", then those inside: `contact`, `rights.access`, `at-dsb.contact`, `reach.0`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from parts(inner, below(at, key))
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from parts(inner, below(at, getattr(inner, "id", number)))
    elif is_dataclass(value) and not isinstance(value, type):
        yield at, value
        for field in fields(value):
            inner = getattr(value, field.name)
            yield from parts(inner, at if _have_ids(inner) else below(at, field.name))


def below(at: str, key: object) -> str:
    return f"{at}.{key}" if at else str(key)


def _have_ids(value: Any) -> bool:
    """Whether they are called by their own ids, as the authorities of a place are."""
    return isinstance(value, tuple) and bool(value) and hasattr(value[0], "id")
