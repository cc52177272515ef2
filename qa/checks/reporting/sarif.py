"""Findings as SARIF 2.1.0, which code hosts and editors read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa.checks.catalogue import RULES

from .located import plain

if TYPE_CHECKING:
    from qa.checks.rule import Rule

    from .located import Located, Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(report: Report, *, version: str) -> str:
    """Return one run of the tool; `version` is the tool's."""
    index = {rule.id: number for number, rule in enumerate(RULES)}
    run = {
        "tool": {
            "driver": {"name": "qa check", "version": version, "rules": [_rule(each) for each in RULES]}
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index[each.finding.rule]) for each in report.findings],
        "invocations": [
            {
                "executionSuccessful": not report.unread,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": text}} for text in report.unread
                ],
            }
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(each: Located, rule_index: int) -> dict[str, Any]:
    finding = each.finding
    location = {
        "artifactLocation": {"uri": each.template.replace("\\", "/")},
        "region": {"startLine": each.position.line, "startColumn": each.position.column},
    }
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.severity.value,
        "message": {"text": f"{finding.message}. Expected: {finding.expected}. Fix: {finding.fix}"},
        "locations": [{"physicalLocation": location, "logicalLocations": _logical(each)}],
        "properties": {"region": finding.region, "path": list(finding.path), "actual": plain(finding.actual)},
    }
    if finding.suppressed is not None:
        result["suppressions"] = [{"kind": "external", "justification": finding.suppressed}]
    return result


def _logical(each: Located) -> list[dict[str, str]]:
    logical_id = each.finding.logical_id
    if logical_id is None:
        return []
    return [{"name": logical_id, "fullyQualifiedName": "/".join(map(str, each.finding.path))}]
