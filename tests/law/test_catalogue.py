"""The records of the law: read, checked, joined, complete."""

import re
import shutil
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from portal.cases import saved
from portal.law.catalogue import KINDS, Catalogue
from portal.law.completeness import missing, slugs, unreleased
from portal.law.files import BadData, load, released
from portal.law.records import Calendar, Channel, Confidence, OrganisationKind, Right
from portal.law.review import findings
from portal.letters.channels import CHANNELS
from portal.web.language import LANGUAGES
from tests.building import DATA, TODAY, the_catalogue

FILES = sorted(file for file, _ in the_catalogue().files())
ORGANISATIONS = list(the_catalogue().organisations.values())


def ids(one: object) -> str:
    return str(getattr(one, "id", one))


# Which law it was


def a_copy(folder: Path) -> Path:
    return Path(shutil.copytree(DATA, folder / "data", copy_function=shutil.copyfile))


def test_the_version_names_the_content_wherever_it_lies(tmp_path: Path) -> None:
    assert load(a_copy(tmp_path)).version == the_catalogue().version
    assert re.fullmatch("[0-9a-f]{12}", the_catalogue().version)


@pytest.mark.parametrize("kind", KINDS)
def test_another_word_in_any_file_is_another_version(tmp_path: Path, kind: str) -> None:
    folder = a_copy(tmp_path)
    file = min((folder / kind).glob("*.toml"))
    file.write_text(file.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    assert load(folder).version != the_catalogue().version


# Broken files

BROKEN = [
    ("laws/at-dsg.toml", 'jurisdiction = "at"', 'juristiction = "at"', "juristiction", "not known: correct its"),
    ("laws/at-dsg.toml", 'jurisdiction = "at"\n', "", "jurisdiction", "missing: add it"),
    ("laws/at-dsg.toml", 'id = "at-dsg"', 'id = "at-dsq"', "id", "write id = 'at-dsg'"),
    ("laws/at-dsg.toml", 'law = "eu-gdpr"', 'law = "eu-gdpx"', "supplements.law", "not there: correct it"),
    ("laws/at-dsg.toml", "at-complaint-1y-3y", "at-complaint-9y", "rights.complaint.deadline", "not there"),
    ("laws/at-dsg.toml", "[rights.complaint]", "[rights.complain]", "rights.complain", ""),
    ("laws/at-dsg.toml", 'jurisdiction = "at"', 'jurisdiction = "xx"', "jurisdiction", "not there"),
    ("laws/eu-gdpr.toml", 'deadline = "eu-1m"', 'deadline = "eu-2m"', "deadline", "not there"),
    ("laws/eu-gdpr.toml", 'regulator_of = "person"', 'regulator_of = "anyone"', "reach", ""),
    ("laws/eu-gdpr.toml", 'rights = ["complaint"]', 'rights = ["appeal"]', "mandate.rights", "does not give"),
    ("laws/eu-gdpr.toml", 'rights = ["complaint"]', 'rights = ["portability"]', "mandate.rights", "does not give"),
    ("laws/eu-gdpr.toml", 'person_in = [\n    "eu",', 'person_in = [\n    "uu",', "reach", "not there"),
    ("deadlines/eu-1m.toml", "n = 1\n", 'n = "one"\n', "n", "valid integer"),
    ("deadlines/eu-1m.toml", 'unit = "months"', 'unit = "fortnights"', "unit", ""),
    ("deadlines/eu-1m.toml", "verified = 2026-11-22", 'verified = "lately"', "verified", ""),
    ("jurisdictions/at.toml", 'within = "eu"', 'within = "ue"', "within", "not there"),
    ("jurisdictions/at.toml", 'laws = [\n    "eu-gdpr"', 'laws = [\n    "eu-gdpx"', "at-dsb.supervises.laws", ""),
    ("jurisdictions/at.toml", "[transposes.eu-led]", "[transposes.eu-lex]", "transposes", "not there"),
    ("organisations/clearview-ai.toml", 'kind = "company"', 'kind = "firm"', "kind", ""),
    ("organisations/clearview-ai.toml", 'jurisdiction = "us"', 'jurisdiction = "uz"', "jurisdiction", "not there"),
    ("organisations/clearview-ai.toml", '"dsb-2023"', '"dsb-2032"', "decisions", "not there"),
    ("organisations/clearview-ai.toml", '"email",\n    "post"', '"pigeon",\n    "post"', "contact.accepts", ""),
    ("organisations/us-fbi.toml", 'appeals = "us-doj-oip"', 'appeals = "us-doj-pio"', "appeals", "not there"),
    ("organisations/us-fbi.toml", 'appeals_rule = "us-foia-appeal-90d"', 'appeals_rule = "us-x"', "appeals_rule", ""),
    ("laws/eu-gdpr.toml", 'organisation_not_in = [\n    "eu",', 'organisation_not_in = [\n    "uu",', "reach", ""),
    (
        "organisations/us-fbi.toml",
        'id = "us-fbi"',
        'id = "us-fbi"\nreplaced_by = "us-fib"',
        "replaced_by",
        "not there",
    ),
    ("decisions/dsb-2023.toml", '"clearview-ai"', '"clearview-al"', "about", "not there"),
    ("decisions/dsb-2023.toml", '"eu-gdpr"', '"eu-gdpx"', "laws", "not there"),
    ("jurisdictions/at.toml", '"Europe/Vienna"', '"Europe/Wien"', "time_zone", "IANA"),
    ("jurisdictions/at.toml", '"a4-left"', '"a4"', "layout", "a4-left"),
    ("deadlines/eu-1m.toml", "n = 1\n", "", "n", "add it"),
    ("deadlines/eu-1m.toml", 'calendar = "person"\n', "", "calendar", "add it"),
    ("laws/ca-atia.toml", "[reach.if_not]", "[reach.reason2]", "reach", "not known"),
    ("laws/eu-gdpr.toml", "{place}", "{plaec}", "reach.reason.en", "place"),
    ("laws/au-privacy.toml", "[reach.unknown_seat]", "[reach.if_not]", "reach.unknown_seat", "add it"),
    ("laws/uk-gdpr.toml", '"uk-164a-30d"', '"uk-164b-30d"', "rights.complaint.first.deadline", "not there"),
    ("languages/de.toml", "salutation = ", "greeting = ", "", ""),
    ("arguments/gdpr-fee.toml", '"asks_fee"', '"asks_money"', "reply", "no_answer"),
    ("arguments/gdpr-fee.toml", '"strong"', '"sure"', "strength", "arguable"),
    ("arguments/gdpr-fee.toml", '"eu-gdpr"', '"eu-gdpx"', "laws", "not there"),
    ("arguments/gdpr-fee.toml", '"pimeyes"', '"pimeye"', "against", "not there"),
    ("arguments/gdpr-fee.toml", 'ruling = "c-307-22"', 'ruling = "c-307-23"', "rests_on.ruling", "not there"),
    ("arguments/gdpr-id-copy.toml", '"cnil-2022-019"', '"cnil-2022"', "rests_on.decision", "not there"),
    ("arguments/gdpr-fee.toml", '{ ruling = "c-307-22" }', "{ }", "rests_on.decision", "one of them"),
    (
        "arguments/gdpr-fee.toml",
        'ruling = "c-307-22"',
        'ruling = "c-307-22", decision = "dsb-2023"',
        "rests_on.decision",
        "one of them",
    ),
    ("arguments/gdpr-fee.toml", 'deadline = "none"', 'deadline = "nine"', "next.deadline", "not there"),
    ("arguments/foia-b5.toml", 'us-fbi-foia = "us', 'us-fbi-fio = "us', "next.deadline_of", "not there"),
    (
        "arguments/foia-b5.toml",
        '= "us-foia-appeal-90d"',
        '= "us-foia-appeal-9d"',
        "next.deadline_of.us-fbi-foia",
        "not there",
    ),
    ("arguments/uk-fee.toml", 'to = "gb-ico"', 'to = "gb-oic"', "next.to", "not there"),
    ("rulings/c-307-22.toml", "holding = ", "held = ", "held", "not known"),
]


def a_copy_of_the_data(folder: Path, file: str, old: str, new: str) -> Path:
    copy = folder / "data"
    shutil.copytree(DATA, copy, copy_function=shutil.copyfile)
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text, f"{file} no longer has {old!r}: mend this test"
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "cure"), BROKEN, ids=[f"{row[0]}: {row[2][:40]!r}" for row in BROKEN]
)
def test_a_broken_file_is_refused_with_file_key_and_cure(
    tmp_path: Path, file: str, old: str, new: str, key: str, cure: str
) -> None:
    with pytest.raises(BadData) as refused:
        load(a_copy_of_the_data(tmp_path, file, old, new))
    said = str(refused.value)
    assert said.startswith(f"{file}: key “{key}")
    assert cure in said
    assert len(said) > len(f"{file}: key “{key}”: ")


@pytest.mark.parametrize("text", ["id = ", "id = 'x'\nid = 'y'", "\x00"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, text: str) -> None:
    copy = a_copy_of_the_data(tmp_path, "laws/at-dsg.toml", "id", "id")
    (copy / "laws" / "at-dsg.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadData, match=re.escape("laws/at-dsg.toml: not TOML")):
        load(copy)


def test_a_file_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    copy = a_copy_of_the_data(tmp_path, "laws/at-dsg.toml", "id", "id")
    (copy / "laws" / "at-dsg.toml").write_bytes(b"name = '\xe4'")
    with pytest.raises(BadData, match=re.escape("laws/at-dsg.toml: ")):
        load(copy)


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="jurisdictions: there is no data file"):
        load(tmp_path / "nowhere")


def test_two_addressees_with_one_id_are_refused(tmp_path: Path) -> None:
    copy = a_copy_of_the_data(tmp_path, "jurisdictions/fr.toml", 'id = "fr-cnil"', 'id = "at-dsb"')
    with pytest.raises(BadData, match="the id 'at-dsb' names two addressees: rename"):
        load(copy)


# What a person should look at


def test_nothing_in_the_data_is_unsourced(catalogue: Catalogue) -> None:
    assert [one for one in findings(catalogue, TODAY) if one.kind == "unsourced"] == []


def test_what_is_only_check_is_listed_with_its_file(catalogue: Catalogue) -> None:
    listed = {one.file for one in findings(catalogue, TODAY) if one.kind == "check"}
    for kind in ("laws", "deadlines", "decisions", "rulings", "arguments"):
        for id_, record in getattr(catalogue, kind).items():
            if record.confidence is Confidence.CHECK:
                assert f"{kind}/{id_}.toml" in listed


@pytest.mark.parametrize(("days", "stale"), [(180, False), (181, True)])
def test_a_record_goes_stale_after_180_days(catalogue: Catalogue, days: int, stale: bool) -> None:
    looked_at = catalogue.deadlines["eu-1m"].verified
    today = date.fromordinal(looked_at.toordinal() + days)
    found = {one.file for one in findings(catalogue, today) if one.kind == "stale"}
    assert ("deadlines/eu-1m.toml" in found) is stale


# What is missing


@lru_cache
def all_missing() -> tuple[str, ...]:
    return tuple(missing(the_catalogue(), LANGUAGES))


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_missing_in_a_file(file: str) -> None:
    assert not [problem for problem in all_missing() if problem.startswith(file)]


def test_nothing_is_missing_anywhere() -> None:
    assert not all_missing()


#: What is taken away or put in its place, and what is said then.
MISSING = [
    ("jurisdictions/hu.toml", 'fr = "Hongrie"\n', "", "key “name.fr” is missing"),
    ("jurisdictions/hu.toml", 'layout = "a4-left"\n', "", "key “layout” is missing"),
    ("jurisdictions/hu.toml", 'time_zone = "Europe/Budapest"\n', "", "key “time_zone” is missing"),
    ("jurisdictions/hu.toml", '[calendar]\ncountry = "HU"\n', "", "key “calendar” is missing"),
    ("jurisdictions/hu.toml", 'country = "HU"', 'country = "PX"', "key “calendar”: no calendar for PX"),
    ("jurisdictions/hu.toml", '    "eu-led",\n', "", "key “authorities.supervises.laws” names 'eu-led' nowhere"),
    (
        "jurisdictions/hu.toml",
        '    "Budapest",\n    "Pf.: 9.",\n    "1363",\n    "Hungary",\n',
        "",
        "key “hu-naih.contact.address” is missing",
    ),
    ("jurisdictions/hu.toml", 'en = "National Auth', 'de = "National Auth', "key “hu-naih.name.en” is missing"),
    ("jurisdictions/hu.toml", 'languages = [\n    "hu"', 'languages = [\n    "ca"', "key “languages” names 'ca'"),
    ("jurisdictions/de.toml", '[regions]\nen = "Land"\nfr = "Land"\n', "", "key “regions” is missing"),
    ("jurisdictions/de.toml", 'fr = "Land"\n', "", "key “regions.fr” is missing"),
    ("laws/eu-gdpr.toml", "[reach.reason]\nen", "[reach.reason]\nde", "key “reach.0.reason.en” is missing"),
    ("laws/eu-gdpr.toml", 'fr = "RGPD"\n', "", "key “short.fr” is missing"),
    ("laws/ca-atia.toml", "[reach.question]\nen", "[reach.question]\nde", "key “reach.1.question.en” is missing"),
    ("laws/ca-privacy-act.toml", "[rights.erasure.says]", "[rights.erasure.before]", "key “rights.erasure.says” is"),
    ("laws/eu-gdpr.toml", '    "full_name",\n', "", "key “rights.access.asks” does not begin with “full_name”"),
    ("laws/eu-gdpr.toml", 'ref = "art. 15(1)-(3)"', 'ref = ""', "key “rights.access.ref” is empty"),
    ("laws/eu-led.toml", "[mandate.says]\nen", "[mandate.says]\nde", "key “mandate.says.en” is missing"),
    ("laws/eu-led.toml", 'fr = "un organisme,', 'ga = "un organisme,', "key “mandate.bodies.fr” is missing"),
    ("deadlines/eu-1m.toml", "[extends.notice]\nen", "[extends.notice]\nde", "key “extends.notice.en” is missing"),
    ("deadlines/us-foia-20wd.toml", 'source = "5 USC 6103"\n', "", "key “calendar.source” is missing"),
    ("arguments/gdpr-fee.toml", "[text]\nen", "[text]\nes", "key “text.en” is missing"),
    ("arguments/gdpr-fee.toml", "[next.text]\nen", "[next.text]\nes", "key “next.text.en” is missing"),
    ("arguments/gdpr-fee.toml", '{ en = "Answer free', '{ es = "Answer free', "key “demands.0.en” is missing"),
    ("arguments/gdpr-fee.toml", "[[warnings]]\nen", "[[warnings]]\nes", "key “warnings.0.en” is missing"),
    ("rulings/c-307-22.toml", "[cited]\nen", "[cited]\nes", "key “cited.en” is missing"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), MISSING, ids=[f"{row[0]}: {row[3][:40]}" for row in MISSING])
def test_what_is_taken_away_is_said_with_its_file_and_its_key(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    lacking = list(missing(load(a_copy_of_the_data(tmp_path, file, old, new)), LANGUAGES))
    assert [problem for problem in lacking if problem.startswith(f"{file}: {said}")], lacking


def test_a_language_without_a_file_is_said_of_each_place_that_speaks_it(tmp_path: Path) -> None:
    copy = a_copy_of_the_data(tmp_path, "languages/hu.toml", "id", "id")
    (copy / "languages" / "hu.toml").unlink()
    said = "names 'hu', which has no file: write languages/hu.toml"
    assert list(missing(load(copy), LANGUAGES)) == [
        f"jurisdictions/hu.toml: key “languages” {said}",
        f"jurisdictions/hu.toml: key “hu-naih.languages” {said}",
    ]


def test_all_broken_files_are_named_at_once(tmp_path: Path) -> None:
    copy = a_copy_of_the_data(tmp_path, "laws/at-dsg.toml", 'jurisdiction = "at"', 'juristiction = "at"')
    (copy / "deadlines" / "eu-1m.toml").write_text("", encoding="utf-8")
    with pytest.raises(BadData) as refused:
        load(copy)
    lines = str(refused.value).splitlines()
    assert "laws/at-dsg.toml: key “juristiction” is not known: correct its spelling or take it out" in lines
    assert {f"deadlines/eu-1m.toml: key “{key}” is missing: add it" for key in ("id", "confidence")} <= {*lines}


def test_every_way_of_sending_has_a_module() -> None:
    assert set(CHANNELS) == set(Channel)


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=ids)
def test_a_decision_of_an_organisation_is_about_it(catalogue: Catalogue, organisation: object) -> None:
    for decision in catalogue.organisations[ids(organisation)].decisions:
        assert ids(organisation) in catalogue.decisions[decision].about


@pytest.mark.parametrize("decision", list(the_catalogue().decisions.values()), ids=ids)
def test_a_citation_carries_the_year_of_its_decision(decision: object) -> None:
    record = the_catalogue().decisions[ids(decision)]
    for language, cited in record.cited.items():
        assert record.day[:4] in cited, language
        assert language in the_catalogue().languages


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=ids)
def test_who_writes_to_police_is_told_first_what_they_learn(organisation: object) -> None:
    record = the_catalogue().organisations[ids(organisation)]
    assert record.polices or record.kind is not OrganisationKind.POLICE


# Ids


def there(catalogue: Catalogue) -> frozenset[str]:
    return slugs(catalogue) | saved.slugs(saved.load(DATA))


def test_every_id_ever_released_loads_and_every_id_is_released(catalogue: Catalogue) -> None:
    assert list(unreleased(there(catalogue), released(DATA))) == []


def test_a_new_id_and_one_that_is_gone_and_one_out_of_order_are_said(catalogue: Catalogue) -> None:
    without = [slug for slug in released(DATA) if slug != "jurisdictions/hu"]
    assert list(unreleased(there(catalogue), without)) == [
        "released.txt: jurisdictions/hu is missing: add the line, the file is sorted"
    ]
    (gone,) = unreleased(there(catalogue), [*released(DATA), "rulings/zz-gone"])
    assert gone.startswith("rulings/zz-gone is gone, and links lean on it: put it back")
    assert list(unreleased(there(catalogue), [*sorted(there(catalogue)), "authorities/at-dsb"])) == [
        "released.txt: authorities/at-dsb stands after rulings/wolf: sort the lines, each once"
    ]


# Looking things up


def test_a_place_stands_in_all_that_it_is_within(catalogue: Catalogue) -> None:
    assert catalogue.chain("de-by") == ("de-by", "de", "eu")
    assert catalogue.chain("ca-ns") == ("ca-ns", "ca")
    assert catalogue.chain("") == ()


def test_decisions_are_cited_newest_first_and_only_those_that_fit(catalogue: Catalogue) -> None:
    days = {cited: one.day for one in catalogue.decisions.values() for cited in one.cited.values()}
    found = catalogue.citations("eu-gdpr", "clearview-ai", "de")
    assert found
    assert [days[cited] for cited in found] == sorted((days[cited] for cited in found), reverse=True)
    assert catalogue.citations("eu-gdpr", "ca-rcmp", "de") == ()


def test_a_calendar_is_the_nearest(catalogue: Catalogue) -> None:
    assert catalogue.calendar("de-by") == Calendar(country="DE", subdivision="BY")
    assert catalogue.calendar("br") is None


def test_rights_and_channels_of_the_data_are_those_of_the_code(catalogue: Catalogue) -> None:
    given = {right for law in catalogue.laws.values() for right in law.rights}
    assert given == set(Right)
