"""The French pages: every message is there, well set, and nothing on them is left in English."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from lxml.html import HtmlElement

from portal.cases import saved
from tests.building import DATA, ROOT, flat, the_catalogue
from tests.web.browsing import CLEARVIEW, COMPLAINT, UNKNOWN, Browser, Page, id_of, words
from tests.web.conftest import AnApp
from tests.web.samples import RECORDS

TRANSLATIONS = ROOT / "portal" / "translations"
FRENCH = TRANSLATIONS / "fr" / "LC_MESSAGES" / "messages.po"
OURS = ("_l", "lazy_gettext", "column", "BadLetter", "NotRendered", "TooLong", "NotBound")
KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys(OURS)}

#: A page of each kind that needs nothing but its address.
PAGES = (
    "/",
    "/?q=clearview",
    "/?q=police",
    "/?q=zzqy",
    f"/?q={'x' * 120}",
    "/somebody-else",
    "/somebody-else?sent=1",
    "/to/clearview-ai",
    "/to/clearview-ai?sent=1",
    "/to/us-fbi",
    "/to/clearview-ai/access",
    "/to/clearview-ai/access?place=",
    "/to/clearview-ai/access?place=ca",
    "/to/clearview-ai/access?place=ca&sent=1",
    "/to/clearview-ai/access/fr",
    "/to/clearview-ai/access/ca-qc",
    "/to/clearview-ai/erasure/ca",
    "/to/clearview-ai/complaint/gb",
    "/to/clearview-ai/appeal/us-co",
    "/to/clearview-ai/access/br",
    "/to/ca-rcmp/records/fr",
    "/to/palantir/access/fr",
    "/to/be-federal-police/access/be",
    "/to/us-fbi/access/fr",
    CLEARVIEW,
    COMPLAINT,
    UNKNOWN,
    "/to/us-fbi/records/at/us-foia",
    "/how-it-works",
    "/privacy",
    "/terms",
    "/accessibility",
    "/contact",
    "/wrong",
    "/wrong/received",
    "/licence",
    "/taken",
    "/no-such-page",
    "/reference",
    "/reference?q=cnil",
    "/deadlines?sent=1",
    "/deadlines?sent=1&rule=eu-1m&day=25&day=11&day=2026&place=at",
    "/deadlines?sent=1&rule=us-foia-20wd&day=10&day=11&day=2026",
    "/deadlines?sent=1&rule=ca-fed-30d&day=7&day=1&day=2027",
    *(f"/{kind}" for kind in RECORDS),
    *(f"/{kind}/{id_}" for kind, id_ in RECORDS.items()),
    "/laws/ca-privacy-act",
    "/laws/eu-led",
    "/organisations/pimeyes",
    "/organisations/us-ice",
    "/organisations/ca-bank",
    "/letter/0123456789abcdef0123456789abcdef",
)
#: Words that an English sentence has and a name or a source has not.
ENGLISH = re.compile(r"\b(the|you|your|they|their|we|our|is|are|not|does|what|who|which)\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")
WRONG = re.compile(
    r"(?P<narrow>(?<!\u202f)[;!?])"
    r"|(?P<colon>(?<!\u00a0):(?!//)(?!\d))"
    r"|(?P<guillemets>«(?!\u00a0)|(?<!\u00a0)»)"
    r"|(?P<straight>['\"“”])"
    r"|(?P<dots>\.\.\.)"
    r"|(?P<twice>[ \u00a0\u202f]{2})"
    r"|(?P<thousands>\d[ ,]\d{3}\b)"
    r"|(?P<inclusive>\w[·•]\w|\(e\)|\(ne\))"
)


# The catalogue


@lru_cache
def the_french() -> Catalog:
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def messages() -> Iterator[Message]:
    return (message for message in the_french() if message.id)


def forms(message: Message) -> tuple[str, ...]:
    """The French of a message; all forms of a plural."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def ids(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


@lru_cache
def extracted() -> frozenset[Any]:
    """What `make messages` would find now."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    return frozenset(message for _, _, message, _, _ in found)


def placeholders(texts: tuple[str, ...]) -> set[str]:
    return {name or other for text in texts for name, other in PLACEHOLDER.findall(text)}


def test_every_message_of_the_pages_is_in_the_catalogue() -> None:
    assert len(extracted()) > 300
    assert sorted(map(str, extracted() - {message.id for message in messages()})) == []


def test_the_catalogue_holds_no_message_that_no_page_has() -> None:
    assert sorted(map(str, {message.id for message in messages()} - extracted())) == []
    assert not the_french().obsolete


def test_no_message_is_fuzzy() -> None:
    assert not [message.id for message in messages() if message.fuzzy]


def test_no_message_is_empty_and_a_plural_has_all_its_forms() -> None:
    assert the_french().num_plurals == 2
    for message in messages():
        assert all(form.strip() for form in forms(message)), message.id
        assert len(forms(message)) == (2 if message.pluralizable else 1), message.id


def test_a_message_has_the_placeholders_of_the_english() -> None:
    differing = [
        (message.id, form)
        for message in messages()
        for form in forms(message)
        if placeholders((form,)) != placeholders(ids(message)) or form.count("%") != ids(message)[-1].count("%")
    ]
    assert not differing


def test_babel_finds_no_fault_in_the_catalogue() -> None:
    assert not [(message.id, faults) for message, faults in the_french().check()]


# Typography


def wrong(text: str) -> list[str]:
    return [f"{found.lastgroup}: {text}" for found in WRONG.finditer(text)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Quoi\u202f? Ceci\u00a0: «\u00a0l’autre\u00a0», 20\u202f000, https://example.org, 12:30", ""),
        ("Quoi ?", "narrow"),
        ("Quoi;", "narrow"),
        ("Ceci :", "colon"),
        ("Ceci:", "colon"),
        ("« oui\u00a0»", "guillemets"),
        ("«\u00a0oui »", "guillemets"),
        ("l'autre", "straight"),
        ("“oui”", "straight"),
        ("et...", "dots"),
        ("deux  blancs", "twice"),
        ("20 000", "thousands"),
        ("20,000", "thousands"),
        ("citoyen·ne", "inclusive"),
    ],
)
def test_the_rule_of_typography_sees_a_fault(text: str, fault: str) -> None:
    assert {found.partition(":")[0] for found in wrong(text)} == ({fault} if fault else set())


def test_the_messages_are_set_as_french_is() -> None:
    assert not [fault for message in messages() for form in forms(message) for fault in wrong(form)]


@pytest.mark.parametrize("id_", saved.load(DATA))
def test_what_staff_write_often_is_set_as_french_is(id_: str) -> None:
    one = saved.load(DATA)[id_]
    texts = [one.title["fr"], *one.text["fr"].split("\n\n"), *(blank.label["fr"] for blank in one.blanks.values())]
    assert not [fault for text in texts for fault in wrong(text)]


def test_a_sentence_has_its_full_stop_where_the_english_has_one() -> None:
    differing = [
        (message.id, form)
        for message in messages()
        for form, english in zip(forms(message), ids(message), strict=True)
        if form.endswith(".") != english.endswith(".") and not form.endswith(("»", "»."))
    ]
    assert not differing


#: The folders of the data that hold French.
FOLDERS = ("laws", "jurisdictions", "organisations", "deadlines")


def french_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "fr" and isinstance(each, str):
                yield each
            else:
                yield from french_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from french_of(each)


@pytest.mark.parametrize(
    "path",
    [path for name in FOLDERS for path in sorted((DATA / name).glob("*.toml"))],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_the_law_in_french_is_set_as_french_is(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    faults = [fault for text in french_of(data) for fault in wrong(text)]
    assert not faults, "write \\u00A0 before a colon and inside « », \\u202F before ; ! ?, and ’ for an apostrophe"


def test_the_law_in_french_has_the_blanks_of_the_english() -> None:
    for path in (DATA / "laws").glob("*.toml"):
        for english, french in pairs(tomllib.loads(path.read_text(encoding="utf-8"))):
            assert placeholders((english,)) == placeholders((french,)), (path.name, french)


def pairs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if isinstance(value.get("en"), str) and isinstance(value.get("fr"), str):
            yield value["en"], value["fr"]
        for each in value.values():
            yield from pairs(each)
    elif isinstance(value, list):
        for each in value:
            yield from pairs(each)


# On the pages


@pytest.fixture(scope="module")
def french_app(a_lasting_app: AnApp, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A portal with the catalogue as it lies on the disk, compiled here."""
    app = a_lasting_app()
    folder = tmp_path_factory.mktemp("translations")
    compiled = folder / "fr" / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as file:
        write_mo(file, the_french())
    app.extensions["babel"].translation_directories = [str(folder)]
    return app


@pytest.fixture
def french(french_app: Flask) -> Browser:
    browser = Browser(french_app)
    browser.client.set_cookie("language", "fr")
    return browser


def ours(page: Page) -> list[str]:
    """The texts of a page that are in its language, each as it stands between two tags; addresses are not."""
    return [text for element in page.tree.iter() for text in _texts(element) if text.strip()]


def _texts(element: HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    if _counts(element):
        yield from (element.text or "", *_attributes(element))
        yield from (child.tail or "" for child in element)


def _attributes(element: HtmlElement) -> Iterator[str]:
    return (element.get(name, "") for name in ("aria-label", "title", "placeholder", "alt"))


def _counts(element: HtmlElement) -> bool:
    here = [element, *element.iterancestors()]
    if any(one.tag in ("script", "style", "textarea", "address") for one in here):
        return False
    spoken = next((one.get("lang") for one in here if one.get("lang")), "")
    return spoken.startswith("fr")


def untranslated() -> frozenset[str]:
    """The English of all messages that is not French as well."""
    same = {form for message in messages() for form in forms(message)}
    return frozenset(id_ for message in messages() for id_ in ids(message) if id_ not in same)


def assert_french(page: Page) -> None:
    assert page.tree.get("lang") == "fr"
    assert len(ours(page)) > 10
    folded = [flat(text) for text in ours(page)]
    assert not untranslated() & set(folded), page.path
    long = [english for english in untranslated() if len(english) > 20]
    assert not [(english, text) for english in long for text in folded if english in text], page.path
    assert not [text for text in folded if len(ENGLISH.findall(text)) > 1], page.path


@pytest.mark.parametrize("address", PAGES)
def test_nothing_on_a_page_is_left_in_english(french: Browser, address: str) -> None:
    assert_french(french.get(address))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_set_as_french_is(french: Browser, address: str) -> None:
    set_wrong = [fault for text in ours(french.get(address)) for fault in wrong(re.sub(r"[ \n]+", " ", text))]
    # Names of others stand as they write them, and what the tags part is no sentence of its own.
    # Neither do addresses and telephone numbers.
    names = re.compile(r"Mossos d'Esquadra|^(colon|narrow): \s*[:?]|^\w+: [\w.-]+\.\w+/\S*$|^thousands: \+\d")
    ours_to_set = [fault for fault in set_wrong if fault.partition(": ")[2] not in as_in_canada()]
    assert not [fault for fault in ours_to_set if not names.search(fault)]


@cache
def as_in_canada() -> set[str]:
    """What stands in letters to Canada, which puts no space before ; ! and ?."""
    return {
        re.sub(r"[ \n]+", " ", text["fr"])
        for one in the_catalogue().arguments.values()
        for text in (one.text, *one.demands)
        if "fr" in text and any(law.startswith("ca-") for law in one.laws)
    }


# What forms say


def test_every_error_of_a_form_is_one_of_our_messages(french: Browser) -> None:
    said = {flat(form) for message in messages() for form in forms(message)}
    for address in (CLEARVIEW, COMPLAINT, UNKNOWN, "/to/us-fbi/records/at/us-foia"):
        page = french.get(address)
        wrong_answers = {
            name: ("32", "13", "2026") if len(page.main.xpath(f".//input[@name='{name}'][@type='text']")) == 3 else ""
            for name in page.names() - {"csrf_token", "role"}
        }
        answer = french.send(page, {**wrong_answers, "role": "agent"})
        assert answer.status == 422
        assert answer.errors
        assert not {*answer.errors} - said
        assert_french(answer)


def test_the_words_of_wtforms_are_french_too(french: Browser) -> None:
    answer = french.send(french.get(CLEARVIEW), {"role": "nobody", "full_name": "Ana"})
    assert "N'est pas un choix valide." in answer.errors
    assert "Not a valid choice" not in answer.text


@pytest.mark.parametrize("address", [CLEARVIEW, COMPLAINT, "/to/clearview-ai/complaint/pl/eu-gdpr"])
def test_the_pages_of_a_letter_are_french(french: Browser, address: str) -> None:
    letter = french.write(address)
    assert letter.status == 200
    assert_french(letter)
    taken = french.get(f"/letter/{id_of(letter)}/take")
    assert taken.status == 200
    assert_french(taken)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Madame, Monsieur", "la lettre n’a pas d’objet"),
        ("=== subject\nX\n\nA {brace", "paragraphe 3 : cette accolade ne marque aucun champ"),
        ("=== subject\nX\n\n=== gras\nB", "paragraphe 4 : marque inconnue « gras »"),
        ("=== subject\nX\n\nDear {full_name}", "il manque à la lettre une valeur pour « full_name »"),
    ],
)
def test_a_text_that_cannot_be_read_says_why_in_french(french: Browser, text: str, sentence: str) -> None:
    answer = french.send(french.write(CLEARVIEW), {"text": text}, do="text")
    assert answer.status == 422
    assert len(answer.errors) == 1
    assert sentence in answer.errors[0].replace("\u00a0", " ")


def test_a_letter_that_is_too_long_to_set_says_so_in_french(french: Browser) -> None:
    lines = "=== subject\nX\n\n" + "\n\n".join("x" for _ in range(250))
    letter = french.send(french.write(CLEARVIEW), {"text": lines}, do="text")
    answer = french.get(f"{letter.path}/letter.pdf")
    assert answer.status == 422
    assert "paragraphes et lignes" in answer.text
    assert_french(answer)


def test_an_error_is_read_out_with_french_typography(french: Browser) -> None:
    page = french.get("/to/clearview-ai?sent=1")
    told = page.main.xpath(".//*[contains(@class, 'govuk-error-message')]")
    assert told
    assert told[0].text_content().strip().startswith("Erreur\u00a0: ")


def test_the_first_of_a_month_is_an_ordinal(french: Browser) -> None:
    letter = french.write(COMPLAINT, known_on=("1", "8", "2026"))
    assert "1er août 2027" in words(letter.main)
