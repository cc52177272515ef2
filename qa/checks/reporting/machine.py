"""Findings for programs: a list in JSON, lines for editors, annotations of a GitHub workflow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa.printable import printable, printable_lines

from .located import plain

if TYPE_CHECKING:
    from .located import Located, Report

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def as_json(report: Report) -> str:
    """Return a list of objects, one per finding."""
    return json.dumps([_object(each) for each in report.findings], indent=2) + "\n"


def _object(each: Located) -> dict[str, Any]:
    finding = each.finding
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "template": each.template,
        "region": finding.region,
        "logical_id": finding.logical_id,
        "path": list(finding.path),
        "line": each.position.line,
        "column": each.position.column,
        "message": finding.message,
        "actual": plain(finding.actual),
        "expected": finding.expected,
        "fix": finding.fix,
        "source": finding.source,
        "suppressed": finding.suppressed,
    }


def as_lines(report: Report) -> str:
    """Return one line per finding that counts, as compilers print them: file:line:column: severity: text."""
    return "".join(_line(each) + "\n" for each in report.findings if each.finding.suppressed is None)


def _line(each: Located) -> str:
    finding = each.finding
    where = f" in {finding.region}" if finding.region else ""
    place = f"{each.template}:{each.position.line}:{each.position.column}"
    text = f"{finding.message}; {finding.fix} [{finding.rule}{where}]"
    return printable(f"{place}: {finding.severity.value}: {text}")


def as_github(report: Report) -> str:
    """Return one workflow command per finding that counts."""
    return "".join(_command(each) + "\n" for each in report.findings if each.finding.suppressed is None)


def _command(each: Located) -> str:
    finding = each.finding
    where = f" in {finding.region}" if finding.region else ""
    properties = {
        "file": printable(each.template),
        "line": str(each.position.line),
        "col": str(each.position.column),
        "title": f"{finding.rule}{where}",
    }
    written = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    text = printable_lines(f"{finding.message}\nfix: {finding.fix}")
    return f"::{_COMMANDS[finding.severity.value]} {written}::{_escaped(text, '')}"


def _escaped(text: str, more: str) -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
