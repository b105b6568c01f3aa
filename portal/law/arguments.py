"""What an organisation may answer, what answers that, and the rulings that this rests on."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from portal.law.records import Confidence, Id, PartialDay, Tag, Words

#: A key that no record knows is an error, not a remark.
_EXACT = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Reply(StrEnum):
    """What became of a request or a complaint, in the order in which it tends to happen."""

    NO_ANSWER = "no_answer"
    ACKNOWLEDGED_ONLY = "acknowledged_only"
    EXTENSION_LATE = "extension_late"
    EXTENSION_UNREASONED = "extension_unreasoned"
    CLOCK_STOPPED = "clock_stopped"
    ASKS_MORE_ID = "asks_more_id"
    ASKS_ID_COPY = "asks_id_copy"
    ASKS_FACE_PHOTO = "asks_face_photo"
    ASKS_SIGNATURE = "asks_signature"
    ASKS_FEE = "asks_fee"
    FEE_ESTIMATE = "fee_estimate"
    WRONG_FORM_OR_CHANNEL = "wrong_form_or_channel"
    OTHER_LANGUAGE = "other_language"
    TRANSFERRED_TO_OTHER_BODY = "transferred_to_other_body"
    PROCESSOR_POINTS_TO_CONTROLLER = "processor_points_to_controller"
    CLOSED_FOR_NO_REPLY = "closed_for_no_reply"
    SAYS_NO_DATA = "says_no_data"
    CANNOT_IDENTIFY_YOU = "cannot_identify_you"
    PARTIAL_ANSWER = "partial_answer"
    RECIPIENTS_ONLY_CATEGORIES = "recipients_only_categories"
    REFUSES_SOURCE = "refuses_source"
    REFUSED_LAW_DOES_NOT_APPLY = "refused_law_does_not_apply"
    REFUSED_PUBLICLY_AVAILABLE = "refused_publicly_available"
    REFUSED_EXCESSIVE_OR_UNFOUNDED = "refused_excessive_or_unfounded"
    REFUSED_THIRD_PARTY = "refused_third_party"
    REFUSED_TRADE_SECRET = "refused_trade_secret"  # noqa: S105 - a reply, not a password
    REFUSED_LAW_ENFORCEMENT = "refused_law_enforcement"
    REFUSED_NATIONAL_SECURITY = "refused_national_security"
    GLOMAR = "glomar"
    """Neither confirms nor denies; named after a ship that an agency would not talk about."""
    EXEMPTION_CITED = "exemption_cited"
    NO_ERASURE_RIGHT = "no_erasure_right"
    PARTIAL_ERASURE = "partial_erasure"
    SUPPRESSION_LIST_INSTEAD_OF_ERASURE = "suppression_list_instead_of_erasure"
    ERASED_UNCONFIRMED = "erased_unconfirmed"
    FOUND_AGAIN = "found_again"


class Strength(StrEnum):
    """How far an argument carries, the strongest first."""

    STRONG = "strong"
    """The text of the law, or a settled ruling on the point."""
    ARGUABLE = "arguable"
    """Good ground, not settled or a matter of facts."""
    WEAK = "weak"
    """Usually lost, or won in procedure only."""
    NONE = "none"
    """Nothing to argue: honest advice stands in its place."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Citation:
    """A decision or a ruling that an argument rests on: one of the two."""

    decision: str = ""
    ruling: str = ""
    at: str = ""
    """The paragraphs."""
    confidence: Confidence = Confidence.CERTAIN
    """Of the paragraphs."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class NextStep:
    """What comes next where the argument does not help, with whom, and how long there is for it."""

    text: Words
    to: str = ""
    """An addressee of ours."""
    to_whom: Words = field(default_factory=dict)
    """Where it is none of ours: a court, the person's own authority."""
    deadline: str = ""
    """The rule; `none` where the law sets no limit, empty where nobody knows one."""
    deadline_of: Mapping[str, str] = field(default_factory=dict)
    """The rule of an addressee with whom time is counted otherwise, by its id."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Argument:
    """What can be said to a reply under these laws, what to demand, and what to know before."""

    id: Id
    reply: Reply
    laws: tuple[str, ...]
    against: tuple[str, ...] = ()
    """The addressees that it was worked out for."""
    against_whom: Words = field(default_factory=dict)
    """Where it is none of ours."""
    of_authority: bool = False
    """Whether it is about what an authority did, and no reply to the organisation."""
    strength: Strength
    text: Words
    """As the person says it; where there is nothing to argue, advice to the person."""
    articles: tuple[str, ...]
    articles_in: Mapping[Tag, tuple[str, ...]] = field(default_factory=dict)
    """The same as another language cites them."""
    rests_on: tuple[Citation, ...] = ()
    demands: tuple[Words, ...]
    next: NextStep
    warnings: tuple[Words, ...] = ()
    """Shown before everything else."""
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Ruling:
    """A judgment, a guideline or a provision that arguments rest on, about no organisation of ours in particular."""

    id: Id
    cited: Words
    day: PartialDay
    """ISO date, or year and month where the day is not known; empty where no date is."""
    holding: str
    status: str = ""
    """What became of it, where that must be said."""
    check: tuple[str, ...] = ()
    """The fields that nobody has yet compared with the official text."""
    confidence: Confidence
    source: str
