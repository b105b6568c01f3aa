"""From “who holds my face” to the way that a letter goes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from babel import Locale
from babel.dates import format_date
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound
from wtforms.fields import SelectChoice

from portal.law.deadlines import sentence
from portal.law.places import countries
from portal.law.reasons import Reason
from portal.law.records import (
    Authority,
    Confidence,
    Contact,
    Event,
    FirstLetter,
    Law,
    LegalRight,
    Organisation,
    OrganisationKind,
    Right,
)
from portal.law.routing import TO_AUTHORITY, Option, Outcome, Route, Situation, basis, chosen, route
from portal.letters.compose import NoLetter, Request, Sender, addressee_lines, is_drafted, wanted_language, written_in
from portal.web import followed
from portal.web.contacts import contact_of, recipients
from portal.web.followed import Followed
from portal.web.forms.journey import OrganisationForm, PlaceForm, RegionForm, RightForm
from portal.web.house import house
from portal.web.language import current
from portal.web.organisations import OTHER, find
from portal.web.words import ASKED_FOR, CHANNELS, KINDS, RIGHTS, SOURCES

blueprint = Blueprint("journey", __name__)

#: How an organisation that the catalogue does not know travels in the address.
KNOWN_AS = ("name", "kind", "seat")

STEPS = (
    _l("Who"),
    _l("What you want"),
    _l("Where you live"),
    _l("How it will go"),
    _l("Your details"),
    _l("Read your letter"),
    _l("Take it"),
)


def known_as() -> dict[str, str]:
    """What the address says of an organisation that the catalogue does not know."""
    return {name: request.args[name] for name in KNOWN_AS if request.args.get(name)}


def came_by() -> dict[str, str]:
    """What the address says of the campaign by which the person came; empty where they came by none."""
    came = followed.here()
    return {**came.carried} if came else {}


def carried() -> dict[str, str]:
    """What the address of one step hands to the next beside what was answered."""
    return {**known_as(), **came_by()}


def address(endpoint: str, **parts: str) -> str:
    """The address of a step, with what goes from step to step."""
    values: dict[str, Any] = {**parts, **carried()}
    return url_for(endpoint, **values)


def organisation_of(id_: str, known: Mapping[str, str]) -> Organisation:
    """The organisation that a step is about; no page where there is none."""
    found = find(house().catalogue, id_, known, house().today())
    if found is None:
        raise NotFound
    return found


def named(words: Mapping[str, str]) -> str:
    """A text in the language of the page."""
    return words.get(current()) or words.get("en") or next(iter(words.values()), "")


def by_name(records: Iterable[Organisation | Authority]) -> dict[str, str]:
    """Their names by their ids, in the order of an index."""
    return dict(sorted(((one.id, named(one.name)) for one in records), key=lambda pair: pair[1].casefold()))


def said(words: Mapping[str, str]) -> Markup:
    """A text in the language of the page; where it has none there, marked with the language that it is in."""
    language = next((one for one in (current(), "en", *words) if words.get(one)), current())
    text = escape(words.get(language, ""))
    return text if language == current() else Markup('<span lang="{}">{}</span>').format(language, text)


# Who


@blueprint.get("/somebody-else")
def somebody_else() -> ResponseReturnValue:
    """An organisation that is not on the list."""
    form = OrganisationForm(request.args if request.args.get("sent") else None)
    form.kind.choices = [SelectChoice(kind.value, words) for kind, words in KINDS.items()]
    form.seat.choices = [SelectChoice("", _("I do not know")), *_seats()]
    if not request.args.get("sent"):
        form.process(data=known_as())
    if request.args.get("sent") and form.validate():
        return redirect(address("journey.right", organisation=OTHER))
    return render_template("journey/somebody_else.html", form=form, journey=steps(), kept=came_by())


def _seats() -> Iterator[SelectChoice]:
    """All countries, and below each the parts that have law of their own."""
    for code, name in countries(current()).items():
        yield SelectChoice(code, name)
        for region in house().catalogue.regions(code):
            yield SelectChoice(region.id, _("%(country)s: %(region)s", country=name, region=named(region.name)))


# What


@blueprint.get("/to/<organisation>")
def right(organisation: str) -> ResponseReturnValue:
    """What the person wants of it."""
    body = organisation_of(organisation, known_as())
    if body.generic and not known_as().get("name"):
        asked: dict[str, Any] = {"kind": body.kind.value, "seat": body.jurisdiction, **came_by()}
        return redirect(url_for("journey.somebody_else", **asked))
    form = RightForm(request.args if "right" in request.args or request.args.get("sent") else None)
    form.right.label.text = _("What do you want from %(organisation)s?", organisation=named(body.name))
    form.right.choices = [
        SelectChoice(one.value, words, render_kw={"hint": hint})
        for one, (words, hint) in RIGHTS.items()
        if one in offered(body)
    ]
    if form.is_submitted_by_get and form.validate():
        return redirect(address("journey.place", organisation=organisation, right=form.right.data))
    return render_template("journey/right.html", form=form, body=body, journey=steps(organisation), kept=carried())


def offered(body: Organisation) -> frozenset[Right]:
    """What makes sense to ask: records of public bodies only, sale of companies only."""
    public = body.kind in (OrganisationKind.PUBLIC_BODY, OrganisationKind.POLICE)
    always = {Right.ACCESS, Right.ERASURE, Right.COMPLAINT, Right.APPEAL}
    return frozenset(always | ({Right.RECORDS, Right.RECTIFICATION} if public else {Right.OBJECTION, Right.OPT_OUT}))


def right_of(value: str) -> Right:
    try:
        return Right(value)
    except ValueError as error:
        raise NotFound from error


# Where


@blueprint.get("/to/<organisation>/<right>")
def place(organisation: str, right: str) -> ResponseReturnValue:
    """Where the person lives; the region only where it changes who answers."""
    body, wanted = organisation_of(organisation, known_as()), right_of(right)
    country = request.args.get("place", "")
    if country in countries(current()) and _region_matters(body, wanted, country):
        return _region(organisation, body, wanted, country)
    form = PlaceForm(request.args if "place" in request.args else None)
    form.place.choices = [
        SelectChoice("", _("Choose a place")),
        *(SelectChoice(*one) for one in countries(current()).items()),
    ]
    if form.is_submitted_by_get and form.validate():
        return redirect(address("journey.ways", organisation=organisation, right=right, place=form.place.data))
    return render_template(
        "journey/place.html", form=form, body=body, journey=steps(organisation, right), kept=carried()
    )


def _region(organisation: str, body: Organisation, wanted: Right, country: str) -> ResponseReturnValue:
    catalogue = house().catalogue
    word = named(catalogue.jurisdictions[country].regions) or _("region")
    form = RegionForm(request.args if "region" in request.args or request.args.get("sent") else None)
    form.region.label.text = _("In which %(region)s do you live?", region=word)
    form.region.choices = [SelectChoice(one.id, named(one.name)) for one in catalogue.regions(country)]
    form.region.choices.append(SelectChoice(country, _("Another one, or I would rather not say")))
    if form.is_submitted_by_get and form.validate():
        return redirect(
            address("journey.ways", organisation=organisation, right=wanted.value, place=form.region.data)
        )
    return render_template(
        "journey/region.html",
        form=form,
        body=body,
        journey=steps(organisation, wanted.value),
        kept={**carried(), "place": country},
    )


def _region_matters(body: Organisation, wanted: Right, country: str) -> bool:
    """Whether the parts of a country would be answered differently."""
    regions = house().catalogue.regions(country)
    answers = {
        tuple((option.law, option.regulator) for option in _routed(body, wanted, one).options)
        for one in (country, *(region.id for region in regions))
    }
    return len(answers) > 1


def _routed(body: Organisation, wanted: Right, place: str, **more: Any) -> Route:
    return route(house().catalogue, Situation(place, body, wanted, **more))


# How it will go


@dataclass(frozen=True, slots=True)
class Told:
    """A reason as the page tells it."""

    text: str
    source: Markup


@dataclass(frozen=True, slots=True)
class Way:
    """An option as the page shows it."""

    id: str
    option: Option
    title: str
    ref: Markup
    reasons: tuple[Told, ...]
    lines: tuple[str, ...]
    contact: Contact | None
    due: str
    counted: str
    language: str
    wanted_language: str
    drafted: bool
    """Whether the letter can be had in the wanted language as a draft."""
    writable: bool
    channels: tuple[str, ...] = field(default_factory=tuple)


@blueprint.get("/to/<organisation>/<right>/<place>")
def ways(organisation: str, right: str, place: str) -> ResponseReturnValue:
    """This is how it will go: law, addressee, deadline, authority, reasons."""
    body, wanted = organisation_of(organisation, known_as()), right_of(right)
    place_exists(place)
    found = _routed(body, wanted, place)
    to = recipients((option, body) for option in found.options)
    shown = [
        replace(way(option, body, place), contact=one.contact) for option, one in zip(found.options, to, strict=True)
    ]
    shown.sort(key=lambda one: not one.option.to_organisation_first)
    return render_template(
        "journey/ways.html",
        ways=shown,
        body=body,
        organisation=organisation,
        right=wanted,
        place=place,
        place_words=place_words(place),
        right_words=RIGHTS[wanted][0] if wanted in RIGHTS else wanted.value,
        asked=found.asked,
        question_ways=_ways_if_yes(body, wanted, place, found.question),
        decisions=_decisions(body),
        asked_for=[ASKED_FOR.get(thing, thing) for thing in body.asks_for],
        polices=polices(body),
        kept=carried(),
        journey=steps(organisation, right, place),
        Outcome=Outcome,
        Confidence=Confidence,
        rights=RIGHTS,
        catalogue=house().catalogue,
        named=named,
        said=said,
    )


def place_exists(place: str) -> None:
    """No page for a place that is not."""
    if not house().catalogue.exists(place):
        raise NotFound


def place_words(place: str) -> str:
    """A place in the language of the page: “Bavaria, Germany”."""
    record = house().catalogue.jurisdictions.get(place)
    country = countries(current())[place.partition("-")[0]]
    return f"{named(record.name)}, {country}" if record and "-" in place else country


@dataclass(frozen=True, slots=True)
class Behind:
    """The steps of the journey, each with the address that leads back to it where it lies behind."""

    steps: tuple[tuple[str, str], ...]
    came: Followed | None
    """The campaign by which the person came."""


def steps(organisation: str = "", right: str = "", place: str = "") -> Behind:
    """The way to a step that the address of this request tells."""
    return behind(organisation, right, place, known_as(), followed.here())


def behind(organisation: str, right: str, place: str, known: Mapping[str, str], came: Followed | None) -> Behind:
    """The way to a step, with what each address on it hands to the next."""
    handed: dict[str, Any] = {name: known[name] for name in KNOWN_AS if known.get(name)}
    handed |= came.carried if came else {}
    back = [url_for("pages.home")]
    if organisation:
        back.append(url_for("journey.right", organisation=organisation, **handed))
    if right:
        back.append(url_for("journey.place", organisation=organisation, right=right, **handed))
    if place:
        back.append(url_for("journey.ways", organisation=organisation, right=right, place=place, **handed))
    return Behind(tuple((str(words), one) for words, one in zip_longest(STEPS, back, fillvalue="")), came)


def _ways_if_yes(body: Organisation, wanted: Right, place: str, question: str) -> list[Way]:
    """What a yes to the question would open; the answer itself is neither asked by us nor kept."""
    if not question:
        return []
    return [way(one, body, place) for one in _routed(body, wanted, place, answers={question: True}).options]


def polices(body: Organisation) -> bool:
    """Whether a person should be told first what the body will learn."""
    return body.polices or body.kind is OrganisationKind.POLICE


def _decisions(body: Organisation) -> list[Any]:
    """What authorities and courts have decided about it, newest first."""
    known = house().catalogue.decisions
    return sorted((known[id_] for id_ in body.decisions), key=lambda one: one.day, reverse=True)


def way(option: Option, body: Organisation, place: str) -> Way:
    catalogue = house().catalogue
    languages = _languages(option)
    situation = Situation(place, body, option.right)
    blank = Request(situation, option, Sender(), house().today(place), languages[0] if languages else "en")
    contact = contact_of(option, body)
    return Way(
        id=option.way,
        option=option,
        title=_title(option, body),
        ref=_ref(option),
        reasons=tuple(_told(option, reason) for reason in option.reasons if not _stands_above(option, reason)),
        lines=addressee_lines(catalogue, blank) if option.addressee else (),
        contact=contact,
        due=due_words(option),
        counted=_counted(situation, option),
        language=language_name(languages[0]) if languages else "",
        wanted_language=language_name(wanted_language(option)),
        drafted=bool(drafted_among(languages)),
        writable=bool(languages),
        channels=tuple(str(CHANNELS[channel]) for channel in option.channels),
    )


def _ref(option: Option) -> Markup:
    """Where the law says what the letter leans on; empty where no law does."""
    own = basis(house().catalogue, option)
    return _cited(house().catalogue.laws[option.law], own) if option.law and own else Markup()


def _cited(law: Law, own: LegalRight | FirstLetter) -> Markup:
    """An article as the letter cites it, else as the data name it."""
    return said(own.cite) if own.cite else Markup("{}, {}").format(said(law.short), said({"en": own.ref}))


def _told(option: Option, reason: Reason) -> Told:
    """A reason with its source: the article as letters cite it, else as it was noted, in English."""
    text = named(reason.text)
    if reason.source in SOURCES:
        return Told(text, escape(SOURCES[reason.source]))
    law = house().catalogue.laws.get(option.law or "")
    right = law.rights[option.right] if law else None
    for own in (right, right.first) if right else ():
        if law and own and own.ref == reason.source:
            return Told(text, _cited(law, own))
    return Told(text, said({"en": reason.source}))


def _stands_above(option: Option, reason: Reason) -> bool:
    """What must be done first has a note of its own, but on the way that does it."""
    return reason.text == option.before and not option.to_organisation_first


def option_of(body: Organisation, right: Right, place: str, way: str) -> Option:
    """The option that an address names, whatever question it hangs on; no page where it is none."""
    place_exists(place)
    found = chosen(house().catalogue, Situation(place, body, right), way)
    if found is None:
        raise NotFound
    return found


def _languages(option: Option) -> tuple[str, ...]:
    try:
        return written_in(house().catalogue, house().templates, option)
    except NoLetter:
        return ()


def language_name(code: str) -> str:
    """The name of a language in the language of the page."""
    return str(Locale.parse(current()).languages.get(code, code))


def _title(option: Option, body: Organisation) -> str:
    """What the option comes to, as the heading of its card."""
    catalogue = house().catalogue
    law = catalogue.laws.get(option.law or "")
    addressee = catalogue.addressees.get(option.addressee or "")
    names = {
        "organisation": named(body.name),
        "law": named(law.short) if law else "",
        "addressee": named(addressee.name) if addressee else "",
    }
    return str(_title_words(option) % names)


def _title_words(option: Option) -> str:
    if option.outcome is Outcome.NOT_ELIGIBLE:
        return str(_l("Nobody can be asked for this"))
    if option.to_organisation_first:
        return str(_l("First: complain to %(organisation)s itself"))
    if option.right in TO_AUTHORITY:
        return str(_l("Complain to: %(addressee)s") if option.addressee else _l("Complain about %(organisation)s"))
    if option.outcome is Outcome.VOLUNTARY:
        return str(_l("Ask %(organisation)s, without a law behind you"))
    return str(_l("Write to %(organisation)s under the %(law)s"))


def due_words(option: Option) -> str:
    """The time to answer, as the law calls it, in the language of the page; of a first complaint, to do what."""
    catalogue = house().catalogue
    rule = catalogue.deadlines[option.deadline_rule]
    to_authority = option.right in TO_AUTHORITY and not option.to_organisation_first
    if to_authority or option.right is Right.APPEAL or rule.unit is None:
        return ""
    for language in (current(), "en"):
        words = catalogue.languages[language].time_limit.get(option.deadline_rule)
        if words:
            what = f"{catalogue.languages[language].colon} {named(rule.meaning)}"
            return words[0].upper() + words[1:] + (what if option.to_organisation_first else "")
    return ""


def _counted(situation: Situation, option: Option) -> str:
    """The date that the time limit gives if the letter arrived in a week, and how it was counted."""
    if not due_words(option):
        return ""
    arrives = house().today(situation.place) + timedelta(days=7)
    given = {Event.RECEIVED_ON: arrives}
    found = route(house().catalogue, Situation(situation.place, situation.organisation, option.right, given))
    due = next((one.due for one in found.options if one.way == option.way and one.due), None)
    if due is None:
        return ""
    said = _(
        "If it arrives on %(arrives)s, expect the answer by %(due)s (%(counted)s).",
        arrives=page_date(arrives),
        due=page_date(due.day),
        counted=sentence(due, current(), page_date).rstrip("."),
    )
    return str(said)


def page_date(day: date) -> str:
    """A date in the language of the page, the first of a month as the language writes it."""
    first = house().catalogue.languages[current()].first_of_month
    return str(format_date(day, f"'{first}' MMMM y" if first and day.day == 1 else "d MMMM y", locale=current()))


def drafted_among(languages: Iterable[str]) -> str:
    """The language that is only drafted, of those that a letter can be had in; "" where none is."""
    return next((one for one in languages if is_drafted(house().catalogue, one)), "")
