"""A real SMTP server, in a thread of the test's own."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "portal", "a password: with / and @"
TAKEN, LATER = "250 taken", "451 not now"


@dataclass
class Box:
    """What the server took; as long as it refuses it takes nothing."""

    port: int
    refuses: bool = False
    tried: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    users: list[object] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        self.tried += 1
        if self.refuses:
            return LATER
        message = message_from_bytes(cast(bytes, envelope.content), policy=default)
        self.taken.append(cast(EmailMessage, message))
        self.to.append(envelope.rcpt_tos)
        self.encrypted.append(session.ssl is not None)
        self.users.append(session.auth_data)
        return TAKEN


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: LoginPassword) -> AuthResult:
    """Whether it is our user; what they are called is what the box notes."""
    right = (said.login, said.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False, auth_data=said.login.decode())


@contextmanager
def a_mail_server(tls: ssl.SSLContext | None = None, from_the_start: bool = False, **more: Any) -> Iterator[Box]:
    """A server on a port of its own; with a context it does STARTTLS, or TLS from the first byte."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = Box(free.getsockname()[1])
    context = {"ssl_context": tls} if from_the_start else {"tls_context": tls}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, authenticator=_knows, **context, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
