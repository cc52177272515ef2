"""A small project in a folder of its own, an AWS to run it on, and AWSs that only refuse."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from tests.harness.plugin.conftest import CHECKS, PREPARING, SETTINGS, TEMPLATE

from .refusing import RefusingAws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with live tests, nothing of AWS in the environment, and no credentials to be found."""
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "stack.json").write_text(json.dumps(TEMPLATE))
    tests = tmp_path / "tests" / "live"
    tests.mkdir(parents=True)
    (tests / "conftest.py").write_text(PREPARING)
    (tests / "test_topics.py").write_text(CHECKS)
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def credentials(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded AWS's own credentials in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ADMIN_ACCESS_KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ADMIN_SECRET_ACCESS_KEY)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The address of an embedded AWS."""
    server = start_embedded(Settings())
    yield server.endpoint
    server.stop()


@pytest.fixture
def refusing() -> Iterator[RefusingAws]:
    """An AWS on this machine that refuses every request with a code of the test's choice."""
    with RefusingAws() as aws:
        yield aws
