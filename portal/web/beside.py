"""What stands beside a record in the others: who polices a law, what was decided about an organisation."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from portal.law.arguments import Reply, Ruling
from portal.law.records import (
    Authority,
    DeadlineRule,
    Decision,
    Jurisdiction,
    Law,
    Office,
    Organisation,
    Reach,
)
from portal.law.routing import rule_of
from portal.web import counting
from portal.web.house import house
from portal.web.journey import named, offered
from portal.web.kinds import counted_by, home_of, owner_of, place_of
from portal.web.words import RIGHTS


def beside(record: Any) -> dict[str, Any]:
    """What the page of a record shows of the others."""
    catalogue = house().catalogue
    match record:
        case Organisation():
            bodies = catalogue.organisations.values()
            return {
                "decisions": about(record),
                "parts": [one for one in bodies if one.within == record.id],
                "offered": [right for right in RIGHTS if right in offered(record)],
            }
        case Authority():
            leads = [one for one in catalogue.organisations.values() if one.supervisory_authority == record.id]
            return {"home": home_of(record), "leads": leads}
        case Office():
            return {"body": owner_of(record)}
        case Law():
            return _beside_law(record)
        case Decision():
            return {"leaning": _leaning(decision=record.id)}
        case Ruling():
            return {"leaning": _leaning(ruling=record.id)}
        case DeadlineRule():
            return {"laws": counted_by(record.id), "in_words": [*counting.in_words(record)]}
        case Jurisdiction():
            return _beside_place(record)
        case _:
            return {}


def about(body: Organisation) -> list[Decision]:
    """What was decided about an organisation, the newest first."""
    return newest(one for one in house().catalogue.decisions.values() if _concerns(one, body))


def _concerns(decision: Decision, body: Organisation) -> bool:
    return body.id in decision.about or decision.id in body.decisions


def newest(decisions: Iterable[Decision]) -> list[Decision]:
    """The newest first; those without a date last."""
    return sorted(decisions, key=lambda one: one.day, reverse=True)


def _beside_law(law: Law) -> dict[str, Any]:
    catalogue = house().catalogue
    authorities = catalogue.authorities.values()
    return {
        "rules": {right: catalogue.deadlines[rule_of(law, right)] for right in law.rights},
        "rule": catalogue.deadlines[law.deadline],
        "in_words": [*counting.in_words(catalogue.deadlines[law.deadline])],
        "reasons": [_reason(reach) for reach in law.reach],
        "authorities": [one for one in authorities if any(law.id in each.laws for each in one.supervises)],
        "decisions": newest(one for one in catalogue.decisions.values() if law.id in one.laws),
        "replies": catalogue.replies(law.id),
        "transposed": [one for one in catalogue.jurisdictions.values() if law.id in one.transposes],
    }


def _leaning(decision: str = "", ruling: str = "") -> dict[str, list[Reply]]:
    """The replies, by law, that a decision or a ruling helps against."""
    catalogue = house().catalogue
    leaning = {
        one.id
        for one in catalogue.arguments.values()
        if any((cited.decision, cited.ruling) == (decision, ruling) for cited in one.rests_on)
    }
    found = {
        law: [reply for reply, arguments in catalogue.replies(law).items() if leaning & {one.id for one in arguments}]
        for law in catalogue.laws
    }
    return {law: replies for law, replies in found.items() if replies}


def _reason(reach: Reach) -> dict[str, Any]:
    """Why a law reaches somebody, for whoever it may be."""
    blanks = {
        "place": ", ".join(place_of(place) for place in reach.person_in) or str(_("your place")),
        "organisation": str(_("the organisation")),
        "seat": ", ".join(place_of(place) for place in reach.organisation_of or reach.organisation_in)
        or str(_("its seat")),
    }
    text = named(reach.reason).format_map(blanks)
    return {"text": text[:1].upper() + text[1:], "source": reach.source, "confidence": reach.confidence}


def _beside_place(place: Jurisdiction) -> dict[str, Any]:
    catalogue = house().catalogue
    return {
        "laws": [one for one in catalogue.laws.values() if one.jurisdiction in catalogue.chain(place.id)],
        "parts": catalogue.regions(place.id),
        "bodies": [one for one in catalogue.organisations.values() if one.jurisdiction == place.id],
    }
