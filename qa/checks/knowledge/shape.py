"""A provider schema compiled to what the checks ask of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from qa import schemas


@dataclass(slots=True, eq=False)
class Shape:
    """What a value may look like; a fresh one takes everything."""

    types: frozenset[str] = frozenset()
    """JSON types; empty: any."""
    properties: dict[str, Shape] = field(default_factory=dict, repr=False)
    patterns: tuple[tuple[re.Pattern[str], Shape], ...] = field(default=(), repr=False)
    is_closed: bool = False
    """No properties but these."""
    others: Shape | None = field(default=None, repr=False)
    """Shape of the properties that are not named."""
    required: tuple[str, ...] = ()
    alternatives: tuple[tuple[tuple[str, ...], ...], ...] = ()
    """Groups (anyOf, oneOf) of sets of properties: of each group one whole set is required."""
    items: Shape | None = field(default=None, repr=False)
    choices: tuple[Any, ...] = ()
    ignores_case: bool = False
    also: tuple[Shape, ...] = field(default=(), repr=False)
    """Shapes (allOf) that hold as well."""
    by_type: tuple[Shape, ...] = field(default=(), repr=False)
    """Branches (anyOf, oneOf) of types of their own: that of the value's type holds as well."""


@cache
def shape_of(key: str) -> Shape:
    """Return the shape of a resource type's properties; `key` is of schemas.resource_types."""
    return _Compiler(schemas.schema(key)).compiled(schemas.schema(key))


class _Compiler:
    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self.known: dict[str, Shape] = {}

    def compiled(self, raw: Any) -> Shape:
        shape = Shape()
        if isinstance(raw, dict):
            reference = raw.get("$ref")
            if isinstance(reference, str):
                return self._referred(reference)
            self._fill(shape, raw)
        return shape

    def _referred(self, reference: str) -> Shape:
        """Return the shape at a pointer such as #/definitions/Tag; it may refer to itself."""
        if reference not in self.known:
            shape = self.known[reference] = Shape()
            raw: Any = self.root
            for step in reference.removeprefix("#/").split("/"):
                raw = raw.get(step, {}) if isinstance(raw, dict) else {}
            if isinstance(raw, dict) and isinstance(raw.get("$ref"), str):
                shape.also = (self._referred(raw["$ref"]),)
            elif isinstance(raw, dict):
                self._fill(shape, raw)
        return self.known[reference]

    def _fill(self, shape: Shape, raw: dict[str, Any]) -> None:
        kind = raw.get("type", ())
        shape.types = frozenset([kind] if isinstance(kind, str) else kind)
        shape.properties = {name: self.compiled(part) for name, part in raw.get("properties", {}).items()}
        shape.patterns = tuple(
            (compiled, self.compiled(part))
            for pattern, part in raw.get("patternProperties", {}).items()
            if (compiled := _pattern(pattern)) is not None
        )
        others = raw.get("additionalProperties")
        readable = len(shape.patterns) == len(raw.get("patternProperties", {}))
        shape.is_closed = others is False and readable
        shape.others = self.compiled(others) if isinstance(others, dict) else None
        shape.required = tuple(raw.get("required", ()))
        self._fill_branches(shape, raw)
        shape.items = self.compiled(raw["items"]) if isinstance(raw.get("items"), dict) else None
        shape.choices = tuple(raw.get("enum", raw.get("enumCaseInsensitive", ())))
        shape.ignores_case = "enum" not in raw
        shape.also = tuple(self.compiled(part) for part in raw.get("allOf", ()))

    def _fill_branches(self, shape: Shape, raw: dict[str, Any]) -> None:
        """Take from anyOf and oneOf what is certain.

        That is what every branch says (types, and that something is required), and all that a branch says
        which alone takes values of a type.
        """
        for key in ("anyOf", "oneOf"):
            branches = [self.compiled(branch) for branch in raw.get(key, ())]
            if branches and all(branch.required for branch in branches):
                shape.alternatives += (tuple(branch.required for branch in branches),)
            if _have_types_of_their_own(branches):
                shape.by_type += tuple(branches)
            if not shape.types and all(branch.types for branch in branches):
                shape.types = frozenset[str]().union(*(branch.types for branch in branches))


def _have_types_of_their_own(branches: list[Shape]) -> bool:
    types = [name for branch in branches for name in branch.types]
    scalars = [name for name in types if name not in {"array", "object"}]  # these turn into one another
    is_certain = all(branch.types for branch in branches) and len(scalars) <= 1
    return is_certain and len(set(types)) == len(types)


def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:  # a dialect of another language
        return None
