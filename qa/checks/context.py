"""What every rule is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qa.template import Graph, Reference, graph, references

from . import provider_schemas
from .conformance import Misfit, misfits
from .shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qa.template import Path, Template

    from .regional import RegionalStack

_HARMLESS_TRANSFORMS = {"AWS::LanguageExtensions"}
_CUSTOM = "AWS::CloudFormation::CustomResource"
_SERVERLESS = "AWS::Serverless-2016-10-31"


@dataclass(frozen=True, kw_only=True, eq=False)
class Context:
    """A template, as written and as the stack of each region checked."""

    template: Template
    stacks: tuple[RegionalStack, ...] = field(repr=False)
    """One per region."""
    today: date
    """The day that runtimes are judged by."""
    known_rules: frozenset[str] = frozenset()
    """IDs that a suppression may name."""
    concurrency_limit: int | None = None
    """Concurrent executions of the account's Lambda functions, per region; None: not known."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """What refers to what, as written."""
        return references(self.template)

    @property
    def graph(self) -> Graph:
        """Which resource needs which."""
        return graph(self.template)

    @property
    def macros(self) -> tuple[str, ...]:
        """The transforms that rewrite the template inside AWS."""
        included = [name for name in ("Fn::Transform",) if name in self.template.body]
        return tuple(
            name for name in (*self.template.transforms, *included) if name not in _HARMLESS_TRANSFORMS
        )

    @property
    def is_rewritten(self) -> bool:
        """True when a macro that is not known may change any part of the template."""
        return any(name != _SERVERLESS for name in self.macros)

    def place(self, path: Path) -> str:
        """Return a path's place as source:line."""
        return f"{self.template.source}:{self.template.position(path).line}"

    def type_of(self, logical_id: str) -> str | None:
        """Return a resource's type; None if there is no such resource."""
        resource = self.template.resources.get(logical_id)
        return resource.type if resource else None

    @cached_property
    def misfits(self) -> tuple[tuple[str | None, Misfit], ...]:
        """What does not fit the provider schemas, each with its region; None: the schemas are the same."""
        return () if self.is_rewritten else tuple(self._misfits())

    def _misfits(self) -> Iterator[tuple[str | None, Misfit]]:
        types = [(stack, provider_schemas.resource_types(stack.region)) for stack in self.stacks]
        varying = self._with_properties_on_conditions()
        for resource in self.template.resources.values():
            kind = _CUSTOM if resource.type.startswith("Custom::") else resource.type
            keys = [(stack, found[kind]) for stack, found in types if kind in found]
            is_alike = len({key for _, key in keys}) == 1 and resource.logical_id not in varying
            path = ("Resources", resource.logical_id, "Properties")
            for stack, key in keys[:1] if is_alike else keys:
                is_absent = stack.holds(resource.logical_id) is False
                conditions = {} if is_absent or is_alike else stack.conditions
                for misfit in misfits(resource.properties, shape_of(key), path, conditions=conditions):
                    yield None if is_alike else stack.region, misfit

    def _with_properties_on_conditions(self) -> set[str]:
        """Return the resources in which a branch of Fn::If is AWS::NoValue."""
        return {
            reference.source
            for reference in self.references
            if reference.target == "AWS::NoValue" and "Fn::If" in reference.path
        }
