"""A campaign as its page will be, for those who write it and those who read it before it is shown."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.cases import tasks
from portal.cases.campaigns import Campaign, State
from portal.cases.tasks import Matter
from portal.law.records import Right
from portal.web.house import house
from portal.web.journey import named
from portal.web.markdown import rendered
from portal.web.words import RIGHTS, Words

#: The languages that pages are written in, each in its own.
LANGUAGE_NAMES: Mapping[str, str] = {"en": "English", "fr": "Français"}

#: How far a campaign has come: what that is called, and what it means for its group.
STATES: Mapping[State, tuple[Words, Words]] = {
    State.DRAFT: (
        _l("Not shown"),
        _l("Only your group sees it. Read it once more, then ask the portal’s staff to show it."),
    ),
    State.SUBMITTED: (
        _l("The staff read it"),
        _l("They decide within %(days)s days. Until then it cannot be changed.", days=tasks.DAYS[Matter.CAMPAIGN]),
    ),
    State.SHOWN: (_l("Shown"), _l("Everybody can see its page and join it.")),
    State.REFUSED: (
        _l("The staff ask for other words"),
        _l("They write to your group’s e-mail address what is wrong. Change it, and ask again."),
    ),
    State.ENDED: (_l("Ended"), _l("Nobody can join it any more. The cases that people share with you go on.")),
}


def campaign_words(campaign: Campaign | None) -> Mapping[str, Any]:
    """Its words as HTML, and what its organisations and its right are called; nothing where there is none."""
    if campaign is None:
        return {}
    known = house().catalogue.organisations
    right = Right(campaign.said.right)
    return {
        "html": rendered(campaign.said.words),
        "organisations": [named(known[one].name) for one in campaign.said.organisations if one in known],
        "asks": RIGHTS[right][0] if right in RIGHTS else right.value,
    }
