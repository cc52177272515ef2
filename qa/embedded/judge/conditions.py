"""Condition operators: whether what a request carries meets one line of a condition block."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .errors import NotModelledError
from .patterns import Lookup, arn_matches, expand, text_matches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .policy import Condition

SPELLED = re.compile(r"(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?")


class Facts:
    """The condition keys of one request, whatever their case; remembers which lookups failed."""

    def __init__(self, context: Mapping[str, tuple[str, ...]]) -> None:
        self._values = {key.lower(): values for key, values in context.items()}
        self.missing: set[str] = set()

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values of a condition key; empty when the request has none."""
        found = self._values.get(key.lower(), ())
        if not found:
            self.missing.add(key)
        return found

    def single(self, key: str) -> str | None:
        """Return the value that a policy variable takes; None for none or several."""
        found = self.values(key)
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operator:
    compare: Callable[[str, str, Lookup], bool]
    """From the policy's value, the request's value and the policy variables."""
    is_negated: bool = False


def holds(condition: Condition, facts: Facts, *, has_variables: bool = True) -> bool:
    """True when the request meets the condition; raises NotModelledError for an unknown operator."""
    spelled = SPELLED.fullmatch(condition.operator)
    quantifier, name, if_exists = spelled.groups() if spelled else (None, "", None)
    given = facts.values(condition.key)
    if name == "Null" and not if_exists:
        return any((value.lower() == "true") == (not given) for value in condition.values)
    operator = OPERATORS.get(name)
    if operator is None:
        raise NotModelledError(f"the condition operator {condition.operator!r}")
    if not given:
        absent_is_fine = operator.is_negated and quantifier is None
        return bool(if_exists) or quantifier == "ForAllValues" or absent_is_fine
    lookup = facts.single if has_variables else _no_variables
    matched = [
        any(operator.compare(expected, value, lookup) for expected in condition.values) for value in given
    ]
    return _joined(matched, quantifier, is_negated=operator.is_negated)


def _joined(matched: list[bool], quantifier: str | None, *, is_negated: bool) -> bool:
    if quantifier == "ForAllValues":
        return all(each != is_negated for each in matched)
    if quantifier == "ForAnyValue":
        return any(each != is_negated for each in matched)
    return any(matched) != is_negated


def _no_variables(name: str) -> str:
    return "${" + name + "}"


def _equal(expected: str, given: str, lookup: Lookup) -> bool:
    return expand(expected, lookup) == given


def _equal_ignoring_case(expected: str, given: str, lookup: Lookup) -> bool:
    expanded = expand(expected, lookup)
    return expanded is not None and expanded.lower() == given.lower()


def _same_bool(expected: str, given: str, lookup: Lookup) -> bool:
    return _equal_ignoring_case(expected, given, lookup)


def _in_network(expected: str, given: str, _: Lookup) -> bool:
    try:
        return ipaddress.ip_address(given) in ipaddress.ip_network(expected, strict=False)
    except ValueError:
        return False


def _numbers(accepts: Callable[[float, float], bool]) -> Callable[[str, str, Lookup], bool]:
    def compare(expected: str, given: str, _: Lookup) -> bool:
        try:
            return accepts(float(given), float(expected))
        except ValueError:
            return False

    return compare


def _dates(accepts: Callable[[float, float], bool]) -> Callable[[str, str, Lookup], bool]:
    def compare(expected: str, given: str, _: Lookup) -> bool:
        try:
            return accepts(_epoch(given), _epoch(expected))
        except ValueError:
            return False

    return compare


def _epoch(text: str) -> float:
    """Return seconds since the epoch of an ISO 8601 date or of a number of seconds."""
    try:
        return float(text)
    except ValueError:
        parsed = datetime.fromisoformat(text)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def _ordered(
    kind: str, maker: Callable[[Callable[[float, float], bool]], Callable[[str, str, Lookup], bool]]
) -> dict[str, _Operator]:
    equals = maker(lambda given, expected: given == expected)
    return {
        f"{kind}Equals": _Operator(compare=equals),
        f"{kind}NotEquals": _Operator(compare=equals, is_negated=True),
        f"{kind}LessThan": _Operator(compare=maker(lambda given, expected: given < expected)),
        f"{kind}LessThanEquals": _Operator(compare=maker(lambda given, expected: given <= expected)),
        f"{kind}GreaterThan": _Operator(compare=maker(lambda given, expected: given > expected)),
        f"{kind}GreaterThanEquals": _Operator(compare=maker(lambda given, expected: given >= expected)),
    }


OPERATORS: dict[str, _Operator] = {
    "StringEquals": _Operator(compare=_equal),
    "StringNotEquals": _Operator(compare=_equal, is_negated=True),
    "StringEqualsIgnoreCase": _Operator(compare=_equal_ignoring_case),
    "StringNotEqualsIgnoreCase": _Operator(compare=_equal_ignoring_case, is_negated=True),
    "StringLike": _Operator(compare=text_matches),
    "StringNotLike": _Operator(compare=text_matches, is_negated=True),
    # on AWS the Equals and Like forms of the ARN operators behave alike
    "ArnEquals": _Operator(compare=arn_matches),
    "ArnLike": _Operator(compare=arn_matches),
    "ArnNotEquals": _Operator(compare=arn_matches, is_negated=True),
    "ArnNotLike": _Operator(compare=arn_matches, is_negated=True),
    "Bool": _Operator(compare=_same_bool),
    "BinaryEquals": _Operator(compare=_equal),
    "IpAddress": _Operator(compare=_in_network),
    "NotIpAddress": _Operator(compare=_in_network, is_negated=True),
    **_ordered("Numeric", _numbers),
    **_ordered("Date", _dates),
}
