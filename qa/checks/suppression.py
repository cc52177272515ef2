"""Findings that do not count, each with the reason why.

In a resource's Metadata or the template's own:
    "Metadata": {"qa": {"suppress": [{"rule": "fixed-role-name", "reason": "one account per region"}]}}
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qa.template import Path, Template

    from .finding import Finding


def with_suppressions(
    findings: Iterable[Finding], templates: Iterable[Template], given: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return the findings, those that do not count with their reason.

    `templates` is one template as it comes out in several regions. `given` maps "rule" or
    "rule:LogicalId" to a reason; Metadata comes first.
    """
    reasons = {**given}
    for template in templates:
        reasons.update(_written(template))

    def reason(finding: Finding) -> str | None:
        near = reasons.get(f"{finding.rule}:{finding.logical_id}")
        return near if near is not None else reasons.get(finding.rule)

    return tuple(replace(finding, suppressed=reason(finding)) for finding in findings)


def entries(template: Template) -> Iterator[tuple[Path, str, Any]]:
    """Yield each suppression in Metadata: its path, the logical ID it is for ("" for all), as written."""
    places: list[tuple[Path, str, Mapping[str, Any]]] = [(("Metadata",), "", template.metadata)]
    places += [
        (("Resources", name, "Metadata"), name, resource.metadata)
        for name, resource in template.resources.items()
    ]
    for path, logical_id, metadata in places:
        settings = metadata.get("qa")
        listed = settings.get("suppress") if isinstance(settings, dict) else None
        if isinstance(listed, list):
            for index, entry in enumerate(listed):
                yield (*path, "qa", "suppress", index), logical_id, entry
        elif listed is not None:
            yield (*path, "qa", "suppress"), logical_id, listed


def is_well_formed(entry: object) -> bool:
    """Say whether a suppression names a rule and a reason."""
    return isinstance(entry, dict) and all(
        isinstance(entry.get(key), str) and entry[key].strip() for key in ("rule", "reason")
    )


def _written(template: Template) -> dict[str, str]:
    return {
        f"{entry['rule']}:{logical_id}" if logical_id else entry["rule"]: entry["reason"]
        for _, logical_id, entry in entries(template)
        if is_well_formed(entry)
    }
