"""The organisations as pages show them: search, cards, and those that the catalogue does not know."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from portal.law.catalogue import Catalogue
from portal.law.records import Channel, Confidence, Contact, Organisation, OrganisationKind
from portal.letters.details import lines_of
from portal.web.search import likest

#: The id of an organisation that the person names.
OTHER = "other"


def search(catalogue: Catalogue, query: str) -> tuple[Organisation, ...]:
    """The organisations whose name, brand or id is like the query, the likest first."""
    found = likest(query, {body.id: names(body) for body in catalogue.organisations.values()})
    return tuple(catalogue.organisations[id_] for id_ in found)


def names(organisation: Organisation) -> tuple[str, ...]:
    """What people may search an organisation by."""
    return (*organisation.name.values(), *organisation.brands, organisation.id.replace("-", " "))


def find(catalogue: Catalogue, id_: str, known_as: Mapping[str, str], today: date) -> Organisation | None:
    """An organisation of the catalogue, or the one that a person has named; None where there is neither."""
    if id_ == OTHER:
        return named(catalogue, known_as, today)
    found = catalogue.organisations.get(id_)
    if found and known_as:
        return with_contact(found, known_as, today)
    return found


def named(catalogue: Catalogue, known_as: Mapping[str, str], today: date) -> Organisation | None:
    """An organisation as a person describes it; None where the description lacks a name or a kind.

    It reads the languages of its place, and English.
    """
    kinds = {kind.value for kind in OrganisationKind}
    if not known_as.get("name") or known_as.get("kind") not in kinds:
        return None
    return Organisation(
        id=OTHER,
        name={"en": known_as["name"][:200]},
        kind=OrganisationKind(known_as["kind"]),
        jurisdiction=known_as.get("seat", ""),
        languages=("en", *catalogue.spoken(known_as.get("seat", ""))),
        contact=_contact(known_as, today),
    )


def with_contact(organisation: Organisation, known_as: Mapping[str, str], today: date) -> Organisation:
    """An organisation of the catalogue with what the person knows of it: a bank's name, a police force's address."""
    name = {"en": known_as["name"]} if organisation.generic and known_as.get("name") else organisation.name
    contact = organisation.contact
    if not contact.address and not contact.email:
        contact = _contact(known_as, today)
    return replace(organisation, name=name, contact=contact)


def _contact(known_as: Mapping[str, str], today: date) -> Contact:
    lines = lines_of(known_as.get("address", ""))
    email = known_as.get("email", "")
    accepts = ((Channel.POST,) if lines else ()) + ((Channel.EMAIL,) if email else ())
    return Contact(
        address=(known_as.get("name", ""), *lines) if lines else (),
        email=email,
        accepts=accepts,
        confidence=Confidence.CHECK,
        verified=today,
        sources=("the person who writes",),
    )
