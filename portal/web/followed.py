"""The campaign by which somebody came: it goes with them from step to step, and its group learns nothing of that."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import g, request
from sqlmodel import Session

from portal.accounts import groups
from portal.accounts.groups import Group
from portal.cases import campaigns
from portal.cases.campaigns import Campaign
from portal.database import reading
from portal.web.house import house

#: How a campaign travels in an address.
NAME = "campaign"
_SLUG = re.compile(r"[a-z0-9-]{1,60}")


@dataclass(frozen=True, slots=True)
class Followed:
    """A campaign that can be joined, and whose it is."""

    campaign: Campaign
    group: Group

    @property
    def carried(self) -> Mapping[str, str]:
        """What the address of each step says of it."""
        return {NAME: self.campaign.slug}


def found(session: Session, slug: str) -> Followed | None:
    """None where no such campaign can be joined: it is not there, not shown, over, or its group sees nothing."""
    campaign = campaigns.by_slug(session, slug) if _SLUG.fullmatch(slug) else None
    if campaign is None or not campaign.can_be_joined:
        return None
    group = groups.get(session, campaign.group_id)
    return Followed(campaign, group) if group and group.is_active else None


def followed(slug: str) -> Followed | None:
    """The same, read once for a page; nothing is asked where nobody came by a campaign."""
    if not _SLUG.fullmatch(slug):
        return None
    known = cast("dict[str, Followed | None]", g.setdefault("followed", {}))
    if slug not in known:
        with reading(house().engine) as session:
            known[slug] = found(session, slug)
    return known[slug]


def here() -> Followed | None:
    """By which campaign the address of this request says that the person came; others are quietly dropped."""
    return followed(request.args.get(NAME, ""))
