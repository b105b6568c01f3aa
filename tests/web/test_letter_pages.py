"""Details, preview, and taking the letter."""

import re
import unicodedata
from email import message_from_bytes
from email.policy import default
from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from portal.cases.drafts import LIFE
from portal.web.words import DETAILS as QUESTIONS
from tests.building import DETAILS
from tests.web.browsing import (
    CLEARVIEW,
    COMPLAINT,
    UNKNOWN,
    Browser,
    Clock,
    Page,
    Value,
    details,
    id_of,
    parts,
    rows,
)
from tests.web.conftest import AnApp

FOIA = "/to/us-ice/records/us-il/us-foia"
OBJECTION = "/to/clearview-ai/objection/fr/eu-gdpr"
CBP = "/to/us-cbp/access/us-il/us-privacy-act"
GREEK = "/to/clearview-ai/complaint/gr/eu-gdpr"
POLISH = "/to/clearview-ai/complaint/pl/eu-gdpr"

# Details

NO_EMAIL = "Enter an e-mail address, for example name@example.org"
#: What is wrong, and the sentences that say how to put it right.
MISTAKES: list[tuple[str, dict[str, Value], list[str]]] = [
    (CLEARVIEW, {"full_name": ""}, ["Enter your full name"]),
    (CLEARVIEW, {"full_name": "   "}, ["Enter your full name"]),
    (CLEARVIEW, {"full_name": "x" * 301}, ["Use at most 300 characters"]),
    (CLEARVIEW, {"email": "nobody"}, [NO_EMAIL]),
    (
        CLEARVIEW,
        {"email": "", "address": ""},
        ["Enter an e-mail address or a postal address for the answer"],  # said once, at the first of the two
    ),
    (CLEARVIEW, {"address": "x" * 501}, ["Use at most 500 characters"]),
    (CLEARVIEW, {"role": "king"}, ["Not a valid choice."]),
    (CLEARVIEW, {"role": "parent", "writer_name": ""}, ["Enter your own name, as you write for somebody else"]),
    (CLEARVIEW, {"role": "agent", "writer_name": " "}, ["Enter your own name, as you write for somebody else"]),
    (OBJECTION, {"grounds": ""}, ["Say in a sentence why this matters to you"]),
    (COMPLAINT, {"answer": ()}, ["Choose what they did with your request"]),
    (
        COMPLAINT,
        {"address": ""},
        ["Enter an address, or the address of someone who will take the answer for you"],
    ),
    (COMPLAINT, {"request_sent_on": ("", "", "")}, ["Enter the day on which you sent your request"]),
    (COMPLAINT, {"known_on": ("", "", "")}, ["Enter the day on which you learned of it"]),
    (COMPLAINT, {"known_on": ("31", "2", "2026")}, ["Enter the day on which you learned of it"]),  # no such day
    (COMPLAINT, {"known_on": ("first", "of", "May")}, ["Enter the day on which you learned of it"]),
    (COMPLAINT, {"known_on": ("1", "1", "1899")}, ["Enter a year after 1900"]),
    (COMPLAINT, {"known_on": ("24", "11", "2026")}, ["Enter a day that is not in the future"]),
    (COMPLAINT, {"received_on": ("31", "13", "2026")}, ["Enter the day on which they received it"]),
    (COMPLAINT, {"received_on": ("", "9", "2026")}, ["Enter the day on which they received it"]),  # told, not dropped
    (COMPLAINT, {"received_on": ("5", "", "")}, ["Enter the day on which they received it"]),
    (CBP, {"date_of_birth": ("", "", "")}, ["Enter your date of birth, for example 31 3 1990"]),
    (CBP, {"place_of_birth": ""}, ["Enter the town and country where you were born"]),
    (FOIA, {"fee_category": "prince"}, ["Not a valid choice."]),
    (UNKNOWN, {"organisation_email": "nobody"}, ["Enter an e-mail address, for example privacy@example.org"]),
    (UNKNOWN, {"organisation_address": "x" * 501}, ["Enter a shorter address"]),
    (FOIA, {"full_name": "", "email": "nobody"}, ["Enter your full name", NO_EMAIL]),
]  # fmt: skip


@pytest.mark.parametrize(("address", "wrong", "sentences"), MISTAKES)
def test_each_mistake_is_told_in_a_sentence_and_nothing_typed_is_lost(
    browser: Browser, address: str, wrong: dict[str, Value], sentences: list[str]
) -> None:
    page = browser.get(address)
    typed = {**details(page), **wrong}
    again = browser.send(page, typed)
    assert again.status == 422
    assert again.errors == sentences
    assert again.title.startswith("Error:")
    for link in again.tree.xpath("//ul[contains(@class, 'govuk-error-summary__list')]//a/@href"):
        assert len(again.main.xpath(f".//*[@id='{link.removeprefix('#')}']")) == 1
    for name, value in typed.items():
        if value not in ("king", "prince"):  # no such choice can stand there
            assert again.value(name) == value, name


def test_a_mistake_put_right_leads_on(browser: Browser) -> None:
    page = browser.write(CLEARVIEW, full_name="")
    assert browser.send(page, {"full_name": "Ana Example"}).heading == "Read your letter"


def test_one_way_for_the_answer_is_enough_and_the_page_says_so(browser: Browser) -> None:
    assert "an e-mail address or a postal address is enough" in browser.get(CLEARVIEW).text
    assert "is enough" not in browser.get(COMPLAINT).text  # its authority wants a postal address
    assert browser.write(CLEARVIEW, email="").heading == "Read your letter"
    assert browser.write(CLEARVIEW, address="").heading == "Read your letter"


def test_only_what_the_letter_needs_is_asked(browser: Browser) -> None:
    asked = browser.get(CLEARVIEW).names()
    assert "date_of_birth" not in asked
    assert "organisation_address" not in asked
    assert {"organisation_address", "organisation_email"} <= browser.get(UNKNOWN).names()


def test_every_question_can_be_put_in_words() -> None:
    assert {*QUESTIONS} == {*DETAILS}


HOSTILE = [
    "<script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    '" onfocus=alert(1) autofocus x="\'',
    "{{ 7*7 }} {full_name} {ink:signature}",
    "=== core:request",
    "## no heading",
    "1. no list",
    "| no | table",
    "‮gnihton‬ ש א",
    "Zoë é\u0301\u0302",
    "a\\b \\{ %s %(x)s &amp; &lt;",
    "😀 ☃ 漢字",
    "x" * 300,
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_name_comes_back_escaped_and_equal(browser: Browser, value: str) -> None:
    page = browser.write(CLEARVIEW, full_name=value, other_names=value, photo_links=f"{value}\n{value}")
    assert page.heading == "Read your letter"
    assert not page.main.xpath(".//script | .//img | .//*[@onfocus or @onerror]")
    assert same(value, str(browser.get(f"{page.path}/details").value("full_name")))
    assert same(f"{value}\n{value}", str(browser.get(f"{page.path}/details").value("photo_links")))
    table = [row.text_content() for row in page.main.xpath(".//table//td | .//table//th")]
    visible = re.sub(r"[\W_]", "", unicodedata.normalize("NFC", value))[:40]
    letters = re.sub(r"[\W_]", "", unicodedata.normalize("NFC", "".join(table)))
    assert visible.isascii() is False or visible in letters


def same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other.replace("\r\n", "\n"))


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\u2028b", "\ufeffa", "a\ud7ffb"])
def test_a_character_that_nobody_sees_breaks_nothing(browser: Browser, value: str) -> None:
    page = browser.write(CLEARVIEW, full_name=value)
    assert page.heading == "Read your letter"
    assert browser.get(f"{page.path}/letter.pdf").answer.data.startswith(b"%PDF")


def test_details_can_be_changed_and_the_draft_stays_the_same(browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    again = browser.send(browser.get(page.links("Change my details")[0]), {"full_name": "Berta Beispiel"})
    assert again.path == page.path
    assert "Berta Beispiel" in again.text
    assert "Ana Example" not in again.text


def test_two_tabs_write_two_letters(browser: Browser) -> None:
    one, other = browser.get(CLEARVIEW), browser.get(COMPLAINT)
    first = browser.send(one, details(one))
    second = browser.send(other, details(other))
    assert first.path != second.path
    assert browser.get(first.path).text == first.text


def test_a_form_sent_twice_gives_a_letter_each(browser: Browser) -> None:
    page = browser.get(CLEARVIEW)
    assert browser.send(page, details(page)).path != browser.send(page, details(page)).path


# An organisation that the catalogue does not know


def test_a_letter_to_an_unknown_organisation_goes_where_the_person_says(browser: Browser) -> None:
    page = browser.write(UNKNOWN, organisation_address="1 Face Street\nLondon", organisation_email="dpo@example.com")
    envelope = page.main.xpath(".//p[contains(@class, 'addressee')]")[0].text_content()
    for line in ("Face Finder", "1 Face Street", "London"):
        assert line in envelope
    taken = browser.get(f"{page.path}/take")
    assert "dpo@example.com" in taken.text
    assert taken.text.count("Not yet confirmed.") == 1
    changed = browser.get(f"{page.path}/details")
    assert same("1 Face Street\nLondon", str(changed.value("organisation_address")))


def test_a_letter_to_an_unknown_organisation_needs_no_address(browser: Browser) -> None:
    page = browser.write(UNKNOWN)
    taken = browser.get(f"{page.path}/take")
    assert "We know of no postal address." in taken.text
    assert "We know of no e-mail address." in taken.text
    assert browser.get(f"{page.path}/message.eml").status == 404


# Preview


def test_the_preview_shows_the_letter_as_it_will_read(browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    for said in (
        "Ana Example",
        "Clearview AI, Inc.",
        "Article 15",
        "within one month",
        "23 November 2026",
        "Austria",
    ):
        assert said in page.text


def test_a_person_may_change_every_word(browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    text = str(page.value("text")) + "\n\nPlease answer on yellow paper.\n"
    changed = browser.send(page, {"text": text}, do="text")
    assert "Please answer on yellow paper." in changed.text
    assert "You changed a part that the law leans on" not in changed.text
    assert "yellow paper" in browser.get(f"{page.path}/letter.txt").answer.text


def test_a_changed_core_block_is_told_and_our_words_come_back(browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    text = re.sub(r"(=== core:request\n)[^\n]+", r"\1I want to know something.", str(page.value("text")))
    changed = browser.send(page, {"text": text}, do="text")
    assert "You changed a part that the law leans on" in changed.text
    assert "(request)" in changed.text
    assert "I want to know something." in changed.text
    back = browser.send(changed, {}, do="ours")
    assert "You changed a part" not in back.text
    assert back.text == browser.get(page.path).text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Dear all", "the letter has no subject"),
        ("=== subject\nX\n\nA {brace", "paragraph 3: a brace that is no blank"),
        ("=== subject\nX\n\n=== core:a\nB\n\n=== core:a\nC", "stands twice"),
        ("=== subject\nX\n\nText\n=== long\nmore", "stands inside a paragraph"),
        ("=== subject\nX\n\n=== <b>bold</b>\nB", "unknown mark"),
        ("=== subject\nX\n\nDear {full_name}", "full_name"),
    ],
)
def test_a_text_that_cannot_be_read_says_why_and_is_kept(browser: Browser, text: str, why: str) -> None:
    page = browser.write(CLEARVIEW)
    again = browser.send(page, {"text": text}, do="text")
    assert again.status == 422
    assert len(again.errors) == 1
    assert again.errors[0].startswith("This text cannot be read:")
    assert why in again.errors[0]
    assert same(text, str(again.value("text")))
    assert browser.get(page.path).text == page.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The letter is empty. Put some words in, or go back to ours."),
        ("=== subject\nX\n\n" + "long " * 5_000, "The letter is too long: 20,000 characters are the most."),
    ],
)
def test_a_text_that_is_empty_or_too_long_says_so(browser: Browser, text: str, sentence: str) -> None:
    again = browser.send(browser.write(CLEARVIEW), {"text": text}, do="text")
    assert (again.status, again.errors) == (422, [sentence])


def test_what_the_fonts_lack_is_told(browser: Browser) -> None:
    page = browser.write(CLEARVIEW, full_name="Ana 漢 Example")
    assert "Some characters cannot be printed" in page.text
    assert "漢" in page.text


def test_the_language_can_be_changed(browser: Browser) -> None:
    page = browser.write("/to/ca-rcmp/access/ca/ca-privacy-act")
    french = browser.send(page, {"language": "fr"}, do="look")
    assert french.main.xpath(".//section[contains(@class, 'rf-letter')]/@lang")[0].startswith("fr")
    assert "Loi sur la protection des renseignements personnels" in french.text
    assert french.value("language") == "fr"


def test_another_language_begins_with_our_words_again(browser: Browser) -> None:
    page = browser.write("/to/ca-rcmp/access/ca/ca-privacy-act")
    page = browser.send(page, {"text": str(page.value("text")) + "\n\nMy own words.\n"}, do="text")
    assert "My own words." in browser.send(page, {"layout": "a4-left"}, do="look").text
    assert "My own words." not in browser.send(page, {"language": "fr"}, do="look").text


@pytest.mark.parametrize(
    ("layout", "width"), [("a4-left", 595), ("a4-right", 595), ("letter-10", 612)]
)  # points, as paper is measured
def test_the_envelope_can_be_changed(browser: Browser, layout: str, width: int) -> None:
    page = browser.send(browser.write(CLEARVIEW), {"layout": layout}, do="look")
    assert page.value("layout") == layout
    pdf = pikepdf.open(BytesIO(browser.get(f"{page.path}/letter.pdf").answer.data))
    assert round(float(pdf.pages[0].mediabox[2])) == width


@pytest.mark.parametrize("values", [{"language": "xx"}, {"layout": "../x"}, {"language": ""}])
def test_a_language_or_an_envelope_that_is_not_there_changes_nothing(
    browser: Browser, values: dict[str, str]
) -> None:
    page = browser.write(CLEARVIEW)
    assert browser.send(page, values, do="look").text == page.text


def test_a_letter_in_another_language_is_explained_beside_it(browser: Browser) -> None:
    page = browser.write(GREEK)
    assert "The letter is in Greek" in page.text
    assert page.main.xpath(".//section[contains(@class, 'rf-letter')]/@lang") == ["el-GR"]
    assert {*page.main.xpath(".//*[@class='meaning']/@lang")} == {"en"}


def test_no_cover_is_promised_where_none_goes_with_the_letter(browser: Browser) -> None:
    page = browser.write("/to/se-polisen/access/se/eu-led")
    assert "They work in Swedish" in page.text
    assert "A short cover in their language goes with it" not in page.text
    assert browser.get(f"{page.path}/cover.pdf").status == 404


def test_where_the_letter_is_not_written_in_their_language_the_page_says_so(browser: Browser) -> None:
    page = browser.write("/to/clearview-ai/access/pl/eu-gdpr")
    assert page.status == 200
    page = browser.write("/to/se-polisen/access/se/eu-led")
    assert "They work in Swedish. This letter is not written in it yet." in page.text


def test_a_draft_is_offered_and_told_wherever_it_is_shown(browser: Browser) -> None:
    page = browser.write(POLISH)
    assert "They work in Polish. A short cover in their language goes with it" in page.text
    assert "No lawyer who writes Polish has read its words yet." in page.text
    draft = browser.send(page, {"language": "pl"}, do="look")
    assert "This is a draft in Polish" in draft.text
    assert "I complain (Article 77 GDPR)" not in draft.text
    assert "I lodge a complaint (Article 77 GDPR)" in draft.text  # what it means, beside it
    taken = browser.get(f"{page.path}/take")
    assert "This is a draft in Polish" in taken.text
    letter = browser.get(f"{page.path}/letter.txt").answer.text
    assert "art.\u00a077 RODO" in letter
    assert "CNIL" in letter  # decisions are cited, as English does
    assert browser.get(f"{page.path}/cover.pdf").status == 404
    assert browser.get(f"{page.path}/reading-copy.pdf").answer.data.startswith(b"%PDF")
    back = browser.send(draft, {"language": "en"}, do="look")
    assert "This is a draft" not in back.text
    assert browser.get(f"{page.path}/cover.pdf").status == 200


def test_only_the_draft_of_their_own_language_is_offered(browser: Browser) -> None:
    page = browser.write(POLISH)
    offered = [str(one) for one in page.tree.xpath("//select[@id='language']/option/@value")]
    assert offered == ["en", "de", "el", "fr", "it", "pl"]
    page = browser.send(page, {"language": "cs"}, do="look")
    assert page.tree.xpath("//select[@id='language']/option[@selected]/@value") == ["en"]


def test_in_austria_the_year_to_complain_is_told(browser: Browser) -> None:
    late = browser.write(COMPLAINT, known_on=parts("2025-11-21"), conduct_on=parts("2025-07-01"))
    assert "the time to do this ended on 21 November 2026" in late.text
    early = browser.write(COMPLAINT, known_on=parts("2026-08-01"), conduct_on=parts("2026-07-01"))
    assert "the last day for this is 1 August 2027" in early.text


def test_in_austria_three_years_after_the_event_end_it_all(browser: Browser) -> None:
    page = browser.write(COMPLAINT, known_on=parts("2026-08-01"), conduct_on=parts("2023-07-01"))
    assert "the time to do this ended on" in page.text
    assert "2026" in page.text.split("the time to do this ended on")[1][:20]


def test_in_the_united_kingdom_the_company_is_addressed_first(browser: Browser) -> None:
    page = browser.write("/to/clearview-ai/complaint/gb/first-uk-gdpr")
    envelope = page.main.xpath(".//p[contains(@class, 'addressee')]")[0].text_content()
    assert "Clearview AI" in envelope
    assert "164A" in page.text


@pytest.mark.parametrize("role", ["parent", "agent"])
def test_who_writes_for_another_gets_a_page_to_sign(browser: Browser, role: str) -> None:
    page = browser.write(CLEARVIEW, role=role, writer_name="Petra Vorlage")
    assert "Petra Vorlage" in page.text
    alone = browser.write(CLEARVIEW)
    with_page = pikepdf.open(BytesIO(browser.get(f"{page.path}/letter.pdf").answer.data))
    without = pikepdf.open(BytesIO(browser.get(f"{alone.path}/letter.pdf").answer.data))
    assert len(with_page.pages) == len(without.pages) + 1


# Taking it


def test_the_letter_comes_in_all_its_shapes(browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    pdf = browser.get(f"{page.path}/letter.pdf").answer
    assert pdf.content_type == "application/pdf"
    assert pdf.headers["Content-Disposition"] == "attachment; filename=letter.pdf"
    assert str(pikepdf.open(BytesIO(pdf.data)).Root.Lang) == "en"
    text = browser.get(f"{page.path}/letter.txt").answer
    assert text.content_type == "text/plain; charset=utf-8"
    assert "Ana Example" in text.text
    mail = message_from_bytes(browser.get(f"{page.path}/message.eml").answer.data, policy=default)
    assert (mail["To"], mail["From"], mail["X-Unsent"]) == ("legal-requests@clearview.ai", "ana@example.org", "1")
    [enclosed] = mail.iter_attachments()
    assert enclosed.get_content() == pdf.data
    assert "Article 15" in mail.get_body().get_content().replace("\xa0", " ")


def test_no_file_name_tells_whom_one_writes_to(browser: Browser) -> None:
    page = browser.write(GREEK)
    for link in browser.get(f"{page.path}/take").links():
        if link.startswith("/letter/"):
            name = browser.get(link).answer.headers.get("Content-Disposition", "")
            assert "clearview" not in name.lower()


@pytest.mark.parametrize("email", ["jürgen@beispiel.example", "ana@bücher.example", "a+b_c@example.org"])
def test_an_address_in_other_letters_can_be_mailed(browser: Browser, email: str) -> None:
    page = browser.write(CLEARVIEW, email=email)
    if page.heading == "Read your letter":
        assert browser.get(f"{page.path}/message.eml").status == 200
    else:
        assert page.errors == [NO_EMAIL]


def test_every_link_of_the_last_page_leads_somewhere(browser: Browser) -> None:
    for address in (CLEARVIEW, GREEK, POLISH, CBP, FOIA, UNKNOWN):
        page = browser.write(address)
        for link in browser.get(f"{page.path}/take").links():
            if link.startswith("/"):
                assert browser.get(link).status == 200, (address, link)


def test_a_complaint_comes_with_a_copy_to_read(browser: Browser) -> None:
    page = browser.write(GREEK)
    assert f"{page.path}/reading-copy.pdf" in browser.get(f"{page.path}/take").links()
    assert browser.get(f"{page.path}/reading-copy.pdf").answer.data.startswith(b"%PDF")
    assert browser.get(f"{page.path}/cover.pdf").status == 404


def test_a_complaint_in_english_comes_with_a_cover(browser: Browser) -> None:
    page = browser.write(POLISH)
    assert f"{page.path}/cover.pdf" in browser.get(f"{page.path}/take").links()
    cover = pikepdf.open(BytesIO(browser.get(f"{page.path}/cover.pdf").answer.data))
    assert str(cover.Root.Lang).startswith("pl")
    assert browser.get(f"{page.path}/reading-copy.pdf").status == 404


def test_who_takes_only_a_portal_gets_text_to_paste(browser: Browser) -> None:
    page = browser.write(CBP)
    taken = browser.get(f"{page.path}/take")
    assert "They take this only through their portal" in taken.text
    assert "By post" not in taken.text
    short = str(taken.main.xpath(".//textarea[@id='copy-short']")[0].text)
    assert len(short) < 2_000
    assert "Ana Example" in short


def test_an_unconfirmed_address_is_marked_once_when_it_is_taken(browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    beside = browser.get(f"{page.path}/take").main.xpath(
        ".//address/following-sibling::p[contains(@class, 'rf-check')]"
    )
    assert len(beside) == 1


def test_a_letter_that_cannot_be_set_says_why(browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    text = "=== subject\nX\n\n" + "\n\n".join(["line"] * 300)
    browser.send(page, {"text": text}, do="text")
    answer = browser.get(f"{page.path}/letter.pdf")
    assert answer.status == 422
    assert "at most 200 can be set. Shorten it." in answer.text
    assert browser.get(page.path).status == 200


# Forgetting


def test_a_letter_that_is_taken_is_gone(an_app: AnApp) -> None:
    app = an_app()
    browser = Browser(app)
    page = browser.write(POLISH)
    addresses = [
        page.path,
        *(f"{page.path}/{one}" for one in ("details", "take", "letter.pdf", "letter.txt", "cover.pdf")),
    ]
    assert {browser.get(address).status for address in addresses} == {200}
    done = browser.post(browser.get(f"{page.path}/take"), f"{page.path}/done")
    assert done.heading == "Your details are forgotten"
    assert rows(app) == []
    assert {browser.get(address).status for address in addresses} == {404}
    assert app.extensions["rightface"].printer._memory._kept == {}


def test_saying_so_twice_does_no_harm(browser: Browser) -> None:
    taken = browser.get(f"{browser.write(CLEARVIEW).path}/take")
    address = taken.path.removesuffix("/take") + "/done"
    browser.post(taken, address)
    assert browser.post(taken, address).heading == "Your details are forgotten"


def test_a_taken_letter_leaves_the_others(browser: Browser) -> None:
    kept, taken = browser.write(CLEARVIEW), browser.write(CLEARVIEW)
    browser.post(browser.get(f"{taken.path}/take"), f"{taken.path}/done")
    assert browser.get(kept.path).status == 200


@pytest.mark.parametrize(
    "part", ["", "/details", "/take", "/letter.pdf", "/letter.txt", "/message.eml", "/cover.pdf", "/reading-copy.pdf"]
)
def test_another_browser_finds_nothing(app: Flask, browser: Browser, part: str) -> None:
    page = browser.write(GREEK)
    other = Browser(app)
    assert other.get(page.path + part).status == 404  # it has no key
    other.write(CLEARVIEW)
    assert other.get(page.path + part).status == 404  # it has one of its own


def test_another_browser_cannot_forget_it(app: Flask, browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    other = Browser(app)
    other.write(CLEARVIEW)
    token = other.get("/").tree.xpath("//input[@name='csrf_token']/@value")[0]
    other.client.post(f"{page.path}/done", data={"csrf_token": token})
    other.client.post(page.path, data={"csrf_token": token, "do": "ours"})
    assert browser.get(page.path).text == page.text


def test_after_two_hours_it_is_gone_from_the_page_and_the_database(an_app: AnApp) -> None:
    clock = Clock()
    app = an_app(clock)
    browser = Browser(app)
    page = browser.write(CLEARVIEW)
    clock.forward(seconds=LIFE.total_seconds() - 1)
    assert browser.get(page.path).status == 200
    clock.forward(seconds=1)
    assert browser.get(page.path).status == 404
    clock.forward(minutes=1)
    Browser(app).get("/")  # anybody
    assert rows(app) == []


def test_who_comes_too_late_is_told_that_it_was_forgotten(browser: Browser, clock: Clock) -> None:
    page = browser.write(CLEARVIEW)
    clock.forward(hours=2)
    late = browser.get(page.path)
    assert (late.status, late.heading) == (404, "This page has been open for too long")
    assert "we forget what you typed after two hours" in late.text


def test_a_change_gives_two_hours_more_to_the_draft_and_to_its_key(browser: Browser, clock: Clock) -> None:
    page = browser.write(CLEARVIEW)
    clock.forward(hours=1.5)
    answer = browser.client.post(page.path, data={"csrf_token": token(page), "do": "ours"})
    assert "Max-Age=7200" in answer.headers["Set-Cookie"]
    clock.forward(hours=1.5)
    assert browser.get(page.path).status == 200


def token(page: Page) -> str:
    return str(page.tree.xpath("//input[@name='csrf_token']/@value")[0])


def test_the_key_is_in_the_cookie_alone(app: Flask, browser: Browser) -> None:
    page = browser.write(CLEARVIEW)
    key = browser.cookies()["draft"]
    assert key not in page.answer.text
    assert not any(key in str(row) for row in rows(app))
    assert id_of(page) not in key


@pytest.mark.parametrize("key", ["", "x", "é", "A" * 44, "=" * 43, "A" * 3_000])
def test_a_key_that_is_none_finds_nothing(app: Flask, key: str) -> None:
    browser = Browser(app)
    page = browser.write(CLEARVIEW)
    browser.client.set_cookie("draft", key)
    assert browser.get(page.path).status == 404
