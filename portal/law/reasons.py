"""Why a route is as it is, in the languages of the pages, each reason with its source."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.law.catalogue import Catalogue
from portal.law.places import countries
from portal.law.records import Confidence, Law, LegalRight, Reach, Side, Words
from portal.law.situation import Situation


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in the languages of the interface, with its source."""

    text: Words
    source: str


def reasons(
    catalogue: Catalogue,
    situation: Situation,
    law: Law,
    reach: Reach,
    right: LegalRight,
    supplements: tuple[Law, ...],
    regulator: str | None,
    assumed: bool,
) -> Iterator[Reason]:
    """Why a law answers, then what to know of it; `assumed`: the day of receipt is only estimated."""
    yield Reason(named(catalogue, situation, reach.reason), reach.source)
    if right.before:
        yield Reason(right.before, right.first.ref if right.first else right.ref)
    if right.says:
        yield Reason(right.says, right.ref)
    for other in supplements:
        beside = other.rights.get(situation.right)
        if beside and beside.says:
            yield Reason(beside.says, beside.ref)
    yield from _reasons_of_place(catalogue, situation, law, reach, regulator)
    yield from _reasons_of_clock(law, right, assumed)
    if situation.on_behalf_of:
        yield Reason(_ON_BEHALF, right.ref)


def region_decides(catalogue: Catalogue, situation: Situation) -> bool:
    """Whether a part of the country, which the person did not name, has a law of its own for this."""
    parts = {part.id for part in catalogue.regions(situation.place)}
    kind = situation.organisation.kind
    return bool(parts) and any(
        parts & {*reach.person_in} and (not reach.organisation_kinds or kind in reach.organisation_kinds)
        for law in catalogue.laws.values()
        if situation.right in law.rights
        for reach in law.reach
    )


def ask_region(catalogue: Catalogue, situation: Situation, source: str) -> Reason:
    """That the person should name their part of the country, as it is called there."""
    words = next(catalogue.nearest(situation.place)).regions
    return Reason({key: text.format(region=words.get(key, "region")) for key, text in _REGION.items()}, source)


def _reasons_of_place(
    catalogue: Catalogue, situation: Situation, law: Law, reach: Reach, regulator: str | None
) -> Iterator[Reason]:
    follows_person = reach.regulator_of is Side.PERSON
    nobody = regulator is None and bool(catalogue.regions(situation.place))
    if follows_person and (nobody or region_decides(catalogue, situation)):
        yield ask_region(catalogue, situation, reach.source)
    transposed = [
        place.transposes[law.id] for place in catalogue.nearest(situation.organisation.jurisdiction)
        if law.id in place.transposes
    ]  # fmt: skip
    for transposition in transposed[:1]:
        text = {
            "en": f"National law: {transposition.name}.",
            "fr": f"Droit national\N{NO-BREAK SPACE}: {transposition.name}.",
        }
        yield Reason(text, transposition.source)


def _reasons_of_clock(law: Law, right: LegalRight, assumed: bool) -> Iterator[Reason]:
    if right.deadline_confidence is Confidence.CHECK:
        yield Reason(_CLOCK_OPEN, right.ref)
    if assumed:
        yield Reason(_ASSUMED, law.short["en"])


_ON_BEHALF: Words = {
    "en": "You write for somebody else: the letter says so, and a page to sign shows that you may.",
    "fr": "Vous écrivez pour quelqu’un d’autre\N{NO-BREAK SPACE}: la lettre le dit, et une page à signer montre que "
    "vous le pouvez.",
}
_REGION: Words = {
    "en": "Tell us the {region} where you live: the authority, and sometimes the law, depends on it.",
    "fr": "Dites-nous où vous vivez ({region})\N{NO-BREAK SPACE}: l’autorité, et parfois la loi, en dépend.",
}
_CLOCK_OPEN: Words = {
    "en": "Whether the time limit also covers this request is not settled: take the date as what to expect.",
    "fr": "Il n’est pas établi que le délai couvre aussi cette demande\N{NO-BREAK SPACE}: prenez la date pour une "
    "indication.",
}
_ASSUMED: Words = {
    "en": "The day of receipt is estimated from the day of sending.",
    "fr": "Le jour de réception est estimé d’après le jour d’envoi.",
}


def named(catalogue: Catalogue, situation: Situation, words: Words) -> Words:
    """A text with the names of the place and of the organisation."""
    return {
        language: text.format(
            place=_name_of(catalogue, situation.place, language),
            seat=_name_of(catalogue, situation.organisation.jurisdiction, language),
            organisation=situation.organisation.name.get(language, situation.organisation.name["en"]),
        )
        for language, text in words.items()
    }


def _name_of(catalogue: Catalogue, place: str, language: str) -> str:
    record = catalogue.jurisdictions.get(place) or next(iter(catalogue.nearest(place)), None)
    if record:
        return record.name.get(language, record.name["en"])
    return countries(language).get(place.partition("-")[0], place.upper())


# Where no law gives the right

NO_LAW_REACHES = "none of the laws in the catalogue reaches this situation"
ASKED_ALL_THE_SAME: Words = {
    "en": "No law that we know gives you this right against {organisation} where you live ({place}). You can ask all "
    "the same: the letter says plainly that it does, cites no law, and names the organisation’s own form.",
    "fr": "Aucune loi connue de nous ne vous donne ce droit contre {organisation} là où vous vivez ({place}). Vous "
    "pouvez demander quand même\N{NO-BREAK SPACE}: la lettre le dit clairement, ne cite aucune loi et renvoie au "
    "formulaire de l’organisation.",
}
NOT_ELIGIBLE: Words = {
    "en": "No law that we know gives you this right against this body. See what else you can ask.",
    "fr": "Aucune loi connue de nous ne vous donne ce droit contre cet organisme. Voyez ce que vous pouvez demander.",
}
NOBODY: Words = {
    "en": "We know of no authority that takes this complaint where you live.",
    "fr": "Nous ne connaissons aucune autorité qui reçoive cette plainte là où vous vivez.",
}
