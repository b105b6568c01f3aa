"""Mail: a server is read or refused, and what is sent arrives, encrypted where that was asked for."""

import smtplib
import ssl
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from portal import mail
from portal.mail import BadServer, Post, Server, Tls, server
from tests.mailing import PASSWORD, USER, a_mail_server

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINE = f"{USER}:{quote(PASSWORD, safe='')}"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("smtp://localhost", Server("localhost", 25, Tls.NEVER)),
        ("smtp://mail.example.org:2525/", Server("mail.example.org", 2525, Tls.NEVER)),
        ("smtp://mail.example.org?starttls", Server("mail.example.org", 587, Tls.STARTTLS)),
        ("smtps://mail.example.org", Server("mail.example.org", 465, Tls.ALWAYS)),
        ("smtp://[::1]:25", Server("::1", 25, Tls.NEVER)),
        (f"smtp://{MINE}@127.0.0.1", Server("127.0.0.1", 25, Tls.NEVER, USER, PASSWORD)),
        (f"smtp://{MINE}@h.example?starttls", Server("h.example", 587, Tls.STARTTLS, USER, PASSWORD)),
        (f"smtps://{MINE}@h.example", Server("h.example", 465, Tls.ALWAYS, USER, PASSWORD)),
    ],
)
def test_a_server_is_read(url: str, meant: Server) -> None:
    assert server(url) == meant


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mail.example.org", "write smtp://"),  # no scheme
        ("http://mail.example.org", "write smtp://"),
        ("smtp://", "write smtp://"),  # no host
        ("smtp://mail.example.org:port", "write smtp://"),
        ("smtp://mail.example.org:70000", "write smtp://"),
        ("smtp://mail.example.org:0", "write smtp://"),
        ("smtp://[::1", "write smtp://"),
        ("smtp://mail.example.org/inbox", "write smtp://"),
        ("smtp://mail.example.org?tls", "write smtp://"),  # unknown: it would be sent in the clear
        ("smtps://mail.example.org?starttls", "write smtp://"),  # both
        ("smtp://mail.example.org#starttls", "write smtp://"),
        ("smtp://a-secret@localhost", "without a password"),
        ("smtp://:a-secret@localhost", "without a user"),
        ("smtp://me:a-secret@mail.example.org", "in the clear"),
        ("smtp://me:a-secret@mail.example.org:70000", "write smtp://"),
    ],
)
def test_one_that_cannot_be_used_is_refused_without_repeating_it(url: str, said: str) -> None:
    with pytest.raises(BadServer, match=said) as caught:
        server(url)
    assert "a-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_no_password_stands_in_what_a_server_looks_like() -> None:
    assert PASSWORD not in repr(server(f"smtps://{MINE}@h.example"))


# Sending


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that this machine trusts for now."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    """What a server proves with that it is this machine."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(made)
    return made


def send(url: str) -> None:
    mail.send(Post(server(url), "portal@example.org", "audit@example.net"), "Head", "Grüße.", NOW)


def test_a_message_arrives_as_it_was_sent_and_names_no_machine() -> None:
    with a_mail_server() as box:
        send(f"smtp://127.0.0.1:{box.port}")
    [message] = box.taken
    assert box.to == [["audit@example.net"]]
    assert (message["From"], message["To"], message["Subject"]) == ("portal@example.org", "audit@example.net", "Head")
    assert message["Date"].datetime == NOW
    assert message["Message-ID"].endswith("@example.org>")
    assert message.get_content().strip() == "Grüße."


@pytest.mark.parametrize("how", ["starttls", "from the start"])
def test_it_goes_encrypted_and_with_user_and_password(context: ssl.SSLContext, how: str) -> None:
    start = how == "from the start"
    with a_mail_server(context, start, auth_require_tls=not start) as box:
        scheme, query = ("smtps", "") if start else ("smtp", "?starttls")
        send(f"{scheme}://{MINE}@127.0.0.1:{box.port}{query}")
    assert (len(box.taken), box.users) == (1, [USER])
    assert start or box.encrypted == [True]


def test_a_wrong_password_is_an_error_and_nothing_is_sent(context: ssl.SSLContext) -> None:
    with a_mail_server(context) as box, pytest.raises(smtplib.SMTPAuthenticationError):
        send(f"smtp://{USER}:wrong@127.0.0.1:{box.port}?starttls")
    assert box.tried == 0


def test_a_server_that_nobody_vouches_for_gets_nothing() -> None:
    stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(stranger)
    with a_mail_server(stranger) as box, pytest.raises(ssl.SSLCertVerificationError):
        send(f"smtp://{MINE}@127.0.0.1:{box.port}?starttls")
    assert box.tried == 0


def test_a_server_that_cannot_encrypt_gets_nothing() -> None:
    with a_mail_server(auth_require_tls=False) as box, pytest.raises(smtplib.SMTPNotSupportedError):
        send(f"smtp://{MINE}@127.0.0.1:{box.port}?starttls")
    assert box.tried == 0


def test_a_server_that_refuses_is_an_error() -> None:
    with a_mail_server() as box:
        box.refuses = True
        with pytest.raises(smtplib.SMTPDataError):
            send(f"smtp://127.0.0.1:{box.port}")
    assert (box.tried, box.taken) == (1, [])


def test_a_server_that_is_not_there_is_an_error() -> None:
    with a_mail_server() as box:
        pass
    with pytest.raises(ConnectionRefusedError):
        send(f"smtp://127.0.0.1:{box.port}")
