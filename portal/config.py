"""What can be set from outside, read once."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parent.parent


class BadConfig(ValueError):
    """A setting cannot be used; the sentence says how to mend it."""


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
    files: Path
    """The folder of the sealed files."""
    ledger: Path
    """What was erased; best on another disk than the database, as it must outlive it."""

    @property
    def session_cookie(self) -> str:
        return "__Host-session" if self.secure else "session"

    @property
    def draft_cookie(self) -> str:
        return "__Host-draft" if self.secure else "draft"

    @property
    def case_cookie(self) -> str:
        return "__Host-case" if self.secure else "case"


def read(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of an environment.

    Without any, the portal runs on SQLite below `instance/` for http://localhost. Raises BadConfig where a setting
    is wrong, or where HTTPS is asked for without a secret key.
    """
    instance = Path(environ.get("RIGHTFACE_INSTANCE", ROOT / "instance"))
    secure = _flag(environ, "RIGHTFACE_SECURE")
    finding = _secret(environ, "RIGHTFACE_LOOKUP_KEY", secure, instance / "lookup-key")
    return Config(
        database_url=environ.get("RIGHTFACE_DATABASE_URL", f"sqlite:///{instance / 'rightface.sqlite'}"),
        secret_key=_secret(environ, "RIGHTFACE_SECRET_KEY", secure, instance / "secret-key"),
        secure=secure,
        data=ROOT / "portal" / "data",
        letters=ROOT / "templates" / "letters",
        instance=instance,
        renderers=_number(environ, "RIGHTFACE_RENDERERS", 2),
        lookup_key=sha256(finding.encode()).digest(),
        files=instance / "files",
        ledger=Path(environ.get("RIGHTFACE_LEDGER", instance / "erased")),
    )


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "0")
    if value not in ("0", "1"):
        raise BadConfig(f"{name} is {value!r}: write 0 or 1")
    return value == "1"


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal() or not 1 <= int(value) <= 32:
        raise BadConfig(f"{name} is {value!r}: write a number from 1 to 32")
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
