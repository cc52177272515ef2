"""A small project in a folder of its own, and an AWS for the commands to work on."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from tests.harness.stack.orders import SETTINGS, template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with no AWS in the environment but credentials that open nothing."""
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "stack.json").write_text(json.dumps(template()), encoding="utf-8")
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ADMIN_ACCESS_KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ADMIN_SECRET_ACCESS_KEY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The address of an embedded AWS."""
    server = start_embedded(Settings())
    yield server.endpoint
    server.stop()
