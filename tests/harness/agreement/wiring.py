"""Conditions, dependencies and functions put into the resources of a generated template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

PARAMETERS = {
    "Text": {"Type": "String", "Default": "text"},
    "Stage": {"Type": "String", "AllowedValues": ["dev", "prod"], "Default": "dev"},
}
CONDITIONS = {
    "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
    "InEast": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
    "Both": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "InEast"}]},
}
NO_VALUE = {"Ref": "AWS::NoValue"}


def wire(random: Random, resources: dict[str, dict[str, Any]]) -> None:
    """Put conditions, DependsOn and references between them into resources; some make cycles."""
    names = list(resources)
    for name, resource in resources.items():
        targets = names if random.random() < 0.2 else names[: names.index(name)]
        if random.random() < 0.3:
            resource["Condition"] = random.choice(list(CONDITIONS))
        if targets and random.random() < 0.3:
            resource["DependsOn"] = random.choice([random.choice(targets), random.sample(targets, 1)])
        if targets and random.random() < 0.05:
            resource["Metadata"] = {"Of": {"Ref": random.choice(targets)}}
        _wire_value(random, resource["Properties"], targets)


def _wire_value(random: Random, value: Any, targets: list[str]) -> None:
    members = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, member in members:
        if isinstance(member, dict | list) and not _is_function(member):
            _wire_value(random, member, targets)
        if isinstance(member, str) and targets and random.random() < 0.15:
            value[key] = _reference(random, random.choice(targets))
        elif random.random() < 0.06:
            other = NO_VALUE if random.random() < 0.5 else member
            value[key] = {"Fn::If": [random.choice(list(CONDITIONS)), value[key], other]}


def _is_function(value: dict[str, Any] | list[Any]) -> bool:
    return isinstance(value, dict) and len(value) == 1 and str(next(iter(value))).startswith(("Ref", "Fn::"))


def _reference(random: Random, name: str) -> dict[str, Any]:
    inner = {"Fn::Sub": f"<${{{name}}}>"}
    return random.choice(
        (
            {"Ref": name},
            {"Fn::GetAtt": [name, "Arn"]},
            {"Fn::GetAtt": f"{name}.Arn"},
            inner,
            {"Fn::Sub": f"a-${{{name}.Arn}}-${{!{name}}}"},
            {"Fn::Sub": ["${Own}-${Text}", {"Own": inner}]},
            {"Fn::Join": ["-", ["a", {"Fn::Select": [0, [inner]]}]]},
            {"Fn::If": ["IsProd", {"Ref": name}, {"Ref": "Text"}]},
            {"Fn::Sub": [f"${{{name}}}", {name: "shadowed"}]},
        )
    )
