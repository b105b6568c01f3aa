"""An address for each rule of the portal."""

from flask import Flask
from werkzeug.routing import Rule

from tests.web.browsing import Browser, id_of

GREEK = "/to/clearview-ai/complaint/gr/eu-gdpr"
POLISH = "/to/clearview-ai/complaint/pl/eu-gdpr"

#: By rule; `{greek}` and `{polish}` stand for the drafts of two complaints.
SAMPLES = {
    "/": "/",
    "/how-it-works": "/how-it-works",
    "/privacy": "/privacy",
    "/terms": "/terms",
    "/accessibility": "/accessibility",
    "/contact": "/contact",
    "/wrong": "/wrong",
    "/wrong/received": "/wrong/received",
    "/.well-known/security.txt": "/.well-known/security.txt",
    "/licence": "/licence",
    "/language/<code>": "/language/en",
    "/leave": "/leave",
    "/somebody-else": "/somebody-else",
    "/to/<organisation>": "/to/clearview-ai",
    "/to/<organisation>/<right>": "/to/clearview-ai/access",
    "/to/<organisation>/<right>/<place>": "/to/clearview-ai/access/at",
    "/to/<organisation>/<right>/<place>/<way>": "/to/clearview-ai/access/at/eu-gdpr",
    "/letter/<id_>": "/letter/{greek}",
    "/letter/<id_>/details": "/letter/{greek}/details",
    "/letter/<id_>/take": "/letter/{greek}/take",
    "/letter/<id_>/letter.pdf": "/letter/{greek}/letter.pdf",
    "/letter/<id_>/reading-copy.pdf": "/letter/{greek}/reading-copy.pdf",
    "/letter/<id_>/cover.pdf": "/letter/{polish}/cover.pdf",
    "/letter/<id_>/letter.txt": "/letter/{greek}/letter.txt",
    "/letter/<id_>/message.eml": "/letter/{greek}/message.eml",
    "/letter/<id_>/done": "/letter/{polish}/done",
    "/taken": "/taken",
    "/static/<path:filename>": "/static/rightface.css",
}


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def gettable(app: Flask) -> list[Rule]:
    return [rule for rule in rules(app) if "GET" in (rule.methods or ())]


def addresses(browser: Browser) -> dict[str, str]:
    """The sample of each rule, with drafts of this browser's."""
    drafts = {"greek": id_of(browser.write(GREEK)), "polish": id_of(browser.write(POLISH))}
    return {rule: address.format(**drafts) for rule, address in SAMPLES.items()}
