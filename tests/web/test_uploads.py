"""Files on their way from the browser to the paper that may be kept."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, Request, render_template_string, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart
from wtforms import StringField
from wtforms.validators import Optional

from portal.papers.kinds import MEDIA_TYPES, Kind
from portal.papers.paper import LARGEST_FILE, MOST_FILES, Paper
from portal.papers.refusals import NotTaken, Reason
from portal.web.uploads import LARGEST_REQUEST, PapersField, attachment, takes_files, told
from portal.web.words import REFUSALS
from tests.papers.documents import a_pdf
from tests.papers.pictures import WORD, a_picture, saved
from tests.web.browsing import Browser, Page
from tests.web.conftest import AnApp

PAGE = """
{% extends "base.html" %}{% from "components/form.html" import error_summary, field %}
{% block title %}Files{% endblock %}
{% block content %}<h1>Files</h1>{{ error_summary(form) }}
<form method="post" enctype="multipart/form-data" novalidate>{{ form.hidden_tag() }}{{ field(form.papers) }}
<button class="govuk-button">Send</button></form>{% endblock %}
"""
Sent = tuple[str, bytes]


class FilesForm(FlaskForm):  # type: ignore[misc]
    papers = PapersField("Which files do you want to keep?")
    note = StringField("Note")


class NoteForm(FlaskForm):  # type: ignore[misc]
    papers = PapersField("Which files do you want to keep?", [Optional()])


@pytest.fixture(scope="module")
def app(a_lasting_app: AnApp) -> Flask:
    """The portal with pages that take files, and one that takes none."""
    app = a_lasting_app()

    @takes_files
    def files() -> ResponseReturnValue:
        form = FilesForm()
        if form.validate_on_submit():
            return {"taken": [[paper.kind, paper.shown_name, len(paper.content)] for paper in form.papers.papers]}
        return render_template_string(PAGE, form=form), 422 if form.errors else 200

    @takes_files
    def optional() -> ResponseReturnValue:
        form = NoteForm()
        return {"valid": form.validate_on_submit(), "taken": len(form.papers.papers)}

    def none() -> ResponseReturnValue:
        return {"words": len(request.form.get("note", ""))}

    for view in (files, optional, none):
        app.add_url_rule(f"/{view.__name__}", view_func=view, methods=["GET", "POST"])
    return app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def send(browser: Browser, *files: Sent, to: str = "/files", **fields: str) -> Page:
    """Send files with the token of the page."""
    form: MultiDict[str, Any] = MultiDict(fields)
    form["csrf_token"] = browser.get("/files").value("csrf_token")
    for name, content in files:
        form.add("papers", FileStorage(BytesIO(content), name, content_type="text/html"))
    language = {"Accept-Language": browser.language}
    return Page(browser.client.post(to, **encoded(form), headers=language))


def encoded(form: MultiDict[str, Any]) -> dict[str, Any]:
    """As a browser sends it; Werkzeug's own client would use a temporary file."""
    boundary, data = encode_multipart(form)
    return {"data": data, "content_type": f"multipart/form-data; boundary={boundary}"}


# Taken, or told why not


def test_files_are_taken_for_what_they_are(browser: Browser) -> None:
    pdf = a_pdf()
    answer = send(browser, ("a.exe", saved()), ("x/b.png", saved(format_="PNG")), ("../c.html", pdf)).answer
    kinds = [taken[:2] for taken in answer.get_json()["taken"]]
    assert kinds == [["jpg", "a.jpg"], ["png", "b.png"], ["pdf", "c.pdf"]]
    assert answer.get_json()["taken"][2][2] == len(pdf)


@pytest.mark.parametrize(
    ("files", "told_of"),
    [
        ((), "Choose a file"),
        ((("", b""),), "Choose a file"),
        ((("a.jpg", saved()), ("answer\u202e.docx", b"PK")), "answer.docx: We take photos and screenshots"),
        ((("leer.jpg", b""),), "leer.jpg: This file is empty."),
        ((("a.jpg", saved() + bytes(LARGEST_FILE)),), "a.jpg: This file is larger than 10 MB."),
        ((("a.jpg", saved()),) * (MOST_FILES + 1), "These are too many files at once."),
    ],
)
def test_what_is_not_taken_is_told_beside_the_field(browser: Browser, files: tuple[Sent, ...], told_of: str) -> None:
    page = send(browser, *files)
    assert page.status == 422
    assert [error.startswith(told_of) for error in page.errors] == [True]
    assert page.field("papers").get("aria-invalid") == "true"


def test_where_no_file_need_be_sent_none_is_taken(browser: Browser) -> None:
    assert send(browser, to="/optional").answer.get_json() == {"valid": True, "taken": 0}
    assert send(browser, ("a", saved()), to="/optional").answer.get_json() == {"valid": True, "taken": 1}


def test_text_in_the_place_of_a_file_is_no_file(browser: Browser) -> None:
    assert send(browser, papers="/etc/passwd").errors == ["Choose a file"]


def test_without_its_token_nothing_is_taken(browser: Browser) -> None:
    answer = browser.client.post("/files", data={"papers": (BytesIO(saved()), "a.jpg")})
    assert answer.status_code == 400


def test_a_browser_is_told_what_may_be_chosen(browser: Browser) -> None:
    """With these an iPhone sends its photos as JPEG, and not as HEIC."""
    field = browser.get("/files").field("papers")
    assert field.get("type") == "file"
    assert field.get("accept") == "image/jpeg,image/png,image/webp,application/pdf"
    assert field.get("multiple") is not None


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("reason", Reason)
def test_each_reason_says_what_to_do(app: Flask, reason: Reason, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        sentence = told(NotTaken(reason, "a.jpg"))
        assert sentence.endswith(".")
        assert sentence.count(".") >= 3  # that of the name, what is the matter, what to do
        assert set(REFUSALS) == set(Reason)


# How much


def test_all_that_may_be_sent_at_once_arrives(browser: Browser) -> None:
    whole = saved() + bytes(LARGEST_FILE - len(saved()))
    assert len(send(browser, ("a", whole), ("b", whole)).answer.get_json()["taken"]) == 2


@pytest.mark.parametrize(
    ("language", "told_of"),
    [
        ("en", "All files together may have at most 25 MB. Go back and send fewer at once."),
        ("fr", "Tous les fichiers ensemble peuvent faire 25\u00a0Mo au plus."),
    ],
)
def test_too_much_at_once_gets_a_page_that_says_what_to_do(app: Flask, language: str, told_of: str) -> None:
    page = send(Browser(app, language), ("a", bytes(LARGEST_REQUEST)))
    assert page.status == 413
    assert told_of.replace("\u00a0", " ") in page.text.replace("\u00a0", " ")


def test_a_form_that_is_too_large_is_heard_out(browser: Browser) -> None:
    """Or the browser, which still sends, says “connection reset” and shows no page."""
    body = BytesIO(bytes(LARGEST_REQUEST + 1_000_000))
    answer = browser.client.post(
        "/files",
        input_stream=body,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(len(body.getvalue()))},
    )
    assert answer.status_code == 413
    assert body.tell() == len(body.getvalue())


def test_a_page_that_takes_no_files_takes_no_more_than_before(browser: Browser) -> None:
    page = send(browser, ("a", bytes(600_000)), to="/none")
    assert page.status == 413
    assert "The text is longer than we can take." in page.text


def test_words_have_no_more_room_where_files_are_sent(browser: Browser) -> None:
    assert send(browser, ("a", saved()), note="x" * 600_000).status == 413


def test_a_form_without_files_has_no_more_room_where_files_are_sent(browser: Browser) -> None:
    """Taken apart, so many empty fields would fill gigabytes."""
    answer = browser.client.post("/files", data="a&" * 300_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


# Nothing lies in the clear


class Watch:
    """The files that this process opens for writing, and the temporary ones that it makes."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []
        sys.addaudithook(self)

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if self.on and (
            event.startswith("tempfile.") or (event == "open" and isinstance(args[0], str) and _writes(args[2]))
        ):
            self.seen.append(f"{event} {args[0]!r}")

    def __enter__(self) -> list[str]:
        self.on, self.seen = True, []
        return self.seen

    def __exit__(self, *_: object) -> None:
        self.on = False


def _writes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


@pytest.fixture(scope="module")
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    watch.on = False


def large() -> bytes:
    """A photo of more than two megabytes, with planted words."""
    return saved(a_picture(), comment=WORD) + WORD * 150_000


def test_no_file_is_written_while_files_are_taken(browser: Browser, watch: Watch) -> None:
    browser.get("/files")
    with watch as seen:
        page = send(browser, ("a.jpg", large()), ("b.pdf", a_pdf() + WORD * 200_000))
    assert page.status == 422
    database = browser.app.extensions["rightface"].config.instance
    assert [one for one in seen if str(database) not in one and os.devnull not in one] == []


def test_werkzeug_by_itself_would_have_written_one(watch: Watch) -> None:
    """So that the test above can fail."""
    plain = Flask("plain")
    assert plain.request_class is Request
    form = encoded(MultiDict({"papers": FileStorage(BytesIO(large()), "a.jpg")}))
    with (
        watch as seen,
        plain.test_request_context("/", method="POST", **form),
        closing(request.files["papers"]) as file,
    ):
        assert file.read().startswith(b"\xff\xd8")
    assert seen


# Given back


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.PDF])
def test_a_paper_is_only_ever_an_attachment(app: Flask, kind: Kind) -> None:
    with app.test_request_context():
        answer = attachment(Paper(kind, WORD, f"Réponse «1».{kind}"))
    assert b"".join(answer.response) == WORD
    assert answer.headers["Content-Type"] == MEDIA_TYPES[kind]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert f"filename*=UTF-8''R%C3%A9ponse%20%C2%AB1%C2%BB.{kind}" in answer.headers["Content-Disposition"]
