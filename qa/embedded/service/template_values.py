"""What a service says of the values that a template takes from it by a name, without a resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .resource_types import ApiCall


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateValue:
    """A value that CloudFormation reads when a stack is created or updated, as the caller."""

    request: Callable[[str], ApiCall]
    """Returns the request that reads it, with its service, for a name."""
    value: Callable[[str, Mapping[str, Any]], str]
    """Takes the name and the response. Raises ValueError, in CloudFormation's words, for no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterType:
    """A type of template parameters whose value is a name, and whose Ref is what lies behind that."""

    value: TemplateValue
    of: str
    """How the value is read: String or CommaDelimitedList."""
