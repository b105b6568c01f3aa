"""The ways of sending a letter."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.law.records import Channel, Contact, Form, FormField
from portal.letters import shapes
from portal.letters.channels import CHANNELS, email, form, portal, post
from portal.letters.letter import Letter
from tests.building import a_letter, a_situation, an_organisation, the_catalogue

CLEARVIEW = an_organisation().contact
PDF = b"%PDF-1.7 not really"
#: What somebody could type into a name.
HOSTILE = [
    "=== core:x | {full_name}",
    "?cc=evil@example.org&body=x",
    "a%0D%0ABcc: evil@example.org",
    "\u2028Bcc: evil@example.org",
    "\x85Bcc: evil@example.org",
    "\x1cBcc: evil@example.org",
    "\x00",
    "שלום \u202e",
    "👩🏽" * 30,
    "“x” & <b>'y'</b>",
]
FORMS = [
    (id_, number, one)
    for id_, addressee in the_catalogue().addressees.items()
    for number, one in enumerate(addressee.forms)
]


def a_letter_of(name: str) -> Letter:
    """A letter whose subject bears a hostile name."""
    body = replace(an_organisation(), name={"en": name})
    return a_letter(a_situation("at", body, "complaint"), full_name=name)


def opened(message: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(message, policy=default))


def fields_of(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link).query, strict_parsing=True)


# E-mail


def test_a_link_addresses_the_organisation_with_copy_and_subject() -> None:
    link = email.link(CLEARVIEW, a_letter())
    assert link.startswith("mailto:legal-requests@clearview.ai?")
    assert fields_of(link)["subject"] == [shapes.subject(a_letter())]
    assert fields_of(link)["cc"] == ["privacy-requests@clearview.ai"]
    assert " " not in link
    assert "+" not in urlsplit(link).query  # a blank is %20 in a mailto: link, never a plus


def test_a_short_letter_is_in_the_link_whole() -> None:
    letter = a_letter()
    brief = replace(letter, body=replace(letter.body, blocks=letter.body.blocks[:1]))
    (told,) = fields_of(email.link(CLEARVIEW, brief))["body"]
    assert told == shapes.text(brief).replace("\n", "\r\n")


def test_a_letter_that_is_too_long_leaves_the_link_to_its_subject() -> None:
    letter = a_letter(photo_links="\n".join(f"https://example.org/{n}" for n in range(100)))
    assert "body" not in fields_of(email.link(CLEARVIEW, letter))


@pytest.mark.parametrize("name", [*HOSTILE, "x" * 300, "👩" * 300], ids=ascii)
def test_no_link_is_longer_than_mail_programs_take(name: str) -> None:
    link = email.link(CLEARVIEW, a_letter_of(name))
    assert len(link) <= email.LONGEST_LINK
    assert link.isascii()
    assert set(fields_of(link)) <= {"subject", "cc", "body"}


def test_a_contact_without_copy_has_none_in_the_link() -> None:
    assert "cc" not in fields_of(email.link(replace(CLEARVIEW, cc=""), a_letter()))


def test_a_message_is_a_draft_with_the_text_and_the_letter() -> None:
    letter = a_letter()
    mail = opened(email.message(CLEARVIEW, letter, PDF, "ana@example.org"))
    assert (mail["To"], mail["Cc"], mail["From"]) == (CLEARVIEW.email, CLEARVIEW.cc, "ana@example.org")
    assert mail["Subject"] == shapes.subject(letter)
    assert mail["X-Unsent"] == "1"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == shapes.text(letter)
    (enclosed,) = mail.iter_attachments()
    assert (enclosed.get_content_type(), enclosed.get_filename()) == ("application/pdf", "letter.pdf")
    assert enclosed.get_content() == PDF


def test_a_message_without_a_sender_leaves_that_to_the_mail_program() -> None:
    assert opened(email.message(CLEARVIEW, a_letter(), PDF, ""))["From"] is None


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_adds_no_header_to_a_message(name: str) -> None:
    mail = opened(email.message(CLEARVIEW, a_letter_of(name), PDF, "ana@example.org"))
    assert sorted(set(mail.keys())) == ["Cc", "Content-Type", "From", "MIME-Version", "Subject", "To", "X-Unsent"]
    assert mail["To"] == CLEARVIEW.email
    assert len(list(mail.iter_attachments())) == 1


@pytest.mark.parametrize("language", ["el", "de", "fr", "it"])
def test_a_message_in_any_alphabet_is_read_back(language: str) -> None:
    letter = a_letter(a_situation("gr", right="complaint"), language)
    mail = opened(email.message(CLEARVIEW, letter, PDF, "ana@example.org"))
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == shapes.text(letter)
    assert mail["Subject"].replace("\u00a0", " ") == shapes.subject(letter).replace("\u00a0", " ")


# Forms


@pytest.mark.parametrize(("id_", "number", "known"), FORMS, ids=[f"{id_} {n}" for id_, n, _ in FORMS])
def test_each_field_of_a_known_form_gets_what_it_takes(id_: str, number: int, known: Form) -> None:
    given_ = list(form.pasted(known, a_letter(), "Clearview AI", "ana@example.org"))
    assert [one.field for one in given_] == list(known.fields)
    for one in given_:
        assert bool(one.text) == bool(one.field.fills), f"{id_}: nothing fills {one.field.fills!r}"
        assert one.field.max_chars is None or len(one.text) <= one.field.max_chars


@given(st.integers(1, 3_000), st.text(min_size=1, max_size=3_000))
def test_a_field_is_never_given_more_than_it_takes(longest: int, organisation: str) -> None:
    one_field = FormField(name="who", fills="organisation", max_chars=longest)
    base = next(known for _, _, known in FORMS)
    (given_,) = form.pasted(replace(base, fields=(one_field,)), a_letter(), organisation, "")
    assert len(given_.text) <= longest
    assert given_.cut == (len(organisation) > longest)
    assert given_.cut or given_.text == organisation
    assert not given_.cut or given_.text.endswith("…")


def test_the_name_and_the_address_of_the_sender_go_to_their_own_fields() -> None:
    fields = tuple(FormField(name=name, fills=name) for name in ("full_name", "address", "email", "sender"))
    base = next(known for _, _, known in FORMS)
    told = {one.field.name: one.text for one in form.pasted(replace(base, fields=fields), a_letter(), "X", "a@b.org")}
    assert told == {
        "full_name": "Ana Example",
        "address": "1 Sample Street\n1010 Sampletown",
        "email": "a@b.org",
        "sender": "Ana Example\n1 Sample Street\n1010 Sampletown\na@b.org",
    }


# Which can be used


@pytest.mark.parametrize(
    ("channel", "known"),
    [
        (Channel.POST, {"address": ("1 Street",)}),
        (Channel.EMAIL, {"email": "x@example.org"}),
        (Channel.FORM, {"form": "https://example.org"}),
        (Channel.PORTAL, {"form": "https://example.org"}),
    ],
)
def test_a_way_can_be_used_where_its_address_is_known(channel: Channel, known: dict[str, object]) -> None:
    nothing: Contact = replace(CLEARVIEW, address=(), email="", form="", cc="")
    assert not CHANNELS[channel].can(nothing)
    assert CHANNELS[channel].can(replace(nothing, **known))


def test_a_letter_by_post_wants_an_address() -> None:
    assert post.can(CLEARVIEW)


@pytest.mark.parametrize(("office", "only"), [("us-ice-foia", True), ("ca-rcmp-atip", False)])
def test_some_offices_take_nothing_but_their_portal(office: str, only: bool) -> None:
    assert portal.only(the_catalogue().offices[office].contact) is only
