"""What tasks, decisions and their reasons are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from portal.cases.queue import Which
from portal.cases.sights import LIFE
from portal.cases.tasks import Choice, Matter
from portal.web.words import Words

_DECIDED = _l("You made the decision that it is about.")


@dataclass(frozen=True, slots=True)
class OfChoice:
    """What a decision is called, and what follows from it, said before it is chosen."""

    name: Words
    follows: Words


@dataclass(frozen=True, slots=True)
class OfMatter:
    """What a matter is called in the queue, and what its page asks."""

    name: Words
    asks: Words
    second: Words = _DECIDED
    """Why another decides it."""
    own: Mapping[Choice, OfChoice] = field(default_factory=dict)
    """The decisions that mean something else here than elsewhere."""

    @property
    def decisions(self) -> Mapping[Choice, OfChoice]:
        return {**DECISIONS, **self.own}


MATTERS: Mapping[Matter, OfMatter] = {
    Matter.FILED: OfMatter(_l("Filed"), _l("Does this go the right way?")),
    Matter.HELP: OfMatter(_l("Wants help"), _l("How is this person helped?")),
    Matter.MESSAGE: OfMatter(_l("Wrote to us"), _l("What do we answer?")),
    Matter.CONTESTED: OfMatter(_l("Contests a decision"), _l("Was this decision right?")),
    Matter.PROPOSED: OfMatter(
        _l("Organisation proposed"),
        _l("Does this organisation belong in the list?"),
        own={
            Choice.ACCEPTED: OfChoice(
                _l("It belongs in the list"), _l("The law editors add it. What waited goes on.")
            ),
            Choice.REFUSED: OfChoice(
                _l("It does not belong in the list"), _l("What waited goes on, with it as written.")
            ),
        },
    ),
    Matter.REPORTED: OfMatter(_l("Reported as wrong"), _l("Is this wrong, and put right?")),
    Matter.ADDRESS: OfMatter(_l("Address to look at"), _l("Is this address right?")),
    Matter.STALE: OfMatter(_l("Law to look at again"), _l("Does this still hold?")),
    Matter.IDENTITY: OfMatter(
        _l("Wants to see an identity paper"),
        _l("May a colleague see this identity paper?"),
        _l("You asked to see it yourself: a second person decides."),
    ),
    Matter.GROUP: OfMatter(
        _l("Group that wants to be let in"),
        _l("May this group work here?"),
        own={
            Choice.ACCEPTED: OfChoice(
                _l("Let it in"),
                _l(
                    "It gets a page of its own here, and whoever wrote can sign in. It sees nobody before it has "
                    "accepted the terms, and then those alone who choose it."
                ),
            ),
            Choice.REFUSED: OfChoice(
                _l("Do not let it in"),
                _l("What they wrote is deleted. Nobody tells them: write to them by e-mail first, with the reason."),
            ),
        },
    ),
    Matter.ORGANISATION_ANSWER: OfMatter(
        _l("Answer of an organisation"),
        _l("Does this come from the organisation?"),
        own={
            Choice.ACCEPTED: OfChoice(
                _l("It does: show it beside the figures"),
                _l("Everybody can read the text at once. The name, function and address are deleted."),
            ),
            Choice.REFUSED: OfChoice(
                _l("It does not, or it names a person"),
                _l("What they wrote is deleted. Nobody tells them: write to them by e-mail first, with the reason."),
            ),
        },
    ),
    Matter.CAMPAIGN: OfMatter(
        _l("Campaign to read"),
        _l("May this campaign be shown?"),
        own={
            Choice.ACCEPTED: OfChoice(_l("Show it"), _l("Its page is there for everybody at once.")),
            Choice.REFUSED: OfChoice(
                _l("Ask for other words"),
                _l(
                    "Nobody sees it. The group reads that you ask for other words: write to them by e-mail what is "
                    "wrong. They can change it and ask again."
                ),
            ),
        },
    ),
}


#: What decisions are called wherever no matter says otherwise.
DECISIONS: Mapping[Choice, OfChoice] = {
    Choice.RIGHT: OfChoice(_l("Right as it is"), _l("Nothing changes. The person reads that we looked.")),
    Choice.REROUTE: OfChoice(
        _l("Another law fits better"),
        _l(
            "Their page offers to write the letter again under the law that you choose below. The old letter stays. "
            "They decide."
        ),
    ),
    Choice.ASK: OfChoice(_l("Ask or answer the person"), _l("What you write below stands on their page.")),
    Choice.HELP: OfChoice(
        _l("They need help"), _l("It goes to a caseworker. The person reads that somebody will help.")
    ),
    Choice.HOLD: OfChoice(
        _l("Hold it"),
        _l(
            "We do nothing for it, and it counts in no figure. The person reads the reason chosen below, and can "
            "contest it; a colleague looks then. They can still send their letter themselves."
        ),
    ),
    Choice.DECLINE: OfChoice(
        _l("We cannot help with this"),
        _l("The person reads the reason chosen below, and can contest it; a colleague looks then."),
    ),
    Choice.DONE: OfChoice(_l("It is dealt with"), _l("It leaves the queue.")),
    Choice.STANDS: OfChoice(_l("It was right: it stands"), _l("The person reads that a second person looked.")),
    Choice.LIFTED: OfChoice(
        _l("It was wrong: lift it"),
        _l("The decision counts no more. Where help was declined, it goes to a caseworker again."),
    ),
    Choice.ACCEPTED: OfChoice(_l("Accepted"), _l("What was asked for is done.")),
    Choice.APPROVED: OfChoice(
        _l("They may see it"),
        _l(
            "Who asked can look at it for %(minutes)s minutes from now: as pictures, with their name and the minute "
            "across each page, not to be downloaded or printed. Each time that they look is noted.",
            minutes=int(LIFE.total_seconds()) // 60,
        ),
    ),
    Choice.DENIED: OfChoice(
        _l("They may not see it"), _l("It stays closed. Who asked reads that a second person said no.")
    ),
    Choice.REFUSED: OfChoice(_l("Refused"), _l("What was asked for is not done.")),
}

WHICH: Mapping[Which, Words] = {
    Which.ALL: _l("All that are open"),
    Which.FREE: _l("In nobody's hands"),
    Which.MINE: _l("In my hands"),
    Which.WAITING: _l("Waiting for an address or an organisation"),
}
