"""Campaigns: written by a group, read by staff before they are shown, joined by people."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col, select

from portal.accounts.groups import slug_of
from portal.cases import tasks
from portal.cases.models import CampaignRow
from portal.cases.tasks import Matter
from portal.columns import new_id

LONGEST_WORDS = 8_000
MOST_ORGANISATIONS = 20


class State(StrEnum):
    """How far a campaign has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Staff are asked to read its words."""
    SHOWN = "shown"
    REFUSED = "refused"
    """Staff ask for other words; the group can change them and submit it again."""
    ENDED = "ended"
    """Nobody can join it any more; its page says so."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a group writes of its campaign."""

    language: str
    title: str
    words: str
    """Markdown."""
    organisations: tuple[str, ...]
    right: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a group calls people to."""

    id: str
    group_id: str
    slug: str
    said: Words
    state: State
    made_on: date
    began_on: date | None
    ended_on: date | None
    shown: int
    """How many people its page tells of, as `record.campaigns` counts them; 0 where it tells of none."""

    @property
    def can_be_joined(self) -> bool:
        return self.state is State.SHOWN

    @property
    def has_a_page(self) -> bool:
        """Whether anybody but its group can see it: it is shown, or was until it ended."""
        return self.state is State.SHOWN or (self.state is State.ENDED and self.began_on is not None)


class NotNow(Exception):
    """The campaign does not stand where this can be done."""


#: Where each step can be taken; a campaign that is shown is changed by submitting other words.
MAY_CHANGE = frozenset({State.DRAFT, State.REFUSED, State.SHOWN})


def add(session: Session, group_id: str, said: Words, today: date) -> Campaign:
    """A new one, seen by its group alone."""
    slug = slug_of(said.title)
    if session.exec(select(CampaignRow.id).where(CampaignRow.slug == slug)).first():
        slug = f"{slug}-{secrets.token_hex(3)}"
    row = CampaignRow(
        id=new_id(),
        group_id=group_id,
        slug=slug,
        language=said.language,
        title=said.title,
        words=said.words,
        organisations=" ".join(said.organisations),
        right=said.right,
        state=State.DRAFT.value,
        made_on=today,
    )
    session.add(row)
    session.flush()
    return _campaign(row)


def change(session: Session, id_: str, said: Words) -> None:
    """Other words; one that is shown goes from its page until staff have read them. Raises NotNow."""
    row = _locked(session, id_, MAY_CHANGE)
    row.language, row.title, row.words = said.language, said.title, said.words
    row.organisations, row.right = " ".join(said.organisations), said.right
    row.state = State.DRAFT.value


def submit(session: Session, id_: str, today: date) -> None:
    """Ask staff to read it. Raises NotNow."""
    _locked(session, id_, frozenset({State.DRAFT})).state = State.SUBMITTED.value
    tasks.put(session, tasks.new(Matter.CAMPAIGN, id_, today))


def show(session: Session, id_: str, today: date) -> None:
    """Staff have read it: its page is there. Raises NotNow."""
    row = _locked(session, id_, frozenset({State.SUBMITTED}))
    row.state, row.began_on = State.SHOWN.value, row.began_on or today


def refuse(session: Session, id_: str) -> None:
    """Staff ask for other words. Raises NotNow."""
    _locked(session, id_, frozenset({State.SUBMITTED})).state = State.REFUSED.value


def end(session: Session, id_: str, today: date) -> None:
    """Nobody can join it any more, and staff need not read it; what people share goes on."""
    row = session.get_one(CampaignRow, id_, with_for_update=True)
    row.state, row.ended_on = State.ENDED.value, row.ended_on or today
    tasks.take_back(session, Matter.CAMPAIGN, id_)


def end_all_of(session: Session, group_id: str, today: date) -> None:
    """Those of a group that ends."""
    for row in session.exec(select(CampaignRow).where(CampaignRow.group_id == group_id)).all():
        end(session, row.id, today)


def get(session: Session, id_: str) -> Campaign | None:
    row = session.get(CampaignRow, id_)
    return _campaign(row) if row else None


def by_slug(session: Session, slug: str) -> Campaign | None:
    row = session.exec(select(CampaignRow).where(CampaignRow.slug == slug)).first()
    return _campaign(row) if row else None


def of_group(session: Session, group_id: str) -> Sequence[Campaign]:
    """A group's, the newest first."""
    newest = select(CampaignRow).where(CampaignRow.group_id == group_id).order_by(col(CampaignRow.made_on).desc())
    return [_campaign(row) for row in session.exec(newest.order_by(CampaignRow.id))]


def shown(session: Session) -> Sequence[Campaign]:
    """Those that can be joined, the newest first."""
    newest = select(CampaignRow).where(CampaignRow.state == State.SHOWN.value)
    rows = session.exec(newest.order_by(col(CampaignRow.began_on).desc(), CampaignRow.id))
    return [_campaign(row) for row in rows]


def any_shown(session: Session) -> bool:
    """Whether there is one that can be joined."""
    return session.exec(select(CampaignRow.id).where(CampaignRow.state == State.SHOWN.value)).first() is not None


def _locked(session: Session, id_: str, where: frozenset[State]) -> CampaignRow:
    row = session.get_one(CampaignRow, id_, with_for_update=True)
    if State(row.state) not in where:
        raise NotNow
    return row


def _campaign(row: CampaignRow) -> Campaign:
    said = Words(row.language, row.title, row.words, tuple(row.organisations.split()), row.right)
    state = State(row.state)
    return Campaign(row.id, row.group_id, row.slug, said, state, row.made_on, row.began_on, row.ended_on, row.shown)
