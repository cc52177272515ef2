"""A stack as it is when its free parameters have values that its names may not bear."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.template import ParameterError, references
from qa.template.patterns import PatternError, pattern

from .regional import regional_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.template import Template

    from .regional import RegionalStack

_LETTERS = ("a", "0", "A")
_LONGEST_TRIED = 128
"""A pattern that takes this much sets no bound."""
_DIGITS = 7


def with_values(
    template: Template,
    stack: RegionalStack,
    properties: Mapping[str, str],
    *,
    choose: Callable[[Mapping[str, Any]], str | None],
) -> RegionalStack | None:
    """Return the stack with a chosen value for each free text parameter; None when none is chosen.

    A parameter is free when no condition and no rule looks at it. Of the resources only those of the types
    in `properties` are there, with that property alone.
    """
    decisive = {one.target for one in references(template) if one.section in {"Conditions", "Rules"}}
    chosen = {
        name: value
        for name, declared in template.parameters.items()
        if name not in decisive and (value := choose(declared)) is not None
    }
    if not chosen:
        return None
    given = {name: value for name, value in stack.parameters.items() if isinstance(value, str)}
    named = {
        resource.logical_id: replace(resource, properties={key: resource.properties[key]})
        for resource in template.resources.values()
        if (key := properties.get(resource.type)) in resource.properties and key is not None
    }
    reduced = replace(template, resources=named, rules={})
    try:
        return regional_stack(reduced, region=stack.region, parameters={**given, **chosen})
    except ParameterError:  # the template refuses the values together: nothing to say about them
        return None


def longest(declared: Mapping[str, Any]) -> str | None:
    """Return a longest value that a text parameter takes; None without a bound, or for other types."""
    if declared.get("Type") != "String" or "AllowedValues" in declared:
        return None
    most = _number(declared.get("MaxLength"))
    if most is None and "AllowedPattern" not in declared:
        return None
    try:
        found = _longest_of(
            str(declared.get("AllowedPattern", ".*")), min(most or _LONGEST_TRIED, _LONGEST_TRIED)
        )
    except PatternError:
        return None
    return None if most is None and len(found) == _LONGEST_TRIED else found or None


@lru_cache(maxsize=256)
def _longest_of(expression: str, most: int) -> str:
    """Return a longest text of one letter that a pattern takes; empty when there is none."""
    matcher = pattern(expression)
    for length in range(most, 0, -1):
        for letter in _LETTERS:
            if matcher.takes(letter * length):
                return letter * length
    return ""


def capitals(declared: Mapping[str, Any]) -> str | None:
    """Return a shortest value of capitals that a text parameter's pattern takes; None without one."""
    if declared.get("Type") != "String" or "AllowedValues" in declared or "AllowedPattern" not in declared:
        return None
    least, most = _number(declared.get("MinLength")), _number(declared.get("MaxLength"))
    try:
        matcher = pattern(str(declared["AllowedPattern"]))
        lengths = range(max(least or 1, 1), min(most or 8, _LONGEST_TRIED) + 1)
        return next(("A" * length for length in lengths if matcher.takes("A" * length)), None)
    except PatternError:
        return None


def _number(written: object) -> int | None:
    text = str(written)
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else None
