"""`qa check --with cfn-lint`: cfn-lint's own findings beside ours, as a second opinion."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.checks import Finding, Severity
from qa.errors import QaError
from qa.invocation import SETUP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.template import Template

SEVERITIES = {
    "Error": Severity.ERROR,
    "Warning": Severity.WARNING,
    "Informational": Severity.NOTE,
}
RUN = "from cfnlint.runner import main; raise SystemExit(main())"
PATIENCE = 300
"""Seconds: cfn-lint takes two for a common template, and minutes for one of thousands of resources."""


def cfn_lint_findings(template: Template, regions: Sequence[str]) -> tuple[Finding, ...]:
    """Return what cfn-lint says of the template's text, its rule IDs behind `cfn-lint/`.

    It runs as a process of its own in an empty folder, so that no .cfnlintrc of the project switches
    rules off. Raises QaError when it is not installed or ends without an answer.
    """
    with tempfile.TemporaryDirectory(prefix="qa-cfn-lint-") as folder:
        copy = Path(folder, "template.yaml")  # JSON is YAML, too
        copy.write_text(template.text, encoding="utf-8")
        command = [sys.executable, "-c", RUN, "--format", "json", "--include-checks", "I"]
        try:
            answer = subprocess.run(  # noqa: S603 - our own interpreter, on a file of our own
                [*command, "--regions", *regions, "--template", copy.name],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise QaError(
                f"{template.source}: cfn-lint had no answer after {PATIENCE} s. Leave --with out."
            ) from error
    return tuple(_finding(match) for match in _matches(answer, template.source))


def _matches(answer: subprocess.CompletedProcess[str], source: str) -> list[dict[str, Any]]:
    try:
        matches: list[dict[str, Any]] = json.loads(answer.stdout)
    except json.JSONDecodeError as error:
        words = (answer.stderr.strip() or "nothing").splitlines()[-1]
        raise QaError(
            f"{source}: cfn-lint ended with {answer.returncode} and said: {words}. "
            f"Is it installed (`{SETUP}`)?"
        ) from error
    return matches


def _finding(match: dict[str, Any]) -> Finding:
    rule = match["Rule"]
    path = tuple(match["Location"].get("Path") or ())
    return Finding(
        rule=f"cfn-lint/{rule['Id']}",
        severity=SEVERITIES[match["Level"]],
        region=None,
        logical_id=str(path[1]) if len(path) > 1 else None,
        path=path,
        message=match["Message"],
        actual=None,
        expected=rule["ShortDescription"],
        fix=rule["Description"],
        source=rule["Source"],
    )
