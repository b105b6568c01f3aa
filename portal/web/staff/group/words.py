"""What the pages of a group call what its cases tell: the person's own pages say “you”."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.cases.clock import Next
from portal.cases.group_sharing import Scope
from portal.cases.status import Kind
from portal.web.case_words import HAPPENED
from portal.web.words import Words

#: How much of a case its person lets the group see, in short and in a sentence.
SCOPES: Mapping[Scope, tuple[Words, Words]] = {
    Scope.STATUS: (_l("How far it is"), _l("You see the days and how far it has come: no name, and no letter.")),
    Scope.LETTERS: (_l("Letters too"), _l("You may read the details, the letters and what happened.")),
    Scope.ACT: (_l("Act for them"), _l("You may read all of it, say what happened, and write on in their name.")),
}

#: What happened, as a timeline tells it to others than the person.
SAID: Mapping[Kind, Words] = {
    **{kind: words.said for kind, words in HAPPENED.items()},
    Kind.FILED: _l("The letter was filed"),
    Kind.SENT: _l("The letter was sent"),
    Kind.ASKED_IDENTITY: _l("They wanted proof of who the person is"),
    Kind.REPLIED: _l("They were written to again"),
    Kind.COMPLAINED: _l("A complaint went to the authority"),
    Kind.SUED: _l("The person went to court"),
    Kind.CLOSED: _l("The case was closed"),
    Kind.REOPENED: _l("The case was opened again"),
    Kind.NOTED: _l("A note"),
    Kind.REKEYED: _l("The person made a new case key"),
}

#: What whoever acts for the person can say.
ACTIONS: Mapping[Kind, Words] = {
    **{kind: words.action for kind, words in HAPPENED.items()},
    Kind.SENT: _l("It was sent"),
    Kind.ASKED_IDENTITY: _l("They want proof of who the person is"),
    Kind.REPLIED: _l("We wrote back"),
    Kind.COMPLAINED: _l("A complaint went to the authority"),
    Kind.SUED: _l("The person went to court"),
    Kind.CLOSED: _l("We are done with it"),
    Kind.REOPENED: _l("Open it again"),
}

#: What comes next, for whoever acts for the person.
NEXT: Mapping[Next, Words] = {
    Next.SEND: _l("Print the letter, let the person sign what needs it, send it. Then say here that it was sent."),
    Next.SAY_RECEIVED: _l("Their time runs from the day on which they have the letter. When you know it, say so."),
    Next.WAIT: _l("There is nothing to do now. When they answer, say so."),
    Next.GIVE: _l("Their time stands still until they have what they asked for."),
    Next.AUTHORITY_LATE: _l("The authority should have said by now how it stands. Ask it in writing."),
    Next.WAIT_FOR_AUTHORITY: _l("The authority works on it. When it decides, say so."),
    Next.COMPLAIN: _l("Their time is over. A complaint to the authority is possible now."),
    Next.JUDGE: _l("Read what they say. If it is not what was asked for, write back or complain."),
    Next.DECIDED: _l("The authority has decided. If it is enough, close the case."),
    Next.SEE_DONE: _l("The authority agreed, in whole or in part. See that it is done; then close the case."),
    Next.GO_ON: _l("The authority did not agree, or did not look into it. Mind the last day for what is still open."),
    Next.END: _l("It ended without a decision. If that is enough, close the case."),
    Next.WAIT_FOR_COURT: _l("The person went to court. Keep to the days that it sets."),
    Next.WAIT_FOR_REPLY: _l("They were written to again, and have two weeks. When they answer, say so."),
    Next.REST: _l("There is nothing more to do here."),
}
