"""By post: what stands on the envelope, and whether there is an address to write on it."""

from portal.law.records import Contact


def can(contact: Contact) -> bool:
    """Whether a postal address is known."""
    return bool(contact.address)
