"""Where letters go, with what those who work for the portal found who looked at it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.cases import confirmations
from portal.database import reading
from portal.law.looks import Verdict, is_unsure, laid_over, look_at
from portal.law.records import Contact, Organisation, Words
from portal.law.routing import Option
from portal.web.house import house


def contact_of(option: Option, body: Organisation) -> Contact | None:
    """Where the letter of an option goes, as the data file or the person says."""
    if option.addressee == body.id:
        return body.contact
    return house().catalogue.addressees[option.addressee].contact if option.addressee else None


def looked_at(contacts: Mapping[str, Contact]) -> Mapping[str, Contact]:
    """Contacts by whose they are, with what was found of them laid over.

    One query for all; none where each is certain and looked at lately, is not known, or is what the person has told.
    """
    known, today = house().catalogue.addressees, house().today()
    unsure = {
        id_: contact
        for id_, contact in contacts.items()
        if id_ in known and known[id_].contact == contact and is_unsure(contact, today)
    }
    if not unsure:
        return contacts
    with reading(house().engine) as session:
        found = confirmations.standing(session, unsure)
    return {**contacts, **{id_: laid_over(unsure[id_], one.look, today) for id_, one in found.items()}}


@dataclass(frozen=True, slots=True)
class To:
    """Whom a letter goes to, and where, with what was found of that; `contact` is None where nobody is known."""

    name: Words
    contact: Contact | None

    @property
    def is_wrong(self) -> bool:
        """Whether somebody looked, and found that a letter would not arrive there."""
        look = look_at(self.contact)
        return look is not None and look.verdict is Verdict.WRONG


def recipients(ways: Iterable[tuple[Option, Organisation]]) -> list[To]:
    """To whom the letters of these options go; one query at most."""
    plain = [(option.addressee or "", _named(option, body), contact_of(option, body)) for option, body in ways]
    laid = looked_at({id_: contact for id_, _, contact in plain if contact})
    return [To(name, contact and laid[id_]) for id_, name, contact in plain]


def _named(option: Option, body: Organisation) -> Words:
    known = house().catalogue.addressees.get(option.addressee or "")
    return known.name if known and known.id != body.id else body.name
