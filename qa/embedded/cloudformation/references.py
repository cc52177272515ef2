"""What a piece of a template refers to, and the piece that is left once conditions are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_VALUE = {"Ref": "AWS::NoValue"}
VARIABLE = re.compile(r"\$\{([^!${}][^${}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One mention of a parameter, resource or pseudo parameter; `attribute` is None for its Ref."""

    function: str
    target: str
    attribute: str | None = None


def references(value: Any) -> Iterator[Reference]:
    """Yield every Ref, Fn::GetAtt and variable of Fn::Sub inside the value."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref" and isinstance(item, str):
                yield Reference(function="Ref", target=item)
            elif key == "Fn::GetAtt":
                yield _attribute(item)
            elif key == "Fn::Sub":
                yield from _substituted(item)
            else:
                yield from references(item)


def _attribute(value: Any) -> Reference:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(part, str) for part in value):
        raise invalid(
            "Template error: every Fn::GetAtt object requires two non-empty parameters, "
            "the resource name and the resource attribute"
        )
    return Reference(function="Fn::GetAtt", target=value[0], attribute=value[1])


def _substituted(value: Any) -> Iterator[Reference]:
    own: Mapping[str, Any] = {}
    text = value
    if isinstance(value, list):
        if len(value) != 2 or not isinstance(value[1], dict):
            raise invalid(
                "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
                "Specify a string as first argument, and an optional second argument to specify a mapping "
                "of values to replace in the string"
            )
        text, own = value
        yield from references(list(own.values()))
    for name in VARIABLE.findall(text):
        if name not in own:
            target, _, attribute = name.strip().partition(".")
            yield Reference(function="Fn::Sub", target=target, attribute=attribute or None)


def conditions_used(value: Any) -> Iterator[str]:
    """Yield the condition of every Fn::If inside the value."""
    if isinstance(value, list):
        for item in value:
            yield from conditions_used(item)
    elif isinstance(value, dict):
        if "Fn::If" in value:
            yield _choice(value["Fn::If"])[0]
        for item in value.values():
            yield from conditions_used(item)


def pruned(value: Any, conditions: Mapping[str, bool]) -> Any:
    """Return a copy in which every Fn::If is replaced by the branch that is taken.

    What has no value is left out: moto's parser would write None into a Fn::Join.
    """
    if isinstance(value, list):
        return [item for item in (pruned(one, conditions) for one in value) if item != NO_VALUE]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value:
        name, when_true, when_false = _choice(value["Fn::If"])
        return pruned(when_true if conditions[name] else when_false, conditions)
    children = {key: pruned(item, conditions) for key, item in value.items()}
    return {key: item for key, item in children.items() if item != NO_VALUE}


def _choice(value: Any) -> tuple[str, Any, Any]:
    if not isinstance(value, list) or len(value) != 3 or not isinstance(value[0], str):
        raise invalid("Template error: Fn::If requires a list argument with three elements")
    return value[0], value[1], value[2]


def depends_on(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the logical IDs that a resource names in DependsOn."""
    named = resource.get("DependsOn", ())
    return (named,) if isinstance(named, str) else tuple(named)


def needs(resource: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a resource waits for: DependsOn and every reference outside its metadata."""
    yield from depends_on(resource)
    for reference in references(resource.get("Properties", {})):
        yield reference.target
