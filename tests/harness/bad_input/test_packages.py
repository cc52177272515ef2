"""A package is absent, as after a set-up that was broken off: the message names it, and how to get it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from qa.embedded.process import EmbeddedError, start_embedded
from qa.embedded.settings import Settings

from .running import live_run

if TYPE_CHECKING:
    from pathlib import Path

# found before the real one, and as absent as Python can say
ABSENT = "raise ModuleNotFoundError(\"No module named '{name}'\", name='{name}')\n"


def without(package: str, folder: Path) -> dict[str, str]:
    """Return an environment in which the package is not installed."""
    folder.mkdir()
    (folder / f"{package}.py").write_text(ABSENT.format(name=package))
    return {**os.environ, "PYTHONPATH": str(folder)}


@pytest.mark.parametrize(
    ("package", "command", "what"),
    [("moto", "serve", "the embedded AWS"), ("boto3", "deploy --target aws", "this command")],
)
def test_a_command_names_it(project: Path, package: str, command: str, what: str) -> None:
    environ = without(package, project / "absent") | {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}

    done = subprocess.run(
        [sys.executable, "-m", "qa", *command.split()],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert (done.returncode, done.stderr) == (
        2,
        (
            f"qa {command.split(maxsplit=1)[0]}: {what} needs {package!r}, which is not installed. "
            "Get it: make setup\n"
        ),
    )


def test_a_live_run_names_it_without_a_trace(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", without("moto", project / "absent")["PYTHONPATH"])

    seen = live_run(project)

    assert (seen.code, seen.reason, "Traceback" in seen.text) == (
        2,
        (
            "qa could not run: the embedded AWS did not start: it needs 'moto', which is not installed. "
            "Get it: make setup"
        ),
        False,
    )


def test_a_server_that_never_answers_is_ended_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "moto.py").write_text("import threading\nthreading.Event().wait()\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(EmbeddedError) as raised:
        start_embedded(Settings(), within=0.5)

    assert str(raised.value) == (
        "the embedded AWS did not start: it did not answer within 0.5 s and was ended"
    )
