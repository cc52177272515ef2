"""A live run as a person starts it, and what they see of it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = (sys.executable, "-m", "pytest", "tests/live", "-p", "no:cacheprovider", "-p", "no:randomly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Exit code and everything that was printed."""

    code: int
    text: str

    @property
    def reason(self) -> str:
        """The line that says why the run did not begin; empty when it did."""
        found = [line for line in self.text.splitlines() if line.startswith("Exit: ")]
        return found[0].removeprefix("Exit: ") if found else ""


def live_run(project: Path, *options: str) -> Seen:
    """Run the project's live tests to the end."""
    done = subprocess.run(
        [*COMMAND, *options], cwd=project, capture_output=True, text=True, check=False, timeout=300
    )
    return Seen(code=done.returncode, text=done.stdout + done.stderr)


def add_check(project: Path, check: str) -> None:
    """Append a check to the project's live tests."""
    tests = project / "tests" / "live" / "test_topics.py"
    tests.write_text(tests.read_text() + check)
