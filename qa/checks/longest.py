"""A stack as it is when its free parameters have their longest values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.template import ParameterError, references

from .regional import regional_stack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.template import Template

    from .regional import RegionalStack

_LETTERS = ("a", "0", "A")
_LONGEST_TRIED = 256
"""A pattern that takes this much sets no bound."""


def at_their_longest(template: Template, stack: RegionalStack) -> RegionalStack | None:
    """Return the stack with each free text parameter at its longest; None when none has a bound."""
    decisive = {one.target for one in references(template) if one.section in {"Conditions", "Rules"}}
    longest = {
        name: value
        for name, declared in template.parameters.items()
        if name not in decisive and (value := _longest(declared)) is not None
    }
    given = {name: value for name, value in stack.parameters.items() if isinstance(value, str)}
    try:
        return (
            regional_stack(template, region=stack.region, parameters={**given, **longest})
            if longest
            else None
        )
    except ParameterError:  # the template refuses the values together: nothing to say about them
        return None


def _longest(declared: Mapping[str, Any]) -> str | None:
    """Return a longest value that a text parameter takes; None without a bound, or for other types."""
    if declared.get("Type") != "String" or "AllowedValues" in declared:
        return None
    pattern, most = declared.get("AllowedPattern"), str(declared.get("MaxLength", _LONGEST_TRIED))
    if not most.isdigit() or (pattern is None and int(most) >= _LONGEST_TRIED):
        return None
    try:
        compiled = re.compile(str(pattern if pattern is not None else ".*"))
    except re.error:  # a pattern that Java reads otherwise
        return None
    for length in range(min(int(most), _LONGEST_TRIED), 0, -1):
        for letter in _LETTERS:
            if compiled.fullmatch(letter * length):
                return None if length == _LONGEST_TRIED else letter * length
    return None
