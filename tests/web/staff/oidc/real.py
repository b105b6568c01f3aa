"""An identity provider that we did not write: panva's oidc-provider, run by `tests/oidc/provider.mjs`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.building import ROOT

MODULES = ROOT / "build" / "oidc"
SECRET = "a secret of the tests"


@contextmanager
def provider(*portals: str) -> Iterator[str]:
    """Its issuer; each portal is a client that is called by its port."""
    node = shutil.which("node")
    if not node or not (MODULES / "node_modules").exists():
        said = "no Node.js, or no oidc-provider: `make test` installs both"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    command = [node, str(ROOT / "tests" / "oidc" / "provider.mjs"), str(MODULES), *portals]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()  # it ends with that
