"""Pages tell what was found of an address: on which day somebody looked, or that it is wrong, before it is used."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from portal.law.looks import HOLDS, Verdict, is_unsure
from portal.law.records import Confidence
from portal.law.routing import route
from portal.web import contacts
from portal.web.kinds import KINDS
from tests.building import a_situation, an_organisation, the_catalogue
from tests.looking import CONTACTS, DAY, KNOWN, a_clock, look
from tests.web.browsing import CLEARVIEW, Browser, Clock, Page, id_of, words
from tests.web.conftest import AnApp

UNCONFIRMED, MARK = "Not yet confirmed.", "not yet confirmed"
BODY = "clearview-ai"
RCMP = "/to/ca-rcmp/access/ca/ca-privacy-act"


def on(days: int = 0) -> str:
    day = DAY + timedelta(days=days)
    return f"{day.day} {day:%B %Y}"


LOOKED = f"Looked at on {on()}, at www.example.org."
WRONG = f"Found wrong on {on()}."


@pytest.fixture
def clock() -> Clock:
    return a_clock()


@pytest.fixture
def app(an_app: AnApp, clock: Clock) -> Flask:
    return an_app(clock)


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """What is asked of the table of looks."""
    found: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT") and "confirmations" in statement:
            found.append(statement)

    engine = app.extensions["rightface"].engine
    event.listen(engine, "before_cursor_execute", hear)
    yield found
    event.remove(engine, "before_cursor_execute", hear)


def warnings(page: Page) -> list[str]:
    """The sections that say to whom nothing should be sent as it is."""
    found = page.main.xpath(".//section[contains(@class, 'rf-safety')]//h2")
    return [words(one) for one in found if words(one).startswith("Before you send it to")]


# The journey of a letter


def a_reply(browser: Browser) -> Page:
    """A later letter of a case."""
    case = id_of(browser.follow(browser.write(CLEARVIEW)))
    page = browser.get(f"/cases/{case}/reply/no_answer")
    return browser.post(page, f"/cases/{case}/reply/no_answer/gdpr-no-answer")


#: Pages on which somebody reads where a letter goes, and how each is come to.
READ: Mapping[str, Callable[[Browser], Page]] = {
    "how it will go": lambda browser: browser.get("/to/clearview-ai/access/at"),
    "taking it": lambda browser: browser.get(f"/letter/{id_of(browser.write(CLEARVIEW))}/take"),
    "a later letter": a_reply,
}
#: Pages from which somebody may send it next.
BEFORE = {
    "reading it": lambda browser: browser.write(CLEARVIEW),
    "taking it": READ["taking it"],
    "the case": lambda browser: browser.follow(browser.write(CLEARVIEW)),
    "a later letter": a_reply,
}


def told(page: Page) -> str:
    """What the page says of where the letter goes; of the fields of a web form it says more below."""
    return words(page.main.xpath(".//dl[@class='rf-facts']")[0])


@pytest.mark.parametrize("page", READ)
def test_what_was_looked_at_says_on_which_day(app: Flask, page: str) -> None:
    before = told(READ[page](Browser(app)))
    assert UNCONFIRMED in before
    assert "Looked at on" not in before
    look(app, BODY)
    after = told(READ[page](Browser(app)))
    assert LOOKED in after
    assert UNCONFIRMED not in after


@pytest.mark.parametrize("page", READ)
def test_what_was_found_wrong_says_so_where_it_stands(app: Flask, page: str) -> None:
    look(app, BODY, Verdict.WRONG)
    read = READ[page](Browser(app))
    assert WRONG in told(read)
    assert "Looked at on" not in told(read)
    assert UNCONFIRMED not in told(read)
    assert CONTACTS[BODY].official_page in read.links()


def test_where_only_an_e_mail_address_is_known_it_is_told_of_that(app: Flask) -> None:
    assert not CONTACTS["pimeyes"].address
    browser = Browser(app)
    take = f"/letter/{id_of(browser.write('/to/pimeyes/access/at/eu-gdpr'))}/take"
    assert UNCONFIRMED in told(browser.get(take))
    look(app, "pimeyes")
    assert LOOKED in told(browser.get(take))


@pytest.mark.parametrize("page", BEFORE)
def test_before_anything_is_sent_what_is_wrong_is_told(app: Flask, page: str) -> None:
    assert warnings(BEFORE[page](Browser(app))) == []
    look(app, BODY)
    assert warnings(BEFORE[page](Browser(app))) == []
    look(app, BODY, Verdict.WRONG)
    found = BEFORE[page](Browser(app))
    assert warnings(found) == ["Before you send it to Clearview AI"]
    assert found.text.index("Before you send it to Clearview AI") < len(found.text) / 2
    look(app, BODY)
    assert warnings(BEFORE[page](Browser(app))) == []


def test_when_it_was_sent_the_case_warns_no_more(app: Flask) -> None:
    look(app, BODY, Verdict.WRONG)
    browser = Browser(app)
    case = browser.follow(browser.write(CLEARVIEW))
    form = browser.get(f"{case.path}/happened/sent")
    sent = browser.send(form, {"day": (str(DAY.day), str(DAY.month), str(DAY.year))})
    assert (sent.path, warnings(sent)) == (case.path, [])


def test_of_several_letters_each_whose_address_is_wrong_is_named(app: Flask) -> None:
    for record in (BODY, "facecheck-id"):
        look(app, record, Verdict.WRONG)
    browser = Browser(app)
    draft = id_of(browser.also(browser.write(CLEARVIEW), "pimeyes", "facecheck-id"))
    expected = ["Before you send it to Clearview AI", "Before you send it to FaceCheck.ID"]
    for step in ("", "/take"):
        for to in ("", "?to=pimeyes"):
            assert warnings(browser.get(f"/letter/{draft}{step}{to}")) == expected


def test_a_letter_to_an_office_asks_for_the_looks_at_the_office(app: Flask) -> None:
    office = an_organisation("ca-rcmp").office
    assert office
    assert "ca-rcmp" not in KNOWN or is_unsure(CONTACTS["ca-rcmp"], DAY)
    browser = Browser(app)
    assert warnings(browser.write(RCMP)) == []
    look(app, office.id, Verdict.WRONG)
    assert warnings(browser.write(RCMP)) == [f"Before you send it to {office.name['en']}"]


def test_a_complaint_asks_for_the_looks_at_the_authority(app: Flask, clock: Clock) -> None:
    option = route(the_catalogue(), a_situation("fr", BODY, "complaint")).best
    assert option.addressee
    name = the_catalogue().addressees[option.addressee].name["en"]
    look(app, option.addressee, Verdict.WRONG)
    browser = Browser(app)
    page = browser.write(f"/to/{BODY}/complaint/fr/{option.way}")
    assert warnings(page) == [f"Before you send it to {name}"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_warning_is_in_the_language_of_the_page(app: Flask, language: str) -> None:
    look(app, BODY, Verdict.WRONG)
    page = Browser(app, language).write(CLEARVIEW)
    assert ("Before you send it to" in page.text) is (language == "en")
    assert len(page.main.xpath(".//section[contains(@class, 'rf-safety')]")) == 1


# How long it counts


def test_a_look_counts_for_a_year(app: Flask, clock: Clock) -> None:
    look(app, BODY)
    clock.forward(days=HOLDS.days)
    assert LOOKED in Browser(app).get("/to/clearview-ai/access/at").text
    assert LOOKED in Browser(app).get("/to/clearview-ai/access/at").text
    clock.forward(days=1)
    after = Browser(app).get("/to/clearview-ai/access/at").text
    assert "Looked at on" not in after
    assert UNCONFIRMED in after


def test_a_look_at_another_address_says_nothing_of_this_one(app: Flask) -> None:
    look(app, BODY, contact=replace(CONTACTS[BODY], email="old@example.org"))
    assert "Looked at on" not in Browser(app).get("/to/clearview-ai/access/at").text


def test_what_the_person_tells_of_an_address_is_nobodys_look(app: Flask) -> None:
    known = "?name=Face+Finder&kind=company&seat=us&address=1+Sample+Street"
    with asked(app) as found:
        Browser(app).get(f"/to/other/access/fr{known}")
    assert found == []


# The pages of the law

PAGES = [
    (kind, id_) for kind in ("organisations", "offices", "authorities") for id_ in KINDS[kind].of(the_catalogue())
]


def whose(kind: str, id_: str) -> str:
    """Whose address stands on a page: its office's, where there is one."""
    body = the_catalogue().organisations.get(id_) if kind == "organisations" else None
    return body.office.id if body and body.office else id_


@pytest.fixture(scope="module")
def looked_at(a_lasting_app: AnApp) -> Flask:
    """A portal where every address was looked at that a look can be about, every second found wrong."""
    app = a_lasting_app(a_clock())
    for n, record in enumerate(sorted(KNOWN)):
        if is_unsure(KNOWN[record], DAY):
            look(app, record, [*Verdict][n % 2])
    return app


@pytest.mark.parametrize(("kind", "id_"), PAGES)
def test_a_page_of_the_law_tells_what_was_found_with_one_query_and_none_where_all_is_sure(
    looked_at: Flask, kind: str, id_: str
) -> None:
    record = whose(kind, id_)
    unsure = is_unsure(CONTACTS[record], DAY)
    with asked(looked_at) as found:
        page = Browser(looked_at).get(f"/{kind}/{id_}")
    assert len(found) == (1 if unsure else 0)
    right = [*Verdict][sorted(KNOWN).index(record) % 2] is Verdict.RIGHT if unsure else None
    assert (WRONG in page.text) is (right is False)
    assert (f"{on()}, at www.example.org" in page.text) is (right is not None)
    known = words(page.main.xpath(".//h2[@id='contact']/following-sibling::dl")[0])
    assert (f"looked at on {on()}" in known) is (right is True and _has_marks(record))
    assert (MARK in known) is (right is not True and _has_marks(record))


def _has_marks(record: str) -> bool:
    """Whether a line of the address is one that nobody has confirmed."""
    known = CONTACTS[record]
    lines = {name for name in ("address", "email", "form", "phone", "fax", "web") if getattr(known, name)}
    return bool(lines & {*known.check} or (lines and known.confidence is Confidence.CHECK and not known.check))


def test_with_another_look_it_is_another_page(app: Flask) -> None:
    browser, address = Browser(app), f"/organisations/{BODY}"
    tags = set()
    for verdict in (None, Verdict.RIGHT, Verdict.WRONG):
        if verdict:
            look(app, BODY, verdict)
        first, again = browser.get(address), browser.get(address)
        assert first.answer.data == again.answer.data
        tags.add(first.answer.headers["ETag"])
    assert len(tags) == 3


def test_the_data_stay_those_of_the_files(looked_at: Flask) -> None:
    with asked(looked_at) as found:
        said = looked_at.test_client().get(f"/organisations/{BODY}.json").get_json()
    assert "look" not in said["record"]["contact"]
    assert found == []


# How much is asked

ADDRESSES = [
    "/to/clearview-ai/access/at",
    "/to/clearview-ai/complaint/gb",  # two ways
    "/to/ca-rcmp/complaint/ca",  # three
    "/privacy",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_asks_once_at_most(looked_at: Flask, address: str) -> None:
    with asked(looked_at) as found:
        assert Browser(looked_at).get(address).status == 200
    assert len(found) <= 1


def test_several_letters_ask_once(looked_at: Flask) -> None:
    browser = Browser(looked_at)
    draft = id_of(browser.also(browser.write(CLEARVIEW), "pimeyes", "facecheck-id"))
    for step in ("", "/take"):
        with asked(looked_at) as found:
            browser.get(f"/letter/{draft}{step}")
        assert len(found) == 1


def test_where_all_is_sure_nothing_is_asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts, "is_unsure", lambda _contact, _today: False)
    browser = Browser(app)
    with asked(app) as found:
        draft = id_of(browser.write(CLEARVIEW))
        for address in (*ADDRESSES, f"/letter/{draft}", f"/letter/{draft}/take", f"/organisations/{BODY}"):
            assert browser.get(address).status == 200
    assert found == []


def test_the_authority_over_the_operator_says_when_it_was_looked_at(app: Flask, clock: Clock) -> None:
    clock.forward(days=400)  # when even the certain ones want a look
    look(app, "at-dsb", on=clock.now.date())
    assert "Looked at on" in Browser(app).get("/privacy").text
