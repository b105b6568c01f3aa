"""The tables.

What stands in the clear is pseudonymous and has no time of day; what a person wrote is ciphertext. Each column says
why it is there and until when: the privacy page and the record of processing are written from that.
"""

from datetime import date
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from portal.columns import Until, column, new_id

_ID = 32
_HASH = 64


def _while(condition: str) -> dict[str, Any]:
    """What an index of some rows alone says to each database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class DraftRow(SQLModel, table=True):
    """A person's details on their way to a letter: ciphertext under a key that only their browser holds."""

    __tablename__ = "drafts"

    id: str = column("to find the draft of one tab; random", Until.DRAFT, primary_key=True, max_length=_ID)
    owner: str = column(
        "to forget all that a browser wrote, at once; a hash of its key", Until.DRAFT, index=True, max_length=_HASH
    )
    sealed: bytes = column("the details and the edited text, on their way to the letter; sealed", Until.DRAFT)
    expires_at: int = column("to forget in time; seconds since 1970", Until.DRAFT, index=True)


class FilingRow(SQLModel, table=True):
    """One person's submission, found by the hash of their case key."""

    __tablename__ = "filings"

    id: str = column("to hold the cases of one filing together; random", Until.CASE, primary_key=True, max_length=_ID)
    lookup: str = column(
        "to find the filing of a case key; a keyed hash of it", Until.CASE, unique=True, max_length=_HASH
    )


class CaseRow(SQLModel, table=True):
    """What one organisation is asked for."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_of", "organisation", "id"),)

    id: str = column(
        "to name the case in the address of its page; random", Until.CASE, primary_key=True, max_length=_ID
    )
    filing_id: str = column(
        "to open with one key all that was filed together",
        Until.CASE,
        foreign_key="filings.id",
        ondelete="CASCADE",
        index=True,
        max_length=_ID,
    )
    organisation: str = column(
        "to know whose time runs; an id of the catalogue, or “other”", Until.CASE, max_length=80
    )
    right: str = column("to know what was asked", Until.CASE, max_length=20)
    way: str = column("to know under which law time runs", Until.CASE, max_length=80)
    place: str = column(
        "to know whose holidays and which authority; region only where it matters", Until.CASE, max_length=12
    )
    status: str = column("to know what comes next", Until.CASE, max_length=20)
    filed_on: date = column("to count what was filed on a day; without time", Until.CASE)
    forget_on: date = column("to forget the case in time", Until.CASE, index=True)
    public_key: bytes = column("to add to the case what only its holder can read", Until.CASE)
    details: bytes = column("the person's details, for the letters that follow; sealed", Until.CASE)
    urgent: bool = column(
        "to look at it first, as the person said that it is urgent; without a reason", Until.CASE, default=False
    )
    counted: bool = column(
        "whether the public record counts it: one person counts once a quarter for an organisation",
        Until.CASE,
        default=True,
    )


class WrapRow(SQLModel, table=True):
    """That somebody can read a case: its private key, wrapped for them."""

    __tablename__ = "wraps"

    case_id: str = column(
        "whose key it is", Until.CASE, primary_key=True, foreign_key="cases.id", ondelete="CASCADE", max_length=_ID
    )
    holder: str = column(
        "who can open the case: the filer, or whom they let", Until.CASE, primary_key=True, max_length=48
    )
    scope: str = column("how much of it", Until.CASE, max_length=20)
    wrapped: bytes = column("the private key of the case, under the holder's; sealed", Until.CASE)


class CampaignRow(SQLModel, table=True):
    """What a group calls people to: its words stand in public once staff have read them."""

    __tablename__ = "campaigns"

    id: str = column(
        "to name the campaign without a word of it; random", Until.GROUP, primary_key=True, max_length=_ID
    )
    group_id: str = column(
        "whose campaign it is", Until.GROUP, foreign_key="groups.id", ondelete="CASCADE", index=True, max_length=_ID
    )
    slug: str = column("to name the campaign in its link", Until.GROUP, unique=True, max_length=60)
    language: str = column("in which language its words are", Until.GROUP, max_length=12)
    title: str = column("what it is called", Until.GROUP, max_length=120)
    words: str = column("what it says, in the group's own words", Until.GROUP, max_length=8_000)
    organisations: str = column(
        "whom people write to; ids of the catalogue, parted by spaces", Until.GROUP, max_length=1_000
    )
    right: str = column("what people ask for", Until.GROUP, max_length=20)
    state: str = column("whether its page is shown", Until.GROUP, max_length=12)
    made_on: date = column("when it was written", Until.GROUP)
    began_on: date | None = column("since when its page is shown", Until.GROUP, default=None)
    ended_on: date | None = column("since when nobody can join it", Until.GROUP, default=None)
    shown: int = column("how many people its page tells of: a multiple of five, at least ten", Until.GROUP, default=0)
    counted_on: date | None = column("when these were last counted, to do it once a month", Until.GROUP, default=None)


class ShareRow(SQLModel, table=True):
    """How much of a case its filer lets a group see."""

    __tablename__ = "shares"
    __table_args__ = (Index("ix_shares_group", "group_id", "shared_on", "case_id"),)

    case_id: str = column(
        "which case is seen", Until.CASE, primary_key=True, foreign_key="cases.id", ondelete="CASCADE", max_length=_ID
    )
    group_id: str = column(
        "which group sees it",
        Until.CASE,
        primary_key=True,
        foreign_key="groups.id",
        ondelete="CASCADE",
        max_length=_ID,
    )
    campaign_id: str | None = column(
        "by which campaign the person came",
        Until.CASE,
        default=None,
        foreign_key="campaigns.id",
        ondelete="SET NULL",
        index=True,
        max_length=_ID,
    )
    scope: str = column("how much: its status, the letters too, or to act in it", Until.CASE, max_length=12)
    joint: bool = column("whether the group may put it into a complaint of many", Until.CASE, default=False)
    shared_on: date = column("since when it sees it", Until.CASE)
    mark: str = column(
        "to know it again where a backup brings back what was taken back; random",
        Until.CASE,
        default_factory=new_id,
        max_length=_ID,
    )


class ImportRow(SQLModel, table=True):
    """A list of members that a group brought: what is to be filed for them, sealed to the group."""

    __tablename__ = "imports"

    id: str = column("to name the list; random", Until.IMPORT, primary_key=True, max_length=_ID)
    group_id: str = column(
        "which group brought it",
        Until.IMPORT,
        foreign_key="groups.id",
        ondelete="CASCADE",
        index=True,
        max_length=_ID,
    )
    campaign_id: str | None = column(
        "for which campaign",
        Until.IMPORT,
        default=None,
        foreign_key="campaigns.id",
        ondelete="SET NULL",
        index=True,
        max_length=_ID,
    )
    organisation: str = column("to whom they write; an id of the catalogue", Until.IMPORT, max_length=80)
    right: str = column("what they ask for", Until.IMPORT, max_length=20)
    made_on: date = column("when it was brought", Until.IMPORT)
    forget_on: date = column("to forget it in time", Until.IMPORT, index=True)
    ready: int = column("how many rows can be filed", Until.IMPORT)
    refused: int = column("how many rows have an error", Until.IMPORT)
    confirmed: bool = column("whether the group said that they are to be filed", Until.IMPORT, default=False)
    filed: int = column(
        "how many are filed, so that each is filed once whatever breaks in between", Until.IMPORT, default=0
    )
    sealed: bytes = column("the rows, and what their case keys are made from; sealed", Until.IMPORT)


class FeedRow(SQLModel, table=True):
    """The secret address at which a group's own calendar finds the days on which answers are due."""

    __tablename__ = "feeds"

    group_id: str = column(
        "whose days they are",
        Until.GROUP,
        primary_key=True,
        foreign_key="groups.id",
        ondelete="CASCADE",
        max_length=_ID,
    )
    lookup: str = column(
        "to find the group of an address; a keyed hash of its secret", Until.GROUP, unique=True, max_length=_HASH
    )
    made_on: date = column("since when the address is there", Until.GROUP)
    sealed: bytes = column("the secret of the address, for the group to read it again; sealed", Until.GROUP)


class LetterRow(SQLModel, table=True):
    """A letter as it was made, with its cover and its meaning."""

    __tablename__ = "letters"

    id: str = column("to name the letter; random", Until.CASE, primary_key=True, max_length=_ID)
    case_id: str = column(
        "which case it belongs to", Until.CASE, foreign_key="cases.id", ondelete="CASCADE", index=True, max_length=_ID
    )
    n: int = column("which of the case's letters it is, from 0 on", Until.CASE, default=0)
    made_on: date = column("the day on the letter", Until.CASE)
    replaced_on: date | None = column(
        "since when another stands in its place, under another law", Until.CASE, default=None
    )
    sealed: bytes = column("the letter, so that it can be had again; sealed", Until.CASE)


class EventRow(SQLModel, table=True):
    """One thing that happened in a case."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("case_id", "n"),)

    id: str = column("to name the event; random", Until.CASE, primary_key=True, max_length=_ID)
    case_id: str = column(
        "which case it belongs to", Until.CASE, foreign_key="cases.id", ondelete="CASCADE", max_length=_ID
    )
    n: int = column("to keep the order", Until.CASE)
    kind: str = column("what happened, so that the clock can be counted", Until.CASE, max_length=20)
    day: date = column("when it happened, so that the clock can be counted", Until.CASE)
    recorded_on: date = column("when the person said so", Until.CASE)
    told: date | None = column("the due date that the person was told then", Until.CASE, default=None)
    catalogue: str = column("the version of the law data that it was counted with", Until.CASE, max_length=32)
    way: str | None = column(
        "by which way a complaint went, so that its own clock is counted", Until.CASE, default=None, max_length=101
    )
    outcome: str | None = column(
        "how the authority decided, to know what is open then", Until.CASE, default=None, max_length=20
    )
    answer: str | None = column(
        "how the organisation answered, for the public record; a word of a list",
        Until.CASE,
        default=None,
        max_length=60,
    )
    ground: str | None = column(
        "why it refused, for the public record; a word of a list", Until.CASE, default=None, max_length=60
    )
    by_group: str | None = column(
        "which group said so, where it was not the person; a random id", Until.CASE, default=None, max_length=_ID
    )
    sealed: bytes | None = column(
        "what the person noted, and the number that the authority gave; sealed", Until.CASE, default=None
    )


class PaperRow(SQLModel, table=True):
    """A file that the person attached; what is in it lies sealed beside the database."""

    __tablename__ = "papers"

    id: str = column("to name the file; random", Until.CASE, primary_key=True, max_length=_ID)
    case_id: str = column(
        "which case it belongs to", Until.CASE, foreign_key="cases.id", ondelete="CASCADE", index=True, max_length=_ID
    )
    kind: str = column(
        "what it shows: that it was sent or received, an answer, who somebody is", Until.CASE, max_length=20
    )
    added_on: date = column("when it was attached", Until.CASE)
    forget_on: date | None = column(
        "to forget a copy of an identity document before the case", Until.IDENTITY, default=None, index=True
    )
    sealed: bytes = column("its name and type; sealed", Until.CASE)


class MessageRow(SQLModel, table=True):
    """What the person of a case and the portal's staff write to each other."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("case_id", "n"),)

    id: str = column("to name the message; random", Until.CASE, primary_key=True, max_length=_ID)
    case_id: str = column(
        "which case it belongs to", Until.CASE, foreign_key="cases.id", ondelete="CASCADE", max_length=_ID
    )
    n: int = column("to keep the order", Until.CASE)
    from_staff: bool = column("whether staff wrote it, or the person; no name of anybody", Until.CASE)
    written_on: date = column("when it was written; without time", Until.CASE)
    seen: bool = column("whether it was read by whom it is for", Until.CASE)
    sealed: bytes = column("what it says, for the person; sealed", Until.CASE)
    for_staff: bytes = column("what it says, for staff, who need not read the case for it; sealed", Until.CASE)


class TaskRow(SQLModel, table=True):
    """What somebody of the staff has to decide, and what they decided."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_queue", "matter", "decide_by", "id", **_while("decided_on IS NULL")),
        Index("ix_tasks_open", "matter", "subject", unique=True, **_while("decided_on IS NULL")),
        Index("ix_tasks_waiting", "waits_on", **_while("waits_on <> ''")),
        Index("ix_tasks_decided", "decided_on", **_while("decided_on IS NOT NULL")),
    )

    id: str = column("to name the task; random", Until.TASK, primary_key=True, max_length=_ID)
    matter: str = column("to know what is to be decided", Until.TASK, max_length=20)
    subject: str = column(
        "of what, so that the same is asked once; an id or, of an organisation that nobody knows, a keyed hash of "
        "its name",
        Until.TASK,
        max_length=80,
    )
    case_id: str | None = column(
        "of which case, where it is about one",
        Until.TASK,
        default=None,
        foreign_key="cases.id",
        ondelete="CASCADE",
        index=True,
        max_length=_ID,
    )
    contests: str | None = column(
        "which decision is contested; the id of its task", Until.TASK, default=None, max_length=_ID
    )
    not_by: str | None = column(
        "who decided before, or asks, so that another decides now; an account's random id",
        Until.TASK,
        default=None,
        max_length=_ID,
    )
    reason: str | None = column(
        "why somebody asks to see an identity paper; a word of a list", Until.TASK, default=None, max_length=40
    )
    waits_on: str = column(
        "which fact must be looked at first: an address, an organisation", Until.TASK, default="", max_length=100
    )
    urgent: bool = column("to look at it first; no reason is kept", Until.TASK, default=False)
    opened_on: date = column("to know how old it is; without time", Until.TASK)
    closes_on: date | None = column("on which day a window closes, to be in time", Until.TASK, default=None)
    decide_by: date = column("to take first what is needed first", Until.TASK)
    claimed_by: str | None = column(
        "who has it in hand, so that nobody does the same; an account's random id",
        Until.TASK,
        default=None,
        index=True,
        max_length=_ID,
    )
    claim_until: int | None = column("until when; seconds since 1970", Until.TASK, default=None)
    unmasked_for: str | None = column(
        "who saw the name, while they have it in hand; an account's random id",
        Until.TASK,
        default=None,
        max_length=_ID,
    )
    choice: str | None = column("what was decided", Until.TASK, default=None, max_length=20)
    ground: str | None = column(
        "why, so that it can be contested; a word of a list", Until.TASK, default=None, max_length=40
    )
    way: str | None = column("by which law it should go instead", Until.TASK, default=None, max_length=80)
    decided_on: date | None = column("when it was decided", Until.TASK, default=None)
    decided_by: str | None = column(
        "who decided, so that another looks at it when it is contested; an account's random id",
        Until.TASK,
        default=None,
        max_length=_ID,
    )
    lifted_on: date | None = column("since when the decision does not count any more", Until.TASK, default=None)
    forget_on: date | None = column(
        "to forget in time what is about no case",
        Until.TASK,
        default=None,
        index=True,
    )
    sealed: bytes | None = column("what tells that two may be the same; sealed", Until.TASK, default=None)


class SightRow(SQLModel, table=True):
    """That somebody of the staff may see the copy of an identity document, as a second person agreed."""

    __tablename__ = "sights"

    id: str = column(
        "to name the sight in the address of its page; random", Until.SIGHT, primary_key=True, max_length=_ID
    )
    paper_id: str = column(
        "what may be seen", Until.SIGHT, foreign_key="papers.id", ondelete="CASCADE", index=True, max_length=_ID
    )
    account_id: str = column("who may see it; an account's random id", Until.SIGHT, max_length=_ID)
    until: int = column("until when; seconds since 1970", Until.SIGHT, index=True)
    seen: bool = column(
        "whether it was opened, so that nothing is shown that the trail does not know of", Until.SIGHT, default=False
    )


class CaseSessionRow(SQLModel, table=True):
    """That a browser has a filing open."""

    __tablename__ = "case_sessions"

    id: str = column(
        "to find what a browser has open; a hash of what its cookie holds",
        Until.SESSION,
        primary_key=True,
        max_length=_HASH,
    )
    filing_id: str = column(
        "what is open", Until.SESSION, foreign_key="filings.id", ondelete="CASCADE", index=True, max_length=_ID
    )
    sealed: bytes = column("the opened key, under what only the cookie holds; sealed", Until.SESSION)
    idle_at: int = column(
        "to close it after half an hour without a step; seconds since 1970", Until.SESSION, index=True
    )
    ends_at: int = column("to close it after eight hours; seconds since 1970", Until.SESSION, index=True)


class ReportRow(SQLModel, table=True):
    """What somebody found wrong with the portal, for its staff alone."""

    __tablename__ = "reports"

    id: str = column("to name the report; random", Until.REPORT, primary_key=True, max_length=_ID)
    forget_on: date = column("to forget the report in time", Until.REPORT, index=True)
    sealed: bytes = column(
        "what was written, of which page, and the e-mail address if one was given; sealed", Until.REPORT
    )


class ConfirmationRow(SQLModel, table=True):
    """That somebody who works for the portal looked at an address, and found it right or wrong.

    It goes on counting when whoever looked works here no more, so the account is no foreign key: as in the trail its
    id is random, and names nobody once the account is forgotten.
    """

    __tablename__ = "confirmations"

    id: str = column("to name the look; random", Until.CONFIRMATION, primary_key=True, max_length=_ID)
    record: str = column(
        "whose address it was; an id of the catalogue", Until.CONFIRMATION, index=True, max_length=80
    )
    n: int = column("to know which look at a record was the last; 1, 2, 3 …", Until.CONFIRMATION)
    fingerprint: str = column(
        "to let the look count no more when the address is changed; a hash of the address",
        Until.CONFIRMATION,
        max_length=_HASH,
    )
    verdict: str = column("whether the address was right or wrong", Until.CONFIRMATION, max_length=10)
    confirmed_on: date = column(
        "to tell people when somebody looked, and to ask for another look", Until.CONFIRMATION, index=True
    )
    page: str = column(
        "to know where somebody looked; the address of a public page", Until.CONFIRMATION, max_length=500
    )
    account_id: str = column("to ask whoever looked; an account's random id", Until.CONFIRMATION, max_length=_ID)
    sealed: bytes | None = column(
        "what is right in the place of a wrong address, for a law editor; sealed", Until.CONFIRMATION, default=None
    )


class StatementRow(SQLModel, table=True):
    """What an organisation says beside its figures, for everybody to read."""

    __tablename__ = "statements"

    organisation: str = column(
        "which organisation says it; an id of the catalogue", Until.STATEMENT, primary_key=True, max_length=80
    )
    n: int = column("to put them in order; the last one counts", Until.STATEMENT, primary_key=True)
    said_on: date = column("to say since when", Until.STATEMENT)
    language: str = column("so that it is read out in it", Until.STATEMENT, max_length=12)
    text: str = column(
        "what it says in public; names no person. Empty where it was taken down", Until.STATEMENT, max_length=2_000
    )
    taken_down_on: date | None = column("to say since when it is not shown", Until.STATEMENT, default=None)
    taken_down_for: str | None = column("to say why it is not shown", Until.STATEMENT, default=None, max_length=20)


class TallyRow(SQLModel, table=True):
    """How many of the cases that are erased showed something; of none is kept which.

    Each family is counted by itself: which country goes with which right nobody can tell.
    """

    __tablename__ = "tallies"

    organisation: str = column(
        "whose conduct it is; an id of the catalogue", Until.RECORD, primary_key=True, max_length=80
    )
    family: str = column(
        "by what it is counted: quarter, country or right", Until.RECORD, primary_key=True, max_length=20
    )
    key: str = column("which quarter, country or right", Until.RECORD, primary_key=True, max_length=20)
    measure: str = column("what is counted", Until.RECORD, primary_key=True, max_length=80)
    basis: str = column("whether a file that shows it was attached", Until.RECORD, primary_key=True, max_length=20)
    n: int = column("how many there were", Until.RECORD)
