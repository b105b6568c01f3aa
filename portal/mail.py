"""Mail: how a message leaves the portal."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import StrEnum
from urllib.parse import unquote, urlsplit

#: Seconds that a server may take for each answer.
_PATIENCE = 30


class BadServer(ValueError):
    """A mail server cannot be used; the sentence says why, and repeats nothing, as a password may stand in it."""


class Tls(StrEnum):
    """When a connection is encrypted."""

    NEVER = "never"
    STARTTLS = "starttls"
    """From the greeting on (RFC 3207); where the server cannot, nothing is sent."""
    ALWAYS = "always"
    """From its first byte (RFC 8314)."""


#: RFC 5321, 6409, 8314.
_PORTS: Mapping[Tls, int] = {Tls.NEVER: 25, Tls.STARTTLS: 587, Tls.ALWAYS: 465}
_MEANT: Mapping[tuple[str, str], Tls] = {
    ("smtp", ""): Tls.NEVER,
    ("smtp", "starttls"): Tls.STARTTLS,
    ("smtps", ""): Tls.ALWAYS,
}
#: What cannot be listened to on the way.
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes mail; without a user it asks for none."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Post:
    """From whom to whom, through which server."""

    server: Server
    sender: str
    to: str


def server(url: str) -> Server:
    """A server as `smtp://user:password@host:587?starttls`, `smtps://user:password@host` or `smtp://localhost`.

    User and password are percent-encoded. Raises BadServer where it cannot be read, or where a password would go
    over the network in the clear.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadServer(_AS) from None  # its words have the address
    tls = _MEANT.get((parts.scheme, parts.query))
    if tls is None or not parts.hostname or parts.path not in ("", "/") or parts.fragment or port == 0:
        raise BadServer(_AS)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise BadServer("it has a user without a password, or a password without a user")
    if user and tls is Tls.NEVER and parts.hostname not in _HERE:
        raise BadServer("its password would go over the network in the clear: add “?starttls”, or write smtps://")
    return Server(parts.hostname, port or _PORTS[tls], tls, user, password)


_AS = "write smtp://user:password@host:587?starttls, smtps://user:password@host, or smtp://localhost"


def send(post: Post, subject: str, text: str, now: datetime) -> None:
    """Hand a message over to the server. Raises OSError where it does not take it: SMTPException is one."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = post.sender, post.to, subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=post.sender.rpartition("@")[2])  # not the machine's own name
    message.set_content(text)
    with _connected(post.server) as connection:
        connection.send_message(message)


def _connected(to: Server) -> smtplib.SMTP:
    """A connection on which mail may be sent."""
    trusted = ssl.create_default_context()
    if to.tls is Tls.ALWAYS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=_PATIENCE, context=trusted)
    else:
        connection = smtplib.SMTP(to.host, to.port, timeout=_PATIENCE)
    try:
        if to.tls is Tls.STARTTLS:
            connection.starttls(context=trusted)
        if to.user:
            connection.login(to.user, to.password)
    except BaseException:
        connection.close()
        raise
    return connection
