"""The countries of the world, by their names."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from babel import Locale

#: CLDR's territories that are groups, private use or unknown, and no place to live in.
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


@lru_cache
def countries(language: str) -> Mapping[str, str]:
    """Every country's name in a language by its lower-case ISO 3166-1 code, in the order of the names."""
    named = {
        code.lower(): str(name)
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }
    return MappingProxyType(dict(sorted(named.items(), key=lambda one: _without_accents(one[1]))))


def _without_accents(name: str) -> str:
    """Égypte stands with E."""
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower()
