"""The records of the law: what each data file may say."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, StringConstraints
from pydantic.dataclasses import dataclass

from portal.law.layout import Layout

#: A language, as BCP 47 writes it: `en`, `nb`.
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
#: A text by language: `{en = "…", fr = "…"}`.
Words = Mapping[Tag, str]
#: What a record is called in files and addresses, for ever: `eu-gdpr`.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
#: A date as far as it is known: `2022-10-17`, `2021-04`, or nothing.
PartialDay = Annotated[str, StringConstraints(pattern=r"^([0-9]{4}(-[0-9]{2}){0,2})?$")]

#: A key that no record knows is an error, not a remark.
_EXACT = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Confidence(StrEnum):
    """How sure we are: `certain` may be relied on; `check` a person has not yet compared with the official page."""

    CERTAIN = "certain"
    """May be relied on."""
    CHECK = "check"
    """Shown as unconfirmed until a person has looked at the official page."""


class Right(StrEnum):
    ACCESS = "access"
    ERASURE = "erasure"
    OBJECTION = "objection"
    RESTRICTION = "restriction"
    RECTIFICATION = "rectification"
    PORTABILITY = "portability"
    OPT_OUT = "opt_out"
    RECORDS = "records"
    COMPLAINT = "complaint"
    APPEAL = "appeal"


class Standing(StrEnum):
    """What a law gives the person for a right."""

    RIGHT = "right"
    """A right to ask."""
    DUTY = "duty"
    """No right to ask, but a duty of the organisation that a letter can hold it to."""
    NONE = "none"
    """Nothing: the law is looked at only to say so, and what can be done instead."""


class Wording(StrEnum):
    """How far the letters in a language can be relied on."""

    SETTLED = "settled"
    """They are sent in it as a matter of course."""
    DRAFTED = "drafted"
    """No lawyer who writes the language has read them: English stands in, unless the person chooses otherwise."""


class OrganisationKind(StrEnum):
    COMPANY = "company"
    FEDERAL_UNDERTAKING = "federal_undertaking"
    """A federally regulated bank, airline or telecom in Canada."""
    PUBLIC_BODY = "public_body"
    POLICE = "police"


class Channel(StrEnum):
    """A way in which an addressee takes letters; each is a module of `letters.channels`."""

    POST = "post"
    EMAIL = "email"
    FORM = "form"
    PORTAL = "portal"


class Unit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class Event(StrEnum):
    """What a clock may count from; each is a date that the person gives."""

    RECEIVED_ON = "received_on"
    CONDUCT_ON = "conduct_on"
    KNOWN_ON = "known_on"
    REFUSED_ON = "refused_on"
    REFUSAL_RECEIVED_ON = "refusal_received_on"
    DETERMINED_ON = "determined_on"
    REPLY_DUE = "reply_due"
    """The day on which the time to answer ended; worked out, not given."""


class DueKind(StrEnum):
    RESPONSE = "response"
    COMPLAINT_LIMIT = "complaint_limit"
    APPEAL_LIMIT = "appeal_limit"


class NoCount(StrEnum):
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"


class Side(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Calendar:
    """Public holidays as the `holidays` package knows them, with what a statute changes.

    `only` keeps the named days (names as the package gives them in English), `drop` takes days out. `observed`
    counts the working day on which a holiday of the weekend is kept. `any_of` joins the days of several parts.
    """

    country: str
    subdivision: str = ""
    any_of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ("public",)
    observed: bool = False
    only: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    """Days of each year as `MM-DD`, or `easter+1`."""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Reading:
    """Another way to read a deadline rule where the law or the calendar is open: what differs, and why."""

    why: Words
    unit: Unit | None = None
    n: int | None = None
    excludes: tuple[NoCount, ...] | None = None
    rolls_on: tuple[NoCount, ...] | None = None
    calendar: Side | Calendar | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Extension:
    """How long an answer may be put off by a notice that comes in time; for as long as is reasonable without `n`."""

    n: int | None = None
    unit: Unit | None = None
    notice: Words
    reasoned: bool = False
    """Whether a notice that gives no reasons puts nothing off."""
    source: str


class Demand(StrEnum):
    """What an organisation may want before it answers."""

    INFORMATION = "information"
    """To find what was asked for."""
    IDENTITY = "identity"
    FEE = "fee"


class Effect(StrEnum):
    """What a demand does to the clock until it is met."""

    PAUSES = "pauses"
    """It stands still, and goes on with what was left."""
    RESTARTS = "restarts"
    """It counts from the day on which they have it."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Stop:
    """A demand that stops a clock: of these rights, of all where none is named; `once`, or each time."""

    demand: Demand
    effect: Effect
    rights: tuple[Right, ...] = ()
    once: bool = False
    inclusive: bool = False
    """Whether the day of the demand and that on which they have it both count as standing still."""
    disputed: bool = False
    """Not all read the law so: the date with the stop is shown beside the other."""
    why: Words
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class DeadlineRule:
    """How a law counts.

    The day of the event is not counted. `excludes` are the days that do not count in working days; where the last
    day is one of `rolls_on` the next that is not takes its place. `absolute` is a second limit that ends the first.
    """

    id: Id
    unit: Unit | None = None
    n: int | None = None
    kind: DueKind = DueKind.RESPONSE
    counts_from: tuple[Event, ...] = (Event.RECEIVED_ON,)
    """The first of these that is known."""
    excludes: tuple[NoCount, ...] = ()
    rolls_on: tuple[NoCount, ...] = ()
    calendar: Side | Calendar | None = None
    extends: Extension | None = None
    absolute: "Absolute | None" = None
    stops: tuple[Stop, ...] = ()
    readings: tuple[Reading, ...] = ()
    tolls: Words = field(default_factory=dict)
    as_read: Mapping[str, str] = field(default_factory=dict)
    """The statute's prose, as it was read."""
    basis_in_law: str
    meaning: Words = field(default_factory=dict)
    confidence: Confidence
    basis: str = ""
    sources: tuple[str, ...] = ()
    verified: date


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Absolute:
    """A limit that ends another, counted from an event of its own."""

    n: int
    unit: Unit
    counts_from: Event


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Contact:
    """Where letters go. `check` names the fields that nobody has yet compared with the official page."""

    address: tuple[str, ...] = ()
    address_alternatives: tuple[tuple[str, ...], ...] = ()
    email: str = ""
    cc: str = ""
    phone: str = ""
    fax: str = ""
    web: str = ""
    form: str = ""
    accepts: tuple[Channel, ...] = ()
    official_page: str = ""
    confidence: Confidence
    check: tuple[str, ...] = ()
    verified: date
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Address:
    """How an authority is addressed in one language; fixed strings, never inflected."""

    name: str = ""
    short: str = ""
    envelope: str
    to: str
    at: str
    salutation: str = ""
    """Empty where the language's own will do."""
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class FormField:
    """A field of somebody's web form. `fills` names what we put into it."""

    name: str
    required: bool | None = None
    max_chars: int | None = None
    note: str = ""
    fills: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Form:
    """A web form that takes complaints or requests."""

    kind: str
    url: str = ""
    login: str = ""
    languages: tuple[Tag, ...] = ()
    before: str = ""
    fields: tuple[FormField, ...] = ()
    attachments: str = ""
    note: str = ""
    warning: str = ""
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Supervision:
    """Whom an authority polices: these laws, over these kinds of organisation."""

    laws: tuple[str, ...]
    of: tuple[OrganisationKind, ...] = tuple(OrganisationKind)


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Authority:
    id: Id
    kind: str
    name: Words
    languages: tuple[Tag, ...]
    supervises: tuple[Supervision, ...] = ()
    contact: Contact
    addressed: Mapping[Tag, Address] = field(default_factory=dict)
    forms: tuple[Form, ...] = ()
    complaint_time_limit: str = ""
    consumer: bool = False
    """Takes complaints of people whom no law of ours gives a right."""
    pgp_fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Transposition:
    """How a state has put a directive into its law."""

    name: str
    access: str = ""
    erasure: str = ""
    complaint: str = ""
    confidence: Confidence = Confidence.CHECK
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Jurisdiction:
    """A place with law of its own, or in one that has: a state, a province, the European Union."""

    id: Id
    name: Words
    within: str = ""
    languages: tuple[Tag, ...] = ()
    time_zone: str = ""
    layout: Layout | None = None
    calendar: Calendar | None = None
    regions: Words = field(default_factory=dict)
    """What its parts are called, where a person may have to name one."""
    authorities: tuple[Authority, ...] = ()
    transposes: Mapping[str, Transposition] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Office:
    """The office of a public body that takes requests."""

    id: Id
    name: Words
    languages: tuple[Tag, ...]
    contact: Contact
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Organisation:
    """Whom a request is about: a vendor or a public body."""

    id: Id
    name: Words
    kind: OrganisationKind
    jurisdiction: str
    """Where it sits or whose body it is; empty where nobody knows."""
    vendor: bool = False
    generic: bool = False
    """Stands for a kind of organisation whose name and address the person gives."""
    role: str = ""
    processor: bool = False
    face_search: bool = False
    """Collects faces from the internet and lets its customers search with them: letters may say so."""
    sector: str = ""
    within: str = ""
    brands: tuple[str, ...] = ()
    languages: tuple[Tag, ...] = ("en",)
    contact: Contact
    office: Office | None = None
    appeals: str = ""
    """Who takes appeals, where the law has an own body for it."""
    appeals_rule: str = ""
    supervisory_authority: str = ""
    forms: tuple[Form, ...] = ()
    asks_for: tuple[str, ...] = ()
    known_arguments: tuple[str, ...] = ()
    answers_to_arguments: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    """What else is known of it and sourced."""
    polices: bool = False
    """Polices people or borders: who writes to it is told first what it will learn."""
    ended: date | None = None
    replaced_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Reach:
    """When a law applies: the person lives in `person_in`, the organisation is of a kind and in a place.

    `organisation_of` is the very jurisdiction whose body it is, `organisation_in` that or one within it. An empty
    condition is no condition. Where `needs` names a question, the law applies only if the person answers yes.
    """

    person_in: tuple[str, ...] = ()
    person_not_in: tuple[str, ...] = ()
    organisation_in: tuple[str, ...] = ()
    organisation_not_in: tuple[str, ...] = ()
    organisation_of: tuple[str, ...] = ()
    organisation_kinds: tuple[OrganisationKind, ...] = ()
    organisations: tuple[str, ...] = ()
    """Only these, by their ids."""
    needs: str = ""
    question: Words = field(default_factory=dict)
    """What `needs` asks, as a person is asked it."""
    if_not: Words = field(default_factory=dict)
    """What somebody who answers no can do."""
    regulator_of: Side = Side.PERSON
    reason: Words
    unknown_seat: Words = field(default_factory=dict)
    """The reason where nobody knows the organisation's seat: the reach is then only `check`."""
    source: str
    confidence: Confidence = Confidence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class FirstLetter:
    """The complaint to the organisation itself that comes before one to the authority, and the law of its own."""

    letter: str
    """The template's name."""
    ref: str
    cite: Words
    deadline: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Remedy:
    """What is open against what an authority has decided: before whom, and by which rule time runs."""

    ref: str
    to: Words
    deadline: str = ""
    """`none` where the law sets no limit; empty where nobody here knows one."""
    rights: tuple[Right, ...] = ()
    """Of which requests alone it is open; of all where none is named."""
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class LegalRight:
    """What a law gives for one right."""

    ref: str
    standing: Standing = Standing.RIGHT
    confidence: Confidence
    cite: Words = field(default_factory=dict)
    """The legal basis as a letter cites it."""
    deadline: str = ""
    deadline_confidence: Confidence | None = None
    asks: tuple[str, ...] = ()
    """The details that the letter needs; `?` after one that may stay empty."""
    prefers: tuple[Event, ...] = ()
    """A date which, when given, makes this the best answer."""
    letter: str = ""
    before: Words = field(default_factory=dict)
    """What must be done first."""
    first: FirstLetter | None = None
    """What goes to the organisation itself before the complaint goes to the authority."""
    acknowledge: str = ""
    """The rule by which they must confirm that they have the letter."""
    authority_answers: str = ""
    """Of a complaint: the rule by which the authority must say how it stands."""
    remedy: Remedy | None = None
    """Of a complaint or an appeal: what is open against the decision."""
    says: Words = field(default_factory=dict)
    """What the person should know of this right."""
    next: tuple[Right, ...] = ()
    """What can be asked for instead, or after."""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Supplement:
    """A law that stands beside another, for these rights."""

    law: str
    rights: tuple[Right, ...]
    person_in: tuple[str, ...] = ()
    organisation_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Silence:
    """That no answer in time to these rights is a refusal, against which what a refusal opens is open."""

    rights: tuple[Right, ...]
    ref: str
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Mandate:
    """That a group may write for the person, for these rights alone, and which kinds of group the law admits."""

    ref: str
    rights: tuple[Right, ...]
    cite: Words
    """The provision as a letter cites it."""
    bodies: Words
    """The kinds of group, as a page puts them after “We are” and a letter after “it is”."""
    says: Words
    """What the person should know of it: how far it goes, and what it does not cover."""
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Law:
    id: Id
    name: Words
    short: Words
    jurisdiction: str
    letters: str = ""
    """The family of templates; the law's own id where empty."""
    rank: int = 10
    """The lower, the earlier among the answers."""
    reach: tuple[Reach, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    deadline: str = "none"
    extension: Extension | None = None
    """How this law lets an answer be put off, where the rule is one of several laws."""
    silence: Silence | None = None
    complaint_is_the_request: bool = False
    rights: Mapping[Right, LegalRight]
    mandate: Mandate | None = None
    """None where nobody here knows anything in the law on groups: one writes as whom the person has authorised."""
    binds: tuple[str, ...] = ()
    does_not_bind: tuple[str, ...] = ()
    who_may_ask: str = ""
    fees: Words = field(default_factory=dict)
    identity: Words = field(default_factory=dict)
    court: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    reform_watch: tuple[str, ...] = ()
    citation: Words = field(default_factory=dict)
    confidence: Confidence
    basis: str = ""
    sources: tuple[str, ...]
    verified: date


class Cite(StrEnum):
    SETTLED = "settled"
    WITH_STATUS = "with_status"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Decision:
    id: Id
    day: PartialDay
    """ISO date, or year and month where the day is not known; empty where no date is."""
    body: str
    number: str = ""
    holding: str
    amount: str = ""
    status: str
    cite: Cite
    laws: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    cited: Words = field(default_factory=dict)
    """The citation as a letter gives it, with body, number, date and, where not settled, status."""
    confidence: Confidence
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, config=_EXACT)
class Language:
    """How a language writes a letter."""

    id: Id
    name: str
    name_en: str
    name_fr: str
    locale: str
    date: str
    first_of_month: str = ""
    salutation: str
    close: str
    subject_label: str = ""
    colon: str = ":"
    my_reference: str
    enclosures: str
    page: str
    signature: str
    date_label: str
    by_email: str
    authority_at: str
    authority_to: str
    paragraphs: str = "paras {n}"
    """How the paragraphs of a ruling are cited."""
    status: Wording = Wording.SETTLED
    confidence: Confidence
    source: str
    time_limit: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    happened: Mapping[str, str] = field(default_factory=dict)
    """What happened in a case, as a chronology tells it in the first person, with `{authority}` and `{number}`."""
    decided: Mapping[str, str] = field(default_factory=dict)
    """How an authority decided, in the same way."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """What an exhibit shows."""
    dossier: Mapping[str, str] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
