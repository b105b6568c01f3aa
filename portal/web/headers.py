"""The headers that every answer carries."""

from flask import Response, current_app, request

_FORMS = "form-action 'self'"
_NOWHERE = "frame-ancestors 'none'"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        _FORMS,
        "base-uri 'none'",
        _NOWHERE,
    )
)

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",  # with no-referrer Flask-WTF rejects every HTTPS POST
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
HSTS = "max-age=63072000; includeSubDomains"


#: How long others may keep what is for everybody before they ask whether it has changed: the law, the record; a
#: campaign, which may be taken away.
PUBLIC = "public, max-age=3600"
_KEPT = {**dict.fromkeys(("reference", "record", "api", "api_docs"), PUBLIC), "campaign_pages": "public, max-age=300"}
#: What other websites show within their pages. It reads and sets no cookie, has no script, and asks for nothing.
_EMBEDDED = "campaign_pages.frame"
#: Where search engines may lead, beside the law: who we are, and the first step, no step beyond it.
FOUND = (
    "pages.home",
    "pages.how_it_works",
    "pages.licence",
    "about.privacy",
    "about.contact",
    "about.terms",
    "about.accessibility",
)


#: Where the API is, and which address below it is a page for people.
API = "/api"
API_PAGE = "/api/v1/docs"
#: What the API answers to facts that somebody gives: theirs alone.
_GIVEN_FACTS = ("api.route", "api.due")
#: What a page of somebody else's may do with the API from a browser: ask, as anybody may, without a cookie.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, ETag, Link, RateLimit, RateLimit-Policy, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
#: What a browser is told that asks first whether it may.
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def for_everybody() -> bool:
    """Whether it is for what tells nothing of the person who asks: a static file, the law, the record, a campaign."""
    return request.endpoint == "static" or request.blueprint in _KEPT


def for_programs() -> bool:
    """Whether a program asks, which is answered as one, also where there is nothing."""
    below = f"{request.path}/".startswith(f"{API}/") and request.path != API_PAGE
    return below and "api" in current_app.blueprints


def _storable(response: Response) -> bool:
    """What is there and for everybody; an answer to what a person typed is theirs alone."""
    typed = bool(request.query_string) and (request.blueprint != "api" or request.endpoint in _GIVEN_FACTS)
    return response.status_code < 400 and for_everybody() and not (request.blueprint and typed)


def protect(response: Response, secure: bool, forms_to: str = "") -> Response:
    """Set the headers; nothing but what is for everybody may be stored anywhere, or found by search engines.

    `forms_to`: an origin that a form may lead on to, as signing out leads to the identity provider.
    """
    response.headers.update(HEADERS)
    if forms_to:
        response.headers["Content-Security-Policy"] = _POLICY.replace(_FORMS, f"{_FORMS} {forms_to}")
    if request.endpoint == _EMBEDDED:
        response.headers["Content-Security-Policy"] = _POLICY.replace(_NOWHERE, "frame-ancestors *")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if secure:
        response.headers["Strict-Transport-Security"] = HSTS
    if for_programs():
        response.headers.update(CROSS_ORIGIN | (PREFLIGHT if request.method == "OPTIONS" else {}))
    storable = _storable(response)
    if not storable:
        response.headers["Cache-Control"] = "no-store"
    elif request.blueprint:
        response.headers["Cache-Control"] = _KEPT[request.blueprint]
    if request.endpoint == _EMBEDDED or (not storable and (request.endpoint not in FOUND or request.query_string)):
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
