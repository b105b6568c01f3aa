"""What the data still lack, each with file, key and cure."""

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import Any

from portal.law.arguments import Argument, NextStep, Ruling
from portal.law.catalogue import Catalogue
from portal.law.holidays import NAMED_IN, NoCalendar, holidays
from portal.law.parts import below, parts
from portal.law.records import (
    Authority,
    Calendar,
    DeadlineRule,
    Jurisdiction,
    Law,
    LegalRight,
    Office,
    Organisation,
    Standing,
)

#: What a person reads on the pages, so in each of their languages; left out whole where a record has nothing to say.
_READ = (
    "reason", "unknown_seat", "question", "if_not", "says", "before", "short", "regions", "notice", "why", "tolls",
    "fees", "identity", "bodies",
)  # fmt: skip


def missing(catalogue: Catalogue, languages: Sequence[str]) -> Iterator[str]:
    """A sentence for all that is missing; `languages` are those of the pages."""
    for file, whole in catalogue.files():
        for at, record in parts(whole):
            yield from (f"{file}: {problem}" for problem in _lacks(catalogue, at, record, languages))
    yield from _unpoliced(catalogue)


def _lacks(catalogue: Catalogue, at: str, record: Any, languages: Sequence[str]) -> Iterator[str]:
    yield from _untold(at, record, languages)
    match record:
        case Jurisdiction():
            yield from _lacks_of_place(catalogue, record)
        case Authority(contact=contact) if not contact.address:
            yield f"key “{below(at, 'contact.address')}” is missing: add it, one line an item"
        case Calendar():
            yield from _lacks_of_calendar(at, record)
        case DeadlineRule(calendar=Calendar(source="")):
            yield "key “calendar.source” is missing: name the statute that says which days count"
        case Law() if record.reach:
            for right, given in record.rights.items():
                yield from _lacks_of_right(f"rights.{right}", given)
    if isinstance(record, Argument | NextStep | Ruling):
        yield from _unwritten_in_english(at, record)
    if isinstance(record, Authority | Office | Organisation):
        yield from _unwritten(catalogue, below(at, "languages"), record.languages[:1])


def _untold(at: str, record: Any, languages: Sequence[str]) -> Iterator[str]:
    """Texts that are not in the languages of the pages; a name must be in English, a place's in all of them."""
    for key in (*_READ, "name"):
        words = getattr(record, key, None)
        if not words or isinstance(words, str):
            continue
        for language in languages if key != "name" or isinstance(record, Jurisdiction) else ("en",):
            if not words.get(language):
                yield f"key “{below(at, key)}.{language}” is missing: the pages show it, add it"


def _unwritten_in_english(at: str, record: Argument | NextStep | Ruling) -> Iterator[str]:
    """What the pages show in English until somebody has written it in their language."""
    match record:
        case Argument():
            several = {"demands": record.demands, "warnings": record.warnings}
            named = {f"{key}.{n}": words for key, each in several.items() for n, words in enumerate(each)}
            named["text"] = record.text
        case NextStep():
            named = {"text": record.text}
        case Ruling():
            named = {"cited": record.cited}
    for key, words in named.items():
        if not words.get("en"):
            yield f"key “{below(at, key)}.en” is missing: add it"


def _unwritten(catalogue: Catalogue, key: str, languages: Sequence[str]) -> Iterator[str]:
    for language in languages:
        if language not in catalogue.languages:
            yield f"key “{key}” names {language!r}, which has no file: write languages/{language}.toml"


def _lacks_of_place(catalogue: Catalogue, place: Jurisdiction) -> Iterator[str]:
    if not catalogue.exists(place.id):
        return  # a union is no place to live in
    for key in ("languages", "time_zone", "layout", "calendar"):
        if not any(getattr(record, key) for record in catalogue.nearest(place.id)):
            yield f"key “{key}” is missing: add it"
    yield from _unwritten(catalogue, "languages", place.languages)
    if catalogue.regions(place.id) and not place.regions:
        yield "key “regions” is missing, and there are files of its parts: say what a part is called"


def _lacks_of_calendar(at: str, calendar: Calendar) -> Iterator[str]:
    try:
        holidays(calendar, NAMED_IN)
    except NoCalendar as error:
        yield f"key “{at}”: {error}: correct it"


def _lacks_of_right(key: str, given: LegalRight) -> Iterator[str]:
    if not given.ref:
        yield f"key “{key}.ref” is empty: name the article"
    if given.standing is Standing.NONE and given.next and not given.says:
        yield f"key “{key}.says” is missing: say why there is no such right, and what the better way is"
    if given.standing is not Standing.NONE and given.asks[:1] != ("full_name",):
        yield f"key “{key}.asks” does not begin with “full_name”: put it first, every letter is signed"


def _unpoliced(catalogue: Catalogue) -> Iterator[str]:
    """Each place where a law holds and nobody takes complaints under it."""
    for law in catalogue.laws.values():
        gives = any(given.standing is not Standing.NONE for given in law.rights.values())
        for place in _homes(catalogue, law.jurisdiction) if law.reach and gives else ():
            if not _policed(catalogue, law, place):
                file = f"jurisdictions/{place}.toml"
                yield f"{file}: key “authorities.supervises.laws” names {law.id!r} nowhere: add it"


def _policed(catalogue: Catalogue, law: Law, place: str) -> bool:
    """Whether an authority of a place, or of its regions, supervises a law or one that stands beside it."""
    beside = {other.id for other in catalogue.laws.values() if any(one.law == law.id for one in other.supplements)}
    return any(
        {law.id, *beside} & {*supervision.laws}
        for here in (*catalogue.nearest(place), *catalogue.regions(place))
        for authority in here.authorities
        for supervision in authority.supervises
    )


def _homes(catalogue: Catalogue, jurisdiction: str) -> tuple[str, ...]:
    """Where the authorities of a law must be: in each state of a union, else in the jurisdiction itself."""
    if catalogue.exists(jurisdiction):
        return (jurisdiction,)
    return tuple(place.id for place in catalogue.regions(jurisdiction))


# Ids


def slugs(catalogue: Catalogue) -> frozenset[str]:
    """Every id that a link or an old case may lean on, by kind: `jurisdictions/pt`."""
    records = {file.removesuffix(".toml") for file, _ in catalogue.files()}
    return frozenset({
        *records,
        *(f"authorities/{id_}" for id_ in catalogue.authorities),
        *(f"offices/{id_}" for id_ in catalogue.offices),
    })  # fmt: skip


def unreleased(there: Set[str], released: Sequence[str]) -> Iterator[str]:
    """Where the list of all ids ever released and those of the data part: ids are added to it, never taken away."""
    for slug in sorted(there - {*released}):
        yield f"released.txt: {slug} is missing: add the line, the file is sorted"
    for slug in sorted({*released} - there):
        yield f"{slug} is gone, and links lean on it: put it back, with “ended” or “replaced_by” where it has them"
    for before, after in pairwise(released):
        if before >= after:
            yield f"released.txt: {after} stands after {before}: sort the lines, each once"
