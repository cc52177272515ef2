"""What every rule is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qa import schemas
from qa.checks.knowledge.conformance import Misfit, misfits
from qa.checks.knowledge.shape import shape_of
from qa.template import Graph, Reference, graph, references
from qa.template.serverless import SERVERLESS
from qa.template.shape import LANGUAGE_EXTENSIONS, LOOP_SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qa.template import Path, Template
    from qa.template.expansion import Expansion

    from .regional import RegionalStack

_CUSTOM = "AWS::CloudFormation::CustomResource"
_INCLUDE = "AWS::Include"


@dataclass(frozen=True, kw_only=True, eq=False)
class Context:
    """A template, its loops written out, and as the stack of each region checked."""

    template: Template
    """Alike in all these regions."""
    stacks: tuple[RegionalStack, ...] = field(repr=False)
    """One per region."""
    today: date
    """The day that runtimes are judged by."""
    known_rules: frozenset[str] = frozenset()
    """IDs that a suppression may name."""
    concurrency_limit: int | None = None
    """Concurrent executions of the account's Lambda functions, per region; None: not known."""

    @property
    def expansion(self) -> Expansion:
        """What came of the template's loops; alike in all these regions."""
        return self.stacks[0].expansion

    @property
    def references(self) -> tuple[Reference, ...]:
        """What refers to what, whatever the conditions say."""
        return references(self.template)

    @property
    def graph(self) -> Graph:
        """Which resource needs which."""
        return graph(self.template)

    @cached_property
    def macros(self) -> tuple[str, ...]:
        """The transforms that rewrite the template inside AWS, each once."""
        named = (name for name in self.template.transforms if name != LANGUAGE_EXTENSIONS)
        included = (name for path, name in self.expansion.macros if _changes_more(path, name))
        return tuple(dict.fromkeys((*named, *included)))

    @property
    def is_rewritten(self) -> bool:
        """True when a macro that is not known may change any part of the template."""
        return any(name != SERVERLESS for name in self.macros)

    def may_have(self, section: str, name: str) -> bool:
        """Say whether a loop or a macro that is not known may make an entry of this name."""
        return self.expansion.may_have(section, name)

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
        types = [(stack, schemas.resource_types(stack.region)) for stack in self.stacks]
        varying = self._with_properties_on_conditions()
        for resource in self.template.resources.values():
            if resource.logical_id in self.never_made:
                continue
            kind = _CUSTOM if resource.type.startswith("Custom::") else resource.type
            keys = [(stack, found[kind]) for stack, found in types if kind in found]
            is_alike = len({key for _, key in keys}) == 1 and resource.logical_id not in varying
            path = ("Resources", resource.logical_id, "Properties")
            for stack, key in keys[:1] if is_alike else keys:
                is_absent = stack.holds(resource.logical_id) is False
                conditions = {} if is_absent or is_alike else stack.conditions
                for misfit in misfits(resource.properties, shape_of(key), path, conditions=conditions):
                    yield None if is_alike else stack.region, misfit

    @cached_property
    def never_made(self) -> frozenset[str]:
        """The resources that no stack has whatever its parameters: their conditions look at none."""
        return frozenset(
            resource.logical_id
            for resource in self.template.resources.values()
            if resource.condition
            and all(stack.holds(resource.logical_id) is False for stack in self.stacks)
            and not self._hangs_on_parameter(resource.condition, frozenset())
        )

    def _hangs_on_parameter(self, condition: str, seen: frozenset[str]) -> bool:
        targets = {
            one.target for one in self.references if (one.section, one.source) == ("Conditions", condition)
        }
        others = targets.intersection(self.template.conditions) - seen
        return not targets.isdisjoint(self.template.parameters) or any(
            self._hangs_on_parameter(other, seen | {condition}) for other in others
        )

    def _with_properties_on_conditions(self) -> set[str]:
        """Return the resources in which a branch of Fn::If is AWS::NoValue."""
        return {
            reference.source
            for reference in self.references
            if reference.target == "AWS::NoValue" and "Fn::If" in reference.path
        }


def _changes_more(path: Path, name: str) -> bool:
    """Say whether a macro may change what stands beside it: the template, or the entries of a section."""
    is_of_section = len(path) == 2 and path[0] in {"Mappings", *LOOP_SECTIONS}
    return len(path) == 1 or (is_of_section and name != _INCLUDE)
