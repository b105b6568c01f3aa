"""Whatever people type: nothing breaks, and what comes back is what they typed.

The strings are those of the Big List of Naughty Strings, a few of our own, and pairs of them.
"""

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count, islice, product

import pytest
from flask import request_finished
from flask_wtf import FlaskForm
from markupsafe import escape
from werkzeug.test import TestResponse
from wtforms import DateField, StringField
from wtforms.fields.core import UnboundField

from portal.letters.details import DETAILS, Kind
from portal.letters.fonts import printable
from portal.web.case_words import HAPPENED
from portal.web.forms import groups, queue, staff
from portal.web.forms.case import happened_form
from tests.building import ROOT
from tests.web.boxes import OWN_WORDS, Box, Found, find, sent, text_of, values
from tests.web.conftest import AnApp
from tests.web.samples import rules

LIST = ROOT / "tests" / "data" / "naughty" / "blns.json"
#: What the list lacks: it may hold no NUL, and knows nothing of our letters and dates.
OURS = (
    "\0", "a\0b", "\ufeff", "\ufffe", "\U000e0001", "\ud7ff\ue000", "e\u0301", "\u212b", "\u1e17\u0301\u0301\u0301",
    "x" * 301, "x" * 20_001, "( " * 200, "=== subject", "=== core:x", "=== details", "## x", "1. x", "| a | b |",
    "{full_name}", "{ink:x}", "\\", "\\{", "%(day)s", "%(organisation)s", "{0}", "{{ config }}",
    "\r\nBcc: a@example.org", "a\nb",
    "a\r\n\r\nb", "\u0661", "\uff11", "0", "-0", "1e3", "9" * 5_000, "31", "a@b", "a@example.org", "a@\u00e4.example",
    "\"a b\"@example.org", "https://example.org/?a=b&c=d#e", "&amp;", "</textarea>", "</article>", "\u202eabc",
)  # fmt: skip
PAIRS = 40
#: How many requests there must be at least.
LEAST = 50_000
#: Every so manieth pair of a string and a box is tried in each run of the tests.
SAMPLE = 307
#: Into how many parts the proof is divided, so that several processes can share it.
PARTS = 24
#: A word that stands wherever a page shows what is typed.
CANARY = "Zwqcanary"
#: What a person types here stands in no page: whoever looks over their shoulder would have it.
SILENT = {"key"}
TRAP = {"website"}
#: An address may say more than the form lets through; so much of a name is read.
LONGEST_NAME = 200
#: What is typed here stays in the case.
MOVES = ("/happened/", "/complain/", "/messages")
#: What is printed with them: it takes long.
PRINTED = {"full_name", "facts"}


@cache
def strings() -> tuple[str, ...]:
    """Each string once, then pairs of them, the same in each run."""
    listed = json.loads(LIST.read_text(encoding="utf-8"))
    single = tuple(dict.fromkeys((*listed, *OURS)))
    chance = random.Random(2026)
    joined = (chance.choice(("", " ", "\r\n")).join(chance.sample(single, 2)) for _ in range(PAIRS))
    return (*single, *joined)


@pytest.fixture(scope="module")
def found(a_lasting_app: AnApp) -> Found:
    return find(a_lasting_app())


# What is compared


def same(text: str) -> str:
    """A text without what may differ: normal form C, ends of lines as a browser keeps them, none at the two ends."""
    return unicodedata.normalize("NFC", re.sub(r"\r\n?", "\n", text)).strip()


def same_words(text: str) -> str:
    """A text without its white space, and without what keeps “)(” together in a letter."""
    return "".join(unicodedata.normalize("NFC", text).replace("\u2060", "").split())


def literally(what: str) -> str:
    """Typed so that a letter takes each character for itself."""
    return re.sub(r"([\\{}|])", r"\\\1", what)


@dataclass(frozen=True)
class Outcome:
    """What came of typing: each answer's status, and the last page."""

    statuses: tuple[int, ...]
    path: str
    html: str

    @property
    def is_asked_again(self) -> bool:
        """Whether the form came back at once."""
        return self.statuses in ((200,), (422,))

    @property
    def is_letter(self) -> bool:
        return self.is_draft or re.fullmatch(r"/cases/\w+/letters/\w+", self.path) is not None

    @property
    def is_draft(self) -> bool:
        return re.fullmatch(r"/letter/\w+", self.path) is not None

    @property
    def shown(self) -> str:
        """Where the page may show what was typed: the letter, else its main part."""
        return text_of(self.html, "article" if self.is_letter else "main")


class Typist:
    """Types into boxes, and says what is wrong with the answers."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self._canaries: dict[Box, Outcome] = {}

    def wrong(self, box: Box, what: str) -> Iterator[str]:
        """What is wrong with the answers to a string in a box; nothing where all is well."""
        if box.name in TRAP and not what:
            return  # what people leave it at
        canary = self._canary(box)
        outcome = self._typed(box, what)
        if max(outcome.statuses) >= 500:
            yield f"{outcome.statuses}"
        elif outcome.is_asked_again and box.is_typed:
            yield from _not_echoed(box, what, outcome.html)
        elif outcome.statuses[-1] == 200:
            yield from _not_shown(box, what, canary, outcome)
            if box.is_typed and outcome.is_draft and box.name != "text":
                yield from self._not_kept(box, what, outcome)
        self._undo(box, outcome)

    def _typed(self, box: Box, what: str) -> Outcome:
        answer = box.sent(self.found.browser, literally(what) if box.around == OWN_WORDS else what)
        statuses = [answer.status_code]
        while answer.status_code in (301, 302, 303, 308):
            answer = sent(self.found.browser, "GET", answer.location)
            statuses.append(answer.status_code)
        html = answer.text if answer.mimetype == "text/html" else ""
        answer.close()
        return Outcome(tuple(statuses), answer.request.path, html)

    def _undo(self, box: Box, outcome: Outcome) -> None:
        """Let the next string find what this one found."""
        if outcome.is_letter and box.form.rule == "/letter/<id_>":
            ours = [(name, "ours" if name == "do" else value) for name, value in box.form.pairs]
            sent(self.found.browser, "POST", box.form.address, ours)
        elif any(part in box.form.rule for part in MOVES) and not outcome.is_asked_again:
            self.found.rewind()

    def _canary(self, box: Box) -> Outcome:
        if box not in self._canaries:
            self._canaries[box] = self._typed(box, _canary_for(box))
            self._undo(box, self._canaries[box])
        return self._canaries[box]

    def _not_kept(self, box: Box, what: str, outcome: Outcome) -> Iterator[str]:
        """The details can be changed afterwards, and stand there; the letter can be taken."""
        browser = self.found.browser
        back = values(sent(browser, "GET", f"{outcome.path}/details").text, box.name)
        kept = back[box.part(what)]
        if same(kept) != (str(int(what)) if box.is_day and what.strip() else same(what)):
            yield f"was kept as {back}"
        for shape in ("take", "letter.txt", "message.eml") if box.name in PRINTED else ():
            answer = sent(browser, "GET", f"{outcome.path}/{shape}")
            if answer.status_code not in (200, 404):
                yield f"{answer.status_code} for {shape}"


def _not_echoed(box: Box, what: str, html: str) -> Iterator[str]:
    """The form comes back with what was typed, so that it can be mended."""
    back, typed = values(html, box.name), box.around.format(what)
    alike = same_words if box.is_day else same
    if box.name in SILENT:
        if any(back):
            yield "what nobody may read over a shoulder came back"
    elif not back or alike(back[box.part(what)]) != alike(typed):
        yield f"came back as {back}"


def _not_shown(box: Box, what: str, canary: Outcome, outcome: Outcome) -> Iterator[str]:
    """Where a page shows our own word, it shows this string as it was typed.

    A letter leaves out what its typeface lacks, and says so; how it joins the lines of a value is its own affair.
    """
    word = _canary_for(box)
    what = what[:LONGEST_NAME] if box.name == "name" else what
    if not what.strip() or word not in canary.shown or canary.is_letter != outcome.is_letter:
        return
    shown = same_words(outcome.shown)
    if outcome.is_letter and len(same(what).splitlines()) > 1:
        right = all(same_words(printable(line)) in shown for line in what.splitlines())
    else:
        right = shown == same_words(canary.shown.replace(word, printable(what) if outcome.is_letter else what))
    if not right:
        yield f"is shown as {outcome.shown!r}"


@pytest.fixture(scope="module")
def typist(found: Found) -> Typist:
    return Typist(found)


def _canary_for(box: Box) -> str:
    return f"{CANARY}@example.org" if box.kind == "email" else CANARY


Wrong = list[tuple[str, str, str, list[str]]]


def all_wrong(typist: Typist, part: int, parts: int) -> tuple[Wrong, int]:
    """What is wrong with every so manieth of all strings in all boxes, and how many requests told."""
    asked = count(0)
    with request_finished.connected_to(lambda *_, **__: next(asked), typist.found.app):
        pairs = islice(product(typist.found.boxes, strings()), part, None, parts)
        answers = ((box, what, [*typist.wrong(box, what)]) for box, what in pairs)
        told = [(box.form.rule, box.name, what, wrong) for box, what, wrong in answers if wrong]
    return told, next(asked)


# Nothing is left out


def test_there_are_enough_strings_and_boxes(found: Found) -> None:
    assert len(json.loads(LIST.read_text(encoding="utf-8"))) == 515
    assert len(found.boxes) * len(strings()) > LEAST


def test_every_rule_that_a_form_is_sent_to_is_reached(found: Found) -> None:
    assert {rule.rule for rule in rules(found.app) if "POST" in (rule.methods or ())} <= found.reached


def forms(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        yield one
        yield from forms(one)


def test_every_field_that_people_type_into_has_a_box(found: Found) -> None:
    with found.app.test_request_context():
        # Each is a class made for a request and goes with it: among the subclasses only as long as somebody holds it.
        happened = {type(happened_form(kind, date(2026, 11, 23))) for kind in HAPPENED}
    # Of another application, which may be there beside this one: test_naughty_staff.py, test_naughty_groups.py.
    of_staff = {staff.__name__, queue.__name__, groups.__name__}
    ours = [
        one
        for one in {*forms(FlaskForm), *happened}
        if one.__module__.startswith("portal.") and one.__module__ not in of_staff
    ]
    typed = {
        name
        for one in ours
        for name, made in vars(one).items()
        if isinstance(made, UnboundField) and issubclass(made.field_class, StringField | DateField)
    }
    details = {name for name, detail in DETAILS.items() if detail.kind is not Kind.CHOICE}
    assert {"q", "name", "text", "note", "number", "key", "day", "website", "page"} <= typed
    assert typed | details <= {box.name for box in found.boxes if box.where == "form"}


# What is wrong is noticed


@pytest.mark.parametrize(
    ("rule", "name", "what", "instead"),
    [
        ("/", "q", "abc", "ABC"),  # the box itself
        ("/cases/<id_>/happened/<kind>", "note", "abc", "ABC"),  # a page that follows
        ("/letter/<id_>/details", "facts", "abc", "ABC"),  # the letter
        ("/letter/<id_>/details", "facts", "<b>", "&lt;b"),  # cut short
        ("/", "q", "<b>", "<b>"),  # as it was typed, where it must be written otherwise
    ],
)
def test_a_page_that_shows_something_else_is_noticed(
    found: Found, rule: str, name: str, what: str, instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [box, *_] = [one for one in found.boxes if (one.form.rule, one.name) == (rule, name)]
    assert [*Typist(found).wrong(box, f"zq{what}")] == []
    monkeypatch.setattr(
        TestResponse,
        "text",
        property(lambda self: self.get_data(as_text=True).replace(f"zq{escape(what)}", f"zq{instead}")),
    )
    assert [*Typist(found).wrong(box, f"zq{what}")] != []


def test_a_view_that_breaks_is_noticed(found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    [box] = [one for one in found.boxes if (one.form.rule, one.name) == ("/", "q")]
    monkeypatch.setitem(found.app.view_functions, "pages.home", None)
    assert [*Typist(found).wrong(box, "abc")] == ["(500,)"]


# Nothing breaks


def test_no_string_of_a_sample_breaks_anything(typist: Typist) -> None:
    wrong, asked = all_wrong(typist, 0, SAMPLE)
    assert wrong == []
    assert asked > LEAST / SAMPLE


@pytest.mark.proof
@pytest.mark.parametrize("part", range(PARTS))
def test_no_string_breaks_anything(typist: Typist, part: int) -> None:
    wrong, asked = all_wrong(typist, part, PARTS)
    assert wrong == []
    assert asked > LEAST / PARTS
