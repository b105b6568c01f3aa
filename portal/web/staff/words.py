"""What the staff's pages call things."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.accounts.permissions import Role
from portal.web.words import Words

#: Each role, and what whoever has it does.
ROLES: Mapping[Role, tuple[Words, Words]] = {
    Role.TRIAGE: (_l("Triage"), _l("Looks at what is filed and sees that it goes the right way. Sees no name.")),
    Role.CASEWORKER: (_l("Caseworker"), _l("Helps those who asked for help, and reads what they shared.")),
    Role.CUSTODIAN: (_l("Custodian"), _l("Looks after identity papers. Needs a second proof when signing in.")),
    Role.LAW_EDITOR: (_l("Law editor"), _l("Keeps addresses, organisations and facts of the law true.")),
    Role.GROUP_MANAGER: (_l("Group manager"), _l("Looks after advocacy groups and their campaigns.")),
    Role.AUDITOR: (_l("Auditor"), _l("Reads the trail of what was done, and no case.")),
    Role.ADMIN: (_l("Admin"), _l("Manages people, and reads no case. Needs a second proof when signing in.")),
}
