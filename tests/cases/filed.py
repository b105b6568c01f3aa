"""Cases as they lie in a database, for tests that look at them from all sides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from sqlmodel import Session

from portal.cases import filing, following, opening
from portal.cases.case_key import CaseKey, new_case_key
from portal.cases.drafts import Draft
from portal.cases.filing import ToFile, Wish, prepared
from portal.cases.following import Case
from portal.cases.group_sharing import Wanted, at_filing
from portal.letters.kept import Made
from portal.vault import PublicHalf
from tests.building import a_letter, a_situation

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
LATER: date = TODAY + timedelta(days=455)
LOOKUP = b"a lookup key of the portal's own"


@cache
def _made(organisation: str) -> Made:
    return Made(a_letter(a_situation("at", organisation)))


def filed(
    session: Session,
    *organisations: str,
    staff: PublicHalf | None = None,
    urgent: bool = False,
    group: Wanted | None = None,
) -> tuple[CaseKey, tuple[Case, ...]]:
    """A filing of some letters, and its cases as their holder sees them."""
    key = new_case_key()
    letters = [
        ToFile(
            Draft(
                "at", organisation, "access", "eu-gdpr", details={"full_name": "Ana Example"}, campaign="a-campaign"
            ),
            _made(organisation),
            LATER,
        )
        for organisation in organisations or ("clearview-ai",)
    ]
    wish = Wish(staff, urgent)
    if group:
        wish = replace(wish, lets=at_filing(group))
    filing.keep(session, prepared(key, LOOKUP, letters, TODAY, "v1", wish))
    return key, as_held(session, key)


def as_held(session: Session, key: CaseKey) -> tuple[Case, ...]:
    session.flush()
    session.expire_all()
    token = opening.enter(session, key, LOOKUP, NOW, TODAY)
    assert token
    opened = opening.find(session, token, NOW)
    assert opened
    return following.cases(session, opened)
