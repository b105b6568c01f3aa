"""The words of the pages for what the law calls by an id."""

from collections.abc import Mapping
from typing import TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.cases.retention import RETENTION, Period
from portal.columns import Until
from portal.law.arguments import Reply, Strength
from portal.law.reasons import NO_LAW_REACHES
from portal.law.records import Channel, Cite, DueKind, Event, NoCount, OrganisationKind, Right, Standing
from portal.papers.refusals import Reason

#: Words in the language of the page, chosen when they are shown.
Words: TypeAlias = str | LazyString

#: What a person can ask for on the first pages, in this order, as a demand and what it gets.
RIGHTS: Mapping[Right, tuple[Words, Words]] = {
    Right.ACCESS: (
        _l("Show me what you hold about me"),
        _l("Your photos, the face template made from them, where they came from, and who has searched for you."),
    ),
    Right.ERASURE: (
        _l("Delete me"),
        _l("Your photos and your face template, and the word to everyone who was given them."),
    ),
    Right.OBJECTION: (
        _l("Stop using my face"),
        _l("They must stop unless they have compelling grounds. You say why it matters in your situation."),
    ),
    Right.OPT_OUT: (
        _l("Do not sell or share my face"),
        _l("For places whose law lets you opt out of sale, such as California."),
    ),
    Right.RECTIFICATION: (
        _l("Correct what you hold about me"),
        _l("When a record about you is wrong or out of date, or should carry your own statement."),
    ),
    Right.RECORDS: (
        _l("Open your files on face recognition"),
        _l("Contracts, policies and audits of a public body: not about you, but about what it does."),
    ),
    Right.COMPLAINT: (
        _l("Complain to the authority"),
        _l("When they did not answer, or answered badly, or should not do what they do."),
    ),
    Right.APPEAL: (
        _l("Appeal against their answer"),
        _l("When a public body or a company refused, and the law has an appeal inside it."),
    ),
}

KINDS: Mapping[OrganisationKind, Words] = {
    OrganisationKind.COMPANY: _l("A company, a shop or another private organisation"),
    OrganisationKind.FEDERAL_UNDERTAKING: _l("A bank, an airline or a telephone company in Canada"),
    OrganisationKind.PUBLIC_BODY: _l("A public body that is not the police: a ministry, a town, a border agency"),
    OrganisationKind.POLICE: _l("The police or a prosecutor"),
}

CHANNELS: Mapping[Channel, Words] = {
    Channel.POST: _l("by post"),
    Channel.EMAIL: _l("by e-mail"),
    Channel.FORM: _l("by their web form"),
    Channel.PORTAL: _l("through their portal"),
}

#: What an organisation is known to ask for, as the catalogue calls it.
ASKED_FOR: Mapping[str, Words] = {
    "ID with details blacked out": _l("an identity document with details blacked out"),
    "e-mail": _l("your e-mail address"),
    "face photo": _l("a photo of your face"),
    "live selfie or ID": _l("a live selfie or an identity document"),
    "photo of the face": _l("a photo of your face"),
    "sometimes government ID": _l("sometimes an identity document"),
    "state or country of residence": _l("the state or country you live in"),
}

#: Sources that are no law, in the language of the page.
SOURCES: Mapping[str, Words] = {NO_LAW_REACHES: _l("none of the laws in the catalogue reaches this situation")}

#: Each detail as a question, a hint, and what to do where it is missing.
DETAILS: Mapping[str, tuple[Words, Words, Words]] = {
    "full_name": (
        _l("What is your full name?"),
        _l("As it may appear in their records."),
        _l("Enter your full name"),
    ),
    "other_names": (
        _l("Do you use other names?"),
        _l("A former name, a stage name, another spelling. Only if photos of you carry it."),
        _l("Enter the other names, or leave this empty"),
    ),
    "date_of_birth": (
        _l("When were you born?"),
        _l("They need it to tell you from people of the same name. For example 31 3 1990."),
        _l("Enter your date of birth, for example 31 3 1990"),
    ),
    "place_of_birth": (
        _l("Where were you born?"),
        _l("Town and country, as the rules of this agency ask."),
        _l("Enter the town and country where you were born"),
    ),
    "address": (
        _l("Where should the answer go?"),
        _l("A postal address. You can write “c/o” and the address of a lawyer, a friend or a group."),
        _l("Enter an address, or the address of someone who will take the answer for you"),
    ),
    "email": (
        _l("What is your e-mail address?"),
        _l("If they may answer by e-mail."),
        _l("Enter an e-mail address, for example name@example.org"),
    ),
    "phone": (_l("What is your phone number?"), _l("Only if they may call you."), _l("Enter a phone number")),
    "photo_links": (
        _l("Where on the internet are photos of you?"),
        _l("Addresses of pages, one a line. They help them find you without a new photo."),
        _l("Enter addresses of pages, one a line"),
    ),
    "accounts": (
        _l("Which public accounts of yours show your face?"),
        _l("For example @name on a network. Only those that you do not mind naming."),
        _l("Enter the names of the accounts"),
    ),
    "events": (
        _l("Where and when may they have seen you?"),
        _l("Places and dates that help them find the record: a border, a station, a demonstration."),
        _l("Enter places and dates"),
    ),
    "reference": (
        _l("Do you have a reference number of theirs?"),
        _l("From an earlier letter of theirs."),
        _l("Enter their reference number"),
    ),
    "grounds": (
        _l("Why does this matter in your situation?"),
        _l(
            "One or two sentences of your own. For example: I work with people who must not find out where I live. "
            "Or: I go to demonstrations and fear being picked out. Or: I never agreed that my face be searched."
        ),
        _l("Say in a sentence why this matters to you"),
    ),
    "facts": (
        _l("What happened, in your own words?"),
        _l("What you found, what you asked, what they said. Short is good. Do not name other people."),
        _l("Say in a few sentences what happened"),
    ),
    "answer": (
        _l("What did they do with your request?"),
        "",
        _l("Choose what they did with your request"),
    ),
    "request_sent_on": (
        _l("On which day did you send your request?"),
        _l("For example 1 9 2026."),
        _l("Enter the day on which you sent your request"),
    ),
    "received_on": (
        _l("On which day did they receive it?"),
        _l("From the receipt, if you have one."),
        _l("Enter the day on which they received it"),
    ),
    "answered_on": (_l("On which day did they answer?"), "", _l("Enter the day of their answer")),
    "access_answered_on": (
        _l("If you asked for access before: on which day did they answer that?"),
        _l("Deletion comes after access. Leave this empty if you never asked for access."),
        _l("Enter the day of their answer"),
    ),
    "complained_on": (
        _l("On which day did you complain to the organisation itself?"),
        "",
        _l("Enter the day on which you complained to them"),
    ),
    "review_asked_on": (_l("On which day did you ask for an internal review?"), "", _l("Enter that day")),
    "review_answered_on": (_l("On which day was the review answered?"), "", _l("Enter that day")),
    "determined_on": (
        _l("Which date is on the decision you appeal against?"),
        _l("The time to appeal counts from it."),
        _l("Enter the date of the decision"),
    ),
    "known_on": (
        _l("When did you learn of what you complain about?"),
        _l("The time to complain counts from this day."),
        _l("Enter the day on which you learned of it"),
    ),
    "conduct_on": (
        _l("When did it happen?"),
        _l("The latest day, if there are several."),
        _l("Enter the day on which it happened"),
    ),
    "date_from": (
        _l("From which day on do you want the records?"),
        _l("Leave empty for all of them. A shorter time is answered sooner."),
        _l("Enter a day, or leave this empty"),
    ),
    "records_wanted": (
        _l("Which records do you want besides?"),
        _l("The letter already asks for contracts, policies, audits and assessments on face recognition."),
        _l("Say which records you want"),
    ),
    "fee_category": (_l("Which of these are you?"), _l("It decides what they may charge."), _l("Choose one")),
    "fee_ceiling": (
        _l("What are you willing to pay at most, in US dollars?"),
        _l("For example 25. Leave empty to be asked first."),
        _l("Enter an amount"),
    ),
    "fee_waiver_reasons": (
        _l("Why is it in the public interest that they waive the fees?"),
        _l("Leave empty if you do not ask for it."),
        _l("Say why"),
    ),
    "expedite_reasons": (
        _l("Why must it be fast?"),
        _l("Only for a threat to life or safety, or for journalists with an urgent story. You certify it by hand."),
        _l("Say why"),
    ),
}

CHOICES: Mapping[str, Mapping[str, Words]] = {
    "answer": {
        "none": _l("They did not answer"),
        "refused": _l("They refused"),
        "incomplete": _l("They answered only in part"),
        "not_asked": _l("I have not asked them anything yet"),
    },
    "fee_category": {
        "other": _l("None of the others: a person who asks for themselves"),
        "media": _l("A journalist or a news organisation"),
        "educational": _l("A school, a university or a scientific institute"),
    },
}

ROLES: Mapping[str, tuple[Words, Words]] = {
    "self": (_l("I am, about my own face"), ""),
    "parent": (_l("A parent, for a child"), _l("The letter gets a page on which you confirm it by hand.")),
    "agent": (
        _l("Someone who was asked to write for another person"),
        _l("The letter gets a page for that person to sign."),
    ),
    "group": (
        _l("A group that somebody has mandated to write for them"),
        _l("Only a group of the kind that you confirm below. The letter gets a mandate for that person to sign."),
    ),
}
#: Of who was asked to write, where the law has no mandate for groups.
GROUP_AS_AGENT: Words = _l(
    "The letter gets a page for that person to sign. A group writes this letter only in this way, too."
)

LAYOUTS: Mapping[str, Words] = {
    "a4-left": _l("A4, window on the left"),
    "a4-right": _l("A4, window on the right"),
    "letter-10": _l("US Letter, No. 10 envelope"),
}

#: Why a file is not taken, and what to do.
REFUSALS: Mapping[Reason, Words] = {
    Reason.EMPTY: _l("This file is empty. Choose it again, or take a new photo of the page."),
    Reason.TOO_LARGE: _l("This file is larger than 10 MB. Send it in parts, or photos of the pages that matter."),
    Reason.TOO_MANY: _l("These are too many files at once. Send 10 of them now, and the others afterwards."),
    Reason.FOREIGN: _l(
        "We take photos and screenshots (JPEG, PNG, WebP) and PDF files. Print this one to a PDF, or take a "
        "screenshot of it, and send that."
    ),
    Reason.PHONE_PICTURE: _l(
        "This photo is in a format of newer phones (HEIC or AVIF) that we do not take. Take a screenshot of it, or "
        "save it as JPEG, and send that."
    ),
    Reason.BROKEN_PICTURE: _l("This picture is damaged. Take a new photo, or a screenshot of it, and send that."),
    Reason.HUGE_PICTURE: _l("This picture has too many pixels. Take a screenshot of it, and send that."),
    Reason.BROKEN_PDF: _l("This PDF is damaged. Open it, print it to a new PDF, and send that."),
    Reason.LOCKED_PDF: _l("This PDF asks for a password. Open it with it, print it to a new PDF, and send that."),
    Reason.LONG_PDF: _l("This PDF has more than 200 pages. Print those that matter to a new PDF, and send that."),
    Reason.ACTIVE_PDF: _l(
        "This PDF carries a program or an interactive form, which could harm who opens it. Print it to a new PDF, "
        "and send that."
    ),
    Reason.FULL_PDF: _l(
        "This PDF carries other files inside, or sounds or films. Print it to a new PDF, and send that. Files inside "
        "it that matter can be saved and sent each by itself."
    ),
    Reason.MIXED_PDF: _l("This PDF holds more than its pages. Print it to a new PDF, and send that."),
    Reason.TOO_SLOW: _l("This file takes us too long to look at. Take screenshots of its pages, and send those."),
    Reason.BUSY: _l("We cannot take files at the moment. Please try again in a few minutes."),
}

# What the law is called on the pages that show it

RIGHT_NAMES: Mapping[Right, Words] = {
    Right.ACCESS: _l("Access"),
    Right.ERASURE: _l("Deletion"),
    Right.OBJECTION: _l("Objection"),
    Right.RESTRICTION: _l("Restriction of use"),
    Right.RECTIFICATION: _l("Correction"),
    Right.PORTABILITY: _l("Portability"),
    Right.OPT_OUT: _l("Opting out of sale"),
    Right.RECORDS: _l("Public records"),
    Right.COMPLAINT: _l("Complaint"),
    Right.APPEAL: _l("Appeal"),
}

STANDINGS: Mapping[Standing, Words] = {
    Standing.RIGHT: "",
    Standing.DUTY: _l("No right to ask, but a duty of theirs"),
    Standing.NONE: _l("Not given by this law"),
}

#: What a clock counts from, as the end of “Time begins with …”.
EVENTS: Mapping[Event, Words] = {
    Event.RECEIVED_ON: _l("the day on which the letter was received"),
    Event.CONDUCT_ON: _l("the day on which it happened"),
    Event.KNOWN_ON: _l("the day on which you learned of it"),
    Event.REFUSED_ON: _l("the day of the refusal"),
    Event.REFUSAL_RECEIVED_ON: _l("the day on which you received the refusal"),
    Event.DETERMINED_ON: _l("the date of the decision"),
    Event.REPLY_DUE: _l("the day on which the time to answer ended"),
}

#: What a time is given for, as the end of “30 days …”.
DUE_KINDS: Mapping[DueKind, Words] = {
    DueKind.RESPONSE: _l("to answer"),
    DueKind.COMPLAINT_LIMIT: _l("to complain"),
    DueKind.APPEAL_LIMIT: _l("to appeal"),
}

NO_COUNTS: Mapping[NoCount, Words] = {
    NoCount.SATURDAY: _l("Saturday"),
    NoCount.SUNDAY: _l("Sunday"),
    NoCount.HOLIDAY: _l("public holiday"),
}

CITES: Mapping[Cite, Words] = {
    Cite.SETTLED: _l("Yes: it is settled"),
    Cite.WITH_STATUS: _l("Yes, together with what became of it"),
    Cite.NO: _l("No"),
}

#: What became of a request or a complaint, in the order of the pages.
REPLIES: Mapping[Reply, Words] = {
    Reply.NO_ANSWER: _l("They do not answer"),
    Reply.ACKNOWLEDGED_ONLY: _l("They only say that they got your letter"),
    Reply.EXTENSION_LATE: _l("They ask for more time, too late"),
    Reply.EXTENSION_UNREASONED: _l("They ask for more time without a reason"),
    Reply.CLOCK_STOPPED: _l("They say that the clock has stopped"),
    Reply.ASKS_MORE_ID: _l("They want more to identify you"),
    Reply.ASKS_ID_COPY: _l("They want a copy of your identity document"),
    Reply.ASKS_FACE_PHOTO: _l("They want a photo of your face"),
    Reply.ASKS_SIGNATURE: _l("They want your signature"),
    Reply.ASKS_FEE: _l("They want money"),
    Reply.FEE_ESTIMATE: _l("They say what it would cost"),
    Reply.WRONG_FORM_OR_CHANNEL: _l("They want a form, an account or another way of sending"),
    Reply.OTHER_LANGUAGE: _l("They answer in a language that you do not read"),
    Reply.TRANSFERRED_TO_OTHER_BODY: _l("They send you to somebody else"),
    Reply.PROCESSOR_POINTS_TO_CONTROLLER: _l("They say that they only act for their customers"),
    Reply.CLOSED_FOR_NO_REPLY: _l("They close your case"),
    Reply.SAYS_NO_DATA: _l("They say that they hold nothing about you"),
    Reply.CANNOT_IDENTIFY_YOU: _l("They say that they cannot find you"),
    Reply.PARTIAL_ANSWER: _l("They answer only in part"),
    Reply.RECIPIENTS_ONLY_CATEGORIES: _l("They do not name who got your data"),
    Reply.REFUSES_SOURCE: _l("They do not say where they have it from"),
    Reply.REFUSED_LAW_DOES_NOT_APPLY: _l("They say that this law does not bind them, or does not protect you"),
    Reply.REFUSED_PUBLICLY_AVAILABLE: _l("They say that your photos are public"),
    Reply.REFUSED_EXCESSIVE_OR_UNFOUNDED: _l("They say that you ask too much or for no good reason"),
    Reply.REFUSED_THIRD_PARTY: _l("They say that other people must be protected"),
    Reply.REFUSED_TRADE_SECRET: _l("They say that it is a trade secret"),
    Reply.REFUSED_LAW_ENFORCEMENT: _l("They say that police work stands against it"),
    Reply.REFUSED_NATIONAL_SECURITY: _l("They say that national security stands against it"),
    Reply.GLOMAR: _l("They neither confirm nor deny"),
    Reply.EXEMPTION_CITED: _l("They name an exemption of the law"),
    Reply.NO_ERASURE_RIGHT: _l("They say that you have no right to deletion"),
    Reply.PARTIAL_ERASURE: _l("They delete only a part"),
    Reply.SUPPRESSION_LIST_INSTEAD_OF_ERASURE: _l("They block you instead of deleting you"),
    Reply.ERASED_UNCONFIRMED: _l("They say that you are deleted, without a proof"),
    Reply.FOUND_AGAIN: _l("Your face is there again"),
}

#: How far an argument carries.
STRENGTHS: Mapping[Strength, Words] = {
    Strength.STRONG: _l("A strong argument: the law says so, or it has been decided"),
    Strength.ARGUABLE: _l("A good argument, but it is not settled or depends on the facts"),
    Strength.WEAK: _l("A weak argument: it usually fails, or helps with the procedure only"),
    Strength.NONE: _l("No argument helps here: this is honest advice"),
}

#: The kinds of authority, as the catalogue calls them.
AUTHORITY_KINDS: Mapping[str, Words] = {
    "attorney_general": _l("Attorney general"),
    "data_protection_authority": _l("Data protection authority"),
    "federal_regulator": _l("Federal regulator"),
    "foia_ombudsman": _l("Ombudsman for freedom of information"),
    "information_commissioner": _l("Information commissioner"),
    "police_complaints": _l("Police complaints body"),
    "state_regulator": _l("State regulator"),
}

#: What an organisation does, as the catalogue calls it.
SECTORS: Mapping[str, Words] = {
    "bank": _l("Banking"),
    "border": _l("Border control"),
    "facial recognition": _l("Face recognition"),
    "federal police": _l("Federal police"),
    "foreign affairs": _l("Foreign affairs"),
    "immigration": _l("Immigration"),
    "immigration and border": _l("Immigration and border control"),
    "justice": _l("Justice"),
    "police": _l("Police"),
    "transport security": _l("Transport security"),
}

#: Who decides what happens with the faces, as the catalogue calls it.
ROLES_PLAYED: Mapping[str, Words] = {
    "controller": _l("It decides itself what happens with the faces (controller)"),
    "controller and processor": _l("It decides for some, and acts for others (controller and processor)"),
    "data broker/vendor": _l("It sells data and systems"),
    "processor": _l("It acts for those who use its system (processor)"),
    "processor/vendor": _l("It sells the system, and acts for those who use it (processor)"),
    "vendor": _l("It sells the system"),
    "vendor of open-source intelligence": _l("It sells what can be found in public sources"),
}

#: What each table holds, as the person knows it.
TABLES: Mapping[str, Words] = {
    "drafts": _l("A letter on its way"),
    "filings": _l("What you filed at one time"),
    "cases": _l("A case: what one organisation is asked for"),
    "wraps": _l("Who can open a case"),
    "letters": _l("Your letters as they were made"),
    "events": _l("What happened in a case"),
    "papers": _l("Files that you attached"),
    "messages": _l("What you and the portal's staff write to each other"),
    "case_sessions": _l("That your browser has a case open"),
    "limit_keys": _l("The key of the day, under which networks are counted"),
    "limits": _l("How often a network did something that costs us"),
    "reports": _l("What somebody found wrong on these pages"),
    "tasks": _l("What staff have to decide, and what they decided"),
    "sights": _l("That somebody of the staff may see a copy of an identity document"),
    "confirmations": _l("That somebody who works for the portal looked at an address"),
    "accounts": _l("Who works for the portal, or for a group"),
    "groups": _l("A group that stands by people, and what it says of itself"),
    "group_openings": _l("That somebody who works for a group has opened what people let it see"),
    "campaigns": _l("What a group calls people to"),
    "shares": _l("How much of a case you let a group see"),
    "imports": _l("A list of members for whom a group files"),
    "feeds": _l("The secret address at which a group's calendar finds the days on which answers are due"),
    "staff_sessions": _l("That somebody who works for the portal is signed in"),
    "logout_messages": _l("That an identity provider said once that somebody signed out"),
    "invitations": _l("That somebody is invited to work for the portal"),
    "credentials": _l("What somebody who works for the portal signs in with"),
    "challenges": _l("That a passkey was used to sign in"),
    "jobs": _l("What the portal itself has to do"),
    "statements": _l("What organisations say beside their figures"),
    "tallies": _l("How many of the erased cases showed what of an organisation"),
    "record_versions": _l("The editions of the public record"),
    "record_cells": _l("The numbers of the public record, as they are shown"),
    "trail": _l("What staff did, without names"),
}


def _hours(period: Period) -> int:
    return int(period.longest.total_seconds()) // 3_600


def _minutes(period: Period) -> int:
    return int((period.idle or period.longest).total_seconds()) // 60


#: Until when something is kept, with the numbers of the one table.
UNTIL: Mapping[Until, Words] = {
    Until.DRAFT: _l(
        "Until you say that you have your letter, or leave quickly; after %(hours)s hours by itself.",
        hours=_hours(RETENTION[Until.DRAFT]),
    ),
    Until.SESSION: _l(
        "Until you leave; after %(minutes)s minutes without a step, or %(hours)s hours in all.",
        minutes=_minutes(RETENTION[Until.SESSION]),
        hours=_hours(RETENTION[Until.SESSION]),
    ),
    Until.CASE: _l(
        "While the case is open; %(days)s days after it is closed or, if it was never used, after the last day on "
        "which a step is open to you. At once when you erase it.",
        days=RETENTION[Until.CASE].longest.days,
    ),
    Until.IDENTITY: _l(
        "Until the letter is sent, or %(days)s days. At once when you erase it.",
        days=RETENTION[Until.IDENTITY].longest.days,
    ),
    Until.REPORT: _l(
        "Until it is put right; after %(days)s days by itself.", days=RETENTION[Until.REPORT].longest.days
    ),
    Until.TASK: _l(
        "With the case it is about; what is about none, %(days)s days after it came.",
        days=RETENTION[Until.TASK].longest.days,
    ),
    Until.SIGHT: _l(
        "%(minutes)s minutes after a second person agreed; sooner when the copy goes, or the person lets staff read "
        "the case no more.",
        minutes=_minutes(RETENTION[Until.SIGHT]),
    ),
    Until.CONFIRMATION: _l("%(days)s days.", days=RETENTION[Until.CONFIRMATION].longest.days),
    Until.ACCOUNT: _l(
        "While they work for the portal; %(days)s days after their account was closed.",
        days=RETENTION[Until.ACCOUNT].longest.days,
    ),
    Until.GROUP: _l(
        "While the group works with the portal, and %(days)s days more. What people let it see ends at once.",
        days=RETENTION[Until.GROUP].longest.days,
    ),
    Until.IMPORT: _l("%(days)s days; sooner when the group deletes it.", days=RETENTION[Until.IMPORT].longest.days),
    Until.STAFF_SESSION: _l(
        "Until they sign out; after %(minutes)s minutes without a step, or %(hours)s hours in all.",
        minutes=_minutes(RETENTION[Until.STAFF_SESSION]),
        hours=_hours(RETENTION[Until.STAFF_SESSION]),
    ),
    Until.INVITATION: _l(
        "It can be used once, in the first %(minutes)s minutes; after %(hours)s hours it is forgotten.",
        minutes=_minutes(RETENTION[Until.INVITATION]),
        hours=_hours(RETENTION[Until.INVITATION]),
    ),
    Until.LIMIT: _l("%(hours)s hours.", hours=_hours(RETENTION[Until.LIMIT])),
    Until.JOB: _l("Until it is done; else %(days)s days after it was due.", days=RETENTION[Until.JOB].longest.days),
    Until.RECORD: _l("As long as the portal runs: it counts, and names nobody."),
    Until.STATEMENT: _l("As long as the portal runs: an organisation says it to everybody."),
    Until.TRAIL: _l("As long as the portal runs, so that what staff did can be proven. It names nobody."),
}
