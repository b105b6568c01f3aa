"""Files that people attach, from the request to the paper that may be kept."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, current_app, request, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from werkzeug.formparser import FormDataParser
from wtforms import Form
from wtforms.validators import StopValidation

from portal.papers.kinds import MEDIA_TYPES
from portal.papers.paper import Paper, accept_all
from portal.papers.refusals import NotTaken
from portal.web.house import house
from portal.web.language import InItsLanguage
from portal.web.words import REFUSALS

#: Two files as large as may be, or some five photos as phones take them.
LARGEST_REQUEST = 25_000_000
#: So much more is read, and thrown away, so that a browser hears why it was too much instead of “connection reset”.
MOST_READ = 100_000_000
CHUNK = 65_536

P = ParamSpec("P")
R = TypeVar("R")


# The request


class InMemory(InItsLanguage):
    """A request whose files stay in memory: Werkzeug would put those over 500 kB below /tmp, in the clear."""

    def make_form_data_parser(self) -> FormDataParser:
        parser = super().make_form_data_parser()
        parser.stream_factory = lambda *_, **__: BytesIO()
        return parser


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that files are sent to: a request to it may be larger than one to any other."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def register(app: Flask) -> None:
    """Keep files in memory, and let those views have them that take any."""
    app.request_class = InMemory
    app.url_value_preprocessor(_widen)  # before anything reads the form, as the check of its token does


def _widen(endpoint: str | None, _values: object) -> None:
    """Only for a form with files: any other is taken apart whole, which needs many times its size."""
    view = current_app.view_functions.get(endpoint or "")
    if getattr(view, "takes_files", False) and request.mimetype == "multipart/form-data":
        request.max_content_length = LARGEST_REQUEST


def limit() -> str:
    """The largest request as words, where files may be sent; else ""."""
    return _("25 MB") if request.max_content_length == LARGEST_REQUEST else ""


def read_on() -> None:
    """Read what a browser still sends of a form that is too large: until then it does not listen."""
    left = min(request.content_length or 0, MOST_READ) if limit() else 0
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, CHUNK))):
        left -= len(chunk)


# The field


class PapersField(MultipleFileField):  # type: ignore[misc]  # Flask-WTF has no types
    """One or several files, all of which are taken or none; `papers` is what of them may be kept."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        # With these an iPhone sends its photos as JPEG.
        looks = {"accept": ",".join(MEDIA_TYPES.values()), "multiple": True}
        more = {"description": HINT, "render_kw": looks, **more}
        super().__init__(label, validators, **more)
        self.papers: tuple[Paper, ...] = ()

    def pre_validate(self, form: Form) -> None:
        files = [(file.filename or "", file.read()) for file in self.data or ()]
        if not files and not self.flags.optional:
            raise StopValidation(_("Choose a file"))
        try:
            self.papers = accept_all(files, house().copier.copy)
        except NotTaken as refused:
            raise StopValidation(told(refused)) from None


HINT = _l(
    "Photos or screenshots (JPEG, PNG, WebP) and PDF files, at most 10 MB each. We take out of a photo what it says "
    "about place and time. A PDF is kept exactly as it is."
)


def told(refused: NotTaken) -> str:
    """What to do, and with which file where there may be several."""
    sentence = str(REFUSALS[refused.reason])
    return _("%(name)s: %(sentence)s", name=refused.shown_name, sentence=sentence) if refused.shown_name else sentence


# The answer


def attachment(paper: Paper) -> Response:
    """A paper given back: to be saved under its name, never to be shown among our pages."""
    answer = send_file(
        BytesIO(paper.content), MEDIA_TYPES[paper.kind], as_attachment=True, download_name=paper.shown_name, max_age=0
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
