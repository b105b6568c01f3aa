"""Campaigns as everybody sees them: a page, a picture of its link, a frame for other websites.

They are the same for everybody and set no cookie; nothing counts who opens them.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from werkzeug.exceptions import NotFound

from portal.accounts import groups
from portal.accounts.groups import Group
from portal.cases import campaigns as kept
from portal.cases.campaigns import Campaign
from portal.database import reading
from portal.law.records import Organisation, Right
from portal.web import qr
from portal.web.followed import NAME
from portal.web.house import house
from portal.web.journey import by_name, language_name, named
from portal.web.language import LANGUAGES
from portal.web.markdown import rendered
from portal.web.words import RIGHTS

blueprint = Blueprint("campaign_pages", __name__)

_PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


@blueprint.get("/campaigns")
def campaigns() -> ResponseReturnValue:
    """All that can be joined, the newest first."""
    with reading(house().engine) as session:
        shown = kept.shown(session)
        by_id = {one.id: one for one in groups.every(session)}
    cards = [(one, by_id[one.group_id].name, _names(_organisations(one))) for one in shown]
    return _given(render_template("campaigns/campaigns.html", cards=cards))


@blueprint.get("/campaigns/<slug>")
def campaign(slug: str) -> ResponseReturnValue:
    """What a group calls people to, in its own words, and where one begins."""
    found = _found(slug)
    if found is None:
        return render_template("campaigns/unknown.html"), 404
    one, group = found
    bodies = _organisations(one)
    begins = {body.id: _begins(body, one, joined=one.can_be_joined and group.is_active) for body in bodies}
    return _given(
        render_template(
            "campaigns/campaign.html",
            campaign=one,
            group=group,
            bodies=bodies,
            begins=begins,
            words=rendered(one.said.words),
            **outward(one, request.url_root),
            **_told(one),
        )
    )


def outward(campaign: Campaign, root: str) -> dict[str, Any]:
    """How a campaign is passed on: its address, the picture of that, and what other websites show it with.

    `root` is where the public portal answers, with a slash at the end.
    """
    address = f"{root}campaigns/{campaign.slug}"
    snippet = render_template("campaigns/snippet.html", campaign=campaign, address=address)
    return {"address": address, "picture": qr.inline(address), "snippet": snippet}


@blueprint.get("/campaigns/<slug>/frame")
def frame(slug: str) -> ResponseReturnValue:
    """What other websites show of it within their pages: in the campaign's language, without script or cookie."""
    found = _found(slug)
    language = found[0].said.language if found else ""
    with force_locale(language if language in LANGUAGES else LANGUAGES[0]):
        if found is None:
            return render_template("campaigns/frame.html", campaign=None), 404
        one, group = found
        return _given(render_template("campaigns/frame.html", campaign=one, group=group, **_told(one)), varies=())


@blueprint.get("/campaigns/<slug>/qr.<kind>")
def picture(slug: str, kind: str) -> ResponseReturnValue:
    """Its address as a picture, to be printed."""
    found = _found(slug)
    if found is None or kind not in _PICTURES:
        raise NotFound
    answer = _given(qr.file(url_for("campaign_pages.campaign", slug=slug, _external=True), kind), varies=())
    answer.mimetype = _PICTURES[kind]
    answer.headers.set("Content-Disposition", "attachment", filename=f"{found[0].slug}.{kind}")
    return answer


def _found(slug: str) -> tuple[Campaign, Group] | None:
    """A campaign that anybody can see, and whose it is."""
    with reading(house().engine) as session:
        one = kept.by_slug(session, slug)
        group = groups.get(session, one.group_id) if one and one.has_a_page else None
    return (one, group) if one and group else None


def _given(content: str | bytes, varies: Sequence[str] = ("Accept-Language", "Cookie")) -> Response:
    """The bytes, or that the browser has them already."""
    answer = make_response(content)
    answer.vary.update(varies)
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _organisations(campaign: Campaign) -> list[Organisation]:
    """Those that it is about, by name; what the list no longer knows is left out."""
    known = house().catalogue.organisations
    bodies = [known[id_] for id_ in campaign.said.organisations if id_ in known]
    return [known[id_] for id_ in by_name(bodies)]


def _names(bodies: Sequence[Organisation]) -> str:
    return ", ".join(named(body.name) for body in bodies)


def _begins(body: Organisation, campaign: Campaign, joined: bool) -> str:
    """Where the journey to an organisation begins: one of many first says which it is."""
    came: dict[str, Any] = {NAME: campaign.slug} if joined else {}
    if body.generic:
        return url_for("journey.right", organisation=body.id, **came)
    return url_for("journey.place", organisation=body.id, right=campaign.said.right, **came)


def _told(campaign: Campaign) -> dict[str, Any]:
    """What the pages of a campaign say of it."""
    return {
        "organisations": _names(_organisations(campaign)),
        "wanted": RIGHTS[Right(campaign.said.right)][0],
        "named": named,
        "language_name": language_name,
    }
