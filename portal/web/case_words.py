"""The words of the pages for what happens in a case."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.cases.attaching import Shows
from portal.cases.clock import Next, Sure
from portal.cases.complaints import Stage
from portal.cases.following import Why
from portal.cases.status import Answer, Decided, Kind, Status
from portal.web.words import Words


@dataclass(frozen=True, slots=True)
class HappenedWords:
    """What the person presses, what the timeline says, and how the day is asked for."""

    action: Words
    said: Words
    question: Words = ""
    hint: Words = ""
    missing: Words = ""


#: What others do, beside what the person does.
THEIRS = (
    *(Kind.RECEIVED, Kind.ACKNOWLEDGED, Kind.EXTENDED, Kind.EXTENDED_BARE),
    *(Kind.ASKED_INFORMATION, Kind.ASKED_IDENTITY, Kind.ASKED_FEE, Kind.GAVE, Kind.ANSWERED),
    *(Kind.REGISTERED, Kind.DECIDED, Kind.FOUND_AGAIN),
)

HAPPENED: Mapping[Kind, HappenedWords] = {
    Kind.FILED: HappenedWords("", _l("You filed the letter here")),
    Kind.SENT: HappenedWords(
        _l("I sent it"),
        _l("You sent the letter"),
        _l("On which day did you send it?"),
        _l("The day on the postmark, or of your e-mail."),
        _l("Enter the day on which you sent it"),
    ),
    Kind.RECEIVED: HappenedWords(
        _l("They got it"),
        _l("They received the letter"),
        _l("On which day did they get it?"),
        _l("From the receipt. Of an e-mail or a form, the day on which you sent it."),
        _l("Enter the day on which they got it"),
    ),
    Kind.EXTENDED: HappenedWords(
        _l("They need longer"),
        _l("They said that they need longer"),
        _l("On which day did they tell you that they need longer?"),
        _l("The day on which their message reached you. It counts only if it came before their time was over."),
        _l("Enter the day on which they told you"),
    ),
    Kind.ACKNOWLEDGED: HappenedWords(
        _l("They confirmed that they have it"),
        _l("They confirmed that they have the letter"),
        _l("On which day did they confirm it?"),
        _l("A ticket number, or that they look into it. It is no answer, and their time goes on."),
        _l("Enter the day on which they confirmed it"),
    ),
    Kind.EXTENDED_BARE: HappenedWords(
        _l("They need longer, and do not say why"),
        _l("They said that they need longer, and not why"),
        _l("On which day did they tell you that they need longer?"),
        _l("The day on which their message reached you. This law wants reasons: without them their time goes on."),
        _l("Enter the day on which they told you"),
    ),
    Kind.ASKED_INFORMATION: HappenedWords(
        _l("They want to know more first"),
        _l("They wanted to know more first"),
        _l("On which day did they ask?"),
        _l("To find your data: a link, a place, a date."),
        _l("Enter the day on which they asked"),
    ),
    Kind.ASKED_IDENTITY: HappenedWords(
        _l("They want proof of who I am"),
        _l("They wanted proof of who you are"),
        _l("On which day did they ask?"),
        _l("A document, a signature, a photo. Send no photo of your face: some of them add it to their search."),
        _l("Enter the day on which they asked"),
    ),
    Kind.ASKED_FEE: HappenedWords(
        _l("They want money first"),
        _l("They wanted money first"),
        _l("On which day did they ask?"),
        _l("Never pay to be taken out of a face search engine: that does not end the collecting."),
        _l("Enter the day on which they asked"),
    ),
    Kind.GAVE: HappenedWords(
        _l("They have what they asked for"),
        _l("They had what they asked for"),
        _l("On which day did they get it?"),
        _l("From then on their time runs again, where it stood still."),
        _l("Enter the day on which they got it"),
    ),
    Kind.REPLIED: HappenedWords(
        _l("I wrote back"),
        _l("You wrote back"),
        _l("On which day did you send it?"),
        _l("The day on the postmark, or of your e-mail."),
        _l("Enter the day on which you sent it"),
    ),
    Kind.COMPLAINED: HappenedWords(
        _l("I complained to the authority"),
        _l("You complained to the authority"),
        _l("On which day did you send it?"),
        _l("The authority’s time runs from the day on which it has it."),
        _l("Enter the day on which you sent it"),
    ),
    Kind.REGISTERED: HappenedWords(
        _l("The authority gave it a number"),
        _l("The authority gave it a number"),
        _l("On which day did you learn the number?"),
        _l("From its confirmation, or what it wrote to you."),
        _l("Enter the day on which you learned the number"),
    ),
    Kind.DECIDED: HappenedWords(
        _l("The authority has decided"),
        _l("The authority decided"),
        _l("On which day did the decision reach you?"),
        _l("Also where it has stopped the case, or says that it will do nothing."),
        _l("Enter the day on which the decision reached you"),
    ),
    Kind.SUED: HappenedWords(
        _l("I went to court"),
        _l("You went to court"),
        _l("On which day did the court get it?"),
        _l("From the court’s confirmation, or the day on which it was sent."),
        _l("Enter the day on which the court got it"),
    ),
    Kind.ANSWERED: HappenedWords(
        _l("They answered"),
        _l("They answered"),
        _l("On which day did their answer reach you?"),
        _l("Not an acknowledgement that they have your letter: an answer to what you asked."),
        _l("Enter the day on which their answer reached you"),
    ),
    Kind.FOUND_AGAIN: HappenedWords(
        _l("My face is there again"),
        _l("Your face was there again"),
        _l("On which day did you find it?"),
        _l("After they said that it was gone. Keep a picture of the page, with its address and the day."),
        _l("Enter the day on which you found it"),
    ),
    Kind.CLOSED: HappenedWords(_l("I am done with it"), _l("You closed the case")),
    Kind.REOPENED: HappenedWords(_l("Open it again"), _l("You opened the case again")),
    Kind.NOTED: HappenedWords(_l("Write a note"), _l("Your note")),
    Kind.REKEYED: HappenedWords("", _l("You made a new case key")),
}

STATUSES: Mapping[Status, Words] = {
    Status.FILED: _l("Not sent yet"),
    Status.SENT: _l("Sent"),
    Status.RECEIVED: _l("They have it"),
    Status.ANSWERED: _l("They answered"),
    Status.CLOSED: _l("Closed"),
}

#: What may be said of a due date; `%(day)s` is the date.
SURE: Mapping[Sure, Words] = {
    Sure.MUST: _l("They must answer by %(day)s."),
    Sure.EXPECTED: _l("Expect their answer by %(day)s."),
    Sure.ESTIMATED: _l("Estimated: their answer is due by about %(day)s. Tell us when they got the letter."),
}

#: The same of an authority, which need not have decided by then; `%(authority)s` is its name.
SURE_OF_AUTHORITY: Mapping[Sure, Words] = {
    Sure.MUST: _l("The authority’s answer is due by %(day)s, at least on how it stands: %(authority)s."),
    Sure.EXPECTED: _l("Expect the authority’s answer by %(day)s, at least on how it stands: %(authority)s."),
    Sure.ESTIMATED: _l(
        "Estimated: the authority’s answer is due by about %(day)s, at least on how it stands: %(authority)s."
    ),
}

#: That they were told another date, of the organisation's answer and of the authority's.
CORRECTED: Mapping[bool, Words] = {
    False: _l(
        "We have corrected what we know of the law since. We had told you %(told)s; their answer is due by %(due)s."
    ),
    True: _l(
        "We have corrected what we know of the law since. We had told you %(told)s; "
        "the authority’s answer is due by %(due)s."
    ),
}
#: The date that they were told, of the same two.
TOLD_THEN: Mapping[bool, Words] = {
    False: _l("We told you then: their answer is due by %(day)s."),
    True: _l("We told you then: the authority’s answer is due by %(day)s."),
}

#: How an authority has decided: as it is asked with what that means, and as the timeline says it.
DECIDED: Mapping[Decided, tuple[Words, Words, Words]] = {
    Decided.UPHELD: (
        _l("It agreed with me"),
        _l("It found that they broke the law, or told them to do what you asked."),
        _l("It agreed with you."),
    ),
    Decided.PARTLY: (_l("It agreed with me in part"), "", _l("It agreed with you in part.")),
    Decided.REJECTED: (
        _l("It did not agree with me"),
        _l("It looked into it, and found nothing wrong."),
        _l("It did not agree with you."),
    ),
    Decided.DISMISSED: (
        _l("It did not look into it"),
        _l("It says that it came too late, that it is not its business, or that something is missing."),
        _l("It did not look into it."),
    ),
    Decided.SETTLED: (
        _l("It was settled"),
        _l("They did what you asked, or you agreed on something."),
        _l("It was settled."),
    ),
    Decided.DISCONTINUED: (
        _l("It stopped without deciding"),
        _l("It closed the case and found neither for you nor against you."),
        _l("It stopped without deciding."),
    ),
}

#: How an organisation has answered: as it is asked with what that means, and as the timeline says it.
ANSWERS: Mapping[Answer, tuple[Words, Words, Words]] = {
    Answer.COMPLIED: (
        _l("They did what I asked"),
        _l("Of deletion: they confirmed that all is deleted."),
        _l("They did what you asked."),
    ),
    Answer.PARTLY: (_l("They did it in part"), "", _l("They did it in part.")),
    Answer.NOTHING_HELD: (
        _l("They say that they have nothing of me"),
        "",
        _l("They said that they have nothing of you."),
    ),
    Answer.REFUSED: (_l("They refused what I asked"), "", _l("They refused.")),
    Answer.UNCLEAR: (_l("It is not clear"), _l("What they wrote says neither yes nor no."), _l("It was not clear.")),
}

#: What is open against a decision; `%(court)s` says where and by which provision.
REMEDY: Mapping[Decided | None, Words] = {
    None: _l("If the decision is not enough: %(court)s."),
    Decided.UPHELD: _l("If they do not do what it says, or if it is not enough: %(court)s."),
    Decided.PARTLY: _l("For what you did not get: %(court)s."),
    Decided.REJECTED: _l("The next step: %(court)s."),
    Decided.DISMISSED: _l("The next step: %(court)s."),
    Decided.SETTLED: _l("If they do not keep to it: %(court)s."),
    Decided.DISCONTINUED: _l("What can still be done: %(court)s."),
}

#: How it stands with the time to complain or to appeal; `%(opens)s` and `%(closes)s` are dates, the last to act by.
STAGES: Mapping[Stage, Words] = {
    Stage.NOT_YET: _l("Not yet: from %(opens)s on, if they have not answered."),
    Stage.OPEN: _l("Now."),
    Stage.DOUBTFUL: _l("By one reading of the law the last day was %(closes)s. Send it at once, or ask a lawyer."),
    Stage.CLOSED: _l("The last day was %(closes)s. Ask a lawyer before you send it late."),
}

#: What comes next, in one sentence, and what happens when the button is pressed.
NEXT: Mapping[Next, tuple[Words, Kind | None]] = {
    Next.SEND: (_l("Send the letter, so that you can show when. Then say here that you sent it."), Kind.SENT),
    Next.SAY_RECEIVED: (
        _l("Their time runs from the day on which they have the letter. When you know it, say so."),
        Kind.RECEIVED,
    ),
    Next.WAIT: (_l("You need do nothing now. When they answer, say so."), Kind.ANSWERED),
    Next.GIVE: (
        _l("Their time stands still until they have what they asked for. Give it, or write why they do not need it."),
        Kind.GAVE,
    ),
    Next.AUTHORITY_LATE: (
        _l("The authority should have told you by now how it stands. Ask it in writing; you can also go to court."),
        Kind.DECIDED,
    ),
    Next.WAIT_FOR_AUTHORITY: (
        _l("The authority works on it. When it tells you what it decided, say so."),
        Kind.DECIDED,
    ),
    Next.COMPLAIN: (_l("Their time is over. You can complain to the authority now."), None),
    Next.JUDGE: (
        _l("Read what they say. If it is not what you asked for, answer or complain. If it is enough, close it."),
        Kind.CLOSED,
    ),
    Next.FOUND_AGAIN: (
        _l("Your face is there again, after they answered. Write to them again, or complain to the authority."),
        Kind.CLOSED,
    ),
    Next.DECIDED: (
        _l("The authority has decided. If it is enough, close the case; if not, see what is open against it."),
        Kind.CLOSED,
    ),
    Next.SEE_DONE: (
        _l("The authority agreed with you, in whole or in part. See that it is done; when it is, close the case."),
        Kind.CLOSED,
    ),
    Next.GO_ON: (
        _l("The authority did not agree with you, or did not look into it. You can go on; mind the last day for it."),
        Kind.SUED,
    ),
    Next.END: (
        _l("It ended without a decision. If that is enough, close the case; if not, see what can still be done."),
        Kind.CLOSED,
    ),
    Next.WAIT_FOR_COURT: (
        _l("You went to court. Keep to the days that it sets. When it has decided, note how, and close the case."),
        Kind.CLOSED,
    ),
    Next.WAIT_FOR_REPLY: (
        _l("You wrote back and gave them two weeks. When they answer, say so. You can complain at any time."),
        Kind.ANSWERED,
    ),
    Next.REST: (_l("There is nothing more to do here."), None),
}

#: What an attached file shows: as it is asked, and as the case names it.
SHOWS: Mapping[Shows, tuple[Words, Words]] = {
    Shows.SENT: (_l("That I sent the letter: a receipt of the post, the sent e-mail"), _l("Proof of sending")),
    Shows.RECEIVED: (_l("That they got it: a return receipt, their acknowledgement"), _l("Proof of receipt")),
    Shows.ANSWER: (_l("What they answered"), _l("Their answer")),
    Shows.IDENTITY: (
        _l("Who I am: a copy of a document with all covered that they need not see"),
        _l("Copy of an identity document"),
    ),
}

#: Why something cannot have happened.
WHY_NOT: Mapping[Why, Words] = {
    Why.IN_FUTURE: _l("Enter a day that is not in the future"),
    Why.BEFORE_LETTER: _l("The letter is dated later than that: check the day"),
    Why.BEFORE_SENT: _l("That is before you sent the letter: check the day"),
    Why.BEFORE_RECEIVED: _l("That is before they got the letter: check the day"),
    Why.BEFORE_COMPLAINT: _l("That is before you complained: check the day"),
    Why.NOT_NOW: _l("This cannot be said where the case stands now"),
}
