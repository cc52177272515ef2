"""Resolving a value: functions applied, AWS::NoValue taken out, unknowns kept as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .pseudo import NO_VALUE
from .shape import LANGUAGE_EXTENSIONS
from .unknowns import ResourceAttribute, ResourceRef, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from .positions import Path


class ProblemError(Exception):
    """Something in a value cannot be resolved; gathers its path on the way up."""

    is_unsupported = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.reversed_path: list[str | int] = []

    @property
    def path(self) -> Path:
        """The path below the value that was resolved."""
        return tuple(reversed(self.reversed_path))


class UndeclaredError(ProblemError):
    """Something that only the transform AWS::LanguageExtensions gives is used without it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} needs the transform {LANGUAGE_EXTENSIONS}, which the template does not declare"
        )


class NotModelledError(ProblemError):
    """A function is refused by name."""

    is_unsupported = True


class BudgetError(NotModelledError):
    """The functions of the template make more than is followed."""


class Budget:
    """How much the functions of one template may make, in characters; a call counts as some.

    Functions in functions double with each level: thirty of Fn::Sub fit into a line and make a gigabyte.
    A template that is only long stays far below: what it may make grows with its text.
    """

    def __init__(self, text: str, unfolded: int = 0) -> None:
        """`unfolded` is how many characters loops made of the text."""
        self.most = _FREE_OF_CHARGE + _TIMES_TEXT * (len(text) + unfolded)
        self.left = self.most

    def spend(self, amount: int) -> None:
        """Take an amount. Raises BudgetError when there is no more."""
        self.left -= amount
        if self.left < 0:
            raise BudgetError(f"functions unfold into more than {self.most:,} characters")


_FREE_OF_CHARGE = 1_000_000
_TIMES_TEXT = 10
_CALL = 25


@dataclass(frozen=True, slots=True)
class AbsentReference:
    """A reference from something that is in the region to a resource that is not."""

    section: str
    """Resources or Outputs."""
    source: str
    """Logical ID of what refers."""
    target: str
    """Logical ID of the resource whose condition is false."""


@dataclass(slots=True)
class Resolver:
    """Resolves values of one section of one template for one stack."""

    values: Mapping[str, Any]
    """Parameters and pseudo parameters."""
    mappings: Mapping[str, Any]
    conditions: Mapping[str, bool]
    resources: Collection[str]
    """Logical IDs that may be referred to."""
    absent: Collection[str]
    """Those of them whose condition is false."""
    functions: Mapping[str, Callable[[Resolver, Any], Any]]
    section: str
    budget: Budget
    """May be shared by the resolvers of one template."""
    parameter_types: Mapping[str, str] = field(default_factory=dict)
    is_extended: bool = False
    """The template declares AWS::LanguageExtensions."""
    source: str = ""
    """Logical ID of the entry being resolved."""
    absent_references: dict[AbsentReference, None] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:
        """Return the value with its functions applied; may be NO_VALUE. Raises ProblemError."""
        if isinstance(value, dict):
            return self._map(value)
        if isinstance(value, list):
            return self._list(value)
        return value

    def part(self, holder: Any, *keys: str | int) -> Any:
        """Return what stands below a list or map, resolved; a problem's path has the keys."""
        try:
            for key in keys:
                holder = holder[key]
            return self.resolve(holder)
        except ProblemError as problem:
            problem.reversed_path.extend(reversed(keys))
            raise

    def _map(self, value: dict[str, Any]) -> Any:
        if len(value) == 1:
            ((name, argument),) = value.items()
            function = self.functions.get(name)
            if function is not None:
                try:
                    _refuse_transformed(argument)
                    self.budget.spend(_CALL)
                    return function(self, argument)
                except ProblemError as problem:
                    problem.reversed_path.append(name)
                    raise
        resolved = {}
        for key, member in value.items():
            if key[:4] == "Fn::":
                raise self._stray(key, alone=len(value) == 1)
            found = self.part(value, key) if isinstance(member, dict | list) else member
            if found is not NO_VALUE:
                resolved[key] = found
        return resolved

    def _list(self, value: list[Any]) -> list[Any]:
        resolved = []
        for index, member in enumerate(value):
            found = self.part(value, index) if isinstance(member, dict | list) else member
            if found is not NO_VALUE:
                resolved.append(found)
        return resolved

    def extension(self, what: str) -> None:
        """Go on only with AWS::LanguageExtensions. Raises UndeclaredError."""
        if not self.is_extended:
            raise UndeclaredError(what)

    def ref(self, name: str) -> Any:
        """Return what Ref gives for a parameter, pseudo parameter or resource."""
        if name in self.values:
            return self.values[name]
        self._refer(name)
        return ResourceRef(name)

    def attribute(self, logical_id: str, attribute: str | Unknown) -> ResourceAttribute:
        """Return what Fn::GetAtt gives."""
        if self.section in _WITHOUT_RESOURCES or logical_id not in self.resources:
            raise ProblemError(
                f"Template error: instance of Fn::GetAtt references undefined resource {logical_id}"
            )
        self._refer(logical_id)
        return ResourceAttribute(logical_id, attribute)

    def _refer(self, logical_id: str) -> None:
        if self.section in _WITHOUT_RESOURCES:
            raise ProblemError(
                f"Template format error: Unresolved dependencies [{logical_id}]. "
                f"Cannot reference resources in the {self.section} block of the template"
            )
        if logical_id not in self.resources:
            raise ProblemError(
                f"Template format error: Unresolved resource dependencies [{logical_id}] "
                f"in the {self.section} block of the template"
            )
        if logical_id in self.absent:
            self.absent_references[AbsentReference(self.section, self.source, logical_id)] = None

    def _stray(self, key: str, *, alone: bool) -> ProblemError:
        if key.startswith("Fn::ForEach::") and not self.is_extended:
            return UndeclaredError("Fn::ForEach")
        if alone or key == "Fn::Transform" or key.startswith("Fn::ForEach::"):
            return NotModelledError(f"no support for function {key!r}")
        return ProblemError(
            f"Template format error: {key!r} stands beside other keys; a function stands alone"
        )


_WITHOUT_RESOURCES = frozenset({"Conditions", "Rules", "Mappings"})


def _refuse_transformed(argument: Any) -> None:
    """Raise NotModelledError when a function's whole argument comes from a macro."""
    if isinstance(argument, dict) and "Fn::Transform" in argument:
        raise NotModelledError("no support for an argument that 'Fn::Transform' makes: it runs in AWS")
