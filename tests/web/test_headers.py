"""The headers of every answer: rule by rule, method by method, status by status."""

import pytest
from flask import Flask
from lxml.html import HtmlElement, document_fromstring
from werkzeug.test import TestResponse

from portal.web.headers import HSTS
from tests.web.browsing import CLEARVIEW, Browser, details
from tests.web.conftest import AnApp, Everywhere
from tests.web.samples import CAMPAIGN, FOR_PROGRAMS, MISSING, PUBLIC, SAMPLES, rules

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: What design.md demands of every answer, word for word.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
#: The one page that other websites show within theirs, and what differs there.
FRAME = "/campaigns/<slug>/frame"
OF_FRAME = {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
#: What programs ask may be read by pages of other sites, without cookies.
ACROSS = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"]
#: Which statuses a method may have when it is sent without a form.
STATUSES = {
    "GET": {200, 302, 405},
    "HEAD": {200, 302, 405},
    "OPTIONS": {200},
    "POST": {400, 405},  # no token
    "PUT": {400, 405},  # no token, where a rule takes no such thing
    "DELETE": {400, 405},
}
COOKIES = {"session", "draft", "case", "language"}


def protected(answer: TestResponse, public: bool = False, framed: bool = False, across: bool = False) -> None:
    """Fail where a header is missing or other than it must be; what is public may be stored, and gives no cookie.

    `framed`: whether other sites show it within theirs; `across`: whether their pages may read it.
    """
    wanted = HEADERS | (OF_FRAME if framed else {}) | (ACROSS if across else {})
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert "X-Frame-Options" not in answer.headers
    assert ("Access-Control-Allow-Origin" in answer.headers) is across
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers
    stored = answer.headers.get("Cache-Control")
    assert (stored != "no-store") if public and answer.status_code < 400 else (stored == "no-store")
    assert {*set_cookies(answer)} <= (set() if public and answer.status_code < 400 else COOKIES)
    for value in set_cookies(answer).values():
        assert "HttpOnly" in value
        assert "SameSite=Lax" in value
        assert "Domain" not in value


def missing(rule: str, method: str) -> bool:
    return rule in MISSING and method in ("GET", "HEAD")


def set_cookies(answer: TestResponse) -> dict[str, str]:
    return {value.partition("=")[0]: value for value in answer.headers.getlist("Set-Cookie")}


def test_every_rule_has_a_sample(app: Flask) -> None:
    """Add the address of a new page to tests/web/samples.py."""
    assert {rule.rule for rule in rules(app)} == {*SAMPLES}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rule", SAMPLES)
def test_every_answer_carries_the_headers(everywhere: Everywhere, rule: str, method: str) -> None:
    browser, sample = everywhere
    with browser.twin().client.open(sample[rule], method=method) as answer:
        framed = rule == FRAME and method in ("GET", "HEAD", "OPTIONS")
        protected(answer, public=rule in PUBLIC, framed=framed, across=rule in FOR_PROGRAMS)
        assert answer.status_code in ({404} if missing(rule, method) else STATUSES[method])
        if answer.status_code == 405:
            assert "OPTIONS" in answer.headers["Allow"]


STATED = [
    ("/nowhere", 404),
    ("/static/nothing.css", 404),  # an error page is no static file
    ("/static/../wsgi.py", 404),
    ("/static/", 404),
    ("/letter/0123456789abcdef0123456789abcdef/letter.pdf", 404),
    ("/language/fr", 302),
    ("/to/clearview-ai?right=access&sent=1", 302),
    ("/to/clearview-ai?sent=1", 200),
    ("//how-it-works", 308),  # slashes are merged before anything of ours runs
]


@pytest.mark.parametrize(("address", "status"), STATED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_errors_and_redirects_carry_them_too(app: Flask, address: str, status: int, method: str) -> None:
    with app.test_client().open(address, method=method) as answer:
        assert answer.status_code == status
        protected(answer)


def test_a_form_without_a_token_is_refused_with_them(app: Flask) -> None:
    answer = app.test_client().post(CLEARVIEW, data={"full_name": "Ana"})
    assert answer.status_code == 400
    protected(answer)


def test_a_form_with_somebody_elses_token_is_refused(app: Flask) -> None:
    page = Browser(app).get(CLEARVIEW)
    other = Browser(app)
    other.get("/")
    assert other.send(page, details(page)).status == 400


def test_a_form_that_is_too_large_is_refused_with_them(app: Flask) -> None:
    answer = app.test_client().post(CLEARVIEW, data={"full_name": "x" * 600_000})
    assert answer.status_code == 413
    protected(answer)


def test_a_file_in_a_form_is_refused_before_it_could_be_spooled(app: Flask) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="face.jpg"\r\n\r\n'
    body = head + b"x" * 520_000 + b"\r\n--x--\r\n"
    answer = app.test_client().post(CLEARVIEW, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    protected(answer)


def test_a_form_that_is_kept_answers_with_them(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get(CLEARVIEW)
    answer = browser.client.post(
        CLEARVIEW, data={**dict(details(page)), "role": "self", "csrf_token": token_of(page.tree)}
    )
    assert answer.status_code == 302
    protected(answer)
    assert {*set_cookies(answer)} >= {"draft"}


def token_of(tree: HtmlElement) -> str:
    return str(tree.xpath("//input[@name='csrf_token']/@value")[0])


def test_what_breaks_answers_with_them(an_app: AnApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = an_app()
    monkeypatch.setitem(app.view_functions, "pages.home", lambda: 1 / 0)
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    protected(answer)


def test_a_static_file_may_be_kept_for_a_while(app: Flask) -> None:
    with app.test_client().get("/static/rightface.css") as answer:
        assert "max-age=3600" in answer.headers["Cache-Control"]
        assert set_cookies(answer) == {}


@pytest.mark.parametrize("path", ["/campaigns/nothing/frame", f"{CAMPAIGN}/frame?x=1"])
def test_a_frame_is_let_into_other_websites_also_where_it_has_nothing_to_show(
    everywhere: Everywhere, path: str
) -> None:
    with everywhere[0].twin().client.get(path) as answer:
        protected(answer, framed=True)
        assert set_cookies(answer) == {}


# Search engines

#: Where they may lead people, beside the law.
FOUND = {"/", "/how-it-works", "/licence", "/privacy", "/contact", "/terms", "/accessibility"}


@pytest.mark.parametrize("rule", SAMPLES)
def test_no_search_engine_goes_beyond_the_first_step(everywhere: Everywhere, rule: str) -> None:
    browser, sample = everywhere
    with browser.twin().client.get(sample[rule]) as answer:
        kept_out = answer.headers.get("X-Robots-Tag") == "noindex, nofollow"
        assert kept_out == (rule not in FOUND | PUBLIC or rule == FRAME)


@pytest.mark.parametrize("address", ["/?q=clearview", "/reference?q=cnil", "/deadlines?rule=eu-1m", "/laws/none"])
def test_what_somebody_typed_is_found_by_no_search_engine_and_stored_by_nobody(app: Flask, address: str) -> None:
    answer = app.test_client().get(address)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"


# By HTTPS


@pytest.fixture(scope="module")
def secure(a_lasting_app: AnApp) -> Flask:
    return a_lasting_app(secure=True)


@pytest.mark.parametrize("address", ["/", "/nowhere", "/leave", "/static/rightface.css", "/language/fr", CLEARVIEW])
def test_only_https_is_held_to_https(secure: Flask, address: str) -> None:
    with secure.test_client().get(address, base_url="https://rightface.example") as answer:
        assert answer.headers["Strict-Transport-Security"] == HSTS
        assert HSTS == "max-age=63072000; includeSubDomains"
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_by_https_the_cookies_are_bound_to_the_host(secure: Flask) -> None:
    client, base = secure.test_client(), "https://rightface.example"
    answers = [client.get(CLEARVIEW, base_url=base), client.get("/language/fr", base_url=base)]
    form = {"full_name": "Ana Example", "email": "ana@example.org", "role": "self"}
    form["csrf_token"] = token_of(document_fromstring(answers[0].text))
    answers.append(client.post(CLEARVIEW, base_url=base, data=form, headers={"Referer": base + CLEARVIEW}))
    assert answers[-1].status_code == 302
    given = {name: value for answer in answers for name, value in set_cookies(answer).items()}
    assert {*given} == {"__Host-session", "__Host-draft", "language"}
    for value in given.values():
        for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert attribute in value
        assert "Domain" not in value


def test_by_https_a_form_from_elsewhere_is_refused(secure: Flask) -> None:
    client, base = secure.test_client(), "https://rightface.example"
    form = {"csrf_token": token_of(document_fromstring(client.get(CLEARVIEW, base_url=base).text))}
    answer = client.post(CLEARVIEW, base_url=base, data=form, headers={"Referer": "https://evil.example/"})
    assert answer.status_code == 400
