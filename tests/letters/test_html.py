"""A letter as HTML."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from portal.letters.blocks import BadLetter, parse
from portal.letters.html import article, document
from portal.letters.letter import Gloss, Letter

ALetter = Callable[..., Letter]
HOSTILE = [
    "<script>alert(1)</script>",
    "</p></article><h1>x</h1>",
    '"><img src=x onerror=y>',
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>@import url(http://example.org)</style>",
    "&lt;b&gt; &amp; {{ 7*7 }} {full_name} %s {0}",
    "=== core:x ## heading 1. item | a | b",
]


class Tags(HTMLParser):
    """The elements and attributes of a document, in order; its text apart."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(str(source))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {' '.join(name for name, _ in attrs)}".strip())

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_letter_is_read_in_its_order(a_letter: ALetter) -> None:
    text = Tags(article(a_letter())).text
    order = [
        "Anna Gruber · Beispielgasse",  # return line
        "Clearview AI, Inc.",
        "Date",
        "23 November 2026",
        "My reference",
        "RF-7K2M",
        "Request for access",
        "Dear Sir",
        "I ask Clearview AI",
        "What I ask",
        "the purposes",
        "12 March 1990",
        "If you refuse",
        "Yours faithfully",
        "Anna Gruber",
        "Enclosures",
        "Authority to act",
    ]
    at = -1
    for part in order:
        at = text.index(part, at + 1)


def test_the_headings_fit_where_the_letter_stands(a_letter: ALetter) -> None:
    on_paper = re.findall(r"<h(\d)[^>]*>([^<]*)", document(a_letter()))
    assert [(int(level), text[:9]) for level, text in on_paper] == [
        (1, "Request f"),
        (2, "What I as"),
        (2, "Authority"),
    ]
    in_a_page = re.findall(r"<h(\d)", article(a_letter()))
    assert in_a_page == ["2", "3", "3"]
    assert article(a_letter()).startswith("<article")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_person_becomes_markup(a_letter: ALetter, text: str) -> None:
    lines = (text, "Street", "City")
    numbers = {"reference": text, "their_reference": text}
    hostile = a_letter(extra=text, full_name=text, addressee=(*lines, "X"), salutation=text, **numbers)
    assert Tags(document(hostile)).tags == Tags(document(a_letter())).tags
    assert " ".join(text.split()) in Tags(document(hostile)).text


def test_the_metadata_name_nobody(a_letter: ALetter) -> None:
    head = document(a_letter()).partition("</head>")[0]
    assert "Gruber" not in head
    assert "<title>Request for access under Article 15 GDPR: facial recognition</title>" in head
    assert 'content="2026-11-23"' in head


def test_a_line_for_ink_has_a_name(a_letter: ALetter) -> None:
    source = article(a_letter())
    assert source.count('aria-label="Signature"') == 2
    assert source.count('aria-label="Date"') == 1


def test_a_row_has_its_header(a_letter: ALetter) -> None:
    assert '<tr><th scope="row">Name</th><td>Anna Gruber</td></tr>' in article(a_letter())


def test_what_explains_says_its_language(a_letter: ALetter, a_gloss: Gloss) -> None:
    source = article(a_letter(), a_gloss)
    meanings = re.findall(r'<section class="meaning" lang="fr"><p[^>]*>([^<]*)', source)
    assert meanings == [
        "Exemplaire de lecture avec explications : à ne pas envoyer.",
        a_gloss.subject,
        *(meaning for meaning in a_gloss.meanings if meaning),
    ]


def test_a_readers_copy_says_so_in_english_where_we_have_no_other_words(a_letter: ALetter, a_gloss: Gloss) -> None:
    source = article(a_letter(), replace(a_gloss, language="pl"))
    assert 'lang="en">Reader’s copy' in source


def test_a_letter_that_is_sent_explains_nothing(a_letter: ALetter) -> None:
    assert "meaning" not in article(a_letter())


def test_meanings_that_do_not_match_the_blocks_are_refused(a_letter: ALetter) -> None:
    with pytest.raises(BadLetter, match="1 meanings for 6 blocks"):
        article(a_letter(), Gloss("fr", "", ("Un.",)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{full_name}", "“full_name” is not filled"),
        ("=== details", "compose it"),
    ],
)
def test_an_unfinished_letter_is_not_printed(a_letter: ALetter, text: str, message: str) -> None:
    body = parse(f"=== subject\nA subject\n\n{text}\n")
    with pytest.raises(BadLetter, match=message):
        article(a_letter(body=body))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("A",) * 6, "addressee"),
        (("WWWW WWWW WWWW",) * 6, "addressee"),
        (("A",) * 7, "addressee small"),
        (("W" * 20 + " " + "W" * 20, "B", "C", "D", "E", "F"), "addressee small"),
        (("A",) * 10, "addressee tiny"),
        (("A",) * 20, "addressee tiny"),
    ],
)
def test_an_address_is_set_as_large_as_its_window_allows(
    a_letter: ALetter, lines: tuple[str, ...], kind: str
) -> None:
    assert f'class="{kind}"' in article(a_letter(addressee=lines))


def test_the_number_of_a_paragraph_stays_in_one_line(a_letter: ALetter) -> None:
    source = article(a_letter(extra="Articles 28(3)(e) & 57(1)(f) GDPR, (a)(b), 1 (2)."))
    assert "28(3)\u2060(e)" in source
    assert "57(1)\u2060(f)" in source
