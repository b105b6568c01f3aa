"""What answers a reply: every reply, every pointer, in the right order."""

import pytest

from portal.law.arguments import Argument, Reply, Ruling, Strength
from portal.law.catalogue import Catalogue
from portal.law.review import findings
from tests.building import TODAY, the_catalogue

ARGUMENTS = list(the_catalogue().arguments.values())
RULINGS = list(the_catalogue().rulings.values())
LAWS = list(the_catalogue().laws)


def ids(one: object) -> str:
    return str(getattr(one, "id", one))


@pytest.mark.parametrize("reply", Reply)
def test_something_can_be_said_to_every_reply(catalogue: Catalogue, reply: Reply) -> None:
    assert [one for one in catalogue.arguments.values() if one.reply is reply]


@pytest.mark.parametrize("argument", ARGUMENTS, ids=ids)
def test_an_argument_rests_on_something_demands_something_and_leads_on(argument: Argument) -> None:
    assert argument.articles or argument.rests_on
    assert argument.demands
    assert argument.laws
    assert argument.against or argument.against_whom
    assert len({*argument.laws}) == len(argument.laws)


@pytest.mark.parametrize("argument", ARGUMENTS, ids=ids)
def test_who_counts_otherwise_is_one_of_those_it_is_against(argument: Argument) -> None:
    assert {*argument.next.deadline_of} <= {*argument.against}


@pytest.mark.parametrize("argument", ARGUMENTS, ids=ids)
def test_nothing_is_cited_twice_for_the_same(argument: Argument) -> None:
    cited = [(one.decision, one.ruling, one.at) for one in argument.rests_on]
    assert len({*cited}) == len(cited)


@pytest.mark.parametrize("ruling", RULINGS, ids=ids)
def test_an_argument_rests_on_every_ruling(catalogue: Catalogue, ruling: Ruling) -> None:
    assert [one.id for one in catalogue.arguments.values() for cited in one.rests_on if cited.ruling == ruling.id]


@pytest.mark.parametrize("ruling", RULINGS, ids=ids)
def test_a_ruling_names_only_its_own_fields_to_check(ruling: Ruling) -> None:
    assert all(getattr(ruling, name) for name in ruling.check)


@pytest.mark.parametrize("law", LAWS)
def test_under_a_law_each_argument_stands_once_by_its_reply_and_the_strongest_first(
    catalogue: Catalogue, law: str
) -> None:
    found = catalogue.replies(law)
    assert list(found) == [reply for reply in Reply if reply in found]
    assert sorted(one.id for arguments in found.values() for one in arguments) == sorted(
        one.id for one in ARGUMENTS if law in one.laws
    )
    for reply, arguments in found.items():
        assert {one.reply for one in arguments} == {reply}
        assert list(arguments) == sorted(arguments, key=lambda one: ([*Strength].index(one.strength), one.id))


def test_where_there_is_nothing_to_argue_it_says_so(catalogue: Catalogue) -> None:
    assert catalogue.arguments["rcmp-erasure"].strength is Strength.NONE
    assert catalogue.arguments["gdpr-fee"].strength is Strength.STRONG


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("arguments/gdpr-other-language.toml", "the record is only “check”"),
        ("arguments/gdpr-other-language.toml", "rests_on.0 is only “check”"),  # its paragraphs
        ("rulings/nammo.toml", "the record is only “check”: day"),  # the rest of it is certain
    ],
)
def test_what_is_open_in_an_argument_or_a_ruling_is_listed(catalogue: Catalogue, file: str, what: str) -> None:
    assert (file, what) in {(one.file, one.what) for one in findings(catalogue, TODAY)}
