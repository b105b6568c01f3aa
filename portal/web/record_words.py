"""The words of the public record."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import format_number
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases.measures import OF_GROUND, Basis, Days, Family, Measure
from portal.cases.statements import Fault
from portal.law.arguments import Reply
from portal.law.places import countries
from portal.law.records import Right
from portal.web.language import current
from portal.web.words import RIGHT_NAMES, Words

FAMILIES: Mapping[Family, tuple[Words, Words]] = {
    Family.QUARTER: (_l("By quarter"), _l("Quarter")),
    Family.COUNTRY: (_l("By country"), _l("Where they live")),
    Family.RIGHT: (_l("By what was asked"), _l("What was asked")),
}

BASES: Mapping[Basis, Words] = {
    Basis.REPORTED: _l("As people reported it"),
    Basis.PROVEN: _l("With proof"),
}

#: Why an organisation refused; `REPLIES` says the same to the person who got the answer.
_GROUNDS: Mapping[Reply, Words] = {
    Reply.REFUSED_LAW_DOES_NOT_APPLY: _l("The law does not bind it, or does not protect them"),
    Reply.REFUSED_PUBLICLY_AVAILABLE: _l("The photos are public"),
    Reply.REFUSED_EXCESSIVE_OR_UNFOUNDED: _l("They ask too much, or for no good reason"),
    Reply.REFUSED_THIRD_PARTY: _l("Other people must be protected"),
    Reply.REFUSED_TRADE_SECRET: _l("It is a trade secret"),
    Reply.REFUSED_LAW_ENFORCEMENT: _l("Police work stands against it"),
    Reply.REFUSED_NATIONAL_SECURITY: _l("National security stands against it"),
    Reply.GLOMAR: _l("It neither confirms nor denies"),
    Reply.EXEMPTION_CITED: _l("It names an exemption of the law"),
    Reply.NO_ERASURE_RIGHT: _l("There is no right to deletion"),
    Reply.CANNOT_IDENTIFY_YOU: _l("It cannot find them"),
    Reply.PROCESSOR_POINTS_TO_CONTROLLER: _l("It only acts for its customers"),
}

#: Why what an organisation said was taken down.
FAULTS: Mapping[StrEnum, Words] = {
    Fault.IMPOSTOR: _l("It did not come from the organisation"),
    Fault.NAMES_SOMEBODY: _l("It named or described a person"),
    Fault.HARM: _l("It did harm, or the law forbids it"),
    Fault.WITHDRAWN: _l("The organisation took it back"),
}

#: What each measure is called in a table.
MEASURES: Mapping[Measure, Words] = {
    Measure.FILED: _l("Letters sent"),
    Measure.ANSWERED: _l("Answered"),
    Measure.IN_TIME: _l("Answered in time"),
    Measure.OVERDUE: _l("No answer when it was due"),
    Measure.LATE: _l("Answered late"),
    Measure.UNTIMED: _l("Answered, where the law sets no day"),
    Measure.COMPLIED: _l("Did what was asked"),
    Measure.PARTLY: _l("Did it in part"),
    Measure.NOTHING_HELD: _l("Said that it has nothing"),
    Measure.REFUSED: _l("It refused"),
    Measure.UNCLEAR: _l("Answer not clear"),
    **{measure: _GROUNDS[ground] for ground, measure in OF_GROUND.items()},
    Measure.FOUND_AGAIN: _l("Face found again after the answer"),
    Measure.IDENTITY_DEMANDED: _l("Wanted proof of identity first"),
    Measure.COMPLAINED: _l("Complaints to an authority"),
    Measure.DECIDED: _l("Complaints that were decided"),
    Measure.DECIDED_UPHELD: _l("In favour of the person"),
    Measure.DECIDED_PARTLY: _l("In favour of the person in part"),
    Measure.DECIDED_REJECTED: _l("Against the person"),
    Measure.DECIDED_DISMISSED: _l("Not examined"),
    Measure.DECIDED_SETTLED: _l("Settled"),
    Measure.DECIDED_DISCONTINUED: _l("Ended without a decision"),
}

#: What stands in each of the tables by quarter, country and right; all else is in the files.
IN_TABLES = (Measure.FILED, Measure.IN_TIME, Measure.OVERDUE, Measure.LATE)

#: What is told of all quarters together, in parts.
PARTS: Mapping[str, tuple[Words, tuple[Measure, ...]]] = {
    "answers": (
        _l("When answers came"),
        (Measure.FILED, Measure.ANSWERED, Measure.IN_TIME, Measure.OVERDUE, Measure.LATE, Measure.UNTIMED),
    ),
    "how": (
        _l("What it answered"),
        (
            *(Measure.COMPLIED, Measure.PARTLY, Measure.NOTHING_HELD, Measure.REFUSED, Measure.UNCLEAR),
            *(Measure.IDENTITY_DEMANDED, Measure.FOUND_AGAIN),
        ),
    ),
    "refusals": (_l("Why it refused"), tuple(OF_GROUND.values())),
    "complaints": (
        _l("Complaints, and how they were decided"),
        (Measure.COMPLAINED, Measure.DECIDED, *(one for one in Measure if one.value.startswith("decided."))),
    ),
}

#: Within what time half of the answers came.
DAYS: Mapping[Days, Words] = {
    Days.MONTH: _l("30 days or fewer"),
    Days.TWO: _l("31 to 60 days"),
    Days.THREE: _l("61 to 90 days"),
    Days.HALF_YEAR: _l("91 to 180 days"),
    Days.MORE: _l("more than 180 days"),
}

#: Of quarters, by their last digit.
_QUARTERS: Mapping[str, Words] = {
    "1": _l("January to March %(year)s"),
    "2": _l("April to June %(year)s"),
    "3": _l("July to September %(year)s"),
    "4": _l("October to December %(year)s"),
}


def quarter(key: str) -> str:
    """`2026-Q4` as people say it."""
    year, _, n = key.partition("-Q")
    return str(_QUARTERS[n]) % {"year": year}


def short_quarter(key: str) -> str:
    """The same where there is little room: `Q4 2026`."""
    year, _of, n = key.partition("-Q")
    return str(_("Q%(n)s %(year)s", n=n, year=year))


def key_words(family: Family, key: str) -> str:
    """What a row of a table is called."""
    match family:
        case Family.QUARTER:
            return quarter(key)
        case Family.COUNTRY:
            return countries(current()).get(key, key.upper())
        case Family.RIGHT:
            return str(RIGHT_NAMES[Right(key)]) if key in set(Right) else key


def number(count: int | None) -> str:
    """A number within a sentence."""
    return str(_("not shown") if count is None else _("at least %(n)s", n=format_number(count)))
