"""Every letter that is written, in every language, for every place."""

import itertools
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, meta

from portal.law.catalogue import Catalogue
from portal.law.records import Channel, FirstLetter, LegalRight, OrganisationKind, Right, Standing
from portal.law.routing import Option, Outcome, Situation, mandate_for, route
from portal.letters import shapes
from portal.letters.blocks import (
    SHORT_TEXT,
    BadLetter,
    Body,
    Details,
    Ink,
    Items,
    Paragraph,
    Slot,
    Table,
    fold,
    lines,
    parse,
    slots,
    text,
)
from portal.letters.completeness import TOLD, WORKED_OUT
from portal.letters.compose import (
    VOLUNTARY,
    NoLetter,
    Request,
    Role,
    Sender,
    Templates,
    asks,
    changed,
    compose,
    cover,
    gloss,
    plain,
    template_of,
    wanted_language,
    written_in,
)
from portal.letters.details import DETAILS, Kind, asked
from portal.letters.letter import Letter
from tests.building import (
    LETTERS,
    ROOT,
    TODAY,
    a_letter,
    a_sender,
    a_situation,
    an_organisation,
    an_unknown_organisation,
    roles_for,
    the_catalogue,
    the_templates,
)

#: But for replies and complaints of many, which are told other things: test_replies.py, test_joint.py.
FILES = sorted(path for path in LETTERS.glob("*/*.txt") if not path.name.startswith(("reply.", "joint.")))
SHARED = [path for path in FILES if path.parent.name == "shared"]
COVERS = [path for path in FILES if path.parent.name == "cover"]
OWN = [path for path in FILES if path.parent.name not in ("shared", "cover")]
NAMES = sorted({(path.parent.name, path.name.split(".")[0]) for path in OWN})
LAWS = [law for law in the_catalogue().laws.values() if law.reach]
#: What a portal of rights must offer (the issue's six); the others may wait for their letters.
SIX = (Right.ACCESS, Right.ERASURE, Right.OBJECTION, Right.OPT_OUT, Right.RECORDS, Right.COMPLAINT)
#: Where people live: every place with a record, and some without.
PLACES = [*(id_ for id_ in the_catalogue().jurisdictions if id_ != "eu"), "ca-ns", "us-ny", "br"]


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


# As they stand in their files


@dataclass(frozen=True)
class Named:
    """An authority or a law as a template sees it."""

    name: str = "Sample Authority (SA)"
    short: str = "SA"
    at: str = "with the Sample Authority"
    to: str = "to the Sample Authority"
    salutation: str = ""


class Nobody:
    """Where there is no authority: false, and never to be printed."""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        raise AssertionError("the template prints an authority that is not there")


#: Every value that a template may look at, and no other: none of them is the person's.
CLOSED: Mapping[str, tuple[Any, ...]] = {
    "cite": ("Article 0 of the Sample Act",),
    "also": ((), ("Other Act, s. 3", "Third Act, s. 4")),
    "law": (Named("Sample Act", "SA"),),
    "authority": (Named(), Nobody()),
    "time_limit": ("within one month of receipt", ""),
    "decisions": ((), ("SA, 2022-019 of 17 October 2022", "SA, 35/2022 of 13 July 2022")),
    "processor": (False, True),
    "role": ("self", "parent", "agent", "group"),
    "mandate": ("Article 0 of the Sample Mandate Act",),
    "bodies": ("a sample group of the kind that the law admits",),
    "answer": ("none", "refused", "incomplete", "not_asked"),
    "national": ("", "§ 44 DSG"),
    "portal_only": (False, True),
    "organisation_id": ("clearview-ai", "ca-rcmp"),
    "face_search": (False, True),
    "fee_category": ("other", "media", "educational"),
    "fee_waiver": (False, True),
    "expedite": (False, True),
}
#: Demanded by the letter only where there was a request: the form asks for it then.
ONLY_AFTER_A_REQUEST = {"request_sent_on"}


def test_a_template_is_told_what_is_said_of_it_and_no_more(catalogue: Catalogue) -> None:
    told: list[Mapping[str, Any]] = []

    class Listening(Templates):
        def render(self, family: str, right: str, language: str, context: Mapping[str, Any]) -> str:
            told.append(context)
            return super().render(family, right, language, context)

    situation = a_situation()
    option = route(catalogue, situation).best
    compose(catalogue, Listening(LETTERS), Request(situation, option, a_sender(option), TODAY, "en"))
    assert set(told[0]) == set(TOLD) == set(CLOSED)


@lru_cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(LETTERS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@lru_cache(maxsize=2)
def rendered(path: Path, names: tuple[str, ...] = ()) -> tuple[tuple[dict[str, Any], Body], ...]:
    """A template with every combination of the values that it (or its sisters in other languages) looks at.

    All tests of a template come one after the other, as its parameter is of the module.
    """
    return tuple(_rendered(path, names))


def _rendered(path: Path, names: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], Body]]:
    template = environment().from_string(path.read_text(encoding="utf-8"))
    names = names or looked_at(path)
    rest = {name: values[0] for name, values in CLOSED.items()}
    for values in itertools.product(*(CLOSED[name] for name in names)):
        context = {**rest, **dict(zip(names, values, strict=True))}
        source = template.render(context)
        yield (
            context,
            parse(source if path not in SHARED or "authority" in path.name else f"=== subject\n-\n\n{source}"),
        )


@cache
def looked_at(path: Path) -> tuple[str, ...]:
    tree = environment().parse(path.read_text(encoding="utf-8"))
    return tuple(sorted(meta.find_undeclared_variables(tree)))


def words_of(body: Body) -> str:
    """All text of a body, a line each."""
    return "\n".join("".join(run if isinstance(run, str) else "x" for run in line) for line in lines(body))


@pytest.mark.parametrize("path", FILES, ids=name_of, scope="module")
def test_a_template_can_be_read_whatever_the_case(path: Path) -> None:
    for context, body in rendered(path):
        assert parse(text(body)) == body, context
        assert body.subject, context
        assert body.blocks, context


@pytest.mark.parametrize("path", FILES, ids=name_of, scope="module")
def test_a_template_leaves_no_mark_and_no_hole_in_its_words(path: Path) -> None:
    for context, body in rendered(path):
        words = words_of(body)
        assert not re.search(r"===|[{}]|  | ,|,,|\(\)|;;| \.(?!\.)", words), (context, words)
        assert words.strip() == words, context


@pytest.mark.parametrize("path", OWN, ids=name_of, scope="module")
def test_the_details_stand_in_a_letter_exactly_once(path: Path) -> None:
    for context, body in rendered(path):
        assert sum(isinstance(block, Details) for block in body.blocks) == 1, context


@pytest.mark.parametrize("path", [*SHARED, *COVERS], ids=name_of, scope="module")
def test_a_page_to_sign_and_a_cover_have_no_table_of_details(path: Path) -> None:
    assert not any(isinstance(block, Details) for _, body in rendered(path) for block in body.blocks)


@pytest.mark.parametrize("path", FILES, ids=name_of, scope="module")
def test_every_legal_block_has_an_id(path: Path) -> None:
    for context, body in rendered(path):
        for block in body.blocks:
            assert block.id or own_words(block), (context, block)


def own_words(block: object) -> bool:
    return isinstance(block, Paragraph) and len(block.text) == 1 and isinstance(block.text[0], Slot)


@pytest.mark.parametrize("path", FILES, ids=name_of, scope="module")
def test_a_letter_says_something_in_its_short_text_too(path: Path) -> None:
    for context, body in rendered(path):
        kept = [block for block in body.blocks if not block.long and not isinstance(block, Details)]
        assert kept, context


# What they ask for


def served_by(family: str, name: str) -> list[tuple[LegalRight | FirstLetter, tuple[str, ...]]]:
    """Each right that a letter serves, with the details that laws beside it may ask for."""
    catalogue = the_catalogue()
    return [
        (served, tuple(one for beside in supplements(law.id, right) for one in beside.asks))
        for law in catalogue.laws.values()
        if (law.letters or law.id) == family
        for right, given in law.rights.items()
        if given.standing is not Standing.NONE
        for served in [letters_of(right, given).get(name)]
        if served
    ]


def letters_of(right: Right, given: LegalRight) -> Mapping[str, LegalRight | FirstLetter]:
    """The letters that serve a right: its own, and what goes to the organisation first."""
    own: dict[str, LegalRight | FirstLetter] = {given.letter or right.value: given}
    return own | ({given.first.letter: given.first} if given.first else {})


def supplements(law: str, right: Right) -> Iterator[LegalRight]:
    for other in the_catalogue().laws.values():
        if any(one.law == law and right in one.rights for one in other.supplements) and right in other.rights:
            yield other.rights[right]


@pytest.mark.parametrize(("family", "name"), [one for one in NAMES if one[0] != VOLUNTARY])
def test_every_letter_serves_a_right_of_a_law(family: str, name: str) -> None:
    assert served_by(family, name)


@pytest.mark.parametrize("path", [path for path in OWN if path.parent.name != VOLUNTARY], ids=name_of, scope="module")
def test_every_blank_of_a_letter_is_among_the_details_that_its_law_asks_for(path: Path) -> None:
    for given, beside in served_by(path.parent.name, path.name.split(".")[0]):
        own = {one.name: one.optional for one in asked(given.asks)}
        known = {*own, *(one.name for one in asked(beside)), *WORKED_OUT, "known_on"}
        for context, body in rendered(path):
            if "answer" not in own and context["answer"] != "not_asked":
                continue  # nobody is asked what became of a request, so none is told of
            assert {slot.name for slot in slots(body)} <= known, (given.ref, context)
            demanded = {slot.name for slot in slots(body) if not slot.optional} - {*WORKED_OUT} - ONLY_AFTER_A_REQUEST
            assert not {name for name in demanded if own.get(name, True)}, (given.ref, context)


@pytest.mark.parametrize("path", OWN, ids=name_of, scope="module")
def test_a_blank_for_ink_stands_only_in_an_american_declaration(path: Path) -> None:
    inks = {run for _, body in rendered(path) for line in lines(body) for run in line if isinstance(run, Ink)}
    assert not inks or path.parent.name in ("us-privacy-act", "us-foia", "us-ca-ccpa")


@pytest.mark.parametrize("path", [path for path in SHARED if "authority" in path.name], ids=name_of, scope="module")
def test_a_page_to_sign_has_a_blank_for_the_date_and_one_for_the_signature(path: Path) -> None:
    for context, body in rendered(path):
        inks = [run for line in lines(body) for run in line if isinstance(run, Ink)]
        assert inks == [Ink("date"), Ink("signature")], context


# In several languages


def shape_of(body: Body) -> list[tuple[object, ...]]:
    """What is the same in all languages of a letter."""
    return [
        (type(block).__name__, block.id, block.long, length_of(block), tuple(sorted(slots_of(block))))
        for block in body.blocks
    ]


def slots_of(block: Any) -> list[str]:
    return [f"{slot.name}{'?' * slot.optional}" for slot in slots(Body((), (block,)))]


def length_of(block: object) -> int:
    match block:
        case Items(items):
            return len(items)
        case Table(rows):
            return len(rows)
        case _:
            return 1


SEVERAL = [
    (family, name, language)
    for family, name in [*NAMES, ("shared", "role"), ("shared", "authority")]
    for language in sorted(the_templates().languages(family, name) - {"en"})
]


@pytest.mark.parametrize(("family", "name", "language"), SEVERAL)
def test_all_languages_of_a_letter_have_the_same_blocks_lists_and_blanks(
    family: str, name: str, language: str
) -> None:
    english, other = (LETTERS / family / f"{name}.{tongue}.txt" for tongue in ("en", language))
    names = tuple(sorted({*looked_at(english), *looked_at(other)}))
    for (context, ours), (_, theirs) in zip(rendered(english, names), rendered(other, names), strict=True):
        assert shape_of(theirs) == shape_of(ours), context
        assert len(theirs.enclosures) == len(ours.enclosures), context


#: Numbers that one language writes and another says in words, by letter and block.
ALLOWED: Mapping[tuple[str, str], set[str]] = {
    ("ca-atia/complaint.fr.txt", "grounds"): {"30"},  # trente jours
    ("ca-atia/records.fr.txt", "time"): {"30"},  # trente jours
}


@pytest.mark.parametrize(("family", "name", "language"), SEVERAL)
def test_all_languages_of_a_letter_cite_the_same_numbers(family: str, name: str, language: str) -> None:
    english, other = (LETTERS / family / f"{name}.{tongue}.txt" for tongue in ("en", language))
    names = tuple(sorted({*looked_at(english), *looked_at(other)}))
    for (context, ours), (_, theirs) in zip(rendered(english, names), rendered(other, names), strict=True):
        for own, their in zip(ours.blocks, theirs.blocks, strict=True):
            differ = numbers_of(own) ^ numbers_of(their)
            assert differ <= ALLOWED.get((name_of(other), own.id), set()), (own.id, differ, context)


def numbers_of(block: Any) -> set[str]:
    return set(re.findall(r"\d+", words_of(Body((), (block,)))))


@pytest.mark.parametrize(("family", "name"), NAMES)
def test_every_letter_is_written_in_english(family: str, name: str) -> None:
    assert "en" in the_templates().languages(family, name)


@pytest.mark.parametrize("language", sorted({path.name.split(".")[1] for path in OWN}))
def test_a_language_of_letters_has_its_labels_its_role_and_its_page_to_sign(language: str) -> None:
    record = the_catalogue().languages[language]
    assert {one for one, detail in DETAILS.items() if detail.identifies} | {"residence"} <= set(record.fields)
    assert language in the_templates().languages("shared", "role")
    assert language in the_templates().languages("shared", "authority")


def given_rights() -> Iterator[tuple[str, Right]]:
    for law in LAWS:
        for right in SIX:
            if right in law.rights and law.rights[right].standing is not Standing.NONE:
                yield law.id, right


@pytest.mark.parametrize(("law", "right"), list(given_rights()))
def test_every_right_that_a_law_gives_has_a_letter(law: str, right: Right) -> None:
    record = the_catalogue().laws[law]
    given = record.rights[right]
    for name in letters_of(right, given):
        assert "en" in the_templates().languages(record.letters or law, name)


@pytest.mark.parametrize("right", [right for right in SIX if right is not Right.RECORDS])
def test_what_rests_on_no_law_has_a_letter_too(right: Right) -> None:
    assert "en" in the_templates().languages(VOLUNTARY, right.value)


#: How a language denies outright that consent was given; whoever enrolled once could not sign that.
DENIALS = tomllib.loads((ROOT / "tests" / "data" / "denials.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", OWN, ids=name_of, scope="module")
def test_a_letter_denies_no_consent_that_its_sender_may_have_given(path: Path) -> None:
    denial = DENIALS[path.name.split(".")[1]]
    for context, body in rendered(path):
        assert not re.search(denial, words_of(body).replace("\u00a0", " ")), context


# Composed

#: What somebody could type into any field.
HOSTILE = (
    "<b>Ana</b> & \"Co\" 'x' </p> \u202eשלום\u202c 👩🏽 \x00\x07 {{ 7*7 }} {% raw %} {full_name} {ink:signature} "
    "=== core:x | a | b \\ \\{ 1. one ## two"
)
HOSTILE_LINES = (
    "=== core:request\n\u00a0=== long\n\n1. one\n2. two\n\n| a | b\n\n## heading\n\n{facts?}\n\n" + HOSTILE
)


@dataclass(frozen=True)
class Way:
    """An option of a situation, and the languages in which its letter is written."""

    situation: Situation
    option: Option
    languages: tuple[str, ...]


@lru_cache
def ways() -> Mapping[str, list[Way]]:
    """By law: an option for each letter × place and for each letter × authority, rule and kind of organisation."""
    catalogue, found, seen = the_catalogue(), defaultdict(list), set()
    for organisation, place, right in (
        *itertools.product(catalogue.organisations.values(), PLACES, Right),
        *(
            (an_unknown_organisation(OrganisationKind.POLICE, place), place, right)
            for place in PLACES
            for right in Right
        ),
    ):
        situation = a_situation(place, organisation, right.value, answers={"ca_citizen_or_resident": True})
        for option in route(catalogue, situation).options:
            try:
                languages = written_in(catalogue, the_templates(), option)
            except NoLetter:
                continue
            letter = (template_of(catalogue, option), option.right)
            keys = {(letter, "at", place), (letter, "of", *kind_of(situation, option))}
            if keys - seen:
                seen |= keys
                found[option.law or VOLUNTARY].append(Way(situation, option, languages))
    return found


def kind_of(situation: Situation, option: Option) -> tuple[object, ...]:
    """What of a situation a letter's words hang on, besides the place."""
    catalogue, body = the_catalogue(), situation.organisation
    return (
        option.law, option.regulator, option.deadline_rule, option.channels == (Channel.PORTAL,), body.processor,
        body.face_search, bool(catalogue.citations(option.law or "", body.id, "en")), situation.place[:2] == "us",
    )  # fmt: skip


def requests(law: str, hostile: bool = False) -> Iterator[Request]:
    """Each way of a law in each language; who writes and what was answered go round."""
    turns, answers = itertools.count(), itertools.cycle(DETAILS["answer"].choices)
    for way in ways()[law]:
        roles = roles_for(way.option)
        for language in way.languages:
            role, given = roles[next(turns) % len(roles)], {"answer": next(answers)}
            sender = a_hostile_sender(way.option, role) if hostile else a_sender(way.option, role, **given)
            yield Request(way.situation, way.option, sender, TODAY, language)


def one_each(law: str, *, hostile: bool = False, by_authority: bool = False) -> Iterator[Request]:
    """A request for each letter, right and language of a law; `by_authority`: and each authority."""
    seen = set()
    for request in requests(law, hostile):
        option, body = request.option, request.situation.organisation
        regulator = option.regulator if by_authority else None
        key = (template_of(the_catalogue(), option), option.right, request.language, regulator)
        key += (body.processor, body.face_search)
        if key not in seen:
            seen.add(key)
            yield request


def a_hostile_sender(option: Option, role: Role) -> Sender:
    """Somebody who types markup wherever it can be typed."""
    details = {}
    for one in asks(the_catalogue(), option):
        match one.detail.kind:
            case Kind.DAY:
                details[one.name] = "2026-09-01"
            case Kind.CHOICE:
                details[one.name] = one.detail.choices[-1] if one.name == "fee_category" else "refused"
            case Kind.LINES | Kind.WORDS:
                details[one.name] = HOSTILE_LINES
            case _:
                details[one.name] = (HOSTILE + "x" * 300)[: one.detail.longest]
    writer = "" if role is Role.SELF else (HOSTILE + "x" * 300)[:300]
    return Sender(role, details, writer_name=writer, writer_address=HOSTILE_LINES if role is Role.GROUP else "")


COMPOSED = [*(law.id for law in LAWS if law.id != "us-state-other"), VOLUNTARY]


@pytest.mark.parametrize("law", COMPOSED)
def test_every_letter_of_a_law_composes_for_every_place_and_authority_in_every_language(
    catalogue: Catalogue, templates: Templates, law: str
) -> None:
    assert ways()[law]
    for request in requests(law):
        letter = compose(catalogue, templates, request)
        where = (template_of(catalogue, request.option), request.language, request.situation.place)
        printed = shapes.printed(letter)
        assert not re.search(r"===|[{}]|\bNone\b(?! [a-z])", printed), (where, printed)
        assert "  " not in shapes.text(letter), where
        assert not slots(letter.body), where
        assert parse(text(letter.body)) == letter.body, where
        assert (letter.to_sign is None) == (request.sender.role is Role.SELF), where
        assert letter.sender[0] == letter.signatory, where
        assert letter.addressee, where
        assert all(letter.addressee), where
        assert len(shapes.short(letter)) < SHORT_TEXT, where


@pytest.mark.parametrize("law", COMPOSED)
def test_no_letter_of_a_law_lets_what_is_typed_become_more_than_text(
    catalogue: Catalogue, templates: Templates, law: str
) -> None:
    for request in one_each(law, hostile=True):
        key = (template_of(catalogue, request.option), request.option.right, request.language)
        for role in roles_for(request.option):
            asked_by = replace(request, sender=a_hostile_sender(request.option, role))
            letter = compose(catalogue, templates, asked_by)
            known = compose(catalogue, templates, replace(asked_by, sender=a_sender(request.option, role)))
            assert parse(text(letter.body)) == letter.body, key
            assert [one.id for one in letter.body.blocks if one.id] == ids_of(known), key
            assert inks_of(letter.body) == inks_of(known.body), key
            assert letter.to_sign is None or parse(text(letter.to_sign)) == letter.to_sign, key
            assert fold(asked_by.sender.details["full_name"]) in shapes.printed(letter), key
            assert len(shapes.short(letter)) < SHORT_TEXT, key


def ids_of(letter: Letter) -> list[str]:
    return [block.id for block in letter.body.blocks if block.id]


def inks_of(body: Body) -> Counter[Ink]:
    return Counter(run for line in lines(body) for run in line if isinstance(run, Ink))


#: What a person gives who gives little.
FEW = (
    "full_name",
    "address",
    "email",
    "date_of_birth",
    "request_sent_on",
    "conduct_on",
    "facts",
    "grounds",
    "answer",
)


@pytest.mark.parametrize("law", COMPOSED)
def test_the_short_text_says_all_that_it_should_where_details_are_few(
    catalogue: Catalogue, templates: Templates, law: str
) -> None:
    for request in one_each(law, by_authority=True):
        known = a_sender(request.option).details
        asked_for = asks(catalogue, request.option)
        few = {one.name: known[one.name] for one in asked_for if one.name in FEW or not one.optional}
        letter = compose(catalogue, templates, replace(request, sender=Sender(details=few)))
        told = shapes.short(letter)
        where = (template_of(catalogue, request.option), request.language, request.situation.place)
        for block in (one for one in letter.body.blocks if not one.long and not isinstance(one, Table)):
            for line in lines(Body((), (block,))):
                assert plain(line) in told or plain(line).upper() in told, where


@pytest.mark.parametrize("law", COMPOSED)
def test_the_short_text_keeps_its_demand_and_its_name_however_much_is_written(
    catalogue: Catalogue, templates: Templates, law: str
) -> None:
    for request in one_each(law):
        details = {**request.sender.details}
        for one in asks(catalogue, request.option):
            if one.detail.kind in (Kind.WORDS, Kind.LINES):
                details[one.name] = ("word " * one.detail.longest)[: one.detail.longest]
        letter = compose(catalogue, templates, replace(request, sender=replace(request.sender, details=details)))
        told = shapes.short(letter)
        first = next(block for block in letter.body.blocks if isinstance(block, Paragraph) and not block.long)
        assert len(told) < SHORT_TEXT
        assert plain(first.text) in told
        assert told.endswith(letter.signatory)


@pytest.mark.parametrize("law", COMPOSED)
def test_each_block_has_its_meaning_beside_it_in_every_other_language(
    catalogue: Catalogue, templates: Templates, law: str
) -> None:
    for request in one_each(law):
        for reader in {"en", "fr"} & set(written_in(catalogue, templates, request.option)) - {request.language}:
            meant = gloss(catalogue, templates, request, reader)
            assert meant
            ours, theirs = (
                compose(catalogue, templates, one).body.blocks for one in (request, replace(request, language=reader))
            )
            for block, same, meaning in zip(ours, theirs, meant.meanings, strict=True):
                nothing_to_say = not block.id or isinstance(block, Table) or block == same
                assert bool(meaning) != nothing_to_say or isinstance(block, Items), (block, meaning)


# Where the wanted language is not written


def unwritten() -> list[Way]:
    """One way for each authority that reads no language that its letter is written in."""
    found = {}
    for way in (way for law in COMPOSED for way in ways()[law] if way.option.right is Right.COMPLAINT):
        reads = the_catalogue().addressees[way.option.addressee or ""].languages
        if wanted_language(way.option) != way.languages[0] not in reads:
            found[(wanted_language(way.option), way.option.addressee)] = way
    return list(found.values())


def test_english_stands_in_for_a_language_that_is_not_written(catalogue: Catalogue) -> None:
    found = unwritten()
    assert found
    assert {way.languages[0] for way in found} == {"en"}
    assert {wanted_language(way.option) for way in found} <= {path.stem for path in COVERS}


def test_a_cover_in_the_authority_s_language_introduces_every_complaint_in_english(
    catalogue: Catalogue, templates: Templates
) -> None:
    for way in unwritten():
        for role in roles_for(way.option):
            request = Request(way.situation, way.option, a_sender(way.option, role), TODAY, "en")
            letter = cover(catalogue, templates, request)
            assert letter
            assert letter.language.split("-")[0] == wanted_language(way.option)
            printed = shapes.printed(letter)
            assert not re.search(r"===|[{}]|\bNone\b|  ", shapes.text(letter)), printed
            assert "Ana Example" in printed
            assert letter.addressee == compose(catalogue, templates, request).addressee
            assert letter.to_sign is None


#: How each language of a cover says regulation, directive, act and article, and shortens the laws' names. One that is
#: not listed is held to what all have: no number, no sign, no name of a law of the catalogue.
LEGAL = {
    "bg": r"регламент|директив|закон|\bчлен|\bчл\.|ОРЗД|ЗЗЛД",
    "cs": r"nařízen|směrnic|zákon|článk|\bčl\.|\bodst",
    "da": r"forordning|direktiv|\blov|artikel|\bstk",
    "es": r"reglament|directiva|\bley|artículo|RGPD",
    "et": r"määrus|direktiiv|seadus|artik|\bIKÜM|\bIKS",
    "fi": r"asetu|direktiiv|\blaki|\blain\b|artikl",
    "ga": r"rialachán|treoir|\bacht|airteagal|RGCS",
    "hr": r"uredb|direktiv|zakon|člank",
    "hu": r"rendelet|irányelv|törvény|cikk|Infotv",
    "is": r"reglugerð|tilskipun|\blög(um|in)?\b|\bgr\.",
    "lt": r"reglament|direktyv|įstatym|straipsn|BDAR",
    "lv": r"regul|direktīv|\blikum|\bpant|VDAR",
    "mt": r"regolament|direttiva|\bliġi|\batt\b|artikolu|RĠPD",
    "nl": r"verordening|richtlijn|\bwet\b|artikel|\bAVG",
    "no": r"forordning|direktiv|\blov|artikkel",
    "pl": r"rozporządzen|dyrektyw|ustaw|\bart\.|RODO",
    "pt": r"regulament|diretiva|\blei\b|artigo|RGPD",
    "ro": r"regulament|directiv|\bleg[ei]|articol|RGPD",
    "sk": r"nariaden|smernic|zákon|článk|\bčl\.",
    "sl": r"uredb|direktiv|zakon|\bčlen|ZVOP",
    "sv": r"förordning|direktiv|\blag|artikel",
}


def named_laws() -> set[str]:
    """What the catalogue calls its laws, in full and in short, in any language."""
    catalogue = the_catalogue()
    own = {text for law in catalogue.laws.values() for said in (law.name, law.short) for text in said.values()}
    return own | {one.name for place in catalogue.jurisdictions.values() for one in place.transposes.values()}


@pytest.mark.parametrize("path", COVERS, ids=lambda path: path.stem)
def test_a_cover_cites_no_law_because_it_goes_with_letters_under_every_law(path: Path) -> None:
    body = parse(path.read_text(encoding="utf-8"))
    written = " ".join(run for line in lines(body) for run in line if isinstance(run, str))
    assert not re.search(rf"(?i)\d|§|{LEGAL.get(path.stem, 'GDPR')}|GDPR", written), written
    assert not {name for name in named_laws() if re.search(rf"(?i)\b{re.escape(name)}\b", written)}


def test_a_cover_goes_with_complaints_about_companies_and_about_police() -> None:
    laws = {(wanted_language(way.option), way.option.law) for way in unwritten()}
    assert {"eu-gdpr", "eu-led"} <= {law for _, law in laws}


def test_a_complaint_about_police_cites_the_directive_and_its_cover_no_other_law(
    catalogue: Catalogue, templates: Templates
) -> None:
    situation = a_situation("se", "se-polisen", "complaint")
    option = route(catalogue, situation).best
    assert (option.law, wanted_language(option)) == ("eu-led", "sv")
    request = Request(situation, option, a_sender(option), TODAY, "en")
    assert "Directive (EU) 2016/680" in shapes.printed(compose(catalogue, templates, request))
    introduced = cover(catalogue, templates, request)
    assert introduced
    assert not re.search(r"\b77\b|dataskyddsförordningen", shapes.text(introduced))


@pytest.mark.parametrize(
    ("place", "right", "language", "because"),
    [
        ("pl", "access", "en", "it goes to the organisation"),
        ("pl", "complaint", "fr", "the cover says that the complaint is in English"),
        ("at", "complaint", "en", "the complaint could be had in German"),
        ("ie", "complaint", "en", "the authority works in English"),
    ],
)
def test_no_cover_goes_with_what_needs_none(
    catalogue: Catalogue, templates: Templates, place: str, right: str, language: str, because: str
) -> None:
    situation = a_situation(place, right=right)
    option = route(catalogue, situation).best
    request = Request(situation, option, a_sender(option), TODAY, language)
    assert cover(catalogue, templates, request) is None, because


def test_a_letter_that_is_not_written_is_named(catalogue: Catalogue, templates: Templates) -> None:
    situation = a_situation(right="restriction")
    option = route(catalogue, situation).best
    with pytest.raises(NoLetter, match=r"write templates/letters/eu-gdpr/restriction\.en\.txt"):
        written_in(catalogue, templates, option)


def test_a_complaint_waits_for_the_region_that_decides_who_takes_it(catalogue: Catalogue) -> None:
    with pytest.raises(NoLetter, match="name it first"):
        template_of(catalogue, route(catalogue, a_situation("de", right="complaint")).best)


def test_nobody_is_written_to_where_nobody_can_be_asked(catalogue: Catalogue, templates: Templates) -> None:
    option = route(catalogue, a_situation("ca-on", "ca-rcmp", "erasure")).best
    assert option.outcome is Outcome.NOT_ELIGIBLE
    with pytest.raises(NoLetter, match="nobody can be asked"):
        template_of(catalogue, option)


# What stands in them


@pytest.mark.parametrize(
    ("place", "organisation", "right", "language", "day", "written", "because"),
    [
        ("fr", "clearview-ai", "complaint", "fr", date(2027, 3, 1), "1er mars 2027", "the first is an ordinal"),
        ("fr", "clearview-ai", "complaint", "fr", date(2027, 3, 11), "11 mars 2027", "the eleventh is none"),
        ("ca-qc", "ca-bank", "access", "fr", date(2027, 8, 1), "1er août 2027", "in Canada too"),
        ("at", "clearview-ai", "complaint", "de", date(2027, 1, 5), "5. Jänner 2027", "January in Austria"),
        ("de-by", "clearview-ai", "complaint", "de", date(2027, 1, 5), "5. Januar 2027", "and in Germany"),
        ("gr", "clearview-ai", "complaint", "el", date(2027, 3, 3), "3 Μαρτίου 2027", "the genitive"),
        ("it", "clearview-ai", "complaint", "it", date(2027, 3, 3), "3 marzo 2027", "no capital"),
        ("it", "clearview-ai", "complaint", "it", date(2027, 5, 1), "1º maggio 2027", "the first is an ordinal"),
        ("ch", "clearview-ai", "complaint", "de", date(2027, 1, 5), "5. Januar 2027", "as in Germany"),
        ("us-ca", "clearview-ai", "access", "en", date(2027, 3, 1), "March 1, 2027", "the month first"),
        ("gb", "clearview-ai", "access", "en", date(2027, 3, 1), "1 March 2027", "the day first"),
        ("ca-on", "clearview-ai", "access", "en", date(2027, 3, 1), "March 1, 2027", "as in the United States"),
    ],
)
def test_a_date_is_written_as_the_country_writes_it(
    catalogue: Catalogue, templates: Templates, place: str, organisation: str, right: str, language: str, day: date,
    written: str, because: str,
) -> None:  # fmt: skip
    situation = a_situation(place, organisation, right)
    option = route(catalogue, situation).best
    letter = compose(catalogue, templates, Request(situation, option, a_sender(option), day, language))
    assert letter.written_day == written, because


def test_dates_in_the_text_are_written_out_too() -> None:
    letter = a_letter(a_situation("at", right="complaint"), "de", request_sent_on="2027-01-05", answer="none")
    assert "5. Jänner 2027" in shapes.text(letter)
    assert "2027-01-05" not in shapes.printed(letter)


@pytest.mark.parametrize("language", ["en", "fr", "de", "it", "el"])
@pytest.mark.parametrize("role", [Role.PARENT, Role.AGENT])
def test_who_writes_for_somebody_else_says_so_and_signs_a_page(
    catalogue: Catalogue, templates: Templates, language: str, role: Role
) -> None:
    situation = a_situation(right="complaint")
    option = route(catalogue, situation).best
    letter = compose(catalogue, templates, Request(situation, option, a_sender(option, role), TODAY, language))
    first = letter.body.blocks[0]
    assert first.id == "role"
    assert {"Petra Vorlage", "Ana Example"} <= {
        name for name in ("Petra Vorlage", "Ana Example") if name in shapes.printed(letter)
    }
    assert letter.sender[0] == letter.signatory == "Petra Vorlage"
    assert letter.to_sign
    assert {"Petra Vorlage", "Ana Example"} <= set(re.findall(r"Petra Vorlage|Ana Example", words_of(letter.to_sign)))
    assert inks_of(letter.to_sign) == Counter([Ink("date"), Ink("signature")])


#: Every law with a mandate and every language that its complaint is written in.
MANDATED = [
    (law.id, language)
    for law in LAWS
    if law.mandate
    for language in sorted(the_templates().languages(law.letters or law.id, "complaint"))
]


def mandated(law: str, language: str) -> Request:
    """A group's complaint under a law."""
    way = next(one for one in ways()[law] if mandate_for(the_catalogue(), one.option))
    return Request(way.situation, way.option, a_sender(way.option, Role.GROUP), TODAY, language)


@pytest.mark.parametrize("law", COMPOSED)
def test_a_group_writes_exactly_what_its_law_has_a_mandate_for(
    catalogue: Catalogue, templates: Templates, law: str
) -> None:
    given = catalogue.laws[law].mandate if law != VOLUNTARY else None
    for request in one_each(law):
        option = request.option
        may = bool(given and option.right in given.rights and not option.to_organisation_first)
        assert bool(mandate_for(catalogue, option)) == may
        asked_by = replace(request, sender=a_sender(option, Role.GROUP))
        if may:
            assert compose(catalogue, templates, asked_by).to_sign
        else:
            with pytest.raises(NoLetter, match="a group writes it as an agent"):
                compose(catalogue, templates, asked_by)


@pytest.mark.parametrize(("law", "language"), MANDATED)
def test_a_group_says_on_what_and_as_what_it_writes(
    catalogue: Catalogue, templates: Templates, law: str, language: str
) -> None:
    request, mandate = mandated(law, language), catalogue.laws[law].mandate
    letter = compose(catalogue, templates, request)
    assert mandate
    opening, kind = letter.body.blocks[:2]
    assert (opening.id, kind.id) == ("role", "role-body")
    said = words_of(Body((), (opening,)))
    for one in (mandate.cite[language], "Sample Rights Group", "Ana Example"):
        assert one in said
    assert mandate.bodies[language] in words_of(Body((), (kind,)))
    assert letter.sender == ("Sample Rights Group", "2 Sample Square", "1020 Sampletown")
    assert letter.signatory == "Sample Rights Group"
    assert "1 Sample Street" in words_of(letter.body)
    assert mandate.cite[language] in shapes.short(letter)


@pytest.mark.parametrize(("law", "language"), MANDATED)
def test_whom_a_group_writes_for_signs_a_mandate_that_names_its_provision_and_both(
    catalogue: Catalogue, templates: Templates, law: str, language: str
) -> None:
    request, mandate = mandated(law, language), catalogue.laws[law].mandate
    page = compose(catalogue, templates, request).to_sign
    assert page
    assert mandate
    assert mandate.cite[language] in plain(page.subject)
    organisation = request.situation.organisation.name
    for one in ("Sample Rights Group", "Ana Example", organisation.get(language, organisation["en"])):
        assert one in words_of(page)
    assert [block.id for block in page.blocks] == [
        "authority-statement", "authority-scope", "authority-limits", "authority-signature"
    ]  # fmt: skip
    assert inks_of(page) == Counter([Ink("date"), Ink("signature")])
    assert words_of(page) != words_of(agents_page(request))


def agents_page(request: Request) -> Body:
    sender = a_sender(request.option, Role.AGENT)
    page = compose(the_catalogue(), the_templates(), replace(request, sender=sender)).to_sign
    assert page
    return page


@pytest.mark.parametrize("law", [law.id for law in LAWS if law.mandate])
def test_a_mandate_is_cited_by_the_same_numbers_in_all_languages_of_its_letters(
    catalogue: Catalogue, law: str
) -> None:
    mandate = catalogue.laws[law].mandate
    assert mandate
    assert set(mandate.cite) == set(mandate.bodies) == {language for own, language in MANDATED if own == law}
    numbers = {language: sorted(re.findall(r"\d+", cite)) for language, cite in mandate.cite.items()}
    common = {number for number in numbers["en"] if number in mandate.ref}
    assert common
    for language, found in numbers.items():
        assert common <= set(found), language
        assert set(found) <= {*numbers["en"], "2016", "679"}, language  # some call the GDPR by its number
    assert not [language for language, words in mandate.bodies.items() if re.search(r"\d", words)]


def test_who_writes_for_themselves_says_nothing_of_it() -> None:
    letter = a_letter()
    assert "role" not in ids_of(letter)
    assert letter.to_sign is None


def test_the_letter_goes_to_the_addressee_of_the_route() -> None:
    assert a_letter().addressee[0] == "Clearview AI, Inc."
    assert (
        a_letter(a_situation("at", right="complaint"), "de")
        .addressee[0]
        .endswith("Österreichische Datenschutzbehörde")
    )


def test_an_organisation_that_nobody_knows_stands_where_the_person_says(
    catalogue: Catalogue, templates: Templates
) -> None:
    situation = a_situation("ca-qc", "ca-bank")
    option = route(catalogue, situation).best
    sender = replace(a_sender(option), organisation_address=("Bank of Sampletown", "1 Money Street", "Montréal"))
    letter = compose(catalogue, templates, Request(situation, option, sender, TODAY, "fr"))
    assert letter.addressee[-2:] == ("1 Money Street", "Montréal")


def test_a_machine_reads_the_law_of_a_letter_and_nothing_of_the_person() -> None:
    letter = a_letter()
    assert letter.facts["law"] == "eu-gdpr"
    assert letter.facts["addressee"] == "clearview-ai"
    assert not {"Ana Example", "ana@example.org"} & set(letter.facts.values())


def test_decisions_are_cited_where_they_concern_the_organisation() -> None:
    assert "SAN-2022-019" in shapes.text(a_letter(a_situation("fr", right="erasure")))
    assert "SAN-2022-019" not in shapes.text(a_letter(a_situation("fr", "idemia", "erasure")))


@pytest.mark.parametrize(
    ("answer", "english", "french"),
    [
        ("none", "It has not answered.", "Elle n’a pas répondu."),
        ("refused", "It refused my request.", "Elle a rejeté ma demande."),
        ("incomplete", "Its answer is incomplete.", "Sa réponse est incomplète."),
        ("not_asked", "", ""),
    ],
)
def test_a_complaint_about_the_mounted_police_says_what_they_answered(answer: str, english: str, french: str) -> None:
    situation = a_situation("ca", "ca-rcmp", "complaint", conduct_on="2026-07-01")
    for language, words in (("en", english), ("fr", french)):
        letter = a_letter(situation, language, answer=answer)
        assert letter.facts["law"] == "ca-rcmp-complaints"
        assert ("steps" in ids_of(letter)) is bool(words)
        assert words in shapes.text(letter)
        assert bool(letter.body.enclosures) is bool(words)


def test_a_letter_to_a_processor_asks_for_whom_it_works() -> None:
    assert "processor" in ids_of(a_letter(a_situation("at", "palantir")))
    assert "processor" not in ids_of(a_letter())


@pytest.mark.parametrize("right", ["access", "rectification"])
@pytest.mark.parametrize("place", ["us-ny", "at"])
@pytest.mark.parametrize("role", [Role.SELF, Role.PARENT, Role.AGENT])
def test_a_declaration_leaves_the_place_of_signing_and_its_sentence_to_the_hand(
    place: str, right: str, role: Role
) -> None:
    letter = a_letter(a_situation(place, "us-cbp", right), role=role)
    printed = shapes.printed(letter)
    assert (
        "If executed within the United States, its territories, possessions, or commonwealths: I declare under "
        "penalty of perjury that the foregoing is true and correct." in printed
    )
    assert (
        "If executed without the United States: I declare under penalty of perjury under the laws of the United "
        "States of America that the foregoing is true and correct." in printed
    )
    assert "strike out" in printed
    assert inks_of(letter.body) == Counter([Ink("date"), Ink("place"), Ink("signature")])


def test_the_table_of_details_has_only_what_the_law_asks_for_and_the_person_gave(catalogue: Catalogue) -> None:
    letter = a_letter(email="", date_of_birth="1990-03-31")
    table = next(block for block in letter.body.blocks if isinstance(block, Table))
    labels = [label for (label,), _ in table.rows]
    own = catalogue.languages["en"].fields
    assert labels == [
        own[one] for one in ("full_name", "residence", "other_names", "address", "photo_links", "accounts")
    ]


@pytest.mark.parametrize("law", COMPOSED)
def test_a_letter_that_says_nobody_answered_gives_no_day_of_an_answer(
    catalogue: Catalogue, templates: Templates, law: str
) -> None:
    for request in one_each(law):
        if "answer" not in {one.name for one in asks(catalogue, request.option)}:
            continue
        sender = a_sender(request.option, answer="none", answered_on="2026-10-19")
        letter = compose(catalogue, templates, replace(request, sender=sender))
        assert "answered" not in ids_of(letter), template_of(catalogue, request.option)


@pytest.mark.parametrize(
    "path", [path for path in OWN if path.parent.name.startswith("uk-")], ids=name_of, scope="module"
)
def test_no_british_letter_cites_the_article_that_is_gone(path: Path) -> None:
    for context, body in rendered(path):
        assert not re.search(r"(Article|art\.)[ \u00a0]77\b|165\(1\)", words_of(body)), context


@pytest.mark.parametrize("language", ["en", "fr"])
def test_under_pipeda_access_and_deletion_go_in_letters_of_their_own(language: str) -> None:
    deletion = re.compile(r"\b(delet|eras|destroy|supprim|efface|détrui)", re.IGNORECASE)
    access = re.compile(r"give me (access|a copy)|donner accès|fournir une copie", re.IGNORECASE)
    for _, body in rendered(LETTERS / "ca-pipeda" / f"access.{language}.txt"):
        assert access.search(words_of(body))
        assert not deletion.search(words_of(body))
    for _, body in rendered(LETTERS / "ca-pipeda" / f"erasure.{language}.txt"):
        assert deletion.search(words_of(body))
        assert not access.search(words_of(body))


FIRST = [law.id for law in LAWS if any(given.first for given in law.rights.values())]


@pytest.mark.parametrize("law", FIRST)
def test_a_first_complaint_cites_the_law_that_asks_for_it_and_the_time_that_it_sets(
    catalogue: Catalogue, templates: Templates, law: str
) -> None:
    firsts = [one for one in requests(law) if one.option.to_organisation_first]
    assert firsts
    for request in firsts:
        given = catalogue.laws[law].rights[request.option.right].first
        assert given
        letter = compose(catalogue, templates, request)
        printed = shapes.printed(letter)
        assert given.cite[request.language] in printed
        assert catalogue.languages[request.language].time_limit[given.deadline] in printed
        assert (letter.facts["articles"], letter.facts["deadline_rule"]) == (given.ref, given.deadline)


def test_a_missing_detail_is_named(catalogue: Catalogue, templates: Templates) -> None:
    situation = a_situation(right="objection")
    option = route(catalogue, situation).best
    with pytest.raises(BadLetter, match="needs a value for “grounds”"):
        compose(catalogue, templates, Request(situation, option, Sender(details={"full_name": "A"}), TODAY, "en"))


def test_a_law_without_a_citation_in_the_language_is_refused_not_left_blank(
    catalogue: Catalogue, templates: Templates
) -> None:
    situation = a_situation("gb")
    option = route(catalogue, situation).best
    with pytest.raises(NoLetter, match=r"key “rights.access.cite.de” is missing: add it"):
        compose(catalogue, templates, Request(situation, option, a_sender(option), TODAY, "de"))


# Edited by the person


def edited(change: str = "", to: str = "") -> tuple[Request, str]:
    situation = a_situation()
    option = route(the_catalogue(), situation).best
    request = Request(situation, option, a_sender(option), TODAY, "en")
    source = text(compose(the_catalogue(), the_templates(), request).body)
    assert change in source
    return replace(request, text=source.replace(change, to, 1)), source


def test_a_text_that_is_given_back_untouched_is_the_same_letter(catalogue: Catalogue, templates: Templates) -> None:
    request, _ = edited()
    assert compose(catalogue, templates, request) == compose(catalogue, templates, replace(request, text=None))
    assert changed(catalogue, templates, request) == ()


def test_a_changed_legal_block_is_found_by_its_id(catalogue: Catalogue, templates: Templates) -> None:
    request, _ = edited("Article\u00a012(3)", "Article\u00a021(3)")
    found = changed(catalogue, templates, request)
    assert found
    assert set(found) <= set(ids_of(compose(catalogue, templates, replace(request, text=None))))


def test_a_legal_block_that_is_taken_out_is_found(catalogue: Catalogue, templates: Templates) -> None:
    request, source = edited()
    body = parse(source)
    without = text(replace(body, blocks=body.blocks[1:]))
    assert changed(catalogue, templates, replace(request, text=without)) == (body.blocks[0].id,)


def test_a_blank_in_an_edited_text_is_refused(catalogue: Catalogue, templates: Templates) -> None:
    request, source = edited()
    with pytest.raises(BadLetter, match="needs a value for “full_name”"):
        compose(catalogue, templates, replace(request, text=source + "\n{full_name}\n"))


def test_jinja_in_an_edited_text_is_refused_and_never_run(catalogue: Catalogue, templates: Templates) -> None:
    request, source = edited()
    with pytest.raises(BadLetter, match="a brace that is no blank"):
        compose(catalogue, templates, replace(request, text=source + "\n{{ 7 * 7 }}\n"))


def test_the_name_of_an_organisation_is_text_as_well(catalogue: Catalogue, templates: Templates) -> None:
    body = replace(an_organisation(), name={"en": "=== core:x {full_name} {{ 7*7 }}"})
    letter = a_letter(a_situation("at", body, "objection"))
    assert parse(text(letter.body)) == letter.body
    assert "49" not in shapes.subject(letter)
