"""By e-mail: a message for the person's own mail program, with everything set."""

from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from portal.law.records import Contact
from portal.letters import shapes
from portal.letters.letter import Letter

#: Mail programs cut a longer link; the message file has no such bound.
LONGEST_LINK = 1_900


def can(contact: Contact) -> bool:
    """Whether an e-mail address is known."""
    return bool(contact.email)


def link(contact: Contact, letter: Letter) -> str:
    """A `mailto:` link (RFC 6068) with as much as mail programs take: the text, the short text, the subject alone."""
    subject = shapes.subject(letter)
    links = (_link(contact, subject, body) for body in (shapes.text(letter), shapes.short(letter), ""))
    return next((link for link in links if len(link) <= LONGEST_LINK), _link(contact, "", ""))


def _link(contact: Contact, subject: str, body: str) -> str:
    fields = [("subject", subject), ("cc", contact.cc), ("body", body.replace("\n", "\r\n"))]
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields if value)
    return f"mailto:{quote(contact.email, safe='@')}{'?' if query else ''}{query}"


def message(contact: Contact, letter: Letter, pdf: bytes, sender: str) -> bytes:
    """An unsent `.eml` with the text and the letter as PDF; opened, it is a draft ready to send."""
    mail = EmailMessage(policy=SMTP)
    mail["To"] = contact.email
    if contact.cc:
        mail["Cc"] = contact.cc
    if sender:
        mail["From"] = sender
    mail["Subject"] = " ".join(shapes.subject(letter).splitlines())
    mail["X-Unsent"] = "1"
    mail.set_content(shapes.text(letter))
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename="letter.pdf")
    return mail.as_bytes()
