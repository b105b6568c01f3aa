"""Who must answer, under which law, by when."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.law.catalogue import Catalogue
from portal.law.deadlines import Uncountable, due
from portal.law.records import Confidence, DueKind, Event, OrganisationKind, Right
from portal.law.routing import Option, Outcome, Situation, basis, route
from tests.building import a_situation, an_organisation, an_unknown_organisation, the_catalogue

CASES = sorted((Path(__file__).parents[1] / "data" / "routing_cases").glob("*.toml"))
#: What a case always says; a key that is absent from its file means that there is none.
SAID = (
    "law", "other_laws", "addressee", "regulator", "language_letter", "language_complaint", "deadline_rule",
    "due_date", "due_kind", "due_weekday", "due_date_alternatives", "outcome",
)  # fmt: skip
#: Where people live: every place with a record, and some without.
PLACES = [*(id_ for id_ in the_catalogue().jurisdictions if id_ != "eu"), "ca-ns", "us-ny", "us-ut", "br", "rs"]


def best(catalogue: Catalogue, *args: Any, **facts: Any) -> Option:
    return route(catalogue, a_situation(*args, **facts)).best


def said_of(option: Option) -> dict[str, Any]:
    """An option in the words of a case."""
    when = option.due
    return {
        "law": option.law,
        "other_laws": list(option.other_laws),
        "addressee": option.addressee,
        "regulator": option.regulator,
        "language_letter": option.language_letter,
        "language_complaint": option.language_complaint,
        "deadline_rule": option.deadline_rule,
        "due_date": when.day if when else None,
        "due_kind": option.due_kind.value if when and option.due_kind else None,
        "due_weekday": f"{when.day:%A}" if when else None,
        "due_date_alternatives": list(when.days) if when else [],
        "outcome": option.outcome.value,
    }


# The cases that were worked out by hand


def case_of(path: Path) -> tuple[dict[str, Any], Situation]:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    given: Mapping[str, Any] = case["input"]
    place = given.get("region", given["country"]).lower()
    dates = {name: given[name].isoformat() for name in Event if name in given}
    return case, a_situation(place, given["target"], given["request_type"], **dates)


def expected_of(case: Mapping[str, Any]) -> dict[str, Any]:
    stated = case["expected"]
    outcome = {"no_statutory_right": "voluntary"}.get(stated.get("outcome"), stated.get("outcome", "statutory"))
    alternatives = sorted(stated.get("due_date_alternatives", []))
    return {
        **{name: stated.get(name) for name in SAID},
        "other_laws": stated.get("other_laws", []),
        "outcome": outcome,
        "due_date_alternatives": alternatives,
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_comes_out_as_it_was_worked_out_by_hand(
    catalogue: Catalogue, request: pytest.FixtureRequest, path: Path
) -> None:
    case, situation = case_of(path)
    got, expected = said_of(route(catalogue, situation).best), expected_of(case)
    if "due_date_alternatives" not in case["expected"]:
        del got["due_date_alternatives"], expected["due_date_alternatives"]
    if case["confidence"] == "check":  # what the law gives is not in doubt, only when
        differs = {name: (expected[name], got[name]) for name in expected if expected[name] != got[name]}
        if differs:
            request.node.user_properties.append(("differs", f"{case['title']}: {differs}"))
        got, expected = ({name: one[name] for name in ("law", "addressee")} for one in (got, expected))
    assert got == expected, case["why"]


def test_there_are_thirty_cases_each_in_a_file_of_its_own_name() -> None:
    ids = [tomllib.loads(path.read_text(encoding="utf-8"))["id"] for path in CASES]
    assert ids == [path.stem for path in CASES]
    assert len(ids) == 30


@pytest.mark.parametrize(
    ("name", "key"),
    [("case-24", "max_with_extension"), ("case-29", "extension_due")],
)
def test_a_notice_in_time_brings_the_extended_date_of_a_case(catalogue: Catalogue, name: str, key: str) -> None:
    case, _ = case_of(next(path for path in CASES if path.stem == name))
    given = case["input"]
    extended = best(
        catalogue, given["region"].lower(), given["target"], given["request_type"],
        received_on=given["received_on"].isoformat(), extension_notice_on=given["received_on"].isoformat(),
    )  # fmt: skip
    assert extended.due
    assert extended.due.day == case["expected"][key]


def test_california_confirms_receipt_within_ten_business_days(catalogue: Catalogue) -> None:
    case, _ = case_of(next(path for path in CASES if path.stem == "case-24"))
    counted = due(catalogue.deadlines["us-ca-ack-10bd"], {Event.RECEIVED_ON: case["input"]["received_on"]}, {})
    assert counted
    assert counted.day == case["expected"]["acknowledgement_due"]


# Where somebody lives

HOME = [
    ("ca-qc", "ca-qc-p391", "ca-qc-cai", "Québec has a law of its own for companies"),
    ("ca-bc", "ca-bc-pipa", "ca-bc-oipc", "so has British Columbia (2026 BCCA 67)"),
    ("ca-ab", "ca-ab-pipa", "ca-ab-oipc", "and Alberta (2025 ABKB 287)"),
    ("ca-on", "ca-pipeda", "ca-opc", "Ontario has none: PIPEDA"),
    ("ca-ns", "ca-pipeda", "ca-opc", "nor has Nova Scotia, which has no record of its own"),
    ("ca-yt", "ca-pipeda", "ca-opc", "a territory is in Canada too"),
    ("gb", "uk-gdpr", "gb-ico", "the UK GDPR reaches Clearview ([2025] UKUT 319)"),
    ("je", "je-dpjl", "je-joic", "Jersey is outside the UK GDPR"),
    ("gg", "gg-dpl", "gg-odpa", "so is Guernsey"),
    ("im", "im-gdpr", "im-ic", "so is the Isle of Man"),
    ("ch", "ch-fadp", "ch-fdpic", "Switzerland is outside the Union"),
    ("au", "au-privacy", "au-oaic", "APP 12"),
    ("us-ca", "us-ca-ccpa", "us-ca-cppa", "CCPA"),
    ("us-co", "us-co-cpa", "us-co-ag", "Colorado Privacy Act"),
    ("us-ct", "us-ct-ctdpa", "us-ct-ag", "CTDPA"),
    ("us-tx", "us-tx-tdpsa", "us-tx-ag", "TDPSA"),
    ("us-va", "us-va-vcdpa", "us-va-ag", "VCDPA"),
    ("us-wa", "us-wa-mhmda", "us-wa-ag", "My Health My Data Act"),
    ("de-be", "eu-gdpr", "de-be", "no German seat: the Land where the person lives"),
    ("de-by", "eu-gdpr", "de-by-lda", "in Bavaria companies are the BayLDA's"),
]


@pytest.mark.parametrize(("place", "law", "authority", "because"), HOME)
def test_clearview_answers_under_the_law_of_the_place(
    catalogue: Catalogue, place: str, law: str, authority: str, because: str
) -> None:
    access = best(catalogue, place)
    assert (access.law, access.regulator, access.addressee) == (law, authority, "clearview-ai"), because
    complaint = best(catalogue, place, right="complaint")
    assert (complaint.law, complaint.addressee) == (law, authority), because


MEMBERS = [place.id for place in the_catalogue().jurisdictions.values() if place.within == "eu" and place.id != "de"]


@pytest.mark.parametrize("place", MEMBERS)
@pytest.mark.parametrize("right", ["access", "erasure", "objection", "complaint"])
def test_each_state_of_the_union_reaches_its_own_authority_for_clearview(
    catalogue: Catalogue, place: str, right: str
) -> None:
    option = best(catalogue, place, right=right)
    own = {authority.id for authority in catalogue.jurisdictions[place].authorities}
    assert option.law == "eu-gdpr"
    assert option.regulator in own
    assert option.language_complaint in catalogue.authorities[str(option.regulator)].languages
    assert option.addressee == (option.regulator if right == "complaint" else "clearview-ai")


LAENDER = [place.id for place in the_catalogue().regions("de")]


@pytest.mark.parametrize("place", LAENDER)
def test_each_land_has_an_authority_for_companies_and_one_for_its_police(catalogue: Catalogue, place: str) -> None:
    own = {authority.id for authority in catalogue.jurisdictions[place].authorities}
    assert best(catalogue, place).regulator in own
    police = an_unknown_organisation(OrganisationKind.POLICE, place)
    assert best(catalogue, "at", police, "complaint").addressee in own


STATES = [
    (place.id, {law.jurisdiction for law in the_catalogue().laws.values()}) for place in the_catalogue().regions("us")
]


@pytest.mark.parametrize(("state", "with_law"), STATES, ids=[state for state, _ in STATES])
def test_each_state_of_the_data_has_a_law_that_gives_erasure(
    catalogue: Catalogue, state: str, with_law: set[str]
) -> None:
    assert state in with_law
    option = best(catalogue, state, right="erasure")
    assert option.outcome is Outcome.STATUTORY
    assert catalogue.laws[str(option.law)].jurisdiction == state


@pytest.mark.parametrize(
    ("place", "right", "because"),
    [
        ("us-fl", "access", "Florida's law is for firms of a thousand million dollars"),
        ("us-ny", "erasure", "New York has no such law"),
        ("us-ut", "access", "Utah's law is looked at, and gives nothing here"),
        ("us-il", "access", "BIPA gives no access right"),
        ("us-wa", "opt_out", "MHMDA knows no opt-out"),
        ("br", "access", "no law of Brazil is in the data"),
        ("rs", "opt_out", "nor one of Serbia"),
        ("zz", "erasure", "nor one of a place that nobody knows"),
    ],
)
def test_where_no_law_gives_the_right_a_company_is_asked_all_the_same(
    catalogue: Catalogue, place: str, right: str, because: str
) -> None:
    option = best(catalogue, place, right=right)
    assert option.outcome is Outcome.VOLUNTARY, because
    assert (option.law, option.deadline_rule, option.due) == (None, "none", None)
    assert option.addressee == "clearview-ai"
    assert option.channels


def test_in_illinois_access_points_to_erasure(catalogue: Catalogue) -> None:
    assert best(catalogue, "us-il").next == (Right.ERASURE,)
    erasure = best(catalogue, "us-il", right="erasure")
    assert (erasure.law, erasure.outcome, erasure.deadline_rule) == ("us-il-bipa", Outcome.STATUTORY, "none")


@pytest.mark.parametrize("place", ["us-fl", "us-ny"])
def test_without_a_law_a_complaint_in_the_united_states_goes_to_the_ftc(catalogue: Catalogue, place: str) -> None:
    option = best(catalogue, place, right="complaint")
    assert (option.outcome, option.addressee, option.language_letter) == (Outcome.VOLUNTARY, "us-ftc", None)


def test_without_a_law_or_a_consumer_authority_nobody_takes_a_complaint(catalogue: Catalogue) -> None:
    option = best(catalogue, "br", right="complaint")
    assert (option.outcome, option.addressee) == (Outcome.NOT_ELIGIBLE, None)


# A region that was not named


@pytest.mark.parametrize(
    ("place", "organisation", "law", "regulator", "because"),
    [
        ("de", "clearview-ai", "eu-gdpr", None, "each Land has its own authority"),
        ("de", "idemia", "eu-gdpr", None, "the French one is not the one to complain to"),
        ("ca", "clearview-ai", "ca-pipeda", "ca-opc", "three provinces have their own law"),
        ("us", "clearview-ai", None, "us-ftc", "some states have a law"),
    ],
)
def test_a_missing_region_is_asked_for(
    catalogue: Catalogue, place: str, organisation: str, law: str | None, regulator: str | None, because: str
) -> None:
    option = best(catalogue, place, organisation)
    assert (option.law, option.regulator) == (law, regulator), because
    word = catalogue.jurisdictions[place].regions["en"]
    assert any(f"Tell us the {word} where you live" in reason.text["en"] for reason in option.reasons)
    assert not any("  " in text for reason in option.reasons for text in reason.text.values())


@pytest.mark.parametrize(
    ("place", "organisation", "because"),
    [
        ("ca", "ca-bank", "a federal undertaking answers under PIPEDA everywhere"),
        ("ca", "ca-rcmp", "a federal body too"),
        ("us", "us-ice", "so in the United States"),
        ("es", "clearview-ai", "the Catalan authority is for public bodies only"),
        ("us-fl", "clearview-ai", "the state is named"),
    ],
)
def test_a_region_that_changes_nothing_is_not_asked_for(
    catalogue: Catalogue, place: str, organisation: str, because: str
) -> None:
    reasons = best(catalogue, place, organisation).reasons
    assert not any("Tell us the" in reason.text["en"] for reason in reasons), because


@pytest.mark.parametrize("place", ["ca", "us"])
def test_an_answer_that_a_region_could_change_is_only_check(catalogue: Catalogue, place: str) -> None:
    assert best(catalogue, place).confidence is Confidence.CHECK


# Public bodies


@pytest.mark.parametrize("place", ["ca-on", "ca-qc", "br", "at", "us-oh"])
def test_the_rcmp_gives_access_to_anyone_anywhere(catalogue: Catalogue, place: str) -> None:
    option = best(catalogue, place, "ca-rcmp")
    assert (option.law, option.addressee, option.regulator) == ("ca-privacy-act", "ca-rcmp-atip", "ca-opc")


def test_the_rcmp_need_not_erase_and_what_else_can_be_asked_is_said(catalogue: Catalogue) -> None:
    option = best(catalogue, "ca-on", "ca-rcmp", "erasure")
    assert option.outcome is Outcome.NOT_ELIGIBLE
    assert option.next == (Right.RECTIFICATION, Right.COMPLAINT, Right.ACCESS)
    assert "no right to deletion" in option.reasons[0].text["en"]


@pytest.mark.parametrize(
    ("place", "answers", "law", "question", "because"),
    [
        ("ca-mb", {}, "ca-atia", "", "present in Canada: nothing to ask"),
        ("us-oh", {}, None, "ca_citizen_or_resident", "abroad: citizens and residents may"),
        ("us-oh", {"ca_citizen_or_resident": True}, "ca-atia", "", "said yes"),
        ("us-oh", {"ca_citizen_or_resident": False}, None, "", "said no: not asked again"),
    ],
)
def test_records_of_the_rcmp_are_for_those_entitled(
    catalogue: Catalogue, place: str, answers: dict[str, bool], law: str | None, question: str, because: str
) -> None:
    found = route(catalogue, a_situation(place, "ca-rcmp", "records", answers=answers))
    assert found.best.law == law, because
    assert found.question == question, because
    assert (found.best.outcome is Outcome.NOT_ELIGIBLE) == (law is None), because


@pytest.mark.parametrize(
    ("dates", "order", "because"),
    [
        ({}, ["ca-opc", "ca-crcc", "ca-oic"], "without a date: the data complaint"),
        ({"conduct_on": "2026-02-28"}, ["ca-crcc", "ca-opc", "ca-oic"], "a day of conduct: the CRCC's year runs"),
        ({"refusal_received_on": "2026-11-03"}, ["ca-oic", "ca-opc", "ca-crcc"], "records refused: 60 days run"),
    ],
)
def test_a_complaint_about_the_rcmp_goes_where_a_clock_runs(
    catalogue: Catalogue, dates: dict[str, str], order: list[str], because: str
) -> None:
    found = route(catalogue, a_situation("ca-on", "ca-rcmp", "complaint", **dates))
    assert [option.addressee for option in found.options] == order, because


BODIES = [
    ("us-tx", "us-ice", "access", "us-privacy-act", "us-ice-foia", "us-ogis", "the component's own office"),
    ("at", "us-cbp", "access", "us-privacy-act", "us-cbp-foia", "us-ogis", "status is never asked"),
    ("us-ny", "us-fbi", "access", "us-privacy-act", "us-fbi-foia", "us-doj-oip", "OIP decides its appeals"),
    ("us-ny", "us-ice", "records", "us-foia", "us-ice-foia", "us-ogis", "FOIA alone"),
    ("us-ny", "us-fbi", "appeal", "us-foia", "us-doj-oip", "us-doj-oip", "28 CFR 16.8(a)"),
    ("us-ny", "us-ice", "appeal", "us-foia", "us-ice-foia", "us-ogis", "6 CFR 5.8(a)(1)"),
    ("us-ny", "us-fbi", "complaint", "us-foia", "us-ogis", "us-ogis", "mediation is OGIS's, not OIP's"),
    ("us-ny", "us-ice", "complaint", "us-foia", "us-ogis", "us-ogis", "5 USC 552(h)(3)"),
    ("ca-on", "ca-on-tps", "access", "ca-on-fippa", "ca-on-tps", "ca-on-ipc", "municipal police"),
    ("ca-qc", "ca-qc-spvm", "access", "ca-qc-a21", "ca-qc-spvm", "ca-qc-cai", "a public body of Québec"),
    ("ca-bc", "ca-bc-vpd", "records", "ca-bc-fippa", "ca-bc-vpd", "ca-bc-oipc", "a public body of BC"),
    ("ca-ab", "ca-ab-eps", "access", "ca-ab-ata", "ca-ab-eps", "ca-ab-oipc", "Edmonton's police"),
    ("ca-qc", "ca-bank", "access", "ca-pipeda", "ca-bank", "ca-opc", "SOR/2003-374 leaves out federal undertakings"),
    ("gb", "gb-met", "access", "uk-dpa-part3", "gb-met", "gb-ico", "police: Part 3"),
    ("gb", "gb-met", "records", "uk-foia", "gb-met", "gb-ico", "FOIA 2000"),
    ("de-be", "de-bundespolizei", "access", "eu-led", "de-bundespolizei", "de-bfdi", "the federal authority"),
    ("de-by", "de-by-polizei", "complaint", "eu-led", "de-by-lfd", "de-by-lfd", "the BayLfD, not the BayLDA"),
    ("be", "be-federal-police", "access", "eu-led", "be-federal-police", "be-coc", "police have their own authority"),
    (
        "es",
        "es-ct-mossos",
        "complaint",
        "eu-led",
        "es-ct-apdcat",
        "es-ct-apdcat",
        "the Catalan one for Catalan police",
    ),
    ("fi", "fi-poliisi", "erasure", "eu-led", "fi-poliisi", "fi-tsv", "LED art. 16"),
    ("br", "se-polisen", "access", "eu-led", "se-polisen", "se-imy", "whoever asks, Swedish police answer"),
]


@pytest.mark.parametrize(("place", "body", "right", "law", "addressee", "regulator", "because"), BODIES)
def test_a_public_body_answers_under_its_own_law(
    catalogue: Catalogue, place: str, body: str, right: str, law: str, addressee: str, regulator: str, because: str
) -> None:
    option = best(catalogue, place, body, right)
    assert (option.law, option.addressee, option.regulator) == (law, addressee, regulator), because


def test_own_records_of_a_us_agency_are_asked_for_under_both_acts(catalogue: Catalogue) -> None:
    option = best(catalogue, "us-tx", "us-ice", received_on="2026-12-07")
    assert option.other_laws == ("us-foia",)
    assert option.due
    assert option.due.day == date(2027, 1, 6)  # the FOIA clock: the Privacy Act has none


@pytest.mark.parametrize("body", ["us-dhs", "us-ice", "us-cbp", "us-tsa", "us-usss"])
def test_the_offices_of_homeland_security_take_their_portal_alone(catalogue: Catalogue, body: str) -> None:
    assert [channel.value for channel in best(catalogue, "us-ny", body, "records").channels] == ["portal"]


def test_police_in_the_union_have_no_fixed_time(catalogue: Catalogue) -> None:
    option = best(catalogue, "fi", "fi-poliisi", received_on="2026-12-01")
    assert (option.deadline_rule, option.due, option.due_kind) == ("none", None, None)


# A vendor in the Union


def test_idemia_is_complained_of_at_home_and_led_from_paris(catalogue: Catalogue) -> None:
    option = best(catalogue, "at", "idemia")
    assert (option.law, option.regulator) == ("eu-gdpr", "at-dsb")
    assert "established in the Union" in option.reasons[0].text["en"]
    assert best(catalogue, "at", "idemia", "complaint").addressee == "at-dsb"


def test_idemia_answers_someone_in_new_york_too_and_the_cnil_polices_it(catalogue: Catalogue) -> None:
    option = best(catalogue, "us-ny", "idemia", received_on="2026-12-01")
    assert (option.law, option.regulator) == ("eu-gdpr", "fr-cnil")
    assert "wherever you live" in option.reasons[0].text["en"]
    assert option.due
    assert option.due.day == date(2027, 1, 4)  # New Year's Day is a Friday, in Paris as in New York


def test_an_organisation_that_nobody_knows_is_routed_by_its_kind_and_seat(catalogue: Catalogue) -> None:
    unknown = an_unknown_organisation(OrganisationKind.POLICE, "fr")
    option = best(catalogue, "gb", unknown)
    assert (option.law, option.addressee, option.regulator) == ("eu-led", "unknown", "fr-cnil")


@pytest.mark.parametrize(
    ("place", "law", "regulator"),
    [
        ("at", "eu-gdpr", "at-dsb"), ("fr", "eu-gdpr", "fr-cnil"), ("gb", "uk-gdpr", "gb-ico"),
        ("ch", "ch-fadp", "ch-fdpic"), ("au", "au-privacy", "au-oaic"), ("je", "je-dpjl", "je-joic"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("right", ["access", "erasure", "complaint"])
def test_over_a_seat_that_nobody_knows_the_law_of_the_place_is_not_certain_and_says_why(
    catalogue: Catalogue, place: str, law: str, regulator: str, right: str
) -> None:
    for body in (an_organisation("pimeyes"), an_unknown_organisation(seat="")):
        for option in route(catalogue, a_situation(place, body, right)).options:
            assert (option.law, option.regulator) == (law, regulator)
            assert option.confidence is Confidence.CHECK
            assert "We do not know where" in option.reasons[0].text["en"]
            assert "Nous ne savons pas où" in option.reasons[0].text["fr"]


def test_over_a_known_seat_nothing_is_said_of_not_knowing_it(catalogue: Catalogue) -> None:
    for place in PLACES:
        for option in route(catalogue, a_situation(place)).options:
            assert not any("We do not know where" in reason.text["en"] for reason in option.reasons), place


def test_that_no_law_helps_is_not_certain_over_a_seat_that_nobody_knows(catalogue: Catalogue) -> None:
    assert best(catalogue, "br", "pimeyes").confidence is Confidence.CHECK
    assert best(catalogue, "br", "clearview-ai").confidence is Confidence.CERTAIN


# When


@pytest.mark.parametrize(
    ("place", "organisation", "sent_at", "received_on", "because"),
    [
        ("ca-bc", "ca-rcmp", "2026-12-01T22:30:00-08:00", "2026-12-02", "a public body's day: 01:30 in Ottawa"),
        (
            "ca-bc",
            "clearview-ai",
            "2026-12-01T22:30:00-08:00",
            "2026-12-01",
            "a company's is the person's: Vancouver",
        ),
        ("au", "us-ice", "2026-12-07T23:00:00+11:00", "2026-12-07", "07:00 in Washington, the same day"),
        ("au", "us-ice", "2026-12-07T09:00:00+11:00", "2026-12-06", "still the day before in Washington"),
        ("at", "clearview-ai", "2027-01-31T23:30:00+00:00", "2027-02-01", "after midnight in Vienna"),
        ("br", "pimeyes", "2027-01-31T23:30:00+00:00", "2027-01-31", "UTC where no time zone is known"),
    ],
)
def test_the_day_of_receipt_is_estimated_in_the_time_of_who_must_count(
    catalogue: Catalogue, place: str, organisation: str, sent_at: str, received_on: str, because: str
) -> None:
    estimated = best(catalogue, place, organisation, sent_at=sent_at)
    known = best(catalogue, place, organisation, received_on=received_on)
    assert estimated.due == known.due, because
    if known.due:
        assert any("estimated from the day of sending" in reason.text["en"] for reason in estimated.reasons)


def test_a_known_day_of_receipt_wins_over_the_sending(catalogue: Catalogue) -> None:
    option = best(catalogue, sent_at="2027-01-02T12:00:00+01:00", received_on="2027-01-31")
    assert option.due
    assert option.due.start == date(2027, 1, 31)
    assert not any("estimated" in reason.text["en"] for reason in option.reasons)


def test_without_a_date_the_rule_is_named_and_nothing_is_due_yet(catalogue: Catalogue) -> None:
    option = best(catalogue)
    assert (option.deadline_rule, option.due_kind, option.due) == ("eu-1m", DueKind.RESPONSE, None)


@pytest.mark.parametrize("day", ["1999-12-31", "2019-06-30", "2020-12-15", "2090-01-31"])
@pytest.mark.parametrize("place", ["at", "ca-on", "ca-qc", "ca-bc", "gb", "us-ca", "ch"])
def test_a_date_long_ago_or_far_ahead_is_still_counted(catalogue: Catalogue, place: str, day: str) -> None:
    dates = {name.value: day for name in Event if name is not Event.REPLY_DUE}
    for organisation in ("clearview-ai", "ca-rcmp", "us-ice"):
        for right in ("access", "complaint", "appeal"):
            option = best(catalogue, place, organisation, right, **dates)
            assert option.due is None or option.due.day > date.fromisoformat(day)


@pytest.mark.parametrize(
    ("place", "day", "sentence"),
    [
        ("at", "9999-12-31", "too far off"),
        ("us-ca", "9999-12-31", "too far off"),
        ("at", "0001-01-01", "has no day in"),
    ],
)
def test_a_date_beyond_all_calendars_is_refused_with_a_sentence(
    catalogue: Catalogue, place: str, day: str, sentence: str
) -> None:
    with pytest.raises(Uncountable, match=sentence):
        best(catalogue, place, received_on=day)


def test_a_date_before_a_holiday_was_made_is_still_counted(catalogue: Catalogue) -> None:
    option = best(catalogue, "ca-on", received_on="2020-08-31")
    assert option.due
    assert option.due.day == date(2020, 9, 30)  # Truth and Reconciliation is a holiday since 2021


@pytest.mark.parametrize(
    ("notice", "day", "because"),
    [
        ("2027-02-26", date(2027, 4, 30), "31 January + 3 months: April has 30 days"),
        ("2027-03-01", date(2027, 4, 30), "the last day itself is in time"),
        ("2027-03-02", date(2027, 3, 1), "a day late: the month stands"),
    ],
)
def test_an_extension_counts_only_if_its_notice_came_in_time(
    catalogue: Catalogue, notice: str, day: date, because: str
) -> None:
    option = best(catalogue, received_on="2027-01-31", extension_notice_on=notice)
    assert option.due
    assert option.due.day == day, because


LIMITS = [
    ("ca-on", "clearview-ai", "refused_on 2026-08-31", date(2027, 3, 1), "6 months end on a Sunday"),
    ("ca-on", "clearview-ai", "received_on 2026-08-31", date(2027, 4, 1), "the reply was due on 1 October"),
    ("ca-on", "clearview-ai", "received_on 2026-08-31 refused_on 2026-09-10", date(2027, 3, 10), "refused before"),
    ("ca-qc", "clearview-ai", "received_on 2026-11-23", date(2027, 1, 22), "30 days of silence, 30 to complain"),
    ("ca-ab", "clearview-ai", "refused_on 2026-11-23", date(2026, 12, 23), "PIPA s. 47(2)"),
    ("at", "clearview-ai", "known_on 2026-03-01", date(2027, 3, 1), "a year from learning of it"),
    ("at", "clearview-ai", "known_on 2026-03-01 conduct_on 2023-06-01", date(2026, 6, 1), "three years are the end"),
    ("at", "clearview-ai", "known_on 2026-03-01 conduct_on 2026-01-01", date(2027, 3, 1), "three years are far"),
    ("ca-sk", "ca-rcmp", "conduct_on 2026-02-28", date(2027, 3, 1), "28 February 2027 is a Sunday"),
    ("ca-on", "ca-rcmp", "refusal_received_on 2026-11-02", date(2027, 1, 2), "60 days end on New Year's Day"),
]


@pytest.mark.parametrize(("place", "organisation", "given", "day", "because"), LIMITS)
def test_a_complaint_has_a_last_day(
    catalogue: Catalogue, place: str, organisation: str, given: str, day: date, because: str
) -> None:
    words = given.split()
    option = best(catalogue, place, organisation, "complaint", **dict(zip(words[::2], words[1::2], strict=True)))
    assert option.due_kind is DueKind.COMPLAINT_LIMIT
    assert option.due
    assert option.due.day == day, because


@pytest.mark.parametrize(
    ("body", "rule", "day", "because"),
    [
        ("us-fbi", "us-foia-appeal-90d", date(2027, 2, 21), "90 days; the last is a Sunday, and nothing rolls it"),
        ("us-ice", "us-dhs-appeal-90wd", date(2027, 4, 5), "90 working days, without five holidays"),
    ],
)
def test_an_appeal_has_a_last_day(catalogue: Catalogue, body: str, rule: str, day: date, because: str) -> None:
    option = best(catalogue, "us-ny", body, "appeal", determined_on="2026-11-23")
    assert (option.deadline_rule, option.due_kind) == (rule, DueKind.APPEAL_LIMIT)
    assert option.due
    assert option.due.day == day, because


def test_in_britain_the_company_is_complained_to_first(catalogue: Catalogue) -> None:
    given = {"received_on": "2026-10-01"}
    to_authority, to_company = route(catalogue, a_situation("gb", right="complaint", **given)).options
    assert (to_authority.addressee, to_authority.to_organisation_first) == ("gb-ico", False)
    assert (to_company.addressee, to_company.to_organisation_first) == ("clearview-ai", True)
    assert (to_company.letter, to_company.language_letter) == ("company_complaint", "en")
    assert (to_authority.deadline_rule, to_company.deadline_rule) == ("none", "uk-164a-30d")
    assert to_company.due is None  # what they received on that day was the request, not this complaint
    assert to_authority.before["en"]


def test_in_britain_the_police_are_complained_to_first_as_well(catalogue: Catalogue) -> None:
    to_authority, to_police, _ = route(catalogue, a_situation("gb", "gb-met", "complaint")).options
    assert (to_authority.law, to_authority.addressee) == ("uk-dpa-part3", "gb-ico")
    assert (to_police.addressee, to_police.letter) == ("gb-met", "controller_complaint")
    assert to_police.deadline_rule == "uk-164a-30d"


def test_a_first_complaint_rests_on_a_law_of_its_own(catalogue: Catalogue) -> None:
    to_authority, to_company = route(catalogue, a_situation("gb", right="complaint")).options
    second, first = basis(catalogue, to_authority), basis(catalogue, to_company)
    assert first
    assert second
    assert "164A" in first.cite["en"]
    assert "165(2)" in second.cite["en"]
    assert "165" not in first.cite["en"]


def test_pipeda_says_why_access_comes_first_and_alone(catalogue: Catalogue) -> None:
    said = [reason.text["en"] for reason in best(catalogue, "ca-on").reasons]
    assert any("s. 8(8)" in text and "s. 9(2.1)" in text for text in said)


def test_writing_for_somebody_else_is_said(catalogue: Catalogue) -> None:
    own, theirs = best(catalogue), best(catalogue, on_behalf_of="child")
    assert len(theirs.reasons) == len(own.reasons) + 1
    assert "somebody else" in theirs.reasons[-1].text["en"]


# Whatever is asked


def options_of(catalogue: Catalogue, place: str, organisation: str) -> list[Option]:
    dates = {"received_on": "2027-01-31"}
    return [
        option
        for right in Right
        for facts in ({}, dates)
        for option in route(catalogue, a_situation(place, organisation, right.value, **facts)).options
    ]


@pytest.mark.parametrize("place", PLACES)
def test_whoever_asks_whomever_for_whatever_there_is_an_answer(catalogue: Catalogue, place: str) -> None:
    for organisation in catalogue.organisations:
        for right in Right:
            assert route(catalogue, a_situation(place, organisation, right.value)).options


@pytest.mark.parametrize("place", PLACES)
def test_every_option_says_why_in_both_languages_with_its_source(catalogue: Catalogue, place: str) -> None:
    for organisation in catalogue.organisations:
        for option in options_of(catalogue, place, organisation):
            assert option.reasons, (place, organisation, option.right)
            for reason in option.reasons:
                assert reason.source, reason
                assert reason.text["en"].strip(), reason
                assert reason.text["fr"].strip(), reason
                assert "{" not in reason.text["en"] + reason.text["fr"], reason


@pytest.mark.parametrize("place", PLACES)
def test_every_id_of_an_option_is_in_the_catalogue(catalogue: Catalogue, place: str) -> None:
    for organisation in catalogue.organisations:
        for option in options_of(catalogue, place, organisation):
            assert {option.law, *option.other_laws} <= {None, *catalogue.laws}
            assert {option.addressee, option.regulator} <= {None, *catalogue.addressees}
            assert option.deadline_rule in catalogue.deadlines


@pytest.mark.parametrize("place", PLACES)
def test_an_option_rests_on_a_law_just_when_it_is_statutory(catalogue: Catalogue, place: str) -> None:
    for organisation in catalogue.organisations:
        for option in options_of(catalogue, place, organisation):
            assert (option.law is not None) == (option.outcome is Outcome.STATUTORY)
            if option.outcome is Outcome.NOT_ELIGIBLE:
                assert (option.addressee, option.due, option.channels) == (None, None, ())
            if option.outcome is Outcome.VOLUNTARY:
                assert an_organisation(organisation).kind in (
                    OrganisationKind.COMPANY,
                    OrganisationKind.FEDERAL_UNDERTAKING,
                )


@pytest.mark.parametrize("place", PLACES)
def test_a_letter_is_in_a_language_that_its_addressee_reads(catalogue: Catalogue, place: str) -> None:
    for organisation in catalogue.organisations:
        for option in options_of(catalogue, place, organisation):
            addressee = catalogue.addressees.get(option.addressee or "")
            if addressee and option.language_letter:
                assert option.language_letter in addressee.languages
            if option.regulator:
                assert option.language_complaint in catalogue.addressees[option.regulator].languages


def test_the_same_facts_give_the_same_route(catalogue: Catalogue) -> None:
    facts = a_situation("ca-on", "ca-rcmp", "complaint", conduct_on="2026-02-28")
    assert route(catalogue, facts) == route(catalogue, facts)
