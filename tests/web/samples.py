"""An address for each rule of the portal."""

from flask import Flask
from sqlmodel import select
from werkzeug.routing import Rule

from portal.cases import tasks
from portal.cases.models import TaskRow
from portal.cases.tasks import Choice, Decision, Ground, Matter
from portal.database import transaction
from tests import groups
from tests.papers.documents import a_pdf
from tests.web.browsing import CLEARVIEW, Browser, id_of, papers_of

GREEK = "/to/clearview-ai/complaint/gr/eu-gdpr"
POLISH = "/to/clearview-ai/complaint/pl/eu-gdpr"
REQUEST = "/to/clearview-ai/access/pl/eu-gdpr"
#: What a complaint asks beside what such a case, which was not sent yet, tells.
TOLD = {"address": "1 Sample Street", "answer": "not_asked"}

#: A record of each kind that has pages.
RECORDS = {
    "organisations": "clearview-ai",
    "authorities": "at-dsb",
    "laws": "eu-gdpr",
    "deadlines": "ca-fed-30d",
    "decisions": "cnil-2022-019",
    "rulings": "c-154-21",
    "jurisdictions": "at",
    "offices": "ca-rcmp-atip",
}
#: A campaign as `tests.groups` writes one; `a_called` puts it there.
CAMPAIGN = "/campaigns/ask-clearview-together"
#: By rule; `{greek}` and `{polish}` stand for the drafts of two complaints, `{case}` for a case from Poland,
#: `{later}` for the complaint in it, `{several}` for a draft of which three organisations get a letter,
#: `{group}` for one that sees the case.
SAMPLES = {
    "/": "/",
    "/how-it-works": "/how-it-works",
    "/privacy": "/privacy",
    "/terms": "/terms",
    "/accessibility": "/accessibility",
    "/contact": "/contact",
    "/groups/apply": "/groups/apply",
    "/groups/apply/received": "/groups/apply/received",
    "/wrong": "/wrong",
    "/wrong/received": "/wrong/received",
    "/.well-known/security.txt": "/.well-known/security.txt",
    "/licence": "/licence",
    "/language/<code>": "/language/en",
    "/leave": "/leave",
    "/campaigns": "/campaigns",
    "/campaigns/<slug>": CAMPAIGN,
    "/campaigns/<slug>/frame": f"{CAMPAIGN}/frame",
    "/campaigns/<slug>/qr.<kind>": f"{CAMPAIGN}/qr.svg",
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
    "/letter/<id_>/others": "/letter/{several}/others",
    "/letter/<id_>/letters.pdf": "/letter/{several}/letters.pdf",
    "/letter/<id_>/letters.zip": "/letter/{several}/letters.zip",
    "/letter/<id_>/file": "/letter/{greek}/file",
    "/letter/<id_>/filed": "/letter/{again}/filed",
    "/letter/<id_>/case-key.txt": "/letter/{greek}/case-key.txt",
    "/letter/<id_>/kept": "/letter/{again}/kept",
    "/case-key": "/case-key",
    "/cases": "/cases",
    "/close-case": "/close-case",
    "/cases/new-key": "/cases/new-key",
    "/cases/new-key.txt": "/cases/new-key.txt",
    "/cases/export.zip": "/cases/export.zip",
    "/cases/letters.pdf": "/cases/letters.pdf",
    "/cases/erase": "/cases/erase",
    "/cases/<id_>": "/cases/{case}",
    "/cases/<id_>/erase": "/cases/{case}/erase",
    "/cases/<id_>/readers": "/cases/{case}/readers",
    "/cases/<id_>/groups": "/cases/{case}/groups",
    "/cases/<id_>/groups/<group>": "/cases/{case}/groups/{group}",
    "/cases/<id_>/groups/<group>/take-back": "/cases/{case}/groups/{group}/take-back",
    "/cases/<id_>/messages": "/cases/{case}/messages",
    "/cases/<id_>/contest/<task>": "/cases/{case}/contest/{held}",
    "/cases/<id_>/another-law/<task>": "/cases/{case}/another-law/{offered}",
    "/cases/<id_>/papers": "/cases/{case}/papers",
    "/cases/<id_>/papers/<paper>": "{paper}",
    "/cases/<id_>/papers/<paper>/erase": "{paper}/erase",
    "/erased": "/erased",
    "/cases/<id_>/happened/<kind>": "/cases/{case}/happened/noted",
    "/cases/<id_>/reply": "/cases/{case}/reply",
    "/cases/<id_>/reply/<reply>": "/cases/{case}/reply/no_answer",
    "/cases/<id_>/reply/<reply>/<argument>": "/cases/{case}/reply/no_answer/gdpr-no-answer",
    "/cases/<id_>/complain": "/cases/{case}/complain",
    "/cases/<id_>/complain/<right>/<way>": "/cases/{case}/complain/complaint/eu-gdpr",
    "/cases/<id_>/letters/<letter>": "{later}",
    "/cases/<id_>/letters/<letter>/dossier.pdf": "{later}/dossier.pdf",
    "/cases/<id_>/letters/<letter>/originals.zip": "{later}/originals.zip",
    "/cases/<id_>/letters/<letter>/cover.pdf": "{later}/cover.pdf",
    "/cases/<id_>/letters/<letter>/reading-copy.pdf": "{later}/reading-copy.pdf",
    "/cases/<id_>/letters/<letter>/letter.pdf": "{later}/letter.pdf",
    "/cases/<id_>/letters/<letter>/letter.txt": "{later}/letter.txt",
    "/cases/<id_>/letters/<letter>/message.eml": "{later}/message.eml",
    "/cases/<id_>/reply-due.ics": "/cases/{case}/reply-due.ics",
    "/cases/<id_>/look-again.ics": "/cases/{case}/look-again.ics",
    **{
        f"/cases/<id_>/{shape}": f"/cases/{{case}}/{shape}"
        for shape in ("letter.pdf", "reading-copy.pdf", "cover.pdf", "letter.txt", "message.eml")
    },
    "/taken": "/taken",
    "/group-calendar/<secret>.ics": "/group-calendar/nobody-s.ics",
    "/static/<path:filename>": "/static/rightface.css",
    "/reference": "/reference",
    "/record": "/record",
    "/record/method": "/record/method",
    "/record/corrections": "/record/corrections",
    "/record/feed.atom": "/record/feed.atom",
    "/record/<id_>": "/record/clearview-ai",
    "/record/<id_>.csv": "/record/clearview-ai.csv",
    "/record/<id_>.json": "/record/clearview-ai.json",
    "/record/<id_>/feed.atom": "/record/clearview-ai/feed.atom",
    "/record/<id_>/answer": "/record/clearview-ai/answer",
    "/record/<id_>/answer/received": "/record/clearview-ai/answer/received",
    "/sitemap.xml": "/sitemap.xml",
    "/robots.txt": "/robots.txt",
    **{f"/{kind}": f"/{kind}" for kind in RECORDS},
    **{f"/{kind}.json": f"/{kind}.json" for kind in RECORDS},
    **{f"/{kind}/<id_>": f"/{kind}/{id_}" for kind, id_ in RECORDS.items()},
    **{f"/{kind}/<id_>.json": f"/{kind}/{id_}.json" for kind, id_ in RECORDS.items()},
    "/api/v1": "/api/v1",
    "/api/v1/openapi.json": "/api/v1/openapi.json",
    "/api/v1/route": "/api/v1/route?place=at&organisation=clearview-ai&right=access",
    "/api/v1/due": "/api/v1/due?rule=ca-fed-30d&received_on=2027-01-07",
    **{f"/api/v1/{kind}": f"/api/v1/{kind}?limit=2" for kind in RECORDS},
    **{f"/api/v1/{kind}/<id_>": f"/api/v1/{kind}/{id_}" for kind, id_ in RECORDS.items()},
    "/api/v1/record/versions": "/api/v1/record/versions",
    "/api/v1/record/organisations": "/api/v1/record/organisations",
    "/api/v1/record/organisations/<id_>/<family>": "/api/v1/record/organisations/clearview-ai/quarter",
    "/api/v1/docs": "/api/v1/docs",
}
#: What programs ask, also from a page of another site.
FOR_PROGRAMS = {rule for rule in SAMPLES if rule.startswith("/api/")} - {"/api/v1/docs"}
_KEPT = {*RECORDS, "campaigns", "record", "reference", "sitemap", "robots", "static", "api"}
#: What says the same to everybody, and may be kept: the law, the record, campaigns, files; no answer to given facts.
PUBLIC = {rule for rule in SAMPLES if rule.split("/")[1].partition(".")[0] in _KEPT} - {
    "/api/v1/route",
    "/api/v1/due",
    "/record/<id_>/answer",
    "/record/<id_>/answer/received",
}


#: Samples that are not there, and why.
MISSING = {
    "/group-calendar/<secret>.ics": "no group has this secret",
    "/cases/<id_>/reply-due.ics": "nothing is due before it is sent",
    "/cases/<id_>/look-again.ics": "nothing was promised to be deleted",
    "/cases/<id_>/cover.pdf": "a request needs no cover",
}


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def gettable(app: Flask) -> list[Rule]:
    return [rule for rule in rules(app) if "GET" in (rule.methods or ())]


def decisions(app: Flask, case: str, way: str) -> dict[str, str]:
    """What the staff decided of a case: that they hold it, and that another law fits better; their tasks."""
    house, who = app.extensions["rightface"], "a" * 32
    made = {
        "held": (Matter.FILED, Decision(Choice.HOLD, ground=Ground.NO_REQUEST)),
        "offered": (Matter.MESSAGE, Decision(Choice.REROUTE, way=way)),
    }
    found: dict[str, str] = {}
    with transaction(house.engine) as session:
        for name, (matter, decision) in made.items():
            tasks.put(session, tasks.new(matter, case, house.today(), of_case=True))
            wanted = select(TaskRow.id).where(TaskRow.matter == matter.value, TaskRow.subject == case)
            found[name] = session.exec(wanted).one()
            tasks.claim(session, found[name], who, house.clock())
            tasks.decide(session, found[name], decision, who, house.clock(), house.today())
    return found


def a_called(app: Flask) -> str:
    """A group with a campaign that can be joined; its id."""
    with transaction(app.extensions["rightface"].engine) as session:
        group = groups.a_group(session).group
        made = groups.a_campaign(session, group.id)
    assert f"/campaigns/{made.slug}" == CAMPAIGN
    return group.id


def addresses(browser: Browser) -> dict[str, str]:
    """The sample of each rule, with drafts and a case of this browser's, by a campaign where they carry one."""
    group, came = a_called(browser.app), f"?campaign={CAMPAIGN.rpartition('/')[2]}"
    drafts = {"greek": id_of(browser.write(GREEK + came)), "polish": id_of(browser.write(POLISH))}
    again = browser.write(GREEK)
    browser.file(again)
    case = browser.in_french(lambda: browser.follow(browser.write(REQUEST + came), sees="letters"))
    [paper] = papers_of(browser.attach(id_of(case), "answer", ("answer.pdf", a_pdf())))
    complaint = f"/cases/{id_of(case)}/complain/complaint/eu-gdpr"
    later = browser.in_french(lambda: browser.send(browser.get(complaint), TOLD)).path
    browser.send(browser.get("/cases/new-key"), {}, do="make")
    several = id_of(browser.also(browser.write(CLEARVIEW + came), "pimeyes", "facecheck-id"))
    kept = {"group": group, "again": id_of(again), "case": id_of(case), "paper": paper, "later": later}
    kept |= decisions(browser.app, id_of(case), "eu-gdpr")
    found = {**drafts, **kept, "several": several}
    return {rule: address.format(**found) for rule, address in SAMPLES.items()}
