"""What the letters lack is said: each file, each word that the data owe them."""

import shutil
from functools import lru_cache
from pathlib import Path

import pytest

from portal.law.files import load
from portal.letters.completeness import missing
from portal.letters.compose import Templates
from tests.building import DATA, LETTERS, the_catalogue, the_templates

FILES = sorted(path.relative_to(LETTERS).as_posix() for path in LETTERS.glob("*/*.txt"))


@lru_cache
def all_missing() -> tuple[str, ...]:
    return tuple(missing(the_catalogue(), the_templates()))


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_missing_in_a_letter(file: str) -> None:
    assert not [problem for problem in all_missing() if file in problem]


def test_nothing_is_missing_for_the_letters() -> None:
    assert not all_missing()


def lacking(folder: Path, file: str, old: str, new: str) -> list[str]:
    """What is said of a copy in which a file says something else; where `old` is empty, the file is gone."""
    shutil.copytree(DATA, folder / "portal" / "data")
    shutil.copytree(LETTERS, folder / "templates" / "letters")
    path = folder / file
    if old:
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer has {old!r}: mend this test"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    else:
        path.unlink()
    return list(missing(load(folder / "portal" / "data"), Templates(folder / "templates" / "letters")))


LAWS, LANGUAGES, TEXTS = "portal/data/laws", "portal/data/languages", "templates/letters"
MISSING = [
    (f"{TEXTS}/eu-gdpr/access.en.txt", "", "", "write templates/letters/eu-gdpr/access.en.txt"),
    (f"{TEXTS}/ca-pipeda/access.en.txt", "", "", "write templates/letters/ca-pipeda/access.en.txt"),
    (f"{TEXTS}/uk-gdpr/company_complaint.en.txt", "", "", "write templates/letters/uk-gdpr/company_complaint.en.txt"),
    (f"{TEXTS}/voluntary/access.en.txt", "", "", "write templates/letters/voluntary/access.en.txt"),
    (f"{TEXTS}/shared/role.de.txt", "", "", "write templates/letters/shared/role.de.txt"),
    (f"{TEXTS}/shared/authority.de.txt", "", "", "write templates/letters/shared/authority.de.txt"),
    (
        f"{TEXTS}/eu-gdpr/complaint.en.txt",
        "=== core:complaint",
        "=== complaint",
        "templates/letters/eu-gdpr/complaint.en.txt: has the mark “=== complaint”: known are core:<id>",
    ),
    (
        f"{TEXTS}/cover/hu.txt",
        "",
        "",
        "write templates/letters/cover/hu.txt: hu-naih takes complaints in the language",
    ),
    (f"{LANGUAGES}/de.toml", 'ch-30d = "', 'ch-31d = "', "languages/de.toml: key “time_limit.ch-30d” is missing"),
    (f"{LANGUAGES}/de.toml", 'email = "E-Mail"', "", "languages/de.toml: key “fields.email” is missing"),
    (f"{LANGUAGES}/el.toml", 'exhibit = "', 'item = "', "languages/el.toml: key “dossier.exhibit” is missing"),
    (
        f"{LANGUAGES}/da.toml",
        "under nummer {number}",
        "under et nummer",
        "languages/da.toml: key “happened.registered” says",
    ),
    (f"{LANGUAGES}/da.toml", 'partly = "', 'part = "', "languages/da.toml: key “decided.partly” is missing: add it"),
    (f"{LANGUAGES}/it.toml", 'gave = "', 'give = "', "languages/it.toml: key “happened.gave” is missing: add it"),
    (
        f"{LANGUAGES}/en.toml",
        "page {page} of {pages}",
        "page {page}",
        "languages/en.toml: key “dossier.page” says 'page {page}': write {page} and {pages} in it",
    ),
    (
        f"{LAWS}/ch-fadp.toml",
        "[rights.access.cite]\nen",
        "[rights.access.cite]\nes",
        "laws/ch-fadp.toml: key “rights.access.cite.en” is missing: the letter ch-fadp/access cites it",
    ),
    (
        f"{LAWS}/eu-gdpr.toml",
        'lt = "BDAR 80',
        'ga = "BDAR 80',
        "laws/eu-gdpr.toml: key “mandate.cite.lt” is missing: the letter eu-gdpr/complaint needs it, add it",
    ),
    (
        f"{LAWS}/eu-led.toml",
        'pl = "podmiotem',
        'ga = "podmiotem',
        "laws/eu-led.toml: key “mandate.bodies.pl” is missing: the letter eu-led/complaint needs it, add it",
    ),
    (
        f"{LAWS}/eu-gdpr.toml",
        '"other_names?"',
        '"nicknames?"',
        "laws/eu-gdpr.toml: key “rights.access.asks” names “nick",
    ),
    (
        "portal/data/jurisdictions/hu.toml",
        'email = "ugyfelszolgalat@naih.hu"\n',
        "",
        "hu-naih: key “contact.accepts” names “email”, and the contact does not say where",
    ),
    (
        f"{TEXTS}/eu-gdpr/access.en.txt",
        "{{ cite }}",
        "{{ sight }}",
        "templates/letters/eu-gdpr/access.en.txt: looks at “sight”, which no template is told",
    ),
    (
        f"{TEXTS}/eu-gdpr/access.en.txt",
        "{{ authority.at }}",
        "{{ authority.by }}",
        "templates/letters/eu-gdpr/access.en.txt: looks at “authority.by”: known are",
    ),
    (
        f"{TEXTS}/eu-gdpr/complaint.en.txt",
        "{facts?}",
        "{fakts?}",
        "templates/letters/eu-gdpr/complaint.en.txt: has the blank {fakts}: known are",
    ),
    (
        f"{TEXTS}/eu-gdpr/complaint.en.txt",
        "{facts?}",
        "{place_of_birth}",
        "templates/letters/eu-gdpr/complaint.en.txt: has the blank {place_of_birth}, which its law does not ask for",
    ),
    (
        f"{TEXTS}/cover/hu.txt",
        "{full_name}",
        "{name}",
        "templates/letters/cover/hu.txt: has the blank {name}: known are",
    ),
    (
        f"{TEXTS}/eu-gdpr/access.en.txt",
        "{% endif %}",
        "",
        "templates/letters/eu-gdpr/access.en.txt: line ",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), MISSING, ids=[row[3][:70] for row in MISSING])
def test_what_is_taken_away_is_said_with_its_cure(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    found = lacking(tmp_path, file, old, new)
    assert [problem for problem in found if problem.startswith(said)], found


def test_a_letter_in_a_language_without_a_file_is_said(tmp_path: Path) -> None:
    shutil.copytree(LETTERS, tmp_path / "letters")
    shutil.copy(LETTERS / "eu-gdpr" / "access.en.txt", tmp_path / "letters" / "eu-gdpr" / "access.xx.txt")
    found = list(missing(the_catalogue(), Templates(tmp_path / "letters")))
    assert "write languages/xx.toml: letters are written in the language" in found
    assert [one for one in found if "key “rights.access.cite.xx” is missing" in one]
