"""Who may open which page: one table, that every rule of the staff's application stands in."""

from collections.abc import Mapping
from enum import StrEnum

from portal.accounts.permissions import Permission


class Open(StrEnum):
    """What is open to more than those with one permission."""

    EVERYBODY = "everybody"
    """Also to who is not signed in."""
    SIGNED_IN = "signed_in"


#: Of several permissions one is enough.
Audience = Open | Permission | frozenset[Permission]

#: Whoever decides something; of each task the view asks once more.
_TASKS = frozenset({Permission.TRIAGE, Permission.HELP, Permission.IDENTITY, Permission.GROUPS, Permission.KEEP_LAW})
_FACTS = frozenset({Permission.TRIAGE, Permission.KEEP_LAW})
#: By endpoint. The application does not start while a rule is missing here.
AUDIENCE: Mapping[str, Audience] = {
    "static": Open.EVERYBODY,
    "front.home": Open.SIGNED_IN,
    "front.sign_in": Open.EVERYBODY,
    "front.sign_out": Open.SIGNED_IN,
    "oidc.begin": Open.EVERYBODY,
    "oidc.callback": Open.EVERYBODY,
    "oidc.signed_out": Open.EVERYBODY,
    "oidc.back_channel": Open.EVERYBODY,
    "signing_in.passkey": Open.EVERYBODY,
    "signing_in.code": Open.EVERYBODY,
    "enrolling.link": Open.EVERYBODY,
    "enrolling.passkey": Open.EVERYBODY,  # whoever holds a link
    "enrolling.code": Open.EVERYBODY,
    "queue.first": _TASKS,
    "queue.take_next": _TASKS,
    "queue.preview": Permission.TRIAGE,
    "queue.decide_together": Permission.TRIAGE,
    "tasks.task": _TASKS,
    "tasks.claim": _TASKS,
    "tasks.hand_on": _TASKS,
    "tasks.decide": _TASKS,
    "opening.unmask": Permission.HELP,
    "opening.paper": Permission.HELP,
    "identity.ask": Permission.HELP,  # who helps in the case; the view asks
    "identity.sight": Permission.HELP,  # who asked, in its time; the view asks
    "identity.picture": Permission.HELP,
    "identity.over": Permission.HELP,
    "addresses.addresses": _FACTS,
    "addresses.address": _FACTS,
    "addresses.wrong": _FACTS,
    "statements.every": _FACTS,
    "statements.one": _FACTS,
    "groups.groups": Permission.GROUPS,
    "groups.new": Permission.GROUPS,
    "groups.group": Permission.GROUPS,
    "groups.change": Permission.GROUPS,
    "groups.invite": Permission.GROUPS,
    "groups.join": Permission.GROUPS,
    "groups.leave": Permission.GROUPS,
    "groups.campaign": Permission.GROUPS,
    "groups.end": Permission.GROUPS,
    "group_front.home": Permission.OWN_GROUP,
    "group_terms.terms": Permission.OWN_GROUP,
    "group_opening.open_": Permission.OWN_GROUP,
    "group_opening.passphrase": Permission.OWN_GROUP,
    "group_opening.lock": Permission.OWN_GROUP,
    "group_campaigns.campaigns": Permission.OWN_GROUP,
    "group_campaigns.new": Permission.OWN_GROUP,
    "group_campaigns.campaign": Permission.OWN_GROUP,
    "group_campaigns.change": Permission.OWN_GROUP,
    "group_campaigns.submit": Permission.OWN_GROUP,
    "group_campaigns.end": Permission.OWN_GROUP,
    "figures.counted": Permission.FIGURES,
    "people.people": Permission.PEOPLE,
    "people.person": Permission.PEOPLE,
    "trail.rows": Permission.TRAIL,
    "trail.download": Permission.TRAIL,
    "trail.check": Permission.TRAIL,
    "group_acting.answers": Permission.OWN_GROUP,
    "group_acting.back": Permission.OWN_GROUP,
    "group_acting.bound": Permission.OWN_GROUP,
    "group_acting.details": Permission.OWN_GROUP,
    "group_acting.happened": Permission.OWN_GROUP,
    "group_acting.letter": Permission.OWN_GROUP,
    "group_acting.letters": Permission.OWN_GROUP,
    "group_acting.originals": Permission.OWN_GROUP,
    "group_acting.reply": Permission.OWN_GROUP,
    "group_acting.said_of_all": Permission.OWN_GROUP,
    "group_acting.together": Permission.OWN_GROUP,
    "group_acting.ways": Permission.OWN_GROUP,
    "group_acting.write": Permission.OWN_GROUP,
    "group_calendar.calendar": Permission.OWN_GROUP,
    "group_calendar.change": Permission.OWN_GROUP,
    "group_case.case": Permission.OWN_GROUP,
    "group_case.later_shaped": Permission.OWN_GROUP,
    "group_case.paper": Permission.OWN_GROUP,
    "group_case.shaped": Permission.OWN_GROUP,
    "group_cases.cases": Permission.OWN_GROUP,
    "group_export.as_csv": Permission.OWN_GROUP,
    "group_export.as_json": Permission.OWN_GROUP,
    "group_imports.bring": Permission.OWN_GROUP,
    "group_imports.confirm": Permission.OWN_GROUP,
    "group_imports.delete": Permission.OWN_GROUP,
    "group_imports.errors": Permission.OWN_GROUP,
    "group_imports.go_on": Permission.OWN_GROUP,
    "group_imports.imports": Permission.OWN_GROUP,
    "group_imports.one": Permission.OWN_GROUP,
    "group_imports.template": Permission.OWN_GROUP,
    "group_joint.choose": Permission.OWN_GROUP,
    "group_joint.together": Permission.OWN_GROUP,
    "group_printing.keys": Permission.OWN_GROUP,
    "group_printing.letters": Permission.OWN_GROUP,
}
