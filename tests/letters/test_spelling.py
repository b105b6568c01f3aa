"""The spelling of what is only drafted, as no lawyer who writes the language has read it.

The dictionaries are Debian's: hunspell's and, for Finnish, voikko's. What they do not know and is right stands in
`tests/data/spelling.toml`.
"""

import re
import subprocess
import tomllib
from collections.abc import Collection, Iterator
from functools import lru_cache

import pytest
from libvoikko import Voikko

from portal.letters.compose import environment, is_drafted
from tests.building import ROOT, the_catalogue, the_templates

LETTERS = ROOT / "templates" / "letters"
LANGUAGES = sorted(id_ for id_ in the_catalogue().languages if is_drafted(the_catalogue(), id_))
#: The dictionary of each, as hunspell names it.
DICTIONARIES = {
    "bg": "bg_BG", "cs": "cs_CZ", "da": "da_DK", "es": "es_ES", "et": "et_EE", "hr": "hr_HR", "hu": "hu_HU",
    "is": "is_IS", "lt": "lt_LT", "lv": "lv_LV", "nl": "nl_NL", "no": "nb_NO", "pl": "pl_PL", "pt": "pt_PT",
    "ro": "ro_RO", "sk": "sk_SK", "sl": "sl_SI", "sv": "sv_SE",
}  # fmt: skip
RIGHT = tomllib.loads((ROOT / "tests" / "data" / "spelling.toml").read_text(encoding="utf-8"))
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
BLANK = re.compile(r"\{[^}]*\}")


def texts(language: str) -> Iterator[str]:
    """All that is written in a language and goes into a complaint, its cover and its dossier."""
    for path in sorted([*LETTERS.glob(f"*/*.{language}.txt"), LETTERS / "cover" / f"{language}.txt"]):
        tokens = environment(LETTERS).lex(path.read_text(encoding="utf-8"))
        lines = "".join(text for _, kind, text in tokens if kind == "data").splitlines()
        yield from (line for line in lines if not line.startswith("==="))
    record = the_catalogue().languages[language]
    for words in (record.fields, record.happened, record.decided, record.shown, record.dossier):
        yield from words.values()
    for law in the_catalogue().laws.values():
        for right in law.rights.values():
            yield right.cite.get(language, "")
        if law.mandate:
            yield from (law.mandate.cite.get(language, ""), law.mandate.bodies.get(language, ""))


@lru_cache
def words(language: str) -> frozenset[str]:
    return frozenset(word for text in texts(language) for word in WORD.findall(BLANK.sub(" ", text)))


def misspelt(language: str, said: Collection[str]) -> frozenset[str]:
    """Those that the dictionary does not have."""
    if language == "fi":
        finnish = Voikko("fi")
        return frozenset(word for word in said if not finnish.spell(word))
    asked = ["hunspell", "-i", "utf-8", "-d", DICTIONARIES[language], "-l"]
    found = subprocess.run(asked, input="\n".join(said), capture_output=True, text=True, check=True)
    assert not found.stderr
    return frozenset(found.stdout.split())


@lru_cache
def unknown(language: str) -> frozenset[str]:
    return misspelt(language, words(language))


def test_nineteen_languages_are_drafted() -> None:
    assert set(LANGUAGES) == {*DICTIONARIES, "fi"}
    assert set(RIGHT) <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_draft_is_spelled_as_its_dictionary_has_it(language: str) -> None:
    assert len(words(language)) > 250
    assert not unknown(language) - {*RIGHT.get(language, ())}


@pytest.mark.parametrize("language", sorted(RIGHT))
def test_what_is_allowed_is_needed(language: str) -> None:
    assert not set(RIGHT[language]) - unknown(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dictionary_finds_a_word_that_is_misspelt(language: str) -> None:
    word = max(words(language) - unknown(language), key=len)
    assert misspelt(language, [word, f"{word[:4]}zqx{word[4:]}"]) == {f"{word[:4]}zqx{word[4:]}"}


def test_what_is_drafted_is_written_for_whom_its_authority_takes_no_english() -> None:
    for language in LANGUAGES:
        assert language in the_templates().languages("eu-gdpr", "complaint")
        assert language in the_templates().languages("eu-led", "complaint")
