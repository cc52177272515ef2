"""Runs the rules over a template."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa.errors import UsageError

from . import provider_schemas
from .catalogue import RULES
from .context import Context
from .regional import regional_stack
from .suppression import with_suppressions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from qa.template import Template
    from qa.template.parameters import ParameterValue

    from .finding import Finding
    from .rule import Rule

_KNOWN = frozenset(rule.id for rule in RULES)


def check(
    template: Template,
    *,
    regions: Sequence[str],
    parameters: Mapping[str, ParameterValue] | None = None,
    select: Collection[str] | None = None,
    ignore: Collection[str] = (),
    concurrency_limit: int | None = None,
    today: date | None = None,
    suppress: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong with a template deployed to these regions, in template order.

    `select` and `ignore` name rules; without `select` all run. `concurrency_limit` is the account's.
    `today` is the day runtimes are judged by; without it, the day the schemas are of. `suppress` maps
    "rule" or "rule:LogicalId" to the reason; the findings stay, with it. Raises UsageError for a rule
    there is not, ParameterError for a value the template refuses.
    """
    chosen = chosen_rules(select, ignore)
    chosen_rules([key.partition(":")[0] for key in suppress or {}], ())
    context = Context(
        template=template,
        stacks=tuple(
            regional_stack(template, region=region, parameters=parameters or {}) for region in regions
        ),
        known_rules=_KNOWN,
        today=today or provider_schemas.edition(),
        concurrency_limit=concurrency_limit,
    )
    found = (finding for rule in chosen for finding in rule.findings(context))
    joined = _joined(found, regions)
    return with_suppressions(_in_template_order(joined, template), template, suppress or {})


def chosen_rules(select: Collection[str] | None, ignore: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules to run, in the catalogue's order. Raises UsageError for an unknown ID."""
    for name in (*(select or ()), *ignore):
        if name not in _KNOWN:
            raise UsageError(f"there is no rule {name!r}; `qa check --list-rules` lists them")
    return tuple(rule for rule in RULES if (not select or rule.id in select) and rule.id not in ignore)


def _joined(findings: Iterable[Finding], regions: Sequence[str]) -> list[Finding]:
    """Join what is found alike in every one of several regions; drop what is found twice."""
    alike: dict[str, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(repr(replace(finding, region=None)), []).append(finding)
    joined = []
    for group in alike.values():
        by_region = {finding.region: finding for finding in group}
        if None in by_region or (len(regions) > 1 and set(regions) <= set(by_region)):
            joined.append(replace(group[0], region=None))
        else:
            joined.extend(by_region.values())
    return joined


def _in_template_order(findings: list[Finding], template: Template) -> list[Finding]:
    places = {("Resources", name): index for index, name in enumerate(template.resources)}
    end = len(places)

    def place(finding: Finding) -> int:
        section = str(finding.path[0]) if finding.path else ""
        return places.get((section, finding.logical_id or ""), end if section else -1)

    return sorted(findings, key=place)
