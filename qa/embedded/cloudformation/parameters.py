"""The values of a template's parameters, and the constraints they must satisfy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .errors import UnresolvedValueError, invalid, unmodelled
from .template_values import look_up, parameter_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.embedded.world import World

TYPES = frozenset({"String", "Number", "CommaDelimitedList", "List<Number>"})
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def parameter_values(declared: Mapping[str, Mapping[str, Any]], given: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each declared parameter as text; refuse missing, unknown and bad ones."""
    unknown = [name for name in given if name not in declared]
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    values = {name: given.get(name, _default(parameter)) for name, parameter in declared.items()}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    known = {name: value for name, value in values.items() if value is not None}
    for name, value in known.items():
        _check(name, declared[name], value)
    return known


def resolved_values(
    declared: Mapping[str, Mapping[str, Any]], values: Mapping[str, str], world: World, *, region: str
) -> dict[str, str]:
    """Return what the values that are names stand for, by parameter; refuse names of nothing."""
    resolved = {}
    for name, value in values.items():
        kind = parameter_types().get(declared[name]["Type"])
        if kind is not None:
            try:
                resolved[name] = look_up(world, kind.value, value, region=region)
            except UnresolvedValueError as missing:
                raise invalid(str(missing)) from missing
    return resolved


def of_plain_types(declared: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the parameters with the types of what their values stand for."""
    kinds = parameter_types()
    return {
        name: {**one, "Type": kinds[one["Type"]].of} if one["Type"] in kinds else one
        for name, one in declared.items()
    }


def is_secret(parameter: Mapping[str, Any]) -> bool:
    """Say whether the parameter's value is masked wherever it is shown."""
    return str(parameter.get("NoEcho", "false")).lower() == "true"


def _default(parameter: Mapping[str, Any]) -> str | None:
    default = parameter.get("Default")
    if default is None or isinstance(default, str):
        return default
    return str(default).lower() if isinstance(default, bool) else str(default)


def _check(name: str, parameter: Mapping[str, Any], value: str) -> None:
    if parameter["Type"] not in TYPES and parameter["Type"] not in parameter_types():
        raise unmodelled(f"parameter type {parameter['Type']} at `Parameters/{name}`")
    is_list = parameter["Type"] in ("CommaDelimitedList", "List<Number>")
    members = [member.strip() for member in value.split(",")] if is_list else [value]
    for member in members:
        for expected in _broken_constraints(parameter, member):
            own = parameter.get("ConstraintDescription")
            if own and not expected.endswith("a number"):
                raise invalid(f"Parameter {name} failed to satisfy constraint: {own}")
            raise invalid(f"Parameter '{name}' must {expected}")


def _broken_constraints(parameter: Mapping[str, Any], value: str) -> Iterator[str]:
    if parameter["Type"] in ("Number", "List<Number>"):
        yield from _broken_bounds(parameter, value)
    else:
        yield from _broken_lengths(parameter, value)
    allowed = parameter.get("AllowedValues")
    if allowed is not None and value not in [_default({"Default": one}) for one in allowed]:
        yield "be one of AllowedValues"


def _broken_bounds(parameter: Mapping[str, Any], value: str) -> Iterator[str]:
    if not NUMBER.fullmatch(value):
        yield "be a number"
        return
    if "MinValue" in parameter and float(value) < float(parameter["MinValue"]):
        yield f"be a number not less than {parameter['MinValue']}"
    if "MaxValue" in parameter and float(value) > float(parameter["MaxValue"]):
        yield f"be a number not greater than {parameter['MaxValue']}"


def _broken_lengths(parameter: Mapping[str, Any], value: str) -> Iterator[str]:
    if len(value) < int(parameter.get("MinLength", 0)):
        yield f"contain at least {parameter['MinLength']} characters"
    if "MaxLength" in parameter and len(value) > int(parameter["MaxLength"]):
        yield f"contain at most {parameter['MaxLength']} characters"
    pattern = parameter.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, value):
        yield f"match pattern {pattern}"
