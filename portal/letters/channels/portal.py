"""By an agency's own portal: like a form, and the only way that it takes."""

from portal.law.records import Channel, Contact
from portal.letters.channels.form import Pasted, pasted

__all__ = ["Pasted", "can", "only", "pasted"]


def can(contact: Contact) -> bool:
    """Whether the address of the portal is known."""
    return bool(contact.form)


def only(contact: Contact) -> bool:
    """Whether nothing but the portal is accepted: a printed letter would not do."""
    return contact.accepts == (Channel.PORTAL,)
