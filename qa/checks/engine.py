"""Runs the rules over a template."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa import schemas
from qa.errors import UsageError

from .catalogue import RULES
from .context import Context
from .loop_findings import joined_over_loops
from .regional import regional_stack
from .suppression import with_suppressions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from qa.template import Template
    from qa.template.expansion import Expansion
    from qa.template.parameters import ParameterValue

    from .finding import Finding
    from .regional import RegionalStack
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
    stacks = [regional_stack(template, region=region, parameters=parameters or {}) for region in regions]
    contexts = [
        Context(
            template=alike[0].template,
            stacks=alike,
            known_rules=_KNOWN,
            today=today or schemas.edition(),
            concurrency_limit=concurrency_limit,
        )
        for alike in _by_template(stacks)
    ]
    found = _joined((one for context in contexts for one in _findings(context, chosen, regions)), regions)
    templates = [context.template for context in contexts]
    return joined_over_loops(
        with_suppressions(_in_template_order(found, templates), templates, suppress or {})
    )


def chosen_rules(select: Collection[str] | None, ignore: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules to run, in the catalogue's order. Raises UsageError for an unknown ID."""
    for name in (*(select or ()), *ignore):
        if name not in _KNOWN:
            raise UsageError(f"there is no rule {name!r}; `qa check --list-rules` lists them")
    return tuple(rule for rule in RULES if (not select or rule.id in select) and rule.id not in ignore)


def _by_template(stacks: Iterable[RegionalStack]) -> list[tuple[RegionalStack, ...]]:
    """Return the stacks whose loops come out alike together, all with the same template."""
    groups: list[list[RegionalStack]] = []
    for stack in stacks:
        group = next((group for group in groups if _is_alike(group[0].expansion, stack.expansion)), None)
        if group is None:
            groups.append([stack])
        else:
            group.append(replace(stack, template=group[0].template))
    return [tuple(group) for group in groups]


def _is_alike(one: Expansion, other: Expansion) -> bool:
    if one.template is other.template:
        return True
    return one.template.body == other.template.body and replace(one, template=other.template) == other


def _findings(context: Context, chosen: Iterable[Rule], regions: Sequence[str]) -> Iterator[Finding]:
    """Yield what the rules find, each with its path in the text."""
    own = [stack.region for stack in context.stacks]
    for rule in chosen:
        for finding in rule.findings(context):
            placed = replace(finding, path=context.template.written(finding.path))
            if finding.region is None and len(own) < len(regions):
                yield from (replace(placed, region=region) for region in own)
            else:
                yield placed


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


def _in_template_order(findings: list[Finding], templates: list[Template]) -> list[Finding]:
    places: dict[tuple[str, str], int] = {}
    for template in templates:
        for name in template.resources:
            places.setdefault(("Resources", name), len(places))
    end = len(places)

    def place(finding: Finding) -> int:
        section = str(finding.path[0]) if finding.path else ""
        section = "Resources" if section == "Globals" else section
        return places.get((section, finding.logical_id or ""), end if section else -1)

    return sorted(findings, key=place)
