"""What can be set from outside, read once."""

import os
import secrets
import tempfile
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from portal import mail
from portal.accounts.permissions import Role
from portal.accounts.provider import ALGORITHMS, Provider, is_trusted
from portal.cases.sharing import Readers
from portal.law.places import countries
from portal.mail import Post, Server
from portal.vault import PUBLIC_SIZE, PublicHalf

ROOT = Path(__file__).parent.parent
#: As `make staff` serves it; passkeys know no 127.0.0.1.
_STAFF_URL = "http://localhost:8001"
_PUBLIC_URL = "http://localhost:8000"


class BadConfig(ValueError):
    """A setting cannot be used; the sentence says how to mend it."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the portal, and answers for it. Each is an environment variable `RIGHTFACE_OPERATOR_<NAME>`."""

    name: str
    address: str
    email: str
    country: str
    """Whose data protection law and authority apply to the portal itself: `at`, or a region, `de-be`."""
    dpo: str = ""
    """How to reach the data protection officer, where there is one."""
    security_contact: str = ""
    """An e-mail address for what is found wrong with the program's safety."""

    @property
    def for_security(self) -> str:
        return self.security_contact or self.email


@dataclass(frozen=True, slots=True)
class Config:
    """The settings. Each is an environment variable `RIGHTFACE_<NAME>`."""

    database_url: str
    secret_key: str
    secure: bool
    """Served by HTTPS: cookies are Secure and carry the `__Host-` prefix."""
    data: Path
    letters: Path
    instance: Path
    renderers: int
    """How many child processes set letters."""
    lookup_key: bytes
    """Finds the filing of a case key. Whoever loses it loses every case: nobody's key finds anything any more."""
    operator: Operator | None
    """Nobody, where the portal runs on a person's own machine."""
    staff_public_key: PublicHalf | None
    """To seal what only staff may read; None where there is no staff."""
    readers_first: Readers
    """Who may read a case: what is offered first to whoever files one, where there is staff."""
    staff_secret: bytes
    """Seals who works for the portal, and finds their accounts; the staff's application alone has it."""
    provider: Provider | None
    """Whom the staff's application asks who somebody is; None where they sign in without one."""
    staff_url: str
    """Where the staff's application is reached, without a path: passkeys are good there alone."""
    public_url: str
    """Where the public application is reached, without a path: for the sheets and addresses that groups print."""
    staff_local: bool
    """Whether staff sign in by passkeys and codes of the portal's own."""
    staff_key: Path
    """The file of the staff's private key, sealed under a passphrase."""
    staff_passphrase_file: Path | None
    """Where the passphrase stands; None where it is typed."""
    files: Path
    """The folder of the sealed files."""
    ledger: Path
    """What was erased; best on another disk than the database, as it must outlive it."""
    proxies: int
    """How many proxies of ours stand before the portal and add the address that they were called from."""
    trail_heads: Path
    """Where the head of the trail is noted each hour; best on another disk than the database."""
    smtp: Server | None
    trail_mail: str
    """To whom the head of the trail is mailed as well; empty where to nobody."""

    @property
    def session_cookie(self) -> str:
        return "__Host-session" if self.secure else "session"

    @property
    def trail_post(self) -> Post | None:
        """How the head of the trail is mailed: from the operator, where there is one, else from who gets it."""
        if self.smtp is None or not self.trail_mail:
            return None
        return Post(self.smtp, self.operator.email if self.operator else self.trail_mail, self.trail_mail)

    @property
    def draft_cookie(self) -> str:
        return "__Host-draft" if self.secure else "draft"

    @property
    def staff_cookie(self) -> str:
        return "__Host-staff" if self.secure else "staff"

    @property
    def case_cookie(self) -> str:
        return "__Host-case" if self.secure else "case"


def read(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of an environment.

    Without any, the portal runs on SQLite below `instance/` for http://localhost. Raises BadConfig where a setting
    is wrong, or where HTTPS is asked for without a secret key or without saying who runs the portal.
    """
    instance = Path(environ.get("RIGHTFACE_INSTANCE", ROOT / "instance"))
    secure = _flag(environ, "RIGHTFACE_SECURE")
    finding = _secret(environ, "RIGHTFACE_LOOKUP_KEY", secure, instance / "lookup-key")
    smtp = _server(environ, "RIGHTFACE_SMTP_URL")
    if environ.get("RIGHTFACE_TRAIL_MAIL") and smtp is None:
        raise BadConfig("set RIGHTFACE_SMTP_URL as well: RIGHTFACE_TRAIL_MAIL says to whom, not by which server")
    return Config(
        database_url=environ.get("RIGHTFACE_DATABASE_URL", f"sqlite:///{instance / 'rightface.sqlite'}"),
        secret_key=_secret(environ, "RIGHTFACE_SECRET_KEY", secure, instance / "secret-key"),
        secure=secure,
        data=ROOT / "portal" / "data",
        letters=ROOT / "templates" / "letters",
        instance=instance,
        renderers=_number(environ, "RIGHTFACE_RENDERERS", 2),
        lookup_key=sha256(finding.encode()).digest(),
        operator=_operator(environ, required=secure),
        staff_public_key=_public_half(environ, "RIGHTFACE_STAFF_PUBLIC_KEY"),
        readers_first=_readers(environ, "RIGHTFACE_READERS_FIRST"),
        staff_secret=b"",
        provider=None,
        staff_url=_STAFF_URL,
        public_url=_PUBLIC_URL,
        staff_local=False,
        staff_key=instance / "staff-key",
        staff_passphrase_file=None,
        proxies=_number(environ, "RIGHTFACE_PROXIES", 0, least=0),
        files=instance / "files",
        ledger=Path(environ.get("RIGHTFACE_LEDGER", instance / "erased")),
        trail_heads=Path(environ.get("RIGHTFACE_TRAIL_HEADS", instance / "trail-heads")),
        smtp=smtp,
        trail_mail=_email("RIGHTFACE_TRAIL_MAIL", environ.get("RIGHTFACE_TRAIL_MAIL", "").strip()),
    )


def read_staff(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of the staff's application: those of an environment, and the secret that the public one lacks."""
    config = read(environ)
    secret = _secret(environ, "RIGHTFACE_STAFF_SECRET", config.secure, config.instance / "staff-secret")
    passphrase_file = environ.get("RIGHTFACE_STAFF_PASSPHRASE_FILE", "")
    return replace(
        config,
        staff_secret=sha256(secret.encode()).digest(),
        provider=_provider(environ, config.secure),
        staff_url=_origin(environ, "RIGHTFACE_STAFF_URL", config.secure, _STAFF_URL),
        public_url=_origin(
            environ, "RIGHTFACE_PUBLIC_URL", config.secure and "RIGHTFACE_PUBLIC_URL" in environ, _PUBLIC_URL
        ),
        staff_local=_flag(environ, "RIGHTFACE_STAFF_LOCAL", default="0" if _has_provider(environ) else "1"),
        staff_key=Path(environ.get("RIGHTFACE_STAFF_KEY", config.staff_key)),
        staff_passphrase_file=Path(passphrase_file) if passphrase_file else None,
        secret_key=sha256(f"staff {secret}".encode()).hexdigest(),  # no cookie of the public one is good here
    )


def _has_provider(environ: Mapping[str, str]) -> bool:
    """Whether staff sign in with an identity provider; the portal's own sign-in is then closed unless it is set."""
    return bool(environ.get("RIGHTFACE_OIDC_ISSUER"))


def _origin(environ: Mapping[str, str], name: str, secure: bool, default: str) -> str:
    """Scheme, host and port of an address, as browsers write them."""
    value = environ.get(name, default).rstrip("/").lower()
    parts = urlsplit(value)
    if (
        not parts.hostname
        or "@" in value
        or parts.scheme not in ("http", "https")
        or value != f"{parts.scheme}://{parts.netloc}"
    ):
        raise BadConfig(f"{name} is {value!r}: write where the application is, as https://staff.example.org")
    if secure and parts.scheme != "https":
        raise BadConfig(f"{name} is {value!r}: write an https:// address, as the portal is served by HTTPS")
    return value


#: What must be known of who runs a portal that others use, and how to say it.
_ASKED_OF_OPERATOR: Mapping[str, str] = {
    "NAME": "the name of the person or organisation that runs the portal",
    "ADDRESS": "its postal address, the lines parted by “;”",
    "EMAIL": "an e-mail address at which somebody reads",
    "COUNTRY": "the country (AT) or region (DE-BE) whose data protection authority is competent for it",
}


def _operator(environ: Mapping[str, str], required: bool) -> Operator | None:
    """Who runs the portal; None where nothing is said and nothing need be."""
    said = {name: environ.get(f"RIGHTFACE_OPERATOR_{name}", "").strip() for name in _ASKED_OF_OPERATOR}
    if not required and not any(said.values()):
        return None
    for name, value in said.items():
        if not value:
            raise BadConfig(
                f"set RIGHTFACE_OPERATOR_{name} to {_ASKED_OF_OPERATOR[name]}: others must know who runs it"
            )
    return Operator(
        name=said["NAME"],
        address="\n".join(line.strip() for line in said["ADDRESS"].split(";")),
        email=_email("RIGHTFACE_OPERATOR_EMAIL", said["EMAIL"]),
        country=_country("RIGHTFACE_OPERATOR_COUNTRY", said["COUNTRY"]),
        dpo=environ.get("RIGHTFACE_OPERATOR_DPO", "").strip(),
        security_contact=_email(
            "RIGHTFACE_OPERATOR_SECURITY_CONTACT", environ.get("RIGHTFACE_OPERATOR_SECURITY_CONTACT", "").strip()
        ),
    )


#: What must be agreed with an identity provider, and how to say it.
_AGREED: Mapping[str, str] = {
    "ISSUER": "the address of the identity provider, as its tokens have it in `iss`",
    "CLIENT_ID": "what the identity provider calls this portal",
    "CLIENT_SECRET": "the secret that the identity provider gave to this portal",
    "ROLES": "who may do what: each role with a group of the identity provider, as triage=rf-triage admin=rf-admins",
}

#: What may be said besides.
_MAY_BE_AGREED = ("NAME", "GROUPS_CLAIM", "STRONG", "ACR", "SCOPE", "ALGORITHMS")


def _provider(environ: Mapping[str, str], secure: bool) -> Provider | None:
    """What is agreed with the identity provider; None where nothing is said of one."""
    prefix = "RIGHTFACE_OIDC_"
    said = {name.removeprefix(prefix): value.strip() for name, value in environ.items() if name.startswith(prefix)}
    if not any(said.values()):
        return None
    for name in said.keys() - {*_AGREED, *_MAY_BE_AGREED}:
        raise BadConfig(f"{prefix}{name} is no setting: write one of {', '.join((*_AGREED, *_MAY_BE_AGREED))}")
    for name, what in _AGREED.items():
        if not said.get(name):
            raise BadConfig(f"set {prefix}{name} to {what}: without it nobody can sign in through a provider")
    return Provider(
        issuer=_issuer(f"{prefix}ISSUER", said["ISSUER"], secure),
        client_id=said["CLIENT_ID"],
        client_secret=said["CLIENT_SECRET"],
        name=said.get("NAME") or urlsplit(said["ISSUER"]).netloc,
        roles=frozenset(_role_of_group(f"{prefix}ROLES", pair) for pair in said["ROLES"].split()),
        groups_claim=said.get("GROUPS_CLAIM") or "groups",
        strong=frozenset((said.get("STRONG") or "mfa hwk otp").split()),
        acr=said.get("ACR", ""),
        scope=_scope(f"{prefix}SCOPE", said.get("SCOPE") or "openid profile email"),
        algorithms=_algorithms(f"{prefix}ALGORITHMS", said.get("ALGORITHMS") or "RS256 PS256 ES256 EdDSA"),
    )


def _issuer(name: str, value: str, secure: bool) -> str:
    if not is_trusted(value, secure) or "?" in value:
        raise BadConfig(f"{name} is {value!r}: write an address that begins with https:// and has no ? or #")
    return value


def _role_of_group(name: str, pair: str) -> tuple[Role, str]:
    role, _, group = pair.partition("=")
    if role not in [*Role] or not group:
        raise BadConfig(f"{name} has {pair!r}: write role=group, where the role is one of {', '.join(Role)}")
    return Role(role), group


def _scope(name: str, value: str) -> str:
    if "openid" not in value.split():
        raise BadConfig(f"{name} is {value!r}: it must have openid in it, or the provider does not say who it is")
    return value


def _algorithms(name: str, value: str) -> tuple[str, ...]:
    for one in value.split():
        if one not in ALGORITHMS:
            raise BadConfig(f"{name} has {one!r}: write some of {', '.join(sorted(ALGORITHMS))}")
    return tuple(value.split())


def _email(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise BadConfig(f"{name} is {value!r}: write an e-mail address, as name@example.org") from error


def _country(name: str, value: str) -> str:
    if value.lower().partition("-")[0] not in countries("en"):
        raise BadConfig(f"{name} is {value!r}: write a country of ISO 3166-1, as AT, or a region, as DE-BE")
    return value.lower()


def _public_half(environ: Mapping[str, str], name: str) -> PublicHalf | None:
    value = environ.get(name, "")
    if not value:
        return None
    try:
        half = b64decode(value, validate=True)
    except Error:
        half = b""
    if len(half) != PUBLIC_SIZE:
        raise BadConfig(f"{name} is no public key: write its {PUBLIC_SIZE} bytes in base64")
    return PublicHalf(half)


def _readers(environ: Mapping[str, str], name: str) -> Readers:
    value = environ.get(name, Readers.FILER.value)
    if value not in set(Readers):
        raise BadConfig(f"{name} is {value!r}: write {' or '.join(Readers)}")
    return Readers(value)


def _server(environ: Mapping[str, str], name: str) -> Server | None:
    """A mail server; of what cannot be read nothing is repeated, as a password may stand in it."""
    value = environ.get(name, "")
    if not value:
        return None
    try:
        return mail.server(value)
    except mail.BadServer as error:
        raise BadConfig(f"{name} cannot be used: {error}") from error


def _flag(environ: Mapping[str, str], name: str, default: str = "0") -> bool:
    value = environ.get(name, default)
    if value not in ("0", "1"):
        raise BadConfig(f"{name} is {value!r}: write 0 or 1")
    return value == "1"


def _number(environ: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= 32:
        raise BadConfig(f"{name} is {value!r}: write a number from {least} to 32")
    return int(value)


def _secret(environ: Mapping[str, str], name: str, secure: bool, path: Path) -> str:
    """A secret of the environment; without one, and without HTTPS, this machine's own."""
    secret = environ.get(name, "")
    if secure and len(secret) < 32:
        raise BadConfig(f"set {name} to at least 32 random characters: the portal is served by HTTPS")
    return secret or _kept_secret(path)


def _kept_secret(path: Path) -> str:
    """A secret of this machine's own, made at the first start, so that what hangs on it survives a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # for its owner alone
        file.write(secrets.token_urlsafe(48))
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)  # whole or not at all, also where two processes start at once
    return path.read_text()
