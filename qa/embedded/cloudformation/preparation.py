"""A template with the parameters of one request, checked before anything is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import graph
from .capabilities import check_capabilities
from .errors import RefusedError, UnresolvedValueError, invalid, unmodelled
from .intrinsics import PSEUDO_PARAMETERS, StackMap, check_functions, resolve
from .parameters import parameter_values, resolved_values
from .references import conditions_used, depends_on, needs, pruned, references
from .registry import check_types, declared_types, has_attribute
from .rules import Rules
from .template_values import References, check_references, literal_references
from .unmodelled import refuse_unmodelled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from qa.embedded.world import World

    from .references import Reference
    from .template import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a stack lives."""

    stack_id: str
    stack_name: str
    account_id: str
    region: str
    exports: Mapping[str, Any]
    world: World


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a stack shall be: its resources, in this region and with these values, in order."""

    template: Template
    values: Mapping[str, str]
    resolved: Mapping[str, str]
    """What the values that are names stand for."""
    stack_map: StackMap
    resources: Mapping[str, Mapping[str, Any]]
    """Definitions of the resources whose condition is true, without Fn::If."""
    outputs: Mapping[str, Mapping[str, Any]]
    waves: tuple[tuple[str, ...], ...]
    """Logical IDs; each wave needs only what earlier ones made."""

    @property
    def order(self) -> tuple[str, ...]:
        """Return the logical IDs, each after what it needs."""
        return tuple(logical_id for wave in self.waves for logical_id in wave)


def prepare(
    template: Template, given: Mapping[str, str], *, capabilities: Collection[str], place: Place
) -> Prepared:
    """Return what the template means there; refuse, in the service's words, one that means nothing."""
    check_template(template, place.region)
    values = parameter_values(template.parameters, given)
    resolved = resolved_values(template.parameters, values, place.world, region=place.region)
    known = {**values, **resolved}
    _check_rules(template, known, place)
    check_capabilities(template, capabilities)
    stack_map = StackMap(
        template,
        known,
        stack_id=place.stack_id,
        stack_name=place.stack_name,
        account_id=place.account_id,
        region=place.region,
        exports=place.exports,
    )
    conditions = stack_map.conditions()
    resources = {
        name: pruned(resource, conditions)
        for name, resource in template.resources.items()
        if conditions.get(resource.get("Condition", ""), True)
    }
    outputs = {
        key: pruned(output, conditions)
        for key, output in template.outputs.items()
        if conditions.get(output.get("Condition", ""), True)
    }
    refuse_unmodelled(place.world, resources, outputs, region=place.region)
    _check_targets(resources, template, "Resources")
    _check_targets(outputs, template, "Outputs", known=resources)
    _check_values(resources, place)
    _check_modelled(resources, stack_map)
    return Prepared(
        template=template,
        values=values,
        resolved=resolved,
        stack_map=stack_map,
        resources=resources,
        outputs=outputs,
        waves=graph.waves(_edges(resources)),
    )


def check_template(template: Template, region: str) -> None:
    """Refuse what is wrong or not modelled whatever the parameters are."""
    _check_conditions(template)
    check_types(template, region)
    for name, resource in template.resources.items():
        where = f"Resources/{name}/Properties"
        check_references(resource.get("Properties", {}), where, are_resolved=True)
    for section, entries in (("Outputs", template.outputs), ("Conditions", template.conditions)):
        check_references(entries, section, are_resolved=False)
    _check_existence(template, region)
    graph.waves(_edges(template.resources))


def _check_values(resources: Mapping[str, Mapping[str, Any]], place: Place) -> None:
    """Refuse references to values that are not there, as far as no function has to make them first."""
    references = References(world=place.world, region=place.region)
    for resource in resources.values():
        try:
            references.resolved(list(literal_references(resource.get("Properties", {}))))
        except UnresolvedValueError as missing:
            raise invalid(str(missing)) from missing


def _check_modelled(resources: Mapping[str, Mapping[str, Any]], stack_map: StackMap) -> None:
    """Refuse values that a type does not model, as far as they are known before anything is made."""
    for name, resource in resources.items():
        declared = declared_types().get(resource["Type"])
        for property_name, refusal in {} if declared is None else declared.refusals.items():
            value = resource.get("Properties", {}).get(property_name)
            try:
                refused = None if value is None else refusal(resolve(value, stack_map))
            except UnresolvedValueError:
                continue  # of a resource that is not there yet: its service sees to it
            if refused is not None:
                raise unmodelled(f"{refused} at `Resources/{name}/Properties/{property_name}`")


def _edges(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    return {
        name: [need for need in needs(resource) if need in resources] for name, resource in resources.items()
    }


def _check_rules(template: Template, values: Mapping[str, str], place: Place) -> None:
    pseudo = {
        "AWS::AccountId": place.account_id,
        "AWS::Partition": "aws",
        "AWS::Region": place.region,
        "AWS::StackId": place.stack_id,
        "AWS::StackName": place.stack_name,
        "AWS::URLSuffix": "amazonaws.com",
    }
    Rules(template, values, pseudo).check()


def _check_conditions(template: Template) -> None:
    for name, condition in template.conditions.items():
        check_functions(condition, f"Conditions/{name}", conditions=True)
        resources = [one.target for one in references(condition) if not _is_value(one.target, template)]
        if resources:
            raise invalid(
                f"Template format error: Unresolved dependencies [{', '.join(resources)}]. "
                "Cannot reference resources in the Conditions block of the template"
            )
    _check_condition_graph(template)
    for block, entries in (("Resources", template.resources), ("Outputs", template.outputs)):
        for entry in entries.values():
            _check_conditions_used(entry, block, template)


def _check_condition_graph(template: Template) -> None:
    edges = {name: list(_conditions_of(condition)) for name, condition in template.conditions.items()}
    for needed in edges.values():
        for name in needed:
            if name not in template.conditions:
                raise invalid(
                    f"Template format error: Unresolved condition dependency {name} "
                    "in the Conditions block of the template"
                )
    try:
        graph.waves(edges)
    except RefusedError as circle:
        raise invalid(circle.message.replace("between resources", "between conditions")) from circle


def _conditions_of(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _conditions_of(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Condition":
                yield str(item)
            else:
                yield from _conditions_of(item)


def _check_conditions_used(entry: Mapping[str, Any], block: str, template: Template) -> None:
    name = entry.get("Condition")
    if name is not None and name not in template.conditions:
        raise invalid(
            f"Template format error: Unresolved condition dependency {name} "
            f"in the {block} block of the template"
        )
    for used in conditions_used(entry.get("Properties", entry.get("Value"))):
        if used not in template.conditions:
            raise invalid(f"Template error: unresolved condition dependency {used} in Fn::If")


def _is_value(name: str, template: Template) -> bool:
    return name in template.parameters or name in PSEUDO_PARAMETERS


def _check_existence(template: Template, region: str) -> None:
    """Refuse references to what the template nowhere has, whatever its conditions say."""
    for block, entries in (("Resources", template.resources), ("Outputs", template.outputs)):
        missing: dict[str, None] = {}
        for entry in entries.values():
            missing.update(dict.fromkeys(_missing_in(entry, template, region)))
        if missing:
            raise _unresolved(missing, block)


def _referring(entry: Mapping[str, Any]) -> list[Any]:
    return [entry.get(part) for part in ("Properties", "Value", "Export")]


def _missing_in(entry: Mapping[str, Any], template: Template, region: str) -> Iterator[str]:
    yield from (name for name in depends_on(entry) if name not in template.resources)
    for reference in references(_referring(entry)):
        if reference.attribute is None:
            if reference.target not in template.resources and not _is_value(reference.target, template):
                yield reference.target
            continue
        if reference.target not in template.resources:
            if reference.function == "Fn::GetAtt":
                raise invalid(
                    f"Template error: instance of Fn::GetAtt references undefined resource {reference.target}"
                )
            yield reference.target
            continue
        _check_attribute(reference, template.resources[reference.target]["Type"], region)


def _check_attribute(reference: Reference, resource_type: str, region: str) -> None:
    target, attribute = reference.target, reference.attribute or ""
    if has_attribute(resource_type, attribute, region):
        return
    if reference.function == "Fn::Sub":
        raise invalid(
            f"Template error: instance of Fn::Sub references invalid resource attribute {target}.{attribute}"
        )
    raise invalid(
        f"Template error: resource {target} does not support attribute type {attribute} in Fn::GetAtt"
    )


def _check_targets(
    entries: Mapping[str, Mapping[str, Any]],
    template: Template,
    block: str,
    *,
    known: Mapping[str, Any] | None = None,
) -> None:
    """Refuse references to resources that this stack does not have, their condition being false."""
    existing = entries if known is None else known
    missing: dict[str, None] = {}
    for entry in entries.values():
        for reference in references(_referring(entry)):
            if reference.target in template.resources and reference.target not in existing:
                missing[reference.target] = None
    if missing:
        raise _unresolved(missing, block)


def _unresolved(names: Collection[str], block: str) -> Exception:
    return invalid(
        f"Template format error: Unresolved resource dependencies [{', '.join(names)}] "
        f"in the {block} block of the template"
    )
