"""The records of the law: read, checked, joined."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from portal.law.catalogue import BadData, Catalogue, broken, findings, load
from portal.law.holidays import holidays
from portal.law.records import Calendar, Channel, Confidence, Jurisdiction, OrganisationKind, Right, Side, Standing
from portal.letters.channels import CHANNELS
from portal.letters.details import asked
from portal.letters.letter import Layout
from tests.building import DATA, ROOT, TODAY, the_catalogue

RELEASED = (ROOT / "tests" / "data" / "released_slugs.txt").read_text(encoding="utf-8").split()
MEMBERS = [place for place in the_catalogue().jurisdictions.values() if place.within == "eu"]
PLACES = [place for place in the_catalogue().jurisdictions.values() if place.id != "eu"]
LAWS = list(the_catalogue().laws.values())
ORGANISATIONS = list(the_catalogue().organisations.values())
#: Who shares whose form of address, by their addressee.
CONTACTS = sorted(the_catalogue().addressees)


def ids(one: object) -> str:
    return str(getattr(one, "id", one))


# Which law it was


def a_copy(folder: Path) -> Path:
    return Path(shutil.copytree(DATA, folder / "data"))


def test_the_version_names_the_content_wherever_it_lies(tmp_path: Path) -> None:
    assert load(a_copy(tmp_path)).version == the_catalogue().version
    assert re.fullmatch("[0-9a-f]{12}", the_catalogue().version)


@pytest.mark.parametrize("kind", ["jurisdictions", "laws", "deadlines", "organisations", "decisions", "languages"])
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
    ("languages/de.toml", "salutation = ", "greeting = ", "", ""),
]


def a_copy_of_the_data(folder: Path, file: str, old: str, new: str) -> Path:
    copy = folder / "data"
    shutil.copytree(DATA, copy)
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


def test_nothing_in_the_data_points_nowhere(catalogue: Catalogue) -> None:
    assert list(broken(catalogue)) == []


def test_nothing_in_the_data_is_unsourced(catalogue: Catalogue) -> None:
    assert [one for one in findings(catalogue, TODAY) if one.kind == "unsourced"] == []


def test_what_is_only_check_is_listed_with_its_file(catalogue: Catalogue) -> None:
    listed = {one.file for one in findings(catalogue, TODAY) if one.kind == "check"}
    for kind in ("laws", "deadlines", "decisions"):
        for id_, record in getattr(catalogue, kind).items():
            if record.confidence is Confidence.CHECK:
                assert f"{kind}/{id_}.toml" in listed


@pytest.mark.parametrize(("days", "stale"), [(180, False), (181, True)])
def test_a_record_goes_stale_after_180_days(catalogue: Catalogue, days: int, stale: bool) -> None:
    looked_at = catalogue.deadlines["eu-1m"].verified
    today = date.fromordinal(looked_at.toordinal() + days)
    found = {one.file for one in findings(catalogue, today) if one.kind == "stale"}
    assert ("deadlines/eu-1m.toml" in found) is stale


# What the data promise


@pytest.mark.parametrize("place", MEMBERS, ids=ids)
def test_each_state_of_the_union_has_an_authority_a_calendar_a_time_zone_languages_and_a_layout(
    catalogue: Catalogue, place: Jurisdiction
) -> None:
    authorities = [one for record in (place, *catalogue.regions(place.id)) for one in record.authorities]
    assert any("eu-gdpr" in supervision.laws for one in authorities for supervision in one.supervises)
    assert any("eu-led" in supervision.laws for one in authorities for supervision in one.supervises)
    calendar = catalogue.calendar(place.id)
    assert calendar
    assert holidays(calendar, 2027)
    assert place.time_zone
    assert place.languages
    assert place.layout in {layout.value for layout in Layout}


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_each_place_has_a_calendar_a_layout_a_time_zone_and_a_language_that_is_written(
    catalogue: Catalogue, place: Jurisdiction
) -> None:
    assert catalogue.calendar(place.id)
    assert catalogue.time_zone(place.id) != "UTC"
    assert catalogue.layout(place.id) in {layout.value for layout in Layout}
    assert set(catalogue.spoken(place.id)) <= set(catalogue.languages)
    assert catalogue.spoken(place.id)
    assert place.name["en"]
    assert place.name["fr"]


@pytest.mark.parametrize("place", [place for place in PLACES if the_catalogue().regions(place.id)], ids=ids)
def test_a_country_with_regions_says_what_they_are_called(place: Jurisdiction) -> None:
    assert place.regions["en"]
    assert place.regions["fr"]


@pytest.mark.parametrize("id_", CONTACTS)
def test_every_way_of_sending_that_is_accepted_can_be_used(catalogue: Catalogue, id_: str) -> None:
    contact = catalogue.addressees[id_].contact
    for channel in contact.accepts:
        assert CHANNELS[channel].can(contact), f"{id_} accepts {channel} but says not where"


def test_every_way_of_sending_has_a_module() -> None:
    assert set(CHANNELS) == set(Channel)


@pytest.mark.parametrize("id_", sorted(the_catalogue().authorities))
def test_every_authority_can_be_written_to(catalogue: Catalogue, id_: str) -> None:
    assert catalogue.authorities[id_].contact.address
    assert catalogue.authorities[id_].languages


@pytest.mark.parametrize("law", LAWS, ids=ids)
def test_every_right_names_its_article(law: object) -> None:
    assert all(given.ref for given in the_catalogue().laws[ids(law)].rights.values())


@pytest.mark.parametrize("law", [law for law in LAWS if law.reach], ids=ids)
def test_every_right_of_a_law_that_reaches_somebody_asks_for_known_details_and_the_name_first(law: object) -> None:
    for right, given in the_catalogue().laws[ids(law)].rights.items():
        if given.standing is not Standing.NONE:
            assert asked(given.asks)[0].name == "full_name", right


@pytest.mark.parametrize("law", [law for law in LAWS if law.reach], ids=ids)
def test_a_law_that_reaches_somebody_has_an_authority(catalogue: Catalogue, law: object) -> None:
    policed = {
        name
        for authority in catalogue.authorities.values()
        for supervision in authority.supervises
        for name in supervision.laws
    }
    supplements = {one.law: other.id for other in LAWS for one in other.supplements}
    without = {"us-state-other"}  # gives nothing, so nobody polices it
    assert {ids(law), supplements.get(ids(law))} & policed or ids(law) in without


@pytest.mark.parametrize("law", LAWS, ids=ids)
def test_a_right_that_is_not_given_says_so_or_is_said_elsewhere(law: object) -> None:
    for right, given in the_catalogue().laws[ids(law)].rights.items():
        if given.standing is Standing.NONE and given.next:
            assert given.says, right


@pytest.mark.parametrize("rule", list(the_catalogue().deadlines.values()), ids=ids)
def test_a_rule_with_a_calendar_of_its_own_names_the_statute(rule: object) -> None:
    calendar = the_catalogue().deadlines[ids(rule)].calendar
    assert calendar is None or isinstance(calendar, Side) or calendar.source


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


# Slugs


def slugs(catalogue: Catalogue) -> set[str]:
    kinds = (
        "jurisdictions", "laws", "deadlines", "organisations", "decisions", "languages", "authorities", "offices",
    )  # fmt: skip
    return {f"{kind}/{id_}" for kind in kinds for id_ in getattr(catalogue, kind)}


def test_every_slug_ever_released_still_loads(catalogue: Catalogue) -> None:
    gone = sorted(set(RELEASED) - slugs(catalogue))
    assert not gone, f"ids are never taken away, links lean on them; put the records back: {gone}"


def test_every_slug_is_written_down_as_released(catalogue: Catalogue) -> None:
    new = sorted(slugs(catalogue) - set(RELEASED))
    assert not new, f"write these into tests/data/released_slugs.txt, sorted: {new}"


def test_the_released_slugs_are_sorted_each_once() -> None:
    assert sorted(set(RELEASED)) == RELEASED


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
