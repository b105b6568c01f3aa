"""Cases as people file and follow them, for tests of what is counted of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlmodel import Session, select

from portal.cases import filing, following, opening
from portal.cases.attaching import Shows
from portal.cases.case_key import CaseKey, new_case_key
from portal.cases.drafts import Draft
from portal.cases.filing import ToFile, prepared
from portal.cases.following import Said
from portal.cases.models import CaseRow, FilingRow, PaperRow
from portal.cases.status import Answer, Kind
from portal.columns import new_id
from portal.law.arguments import Reply
from portal.letters.kept import Made
from tests.building import a_letter, a_situation
from tests.cases.filed import LOOKUP, NOW

#: In the last quarter of a year.
TODAY = date(2026, 11, 23)
DUE = TODAY + timedelta(days=30)
LATER = TODAY + timedelta(days=900)


@cache
def _made() -> Made:
    return Made(a_letter(a_situation("at", "clearview-ai")))


@dataclass(frozen=True, slots=True)
class Filed:
    """What somebody has filed at one time, and the key that opens it."""

    key: CaseKey
    ids: tuple[str, ...]

    def say(
        self, session: Session, kind: Kind, day: date = TODAY, *, n: int = 0, on: date | None = None, **more: Any
    ) -> None:
        """Something has happened in one of the cases; told on the same day, where no other is given."""
        token = opening.enter(session, self.key, LOOKUP, NOW, TODAY)
        opened = opening.find(session, token, NOW) if token else None
        assert opened
        case = following.case(session, opened, self.ids[n])
        assert case
        told = more.pop("told", None)
        following.record(session, case, Said(kind, day, "", told, LATER, **more), on or day, "v1")
        session.flush()

    def attach(self, session: Session, shows: Shows, day: date = TODAY, n: int = 0) -> None:
        session.add(PaperRow(id=new_id(), case_id=self.ids[n], kind=shows.value, added_on=day, sealed=b"sealed"))
        session.flush()


def file(session: Session, *wanted: tuple[str, str, str], on: date = TODAY) -> Filed:
    """A filing with a case of each place, organisation and right."""
    key = new_case_key()
    letters = [
        ToFile(Draft(place, organisation, right, "eu-gdpr", details={"full_name": "Ana Example"}), _made(), LATER)
        for place, organisation, right in wanted
    ]
    made = prepared(key, LOOKUP, letters, on, "v1")
    filing.keep(session, made)
    assert isinstance(made.rows[0], FilingRow)
    ids = tuple(row.id for row in made.rows if isinstance(row, CaseRow))
    assert len(session.exec(select(CaseRow).where(CaseRow.filing_id == made.rows[0].id)).all()) == len(wanted)
    return Filed(key, ids)


def sent(
    session: Session, place: str = "fr", organisation: str = "clearview-ai", right: str = "erasure", on: date = TODAY
) -> Filed:
    """A letter that was filed and sent on the same day."""
    filed = file(session, (place, organisation, right), on=on)
    filed.say(session, Kind.SENT, on, told=on + timedelta(days=30))
    return filed


def refused(session: Session, ground: Reply = Reply.GLOMAR, **more: Any) -> Filed:
    """One that was refused in time, which a file shows."""
    filed = sent(session, **more)
    filed.say(session, Kind.ANSWERED, TODAY + timedelta(days=7), answer=Answer.REFUSED, ground=ground)
    filed.attach(session, Shows.ANSWER, TODAY + timedelta(days=7))
    return filed
