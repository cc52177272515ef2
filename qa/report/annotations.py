"""Failed checks as workflow commands: GitHub shows each at the line of the check that failed."""

from __future__ import annotations

from dataclasses import dataclass

LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One failure; the file is relative to the project, the line counts from 1."""

    file: str
    line: int
    title: str
    message: str


def as_workflow_command(annotation: Annotation) -> str:
    """Return the line that a GitHub runner reads off standard output.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    where = f"file={_property(annotation.file)},line={annotation.line},title={_property(annotation.title)}"
    text = "\n".join(annotation.message.splitlines()[:LINES])
    return f"::error {where}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
