"""To whom the same can be sent with what was told for one."""

import pytest

from portal.law.records import Right
from portal.law.routing import PRIVATE, TO_AUTHORITY
from portal.letters.alike import Alike, alike, may_be_shared
from portal.letters.compose import Request, Sender, asks, compose, written_in
from portal.letters.details import DETAILS as KINDS
from tests.building import DETAILS, TODAY, a_situation, an_organisation, the_catalogue, the_templates

#: What was told, and to whom the same can go: a place, an organisation, a right, whom it must and must not find.
CASES = [
    ("at", "clearview-ai", "access", {"pimeyes", "facecheck-id"}, {"clearview-ai"}, "others, not itself"),
    ("at", "pimeyes", "erasure", {"clearview-ai"}, {"pimeyes"}, "the first may be any of them"),
    ("at", "clearview-ai", "access", set(), {"findclone", "facewatch"}, "nobody knows where to write to these"),
    ("at", "clearview-ai", "access", set(), {"world", "ca-bank"}, "a kind of organisation has no address"),
    ("gb", "clearview-ai", "access", {"pimeyes"}, {"gb-met", "ca-rcmp"}, "a company is not the police"),
    ("us-il", "us-ice", "records", {"us-cbp", "us-fbi"}, {"clearview-ai"}, "public bodies stand with public bodies"),
    ("us-tx", "clearview-ai", "erasure", {"pimeyes"}, set(), "a state's law"),
]  # fmt: skip


def found(place: str, organisation: str, right: str, *without: str) -> dict[str, Alike]:
    told = {name: value for name, value in DETAILS.items() if name not in without}
    ways = alike(the_catalogue(), the_templates(), a_situation(place, organisation, right), told)
    return {one.organisation.id: one for one in ways}


@pytest.mark.parametrize(("place", "organisation", "right", "there", "missing", "why"), CASES)
def test_the_same_can_be_sent_to(
    place: str, organisation: str, right: str, there: set[str], missing: set[str], why: str
) -> None:
    others = {*found(place, organisation, right)}
    assert there <= others, why
    assert not missing & others, why


@pytest.mark.parametrize("right", [*sorted(TO_AUTHORITY), Right.APPEAL])
def test_a_complaint_is_about_one_answer(right: Right) -> None:
    assert not may_be_shared(right)
    assert found("at", "clearview-ai", right.value) == {}


def test_who_asks_for_more_than_was_told_is_left_out() -> None:
    assert "pimeyes" in found("at", "clearview-ai", "erasure")
    assert found("at", "clearview-ai", "erasure", "grounds") == {}


@pytest.mark.parametrize("place", ["at", "gb", "ca", "ca-qc", "us-ca", "us-tx", "ch", "au", "jp"])
@pytest.mark.parametrize("right", [right for right in Right if may_be_shared(right)])
@pytest.mark.parametrize("first", ["clearview-ai", "us-ice"])
def test_every_one_that_is_offered_has_a_letter_that_composes(place: str, right: Right, first: str) -> None:
    shared = {name: value for name, value in DETAILS.items() if not KINDS[name].of_one}
    for id_, one in found(place, first, right.value).items():
        language = written_in(the_catalogue(), the_templates(), one.option)[0]
        situation = a_situation(place, id_, right.value)
        asked = {detail.name for detail in asks(the_catalogue(), one.option)}
        sender = Sender(details={name: value for name, value in shared.items() if name in asked})
        letter = compose(the_catalogue(), the_templates(), Request(situation, one.option, sender, TODAY, language))
        assert letter.addressee
        assert (one.organisation.kind in PRIVATE) == (an_organisation(first).kind in PRIVATE)
