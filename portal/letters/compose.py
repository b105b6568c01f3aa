"""A letter, composed from a route and a person's details."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from portal.law.catalogue import Catalogue
from portal.law.records import Authority, Channel, Confidence, Event, Language, Organisation, Right, Wording
from portal.law.routing import TO_AUTHORITY, Option, Outcome, Situation, basis, mandate_for
from portal.letters import blocks
from portal.letters.blocks import BadLetter, Body, Details, Heading, Items, Paragraph, Table
from portal.letters.details import DETAILS, Asked, Kind, asked, lines_of
from portal.letters.letter import Gloss, Labels, Layout, Letter

#: The family of the letters that rest on no law.
VOLUNTARY = "voluntary"
#: What a voluntary letter asks of the person.
_VOLUNTARY_ASKS = ("full_name", "other_names?", "email?", "address?", "grounds?", "photo_links?", "accounts?")
_VOLUNTARY_COMPLAINT = (
    "full_name", "address", "email?", "answer", "request_sent_on?", "received_on?", "answered_on?", "facts?"
)  # fmt: skip


class NoLetter(LookupError):
    """No letter is written for this; the sentence names the file to write."""


class Role(StrEnum):
    """Who writes."""

    SELF = "self"
    PARENT = "parent"
    AGENT = "agent"
    GROUP = "group"
    """A group of a kind that the law admits, with the person's mandate; only where the law knows one."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, for whom, and the details by name; dates as ISO text."""

    role: Role = Role.SELF
    details: Mapping[str, str] = field(default_factory=dict)
    writer_name: str = ""
    organisation_address: tuple[str, ...] = ()
    """Of an organisation that the catalogue does not know."""
    writer_address: str = ""
    """Of a group, its lines."""


@dataclass(frozen=True)
class Templates:
    """The letters' own Jinja environment: strict, without Flask's globals, never given a person's text."""

    folder: Path

    def render(self, family: str, right: str, language: str, context: Mapping[str, Any]) -> str:
        """Block text. Raises NoLetter where the file is not there."""
        name = f"{family}/{right}.{language}.txt"
        try:
            return environment(self.folder).get_template(name).render(context)
        except TemplateNotFound as error:
            raise NoLetter(f"write templates/letters/{name}") from error

    def languages(self, family: str, right: str) -> frozenset[str]:
        """The languages in which a letter is written."""
        return _languages(self.folder).get((family, right), frozenset())

    def letters(self) -> tuple[tuple[str, str], ...]:
        """The family and the name of each letter that is written in some language."""
        return tuple(letter for letter in sorted(_languages(self.folder)) if letter[0] != "shared")

    def covers(self) -> frozenset[str]:
        """The languages in which a short cover introduces a complaint in English."""
        return frozenset(path.stem for path in (self.folder / "cover").glob("*.txt"))


@lru_cache
def environment(folder: Path) -> Environment:
    """Jinja as the templates of a folder are read: a name that they are not told is an error."""
    return Environment(  # noqa: S701 - plain text: html.py escapes everything
        loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@lru_cache
def _languages(folder: Path) -> Mapping[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], frozenset[str]] = {}
    for path in folder.glob("*/*.*.txt"):
        right, language = path.name.split(".")[:2]
        key = (path.parent.name, right)
        found[key] = found.get(key, frozenset()) | {language}
    return found


# What is wanted, and what is there


def template_of(catalogue: Catalogue, option: Option) -> tuple[str, str]:
    """The family and the name of the template that an option's letter comes from.

    Raises NoLetter where the option has none, as where nobody can be asked.
    """
    if option.outcome is Outcome.NOT_ELIGIBLE:
        raise NoLetter("nobody can be asked for this: there is no letter")
    if option.addressee is None:
        raise NoLetter("the authority depends on the region where you live: name it first")
    if option.law is None:
        return VOLUNTARY, option.right.value
    law = catalogue.laws[option.law]
    return law.letters or law.id, option.letter or option.right.value


def wanted_language(option: Option) -> str:
    """The language that the addressee reads."""
    return option.language_letter or option.language_complaint or "en"


def written_in(catalogue: Catalogue, templates: Templates, option: Option) -> tuple[str, ...]:
    """The languages that the letter can be had in, the wanted one first, then English, then the others.

    Where the wanted one is not written yet, English stands in and a short cover may introduce it: the page says so.
    So it does where the wanted one is only drafted, which then comes last; no other drafted one is among them.
    Raises NoLetter where the letter is not written at all.
    """
    family, name = template_of(catalogue, option)
    there = templates.languages(family, name)
    if not there:
        raise NoLetter(f"write templates/letters/{family}/{name}.en.txt")
    wanted = wanted_language(option)
    drafted = {language for language in there if is_drafted(catalogue, language)}
    settled = [language for language in (wanted, "en", *sorted(there)) if language in there - drafted]
    return (*dict.fromkeys(settled), *(drafted & {wanted}))


def is_drafted(catalogue: Catalogue, language: str) -> bool:
    """Whether no lawyer who writes the language has read what is written in it."""
    record = catalogue.languages.get(language)
    return record is not None and record.status is Wording.DRAFTED


def asks(catalogue: Catalogue, option: Option) -> tuple[Asked, ...]:
    """The details that an option's letter needs."""
    own = basis(catalogue, option)
    if own is None:
        return asked(_VOLUNTARY_COMPLAINT if option.right in TO_AUTHORITY else _VOLUNTARY_ASKS)
    names = list(own.asks)
    for other in option.other_laws:
        beside = catalogue.laws[other].rights.get(option.right)
        names += beside.asks if beside else ()
    return asked(names)


def asks_contact(catalogue: Catalogue, addressee: str | None, organisation: Organisation) -> bool:
    """Whether the person must say where the letter goes, as the catalogue does not know."""
    if addressee is None or addressee != organisation.id:
        return False
    known = catalogue.organisations.get(addressee)
    return known is None or not (known.contact.address or known.contact.email or known.contact.form)


_CLOCKS = frozenset(event.value for event in Event)


def events(details: Mapping[str, str]) -> dict[Event, date]:
    """The dates among the details that a clock counts from; an answer is what a person who complains was refused."""
    found = {Event(name): date.fromisoformat(day) for name, day in details.items() if day and name in _CLOCKS}
    if Event.REFUSED_ON not in found and details.get("answered_on"):
        found[Event.REFUSED_ON] = date.fromisoformat(details["answered_on"])
    return found


# Composing


@dataclass(frozen=True)
class Request:
    """All that a letter is made from. `text` is the block text that a person has edited."""

    situation: Situation
    option: Option
    sender: Sender
    today: date
    language: str
    layout: Layout | None = None
    text: str | None = None
    reference: str = ""
    their_reference: str = ""
    """The number that the addressee has given the matter."""


def compose(catalogue: Catalogue, templates: Templates, request: Request) -> Letter:
    """The letter, filled: the template's text, or what the person made of it, with their details as text.

    Raises NoLetter where it is not written in the language, or a group writes and the law has no mandate for it;
    BadLetter where a detail is missing or an edited text cannot be read, KeyError where the data lack a word of the
    language.
    """
    language = catalogue.languages[request.language]
    variant = variant_of(catalogue, language, request.situation.place)
    labels = labels_of(language, variant)
    if request.text is None:
        body = body_of(catalogue, templates, request)
    else:
        body = blocks.fill(blocks.parse(request.text), {})
    return Letter(
        language=tag_of(variant["locale"]),
        sender=_sender_lines(request.sender),
        addressee=addressee_lines(catalogue, request),
        day=request.today,
        written_day=day_in_words(request.today, variant),
        salutation=_salutation(catalogue, request) or variant["salutation"],
        body=body,
        close=variant["close"],
        signatory=_writer(request.sender),
        labels=labels,
        reference=request.reference,
        their_reference=blocks.fold(request.their_reference),
        layout=request.layout or catalogue.layout(request.situation.place),
        to_sign=_to_sign(catalogue, templates, request),
        facts=_facts(catalogue, request),
    )


def body_of(catalogue: Catalogue, templates: Templates, request: Request) -> Body:
    """The body as the template gives it, with the person's details put in as text."""
    family, name = template_of(catalogue, request.option)
    language = catalogue.languages[request.language]
    source = templates.render(family, name, request.language, _context(catalogue, request))
    body = _parsed(source)
    if request.sender.role is not Role.SELF:
        role = templates.render("shared", "role", request.language, _writing(catalogue, request))
        who = blocks.parse(f"=== subject\n-\n\n{role}").blocks
        body = replace(body, blocks=(*who, *body.blocks))
    values = _values(catalogue, request)
    table = _details(catalogue, request, language, values)
    laid = tuple(table if isinstance(block, Details) else block for block in body.blocks)
    return blocks.fill(replace(body, blocks=laid), values)


@lru_cache(256)
def _parsed(source: str) -> Body:
    """Block text as our templates give it, which people ask for again and again; nobody's details are in it."""
    return blocks.parse(source)


def gloss(catalogue: Catalogue, templates: Templates, request: Request, reader: str) -> Gloss | None:
    """What each block of the letter means in the reader's language; None where it is not written in that language.

    The languages of a letter have the same blocks in the same order, so meanings stand beside them one by one. The
    person's own words have none, and a text that the person has edited has none either.
    """
    family, name = template_of(catalogue, request.option)
    if request.text is not None or reader == request.language or reader not in templates.languages(family, name):
        return None
    own = body_of(catalogue, templates, request)
    return meant(own, body_of(catalogue, templates, replace(request, language=reader)), reader)


def meant(own: Body, theirs: Body, reader: str) -> Gloss | None:
    """What each block of a body means, told by the same body in the reader's language; None where they differ."""
    if [type(block) for block in own.blocks] != [type(block) for block in theirs.blocks]:
        return None
    meanings = tuple(_meaning(mine, theirs_) for mine, theirs_ in zip(own.blocks, theirs.blocks, strict=True))
    return Gloss(reader, plain(theirs.subject), meanings)


def _meaning(own: blocks.Block, theirs: blocks.Block) -> str:
    """A block in the reader's words; "" where it is the person's own, a table, or the same in both languages."""
    match theirs:
        case Heading(line) | Paragraph(line) if theirs.id and own != theirs:
            return plain(line)
        case Items(items):
            return " ".join(f"{n}. {plain(item)}" for n, item in enumerate(items, start=1))
        case _:
            return ""


def changed(catalogue: Catalogue, templates: Templates, request: Request) -> tuple[str, ...]:
    """The ids of the legal blocks that an edited text changes or leaves out."""
    if request.text is None:
        return ()
    ours = {
        block.id: block for block in body_of(catalogue, templates, replace(request, text=None)).blocks if block.id
    }
    theirs = {block.id: block for block in blocks.parse(request.text).blocks if block.id}
    return tuple(id_ for id_, block in ours.items() if theirs.get(id_) != block and not isinstance(block, Table))


def cover(catalogue: Catalogue, templates: Templates, request: Request) -> Letter | None:
    """The short letter in the authority's language that introduces a complaint written in English.

    None where the complaint is in another language, or can be had in the authority's as a matter of course.
    """
    wanted = wanted_language(request.option)
    if request.option.right not in TO_AUTHORITY or request.language != "en" or wanted not in templates.covers():
        return None
    if wanted in written_in(catalogue, templates, request.option) and not is_drafted(catalogue, wanted):
        return None
    language = catalogue.languages[wanted]
    variant = variant_of(catalogue, language, request.situation.place)
    source = environment(templates.folder).get_template(f"cover/{wanted}.txt").render()
    asked_in = replace(request, language=wanted)
    body = blocks.fill(blocks.parse(source), _values(catalogue, asked_in))
    whole = compose(catalogue, templates, request)
    return replace(
        whole,
        language=tag_of(variant["locale"]),
        body=body,
        written_day=day_in_words(request.today, variant),
        salutation=_salutation(catalogue, asked_in) or variant["salutation"],
        close=variant["close"],
        labels=labels_of(language, variant),
        to_sign=None,
    )


def plain(line: blocks.Line) -> str:
    """A line as text, a blank for ink as underscores."""
    return "".join(run if isinstance(run, str) else "________________" for run in line)


# What a template is told


def _context(catalogue: Catalogue, request: Request) -> Mapping[str, Any]:
    option, language = request.option, catalogue.languages[request.language]
    body = request.situation.organisation
    given = request.sender.details
    addressee = catalogue.addressees.get(option.addressee or "")
    accepts = addressee.contact.accepts if addressee else ()
    return {
        "cite": legal_basis(catalogue, option, request.language),
        "also": _also(catalogue, option, request.language),
        "law": _law(catalogue, option, request.language),
        "authority": authority_named(catalogue, option.regulator, language),
        "time_limit": _time_limit(catalogue, option, language),
        "decisions": catalogue.citations(option.law or "", body.id, _cited_in(catalogue, request.language)),
        "processor": body.processor,
        **_writing(catalogue, request),
        "answer": given.get("answer") or "not_asked",
        "national": _national(catalogue, request),
        "portal_only": accepts == (Channel.PORTAL,),
        "organisation_id": body.id,
        "face_search": body.face_search,
        "fee_category": given.get("fee_category") or "other",
        "fee_waiver": bool(given.get("fee_waiver_reasons")),
        "expedite": bool(given.get("expedite_reasons")),
    }


def _writing(catalogue: Catalogue, request: Request) -> Mapping[str, str]:
    """Who writes and, of a group, on what provision and of which kinds the law admits."""
    role = request.sender.role
    if role is not Role.GROUP:
        return {"role": role.value, "mandate": "", "bodies": ""}
    given = mandate_for(catalogue, request.option)
    if given is None:
        raise NoLetter("the law has no mandate for this letter: a group writes it as an agent")
    return {"role": role.value, "mandate": given.cite[request.language], "bodies": given.bodies[request.language]}


def _cited_in(catalogue: Catalogue, language: str) -> str:
    """The language in which decisions are cited: nobody has put their names into one that is only drafted."""
    return "en" if is_drafted(catalogue, language) else language


@dataclass(frozen=True, slots=True)
class Named:
    """An authority or a law, as a letter speaks of it."""

    name: str
    short: str = ""
    at: str = ""
    to: str = ""
    salutation: str = ""


def _law(catalogue: Catalogue, option: Option, language: str) -> Named:
    law = catalogue.laws.get(option.law or "")
    return (
        Named(law.name.get(language, law.name["en"]), law.short.get(language, law.short["en"])) if law else Named("")
    )


def authority_named(catalogue: Catalogue, id_: str | None, language: Language) -> Named | None:
    """How the letter speaks of the authority, in its language; fixed strings, never inflected."""
    if id_ is None:
        return None
    authority = catalogue.addressees[id_]
    name = authority.name.get(language.id) or next(iter(authority.name.values()))
    addressed = authority.addressed.get(language.id) if isinstance(authority, Authority) else None
    if addressed:
        return Named(name, addressed.short, addressed.at, addressed.to, addressed.salutation)
    if language.id == "en":
        the = "" if name.lower().startswith("the ") else "the "
        return Named(name, "", f"with {the}{name}", f"to {the}{name}")
    return Named(name, "", language.authority_at.format(name=name), language.authority_to.format(name=name))


def legal_basis(catalogue: Catalogue, option: Option, language: str) -> str:
    """The legal basis: as a law of the place words it, else as the law itself; "" where no law gives a right."""
    own = basis(catalogue, option)
    if own is None:
        return ""
    beside = (catalogue.laws[other].rights.get(option.right) for other in option.other_laws)
    words = [right.cite for right in beside if right and _to_authority(option)] + [own.cite]
    found = next((cite[language] for cite in words if language in cite), "")
    if not found:
        key = f"rights.{option.right}{'.first' if option.to_organisation_first else ''}.cite.{language}"
        raise NoLetter(f"laws/{option.law}.toml: key “{key}” is missing: add it")
    return found


def _to_authority(option: Option) -> bool:
    return option.right in TO_AUTHORITY and not option.to_organisation_first


def _also(catalogue: Catalogue, option: Option, language: str) -> tuple[str, ...]:
    cited = legal_basis(catalogue, option, language)
    found = []
    for other in option.other_laws:
        law = catalogue.laws[other]
        right = law.rights.get(option.right)
        cite = right.cite if right else law.citation if not law.rights else {}
        found.append(cite.get(language, ""))
    return tuple(cite for cite in found if cite and cite not in cited)


def _time_limit(catalogue: Catalogue, option: Option, language: Language) -> str:
    rule = catalogue.deadlines[option.deadline_rule]
    if rule.unit is None or _to_authority(option) or option.right is Right.APPEAL:
        return ""
    if option.deadline_rule not in language.time_limit:
        raise NoLetter(f"languages/{language.id}.toml: key “time_limit.{option.deadline_rule}” is missing: add it")
    return language.time_limit[option.deadline_rule]


def _national(catalogue: Catalogue, request: Request) -> str:
    """The provision that puts the directive into the body's own law; "" where it is unknown or unconfirmed."""
    law = request.option.law or ""
    places = catalogue.nearest(request.situation.organisation.jurisdiction)
    transposed = next((place.transposes[law] for place in places if law in place.transposes), None)
    if transposed is None or transposed.confidence is not Confidence.CERTAIN:
        return ""
    return str(getattr(transposed, request.option.right.value, ""))


# What the person gives


def _values(catalogue: Catalogue, request: Request) -> Mapping[str, str]:
    language = catalogue.languages[request.language]
    variant = variant_of(catalogue, language, request.situation.place)
    given = {
        name: _written(name, value, variant) for name, value in request.sender.details.items() if name in DETAILS
    }
    if request.sender.details.get("answer") == "none":
        given.pop("answered_on", None)  # a letter cannot say that nobody answered, and when
    body = request.situation.organisation
    return {
        **given,
        "writer_name": request.sender.writer_name,
        "organisation": body.name.get(request.language, body.name["en"]),
        "organisation_address": ", ".join(request.sender.organisation_address or body.contact.address[1:]),
        "residence": residence(catalogue, request.situation.place, variant["locale"]),
    }


def _written(name: str, value: str, variant: Mapping[str, str]) -> str:
    """A detail as the letter writes it: dates in words, lines joined by commas."""
    match DETAILS[name].kind:
        case Kind.DAY if value:
            return day_in_words(date.fromisoformat(value), variant)
        case Kind.LINES:
            return ", ".join(lines_of(value))
        case _:
            return value


def residence(catalogue: Catalogue, place: str, locale: str) -> str:
    """The name of a place in a language: a country by CLDR, a region by its own record."""
    country = place.partition("-")[0].upper()
    try:
        name = str(Locale.parse(locale).territories.get(country, country))
    except UnknownLocaleError:
        name = country
    record = catalogue.jurisdictions.get(place)
    if record and "-" in place:
        return f"{record.name.get(locale[:2], record.name['en'])}, {name}"
    return name


def _details(catalogue: Catalogue, request: Request, language: Language, values: Mapping[str, str]) -> Table:
    """The table of identifying details, only what the letter asks for and the person gave."""
    rows = []
    for one in asks(catalogue, request.option):
        if one.detail.identifies and values.get(one.name):
            rows.append(((language.fields[one.name],), (blocks.fold(values[one.name]),)))
    residence_row = ((language.fields["residence"],), (values["residence"],))
    return Table((*rows[:1], residence_row, *rows[1:]), id="details")


# Around the text


def variant_of(catalogue: Catalogue, language: Language, place: str) -> Mapping[str, str]:
    """A language as the person's country writes it."""
    base = {
        name: getattr(language, name)
        for name in (
            "locale", "date", "first_of_month", "salutation", "close", "subject_label", "my_reference",
            "enclosures", "page", "signature", "date_label", "colon",
        )
    }  # fmt: skip
    return {**base, **language.variants.get(place.partition("-")[0].upper(), {})}


def labels_of(language: Language, variant: Mapping[str, str]) -> Labels:
    """The few words around a letter."""
    return Labels(
        subject=variant["subject_label"],
        my_reference=variant["my_reference"],
        enclosures=variant["enclosures"],
        page=variant["page"],
        signature=variant["signature"],
        date=variant["date_label"],
        colon=variant["colon"],
        your_reference=language.fields.get("reference", ""),
    )


def day_in_words(day: date, variant: Mapping[str, str]) -> str:
    """A date in words, the first of a month as the language writes it (`1er`)."""
    pattern = variant["date"]
    if day.day == 1 and variant["first_of_month"]:
        pattern = pattern.replace("d", f"'{variant['first_of_month']}'", 1)
    return format_date(day, pattern, locale=variant["locale"])


def tag_of(locale: str) -> str:
    """A locale as HTML and PDF name it."""
    return locale.replace("_", "-")


def _writer(sender: Sender) -> str:
    return blocks.fold(sender.writer_name or sender.details.get("full_name", ""))


def _sender_lines(sender: Sender) -> tuple[str, ...]:
    address = sender.writer_address if sender.role is Role.GROUP else sender.details.get("address", "")
    lines = (blocks.fold(line) for line in address.splitlines())
    return tuple(line for line in (_writer(sender), *lines) if line)


def addressee_lines(catalogue: Catalogue, request: Request) -> tuple[str, ...]:
    """The lines on the envelope; only the name where no postal address is known."""
    body = request.situation.organisation
    addressee = catalogue.addressees.get(request.option.addressee or "")
    if addressee is None or (addressee.id == body.id and body.generic):
        return (body.name["en"], *request.sender.organisation_address)
    name = addressee.name.get(request.language, next(iter(addressee.name.values())))
    if isinstance(addressee, Authority):
        wanted = addressee.addressed.get(wanted_language(request.option))
        return (wanted.envelope if wanted else name, *addressee.contact.address)
    return addressee.contact.address or (name, *request.sender.organisation_address)


def _salutation(catalogue: Catalogue, request: Request) -> str:
    authority = catalogue.authorities.get(request.option.addressee or "")
    addressed = authority.addressed.get(request.language) if authority else None
    return addressed.salutation if addressed else ""


def _to_sign(catalogue: Catalogue, templates: Templates, request: Request) -> Body | None:
    """The page that a parent signs by hand, or whom an agent or a group writes for."""
    if request.sender.role is Role.SELF:
        return None
    source = templates.render("shared", "authority", request.language, _writing(catalogue, request))
    body = request.situation.organisation
    values = {
        "full_name": request.sender.details.get("full_name", ""),
        "writer_name": request.sender.writer_name,
        "organisation": body.name.get(request.language, body.name["en"]),
    }
    return blocks.fill(blocks.parse(source), values)


def _facts(catalogue: Catalogue, request: Request) -> Mapping[str, str]:
    option = request.option
    right = basis(catalogue, option)
    return {
        "right": option.right.value,
        "outcome": option.outcome.value,
        "law": option.law or "",
        "articles": right.ref if right else "",
        "deadline_rule": option.deadline_rule,
        "addressee": option.addressee or "",
        "dated": request.today.isoformat(),
    }


__all__ = [
    "BadLetter", "NoLetter", "Request", "Role", "Sender", "Templates", "addressee_lines", "asks", "asks_contact",
    "authority_named", "body_of", "changed", "compose", "cover", "day_in_words", "gloss", "is_drafted", "legal_basis",
    "meant", "plain", "residence", "template_of", "variant_of", "wanted_language", "written_in",
]  # fmt: skip
