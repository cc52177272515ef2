"""The pipeline's stage in a checkout of its own, as a runner of GitHub would take its steps."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.stack.clients import Clients

COPIED = (
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    "qa/embedded/lambda_/package-lock.json",
    "lib",
    "docs/examples",
    "tests/__init__.py",
    "tests/integration",
)
WORKFLOW = Path("docs/examples/github-actions.yml")


def checkout(source: Path, root: Path) -> Path:
    """Copy what the stage needs, times included, and lend it this environment: it is set up already."""
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, root / name)
        else:
            shutil.copy2(source / name, root / name)
    (root / ".venv").symlink_to(sys.prefix)
    return root


def steps(root: Path) -> list[dict[str, Any]]:
    """Return the steps of the workflow's only job, each with the job's environment under its own."""
    (job,) = yaml.safe_load((root / WORKFLOW).read_text(encoding="utf-8"))["jobs"].values()
    return [{**step, "env": {**job["env"], **step.get("env", {})}} for step in job["steps"]]


def filled(text: str, known: Mapping[str, str]) -> str:
    """Replace `${{ name }}`; KeyError for a name that a run of the workflow would not know either."""
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: known[found[1]], text)


def outputs_of(caller: str, clients: Clients) -> dict[str, str]:
    """Return what the step that takes on a role hands to later ones."""
    key = clients.target.credentials
    assert key is not None
    outputs = {
        "aws-access-key-id": key.access_key_id,
        "aws-secret-access-key": key.secret_access_key,
        "aws-session-token": key.session_token or "",
    }
    return {f"steps.{caller}.outputs.{name}": value for name, value in outputs.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One run of the workflow in a checkout."""

    root: Path
    endpoint: str
    known: Mapping[str, str]
    """What stands in `${{ }}`, by name."""

    def start(self, step: Mapping[str, Any]) -> subprocess.Popen[str]:
        """Start a step's command, as GitHub does: bash, the step's environment, both streams as one."""
        there = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "QA_"))}
        environment = {name: filled(value, self.known) for name, value in step["env"].items()}
        return subprocess.Popen(
            ["bash", "-e", "-c", step["run"]],  # noqa: S607 - GitHub's own default
            cwd=self.root,
            env={
                **there,
                "GITHUB_ACTIONS": "true",
                "GITHUB_STEP_SUMMARY": str(self.root / "step-summary.md"),
                "TARGET": "endpoint",
                "AWS_ENDPOINT_URL": self.endpoint,
                "WORKERS": "2",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def take(self, step: Mapping[str, Any]) -> tuple[int, str]:
        """Run a step to its end and return its exit code and what it printed."""
        with self.start(step) as process:
            output, _ = process.communicate(timeout=180)
        return process.returncode, output

    @property
    def summary(self) -> str:
        """The step summary; empty where none was written."""
        path = self.root / "step-summary.md"
        return path.read_text(encoding="utf-8") if path.exists() else ""
