"""What is agreed with an identity provider is read once, and a wrong setting is a sentence."""

from pathlib import Path

import pytest

from portal.accounts.permissions import Role
from portal.config import BadConfig, Config, read, read_staff
from tests.building import ROOT
from tests.web.running import OPERATOR

ISSUER = "https://id.example/realms/one"
WHOLE = {"ISSUER": ISSUER, "CLIENT_ID": "rightface", "CLIENT_SECRET": "secret", "ROLES": "triage=a triage=b admin=c"}
SECRETS = {f"RIGHTFACE_{name}": "x" * 32 for name in ("SECRET_KEY", "LOOKUP_KEY", "STAFF_SECRET")}


def config(folder: Path, secure: bool = False, **said: str) -> Config:
    asked = {f"RIGHTFACE_OIDC_{name}": value for name, value in said.items()}
    return read_staff({"RIGHTFACE_INSTANCE": str(folder), "RIGHTFACE_SECURE": str(int(secure)), **asked, **more()})


def more() -> dict[str, str]:
    return {**SECRETS, **OPERATOR}


def test_without_any_there_is_no_provider(tmp_path: Path) -> None:
    assert config(tmp_path).provider is None


def test_what_must_be_said_is_enough(tmp_path: Path) -> None:
    found = config(tmp_path, **WHOLE).provider
    assert found
    assert found.roles == {(Role.TRIAGE, "a"), (Role.TRIAGE, "b"), (Role.ADMIN, "c")}
    assert (found.issuer, found.name, found.groups_claim) == (ISSUER, "id.example", "groups")
    assert found.strong == {"mfa", "hwk", "otp"}
    assert not {one for one in found.algorithms if one.startswith("HS") or one == "none"}
    assert "secret" not in repr(found)


def test_the_public_application_knows_no_provider(tmp_path: Path) -> None:
    asked = {f"RIGHTFACE_OIDC_{name}": value for name, value in WHOLE.items()}
    assert read({"RIGHTFACE_INSTANCE": str(tmp_path), **asked}).provider is None


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_missing_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadConfig, match=f"^set RIGHTFACE_OIDC_{name} to "):
        config(tmp_path, **{**WHOLE, name: ""})


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("ISSUER", "id.example", "https://"),
        ("ISSUER", "http://id.example", "https://"),
        ("ISSUER", "http://localhost.id.example", "https://"),
        ("ISSUER", "https://id.example?realm=one", "https://"),
        ("ISSUER", "https://id.example#one", "https://"),
        ("ISSUER", "https://id@evil.example", "https://"),
        ("ISSUER", "https://[id", "https://"),
        ("ROLES", "triage", "role=group"),
        ("ROLES", "triage=", "role=group"),
        ("ROLES", "boss=a", "role=group"),
        ("SCOPE", "profile", "openid"),
        ("ALGORITHMS", "RS256 none", "RS512"),
        ("ALGORITHMS", "HS256", "RS512"),
        ("GROUP_CLAIM", "groups", "GROUPS_CLAIM"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_cure(tmp_path: Path, name: str, value: str, cure: str) -> None:
    with pytest.raises(BadConfig, match=f"^RIGHTFACE_OIDC_{name} ") as refused:
        config(tmp_path, **{**WHOLE, name: value})
    assert cure in str(refused.value)


@pytest.mark.parametrize("secure", [True, False])
def test_a_provider_in_the_clear_is_for_ones_own_machine(tmp_path: Path, secure: bool) -> None:
    said = {**WHOLE, "ISSUER": "http://localhost:8080/realms/one"}
    if secure:
        with pytest.raises(BadConfig):
            config(tmp_path, secure, **said)
    else:
        assert config(tmp_path, secure, **said).provider


@pytest.mark.parametrize("name", [*WHOLE, "NAME", "GROUPS_CLAIM", "STRONG", "ACR", "SCOPE", "ALGORITHMS"])
def test_every_setting_is_told_in_the_readme(name: str) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("### Staff who sign in with")[2]
    assert f"`{name}`" in section.partition("\n## ")[0]
