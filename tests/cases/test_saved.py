"""What staff write often: each in all languages of the pages, with the same blanks."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from portal.cases import saved
from portal.cases.saved import FOLDER, LONGEST_BLANK, Blank, BlankKind, NotFilled, SavedMessage
from portal.law.catalogue import Catalogue
from portal.law.files import BadData
from portal.web.language import LANGUAGES
from tests.building import DATA

MESSAGES = saved.load(DATA)
#: What fits a blank of each kind, and what does not.
FITS = {
    BlankKind.TEXT: "Verein Beispiel",
    BlankKind.DAY: "2027-01-31",
    BlankKind.ORGANISATION: "pimeyes",
    BlankKind.AUTHORITY: "at-dsb",
}
DOES_NOT_FIT = {
    BlankKind.TEXT: ["", "  ", "x" * (LONGEST_BLANK + 1)],
    BlankKind.DAY: ["", "31.1.2027", "2027-02-31", "20270131"],
    BlankKind.ORGANISATION: ["", "PimEyes", "at-dsb"],
    BlankKind.AUTHORITY: ["", "DSB", "pimeyes"],
}
#: What staff ask nobody by message.
NEVER_ASKED = re.compile(r"immigra|passport|passeport|titre de séjour|residence permit|visa\b", re.IGNORECASE)


#: A blank that staff cannot be asked for in French.
UNNAMED = Blank(kind=BlankKind.DAY, label={"en": "When?"})


def a_message(**changed: object) -> SavedMessage:
    words = dict.fromkeys(LANGUAGES, "Sent on {day}.")
    blank = Blank(kind=BlankKind.DAY, label=dict.fromkeys(LANGUAGES, "When?"))
    return replace(SavedMessage(id="sent", title=words, text=words, blanks={"day": blank}), **changed)


@pytest.mark.parametrize("id_", MESSAGES)
def test_a_message_lacks_nothing(id_: str) -> None:
    assert list(saved.missing({id_: MESSAGES[id_]}, LANGUAGES)) == []


@pytest.mark.parametrize("id_", MESSAGES)
def test_a_message_asks_for_no_status_and_no_papers(id_: str) -> None:
    one = MESSAGES[id_]
    assert not [text for text in (*one.title.values(), *one.text.values()) if NEVER_ASKED.search(text)]


@pytest.mark.parametrize("id_", MESSAGES)
def test_a_message_says_as_many_paragraphs_in_each_language(id_: str) -> None:
    assert len({text.count("\n\n") for text in MESSAGES[id_].text.values()}) == 1


@pytest.mark.parametrize("id_", MESSAGES)
def test_a_message_is_filled_by_what_its_blanks_ask_for(catalogue: Catalogue, id_: str) -> None:
    one = MESSAGES[id_]
    values = {name: FITS[blank.kind] for name, blank in one.blanks.items()}
    given = {name: f" {value}\n" for name, value in values.items()}
    assert saved.filled(one, {**given, "more": "is left out"}, catalogue) == values


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind in BlankKind for value in DOES_NOT_FIT[kind]])
def test_a_blank_that_is_filled_otherwise_is_named(catalogue: Catalogue, kind: BlankKind, value: str) -> None:
    blank = Blank(kind=kind, label=dict.fromkeys(LANGUAGES, "What?"))
    message = a_message(blanks={"day": blank, "other": replace(blank, kind=BlankKind.TEXT)})
    with pytest.raises(NotFilled) as caught:
        saved.filled(message, {"day": value, "other": "fits"}, catalogue)
    assert caught.value.blanks == ("day",)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": {"en": "Sent"}}, "key “title.fr” is missing"),
        ({"text": {"en": "Sent on {day}.", "fr": " "}}, "key “text.fr” is missing"),
        ({"text": {"en": "Sent on {day}.", "fr": "Envoyé."}}, "{day} does not stand in it"),
        ({"blanks": {}}, "{day} is not among “blanks”"),
        (
            {"blanks": {"day": Blank(kind=BlankKind.DAY, label={"en": "When?"})}},
            "key “blanks.day.label.fr” is missing",
        ),
    ],
)
def test_what_a_message_lacks_is_said(changed: dict[str, object], said: str) -> None:
    assert list(saved.missing({"sent": a_message()}, LANGUAGES)) == []
    lacking = list(saved.missing({"sent": a_message(**changed)}, LANGUAGES))
    assert any(one.startswith("messages/sent.toml: ") and said in one for one in lacking), lacking


@pytest.mark.parametrize(
    ("text", "said"),
    [("id = 'x'\nwhat = 1", "“what” is not known"), ("id", "not TOML"), ("id = 'x'", "“title” is missing")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadData, match=f"messages/x.toml: .*{said}"):
        saved.load(tmp_path)


def test_the_labels_that_a_message_quotes_stand_on_the_pages() -> None:
    """In “quotes” a message says which button to press."""
    messages = (DATA.parent / "translations" / "fr" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    for path in sorted((DATA / FOLDER).glob("*.toml")):
        text = tomllib.loads(path.read_text(encoding="utf-8"))["text"]
        for quoted in re.findall(r"“([^”]+)”", text["en"]):
            assert f'msgid "{quoted}"' in messages
        for quoted in re.findall(r"«\s([^»]+)\s»", text["fr"]):
            assert f'msgstr "{quoted}"' in messages
