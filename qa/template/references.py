"""What refers to what, as written: every branch, whatever the conditions say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from .errors import UnsupportedError
from .substitution import Variable, substitution

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Template
    from .positions import Path

Kind = Literal["Ref", "GetAtt", "Sub", "DependsOn", "Condition", "If", "FindInMap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One place that names a resource, parameter, pseudo parameter, condition or mapping."""

    section: str
    """Resources, Outputs, Conditions or Rules."""
    source: str
    """Logical ID of the entry that refers."""
    target: str
    kind: Kind
    attribute: str | None
    """Of GetAtt and of a Sub variable such as ${Bucket.Arn}; None where it is itself a function."""
    path: Path
    """Where it stands, e.g. ("Resources", "Key", "Properties", "KeyPolicy", …, "Fn::GetAtt")."""


@lru_cache(maxsize=4)
def references(template: Template) -> tuple[Reference, ...]:
    """Return the references of a template in template order; resource Metadata is left out.

    Raises UnsupportedError while it has loops: `expanded` writes them out.
    """
    if template.has_loops:
        raise UnsupportedError(
            "the template has loops: write them out with `expanded` first", source=template.source
        )
    return tuple(_references(template))


def condition_names(value: Any) -> frozenset[str]:
    """Return the names of the conditions that a condition uses."""
    return frozenset(
        target
        for target, kind, _, _ in _found_in(value, (), in_conditions=True)
        if kind in {"Condition", "If"}
    )


def _references(template: Template) -> Iterator[Reference]:
    for section in ("Rules", "Conditions"):
        for name, entry in getattr(template, section.lower()).items():
            yield from _made(section, name, _found_in(entry, (section, name), in_conditions=True))
    for logical_id in template.resources:
        for key, part in template.body["Resources"][logical_id].items():
            path = ("Resources", logical_id, key)
            if key not in {"Type", "Metadata"}:
                yield from _made("Resources", logical_id, _found_in_attribute(key, part, path))
    for name, entry in template.outputs.items():
        for key, part in entry.items():
            yield from _made("Outputs", name, _found_in_attribute(key, part, ("Outputs", name, key)))


_Found = tuple[str, Kind, str | None, "Path"]


def _made(section: str, source: str, found: Iterator[_Found]) -> Iterator[Reference]:
    for target, kind, attribute, path in found:
        yield Reference(
            section=section, source=source, target=target, kind=kind, attribute=attribute, path=path
        )


def _found_in_attribute(key: str, part: Any, path: Path) -> Iterator[_Found]:
    if key == "Condition" and isinstance(part, str):
        yield part, "Condition", None, path
    elif key == "DependsOn" and isinstance(part, str):
        yield part, "DependsOn", None, path
    elif key == "DependsOn" and _are_names(part):
        yield from ((name, "DependsOn", None, (*path, index)) for index, name in enumerate(part))
    else:
        yield from _found_in(part, path)


def _are_names(part: object) -> bool:
    return isinstance(part, list) and all(isinstance(name, str) for name in part)


def _found_in(value: Any, path: Path, *, in_conditions: bool = False) -> Iterator[_Found]:
    """Yield what a value refers to; {"Condition": …} is a function only where conditions are made."""
    if isinstance(value, list):
        for index, member in enumerate(value):
            if isinstance(member, dict | list):
                yield from _found_in(member, (*path, index), in_conditions=in_conditions)
        return
    if not isinstance(value, dict):
        return
    if len(value) == 1:
        ((name, argument),) = value.items()
        yield from _named(name, argument, (*path, name), in_conditions=in_conditions)
    for key, member in value.items():
        if isinstance(member, dict | list):
            yield from _found_in(member, (*path, key), in_conditions=in_conditions)


def _named(name: str, argument: Any, path: Path, *, in_conditions: bool) -> Iterator[_Found]:
    first = argument[0] if isinstance(argument, list) and argument else argument
    if name == "Fn::Sub":
        own = argument[1] if isinstance(argument, list) and len(argument) == 2 else {}
        yield from _variables(first, own if isinstance(own, dict) else {}, path)
    elif not isinstance(first, str):
        return
    elif name == "Ref" and isinstance(argument, str):
        yield argument, "Ref", None, path
    elif name == "Fn::GetAtt":
        yield (*_attribute(argument), path)
    elif name == "Fn::If" and isinstance(argument, list):
        yield first, "If", None, path
    elif name == "Fn::FindInMap" and isinstance(argument, list):
        yield first, "FindInMap", None, path
    elif name == "Condition" and in_conditions and isinstance(argument, str):
        yield argument, "Condition", None, path


def _attribute(argument: Any) -> tuple[str, Kind, str | None]:
    if isinstance(argument, str):
        logical_id, dot, attribute = argument.partition(".")
        return logical_id, "GetAtt", attribute if dot else None
    second = argument[1] if len(argument) > 1 else None
    return argument[0], "GetAtt", second if isinstance(second, str) else None


def _variables(text: Any, own: dict[str, Any], path: Path) -> Iterator[_Found]:
    if isinstance(text, str) and "${" in text:
        for piece in substitution(text):
            if isinstance(piece, Variable) and piece.name not in own and piece.is_valid:
                yield piece.target, "Sub", piece.attribute, path
