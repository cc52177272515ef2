"""What qa says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks import check
from qa.checks.regional import regional_stack
from qa.errors import QaError
from qa.template import graph, parse_template

from .cycles import on_cycles
from .opinion import COUNTERPARTS, EDGE, Opinion, Place

if TYPE_CHECKING:
    from qa.checks import Finding
    from qa.template import Template

SERVERLESS = "AWS::Serverless::"


def opinion(text: str, region: str) -> Opinion:
    """Return what our rules say of a template deployed to a region, and our graph."""
    try:
        template = parse_template(text, source="template")
        findings = check(template, regions=[region], select=list(COUNTERPARTS))
        if template.has_loops:
            template = regional_stack(template, region=region, parameters={}).template
    except QaError as error:
        return Opinion(said={}, refusal=str(error))
    said = {_place(finding): finding.message for finding in findings if finding.rule != "circular-dependency"}
    if len(said) < len(findings):
        is_cycle = any(finding.rule == "circular-dependency" for finding in findings)
        said |= _on_cycles(template) if is_cycle else {}
    return Opinion(said=said | dict.fromkeys(_edges(template), "needs"))


def _place(finding: Finding) -> Place:
    rule = COUNTERPARTS[finding.rule]
    return Place(rule, finding.path[:-1] if rule == "E3003" else finding.path)


def _edges(template: Template) -> list[Place]:
    return [
        Place(EDGE, ("Resources", source, target))
        for source, targets in graph(template).edges.items()
        for target in targets
    ]


def _on_cycles(template: Template) -> dict[Place, str]:
    serverless = [
        name
        for name, resource in template.resources.items()
        if template.transforms and resource.type.startswith(SERVERLESS)
    ]
    names = on_cycles(_edges(template), without=serverless)
    return {Place("E3004", ("Resources", name)): "is on a cycle" for name in names}
