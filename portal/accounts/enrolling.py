"""Enrolling: an invitation becomes an account, or gives one back to whoever lost what they signed in with."""

from datetime import datetime

from sqlmodel import Session

from portal.accounts import credentials, invitations, people, visits
from portal.accounts.invitations import Invitation, NotInvited, State
from portal.accounts.people import Account


def accept(session: Session, secret: bytes, id_: str, now: datetime) -> Account:
    """Use an invitation: an open account with nothing to sign in with, where nobody is signed in. Raises NotInvited.

    A closed account is open again: whoever closed it invited them since, as closing ends the links of before.
    """
    account = _account(session, secret, invitations.use(session, secret, id_, now))
    credentials.drop_all_of(session, account.id)
    visits.end_all_of(session, account.id)
    return account


def _account(session: Session, secret: bytes, invited: Invitation) -> Account:
    if invited.account_id is None:
        if people.find(session, secret, invited.who):
            raise NotInvited(State.UNKNOWN)
        return people.add(session, secret, invited.who, invited.roles, invited.group_id)
    account = people.get(session, secret, invited.account_id)
    if account is None:
        raise NotInvited(State.UNKNOWN)
    people.reopen(session, account.id)
    return account
