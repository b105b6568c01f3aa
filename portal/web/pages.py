"""The first page, how it works, the language, and leaving."""

from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.cases import campaigns, drafts, opening
from portal.database import reading, transaction
from portal.law.places import countries
from portal.law.records import Organisation
from portal.web import browser
from portal.web.forms.journey import SearchForm
from portal.web.house import house
from portal.web.language import COOKIE, LANGUAGES, current
from portal.web.organisations import search

blueprint = Blueprint("pages", __name__)

#: Where “Leave quickly” leads; nothing there tells where one came from.
NEUTRAL = "https://www.wikipedia.org/"
_A_YEAR = 31_536_000


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Search, and everyone we know."""
    form = SearchForm(request.args)
    query = (form.q.data or "").strip() if form.validate() else ""
    # Who searches faces comes first: these are whom most people look for.
    with reading(house().engine) as session:
        called = not query and campaigns.any_shown(session)
    bodies = sorted(house().catalogue.organisations.values(), key=lambda body: not body.face_search)
    return render_template(
        "pages/home.html",
        form=form,
        query=query,
        found=[card(body) for body in search(house().catalogue, query)],
        vendors=[card(body) for body in bodies if body.vendor],
        public_bodies=[card(body) for body in bodies if not body.vendor and not body.generic],
        called=called,
    )


def card(body: Organisation) -> dict[str, str]:
    """An organisation as a card: its name, where it leads, and where it sits."""
    catalogue = house().catalogue
    record = next(iter(catalogue.nearest(body.jurisdiction)), None)
    country = countries(current()).get(body.jurisdiction.partition("-")[0], "")
    where = record.name.get(current(), record.name["en"]) if record else country
    return {
        "name": body.name.get(current(), body.name["en"]),
        "url": url_for("journey.right", organisation=body.id),
        "where": where,
    }


@blueprint.get("/how-it-works")
def how_it_works() -> ResponseReturnValue:
    return render_template("pages/how_it_works.html")


@blueprint.get("/licence")
def licence() -> ResponseReturnValue:
    return render_template("pages/licence.html")


@blueprint.get("/language/<code>")
def language(code: str) -> ResponseReturnValue:
    """Change the language of the pages, and go back to a page of ours."""
    if code not in LANGUAGES:
        raise NotFound
    answer = redirect(_ours(request.args.get("back", "")))
    answer.set_cookie(COOKIE, code, max_age=_A_YEAR, secure=house().config.secure, httponly=True, samesite="Lax")
    return answer


def _ours(back: str) -> str:
    """A path of this site; the first page for anything else."""
    parts = urlsplit(back.replace("\\", "/"))
    local = not parts.scheme and not parts.netloc and back.startswith("/") and not back.startswith("//")
    return back if local else url_for("pages.home")


@blueprint.post("/leave")
def leave() -> ResponseReturnValue:
    """Forget all that this browser wrote, close its case, and show a page that says nothing."""
    key, token = browser.key(), browser.case_token()
    if key or token:
        with transaction(house().engine) as made:
            if key:
                drafts.forget_all(made, key)
            if token:
                opening.close(made, token)
    return left()


def left(status: int = 200) -> Response:
    """A page that says nothing, and a browser without its key: what it wrote can be opened by nobody."""
    session.clear()
    answer = make_response(render_template("pages/left.html", neutral=NEUTRAL), status)
    answer.headers["Refresh"] = f"0; url={NEUTRAL}"
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    answer.delete_cookie(COOKIE, secure=house().config.secure, httponly=True, samesite="Lax")
    return browser.forget(answer)
