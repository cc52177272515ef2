"""Findings with their places in the text, and what became of each template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.checks.finding import Finding
    from qa.template import Position, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A finding with the template and the line it stands in."""

    finding: Finding
    template: str
    """The source as given: a path, or <stdin>."""
    position: Position
    line: str = field(repr=False)
    """The whole line of the template, without its end."""
    resource_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run over several templates found."""

    templates: tuple[str, ...]
    """All that were requested, in order."""
    regions: tuple[str, ...]
    findings: tuple[Located, ...]
    unread: tuple[str, ...]
    """What kept a template from being read, starting with its place."""


def located(findings: Iterable[Finding], template: Template) -> tuple[Located, ...]:
    """Return the findings with their places; the template's positions are scanned if there is one."""
    found = []
    lines: list[str] = []
    for finding in findings:
        lines = lines or template.text.split("\n")
        position = template.position(finding.path)
        found.append(
            Located(
                finding=finding,
                template=template.source,
                position=position,
                line=lines[position.line - 1].rstrip("\r") if position.line <= len(lines) else "",
                resource_type=_resource_type(finding, template) if finding.logical_id else None,
            )
        )
    return tuple(found)


def plain(value: object) -> Any:
    """Return a value as JSON can hold it; what is not known is written as Fn::Sub would."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {str(key): plain(member) for key, member in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(member) for member in value]
        case _:
            return str(value)


def _resource_type(finding: Finding, template: Template) -> str | None:
    """Return the type that stands nearest above a finding's place, maybe in a loop."""
    value: Any = template.body
    for key in finding.path if finding.path[:1] == ("Resources",) else ():
        known = isinstance(value, list) and isinstance(key, int) and key < len(value)
        value = value[key] if known else value.get(key) if isinstance(value, dict) else None
        if isinstance(value, dict) and isinstance(value.get("Type"), str):
            return str(value["Type"])
    return None
