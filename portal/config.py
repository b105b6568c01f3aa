"""What can be set from outside, read once."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
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

    @property
    def session_cookie(self) -> str:
        return "__Host-session" if self.secure else "session"

    @property
    def draft_cookie(self) -> str:
        return "__Host-draft" if self.secure else "draft"


def read(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of an environment.

    Without any, the portal runs on SQLite below `instance/` for http://localhost. Raises BadConfig where a setting
    is wrong, or where HTTPS is asked for without a secret key.
    """
    instance = Path(environ.get("RIGHTFACE_INSTANCE", ROOT / "instance"))
    secure = _flag(environ, "RIGHTFACE_SECURE")
    secret = environ.get("RIGHTFACE_SECRET_KEY", "")
    if secure and len(secret) < 32:
        raise BadConfig("set RIGHTFACE_SECRET_KEY to at least 32 random characters: the portal is served by HTTPS")
    return Config(
        database_url=environ.get("RIGHTFACE_DATABASE_URL", f"sqlite:///{instance / 'rightface.sqlite'}"),
        secret_key=secret or _kept_secret(instance),
        secure=secure,
        data=ROOT / "portal" / "data",
        letters=ROOT / "templates" / "letters",
        instance=instance,
        renderers=_number(environ, "RIGHTFACE_RENDERERS", 2),
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


def _kept_secret(instance: Path) -> str:
    """A key of this machine's own, made at the first start, so that a form survives a restart."""
    path = instance / "secret-key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()
