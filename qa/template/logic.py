"""The functions that decide: in Conditions, in Rules, and Fn::If."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .intrinsics import VALUE_FUNCTIONS
from .resolver import NotModelledError, ProblemError, Resolver
from .scalars import is_scalar, scalar_text
from .unknowns import unknowns_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def conditional(resolver: Resolver, argument: Any) -> Any:
    """Fn::If: only the branch taken is resolved."""
    if not (isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str)):
        raise ProblemError("Template error: Fn::If requires a list argument with three elements")
    branch = 1 if condition(resolver, argument[0]) else 2
    return resolver.part(argument, branch)


def condition(resolver: Resolver, name: Any) -> bool:
    """Condition: the value of a named condition."""
    if not isinstance(name, str) or name not in resolver.conditions:
        raise ProblemError(
            f"Template format error: Unresolved condition dependency {name} "
            f"in the {resolver.section} block of the template"
        )
    return resolver.conditions[name]


def equals(resolver: Resolver, argument: Any) -> bool:
    """Fn::Equals of two values; scalars are compared as text."""
    if not (isinstance(argument, list) and len(argument) == 2):
        raise ProblemError("Template error: every Fn::Equals object requires a list of 2 string parameters.")
    first, second = _both(resolver, argument, "Fn::Equals")
    return bool(_comparable(first) == _comparable(second))


def conjunction(resolver: Resolver, argument: Any) -> bool:
    """Fn::And of 2 to 10 conditions."""
    return all(_operands(resolver, argument, "Fn::And"))


def disjunction(resolver: Resolver, argument: Any) -> bool:
    """Fn::Or of 2 to 10 conditions."""
    return any(_operands(resolver, argument, "Fn::Or"))


def negation(resolver: Resolver, argument: Any) -> bool:
    """Fn::Not of one condition."""
    if not (isinstance(argument, list) and len(argument) == 1):
        raise ProblemError("Template error: every Fn::Not object requires a list of one boolean parameter.")
    return not _truth(resolver.part(argument, 0), "Fn::Not")


def contains(resolver: Resolver, argument: Any) -> bool:
    """Fn::Contains: a list of values has one."""
    members, value = _two(resolver, argument, "Fn::Contains")
    return _comparable(value) in _comparables(members, "Fn::Contains")


def each_member_equals(resolver: Resolver, argument: Any) -> bool:
    """Fn::EachMemberEquals: all values of a list are the same given one."""
    members, value = _two(resolver, argument, "Fn::EachMemberEquals")
    return all(member == _comparable(value) for member in _comparables(members, "Fn::EachMemberEquals"))


def each_member_in(resolver: Resolver, argument: Any) -> bool:
    """Fn::EachMemberIn: all values of a list are in another."""
    members, values = _two(resolver, argument, "Fn::EachMemberIn")
    allowed = _comparables(values, "Fn::EachMemberIn")
    return all(member in allowed for member in _comparables(members, "Fn::EachMemberIn"))


def ref_all(resolver: Resolver, argument: Any) -> list[Any]:
    """Fn::RefAll: the values of all parameters of a type."""
    if not isinstance(argument, str):
        raise ProblemError("Template error: Fn::RefAll requires a parameter type")
    found: list[Any] = []
    for name, kind in resolver.parameter_types.items():
        if kind == argument:
            value = resolver.values[name]
            found.extend(value if isinstance(value, list) else [value])
    return found


def value_of(_: Resolver, argument: Any) -> Any:
    """Fn::ValueOf asks AWS for an attribute of a parameter's value: refused by name."""
    raise NotModelledError(f"no support for 'Fn::ValueOf' {argument!r}: only AWS knows the attribute")


def value_of_all(_: Resolver, argument: Any) -> Any:
    """Fn::ValueOfAll asks AWS for attributes of parameter values: refused by name."""
    raise NotModelledError(f"no support for 'Fn::ValueOfAll' {argument!r}: only AWS knows the attributes")


def truth(resolver: Resolver, value: Any) -> bool:
    """Return what a condition or assertion says; refuses what is no boolean or not known."""
    return _truth(resolver.resolve(value), "a condition")


def _truth(found: Any, what: str) -> bool:
    _known(found, what)
    if isinstance(found, bool):
        return found
    if found in ("true", "false"):
        return bool(found == "true")
    raise ProblemError(f"Template error: {what} takes conditions, not {found!r}")


def _operands(resolver: Resolver, argument: Any, function: str) -> list[bool]:
    if not (isinstance(argument, list) and 2 <= len(argument) <= 10):
        raise ProblemError(
            f"Template error: every {function} object requires a list of at least 2 "
            "and at most 10 boolean parameters."
        )
    return [_truth(resolver.part(argument, index), function) for index in range(len(argument))]


def _two(resolver: Resolver, argument: Any, function: str) -> tuple[Any, Any]:
    if not (isinstance(argument, list) and len(argument) == 2):
        raise ProblemError(f"Template error: {function} requires a list of 2 parameters")
    return _both(resolver, argument, function)


def _both(resolver: Resolver, argument: Any, function: str) -> tuple[Any, Any]:
    return _known(resolver.part(argument, 0), function), _known(resolver.part(argument, 1), function)


def _known(found: Any, what: str) -> Any:
    unknowns = unknowns_in(found)
    if unknowns:
        raise NotModelledError(f"no support for {what} of {unknowns[0]}: its value is known to AWS only")
    return found


def _comparables(members: Any, function: str) -> list[Any]:
    if not isinstance(members, list):
        raise ProblemError(f"Template error: {function} requires a list of strings")
    return [_comparable(member) for member in members]


def _comparable(value: Any) -> Any:
    return scalar_text(value) if is_scalar(value) else value


CONDITION_FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {
    **VALUE_FUNCTIONS,
    "Condition": condition,
    "Fn::And": conjunction,
    "Fn::Or": disjunction,
    "Fn::Not": negation,
    "Fn::Equals": equals,
    "Fn::If": conditional,
}
RULE_FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {
    **CONDITION_FUNCTIONS,
    "Fn::Contains": contains,
    "Fn::EachMemberEquals": each_member_equals,
    "Fn::EachMemberIn": each_member_in,
    "Fn::RefAll": ref_all,
    "Fn::ValueOf": value_of,
    "Fn::ValueOfAll": value_of_all,
}
PROPERTY_FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {**VALUE_FUNCTIONS, "Fn::If": conditional}
