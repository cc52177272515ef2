"""A finding by its rule and by what differs: the catalogue knows the rule's severity and source."""

from __future__ import annotations

from qa.checks import RULES, Finding, Severity

EAST = "us-east-1"
_RULES = {rule.id: rule for rule in RULES}


def finding(
    rule: str,
    path: str,
    *,
    region: str | None = EAST,
    severity: Severity | None = None,
    message: str,
    actual: object,
    expected: str,
    fix: str,
) -> Finding:
    """Return a finding of a rule, which gives the severity; `path` has "/" between keys and indexes."""
    steps = tuple(int(step) if step.isdecimal() else step for step in path.split("/") if path)
    return Finding(
        rule=rule,
        severity=severity or _RULES[rule].severity,
        region=region,
        logical_id=str(steps[1]) if len(steps) > 1 else None,
        path=steps,
        message=message,
        actual=actual,
        expected=expected,
        fix=fix,
        source=_RULES[rule].source,
    )
