"""What a group sees of a case, in the language of whoever decides it."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.cases.group_sharing import Scope
from portal.web.words import Words

#: What is chosen where a group may see nothing of a case.
NOTHING = "nothing"
#: What is chosen, and what exactly it shows.
SEES: Mapping[str, tuple[Words, Words]] = {
    NOTHING: (_l("Nothing"), _l("They do not learn that there is a case.")),
    Scope.STATUS: (
        _l("How far it has come"),
        _l(
            "Whom you ask for what, under which law, in which country or region, what happened on which day, and how "
            "far it has come. No name, no letter, no note."
        ),
    ),
    Scope.LETTERS: (
        _l("My letters too"),
        _l(
            "How far it has come, your name and the other details that you gave, your letters, your notes, and what "
            "you attach, now and later. No copy of an identity document, and not what you and the portal's staff "
            "write to each other."
        ),
    ),
    Scope.ACT: (
        _l("My letters too, and they act for me"),
        _l(
            "They see how far it has come, your details, your letters, your notes and what you attach. They also say "
            "in the case what happened, and write the next letters in your name."
        ),
    ),
}
#: The same where it stands on the page of a case.
SEEN: Mapping[Scope, Words] = {
    Scope.STATUS: _l("how far it has come"),
    Scope.LETTERS: _l("your letters too"),
    Scope.ACT: _l("your letters too, and they act for you"),
}
